// Package story gives a person's timeline what every room knows of them.
// It belongs to the front door: only there rooms meet.
package story

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/evolve/evolvedb"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Rooms is everybody who knows something of persons.
type Rooms struct {
	Files    *store.DB
	Heard    *listendb.DB
	Talks    *engagedb.DB
	Outcomes *evolvedb.DB
	Persons  *peopledb.DB
	Said     func(ctx context.Context, q listen.SaidQuery) ([]listen.Post, error)
	Seen     func(ctx context.Context) []social.ChannelID // those that the actor may see; nil: all
	Scores   func(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error)
	Holding  func(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.ConversationID, error)
	Names    func(ctx context.Context, ids []social.MemberID) (map[social.MemberID]string, error)
	Reads    func(ctx context.Context) bool // whether the actor may read letters
}

// Open gives a book its sources.
func (r *Rooms) Open(b *people.Book, business people.Owned) {
	b.Sources = []people.Source{r.Persons, said{r}, answered{r}, brought{r}}
	b.Owned = []people.Owned{business, people.OwnedFunc(r.Persons.Known), people.OwnedFunc(r.files)}
	b.Dress = r.dress
}

// said is what they said.
type said struct{ *Rooms }

// Moments implements people.Source.
func (r said) Moments(ctx context.Context, who []social.IdentityID, l people.Look) ([]people.Moment, error) {
	if !l.Wants("said") {
		return nil, nil
	}
	q := listen.SaidQuery{Identities: who, Before: l.Before, BeforeID: social.ActivityID(l.BeforeID), Limit: l.Limit}
	if len(l.Channels) > 0 {
		q.Channels = l.Channels
	}
	posts, err := r.Said(ctx, q)
	if err != nil || len(posts) == 0 {
		return nil, err
	}
	ids := make([]social.ActivityID, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	var labels map[social.ActivityID][]string
	if l.About != "" {
		if labels, err = r.Heard.Labels(ctx, ids); err != nil {
			return nil, err
		}
	}
	files, err := r.Heard.Attachments(ctx, ids)
	if err != nil {
		return nil, err
	}
	with := map[social.ActivityID][]people.With{}
	for _, f := range files {
		if f.Name != "" {
			with[f.Activity] = append(with[f.Activity], people.With{Kind: "file", Text: f.Name})
		}
	}
	reads := r.Reads(ctx)
	out := make([]people.Moment, len(posts))
	for i, p := range posts {
		out[i] = people.Moment{At: p.Published, ID: string(p.ID), Kind: "said", Text: p.Text, With: with[p.ID], Channel: p.Channel, Activity: p.ID,
			Labels: labels[p.ID], URL: p.URL, Identity: p.Identity}
		if p.Visibility == social.Direct && !reads {
			out[i].Text, out[i].With, out[i].Labels = "", nil, nil // a private letter is for those who answer it
		}
	}
	return out, nil
}

// answered is what we answered and noted.
type answered struct{ *Rooms }

// Moments implements people.Source.
func (r answered) Moments(ctx context.Context, who []social.IdentityID, l people.Look) ([]people.Moment, error) {
	if !l.Wants("answered") && !l.Wants("note") || l.About != "" {
		return nil, nil
	}
	messages, err := r.Talks.Ours(ctx, who, l.Channels, kinds(l), l.Before, l.BeforeID, l.Limit)
	if err != nil || len(messages) == 0 {
		return nil, err
	}
	owners := make([]string, len(messages))
	for i, m := range messages {
		owners[i] = social.FileOwner(string(m.ID))
	}
	files, err := r.Files.FilesOf(ctx, owners...)
	if err != nil {
		return nil, err
	}
	out := make([]people.Moment, len(messages))
	for i, m := range messages {
		kind := "answered"
		if m.Kind == engage.Noted {
			kind = "note"
		}
		out[i] = people.Moment{At: m.At, ID: string(m.ID), Kind: kind, Text: m.Text, Channel: m.Channel, Conversation: m.Conversation, By: m.Member, URL: m.URL}
		for _, f := range files[owners[i]] {
			out[i].With = append(out[i].With, people.With{Kind: "file", Text: f.Name})
		}
	}
	return out, nil
}

func kinds(l people.Look) (out []string) {
	if l.Wants("answered") {
		out = append(out, string(engage.Ours))
	}
	if l.Wants("note") {
		out = append(out, string(engage.Noted))
	}
	return out
}

// brought is clicks and outcomes.
type brought struct{ *Rooms }

// Moments implements people.Source.
func (r brought) Moments(ctx context.Context, who []social.IdentityID, l people.Look) ([]people.Moment, error) {
	if !l.Wants("click") && !l.Wants("conversion") || l.About != "" {
		return nil, nil
	}
	moments, err := r.Outcomes.Moments(ctx, who, evolvedb.Wanted{Clicks: l.Wants("click"), Outcomes: l.Wants("conversion"), Channels: l.Channels}, l.Before, l.BeforeID, l.Limit)
	out := make([]people.Moment, len(moments))
	for i, m := range moments {
		out[i] = people.Moment{At: m.At, ID: m.ID, Kind: m.Kind, Text: m.Name, Channel: m.Channel, Conversation: m.Conversation,
			URL: m.URL, Value: float64(m.Value.Minor) / 100, Currency: m.Value.Currency, Identity: m.Identity}
	}
	return out, err
}

// files are those that colleagues put on the person's page.
func (r *Rooms) files(ctx context.Context, persons []string, l people.Look) ([]people.Moment, error) {
	if !l.Wants("file") || len(l.Channels) > 0 || l.About != "" {
		return nil, nil
	}
	owners := make([]string, len(persons))
	for i, p := range persons {
		owners[i] = "person:" + p
	}
	files, err := r.Files.FilesOf(ctx, owners...)
	if err != nil {
		return nil, err
	}
	var out []people.Moment
	for i, owner := range owners {
		for _, f := range files[owner] {
			if m := (people.Moment{At: f.At, ID: string(f.ID), Kind: "file", Text: f.Name, Object: string(f.ID), By: f.Member, Owner: social.PersonID(persons[i])}); before(m, l) {
				out = append(out, m)
			}
		}
	}
	slices.SortFunc(out, people.Newest)
	return out[:min(len(out), l.Limit)], nil
}

func before(m people.Moment, l people.Look) bool {
	return m.At.Before(l.Before) || m.At.Equal(l.Before) && m.ID < l.BeforeID
}

// dress says how what was said sounds, in which conversation it stands, and
// what colleagues are called.
func (r *Rooms) dress(ctx context.Context, moments []people.Moment) error {
	var ids []social.ActivityID
	var by []social.MemberID
	for _, m := range moments {
		if m.Activity != "" {
			ids = append(ids, m.Activity)
		}
		if m.By != "" {
			by = append(by, m.By)
		}
	}
	scores, err := r.Scores(ctx, ids)
	if err != nil {
		return err
	}
	talks, err := r.Holding(ctx, ids)
	if err != nil {
		return err
	}
	names, err := r.Names(ctx, by)
	for i := range moments {
		m := &moments[i]
		if m.Activity != "" {
			m.Sentiment, m.Conversation = scores[m.Activity].Sentiment, talks[m.Activity]
		}
		if m.ByName == "" {
			m.ByName = names[m.By]
		}
	}
	return err
}

// How much of what somebody said is looked at for their habits.
const (
	habitsBack = 365 * 24 * time.Hour
	habitsMost = 5000
)

// Habits says when somebody writes, where and what about, from what they said
// within a year that the actor may see.
func (r *Rooms) Habits(ctx context.Context, who []social.IdentityID, zone *time.Location, now time.Time) (people.Habits, error) {
	spoken, err := r.Heard.SpokenAt(ctx, who, r.Seen(ctx), now.Add(-habitsBack), habitsMost)
	if err != nil {
		return people.Habits{}, err
	}
	reads := r.Reads(ctx)
	h := people.Habits{Since: now.Add(-habitsBack)}
	if len(spoken) == habitsMost {
		h.Since = spoken[len(spoken)-1].At
	}
	labels, channels := map[string]int{}, map[social.ChannelID]int{}
	for _, s := range spoken {
		at := s.At.In(zone)
		h.N++
		h.Hours[(int(at.Weekday())+6)%7][at.Hour()]++
		channels[s.Channel]++
		if s.Private && !reads {
			continue
		}
		for _, x := range s.Labels {
			labels[x]++
		}
	}
	h.About, h.Channels = people.Most(labels), people.Most(channels)
	return h, nil
}
