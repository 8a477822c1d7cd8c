// Package lang says in which language a text is written.
//
// The answer is a BCP 47 tag with a confidence, or "und" where there is too
// little to go by: a bare address, a handle, emoji, a word that several
// languages share. It rests on three things, in this order: a script that only
// one language uses, the fastText model lid.176 (read here, in Go, from its
// published quantised format), and a list of common English words, because that
// model knows little of English posts of a few words.
//
// Detect is a pure function of the text and safe for concurrent use. It does
// not look for several languages in one text.
package lang
