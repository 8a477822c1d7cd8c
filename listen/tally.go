package listen

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// sums adds up what a transaction changes about the counts.
type sums map[sumKey]*sum

type sumKey struct {
	subject string
	at      int64
	name    string // "" for a tally
	value   string
}

// sum is what changes of one row; a facet has only the count.
type sum struct{ count, negative, neutral, positive int }

// add counts a state in (+1) or out (-1), for its channel and its monitors.
func (s sums) add(st state, sign int) {
	if !st.post.Visible() {
		return
	}
	s.subject(string(st.post.Channel), st.post.Published, st.reading, sign)
	for _, m := range st.matches {
		s.subject(string(m.Monitor), st.post.Published, st.reading, sign)
	}
}

func (s sums) subject(subject string, published time.Time, r *Reading, sign int) {
	t := s.at(sumKey{subject: subject, at: published.Truncate(time.Hour).UnixMicro()})
	t.count += sign
	s.reading(subject, published, r, sign)
}

// reading counts what analysis said.
func (s sums) reading(subject string, published time.Time, r *Reading, sign int) {
	if r == nil {
		return
	}
	t := s.at(sumKey{subject: subject, at: published.Truncate(time.Hour).UnixMicro()})
	switch r.Sentiment {
	case social.Negative:
		t.negative += sign
	case social.Neutral:
		t.neutral += sign
	case social.Positive:
		t.positive += sign
	}
	hour := published.Truncate(time.Hour).UnixMicro()
	s.at(sumKey{subject, hour, "lang", r.Lang}).count += sign
	for _, i := range r.Intents {
		s.at(sumKey{subject, hour, "intent", i}).count += sign
	}
	if r.Emotion != "" {
		s.at(sumKey{subject, hour, "emotion", r.Emotion}).count += sign
	}
	if r.Toxicity == social.Offensive {
		s.at(sumKey{subject, hour, "toxicity", r.Toxicity}).count += sign
	}
	for _, t := range r.Topics {
		s.at(sumKey{subject, hour, "topic", t}).count += sign
	}
	for _, e := range r.Entities {
		s.at(sumKey{subject, hour, "entity", e}).count += sign
	}
}

func (s sums) at(k sumKey) *sum {
	t := s[k]
	if t == nil {
		t = &sum{}
		s[k] = t
	}
	return t
}

// list returns what changes, in one order, so that transactions never wait
// for each other in a circle.
func (s sums) list() ([]Tally, []Facet) {
	keys := make([]sumKey, 0, len(s))
	for k, t := range s {
		if *t != (sum{}) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b sumKey) int {
		return cmp.Or(strings.Compare(a.subject, b.subject), cmp.Compare(a.at, b.at),
			strings.Compare(a.name, b.name), strings.Compare(a.value, b.value))
	})
	var tallies []Tally
	var facets []Facet
	for _, k := range keys {
		t, at := s[k], time.UnixMicro(k.at).UTC()
		if k.name == "" {
			tallies = append(tallies, Tally{k.subject, at, t.count, t.negative, t.neutral, t.positive})
		} else {
			facets = append(facets, Facet{k.subject, at, k.name, k.value, t.count})
		}
	}
	return tallies, facets
}
