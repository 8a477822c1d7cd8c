package dealdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type opportunityRow struct {
	bun.BaseModel `bun:"table:opportunity"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Pipeline      string `bun:"pipeline_id"`
	Stage         string `bun:"stage_id"`
	State         string `bun:"state"`
	Person        string `bun:"person_id"`
	Organization  string `bun:"organization_id"`
	Programme     string `bun:"programme_id"`
	Owner         string `bun:"owner_id"`
	Amount        int64  `bun:"amount"`
	Currency      string `bun:"currency"`
	CloseOn       string `bun:"close_on"`
	NextStep      string `bun:"next_step"`
	NextOn        string `bun:"next_on"`
	Reason        string `bun:"reason"`
	CreatedBy     string `bun:"created_by"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
	MovedAt       int64  `bun:"moved_at"`
	ClosedAt      int64  `bun:"closed_at"`
}

func (r opportunityRow) opportunity() deal.Opportunity {
	return deal.Opportunity{ID: deal.OpportunityID(r.ID), Name: r.Name, Pipeline: deal.PipelineID(r.Pipeline), Stage: deal.StageID(r.Stage), State: deal.State(r.State),
		Person: social.PersonID(r.Person), Organization: deal.OrganizationID(r.Organization), Programme: social.ProgrammeID(r.Programme), Owner: social.MemberID(r.Owner),
		Amount: r.Amount, Currency: r.Currency, CloseOn: r.CloseOn, NextStep: r.NextStep, NextOn: r.NextOn, Reason: r.Reason, CreatedBy: social.MemberID(r.CreatedBy),
		CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt), MovedAt: store.Time(r.MovedAt), ClosedAt: store.Time(r.ClosedAt)}
}

// Opportunity implements deal.Store.
func (d *DB) Opportunity(ctx context.Context, id deal.OpportunityID) (deal.Opportunity, error) {
	var r opportunityRow
	if err := seen(ctx, d.IDB(ctx).NewSelect().Model(&r), "").Where("id = ?", string(id)).Scan(ctx); err != nil {
		return deal.Opportunity{}, store.NotFound(err, "There is no such opportunity.")
	}
	out, err := d.withTalks(ctx, []opportunityRow{r})
	if err != nil {
		return deal.Opportunity{}, err
	}
	return out[0], nil
}

func (d *DB) withTalks(ctx context.Context, rows []opportunityRow) ([]deal.Opportunity, error) {
	out := make([]deal.Opportunity, len(rows))
	ids, index := make([]string, len(rows)), map[string]int{}
	for i, r := range rows {
		out[i], ids[i], index[r.ID] = r.opportunity(), r.ID, i
	}
	if len(rows) == 0 {
		return out, nil
	}
	var counts []struct {
		ID string
		N  int
	}
	err := d.IDB(ctx).NewRaw("SELECT opportunity_id AS id, COUNT(*) AS n FROM opportunity_conversation WHERE opportunity_id IN (?) GROUP BY opportunity_id", bun.List(ids)).Scan(ctx, &counts)
	for _, c := range counts {
		out[index[c.ID]].Talks = c.N
	}
	return out, err
}

// Opportunities implements deal.Store.
func (d *DB) Opportunities(ctx context.Context, q deal.OpportunityQuery) ([]deal.Opportunity, string, error) {
	var rows []opportunityRow
	sel := called(seen(ctx, d.IDB(ctx).NewSelect().Model(&rows), ""), "opportunity", q.Words)
	for _, c := range []struct{ column, value string }{{"pipeline_id", string(q.Pipeline)}, {"stage_id", string(q.Stage)}, {"state", string(q.State)},
		{"owner_id", string(q.Owner)}, {"organization_id", string(q.Organization)}} {
		if c.value != "" {
			sel = sel.Where("? = ?", bun.Ident(c.column), c.value)
		}
	}
	if q.Persons != nil {
		sel = sel.Where("person_id IN (?)", bun.List(q.Persons))
	}
	if q.Conversation != "" {
		sel = sel.Where("id IN (SELECT opportunity_id FROM opportunity_conversation WHERE conversation_id = ?)", string(q.Conversation))
	}
	by := "updated_at"
	if q.Stage != "" {
		by = "moved_at"
	}
	var at int64
	var id string
	if more, err := store.FromCursor(q.Cursor, &at, &id); err != nil {
		return nil, "", err
	} else if more {
		sel = sel.Where("(?, id) < (?, ?)", bun.Ident(by), at, id)
	}
	limit := store.Limit(q.Limit)
	if err := sel.OrderExpr("? DESC, id DESC", bun.Ident(by)).Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		at = last.UpdatedAt
		if q.Stage != "" {
			at = last.MovedAt
		}
		next = store.Cursor(at, last.ID)
	}
	out, err := d.withTalks(ctx, rows)
	return out, next, err
}

// SaveOpportunity implements deal.Store.
func (d *DB) SaveOpportunity(ctx context.Context, o deal.Opportunity) error {
	r := opportunityRow{ID: string(o.ID), Name: o.Name, Pipeline: string(o.Pipeline), Stage: string(o.Stage), State: string(o.State), Person: string(o.Person),
		Organization: string(o.Organization), Programme: string(o.Programme), Owner: string(o.Owner), Amount: o.Amount, Currency: o.Currency, CloseOn: o.CloseOn,
		NextStep: o.NextStep, NextOn: o.NextOn, Reason: o.Reason, CreatedBy: string(o.CreatedBy), CreatedAt: store.At(o.CreatedAt), UpdatedAt: store.At(o.UpdatedAt),
		MovedAt: store.At(o.MovedAt), ClosedAt: store.At(o.ClosedAt)}
	if err := d.subtract(ctx, r.ID); err != nil {
		return err
	}
	if err := d.upsert(ctx, &r, "id", "name", "stage_id", "state", "person_id", "organization_id", "programme_id", "owner_id", "amount", "currency", "close_on",
		"next_step", "next_on", "reason", "updated_at", "moved_at", "closed_at"); err != nil {
		return err
	}
	if err := d.add(ctx, r, 1); err != nil {
		return err
	}
	return d.name(ctx, "opportunity", r.ID, o.Name)
}

// subtract takes what is kept of an opportunity out of its total.
func (d *DB) subtract(ctx context.Context, id string) error {
	var had []opportunityRow
	if err := d.IDB(ctx).NewSelect().Model(&had).Where("id = ?", id).Scan(ctx); err != nil || len(had) == 0 {
		return err
	}
	return d.add(ctx, had[0], -1)
}

// DropOpportunity implements deal.Store.
func (d *DB) DropOpportunity(ctx context.Context, o deal.Opportunity) error {
	if err := d.subtract(ctx, string(o.ID)); err != nil {
		return err
	}
	for _, sql := range []string{"DELETE FROM opportunity_conversation WHERE opportunity_id = ?", "DELETE FROM opportunity_step WHERE opportunity_id = ?",
		"DELETE FROM business_term WHERE object_id = ?", "DELETE FROM field_value WHERE owner_id = ?", "DELETE FROM opportunity WHERE id = ?"} {
		if _, err := d.IDB(ctx).NewRaw(sql, string(o.ID)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

type stepRow struct {
	bun.BaseModel `bun:"table:opportunity_step"`
	Opportunity   string `bun:"opportunity_id,pk"`
	N             int    `bun:"n,pk"`
	At            int64  `bun:"at"`
	By            string `bun:"by_id"`
	From          string `bun:"from_stage"`
	To            string `bun:"to_stage"`
	Amount        int64  `bun:"amount"`
	Currency      string `bun:"currency"`
	Reason        string `bun:"reason"`
}

// AddStep implements deal.Store.
func (d *DB) AddStep(ctx context.Context, id deal.OpportunityID, s deal.StepTaken) error {
	var n int
	if err := d.IDB(ctx).NewRaw("SELECT COALESCE(MAX(n), 0) + 1 FROM opportunity_step WHERE opportunity_id = ?", string(id)).Scan(ctx, &n); err != nil {
		return err
	}
	r := stepRow{N: n, Opportunity: string(id), At: store.At(s.At), By: string(s.By), From: string(s.From), To: string(s.To), Amount: s.Amount, Currency: s.Currency, Reason: s.Reason}
	_, err := d.IDB(ctx).NewInsert().Model(&r).Returning("NULL").Exec(ctx)
	return err
}

// Steps implements deal.Store: the newest first, at most two hundred.
func (d *DB) Steps(ctx context.Context, id deal.OpportunityID) ([]deal.StepTaken, error) {
	var rows []stepRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("opportunity_id = ?", string(id)).Order("n DESC").Limit(200).Scan(ctx)
	out := make([]deal.StepTaken, len(rows))
	for i, r := range rows {
		out[i] = deal.StepTaken{At: store.Time(r.At), By: social.MemberID(r.By), From: deal.StageID(r.From), To: deal.StageID(r.To), Amount: r.Amount, Currency: r.Currency, Reason: r.Reason}
	}
	return out, err
}

// LinkTalk implements deal.Store.
func (d *DB) LinkTalk(ctx context.Context, id deal.OpportunityID, talk social.ConversationID, by social.MemberID, at time.Time) error {
	_, err := d.IDB(ctx).NewRaw("INSERT INTO opportunity_conversation (opportunity_id, conversation_id, by_id, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		string(id), string(talk), string(by), store.At(at)).Exec(ctx)
	return err
}

// UnlinkTalk implements deal.Store.
func (d *DB) UnlinkTalk(ctx context.Context, id deal.OpportunityID, talk social.ConversationID) error {
	_, err := d.IDB(ctx).NewRaw("DELETE FROM opportunity_conversation WHERE opportunity_id = ? AND conversation_id = ?", string(id), string(talk)).Exec(ctx)
	return err
}

// TalksOf implements deal.Store: the newest first.
func (d *DB) TalksOf(ctx context.Context, id deal.OpportunityID) ([]social.ConversationID, error) {
	var out []social.ConversationID
	err := d.IDB(ctx).NewRaw("SELECT conversation_id FROM opportunity_conversation WHERE opportunity_id = ? ORDER BY at DESC, conversation_id LIMIT 100", string(id)).Scan(ctx, &out)
	return out, err
}
