package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
)

// arrange gives the inbox of the example company its tags, teams and views.
func (s *stage) arrange(ctx context.Context) error {
	rules, err := s.as(ctx, s.first, social.GovernWrite)
	if err != nil {
		return err
	}
	tags := map[string]social.TagID{}
	for _, t := range demo.Tags() {
		kept, err := s.office.AddTag(rules, govern.Tag{Name: t.Name, Color: t.Color, About: t.About, Guarded: t.Guarded})
		if err != nil {
			return err
		}
		tags[t.Name] = kept.ID
	}
	mates, err := s.governdb.AtDesk(ctx, "")
	if err != nil {
		return err
	}
	if _, err := s.desk.Rules.Save(rules, demo.ByTag(tags, mates)); err != nil {
		return err
	}
	var hands []social.MemberID
	for _, m := range mates {
		hands = append(hands, m.ID)
	}
	desk, err := s.as(ctx, s.first, social.InboxWork)
	if err != nil {
		return err
	}
	half := (len(hands) + 1) / 2
	line, err := s.desk.KeepTeam(rules, engage.Team{Name: "First line", Sharing: engage.ByHand, Members: hands[:half]})
	if err != nil {
		return err
	}
	works, err := s.desk.KeepTeam(rules, engage.Team{Name: "Workshop", Sharing: engage.ByLoad, Members: hands[half/2:]})
	if err != nil {
		return err
	}
	if err := s.label(desk, tags, line.ID, works.ID); err != nil {
		return err
	}
	is := func(field string, op cond.Op, values ...string) cond.Node {
		return cond.Node{Field: field, Op: op, Values: values}
	}
	all := func(n ...cond.Node) cond.Node { return cond.Node{Join: cond.All, Nodes: n} }
	open := is("state", cond.Is, "open")
	for _, v := range []shelf.Saved{
		{Name: "Burning", Shared: true, Longest: true, Where: all(open, cond.Node{Join: cond.Any, Nodes: []cond.Node{is("priority", cond.Is, "urgent", "high"), is("tags", cond.Has, string(tags["Leak"]))}})},
		{Name: "Waiting for hours", Shared: true, Longest: true, Where: all(open, is("waiting_since", cond.Older, "2h"))},
		{Name: "Unhappy, in public", Shared: true, Where: all(is("state", cond.Is, "open", "waiting"), is("sentiment", cond.Is, "negative"), is("visibility", cond.Is, "public"))},
		{Name: "Kind words this month", Where: all(is("tags", cond.Has, string(tags["Praise to share"])), is("last", cond.Within, "30d"))},
	} {
		if _, err := s.views.KeepView(desk, v); err != nil {
			return err
		}
	}
	for _, m := range []shelf.Macro{
		{Name: "Ask for the serial number", Shared: true, Words: "Hello {{person.first_name}}, sorry to hear that. Which number stands on the base of your kettle? It begins with K2.",
			Deeds: []engage.Deed{{Act: engage.ActTag, Tags: []social.TagID{tags["Warranty"]}}, {Act: engage.ActTeam, Team: line.ID}}},
		{Name: "To the workshop", Shared: true, Note: "Please have a look: {{conversation.subject}}",
			Deeds: []engage.Deed{{Act: engage.ActTeam, Team: works.ID}, {Act: engage.ActPriority, Priority: engage.High}}},
		{Name: "Thank and close", Shared: true, Words: "Thank you, {{person.first_name}}! We have passed it on to everybody who built it.",
			Deeds: []engage.Deed{{Act: engage.ActTag, Tags: []social.TagID{tags["Praise to share"]}}, {Act: engage.ActResolve}}},
	} {
		if _, err := s.views.KeepMacro(desk, m); err != nil {
			return err
		}
	}
	return nil
}

// label puts tags on what was said, and gives some of it to teams.
func (s *stage) label(ctx context.Context, tags map[string]social.TagID, line, works social.TeamID) error {
	by := map[social.TagID][]social.ConversationID{}
	var first, second, urgent, high []social.ConversationID
	q := engage.Query{View: engage.ViewAll, Limit: 100}
	for {
		page, err := s.desk.List(ctx, q)
		if err != nil {
			return err
		}
		for i, c := range page.Rows {
			text := strings.ToLower(c.Subject + " " + c.Preview)
			for _, t := range demo.Tags() {
				if t.Fits(text) && len(by[tags[t.Name]]) < 400 {
					by[tags[t.Name]] = append(by[tags[t.Name]], c.ID)
				}
			}
			if c.State != engage.Open {
				continue
			}
			switch {
			case strings.Contains(text, "leak") && c.Sentiment != nil && c.Sentiment.Label == social.Negative && len(urgent) < 2:
				urgent = append(urgent, c.ID)
			case c.Author.Followers > 5000 || i%7 == 3:
				high = append(high, c.ID)
			}
			if i%3 == 0 {
				first = append(first, c.ID)
			} else if i%5 == 0 && c.Assignee == "" {
				second = append(second, c.ID)
			}
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	do := func(ids []social.ConversationID, e engage.Deed) error {
		if len(ids) == 0 {
			return nil
		}
		_, err := s.desk.Do(ctx, ids, e)
		return err
	}
	for tag, ids := range by {
		if err := do(ids, engage.Deed{Act: engage.ActTag, Tags: []social.TagID{tag}}); err != nil {
			return err
		}
	}
	for _, x := range []struct {
		ids []social.ConversationID
		e   engage.Deed
	}{{urgent, engage.Deed{Act: engage.ActPriority, Priority: engage.Urgent}}, {high, engage.Deed{Act: engage.ActPriority, Priority: engage.High}},
		{first, engage.Deed{Act: engage.ActTeam, Team: line}}, {second[:min(4, len(second))], engage.Deed{Act: engage.ActTeam, Team: works}}} {
		if err := do(x.ids, x.e); err != nil {
			return err
		}
	}
	known, err := s.as(ctx, s.first, social.PeopleWrite)
	if err != nil {
		return err
	}
	persons, _, err := s.book.People(known, people.Query{Limit: 60})
	if err != nil {
		return err
	}
	for _, p := range persons {
		if slices.ContainsFunc(p.Identities, func(i people.Identity) bool { return i.Author.Followers > 10_000 }) {
			if err := s.book.Tag(known, p.ID, []social.TagID{tags["VIP"]}, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// tidyDesk closes what has stood for days: a thank you that came after its
// conversation was closed asks for nothing.
func (s *stage) tidyDesk(ctx context.Context) error {
	ctx, err := s.as(ctx, s.first, social.InboxWork)
	if err != nil {
		return err
	}
	page, err := s.desk.List(ctx, engage.Query{View: engage.ViewOpen, Longest: true, Limit: 100})
	if err != nil {
		return err
	}
	var old []social.ConversationID
	for _, r := range page.Rows {
		if s.set.Now().Sub(r.WaitingSince) > 72*time.Hour {
			old = append(old, r.ID)
		}
	}
	if len(old) == 0 {
		return nil
	}
	_, err = s.desk.Do(ctx, old, engage.Deed{Act: engage.ActResolve})
	return err
}

// moderate hides what somebody sells below our words, and likes a kind one.
func (s *stage) moderate(ctx context.Context) error {
	return demo.Moderate(ctx, s, func(post string, act moderate.Act) error {
		return s.at(ctx, s.first, post, func(ctx context.Context, _ social.ConversationID) error {
			m, err := s.message(ctx, post)
			if err == nil {
				_, err = s.moderator.Do(ctx, m.ID, act, moderate.Why{Reason: moderate.Spam})
			}
			return err
		})
	}, s.moderator.Now)
}
