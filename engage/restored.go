package engage

import (
	"context"

	"github.com/parley-crm/parley/social"
)

// Restored holds every reply that was on its way when a backup was written:
// nobody can tell what was sent since, so each becomes unknown, is looked for
// on its network, and is never simply sent. Call it after a restore, before
// anything is sent.
func (d *Desk) Restored(ctx context.Context) error {
	ctx = asParley(ctx)
	leaving, err := d.Store.Leaving(ctx)
	if err != nil {
		return err
	}
	for _, mid := range leaving {
		_, err := d.turn(ctx, mid, func(ctx context.Context, f *fold, c *Conversation, m *Message) error {
			dl := m.Delivery
			if dl.Stage != Queued && dl.Stage != Sending {
				return nil
			}
			if dl.AttemptedAt.IsZero() {
				dl.AttemptedAt = dl.QueuedAt // the earliest that it can have left
			}
			dl.Doubt(f.now)
			f.moved(c, dl)
			return d.Store.Record(ctx, social.Entry{Verb: "hold", Object: "message", ID: string(mid), Detail: map[string]any{
				"conversation": string(c.ID), "because": "a backup was restored"}})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
