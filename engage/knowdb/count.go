package knowdb

import (
	"context"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type dayRow struct {
	bun.BaseModel `bun:"table:know_day"`
	Day           int64  `bun:"day,pk"`
	Article       string `bun:"article_id,pk"`
	Visits        int64  `bun:"visits"`
	Searched      int64  `bun:"searched"`
	Read          int64  `bun:"read"`
	Solved        int64  `bun:"solved"`
	Unsolved      int64  `bun:"unsolved"`
	Asked         int64  `bun:"asked"`
	Inserted      int64  `bun:"inserted"`
	Resolved      int64  `bun:"resolved"`
}

// counted are the columns that are added up.
var counted = []string{"visits", "searched", "read", "solved", "unsolved", "asked", "inserted", "resolved"}

// Count adds to a day.
func (s *DB) Count(ctx context.Context, n know.Number) error {
	r := dayRow{Day: store.At(n.Day), Article: string(n.Article), Visits: n.Visits, Searched: n.Searched, Read: n.Read, Solved: n.Solved, Unsolved: n.Unsolved,
		Asked: n.Asked, Inserted: n.Inserted, Resolved: n.Resolved}
	q := s.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (day, article_id) DO UPDATE")
	for _, c := range counted {
		q = q.Set("? = ?TableAlias.? + EXCLUDED.?", bun.Ident(c), bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Returning("NULL").Exec(ctx)
	return err
}
