package privacydb

import (
	"context"

	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type holdRow struct {
	bun.BaseModel `bun:"table:legal_hold"`
	ID            string `bun:"id,pk"`
	Kind          string `bun:"kind"`
	Object        string `bun:"object_id"`
	Reason        string `bun:"reason"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
	EndedBy       string `bun:"ended_by"`
	EndedAt       int64  `bun:"ended_at"`
	EndedWhy      string `bun:"ended_why"`
}

func (r holdRow) hold() privacy.Hold {
	return privacy.Hold{ID: r.ID, Kind: r.Kind, Object: r.Object, Reason: r.Reason, By: social.MemberID(r.By), At: store.Time(r.At),
		EndedBy: social.MemberID(r.EndedBy), EndedAt: store.Time(r.EndedAt), EndedWhy: r.EndedWhy}
}

// SaveHold implements privacy.Store.
func (d *DB) SaveHold(ctx context.Context, h privacy.Hold) error {
	r := holdRow{ID: h.ID, Kind: h.Kind, Object: h.Object, Reason: h.Reason, By: string(h.By), At: store.At(h.At), EndedBy: string(h.EndedBy), EndedAt: store.At(h.EndedAt), EndedWhy: h.EndedWhy}
	_, err := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (id) DO UPDATE").Set("ended_by = EXCLUDED.ended_by").Set("ended_at = EXCLUDED.ended_at").
		Set("ended_why = EXCLUDED.ended_why").Returning("NULL").Exec(ctx)
	return err
}

// Hold implements privacy.Store.
func (d *DB) Hold(ctx context.Context, id string) (privacy.Hold, error) {
	var r holdRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.hold(), store.NotFound(err, "There is no such hold.")
}

// Holds implements privacy.Store.
func (d *DB) Holds(ctx context.Context, kind string, objects []string) ([]privacy.Hold, error) {
	var rows []holdRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("ended_at = 0")
	if kind != "" {
		if len(objects) == 0 {
			return nil, nil
		}
		q = q.Where("kind = ? AND object_id IN (?)", kind, bun.List(objects))
	}
	err := q.Order("at DESC", "id DESC").Scan(ctx)
	out := make([]privacy.Hold, len(rows))
	for i, r := range rows {
		out[i] = r.hold()
	}
	return out, err
}
