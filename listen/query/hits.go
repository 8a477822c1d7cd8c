package query

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// A Span is a piece of a text, in bytes, End excluded.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Hits returns the pieces of the post's text that make it match, in order and
// without overlap; none when it does not match, and none for what matches by
// its fields alone.
func (q *Query) Hits(d *Doc) []Span {
	if !q.plan.match(d) {
		return nil
	}
	var out []Span
	q.plan.hits(d, func(s Span) { out = append(out, s) })
	slices.SortFunc(out, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	n := 0
	for _, s := range out {
		switch {
		case n > 0 && s.Start < out[n-1].End:
			out[n-1].End = max(out[n-1].End, s.End)
		default:
			out[n] = s
			n++
		}
	}
	return out[:n]
}

// hits gives the places of whatever n, which matches, rests on.
func (n *node) hits(d *Doc, add func(Span)) {
	switch n.op {
	case opAnd:
		for _, k := range n.of {
			k.hits(d, add)
		}
	case opOr:
		for _, k := range n.of {
			if k.match(d) {
				k.hits(d, add)
			}
		}
	case opWords:
		if !n.neg {
			d.walk(n.terms, func(s span) bool {
				add(d.piece(s, n.terms[0].Sigil != 0))
				return true
			})
		}
	case opNear:
		if !n.neg {
			d.nearHits(n, add)
		}
	}
}

func (d *Doc) nearHits(n *node, add func(Span)) {
	a, b := &places{}, &places{}
	a.find(d, n.sides[0])
	b.find(d, n.sides[1])
	for _, s := range a.byStart {
		if b.close(d, s, n.n) {
			add(d.piece(s, false))
		}
	}
	for _, s := range b.byStart {
		if a.close(d, s, n.n) {
			add(d.piece(s, false))
		}
	}
}

// piece returns the bytes of some tokens, with the # or @ before them if asked.
func (d *Doc) piece(s span, sigil bool) Span {
	start := int(d.toks[s.first].start)
	if sigil {
		_, w := utf8.DecodeLastRuneInString(d.text[:start])
		start -= w
	}
	return Span{Start: start, End: int(d.toks[s.last].end)}
}

// Runes turns spans in bytes into spans in runes, for those who count so. The
// spans must be as [Query.Hits] gives them.
func Runes(text string, spans []Span) []Span {
	out := make([]Span, len(spans))
	at, n := 0, 0
	count := func(to int) int {
		n += utf8.RuneCountInString(text[at:to])
		at = to
		return n
	}
	for i, s := range spans {
		out[i] = Span{Start: count(s.Start), End: count(s.End)}
	}
	return out
}
