package publishdb

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type ruleRow struct {
	bun.BaseModel `bun:"table:publish_rule"`
	Programme     string `bun:"programme_id,pk"`
	Review        int64  `bun:"review"`
	FourEyes      int64  `bun:"four_eyes"`
}

func (r ruleRow) rule() publish.Rule {
	return publish.Rule{Programme: social.ProgrammeID(r.Programme), Review: r.Review == 1, FourEyes: r.FourEyes == 1, Set: true}
}

// Rule implements publish.Store.
func (d *DB) Rule(ctx context.Context, p social.ProgrammeID) (publish.Rule, error) {
	var r ruleRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("programme_id = ?", string(p)).Scan(ctx)
	return r.rule(), store.NotFound(err, "There is no rule.")
}

// Rules implements publish.Store.
func (d *DB) Rules(ctx context.Context) ([]publish.Rule, error) {
	var rows []ruleRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Order("programme_id").Scan(ctx)
	out := make([]publish.Rule, len(rows))
	for i, r := range rows {
		out[i] = r.rule()
	}
	return out, err
}

// SaveRule implements publish.Store.
func (d *DB) SaveRule(ctx context.Context, r publish.Rule) error {
	row := ruleRow{Programme: string(r.Programme), Review: flag(r.Review), FourEyes: flag(r.FourEyes)}
	_, err := upsert(d.IDB(ctx).NewInsert().Model(&row), "programme_id", "review", "four_eyes").Exec(ctx)
	return err
}

// DropRule implements publish.Store.
func (d *DB) DropRule(ctx context.Context, p social.ProgrammeID) error {
	_, err := d.IDB(ctx).NewRaw("DELETE FROM publish_rule WHERE programme_id = ?", string(p)).Exec(ctx)
	return err
}

type remarkRow struct {
	bun.BaseModel `bun:"table:publish_remark"`
	ID            string `bun:"id,pk"`
	Content       string `bun:"content_id"`
	Act           string `bun:"act"`
	Text          string `bun:"text"`
	Member        string `bun:"member_id"`
	Hashes        string `bun:"hashes"`
	At            int64  `bun:"at"`
}

func (r remarkRow) remark() publish.Remark {
	return publish.Remark{ID: r.ID, Content: publish.ContentID(r.Content), Act: publish.Act(r.Act), Text: r.Text, Member: social.MemberID(r.Member),
		Hashes: strings.Fields(r.Hashes), At: store.Time(r.At)}
}

// AddRemark implements publish.Store.
func (d *DB) AddRemark(ctx context.Context, r publish.Remark) error {
	row := remarkRow{ID: r.ID, Content: string(r.Content), Act: string(r.Act), Text: r.Text, Member: string(r.Member), Hashes: strings.Join(r.Hashes, " "), At: store.At(r.At)}
	_, err := d.IDB(ctx).NewInsert().Model(&row).Exec(ctx)
	return err
}

// Remarks implements publish.Store.
func (d *DB) Remarks(ctx context.Context, id publish.ContentID) ([]publish.Remark, error) {
	var rows []remarkRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("content_id = ?", string(id)).Order("id").Limit(500).Scan(ctx)
	out := make([]publish.Remark, len(rows))
	for i, r := range rows {
		out[i] = r.remark()
	}
	return out, err
}

// Approval implements publish.Store.
func (d *DB) Approval(ctx context.Context, id publish.ContentID, hash string) (publish.Remark, error) {
	var r remarkRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("content_id = ? AND act = 'approve' AND hashes LIKE ?", string(id), "%"+hash+"%").
		OrderExpr("id DESC").Limit(1).Scan(ctx)
	return r.remark(), store.NotFound(err, "This is not approved.")
}

type holdRow struct {
	bun.BaseModel `bun:"table:publish_hold"`
	ID            string `bun:"id,pk"`
	Programme     string `bun:"programme_id"`
	Reason        string `bun:"reason"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
	EndedBy       string `bun:"ended_by"`
	EndedAt       int64  `bun:"ended_at"`
}

// AddHold implements publish.Store.
func (d *DB) AddHold(ctx context.Context, h publish.HoldAll) error {
	r := holdRow{ID: string(h.ID), Programme: string(h.Programme), Reason: h.Reason, By: string(h.By), At: store.At(h.At)}
	_, err := d.IDB(ctx).NewInsert().Model(&r).Exec(ctx)
	if store.IsDuplicate(err) {
		return social.Because(social.Conflict, err, "This is held already.")
	}
	return err
}

// Holds implements publish.Store.
func (d *DB) Holds(ctx context.Context) ([]publish.HoldAll, error) {
	var rows []holdRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("ended_at = 0").Order("id").Scan(ctx)
	out := make([]publish.HoldAll, len(rows))
	for i, r := range rows {
		out[i] = publish.HoldAll{ID: publish.HoldID(r.ID), Programme: social.ProgrammeID(r.Programme), Reason: r.Reason, By: social.MemberID(r.By), At: store.Time(r.At)}
	}
	return out, err
}

// EndHold implements publish.Store.
func (d *DB) EndHold(ctx context.Context, h publish.HoldAll) error {
	_, err := d.IDB(ctx).NewRaw("UPDATE publish_hold SET ended_by = ?, ended_at = ? WHERE id = ?", string(h.EndedBy), store.At(h.EndedAt), string(h.ID)).Exec(ctx)
	return err
}

// Waiting implements publish.Store.
func (d *DB) Waiting(ctx context.Context, p social.ProgrammeID) (ids []publish.ContentID, err error) {
	q := seen(ctx, d.IDB(ctx).NewSelect().Model((*postRow)(nil)), "p").ColumnExpr("DISTINCT p.content_id").
		Where("p.state IN ('in_review', 'approved', 'scheduled')")
	if p != "" {
		q = q.Where("p.programme_id = ?", string(p))
	}
	return ids, q.Scan(ctx, &ids)
}

// HeldBy implements publish.Store.
func (d *DB) HeldBy(ctx context.Context, h publish.HoldID) (ids []publish.ContentID, err error) {
	err = seen(ctx, d.IDB(ctx).NewSelect().Model((*postRow)(nil)), "p").ColumnExpr("DISTINCT p.content_id").Where("p.hold_id = ?", string(h)).Scan(ctx, &ids)
	return ids, err
}
