package peopledb_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// onWhatsApp is an account there; without a number WhatsApp tells none.
func onWhatsApp(id, number, name string) social.Author {
	a := social.Author{Scheme: "whatsapp", Issuer: "waba1", Value: id, Name: name}
	if number != "" {
		a.URL = "https://wa.me/" + number
	}
	return a
}

// careful is a town in which persons are joined by themselves; answered are
// the accounts that somebody answered.
func careful(t *testing.T, db *store.DB, now *clock.Set) (w *town, answered map[social.IdentityID]bool) {
	w, answered = newTown(t, db, now), map[social.IdentityID]bool{}
	w.book.Answered = func(_ context.Context, who []social.IdentityID) (bool, error) {
		return slices.ContainsFunc(who, func(i social.IdentityID) bool { return answered[i] }), nil
	}
	return w, answered
}

func TestOnlyWhatIsSafeIsJoinedByItself(t *testing.T) {
	sms, wa := phone("+491701234567"), onWhatsApp("DE.1", "491701234567", "Maya")
	for _, tt := range []struct {
		name     string
		first    social.Author
		firstHas func(w *town, p social.PersonID, answered map[social.IdentityID]bool)
		then     social.Author
		text     string
		joined   bool
		open     int // suggestions
	}{
		{"the same number on SMS and WhatsApp", sms, nil, wa, "Hi", true, 0},
		{"the other way round", wa, nil, sms, "Hi", true, 0},
		{"where the first was answered, the new one is the shell", sms, func(_ *town, _ social.PersonID, answered map[social.IdentityID]bool) { answered[sms.ID()] = true }, wa, "Hi", true, 0},
		{"where the first has notes", sms, func(w *town, p social.PersonID, _ map[social.IdentityID]bool) { w.note(p) }, wa, "Hi", true, 0},
		{"where both were answered it is asked", sms, func(_ *town, _ social.PersonID, answered map[social.IdentityID]bool) {
			answered[sms.ID()], answered[wa.ID()] = true, true
		}, wa, "Hi", false, 1},
		{"the last nine digits are not the whole number", sms, nil, onWhatsApp("FR.1", "331701234567", "Maya"), "Hi", false, 1},
		{"a number that was only written is asked about", sms, nil, toot("maya@home.test", "Maya Sol"), "Call me: +49 170 1234567", false, 1},
		{"WhatsApp without a number proves nothing", sms, nil, onWhatsApp("DE.1", "", "Maya"), "Hi", false, 0},
		{"a name proves nothing", mailOf("maya@home.test", "Maya Sol"), nil, toot("sol@pdx.social", "Maya Sol"), "Hi", false, 0},
		{"a mail that anybody can have sent proves nothing", mailOf("maya@home.test", "Maya Sol"), nil,
			social.Author{Scheme: "mailto", Issuer: people.Unproven, Value: "maya@home.test", Name: "Maya Sol", Unverified: true}, "Hi", false, 1},
		{"who has two numbers of one sort is asked about", sms, func(w *town, p social.PersonID, _ map[social.IdentityID]bool) {
			other := w.says(onWhatsApp("DE.9", "", "Maya"), "Hi")
			if _, err := w.book.Join(w.ctx, p, other); err != nil {
				w.t.Fatal(err)
			}
		}, wa, "Hi", false, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
				w, answered := careful(t, db, now)
				first := w.says(tt.first, "Hello")
				if tt.firstHas != nil {
					tt.firstHas(w, first, answered)
				}
				then := w.says(tt.then, tt.text)
				p, err := w.book.Person(w.ctx, first)
				if err != nil {
					t.Fatal(err)
				}
				if joined := p.ID == then; joined != tt.joined {
					t.Errorf("joined: %v, want %v", joined, tt.joined)
				}
				if open := len(w.open()); open != tt.open {
					t.Errorf("%d suggestions, want %d", open, tt.open)
				}
				if !tt.joined {
					return
				}
				merges, err := w.db.Merges(w.ctx, p.ID)
				if err != nil || len(merges) != 1 || !merges[0].Automatic || len(merges[0].Reasons) != 1 {
					t.Fatalf("it was joined by %+v, %v", merges, err)
				}
				// Taken apart they stay apart, and are asked about.
				if err := w.book.Split(w.ctx, merges[0].ID); err != nil {
					t.Fatal(err)
				}
				w.says(tt.then, "Me again")
				a, err := w.db.Persons(w.ctx, []social.IdentityID{tt.first.ID(), tt.then.ID()})
				if err != nil || a[tt.first.ID()] == a[tt.then.ID()] || len(w.open()) != 1 {
					t.Errorf("after it was taken apart: %v, %d suggestions, %v", a, len(w.open()), err)
				}
			})
		})
	}
}

func (w *town) note(p social.PersonID) {
	w.t.Helper()
	if _, err := w.book.Edit(w.ctx, p, people.Change{Notes: ptr("Knows us from the fair.")}); err != nil {
		w.t.Fatal(err)
	}
}

// TestJoiningByItselfComesApart lets accounts arrive, be joined and be taken
// apart at random. Nobody is ever joined by themselves with somebody who has
// not proven the same number, nobody who was taken apart is joined again, and
// when all is undone everybody is as they would have been alone.
func TestJoiningByItselfComesApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		for seed := range uint64(8) {
			r := rand.New(rand.NewPCG(seed, 58))
			w, answered := careful(t, db, now)
			number := func(n int) string { return fmt.Sprintf("49170%02d%05d", seed, n) }
			var all []social.Author
			for n := range 4 {
				all = append(all, phone("+"+number(n)), onWhatsApp(fmt.Sprintf("DE.%d.%d", seed, n), number(n), fmt.Sprintf("Name%d", n)))
			}
			r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			numberOf, alone := map[social.IdentityID]string{}, map[social.IdentityID]string{}
			for _, a := range all {
				numberOf[a.ID()], alone[a.ID()] = a.Value, a.Label()
				if a.URL != "" {
					numberOf[a.ID()] = "+" + a.URL[len("https://wa.me/"):]
				}
			}
			var ids []social.PersonID
			parted := map[string]bool{}
			for step := range 40 {
				if step < len(all) {
					ids = append(ids, w.says(all[step], "Hi"))
				}
				switch who := ids[r.IntN(len(ids))]; r.IntN(4) {
				case 0:
					w.says(all[r.IntN(min(step+1, len(all)))], "Again")
				case 1:
					answered[all[r.IntN(len(all))].ID()] = true
				case 2:
					if _, err := w.book.Join(w.ctx, who, ids[r.IntN(len(ids))]); err != nil && !social.Invalid.Is(err) {
						t.Fatal(err)
					}
				case 3:
					p, err := w.book.Person(w.ctx, who)
					if err != nil {
						t.Fatal(err)
					}
					merges, err := w.db.Merges(w.ctx, p.ID)
					if err != nil {
						t.Fatal(err)
					}
					if len(merges) > 0 {
						if m := merges[r.IntN(len(merges))]; w.book.Split(w.ctx, m.ID) == nil {
							parted[string(min(m.Survivor, m.Absorbed)+max(m.Survivor, m.Absorbed))] = true
						}
					}
				}
				w.whole(ids)
				w.justly(numberOf, parted)
			}
			w.undoAll(ids)
			for _, a := range all {
				p, err := w.book.Behind(w.ctx, a.ID())
				got := []string{p.Name, p.Notes, p.Place, fmt.Sprint(len(p.Identities))}
				if want := []string{alone[a.ID()], "", "", "1"}; err != nil || !reflect.DeepEqual(got, want) {
					t.Fatalf("seed %d: when all is undone %s is %v, want %v, %v", seed, a.Value, got, want, err)
				}
			}
		}
	})
}

// justly looks at every merge that stands and that nobody decided.
func (w *town) justly(numberOf map[social.IdentityID]string, parted map[string]bool) {
	w.t.Helper()
	var ids []string
	if err := w.db.IDB(w.ctx).NewRaw("SELECT id FROM person_merge WHERE automatic AND undone_at = 0").Scan(w.ctx, &ids); err != nil {
		w.t.Fatal(err)
	}
	for _, id := range ids {
		m, err := w.db.Merge(w.ctx, id)
		if err != nil {
			w.t.Fatal(err)
		}
		had := map[string]bool{}
		for _, i := range m.Before.Identities {
			had[numberOf[i.ID]] = true
		}
		if !slices.ContainsFunc(m.Moved, func(i social.IdentityID) bool { return had[numberOf[i]] }) {
			w.t.Fatalf("joined by themselves without the same number: %+v", m)
		}
		if parted[string(min(m.Survivor, m.Absorbed)+max(m.Survivor, m.Absorbed))] {
			w.t.Fatalf("taken apart, and joined again: %+v", m)
		}
	}
}

// undoAll takes everything apart, the last first.
func (w *town) undoAll(ids []social.PersonID) {
	w.t.Helper()
	for again := true; again; {
		again = false
		for _, id := range ids {
			p, err := w.book.Person(w.ctx, id)
			if err != nil {
				w.t.Fatal(err)
			}
			merges, err := w.db.Merges(w.ctx, p.ID)
			if err != nil {
				w.t.Fatal(err)
			}
			for _, m := range merges {
				if err := w.book.Split(w.ctx, m.ID); err == nil {
					again = true
				} else if !social.Conflict.Is(err) {
					w.t.Fatal(err)
				}
			}
		}
	}
}
