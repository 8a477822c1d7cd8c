// Package govern is the room that stands at every door: members and what lets
// them in, roles and permissions, programmes, policies and their
// acknowledgement, the gate before anybody speaks for the brand, and the
// record of what was done.
//
// It promises that secrets are kept as hashes only, that a permission which
// the table in permission.go does not name is refused, that the gate decides
// from what is true now (never from what a caller remembers), and that a
// change, deletion or reordering of a sealed line of the record is found.
//
// The record holds ids, states and settings, never what customers said: so
// that erasing a person never touches it.
package govern
