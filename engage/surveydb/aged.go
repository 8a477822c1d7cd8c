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
