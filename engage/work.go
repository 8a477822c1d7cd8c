package engage

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/social"
)

// holds are the channels that take nothing just now: the network asked us to
// wait, or all their lines are busy.
type holds struct {
	mu    sync.Mutex
	until map[social.ChannelID]time.Time
	busy  map[social.ChannelID]int
	doing map[social.MessageID]bool
}

func (h *holds) hold(c social.ChannelID, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.until == nil {
		h.until = map[social.ChannelID]time.Time{}
	}
	if until.After(h.until[c]) {
		h.until[c] = until
	}
}

// closed lists the channels that take nothing, and when the next opens.
func (h *holds) closed(now time.Time, lines int) (out []social.ChannelID, next time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c, t := range h.until {
		if !t.After(now) {
			delete(h.until, c)
			continue
		}
		out = append(out, c)
		next = talk.Sooner(next, t)
	}
	for c, n := range h.busy {
		if n >= lines {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), next
}

func (h *holds) take(x Due, lines int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy == nil {
		h.busy, h.doing = map[social.ChannelID]int{}, map[social.MessageID]bool{}
	}
	if h.doing[x.Message] || h.busy[x.Channel] >= lines {
		return false
	}
	h.doing[x.Message] = true
	h.busy[x.Channel]++
	return true
}

func (h *holds) give(x Due) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.doing, x.Message)
	if h.busy[x.Channel]--; h.busy[x.Channel] <= 0 {
		delete(h.busy, x.Channel)
	}
}

func (d *Desk) lines() int {
	if d.Lines > 0 {
		return d.Lines
	}
	return 4
}

// Work sends what is queued, settles what is unknown and wakes what is
// snoozed, until ctx ends; then it waits for the sends that are under way,
// so that their outcome is kept. Several processes may work at once.
func (d *Desk) Work(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	done := make(chan struct{}, 1)
	for ctx.Err() == nil {
		woken := d.Store.Woken()
		next, err := d.round(ctx, func(x Due) {
			wg.Go(func() {
				d.move(context.WithoutCancel(ctx), x)
				d.held.give(x)
				select {
				case done <- struct{}{}:
				default:
				}
			})
		})
		if err == nil {
			err = d.Tick(ctx)
		}
		if err == nil {
			var stirs time.Time
			stirs, err = d.Stir(ctx)
			next = talk.Sooner(next, stirs)
		}
		if err == nil {
			var rules time.Time
			rules, err = d.Rule(ctx)
			next = talk.Sooner(next, rules)
		}
		pause := 5 * time.Second // another process may have queued something, or snoozed
		if err != nil && ctx.Err() == nil {
			d.log().Warn("the post stands still", "error", err)
			woken = nil
		} else if !next.IsZero() {
			pause = min(pause, max(next.Sub(d.now()), 10*time.Millisecond))
		}
		timer := time.NewTimer(pause)
		select {
		case <-woken:
		case <-done:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// Post does once, and waits for, all that is due now. It returns how many
// deliveries took a step.
func (d *Desk) Post(ctx context.Context) (int, error) {
	n := 0
	for ctx.Err() == nil {
		var due []Due
		if _, err := d.round(ctx, func(x Due) { due = append(due, x) }); err != nil {
			return n, err
		}
		if len(due) == 0 {
			if err := d.Tick(ctx); err != nil {
				return n, err
			}
			if _, err := d.Stir(ctx); err != nil {
				return n, err
			}
			_, err := d.Rule(ctx)
			return n, err
		}
		for _, x := range due {
			d.move(ctx, x)
			d.held.give(x)
			n++
		}
	}
	return n, ctx.Err()
}

// round hands out what is due and says when something will be next.
func (d *Desk) round(ctx context.Context, start func(Due)) (time.Time, error) {
	now := d.now()
	without, opens := d.held.closed(now, d.lines())
	due, next, err := d.Store.Due(asParley(ctx), now, without, 64)
	if err != nil {
		return time.Time{}, err
	}
	for _, x := range due {
		if d.held.take(x, d.lines()) {
			start(x)
		}
	}
	return talk.Sooner(next, opens), nil
}

// move takes one delivery one step on.
func (d *Desk) move(ctx context.Context, x Due) {
	ctx = asParley(ctx)
	var err error
	switch x.Stage {
	case Queued:
		err = d.send(ctx, x)
	case Sending:
		err = d.expire(ctx, x)
	case Unknown:
		err = d.look(ctx, x)
	}
	if err != nil {
		d.log().Warn("a delivery did not move on", "message", x.Message, "stage", x.Stage, "error", err)
		d.held.hold(x.Channel, d.now().Add(time.Second))
	}
}
