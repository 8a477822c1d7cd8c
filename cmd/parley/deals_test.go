package main

import (
	"context"
	"testing"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/store"
)

// TestAPaidOrderIsOneOutcome: an order counts once it is paid, however often it
// is told, and not again when the shop reports the outcome under the same id.
func TestAPaidOrderIsOneOutcome(t *testing.T) {
	ctx := asParley(context.Background())
	h, err := build(ctx, plan{store: store.Options{Dir: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.db.Close()
	outcomes := func() []evolve.Conversion {
		t.Helper()
		if err := h.db.Drain(ctx, h.followers()...); err != nil {
			t.Fatal(err)
		}
		all, _, err := h.outcomes.Conversions(ctx, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	tell := func(status string) {
		t.Helper()
		_, _, err := h.deals.Upsert(ctx, deal.Order{External: "S-1", Status: status, Amount: 129_900, Currency: "EUR"}, deal.Buyer{Email: "amara@hey.example", Name: "Amara Okafor"})
		if err != nil {
			t.Fatal(err)
		}
	}
	tell("placed")
	if got := outcomes(); len(got) != 0 {
		t.Errorf("an order that nobody paid brought %v", got)
	}
	tell("paid")
	tell("paid")
	tell("sent")
	if _, err := h.ledger.Convert(ctx, evolve.Report{ExternalID: "S-1", Kind: "sale", Value: evolve.Money{Minor: 129_900, Currency: "EUR"}}); err != nil {
		t.Fatal(err)
	}
	if got := outcomes(); len(got) != 1 || got[0].Value.Minor != 129_900 {
		t.Errorf("a paid order brought %+v, want one outcome", got)
	}
}
