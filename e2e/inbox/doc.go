// Package inbox tells in a real browser how the inbox is worked: tags, views,
// teams, macros and many conversations at once, by keyboard and on a phone.
package inbox
