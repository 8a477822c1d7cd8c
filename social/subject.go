package social

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Subject is whom an export or an erasure is about: one human being, by all
// ids that they had and all accounts that they speak with.
type Subject struct {
	Persons  []PersonID `json:"persons"`
	Accounts []Account  `json:"accounts"`
	Names    []string   `json:"names"`           // what they were called, the accounts' names included
	At       time.Time  `json:"at"`              // when what is erased counts as deleted
	Whole    int        `json:"whole,omitempty"` // how many people this is, where it is several
}

// Account is one account of a subject, and who stands in its place afterwards.
type Account struct {
	Author Author `json:"author"`
	Stands Author `json:"stands"`
}

// Portion is what one place holds of a subject, row by row.
type Portion struct {
	Name string           `json:"name"`
	Rows []map[string]any `json:"rows"`
}

// Gone is how many rows of a place an erasure touched.
type Gone struct {
	Place string `json:"place"`
	Rows  int    `json:"rows"`
}

// Words are the single words by which a subject is called: of the names and
// handles, folded, those of three letters and more.
func (s Subject) Words() []string {
	var out []string
	had := map[string]bool{}
	add := func(text string) {
		for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-' && r != '.'
		}) {
			if w = strings.Trim(w, "-._"); utf8.RuneCountInString(w) >= 3 && !had[w] {
				had[w] = true
				out = append(out, w)
			}
		}
	}
	for _, n := range s.Names {
		add(n)
		if whole := strings.ToLower(n); !had[whole] {
			had[whole] = true
			out = append(out, whole)
		}
	}
	for _, a := range s.Accounts {
		for _, w := range []string{strings.ToLower(a.Author.Handle), a.Author.Folded()} {
			if utf8.RuneCountInString(w) >= 3 {
				out = append(out, w)
			}
		}
	}
	return out
}
