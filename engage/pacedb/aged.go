package pacedb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// Unsay takes out what rules did with conversations, and what they were about
// to do; that they ran stays.
func (d *DB) Unsay(ctx context.Context, talks []social.ConversationID) error {
	for _, q := range []string{"DELETE FROM rule_task WHERE conversation_id IN (?)", "UPDATE rule_run SET did = '[]' WHERE conversation_id IN (?)"} {
		if _, err := d.IDB(ctx).NewRaw(q, bun.List(talks)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
