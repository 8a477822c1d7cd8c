// Package alerts tells in the browser how a crisis is noticed: an alert within
// a minute, explained, looked after, followed to the posts, and learnt from.
package alerts
