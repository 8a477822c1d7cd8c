package analyze

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/social"
)

// DeepStore is what reading again needs of the database.
type DeepStore interface {
	Store
	InTx(ctx context.Context, f func(ctx context.Context) error) error
}

// A Deepener reads again, with the encoder, what matters: what is said to us
// or matched by a monitor, and whatever the linear models were unsure of. The
// better scores take the place of the first, under the encoder's name.
//
// It never delays intake: what waits is remembered, up to a bound, in memory,
// and read when there is time, the newest first. What falls out, or waited
// when Parley ended, keeps its first scores.
type Deepener struct {
	Store   DeepStore
	Hearing Hearing
	Score   func(texts []string) []social.Scores // with the encoder; on one core
	Log     *slog.Logger

	mu   sync.Mutex
	wait []social.ActivityID // the newest last
	wake chan struct{}
	once sync.Once
}

// The sizes of the queue and of what is read at once.
const (
	deepMost   = 10_000
	deepAtOnce = 16
)

// unsure is the confidence below which a first score is worth a second look.
const unsure = 0.6

// Note remembers activities that were scored. It only looks at what is in
// memory, so it costs next to nothing; whether an activity matters is asked
// when its turn comes.
func (d *Deepener) Note(ids []social.ActivityID) {
	d.mu.Lock()
	d.wait = append(d.wait, ids...)
	if over := len(d.wait) - deepMost; over > 0 {
		d.wait = slices.Delete(d.wait, 0, over)
	}
	d.mu.Unlock()
	select {
	case d.bell() <- struct{}{}:
	default:
	}
}

func (d *Deepener) bell() chan struct{} {
	d.once.Do(func() { d.wake = make(chan struct{}, 1) })
	return d.wake
}

// take returns the newest that wait.
func (d *Deepener) take(n int) []social.ActivityID {
	d.mu.Lock()
	defer d.mu.Unlock()
	from := max(0, len(d.wait)-n)
	out := slices.Clone(d.wait[from:])
	d.wait = d.wait[:from]
	return out
}

// Work reads what waits until ctx ends.
func (d *Deepener) Work(ctx context.Context) {
	for {
		for ctx.Err() == nil {
			more, err := d.Step(ctx)
			if err != nil && ctx.Err() == nil {
				d.Log.Warn("some texts keep their first scores", "error", err)
			}
			if !more {
				break
			}
		}
		select {
		case <-d.bell():
		case <-ctx.Done():
			return
		}
	}
}

// Step reads some of what waits and says whether there was any. The texts are
// read outside any transaction.
func (d *Deepener) Step(ctx context.Context) (more bool, err error) {
	ids := d.take(deepMost / 10)
	if len(ids) == 0 {
		return false, nil
	}
	first, err := d.Store.Scores(ctx, ids)
	if err != nil {
		return true, err
	}
	ids = slices.DeleteFunc(ids, func(id social.ActivityID) bool {
		s, ok := first[id]
		return !ok || s.Sentiment == nil || strings.Contains(s.Model, encoder.Name)
	})
	mentions, err := d.Hearing.Mentions(ctx, ids)
	if err != nil {
		return true, err
	}
	ids = ids[:0]
	for _, m := range mentions {
		if matters(m, first[m.Activity.ID]) {
			ids = append(ids, m.Activity.ID)
		}
	}
	for part := range slices.Chunk(ids, deepAtOnce) {
		if err := d.read(ctx, part, first); err != nil {
			return true, err
		}
	}
	return true, nil
}

// matters says whether a text is worth the time.
func matters(m social.Mention, first social.Scores) bool {
	if m.Deleted || m.Activity.Own {
		return false
	}
	return m.Inbox || m.Activity.Directed || len(m.Monitors) > 0 || first.Sentiment.Confidence < unsure
}

// read scores activities anew and keeps what came of it, where nobody was
// quicker.
func (d *Deepener) read(ctx context.Context, ids []social.ActivityID, first map[social.ActivityID]social.Scores) error {
	r := Reader{Store: d.Store, Hearing: d.Hearing, Score: d.Score}
	scores, err := r.scores(ctx, ids)
	if err != nil {
		return err
	}
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		now, err := d.Store.Scores(ctx, ids)
		if err != nil {
			return err
		}
		pins, err := d.Store.Pins(ctx, ids)
		if err != nil {
			return err
		}
		better := make(map[social.ActivityID]social.Scores, len(ids))
		told := make([]social.ActivityID, 0, len(ids))
		for _, id := range ids {
			is, ok := now[id]
			s, read := scores[id]
			if !ok || !read || !same(is, first[id]) {
				continue
			}
			for _, c := range pins[id] {
				pin(&s, c)
			}
			better[id], told = s, append(told, id)
		}
		if len(told) == 0 {
			return nil
		}
		if err := d.Store.Keep(ctx, better); err != nil {
			return err
		}
		return d.Store.Tell(ctx, social.Understood{Activities: told})
	})
}

// same says whether a score is still the one that was read before: an edit or
// a correction in between has a score of its own, and comes back by itself.
func same(a, b social.Scores) bool {
	if a.Model != b.Model || a.Lang != b.Lang || !slices.Equal(a.Corrected, b.Corrected) || (a.Sentiment == nil) != (b.Sentiment == nil) {
		return false
	}
	return a.Sentiment == nil || a.Sentiment.Label == b.Sentiment.Label && a.Sentiment.Score == b.Sentiment.Score
}
