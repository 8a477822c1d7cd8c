package engage

import (
	"context"
	"errors"

	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/social"
)

// Mark writes what happened to a conversation into it, for those who read it
// later; the conversation itself stays as it is.
func (d *Desk) Mark(ctx context.Context, id social.ConversationID, verb string, detail map[string]any) error {
	return d.unlessMerged(ctx, id, func(ctx context.Context, f *fold, c *Conversation) error { return d.note(ctx, f, c, verb, detail) })
}

// Unclaim takes a conversation from whoever has it, and says why; Parley may
// do that by itself.
func (d *Desk) Unclaim(ctx context.Context, id social.ConversationID, verb string, detail map[string]any) error {
	return d.unlessMerged(ctx, id, func(ctx context.Context, f *fold, c *Conversation) error {
		if c.Assignee == "" {
			return nil
		}
		c.Assignee = ""
		return d.note(ctx, f, c, verb, detail)
	})
}

// unlessMerged is act, and nothing for what was merged or deleted meanwhile.
func (d *Desk) unlessMerged(ctx context.Context, id social.ConversationID, do func(ctx context.Context, f *fold, c *Conversation) error) error {
	row, err := d.Store.Row(ctx, id, "")
	if err == nil && errors.Is(row.Here(), talk.ErrAway) {
		return nil // before the transaction: what refuses would spoil the caller's
	}
	if err := d.act(ctx, id, do); !errors.Is(err, talk.ErrAway) {
		return err
	}
	return nil
}
