package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// word is a word of a text.
type word struct {
	from, to int
	capital  bool // begins with a capital letter
	opens    bool // the first of a sentence, or of a line
}

// walk goes over the text once, left to right.
func (s *scan) walk() {
	t := s.text
	opens := true
	for i := 0; i < len(t) && len(s.out) < Most; {
		c := t[i]
		if n, kind := form(t, i); n > 0 {
			s.add(kind, i, i+n, t[i:i+n], 0.99)
			i += n
			s.any, opens = false, false
			continue
		}
		if c < utf8.RuneSelf && !isAlnum(c) {
			switch c {
			case '.', '!', '?', '\n', ':', '"':
				opens = true
				s.any = false
			case ',', ';', '(', ')':
				s.any = false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(t[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			i += size
			continue
		}
		w := s.wordAt(i)
		w.opens = opens
		opens = false
		if n := s.name(w); n > i {
			i = n
			s.any = false
			continue
		}
		s.last, s.any = w, true
		i = w.to
	}
}

// form is what can be told by its form alone at a place.
func form(t string, i int) (int, social.EntityKind) {
	switch c := t[i]; {
	case c == '@' && opens(t, i):
		return handle(t[i:]), social.EntityHandle
	case c == '#' && opens(t, i):
		return hashtag(t[i:]), social.EntityHashtag
	case (c == 'h' || c == 'H' || c == 'w' || c == 'W') && opens(t, i):
		return address(t[i:]), social.EntityURL
	}
	return 0, ""
}

// wordAt is the word that begins at a byte; 's is no part of it.
func (s *scan) wordAt(i int) word {
	w := word{from: i, to: i}
	for w.to < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[w.to:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '&' && r != '\'' && r != '’' && !unicode.IsMark(r) {
			break
		}
		w.to += size
	}
	for _, end := range [...]string{"'s", "’s", "-", "'", "’", "&"} {
		if n := w.to - len(end); n > i && s.text[n:w.to] == end {
			w.to = n
			break
		}
	}
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	w.capital = unicode.IsUpper(r)
	return w
}

// next is the word after one, if only a space stands between.
func (s *scan) next(w word) (word, bool) {
	if w.to+1 >= len(s.text) || s.text[w.to] != ' ' {
		return word{}, false
	}
	r, _ := utf8.DecodeRuneInString(s.text[w.to+1:])
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return word{}, false
	}
	return s.wordAt(w.to + 1), true
}

// name adds what begins with a word, and returns where it ends.
func (s *scan) name(w word) int {
	if to := s.listed(s.own, w, 0.97); to > 0 {
		return to
	}
	if to := s.listed(s.lists.brands, w, 0.85); to > 0 {
		return to
	}
	if !w.capital {
		return 0
	}
	if to := s.person(w); to > 0 {
		return to
	}
	return s.place(w)
}

// fold is the lower case of a part of the text, without accents that matter.
func (s *scan) fold(from, to int) string { return strings.ToLower(s.text[from:to]) }

// listed finds the longest name of a book that begins with a word.
func (s *scan) listed(b *Book, w word, confidence float64) int {
	if b == nil {
		return 0
	}
	first := s.fold(w.from, w.to)
	for _, n := range b.names[first] {
		to, capital := w.to, w.capital
		at, fits := w, true
		for _, want := range n.rest {
			next, ok := s.next(at)
			if !ok || s.fold(next.from, next.to) != want {
				fits = false
				break
			}
			at, to = next, next.to
			capital = capital || next.capital
		}
		if !fits || n.capital && (!capital || w.opens && len(n.rest) == 0) {
			continue
		}
		s.add(n.kind, w.from, to, n.name, confidence)
		return to
	}
	return 0
}

// person finds somebody by a title or a given name.
func (s *scan) person(w word) int {
	first := s.text[w.from:w.to]
	next, has := s.next(w)
	if titles[first] {
		at := w
		if strings.HasPrefix(s.text[w.to:], ". ") { // Mr. Smith
			at.to++
			next, has = s.next(at)
		}
		if has && next.capital {
			to := s.surname(next)
			s.add(social.EntityPerson, next.from, to, s.text[next.from:to], 0.9)
			return to
		}
		return 0
	}
	if !s.lists.given[strings.ToLower(first)] || len(first) < 3 || strings.ToUpper(first) == first {
		return 0
	}
	if has && next.capital && !s.lists.given[s.fold(next.from, next.to)] && s.text[next.from:next.to] != "I" {
		s.add(social.EntityPerson, w.from, next.to, s.text[w.from:next.to], 0.85)
		return next.to
	}
	if !has || !next.capital {
		confidence := 0.7
		if s.lists.places[strings.ToLower(first)] != nil {
			if s.preceded(places) {
				return 0 // in Florence
			}
			confidence = 0.6
		}
		s.add(social.EntityPerson, w.from, w.to, first, confidence)
		return w.to
	}
	return 0
}

// surname is where a name of one or two words ends.
func (s *scan) surname(w word) int {
	if next, ok := s.next(w); ok && next.capital && s.text[next.from:next.to] != "I" {
		return next.to
	}
	return w.to
}

// preceded says whether the word before is one of some.
func (s *scan) preceded(by map[string]bool) bool {
	return s.any && by[s.fold(s.last.from, s.last.to)]
}

// placeWords is the longest name of a city, in words.
const placeWords = 4

// place finds a city or country: surely after a word such as in, else only
// where a capital is no mark of a sentence's beginning.
func (s *scan) place(w word) int {
	var best *city
	to, n := 0, 0
	at := w
	for k := range placeWords {
		if k > 0 {
			next, ok := s.next(at)
			if !ok {
				break
			}
			at = next
		}
		if c := s.lists.places[s.fold(w.from, at.to)]; c != nil && (at.capital || k > 0 && k < placeWords-1) && at.capital {
			best, to, n = c, at.to, k+1
		}
	}
	if best == nil {
		return 0
	}
	if !s.preceded(places) {
		if next, ok := s.next(at); n == 1 && ok && next.capital {
			return 0 // the first word of another name
		}
	}
	confidence := 0.0
	switch {
	case n > 1:
		confidence = 0.9
	case s.preceded(places):
		confidence = 0.92
		if best.common {
			confidence = 0.75
		}
	case best.common:
	case best.people >= 300_000:
		confidence = 0.85
		if w.opens {
			confidence = 0.75
		}
	case !w.opens && best.people >= 60_000:
		confidence = 0.65
	}
	if confidence == 0 || s.text[w.from:w.to] == strings.ToUpper(s.text[w.from:w.to]) && n == 1 && confidence < 0.9 {
		return 0 // capitals throughout say nothing
	}
	s.add(social.EntityPlace, w.from, to, best.name, confidence)
	return to
}

var places = map[string]bool{"in": true, "at": true, "from": true, "to": true, "near": true, "around": true, "outside": true, "leaving": true,
	"visiting": true, "towards": true, "across": true, "between": true, "central": true, "downtown": true, "north": true, "south": true, "east": true, "west": true}

var titles = map[string]bool{"Mr": true, "Mrs": true, "Ms": true, "Miss": true, "Dr": true, "Prof": true, "Sir": true, "Herr": true, "Frau": true, "Monsieur": true, "Madame": true}
