package listen

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// How early people are warned, and how often a channel is asked.
const (
	WarnBefore  = 14 * 24 * time.Hour
	askExpiries = 24 * time.Hour
	lookEvery   = time.Hour
)

// Ending is something that a channel depends on, with how near its end is.
type Ending struct {
	channel.Expiry
	Soon  bool // it ends within WarnBefore
	Ended bool
}

// Endings are what a channel depends on, the nearest end first.
func (h Health) Endings(now time.Time) []Ending {
	out := make([]Ending, len(h.Expiries))
	for i, e := range h.Expiries {
		out[i] = Ending{Expiry: e, Soon: e.At.Sub(now) <= WarnBefore, Ended: !e.At.After(now)}
	}
	slices.SortStableFunc(out, func(a, b Ending) int { return a.At.Compare(b.At) })
	return out
}

// At is how a channel is at a time: what ends soon, or has ended, is said
// even while everything works.
func (h Health) At(now time.Time) Health {
	if h.State == Fine && h.Send.Until.After(now) {
		h.State, h.Text = Waiting, h.Send.Text+" Replies wait until "+h.Send.Until.UTC().Format("15:04")+" (UTC)."
	}
	endings := h.Endings(now)
	if h.State == Off || len(endings) == 0 || !endings[0].Soon {
		return h
	}
	switch e := endings[0]; {
	case h.State == Trouble: // what does not work comes first
	case e.Ended:
		h.State, h.Text = Trouble, "The "+e.What+" has ended. "+e.Help
	default:
		h.State, h.Text = Soon, "The "+e.What+" ends on "+e.At.UTC().Format("2 January 2006")+". "+e.Help
	}
	return h
}

// keepExpiries asks the channels once a day what of theirs ends, until ctx
// ends.
func (s *Station) keepExpiries(ctx context.Context) {
	for ctx.Err() == nil {
		for _, l := range s.lines() {
			if row := l.snapshot(); row.State == Active && s.clock.Now().Sub(row.Health.ExpiriesAt) >= askExpiries {
				s.askExpiries(ctx, l)
			}
		}
		if s.wait(ctx, lookEvery, s.aged) != nil {
			return
		}
	}
}

// CheckChannel asks a channel now what of it ends and when.
func (s *Station) CheckChannel(ctx context.Context, cid social.ChannelID) (Channel, error) {
	c, err := s.ChannelByID(ctx, cid)
	if err != nil {
		return c, err
	}
	if c.State != Active {
		return c, social.Errorf(social.Conflict, "The channel is paused. Resume it first.")
	}
	s.askExpiries(ctx, s.line(cid))
	return s.ChannelByID(ctx, cid)
}

// askExpiries asks one channel, if it can tell. What cannot be told keeps
// what was told before.
func (s *Station) askExpiries(ctx context.Context, l *line) {
	conn, row, _, err := l.use()
	e, ok := conn.(channel.Expirer)
	if err != nil || !ok {
		return
	}
	asking, cancel := context.WithTimeout(ctx, testTime)
	defer cancel()
	h := row.Health
	list, err := e.Expiries(asking)
	if ctx.Err() != nil {
		return
	}
	h.ExpiriesAt, h.ExpiriesError = s.clock.Now(), ""
	if err != nil {
		h.ExpiriesError = clip(clean(sentence(err)), maxField)
		s.log.Warn("a channel could not tell what of it ends", "channel", row.ID, "error", err)
	} else {
		h.Expiries = list
		for i := range list {
			list[i].What, list[i].Help = clip(clean(list[i].What), 200), clip(clean(list[i].Help), maxField)
			list[i].At = list[i].At.UTC()
		}
	}
	l.mu.Lock()
	l.row.Health.Expiries, l.row.Health.ExpiriesAt, l.row.Health.ExpiriesError = h.Expiries, h.ExpiriesAt, h.ExpiriesError
	l.mu.Unlock()
	err = s.store.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error {
		if err := s.store.SaveExpiries(ctx, row.ID, h); err != nil {
			return err
		}
		return s.store.Tell(ctx, social.ChannelSaved{Channel: row.ID})
	})
	if err != nil {
		s.log.Warn("what ends of a channel was not kept", "channel", row.ID, "error", err)
	}
}
