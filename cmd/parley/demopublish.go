package main

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/social"
)

// Say writes, plans and reviews something that the company says by itself, as
// far as its fate goes.
func (s *stage) Say(ctx context.Context, x demo.Say, by, manager social.MemberID, p social.ProgrammeID) error {
	if err := s.openPress(ctx, manager, p); err != nil {
		return err
	}
	all, err := s.as(ctx, s.first, social.PublishWrite) // channels belong to other programmes
	if err != nil {
		return err
	}
	author, _ := social.ActorOf(all)
	if a, ok := s.actors[by]; ok {
		author = a
	} else if m, err := s.office.Member(ctx, by); err == nil {
		author = m.Actor()
	}
	writer := social.WithActor(all, author)
	c := publish.Content{Text: x.Text, Lang: "en", Campaign: x.Campaign, Programme: p, Posts: []*publish.Post{{Channel: s.channels[practice.Microblog]}}}
	if x.Table != "-" {
		c.Posts = append(c.Posts, &publish.Post{Channel: s.channels[practice.Forum], Own: x.Table != "", Text: x.Table})
	}
	for _, p := range x.Pictures() {
		f, err := s.db.PutFile(writer, p.Name, "", author.Member, bytes.NewReader(p.Bytes))
		if err != nil {
			return err
		}
		c.Media = append(c.Media, publish.Media{File: f.ID, Alt: p.Alt})
	}
	if c, err = s.press.Add(writer, c); err != nil || x.Fate == demo.Begun {
		return err
	}
	return s.fare(writer, ctx, c, x, manager)
}

// openPress says once what the programme asks, and when its channel publishes.
func (s *stage) openPress(ctx context.Context, manager social.MemberID, p social.ProgrammeID) error {
	if rule, err := s.press.RuleOf(asParley(ctx), p); err != nil || rule.Set {
		return err
	}
	ctx, err := s.as(ctx, s.first, social.PublishApprove)
	if err != nil {
		return err
	}
	if err := s.press.SetRule(ctx, publish.Rule{Programme: p, Review: true, FourEyes: true, Set: true}); err != nil {
		return err
	}
	q := publish.Queue{Channel: s.channels[practice.Microblog], Zone: "America/Los_Angeles"}
	for _, d := range []time.Weekday{time.Monday, time.Wednesday, time.Friday} {
		q.Slots = append(q.Slots, publish.Slot{Day: d, Minute: 9 * 60}, publish.Slot{Day: d, Minute: 16*60 + 30})
	}
	return s.press.SetQueue(ctx, q)
}

// fare takes a content as far as its fate goes.
func (s *stage) fare(writer, ctx context.Context, c publish.Content, x demo.Say, manager social.MemberID) error {
	now := s.clock.Now()
	at := now.Add(-time.Duration(x.Days * 24 * float64(time.Hour))).Truncate(30 * time.Minute)
	if x.Days < 0 && x.Fate != demo.Cleared {
		if _, err := s.press.Schedule(writer, c.ID, at, nil); err != nil {
			return err
		}
	}
	if _, err := s.press.Submit(writer, c.ID, ""); err != nil || x.Fate == demo.Asked {
		return err
	}
	boss, err := s.as(ctx, manager, social.PublishApprove)
	if err != nil {
		return err
	}
	boss = social.WithScope(boss, social.ScopeOf(writer))
	if x.Fate == demo.Returned {
		_, err := s.press.Review(boss, c.ID, publish.Return, x.Why)
		return err
	}
	if _, err := s.press.Review(boss, c.ID, publish.Approve, ""); err != nil {
		return err
	}
	switch x.Fate {
	case demo.Stopped:
		if _, err := s.press.Stop(boss, c.ID, nil, x.Why); err != nil {
			return err
		}
		return s.openHouse(writer, c.Programme)
	case demo.Planned, demo.Cleared:
		return nil
	case demo.Unsettled:
		s.network.Trouble(practice.BrokenLate)
	case demo.Lost:
		s.network.Trouble(practice.Refused)
	}
	defer s.network.Trouble(practice.NoTrouble)
	if _, err := s.press.Schedule(writer, c.ID, time.Time{}, nil); err != nil {
		return err
	}
	if _, err = s.press.Run(ctx); err != nil || x.Fate != demo.Out {
		return err
	}
	return s.liked(writer, c.ID, len(x.Text))
}

// liked lets people like what was published; how many is as good as random.
func (s *stage) liked(ctx context.Context, id publish.ContentID, n int) error {
	c, err := s.press.Store.Content(ctx, id)
	if err != nil {
		return err
	}
	for i, p := range c.Posts {
		if err := s.network.Like(p.ExternalID, 12+(n*7+i*31)%90, 1+(n+i*13)%17); err != nil {
			return err
		}
	}
	return nil
}

// openHouse invites to an event that more want to come to than there is room.
func (s *stage) openHouse(ctx context.Context, p social.ProgrammeID) error {
	start := s.clock.Now().AddDate(0, 0, 9).Truncate(24 * time.Hour).Add(18 * time.Hour)
	e, err := s.press.AddEvent(ctx, publish.Event{Title: "Open house at the roastery", About: "Three new teas, a look at the workshop, and the quiet kettle to listen to.\nBring your old kettle: we look at it for nothing.",
		Place: "Roastery, 1200 NW Front Ave, Portland", Start: start, End: start.Add(3 * time.Hour), Zone: "America/Los_Angeles", Capacity: 12, Programme: p})
	if err != nil {
		return err
	}
	e.Standing = publish.Open
	if e, err = s.press.WriteEvent(ctx, e.ID, e, e.Version); err != nil {
		return err
	}
	for i, name := range []string{"Ana Costa", "Ben Osei", "Chiara Neri", "Dev Patel", "Eva Lund", "Femi Ade", "Greta Blum", "Hana Mori", "Igor Novak", "Jo Park", "Kim Lee", "Lars Holm", "Mia Rossi", "Noah Weiss", "Oda Berg", "Paul Roy", "Rita Sa"} {
		coming := publish.Yes
		if i%6 == 4 {
			coming = publish.Maybe
		}
		if i == 9 {
			coming = publish.No
		}
		if _, _, err := s.press.Reply(ctx, e.Slug, publish.Answer{Name: name, Email: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@mail.example", Coming: coming}); err != nil {
			return err
		}
	}
	return nil
}
