package warn

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

const (
	// fade is how long a subject must be ordinary before an incident is over.
	fade = time.Hour
	// apart is how long after an incident another is one of its own, while
	// the first still stands open.
	apart = 6 * time.Hour
	// grown is how many times its height an incident must reach to be told of again.
	grown = 2.0
	// refresh is how often the figures of an incident under way are written.
	refresh = time.Minute
	// causesMost is how many posts are kept with an alert.
	causesMost = 40
)

// Watch watches all subjects. Call Open before anything else.
type Watch struct {
	Store    Store
	Hearing  Hearing
	Audience Audience
	Clock    clock.Clock
	Log      *slog.Logger

	looking   sync.Mutex // one looks at a time
	mu        sync.Mutex
	dirty     map[Subject]bool // what was said about since it was last looked at
	baselines map[string]learnt
	rules     map[string]Rule
	latest    map[string]Alert // the newest of each subject, not older than a week
	opened    time.Time
	hushed    time.Time // when silence was looked for last
}

// Open reads rules and alerts into memory, and looks at everything soon: what
// was said while nobody watched may need an alert.
func (w *Watch) Open(ctx context.Context) error {
	rules, err := w.Store.Rules(ctx)
	if err != nil {
		return err
	}
	latest, err := w.Store.Latest(ctx, w.Clock.Now().AddDate(0, 0, -7))
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opened = w.Clock.Now()
	w.dirty, w.baselines = map[Subject]bool{}, map[string]learnt{}
	w.rules, w.latest = map[string]Rule{}, map[string]Alert{}
	for _, r := range rules {
		w.rules[r.Subject.Key()] = r
	}
	for _, a := range latest {
		w.latest[a.Subject.Key()] = a
	}
	for _, m := range w.Hearing.MonitorsSeen(ctx) {
		if m.State == listen.Active {
			w.dirty[Subject{Monitor: m.ID, Programme: m.Programme}] = true
		}
	}
	for _, c := range w.Hearing.ChannelsSeen(ctx) {
		w.dirty[Subject{Programme: c.Programme}] = true
	}
	return nil
}

// Touch notes that something was said; the next Look judges what it is about.
func (w *Watch) Touch(ctx context.Context, mentions []social.Mention) {
	since := w.Clock.Now().Add(-time.Hour)
	touched := map[Subject]bool{}
	for _, m := range mentions {
		if m.Activity.Published.Before(since) {
			continue // history that is read in warns nobody
		}
		if c, ok := w.Hearing.ChannelInfo(m.Activity.Channel); ok {
			touched[Subject{Programme: c.Programme}] = true
		}
		for _, id := range m.Monitors {
			if mon, err := w.Hearing.MonitorByID(ctx, id); err == nil {
				touched[Subject{Monitor: id, Programme: mon.Programme}] = true
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for s := range touched {
		w.dirty[s] = true
	}
}

// Look judges what was said about since the last time, raises alerts, and
// wakes those whose snooze is over. What fails is looked at again.
func (w *Watch) Look(ctx context.Context) error {
	w.looking.Lock()
	defer w.looking.Unlock()
	w.mu.Lock()
	todo := make([]Subject, 0, len(w.dirty))
	for s := range w.dirty {
		todo = append(todo, s)
	}
	clear(w.dirty)
	w.mu.Unlock()
	slices.SortFunc(todo, func(a, b Subject) int { // monitors first: a programme whose monitor warns need not
		return compare(a, b)
	})
	var all error
	warned := map[social.ProgrammeID]bool{}
	for _, s := range todo {
		raised, err := w.look(ctx, s, warned)
		if err != nil {
			w.mu.Lock()
			w.dirty[s] = true
			w.mu.Unlock()
			all = errors.Join(all, err)
		}
		if raised {
			warned[s.Programme] = true
		}
	}
	return errors.Join(all, w.silences(ctx), w.wake(ctx))
}

// look judges one subject and reports whether it is out of the ordinary.
func (w *Watch) look(ctx context.Context, s Subject, warned map[social.ProgrammeID]bool) (bool, error) {
	rule := w.RuleOf(s)
	if rule.Level == Off || !w.listens(ctx, s) {
		return false, nil
	}
	now := w.Clock.Now()
	lines, err := w.lines(ctx, s, now.Add(-spans[0]), now.Add(early), linesMost)
	if err != nil || len(lines) < rule.Minimum {
		return false, err
	}
	usual, err := w.usual(ctx, s)
	if err != nil {
		return false, err
	}
	f := judge(now, lines, usual, rule)
	if !f.Surge && !f.Mood {
		return false, nil
	}
	w.mu.Lock()
	last, had := w.latest[s.Key()]
	w.mu.Unlock()
	had = had && !last.Hush // silence before is another matter
	quiet := now.Sub(last.Last)
	height := float64(f.Count) / float64(max(last.Count, 1))
	if f.Span != last.Span {
		height = f.Rare / max(last.Rare, 1)
	}
	stands := last.stands()
	switch {
	case had && stands && quiet < apart:
		return true, w.goOn(ctx, last, f, lines, height >= grown)
	case had && !stands && quiet < fade && height < grown:
		return true, w.goOn(ctx, last, f, nil, false)
	case s.Monitor == "" && (warned[s.Programme] || w.told(ctx, s.Programme, now)):
		return true, nil // its monitors say so already
	}
	return true, w.raise(ctx, s, rule, f, lines, "")
}

// told reports whether a monitor of a programme has an incident under way.
func (w *Watch) told(ctx context.Context, p social.ProgrammeID, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.latest {
		if a.Subject.Monitor != "" && a.Subject.Programme == p && now.Sub(a.Last) < fade {
			return true
		}
	}
	return false
}

// raise makes an alert and tells of it.
func (w *Watch) raise(ctx context.Context, s Subject, r Rule, f Finding, lines []listen.Line, because string) error {
	now := w.Clock.Now()
	a := Alert{ID: social.AlertID(id.At(now)), Subject: s, State: Open, Raised: now, Last: now, Finding: f, Sensitive: r.Level, Because: because}
	var causes []int64
	var err error
	if f.Hush { // nothing caused it; the last words before are shown
		for _, l := range lines {
			causes = append(causes, l.Seq)
		}
	} else if causes, a.Words, err = w.causes(ctx, s, now, now.Add(-f.Span), f, lines); err != nil {
		return err
	}
	told, err := w.Audience.AtDesk(ctx, s.Programme)
	if err != nil {
		return err
	}
	return w.Store.InTx(ctx, func(ctx context.Context) error {
		if err := w.Store.AddAlert(ctx, a); err != nil {
			return err
		}
		if err := w.Store.SetCauses(ctx, a.ID, causes); err != nil {
			return err
		}
		if err := w.Store.AddStep(ctx, Step{Alert: a.ID, At: now, Verb: "raised", Detail: Detail{Count: f.Count}}); err != nil {
			return err
		}
		if err := w.tellOf(ctx, a, told); err != nil {
			return err
		}
		return w.kept(ctx, a, "raise", map[string]any{"subject": s.Key(), "reason": a.Reason()})
	})
}

// tellOf notes who is told, and tells the fact that reaches their screens.
func (w *Watch) tellOf(ctx context.Context, a Alert, told []social.MemberRef) error {
	if len(told) == 0 {
		return nil
	}
	return w.Store.AddStep(ctx, Step{Alert: a.ID, At: w.Clock.Now(), Verb: "told", Detail: Detail{Told: told, By: "app"}})
}

// kept writes the record, tells the fact, and remembers the alert once it is committed.
func (w *Watch) kept(ctx context.Context, a Alert, verb string, detail map[string]any) error {
	if verb != "" {
		if err := w.Store.Record(ctx, social.Entry{Verb: verb, Object: "alert", ID: string(a.ID), Detail: detail}); err != nil {
			return err
		}
	}
	w.Store.After(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if old, ok := w.latest[a.Subject.Key()]; !ok || old.ID <= a.ID {
			w.latest[a.Subject.Key()] = a
		}
	})
	return w.Store.Tell(ctx, social.Alerted{Alert: a.ID, Programme: a.Subject.Programme, State: string(a.State)})
}

// goOn brings an incident under way up to date; one that grew much is told of again.
func (w *Watch) goOn(ctx context.Context, a Alert, f Finding, lines []listen.Line, grew bool) error {
	now := w.Clock.Now()
	if !grew && now.Sub(a.Last) < refresh && f.Count <= a.Count {
		return nil
	}
	if !grew && now.Sub(a.Last) < refresh/4 {
		return nil
	}
	a.Last = now
	var causes []int64
	if lines != nil && (f.Score > a.Score || f.Count > a.Count) {
		mood, surge := a.Mood || f.Mood, a.Surge || f.Surge
		a.Finding = f
		a.Mood, a.Surge = mood, surge
		var err error
		var words []string
		if causes, words, err = w.causes(ctx, a.Subject, now, a.Raised.Add(-f.Span), f, lines); err != nil {
			return err
		}
		if len(words) > 0 {
			a.Words = words
		}
	}
	var told []social.MemberRef
	if grew {
		var err error
		if told, err = w.Audience.AtDesk(ctx, a.Subject.Programme); err != nil {
			return err
		}
	}
	return w.Store.InTx(ctx, func(ctx context.Context) error {
		if err := w.Store.SaveFigures(ctx, a); err != nil {
			return err
		}
		if causes != nil {
			if err := w.Store.SetCauses(ctx, a.ID, causes); err != nil {
				return err
			}
		}
		if grew {
			if err := w.Store.AddStep(ctx, Step{Alert: a.ID, At: now, Verb: "grew", Detail: Detail{Count: f.Count}}); err != nil {
				return err
			}
			if err := w.tellOf(ctx, a, told); err != nil {
				return err
			}
		}
		return w.kept(ctx, a, "", nil)
	})
}

// wake opens alerts again whose snooze is over.
func (w *Watch) wake(ctx context.Context) error {
	due, err := w.Store.DueAlerts(ctx, w.Clock.Now())
	if err != nil {
		return err
	}
	for _, a := range due {
		a.State, a.Snoozed = Open, time.Time{}
		told, err := w.Audience.AtDesk(ctx, a.Subject.Programme)
		if err != nil {
			return err
		}
		err = w.Store.InTx(ctx, func(ctx context.Context) error {
			if err := w.Store.SaveState(ctx, a); err != nil {
				return err
			}
			if err := w.Store.AddStep(ctx, Step{Alert: a.ID, At: w.Clock.Now(), Verb: "woke"}); err != nil {
				return err
			}
			if err := w.tellOf(ctx, a, told); err != nil {
				return err
			}
			return w.kept(ctx, a, "wake", nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
