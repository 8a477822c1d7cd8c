package history

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/social"
)

// How the work is done.
const (
	rowsAtOnce = 500
	pause      = time.Minute
)

func sortNames(names []string) { slices.Sort(names) }

// Run brings in what was started, one file after the other, until ctx ends.
// What was under way when Parley ended goes on.
func (s *Shelf) Run(ctx context.Context) {
	for ctx.Err() == nil {
		f, ok, err := s.Store.Waiting(ctx)
		if err == nil && ok {
			err = s.Work(ctx, f.ID, nil)
		}
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("history waits to be brought in", "error", err)
		}
		if ok && err == nil {
			continue
		}
		t := time.NewTimer(pause)
		select {
		case <-s.wake:
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// errStopped ends the work on a file that was cancelled.
var errStopped = errors.New("stopped")

// Work brings a file in from where it is, and tells told how far it is after
// each step. It returns when the file has ended or ctx has.
func (s *Shelf) Work(ctx context.Context, id string, told func(File)) error {
	f, err := s.Store.File(ctx, id)
	if err != nil || f.State != Running {
		return err
	}
	in, err := os.Open(s.path(id))
	if err != nil {
		return s.end(ctx, f, Failed, "The file is gone.")
	}
	defer in.Close()
	line := f.Rows
	if f.Format == CSV && f.Position > 0 {
		line++ // the header
	}
	r, _, err := s.open(in, f, f.Position, line)
	if err != nil {
		return s.end(ctx, f, Failed, sentence(err))
	}
	for ctx.Err() == nil {
		more, err := s.step(ctx, &f, r)
		var known *social.Error
		switch {
		case errors.Is(err, errStopped):
			return nil
		case errors.As(err, &known) && (known.Kind == social.Invalid || known.Kind == social.NotFound):
			return s.end(ctx, f, Failed, known.Text)
		case err != nil:
			return err // it goes on where it was
		}
		if told != nil {
			told(f)
		}
		if !more {
			return s.end(ctx, f, Done, "")
		}
	}
	return ctx.Err()
}

// step brings in some rows, and keeps how far it is in the same transaction.
func (s *Shelf) step(ctx context.Context, f *File, r rows.Reader) (more bool, err error) {
	began := s.Clock.Now()
	next := *f
	var activities []social.Activity
	var lines []rows.Row
	var mistakes []Mistake
	more = true
	for n := 0; n < rowsAtOnce; n++ {
		one, err := r.Next()
		if errors.Is(err, io.EOF) {
			more = false
			break
		}
		if err != nil {
			return false, err
		}
		next.Rows++
		next.Position = one.End
		a, err := f.Settings.activity(f.Channel, one)
		if err != nil {
			mistakes = append(mistakes, Mistake{one.Line, sentence(err), one.Source})
			continue
		}
		activities, lines = append(activities, a), append(lines, one)
	}
	keep := func(ctx context.Context, fresh int, wrong map[int]string) error {
		now, err := s.Store.File(ctx, f.ID)
		if err != nil {
			return err
		}
		if now.State != Running {
			return errStopped
		}
		for i := range lines {
			if why, bad := wrong[i]; bad {
				mistakes = append(mistakes, Mistake{lines[i].Line, why, lines[i].Source})
			}
		}
		next.Wrong += int64(len(mistakes))
		next.Taken += int64(fresh)
		next.Same += int64(len(activities) - len(wrong) - fresh)
		next.Worked += s.Clock.Now().Sub(began)
		if room := mostMistakes - f.Wrong; int64(len(mistakes)) > room {
			mistakes = mistakes[:max(0, room)]
		}
		if err := s.Store.AddMistakes(ctx, f.ID, mistakes); err != nil {
			return err
		}
		return s.Store.SaveFile(ctx, next)
	}
	if f.Dry {
		err = s.Store.InTx(ctx, func(ctx context.Context) error { return keep(ctx, len(activities), nil) })
	} else {
		err = s.Station.Bring(ctx, f.Channel, activities, f.Inbox, keep)
	}
	if err != nil {
		return false, err
	}
	*f = next
	return more, nil
}

// end notes how a file ended, and forgets what is not needed any longer.
func (s *Shelf) end(ctx context.Context, f File, state State, note string) error {
	f.State, f.Note, f.Ended = state, note, s.Clock.Now()
	if state == Done && f.Dry {
		f.Position = f.Size
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveFile(ctx, f); err != nil {
			return err
		}
		return s.Store.Record(ctx, social.Entry{Verb: "end", Object: "history", ID: f.ID,
			Detail: map[string]any{"state": state, "rows": f.Rows, "taken": f.Taken, "same": f.Same, "wrong": f.Wrong, "dry": f.Dry}})
	})
	if err == nil && state == Done && !f.Dry {
		if err := os.Remove(s.path(f.ID)); err != nil {
			s.Log.Warn("a file of history was not removed", "file", f.ID, "error", err)
		}
	}
	return err
}
