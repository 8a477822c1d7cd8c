package resolve

import (
	"strings"
	"unicode"
)

// The columns that are compared.
const (
	cGiven = iota
	cFamily
	cBirth
	cStreet
	cCity
	cPostcode
	cRegion
	cCountry
	cEmail
	cPhone
	cHandle
	columns
)

var columnNames = [columns]string{"given name", "surname", "birth date", "street", "city", "postcode", "region", "country", "e-mail", "phone", "handle"}

// entry is a record made ready: for each column the number of its value in
// that column's pool, -1 where there is none.
type entry struct {
	v      [columns]int32
	number int32 // of the house, in the pool of numbers
	said   int8  // the name that only the e-mail address says, saysGiven or saysFamily
}

// pool holds the different values of a column.
type pool struct {
	ids   map[string]int32
	words []word
	count []int32 // how many entries hold each
	held  int     // how many entries hold any
}

func newPool() *pool { return &pool{ids: map[string]int32{}} }

func (p *pool) id(text string, make func(string) word) int32 {
	if text == "" {
		return -1
	}
	if id, ok := p.ids[text]; ok {
		return id
	}
	id := int32(len(p.words))
	p.ids[strings.Clone(text)] = id
	p.words = append(p.words, make(text))
	return id
}

// Set is the records of an input, made ready to be compared. Records that are
// equal in every column are kept once, so a million equal ones cost little.
type Set struct {
	entries []entry
	entryOf []int32 // record → entry
	first   []int32 // entry → its first record
	many    []int32 // entry → how many records
	pools   [columns]*pool
	numbers *pool
	stems   [columns]*pool // of accounts: their letters

	// Of two columns that depend on one another, how often pairs of values
	// come together.
	cityIn, regionIn, streetIn *joint

	known map[entry]int32
	seen  []looked // the candidates that are not hopeless, once they were compared
	// compared is how many candidates there were.
	compared int64
	alone    bool    // a pair by itself, of which only what is written counts
	truth    []int32 // who each entry is, where that is to be learnt from
}

// joint counts values of one column by those of another.
type joint struct {
	count map[[2]int32]int32
	same  float64 // pairs of entries that agree in both
	base  float64 // pairs of entries that agree in the second
}

// New returns an empty set.
func New() *Set {
	s := &Set{numbers: newPool(), known: map[entry]int32{}}
	for c := range s.pools {
		s.pools[c] = newPool()
	}
	s.stems[cEmail], s.stems[cHandle] = newPool(), newPool()
	s.pools[cFamily] = s.pools[cGiven] // swapped names are compared crosswise
	return s
}

// Add takes in a record.
func (s *Set) Add(r Record) {
	e := s.entry(&r)
	id, ok := s.known[e]
	if !ok {
		id = int32(len(s.entries))
		s.known[e] = id
		s.entries = append(s.entries, e)
		s.first = append(s.first, int32(len(s.entryOf)))
		s.many = append(s.many, 0)
	}
	s.many[id]++
	s.entryOf = append(s.entryOf, id)
}

// Len is how many records were added.
func (s *Set) Len() int { return len(s.entryOf) }

// readDates reads the dates of birth. Only when all are there can one tell
// whether the day comes before the month.
func (s *Set) readDates() {
	written := s.pools[cBirth]
	dayFirst := dayLeads(func(yield func(string) bool) {
		for i := range written.words {
			if !yield(written.words[i].text) {
				return
			}
		}
	})
	read := newPool()
	ids := make([]int32, len(written.words))
	for i := range written.words {
		ids[i] = read.id(string(readDate(written.words[i].text, dayFirst)), newWord)
	}
	s.pools[cBirth] = read
	for i := range s.entries {
		if v := s.entries[i].v[cBirth]; v >= 0 {
			s.entries[i].v[cBirth] = ids[v]
		}
	}
}

// entry makes a record ready.
func (s *Set) entry(r *Record) entry {
	var e entry
	country := foldCountry(r.Country)
	number, street := foldStreet(r.Street)
	phone := foldPhone(r.Phone, country)
	if n := len(phone); n > 9 {
		phone = phone[n-9:] // with or without the code of the country
	}
	name := func(text string) word {
		w := newWord(text)
		w.sound = sound(text)
		return w
	}
	email := foldEmail(r.Email)
	given, family := foldName(r.Given), foldName(r.Family)
	if !s.alone {
		var g, f string
		if g, f = namesIn(email, given, family); g != given {
			e.said = saysGiven
		} else if f != family {
			e.said = saysFamily
		}
		given, family = g, f
	}
	e.v = [columns]int32{
		cGiven:    s.pools[cGiven].id(given, name),
		cFamily:   s.pools[cFamily].id(family, name),
		cBirth:    s.pools[cBirth].id(strings.TrimSpace(cut(r.Birth, 40)), func(text string) word { return word{text: text} }),
		cStreet:   s.pools[cStreet].id(street, name),
		cCity:     s.pools[cCity].id(foldCity(r.City), name),
		cPostcode: s.pools[cPostcode].id(foldPostcode(r.Postcode), newWord),
		cRegion:   s.pools[cRegion].id(foldRegion(r.Region), newWord),
		cCountry:  s.pools[cCountry].id(country, newWord),
		cEmail:    s.pools[cEmail].id(email, s.emailWord),
		cPhone:    s.pools[cPhone].id(phone, newWord),
		cHandle:   s.pools[cHandle].id(foldHandle(r.Handle), s.handleWord),
	}
	e.number = s.numbers.id(number, newWord)
	return e
}

// emailWord keeps the part before the @ as the word's sound.
func (s *Set) emailWord(text string) word {
	w := newWord(text)
	w.sound, _, _ = strings.Cut(text, "@")
	w.sound = cut(w.sound, 60)
	w.stem = s.stem(cEmail, w.sound)
	return w
}

func (s *Set) handleWord(text string) word {
	w := newWord(text)
	w.stem = s.stem(cHandle, text)
	return w
}

const (
	saysGiven int8 = 1 << iota
	saysFamily
)

// namesIn adds the name that is missing where an address says it beside the
// other: the Rourke of gwen.rourke@ is called Gwen.
func namesIn(email, given, family string) (string, string) {
	if email == "" || (given == "") == (family == "") {
		return given, family
	}
	local, _, _ := strings.Cut(email, "@")
	words := strings.FieldsFunc(fold(local), func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) != 2 || len(words[0]) < 3 || len(words[1]) < 3 {
		return given, family
	}
	for i, w := range words {
		switch other := words[1-i]; {
		case w == family && given == "":
			return other, family
		case w == given && family == "":
			return given, other
		}
	}
	return given, family
}

// stem numbers the letters of an account.
func (s *Set) stem(c int, text string) int32 {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
	return s.stems[c].id("@"+letters, func(string) word { return word{} })
}

// count counts, once all are there, how often each value and each pair of values comes.
func (s *Set) count() {
	for _, p := range s.pools {
		p.count = make([]int32, len(p.words))
	}
	// Given and family names share a pool, but not their counts: a copy of
	// the pool for each.
	given := *s.pools[cGiven]
	family := given
	given.count, family.count = make([]int32, len(given.words)), make([]int32, len(given.words))
	s.pools[cGiven], s.pools[cFamily] = &given, &family
	s.cityIn, s.regionIn, s.streetIn = newJoint(), newJoint(), newJoint()
	for i := range s.entries {
		e := &s.entries[i]
		for c, v := range e.v {
			if v >= 0 {
				s.pools[c].count[v]++
				s.pools[c].held++
			}
		}
		s.cityIn.add(e.v[cCity], e.v[cPostcode])
		s.regionIn.add(e.v[cRegion], e.v[cPostcode])
		s.streetIn.add(e.v[cStreet], e.v[cPostcode])
	}
	s.cityIn.sum()
	s.regionIn.sum()
	s.streetIn.sum()
}

func newJoint() *joint { return &joint{count: map[[2]int32]int32{}} }

func (j *joint) add(a, b int32) {
	if a >= 0 && b >= 0 {
		j.count[[2]int32{a, b}]++
	}
}

func (j *joint) sum() {
	base := map[int32]float64{}
	for k, n := range j.count {
		j.same += float64(n) * float64(n-1) / 2
		base[k[1]] += float64(n)
	}
	for _, n := range base {
		j.base += n * (n - 1) / 2
	}
}
