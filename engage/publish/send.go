package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Timing says how long to wait for what. The zero value of a field means the
// default.
type Timing struct {
	Send   time.Duration // for one call of the network: 60 s; pictures take time
	Lease  time.Duration // after which an attempt without an end is unknown: 90 s; more than Send
	Safe   time.Duration // since an attempt, before "not there" is believed: 2 min; more than Lease
	Checks int           // readings that could not tell, before a person is asked: 8
	GiveUp time.Duration // of trying a network that is away: 6 h after its time
}

func (t Timing) filled() Timing {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	set(&t.Send, time.Minute)
	set(&t.Lease, 90*time.Second)
	set(&t.Safe, 2*time.Minute)
	set(&t.GiveUp, 6*time.Hour)
	if t.Checks <= 0 {
		t.Checks = 8
	}
	return t
}

// later is how long to wait after the n-th failure (from 1): 5 s, doubling to
// ten minutes.
func later(n int) time.Duration {
	return min(5*time.Second<<min(max(n-1, 0), 10), 10*time.Minute)
}

// one changes a post on its way, after its content was locked.
func (p *Press) one(ctx context.Context, d Due, do func(ctx context.Context, c *Content, x *Post, now time.Time) error) error {
	return p.act(ctx, d.Content, func(ctx context.Context, c *Content, now time.Time) error {
		x, err := c.Post(d.Post)
		if err != nil {
			return err
		}
		was := *x
		if err := do(ctx, c, x, now); err != nil {
			return err
		}
		if was.State == x.State && was.NextAt.Equal(x.NextAt) {
			return nil
		}
		if err := p.Store.Change(ctx, x); err != nil {
			return err
		}
		return p.Store.Tell(ctx, social.Posted{Content: string(c.ID), Programme: c.Programme})
	})
}

// send makes one attempt. That it is made is kept before the network is
// called, in a transaction that asks everything again: the gate, the approval,
// the hold. What came of it is kept after. Between the two anything may
// happen: what is left in publishing becomes unknown and is settled by reading.
func (p *Press) send(ctx context.Context, d Due) error {
	out, _, err := p.outlet(ctx, d.Channel)
	if err != nil {
		return p.unsent(ctx, d, err)
	}
	outside := context.WithoutCancel(ctx)
	var leased *Post
	var letter channel.Post
	err = p.one(ctx, d, func(ctx context.Context, c *Content, x *Post, now time.Time) error {
		if x.State != Scheduled || x.NextAt.After(now) {
			return nil // somebody was quicker, or took it back
		}
		if err := p.holds(ctx, c, x, now); err != nil || x.State == Held {
			return err
		}
		if why, err := p.stops(ctx, c, x); err != nil {
			return err
		} else if why != "" {
			if err := x.turn(Refuse, now); err != nil {
				return err
			}
			x.Problem = "It was not published. " + why
			return p.Store.Record(ctx, social.Entry{Verb: "refuse", Object: "post", ID: string(x.ID), Detail: map[string]any{"content": string(c.ID), "why": why}})
		}
		if err := p.track(ctx, c, x); err != nil {
			return err
		}
		letter, err = p.packed(outside, ctx, c, x)
		if social.Invalid.Is(err) {
			if err := x.turn(Refuse, now); err != nil {
				return err
			}
			x.Problem = said(err, "")
			return p.outcome(ctx, c, x)
		} else if err != nil {
			return err
		}
		if err := x.turn(Begin, now); err != nil {
			return err
		}
		if x.QueuedAt.IsZero() {
			x.QueuedAt = now
		}
		x.Attempts++
		x.Checks, x.AttemptedAt, x.NextAt = 0, now, now.Add(p.Timing.filled().Lease)
		letter.Attempted, leased = now, x
		if err := p.Store.KeepAttempt(ctx, Attempt{Post: x.ID, N: x.Attempts, At: now}); err != nil {
			return err
		}
		return p.Store.Record(ctx, social.Entry{Verb: "publish", Object: "post", ID: string(x.ID), Detail: map[string]any{
			"content": string(c.ID), "channel": string(x.Channel), "attempt": x.Attempts, "member": string(x.Member), "sha256": c.Hash(x)}})
	})
	if err != nil || leased == nil {
		return err
	}
	receipt, err := p.call(ctx, out, letter)
	return p.landed(ctx, d, leased.Attempts, receipt, err)
}

// stops says why a post may not leave, "" if it may.
func (p *Press) stops(ctx context.Context, c *Content, x *Post) (string, error) {
	rule, err := p.rule(ctx, c.Programme)
	if err != nil {
		return "", err
	}
	if rule.Review {
		ok, err := p.cleared(ctx, c, x, rule)
		if err != nil {
			return "", err
		}
		if !ok {
			return "These words are not approved.", nil
		}
	}
	why, _, err := p.Gate.MayPublish(ctx, Ask{Member: x.Member, Token: x.Token, Permission: social.PublishWrite, Programme: c.Programme, Channel: x.Channel})
	return why, err
}

// track makes the links of a post, once: what was tried keeps its words, so
// that it can be found by them.
func (p *Press) track(ctx context.Context, c *Content, x *Post) error {
	of := c.Hash(x)
	if x.SentOf == of {
		return nil
	}
	x.SentOf = of
	kind, err := p.kind(ctx, x.Channel)
	if err != nil {
		return err
	}
	text := Tag(c.Words(x), utm(c, x, kind))
	if p.Links == nil {
		x.Sent = text
		return nil
	}
	sent, links, err := p.Links.Track(ctx, x, c, text)
	if err != nil {
		return err
	}
	x.Sent = sent
	return p.Store.AddLinks(ctx, x.ID, links)
}

// letter is what a network is given. The key is the post's own id.
func letter(x *Post, c *Content) channel.Post {
	return channel.Post{Key: string(x.ID), Text: x.Sent, Lang: c.Lang, Audience: x.Audience, Attempted: x.AttemptedAt}
}

// call calls the network with a limit of time. A panic is as good as no answer.
func (p *Press) call(ctx context.Context, out channel.Publisher, l channel.Post) (r channel.Receipt, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.Timing.filled().Send)
	defer cancel()
	defer func() {
		if x := recover(); x != nil {
			err = social.Because(social.Unknown, fmt.Errorf("panic: %v", x), "The channel broke down while it published.")
		}
	}()
	return out.Publish(ctx, l)
}

// unsent notes that there was no way to make an attempt.
func (p *Press) unsent(ctx context.Context, d Due, cause error) error {
	return p.one(ctx, d, func(ctx context.Context, c *Content, x *Post, now time.Time) error {
		if x.State != Scheduled || x.NextAt.After(now) {
			return nil
		}
		if x.QueuedAt.IsZero() {
			x.QueuedAt = now
		}
		text := said(cause, "The channel does not work just now.")
		k := social.KindOf(cause)
		gone := k == social.NotFound || k == social.Invalid || k == social.Forbidden
		if gone || now.Sub(x.QueuedAt) > p.Timing.filled().GiveUp {
			if err := x.turn(Refuse, now); err != nil {
				return err
			}
			x.Problem = text
			return p.outcome(ctx, c, x)
		}
		x.Checks++
		x.NextAt, x.Problem = now.Add(later(x.Checks)), text
		return nil
	})
}

// landed keeps what came of an attempt. A receipt is always right, however
// late it comes; trouble counts only while the attempt is still open.
func (p *Press) landed(ctx context.Context, d Due, attempt int, receipt channel.Receipt, cause error) error {
	var err error
	for try := range 3 {
		if err = p.keep(ctx, d, attempt, receipt, cause); err == nil {
			break
		}
		p.log().Warn("the outcome of a post was not kept", "post", d.Post, "try", try+1, "error", err)
	}
	if w := wait(cause); w > 0 && social.Busy.Is(cause) {
		p.pause(d.Channel, p.now().Add(w))
	}
	return err
}

func (p *Press) keep(ctx context.Context, d Due, attempt int, receipt channel.Receipt, cause error) error {
	return p.one(ctx, d, func(ctx context.Context, c *Content, x *Post, now time.Time) error {
		if cause == nil {
			return p.stands(ctx, c, x, receipt, now)
		}
		if x.State != Publishing || x.Attempts != attempt {
			return nil
		}
		if err := p.refused(x, cause, now); err != nil {
			return err
		}
		return p.outcome(ctx, c, x)
	})
}

// refused takes the outcome of an attempt that gave no receipt.
func (p *Press) refused(x *Post, cause error, now time.Time) error {
	text := said(cause, "The network refused it without saying why.")
	switch social.KindOf(cause) {
	case social.Busy: // certainly not posted
		if now.Sub(x.QueuedAt) > p.Timing.filled().GiveUp {
			if err := x.turn(Refuse, now); err != nil {
				return err
			}
			x.Problem = "The network took nothing for too long. Its last answer was: " + text
			return nil
		}
		if err := x.turn(Busy, now); err != nil {
			return err
		}
		x.NextAt, x.Problem = now.Add(max(later(x.Attempts), wait(cause))), text
		return nil
	case social.Invalid, social.Forbidden, social.NotFound, social.Unauth, social.Conflict:
		if err := x.turn(Refuse, now); err != nil {
			return err
		}
		x.Problem = text
		return nil
	}
	return doubt(x, now)
}

// doubt notes that nobody can tell whether the last attempt went through.
func doubt(x *Post, now time.Time) error {
	if err := x.turn(Doubt, now); err != nil {
		return err
	}
	x.NextAt, x.Problem = now.Add(2*time.Second), "The network did not say whether it was posted. Parley is looking."
	return nil
}

// stands notes that a post stands on the network.
func (p *Press) stands(ctx context.Context, c *Content, x *Post, r channel.Receipt, now time.Time) error {
	if x.State == Published {
		return nil
	}
	if err := x.turn(Arrive, now); err != nil {
		return err
	}
	x.ExternalID, x.URL, x.PublishedAt = r.ExternalID, r.URL, r.At.UTC().Truncate(time.Microsecond)
	if x.PublishedAt.IsZero() || x.PublishedAt.After(now) || x.PublishedAt.Before(x.AttemptedAt.Add(-time.Minute)) {
		x.PublishedAt = now
	}
	x.Numbers.NextAt = now.Add(readings[0])
	return p.outcome(ctx, c, x)
}

// outcome closes the attempt and writes the record.
func (p *Press) outcome(ctx context.Context, c *Content, x *Post) error {
	if x.Attempts > 0 {
		if err := p.Store.KeepAttempt(ctx, Attempt{Post: x.ID, N: x.Attempts, At: x.AttemptedAt, EndedAt: x.ChangedAt, Outcome: x.State, Said: x.Problem}); err != nil {
			return err
		}
	}
	if x.State == Failed || x.Asks() {
		text := "“" + c.Name() + "” could not be published."
		if x.Asks() {
			text = "Nobody can tell whether “" + c.Name() + "” was published. Look, and say what you see."
		}
		if err := p.notify(ctx, social.Notice{Key: "post:" + string(x.ID) + ":" + string(x.State), Kind: "due", Text: text,
			Link: link(c.ID), Programme: c.Programme, Members: []social.MemberID{x.Member, c.Author}}); err != nil {
			return err
		}
	}
	return p.Store.Record(ctx, social.Entry{Verb: "outcome", Object: "post", ID: string(x.ID), Detail: map[string]any{
		"content": string(c.ID), "attempt": x.Attempts, "state": string(x.State), "external_id": x.ExternalID}})
}

// expire gives up waiting for an attempt that nobody ended.
func (p *Press) expire(ctx context.Context, d Due) error {
	return p.one(ctx, d, func(_ context.Context, _ *Content, x *Post, now time.Time) error {
		if x.State != Publishing || x.NextAt.After(now) {
			return nil
		}
		if err := doubt(x, now); err != nil {
			return err
		}
		x.NextAt = now
		return nil
	})
}

// look settles an unknown outcome by reading the network.
func (p *Press) look(ctx context.Context, d Due) error {
	c, err := p.Store.Content(ctx, d.Content)
	if err != nil {
		return err
	}
	x, err := c.Post(d.Post)
	if err != nil || x.State != Unknown {
		return err
	}
	receipt, err := p.find(ctx, x.Channel, letter(x, &c))
	return p.seen(ctx, d, x.Attempts, receipt, err)
}

// errBlind means that a network cannot be asked at all.
var errBlind = social.Errorf(social.Invalid, "This network can't be asked whether a post stands there. Look yourself and say what you see.")

func (p *Press) find(ctx context.Context, id social.ChannelID, l channel.Post) (r channel.Receipt, err error) {
	line, err := p.Channels.Channel(ctx, id)
	if err != nil {
		if social.NotFound.Is(err) {
			return r, errBlind // the channel is gone, not the post
		}
		return r, err
	}
	finder, ok := line.(channel.PostFinder)
	if !ok {
		return r, errBlind
	}
	ctx, cancel := context.WithTimeout(ctx, p.Timing.filled().Send)
	defer cancel()
	defer func() {
		if x := recover(); x != nil {
			err = social.Because(social.Busy, fmt.Errorf("panic: %v", x), "The channel broke down while it looked.")
		}
	}()
	return finder.FindPost(ctx, l)
}

// seen keeps what reading told.
func (p *Press) seen(ctx context.Context, d Due, attempt int, receipt channel.Receipt, cause error) error {
	return p.one(ctx, d, func(ctx context.Context, c *Content, x *Post, now time.Time) error {
		t := p.Timing.filled()
		if cause == nil {
			return p.stands(ctx, c, x, receipt, now)
		}
		if x.State != Unknown || x.Attempts != attempt {
			return nil
		}
		switch {
		case errors.Is(cause, errBlind):
			return p.ask(ctx, c, x, now)
		case social.NotFound.Is(cause):
			if safe := x.AttemptedAt.Add(t.Safe); now.Before(safe) {
				x.NextAt = safe
				return nil
			}
			if err := x.turn(Missing, now); err != nil {
				return err
			}
			x.Problem = "It was not posted: Parley looked, and it is not there. Schedule it again if it still fits."
			return p.outcome(ctx, c, x)
		case x.NextAt.IsZero():
			return nil // still nobody can tell
		}
		if x.Checks++; x.Checks >= t.Checks {
			return p.ask(ctx, c, x, now)
		}
		x.NextAt = now.Add(max(later(x.Checks), wait(cause)))
		return nil
	})
}

// ask leaves it to a person.
func (p *Press) ask(ctx context.Context, c *Content, x *Post, now time.Time) error {
	if x.Asks() {
		return nil
	}
	x.NextAt, x.ChangedAt = time.Time{}, now
	x.Problem = "Nobody can tell whether it was posted. Look at the network and say what you see."
	return p.outcome(ctx, c, x)
}
