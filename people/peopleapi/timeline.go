package peopleapi

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Moment is one thing on a timeline.
type Moment struct {
	ID           string                `json:"id"`
	At           time.Time             `json:"at"`
	Kind         string                `json:"kind" enum:"said,answered,note,click,conversion,merge,order,opportunity,about,goal,promise,file"`
	Text         string                `json:"text"`
	With         []With                `json:"with,omitempty" doc:"What came with it, at most twenty."`
	Channel      *social.ChannelRef    `json:"channel,omitempty"`
	Conversation social.ConversationID `json:"conversation,omitempty"`
	Activity     social.ActivityID     `json:"activity,omitempty"`
	Sentiment    *social.Label         `json:"sentiment,omitempty"`
	By           *social.MemberRef     `json:"by,omitempty"`
	URL          string                `json:"url,omitempty"`
	Value        float64               `json:"value,omitempty"`
	Currency     string                `json:"currency,omitempty"`
	Amount       int64                 `json:"amount,omitempty" doc:"Of an order or opportunity, in minor units."`
	State        string                `json:"state,omitempty" doc:"Of an order, opportunity, goal or promise."`
	Object       string                `json:"object,omitempty" doc:"Id of the order, opportunity or file."`
	Why          Why                   `json:"why" doc:"Why it stands on this timeline."`
}

// With is a file or a line of an order that came with a moment.
type With struct {
	Kind string `json:"kind" enum:"file,line"`
	Text string `json:"text"`
}

// Why says how a moment came to this person.
type Why struct {
	Identity social.IdentityID `json:"identity,omitempty" doc:"The account of theirs by which it came."`
	Merge    *Merge            `json:"merge,omitempty" doc:"The merge that brought that account, or what was kept of the other person."`
}

type timelineIn struct {
	ID social.PersonID `path:"id"`
	server.Paging
	Q        string             `query:"q" maxLength:"200" doc:"Words, or beginnings of words, of what was said, noted or ordered, or of names of files."`
	Kinds    []string           `query:"kinds" maxItems:"12" doc:"Only these kinds, separated by commas."`
	Channels []social.ChannelID `query:"channels" maxItems:"50" doc:"Only what was said on these, separated by commas."`
	About    string             `query:"about" maxLength:"100" doc:"Only what they said about this: intent:complaint, topic:shipping."`
	Since    time.Time          `query:"since" doc:"Nothing older."`
	Until    time.Time          `query:"until" doc:"Only what is older."`
}

// Story is a page of a timeline.
type Story struct {
	Items  []Moment `json:"items"`
	Next   string   `json:"next,omitempty"`
	Looked int      `json:"looked" doc:"How many moments were looked at for this page. It may have few, or none, and yet a next."`
}

func (a *api) timeline(ctx context.Context, in *timelineIn) (*server.Body[Story], error) {
	before, beforeID, err := decodePoint(in.Cursor)
	if err != nil {
		return nil, err
	}
	if in.Cursor == "" {
		before = in.Until
	}
	for _, k := range in.Kinds {
		if !slices.Contains(people.Kinds, k) {
			return nil, &social.Error{Kind: social.Invalid, Field: "kinds", Text: "A timeline has the kinds " + strings.Join(people.Kinds, ", ") + "."}
		}
	}
	limit := in.Limit
	if limit <= 0 {
		limit = 30
	}
	story, err := a.book.Timeline(ctx, in.ID, people.Look{Words: in.Q, About: in.About, Kinds: in.Kinds, Channels: in.Channels, Since: in.Since,
		Before: before, BeforeID: beforeID, Limit: limit})
	if err != nil {
		return nil, err
	}
	var channels []social.ChannelID
	for _, m := range story.Moments {
		channels = append(channels, m.Channel)
	}
	refs, err := a.around.Channels(ctx, channels)
	if err != nil {
		return nil, err
	}
	out := Story{Items: make([]Moment, len(story.Moments)), Looked: story.Looked}
	if !story.Next.IsZero() {
		out.Next = encodePoint(people.Moment{At: story.Next, ID: story.NextID})
	}
	for i, m := range story.Moments {
		out.Items[i] = momentOf(m, refs)
		if m.Kind == "file" {
			out.Items[i].URL = a.srv.ShowFile(social.File{ID: social.FileID(m.Object), Name: m.Text}).URL
		}
	}
	return &server.Body[Story]{Body: out}, nil
}

// withMost is how much of what came with a moment is shown.
const withMost = 20

func momentOf(m people.Moment, refs map[social.ChannelID]social.ChannelRef) Moment {
	out := Moment{ID: m.ID, At: m.At, Kind: m.Kind, Text: m.Text, Conversation: m.Conversation, Activity: m.Activity,
		Sentiment: m.Sentiment, URL: m.URL, Value: m.Value, Currency: m.Currency, Amount: m.Minor, State: m.State, Object: m.Object, Why: Why{Identity: m.Identity}}
	for _, w := range m.With[:min(len(m.With), withMost)] {
		out.With = append(out.With, With(w))
	}
	if ref, ok := refs[m.Channel]; ok {
		out.Channel = &ref
	}
	if m.By != "" || m.ByName != "" {
		out.By = &social.MemberRef{ID: m.By, Name: m.ByName}
	}
	if j := m.Joined; j != nil {
		merge := mergeOf(*j)
		out.Why.Merge = &merge
	}
	return out
}

type habitsIn struct {
	ID   social.PersonID `path:"id"`
	Zone string          `query:"zone" maxLength:"60" doc:"Whose hours, such as Europe/Berlin; UTC if none is given."`
}

// Habits is when somebody writes, where and what about.
type Habits struct {
	Count    int              `json:"count" doc:"How many things they said this rests on: of the last year, at most 5,000."`
	Since    time.Time        `json:"since"`
	Hours    [][]int          `json:"hours" doc:"Seven days from Monday, 24 hours each."`
	About    []Often          `json:"about" doc:"intent:complaint, topic:shipping and so on, the most often first."`
	Channels []OftenOnChannel `json:"channels"`
}

// Often is a label with how often they spoke of it.
type Often struct {
	Label string `json:"label"`
	Count int    `json:"count"`
}

// OftenOnChannel is a channel with how often they spoke there.
type OftenOnChannel struct {
	Channel social.ChannelRef `json:"channel"`
	Count   int               `json:"count"`
}

func (a *api) habits(ctx context.Context, in *habitsIn) (*server.Body[Habits], error) {
	zone := time.UTC
	if in.Zone != "" {
		var err error
		if zone, err = time.LoadLocation(in.Zone); err != nil || in.Zone == "Local" {
			return nil, &social.Error{Kind: social.Invalid, Field: "zone", Text: "Give a zone such as Europe/Berlin."}
		}
	}
	p, err := a.book.Person(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	ids := make([]social.IdentityID, len(p.Identities))
	for i, x := range p.Identities {
		ids[i] = x.ID
	}
	h, err := a.around.Habits(ctx, ids, zone)
	if err != nil {
		return nil, err
	}
	channels := make([]social.ChannelID, len(h.Channels))
	for i, c := range h.Channels {
		channels[i] = c.Of
	}
	refs, err := a.around.Channels(ctx, channels)
	if err != nil {
		return nil, err
	}
	out := Habits{Count: h.N, Since: h.Since, About: []Often{}, Channels: []OftenOnChannel{}}
	for _, day := range h.Hours {
		out.Hours = append(out.Hours, day[:])
	}
	for _, x := range h.About {
		out.About = append(out.About, Often{x.Of, x.N})
	}
	for _, c := range h.Channels {
		if ref, ok := refs[c.Of]; ok {
			out.Channels = append(out.Channels, OftenOnChannel{ref, c.N})
		}
	}
	return &server.Body[Habits]{Body: out}, nil
}
