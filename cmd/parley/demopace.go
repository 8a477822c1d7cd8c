package main

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// Promise says when Brewell is there and what it promises about time: angry
// people wait two hours at most, day and night, all others a working day.
func (s *stage) Promise(ctx context.Context) error {
	ctx, err := s.as(ctx, s.first, social.GovernWrite)
	if err != nil {
		return err
	}
	if err := s.survey(ctx); err != nil {
		return err
	}
	desk := hours.Calendar{Name: "Contact centre", Zone: "America/Los_Angeles", Holidays: []hours.Holiday{
		{Day: "2026-01-01", Name: "New Year", Yearly: true}, {Day: "2026-07-04", Name: "Independence Day", Yearly: true},
		{Day: "2026-12-24", Name: "Christmas Eve", Yearly: true, Spans: []hours.Span{{From: 8 * 60, To: 12 * 60}}}, {Day: "2026-12-25", Name: "Christmas", Yearly: true}}}
	for d := time.Monday; d <= time.Friday; d++ {
		desk.Week[d] = []hours.Span{{From: 7 * 60, To: 12*60 + 30}, {From: 13 * 60, To: 19 * 60}}
	}
	desk.Week[time.Saturday] = []hours.Span{{From: 9 * 60, To: 13 * 60}}
	if desk, err = s.desk.Pace.SaveCalendar(ctx, desk); err != nil {
		return err
	}
	for _, p := range []pledge.Pledge{
		{Name: "Angry people", On: true, Pause: true, Warn: 20 * time.Minute,
			Targets:    map[pledge.Goal]time.Duration{pledge.First: 2 * time.Hour, pledge.Resolve: 72 * time.Hour},
			Steps:      []pledge.Step{{After: time.Hour, Do: pledge.TellLeads}},
			Conditions: cond.Node{Join: cond.Any, Nodes: []cond.Node{{Field: "intent", Op: cond.Has, Values: []string{"complaint"}}, {Field: "sentiment", Op: cond.Is, Values: []string{"negative"}}}}},
		{Name: "Everybody", On: true, Pause: true, Warn: time.Hour, Calendar: desk.ID,
			Targets: map[pledge.Goal]time.Duration{pledge.First: 8 * time.Hour}},
	} {
		if _, err := s.desk.Pace.SavePledge(ctx, p); err != nil {
			return err
		}
	}
	for _, r := range []rule.Rule{
		{Name: "Out of office", On: true, When: rule.Opened, Calendar: desk.ID, Open: rule.Away,
			Conditions: cond.Node{Field: "visibility", Op: cond.Is, Values: []string{"direct"}},
			Acts:       []rule.Act{{Do: rule.Reply, Text: "Thank you for writing, {{name}}. Nobody is at the desk just now; we are back on {{opens}} (Portland time) and will answer then."}}},
		{Name: "Gone quiet", On: true, When: rule.WaitsThem, After: 7 * 24 * time.Hour, Acts: []rule.Act{{Do: rule.Resolve}}},
		{Name: "Angry and still waiting", On: true, When: rule.WaitsUs, After: 3 * time.Hour, Conditions: cond.Node{Field: "sentiment", Op: cond.Is, Values: []string{"negative"}},
			Acts: []rule.Act{{Do: rule.Note, Text: "Three hours without an answer, and they sounded upset. Please look at this first."}}},
	} {
		if _, err := s.desk.Rules.Save(ctx, r); err != nil {
			return err
		}
	}
	return nil
}
