package peopledb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// under lists persons with those that were merged into them, however often.
const under = `WITH RECURSIVE under (root, id) AS (
	SELECT id, id FROM person WHERE id IN (?)
	UNION SELECT u.root, p.id FROM under u JOIN person p ON p.merged_into = u.id)
`

// TagsOf implements people.TagStore.
func (d *DB) TagsOf(ctx context.Context, ids []social.PersonID) (map[social.PersonID][]social.TagID, error) {
	out := make(map[social.PersonID][]social.TagID, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct{ Root, TagID string }
	err := d.IDB(ctx).NewRaw(under+`SELECT DISTINCT u.root, t.tag_id FROM under u JOIN person_tag t ON t.person_id = u.id ORDER BY u.root, t.tag_id`, bun.List(ids)).Scan(ctx, &rows)
	for _, r := range rows {
		out[social.PersonID(r.Root)] = append(out[social.PersonID(r.Root)], social.TagID(r.TagID))
	}
	return out, err
}

// PutTags implements people.TagStore.
func (d *DB) PutTags(ctx context.Context, who social.PersonID, tags []social.TagID, by social.MemberID) error {
	for _, t := range tags {
		_, err := d.IDB(ctx).NewRaw("INSERT INTO person_tag (tag_id, person_id, member_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			string(t), string(who), string(by), store.At(d.Clock.Now())).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// DropTags implements people.TagStore.
func (d *DB) DropTags(ctx context.Context, who social.PersonID, tags []social.TagID) error {
	if len(tags) == 0 {
		return nil
	}
	_, err := d.IDB(ctx).NewRaw(under+"DELETE FROM person_tag WHERE tag_id IN (?) AND person_id IN (SELECT id FROM under)", bun.List([]social.PersonID{who}), bun.List(tags)).Exec(ctx)
	return err
}

// TagUses implements people.TagStore.
func (d *DB) TagUses(ctx context.Context, ids []social.TagID, most int) (int, error) {
	q := d.IDB(ctx).NewSelect().ColumnExpr("1 AS x").TableExpr("person_tag AS g").Where("g.tag_id IN (?)", bun.List(ids)).Limit(int64(most))
	if s := social.ScopeOf(ctx); !s.All {
		q = q.Where("EXISTS (SELECT 1 FROM person_programme AS pp WHERE pp.person_id = g.person_id AND pp.programme_id IN (?))", bun.List(append([]social.ProgrammeID{"-"}, s.Programmes...)))
	}
	var n int
	err := d.IDB(ctx).NewSelect().ColumnExpr("COUNT(*)").TableExpr("(?) AS few", q).Scan(ctx, &n)
	return n, err
}
