package hivedb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// Unsay takes out what the hive was asked about conversations; that it was stays.
func (d *DB) Unsay(ctx context.Context, talks []social.ConversationID) error {
	for _, q := range []string{
		"UPDATE hive_question SET about = '{}' WHERE conversation_id IN (?)",
		"UPDATE hive_answer SET about = '{}' WHERE conversation_id IN (?)",
		"UPDATE hive_offer SET words = '' WHERE conversation_id IN (?)",
	} {
		if _, err := d.IDB(ctx).NewRaw(q, bun.List(talks)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
