package listenapi

import (
	"context"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/explore"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// ValueCount is how much has a value.
type ValueCount struct {
	Value string `json:"value"`
	Name  string `json:"name,omitempty" doc:"Of a channel, a programme or a place."`
	Count int    `json:"count"`
}

// FacetCount is one way in which a search can be narrowed down further.
type FacetCount struct {
	Name   string       `json:"name" doc:"channel, programme, lang, sentiment, intent, reach …"`
	Values []ValueCount `json:"values"`
}

// SpanCount is how much was published from a moment to before another.
type SpanCount struct {
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
	Count int       `json:"count"`
}

// Survey is what a search comes to.
type Survey struct {
	Total  int          `json:"total"`
	Exact  bool         `json:"exact" doc:"All was looked at. Otherwise the counts are of the newest posts only."`
	Looked int          `json:"looked" doc:"How many posts were looked at."`
	Back   *time.Time   `json:"back,omitempty" doc:"How far back, where not all was looked at."`
	Facets []FacetCount `json:"facets"`
	Steps  []SpanCount  `json:"steps" doc:"Along time."`
}

func (a *api) countMentions(ctx context.Context, in *FilterIn) (*server.Body[Survey], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	s, err := a.station.Survey(ctx, f)
	if err != nil {
		return nil, err
	}
	out := Survey{Total: s.Total, Exact: s.Exact, Looked: s.Looked, Facets: []FacetCount{}, Steps: []SpanCount{}}
	if !s.Exact {
		out.Back = &s.Back
	}
	for _, d := range s.Dimensions {
		fc := FacetCount{Name: d.Name, Values: []ValueCount{}}
		for _, v := range d.Values {
			fc.Values = append(fc.Values, ValueCount{Value: v.Value, Count: v.Count})
		}
		if err := a.nameValues(ctx, fc.Name, fc.Values); err != nil {
			return nil, err
		}
		out.Facets = append(out.Facets, fc)
	}
	for _, p := range s.Steps {
		out.Steps = append(out.Steps, SpanCount{p.At, p.Until, p.Count})
	}
	return &server.Body[Survey]{Body: out}, nil
}

// nameValues gives channels and programmes their names.
func (a *api) nameValues(ctx context.Context, facet string, values []ValueCount) error {
	switch facet {
	case "channel":
		for i, v := range values {
			c, _ := a.station.ChannelInfo(social.ChannelID(v.Value))
			values[i].Name = c.Name
		}
	case listen.LevelBranch, listen.LevelCity, listen.LevelCountry:
		for i, v := range values {
			if v.Count > 0 || facet != listen.LevelBranch { // whose posts one does not see, their branch has no name
				values[i].Name, _ = a.station.PlaceCalled(social.PlaceID(v.Value))
			}
		}
	case "programme":
		ids := make([]social.ProgrammeID, len(values))
		for i, v := range values {
			ids[i] = social.ProgrammeID(v.Value)
		}
		names, err := a.programmes(ctx, ids)
		if err != nil {
			return err
		}
		for i, v := range values {
			if r := names[social.ProgrammeID(v.Value)]; r != nil {
				values[i].Name = r.Name
			}
		}
	}
	return nil
}

// SpanIn chooses a stretch of time.
type SpanIn struct {
	Range string    `query:"range" enum:"24h,7d,30d,90d" doc:"The last so many hours or days; 30d where nothing is said."`
	From  time.Time `query:"from" doc:"Or a stretch of one's own, at most 400 days."`
	To    time.Time `query:"to"`
	TZ    string    `query:"tz" maxLength:"64" doc:"The time zone whose days are meant, such as Europe/Berlin; UTC if left out."`
}

func (in *SpanIn) ask() (explore.SpanAsk, error) {
	zone, err := listen.ParseZone(in.TZ)
	a := explore.SpanAsk{Range: in.Range, From: in.From, To: in.To, Zone: zone}
	if a.Range == "" && a.From.IsZero() && a.To.IsZero() {
		a.Range = "30d"
	}
	return a, err
}

// SubjectIn chooses what is looked at; all that you may see if nothing is said.
type SubjectIn struct {
	Monitor   string `query:"monitor" maxLength:"64"`
	Channel   string `query:"channel" maxLength:"64"`
	Programme string `query:"programme" maxLength:"64" doc:"What was heard on a programme's channels."`
}

func (in *SubjectIn) subject() listen.Subject {
	return listen.Subject{Monitor: social.MonitorID(in.Monitor), Channel: social.ChannelID(in.Channel), Programme: social.ProgrammeID(in.Programme)}
}

// Amount is how much was said, and how it sounded.
type Amount struct {
	Count    int `json:"count"`
	Negative int `json:"negative"`
	Neutral  int `json:"neutral"`
	Positive int `json:"positive"`
	Unknown  int `json:"unknown" doc:"Without a sentiment."`
}

func amount(f listen.Felt) Amount {
	return Amount{f.Count, f.Negative, f.Neutral, f.Positive, max(0, f.Count-f.Negative-f.Neutral-f.Positive)}
}

// ExploreStep is a step of the stretch.
type ExploreStep struct {
	At    time.Time `json:"at"`
	Until time.Time `json:"until"`
	Amount
}

// ExploreValue is how much of the stretch has a value.
type ExploreValue struct {
	Value string `json:"value"`
	Name  string `json:"name,omitempty"`
	Amount
	Previous int   `json:"previous" doc:"In the stretch before, as far as this one has come."`
	Before   int   `json:"before" doc:"In the one before that."`
	Steps    []int `json:"steps,omitempty" doc:"Along the stretch, of what is followed."`
}

// ExploreFacet are the values of a facet that have most.
type ExploreFacet struct {
	Name   string         `json:"name"`
	Values []ExploreValue `json:"values"`
}

// ExploreSlot is an hour of the week.
type ExploreSlot struct {
	Day  int `json:"day" doc:"0 is Sunday."`
	Hour int `json:"hour"`
	Amount
}

// ExploreAuthor is somebody who said much.
type ExploreAuthor struct {
	Author
	Reach int `json:"reach"`
	Amount
}

// Explored is what a stretch of time comes to.
type Explored struct {
	From          time.Time       `json:"from"`
	To            time.Time       `json:"to"`
	Until         time.Time       `json:"until" doc:"How far it has come."`
	Step          string          `json:"step" doc:"hour or day."`
	Total         Amount          `json:"total"`
	Previous      Amount          `json:"previous" doc:"The stretch before, as far as this one has come."`
	Before        Amount          `json:"before" doc:"The one before that."`
	Steps         []ExploreStep   `json:"steps"`
	StepsPrevious []ExploreStep   `json:"steps_previous"`
	Facets        []ExploreFacet  `json:"facets"`
	Slots         []ExploreSlot   `json:"slots"`
	Authors       []ExploreAuthor `json:"authors"`
	AuthorsOf     int             `json:"authors_of" doc:"0: of all; else of the newest so many posts of a part of a day."`
	ReadAt        time.Time       `json:"read_at"`
}

type exploreIn struct {
	SubjectIn
	SpanIn
}

func (a *api) exploreSpan(ctx context.Context, in *exploreIn) (*server.Body[Explored], error) {
	ask, err := in.ask()
	if err != nil {
		return nil, err
	}
	e, err := a.explorer.Explore(ctx, in.subject(), ask)
	if err != nil {
		return nil, err
	}
	out := Explored{From: e.From.UTC(), To: e.To.UTC(), Until: e.Until.UTC(), Step: stepName(e.Span), Total: amount(e.Total), Previous: amount(e.Previous), Before: amount(e.Before),
		Steps: exploreSteps(e.Steps), StepsPrevious: exploreSteps(e.StepsBefore), Facets: []ExploreFacet{}, Slots: []ExploreSlot{},
		Authors: []ExploreAuthor{}, AuthorsOf: e.AuthorsOf, ReadAt: a.station.Now().UTC()}
	for _, name := range explore.FacetOrder {
		values := e.Facets[name]
		if len(values) == 0 {
			continue
		}
		f := ExploreFacet{Name: name, Values: make([]ExploreValue, len(values))}
		named := make([]ValueCount, len(values))
		for i, v := range values {
			f.Values[i] = ExploreValue{Value: v.Value, Amount: amount(v.Felt), Previous: v.Previous, Before: v.Before, Steps: v.Steps}
			named[i].Value, named[i].Count = v.Value, v.Count
		}
		if err := a.nameValues(ctx, name, named); err != nil {
			return nil, err
		}
		for i := range named {
			f.Values[i].Name = named[i].Name
		}
		out.Facets = append(out.Facets, f)
	}
	for _, x := range e.Slots {
		out.Slots = append(out.Slots, ExploreSlot{int(x.Day), x.Hour, amount(x.Felt)})
	}
	out.Authors, err = a.exploreAuthors(ctx, e.Authors)
	return &server.Body[Explored]{Body: out}, err
}

func stepName(p explore.Span) string {
	if p.Hourly {
		return "hour"
	}
	return "day"
}

func exploreSteps(parts []listen.Part) []ExploreStep {
	out := make([]ExploreStep, len(parts))
	for i, p := range parts {
		out[i] = ExploreStep{p.At.UTC(), p.Until.UTC(), amount(p.Felt)}
	}
	return out
}

func (a *api) exploreAuthors(ctx context.Context, authors []listen.AuthorShare) ([]ExploreAuthor, error) {
	out := make([]ExploreAuthor, len(authors))
	who := make([]social.IdentityID, len(authors))
	for i, x := range authors {
		who[i] = x.Identity
	}
	if len(who) == 0 {
		return out, nil
	}
	persons, err := a.around.Persons(ctx, who)
	for i, x := range authors {
		out[i] = ExploreAuthor{Reach: x.Reach, Amount: amount(x.Felt), Author: Author{Identity: x.Identity, Person: persons[x.Identity],
			Name: x.Author.Label(), Handle: x.Author.Handle, URL: x.Author.URL, Avatar: x.Author.Avatar, Followers: x.Author.Followers, Bot: x.Author.Bot}}
	}
	return out, err
}

// Trend is one value's way through a stretch of time.
type Trend struct {
	Step  string        `json:"step"`
	Until time.Time     `json:"until" doc:"How far the stretch has come."`
	Steps []ExploreStep `json:"steps"`
}

type trendIn struct {
	SubjectIn
	SpanIn
	Facet string `query:"facet" required:"true" maxLength:"32"`
	Value string `query:"value" required:"true" maxLength:"300"`
}

func (a *api) exploreTrend(ctx context.Context, in *trendIn) (*server.Body[Trend], error) {
	ask, err := in.ask()
	if err != nil {
		return nil, err
	}
	p, parts, err := a.explorer.Trend(ctx, in.subject(), in.Facet, in.Value, ask)
	if err != nil {
		return nil, err
	}
	return &server.Body[Trend]{Body: Trend{Step: stepName(p), Until: p.Until.UTC(), Steps: exploreSteps(parts)}}, nil
}

// VoiceShare is what a monitor has of all that several were about.
type VoiceShare struct {
	ID   social.MonitorID   `json:"id"`
	Name string             `json:"name"`
	Kind listen.MonitorKind `json:"kind"`
	Amount
	Previous int   `json:"previous"`
	Steps    []int `json:"steps,omitempty" doc:"Along the stretch, of those that have most."`
}

// VoiceShares are monitors compared with each other.
type VoiceShares struct {
	Step     string       `json:"step"`
	At       []time.Time  `json:"at" doc:"Where each step begins, and where the last ends."`
	Until    time.Time    `json:"until"`
	Total    int          `json:"total" doc:"The sum. A post that several monitors found counts for each."`
	Previous int          `json:"previous"`
	Monitors []VoiceShare `json:"monitors" doc:"Those that have most first."`
	More     int          `json:"more" doc:"How many are not listed; they count in total."`
}

// voicesListed is how many monitors one answer lists.
const voicesListed = 100

type voiceIn struct {
	SpanIn
	Monitors string `query:"monitors" maxLength:"4000" doc:"Ids with commas between; brands and competitors if left out."`
	Kind     string `query:"kind" enum:"brand,competitor,topic,other"`
}

func (a *api) exploreVoice(ctx context.Context, in *voiceIn) (*server.Body[VoiceShares], error) {
	ask, err := in.ask()
	if err != nil {
		return nil, err
	}
	var ids []social.MonitorID
	for id := range strings.SplitSeq(in.Monitors, ",") {
		if id = strings.TrimSpace(id); id != "" {
			ids = append(ids, social.MonitorID(id))
		}
	}
	p, all, at, err := a.explorer.VoiceOf(ctx, ids, listen.MonitorKind(in.Kind), ask)
	if err != nil {
		return nil, err
	}
	out := VoiceShares{Step: stepName(p), At: []time.Time{}, Until: p.Until.UTC(), Monitors: []VoiceShare{}, More: max(0, len(all)-voicesListed)}
	for _, t := range at {
		out.At = append(out.At, t.UTC())
	}
	for i, v := range all {
		out.Total += v.Count
		out.Previous += v.Previous
		if i < voicesListed {
			out.Monitors = append(out.Monitors, VoiceShare{ID: v.ID, Name: v.Name, Kind: v.Kind, Amount: amount(v.Felt), Previous: v.Previous, Steps: v.Steps})
		}
	}
	return &server.Body[VoiceShares]{Body: out}, nil
}

// Burst is what people suddenly speak of.
type Burst struct {
	Words []string `json:"words"`
	Query string   `json:"query" doc:"Finds its posts."`
	Times float64  `json:"times" doc:"How many times as often as before; 0 when nobody said it before."`
	Exact bool     `json:"exact" doc:"All was looked at; otherwise count is of the newest posts."`
	Amount
	Steps []SpanCount `json:"steps"`
}

// Bursts are what people suddenly speak of, what most speak of first.
type Bursts struct {
	Items []Burst `json:"items"`
}

func (a *api) exploreBursts(ctx context.Context, in *exploreIn) (*server.Body[Bursts], error) {
	ask, err := in.ask()
	if err != nil {
		return nil, err
	}
	_, all, err := a.explorer.Bursts(ctx, in.subject(), ask)
	if err != nil {
		return nil, err
	}
	out := Bursts{Items: []Burst{}}
	for _, b := range all {
		x := Burst{Words: b.Words, Query: b.Query, Times: b.Times, Exact: b.Exact, Amount: amount(b.Felt), Steps: []SpanCount{}}
		for _, p := range b.Survey.Steps {
			x.Steps = append(x.Steps, SpanCount{p.At, p.Until, p.Count})
		}
		out.Items = append(out.Items, x)
	}
	return &server.Body[Bursts]{Body: out}, nil
}
