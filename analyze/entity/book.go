package entity

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/third_party/geonames"
)

// A Book is a list of names of one's own: brands and products. It never
// changes once it is made.
type Book struct{ names map[string][]listed }

// listed is a name by its first word.
type listed struct {
	name    string
	rest    []string // the words after the first, folded
	kind    social.EntityKind
	capital bool // counts with a capital only: a word of the language as well
}

// An Entry is a name of a book.
type Entry struct {
	Kind    social.EntityKind
	Name    string // what it is known by
	Written string // how it is written, if otherwise
}

// bookMost bounds a book.
const bookMost = 5000

// NewBook makes a book of names. Names that are words of English count only
// where they are written with a capital.
func NewBook(entries []Entry) *Book {
	b := &Book{names: map[string][]listed{}}
	common := commonWords()
	for i, e := range entries {
		if i == bookMost {
			break
		}
		written := e.Written
		if written == "" {
			written = e.Name
		}
		words := strings.Fields(strings.ToLower(written))
		if len(words) == 0 || len(words) > 6 || len(written) < 2 {
			continue
		}
		b.add(listed{name: e.Name, rest: words[1:], kind: e.Kind, capital: len(words) == 1 && (common[words[0]] || len(words[0]) < 4)}, words[0])
	}
	return b
}

// add keeps the longest names first.
func (b *Book) add(n listed, first string) {
	all := append(b.names[first], n)
	sort.SliceStable(all, func(i, j int) bool { return len(all[i].rest) > len(all[j].rest) })
	b.names[first] = all
}

// city is a place that a text may name.
type city struct {
	name   string
	people int
	common bool // a word of English or a given name as well
}

// lists are the embedded ones.
type lists struct {
	brands *Book
	given  map[string]bool
	places map[string]*city // by folded name
}

var embedded = sync.OnceValues(func() (*lists, error) {
	l := &lists{given: map[string]bool{}, places: map[string]*city{}}
	var brands []Entry
	for name := range strings.SplitSeq(brandNames, ",") {
		if name = strings.TrimSpace(name); name != "" {
			brands = append(brands, Entry{Kind: social.EntityBrand, Name: name})
		}
	}
	l.brands = NewBook(brands)
	for name := range strings.FieldsSeq(givenNames) {
		l.given[name] = true
	}
	if err := l.cities(); err != nil {
		return nil, fmt.Errorf("the table of cities: %w", err)
	}
	return l, nil
})

// cities reads the table of GeoNames: id, name, country, division, people,
// latitude, longitude. Of cities of one name the largest counts.
func (l *lists) cities() error {
	z, err := gzip.NewReader(strings.NewReader(geonames.Cities))
	if err != nil {
		return err
	}
	common := commonWords()
	add := func(name string, people int) {
		folded := strings.ToLower(name)
		if c := l.places[folded]; c != nil && c.people >= people || len(name) < 3 {
			return
		}
		l.places[folded] = &city{name, people, common[folded] || l.given[folded]}
	}
	sc := bufio.NewScanner(z)
	for sc.Scan() {
		f := strings.Split(sc.Text(), "\t")
		if len(f) < 5 {
			return fmt.Errorf("a row has %d columns", len(f))
		}
		people, err := strconv.Atoi(f[4])
		if err != nil {
			return err
		}
		add(f[1], people)
	}
	for name := range strings.SplitSeq(countryNames, ",") {
		add(strings.TrimSpace(name), 50_000_000)
	}
	for pair := range strings.SplitSeq(otherNames, ",") {
		other, name, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if c := l.places[strings.ToLower(name)]; c != nil && l.places[other] == nil {
			l.places[other] = c
		}
	}
	return sc.Err()
}
