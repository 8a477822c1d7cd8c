package listen

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Point is a step of a series.
type Point struct {
	At                                 time.Time
	Count, Negative, Neutral, Positive int
}

// Share is how often something occurred.
type Share struct {
	Label string
	Count int
}

// AuthorShare is how much an account said.
type AuthorShare struct {
	Identity social.IdentityID
	Author   social.Author
	Posts    int
	Reach    int // the most people that one of the posts reached
	Felt     Felt
}

// Series is how much was said over a range, step by step.
type Series struct {
	Step      string // "hour" or "day"
	Points    []Point
	Previous  []Point // the range before, as long
	Total     int
	Languages []Share
	Intents   []Share
	Emotions  []Share
	Topics    []Share
	Entities  []Share // kind:name
	Toxicity  []Share
	Authors   []AuthorShare // among the newest two thousand
}

// rangeOf says how long a range is and in what steps.
var rangeOf = map[string]struct {
	n    int
	step time.Duration
	name string
}{
	"24h": {24, time.Hour, "hour"},
	"3d":  {72, time.Hour, "hour"},
	"30d": {30, 24 * time.Hour, "day"},
}

// The most that a series lists.
const (
	sharesMost = 10
	authorScan = 2000
)

// SeriesOf returns the series of a monitor, or of the whole wall for "".
// Counts come from rollups, never from scanning.
func (s *Station) SeriesOf(ctx context.Context, m social.MonitorID, span string) (Series, error) {
	r, ok := rangeOf[span]
	if !ok {
		return Series{}, &social.Error{Kind: social.Invalid, Field: "range", Text: "A range is 24h, 3d or 30d."}
	}
	w, _, err := s.ask(ctx, Filter{Monitor: m})
	if err != nil {
		return Series{}, err
	}
	subjects := s.subjects(ctx, m)
	to := s.clock.Now().Truncate(r.step).Add(r.step)
	length := time.Duration(r.n) * r.step
	from := to.Add(-length)
	out := Series{Step: r.name}
	tallies, err := s.store.Tallies(ctx, subjects, from.Add(-length), to)
	if err != nil {
		return out, err
	}
	both := points(tallies, from.Add(-length), r.step, 2*r.n)
	out.Previous, out.Points = both[:r.n], both[r.n:]
	for _, p := range out.Points {
		out.Total += p.Count
	}
	facets, err := s.store.Facets(ctx, subjects, []string{FacetLang, FacetIntent, FacetEmotion, FacetTopic, FacetEntity, FacetToxicity}, from, to)
	if err != nil {
		return out, err
	}
	out.Languages, out.Intents = shares(facets, "lang"), shares(facets, "intent")
	out.Emotions, out.Topics = shares(facets, "emotion"), shares(facets, "topic")
	out.Entities, out.Toxicity = shares(facets, "entity"), shares(facets, "toxicity")
	w.Since, w.Until = from, to
	out.Authors, err = s.authors(ctx, w)
	return out, err
}

// subjects are what is added up: a monitor, or the channels that may be seen.
func (s *Station) subjects(ctx context.Context, m social.MonitorID) []string {
	if m != "" {
		return []string{string(m)}
	}
	var out []string
	for _, l := range s.lines() {
		if c := l.snapshot(); social.ScopeOf(ctx).Sees(c.Programme) {
			out = append(out, string(c.ID))
		}
	}
	return out
}

// points adds hours up into steps.
func points(tallies []Tally, from time.Time, step time.Duration, n int) []Point {
	out := make([]Point, n)
	for i := range out {
		out[i].At = from.Add(time.Duration(i) * step)
	}
	for _, t := range tallies {
		if i := int(t.Hour.Sub(from) / step); i >= 0 && i < n {
			p := &out[i]
			p.Count += t.Count
			p.Negative += t.Negative
			p.Neutral += t.Neutral
			p.Positive += t.Positive
		}
	}
	return out
}

func shares(facets []Facet, name string) []Share {
	sum := map[string]int{}
	for _, f := range facets {
		if f.Name == name {
			sum[f.Value] += f.Count
		}
	}
	var out []Share
	for label, n := range sum {
		if n > 0 {
			out = append(out, Share{label, n})
		}
	}
	slices.SortFunc(out, func(a, b Share) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Label, b.Label))
	})
	return out[:min(len(out), sharesMost)]
}

// authors counts who said most of the newest lines.
func (s *Station) authors(ctx context.Context, w WallQuery) ([]AuthorShare, error) {
	lines, err := s.store.Wall(ctx, w, authorScan)
	if err != nil {
		return nil, err
	}
	posts := map[social.IdentityID]int{}
	newestOf := map[social.IdentityID]int64{}
	for _, l := range lines {
		if !l.Visible {
			continue
		}
		if posts[l.Identity] == 0 {
			newestOf[l.Identity] = l.Seq
		}
		posts[l.Identity]++
	}
	var out []AuthorShare
	for id, n := range posts {
		out = append(out, AuthorShare{Identity: id, Posts: n})
	}
	slices.SortFunc(out, func(a, b AuthorShare) int {
		return cmp.Or(b.Posts-a.Posts, cmp.Compare(newestOf[b.Identity], newestOf[a.Identity]))
	})
	out = out[:min(len(out), sharesMost)]
	var seqs []int64
	for _, a := range out {
		seqs = append(seqs, newestOf[a.Identity])
	}
	found, err := s.store.PostsBySeq(ctx, seqs)
	if err != nil {
		return nil, err
	}
	for i := range out {
		for _, p := range found {
			if p.Identity == out[i].Identity {
				out[i].Author = p.Author
			}
		}
	}
	return out, nil
}

// Volume is how much a monitor matched lately.
type Volume struct {
	Day, Week int
	Spark     []int // the last 24 hours
}

// Volumes returns how much monitors matched lately.
func (s *Station) Volumes(ctx context.Context, monitors []social.MonitorID) (map[social.MonitorID]Volume, error) {
	to := s.clock.Now().Truncate(time.Hour).Add(time.Hour)
	from := to.Add(-7 * 24 * time.Hour)
	subjects := make([]string, len(monitors))
	out := make(map[social.MonitorID]Volume, len(monitors))
	for i, m := range monitors {
		subjects[i] = string(m)
		out[m] = Volume{Spark: make([]int, 24)}
	}
	tallies, err := s.store.Tallies(ctx, subjects, from, to)
	if err != nil {
		return nil, err
	}
	for _, t := range tallies {
		v := out[social.MonitorID(t.Subject)]
		v.Week += t.Count
		if ago := int(to.Sub(t.Hour)/time.Hour) - 1; ago < 24 {
			v.Spark[23-ago] += t.Count
			v.Day += t.Count
		}
		out[social.MonitorID(t.Subject)] = v
	}
	return out, nil
}

// Hours returns what arrived by hour and channel within what the actor may
// see, oldest first. What is being counted right now is not in it yet.
func (s *Station) Hours(ctx context.Context, from, to time.Time) ([]HeardHour, error) {
	hours, err := s.store.Hours(ctx, from, to)
	if err != nil {
		return nil, err
	}
	scope := social.ScopeOf(ctx)
	return slices.DeleteFunc(hours, func(h HeardHour) bool {
		c, _ := s.ChannelInfo(h.Channel)
		return !scope.Sees(c.Programme)
	}), nil
}

// Trying is what a query would find.
type Trying struct {
	Week   *int // how much of the last seven days; nil when there is too much to look at
	Sample []Item
}

// Try looks for a query among what was heard in the last seven days.
func (s *Station) Try(ctx context.Context, text string, sample int) (Trying, error) {
	f := Filter{Query: text, Since: s.clock.Now().Add(-7 * 24 * time.Hour)}
	var out Trying
	var after *Place
	n := 0
	for range 10 {
		page, err := s.Wall(ctx, f, after, linesAtOnce)
		if err != nil {
			return out, err
		}
		n += len(page.Items)
		if room := sample - len(out.Sample); room > 0 {
			out.Sample = append(out.Sample, page.Items[:min(room, len(page.Items))]...)
		}
		if after = page.Next; after == nil {
			out.Week = &n
			return out, nil
		}
	}
	return out, nil
}
