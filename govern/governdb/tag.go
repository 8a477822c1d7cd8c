package governdb

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type tagRow struct {
	bun.BaseModel `bun:"table:tag,alias:t"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Folded        string `bun:"folded"`
	Color         string `bun:"color"`
	About         string `bun:"about"`
	Guarded       bool   `bun:"guarded"`
	MergedInto    string `bun:"merged_into"`
	ArchivedAt    int64  `bun:"archived_at"`
	CreatedAt     int64  `bun:"created_at"`
}

// Tags implements govern.TagStore.
func (db *DB) Tags(ctx context.Context) ([]govern.Tag, error) {
	rows, err := all[tagRow](ctx, db, "SELECT * FROM tag ORDER BY folded, id")
	out := make([]govern.Tag, len(rows))
	for i, r := range rows {
		out[i] = govern.Tag{ID: social.TagID(r.ID), Name: r.Name, Color: r.Color, About: r.About, Guarded: r.Guarded,
			Into: social.TagID(r.MergedInto), Archived: store.Time(r.ArchivedAt), Created: store.Time(r.CreatedAt)}
	}
	return out, err
}

// SaveTag implements govern.TagStore.
func (db *DB) SaveTag(ctx context.Context, t govern.Tag) error {
	row := tagRow{ID: string(t.ID), Name: t.Name, Folded: strings.ToLower(t.Name), Color: t.Color, About: t.About, Guarded: t.Guarded,
		MergedInto: string(t.Into), ArchivedAt: store.At(t.Archived), CreatedAt: store.At(t.Created)}
	_, err := db.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Set("name = EXCLUDED.name").Set("folded = EXCLUDED.folded").
		Set("color = EXCLUDED.color").Set("about = EXCLUDED.about").Set("guarded = EXCLUDED.guarded").
		Set("merged_into = EXCLUDED.merged_into").Set("archived_at = EXCLUDED.archived_at").Exec(ctx)
	if store.IsDuplicate(err) {
		return &social.Error{Kind: social.Conflict, Field: "name", Text: "There is a tag of this name already. Two tags can be merged."}
	}
	return err
}
