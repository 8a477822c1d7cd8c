package peopleapi_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/foresee"
	"github.com/parley-crm/parley/people/foreseedb"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/people/privacydb"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/social"
)

// waits is that everybody waits in one conversation, which those of the south may not read.
type waits struct{ since time.Time }

func (x waits) Talked(ctx context.Context, who []social.IdentityID) ([]foresee.Talk, error) {
	if len(who) == 0 || !social.ScopeOf(ctx).Sees("north") {
		return nil, nil
	}
	return []foresee.Talk{{ID: "c1", Last: x.since, Waiting: x.since}}, nil
}

func TestOutlooksOverHTTP(t *testing.T) {
	houses(t, func(h *house) {
		db := h.persons.DB
		seer := &foresee.Seer{Store: foreseedb.New(db), Crowd: segmentdb.New(db), People: h.book, Sources: []foresee.Source{foreseedb.New(db)}, Clock: h.now, Log: slog.New(slog.DiscardHandler)}
		peopleapi.RegisterOutlooks(h.srv, seer, &card.Box{Store: h.persons, People: h.book, Herald: herald{}, Mates: herald{}, Clock: h.now}, waits{h.now.Now().Add(-time.Hour)})
		nils, sven, liv := h.meet("nils", "north"), h.meet("sven", "north"), h.meet("liv", "south")
		of := func(who string) string { return "/api/people/" + who + "/outlooks" }
		const all, one = "/api/outlooks", "/api/outlooks/buys_again"
		h.all([]asked{
			{"a stranger", "", "GET", of(nils), "", 401, "", "items"},
			{"nobody's business", "eve", "GET", of(nils), "", 403, "people.read", ""},
			{"one who is out of sight", "sue", "GET", of(nils), "", 404, "", "items"},
			{"before anything was learned", "vic", "GET", of(nils), "", 200, `"items":[],"standing":[{"what":"buys_again","days":60,"standing":"never"}`, "lack"},
			{"what waits for us is answered first", "vic", "GET", of(nils), "", 200, `"next":[{"do":"answer","conversation":"c1","at":"`, ""},
			{"as far as one may read", "sue", "GET", of(liv), "", 200, `"next":[]`, ""},
			{"a reader learns nothing of models", "vic", "GET", all, "", 403, "model.train", ""},
			{"nor turns them", "vic", "PATCH", one, `{"on":false}`, 403, "model.train", ""},
			{"nor lets them learn", "vic", "POST", all + "/learn", "", 403, "model.train", ""},
			{"a word too many", "ada", "PATCH", one, `{"on":true,"for":"x"}`, 422, "", ""},
			{"what is not foreseen", "ada", "PATCH", "/api/outlooks/marries", `{"on":true}`, 404, "nothing of this name", ""},
			{"learn now", "ada", "POST", all + "/learn", "", 200, `"learning":true`, `"learning":false`},
		})
		h.must(seer.Work(asSystem()))
		h.all([]asked{
			{"too little, and how much is missing", "vic", "GET", of(nils), "", 200, `"standing":"little","lack":{"back":60,"people":0,"least_people":200,"yes":0,"no":0,"least_each":50}`, `"share"`},
			{"learned", "ada", "GET", all, "", 200, `"learned_at":"`, `"learning":true`},
		})
		rng := rand.New(rand.NewPCG(8, 8))
		h.must(db.InTx(asSystem(), func(ctx context.Context) error {
			for i := range 320 {
				who := social.PersonID(nils)
				if i > 0 {
					a := social.Author{Scheme: "acct", Value: fmt.Sprint("c", i), Name: "C"}
					if err := h.persons.Meet(ctx, []people.Seen{{Author: a, At: h.now.Now()}}); err != nil {
						return err
					}
					ids, err := h.persons.Persons(ctx, []social.IdentityID{a.ID()})
					if err != nil {
						return err
					}
					who = ids[a.ID()]
				}
				at := h.now.Now().AddDate(0, 0, -450)
				for k := 0; ; k++ {
					if at = at.Add(time.Duration(rng.ExpFloat64() * []float64{20, 200}[i%2] * 24 * float64(time.Hour))); !at.Before(h.now.Now()) {
						break
					}
					key := fmt.Sprint(i, "-", k)
					if err := h.books.Store.SaveOrder(ctx, deal.Order{ID: deal.OrderID(key), External: key, Number: key, Status: "paid", Person: who, Amount: 4900, Currency: "EUR", At: at, CreatedAt: at, UpdatedAt: at}); err != nil {
						return err
					}
				}
			}
			return nil
		}))
		h.must(seer.Learn(asSystem()))
		h.all([]asked{
			{"how likely, beside the usual, and why", "vic", "GET", of(nils), "", 200, `"items":[{"what":"buys_again","days":60,"share":0.`, `"lack":{"back":60,"people":0,"least_people":200,"yes":0,"no":0,"least_each":50}},{"what":"goes_quiet"`},
			{"with reasons", "nia", "GET", of(nils), "", 200, `"reasons":[{"feature":"`, ""},
			{"of whom it makes no sense there is none", "vic", "GET", of(sven), "", 200, `"items":[],"standing":[{"what":"buys_again","days":60,"standing":"shown"}`, ""},
			{"how well it did", "ada", "GET", all, "", 200, `"tens":[{"n":`, ""},
			{"off", "ada", "PATCH", one, `{"on":false}`, 200, `"standing":"off","on":false`, ""},
			{"then it says nothing", "vic", "GET", of(nils), "", 200, `{"what":"buys_again","days":60,"standing":"off"}`, `{"what":"buys_again","days":60,"share"`},
			{"on again", "ada", "PATCH", one, `{"on":true}`, 200, `"standing":"never","on":true,"learning":true`, ""},
		})
		h.must(seer.Work(asSystem()))
		a := social.Author{Scheme: "acct", Value: "nils"}
		h.must(db.InTx(asSystem(), func(ctx context.Context) error {
			_, err := privacydb.New(db).AddLine(ctx, consent.Line{ID: "no", Identity: a.ID(), Purpose: consent.Profiling, State: consent.Refused, Source: consent.ByMember, At: h.now.Now(), CreatedAt: h.now.Now()})
			return err
		}))
		h.all([]asked{{"who objects", "vic", "GET", of(nils), "", 200, `"objected":true,"items":[]`, `"share"`}})
	})
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}
