package explore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// FacetShare is how much of a span had a value, and how much of the stretches
// before.
type FacetShare struct {
	Value string
	listen.Felt
	Previous, Before int
	Steps            []int // along the span, of those that are followed
}

// SlotShare is how much was said in an hour of the week.
type SlotShare struct {
	listen.Slot
	listen.Felt
}

// Explored is what a subject's span comes to. All of it comes from rollups and
// agrees with the wall to the unit.
type Explored struct {
	Span
	Total, Previous, Before listen.Felt // of the span and of the two before, as far as this one has come
	Steps, StepsBefore      []listen.Part
	Facets                  map[string][]FacetShare
	Slots                   []SlotShare
	Authors                 []listen.AuthorShare
	AuthorsOf               int // of how many posts at the span's edges authors were counted; 0: of all
}

// linesMost is how many lines at the edges of a span are counted.
const linesMost = 20_000

// facetNames are the facets that are counted, and how many values of each are
// told.
var facetNames = map[string]int{listen.FacetLang: 12, listen.FacetIntent: 12, listen.FacetEmotion: 4, listen.FacetTopic: 20, listen.FacetEntity: 20, listen.FacetToxicity: 1, listen.FacetChannel: 20, listen.FacetReach: 5,
	listen.LevelBranch: 20, listen.LevelCity: 20, listen.LevelCountry: 20}

// FacetOrder is the order in which facets are told.
var FacetOrder = []string{listen.FacetTopic, listen.FacetIntent, listen.FacetEmotion, listen.FacetEntity, listen.FacetLang, listen.FacetChannel, listen.FacetReach, listen.FacetToxicity,
	listen.LevelBranch, listen.LevelCity, listen.LevelCountry}

// followed are the facets whose values are followed along the span.
var followed = map[string]bool{listen.FacetIntent: true, listen.FacetTopic: true}

// Explore says what a subject's span comes to.
func (x *Explorer) Explore(ctx context.Context, of listen.Subject, ask SpanAsk) (Explored, error) {
	p, err := SpanOf(ask, x.Clock.Now())
	if err != nil {
		return Explored{}, err
	}
	subjects, err := x.Heard.Subjects(ctx, of)
	if err != nil {
		return Explored{}, err
	}
	out := Explored{Span: p, Facets: map[string][]FacetShare{}}
	tallies, err := x.Store.Tallies(ctx, subjects, p.before[0], p.To)
	if err != nil {
		return out, err
	}
	out.Steps, out.StepsBefore = stepsOf(tallies, p.edges), stepsOf(tallies, p.before)
	out.Slots = slotsOf(tallies, p)
	spans := p.stretches()
	for i, t := range []*listen.Felt{&out.Total, &out.Previous, &out.Before} {
		sums, err := x.Store.Sums(ctx, subjects, spans[i][0], spans[i][1])
		if err != nil {
			return out, err
		}
		for _, f := range sums {
			t.Add(f, 1)
		}
	}
	if err := x.exploreFacets(ctx, &out, subjects, spans); err != nil {
		return out, err
	}
	if of.Monitor == "" {
		out.Facets[listen.FacetChannel] = channelShares(ctx, x, subjects, spans)
	}
	out.Authors, out.AuthorsOf, err = x.exploreAuthors(ctx, of, subjects, p)
	return out, err
}

// stepsOf adds hours up into steps.
func stepsOf(tallies []listen.Tally, edges []time.Time) []listen.Part {
	out := make([]listen.Part, len(edges)-1)
	for i := range out {
		out[i].At, out[i].Until = edges[i], edges[i+1]
	}
	for _, t := range tallies {
		if i := step(edges, t.Hour); i >= 0 {
			out[i].Add(t.Felt(), 1)
		}
	}
	return out
}

func slotsOf(tallies []listen.Tally, p Span) []SlotShare {
	sum := map[listen.Slot]*listen.Felt{}
	for _, t := range tallies {
		if t.Hour.Before(p.From) || !t.Hour.Before(p.To) {
			continue
		}
		at := listen.SlotOf(t.Hour, p.Zone)
		if sum[at] == nil {
			sum[at] = &listen.Felt{}
		}
		sum[at].Add(t.Felt(), 1)
	}
	var out []SlotShare
	for at, f := range sum {
		if f.Count > 0 {
			out = append(out, SlotShare{at, *f})
		}
	}
	slices.SortFunc(out, func(a, b SlotShare) int {
		return cmp.Or(int(a.Day)-int(b.Day), a.Hour-b.Hour)
	})
	return out
}

func (x *Explorer) exploreFacets(ctx context.Context, out *Explored, subjects []string, spans [3][2]time.Time) error {
	names := []string{listen.FacetPlace}
	for n := range facetNames {
		if !slices.Contains(listen.Levels, n) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	var places [3][]listen.Facet
	type key struct{ name, value string }
	at := map[key]int{}
	for i, span := range spans {
		facets, err := x.Store.Facets(ctx, subjects, names, span[0], span[1])
		if err != nil {
			return err
		}
		for _, f := range facets {
			if f.Name == listen.FacetPlace {
				places[i] = append(places[i], f)
				continue
			}
			k := key{f.Name, f.Value}
			list := out.Facets[f.Name]
			if i == 0 {
				if len(list) < facetNames[f.Name] {
					at[k] = len(list)
					out.Facets[f.Name] = append(list, FacetShare{Value: f.Value, Felt: f.Felt()})
				}
				continue
			}
			if j, ok := at[k]; ok && i == 1 {
				list[j].Previous = f.Count
			} else if ok {
				list[j].Before = f.Count
			}
		}
	}
	x.places(out, places)
	for name := range followed {
		if err := x.follow(ctx, out.Facets[name], subjects, name, out.Span); err != nil {
			return err
		}
	}
	return nil
}

// places adds the places of three stretches up by branch, city and country: a
// post about a branch counts for its city and its country too.
func (x *Explorer) places(out *Explored, stretches [3][]listen.Facet) {
	sum := map[string]*FacetShare{}
	for i, facets := range stretches {
		for _, f := range facets {
			for _, id := range x.Heard.LevelsOf(social.PlaceID(f.Value)) {
				s := sum[string(id)]
				if s == nil {
					s = &FacetShare{Value: string(id)}
					sum[string(id)] = s
				}
				switch i {
				case 0:
					s.Add(f.Felt(), 1)
				case 1:
					s.Previous += f.Count
				default:
					s.Before += f.Count
				}
			}
		}
	}
	for _, s := range sum {
		if level := listen.LevelOf(social.PlaceID(s.Value)); s.Count > 0 {
			out.Facets[level] = append(out.Facets[level], *s)
		}
	}
	for _, level := range listen.Levels {
		list := out.Facets[level]
		slices.SortFunc(list, func(a, b FacetShare) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value)) })
		if len(list) > facetNames[level] {
			out.Facets[level] = list[:facetNames[level]]
		}
	}
}

// placesOf lists what is tied to a place or something in it.
func (x *Explorer) placesOf(ctx context.Context, subjects []string, place string, p Span) ([]string, error) {
	facets, err := x.Store.Facets(ctx, subjects, []string{listen.FacetPlace}, p.From, p.To)
	var out []string
	for _, f := range facets {
		if slices.Contains(x.Heard.LevelsOf(social.PlaceID(f.Value)), social.PlaceID(place)) {
			out = append(out, f.Value)
		}
	}
	return out, err
}

// follow says how much of each value there was along the span: hour by hour,
// or by days of UTC, which is near enough to see where it goes.
func (x *Explorer) follow(ctx context.Context, list []FacetShare, subjects []string, name string, p Span) error {
	values := make([]string, len(list))
	edges := p.edges
	if !p.Hourly {
		edges = []time.Time{p.From.Truncate(day)}
		for edges[len(edges)-1].Before(p.To) {
			edges = append(edges, edges[len(edges)-1].Add(day))
		}
	}
	for i := range list {
		values[i], list[i].Steps = list[i].Value, make([]int, len(edges)-1)
	}
	rows, err := x.Store.FacetSteps(ctx, subjects, name, values, edges[0], edges[len(edges)-1], !p.Hourly)
	for _, f := range rows {
		if i := step(edges, f.Hour); i >= 0 {
			list[slices.Index(values, f.Value)].Steps[i] += f.Count
		}
	}
	return err
}

// channelShares are the channels themselves, whose own counts are tallies.
func channelShares(ctx context.Context, x *Explorer, subjects []string, spans [3][2]time.Time) []FacetShare {
	var out []FacetShare
	for i, span := range spans {
		sums, err := x.Store.Sums(ctx, subjects, span[0], span[1])
		if err != nil {
			return nil
		}
		if i == 0 {
			for id, f := range sums {
				if f.Count > 0 {
					out = append(out, FacetShare{Value: id, Felt: f})
				}
			}
			slices.SortFunc(out, func(a, b FacetShare) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value)) })
			continue
		}
		for j := range out {
			if i == 1 {
				out[j].Previous = sums[out[j].Value].Count
			} else {
				out[j].Before = sums[out[j].Value].Count
			}
		}
	}
	return out
}

// exploreAuthors are those who said most. Whole days come from the rollup; of
// the hours at the edges, which it does not tell apart, lines are counted.
func (x *Explorer) exploreAuthors(ctx context.Context, of listen.Subject, subjects []string, p Span) ([]listen.AuthorShare, int, error) {
	first, last := p.From.Truncate(day), p.To.Truncate(day)
	if first.Before(p.From) {
		first = first.Add(day)
	}
	edges := [][2]time.Time{{p.From, first}, {last, p.To}}
	posts := map[social.IdentityID]listen.Felt{}
	if first.Before(last) {
		facets, err := x.Store.Facets(ctx, subjects, []string{listen.FacetAuthor}, first, last)
		if err != nil {
			return nil, 0, err
		}
		for _, f := range facets {
			posts[social.IdentityID(f.Value)] = f.Felt()
		}
	} else {
		edges = [][2]time.Time{{p.From, p.To}}
	}
	cut := 0
	for _, e := range edges {
		if !e[0].Before(e[1]) {
			continue
		}
		f := of.Filter()
		f.Since, f.Until = e[0], e[1]
		lines, err := x.Heard.Lines(ctx, f, linesMost)
		if err != nil {
			return nil, 0, err
		}
		if len(lines) == linesMost {
			cut = linesMost
		}
		for _, l := range lines {
			if l.Visible && l.Identity != "" {
				had := posts[l.Identity]
				had.Add(listen.FeltOf(&l.Reading), 1)
				posts[l.Identity] = had
			}
		}
	}
	out, err := x.topAuthors(ctx, posts, 20)
	return out, cut, err
}

// topAuthors names those who said most.
func (x *Explorer) topAuthors(ctx context.Context, posts map[social.IdentityID]listen.Felt, most int) ([]listen.AuthorShare, error) {
	var out []listen.AuthorShare
	for id, f := range posts {
		if f.Count > 0 {
			out = append(out, listen.AuthorShare{Identity: id, Posts: f.Count, Felt: f})
		}
	}
	slices.SortFunc(out, func(a, b listen.AuthorShare) int { return cmp.Or(b.Posts-a.Posts, cmp.Compare(a.Identity, b.Identity)) })
	out = out[:min(len(out), most)]
	ids := make([]social.IdentityID, len(out))
	for i, a := range out {
		ids[i] = a.Identity
	}
	names, err := x.Store.Names(ctx, ids)
	for i := range out {
		out[i].Author, out[i].Reach = names[out[i].Identity].Author, names[out[i].Identity].Reach
	}
	return out, err
}

// Trend is a value's way through a span: how much, how that changes, and how
// the change changes.
func (x *Explorer) Trend(ctx context.Context, of listen.Subject, name, value string, ask SpanAsk) (Span, []listen.Part, error) {
	p, err := SpanOf(ask, x.Clock.Now())
	if err != nil {
		return p, nil, err
	}
	if facetNames[name] == 0 {
		return p, nil, &social.Error{Kind: social.Invalid, Field: "facet", Text: "Nothing of this name is counted."}
	}
	subjects, err := x.Heard.Subjects(ctx, of)
	if err != nil {
		return p, nil, err
	}
	var tallies []listen.Tally
	if name == listen.FacetChannel && of.Monitor == "" {
		if !slices.Contains(subjects, value) {
			return p, nil, social.Errorf(social.NotFound, "There is no such channel.")
		}
		tallies, err = x.Store.Tallies(ctx, []string{value}, p.From, p.To)
	} else {
		values := []string{value}
		if slices.Contains(listen.Levels, name) {
			name = listen.FacetPlace
			if values, err = x.placesOf(ctx, subjects, value, p); err != nil {
				return p, nil, err
			}
		}
		var facets []listen.Facet
		facets, err = x.Store.FacetSteps(ctx, subjects, name, values, p.From, p.To, false)
		for _, f := range facets {
			tallies = append(tallies, listen.Tally{Hour: f.Hour, Count: f.Count, Negative: f.Negative, Neutral: f.Neutral, Positive: f.Positive})
		}
	}
	return p, stepsOf(tallies, p.edges), err
}

// Voice is what a monitor has of all that several were about.
type Voice struct {
	listen.Monitor
	listen.Felt
	Previous int
	Steps    []int
}

// voiceMost is how many monitors are followed along a span.
const voiceMost = 8

// VoiceOf compares monitors: those asked for, else those of a kind, else all
// about a brand or a competitor. The first that have most are followed along
// the span, by days of UTC or hour by hour.
func (x *Explorer) VoiceOf(ctx context.Context, ids []social.MonitorID, kind listen.MonitorKind, ask SpanAsk) (Span, []Voice, []time.Time, error) {
	p, err := SpanOf(ask, x.Clock.Now())
	if err != nil {
		return p, nil, nil, err
	}
	var out []Voice
	var subjects []string
	for _, m := range x.Heard.MonitorsSeen(ctx) {
		if len(ids) > 0 && !slices.Contains(ids, m.ID) || len(ids) == 0 && kind != "" && m.Kind != kind ||
			len(ids) == 0 && kind == "" && m.Kind != listen.AboutBrand && m.Kind != listen.AboutCompetitor {
			continue
		}
		out, subjects = append(out, Voice{Monitor: m}), append(subjects, string(m.ID))
	}
	spans := p.stretches()
	now, err := x.Store.Sums(ctx, subjects, spans[0][0], spans[0][1])
	if err != nil {
		return p, nil, nil, err
	}
	before, err := x.Store.Sums(ctx, subjects, spans[1][0], spans[1][1])
	if err != nil {
		return p, nil, nil, err
	}
	for i := range out {
		out[i].Felt, out[i].Previous = now[string(out[i].ID)], before[string(out[i].ID)].Count
	}
	slices.SortStableFunc(out, func(a, b Voice) int { return b.Count - a.Count })
	at, err := x.voiceSteps(ctx, out[:min(len(out), voiceMost)], p)
	return p, out, at, err
}

func (x *Explorer) voiceSteps(ctx context.Context, top []Voice, p Span) ([]time.Time, error) {
	var subjects []string
	for i := range top {
		top[i].Steps = make([]int, len(p.edges)-1)
		subjects = append(subjects, string(top[i].ID))
	}
	tallies, err := x.Store.Tallies(ctx, subjects, p.From, p.To)
	for _, t := range tallies {
		if i := step(p.edges, t.Hour); i >= 0 {
			top[slices.Index(subjects, t.Subject)].Steps[i] += t.Count
		}
	}
	return p.edges, err
}
