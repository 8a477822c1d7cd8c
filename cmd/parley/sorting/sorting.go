// Package sorting tells segments what every room knows of persons, and of
// whom something changed. It belongs to the front door: only there rooms meet.
package sorting

import (
	"context"
	"log/slog"
	"math"
	"time"

	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/evolve/evolvedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/foreseedb"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Rooms is everybody who knows something of persons.
type Rooms struct {
	People   *people.Book
	Persons  *peopledb.DB
	Business *dealdb.DB
	Consents *consent.Ledger
	Heard    *listendb.DB
	Talks    *engagedb.DB
	Outcomes *evolvedb.DB
	Scores   *analyzedb.DB
	Ref      func(social.ChannelID) (social.ChannelRef, bool) // what a channel is
	Sorted   *segmentdb.DB
	Keeper   *segment.Keeper // Open makes it

	wovenAt time.Time // the web whose scores segments were told
}

// Open makes the keeper of segments, who asks every room.
func (r *Rooms) Open(clock clock.Clock, log *slog.Logger) *segment.Keeper {
	r.Keeper = &segment.Keeper{Store: r.Sorted, Own: r.Business.Own, Words: r.People.Vocabulary, Voices: r.spoken, Clock: clock, Log: log,
		Sources: []segment.Source{
			peopledb.Traits{DB: r.Persons, Kind: r.kind}, r.Business,
			segment.SourceFunc(r.ofSaid), segment.SourceFunc(r.ofTalk), segment.SourceFunc(r.ofOutcomes), segment.SourceFunc(r.ofInfluence), segment.SourceFunc(r.ofConsent), foreseedb.New(r.Sorted.DB),
		}}
	return r.Keeper
}

func (r *Rooms) kind(id social.ChannelID) string {
	ref, _ := r.Ref(id)
	return ref.Kind
}

// ofConsent tells segments what persons agreed to, and when a yes ends.
func (r *Rooms) ofConsent(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, of := segment.Accounts(who)
	lines, err := r.Consents.Store.Now(ctx, ids)
	if err != nil {
		return err
	}
	by := map[social.PersonID][]consent.Line{}
	for _, x := range lines {
		by[of[x.Identity]] = append(by[of[x.Identity]], x)
	}
	for p, lines := range by {
		purposes, ends := consent.Agreed(lines, r.Keeper.Clock.Now())
		put(p, "agreed", cond.TextsValue(purposes))
		put(p, segment.LookAgain, cond.TimeValue(ends))
	}
	return nil
}

// ofSaid tells segments what was heard of persons.
func (r *Rooms) ofSaid(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, _ := segment.Accounts(who)
	voices, err := r.Heard.Voices(ctx, ids)
	if err != nil {
		return err
	}
	for _, w := range who {
		var said, negative, positive int
		var intents, topics []string
		var first, last, mood cond.Value
		var felt string
		for _, a := range w.Accounts {
			v, ok := voices[a]
			if !ok {
				continue
			}
			said, negative, positive = said+v.Said, negative+v.Negative, positive+v.Positive
			intents, topics = append(intents, v.Intents...), append(topics, v.Topics...)
			if !first.Has || v.First.Before(first.Time) {
				first = cond.TimeValue(v.First)
			}
			if v.Last.After(last.Time) {
				last = cond.TimeValue(v.Last)
			}
			if v.MoodAt.After(mood.Time) {
				mood, felt = cond.TimeValue(v.MoodAt), v.Mood
			}
		}
		put(w.Person, "said", cond.NumberValue(float64(said)))
		put(w.Person, "negative", cond.NumberValue(float64(negative)))
		put(w.Person, "positive", cond.NumberValue(float64(positive)))
		put(w.Person, "intents", cond.TextsValue(intents))
		put(w.Person, "topics", cond.TextsValue(topics))
		put(w.Person, "first_heard", first)
		put(w.Person, "last_heard", last)
		put(w.Person, "mood", cond.TextValue(felt))
	}
	return nil
}

// spoken tells segments what persons said by day: of all their accounts together.
func (r *Rooms) spoken(ctx context.Context, who []segment.Who, since time.Time) (map[social.PersonID][]segment.Spoken, error) {
	ids, of := segment.Accounts(who)
	days, err := r.Heard.SpokenDays(ctx, ids, since)
	if err != nil {
		return nil, err
	}
	type key struct {
		person  social.PersonID
		channel social.ChannelID
		day     int64
	}
	sums := map[key]segment.Spoken{}
	for _, d := range days {
		k := key{of[d.Identity], d.Channel, d.Day}
		s := sums[k]
		s.Day, s.Channel = time.Unix(d.Day*86400, 0).UTC(), d.Channel
		s.Said, s.Negative, s.Neutral, s.Positive = s.Said+d.Said, s.Negative+d.Negative, s.Neutral+d.Neutral, s.Positive+d.Positive
		sums[k] = s
	}
	out := map[social.PersonID][]segment.Spoken{}
	for k, s := range sums {
		out[k.person] = append(out[k.person], s)
	}
	return out, nil
}

// ofTalk tells segments what came of conversations.
func (r *Rooms) ofTalk(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, _ := segment.Accounts(who)
	talked, err := r.Talks.Talked(ctx, ids)
	if err != nil {
		return err
	}
	for _, w := range who {
		var n, open int
		var waiting bool
		var last, answered cond.Value
		var refuses []string
		for _, a := range w.Accounts {
			t := talked[a]
			n, open, waiting = n+t.Conversations, open+t.Open, waiting || t.Waiting
			if t.Last.After(last.Time) {
				last = cond.TimeValue(t.Last)
			}
			if t.Answered.After(answered.Time) {
				answered = cond.TimeValue(t.Answered)
			}
			for _, c := range t.Refuses {
				refuses = append(refuses, string(c))
			}
		}
		put(w.Person, "conversations", cond.NumberValue(float64(n)))
		put(w.Person, "open", cond.NumberValue(float64(open)))
		put(w.Person, "waiting", cond.BoolValue(waiting))
		put(w.Person, "last_conversation", last)
		put(w.Person, "last_answered", answered)
		put(w.Person, "refuses", cond.TextsValue(refuses))
	}
	return nil
}

// ofOutcomes tells segments who clicked and what came of it.
func (r *Rooms) ofOutcomes(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, _ := segment.Accounts(who)
	brought, err := r.Outcomes.Brought(ctx, ids)
	if err != nil {
		return err
	}
	for _, w := range who {
		var clicks, conversions int
		var clicked, converted cond.Value
		for _, a := range w.Accounts {
			b := brought[a]
			clicks, conversions = clicks+b.Clicks, conversions+b.Conversions
			if b.LastClick.After(clicked.Time) {
				clicked = cond.TimeValue(b.LastClick)
			}
			if b.LastConverted.After(converted.Time) {
				converted = cond.TimeValue(b.LastConverted)
			}
		}
		put(w.Person, "clicks", cond.NumberValue(float64(clicks)))
		put(w.Person, "conversions", cond.NumberValue(float64(conversions)))
		put(w.Person, "last_click", clicked)
		put(w.Person, "last_conversion", converted)
	}
	return nil
}

// ofInfluence tells segments who is listened to.
func (r *Rooms) ofInfluence(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, of := segment.Accounts(who)
	webs, err := r.Scores.InfluenceOf(ctx, []social.ProgrammeID{""}, ids)
	if err != nil {
		return err
	}
	most := map[social.PersonID]float64{}
	for _, m := range webs[""] {
		p := of[m.Identity]
		most[p] = max(most[p], math.Round(m.Score))
	}
	for p, score := range most {
		put(p, "influence", cond.NumberValue(score))
	}
	return nil
}

// WeaveAgain looks at who talks to whom when it is time, and marks those who
// are listened to more or less than before.
func (r *Rooms) WeaveAgain(ctx context.Context, again func(context.Context) error) error {
	if err := again(ctx); err != nil {
		return err
	}
	web, err := r.Scores.WebOf(ctx, "")
	if social.NotFound.Is(err) || web.At.Equal(r.wovenAt) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := r.markInfluence(ctx); err != nil {
		return err
	}
	r.wovenAt = web.At
	return nil
}

func (r *Rooms) markInfluence(ctx context.Context) error {
	now := map[social.PersonID]float64{}
	for after := 0; ; {
		page, err := r.Scores.Members(ctx, "", analyzedb.MemberAsk{Circle: -1, After: after, Limit: 1000})
		if err != nil {
			return err
		}
		ids := make([]social.IdentityID, len(page))
		for i, m := range page {
			ids[i], after = m.Identity, m.Place
		}
		persons, err := r.Persons.Persons(ctx, ids)
		if err != nil {
			return err
		}
		for _, m := range page {
			if p := persons[m.Identity]; p != "" {
				now[p] = max(now[p], math.Round(m.Score))
			}
		}
		if len(page) < 1000 {
			break
		}
	}
	was, err := r.Sorted.Influence(ctx)
	if err != nil {
		return err
	}
	var differ []social.PersonID
	for p, score := range now {
		if had, ok := was[p]; !ok || had != score {
			differ = append(differ, p)
		}
	}
	for p := range was {
		if _, ok := now[p]; !ok {
			differ = append(differ, p)
		}
	}
	return r.Keeper.Mark(ctx, differ...)
}

// Meet makes persons of who spoke; segments look at them.
func (r *Rooms) Meet(ctx context.Context, ids []social.ActivityID) error {
	if err := r.People.Meet(ctx, ids); err != nil {
		return err
	}
	return r.markAuthors(ctx, ids)
}

func (r *Rooms) markAuthors(ctx context.Context, ids []social.ActivityID) error {
	accounts, err := r.Heard.Authors(ctx, ids)
	if err != nil {
		return err
	}
	return r.Sorted.MarkAccounts(ctx, accounts)
}

// Mark tells segments of whom something changed.
func (r *Rooms) Mark(ctx context.Context, facts []store.Fact) error {
	var talks []social.ConversationID
	var links []social.LinkID
	var persons []social.PersonID
	var business []string
	var scored []social.ActivityID
	for _, f := range facts {
		switch f := f.Fact.(type) {
		case social.Understood:
			scored = append(scored, f.Activities...)
		case social.Changed:
			talks = append(talks, f.Conversations...)
		case social.Answered:
			talks = append(talks, f.Conversation)
		case social.Resolved:
			talks = append(talks, f.Conversation)
		case social.Delivery:
			talks = append(talks, f.Conversation)
		case social.Converted:
			talks = append(talks, f.Conversation)
		case social.Clicked:
			links = append(links, f.Link)
		case social.Dealt:
			switch f.Object {
			case "person":
				persons = append(persons, social.PersonID(f.ID))
			case "opportunity", "order":
				business = append(business, f.ID)
			}
		case social.Brought:
			persons = append(persons, f.Persons...)
		case social.Governed:
			if f.What == "tag" {
				if err := r.Keeper.Retag(ctx); err != nil {
					return err
				}
			}
		}
	}
	accounts, err := r.Heard.Authors(ctx, scored)
	if err != nil {
		return err
	}
	begun, err := r.Talks.BegunBy(ctx, talks)
	if err != nil {
		return err
	}
	given, err := r.Outcomes.GivenTo(ctx, links)
	if err != nil {
		return err
	}
	if err := r.Sorted.MarkAccounts(ctx, append(append(accounts, begun...), given...)); err != nil {
		return err
	}
	customers, err := r.Business.Customers(ctx, business)
	if err != nil {
		return err
	}
	return r.Keeper.Mark(ctx, append(persons, customers...)...)
}
