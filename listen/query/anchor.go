package query

import (
	"strings"
	"unicode/utf8"
)

type anchorKind uint8

const (
	anchorWord anchorKind = iota
	anchorPrefix
	anchorAuthor
	anchorChannel
	anchorLang
	anchorPlace
	anchorForms
)

// maxPrefix is as much of a prefix as a Set looks it up by, in bytes.
const maxPrefix = 63

// An anchor is something without which a query, or one branch of it, cannot
// match: what a Set finds the query by. A query matches only posts that have
// one of its anchors with all that the anchor needs.
type anchor struct {
	kind   anchorKind
	lens   lens   // of a word with forms
	length int    // of a prefix, in bytes
	hash   uint64 // of words and prefixes
	name   string // of the other kinds
	needs  sig    // words that the branch cannot do without
}

// anchors chooses the anchors of a query: in an AND those of the rarest part,
// in an OR those of every part. The number says how often they will be met.
// It returns nil for what only excludes.
func (s *Set) anchors(n *node) ([]anchor, int) {
	switch n.op {
	case opAnd:
		return s.rarest(n)
	case opOr:
		var all []anchor
		sum := 0
		for _, k := range n.of {
			a, cost := s.anchors(k)
			if a == nil {
				return nil, 0
			}
			all, sum = append(all, a...), sum+cost
		}
		return all, sum
	}
	if n.neg {
		return nil, 0
	}
	switch n.op {
	case opField:
		return s.fieldAnchor(n.field)
	case opNear:
		a, costA := s.sideAnchors(n.sides[0])
		b, costB := s.sideAnchors(n.sides[1])
		if costB < costA {
			a, b, costA = b, a, costB
		}
		if len(b) == 1 {
			for i := range a {
				a[i].needs.join(b[0].needs)
			}
		}
		return a, costA
	}
	return s.wordsAnchor(n.terms)
}

// rarest chooses the part of an AND that is met least.
func (s *Set) rarest(n *node) ([]anchor, int) {
	var best []anchor
	least := 0
	var needs sig
	for _, k := range n.of {
		needs.join(k.needs())
		if a, cost := s.anchors(k); a != nil && (best == nil || cost < least) {
			best, least = a, cost
		}
	}
	for i := range best {
		best[i].needs.join(needs)
	}
	return best, least
}

// needs is the words that n cannot do without, whatever branch it takes.
func (n *node) needs() (out sig) {
	if n.neg {
		return out
	}
	switch n.op {
	case opWords:
		return needed(n.terms)
	case opNear:
		for _, side := range n.sides {
			if len(side) == 1 {
				out.join(needed(side[0].Terms))
			}
		}
	case opAnd:
		for _, k := range n.of {
			out.join(k.needs())
		}
	}
	return out
}

func needed(terms []Term) (out sig) {
	for i := range terms {
		if !terms[i].inexact() {
			out.add(terms[i].hash)
		}
	}
	return out
}

func (s *Set) sideAnchors(side []*Words) ([]anchor, int) {
	var all []anchor
	sum := 0
	for _, w := range side {
		a, cost := s.wordsAnchor(w.Terms)
		all, sum = append(all, a...), sum+cost
	}
	return all, sum
}

// wordsAnchor chooses the rarest word of a phrase.
func (s *Set) wordsAnchor(terms []Term) ([]anchor, int) {
	var best anchor
	least := -1
	for i := range terms {
		t := &terms[i]
		a := anchor{kind: anchorWord, hash: t.hash}
		var size int
		if t.Prefix {
			p := t.Text[:min(len(t.Text), maxPrefix)]
			a = anchor{kind: anchorPrefix, length: len(p), hash: hashOf(p)}
			size = s.prefixes.size(a.hash)
		} else if t.lens != noLens {
			a = anchor{kind: anchorForms, lens: t.lens, hash: t.stemHash}
			size = s.forms[t.lens].size(a.hash)
		} else {
			size = s.words.size(a.hash)
		}
		if cost := usual(t) + size/8; least < 0 || cost < least {
			best, least = a, cost
		}
	}
	best.needs = needed(terms)
	return []anchor{best}, least
}

func (s *Set) fieldAnchor(f Field) ([]anchor, int) {
	switch f.Name {
	case From:
		return []anchor{{kind: anchorAuthor, name: f.Value}}, 1
	case Channel:
		return []anchor{{kind: anchorChannel, name: f.Value}}, 2_000
	case Place:
		return []anchor{{kind: anchorPlace, name: f.Value}}, 1_500 // finding the place of a post takes time
	}
	return []anchor{{kind: anchorLang, name: primary(f.Value)}}, 5_000
}

// primary returns a language tag without what follows the language.
func primary(tag string) string {
	p, _, _ := strings.Cut(tag, "-")
	return p
}

// usual guesses how often a word is met, in posts of ten thousand.
func usual(t *Term) int {
	n := utf8.RuneCountInString(t.Text)
	if t.lens != noLens { // its forms are met more often, and take time to find
		return 40 + 3*usual(&Term{Text: t.Text})
	}
	if t.Prefix {
		return [...]int{0, 5_000, 2_000, 500, 200, 100, 60, 40}[min(n, 7)]
	}
	if common[t.Text] {
		return 1_000
	}
	if t.solo {
		return 100
	}
	return [...]int{0, 300, 100, 60, 30, 20, 15, 10}[min(n, 7)]
}

// common are words that stand in a good part of all posts. A word that is
// missing here costs time, never a match.
var common = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`
		a about after all also am an and any are as at back be because been before being but by can cant could
		day did do does don down even ever for from get go going good got great had has have he her here him his how
		i if im in is it its just know last like ll look love m make me more much my need never new no not now
		of off oh ok on one only or our out over people re really right s said see she so some still such
		t take than that the their them then there these they thing think this time to today too u up us
		very via want was way we well were what when where which while who why will with work would yeah year you your
		com co https bit ly rt
		der die das und ist ich nicht ein eine zu den mit auf es fur von dem sich auch
		le la les de des et est un une que qui pas pour dans en ce je il on
		el los las y es no se por con para lo una del al
		o os um uma nao e do da em com eu ele isso
		di il che non per sono ma mi
		het een van ik je niet op te dat
		ve bir bu da
		и в не на я что с а то как это по`) {
		m[w] = true
	}
	return m
}()
