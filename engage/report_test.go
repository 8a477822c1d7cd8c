package engage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

func (w *world) told(reports ...social.Report) {
	w.t.Helper()
	w.must(w.desk.Reported(context.Background(), line, reports))
}

func report(external string, s social.ReportState) social.Report {
	return social.Report{ExternalID: external, State: s, At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Text: "Mailbox full."}
}

// permutations of n things.
func permutations(n int) (out [][]int) {
	var with func(done []int)
	with = func(done []int) {
		if len(done) == n {
			out = append(out, append([]int(nil), done...))
			return
		}
	next:
		for i := range n {
			for _, d := range done {
				if d == i {
					continue next
				}
			}
			with(append(done, i))
		}
	}
	with(nil)
	return out
}

// TestReportsInAnyOrderGiveTheSame: the furthest stage wins, and what has
// arrived did arrive. The receipt may come at any moment between the reports.
func TestReportsInAnyOrderGiveTheSame(t *testing.T) {
	delivered, read, failed := social.ReportDelivered, social.ReportRead, social.ReportFailed
	tests := []struct {
		reports []social.ReportState
		stage   engage.Stage
	}{
		{[]social.ReportState{delivered}, engage.Delivered},
		{[]social.ReportState{delivered, delivered, read}, engage.Read},
		{[]social.ReportState{failed, failed}, engage.Returned},
		{[]social.ReportState{failed, delivered}, engage.Delivered},
		{[]social.ReportState{failed, read, delivered}, engage.Read},
	}
	each(t, func(w *world) {
		n := 0
		for _, tt := range tests {
			for _, order := range permutations(len(tt.reports)) {
				for early := range len(order) + 1 { // so many come before the receipt
					n++
					name := fmt.Sprintf("r%d", n)
					w.hear(w.say(name, "maya", "help "+name, atUs))
					cid := w.all()[0].ID
					m := w.reply(cid, name, "On it "+name)
					external := fmt.Sprintf("out-%d", w.net.posted()+1)
					for i, k := range order {
						if i == early {
							w.later(11 * time.Second)
						}
						w.told(report(external, tt.reports[k]))
					}
					if early == len(order) {
						w.later(11 * time.Second)
					}
					got := w.message(m.ID)
					if got.Delivery.Stage != tt.stage {
						w.t.Fatalf("%v in the order %v, %d of them early: %s", tt.reports, order, early, got.Delivery.Stage)
					}
					row := w.row(cid)
					if tt.stage == engage.Returned {
						if got.Delivery.Problem != "Mailbox full." || row.Turn != engage.Ours || row.State != engage.Open || row.WaitingSince.IsZero() {
							w.t.Fatalf("it never reached them: %q, %s, %s", got.Delivery.Problem, row.Turn, row.State)
						}
					} else if row.Turn != engage.Theirs || row.State != engage.Waiting || got.Delivery.Problem != "" {
						w.t.Fatalf("%v in the order %v: %s, %s, %q", tt.reports, order, row.Turn, row.State, got.Delivery.Problem)
					}
					w.now.Add(time.Hour)
				}
			}
		}
		if w.net.sends != n {
			w.t.Fatalf("%d sends for %d replies: a report sent something again", w.net.sends, n)
		}
	})
}

func (w *world) row(cid social.ConversationID) engage.Row {
	w.t.Helper()
	row, err := w.desk.Conversation(as(ana), cid)
	w.must(err)
	return row
}

func TestAReportWithOurKeySettlesWhatIsUnknown(t *testing.T) {
	tests := map[string]struct {
		report social.ReportState
		stage  engage.Stage
	}{
		"delivered": {social.ReportDelivered, engage.Delivered},
		"returned":  {social.ReportFailed, engage.Returned},
	}
	cases(t, tests, func(w *world, c struct {
		report social.ReportState
		stage  engage.Stage
	}) {
		w.net.finds, w.net.after = false, once(lost)
		m := w.reply(w.began(), "k", "On it")
		for range 40 {
			w.later(time.Minute)
		}
		if got := w.message(m.ID).Delivery.Stage; got != engage.NeedsCheck {
			w.t.Fatalf("before the report: %s", got)
		}
		w.told(social.Report{ExternalID: "out-1", Key: string(m.ID), State: c.report, Text: "No such number."})
		got := w.message(m.ID)
		if got.Delivery.Stage != c.stage || got.ExternalID != "out-1" || w.net.sends != 1 {
			w.t.Fatalf("%s at %q after %d sends", got.Delivery.Stage, got.ExternalID, w.net.sends)
		}
	})
}

func TestReportsOfOthersChangeNothing(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		m := w.reply(cid, "k", "On it")
		w.told(social.Report{Key: string(m.ID), State: social.ReportDelivered}) // it has not left yet
		w.told(report("out-1", ""))
		if got := w.message(m.ID).Delivery.Stage; got != engage.Queued {
			w.t.Fatalf("%s before it was sent", got)
		}
		w.later(11 * time.Second)
		w.must(w.desk.Reported(context.Background(), "another", []social.Report{report("out-1", social.ReportRead), {Key: string(m.ID), State: social.ReportRead}}))
		w.told(report("p1", social.ReportRead)) // their own words
		w.told(report("never", social.ReportRead), social.Report{Key: "nobody", State: social.ReportRead})
		if got := w.message(m.ID).Delivery.Stage; got != engage.Sent {
			w.t.Fatalf("%s by reports about something else", got)
		}
	})
}

// TestWhatCameBackIsSentAgainByAPersonOnly and counts as one answer.
func TestWhatCameBackIsSentAgainByAPersonOnly(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		m := w.reply(cid, "k", "On it")
		w.later(11 * time.Second)
		w.must(w.desk.Resolve(as(ana), cid))
		w.told(report("out-1", social.ReportFailed))
		if row := w.row(cid); row.State != engage.Open || row.Delivery != engage.Returned {
			w.t.Fatalf("%s, %s", row.State, row.Delivery)
		}
		for range 100 {
			w.later(time.Hour)
		}
		if w.net.sends != 1 {
			w.t.Fatalf("it was sent %d times", w.net.sends)
		}
		_, err := w.desk.Retry(as(ben), m.ID)
		w.must(err)
		w.told(report("out-1", social.ReportFailed)) // late and about the attempt before
		w.later(time.Second)
		w.told(report("out-2", social.ReportDelivered))
		got := w.message(m.ID)
		if got.Delivery.Stage != engage.Delivered || got.ExternalID != "out-2" || w.row(cid).Turn != engage.Theirs {
			w.t.Fatalf("%s at %s, turn %s", got.Delivery.Stage, got.ExternalID, w.row(cid).Turn)
		}
		if n := len(facts[social.Answered](w)); n != 1 {
			w.t.Fatalf("counted as %d answers", n)
		}
	})
}

// phone is a network on which STOP counts, and whose messages bear titles.
type phone struct{ *network }

func (p phone) Title(thread string) string { return "Re: " + thread }
func (p phone) Stopped(wish social.Wish) string {
	return map[social.Wish]string{social.WishStop: "You get nothing more from Brewell.", social.WishStart: "Welcome back.", social.WishHelp: "Brewell. Write STOP to end."}[wish]
}

func (w *world) phone() {
	w.desk.Networks = networks(func(context.Context, social.ChannelID) (channel.Channel, error) { return phone{w.net}, nil })
}

func (w *world) text(external, text string) social.Mention {
	return w.say(external, "maya", text, atUs, privately, func(m *social.Mention) {
		m.Activity.Author = social.Author{Scheme: "tel", Value: "+491701234567"}
		m.Activity.Root = "+491701234567"
	})
}

func TestStopEndsAllSending(t *testing.T) {
	each(t, func(w *world) {
		w.phone()
		w.hear(w.text("s1", "Where is my order?"))
		cid := w.only().ID
		queued := w.reply(cid, "k1", "On its way.")
		w.now.Add(time.Second)
		stop := w.text("s2", " Stop! ")
		w.hear(stop)
		w.hear(stop)
		w.hear(w.text("s3", "STOP"))
		w.later(11 * time.Second)
		if got := w.message(queued.ID).Delivery; got.Stage != engage.Failed || !strings.Contains(got.Problem, "STOP") {
			w.t.Fatalf("what was queued before: %s %q", got.Stage, got.Problem)
		}
		if want := []string{"You get nothing more from Brewell."}; fmt.Sprint(w.net.texts) != fmt.Sprint(want) {
			w.t.Fatalf("sent: %q", w.net.texts)
		}
		_, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k2", Text: "But we have news!"})
		w.want(social.Forbidden, err)
		if v, err := w.desk.Clear(as(ana), w.row(cid).Conversation); err != nil || v.Clear || !strings.Contains(v.Why, "START") {
			w.t.Fatalf("%+v, %v", v, err)
		}
		w.now.Add(time.Minute)
		w.hear(w.text("s4", "start"))
		w.reply(cid, "k3", "Welcome back!")
		w.later(11 * time.Second)
		if n := len(w.net.texts); n != 3 || w.net.texts[1] != "Welcome back." || w.net.texts[2] != "Welcome back!" {
			w.t.Fatalf("sent: %q", w.net.texts)
		}
		w.hear(w.say("late", "maya", "stop", atUs, privately, on(w.now.Now().Add(-time.Hour)), func(m *social.Mention) {
			m.Activity.Author = social.Author{Scheme: "tel", Value: "+491701234567"}
			m.Activity.Root = "+491701234567"
		})) // heard late, older than their START
		if _, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k4", Text: "Still here."}); err != nil {
			w.t.Fatal(err)
		}
	})
}

func TestHelpIsAnsweredOnceADay(t *testing.T) {
	each(t, func(w *world) {
		w.phone()
		for i := range 5 {
			w.hear(w.text(fmt.Sprint("h", i), "HELP"))
			w.later(time.Minute)
		}
		if len(w.net.texts) != 1 || w.only().Turn != engage.Ours || len(facts[social.Answered](w)) != 0 {
			w.t.Fatalf("sent %q, turn %s", w.net.texts, w.only().Turn)
		}
	})
}

func TestWishOf(t *testing.T) {
	tests := map[string]social.Wish{
		"STOP": social.WishStop, "stop.": social.WishStop, " “Stop” ": social.WishStop, "Opt  out": social.WishStop, "Unsubscribe!!": social.WishStop,
		"arrêt": social.WishStop, "START": social.WishStart, "help?": social.WishHelp,
		"": "", "please stop that noise": "", "the kettle won't stop": "", "end of story": "", "yes": "", "\xff\xfe": "", "🛑": "",
		strings.Repeat("stop ", 1e6): "",
	}
	for text, want := range tests {
		if got := engage.WishOf(text); got != want {
			t.Errorf("%.40q: %q, want %q", text, got, want)
		}
	}
}

func TestARepliesTitleIsThatOfWhatItAnswers(t *testing.T) {
	each(t, func(w *world) {
		w.phone()
		titled := func(title string) func(*social.Mention) {
			return func(m *social.Mention) { m.Activity.Title = title }
		}
		w.hear(w.say("t1", "maya", "It leaks.", atUs, privately, titled("My kettle")))
		w.now.Add(time.Minute)
		w.hear(w.say("t2", "maya", "And now it smells.", atUs, privately, answering("t1", "t1"), titled("It got worse")))
		row := w.only()
		if got := w.desk.Title(as(ana), row.Conversation); got != "Re: It got worse" {
			w.t.Fatalf("title %q", got)
		}
		w.reply(row.ID, "k", "Sorry!")
		w.later(11 * time.Second)
		if w.net.last.Title != "It got worse" {
			w.t.Fatalf("sent with the title %q", w.net.last.Title)
		}
	})
}
