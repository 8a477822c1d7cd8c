package foreseedb_test

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/foresee"
	"github.com/parley-crm/parley/people/foreseedb"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/people/privacydb"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/people/segmentdb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

type world struct {
	*foresee.Seer
	t       *testing.T
	db      *foreseedb.DB
	book    *people.Book
	sales   *dealdb.DB
	now     *clock.Set
	ctx     context.Context
	changed []social.PersonID
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := peopledb.New(db)
		w := &world{t: t, db: foreseedb.New(db), now: now, sales: dealdb.New(db), book: &people.Book{Store: s, Clock: now},
			ctx: social.WithScope(social.WithActor(context.Background(), social.Actor{Member: "ada", Name: "Ada"}), social.Scope{All: true})}
		w.Seer = &foresee.Seer{Store: w.db, Crowd: segmentdb.New(db), People: w.book, Sources: []foresee.Source{w.db}, Clock: now, Log: slog.New(slog.DiscardHandler),
			Changed: func(_ context.Context, who ...social.PersonID) error {
				w.changed = append(w.changed, who...)
				return nil
			}}
		f(w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func author(n int) social.Author {
	return social.Author{Scheme: "acct", Value: fmt.Sprintf("c%03d", n), Name: fmt.Sprintf("C %d", n)}
}

// crowd makes persons, every second of whom orders each month and the others
// once in a long while; their ids.
func (w *world) crowd(n int) []social.PersonID {
	w.t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	out := make([]social.PersonID, n)
	w.must(w.db.InTx(w.ctx, func(ctx context.Context) error {
		for i := range n {
			a := author(i)
			if err := w.book.Store.Meet(ctx, []people.Seen{{Author: a, At: w.now.Now()}}); err != nil {
				return err
			}
			ids, err := w.book.Store.Persons(ctx, []social.IdentityID{a.ID()})
			if err != nil {
				return err
			}
			out[i] = ids[a.ID()]
			gap := []float64{25, 200}[i%2]
			for k, at := 0, w.now.Now().AddDate(0, 0, -450); ; k++ {
				if at = at.Add(time.Duration(rng.ExpFloat64() * gap * 24 * float64(time.Hour))); !at.Before(w.now.Now()) {
					break
				}
				w.order(ctx, out[i], fmt.Sprintf("%d-%d", i, k), "paid", at)
			}
		}
		return nil
	}))
	return out
}

func (w *world) tx(f func(ctx context.Context) error) {
	w.t.Helper()
	w.must(w.db.InTx(w.ctx, f))
}

func (w *world) order(ctx context.Context, who social.PersonID, key, status string, at time.Time) {
	w.t.Helper()
	w.must(w.sales.SaveOrder(ctx, deal.Order{ID: deal.OrderID(key), External: key, Number: key, Status: status, Person: who, Amount: 4900, Currency: "EUR", At: at, CreatedAt: at, UpdatedAt: at}))
}

func (w *world) object(n int, state string, at time.Time) {
	w.t.Helper()
	ledger := privacydb.New(w.db.DB)
	w.tx(func(ctx context.Context) error {
		_, err := ledger.AddLine(ctx, consent.Line{ID: fmt.Sprint("l", n, at.Unix()), Identity: author(n).ID(), Purpose: consent.Profiling, State: state, Source: consent.ByMember, Evidence: "said so", At: at, CreatedAt: at})
		return err
	})
}

func (w *world) kept(who ...social.PersonID) map[social.PersonID]float64 {
	w.t.Helper()
	out := map[social.PersonID]float64{}
	found, _, err := segmentdb.New(w.db.DB).Who(w.ctx, who)
	w.must(err)
	w.must(w.db.Traits(w.ctx, found, func(p social.PersonID, field string, v cond.Value) {
		if field == string(foresee.BuysAgain) {
			out[p] = v.Number
		}
	}))
	return out
}

func (w *world) standing(x foresee.What) string {
	w.t.Helper()
	all, err := w.States(w.ctx)
	w.must(err)
	return all[slices.IndexFunc(all, func(s foresee.State) bool { return s.What == x })].Standing()
}

func TestWhatIsForeseenIsKept(t *testing.T) {
	each(t, func(w *world) {
		if got := w.standing(foresee.BuysAgain); got != foresee.Never {
			t.Errorf("before anything was learned: %s", got)
		}
		who := w.crowd(340)
		w.must(w.Work(w.ctx))
		if got := w.standing(foresee.BuysAgain); got != foresee.Shown {
			all, _ := w.States(w.ctx)
			t.Fatalf("it is not shown: %s, %+v", got, all[0].Figures)
		}
		if got := w.standing(foresee.SpeaksWell); got != foresee.Little {
			t.Errorf("of those who never spoke: %s", got)
		}
		all := w.kept(who...)
		often, rarely := 0.0, 0.0
		for i, p := range who {
			if i%2 == 0 {
				often += all[p]
			} else {
				rarely += all[p]
			}
		}
		if len(all) < 300 || often < 2*rarely || len(w.changed) != len(all) {
			t.Errorf("kept of %d, %d changed, %.0f and %.0f", len(all), len(w.changed), often, rarely)
		}
		v, err := w.Of(w.ctx, who[0])
		w.must(err)
		if len(v.Outlooks) == 0 || v.Outlooks[0].What != foresee.BuysAgain || len(v.Outlooks[0].Reasons) == 0 || v.Currency[foresee.BuysAgain] != "EUR" {
			t.Errorf("of one: %+v", v)
		}

		// Nothing is learned again on the same night, and all of it on the next.
		version := func() int64 {
			all, err := w.States(w.ctx)
			w.must(err)
			return all[0].Version
		}
		w.must(w.Work(w.ctx))
		if got := version(); got != 1 {
			t.Errorf("learned %d times in a night", got)
		}
		w.now.Add(24 * time.Hour)
		w.must(w.Work(w.ctx))
		if got := version(); got != 2 {
			t.Errorf("learned %d times in two", got)
		}
		w.must(second(w.Ask(w.ctx)))
		w.must(second(w.Ask(w.ctx)))
		w.must(w.Work(w.ctx))
		w.must(w.Work(w.ctx))
		if got := version(); got != 3 {
			t.Errorf("asked twice it was learned %d times", got-2)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestWhoObjectsIsLeftOut(t *testing.T) {
	each(t, func(w *world) {
		who := w.crowd(340)
		w.object(0, consent.Refused, w.now.Now().Add(-time.Hour))
		w.object(1, consent.Refused, w.now.Now().Add(-time.Hour))
		w.object(1, consent.Granted, w.now.Now().Add(-time.Minute)) // and thought again
		w.must(w.Learn(w.ctx))
		all, err := w.States(w.ctx)
		w.must(err)
		kept := w.kept(who...)
		if _, there := kept[who[0]]; there || all[0].Figures.Left != 1 {
			t.Errorf("of whoever objected %v is kept; %d were left out", kept[who[0]], all[0].Figures.Left)
		}
		v, err := w.Of(w.ctx, who[0])
		w.must(err)
		if !v.Objected || len(v.Outlooks) > 0 {
			t.Errorf("of whoever objected: %+v", v)
		}
		// From the moment on at which they say so, before the next night.
		if _, there := kept[who[2]]; !there {
			t.Fatal("nothing is foreseen of the third")
		}
		w.object(2, consent.Withdrawn, w.now.Now())
		if got := w.kept(who[2]); len(got) > 0 {
			t.Errorf("after they objected: %v", got)
		}
		if v, err := w.Of(w.ctx, who[2]); err != nil || !v.Objected {
			t.Errorf("after they objected: %+v, %v", v, err)
		}
	})
}

func TestWhoIsNoMore(t *testing.T) {
	each(t, func(w *world) {
		who := w.crowd(340)
		w.must(w.Learn(w.ctx))
		// Joined: what the one bought counts for the other, at once.
		before, err := w.Of(w.ctx, who[1])
		w.must(err)
		merge, err := w.book.Join(w.ctx, who[1], who[0])
		w.must(err)
		after, err := w.Of(w.ctx, who[0])
		w.must(err)
		if after.Person != who[1] || len(before.Outlooks) > 0 && after.Outlooks[0].Share <= before.Outlooks[0].Share {
			t.Errorf("before %+v, joined %+v", before, after)
		}
		// What segments ask follows as soon as it is told.
		w.must(w.Refresh(w.ctx, who[0], who[1]))
		w.must(w.Refresh(w.ctx))
		if got := w.kept(who[0], who[1]); len(got) != 1 || math.Abs(got[who[1]]-100*after.Outlooks[0].Share) > 0.51 {
			t.Errorf("kept after they were joined: %v, foreseen %+v", got, after.Outlooks)
		}
		// And erased, between two steps of learning too.
		gone := social.Subject{Persons: []social.PersonID{who[4]}, At: w.now.Now()}
		w.must(w.db.InTx(w.ctx, func(ctx context.Context) error {
			if _, err := w.db.IDB(ctx).NewRaw("UPDATE person SET erased_at = 1 WHERE id = ?", string(who[4])).Exec(ctx); err != nil {
				return err
			}
			_, err := w.db.Personal().Erase(ctx, gone)
			return err
		}))
		w.tx(func(ctx context.Context) error {
			return second(w.db.Replace(ctx, []social.PersonID{who[4]}, map[social.PersonID][]foresee.Outlook{who[4]: {{What: foresee.BuysAgain, Share: 0.5}}}))
		})
		var n int
		w.must(w.db.IDB(w.ctx).NewRaw("SELECT COUNT(*) FROM person_outlook WHERE person_id = ?", string(who[4])).Scan(w.ctx, &n))
		if n != 0 {
			t.Errorf("%d rows of whoever was erased", n)
		}
		w.must(w.Learn(w.ctx))
		w.must(w.db.IDB(w.ctx).NewRaw("SELECT COUNT(*) FROM person_outlook WHERE person_id IN (?, ?)", string(who[0]), string(who[4])).Scan(w.ctx, &n))
		if n != 0 {
			t.Errorf("%d rows of those who are no more", n)
		}
		w.must(w.book.Split(w.ctx, merge.ID))
		if v, err := w.Of(w.ctx, who[0]); err != nil || v.Person != who[0] || len(v.Outlooks) == 0 {
			t.Errorf("stands alone again: %+v, %v", v, err)
		}
	})
}

func TestTurnedOff(t *testing.T) {
	each(t, func(w *world) {
		who := w.crowd(340)
		w.must(w.Learn(w.ctx))
		x, err := w.Turn(w.ctx, foresee.BuysAgain, false)
		w.must(err)
		if x.On || x.Standing() != foresee.Off || len(w.kept(who...)) > 0 {
			t.Errorf("turned off: %+v", x)
		}
		w.must(w.Learn(w.ctx))
		if got := w.standing(foresee.BuysAgain); got != foresee.Off {
			t.Errorf("learning turned it on: %s", got)
		}
		if _, err := w.Turn(w.ctx, "marries", true); !social.NotFound.Is(err) {
			t.Errorf("what is not foreseen: %v", err)
		}
		x, err = w.Turn(w.ctx, foresee.BuysAgain, true)
		w.must(err)
		if !x.Waits() || x.Standing() != foresee.Never {
			t.Errorf("turned on: %+v", x)
		}
		w.must(w.Work(w.ctx))
		if got := w.standing(foresee.BuysAgain); got != foresee.Shown || len(w.kept(who...)) == 0 {
			t.Errorf("learned anew: %s", got)
		}
	})
}

func TestOrdersThatNeverStood(t *testing.T) {
	each(t, func(w *world) {
		who := w.crowd(1)[0]
		at := w.now.Now().AddDate(0, 0, -100)
		fill := func() foresee.Past {
			var p foresee.Past
			found, _, err := segmentdb.New(w.db.DB).Who(w.ctx, []social.PersonID{who})
			w.must(err)
			w.must(w.db.Fill(w.ctx, found, w.now.Now().AddDate(-3, 0, 0), func(social.PersonID) *foresee.Past { return &p }))
			return p
		}
		n := len(fill().Orders)
		w.tx(func(ctx context.Context) error {
			w.order(ctx, who, "placed", "placed", at)
			w.order(ctx, who, "cancelled", "cancelled", at)
			return nil
		})
		if got := len(fill().Orders); got != n {
			t.Errorf("%d orders that never stood", got-n)
		}
		w.tx(func(ctx context.Context) error {
			return w.sales.SaveOrder(ctx, deal.Order{ID: "back", External: "back", Number: "back", Status: "refunded", Person: who, Amount: 1, Currency: "EUR", At: at, CreatedAt: at, UpdatedAt: at.AddDate(0, 0, 9)})
		})
		p := fill()
		i := slices.IndexFunc(p.Orders, func(o foresee.Order) bool { return !o.Until.IsZero() })
		if len(p.Orders) != n+1 || i < 0 || !p.Orders[i].Until.Equal(at.AddDate(0, 0, 9)) {
			t.Errorf("one that was given back: %+v", p.Orders)
		}
	})
}

// late is a room that lets something happen while everybody is read.
type late func(ctx context.Context) error

func (l late) Fill(ctx context.Context, _ []segment.Who, _ time.Time, _ func(social.PersonID) *foresee.Past) error {
	return l(ctx)
}

func TestTurnedOffWhileItLearns(t *testing.T) {
	each(t, func(w *world) {
		who := w.crowd(340)
		reads := 0
		w.Sources = append(w.Sources, late(func(ctx context.Context) error {
			if reads++; reads != 3 { // two steps to learn from everybody, then to foresee the first
				return nil
			}
			return second(w.Turn(ctx, foresee.BuysAgain, false))
		}))
		w.must(w.Learn(w.ctx))
		if got := w.kept(who...); reads != 4 || len(got) > 0 {
			t.Errorf("after %d reads it is foreseen of %d, and turned off", reads, len(got))
		}
	})
}
