package warn_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// wire is a network of our own making: its events are activities in JSON.
type wire struct{}

func (wire) Read(e channel.Event) ([]social.Activity, error) {
	var a social.Activity
	err := json.Unmarshal(e.Raw, &a)
	return []social.Activity{a}, err
}

func (wire) Self(context.Context) (social.Author, error) { return social.Author{}, nil }

// desk is who is told.
type desk []social.MemberRef

func (d desk) AtDesk(context.Context, social.ProgrammeID) ([]social.MemberRef, error) { return d, nil }

type world struct {
	*warn.Watch
	t       *testing.T
	ctx     context.Context
	now     *clock.Set
	db      *listendb.DB
	station *listen.Station
	channel listen.Channel
	monitor listen.Monitor
	n       int
}

// start is a Tuesday afternoon.
var start = time.Date(2031, 6, 3, 14, 20, 0, 0, time.UTC)

func open(t *testing.T, db *store.DB, now *clock.Set) *world {
	t.Helper()
	w := &world{t: t, now: now, db: listendb.New(db)}
	now.Move(start)
	w.ctx = social.WithScope(social.WithActor(t.Context(), social.Actor{Member: "m1", Name: "Maya", Role: social.Admin}), social.Scope{All: true})
	kind := channel.Kind{Name: "wire", Title: "Wire", New: func(channel.Settings, channel.Env) (channel.Channel, error) { return wire{}, nil }}
	w.station = listen.New(listen.Options{Store: w.db, Kinds: []channel.Kind{kind}, Sealer: secret.Random(), Clock: now, KeepAll: []string{"wire"}})
	if err := w.station.Open(w.ctx); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.channel, err = w.station.AddChannel(w.ctx, listen.Draft{Kind: "wire", Name: "Wire", Programme: "p1"}); err != nil {
		t.Fatal(err)
	}
	if w.monitor, err = w.station.AddMonitor(w.ctx, listen.MonitorDraft{Name: "Kettle", Query: "kettle", Programme: "p1"}); err != nil {
		t.Fatal(err)
	}
	w.restart()
	return w
}

// restart begins with nothing in memory.
func (w *world) restart() {
	w.t.Helper()
	w.Watch = &warn.Watch{Store: w.db, Hearing: w.station, Audience: desk{{ID: "m1", Name: "Maya"}, {ID: "m2", Name: "Amara"}}, Clock: w.now}
	if err := w.Open(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

// say posts about the kettle, each a second apart and the last at a time.
func (w *world) say(at time.Time, mood string, texts ...string) {
	w.t.Helper()
	events := make([]channel.Event, len(texts))
	for i, text := range texts {
		w.n++
		a := social.Activity{ExternalID: fmt.Sprint(w.n), Verb: social.Create, Form: social.FormPost, Visibility: social.Public, Text: text,
			Author:    social.Author{Scheme: "acct", Value: fmt.Sprintf("a%d@test", w.n), Handle: fmt.Sprintf("a%d", w.n), Followers: w.n},
			Published: at.Add(-time.Duration(len(texts)-1-i) * time.Second)}
		raw, err := json.Marshal(a)
		if err != nil {
			w.t.Fatal(err)
		}
		events[i] = channel.Event{Key: a.ExternalID, Raw: raw}
	}
	if _, err := w.station.Take(w.ctx, w.channel.ID, events, ""); err != nil {
		w.t.Fatal(err)
	}
	page, err := w.station.Wall(w.ctx, listen.Filter{}, nil, len(texts)+100)
	if err != nil {
		w.t.Fatal(err)
	}
	scores := map[social.ActivityID]social.Scores{}
	var ids []social.ActivityID
	for _, p := range page.Items {
		if n, _ := strconv.Atoi(p.ExternalID); n <= w.n-len(texts) {
			continue
		}
		ids = append(ids, p.ID)
		scores[p.ID] = social.Scores{Lang: "en", Sentiment: &social.Label{Label: mood}}
	}
	if err := w.station.Understood(w.ctx, scores); err != nil {
		w.t.Fatal(err)
	}
	mentions, err := w.station.Mentions(w.ctx, ids)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Touch(w.ctx, mentions)
}

func many(n int, text string) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = text
	}
	return out
}

// history is three weeks with two posts an hour by day, mostly content.
func (w *world) history() {
	w.t.Helper()
	for at := start.AddDate(0, 0, -21).Truncate(time.Hour); at.Before(start.Add(-2 * time.Hour)); at = at.Add(6 * time.Hour) {
		w.say(at.Add(30*time.Minute), social.Positive, "my kettle boils nicely", "a kettle for the office", "kettle and a cup of tea")
	}
	w.look()
	if a := w.alerts(); len(a) != 0 {
		w.t.Fatalf("an ordinary past raised %+v", a)
	}
}

func (w *world) look() {
	w.t.Helper()
	if err := w.Look(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) alerts() []warn.Alert {
	w.t.Helper()
	all, err := w.db.Alerts(w.ctx, warn.Query{Limit: 50})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// crisis is a burst within a minute, and what is made of it.
func (w *world) crisis() warn.Alert {
	w.t.Helper()
	w.say(w.now.Now(), social.Negative, many(18, "the kettle lid melts, recall it now")...)
	w.say(w.now.Now(), social.Neutral, many(4, "is this kettle safe?")...)
	w.look()
	all := w.alerts()
	if len(all) != 1 {
		w.t.Fatalf("raised %d alerts", len(all))
	}
	return all[0]
}

func each(t *testing.T, f func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) { f(open(t, db, now)) })
}

func TestACrisisRaisesOneAlertThatExplainsItself(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		a := w.crisis()
		if a.State != warn.Open || !a.Surge || !a.Mood || a.Count != 22 || a.Subject.Monitor != w.monitor.ID || a.Times() < 5 {
			w.t.Errorf("raised %+v", a)
		}
		for _, part := range []string{"times the usual for a Tuesday afternoon", "82% negative", "most repeated: ", "melts", "recall"} {
			if !strings.Contains(a.Reason(), part) {
				w.t.Errorf("the reason %q lacks %q", a.Reason(), part)
			}
		}
		_, steps, causes, err := w.One(w.ctx, a.ID)
		if err != nil || len(causes) != 22 || len(steps) != 2 || steps[0].Verb != "raised" || steps[1].Verb != "told" || len(steps[1].Detail.Told) != 2 {
			w.t.Errorf("steps %+v, %d causes, %v", steps, len(causes), err)
		}
		posts, err := w.db.PostsBySeq(w.ctx, causes[:1])
		if err != nil || !strings.Contains(posts[0].Text, "melts") {
			w.t.Errorf("the weightiest cause is %+v, %v", posts, err)
		}
		// It goes on: the same incident.
		w.now.Add(5 * time.Minute)
		w.say(w.now.Now(), social.Negative, many(6, "kettle melts")...)
		w.look()
		w.restart()
		w.look()
		if all := w.alerts(); len(all) != 1 || all[0].Count != 28 {
			w.t.Errorf("it went on, and there are %+v", all)
		}
	})
}

func TestWhatRaisesNone(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		w.say(start, social.Positive, many(5, "my kettle is fine")...)
		w.say(start.AddDate(0, 0, -1), social.Negative, many(60, "the kettle melts")...) // heard now, said yesterday
		w.look()
		if a := w.alerts(); len(a) != 0 {
			w.t.Errorf("raised %+v", a)
		}
		off := warn.Off
		if _, err := w.ChangeRule(w.ctx, warn.Subject{Monitor: w.monitor.ID, Programme: "p1"}, warn.RulePatch{Level: &off}); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.ChangeRule(w.ctx, warn.Subject{Programme: "p1"}, warn.RulePatch{Level: &off}); err != nil {
			w.t.Fatal(err)
		}
		w.say(start, social.Negative, many(60, "the kettle melts")...)
		w.look()
		w.restart()
		w.look()
		if a := w.alerts(); len(a) != 0 {
			w.t.Errorf("raised %+v where it is off", a)
		}
	})
}

func TestWithoutAPastOnlyTheMoodWarns(t *testing.T) {
	each(t, func(w *world) {
		w.say(start, social.Positive, many(50, "kettle!")...)
		w.look()
		if a := w.alerts(); len(a) != 0 {
			w.t.Fatalf("raised %+v with nothing to compare", a)
		}
		w.now.Add(2 * time.Hour)
		w.say(w.now.Now(), social.Negative, many(20, "the kettle melts")...)
		w.look()
		if a := w.alerts(); len(a) != 1 || a[0].Surge || !a[0].Mood {
			w.t.Errorf("raised %+v", a)
		}
	})
}

func TestActs(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		a := w.crisis()
		expect := func(got warn.Alert, err error, s warn.State) {
			w.t.Helper()
			if err != nil || got.State != s {
				w.t.Fatalf("it is %s, want %s: %v", got.State, s, err)
			}
		}
		got, err := w.Acknowledge(w.ctx, a.ID, "I look")
		expect(got, err, warn.Acknowledged)
		if got.ByName != "Maya" {
			w.t.Errorf("by %q", got.ByName)
		}
		got, err = w.Acknowledge(w.ctx, a.ID, "")
		expect(got, err, warn.Acknowledged) // twice changes nothing
		got, err = w.Snooze(w.ctx, a.ID, w.now.Now().Add(2*time.Hour), "")
		expect(got, err, warn.Snoozed)
		if _, err := w.Snooze(w.ctx, a.ID, w.now.Now().Add(-time.Hour), ""); social.KindOf(err) != social.Invalid {
			w.t.Errorf("snoozed into the past: %v", err)
		}
		w.now.Add(time.Hour)
		w.look()
		expect(w.alerts()[0], nil, warn.Snoozed)
		w.now.Add(time.Hour)
		w.look()
		expect(w.alerts()[0], nil, warn.Open) // it woke
		got, err = w.Resolve(w.ctx, a.ID, "The batch is called back.")
		expect(got, err, warn.Resolved)
		if _, err := w.Snooze(w.ctx, a.ID, w.now.Now().Add(time.Hour), ""); social.KindOf(err) != social.Conflict {
			w.t.Errorf("a resolved one is snoozed: %v", err)
		}
		got, err = w.Reopen(w.ctx, a.ID, "")
		expect(got, err, warn.Open)
		var verbs []string
		_, steps, _, err := w.One(w.ctx, a.ID)
		for _, s := range steps {
			verbs = append(verbs, s.Verb)
		}
		if want := "raised told acknowledged snoozed woke told resolved reopened"; err != nil || strings.Join(verbs, " ") != want {
			w.t.Errorf("its history is %v, want %s", verbs, want)
		}
	})
}

func TestAFalseAlarmTeachesAndIsUndone(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		a := w.crisis()
		s := warn.Subject{Monitor: w.monitor.ID, Programme: "p1"}
		before := w.RuleOf(s)
		if _, err := w.FalseAlarm(w.ctx, a.ID, "A campaign of ours"); err != nil {
			w.t.Fatal(err)
		}
		w.restart()
		after := w.RuleOf(s)
		if after.Taught != 1 || after.Times() <= before.Times() || after.Rare() <= before.Rare() {
			w.t.Errorf("from %+v to %+v", before, after)
		}
		w.look()
		if all := w.alerts(); len(all) != 1 || all[0].State != warn.False {
			w.t.Errorf("what goes on raised another: %+v", all)
		}
		if _, err := w.Reopen(w.ctx, a.ID, ""); err != nil || w.RuleOf(s).Taught != 0 {
			w.t.Errorf("taken back, it still counts %d: %v", w.RuleOf(s).Taught, err)
		}
		more := 5
		if _, err := w.ChangeRule(w.ctx, s, warn.RulePatch{Taught: &more}); social.KindOf(err) != social.Invalid {
			w.t.Errorf("taught by hand: %v", err)
		}
	})
}

func TestAnotherIncidentIsAnotherAlert(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		a := w.crisis()
		if _, err := w.Resolve(w.ctx, a.ID, ""); err != nil {
			w.t.Fatal(err)
		}
		w.now.Add(10 * time.Minute)
		w.say(w.now.Now(), social.Negative, many(3, "kettle melts")...)
		w.look()
		if all := w.alerts(); len(all) != 1 {
			w.t.Errorf("the rest of a resolved incident raised another: %d", len(all))
		}
		w.now.Add(26 * time.Hour)
		w.say(w.now.Now(), social.Negative, many(40, "now the plug smokes, kettle on fire")...)
		w.look()
		if all := w.alerts(); len(all) != 2 {
			w.t.Errorf("a new incident raised %d", len(all)-1)
		}
	})
}

func TestAlertsStayWithinTheirProgramme(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		a := w.crisis()
		for scope, sees := range map[social.ProgrammeID]bool{"p1": true, "p2": false} {
			ctx := social.WithScope(w.ctx, social.Scope{Programmes: []social.ProgrammeID{scope}})
			_, err := w.db.Alert(ctx, a.ID)
			all, err2 := w.db.Alerts(ctx, warn.Query{Limit: 5})
			n, err3 := w.db.OpenAlerts(ctx)
			if err2 != nil || err3 != nil || (err == nil) != sees || (len(all) == 1) != sees || (n == 1) != sees {
				w.t.Errorf("%s sees %v %d %d", scope, err, len(all), n)
			}
			if _, err := w.Acknowledge(ctx, a.ID, ""); sees != (err == nil) {
				w.t.Errorf("%s acknowledges: %v", scope, err)
			}
		}
	})
}

func TestHostileTexts(t *testing.T) {
	each(t, func(w *world) {
		w.history()
		texts := many(9, "kettle "+strings.Repeat("🔥", 3000))
		texts = append(texts, many(9, "\u202eقدر kettle "+strings.Repeat("ـ", 5000))...)
		texts = append(texts, "kettle \xff\xfe\x00", "kettle "+strings.Repeat("a b ", 20_000))
		w.say(start, social.Negative, texts...)
		w.look()
		if a := w.alerts(); len(a) != 1 || len(a[0].Reason()) > 600 {
			w.t.Errorf("raised %d", len(a))
		}
	})
}
