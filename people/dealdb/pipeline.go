package dealdb

import (
	"context"
	"encoding/json"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type pipelineRow struct {
	bun.BaseModel `bun:"table:pipeline"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Position      int    `bun:"position"`
	Reasons       string `bun:"reasons"`
	Archived      bool   `bun:"archived"`
	CreatedAt     int64  `bun:"created_at"`
}

type stageRow struct {
	bun.BaseModel `bun:"table:stage"`
	ID            string `bun:"id,pk"`
	Pipeline      string `bun:"pipeline_id"`
	Name          string `bun:"name"`
	Kind          string `bun:"kind"`
	Probability   int    `bun:"probability"`
	Position      int    `bun:"position"`
}

// Pipelines implements deal.Store.
func (d *DB) Pipelines(ctx context.Context) ([]deal.Pipeline, error) {
	var rows []pipelineRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Order("position", "id").Scan(ctx); err != nil {
		return nil, err
	}
	var stages []stageRow
	if err := d.IDB(ctx).NewSelect().Model(&stages).Order("pipeline_id", "position", "id").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]deal.Pipeline, len(rows))
	for i, r := range rows {
		out[i] = deal.Pipeline{ID: deal.PipelineID(r.ID), Name: r.Name, Position: r.Position, Archived: r.Archived, Created: store.Time(r.CreatedAt)}
		if err := json.Unmarshal([]byte(r.Reasons), &out[i].Reasons); err != nil {
			return nil, err
		}
		for _, s := range stages {
			if s.Pipeline == r.ID {
				out[i].Stages = append(out[i].Stages, deal.Stage{ID: deal.StageID(s.ID), Pipeline: out[i].ID, Name: s.Name, Kind: deal.State(s.Kind), Probability: s.Probability, Position: s.Position})
			}
		}
	}
	return out, nil
}

// SavePipeline implements deal.Store.
func (d *DB) SavePipeline(ctx context.Context, p deal.Pipeline, gone []deal.StageID) error {
	r := pipelineRow{ID: string(p.ID), Name: p.Name, Position: p.Position, Reasons: list(p.Reasons), Archived: p.Archived, CreatedAt: store.At(p.Created)}
	if err := d.upsert(ctx, &r, "id", "name", "position", "reasons", "archived"); err != nil {
		return err
	}
	if len(gone) > 0 {
		for _, table := range []string{"stage", "stage_outcome", "opportunity_sum"} {
			column := "stage_id"
			if table == "stage" {
				column = "id"
			}
			if _, err := d.IDB(ctx).NewRaw("DELETE FROM ? WHERE ? IN (?)", bun.Ident(table), bun.Ident(column), bun.List(gone)).Exec(ctx); err != nil {
				return err
			}
		}
	}
	for _, s := range p.Stages {
		r := stageRow{ID: string(s.ID), Pipeline: string(p.ID), Name: s.Name, Kind: string(s.Kind), Probability: s.Probability, Position: s.Position}
		if err := d.upsert(ctx, &r, "id", "name", "kind", "probability", "position"); err != nil {
			return err
		}
	}
	return nil
}

// Standing implements deal.Store.
func (d *DB) Standing(ctx context.Context, id deal.StageID) (int, error) {
	n, err := d.IDB(ctx).NewSelect().Model((*opportunityRow)(nil)).Where("stage_id = ?", string(id)).Count(ctx)
	return int(n), err
}

type sumRow struct {
	bun.BaseModel `bun:"table:opportunity_sum,alias:s"`
	Stage         string `bun:"stage_id,pk"`
	Programme     string `bun:"programme_id,pk"`
	Currency      string `bun:"currency,pk"`
	Month         string `bun:"month,pk"`
	N             int    `bun:"n"`
	Amount        int64  `bun:"amount"`
}

// Totals implements deal.Store.
func (d *DB) Totals(ctx context.Context, stages []deal.StageID) ([]deal.Total, error) {
	var rows []sumRow
	err := seen(ctx, d.IDB(ctx).NewSelect().Model(&rows), "").ColumnExpr("stage_id, currency, month, SUM(n) AS n, CAST(SUM(amount) AS BIGINT) AS amount").
		Where("stage_id IN (?)", bun.List(stages)).GroupExpr("stage_id, currency, month").Having("SUM(n) > 0").OrderExpr("stage_id, currency, month").Scan(ctx)
	out := make([]deal.Total, len(rows))
	for i, r := range rows {
		out[i] = deal.Total{Stage: deal.StageID(r.Stage), Currency: r.Currency, Month: r.Month, N: r.N, Amount: r.Amount}
	}
	return out, err
}

// add changes the total in which an opportunity stands.
func (d *DB) add(ctx context.Context, o opportunityRow, by int) error {
	month := ""
	if len(o.CloseOn) >= 7 {
		month = o.CloseOn[:7]
	}
	r := sumRow{Stage: o.Stage, Programme: o.Programme, Currency: o.Currency, Month: month, N: by, Amount: int64(by) * o.Amount}
	_, err := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (stage_id, programme_id, currency, month) DO UPDATE").
		Set("n = s.n + EXCLUDED.n").Set("amount = s.amount + EXCLUDED.amount").Returning("NULL").Exec(ctx)
	return err
}

// Outcomes implements deal.Store.
func (d *DB) Outcomes(ctx context.Context, stages []deal.StageID) ([]deal.Outcome, error) {
	var rows []struct {
		StageID   string
		Won, Lost int
	}
	err := seen(ctx, d.IDB(ctx).NewSelect().TableExpr("stage_outcome"), "").ColumnExpr("stage_id, SUM(won) AS won, SUM(lost) AS lost").
		Where("stage_id IN (?)", bun.List(stages)).GroupExpr("stage_id").OrderExpr("stage_id").Scan(ctx, &rows)
	out := make([]deal.Outcome, len(rows))
	for i, r := range rows {
		out[i] = deal.Outcome{Stage: deal.StageID(r.StageID), Won: r.Won, Lost: r.Lost}
	}
	return out, err
}

const outcomeSQL = `
INSERT INTO stage_outcome (stage_id, programme_id, won, lost)
SELECT DISTINCT s.id, CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT) FROM opportunity_step t JOIN stage s ON s.id = t.to_stage
WHERE t.opportunity_id = ? AND s.kind = 'open'
ON CONFLICT (stage_id, programme_id) DO UPDATE SET won = stage_outcome.won + EXCLUDED.won, lost = stage_outcome.lost + EXCLUDED.lost`

// CountOutcome implements deal.Store.
func (d *DB) CountOutcome(ctx context.Context, o deal.Opportunity, by int) error {
	won, lost := 0, by
	if o.State == deal.Won {
		won, lost = by, 0
	}
	_, err := d.IDB(ctx).NewRaw(outcomeSQL, string(o.Programme), won, lost, string(o.ID)).Exec(ctx)
	return err
}
