// Package social is the vocabulary of Parley: the nouns, ids, states, facts
// and kinds of error that every room uses. It holds only what is true of a
// noun by itself. It does no input or output and imports nothing but the
// standard library.
//
// docs/WORDS.md is the glossary for people; this package is the same in Go.
package social
