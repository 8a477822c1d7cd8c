package listen

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/social"
)

// Tallied is how often a value was met.
type Tallied struct {
	Value string
	Count int
}

// Dimension is one way in which a search can be narrowed down further. The
// counts of a dimension leave its own choice out, so that they say what
// choosing another value would show.
type Dimension struct {
	Name   string
	Values []Tallied
}

// Survey is what a search comes to.
type Survey struct {
	Total      int
	Exact      bool      // all was looked at; otherwise only the newest:
	Looked     int       // so many posts,
	Back       time.Time // as far as here
	Dimensions []Dimension
	Step       time.Duration
	Steps      []Part // over time
}

// Part is a step of a span: what was published from At to before Until.
type Part struct {
	At, Until time.Time
	Felt
}

// The work for a survey.
const (
	surveyLines = 20_000
	surveyPosts = 6_000 // when each must be matched
	surveySteps = 60
	surveyMost  = 12 // values of a dimension
)

// Now is the station's time.
func (s *Station) Now() time.Time { return s.clock.Now() }

// Survey counts what a filter finds, by every dimension at once. The work is
// bounded; where it was not enough, it says how much was looked at.
func (s *Station) Survey(ctx context.Context, f Filter) (Survey, error) {
	w, q, err := s.ask(ctx, f)
	if err != nil {
		return Survey{}, err
	}
	w.Places, w.Tied = nil, false // other places are counted too
	if q != nil {
		if w.Seqs, err = s.preselect(ctx, q, w.Monitor); err != nil {
			return Survey{}, err
		}
	}
	c := counter{dims: s.dimensions(f), counts: map[string]map[string]int{}, hours: map[int64]int{}}
	most, at := surveyLines, 4000
	if q != nil {
		most, at = surveyPosts, 1000
	}
	scope := Filter{Counted: f.Counted}
	w.On = s.on(ctx, scope)
	out := Survey{}
	for !out.Exact && out.Looked < most && (w.Seqs == nil || len(w.Seqs) > 0) {
		lines, err := s.store.Wall(ctx, w, at)
		if err != nil {
			return out, err
		}
		if len(lines) > 0 {
			last := lines[len(lines)-1].Place
			w.Before, out.Back = &last, last.Published
		}
		out.Looked += len(lines)
		out.Exact = len(lines) < at
		if q != nil {
			if lines, err = s.found(ctx, lines, q); err != nil {
				return out, err
			}
		}
		for _, l := range lines {
			c.line(l)
		}
	}
	if w.Seqs != nil && len(w.Seqs) == 0 {
		out.Exact = true
	}
	c.put(&out, f, s.clock.Now())
	return out, nil
}

// found keeps the lines whose posts a query finds.
func (s *Station) found(ctx context.Context, lines []Line, q *query.Query) ([]Line, error) {
	seqs := make([]int64, 0, len(lines))
	read := make(map[int64]string, len(lines))
	for _, l := range lines {
		if l.Visible {
			seqs, read[l.Seq] = append(seqs, l.Seq), l.Reading.Lang
		}
	}
	posts, err := s.store.PostsBySeq(ctx, seqs)
	if err != nil {
		return nil, err
	}
	var doc query.Doc
	hit := make(map[int64]bool, len(posts))
	for _, p := range posts {
		hit[p.Seq] = s.finds(q, &doc, p, read[p.Seq])
	}
	return slices.DeleteFunc(lines, func(l Line) bool { return !hit[l.Seq] }), nil
}

// counter counts lines by every dimension.
type counter struct {
	dims   dimensions
	counts map[string]map[string]int
	total  int
	hours  map[int64]int
}

// line counts a line: one that passes everything counts in all dimensions, one
// that fails in a single dimension counts there.
func (c *counter) line(l Line) {
	if !l.Visible {
		return
	}
	fails := -1
	for i, d := range c.dims {
		if d.passes(l) {
			continue
		}
		if fails >= 0 {
			return
		}
		fails = i
	}
	for i, d := range c.dims {
		if fails >= 0 && fails != i || d.name == "slot" {
			continue
		}
		m := c.counts[d.name]
		if m == nil {
			m = map[string]int{}
			c.counts[d.name] = m
		}
		for _, v := range d.values(l) {
			m[v]++
		}
	}
	if fails < 0 {
		c.total++
		c.hours[l.Published.Truncate(time.Hour).UnixMicro()]++
	}
}

func (c *counter) put(out *Survey, f Filter, now time.Time) {
	out.Total = c.total
	for _, d := range c.dims {
		if d.name == "slot" {
			continue
		}
		if d.name != FacetPlace {
			out.Dimensions = append(out.Dimensions, dimensionOf(d.name, c.counts[d.name], d.chosen))
			continue
		}
		for _, level := range Levels {
			counts := maps.Clone(c.counts[d.name])
			maps.DeleteFunc(counts, func(v string, _ int) bool { return LevelOf(social.PlaceID(v)) != level })
			var chosen []string
			for _, p := range f.Places {
				if LevelOf(p) == level {
					chosen = append(chosen, string(p))
				}
			}
			out.Dimensions = append(out.Dimensions, dimensionOf(level, counts, chosen...))
		}
	}
	c.steps(out, f, now)
}

// dimensionOf lists the values that were met most, and those that are chosen.
func dimensionOf(name string, counts map[string]int, chosen ...string) Dimension {
	dim := Dimension{Name: name}
	for v, n := range counts {
		dim.Values = append(dim.Values, Tallied{v, n})
	}
	slices.SortFunc(dim.Values, func(a, b Tallied) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value)) })
	dim.Values = slices.Clone(dim.Values[:min(len(dim.Values), surveyMost)])
	for _, v := range chosen {
		if v != "" && !slices.ContainsFunc(dim.Values, func(t Tallied) bool { return t.Value == v }) {
			dim.Values = append(dim.Values, Tallied{v, counts[v]})
		}
	}
	return dim
}

// steps lays what was found along time, in at most surveySteps steps.
func (c *counter) steps(out *Survey, f Filter, now time.Time) {
	if len(c.hours) == 0 {
		return
	}
	first, last := int64(1<<62), int64(0)
	for h := range c.hours {
		first, last = min(first, h), max(last, h)
	}
	from, to := time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC().Add(time.Hour)
	if !f.Since.IsZero() && f.Since.Before(from) {
		from = f.Since.UTC()
	}
	if f.Until.IsZero() && to.Before(now) {
		to = now.UTC()
	}
	for _, step := range []time.Duration{time.Hour, 6 * time.Hour, day, 7 * day, 28 * day, 364 * day} {
		if out.Step = step; to.Sub(from) <= surveySteps*step {
			break
		}
	}
	for at := from.Truncate(out.Step); at.Before(to); at = at.Add(out.Step) {
		out.Steps = append(out.Steps, Part{At: at, Until: at.Add(out.Step)})
	}
	for h, n := range c.hours {
		if i := int(time.UnixMicro(h).Sub(out.Steps[0].At) / out.Step); i >= 0 && i < len(out.Steps) {
			out.Steps[i].Count += n
		}
	}
}
