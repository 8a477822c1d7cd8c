package listen

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Filter chooses what of the wall is shown; empty fields choose all.
type Filter struct {
	Monitor   social.MonitorID
	Query     string
	Channel   social.ChannelID
	Programme social.ProgrammeID // of the channel on which it was heard
	Places    []social.PlaceID   // any of these: a branch, a city or a country with all in it
	Reviews   bool               // only what has a rating
	Stars     int                // only ratings of so many stars, rounded; 0 for all
	Lang      string
	Sentiment string // NoSentiment for what has none
	Intent    string
	Emotion   string // the one that stands out
	Toxicity  string
	Topic     string
	Entity    string // kind:name, as in the facets
	Reach     string // one of Reaches
	Author    social.IdentityID
	Slot      *Slot
	Zone      *time.Location // of Slot; nil is UTC
	Counted   bool           // only what the counts of all speak of: what stands on channels that the actor may see
	Since     time.Time
	Until     time.Time
}

// NoSentiment asks for what has no sentiment: no model for the language, or
// not read yet.
const NoSentiment = "none"

// read is the sentiment that the store can choose by itself.
func (f Filter) read() string {
	if f.Sentiment == NoSentiment {
		return ""
	}
	return f.Sentiment
}

// Slot is an hour of the week.
type Slot struct {
	Day  time.Weekday
	Hour int
}

// SlotOf says into which hour of the week a moment falls. A moment counts by
// the hour (UTC) in which the rollups have it, also where a zone's hours begin
// at half past.
func SlotOf(t time.Time, zone *time.Location) Slot {
	at := t.UTC().Truncate(time.Hour).In(zone)
	return Slot{at.Weekday(), at.Hour()}
}

// ParseSlot reads an hour of the week: "1-14" is Monday from 14 to 15.
func ParseSlot(text string) (*Slot, error) {
	if text == "" {
		return nil, nil
	}
	d, h, ok := strings.Cut(text, "-")
	weekday, err1 := strconv.Atoi(d)
	hour, err2 := strconv.Atoi(h)
	if !ok || err1 != nil || err2 != nil || weekday < 0 || weekday > 6 || hour < 0 || hour > 23 {
		return nil, &social.Error{Kind: social.Invalid, Field: "slot", Text: "An hour of the week is like 1-14: Monday from 14 to 15."}
	}
	return &Slot{time.Weekday(weekday), hour}, nil
}

// ParseZone reads the name of a time zone such as Europe/Berlin; "" is UTC.
func ParseZone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, &social.Error{Kind: social.Invalid, Field: "tz", Text: "A time zone is named like Europe/Berlin."}
	}
	return zone, nil
}

// dimension is one way to look at lines: the values that a line has, and the
// one that was chosen.
type dimension struct {
	name   string
	chosen string
	values func(l Line) []string
	same   func(chosen, value string) bool // nil: equal
}

func (d dimension) passes(l Line) bool {
	if d.chosen == "" {
		return true
	}
	return slices.ContainsFunc(d.values(l), func(v string) bool {
		if d.same != nil {
			return d.same(d.chosen, v)
		}
		return v == d.chosen
	})
}

type dimensions []dimension

func (ds dimensions) chosen() dimensions {
	return slices.DeleteFunc(slices.Clone(ds), func(d dimension) bool { return d.chosen == "" })
}

func (ds dimensions) pass(l Line) bool {
	for _, d := range ds {
		if !d.passes(l) {
			return false
		}
	}
	return true
}

// dimensions are the ways in which the wall can be narrowed down, in the order
// in which they are shown. A line passes by the same rules by which facetsOf
// counts it.
func (s *Station) dimensions(f Filter) dimensions {
	one := func(get func(l Line) string) func(Line) []string {
		return func(l Line) []string { return []string{get(l)} }
	}
	some := func(get func(l Line) string) func(Line) []string {
		return func(l Line) []string {
			if v := get(l); v != "" {
				return []string{v}
			}
			return nil
		}
	}
	zone := f.Zone
	if zone == nil {
		zone = time.UTC
	}
	places := make([]string, len(f.Places))
	for i, p := range f.Places {
		places[i] = string(p)
	}
	slot := ""
	if f.Slot != nil {
		slot = f.Slot.String()
	}
	return dimensions{
		{name: FacetChannel, chosen: string(f.Channel), values: one(func(l Line) string { return string(l.Channel) })},
		{name: "programme", chosen: string(f.Programme), values: func(l Line) []string {
			if c, _ := s.ChannelInfo(l.Channel); c.Programme != "" {
				return []string{string(c.Programme)}
			}
			return nil
		}},
		{name: FacetLang, chosen: f.Lang, values: one(func(l Line) string { return langOf(l.Lang, &l.Reading) }), same: sameLang},
		{name: "sentiment", chosen: f.Sentiment, values: one(func(l Line) string {
			if l.Reading.Sentiment == "" {
				return NoSentiment
			}
			return l.Reading.Sentiment
		})},
		{name: FacetIntent, chosen: f.Intent, values: func(l Line) []string { return l.Reading.Intents }},
		{name: FacetEmotion, chosen: f.Emotion, values: some(func(l Line) string { return l.Reading.Emotion })},
		{name: FacetTopic, chosen: f.Topic, values: func(l Line) []string { return l.Reading.Topics }},
		{name: FacetEntity, chosen: f.Entity, values: func(l Line) []string { return l.Reading.Entities }},
		{name: FacetToxicity, chosen: f.Toxicity, values: some(func(l Line) string { return l.Reading.Toxicity })},
		{name: FacetPlace, chosen: strings.Join(places, ","), values: func(l Line) []string { return s.levels(l.Tied) },
			same: func(chosen, value string) bool { return slices.Contains(places, value) }},
		{name: FacetReach, chosen: f.Reach, values: one(func(l Line) string { return reachOf(l.Reach) })},
		{name: "slot", chosen: slot, values: one(func(l Line) string { return SlotOf(l.Published, zone).String() })},
	}
}

// String writes a slot as ParseSlot reads it.
func (s Slot) String() string { return strconv.Itoa(int(s.Day)) + "-" + strconv.Itoa(s.Hour) }

// sameLang reports whether a language is the one asked for. Languages are
// told apart without script and region.
func sameLang(want, is string) bool { return langOf(want, nil) == is }

// on lists the channels to which a filter keeps the wall; nil for all.
func (s *Station) on(ctx context.Context, f Filter) []social.ChannelID {
	scope := social.ScopeOf(ctx)
	if f.Channel == "" && f.Programme == "" && (!f.Counted || scope.All) {
		return nil
	}
	out := []social.ChannelID{}
	for _, l := range s.lines() {
		c := l.snapshot()
		if (f.Channel == "" || c.ID == f.Channel) && (f.Programme == "" || c.Programme == f.Programme) &&
			(!f.Counted || scope.Sees(c.Programme)) {
			out = append(out, c.ID)
		}
	}
	return out
}

// Subject is what is looked at: a monitor, a channel, a programme's channels,
// or, for the zero value, all channels that the actor may see.
type Subject struct {
	Monitor   social.MonitorID
	Channel   social.ChannelID
	Programme social.ProgrammeID
}

// Filter is the list that agrees with the counts of a subject.
func (s Subject) Filter() Filter {
	return Filter{Monitor: s.Monitor, Channel: s.Channel, Programme: s.Programme, Counted: s.Monitor == ""}
}

// Subjects are the keys under which a subject is counted.
func (s *Station) Subjects(ctx context.Context, of Subject) ([]string, error) {
	if of.Monitor != "" {
		if of.Channel != "" || of.Programme != "" {
			return nil, social.Errorf(social.Invalid, "Look at a monitor, a channel or a programme, not at several at once.")
		}
		_, err := s.MonitorByID(ctx, of.Monitor)
		return []string{string(of.Monitor)}, err
	}
	var out []string
	for _, c := range s.on(ctx, Filter{Channel: of.Channel, Programme: of.Programme, Counted: true}) {
		out = append(out, string(c))
	}
	if of == (Subject{}) {
		return s.subjects(ctx, ""), nil
	}
	if of.Channel != "" && len(out) == 0 {
		return nil, social.Errorf(social.NotFound, "There is no such channel.")
	}
	if of.Programme != "" && !social.ScopeOf(ctx).Sees(of.Programme) {
		return nil, social.Errorf(social.NotFound, "There is no such programme.")
	}
	return out, nil
}

// Lines returns the newest lines that a filter of subject, time and author
// chooses, at most limit.
func (s *Station) Lines(ctx context.Context, f Filter, limit int) ([]Line, error) {
	w, _, err := s.ask(ctx, f)
	if err != nil {
		return nil, err
	}
	w.On = s.on(ctx, f)
	return s.store.Wall(ctx, w, limit)
}
