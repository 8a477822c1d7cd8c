package publish

import (
	"context"
	"sync"
	"time"

	"github.com/parley-crm/parley/social"
)

// lines is how many posts are under way at once.
const lines = 4

func (p *Press) pause(c social.ChannelID, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paused == nil {
		p.paused = map[social.ChannelID]time.Time{}
	}
	if until.After(p.paused[c]) {
		p.paused[c] = until
	}
}

func (p *Press) take(d Due, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.doing[d.Post] || len(p.doing) >= lines || (d.State == Scheduled && p.paused[d.Channel].After(now)) {
		return false
	}
	if p.doing == nil {
		p.doing = map[PostID]bool{}
	}
	p.doing[d.Post] = true
	return true
}

func (p *Press) give(d Due) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.doing, d.Post)
}

// Work publishes what is due, and settles what is unknown, until ctx ends; then it waits for what is under way, so that its outcome is kept.
// Several processes may work at once.
func (p *Press) Work(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	done := make(chan struct{}, 1)
	for ctx.Err() == nil {
		woken := p.Store.Woken()
		next, err := p.round(ctx, func(d Due) {
			wg.Go(func() {
				p.move(context.WithoutCancel(ctx), d)
				p.give(d)
				select {
				case done <- struct{}{}:
				default:
				}
			})
		})
		pause := 5 * time.Second
		if err != nil && ctx.Err() == nil {
			p.log().Warn("the press stands still", "error", err)
			woken = nil
		} else if !next.IsZero() {
			pause = min(pause, max(next.Sub(p.now()), 10*time.Millisecond))
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

// Run does once, and waits for, all that is due now. It returns how many posts
// took a step.
func (p *Press) Run(ctx context.Context) (int, error) {
	n := 0
	for ctx.Err() == nil {
		var due []Due
		if _, err := p.round(ctx, func(d Due) { due = append(due, d) }); err != nil {
			return n, err
		}
		if len(due) == 0 {
			return n, nil
		}
		for _, d := range due {
			p.move(ctx, d)
			p.give(d)
			n++
		}
	}
	return n, ctx.Err()
}

// round hands out what is due and says when something will be next.
func (p *Press) round(ctx context.Context, start func(Due)) (time.Time, error) {
	now := p.now()
	due, next, err := p.Store.Due(asParley(ctx), now, 64)
	if err != nil {
		return time.Time{}, err
	}
	for _, d := range due {
		if p.take(d, now) {
			start(d)
		}
	}
	return next, nil
}

// move takes one post one step on.
func (p *Press) move(ctx context.Context, d Due) {
	ctx = asParley(ctx)
	var err error
	switch d.State {
	case Scheduled:
		err = p.send(ctx, d)
	case Publishing:
		err = p.expire(ctx, d)
	case Unknown:
		err = p.look(ctx, d)
	}
	if err != nil {
		p.log().Warn("a post did not move on", "post", d.Post, "state", d.State, "error", err)
		p.pause(d.Channel, p.now().Add(5*time.Second))
	}
}
