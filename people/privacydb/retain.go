package privacydb

import (
	"context"
	"encoding/json"

	"github.com/parley-crm/parley/people/retain"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ retain.Store = (*Retention)(nil)

// Retention implements retain.Store.
type Retention struct{ *store.DB }

type ruleRow struct {
	bun.BaseModel `bun:"table:retention_rule"`
	ID            string `bun:"id,pk"`
	Kind          string `bun:"kind"`
	Channel       string `bun:"channel_id"`
	Months        int64  `bun:"months"`
	Even          bool   `bun:"even"`
	Active        bool   `bun:"active"`
	By            string `bun:"by_id"`
	ChangedAt     int64  `bun:"changed_at"`
}

func (r ruleRow) rule() retain.Rule {
	return retain.Rule{ID: r.ID, Kind: r.Kind, Channel: social.ChannelID(r.Channel), Months: int(r.Months), Even: r.Even, On: r.Active, By: social.MemberID(r.By), Changed: store.Time(r.ChangedAt)}
}

// Rules implements retain.Store: in the order of kinds, a rule for all channels first.
func (d Retention) Rules(ctx context.Context) ([]retain.Rule, error) {
	var rows []ruleRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Order("channel_id", "id").Scan(ctx); err != nil {
		return nil, err
	}
	var out []retain.Rule
	for _, k := range retain.Kinds() {
		for _, r := range rows {
			if r.Kind == k {
				out = append(out, r.rule())
			}
		}
	}
	return out, nil
}

// Rule implements retain.Store.
func (d Retention) Rule(ctx context.Context, id string) (retain.Rule, error) {
	var r ruleRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.rule(), store.NotFound(err, "There is no such rule.")
}

// SaveRule implements retain.Store.
func (d Retention) SaveRule(ctx context.Context, x retain.Rule) error {
	var others int
	if err := d.IDB(ctx).NewRaw("SELECT COUNT(*) FROM retention_rule WHERE kind = ? AND channel_id = ? AND id <> ?", x.Kind, string(x.Channel), x.ID).Scan(ctx, &others); err != nil {
		return err
	}
	if others > 0 {
		return social.Errorf(social.Conflict, "There is a rule for this already; change that one.")
	}
	r := ruleRow{ID: x.ID, Kind: x.Kind, Channel: string(x.Channel), Months: int64(x.Months), Even: x.Even, Active: x.On, By: string(x.By), ChangedAt: store.At(x.Changed)}
	q := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (id) DO UPDATE")
	for _, c := range []string{"months", "even", "active", "by_id", "changed_at"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Returning("NULL").Exec(ctx)
	return err
}

// DropRule implements retain.Store.
func (d Retention) DropRule(ctx context.Context, id string) error {
	_, err := d.IDB(ctx).NewRaw("DELETE FROM retention_rule WHERE id = ?", id).Exec(ctx)
	return err
}

type runRow struct {
	bun.BaseModel `bun:"table:retention_run"`
	ID            string `bun:"id,pk"`
	Dry           bool   `bun:"dry"`
	State         string `bun:"state"`
	By            string `bun:"by_id"`
	BeganAt       int64  `bun:"began_at"`
	EndedAt       int64  `bun:"ended_at"`
	Lines         string `bun:"lines"`
	Signature     string `bun:"signature"`
}

func (r runRow) run() (retain.Run, error) {
	out := retain.Run{ID: r.ID, Dry: r.Dry, State: r.State, By: social.MemberID(r.By), Began: store.Time(r.BeganAt), Ended: store.Time(r.EndedAt), Signature: r.Signature}
	return out, json.Unmarshal([]byte(r.Lines), &out.Lines)
}

// SaveRun implements retain.Store.
func (d Retention) SaveRun(ctx context.Context, x retain.Run) error {
	lines, err := json.Marshal(x.Lines)
	if err != nil {
		return err
	}
	r := runRow{ID: x.ID, Dry: x.Dry, State: x.State, By: string(x.By), BeganAt: store.At(x.Began), EndedAt: store.At(x.Ended), Lines: string(lines), Signature: x.Signature}
	return d.InTx(ctx, func(ctx context.Context) error {
		q := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (id) DO UPDATE")
		for _, c := range []string{"state", "ended_at", "lines", "signature"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		_, err := q.Returning("NULL").Exec(ctx)
		return err
	})
}

// Run implements retain.Store.
func (d Retention) Run(ctx context.Context, id string) (retain.Run, error) {
	var r runRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return retain.Run{}, store.NotFound(err, "There was no such run.")
	}
	return r.run()
}

// Last implements retain.Store.
func (d Retention) Last(ctx context.Context, dry bool) (retain.Run, error) {
	var r runRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("dry = ?", dry).Order("began_at DESC", "id DESC").Limit(1).Scan(ctx); err != nil {
		return retain.Run{}, store.NotFound(err, "The rules did not run yet.")
	}
	return r.run()
}

// Runs implements retain.Store: the newest first.
func (d Retention) Runs(ctx context.Context, cursor string, limit int) ([]retain.Run, string, error) {
	var rows []runRow
	q := d.IDB(ctx).NewSelect().Model(&rows)
	var at int64
	var id string
	if more, err := store.FromCursor(cursor, &at, &id); err != nil {
		return nil, "", err
	} else if more {
		q = q.Where("(began_at, id) < (?, ?)", at, id)
	}
	limit = store.Limit(limit)
	if err := q.OrderExpr("began_at DESC, id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].BeganAt, rows[limit-1].ID)
	}
	out := make([]retain.Run, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = r.run(); err != nil {
			return nil, "", err
		}
	}
	return out, next, nil
}
