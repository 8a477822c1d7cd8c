// Package publish tells in a browser how a company says something by itself:
// written once, approved by another, held in a crisis, on every channel at
// its time.
package publish
