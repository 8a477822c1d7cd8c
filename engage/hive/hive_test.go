package hive_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/social"
)

func TestAQuestionGoesToThoseWhoKnow(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First = 2 })
		w.joins("ana", "descaling", "water")
		w.joins("ben", "grinders")
		w.joins("cem")
		c := w.asks("How often should I descale my kettle?")
		if got := w.asked(c); got != "ana" {
			t.Fatalf("asked %q, want only ana, who knows", got)
		}
		o := w.offer(c, "ana")
		if len(o.Why) != 1 || o.Why[0].Kind != hive.Declared || o.Why[0].Label != "descaling" {
			t.Fatalf("why: %+v", o.Why)
		}
		if o.Score != o.Knows*o.Free*o.Load {
			t.Fatalf("the score is not the product of what is shown: %+v", o)
		}
		w.later(6 * time.Minute) // nobody else knows: everybody may be asked
		if got := w.asked(c); got != "ana ben cem" {
			t.Fatalf("asked %q after the first ring", got)
		}
		w.later(time.Hour)
		if q := w.question(c); q.State != hive.Centre {
			t.Fatalf("%s, want the contact centre", q.State)
		}
	})
}

func TestAnswersTeach(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First, r.Daily = 1, 100 })
		w.joins("ana")
		w.joins("ben")
		for range 6 {
			c := w.asks("The hinge of my carafe is loose")
			w.must(w.hive.Claim(as("ben"), c))
			w.now.Add(time.Minute)
			w.answer("ben", c)
			w.hear(hive.Heard{Resolved: []social.Resolved{{Conversation: c, At: w.now.Now()}}})
			w.answer("ben", c) // told twice
			w.now.Add(time.Minute)
		}
		// What the hive answered and was then closed is solved, once, and its list agrees.
		board, err := w.hive.Board(as("lead"), care, 1)
		w.must(err)
		list, _, err := w.store.List(as("lead"), hive.Ask{View: hive.ViewSolved, Programme: care, Limit: 100})
		w.must(err)
		if board.Solved != 6 || board.ByHive != 6 || len(list) != 6 {
			t.Fatalf("solved %d of %d, %d in the list; want all six", board.Solved, board.ByHive, len(list))
		}
		day := w.now.Now().Truncate(24 * time.Hour)
		for _, x := range []struct {
			who  context.Context
			from time.Time
			want int64
		}{{as("lead"), day, 6}, {as("lead"), day.AddDate(0, 0, 1), 0}, {social.WithScope(as("lead"), social.Scope{Programmes: []social.ProgrammeID{"other"}}), day, 0}} {
			if n, err := w.hive.Solved(x.who, x.from, x.from.AddDate(0, 0, 1)); err != nil || n != x.want {
				t.Fatalf("solved on %s: %d, %v; want %d", x.from, n, err, x.want)
			}
		}
		c := w.asks("Can I order a new hinge for the carafe?")
		if got := w.asked(c); got != "ben" {
			t.Fatalf("asked %q, want ben, who answered six", got)
		}
		why := w.offer(c, "ben").Why
		if len(why) == 0 || why[0].Kind != hive.Learned || why[0].N != 6 || why[0].Solved != 6 {
			t.Fatalf("why: %+v", why)
		}
		w.now.Add(5 * 365 * 24 * time.Hour) // knowledge fades
		w.now.Move(time.Date(2031, 11, 24, 10, 0, 0, 0, time.UTC))
		if old := w.asks("The hinge of my carafe is loose again"); w.offer(old, "ben").Knows > 0.3 {
			t.Fatalf("after five years it counts as much as ever: %+v", w.offer(old, "ben"))
		}
	})
}

func TestPassing(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First = 1 })
		w.joins("ana", "kettle noise")
		w.joins("ben")
		c := w.asks("The noise of the kettle is terrible")
		w.must(w.hive.Pass(as("ana"), c, hive.NotMine))
		w.must(w.hive.Pass(as("ana"), c, hive.NotMine))
		if got := w.asked(c); got != "ben" {
			t.Fatalf("asked %q, want ben at once, as nobody is left", got)
		}
		tr, err := w.hive.Trace(as("lead"), c)
		w.must(err)
		for _, o := range tr.Offers {
			if o.State == hive.Passed || o.Because != "" {
				t.Fatalf("the lead sees who passed it on: %+v", o)
			}
		}
		if tr.Passed != 1 {
			t.Fatalf("%d passed", tr.Passed)
		}
		again := w.asks("What a noise this kettle makes")
		if before, after := w.offer(c, "ana").Knows, w.offer(again, "ana").Knows; after >= before {
			t.Fatalf("passing taught nothing: %.2f, then %.2f", before, after)
		}
	})
}

func TestWhoIsNotAsked(t *testing.T) {
	never := map[string]func(w *world, m *hive.Member){
		"who is off": func(w *world, _ *hive.Member) { _, err := w.hive.Say(as("ana"), hive.Off, time.Time{}); w.must(err) },
		"who is busy": func(w *world, _ *hive.Member) {
			_, err := w.hive.Say(as("ana"), hive.Away, w.now.Now().Add(time.Hour))
			w.must(err)
		},
		"whom the gate stops": func(w *world, _ *hive.Member) { w.crew.shut["ana"] = true },
		"who is in quiet time": func(_ *world, m *hive.Member) {
			m.Week = hive.Week{Zone: "Asia/Tokyo", Days: 0b0111110, From: 9 * 60, To: 17 * 60}
		},
		"who is on holiday": func(w *world, m *hive.Member) {
			m.AwayFrom, m.AwayTo = w.now.Now().Add(-time.Hour), w.now.Now().Add(time.Hour)
		},
		"who works on Sundays": func(_ *world, m *hive.Member) { m.Week = hive.Week{Zone: "UTC", Days: 1, From: 0, To: 24 * 60} },
		"who speaks otherwise": func(_ *world, m *hive.Member) { m.Langs = []string{"pt"} },
		"who is not a member any more": func(w *world, _ *hive.Member) {
			w.crew.all = []social.MemberID{"ben"}
			w.hive.Forget(false)
		},
		"who never said anything and is not there": func(w *world, _ *hive.Member) {
			_, err := w.hive.Say(as("ana"), hive.Unsaid, time.Time{})
			w.must(err)
			w.crew.away["ana"] = true
		},
	}
	for name, f := range never {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				w.rules()
				m := hive.Member{Expertise: []string{"descaling"}}
				w.joinsWith("ana", m)
				w.joins("ben")
				f(w, &m)
				_, err := w.hive.Save(as("ana"), m)
				w.must(err)
				c := w.asks("How do I descale it?")
				if o := w.offer(c, "ana"); o.State != "" && o.Kind == hive.ByRing {
					w.t.Fatalf("ana was asked: %+v", o)
				}
				if got := w.asked(c); got != "ben" {
					w.t.Fatalf("asked %q, want ben", got)
				}
			})
		})
	}
}

func TestTheDaysLoad(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First, r.Daily = 1, 3 })
		w.joins("ana", "descaling")
		w.joins("ben")
		for range 3 {
			c := w.asks("Descaling?")
			w.must(w.hive.Claim(as("ana"), c))
			w.now.Add(time.Minute)
			w.answer("ana", c)
		}
		if got := w.asked(w.asks("Descaling again?")); got != "ben" {
			t.Fatalf("asked %q, want ben: ana had her three", got)
		}
		w.now.Move(monday.AddDate(0, 0, 1))
		if got := w.asked(w.asks("Descaling, the day after?")); got != "ana" {
			t.Fatalf("asked %q, want ana: it is another day", got)
		}
		me, err := w.hive.Me(as("ana"))
		w.must(err)
		if me.Load != 1 || me.Limit != 3 {
			t.Fatalf("load %d of %d", me.Load, me.Limit)
		}
	})
}

// TestFiftyClaimAtOnce: one gets it, forty-nine are told who.
func TestFiftyClaimAtOnce(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First = 20 })
		const many = 50
		name := func(i int) social.MemberID { return social.MemberID(fmt.Sprintf("m%02d", i)) }
		for i := range many {
			w.joins(name(i), "descaling")
		}
		c := w.asks("Descaling?")
		var wg sync.WaitGroup
		errs := make([]error, many)
		ready := make(chan struct{})
		for i := range many {
			wg.Go(func() {
				<-ready
				for { // as a browser does
					if errs[i] = w.hive.Claim(as(name(i)), c); social.KindOf(errs[i]) != social.Busy {
						return
					}
				}
			})
		}
		close(ready)
		wg.Wait()
		won := w.question(c).ClaimedBy
		for i, err := range errs {
			switch {
			case name(i) == won:
				w.must(err)
			case !social.Conflict.Is(err) || !strings.Contains(err.Error(), "M"+string(won[1:])+" was faster by"):
				w.t.Errorf("%s was told %v, not that %s was faster", name(i), err, won)
			}
		}
		rows, err := w.talks.Rows(as("lead"), []social.ConversationID{c})
		w.must(err)
		if rows[0].Assignee != won || w.asked(c) != "" {
			w.t.Fatalf("the desk says %q, %q still have offers", rows[0].Assignee, w.asked(c))
		}
		for i := range many {
			m, err := w.store.MembersAt(context.Background(), []social.MemberID{name(i)}, false)
			w.must(err)
			if got := m[name(i)]; got.Offers != 0 || (got.Claims == 1) != (name(i) == won) {
				w.t.Errorf("%s is left with %+v", name(i), got)
			}
		}
		w.must(w.hive.Claim(as(won), c)) // again changes nothing
	})
}

func TestASilentClaimEnds(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First, r.Claim = 1, 9 })
		w.joins("ana", "descaling")
		w.joins("ben")
		c := w.asks("Descaling?")
		w.must(w.hive.Claim(as("ana"), c))
		w.later(7 * time.Minute)
		if q := w.question(c); !q.Warned || q.State != hive.Claimed {
			t.Fatalf("%s, warned %v", q.State, q.Warned)
		}
		w.crew.mu.Lock()
		w.crew.wrote[c] = w.now.Now() // a sign of life
		w.crew.mu.Unlock()
		w.later(2*time.Minute + time.Second)
		if q := w.question(c); q.State != hive.Claimed || q.Warned {
			t.Fatalf("who writes lost it: %s, warned %v", q.State, q.Warned)
		}
		w.later(7 * time.Minute)
		w.later(5 * time.Minute)
		q := w.question(c)
		if q.State != hive.Offered || w.asked(c) != "ben" {
			t.Fatalf("%s, asked %q", q.State, w.asked(c))
		}
		rows, err := w.talks.Rows(as("lead"), []social.ConversationID{c})
		w.must(err)
		if rows[0].Assignee != "" {
			t.Fatal("the desk still thinks that ana has it")
		}
	})
}

// TestALateClaimLeavesTheContactCentreItsTime: who takes a question in the last
// minute and falls silent does not keep it beyond what the centre needs.
func TestALateClaimLeavesTheContactCentreItsTime(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First, r.Claim = 1, 45 })
		w.joins("ana", "descaling")
		c := w.asks("Descaling?")
		q := w.question(c)
		w.now.Move(q.EndAt.Add(-time.Minute))
		w.must(w.hive.Claim(as("ana"), c))
		for w.now.Now().Before(q.DueAt) {
			w.later(time.Minute)
		}
		if got := w.question(c); got.State != hive.Centre {
			t.Fatalf("when the answer is due it is %s, until %s", got.State, got.ClaimUntil)
		}
	})
}

func TestWhatIsDoneAtTheDesk(t *testing.T) {
	each(t, func(w *world) {
		w.rules()
		w.joins("ana", "descaling")
		w.joins("ben", "descaling")
		changed := func(c social.ConversationID) { w.hear(hive.Heard{Changed: []social.ConversationID{c}}) }

		c := w.asks("Descaling?")
		w.must(w.desk.Assign(as("ana"), c, "ben"))
		changed(c)
		changed(c)
		if q := w.question(c); q.State != hive.Claimed || q.ClaimedBy != "ben" || w.asked(c) != "" {
			t.Fatalf("%s by %s, asked %q", q.State, q.ClaimedBy, w.asked(c))
		}
		w.must(w.desk.Assign(as("ana"), c, ""))
		changed(c)
		if q := w.question(c); q.State != hive.Offered {
			t.Fatalf("given to nobody: %s", q.State)
		}
		w.must(w.desk.Snooze(as("ana"), c, w.now.Now().Add(24*time.Hour)))
		changed(c)
		if q := w.question(c); q.State != hive.Closed || q.Because != "snoozed" || w.asked(c) != "" {
			t.Fatalf("snoozed: %s %s", q.State, q.Because)
		}
		taken := w.asks("Descaling?", func(c *engage.Conversation) { c.Assignee = "ben" })
		if _, err := w.store.Question(as("lead"), taken); !social.NotFound.Is(err) {
			t.Fatalf("what somebody has entered the hive: %v", err)
		}
		old := w.asks("Descaling?", func(c *engage.Conversation) { c.WaitingSince = w.now.Now().Add(-50 * time.Minute) })
		if _, err := w.store.Question(as("lead"), old); !social.NotFound.Is(err) {
			t.Fatalf("what is as good as late entered the hive: %v", err)
		}
	})
}

func TestWhoKnows(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First = 1 })
		w.joins("ana", "descaling")
		w.joins("ben", "warranty")
		w.joins("cem", "warranty law")
		c := w.asks("Does descaling end my warranty?")
		w.must(w.hive.Claim(as("ana"), c))
		to, err := w.hive.Further(as("ana"), c, hive.Further{Key: "k1", Thing: "warranty", Words: "Does it end the warranty?"})
		w.must(err)
		if len(to) != 1 || to[0] != "ben" {
			t.Fatalf("asked %v", to)
		}
		o := w.offer(c, "ben")
		if o.Kind != hive.ByAsking || o.By != "ana" || o.Words == "" || o.State != hive.Waiting {
			t.Fatalf("%+v", o)
		}
		_, err = w.hive.Further(as("ana"), c, hive.Further{Key: "k2", Members: []social.MemberID{"zoe"}, Words: "And you?"})
		w.want(social.Invalid, err)
		w.must(w.hive.Suggest(as("ben"), c, "k3", "No, it does not."))
		if w.offer(c, "ben").State != hive.Over {
			t.Fatal("ben is still asked")
		}
		ms, _, err := w.desk.Messages(as("ana"), c, "", 10)
		w.must(err)
		notes := 0
		for _, m := range ms {
			if m.Kind == engage.Noted {
				notes++
			}
		}
		if notes != 2 {
			t.Fatalf("%d notes, want the question and the suggestion", notes)
		}
	})
}

func TestByHand(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.Takes = hive.TakesByHand })
		w.joins("ana", "descaling")
		w.joins("ben", "descaling")
		c := w.asks("Descaling?")
		if _, err := w.store.Question(as("lead"), c); !social.NotFound.Is(err) {
			t.Fatalf("it entered by itself: %v", err)
		}
		w.must(w.desk.Claim(as("ana"), c))
		w.must(w.hive.AskHive(as("ana"), c))
		if got := w.asked(c); got != "ben" {
			t.Fatalf("asked %q, want ben and not whoever asked", got)
		}
		w.must(w.hive.AskHive(as("ana"), c)) // again changes nothing
		w.hear(hive.Heard{Changed: []social.ConversationID{c}})
		if q := w.question(c); q.State != hive.Offered || q.ByHand != "ana" {
			t.Fatalf("%s by hand of %s", q.State, q.ByHand)
		}
	})
}

func TestAtNightTheHiveWaitsForTheMorning(t *testing.T) {
	each(t, func(w *world) {
		w.rules(func(r *hive.Rules) { r.First = 1 })
		w.joins("ana", "descaling")
		w.joins("ben")
		w.now.Move(time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC))
		c := w.asks("How do I descale it?")
		q := w.question(c)
		if w.asked(c) != "" || q.Ring != 0 {
			t.Fatalf("at night %q were asked, ring %d", w.asked(c), q.Ring)
		}
		if want := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC); !q.DueAt.Equal(want) {
			t.Fatalf("due at %s, want %s: an hour of working time", q.DueAt, want)
		}
		w.now.Move(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
		w.later(0)
		if got := w.asked(c); got != "ana" {
			t.Fatalf("in the morning %q were asked", got)
		}
	})
}
