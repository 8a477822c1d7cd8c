// Package dealdb keeps business in SQL: organizations, fields, pipelines and
// opportunities.
package dealdb

import (
	"context"
	"strings"
	"unicode"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements deal.Store.
type DB struct{ *store.DB }

var _ deal.Store = (*DB)(nil)

// New keeps business in db.
func New(db *store.DB) *DB { return &DB{db} }

const changeLock = 0x6465616c // "deal"

// Lock implements deal.Store.
func (d *DB) Lock(ctx context.Context) error { return d.Dialect.Lock(ctx, d.IDB(ctx), changeLock) }

// sameSQL lists a person and all that were joined into them.
const sameSQL = `
WITH RECURSIVE them(id, far) AS (
  SELECT CAST(? AS TEXT), 0 UNION ALL SELECT p.id, them.far + 1 FROM person p JOIN them ON p.merged_into = them.id AND p.merged_into <> '' WHERE them.far < 16
) SELECT id FROM them ORDER BY far, id`

// Same implements deal.Store.
func (d *DB) Same(ctx context.Context, who social.PersonID) ([]string, error) {
	var ids []string
	err := d.IDB(ctx).NewRaw(sameSQL, string(who)).Scan(ctx, &ids)
	return ids, err
}

// upsert writes a row; where its key is there already, the columns change.
func (d *DB) upsert(ctx context.Context, row any, key string, columns ...string) error {
	q := d.IDB(ctx).NewInsert().Model(row).On("CONFLICT (?) DO UPDATE", bun.Safe(key))
	for _, c := range columns {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Returning("NULL").Exec(ctx)
	return err
}

// seen limits a query to the programmes of the scope, or what a further
// condition lets through.
func seen(ctx context.Context, q *bun.SelectQuery, or string) *bun.SelectQuery {
	if _, ok := social.ActorOf(ctx); !ok {
		return q // Parley itself
	}
	scope := social.ScopeOf(ctx)
	if scope.All {
		return q
	}
	if len(scope.Programmes) == 0 {
		return q.Where("FALSE")
	}
	return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("programme_id IN (?)", bun.List(scope.Programmes))
		if or != "" {
			q = q.WhereOr(or, bun.List(scope.Programmes))
		}
		return q
	})
}

type termRow struct {
	bun.BaseModel `bun:"table:business_term"`
	Kind          string `bun:"kind"`
	Term          string `bun:"term"`
	Object        string `bun:"object_id"`
}

// name makes something found by the words of its texts.
func (d *DB) name(ctx context.Context, kind, object string, texts ...string) error {
	if _, err := d.IDB(ctx).NewRaw("DELETE FROM business_term WHERE object_id = ?", object).Exec(ctx); err != nil {
		return err
	}
	had := map[string]bool{}
	var rows []termRow
	for _, t := range texts {
		t = strings.ToLower(t)
		for _, w := range append(words(t), t) {
			if w != "" && !had[w] && len(rows) < 24 {
				had[w] = true
				rows = append(rows, termRow{Kind: kind, Term: w, Object: object})
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// called limits a query to what has words that begin so.
func called(q *bun.SelectQuery, kind, text string) *bun.SelectQuery {
	for _, w := range words(strings.ToLower(text)) {
		q = q.Where("id IN (SELECT object_id FROM business_term WHERE kind = ? AND term >= ? AND term < ?)", kind, w, w+"\U0010ffff")
	}
	return q
}
