package analyzedb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type correctionRow struct {
	bun.BaseModel `bun:"table:correction"`
	ID            string `bun:"id,pk"`
	ActivityID    string `bun:"activity_id"`
	Part          string `bun:"part"`
	Was           string `bun:"was"`
	Labels        string `bun:"labels"`
	MemberID      string `bun:"member_id"`
	MemberName    string `bun:"member_name"`
	At            int64  `bun:"at"`
	UndoneAt      int64  `bun:"undone_at"`
}

func (r *correctionRow) correction() (analyze.Correction, error) {
	c := analyze.Correction{ID: r.ID, Activity: social.ActivityID(r.ActivityID), Part: analyze.Part(r.Part), Member: social.MemberID(r.MemberID),
		Name: r.MemberName, At: store.Time(r.At)}
	if r.UndoneAt != 0 {
		c.Undone = store.Time(r.UndoneAt)
	}
	if err := json.Unmarshal([]byte(r.Was), &c.Was); err != nil {
		return c, fmt.Errorf("correction %s: %w", r.ID, err)
	}
	if err := json.Unmarshal([]byte(r.Labels), &c.Labels); err != nil {
		return c, fmt.Errorf("correction %s: %w", r.ID, err)
	}
	return c, nil
}

// Pins implements analyze.Corrections.
func (d *DB) Pins(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID][]analyze.Correction, error) {
	out := map[social.ActivityID][]analyze.Correction{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []correctionRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("activity_id IN (?) AND undone_at = 0", bun.List(ids)).Order("part").Scan(ctx); err != nil {
		return nil, err
	}
	for i := range rows {
		c, err := rows[i].correction()
		if err != nil {
			return nil, err
		}
		out[c.Activity] = append(out[c.Activity], c)
	}
	return out, nil
}

// Pin implements analyze.Corrections.
func (d *DB) Pin(ctx context.Context, c analyze.Correction) error {
	if _, err := d.Unpin(ctx, c.Activity, c.Part, c.At); err != nil {
		return err
	}
	row := correctionRow{ID: c.ID, ActivityID: string(c.Activity), Part: string(c.Part), Was: list(c.Was), Labels: list(c.Labels),
		MemberID: string(c.Member), MemberName: c.Name, At: store.At(c.At)}
	_, err := d.IDB(ctx).NewInsert().Model(&row).Exec(ctx)
	return err
}

// Unpin implements analyze.Corrections.
func (d *DB) Unpin(ctx context.Context, id social.ActivityID, p analyze.Part, at time.Time) (bool, error) {
	res, err := d.IDB(ctx).NewUpdate().Model((*correctionRow)(nil)).Set("undone_at = ?", store.At(at)).
		Where("activity_id = ? AND part = ? AND undone_at = 0", string(id), string(p)).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Standing implements analyze.Corrections.
func (d *DB) Standing(ctx context.Context) ([]analyze.Correction, error) {
	var rows []correctionRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("undone_at = 0").Order("id").Scan(ctx); err != nil {
		return nil, err
	}
	return corrections(rows)
}

// Corrections implements analyze.Corrections.
func (d *DB) Corrections(ctx context.Context, cursor string, limit int) ([]analyze.Correction, string, error) {
	var at int64
	var id string
	after, err := store.FromCursor(cursor, &at, &id)
	if err != nil {
		return nil, "", err
	}
	limit = store.Limit(limit)
	var rows []correctionRow
	sel := d.IDB(ctx).NewSelect().Model(&rows)
	if after {
		sel = sel.Where("(at, id) < (?, ?)", at, id)
	}
	if err := sel.Order("at DESC", "id DESC").Limit(int64(limit + 1)).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].At, rows[limit-1].ID)
	}
	out, err := corrections(rows)
	return out, next, err
}

func corrections(rows []correctionRow) ([]analyze.Correction, error) {
	out := make([]analyze.Correction, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].correction(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
