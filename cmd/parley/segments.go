package main

import (
	"context"
	"math"

	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// openSegments makes the keeper of segments, who asks every room.
func (h *house) openSegments(business *dealdb.DB) {
	h.sorted, h.business = segmentdb.New(h.db), business
	h.segments = &segment.Keeper{Store: h.sorted, Own: business.Own, Words: h.book.Vocabulary, Clock: h.clock, Log: h.log,
		Sources: []segment.Source{
			peopledb.Traits{DB: h.persons, Kind: h.kindOf}, business,
			segment.SourceFunc(h.traitsOfSaid), segment.SourceFunc(h.traitsOfTalk), segment.SourceFunc(h.traitsOfOutcomes), segment.SourceFunc(h.traitsOfInfluence),
		}}
}

func (h *house) kindOf(id social.ChannelID) string {
	ref, _ := h.station.Ref(id)
	return ref.Kind
}

// traitsOfSaid tells segments what was heard of persons.
func (h *house) traitsOfSaid(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, _ := segment.Accounts(who)
	voices, err := h.heard.Voices(ctx, ids)
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

// traitsOfTalk tells segments what came of conversations.
func (h *house) traitsOfTalk(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, _ := segment.Accounts(who)
	talked, err := h.talks.Talked(ctx, ids)
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

// traitsOfOutcomes tells segments who clicked and what came of it.
func (h *house) traitsOfOutcomes(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, _ := segment.Accounts(who)
	brought, err := h.outcomes.Brought(ctx, ids)
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

// traitsOfInfluence tells segments who is listened to.
func (h *house) traitsOfInfluence(ctx context.Context, who []segment.Who, put segment.Put) error {
	ids, of := segment.Accounts(who)
	webs, err := h.scores.InfluenceOf(ctx, []social.ProgrammeID{""}, ids)
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

// weaveAgain looks at who talks to whom when it is time, and marks those who
// are listened to more or less than before.
func (h *house) weaveAgain(ctx context.Context) error {
	if err := h.weaver.Again(ctx); err != nil {
		return err
	}
	web, err := h.scores.WebOf(ctx, "")
	if social.NotFound.Is(err) || web.At.Equal(h.wovenAt) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := h.markInfluence(ctx); err != nil {
		return err
	}
	h.wovenAt = web.At
	return nil
}

func (h *house) markInfluence(ctx context.Context) error {
	now := map[social.PersonID]float64{}
	for after := 0; ; {
		page, err := h.scores.Members(ctx, "", analyzedb.MemberAsk{Circle: -1, After: after, Limit: 1000})
		if err != nil {
			return err
		}
		ids := make([]social.IdentityID, len(page))
		for i, m := range page {
			ids[i], after = m.Identity, m.Place
		}
		persons, err := h.persons.Persons(ctx, ids)
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
	was, err := h.sorted.Influence(ctx)
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
	return h.segments.Mark(ctx, differ...)
}

// meet makes persons of who spoke; segments look at them.
func (h *house) meet(ctx context.Context, ids []social.ActivityID) error {
	if err := h.book.Meet(ctx, ids); err != nil {
		return err
	}
	return h.markAuthors(ctx, ids)
}

func (h *house) markAuthors(ctx context.Context, ids []social.ActivityID) error {
	accounts, err := h.heard.Authors(ctx, ids)
	if err != nil {
		return err
	}
	return h.sorted.MarkAccounts(ctx, accounts)
}

// markPersons tells segments of whom something changed.
func (h *house) markPersons(ctx context.Context, facts []store.Fact) error {
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
		case social.Governed:
			if f.What == "tag" {
				if err := h.segments.Retag(ctx); err != nil {
					return err
				}
			}
		}
	}
	accounts, err := h.heard.Authors(ctx, scored)
	if err != nil {
		return err
	}
	begun, err := h.talks.BegunBy(ctx, talks)
	if err != nil {
		return err
	}
	given, err := h.outcomes.GivenTo(ctx, links)
	if err != nil {
		return err
	}
	if err := h.sorted.MarkAccounts(ctx, append(append(accounts, begun...), given...)); err != nil {
		return err
	}
	customers, err := h.business.Customers(ctx, business)
	if err != nil {
		return err
	}
	return h.segments.Mark(ctx, append(persons, customers...)...)
}
