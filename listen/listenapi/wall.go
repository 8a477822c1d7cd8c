package listenapi

import (
	"context"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Author is who said something.
type Author struct {
	Identity  social.IdentityID `json:"identity"`
	Person    social.PersonID   `json:"person,omitempty"`
	Name      string            `json:"name"`
	Handle    string            `json:"handle"`
	URL       string            `json:"url,omitempty"`
	Avatar    string            `json:"avatar,omitempty"`
	Followers int               `json:"followers"`
	Bot       bool              `json:"bot,omitempty"`
}

// Mention is something that somebody said, as it stands on the wall.
type Mention struct {
	ID           social.ActivityID     `json:"id"`
	Channel      social.ChannelRef     `json:"channel"`
	Author       Author                `json:"author"`
	Title        string                `json:"title,omitempty"`
	Text         string                `json:"text"`
	Hits         [][2]int              `json:"hits" doc:"Places in the text that were looked for: from and to, in characters."`
	Lang         string                `json:"lang" doc:"BCP 47; und if unknown."`
	Sentiment    *social.Label         `json:"sentiment,omitempty" doc:"Left out where the language has no model, and before it is read."`
	Emotions     []social.Label        `json:"emotions,omitempty" doc:"All four, strongest first. Left out where the language has no model."`
	Emotion      *social.Label         `json:"emotion,omitempty" doc:"The emotion that stands out, if one does."`
	Intents      []social.Label        `json:"intents"`
	Toxicity     *social.Label         `json:"toxicity,omitempty" doc:"offensive or not-offensive. Left out where the language has no model."`
	Entities     []social.Entity       `json:"entities" doc:"What the text names, in its order."`
	Topics       []social.Label        `json:"topics" doc:"What it is about, strongest first."`
	Model        string                `json:"model"`
	Corrected    []string              `json:"corrected,omitempty" doc:"The parts that a person said instead of a model."`
	URL          string                `json:"url,omitempty"`
	Form         social.Form           `json:"form"`
	Visibility   social.Visibility     `json:"visibility"`
	Rating       *float64              `json:"rating,omitempty"`
	Reach        int                   `json:"reach"`
	Likes        int                   `json:"likes"`
	Shares       int                   `json:"shares" doc:"How often it was shared: as the network counts, or as many as are known where those are more."`
	SharedBy     int                   `json:"shared_by" doc:"Of how many shares it is known whose they are."`
	PublishedAt  time.Time             `json:"published_at"`
	ReceivedAt   time.Time             `json:"received_at"`
	EditedAt     *time.Time            `json:"edited_at,omitempty"`
	DeletedAt    *time.Time            `json:"deleted_at,omitempty"`
	Monitors     []Ref                 `json:"monitors"`
	Conversation social.ConversationID `json:"conversation,omitempty"`
	Place        *Tie                  `json:"place,omitempty" doc:"Of which place it speaks; left out when nothing says so."`
	Directed     bool                  `json:"directed"`
	Own          bool                  `json:"own"`
}

// MentionDetail is a mention with its thread.
type MentionDetail struct {
	Mention
	Thread []Mention `json:"thread" doc:"The oldest first, this mention among them."`
}

// FilterIn chooses among mentions.
type FilterIn struct {
	Monitor   string    `query:"monitor" maxLength:"64"`
	Q         string    `query:"q" maxLength:"10000" doc:"A query in the language of monitors."`
	Channel   string    `query:"channel" maxLength:"64"`
	Programme string    `query:"programme" maxLength:"64" doc:"Of the channel on which it was heard."`
	Place     string    `query:"place" maxLength:"1300" doc:"Of which place it speaks: a branch, a city (geo:ID) or a country (country:US), each with all in it. Several with commas between: any of them."`
	Lang      string    `query:"lang" maxLength:"35"`
	Sentiment string    `query:"sentiment" enum:"negative,neutral,positive,none" doc:"none: without a sentiment."`
	Intent    string    `query:"intent" maxLength:"64"`
	Emotion   string    `query:"emotion" enum:"anger,joy,optimism,sadness" doc:"The emotion that stands out."`
	Toxicity  string    `query:"toxicity" enum:"offensive,not-offensive"`
	Topic     string    `query:"topic" maxLength:"64"`
	Entity    string    `query:"entity" maxLength:"100" doc:"kind:name, such as place:Leeds."`
	Reach     string    `query:"reach" enum:"0,100,1000,10000,100000" doc:"How many follow the author: from this number to before the next."`
	Author    string    `query:"author" maxLength:"64" doc:"The identity of who said it."`
	Slot      string    `query:"slot" maxLength:"8" doc:"An hour of the week, such as 1-14: Monday from 14 to 15."`
	TZ        string    `query:"tz" maxLength:"64" doc:"The time zone of slot, such as Europe/Berlin; UTC if left out."`
	Counted   bool      `query:"counted" doc:"Only what the counts of all speak of: what stands on channels that you may see."`
	Since     time.Time `query:"since"`
	Until     time.Time `query:"until"`
}

// placesMost is how many places may be chosen at once.
const placesMost = 20

func (in *FilterIn) filter() (listen.Filter, error) {
	f := listen.Filter{
		Monitor: social.MonitorID(in.Monitor), Query: in.Q, Channel: social.ChannelID(in.Channel), Programme: social.ProgrammeID(in.Programme),
		Lang: in.Lang, Sentiment: in.Sentiment, Intent: in.Intent,
		Emotion: in.Emotion, Toxicity: in.Toxicity, Topic: in.Topic, Entity: in.Entity, Reach: in.Reach, Author: social.IdentityID(in.Author),
		Counted: in.Counted, Since: in.Since, Until: in.Until,
	}
	for id := range strings.SplitSeq(in.Place, ",") {
		if id = strings.TrimSpace(id); id != "" {
			f.Places = append(f.Places, social.PlaceID(id))
		}
	}
	if len(f.Places) > placesMost {
		return f, &social.Error{Kind: social.Invalid, Field: "place", Text: "Choose at most twenty places."}
	}
	var err error
	if f.Slot, err = listen.ParseSlot(in.Slot); err != nil {
		return f, err
	}
	f.Zone, err = listen.ParseZone(in.TZ)
	return f, err
}

type listMentionsIn struct {
	server.Paging
	FilterIn
}

func (a *api) listMentions(ctx context.Context, in *listMentionsIn) (*server.Body[server.Page[Mention]], error) {
	after, err := placeOf(in.Cursor)
	if err != nil {
		return nil, err
	}
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	page, err := a.station.Wall(ctx, f, after, pageSize(in.Limit))
	if err != nil {
		return nil, err
	}
	rows, err := a.mentions(ctx, page.Items)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Mention]]{Body: server.NewPage(rows, cursorOf(page.Next))}, nil
}

func (a *api) getMention(ctx context.Context, in *ByID) (*server.Body[MentionDetail], error) {
	item, err := a.station.MentionByID(ctx, social.ActivityID(in.ID))
	if err != nil {
		return nil, err
	}
	thread, err := a.station.Thread(ctx, item)
	if err != nil {
		return nil, err
	}
	rows, err := a.mentions(ctx, append(thread, item))
	if err != nil {
		return nil, err
	}
	last := len(rows) - 1
	return &server.Body[MentionDetail]{Body: MentionDetail{Mention: rows[last], Thread: rows[:last]}}, nil
}

// mentions adds to items what the other rooms know, in bulk.
func (a *api) mentions(ctx context.Context, items []listen.Item) ([]Mention, error) {
	out := make([]Mention, len(items))
	if len(items) == 0 {
		return out, nil
	}
	ids := make([]social.ActivityID, len(items))
	who := make([]social.IdentityID, 0, len(items))
	for i, it := range items {
		ids[i] = it.ID
		if it.Identity != "" {
			who = append(who, it.Identity)
		}
	}
	scores, err := a.around.Scores(ctx, ids)
	if err != nil {
		return nil, err
	}
	talks, err := a.around.Conversations(ctx, ids)
	if err != nil {
		return nil, err
	}
	persons, err := a.around.Persons(ctx, who)
	if err != nil {
		return nil, err
	}
	shared, err := a.station.SharesKnown(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, it := range items {
		out[i] = a.mention(it)
		m := &out[i]
		if it.Deleted.IsZero() {
			m.SharedBy = shared[it.ID]
			m.Shares = max(m.Shares, m.SharedBy)
		}
		m.Conversation, m.Author.Person = talks[it.ID], persons[it.Identity]
		if s, ok := scores[it.ID]; ok && it.Deleted.IsZero() {
			m.Sentiment, m.Model, m.Corrected = s.Sentiment, s.Model, s.Corrected
			m.Intents = append(m.Intents, s.Intents...)
			m.Emotions, m.Emotion, m.Toxicity = s.Emotions, s.Emotion(), s.Toxicity
			m.Entities, m.Topics = append(m.Entities, s.Entities...), append(m.Topics, s.Topics...)
			if s.Lang != "" && (s.Lang != "und" || m.Lang == "und") {
				m.Lang = s.Lang
			}
		}
	}
	return out, nil
}

func (a *api) mention(it listen.Item) Mention {
	c, _ := a.station.Ref(it.Channel)
	m := Mention{
		ID: it.ID, Channel: c,
		Author: Author{Identity: it.Identity, Name: it.Author.Label(), Handle: it.Author.Handle, URL: it.Author.URL,
			Avatar: it.Author.Avatar, Followers: it.Author.Followers, Bot: it.Author.Bot},
		Title: it.Title, Text: it.Text, Hits: [][2]int{}, Lang: it.Lang, Intents: []social.Label{}, Entities: []social.Entity{}, Topics: []social.Label{}, URL: it.URL, Form: it.Form,
		Visibility: it.Visibility, Reach: it.Reach, Likes: it.Likes, Shares: it.Shares, PublishedAt: it.Published, ReceivedAt: it.Received,
		EditedAt: server.When(it.Edited), DeletedAt: server.When(it.Deleted), Monitors: []Ref{}, Place: a.tie(it.Tie), Directed: it.Directed, Own: it.Own,
	}
	if m.Lang == "" {
		m.Lang = "und"
	}
	if it.Rating > 0 {
		m.Rating = &it.Rating
	}
	for _, h := range it.Hits {
		m.Hits = append(m.Hits, [2]int{h.Start, h.End})
	}
	for _, id := range it.Monitors {
		m.Monitors = append(m.Monitors, Ref{ID: string(id), Name: a.station.MonitorName(id)})
	}
	return m
}

// Point is a step of a series.
type Point struct {
	At       time.Time `json:"at"`
	Count    int       `json:"count"`
	Negative int       `json:"negative"`
	Neutral  int       `json:"neutral"`
	Positive int       `json:"positive"`
	Unknown  int       `json:"unknown" doc:"Without a sentiment: no model for the language, or not read yet."`
}

// Step is a step of the range before.
type Step struct {
	At    time.Time `json:"at"`
	Count int       `json:"count"`
}

// LangCount is how much was said in a language.
type LangCount struct {
	Lang  string `json:"lang"`
	Count int    `json:"count"`
}

// IntentCount is how often an intent was found.
type IntentCount struct {
	Label string `json:"label"`
	Count int    `json:"count"`
}

// LabelCount is how often something was found.
type LabelCount struct {
	Label string `json:"label"`
	Count int    `json:"count"`
}

func labelCounts(all []listen.Share) []LabelCount {
	out := make([]LabelCount, len(all))
	for i, l := range all {
		out[i] = LabelCount{l.Label, l.Count}
	}
	return out
}

// AuthorCount is how much somebody said.
type AuthorCount struct {
	Identity  social.IdentityID `json:"identity"`
	Person    social.PersonID   `json:"person,omitempty"`
	Name      string            `json:"name"`
	Handle    string            `json:"handle"`
	Followers int               `json:"followers"`
	Posts     int               `json:"posts"`
}

// Series is how much was said over a range.
type Series struct {
	Step      string        `json:"step" doc:"hour or day."`
	Points    []Point       `json:"points"`
	Previous  []Step        `json:"previous" doc:"The range before, as long."`
	Total     int           `json:"total"`
	Languages []LangCount   `json:"languages"`
	Authors   []AuthorCount `json:"authors" doc:"Who said most among the newest two thousand."`
	Intents   []IntentCount `json:"intents"`
	Emotions  []LabelCount  `json:"emotions" doc:"Emotions that stand out."`
	Topics    []LabelCount  `json:"topics"`
	Entities  []LabelCount  `json:"entities" doc:"What is named most, as kind:name."`
	Offensive int           `json:"offensive"`
}

// SeriesIn is the input of a series.
type SeriesIn struct {
	Range string `query:"range" enum:"24h,3d,30d" default:"24h"`
}

func (a *api) monitorSeries(ctx context.Context, in *struct {
	ByID
	SeriesIn
}) (*server.Body[Series], error) {
	return a.series(ctx, social.MonitorID(in.ID), in.Range)
}

func (a *api) wallSeries(ctx context.Context, in *SeriesIn) (*server.Body[Series], error) {
	return a.series(ctx, "", in.Range)
}

func (a *api) series(ctx context.Context, m social.MonitorID, span string) (*server.Body[Series], error) {
	s, err := a.station.SeriesOf(ctx, m, span)
	if err != nil {
		return nil, err
	}
	out := Series{Step: s.Step, Total: s.Total, Points: make([]Point, len(s.Points)), Previous: make([]Step, len(s.Previous)),
		Languages: []LangCount{}, Authors: []AuthorCount{}, Intents: []IntentCount{}}
	for i, p := range s.Points {
		out.Points[i] = Point{At: p.At, Count: p.Count, Negative: p.Negative, Neutral: p.Neutral, Positive: p.Positive,
			Unknown: max(0, p.Count-p.Negative-p.Neutral-p.Positive)}
	}
	for i, p := range s.Previous {
		out.Previous[i] = Step{At: p.At, Count: p.Count}
	}
	for _, l := range s.Languages {
		out.Languages = append(out.Languages, LangCount{l.Label, l.Count})
	}
	for _, l := range s.Intents {
		out.Intents = append(out.Intents, IntentCount{l.Label, l.Count})
	}
	out.Emotions, out.Topics, out.Entities = labelCounts(s.Emotions), labelCounts(s.Topics), labelCounts(s.Entities)
	for _, l := range s.Toxicity {
		out.Offensive += l.Count
	}
	var who []social.IdentityID
	for _, x := range s.Authors {
		who = append(who, x.Identity)
	}
	persons := map[social.IdentityID]social.PersonID{}
	if len(who) > 0 {
		if persons, err = a.around.Persons(ctx, who); err != nil {
			return nil, err
		}
	}
	for _, x := range s.Authors {
		out.Authors = append(out.Authors, AuthorCount{Identity: x.Identity, Person: persons[x.Identity], Name: x.Author.Label(),
			Handle: x.Author.Handle, Followers: x.Author.Followers, Posts: x.Posts})
	}
	return &server.Body[Series]{Body: out}, nil
}
