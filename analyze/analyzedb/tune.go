package analyzedb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type tuningRow struct {
	bun.BaseModel `bun:"table:tuning"`
	ID            string `bun:"id,pk"`
	Number        int64  `bun:"number"`
	State         string `bun:"state"`
	MemberID      string `bun:"member_id"`
	MemberName    string `bun:"member_name"`
	At            int64  `bun:"at"`
	DoneAt        int64  `bun:"done_at"`
	UsedAt        int64  `bun:"used_at"`
	Problem       string `bun:"problem"`
	Figures       string `bun:"figures"`
}

type modelRow struct {
	bun.BaseModel `bun:"table:tuned_model"`
	TuningID      string `bun:"tuning_id,pk"`
	Part          string `bun:"part,pk"`
	Name          string `bun:"name"`
	File          []byte `bun:"file"`
}

func rowOfTuning(t analyze.Tuning) tuningRow {
	return tuningRow{ID: t.ID, Number: t.Number, State: t.State, MemberID: string(t.Member), MemberName: t.Name, At: store.At(t.At),
		DoneAt: store.At(t.Done), UsedAt: store.At(t.Used), Problem: t.Problem, Figures: list(t.Figures)}
}

// Tunings implements analyze.Tunings.
func (d *DB) Tunings(ctx context.Context) ([]analyze.Tuning, error) {
	var rows []tuningRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Order("number DESC").Limit(100).Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]analyze.Tuning, len(rows))
	for i, r := range rows {
		out[i] = analyze.Tuning{ID: r.ID, Number: r.Number, State: r.State, Member: social.MemberID(r.MemberID), Name: r.MemberName,
			At: store.Time(r.At), Done: store.Time(r.DoneAt), Used: store.Time(r.UsedAt), Problem: r.Problem}
		if err := json.Unmarshal([]byte(r.Figures), &out[i].Figures); err != nil {
			return nil, fmt.Errorf("tuning %s: %w", r.ID, err)
		}
	}
	return out, nil
}

// AddTuning implements analyze.Tunings.
func (d *DB) AddTuning(ctx context.Context, t analyze.Tuning) error {
	row := rowOfTuning(t)
	_, err := d.IDB(ctx).NewInsert().Model(&row).Exec(ctx)
	return err
}

// SaveTuning implements analyze.Tunings.
func (d *DB) SaveTuning(ctx context.Context, t analyze.Tuning, models []analyze.TunedModel) error {
	return d.InTx(ctx, func(ctx context.Context) error {
		row := rowOfTuning(t)
		if _, err := d.IDB(ctx).NewUpdate().Model(&row).WherePK().Exec(ctx); err != nil {
			return err
		}
		if len(models) == 0 {
			return nil
		}
		rows := make([]modelRow, len(models))
		for i, m := range models {
			rows[i] = modelRow{TuningID: t.ID, Part: string(m.Part), Name: m.Name, File: m.File}
		}
		_, err := d.IDB(ctx).NewInsert().Model(&rows).Exec(ctx)
		return err
	})
}

// TunedModels implements analyze.Tunings.
func (d *DB) TunedModels(ctx context.Context, tuning string) ([]analyze.TunedModel, error) {
	var rows []modelRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("tuning_id = ?", tuning).Order("part").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]analyze.TunedModel, len(rows))
	for i, r := range rows {
		out[i] = analyze.TunedModel{Part: analyze.Part(r.Part), Name: r.Name, File: r.File}
	}
	return out, nil
}

// Recent implements analyze.Tunings. An id begins with the time at which the
// activity was heard.
func (d *DB) Recent(ctx context.Context, limit int) ([]social.ActivityID, error) {
	var ids []social.ActivityID
	err := d.IDB(ctx).NewSelect().Model((*scoreRow)(nil)).Column("activity_id").Order("activity_id DESC").Limit(int64(limit)).Scan(ctx, &ids)
	return ids, err
}
