package engage

import (
	"context"
	"errors"
	"time"

	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/social"
)

// Depart notes when conversations go, or with the zero time that they stay, by
// a word for the record. It joins the transaction of ctx. With which it can't
// be done is said; those are left as they are.
func (d *Desk) Depart(ctx context.Context, ids []social.ConversationID, at time.Time, verb string, detail map[string]any) (Outcome, error) {
	var out Outcome
	err := d.Store.InTx(ctx, func(ctx context.Context) error {
		out = Outcome{}
		cs, err := d.Store.Lock(ctx, ids...)
		if err != nil {
			return err
		}
		f := newFold(d.now())
		for _, c := range cs {
			why := c.Here()
			if at.IsZero() && errors.Is(why, talk.ErrAway) && !c.GoesAt.IsZero() {
				why = nil
			} else if at.IsZero() && why == nil {
				why = social.Errorf(social.Conflict, "This conversation is not being deleted.")
			}
			if why != nil {
				if err := out.refuse(c.ID, why); err != nil {
					return err
				}
				continue
			}
			c.GoesAt = at
			if err := d.note(ctx, f, c, verb, detail); err != nil {
				return err
			}
			out.Done++
		}
		return d.keep(ctx, f)
	})
	return out, err
}

// Leave takes a conversation off the desk for good, and those that were merged
// into it, and lists them: whatever is said in their threads from then on
// begins anew. Their words are for the rooms to take away, in the transaction
// of ctx, which it joins. It is Busy when they have written since.
func (d *Desk) Leave(ctx context.Context, id social.ConversationID, since time.Time) ([]social.ConversationID, error) {
	ids := []social.ConversationID{id}
	err := d.Store.InTx(ctx, func(ctx context.Context) error {
		with, err := d.Store.Merged(ctx, id)
		if err != nil {
			return err
		}
		for _, o := range with {
			ids = append(ids, o.ID)
		}
		cs, err := d.Store.LockStill(ctx, ids...)
		if err != nil {
			return err
		}
		f := newFold(d.now())
		for _, c := range cs {
			if c.ID == id && c.HeardAt.After(since) {
				return social.Errorf(social.Busy, "They have just written.")
			}
			c.State, c.Turn, c.Into = Deleted, Settled, ""
			c.GoesAt, c.WaitingSince, c.SnoozedUntil = time.Time{}, time.Time{}, time.Time{}
			f.touch(c)
		}
		return d.keep(ctx, f)
	})
	return ids, err
}
