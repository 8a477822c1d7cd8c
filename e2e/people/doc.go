// Package people tells stories about persons in a browser.
package people
