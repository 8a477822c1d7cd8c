// Package privacy tells stories about consents and requests in a browser.
package privacy
