// Package entity says what a text names: handles, hashtags and addresses by
// their form, brands and products by the house's own lists.
//
// The method is entity-1. Lists of names and forms know no language, so it
// reads them all; what only a model could tell (a person whom no list has) it
// leaves out. docs/models.md is its card.
package entity

import (
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// Name is the method's name and version.
const Name = "entity-1"

// Most is how many things a text may name; what comes after is not looked at.
const Most = 40

// maxText bounds what is read of a text, in bytes.
const maxText = 16 << 10

// A Finder finds what texts name. It is safe for concurrent use.
type Finder struct{}

// Name is the method's name and version.
func (f *Finder) Name() string { return Name }

// Read adds to out what the text names, in its order; never nil.
func (f *Finder) Read(text string, out []social.Entity) []social.Entity {
	if out == nil {
		out = []social.Entity{}
	}
	if len(text) > maxText {
		text = text[:maxText]
	}
	s := scan{text: text, out: out}
	s.forms()
	return s.out
}

// scan is one walk over a text.
type scan struct {
	text  string
	out   []social.Entity
	runes int // up to byte
	byte  int
}

// add keeps the thing at some bytes; they must come in order.
func (s *scan) add(kind social.EntityKind, from, to int, confidence float64) {
	s.runes += utf8.RuneCountInString(s.text[s.byte:from])
	n := utf8.RuneCountInString(s.text[from:to])
	s.out = append(s.out, social.Entity{Kind: kind, Text: s.text[from:to], Confidence: confidence, Start: s.runes, End: s.runes + n})
	s.runes += n
	s.byte = to
}
