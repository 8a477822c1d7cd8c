package retain

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

const (
	hour  = 3   // of the night (UTC) after which the rules run
	batch = 200 // rows in one transaction
	few   = 10  // persons that are forgotten together
	night = 200 // persons in one run: each few of them are looked for in the whole database
)

func line(r Rule, now time.Time) Line {
	return Line{Rule: r.ID, Kind: r.Kind, Channel: r.Channel, Months: r.Months, Even: r.Even, Before: now.AddDate(0, -r.Months, 0)}
}

func (o *Office) aged(ctx context.Context, l Line) (social.Aged, error) {
	spared, err := o.Holds.Spared(ctx)
	return social.Aged{Before: l.Before, Channel: l.Channel, Even: l.Even, Spared: spared, At: o.now()}, err
}

func (o *Office) look(ctx context.Context, l *Line) error {
	a, err := o.aged(ctx, *l)
	if err != nil {
		return err
	}
	found, err := o.Shelves[l.Kind].Look(ctx, a)
	if err != nil {
		return fmt.Errorf("%s: %w", l.Kind, err)
	}
	l.Of, l.Oldest, l.Spared, l.Examples, l.Looked = found.Rows, found.Oldest, found.Spared, found.Examples, true
	return nil
}

// Dry says what every rule would take away now, those that are off included,
// and takes nothing. What it found is kept.
func (o *Office) Dry(ctx context.Context) (Run, error) {
	rules, err := o.Store.Rules(ctx)
	if err != nil {
		return Run{}, err
	}
	a, _ := social.ActorOf(ctx)
	r := Run{ID: id.At(o.now()), Dry: true, State: Done, By: a.Member, Began: o.now(), Lines: []Line{}}
	for _, x := range rules {
		l := line(x, r.Began)
		if err := o.look(ctx, &l); err != nil {
			return r, err
		}
		r.Lines = append(r.Lines, l)
	}
	r.Ended = o.now()
	return r, o.Store.SaveRun(ctx, r)
}

// Begin lets the rules that are on run now. It goes on behind.
func (o *Office) Begin(ctx context.Context) (Run, error) { return o.begin(ctx, o.now()) }

// begin lets the rules run that stand as they are since before a time.
func (o *Office) begin(ctx context.Context, since time.Time) (Run, error) {
	var r Run
	err := o.Store.InTx(ctx, func(ctx context.Context) error {
		last, err := o.Store.Last(ctx, false)
		if err == nil && last.State == Running {
			r = last // begun twice it is the same run
			return nil
		}
		if err != nil && !social.NotFound.Is(err) {
			return err
		}
		rules, err := o.Store.Rules(ctx)
		if err != nil {
			return err
		}
		a, _ := social.ActorOf(ctx)
		r = Run{ID: id.At(o.now()), State: Running, By: a.Member, Began: o.now(), Lines: []Line{}}
		for _, x := range rules {
			if x.On && !x.Changed.After(since) {
				r.Lines = append(r.Lines, line(x, r.Began))
			}
		}
		if len(r.Lines) == 0 {
			return social.Errorf(social.Conflict, "No rule is turned on, so nothing would go.")
		}
		return o.Store.SaveRun(ctx, r)
	})
	if err == nil { // whoever is woken where nothing was begun would try again, for ever
		o.stir()
	}
	return r, err
}

func (o *Office) waker() chan struct{} {
	o.once.Do(func() { o.wake = make(chan struct{}, 1) })
	return o.wake
}

func (o *Office) stir() {
	select {
	case o.waker() <- struct{}{}:
	default:
	}
}

// Serve works at what was begun, and begins every night, until ctx ends.
func (o *Office) Serve(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := o.Work(ctx); err != nil && ctx.Err() == nil && o.Log != nil {
			o.Log.Warn("a run of the rules of retention waits", "error", err)
		}
		select {
		case <-o.waker():
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// Work carries the run that is under way to its end, beginning one if the night
// has come. What a kill cut off goes on where it was.
func (o *Office) Work(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	r, err := o.Store.Last(ctx, false)
	if err != nil && !social.NotFound.Is(err) {
		return err
	}
	if r.State != Running {
		now := o.now()
		tonight := time.Date(now.Year(), now.Month(), now.Day(), hour, 0, 0, 0, time.UTC)
		if now.Before(tonight) {
			tonight = tonight.AddDate(0, 0, -1)
		}
		if !r.Began.Before(tonight) {
			return nil
		}
		if r, err = o.begin(ctx, tonight); social.Conflict.Is(err) { // nothing is turned on
			return nil
		}
		if err != nil {
			return err
		}
	}
	for i := range r.Lines {
		for !r.Lines[i].Done {
			if err := o.step(ctx, &r, i); err != nil {
				return err
			}
		}
	}
	return o.finish(ctx, r)
}

// step lets a few go; what went and the mark commit together.
func (o *Office) step(ctx context.Context, r *Run, i int) error {
	l := r.Lines[i]
	shelf := o.Shelves[l.Kind]
	if !l.Looked {
		if err := o.look(ctx, &l); err != nil {
			return err
		}
		l.Examples = nil // they lead nowhere afterwards
		r.Lines[i] = l
		return o.Store.SaveRun(ctx, *r)
	}
	if apart, ok := shelf.(Apart); ok {
		a, err := o.aged(ctx, l)
		if err != nil {
			return err
		}
		n, _, err := apart.Take(ctx, a, r.ID, l.From, few)
		if err != nil {
			return fmt.Errorf("%s: %w", l.Kind, err)
		}
		was := l.Rows
		if l.Rows, err = apart.Took(ctx, r.ID); err != nil {
			return err
		}
		l.Done = n == 0 || l.Rows >= night || l.Rows == was
		r.Lines[i] = l
		return o.Store.SaveRun(ctx, *r)
	}
	err := o.Store.InTx(ctx, func(ctx context.Context) error {
		l = r.Lines[i] // an attempt that was rolled back counts nothing
		a, err := o.aged(ctx, l)
		if err != nil {
			return err
		}
		n, next, err := shelf.Take(ctx, a, r.ID, l.From, batch)
		if err != nil {
			return fmt.Errorf("%s: %w", l.Kind, err)
		}
		l.Rows, l.From, l.Done = l.Rows+n, next, next == ""
		now := *r
		now.Lines = append(append(append([]Line{}, r.Lines[:i]...), l), r.Lines[i+1:]...)
		return o.Store.SaveRun(ctx, now)
	})
	if err == nil {
		r.Lines[i] = l
	}
	return err
}

func (o *Office) finish(ctx context.Context, r Run) error {
	gone := map[string]any{}
	sum := 0
	for _, l := range r.Lines {
		had, _ := gone[l.Kind].(int)
		gone[l.Kind] = had + l.Rows
		sum += l.Rows
	}
	if sum > 0 {
		if err := o.Holds.Scour(ctx); err != nil {
			return err
		}
		if o.After != nil {
			o.After()
		}
	}
	r.State, r.Ended = Done, o.now()
	r.Signature = o.Holds.Sign(r.Text())
	return o.Store.InTx(ctx, func(ctx context.Context) error {
		if err := o.Store.SaveRun(ctx, r); err != nil {
			return err
		}
		return o.Store.Record(ctx, social.Entry{Verb: "retain", Object: "retention", ID: r.ID, Detail: gone})
	})
}
