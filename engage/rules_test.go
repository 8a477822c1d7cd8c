package engage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/pacedb"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// ruledBy lets rules act at the desk.
func (w *world) ruledBy(rules ...rule.Rule) []rule.Rule {
	w.t.Helper()
	w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
		for _, q := range []string{"DELETE FROM inbox_rule", "DELETE FROM rule_task", "DELETE FROM rule_run"} {
			if _, err := w.db.IDB(ctx).NewRaw(q).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
	w.wireRules()
	for i, r := range rules {
		r.On = true
		if r.Name == "" {
			r.Name = "Rule"
		}
		var err error
		rules[i], err = w.desk.Rules.Save(as(ana), r)
		w.must(err)
	}
	return rules
}

func (w *world) wireRules() {
	pager := w.paced()
	w.desk.Notices, w.desk.Leads = pager, pager
	w.desk.Rules = &rule.Book{Store: pacedb.New(w.db), Clock: w.now, Fields: engage.RuleFields(),
		Hours: w.desk.Pace.Calendar}
}

// done lists what rules did, oldest first, as the conversation tells it.
func (w *world) done(cid social.ConversationID) string {
	w.t.Helper()
	var out []string
	for _, m := range w.thread(cid) {
		if m.Event != nil && m.Event.Verb == "rule" {
			for _, x := range m.Event.Detail["did"].([]any) {
				out = append([]string{x.(string)}, out...)
			}
		}
	}
	return strings.Join(out, ", ")
}

func TestWhatRulesDo(t *testing.T) {
	give := []rule.Act{{Do: rule.Assign, Member: ben}}
	say := []rule.Act{{Do: rule.Reply, Text: "Dear {{name}}, we are back on {{opens}}."}}
	note := []rule.Act{{Do: rule.Note, Text: "Look at this"}}
	type story struct {
		rule rule.Rule
		act  func(w *world, r rule.Rule)
	}
	cases(t, map[string]story{
		"what opens is given to somebody, and the conversation says why": {rule.Rule{When: rule.Opened, Acts: give}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.post()
			w.is("assign", w.done(cid))
			if w.only().Assignee != ben {
				w.t.Fatal("it was not given to Ben")
			}
			w.post()
			w.is("assign", w.done(cid))
		}},
		"not where its conditions do not hold": {rule.Rule{When: rule.Opened, Acts: give, Conditions: cond.Node{Field: "sentiment", Op: cond.Is, Values: []string{"positive"}}}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.post()
			w.is("", w.done(cid))
		}},
		"it puts on tags and takes others off, and does not set itself off": {rule.Rule{When: rule.Tagged, Acts: []rule.Act{
			{Do: rule.Tag, Tags: []social.TagID{"news"}}, {Do: rule.Untag, Tags: []social.TagID{"guarantee"}}, {Do: rule.Raise}},
			Conditions: cond.Node{Field: "tags", Op: cond.Has, Values: []string{"guarantee"}}}, func(w *world, r rule.Rule) {
			cid := w.began()
			tag := func(id social.TagID) {
				w.now.Add(time.Second)
				_, err := w.desk.Do(as(ana), []social.ConversationID{cid}, engage.Deed{Act: engage.ActTag, Tags: []social.TagID{id}})
				w.must(err)
				w.post()
			}
			tag("press")
			w.is("", w.done(cid))                  // another tag
			tag("guarantee")                       // became “warranty”: the rule asks for it by its old name
			w.is("raise, untag, tag", w.done(cid)) // the newest first
			if c := w.only(); fmt.Sprint(c.Tags) != "[press news]" || c.Priority != engage.High {
				w.t.Fatalf("%v, %s", c.Tags, c.Priority)
			}
			runs, _, err := w.desk.Rules.Store.RunsOf(as(ana), r.ID, "", 10)
			if err != nil || len(runs) != 1 || runs[0].Conversation != cid || runs[0].Event != rule.Tagged || strings.Join(runs[0].Did, ", ") != "tag, untag, raise" {
				w.t.Fatalf("what the rule did is %+v, %v", runs, err)
			}
			w.now.Add(time.Minute)
			w.post()
			w.is("raise, untag, tag", w.done(cid)) // the newest first
		}},
		"a team gets it, and by its sharing a member": {rule.Rule{When: rule.Opened, Acts: []rule.Act{{Do: rule.Team, Team: "t1"}}}, func(w *world, r rule.Rule) {
			team, err := w.desk.KeepTeam(as(ana), engage.Team{Name: "Workshop", Sharing: engage.ByTurns, Members: []social.MemberID{ben}})
			w.must(err)
			cid := w.began()
			w.post()
			if !strings.Contains(w.done(cid), "does not exist") { // and says why not
				w.t.Fatal(w.done(cid))
			}
			r.Acts[0].Team, r.When = team.ID, rule.Heard
			_, err = w.desk.Rules.Save(as(ana), r)
			w.must(err)
			w.now.Add(time.Minute)
			w.hear(w.say("p2", "maya", "hello?", atUs, answering("p1", "p1")))
			w.post()
			if c := w.only(); c.Team != team.ID || c.Assignee != ben {
				w.t.Fatalf("%q, %q", c.Team, c.Assignee)
			}
		}},
		"what is urgent is raised no more": {rule.Rule{When: rule.Heard, Acts: []rule.Act{{Do: rule.Raise}}}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.post()
			for i := range 4 {
				w.now.Add(time.Minute)
				w.hear(w.say(fmt.Sprint("more", i), "maya", "hello?", atUs, answering("p1", "p1")))
				w.post()
			}
			w.is("raise, raise", w.done(cid))
			if c := w.only(); c.Priority != engage.Urgent {
				w.t.Fatal(c.Priority)
			}
		}},
		"not with what we started, unless told": {rule.Rule{When: rule.Heard, Acts: give, Conditions: cond.Node{}}, func(w *world, r rule.Rule) {
			cid := w.began()
			w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
				_, err := w.db.IDB(ctx).NewRaw("UPDATE conversation SET started_by = 'us'").Exec(ctx)
				return err
			}))
			w.post()
			w.is("", w.done(cid))
			r.Ours = true
			_, err := w.desk.Rules.Save(as(ana), r)
			w.must(err)
			w.now.Add(time.Second)
			w.hear(w.say("p2", "maya", "hello?", atUs, answering("p1", "p1")))
			w.post()
			w.is("assign", w.done(cid))
		}},
		"an automatic reply is no answer, and is said once": {rule.Rule{When: rule.Heard, Acts: say}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.post()
			w.post()
			if w.net.posted() != 1 || !strings.HasPrefix(w.net.texts[0], "Dear Maya, we are back on Saturday 21 November") {
				w.t.Fatalf("posted %v", w.net.texts)
			}
			c := w.only()
			if c.State != engage.Open || !c.FirstAnswer.IsZero() || c.WaitingSince.IsZero() {
				w.t.Fatalf("it counts as an answer: %s, first %s", c.State, c.FirstAnswer)
			}
			w.now.Add(time.Minute)
			w.hear(w.say("p2", "maya", "hello?", atUs, answering("p1", "p1")))
			w.post()
			w.post()
			if w.net.posted() != 1 {
				w.t.Fatalf("said twice: %v", w.net.texts)
			}
			w.is("reply", w.done(cid))
		}},
		"the gate is asked for whoever answers for it": {rule.Rule{When: rule.Heard, Acts: say}, func(w *world, _ rule.Rule) {
			w.gate.set("Ana has not acknowledged the policy.")
			cid := w.began()
			w.post()
			if w.net.posted() != 0 || !strings.Contains(w.done(cid), "acknowledged") {
				w.t.Fatalf("posted %v, told %q", w.net.texts, w.done(cid))
			}
		}},
		"the gate is asked again when it leaves": {rule.Rule{When: rule.Heard, Acts: say}, func(w *world, _ rule.Rule) {
			w.began()
			_, err := w.desk.Rule(context.Background())
			w.must(err)
			w.gate.set("No longer.")
			w.post()
			if w.net.posted() != 0 {
				w.t.Fatal("it left")
			}
		}},
		"a machine gets no automatic reply": {rule.Rule{When: rule.Heard, Acts: say}, func(w *world, _ rule.Rule) {
			w.hear(w.say("p1", "maya", "I am out of office", atUs, func(m *social.Mention) { m.Activity.Author.Bot = true }))
			w.post()
			if w.net.posted() != 0 {
				w.t.Fatal("two machines talk")
			}
		}},
		"what a rule does sets off no rule": {rule.Rule{When: rule.Assigned, Acts: []rule.Act{{Do: rule.Release}, {Do: rule.Assign, Member: ben}}}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.must(w.desk.Claim(as(ana), cid))
			w.post()
			w.later(time.Minute)
			w.later(time.Minute)
			w.is("assign, release", w.done(cid))
		}},
		"time sets it off, once for each wait": {rule.Rule{When: rule.WaitsUs, After: 2 * time.Hour, Acts: note}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.later(119 * time.Minute)
			w.is("", w.done(cid))
			w.later(2 * time.Minute)
			w.later(5 * time.Hour)
			w.is("note", w.done(cid))
			w.reply(cid, "k", "On it.")
			w.later(time.Minute)
			w.hear(w.say("p2", "maya", "still", atUs, answering("p1", "p1")))
			w.later(3 * time.Hour)
			w.is("note, note", w.done(cid))
		}},
		"an answer in time keeps it quiet": {rule.Rule{When: rule.WaitsUs, After: 2 * time.Hour, Acts: note}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.now.Add(time.Hour)
			w.reply(cid, "k", "On it.")
			w.later(11 * time.Second)
			w.later(5 * time.Hour)
			w.is("", w.done(cid))
		}},
		"who says nothing more is resolved": {rule.Rule{When: rule.WaitsThem, After: 72 * time.Hour, Acts: []rule.Act{{Do: rule.Resolve}}}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.reply(cid, "k", "Which one?")
			w.later(11 * time.Second)
			w.later(71 * time.Hour)
			w.is("", w.done(cid))
			w.later(2 * time.Hour)
			w.is("resolve", w.done(cid))
			if w.only().State != engage.Resolved {
				w.t.Fatal("it is not resolved")
			}
		}},
		"it holds for what waits already": {rule.Rule{When: rule.Resolved, Acts: note}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.now.Add(time.Hour)
			_, err := w.desk.Rules.Save(as(ana), rule.Rule{Name: "Late", On: true, When: rule.WaitsUs, After: 90 * time.Minute, Acts: note})
			w.must(err)
			w.post()
			w.later(31 * time.Minute)
			w.is("note", w.done(cid))
		}},
		"a rule that is off does nothing": {rule.Rule{When: rule.Heard, Acts: note}, func(w *world, r rule.Rule) {
			r.On = false
			_, err := w.desk.Rules.Save(as(ana), r)
			w.must(err)
			cid := w.began()
			w.post()
			w.is("", w.done(cid))
		}},
		"a restart forgets nothing and does nothing twice": {rule.Rule{When: rule.Heard, Acts: note}, func(w *world, _ rule.Rule) {
			cid := w.began()
			book, pace := w.desk.Rules, w.desk.Pace
			w.restart()
			w.desk.Rules, w.desk.Pace = book, pace
			w.post()
			w.post()
			w.is("note", w.done(cid))
		}},
		"somebody who left is said, and the rest is done": {rule.Rule{When: rule.Heard, Acts: []rule.Act{{Do: rule.Assign, Member: "gone"}, {Do: rule.Note, Text: "x"}}}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.post()
			if got := w.done(cid); !strings.Contains(got, "can't see") || !strings.Contains(got, "note") {
				w.t.Fatalf("did %q", got)
			}
		}},
		"one that would never end ends": {rule.Rule{When: rule.Heard, Acts: note}, func(w *world, _ rule.Rule) {
			cid := w.began()
			for i := range 30 {
				w.now.Add(time.Second)
				w.hear(w.say("x"+string(rune('A'+i)), "maya", "again", atUs, answering("p1", "p1")))
				w.post()
			}
			if n := strings.Count(w.done(cid), "note"); n != rule.MostADay {
				w.t.Fatalf("acted %d times", n)
			}
		}},
		"a dry run tells and does nothing": {rule.Rule{When: rule.Resolved, Acts: note}, func(w *world, _ rule.Rule) {
			cid := w.began()
			w.now.Add(3 * time.Hour)
			w.reply(cid, "k", "On it.")
			w.later(11 * time.Second)
			try := func(r rule.Rule) int {
				r.Name = "x"
				tried, err := w.desk.Rules.Try(as(ana), r, w.desk.Values)
				w.must(err)
				if tried.Looked != 1 || !tried.All {
					w.t.Fatalf("looked at %d", tried.Looked)
				}
				return len(tried.Would)
			}
			for _, c := range []struct {
				r    rule.Rule
				want int
			}{
				{rule.Rule{When: rule.Opened, Acts: note}, 1}, {rule.Rule{When: rule.Heard, Acts: note}, 1}, {rule.Rule{When: rule.Resolved, Acts: note}, 0},
				{rule.Rule{When: rule.WaitsUs, After: 2 * time.Hour, Acts: note}, 1}, {rule.Rule{When: rule.WaitsUs, After: 4 * time.Hour, Acts: note}, 0},
				{rule.Rule{When: rule.Heard, Acts: note, Conditions: cond.Node{Field: "words", Op: cond.Contains, Values: []string{"teapot"}}}, 0},
			} {
				if got := try(c.r); got != c.want {
					w.t.Fatalf("%s after %s: %d, want %d", c.r.When, c.r.After, got, c.want)
				}
			}
			w.is("", w.done(cid))
			if tried, err := w.desk.Rules.Try(within(ana, other), rule.Rule{Name: "x", When: rule.Heard, Acts: note}, w.desk.Values); err != nil || tried.Looked != 0 {
				w.t.Fatalf("it tells of what may not be seen: %+v, %v", tried, err)
			}
		}},
	}, func(w *world, s story) { s.act(w, w.ruledBy(s.rule)[0]) })
}

// What is said by itself, and refused, leaves whole what its caller keeps in
// the same transaction.
func TestARefusalOfAutomaticWordsSpoilsNothing(t *testing.T) {
	each(t, func(w *world) {
		m := w.say("d1", "maya", "in private", atUs, privately)
		w.hear(m)
		cid := w.holding(m)
		refused := func(want social.Kind, n int) {
			t.Helper()
			w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
				said, err := w.desk.Whisper(ctx, cid, "k", ana, "How did we do?")
				if said || social.KindOf(err) != want {
					t.Errorf("said %v, %v", said, err)
				}
				return w.db.Record(social.WithActor(ctx, social.SystemActor()), social.Entry{Verb: "kept", Object: "test", ID: "x"})
			}))
			if got := w.count("SELECT COUNT(*) FROM record WHERE verb = 'kept'"); got != n {
				t.Errorf("%d entries were kept, want %d", got, n)
			}
		}
		w.gate.set("Not now.")
		refused(social.Forbidden, 1)
		w.gate.set("")
		w.net.limit = 3
		refused(social.Invalid, 2)
		w.net.limit = 0
		if said, err := w.desk.Whisper(context.Background(), cid, "k", ana, "How did we do?"); !said || err != nil {
			t.Errorf("said %v, %v", said, err)
		}
	})
}
