package hive_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
	"pgregory.net/rapid"
)

// TestPromises does what members, customers and time may do in any order, and
// watches each new offer: never to whom the gate refuses, never in quiet time
// or absence, never above the day's load; and each question ends answered or
// at the contact centre before it is due.
func TestPromises(t *testing.T) {
	things := []string{"descaling", "grinders", "warranty", "carafe", "noise"}
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		turn := 0
		rapid.Check(t, func(r *rapid.T) {
			turn++
			w := newWorld(t, db, now)
			w.now.Move(monday.AddDate(0, 0, 7*turn))
			w.rules(func(u *hive.Rules) {
				u.First, u.Daily, u.Claim = rapid.IntRange(1, 3).Draw(r, "first"), rapid.IntRange(1, 6).Draw(r, "daily"), rapid.IntRange(3, 30).Draw(r, "claim")
			})
			var who []social.MemberID
			settings := map[social.MemberID]hive.Member{}
			for i := range rapid.IntRange(1, 6).Draw(r, "members") {
				m := social.MemberID(fmt.Sprintf("m%d-%d", turn, i))
				s := hive.Member{Expertise: []string{rapid.SampledFrom(things).Draw(r, "knows")}}
				if rapid.Bool().Draw(r, "own hours") {
					from := rapid.IntRange(0, 20).Draw(r, "from") * 60
					s.Week = hive.Week{Zone: "UTC", Days: 0b1111111, From: from, To: from + 4*60}
				}
				w.joinsWith(m, s)
				who, settings[m] = append(who, m), s
			}
			rules, err := w.hive.Rules(as("lead"), care)
			w.must(err)
			var open []social.ConversationID
			seen := map[string]bool{}
			watch := func() {
				for _, c := range open {
					os, err := w.store.OffersOf(as("lead"), c)
					w.must(err)
					for _, o := range os {
						k := fmt.Sprint(c, o.Member, o.At)
						if o.Kind != hive.ByRing || o.Score == 0 || seen[k] {
							continue
						}
						seen[k] = true
						week := settings[o.Member].Week
						if week.Days == 0 {
							week = rules.Week
						}
						if !week.Open(o.At) {
							r.Fatalf("%s was asked at %s, in quiet time", o.Member, o.At)
						}
						if w.crew.shut[o.Member] && o.At.Equal(w.now.Now()) {
							r.Fatalf("%s was asked, whom the gate refuses", o.Member)
						}
					}
					q := w.question(c)
					if q.State.Open() && q.Ring < 4 && !w.now.Now().Before(q.DueAt) {
						r.Fatalf("%s is due at %s, and at %s it is neither answered nor at the contact centre: %s, ring %d, end %s, next %s", c, q.DueAt, w.now.Now(), q.State, q.Ring, q.EndAt, q.NextAt)
					}
				}
				ms, err := w.store.MembersAt(as("lead"), who, false)
				w.must(err)
				for _, m := range ms {
					taken := m.Taken
					if m.Day != w.now.Now().Format(time.DateOnly) {
						taken = 0
					}
					if m.Offers > 0 && taken+m.Offers > rules.Daily && taken+m.Offers > m.Taken {
						volunteered := 0
						for _, c := range open {
							if o := w.offer(c, m.ID); len(o.Why) > 0 && o.Why[0].Kind == "own" {
								volunteered++
							}
						}
						if taken+m.Offers-volunteered > rules.Daily {
							r.Fatalf("%s has %d offers and took %d, of %d a day", m.ID, m.Offers, taken, rules.Daily)
						}
					}
				}
			}
			pick := func() (social.MemberID, social.ConversationID) {
				return rapid.SampledFrom(who).Draw(r, "who"), rapid.SampledFrom(append([]social.ConversationID{"none"}, open...)).Draw(r, "question")
			}
			r.Repeat(map[string]func(*rapid.T){
				"ask": func(*rapid.T) {
					c := w.asks("A question about "+rapid.SampledFrom(things).Draw(r, "thing"), nil...)
					if _, err := w.store.Question(as("lead"), c); err == nil {
						open = append(open, c)
					}
				},
				"claim":   func(*rapid.T) { m, c := pick(); _ = w.hive.Claim(as(m), c) },
				"pass":    func(*rapid.T) { m, c := pick(); _ = w.hive.Pass(as(m), c, hive.NotMine) },
				"release": func(*rapid.T) { m, c := pick(); _ = w.hive.Release(as(m), c) },
				"answer": func(*rapid.T) {
					m, c := pick()
					if slices.Contains(open, c) {
						w.answer(m, c)
					}
				},
				"shut": func(*rapid.T) { m, _ := pick(); w.crew.shut[m] = !w.crew.shut[m] },
				"away": func(*rapid.T) { m, _ := pick(); w.crew.away[m] = !w.crew.away[m] },
				"wait": func(*rapid.T) {
					for range rapid.IntRange(1, 40).Draw(r, "minutes") { // the hive looks every few seconds
						w.later(time.Minute)
					}
				},
				"restart": func(*rapid.T) { w.restart() },
				"":        func(*rapid.T) { watch() },
			})
		})
	})
}

// TestAllHaveTheirTurn: of many who know, only a sample is looked at,
// and over many questions all have their turn.
func TestAllHaveTheirTurn(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First, r.Daily = 1, 50 })
		const many = 130 // more than are looked at for one question
		for i := range many {
			w.joins(social.MemberID(fmt.Sprintf("m%03d", i)), "descaling")
		}
		counts := map[social.MemberID]int{}
		for range many * 3 {
			c := w.asks("Descaling?")
			os, err := w.store.OffersOf(as("lead"), c)
			w.must(err)
			w.must(w.hive.Claim(as(os[0].Member), c))
			counts[os[0].Member]++
			w.answer(os[0].Member, c)
			w.now.Add(time.Second)
		}
		var all []int
		for _, n := range counts {
			all = append(all, n)
		}
		if g := hive.Gini(all); len(counts) != many || g > 0.2 {
			t.Fatalf("%d of %d were asked, Gini %.2f: %v", len(counts), many, g, all)
		}
	})
}
