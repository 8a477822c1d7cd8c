package query

import (
	"cmp"
	"slices"
)

type op uint8

const (
	opWords op = iota
	opField
	opNear
	opAnd
	opOr
)

// node is a part of a query made ready for matching: NOT has moved down to the
// leaves, and the cheap parts come first.
type node struct {
	op    op
	neg   bool // of leaves
	of    []*node
	terms []Term // opWords
	field Field
	n     int
	sides [2][]*Words // opNear
	cost  int
}

// compile turns a tree (or its opposite) into nodes.
func compile(n Node, neg bool) *node {
	switch n := n.(type) {
	case *Not:
		return compile(n.Of, !neg)
	case *And:
		return compileList(n.Of, opAnd, neg)
	case *Or:
		return compileList(n.Of, opOr, neg)
	case *Field:
		return &node{op: opField, neg: neg, field: *n, cost: 1}
	case *Near:
		a, b := alternatives(nil, n.A), alternatives(nil, n.B)
		return &node{op: opNear, neg: neg, n: n.N, sides: [2][]*Words{a, b}, cost: 40 + 10*(len(a)+len(b))}
	}
	w := n.(*Words)
	out := &node{op: opWords, neg: neg, terms: w.Terms, cost: 3 + 2*len(w.Terms)}
	for i := range w.Terms {
		if w.Terms[i].inexact() {
			out.cost += 20
		}
	}
	return out
}

func compileList(of []Node, o op, neg bool) *node {
	if neg {
		o = opAnd + opOr - o
	}
	out := &node{op: o}
	for _, k := range of {
		c := compile(k, neg)
		if c.op == o {
			out.of = append(out.of, c.of...)
		} else {
			out.of = append(out.of, c)
		}
	}
	slices.SortStableFunc(out.of, func(a, b *node) int { return cmp.Compare(a.cost, b.cost) })
	for _, c := range out.of {
		out.cost += c.cost
	}
	return out
}

// alternatives lists the words and phrases of one side of NEAR.
func alternatives(out []*Words, n Node) []*Words {
	if or, ok := n.(*Or); ok {
		for _, o := range or.Of {
			out = alternatives(out, o)
		}
		return out
	}
	return append(out, n.(*Words))
}

// Match tells whether a post is what the query looks for.
func (q *Query) Match(d *Doc) bool { return q.plan.match(d) }

func (n *node) match(d *Doc) bool {
	switch n.op {
	case opAnd:
		for _, k := range n.of {
			if !k.match(d) {
				return false
			}
		}
		return true
	case opOr:
		for _, k := range n.of {
			if k.match(d) {
				return true
			}
		}
		return false
	case opField:
		return d.is(&n.field) != n.neg
	case opNear:
		return d.near(n) != n.neg
	}
	return d.has(n.terms) != n.neg
}

// is tells whether a condition on something other than the text holds.
func (d *Doc) is(f *Field) bool {
	switch f.Name {
	case Lang:
		n := len(f.Value)
		return len(d.lang) >= n && d.lang[:n] == f.Value && (len(d.lang) == n || d.lang[n] == '-')
	case From:
		return d.author == f.Value
	case Place:
		return slices.Contains(d.places(), f.Value)
	}
	return slices.Contains(d.channels, f.Value)
}

// has tells whether the word or phrase is in the text.
func (d *Doc) has(terms []Term) bool {
	if t := &terms[0]; len(terms) == 1 && t.Sigil == 0 {
		if t.Prefix {
			return d.begins(t.Text)
		}
		if t.inexact() {
			return d.anyFits(t)
		}
		return d.first(t) >= 0
	}
	return d.walk(terms, func(span) bool { return false })
}

// span is a run of tokens, last included.
type span struct{ first, last int32 }

// walk gives every place of a word or phrase in order, until visit returns
// false. It returns true when it was stopped.
func (d *Doc) walk(terms []Term, visit func(span) bool) bool {
	for i := range terms {
		if !terms[i].inexact() && d.first(&terms[i]) < 0 {
			return false
		}
	}
	t := &terms[0]
	if t.inexact() {
		for i := range d.toks {
			if last := d.phrase(int32(i), terms); last >= 0 && !visit(span{int32(i), last}) {
				return true
			}
		}
		return false
	}
	for i := d.first(t); i >= 0; i = d.toks[i].next {
		if last := d.phrase(i, terms); last >= 0 && !visit(span{i, last}) {
			return true
		}
	}
	return false
}

// phrase returns the last token of the phrase that begins at token i, or -1.
// Emoji between two words are read past.
func (d *Doc) phrase(i int32, terms []Term) int32 {
	if !d.fits(i, &terms[0]) {
		return -1
	}
	for k := 1; k < len(terms); k++ {
		i++
		for !terms[k].Emoji && int(i) < len(d.toks) && d.toks[i].emoji {
			i++
		}
		if int(i) >= len(d.toks) || !d.fits(i, &terms[k]) {
			return -1
		}
	}
	return i
}

// fits tells whether token i is this term.
func (d *Doc) fits(i int32, t *Term) bool {
	k := &d.toks[i]
	if t.Sigil != 0 && t.Sigil != k.sigil {
		return false
	}
	if t.Prefix {
		return !k.emoji && hasPrefix(d.buf[k.from:k.to], t.Text)
	}
	if t.lens != noLens {
		if k.emoji || !hasPrefix(d.buf[k.from:k.to], t.lead) {
			return false
		}
		f := d.through(t.lens)
		return f.hash[i] == t.stemHash && string(f.stem(i)) == t.stem
	}
	if t.bare && !k.emoji && withParticle(d.buf[k.from:k.to], t.Text) {
		return true
	}
	return k.hash == t.hash && string(d.buf[k.from:k.to]) == t.Text
}

// near tells whether the two sides stand close enough somewhere.
func (d *Doc) near(n *node) bool {
	b := &places{}
	if !b.find(d, n.sides[1]) {
		return false
	}
	for _, w := range n.sides[0] {
		if d.walk(w.Terms, func(s span) bool { return !b.close(d, s, n.n) }) {
			return true
		}
	}
	return false
}

// places is where one side of NEAR stands.
type places struct {
	byStart, byEnd []span
	small          [8]span
}

// find collects the places, and tells whether there are any.
func (p *places) find(d *Doc, sides []*Words) bool {
	p.byStart = p.small[:0]
	longest := 1
	for _, w := range sides {
		longest = max(longest, len(w.Terms))
		d.walk(w.Terms, func(s span) bool {
			p.byStart = append(p.byStart, s)
			return true
		})
	}
	if len(sides) > 1 {
		slices.SortFunc(p.byStart, func(a, b span) int { return cmp.Compare(a.first, b.first) })
	}
	p.byEnd = p.byStart
	if len(sides) > 1 && longest > 1 {
		p.byEnd = slices.Clone(p.byStart)
		slices.SortFunc(p.byEnd, func(a, b span) int { return cmp.Compare(a.last, b.last) })
	}
	return len(p.byStart) > 0
}

// close tells whether one of the places is at most n words before or after s,
// without overlapping it.
func (p *places) close(d *Doc, s span, n int) bool {
	i, _ := slices.BinarySearchFunc(p.byStart, s.last+1, func(o span, at int32) int { return cmp.Compare(o.first, at) })
	if i < len(p.byStart) && int(d.toks[p.byStart[i].first].before-d.toks[s.last].after()) <= n {
		return true
	}
	i, _ = slices.BinarySearchFunc(p.byEnd, s.first, func(o span, at int32) int { return cmp.Compare(o.last, at) })
	return i > 0 && int(d.toks[s.first].before-d.toks[p.byEnd[i-1].last].after()) <= n
}
