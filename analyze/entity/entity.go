// Package entity says what a text names: handles, hashtags and addresses by
// their form; brands and products by lists, the house's own first; places by
// the cities of GeoNames; people by titles and given names.
//
// The method is entity-2. Lists and forms know no language, so it reads them
// all; but given names and the words around a name are those of English, and
// what no list has is left out. docs/models.md is its card.
package entity

import (
	"sync"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// Name is the method's name and version.
const Name = "entity-2"

// Most is how many things a text may name; what comes after is not looked at.
const Most = 40

// maxText bounds what is read of a text, in bytes.
const maxText = 16 << 10

// A Finder finds what texts name. It is safe for concurrent use.
type Finder struct {
	lists *lists
	own   func() *Book
}

// Default finds by the embedded lists alone; they are read at the first call.
var Default = sync.OnceValues(func() (*Finder, error) { return New(nil) })

// New makes a finder that goes by the house's own book too. own is asked for
// every text; it may be nil, and return nil.
func New(own func() *Book) (*Finder, error) {
	l, err := embedded()
	if err != nil {
		return nil, err
	}
	return &Finder{l, own}, nil
}

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
	s := scan{text: text, out: out, lists: f.lists}
	if f.own != nil {
		s.own = f.own()
	}
	s.walk()
	return s.out
}

// scan is one walk over a text.
type scan struct {
	text  string
	out   []social.Entity
	lists *lists
	own   *Book
	runes int // up to byte
	byte  int
	last  word // the word before
	any   bool // there was one
}

// add keeps the thing at some bytes; they must come in order.
func (s *scan) add(kind social.EntityKind, from, to int, name string, confidence float64) {
	s.runes += utf8.RuneCountInString(s.text[s.byte:from])
	n := utf8.RuneCountInString(s.text[from:to])
	e := social.Entity{Kind: kind, Text: s.text[from:to], Confidence: confidence, Start: s.runes, End: s.runes + n}
	if name != e.Text {
		e.Name = name
	}
	s.out = append(s.out, e)
	s.runes += n
	s.byte = to
}
