package listen

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// The names of facets.
const (
	FacetLang     = "lang"
	FacetIntent   = "intent"
	FacetEmotion  = "emotion"
	FacetToxicity = "toxicity" // of what is offensive only
	FacetTopic    = "topic"
	FacetEntity   = "entity"
	FacetChannel  = "channel" // of monitors only: a channel's own count is its tally
	FacetReach    = "reach"
	FacetAuthor   = "author" // counted by day alone
	FacetPlace    = "place"  // the finest that is known; see Levels for what else it counts as
)

// sums adds up what a transaction changes about the counts.
type sums map[sumKey]*Felt

type sumKey struct {
	subject string
	at      int64
	name    string // "" for a tally
	value   string
}

// Felt is how much was said, and how it sounded; what has no sentiment is in
// the count alone.
type Felt struct{ Count, Negative, Neutral, Positive int }

// Add adds n times as much.
func (f *Felt) Add(o Felt, n int) {
	f.Count += n * o.Count
	f.Negative += n * o.Negative
	f.Neutral += n * o.Neutral
	f.Positive += n * o.Positive
}

// FeltOf is one post as it counts.
func FeltOf(r *Reading) Felt {
	f := Felt{Count: 1}
	if r == nil {
		return f
	}
	switch r.Sentiment {
	case social.Negative:
		f.Negative = 1
	case social.Neutral:
		f.Neutral = 1
	case social.Positive:
		f.Positive = 1
	}
	return f
}

// add counts a state in (+1) or out (-1), for its channel and its monitors.
func (s sums) add(st state, sign int) {
	if !st.post.Visible() {
		return
	}
	s.subject(string(st.post.Channel), st.post, st.reading, sign)
	for _, m := range st.matches {
		s.subject(string(m.Monitor), st.post, st.reading, sign)
	}
}

// subject counts a visible post for a channel or a monitor. Filter.passes
// chooses by the same rules: what is counted here under a value is what the
// list shows for it.
func (s sums) subject(subject string, p Post, r *Reading, sign int) {
	hour, f := p.Published.Truncate(time.Hour).UnixMicro(), FeltOf(r)
	count := func(name, value string) { s.at(sumKey{subject, hour, name, value}).Add(f, sign) }
	count("", "")
	facetsOf(p, r, count)
	if subject != string(p.Channel) {
		count(FacetChannel, string(p.Channel))
	}
}

// facetsOf calls count with every facet of a post that its channel counts.
func facetsOf(p Post, r *Reading, count func(name, value string)) {
	count(FacetLang, langOf(p.Lang, r))
	count(FacetReach, reachOf(p.Reach))
	if p.Identity != "" {
		count(FacetAuthor, string(p.Identity))
	}
	if p.Tied != "" {
		count(FacetPlace, string(p.Tied))
	}
	if r == nil {
		return
	}
	for _, i := range r.Intents {
		count(FacetIntent, i)
	}
	if r.Emotion != "" {
		count(FacetEmotion, r.Emotion)
	}
	if r.Toxicity == social.Offensive {
		count(FacetToxicity, r.Toxicity)
	}
	for _, t := range r.Topics {
		count(FacetTopic, t)
	}
	for _, e := range r.Entities {
		count(FacetEntity, e)
	}
}

// langOf is the language that counts: what analysis read, else what the
// network claims, without script and region; "und" when nobody knows.
func langOf(claimed string, r *Reading) string {
	lang := ""
	if r != nil {
		lang = r.Lang
	}
	if lang == "" || lang == "und" {
		lang = claimed
	}
	lang, _, _ = strings.Cut(strings.ToLower(strings.ReplaceAll(lang, "_", "-")), "-")
	if lang == "" {
		return "und"
	}
	return lang
}

// Reaches are the sizes of an audience that are told apart, by their least
// number of followers.
var Reaches = []string{"0", "100", "1000", "10000", "100000"}

// reachOf says into which of them a number falls.
func reachOf(followers int) string {
	for i, least := range []int{100, 1000, 10_000, 100_000} {
		if followers < least {
			return Reaches[i]
		}
	}
	return Reaches[4]
}

func (s sums) at(k sumKey) *Felt {
	t := s[k]
	if t == nil {
		t = &Felt{}
		s[k] = t
	}
	return t
}

// put writes what changes into c, in one order, so that transactions never
// wait for each other in a circle.
func (s sums) put(c *Changes) {
	c.Tallies, c.Facets = s.list()
	days := sums{}
	for k, f := range s {
		k.at = time.UnixMicro(k.at).UTC().Truncate(day).UnixMicro()
		days.at(k).Add(*f, 1)
	}
	c.TallyDays, c.FacetDays = days.list()
	c.Facets = slices.DeleteFunc(c.Facets, func(f Facet) bool { return f.Name == FacetAuthor })
}

const day = 24 * time.Hour

func (s sums) list() ([]Tally, []Facet) {
	keys := make([]sumKey, 0, len(s))
	for k, t := range s {
		if *t != (Felt{}) {
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
		f, at := *s[k], time.UnixMicro(k.at).UTC()
		if k.name == "" {
			tallies = append(tallies, Tally{k.subject, at, f.Count, f.Negative, f.Neutral, f.Positive})
		} else {
			facets = append(facets, Facet{Subject: k.subject, Hour: at, Name: k.name, Value: k.value,
				Count: f.Count, Negative: f.Negative, Neutral: f.Neutral, Positive: f.Positive})
		}
	}
	return tallies, facets
}

// Felt is what is counted.
func (t Tally) Felt() Felt { return Felt{t.Count, t.Negative, t.Neutral, t.Positive} }

// Felt is what is counted.
func (f Facet) Felt() Felt { return Felt{f.Count, f.Negative, f.Neutral, f.Positive} }
