package warn

import (
	"context"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
)

// standing are the states of alerts that wait for somebody.
var standing = []State{Open, Acknowledged, Snoozed}

func (a Alert) stands() bool { return among(a.State, standing) }

// Settle closes what stands about monitors that listen no more, with a
// sentence why. Of those that listen, and a second time, it changes nothing.
func (w *Watch) Settle(ctx context.Context, monitors []social.MonitorID) error {
	for _, id := range monitors {
		var why string
		m, err := w.Hearing.MonitorByID(ctx, id)
		switch {
		case social.NotFound.Is(err):
			why = "The monitor was removed, so nothing more is heard about it."
		case err != nil:
			return err
		case m.State == listen.Paused:
			why = "The monitor was paused, so nothing more is heard about it."
		default:
			continue
		}
		for {
			all, err := w.Store.Alerts(ctx, Query{States: standing, Monitor: id, Limit: 100})
			if err != nil {
				return err
			}
			for _, a := range all {
				if err := w.closeOne(ctx, a.ID, why); err != nil {
					return err
				}
			}
			if len(all) < 100 {
				break
			}
		}
	}
	return nil
}

func (w *Watch) closeOne(ctx context.Context, id social.AlertID, why string) error {
	return w.Store.InTx(ctx, func(ctx context.Context) error {
		a, err := w.Store.Alert(ctx, id)
		if err != nil || !a.stands() {
			return err
		}
		actor, _ := social.ActorOf(ctx)
		a.State, a.Snoozed, a.By, a.ByName = Resolved, time.Time{}, "", actor.Name
		if err := w.Store.SaveState(ctx, a); err != nil {
			return err
		}
		if err := w.Store.AddStep(ctx, Step{Alert: id, At: w.Clock.Now(), Verb: "closed", Detail: Detail{Note: why}}); err != nil {
			return err
		}
		return w.kept(ctx, a, "close", map[string]any{"subject": a.Subject.Key(), "note": why})
	})
}

// listens reports whether a subject is listened to now.
func (w *Watch) listens(ctx context.Context, s Subject) bool {
	if s.Monitor == "" {
		return true
	}
	m, err := w.Hearing.MonitorByID(ctx, s.Monitor)
	return err == nil && m.State == listen.Active
}
