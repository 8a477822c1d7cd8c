package place

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// sums adds up what a transaction changes about the counts.
type sums map[Key]*Sum

// add counts a tie in (+1) or out (-1).
func (s sums) add(t Tie, sign int) {
	if t.Place == "" {
		return
	}
	k := Key{t.Place, t.Channel, t.Published.UTC().Truncate(24 * time.Hour)}
	d := s[k]
	if d == nil {
		d = &Sum{}
		s[k] = d
	}
	d.Count += sign
	switch t.Sentiment {
	case social.Negative:
		d.Negative += sign
	case social.Neutral:
		d.Neutral += sign
	case social.Positive:
		d.Positive += sign
	}
	if t.Rating <= 0 {
		return
	}
	d.Reviews += sign
	h := int64(math.Round(t.Rating * 100))
	d.Stars += int64(sign) * h
	d.Squares += int64(sign) * h * h
	d.Star[min(max(int(math.Round(t.Rating)), 1), 5)-1] += sign
	if !t.Answered.IsZero() {
		d.Answered += sign
	}
}

// list returns what changes, in one order.
func (s sums) list() []Day {
	var out []Day
	for k, d := range s {
		if *d != (Sum{}) {
			out = append(out, Day{k, *d})
		}
	}
	slices.SortFunc(out, func(a, b Day) int {
		return cmp.Or(strings.Compare(string(a.Place), string(b.Place)), strings.Compare(string(a.Channel), string(b.Channel)), a.Day.Compare(b.Day))
	})
	return out
}

// Add adds another sum to s.
func (s *Sum) Add(o Sum) {
	s.Count += o.Count
	s.Negative += o.Negative
	s.Neutral += o.Neutral
	s.Positive += o.Positive
	s.Reviews += o.Reviews
	s.Answered += o.Answered
	s.Stars += o.Stars
	s.Squares += o.Squares
	for i := range s.Star {
		s.Star[i] += o.Star[i]
	}
}

// pastAtOnce is how many activities are looked at in one transaction.
const pastAtOnce = 500

// again asks that what was heard before be looked at again; it is part of the
// transaction of ctx.
func (b *Book) again(ctx context.Context) error {
	of, err := b.Store.CountBelow(ctx, math.MaxInt64)
	if err != nil {
		return err
	}
	b.Store.After(ctx, func() {
		select {
		case b.Wake() <- struct{}{}:
		default:
		}
	})
	return b.Store.SavePlacePast(ctx, &Past{Below: math.MaxInt64, Of: of})
}

// Wake is told when there is work on the past.
func (b *Book) Wake() chan struct{} {
	b.once.Do(func() { b.wake = make(chan struct{}, 1) })
	return b.wake
}

// WorkPast does a piece of the look through the past, and reports whether
// there was any. A restart goes on where it was.
func (b *Book) WorkPast(ctx context.Context) (bool, error) {
	var due bool
	err := b.Store.InTx(ctx, func(ctx context.Context) error {
		if err := b.Store.LockPlaces(ctx); err != nil {
			return err
		}
		p, found, err := b.Store.PlacePast(ctx)
		if due = found; err != nil || !found {
			return err
		}
		posts, err := b.Store.Below(ctx, p.Below, pastAtOnce)
		if err != nil {
			return err
		}
		if len(posts) == 0 {
			return b.Store.SavePlacePast(ctx, nil)
		}
		p.Below = posts[len(posts)-1].Seq
		p.Done += int64(len(posts))
		moved, err := b.look(ctx, posts)
		if err != nil {
			return err
		}
		if err := b.Rematch(ctx, moved...); err != nil {
			return err
		}
		return b.Store.SavePlacePast(ctx, &p)
	})
	return due, err
}

// Looking says how far the look through the past is; false when none is under way.
func (b *Book) Looking(ctx context.Context) (Past, bool, error) { return b.Store.PlacePast(ctx) }

// Run works on the past until ctx ends, whenever there is any.
func (b *Book) Run(ctx context.Context, failed func(error)) {
	for ctx.Err() == nil {
		more, err := b.WorkPast(ctx)
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		if more && err == nil {
			continue
		}
		t := time.NewTimer(time.Minute)
		select {
		case <-b.Wake():
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
	}
}
