package main

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
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

// TestAReturnTakesItsOutcomeBack pays, cancels, pays again and refunds an
// order: at each step what is counted, summed and credited agrees with what
// stands.
func TestAReturnTakesItsOutcomeBack(t *testing.T) {
	engines := map[string]func() string{"sqlite": func() string { return "" }}
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		engines["postgres"] = func() string { return storetest.Database(t) }
	}
	for engine, url := range engines {
		ctx := asParley(context.Background())
		now := clock.NewSet(storetest.Start)
		h, err := build(ctx, plan{store: store.Options{Dir: t.TempDir(), URL: url()}, clock: now})
		if err != nil {
			t.Fatal(err)
		}
		defer h.db.Close()
		for _, step := range []struct {
			status  string
			amount  int64
			n       int64 // that stand
			worth   int64
			entries int
		}{
			{"placed", 4200, 0, 0, 0},
			{"cancelled", 4200, 0, 0, 0}, // it was never paid: nothing is taken back
			{"paid", 4200, 1, 4200, 1},
			{"refunded", 4200, 0, 0, 2},
			{"refunded", 4200, 0, 0, 2},
			{"paid", 5000, 1, 5000, 3},
			{"cancelled", 5000, 0, 0, 4},
			{"done", 100, 1, 100, 5},
		} {
			now.Add(26 * time.Hour)
			if _, _, err := h.deals.Upsert(ctx, deal.Order{External: "S-1", Status: step.status, Amount: step.amount, Currency: "EUR", At: storetest.Start}, deal.Buyer{Email: "amara@hey.example"}); err != nil {
				t.Fatal(err)
			}
			if err := h.db.Drain(ctx, h.followers()...); err != nil {
				t.Fatal(err)
			}
			all, _, err := h.outcomes.Conversions(ctx, "", 100)
			if err != nil {
				t.Fatal(err)
			}
			var n, worth int64
			for _, c := range all {
				if c.Reverses == "" {
					n++
				} else if n--; c.TakesBack != "S-1" {
					t.Errorf("%s: takes back %q, want the order", step.status, c.TakesBack)
				}
				worth += c.Value.Minor
			}
			sums, err := h.outcomes.Sums(ctx, storetest.Start.AddDate(0, 0, -1), storetest.Start.AddDate(0, 1, 0))
			if err != nil {
				t.Fatal(err)
			}
			summed := map[string]int64{}
			for _, s := range sums {
				if summed[s.What] += s.N; s.N < 0 {
					t.Errorf("%s: a day has %d of %s", step.status, s.N, s.What)
				}
			}
			if n != step.n || worth != step.worth || len(all) != step.entries || summed["conversion"] != step.n || summed["value:EUR"] != step.worth {
				t.Errorf("%s: %d worth %d in %d entries, summed %v; want %d worth %d in %d", step.status, n, worth, len(all), summed, step.n, step.worth, step.entries)
			}
			credits, err := around{h}.Credits(ctx, "S-1")
			if err != nil || len(credits) != step.entries {
				t.Errorf("%s: its page shows %+v, %v", step.status, credits, err)
			}
		}
		if t.Failed() {
			t.Fatal("on ", engine)
		}
	}
}
