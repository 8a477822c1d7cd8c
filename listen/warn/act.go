package warn

import (
	"context"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// noteMost is the longest note with an act.
const noteMost = 2000

// Acknowledge says that somebody looks after an alert. Doing it again changes nothing.
func (w *Watch) Acknowledge(ctx context.Context, id social.AlertID, note string) (Alert, error) {
	return w.act(ctx, id, Acknowledged, "acknowledged", note, []State{Open, Snoozed}, nil)
}

// Snooze puts an alert aside until a time.
func (w *Watch) Snooze(ctx context.Context, id social.AlertID, until time.Time, note string) (Alert, error) {
	now := w.Clock.Now()
	if !until.After(now) || until.After(now.AddDate(0, 1, 0)) {
		return Alert{}, &social.Error{Kind: social.Invalid, Field: "until", Text: "Snooze until a time within the next month."}
	}
	until = until.UTC().Truncate(time.Second)
	return w.act(ctx, id, Snoozed, "snoozed", note, []State{Open, Acknowledged, Snoozed}, &until)
}

// Resolve says that the matter is settled.
func (w *Watch) Resolve(ctx context.Context, id social.AlertID, note string) (Alert, error) {
	return w.act(ctx, id, Resolved, "resolved", note, []State{Open, Acknowledged, Snoozed}, nil)
}

// FalseAlarm says that there was no need for an alert; its subject will need
// more for the next.
func (w *Watch) FalseAlarm(ctx context.Context, id social.AlertID, note string) (Alert, error) {
	return w.act(ctx, id, False, "false", note, []State{Open, Acknowledged, Snoozed, Resolved}, nil)
}

// Reopen takes the last word on an alert back, with what a false alarm taught.
func (w *Watch) Reopen(ctx context.Context, id social.AlertID, note string) (Alert, error) {
	return w.act(ctx, id, Open, "reopened", note, []State{Acknowledged, Snoozed, Resolved, False}, nil)
}

// act changes the state of an alert from one of some. In that state already,
// nothing changes.
func (w *Watch) act(ctx context.Context, id social.AlertID, to State, verb, note string, from []State, until *time.Time) (Alert, error) {
	note = strings.TrimSpace(text.Cut(note))
	if len(note) > noteMost {
		return Alert{}, &social.Error{Kind: social.Invalid, Field: "note", Text: "A note is at most 2,000 characters long."}
	}
	var a Alert
	err := w.Store.InTx(ctx, func(ctx context.Context) error {
		var err error
		if a, err = w.Store.Alert(ctx, id); err != nil {
			return err
		}
		if a.State == to && (until == nil || a.Snoozed.Equal(*until)) {
			return nil
		}
		if !among(a.State, from) {
			return social.Errorf(social.Conflict, "This alert is %s now. Open it again first.", words[a.State])
		}
		was := a.State
		actor, _ := social.ActorOf(ctx)
		now := w.Clock.Now()
		a.State, a.Snoozed, a.By, a.ByName = to, time.Time{}, actor.Member, actor.Name
		detail := Detail{Note: note, Until: until}
		if until != nil {
			a.Snoozed = *until
		}
		if to == Open {
			a.By, a.ByName = "", ""
		}
		if detail.Taught, err = w.teach(ctx, a.Subject, was, to); err != nil {
			return err
		}
		if err := w.Store.SaveState(ctx, a); err != nil {
			return err
		}
		if err := w.Store.AddStep(ctx, Step{Alert: id, At: now, Verb: verb, Member: actor.Member, Name: actor.Name, Detail: detail}); err != nil {
			return err
		}
		return w.kept(ctx, a, verbs[to], map[string]any{"subject": a.Subject.Key(), "note": note})
	})
	return a, err
}

var (
	words = map[State]string{Open: "open", Acknowledged: "acknowledged", Snoozed: "snoozed", Resolved: "resolved", False: "called a false alarm"}
	verbs = map[State]string{Open: "reopen", Acknowledged: "acknowledge", Snoozed: "snooze", Resolved: "resolve", False: "false_alarm"}
)

func among(s State, all []State) bool {
	for _, o := range all {
		if o == s {
			return true
		}
	}
	return false
}

// teach makes a subject need more after a false alarm, or less again when
// that is taken back. It returns how many count now, 0 if nothing changed.
func (w *Watch) teach(ctx context.Context, s Subject, was, to State) (int, error) {
	r := w.RuleOf(s)
	switch {
	case to == False && r.Taught < TaughtMost:
		r.Taught++
	case was == False && r.Taught > 0:
		r.Taught--
	default:
		return 0, nil
	}
	return r.Taught, w.saveRule(ctx, r, map[string]any{"taught": r.Taught})
}

// RuleOf is what a subject needs for an alert.
func (w *Watch) RuleOf(s Subject) Rule {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r, ok := w.rules[s.Key()]; ok {
		r.Subject = s
		return r
	}
	return ruleOf(s)
}

// ChangeRule changes what a subject needs.
func (w *Watch) ChangeRule(ctx context.Context, s Subject, p RulePatch) (Rule, error) {
	r, detail, err := w.RuleOf(s).changed(p)
	if err != nil || len(detail) == 0 {
		return r, err
	}
	err = w.Store.InTx(ctx, func(ctx context.Context) error { return w.saveRule(ctx, r, detail) })
	return r, err
}

func (w *Watch) saveRule(ctx context.Context, r Rule, detail map[string]any) error {
	r.Updated = w.Clock.Now()
	if err := w.Store.SaveRule(ctx, r); err != nil {
		return err
	}
	w.Store.After(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.rules[r.Subject.Key()] = r
		w.dirty[r.Subject] = true
	})
	if err := w.Store.Record(ctx, social.Entry{Verb: "update", Object: "warning", ID: r.Subject.Key(), Detail: detail}); err != nil {
		return err
	}
	return w.Store.Tell(ctx, social.MonitorSaved{Monitor: r.Subject.Monitor})
}

// SubjectOf finds what a key names, within the scope.
func (w *Watch) SubjectOf(ctx context.Context, key string) (Subject, error) {
	if p, ok := strings.CutPrefix(key, programmePrefix); ok {
		s := Subject{Programme: social.ProgrammeID(p)}
		for _, c := range w.Hearing.ChannelsSeen(ctx) {
			if c.Programme == s.Programme {
				return s, nil
			}
		}
		return s, social.Errorf(social.NotFound, "Nothing is heard there.")
	}
	m, err := w.Hearing.MonitorByID(ctx, social.MonitorID(key))
	return Subject{Monitor: m.ID, Programme: m.Programme}, err
}

// One returns an alert with its history and its causes.
func (w *Watch) One(ctx context.Context, id social.AlertID) (Alert, []Step, []int64, error) {
	a, err := w.Store.Alert(ctx, id)
	if err != nil {
		return a, nil, nil, err
	}
	steps, err := w.Store.Steps(ctx, id)
	if err != nil {
		return a, nil, nil, err
	}
	causes, err := w.Store.Causes(ctx, id)
	return a, steps, causes, err
}

// Hour is an hour of a subject beside what is usual.
type Hour struct {
	At               time.Time
	Count, Negative  int
	Usual, Low, High float64
}

// Hours returns some hours of a subject with the band of the usual, as it is
// known now, and whether enough is known for one.
func (w *Watch) Hours(ctx context.Context, s Subject, from, to time.Time) ([]Hour, bool, error) {
	usual, err := w.usual(ctx, s)
	if err != nil {
		return nil, false, err
	}
	from, to = from.UTC().Truncate(time.Hour), to.UTC()
	tallies, err := w.Store.Tallies(ctx, w.counted(ctx, s), from, to)
	if err != nil {
		return nil, false, err
	}
	out := make([]Hour, 0, int(to.Sub(from)/time.Hour)+1)
	for at := from; at.Before(to); at = at.Add(time.Hour) {
		h := Hour{At: at, Usual: usual.At(at)}
		h.Low, h.High = usual.Band(at)
		out = append(out, h)
	}
	for _, t := range tallies {
		if i := int(t.Hour.Sub(from) / time.Hour); i >= 0 && i < len(out) {
			out[i].Count += t.Count
			out[i].Negative += t.Negative
		}
	}
	return out, usual.Known(), nil
}

// Learnt is how much of the past a subject's baseline knows.
func (w *Watch) Learnt(ctx context.Context, s Subject) (since time.Time, known bool, sour float64, err error) {
	b, err := w.usual(ctx, s)
	if err != nil {
		return since, false, 0, err
	}
	return b.Since, b.Known(), b.Negative, nil
}

var _ Hearing = (*listen.Station)(nil)
