package query

import (
	"cmp"
	"slices"
	"unicode"
)

// A Filter is what a post must have for a query to match it, said so simply
// that a database can ask for it. It lets every match through and some others
// too; [Query.Match] decides.
type Filter struct {
	// Words must all hold: each is a list of terms of which the text has at
	// least one. Nil when the query says nothing of the kind.
	//
	// The terms are folded, and right for an index of [IndexText], not of the
	// text itself. They hold letters, digits and underscores only.
	Words [][]FilterTerm

	// When not nil, the post has one of these: a language (or a tag that goes
	// on after it with -), a channel's kind or name, a handle. All are folded.
	Langs, Channels, Authors []string
}

// FilterTerm is a word, or the beginning of one.
type FilterTerm struct {
	Text   string
	Prefix bool
}

// Empty tells whether the filter lets everything through.
func (f Filter) Empty() bool {
	return f.Words == nil && f.Langs == nil && f.Channels == nil && f.Authors == nil
}

// The most that is asked of a full-text index.
const (
	maxClauses = 24
	maxTerms   = 100 // in one clause
)

// Prefilter returns what a full-text index can choose posts by.
func Prefilter(q *Query) Filter {
	f := Filter{
		Words:    clauses(q.plan),
		Langs:    fields(q.plan, Lang),
		Channels: fields(q.plan, Channel),
		Authors:  fields(q.plan, From),
	}
	// The narrowest first, and no more than an index can bear.
	slices.SortStableFunc(f.Words, func(a, b []FilterTerm) int { return cmp.Compare(breadth(a), breadth(b)) })
	f.Words = slices.CompactFunc(f.Words, slices.Equal)
	if len(f.Words) > maxClauses {
		f.Words = f.Words[:maxClauses]
	}
	return f
}

func breadth(c []FilterTerm) (sum int) {
	for _, t := range c {
		sum += usual(&Term{Text: t.Text, Prefix: t.Prefix, solo: isSolo(t.Text)})
	}
	return sum
}

// clauses returns lists of which each has a term in every match of n.
func clauses(n *node) [][]FilterTerm {
	if n.neg {
		return nil
	}
	var out [][]FilterTerm
	switch n.op {
	case opWords:
		return termClauses(n.terms)
	case opNear:
		for _, side := range n.sides {
			each := make([][][]FilterTerm, len(side))
			for i, w := range side {
				each[i] = termClauses(w.Terms)
			}
			if c := either(each); c != nil {
				out = append(out, c)
			}
		}
	case opAnd:
		for _, k := range n.of {
			out = append(out, clauses(k)...)
		}
	case opOr:
		each := make([][][]FilterTerm, len(n.of))
		for i, k := range n.of {
			each[i] = clauses(k)
		}
		if c := either(each); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// either joins the narrowest clause of each branch; nil when a branch has none
// or when it would grow too long.
func either(branches [][][]FilterTerm) []FilterTerm {
	var out []FilterTerm
	for _, b := range branches {
		if len(b) == 0 {
			return nil
		}
		for _, t := range slices.MinFunc(b, func(a, b []FilterTerm) int { return cmp.Compare(breadth(a), breadth(b)) }) {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
		if len(out) > maxTerms {
			return nil
		}
	}
	return out
}

func termClauses(terms []Term) [][]FilterTerm {
	var out [][]FilterTerm
	for i := range terms {
		if t := &terms[i]; !t.Emoji && indexable(t.Text) {
			word := t.Text
			if t.lens != noLens {
				word = t.lead
			}
			if indexable(word) {
				out = append(out, []FilterTerm{{string(indexWord([]byte(word))), t.inexact()}})
			}
		}
	}
	return out
}

// indexed are scripts whose letters every full-text index knows for letters.
var indexed = []*unicode.RangeTable{
	unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Georgian, unicode.Hebrew, unicode.Arabic,
	unicode.Devanagari, unicode.Bengali, unicode.Tamil, unicode.Telugu, unicode.Thai,
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
}

// indexable tells whether some rune of the word is sure to be in an index.
func indexable(w string) bool {
	for _, r := range w {
		switch {
		case r < 0x80 && ascii[r] != 0:
			return true
		case r >= 0x80 && r < 0xa000 && unicode.IsLetter(r) && unicode.In(r, indexed...),
			r >= 0xac00 && r <= 0xd7a3:
			return true
		}
	}
	return false
}

// fields returns the values of which every match of n has one, or nil.
func fields(n *node, name Name) []string {
	if n.neg {
		return nil
	}
	switch n.op {
	case opField:
		if n.field.Name == name {
			return []string{n.field.Value}
		}
	case opAnd:
		var best []string
		for _, k := range n.of {
			if v := fields(k, name); v != nil && (best == nil || len(v) < len(best)) {
				best = v
			}
		}
		return best
	case opOr:
		var all []string
		for _, k := range n.of {
			v := fields(k, name)
			if v == nil {
				return nil
			}
			for _, x := range v {
				if !slices.Contains(all, x) {
					all = append(all, x)
				}
			}
		}
		return all
	}
	return nil
}
