package warn_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/social"
)

// steady lets people speak every hour from one time to another, as many as n
// says for an hour.
func (w *world) steady(from, to time.Time, n func(hour int) int) {
	w.t.Helper()
	var events []channel.Event
	for at := from.Truncate(time.Hour); at.Before(to); at = at.Add(time.Hour) {
		for i := range n(at.Hour()) {
			w.n++
			raw, err := json.Marshal(social.Activity{ExternalID: fmt.Sprint(w.n), Verb: social.Create, Form: social.FormPost, Visibility: social.Public,
				Text: "kettle", Author: social.Author{Scheme: "acct", Value: "a@test"}, Published: at.Add(time.Duration(i) * time.Minute)})
			if err != nil {
				w.t.Fatal(err)
			}
			events = append(events, channel.Event{Key: fmt.Sprint(w.n), Raw: raw})
		}
	}
	if len(events) == 0 {
		return
	}
	if _, err := w.station.Take(w.ctx, w.channel.ID, events, ""); err != nil {
		w.t.Fatal(err)
	}
	for { // the monitor looks through the past
		more, err := w.station.WorkPast(w.ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		if !more {
			return
		}
	}
}

func six(int) int { return 6 }

// later is Parley running since some time, so that silence is believed.
func (w *world) later() {
	w.t.Helper()
	w.restart()
	w.look()
	w.now.Add(40 * time.Minute)
	w.look()
}

func TestSilenceRaisesOneAlertWithItsReason(t *testing.T) {
	each(t, func(w *world) {
		w.now.Add(26 * time.Hour) // the monitor is not new
		now := w.now.Now()
		w.steady(now.AddDate(0, 0, -22), now.Add(-9*time.Hour), six)
		w.restart()
		w.look()
		if a := w.alerts(); len(a) != 0 {
			w.t.Fatalf("raised before what was said meanwhile could arrive: %+v", a)
		}
		w.now.Add(40 * time.Minute)
		w.look()
		all := w.alerts()
		if len(all) != 1 || !all[0].Hush || all[0].Surge || all[0].Count != 0 || all[0].Span != 6*time.Hour || all[0].Subject.Monitor != w.monitor.ID {
			w.t.Fatalf("raised %+v", all)
		}
		for _, part := range []string{"Far too little: 0 in 6 hours, where about 3", "on each of the last 14 days there were 36 or more at these hours"} {
			if !strings.Contains(all[0].Reason(), part) {
				w.t.Errorf("the reason %q lacks %q", all[0].Reason(), part)
			}
		}
		_, steps, causes, err := w.One(w.ctx, all[0].ID)
		if err != nil || len(causes) != 10 || len(steps) != 2 || steps[1].Verb != "told" {
			w.t.Errorf("steps %+v, %d last posts, %v", steps, len(causes), err)
		}
		w.now.Add(3 * time.Hour)
		w.later()
		if all := w.alerts(); len(all) != 1 || all[0].Over(w.now.Now()) {
			w.t.Errorf("it went on, and there are %+v", all)
		}
		w.steady(w.now.Now().Add(-time.Hour), w.now.Now(), func(int) int { return 40 })
		w.now.Add(2 * time.Hour)
		w.later()
		if all := w.alerts(); len(all) != 1 || !all[0].Over(w.now.Now()) {
			w.t.Errorf("they speak again, and there are %+v", all)
		}
	})
}

func TestWhatIsNoSilence(t *testing.T) {
	off, quiet := warn.Off, false
	for _, x := range []struct {
		name  string
		days  int
		hours time.Duration
		n     func(int) int
		rule  warn.RulePatch
	}{
		{"too short a while", 22, 2 * time.Hour, six, warn.RulePatch{}},
		{"next to nothing is usual", 22, 20 * time.Hour, func(h int) int { return h % 12 / 11 }, warn.RulePatch{}},
		{"a night, as every night", 22, 0, func(h int) int {
			if h >= 2 && h < 17 {
				return 0
			}
			return 15
		}, warn.RulePatch{}},
		{"less than a fortnight is known", 9, 9 * time.Hour, six, warn.RulePatch{}},
		{"it is switched off", 22, 9 * time.Hour, six, warn.RulePatch{Silence: &quiet}},
		{"all alerts are", 22, 9 * time.Hour, six, warn.RulePatch{Level: &off}},
	} {
		t.Run(x.name, func(t *testing.T) {
			each(t, func(w *world) {
				w.now.Add(26 * time.Hour)
				now := w.now.Now()
				w.steady(now.AddDate(0, 0, -x.days), now.Add(-x.hours), x.n)
				w.restart()
				if _, err := w.ChangeRule(w.ctx, warn.Subject{Monitor: w.monitor.ID, Programme: "p1"}, x.rule); err != nil {
					t.Fatal(err)
				}
				w.later()
				if a := w.alerts(); len(a) != 0 {
					t.Errorf("raised %s", a[0].Reason())
				}
			})
		})
	}
}

func TestSilenceNamesAChannelThatDoesNotListen(t *testing.T) {
	each(t, func(w *world) {
		w.now.Add(26 * time.Hour)
		w.steady(w.now.Now().AddDate(0, 0, -22), w.now.Now().Add(-9*time.Hour), six)
		paused := listen.Paused
		if _, err := w.station.ChangeChannel(w.ctx, w.channel.ID, listen.Patch{State: &paused}); err != nil {
			w.t.Fatal(err)
		}
		w.later()
		if a := w.alerts(); len(a) != 1 || !strings.Contains(a[0].Reason(), "the channel “Wire” is paused, which may be why") {
			w.t.Errorf("raised %+v", a)
		}
	})
}

func TestAMonitorThatListensNoMoreLeavesNoAlertStanding(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		a := w.crisis()
		settle := func() {
			w.t.Helper()
			if err := w.Settle(w.ctx, []social.MonitorID{w.monitor.ID}); err != nil {
				w.t.Fatal(err)
			}
		}
		if _, err := w.Snooze(w.ctx, a.ID, w.now.Now().Add(time.Hour), ""); err != nil {
			w.t.Fatal(err)
		}
		settle() // it listens: nothing changes
		if got := w.alerts()[0]; got.State != warn.Snoozed {
			w.t.Fatalf("closed while it listens: %+v", got)
		}
		closed := func(why string, steps int) {
			w.t.Helper()
			settle()
			settle() // twice changes nothing
			got, all, _, err := w.One(w.ctx, a.ID)
			last := all[len(all)-1]
			if err != nil || got.State != warn.Resolved || !got.Snoozed.IsZero() || len(all) != steps || last.Verb != "closed" || last.Detail.Note != why {
				w.t.Errorf("%s: it is %+v after %+v, %v", why, got, all, err)
			}
		}
		paused := listen.Paused
		if _, err := w.station.ChangeMonitor(w.ctx, w.monitor.ID, listen.MonitorPatch{State: &paused}); err != nil {
			w.t.Fatal(err)
		}
		closed("The monitor was paused, so nothing more is heard about it.", 4)
		w.now.Add(90 * time.Minute)
		w.look()
		if all := w.alerts(); len(all) != 1 {
			w.t.Errorf("a paused monitor raised %d", len(all)-1)
		}
		if _, err := w.Reopen(w.ctx, a.ID, ""); err != nil {
			w.t.Fatal(err)
		}
		if err := w.station.RemoveMonitor(w.ctx, w.monitor.ID); err != nil {
			w.t.Fatal(err)
		}
		closed("The monitor was removed, so nothing more is heard about it.", 6)
	})
}
