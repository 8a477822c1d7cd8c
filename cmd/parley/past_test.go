package main

import (
	"context"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/people/foresee"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// TestThePastComesFromEveryRoom: what every room keeps of persons is what is
// foreseen from, and nothing of it is left after an erasure.
func TestThePastComesFromEveryRoom(t *testing.T) { onBoth(t, pastIn) }

func pastIn(t *testing.T, where store.Options) {
	ctx := asParley(context.Background())
	h, err := build(ctx, plan{store: where, timing: engage.Timing{Undo: time.Hour}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.db.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	planted := plant(t, h)
	must(h.db.Drain(ctx, h.followers()...))
	crowd := segmentdb.New(h.db)
	past := func() (all foresee.Past) {
		ids, err := crowd.After(ctx, "", 200)
		must(err)
		who, _, err := crowd.Who(ctx, ids)
		must(err)
		for _, src := range h.seer.Sources {
			must(src.Fill(ctx, who, time.Unix(0, 0), func(social.PersonID) *foresee.Past { return &all }))
		}
		return all
	}
	p := past()
	if len(p.Orders) != 1 || len(p.Said) == 0 || len(p.Messages) == 0 || len(p.Answers) != 1 || p.Answers[0].Score != 4 {
		t.Fatalf("of orders %d, said %d, messages %d, answers %+v", len(p.Orders), len(p.Said), len(p.Messages), p.Answers)
	}
	asks := false
	for _, m := range p.Messages {
		asks = asks || m.Asks && !m.Ours && m.Talk != ""
	}
	if !asks || p.Said[0].Channel == "" || p.Said[0].At.IsZero() {
		t.Errorf("said %+v, messages %+v", p.Said, p.Messages)
	}
	must(h.seer.Learn(ctx))
	v, err := h.seer.Of(ctx, planted)
	must(err)
	if len(v.Outlooks) > 0 || v.States[0].Standing() != foresee.Little {
		t.Errorf("of a handful of people: %+v", v)
	}
	r, err := h.keeper.Ask(ctx, privacy.Request{Person: planted, Kind: privacy.Erasure, AskedBy: "customer"})
	must(err)
	_, err = h.keeper.Carry(ctx, r.ID)
	must(err)
	must(h.keeper.Work(ctx))
	if v, err = h.seer.Of(ctx, planted); err == nil && len(v.Outlooks) > 0 {
		t.Errorf("of whoever was erased: %+v", v)
	}
}
