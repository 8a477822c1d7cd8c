package query

import (
	"cmp"
	"slices"
	"sync"
)

// A Set is any number of queries that are matched together. A post is compared
// only with those queries of which it has a word (or a handle, a channel, a
// language) that they cannot do without.
//
// Queries come and go while others match: each Match sees the Set as it was at
// some moment. A post costs time in proportion to its length and to the
// queries that share its words, not to the size of the Set.
type Set struct {
	mu   sync.RWMutex
	byID map[string]*entry
	last uint64 // the newest entry's turn

	words    index[uint64]
	prefixes index[uint64]
	lengths  uint64 // bit n: some prefix has n bytes
	authors  index[string]
	channels index[string]
	langs    index[string] // by the language without region
	places   index[string]
	forms    [mostLenses]index[uint64]
	bare     int // how many queries have a Korean word

	pool sync.Pool // *[]*entry
}

// entry is a query in a Set.
type entry struct {
	id      string
	turn    uint64
	query   *Query
	anchors []anchor
}

// posting says that a query needs this word, and more words besides.
type posting struct {
	needs sig
	*entry
}

// index finds the queries by what they need.
type index[K comparable] map[K]*[]posting

func (x index[K]) add(k K, p posting) {
	list := x[k]
	if list == nil {
		list = new([]posting)
		x[k] = list
	}
	*list = append(*list, p)
}

func (x index[K]) remove(k K, e *entry) {
	list := x[k]
	if list == nil {
		return
	}
	*list = slices.DeleteFunc(*list, func(p posting) bool { return p.entry == e })
	if len(*list) == 0 {
		delete(x, k)
	}
}

func (x index[K]) size(k K) int {
	if list := x[k]; list != nil {
		return len(*list)
	}
	return 0
}

// NewSet returns an empty Set.
func NewSet() *Set {
	s := &Set{
		byID: map[string]*entry{}, words: index[uint64]{}, prefixes: index[uint64]{},
		authors: index[string]{}, channels: index[string]{}, langs: index[string]{}, places: index[string]{},
		pool: sync.Pool{New: func() any { return new([]*entry) }},
	}
	for i := range s.forms {
		s.forms[i] = index[uint64]{}
	}
	return s
}

// Add puts a query in under an id. A query that has the id already is
// replaced, and the new one takes its place in the order.
func (s *Set) Add(id string, q *Query) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := &entry{id: id, query: q}
	if old := s.byID[id]; old != nil {
		e.turn = old.turn
		s.drop(old)
	} else {
		s.last++
		e.turn = s.last
	}
	s.byID[id] = e
	e.anchors, _ = s.anchors(q.plan)
	if q.korean {
		s.bare++
	}
	for _, a := range e.anchors {
		p := posting{a.needs, e}
		switch a.kind {
		case anchorWord:
			s.words.add(a.hash, p)
		case anchorPrefix:
			s.prefixes.add(a.hash, p)
			s.lengths |= 1 << a.length
		case anchorAuthor:
			s.authors.add(a.name, p)
		case anchorChannel:
			s.channels.add(a.name, p)
		case anchorLang:
			s.langs.add(a.name, p)
		case anchorPlace:
			s.places.add(a.name, p)
		case anchorForms:
			s.forms[a.lens].add(a.hash, p)
		}
	}
}

// Remove takes a query out, and tells whether it was there.
func (s *Set) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.byID[id]
	if e == nil {
		return false
	}
	delete(s.byID, id)
	s.drop(e)
	return true
}

func (s *Set) drop(e *entry) {
	if e.query.korean {
		s.bare--
	}
	for _, a := range e.anchors {
		switch a.kind {
		case anchorWord:
			s.words.remove(a.hash, e)
		case anchorPrefix:
			s.prefixes.remove(a.hash, e)
		case anchorAuthor:
			s.authors.remove(a.name, e)
		case anchorChannel:
			s.channels.remove(a.name, e)
		case anchorLang:
			s.langs.remove(a.name, e)
		case anchorPlace:
			s.places.remove(a.name, e)
		case anchorForms:
			s.forms[a.lens].remove(a.hash, e)
		}
	}
	if len(s.prefixes) == 0 {
		s.lengths = 0
	}
}

// Len returns how many queries there are.
func (s *Set) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.byID)
}

// Query returns the query with this id, if there is one.
func (s *Set) Query(id string) (*Query, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if e := s.byID[id]; e != nil {
		return e.query, true
	}
	return nil, false
}

// Match returns the ids of the queries that match a post, in the order in
// which they were added; nil when there are none.
func (s *Set) Match(d *Doc) []string { return s.AppendMatch(nil, d) }

// AppendMatch appends what Match returns.
func (s *Set) AppendMatch(dst []string, d *Doc) []string {
	found := s.pool.Get().(*[]*entry)
	hits := (*found)[:0]
	s.mu.RLock()
	hits = s.candidates(hits, d)
	s.mu.RUnlock()
	if len(hits) > 1 {
		slices.SortFunc(hits, func(a, b *entry) int { return cmp.Compare(a.turn, b.turn) })
		hits = slices.Compact(hits)
	}
	for _, e := range hits {
		dst = append(dst, e.id)
	}
	clear(hits)
	*found = hits
	s.pool.Put(found)
	return dst
}

// candidates appends the queries that match, some perhaps twice.
func (s *Set) candidates(hits []*entry, d *Doc) []*entry {
	for i := range d.toks {
		t := &d.toks[i]
		if t.again {
			continue
		}
		if list := s.words[t.hash]; list != nil {
			hits = try(hits, d, *list)
		}
		if s.lengths != 0 && !t.emoji {
			hits = s.begun(hits, d, t)
		}
		if s.bare > 0 && !t.emoji {
			d.stripped(t, func(hash uint64) {
				if list := s.words[hash]; list != nil {
					hits = try(hits, d, *list)
				}
			})
		}
	}
	for l := range s.forms {
		// Only the English lens serves queries that name no language.
		if len(s.forms[l]) > 0 && (lens(l) == inEnglish || lensOf(d.lang) == lens(l)) {
			hits = s.formed(hits, d, lens(l))
		}
	}
	if len(s.authors) > 0 && d.author != "" {
		if list := s.authors[d.author]; list != nil {
			hits = try(hits, d, *list)
		}
	}
	if len(s.channels) > 0 {
		for _, c := range d.channels {
			if list := s.channels[c]; list != nil {
				hits = try(hits, d, *list)
			}
		}
	}
	if len(s.langs) > 0 {
		if list := s.langs[primary(d.lang)]; list != nil {
			hits = try(hits, d, *list)
		}
	}
	if len(s.places) > 0 {
		for _, p := range d.places() {
			if list := s.places[p]; list != nil {
				hits = try(hits, d, *list)
			}
		}
	}
	return hits
}

// formed tries the queries that need a form of some word.
func (s *Set) formed(hits []*entry, d *Doc, l lens) []*entry {
	f := d.through(l)
	for i := range d.toks {
		if t := &d.toks[i]; t.again || t.emoji {
			continue
		}
		if list := s.forms[l][f.hash[i]]; list != nil {
			hits = try(hits, d, *list)
		}
	}
	return hits
}

// begun tries the queries that need a word with the beginning of this one.
func (s *Set) begun(hits []*entry, d *Doc, t *token) []*entry {
	h := seed
	for n, c := range d.buf[t.from:t.to] {
		if n == maxPrefix {
			break
		}
		h = (h ^ uint64(c)) * prime
		if s.lengths>>(n+1)&1 == 0 {
			continue
		}
		if list := s.prefixes[h]; list != nil {
			hits = try(hits, d, *list)
		}
	}
	return hits
}

// try appends the queries of a list that match.
func try(hits []*entry, d *Doc, list []posting) []*entry {
	for i := range list {
		p := &list[i]
		if p.needs.within(&d.sig) && p.query.plan.match(d) {
			hits = append(hits, p.entry)
		}
	}
	return hits
}
