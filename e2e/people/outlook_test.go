//go:build browser

package people_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// buyers makes a data folder with the orders of fifteen months: every second
// customer orders each month by chance, the others twice a year. It returns the
// first.
func buyers(t *testing.T, dir string, n int) (first social.PersonID) {
	t.Helper()
	ctx := social.WithScope(social.WithActor(context.Background(), social.SystemActor()), social.Scope{All: true})
	db, err := store.Open(ctx, store.Options{Dir: dir, Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	persons, sales, rng, now := peopledb.New(db), dealdb.New(db), rand.New(rand.NewPCG(11, 11)), time.Now().UTC()
	err = db.InTx(ctx, func(ctx context.Context) error {
		for i := range n {
			a := social.Author{Scheme: "mailto", Value: fmt.Sprintf("c%03d@hey.example", i), Name: fmt.Sprintf("Customer %03d", i)}
			if err := persons.Meet(ctx, []people.Seen{{Author: a, At: now}}); err != nil {
				return err
			}
			ids, err := persons.Persons(ctx, []social.IdentityID{a.ID()})
			if err != nil {
				return err
			}
			who := ids[a.ID()]
			if i == 0 {
				first = who
			}
			at := now.AddDate(0, 0, -450)
			for k := 0; ; k++ {
				if at = at.Add(time.Duration(rng.ExpFloat64() * []float64{25, 180}[i%2] * 24 * float64(time.Hour))); !at.Before(now) {
					break
				}
				key := fmt.Sprint("S-", i, "-", k)
				if err := sales.SaveOrder(ctx, deal.Order{ID: deal.OrderID(key), External: key, Number: key, Status: "paid", Person: who, Amount: 4900, Currency: "EUR", At: at, CreatedAt: at, UpdatedAt: at}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return first
}

// TestWhatMayCome learns from a past, shows how well, says of somebody what may
// come and why, and is silent once they object, and once it is off.
func TestWhatMayCome(t *testing.T) {
	dir := t.TempDir()
	first := buyers(t, dir, 320)
	h := house.At(t, dir)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")

	w.Open(h.URL + "/settings/models")
	w.SeeRole("heading", "What may come of people")
	w.SeeWithin("It did better than the usual rate by more than chance explains.", 30_000)
	w.See("/Too little has happened to foresee this: 0 of 200 people/")
	w.See("/Tells two people apart/")
	w.SeeRole("img", "/foreseen, .* happened/")
	w.Click("button", "Learn now")
	w.SeeWithin("/version 2/", 30_000)
	w.Accessible()

	page := h.URL + "/people/" + string(first)
	w.Open(page)
	w.SeeRole("heading", "What may come")
	w.SeeRole("heading", "/Buys again/")
	w.See("/usual here: about/")
	w.See("/last ordered|orders? within a year/")
	w.Accessible()

	// A promise that is due is what comes next.
	ada.Must(http.MethodPost, "/api/people/"+string(first)+"/promises", map[string]any{"text": "Send the new seal", "due_at": time.Now().Add(time.Hour)}, nil)
	w.Reload()
	w.SeeIn("list", "What to do next", "/Keep the promise.*Send the new seal/")

	phone := b.Phone("ada on the phone")
	h.SignIn(phone, "ada@brewell.example")
	for _, path := range []string{"/settings/models", "/people/" + string(first)} {
		phone.Open(h.URL + path)
		phone.SeeRole("heading", "/What may come/")
		phone.Accessible()
	}

	// Whoever objects is left out at once.
	var person struct{ Identities []struct{ ID string } }
	ada.Must(http.MethodGet, "/api/people/"+string(first), nil, &person)
	ada.Must(http.MethodPost, "/api/people/"+string(first)+"/consents", map[string]any{"identity": person.Identities[0].ID, "purpose": "profiling", "state": "refused", "evidence": "on the telephone"}, nil)
	w.Reload()
	w.See("/does not want this, so nothing is foreseen/")
	w.Gone("Buys again")

	// And it can be turned off for everybody.
	w.Open(h.URL + "/settings/models")
	w.Click("switch", "Buys again: foresee it")
	w.See("It is off, and what was foreseen of people is gone.")
	w.See("Turned off. Nothing is learned and nothing is kept of people.")
}
