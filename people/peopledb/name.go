package peopledb

import (
	"context"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// Named says what persons in scope are called; the id of one who was joined
// into another leads to who they are now.
func (d *DB) Named(ctx context.Context, ids []social.PersonID) (map[social.PersonID]people.Ref, error) {
	out := make(map[social.PersonID]people.Ref, len(ids))
	at := map[social.PersonID]social.PersonID{} // from the id asked for to where its merges lead
	for _, id := range ids {
		if id != "" {
			at[id] = id
		}
	}
	for range 8 {
		var open []string
		for _, now := range at {
			open = append(open, string(now))
		}
		if len(open) == 0 {
			break
		}
		var rows []personRow
		q := d.IDB(ctx).NewSelect().Model(&rows).Column("id", "name", "merged_into").Where("id IN (?)", bun.List(open))
		if scope := scopeOf(ctx); !scope.All {
			if len(scope.Programmes) == 0 {
				return out, nil
			}
			q = q.Where("(merged_into <> '' OR id IN (SELECT person_id FROM person_programme WHERE programme_id IN (?)))", bun.List(scope.Programmes))
		}
		if err := q.Scan(ctx); err != nil {
			return nil, err
		}
		found := make(map[social.PersonID]personRow, len(rows))
		for _, r := range rows {
			found[social.PersonID(r.ID)] = r
		}
		for asked, now := range at {
			r, ok := found[now]
			switch {
			case !ok:
				delete(at, asked)
			case r.MergedInto != "":
				at[asked] = social.PersonID(r.MergedInto)
			default:
				out[asked] = people.Ref{ID: now, Name: r.Name}
				delete(at, asked)
			}
		}
	}
	return out, nil
}
