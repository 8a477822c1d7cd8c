package governdb

import (
	"context"
	"encoding/json"

	"github.com/parley-crm/parley/govern/export"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ export.Store = (*DB)(nil)

type jobRow struct {
	bun.BaseModel `bun:"table:export_job"`
	ID            string `bun:"id,pk"`
	Format        string `bun:"format"`
	Tables        string `bun:"tables"`
	State         string `bun:"state"`
	Doing         string `bun:"doing"`
	Rows          int64  `bun:"done_rows"`
	Total         int64  `bun:"total_rows"`
	Size          int64  `bun:"size"`
	Note          string `bun:"note"`
	Member        string `bun:"member_id"`
	CreatedAt     int64  `bun:"created_at"`
	EndedAt       int64  `bun:"ended_at"`
}

func jobs(rows []jobRow) ([]export.Job, error) {
	out := make([]export.Job, len(rows))
	for i, r := range rows {
		out[i] = export.Job{ID: r.ID, Format: r.Format, State: r.State, Doing: r.Doing, Rows: r.Rows, Total: r.Total, Size: r.Size, Note: r.Note,
			Member: social.MemberID(r.Member), Created: store.Time(r.CreatedAt), Ended: store.Time(r.EndedAt)}
		if err := json.Unmarshal([]byte(r.Tables), &out[i].Tables); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveJob implements export.Store.
func (db *DB) SaveJob(ctx context.Context, j export.Job) error {
	tables, err := json.Marshal(append([]string{}, j.Tables...))
	if err != nil {
		return err
	}
	r := jobRow{ID: j.ID, Format: j.Format, Tables: string(tables), State: j.State, Doing: j.Doing, Rows: j.Rows, Total: j.Total, Size: j.Size, Note: j.Note,
		Member: string(j.Member), CreatedAt: store.At(j.Created), EndedAt: store.At(j.Ended)}
	q := db.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (id) DO UPDATE")
	for _, c := range []string{"state", "doing", "done_rows", "total_rows", "size", "note", "ended_at"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err = q.Returning("NULL").Exec(ctx)
	return err
}

// DropJob implements export.Store.
func (db *DB) DropJob(ctx context.Context, id string) error {
	_, err := db.IDB(ctx).NewRaw("DELETE FROM export_job WHERE id = ?", id).Exec(ctx)
	return err
}

// Job implements export.Store.
func (db *DB) Job(ctx context.Context, id string) (export.Job, error) {
	var r jobRow
	if err := db.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return export.Job{}, store.NotFound(err, "There is no such export.")
	}
	all, err := jobs([]jobRow{r})
	if err != nil {
		return export.Job{}, err
	}
	return all[0], nil
}

// Jobs implements export.Store.
func (db *DB) Jobs(ctx context.Context, before string, limit int) ([]export.Job, error) {
	var rows []jobRow
	q := db.IDB(ctx).NewSelect().Model(&rows).Order("id DESC").Limit(int64(limit))
	if before != "" {
		q = q.Where("id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}
	return jobs(rows)
}

// JobsIn implements export.Store.
func (db *DB) JobsIn(ctx context.Context, state string) ([]export.Job, error) {
	var rows []jobRow
	if err := db.IDB(ctx).NewSelect().Model(&rows).Where("state = ?", state).Order("created_at", "id").Limit(1000).Scan(ctx); err != nil {
		return nil, err
	}
	return jobs(rows)
}
