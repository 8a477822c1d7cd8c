package engageapi

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Author is who began a conversation or wrote a message.
type Author struct {
	Identity  social.IdentityID `json:"identity,omitempty"`
	Person    social.PersonID   `json:"person,omitempty"`
	Member    social.MemberID   `json:"member,omitempty" doc:"Of a message of ours."`
	Name      string            `json:"name"`
	Handle    string            `json:"handle,omitempty"`
	Avatar    string            `json:"avatar,omitempty"`
	Followers int               `json:"followers"`

	Unverified bool `json:"unverified,omitempty" doc:"Nothing proved that it was really they who wrote: a mail without a valid signature."`
}

// MonitorRef names the monitor that brought a conversation here.
type MonitorRef struct {
	ID   social.MonitorID `json:"id"`
	Name string           `json:"name"`
}

// TeamRef names a team.
type TeamRef struct {
	ID   social.TeamID `json:"id"`
	Name string        `json:"name"`
}

// Conversation is one line of the inbox.
type Conversation struct {
	ID           social.ConversationID `json:"id"`
	Subject      string                `json:"subject"`
	Preview      string                `json:"preview"`
	PreviewBy    engage.By             `json:"preview_by" enum:"them,us"`
	State        engage.State          `json:"state" enum:"open,waiting,snoozed,resolved,merged"`
	Turn         engage.Turn           `json:"turn" enum:"ours,theirs,settled"`
	Channel      social.ChannelRef     `json:"channel"`
	Visibility   social.Visibility     `json:"visibility" enum:"public,direct"`
	Author       Author                `json:"author"`
	Assignee     *social.MemberRef     `json:"assignee,omitempty"`
	Team         *TeamRef              `json:"team,omitempty"`
	Priority     engage.Priority       `json:"priority" enum:"low,normal,high,urgent"`
	Tags         []social.TagRef       `json:"tags"`
	Programme    *social.ProgrammeRef  `json:"programme,omitempty"`
	Monitor      *MonitorRef           `json:"monitor,omitempty"`
	Lang         string                `json:"lang"`
	Sentiment    *social.Label         `json:"sentiment,omitempty"`
	Intents      []social.Label        `json:"intents"`
	Unread       bool                  `json:"unread"`
	Draft        bool                  `json:"draft"`
	Messages     int                   `json:"messages"`
	Delivery     string                `json:"delivery,omitempty" enum:"queued,sent,confirmed,delivered,read,needs_check,failed" doc:"Of our newest words."`
	BeganAt      time.Time             `json:"began_at"`
	LastAt       time.Time             `json:"last_at"`
	WaitingSince *time.Time            `json:"waiting_since,omitempty"`
	SnoozedUntil *time.Time            `json:"snoozed_until,omitempty"`
	ResolvedAt   *time.Time            `json:"resolved_at,omitempty"`
	FirstAnswer  *int64                `json:"first_answer_s,omitempty" doc:"Seconds from their first words to our first answer."`
	Due          *Due                  `json:"due,omitempty" doc:"The goal that is due first, where we promise one."`
	URL          string                `json:"url,omitempty"`
	Version      int64                 `json:"version"`
	Into         social.ConversationID `json:"merged_into,omitempty" doc:"Where its words stand, if it was merged into another."`
	GoesAt       *time.Time            `json:"goes_at,omitempty" doc:"When it is deleted, unless that is taken back."`
}

// Abilities says how a conversation can be answered.
type Abilities struct {
	Public      bool       `json:"public"`
	Direct      bool       `json:"direct"`
	PublicUntil *time.Time `json:"public_until,omitempty" doc:"When the network stops to take a public reply, unless they write again."`
	PublicFiles *Takes     `json:"public_files,omitempty" doc:"What files go with a public reply; nothing where none do."`
	DirectFiles *Takes     `json:"direct_files,omitempty" doc:"The same of a direct one."`
	DirectUntil *time.Time `json:"direct_until,omitempty" doc:"When the network stops to take a direct reply, unless they write again."`
	Copies      int        `json:"copies,omitempty" doc:"How many others can get a direct reply too; nothing where it goes to the customer alone."`
}

// Heading says where a reply goes.
type Heading struct {
	To    string `json:"to" doc:"The address, number or handle of whoever began."`
	Title string `json:"title,omitempty" doc:"What it will be called, where messages bear titles: the subject of a mail."`
}

// Gate says whether one may answer, and what is missing.
type Gate struct {
	Clear   bool             `json:"clear"`
	Why     string           `json:"why,omitempty"`
	Fix     string           `json:"fix,omitempty"`
	Missing []engage.Missing `json:"missing"`
}

// Credit is something that a link in a conversation brought.
type Credit struct {
	Kind     string        `json:"kind" enum:"click,conversion"`
	At       time.Time     `json:"at"`
	Value    float64       `json:"value,omitempty"`
	Currency string        `json:"currency,omitempty"`
	Link     social.LinkID `json:"link,omitempty"`
}

// ConversationFull is a conversation that is open.
type ConversationFull struct {
	Conversation
	Abilities Abilities `json:"abilities"`
	Reply     Heading   `json:"reply"`
	Gate      Gate      `json:"gate"`
	Credits   []Credit  `json:"credits"`
	Promise   *Promise  `json:"promise,omitempty" doc:"What we promise about time."`
	Ways      []Way     `json:"ways" doc:"To whom and where one can answer, the one in which they wrote last first; more than one where conversations were merged. The first is what abilities, reply and gate speak of."`
}

// Way is one way to answer in a conversation.
type Way struct {
	Conversation social.ConversationID `json:"conversation" doc:"What to give as via."`
	Channel      social.ChannelRef     `json:"channel"`
	Author       Author                `json:"author"`
	Visibility   social.Visibility     `json:"visibility" enum:"public,direct"`
	Abilities    Abilities             `json:"abilities"`
	Reply        Heading               `json:"reply"`
	Gate         Gate                  `json:"gate"`
}

// Delivery is how far our words have come.
type Delivery struct {
	State     string     `json:"state" enum:"queued,sending,sent,confirmed,delivered,read,needs_check,failed,cancelled"`
	Text      string     `json:"text,omitempty" doc:"What is to be said about it."`
	At        time.Time  `json:"at"`
	UndoUntil *time.Time `json:"undo_until,omitempty"`
	Attempts  int        `json:"attempts"`
	Part      int        `json:"part,omitempty" doc:"Of an answer in parts: which one this is."`
	Parts     int        `json:"parts,omitempty" doc:"Of how many."`
	CC        []Copy     `json:"cc,omitempty" doc:"Who gets it too."`
}

// Message is one thing said or done in a conversation.
type Message struct {
	ID         social.MessageID      `json:"id"`
	Kind       engage.MessageKind    `json:"kind" enum:"theirs,ours,note,event"`
	Visibility social.Visibility     `json:"visibility" enum:"public,direct,internal"`
	Author     Author                `json:"author"`
	Title      string                `json:"title,omitempty"`
	Text       string                `json:"text"`
	Rating     float64               `json:"rating,omitempty"`
	At         time.Time             `json:"at"`
	EditedAt   *time.Time            `json:"edited_at,omitempty"`
	DeletedAt  *time.Time            `json:"deleted_at,omitempty"`
	URL        string                `json:"url,omitempty"`
	Sentiment  *social.Label         `json:"sentiment,omitempty"`
	Intents    []social.Label        `json:"intents"`
	Lang       string                `json:"lang"`
	Activity   social.ActivityID     `json:"activity,omitempty"`
	Origin     social.ConversationID `json:"origin,omitempty" doc:"The conversation in which it was said, if that was merged into this one."`
	Channel    social.ChannelID      `json:"channel,omitempty"`
	Delivery   *Delivery             `json:"delivery,omitempty"`
	Event      *engage.Event         `json:"event,omitempty"`
	Files      []With                `json:"files" doc:"What goes with the words."`
	More       bool                  `json:"more,omitempty" doc:"It quotes more, or others got it too: ask for its rest."`
	Sight      *Sight                `json:"sight,omitempty" doc:"What we did about whether others see it at the network."`
	Liked      *Liked                `json:"liked,omitempty"`
	May        []moderate.Act        `json:"may" enum:"hide,show,remove,retract,like,unlike" doc:"What the network lets us do about it, as far as that is known without asking."`
	HTML       bool                  `json:"html,omitempty" doc:"It can be shown as its sender made it look."`
}

// refs are the names of everything that some rows speak of.
type refs struct {
	channels   map[social.ChannelID]social.ChannelRef
	members    map[social.MemberID]social.MemberRef
	programmes map[social.ProgrammeID]social.ProgrammeRef
	monitors   map[social.MonitorID]string
	persons    map[social.IdentityID]social.PersonID
	teams      map[social.TeamID]string
	tags       social.Tags
}

// known asks for names, if there are any to ask for.
func known[K comparable, V any](ctx context.Context, ids []K, ask func(context.Context, []K) (map[K]V, error)) (map[K]V, error) {
	var zero K
	seen := map[K]bool{zero: true}
	ids = slices.DeleteFunc(ids, func(id K) bool { was := seen[id]; seen[id] = true; return was })
	if len(ids) == 0 {
		return nil, nil
	}
	return ask(ctx, ids)
}

func collect[T, K any](in []T, f func(T) K) []K {
	out := make([]K, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

func (a *api) shapes(ctx context.Context, rows []engage.Row) ([]Conversation, error) {
	var r refs
	var err error
	if r.channels, err = known(ctx, collect(rows, func(c engage.Row) social.ChannelID { return c.Channel }), a.around.Channels); err != nil {
		return nil, err
	}
	if r.members, err = known(ctx, collect(rows, func(c engage.Row) social.MemberID { return c.Assignee }), a.around.Members); err != nil {
		return nil, err
	}
	if r.programmes, err = known(ctx, collect(rows, func(c engage.Row) social.ProgrammeID { return c.Programme }), a.around.Programmes); err != nil {
		return nil, err
	}
	if r.teams, err = known(ctx, collect(rows, func(c engage.Row) social.TeamID { return c.Team }), a.desk.Store.TeamNames); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(rows, func(c engage.Row) bool { return len(c.Tags) > 0 }) {
		if r.tags, err = a.desk.Vocabulary(ctx); err != nil {
			return nil, err
		}
	}
	if r.monitors, err = known(ctx, collect(rows, func(c engage.Row) social.MonitorID { return c.Monitor }), a.around.MonitorNames); err != nil {
		return nil, err
	}
	if r.persons, err = known(ctx, collect(rows, func(c engage.Row) social.IdentityID { return c.Identity }), a.around.Persons); err != nil {
		return nil, err
	}
	return collect(rows, func(c engage.Row) Conversation { return r.shape(c) }), nil
}

func (r refs) shape(c engage.Row) Conversation {
	out := Conversation{
		ID: c.ID, Subject: c.Subject, Preview: c.Preview, PreviewBy: c.PreviewBy, State: c.State, Turn: c.Turn,
		Channel: r.channels[c.Channel], Visibility: c.Visibility, Author: author(c.Identity, c.Author),
		Lang: c.Lang, Sentiment: c.Sentiment, Intents: some(c.Intents), Unread: c.Unread, Draft: c.Draft, Messages: c.Messages,
		Delivery: listed(c.Delivery), BeganAt: c.BeganAt, LastAt: c.LastAt, WaitingSince: server.When(c.WaitingSince),
		SnoozedUntil: server.When(c.SnoozedUntil), ResolvedAt: server.When(c.ResolvedAt), Due: due(c.Conversation), URL: c.URL, Version: c.Version, Into: c.Into, GoesAt: server.When(c.GoesAt),
	}
	out.Priority, out.Tags = c.Priority, r.tags.Refs(c.Tags)
	if c.Team != "" {
		out.Team = &TeamRef{c.Team, r.teams[c.Team]}
	}
	out.Channel.ID = c.Channel
	out.Author.Person = r.persons[c.Identity]
	if c.Assignee != "" {
		m := r.members[c.Assignee]
		m.ID = c.Assignee
		out.Assignee = &m
	}
	if c.Programme != "" {
		p := r.programmes[c.Programme]
		p.ID = c.Programme
		out.Programme = &p
	}
	if c.Monitor != "" {
		out.Monitor = &MonitorRef{c.Monitor, r.monitors[c.Monitor]}
	}
	if d, ok := c.FirstAnswerAfter(); ok {
		s := int64(d / time.Second)
		out.FirstAnswer = &s
	}
	return out
}

func author(id social.IdentityID, a social.Author) Author {
	return Author{Identity: id, Name: a.Label(), Handle: a.Handle, Avatar: a.Avatar, Followers: a.Followers, Unverified: a.Unverified}
}

// handle is how an author is reached.
func handle(a social.Author) string {
	switch {
	case a.Scheme == "mailto" || a.Scheme == "tel":
		return a.Value
	case a.Handle != "":
		return "@" + strings.TrimPrefix(a.Handle, "@")
	}
	return a.Label()
}

func some(ls []social.Label) []social.Label {
	if ls == nil {
		return []social.Label{}
	}
	return ls
}

// listed is a stage as the list shows it: what is under way is queued.
func listed(s engage.Stage) string {
	switch s {
	case engage.Sending, engage.Unknown:
		return string(engage.Queued)
	case engage.Cancelled:
		return ""
	case engage.Returned:
		return string(engage.Failed)
	}
	return string(s)
}

func (a *api) full(ctx context.Context, row engage.Row) (ConversationFull, error) {
	var out ConversationFull
	items, err := a.shapes(ctx, []engage.Row{row})
	if err != nil {
		return out, err
	}
	out.Conversation = items[0]
	if out.Ways, err = a.ways(ctx, row.Conversation); err != nil {
		return out, err
	}
	out.Abilities, out.Reply, out.Gate = out.Ways[0].Abilities, out.Ways[0].Reply, out.Ways[0].Gate
	if out.Credits, err = a.around.CreditsOf(ctx, row.ID); err != nil {
		return out, err
	}
	if out.Credits == nil {
		out.Credits = []Credit{}
	}
	out.Promise, err = a.promise(ctx, row.Conversation)
	return out, err
}

func (a *api) said(ctx context.Context, ms []engage.Message) ([]Message, error) {
	stand, err := a.standings(ctx, ms)
	if err != nil {
		return nil, err
	}
	who := collect(ms, func(m engage.Message) social.MemberID { return m.Member })
	for _, s := range stand {
		for _, d := range []*moderate.Deed{s.Sight, s.Liking} {
			if d != nil {
				who = append(who, d.Member)
			}
		}
	}
	members, err := known(ctx, who, a.around.Members)
	if err != nil {
		return nil, err
	}
	persons, err := known(ctx, collect(ms, func(m engage.Message) social.IdentityID { return m.Identity }), a.around.Persons)
	if err != nil {
		return nil, err
	}
	with, err := a.desk.With(ctx, ms)
	if err != nil {
		return nil, err
	}
	more, err := a.more(ctx, ms)
	if err != nil {
		return nil, err
	}
	return collect(ms, func(m engage.Message) Message {
		out := Message{
			ID: m.ID, Kind: m.Kind, Visibility: m.Visibility, Title: m.Title, Text: m.Text, Rating: m.Rating, At: m.At,
			EditedAt: server.When(m.EditedAt), DeletedAt: server.When(m.DeletedAt), URL: m.URL, Sentiment: m.Sentiment,
			Intents: some(m.Intents), Lang: m.Lang, Activity: m.Activity, Origin: m.Origin, Channel: m.Channel, Event: m.Event, Files: a.with(with[m.ID]), More: more[m.Activity].Words, HTML: more[m.Activity].HTML,
		}
		out.stands(stand[m.ID], members)
		switch {
		case m.Member != "":
			out.Author = Author{Member: m.Member, Name: members[m.Member].Name}
		case m.Identity != "":
			out.Author = author(m.Identity, m.Author)
			out.Author.Person = persons[m.Identity]
		default:
			out.Author.Name = social.SystemActor().Name
		}
		if d := m.Delivery; d != nil {
			out.Delivery = &Delivery{State: string(d.Stage), Text: d.Problem, At: d.ChangedAt, Attempts: d.Attempts, Part: d.Part, Parts: d.Parts, CC: copied(d.Copies)}
			switch d.Stage {
			case engage.Unknown:
				out.Delivery.State = string(engage.Sending)
			case engage.Returned:
				out.Delivery.State = string(engage.Failed)
			}
			if d.Stage == engage.Queued {
				out.Delivery.UndoUntil = server.When(d.UndoUntil)
			}
		}
		return out
	}), nil
}
