package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// beginHive lets the hive of a programme learn from the first day who knows
// what; it takes nothing by itself yet.
func (s *stage) beginHive(ctx context.Context, name string, p social.ProgrammeID) error {
	if !slices.Contains(demo.HiveProgrammes(), name) {
		return nil
	}
	_, err := s.hive.SetRules(ctx, p, demoRules(hive.TakesByHand, nil))
	return err
}

// demoRules are such that the example is lively at any hour.
func demoRules(takes hive.Takes, centre []social.MemberID) hive.Rules {
	r := hive.DefaultRules()
	r.On, r.Takes, r.Centre = true, takes, centre
	r.First, r.Widen, r.Target, r.Reserve, r.Claim = 3, 20, 8*60, 60, 90
	r.Week = hive.Week{Zone: "UTC", Days: 127}
	return r
}

// demoHiveTakes is how many conversations that wait already the hive is given.
const demoHiveTakes = 14

// TeachHive lets people say what they know, and the hive take what comes.
func (s *stage) TeachHive(ctx context.Context, by social.MemberID) error {
	ids, err := s.people(ctx)
	if err != nil {
		return err
	}
	if err := s.tellSkills(ctx, ids); err != nil {
		return err
	}
	lead, err := s.as(ctx, by, social.GovernWrite)
	if err != nil {
		return err
	}
	var centre []social.MemberID
	for _, key := range demo.HiveCentre() {
		centre = append(centre, ids[key])
	}
	led, err := s.hive.Leads(lead)
	if err != nil {
		return err
	}
	for _, p := range led {
		if p.On {
			if _, err := s.hive.SetRules(lead, p.ID, demoRules(hive.TakesAll, centre)); err != nil {
				return err
			}
		}
	}
	return nil
}

// OpenHive gives the hive what waits.
func (s *stage) OpenHive(ctx context.Context, by social.MemberID) error {
	lead, err := s.as(ctx, by, social.GovernWrite)
	if err != nil {
		return err
	}
	led, err := s.hive.Leads(lead)
	if err != nil {
		return err
	}
	desk, err := s.as(ctx, by, social.InboxWork)
	if err != nil {
		return err
	}
	page, err := s.desk.List(desk, engage.Query{View: engage.ViewUnassigned, Limit: 100})
	if err != nil {
		return err
	}
	given := 0
	for _, c := range page.Rows {
		on := slices.ContainsFunc(led, func(p hive.Led) bool { return p.On && p.ID == c.Programme })
		if !on || c.Turn != engage.Ours || c.WaitingSince.IsZero() || given == demoHiveTakes {
			continue
		}
		if err := s.hive.AskHive(desk, c.ID); social.Conflict.Is(err) { // a colleague has it
			continue
		} else if err != nil {
			return err
		}
		given++
	}
	return nil
}

// people finds the members of the example company by their keys.
func (s *stage) people(ctx context.Context) (map[string]social.MemberID, error) {
	out := map[string]social.MemberID{}
	for cursor := ""; ; {
		page, next, err := s.office.Members(asParley(ctx), cursor, 100)
		if err != nil {
			return nil, err
		}
		for _, m := range page {
			key, _, _ := strings.Cut(m.Email, "@")
			out[key] = m.ID
		}
		if cursor = next; next == "" {
			return out, nil
		}
	}
}

// tellSkills lets everybody say what they know, and that they can be asked.
func (s *stage) tellSkills(ctx context.Context, ids map[string]social.MemberID) error {
	langs := map[string][]string{}
	for _, m := range demo.Crew() {
		langs[m.Key] = m.AllLangs()
	}
	for key, knows := range demo.Skills() {
		ctx, err := s.as(ctx, ids[key], social.InboxReply)
		if err != nil {
			return err
		}
		if _, err := s.hive.Save(ctx, hive.Member{Expertise: knows, Langs: langs[key]}); err != nil {
			return err
		}
		if _, err := s.hive.Say(ctx, hive.Available, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// take lets whoever is about to answer take the question first, if the hive
// asks it.
func (s *stage) take(ctx context.Context, c social.ConversationID) error {
	err := s.hive.Claim(ctx, c)
	if social.NotFound.Is(err) || social.Conflict.Is(err) || social.Forbidden.Is(err) {
		return nil
	}
	return err
}

// WorkHive lets some of those who are asked do something: take a question, ask
// a colleague, pass. What the first member was asked is left to them.
func (s *stage) WorkHive(ctx context.Context, by social.MemberID) error {
	lead, err := s.as(ctx, by, social.GovernWrite)
	if err != nil {
		return err
	}
	cards, _, err := s.hive.Cards(lead, hive.Ask{View: hive.ViewOffered, Limit: 30})
	if err != nil {
		return err
	}
	done := 0
	for _, c := range cards {
		if c.Offer != nil && c.Offer.State == hive.Waiting {
			continue
		}
		t, err := s.hive.Trace(lead, c.Conversation)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(t.Offers, func(o hive.Offer) bool { return o.State == hive.Waiting }); i >= 0 {
			if err := s.workOne(ctx, t.Offers[i].Member, c.Conversation, done); err != nil {
				return err
			}
			done++
		}
	}
	return nil
}

func (s *stage) workOne(ctx context.Context, m social.MemberID, c social.ConversationID, n int) error {
	ctx, err := s.as(ctx, m, social.InboxReply)
	if err != nil {
		return err
	}
	switch n % 4 {
	case 0:
		return s.hive.Claim(ctx, c)
	case 1:
		if err := s.hive.Claim(ctx, c); err != nil || m == s.first {
			return err
		}
		_, err := s.hive.Further(ctx, c, hive.Further{Key: id.At(s.set.Now()), Members: []social.MemberID{s.first}, Words: "Do we have a wording for this one? I would rather not promise too much."})
		if social.Invalid.Is(err) || social.Conflict.Is(err) { // not in this programme, or asked already
			return nil
		}
		return err
	case 2:
		return s.hive.Pass(ctx, c, hive.NoTime)
	}
	return nil
}
