package publish

import (
	"context"
	"fmt"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// readings is when numbers are read after a post was published: often at
// first, then less, then never.
var readings = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour}

// nextReading is when to read again; zero when never.
func nextReading(published, now time.Time) time.Time {
	for _, r := range readings {
		if at := published.Add(r); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// Measure reads the numbers of published posts that are due. It returns of how
// many.
func (p *Press) Measure(ctx context.Context) (int, error) {
	ctx = asParley(ctx)
	due, _, err := p.Store.Unread(ctx, p.now(), 10)
	for i, d := range due {
		if err := p.measure(ctx, d); err != nil {
			return i, err
		}
	}
	return len(due), err
}

// MeasureNow reads a post's numbers because a person asks.
func (p *Press) MeasureNow(ctx context.Context, id PostID) (Content, error) {
	cid, c, x, err := p.post(ctx, id)
	if err != nil {
		return c, err
	}
	if x.State != Published {
		return c, social.Errorf(social.Conflict, "Only what is published has numbers.")
	}
	if err := p.measure(asParley(ctx), Due{Post: id, Content: cid, Channel: x.Channel}); err != nil {
		return c, err
	}
	return p.Store.Content(ctx, cid)
}

func (p *Press) measure(ctx context.Context, d Due) error {
	c, err := p.Store.Content(ctx, d.Content)
	if err != nil {
		return err
	}
	x, err := c.Post(d.Post)
	if err != nil {
		return err
	}
	m, blind, cause := p.metrics(ctx, d.Channel, x.ExternalID)
	return p.act(ctx, d.Content, func(ctx context.Context, c *Content, now time.Time) error {
		x, err := c.Post(d.Post)
		if err != nil || x.State != Published {
			return err
		}
		n := &x.Numbers
		n.NextAt = nextReading(x.PublishedAt, now)
		switch {
		case blind:
			n.NextAt, n.Problem = time.Time{}, "This network does not tell how a post is doing."
		case cause != nil:
			n.Problem = said(cause, "The network did not answer.")
		default:
			*n = Numbers{Likes: m.Likes, Shares: m.Shares, Replies: m.Replies, ReadAt: now, NextAt: n.NextAt}
		}
		if err := p.Store.Change(ctx, x); err != nil {
			return err
		}
		return p.Store.Tell(ctx, social.Posted{Content: string(c.ID), Programme: c.Programme})
	})
}

func (p *Press) metrics(ctx context.Context, id social.ChannelID, external string) (m channel.Metrics, blind bool, err error) {
	line, err := p.Channels.Channel(ctx, id)
	if err != nil {
		return m, social.NotFound.Is(err), err
	}
	meter, ok := line.(channel.Meter)
	if !ok || external == "" {
		return m, true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, p.Timing.filled().Send)
	defer cancel()
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("panic: %v", x)
		}
	}()
	m, err = meter.Metrics(ctx, external)
	return m, false, err
}
