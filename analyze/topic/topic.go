// Package topic says what a text is about, of what customers talk about:
// delivery, price, quality, and so on. A text may have several topics, and
// many have none.
//
// The method is topic-1: phrases that speak for a topic, with how surely each
// does, put together as independent evidence. It is a list and not a model of
// language: what is said in other words it misses, and it says nothing of
// languages other than English. docs/models.md is its card.
package topic

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/social"
)

// Name is the method's name and version.
const Name = "topic-1"

// The topics.
const (
	Delivery     = "delivery"
	Price        = "price"
	Billing      = "billing"
	Quality      = "quality"
	Safety       = "safety"
	Support      = "support"
	Digital      = "digital" // app, website, account
	Availability = "availability"
	Staff        = "staff"
	Place        = "place" // shop, branch, opening hours
	Returns      = "returns"
	Environment  = "environment"
	Privacy      = "privacy"
	Features     = "features"
	Outage       = "outage"
	Taste        = "taste"
)

// Labels are the topics in the order of the method.
func Labels() []string {
	labels := make([]string, len(cues))
	for i, c := range cues {
		labels[i] = c.topic
	}
	return labels
}

// How surely a phrase speaks for its topic.
const (
	sure = 0.85
	weak = 0.45
	// Given is the least that a topic is given from: a sure phrase, or two weak ones.
	Given = 0.6
)

// A Finder finds topics. It is safe for concurrent use.
type Finder struct {
	phrases *linear.Phrases
}

// Default is the finder, made at the first call.
var Default = sync.OnceValues(func() (*Finder, error) {
	kinds := make([][]string, 2*len(cues))
	for i, c := range cues {
		kinds[2*i], kinds[2*i+1] = phrases(c.sure), phrases(c.weak)
	}
	p, err := linear.NewPhrases(kinds)
	if err != nil {
		return nil, err
	}
	return &Finder{p}, nil
})

func phrases(list string) []string {
	var out []string
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Name is the method's name and version.
func (f *Finder) Name() string { return Name }

// Speaks says whether the method was made for the language.
func (f *Finder) Speaks(lang string) bool { return lang == "en" }

// Read adds to out the topics of the text, strongest first; never nil. why is
// the most phrases that each may name as its reason.
func (f *Finder) Read(d *linear.Doc, why int, out []social.Label) []social.Label {
	if out == nil {
		out = []social.Label{}
	}
	var counts [2 * topics]int
	f.phrases.Count(d, counts[:])
	from := len(out)
	for i, c := range cues {
		s, w := counts[2*i], counts[2*i+1]
		if s == 0 && w < 2 {
			continue
		}
		p := 1 - pow(1-sure, s)*pow(1-weak, w)
		if p < Given {
			continue
		}
		out = append(out, social.Label{Label: c.topic, Score: min(p, 0.99), Confidence: confidence(p)})
	}
	found := out[from:]
	slices.SortStableFunc(found, func(a, b social.Label) int { return cmp.Compare(b.Score, a.Score) })
	if why > 0 && len(found) > 0 {
		f.why(d, why, found)
	}
	return out
}

func (f *Finder) why(d *linear.Doc, n int, found []social.Label) {
	f.phrases.Find(d, func(phrase string, kind int) {
		for i := range found {
			l := &found[i]
			if l.Label == cues[kind/2].topic && len(l.Why) < n && !slices.Contains(l.Why, phrase) {
				l.Why = append(l.Why, phrase)
			}
		}
	})
}

func pow(p float64, n int) float64 {
	out := 1.0
	for range min(n, 8) {
		out *= p
	}
	return out
}
