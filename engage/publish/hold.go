package publish

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// HoldID names a hold.
type HoldID string

// HoldAll stops everything of a programme, or of the whole house, that has
// not left.
type HoldAll struct {
	ID        HoldID
	Programme social.ProgrammeID // "": everything
	Reason    string
	By        social.MemberID
	At        time.Time
	EndedBy   social.MemberID
	EndedAt   time.Time // zero while it holds
}

func (h HoldAll) covers(p social.ProgrammeID) bool { return h.Programme == "" || h.Programme == p }

// holds stops a post that a hold covers and that was not released from it.
func (p *Press) holds(ctx context.Context, c *Content, x *Post, now time.Time) error {
	if !x.State.Waits() {
		return nil
	}
	all, err := p.Store.Holds(ctx)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.covers(c.Programme) && x.Passed != h.ID {
			return x.stop(h, now)
		}
	}
	return nil
}

func (p *Post) stop(h HoldAll, now time.Time) error {
	if err := p.turn(Hold, now); err != nil {
		return err
	}
	p.Hold, p.Why = h.ID, h.Reason
	return nil
}

func reason(s string) (string, error) {
	s = clean(s)
	switch {
	case s == "":
		return s, invalid("reason", "Say why, so that everybody knows.")
	case utf8.RuneCountInString(s) > 500:
		return s, invalid("reason", "This is longer than 500 characters.")
	}
	return s, nil
}

// HoldAll stops everything that has not left, at once. What is under way to a
// network just then can't be called back.
func (p *Press) HoldAll(ctx context.Context, of social.ProgrammeID, why string) (HoldAll, error) {
	a, err := member(ctx)
	if err != nil {
		return HoldAll{}, err
	}
	if why, err = reason(why); err != nil {
		return HoldAll{}, err
	}
	if err := placed(ctx, of); err != nil {
		return HoldAll{}, err
	}
	now := p.now()
	h := HoldAll{ID: HoldID(id.At(now)), Programme: of, Reason: why, By: a.Member, At: now}
	err = p.Store.InTx(ctx, func(ctx context.Context) error {
		had, err := p.Store.Holds(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(had, func(o HoldAll) bool { return o.Programme == of }) {
			return social.Errorf(social.Conflict, "This is held already. Release it first if the reason has changed.")
		}
		if err := p.Store.AddHold(ctx, h); err != nil {
			return err
		}
		n, err := p.each(ctx, func(ctx context.Context) ([]ContentID, error) { return p.Store.Waiting(ctx, of) }, func(x *Post) error {
			if !x.State.Waits() {
				return nil
			}
			return x.stop(h, now)
		})
		if err != nil {
			return err
		}
		return p.heldAll(ctx, h, "hold", n)
	})
	return h, err
}

// each changes posts of contents, in the order of their ids.
func (p *Press) each(ctx context.Context, which func(ctx context.Context) ([]ContentID, error), do func(x *Post) error) (int, error) {
	ids, err := which(ctx)
	if err != nil {
		return 0, err
	}
	slices.Sort(ids)
	n := 0
	for _, cid := range ids {
		c, err := p.Store.Lock(ctx, cid)
		if err != nil {
			return n, err
		}
		var changed []*Post
		for _, x := range c.Posts {
			was := x.State
			if err := do(x); err != nil {
				return n, err
			}
			if x.State != was {
				changed = append(changed, x)
			}
		}
		if err := p.Store.Change(ctx, changed...); err != nil {
			return n, err
		}
		n += len(changed)
	}
	return n, nil
}

func (p *Press) heldAll(ctx context.Context, h HoldAll, verb string, n int) error {
	if err := p.Store.Tell(ctx, social.Posted{Programme: h.Programme}); err != nil {
		return err
	}
	return p.Store.Record(ctx, social.Entry{Verb: verb, Object: "publishing", ID: string(h.ID), Detail: map[string]any{
		"programme": string(h.Programme), "reason": h.Reason, "posts": n}})
}

// ReleaseAll ends a hold: what it stopped stands where it stood before. What
// should have left meanwhile needs a new time.
func (p *Press) ReleaseAll(ctx context.Context, hid HoldID) error {
	a, err := member(ctx)
	if err != nil {
		return err
	}
	return p.Store.InTx(ctx, func(ctx context.Context) error {
		h, err := p.hold(ctx, hid)
		if err != nil {
			return err
		}
		now := p.now()
		h.EndedBy, h.EndedAt = a.Member, now
		if err := p.Store.EndHold(ctx, h); err != nil {
			return err
		}
		n, err := p.each(ctx, func(ctx context.Context) ([]ContentID, error) { return p.Store.HeldBy(ctx, hid) }, func(x *Post) error {
			if x.State != Held || x.Hold != hid {
				return nil
			}
			return x.resume(now)
		})
		if err != nil {
			return err
		}
		return p.heldAll(ctx, h, "release", n)
	})
}

func (p *Press) hold(ctx context.Context, hid HoldID) (HoldAll, error) {
	all, err := p.Store.Holds(ctx)
	if err != nil {
		return HoldAll{}, err
	}
	i := slices.IndexFunc(all, func(h HoldAll) bool { return h.ID == hid })
	if i < 0 {
		return HoldAll{}, social.Errorf(social.NotFound, "This hold is over already.")
	}
	return all[i], placed(ctx, all[i].Programme)
}

// resume lets a held post stand where it stood. A time that has passed is
// forgotten: nothing leaves late by surprise.
func (p *Post) resume(now time.Time) error {
	was, at := p.Was, p.At
	act := Resume
	if was == Scheduled && at.Before(now) {
		act = Delay
	}
	if err := p.turn(act, now); err != nil {
		return err
	}
	switch {
	case act == Delay:
		p.At = time.Time{}
		p.Problem = "Its time passed while it was held. Choose a new one."
	case p.State == Scheduled:
		p.NextAt = p.At
	}
	return nil
}

// Stop holds posts of one content.
func (p *Press) Stop(ctx context.Context, cid ContentID, ids []PostID, why string) (Content, error) {
	why, err := reason(why)
	if err != nil {
		return Content{}, err
	}
	return p.turn(ctx, cid, ids, "hold", func(_ context.Context, _ *Content, x *Post, now time.Time) error {
		if len(ids) == 0 && !x.State.Waits() {
			return nil
		}
		return x.stop(HoldAll{Reason: why}, now)
	})
}

// Release lets held posts of one content go on, also while everything else is
// held.
func (p *Press) Release(ctx context.Context, cid ContentID, ids []PostID) (Content, error) {
	return p.turn(ctx, cid, ids, "resume", func(_ context.Context, _ *Content, x *Post, now time.Time) error {
		if len(ids) == 0 && x.State != Held {
			return nil
		}
		by := x.Hold
		if err := x.resume(now); err != nil {
			return err
		}
		x.Passed = by
		return nil
	})
}

// Holding lists the holds that hold now.
func (p *Press) Holding(ctx context.Context) ([]HoldAll, error) { return p.Store.Holds(ctx) }
