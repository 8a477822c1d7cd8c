package query

import (
	"strconv"
	"strings"
)

// A Node is a part of a query: *Words, *Field, *Near, *Not, *And or *Or.
type Node interface {
	// column is where the part begins in the query, from 1.
	column() int
	// write appends the canonical form; binds is how tightly the place binds.
	write(b *strings.Builder, binds int)
}

// Words is a word, or a phrase when there are several: they stand one after
// another.
type Words struct {
	At    int
	Terms []Term
}

// A Term is one word as it is compared.
type Term struct {
	Text   string // folded
	Prefix bool   // words that begin so
	Sigil  byte   // '#' or '@' when only that will do, else 0
	Emoji  bool   // a picture, not a word
	Forms  bool   // its other forms too, such as leaks and leaking

	hash uint64
	solo bool // a sign of a script without spaces
	bare bool // a Korean word, found with particles too

	lens       lens // of a word with forms
	stem, lead string
	stemHash   uint64
}

// Name says what a field is about.
type Name string

// The fields.
const (
	Lang    Name = "lang"
	From    Name = "from"
	Channel Name = "channel"
	Place   Name = "place"
)

// Field is a condition on something other than the text. The value is folded.
type Field struct {
	At    int
	Name  Name
	Value string
}

// Near wants one of A and one of B with at most N words between, in either
// order. A and B are *Words or an *Or of *Words.
type Near struct {
	At   int
	N    int
	A, B Node
}

// Not turns a part round.
type Not struct {
	At int
	Of Node
}

// And wants every part.
type And struct{ Of []Node }

// Or wants at least one part.
type Or struct{ Of []Node }

func (n *Words) column() int { return n.At }
func (n *Field) column() int { return n.At }
func (n *Near) column() int  { return n.A.column() }
func (n *Not) column() int   { return n.At }
func (n *And) column() int   { return n.Of[0].column() }
func (n *Or) column() int    { return n.Of[0].column() }

// How tightly things bind.
const (
	bindOr = iota
	bindAnd
	bindNot
	bindNear
)

func (n *Words) write(b *strings.Builder, _ int) {
	if len(n.Terms) == 1 {
		n.Terms[0].write(b)
		return
	}
	for i := range n.Terms {
		if t := &n.Terms[i]; !t.solo || t.Prefix || t.Sigil != 0 {
			n.quote(b)
			return
		}
	}
	for i := range n.Terms {
		n.Terms[i].write(b)
	}
}

func (n *Words) quote(b *strings.Builder) {
	b.WriteByte('"')
	for i := range n.Terms {
		if i > 0 {
			b.WriteByte(' ')
		}
		n.Terms[i].write(b)
	}
	b.WriteByte('"')
}

func (t *Term) write(b *strings.Builder) {
	if t.Sigil != 0 {
		b.WriteByte(t.Sigil)
	}
	if t.Forms {
		b.WriteByte('~')
	}
	b.WriteString(t.Text)
	if t.Prefix {
		b.WriteByte('*')
	}
}

func (n *Field) write(b *strings.Builder, _ int) {
	b.WriteString(string(n.Name))
	b.WriteByte(':')
	if plainValue(n.Value) {
		b.WriteString(n.Value)
		return
	}
	b.WriteByte('"')
	b.WriteString(n.Value)
	b.WriteByte('"')
}

// plainValue tells whether a field's value needs no quotes.
func plainValue(v string) bool {
	for i := range len(v) {
		c := v[i]
		if ascii[c&0x7f] == 0 && !(i > 0 && strings.IndexByte("._-@:/", c) >= 0) || c >= 0x80 {
			return false
		}
	}
	return true
}

func (n *Near) write(b *strings.Builder, _ int) {
	n.A.write(b, bindNear)
	b.WriteString(" NEAR/")
	b.WriteString(strconv.Itoa(n.N))
	b.WriteByte(' ')
	n.B.write(b, bindNear)
}

func (n *Not) write(b *strings.Builder, _ int) {
	b.WriteString("NOT ")
	n.Of.write(b, bindNot)
}

func (n *And) write(b *strings.Builder, binds int) { list(b, n.Of, " ", bindAnd, binds) }
func (n *Or) write(b *strings.Builder, binds int)  { list(b, n.Of, " OR ", bindOr, binds) }

func list(b *strings.Builder, of []Node, between string, own, binds int) {
	if binds > own {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	for i, n := range of {
		if i > 0 {
			b.WriteString(between)
		}
		n.write(b, own)
	}
}
