package listen

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Sweep processes what was kept and is still waiting, after a crash or a
// failure. An event that cannot be processed even alone is kept with its
// error, so that it never stops the others.
func (s *Station) Sweep(ctx context.Context) error {
	runs, err := s.store.Runs(ctx)
	if err != nil {
		return err
	}
	var all error
	for _, r := range runs {
		if err := s.sweepRun(ctx, r); err != nil {
			all = errors.Join(all, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return all
}

func (s *Station) sweepRun(ctx context.Context, run Run) error {
	l := s.line(run.Channel)
	if l == nil {
		return s.store.InTx(ctx, func(ctx context.Context) error { return s.store.DropRun(ctx, run.First) })
	}
	l.take.Lock()
	defer l.take.Unlock()
	conn, row, _, err := l.use()
	if row.State == Removed {
		return s.giveUp(ctx, run, "Its channel was removed before it could be processed.")
	}
	if err != nil {
		return err
	}
	raws, err := s.store.RawBetween(ctx, run.Channel, run.First, run.Last, run.Events+1)
	if err != nil {
		return err
	}
	r := reader{s: s, conn: conn, row: row}
	events, err := s.readAgain(ctx, &r, raws)
	if err != nil {
		return err
	}
	s.name(ctx, conn, authorsOf(events))
	err = s.process(ctx, row, run.First, events, false)
	if err == nil || social.KindOf(err) == social.Busy || ctx.Err() != nil {
		return err
	}
	s.log.Warn("a batch cannot be processed; trying its events one by one", "channel", row.ID, "events", len(events), "error", err)
	for _, h := range events {
		err := s.process(ctx, row, 0, []*heard{h}, false)
		switch {
		case err == nil:
		case social.KindOf(err) == social.Busy || ctx.Err() != nil:
			return err
		default:
			s.log.Error("an event cannot be processed", "channel", row.ID, "key", h.raw.Key, "error", err)
			if err := s.fail(ctx, h.raw.Seq, "Processing it failed; the log says why."); err != nil {
				return err
			}
		}
	}
	return s.store.InTx(ctx, func(ctx context.Context) error { return s.store.DropRun(ctx, run.First) })
}

// readAgain reads raw events; those that cannot be read any more are marked.
func (s *Station) readAgain(ctx context.Context, r *reader, raws []Raw) ([]*heard, error) {
	var events []*heard
	for _, raw := range raws {
		h := r.read(raw)
		if h.raw.Error != "" {
			if err := s.fail(ctx, raw.Seq, h.raw.Error); err != nil {
				return nil, err
			}
			continue
		}
		events = append(events, &h)
	}
	return events, nil
}

func (s *Station) fail(ctx context.Context, seq int64, why string) error {
	return s.store.InTx(ctx, func(ctx context.Context) error { return s.store.FailRaw(ctx, seq, why) })
}

func (s *Station) giveUp(ctx context.Context, run Run, why string) error {
	return s.store.InTx(ctx, func(ctx context.Context) error {
		raws, err := s.store.RawBetween(ctx, run.Channel, run.First, run.Last, run.Events+1)
		if err != nil {
			return err
		}
		for _, r := range raws {
			if err := s.store.FailRaw(ctx, r.Seq, why); err != nil {
				return err
			}
		}
		return s.store.DropRun(ctx, run.First)
	})
}

// Replayed says what Replay did.
type Replayed struct{ Events, Broken int }

// replayAtOnce is how many raw events are processed in one transaction.
const replayAtOnce = 500

// Replay reads again what was kept raw since a time and processes it as if it
// came now: after a channel has learned to read something better, say. What
// stays the same is not told again to anybody.
func (s *Station) Replay(ctx context.Context, since time.Time) (Replayed, error) {
	var done Replayed
	after := int64(0)
	for {
		raws, err := s.store.RawSince(ctx, since, after, replayAtOnce)
		if err != nil || len(raws) == 0 {
			return done, err
		}
		after = raws[len(raws)-1].Seq
		for len(raws) > 0 {
			n := slices.IndexFunc(raws, func(r Raw) bool { return r.Channel != raws[0].Channel })
			if n < 0 {
				n = len(raws)
			}
			broken, err := s.replay(ctx, raws[:n])
			if err != nil {
				return done, err
			}
			done.Events += n
			done.Broken += broken
			raws = raws[n:]
		}
	}
}

func (s *Station) replay(ctx context.Context, raws []Raw) (broken int, err error) {
	l := s.line(raws[0].Channel)
	if l == nil {
		return len(raws), nil
	}
	l.take.Lock()
	defer l.take.Unlock()
	conn, row, _, err := l.use()
	if err != nil {
		return len(raws), nil // removed, or without working settings: nobody can read these
	}
	r := reader{s: s, conn: conn, row: row}
	var events []*heard
	for _, raw := range raws {
		was := raw.Error
		raw.Error = ""
		h := r.read(raw)
		if h.raw.Error != was {
			if err := s.fail(ctx, raw.Seq, h.raw.Error); err != nil {
				return broken, err
			}
		}
		if h.raw.Error != "" {
			broken++
			continue
		}
		events = append(events, &h)
	}
	if len(events) == 0 {
		return broken, nil
	}
	s.name(ctx, conn, authorsOf(events))
	return broken, s.process(ctx, row, 0, events, true)
}

// RawDays is how long raw events are kept unless somebody says otherwise.
const RawDays = 90

// Prune forgets raw events received before a time, a few at a time, and says
// how many. What still waits to be processed stays.
func (s *Station) Prune(ctx context.Context, before time.Time) (int, error) {
	total := 0
	for {
		n := 0
		err := s.store.InTx(ctx, func(ctx context.Context) (err error) {
			n, err = s.store.PruneRaw(ctx, before, 2000)
			return err
		})
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}

// Backlog is how many kept events wait to be processed.
func (s *Station) Backlog(ctx context.Context) (int, error) {
	runs, err := s.store.Runs(ctx)
	n := 0
	for _, r := range runs {
		n += r.Events
	}
	return n, err
}
