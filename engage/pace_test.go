package engage_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/engage/pacedb"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// pager is who is told what is due.
type pager struct {
	told  []social.Notice
	taken []string
}

func (p *pager) Notify(_ context.Context, n social.Notice) error {
	p.told = append(p.told, n)
	return nil
}

func (p *pager) Unnotify(_ context.Context, keys ...string) error {
	p.taken = append(p.taken, keys...)
	return nil
}

func (p *pager) Leads(context.Context, social.ProgrammeID) ([]social.MemberID, error) {
	return []social.MemberID{ben}, nil
}

// paced lets a desk keep promises.
func (w *world) paced(change ...func(*pledge.Pledge)) *pager {
	w.t.Helper()
	w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
		for _, q := range []string{"DELETE FROM pledge", "DELETE FROM business_calendar", "DELETE FROM pledge_outcome", "DELETE FROM pledge_day"} {
			if _, err := w.db.IDB(ctx).NewRaw(q).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
	p := &pager{}
	w.desk.Pace = &pledge.Book{Store: pacedb.New(w.db), Clock: w.now, Fields: engage.PledgeFields()}
	w.desk.Notices, w.desk.Leads = p, p
	w.promise(change...)
	w.must(w.stirred())
	return p
}

func (w *world) stirred() error {
	_, err := w.desk.Stir(context.Background())
	return err
}

func (w *world) promise(change ...func(*pledge.Pledge)) pledge.Pledge {
	w.t.Helper()
	p := pledge.Pledge{Name: "Standard", On: true, Targets: map[pledge.Goal]time.Duration{pledge.First: time.Hour, pledge.Next: 2 * time.Hour, pledge.Resolve: 24 * time.Hour},
		Warn: 15 * time.Minute, Pause: true}
	for _, f := range change {
		f(&p)
	}
	p, err := w.desk.Pace.SavePledge(as(ana), p)
	w.must(err)
	return p
}

// due says what of the only conversation is due and in how many minutes.
func (w *world) due() string {
	w.t.Helper()
	c := w.only()
	if c.DueAt.IsZero() {
		return "nothing"
	}
	return fmt.Sprintf("%s in %d", c.DueWhat, int(c.DueAt.Sub(w.now.Now()).Minutes()))
}

// counted is what came of goals: kept and missed.
func (w *world) counted(g pledge.Goal) string {
	w.t.Helper()
	rows, err := w.desk.Pace.Report(as(ana), w.now.Now().AddDate(0, 0, -30), w.now.Now().AddDate(0, 0, 1), "")
	w.must(err)
	var kept, missed int
	for _, r := range rows {
		if r.Goal == g {
			kept, missed = kept+r.Kept, missed+r.Missed
		}
	}
	for m, want := range map[bool]int{false: kept, true: missed} { // each number leads to its conversations
		all, _, err := w.desk.Pace.Store.Outcomes(as(ana), pledge.OutcomeQuery{From: w.now.Now().AddDate(0, 0, -30), To: w.now.Now().AddDate(0, 0, 1), Goal: g, Missed: m})
		w.must(err)
		if len(all) != want {
			w.t.Fatalf("%d of %s are counted, %d conversations stand behind that", want, g, len(all))
		}
	}
	return fmt.Sprintf("%d kept, %d missed", kept, missed)
}

func (w *world) is(want, got string) {
	w.t.Helper()
	if got != want {
		w.t.Fatalf("got %q, want %q", got, want)
	}
}

func TestWhatWePromise(t *testing.T) {
	type story = func(w *world, p *pager)
	cases(t, map[string]story{
		"a first answer is due an hour after they wrote": func(w *world, _ *pager) {
			w.began()
			w.is("first in 60", w.due())
			w.now.Add(20 * time.Minute)
			w.is("first in 40", w.due())
		},
		"words of theirs that come later do not put it off": func(w *world, _ *pager) {
			w.began()
			w.now.Add(30 * time.Minute)
			w.hear(w.say("p2", "maya", "hello?", atUs, answering("p1", "p1")))
			w.is("first in 30", w.due())
		},
		"our answer keeps it, and the end is due next": func(w *world, _ *pager) {
			cid := w.began()
			w.now.Add(10 * time.Minute)
			w.reply(cid, "k", "On it.")
			w.later(11 * time.Second)
			w.is("1 kept, 0 missed", w.counted(pledge.First))
			w.is("nothing", w.due()) // the end stands while we wait for them
		},
		"an answer that they wrote again for is due": func(w *world, _ *pager) {
			cid := w.began()
			w.reply(cid, "k", "On it.")
			w.later(11 * time.Second)
			w.now.Add(time.Hour)
			w.hear(w.say("p2", "maya", "still leaks", atUs, answering("p1", "p1")))
			w.is("next in 120", w.due())
			w.reply(cid, "k2", "Sorry!")
			w.later(11 * time.Second)
			w.is("1 kept, 0 missed", w.counted(pledge.Next))
		},
		"time while we wait for them does not count towards the end": func(w *world, _ *pager) {
			cid := w.began()
			w.reply(cid, "k", "Which one?")
			w.later(11 * time.Second)
			w.now.Add(5 * 24 * time.Hour)
			w.must(w.stirred())
			w.hear(w.say("p2", "maya", "The red one", atUs, answering("p1", "p1")))
			w.reply(cid, "k2", "Thanks")
			w.now.Add(11 * time.Second)
			if c := w.only(); c.Track.Lines[pledge.Resolve].Broken || c.Track.Lines[pledge.Resolve].Left > 24*time.Hour {
				w.t.Fatalf("%+v", c.Track.Lines[pledge.Resolve])
			}
		},
		"time while it is snoozed does not count": func(w *world, _ *pager) {
			cid := w.began()
			w.now.Add(10 * time.Minute)
			w.must(w.desk.Snooze(as(ana), cid, w.now.Now().Add(5*time.Hour)))
			w.is("nothing", w.due())
			w.later(5 * time.Hour)
			w.is("first in 50", w.due())
		},
		"who looks after it is warned once before it is due": func(w *world, p *pager) {
			cid := w.began()
			w.must(w.desk.Claim(as(ana), cid))
			w.later(44 * time.Minute)
			if len(p.told) != 0 {
				w.t.Fatalf("told too early: %v", p.told)
			}
			w.later(time.Minute)
			w.later(time.Minute)
			if len(p.told) != 1 || p.told[0].Kind != "due" || p.told[0].Members[0] != ana {
				w.t.Fatalf("told %v", p.told)
			}
			w.reply(cid, "k", "On it.")
			w.later(11 * time.Second)
			if len(p.taken) == 0 {
				w.t.Fatal("the notice stays after the answer")
			}
		},
		"nobody's is told to those who answer for the programme": func(w *world, p *pager) {
			w.began()
			w.later(50 * time.Minute)
			if len(p.told) != 1 || p.told[0].Members[0] != ben {
				w.t.Fatalf("told %v", p.told)
			}
		},
		"what is missed is counted once, noted and told, and answering late changes nothing": func(w *world, p *pager) {
			cid := w.began()
			w.later(61 * time.Minute)
			w.later(time.Minute)
			w.is("0 kept, 1 missed", w.counted(pledge.First))
			w.is("first in -2", w.due())
			notes := 0
			for _, m := range w.thread(cid) {
				if m.Event != nil && m.Event.Verb == "pledge_broken" {
					notes++
				}
			}
			if notes != 1 {
				w.t.Fatalf("noted %d times", notes)
			}
			w.reply(cid, "k", "Sorry.")
			w.later(11 * time.Second)
			w.is("0 kept, 1 missed", w.counted(pledge.First))
		},
		"resolving without an answer is neither kept nor missed": func(w *world, _ *pager) {
			cid := w.began()
			w.must(w.desk.Resolve(as(ana), cid))
			w.is("0 kept, 0 missed", w.counted(pledge.First))
			w.is("1 kept, 0 missed", w.counted(pledge.Resolve))
			w.is("nothing", w.due())
			w.later(48 * time.Hour)
			w.is("0 kept, 0 missed", w.counted(pledge.First))
		},
		"what is opened again by hand was not over, and its time runs on": func(w *world, _ *pager) {
			cid := w.began()
			w.now.Add(10 * time.Minute)
			w.must(w.desk.Resolve(as(ana), cid))
			w.must(w.desk.Reopen(as(ana), cid))
			w.is("0 kept, 0 missed", w.counted(pledge.Resolve))
			w.is("first in 50", w.due())
		},
		"when they write again after the end, another end is promised": func(w *world, _ *pager) {
			cid := w.began()
			w.reply(cid, "k", "Done.")
			w.later(11 * time.Second)
			w.must(w.desk.Resolve(as(ana), cid))
			w.now.Add(time.Hour)
			w.hear(w.say("p2", "maya", "no it is not", atUs, answering("p1", "p1")))
			w.is("next in 120", w.due())
			w.must(w.desk.Resolve(as(ana), cid))
			w.is("2 kept, 0 missed", w.counted(pledge.Resolve))
		},
		"what we hear late counts from when we heard it": func(w *world, _ *pager) {
			w.hear(w.say("p1", "maya", "my kettle leaks", atUs, on(w.now.Now().AddDate(0, -2, 0))))
			w.is("first in 60", w.due())
		},
		"a promise that is changed holds for what is open": func(w *world, _ *pager) {
			w.began()
			p, err := w.desk.Pace.Pledges(as(ana))
			w.must(err)
			p[0].Targets[pledge.First] = 4 * time.Hour
			_, err = w.desk.Pace.SavePledge(as(ana), p[0])
			w.must(err)
			w.must(w.stirred())
			w.is("first in 240", w.due())
			p[0].On = false
			_, err = w.desk.Pace.SavePledge(as(ana), p[0])
			w.must(err)
			w.must(w.stirred())
			w.is("nothing", w.due())
		},
		"hours that are changed put off what is due": func(w *world, _ *pager) {
			w.began() // on a Saturday at 9:26
			c := hours.Calendar{Name: "Office", Zone: "UTC"}
			for d := time.Monday; d <= time.Friday; d++ {
				c.Week[d] = []hours.Span{{From: 9 * 60, To: 17 * 60}}
			}
			c, err := w.desk.Pace.SaveCalendar(as(ana), c)
			w.must(err)
			p, err := w.desk.Pace.Pledges(as(ana))
			w.must(err)
			p[0].Calendar = c.ID
			_, err = w.desk.Pace.SavePledge(as(ana), p[0])
			w.must(err)
			w.must(w.stirred())
			w.is("2026-11-23 10:00", w.only().DueAt.Format("2006-01-02 15:04"))
			c.Holidays = []hours.Holiday{{Day: "2026-11-23"}}
			_, err = w.desk.Pace.SaveCalendar(as(ana), c)
			w.must(err)
			w.must(w.stirred())
			w.is("2026-11-24 10:00", w.only().DueAt.Format("2006-01-02 15:04"))
			w.want(social.Conflict, w.desk.Pace.DropCalendar(as(ana), c.ID))
		},
		"the first promise that fits counts": func(w *world, _ *pager) {
			quick := w.promise(func(p *pledge.Pledge) {
				p.Name, p.Targets = "Angry", map[pledge.Goal]time.Duration{pledge.First: 30 * time.Minute}
				p.Conditions = cond.Node{Field: "sentiment", Op: cond.Is, Values: []string{"negative"}}
			})
			w.began()
			w.is("first in 60", w.due())
			all, err := w.desk.Pace.Pledges(as(ana))
			w.must(err)
			w.must(w.desk.Pace.Order(as(ana), []pledge.ID{quick.ID, all[0].ID}))
			w.must(w.stirred())
			w.is("first in 30", w.due())
		},
		"steps are taken one after the other, each once": func(w *world, p *pager) {
			all, err := w.desk.Pace.Pledges(as(ana))
			w.must(err)
			all[0].Steps = []pledge.Step{{After: 30 * time.Minute, Do: pledge.GiveTo, Member: ben}, {After: 0, Do: pledge.TellLeads}, {After: time.Hour, Do: pledge.GiveTo, Member: "gone"}}
			_, err = w.desk.Pace.SavePledge(as(ana), all[0])
			w.must(err)
			cid := w.began()
			w.must(w.desk.Claim(as(ana), cid))
			w.later(61 * time.Minute)
			if w.only().Assignee != ana {
				w.t.Fatal("given away too early")
			}
			w.later(30 * time.Minute)
			if w.only().Assignee != ben {
				w.t.Fatal("it was not given to Ben")
			}
			w.must(w.desk.Assign(as(ana), cid, ana))
			w.later(5 * time.Hour)
			if w.only().Assignee != ana {
				w.t.Fatal("a step was taken twice, or one to nobody")
			}
		},
		"a restart forgets nothing": func(w *world, p *pager) {
			w.began()
			w.later(50 * time.Minute)
			book := w.desk.Pace
			w.restart()
			w.desk.Pace, w.desk.Notices, w.desk.Leads = &pledge.Book{Store: book.Store, Clock: w.now, Fields: engage.PledgeFields()}, p, p
			w.later(11 * time.Minute)
			w.is("0 kept, 1 missed", w.counted(pledge.First))
		},
		"words of ours that came first are no answer": func(w *world, _ *pager) {
			w.hear(w.say("o1", "brewell", "new kettles!", own), w.say("p1", "maya", "mine leaks", atUs, answering("o1", "o1"), on(w.now.Now().Add(time.Minute))))
			c := w.only()
			if c.Has("started_by").Text != "us" {
				w.t.Skip("our own post was not part of it")
			}
			w.is("0 kept, 0 missed", w.counted(pledge.First))
		},
	}, func(w *world, s story) { s(w, w.paced()) })
}

// BenchmarkPace measures what promises cost each change of a conversation.
func BenchmarkPace(b *testing.B) {
	for _, with := range []bool{false, true} {
		b.Run(map[bool]string{false: "without", true: "with"}[with]+" promises", func(b *testing.B) { benchPace(b, with) })
	}
}
