// Package channels holds the tests that run the conformance suite of the
// channels against the real servers, behind the tag networks.
package channels
