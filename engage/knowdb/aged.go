package knowdb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// LookWords says how many words of readers are old.
func (s *DB) LookWords(ctx context.Context, a social.Aged) (social.Stale, error) {
	return s.LookAged(ctx, "w.at", "(1 = 0)", " FROM know_word w WHERE w.at < ?0", store.At(a.Before))
}

// DropWords forgets what readers wrote long ago; their yes and no stay counted.
func (s *DB) DropWords(ctx context.Context, a social.Aged, most int) (int, error) {
	res, err := s.IDB(ctx).NewRaw("DELETE FROM know_word WHERE id IN (SELECT id FROM know_word WHERE at < ? ORDER BY at, id LIMIT ?)", store.At(a.Before), most).Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}
