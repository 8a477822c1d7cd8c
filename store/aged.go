package store

import (
	"context"

	"github.com/parley-crm/parley/social"
)

// LookAged counts what is old: from is FROM and WHERE, at the time of a row in
// it, kept whether a hold keeps the row.
func (db *DB) LookAged(ctx context.Context, at, kept, from string, args ...any) (social.Stale, error) {
	var sum struct {
		N      int   `bun:"n"`
		Oldest int64 `bun:"oldest"`
		Kept   int   `bun:"kept"`
	}
	err := db.IDB(ctx).NewRaw(`SELECT COALESCE(SUM(CASE WHEN k THEN 0 ELSE 1 END), 0) AS n, COALESCE(MIN(CASE WHEN k THEN NULL ELSE at END), 0) AS oldest, COALESCE(SUM(CASE WHEN k THEN 1 ELSE 0 END), 0) AS kept
FROM (SELECT `+at+` AS at, `+kept+` AS k`+from+`) AS t`, args...).Scan(ctx, &sum)
	return social.Stale{Rows: sum.N, Oldest: Time(sum.Oldest), Spared: sum.Kept}, err
}
