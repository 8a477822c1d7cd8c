package analyzedb

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// Unsay takes out of scores the words that speak for them; the scores stay.
func (d *DB) Unsay(ctx context.Context, ids []social.ActivityID) error {
	for part := range slices.Chunk(ids, 400) {
		if err := d.Unreason(ctx, "score", "activity_id", "activity_id IN (?)", []any{bun.List(part)}, "intents", "emotions", "toxicity", "topics"); err != nil {
			return err
		}
		if _, err := d.IDB(ctx).NewRaw("UPDATE score SET why = '[]', entities = '[]' WHERE activity_id IN (?)", bun.List(part)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
