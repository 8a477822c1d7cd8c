package surveydb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// Unsay takes out what customers wrote about conversations besides their score.
func (d *DB) Unsay(ctx context.Context, talks []social.ConversationID) error {
	_, err := d.IDB(ctx).NewRaw("UPDATE survey_ask SET comment = '' WHERE conversation_id IN (?)", bun.List(talks)).Exec(ctx)
	return err
}

// Drop ends what is asked about conversations that were deleted: nothing is
// asked any more, and links that went out lead nowhere.
func (d *DB) Drop(ctx context.Context, talks []social.ConversationID) error {
	for _, q := range []string{
		"UPDATE survey_ask SET state = 'dropped', why = 'The conversation was deleted.' WHERE conversation_id IN (?) AND state = 'planned'",
		"UPDATE survey_ask SET key_hash = '' WHERE conversation_id IN (?)",
	} {
		if _, err := d.IDB(ctx).NewRaw(q, bun.List(talks)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
