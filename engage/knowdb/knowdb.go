// Package knowdb keeps what is known: articles with their versions, answers
// that were accepted, and the counts of the help page.
package knowdb

import (
	"context"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB is knowledge's part of the database.
type DB struct{ *store.DB }

var _ know.Store = (*DB)(nil)

// New makes it on an open, migrated database.
func New(db *store.DB) *DB { return &DB{db} }

// changeLock is the key of the lock behind Lock.
const changeLock = 0x6b6e6f77 // "know"

// Lock makes the transaction of ctx the only one that changes knowledge.
func (s *DB) Lock(ctx context.Context) error {
	return s.Dialect.Lock(ctx, s.IDB(ctx), changeLock)
}

// Next gives the number of the next change.
func (s *DB) Next(ctx context.Context) (n int64, err error) {
	err = s.IDB(ctx).NewRaw("INSERT INTO know_change (id, n) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = know_change.n + 1 RETURNING n").Scan(ctx, &n)
	return n, err
}

// upsert writes a row; where its key is there already, the columns change.
func (s *DB) upsert(ctx context.Context, row any, key string, columns ...string) error {
	q := s.IDB(ctx).NewInsert().Model(row).On("CONFLICT (?) DO UPDATE", bun.Safe(key))
	for _, c := range columns {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Returning("NULL").Exec(ctx)
	return err
}

// seen limits a query to what the scope of ctx reads.
func seen(ctx context.Context, q *bun.SelectQuery) *bun.SelectQuery {
	scope := social.ScopeOf(ctx)
	if scope.All {
		return q
	}
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("state = 'published' AND (visibility = 'public' OR programme_id = '')")
		if len(scope.Programmes) > 0 {
			q = q.WhereOr("programme_id IN (?)", bun.List(scope.Programmes))
		}
		return q
	})
}
