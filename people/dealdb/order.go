package dealdb

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type orderRow struct {
	bun.BaseModel `bun:"table:customer_order"`
	ID            string `bun:"id,pk"`
	External      string `bun:"external_id"`
	Number        string `bun:"number"`
	Status        string `bun:"status"`
	Person        string `bun:"person_id"`
	Organization  string `bun:"organization_id"`
	Opportunity   string `bun:"opportunity_id"`
	Conversation  string `bun:"conversation_id"`
	Programme     string `bun:"programme_id"`
	Amount        int64  `bun:"amount"`
	Currency      string `bun:"currency"`
	URL           string `bun:"url"`
	Source        string `bun:"source"`
	At            int64  `bun:"at"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func (r orderRow) order() deal.Order {
	return deal.Order{ID: deal.OrderID(r.ID), External: r.External, Number: r.Number, Status: r.Status, Person: social.PersonID(r.Person), Organization: deal.OrganizationID(r.Organization),
		Opportunity: deal.OpportunityID(r.Opportunity), Conversation: social.ConversationID(r.Conversation), Programme: social.ProgrammeID(r.Programme), Amount: r.Amount, Currency: r.Currency,
		URL: r.URL, Source: r.Source, At: store.Time(r.At), CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt)}
}

type lineRow struct {
	bun.BaseModel `bun:"table:order_line"`
	Order         string  `bun:"order_id,pk"`
	N             int     `bun:"n,pk"`
	SKU           string  `bun:"sku"`
	Name          string  `bun:"name"`
	Quantity      float64 `bun:"quantity"`
	Amount        int64   `bun:"amount"`
}

// bought: orders of somebody in scope are in scope.
const bought = "person_id IN (SELECT s.person_id FROM person_programme s WHERE s.programme_id IN (?))"

func (d *DB) withLines(ctx context.Context, rows []orderRow) ([]deal.Order, error) {
	out := make([]deal.Order, len(rows))
	ids, index := make([]string, len(rows)), map[string]int{}
	for i, r := range rows {
		out[i], ids[i], index[r.ID] = r.order(), r.ID, i
	}
	if len(rows) == 0 {
		return out, nil
	}
	var lines []lineRow
	err := d.IDB(ctx).NewSelect().Model(&lines).Where("order_id IN (?)", bun.List(ids)).Order("order_id", "n").Scan(ctx)
	for _, l := range lines {
		o := &out[index[l.Order]]
		o.Lines = append(o.Lines, deal.OrderLine{SKU: l.SKU, Name: l.Name, Quantity: l.Quantity, Amount: l.Amount})
	}
	return out, err
}

func (d *DB) one(ctx context.Context, q *bun.SelectQuery, r *orderRow) (deal.Order, error) {
	if err := q.Scan(ctx); err != nil {
		return deal.Order{}, store.NotFound(err, "There is no such order.")
	}
	out, err := d.withLines(ctx, []orderRow{*r})
	if err != nil {
		return deal.Order{}, err
	}
	return out[0], nil
}

// Order implements deal.Store.
func (d *DB) Order(ctx context.Context, id deal.OrderID) (deal.Order, error) {
	var r orderRow
	return d.one(ctx, seen(ctx, d.IDB(ctx).NewSelect().Model(&r), bought).Where("id = ?", string(id)), &r)
}

// OrderOf implements deal.Store.
func (d *DB) OrderOf(ctx context.Context, external string) (deal.Order, error) {
	var r orderRow
	return d.one(ctx, d.IDB(ctx).NewSelect().Model(&r).Where("external_id = ?", external), &r)
}

// SaveOrder implements deal.Store.
func (d *DB) SaveOrder(ctx context.Context, o deal.Order) error {
	r := orderRow{ID: string(o.ID), External: o.External, Number: o.Number, Status: o.Status, Person: string(o.Person), Organization: string(o.Organization), Opportunity: string(o.Opportunity),
		Conversation: string(o.Conversation), Programme: string(o.Programme), Amount: o.Amount, Currency: o.Currency, URL: o.URL, Source: o.Source, At: store.At(o.At), CreatedAt: store.At(o.CreatedAt), UpdatedAt: store.At(o.UpdatedAt)}
	var was []orderRow
	if err := d.IDB(ctx).NewSelect().Model(&was).Where("id = ?", r.ID).Scan(ctx); err != nil {
		return err
	}
	if err := d.upsert(ctx, &r, "id", "number", "status", "person_id", "organization_id", "opportunity_id", "conversation_id", "programme_id", "amount", "currency", "url", "source", "at", "updated_at"); err != nil {
		return err
	}
	if err := d.tally(ctx, was, []orderRow{r}); err != nil {
		return err
	}
	if err := d.nameOrder(ctx, o); err != nil {
		return err
	}
	if _, err := d.IDB(ctx).NewRaw("DELETE FROM order_line WHERE order_id = ?", r.ID).Exec(ctx); err != nil || len(o.Lines) == 0 {
		return err
	}
	lines := make([]lineRow, len(o.Lines))
	for i, l := range o.Lines {
		lines[i] = lineRow{Order: r.ID, N: i, SKU: l.SKU, Name: l.Name, Quantity: l.Quantity, Amount: l.Amount}
	}
	_, err := d.IDB(ctx).NewInsert().Model(&lines).Exec(ctx)
	return err
}

// DropOrder implements deal.Store.
func (d *DB) DropOrder(ctx context.Context, id deal.OrderID) error {
	var was []orderRow
	if err := d.IDB(ctx).NewSelect().Model(&was).Where("id = ?", string(id)).Scan(ctx); err != nil {
		return err
	}
	if err := d.tally(ctx, was, nil); err != nil {
		return err
	}
	for _, sql := range []string{"DELETE FROM business_term WHERE object_id = ?", "DELETE FROM order_line WHERE order_id = ?", "DELETE FROM customer_order WHERE id = ?"} {
		if _, err := d.IDB(ctx).NewRaw(sql, string(id)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Orders implements deal.Store.
func (d *DB) Orders(ctx context.Context, q deal.OrderQuery) ([]deal.Order, string, error) {
	var rows []orderRow
	sel := seen(ctx, d.IDB(ctx).NewSelect().Model(&rows), bought)
	if q.Persons != nil {
		sel = sel.Where("person_id IN (?)", bun.List(q.Persons))
	}
	if q.Opportunity != "" {
		sel = sel.Where("opportunity_id = ?", string(q.Opportunity))
	}
	if q.Organization != "" {
		sel = sel.Where("organization_id = ?", string(q.Organization))
	}
	sel = filtered(sel, q.OrderFilter)
	var at int64
	var id string
	if more, err := store.FromCursor(q.Cursor, &at, &id); err != nil {
		return nil, "", err
	} else if more {
		sel = sel.Where("(at, id) < (?, ?)", at, id)
	}
	limit := store.Limit(q.Limit)
	if err := sel.Order("at DESC", "id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].At, rows[limit-1].ID)
	}
	out, err := d.withLines(ctx, rows)
	return out, next, err
}

// Spent implements deal.Store.
func (d *DB) Spent(ctx context.Context, persons []string) ([]deal.Spent, error) {
	var rows []struct {
		Currency string
		N        int
		Amount   int64
	}
	err := d.IDB(ctx).NewSelect().TableExpr("customer_order").ColumnExpr("currency, COUNT(*) AS n, CAST(SUM(amount) AS BIGINT) AS amount").
		Where("person_id IN (?)", bun.List(persons)).Where("status IN ('paid', 'sent', 'done')").GroupExpr("currency").OrderExpr("n DESC, currency").Scan(ctx, &rows)
	out := make([]deal.Spent, len(rows))
	for i, r := range rows {
		out[i] = deal.Spent(r)
	}
	return out, err
}

const orderMomentSQL = `
SELECT o.id, o.at, o.number, o.status, o.amount, o.currency, o.url, o.conversation_id, o.person_id FROM customer_order o
WHERE o.person_id IN (?) AND (o.at, o.id) < (?, ?) ORDER BY o.at DESC, o.id DESC LIMIT ?`

const dealMomentSQL = `
SELECT o.id, o.created_at AS at, o.name AS number, o.state AS status, o.amount, o.currency, '' AS url, '' AS conversation_id, o.person_id FROM opportunity o
WHERE o.person_id IN (?) AND (o.created_at, o.id) < (?, ?) ORDER BY o.created_at DESC, o.id DESC LIMIT ?`

// Moments implements people.Owned with orders, their lines, and opportunities.
func (d *DB) Moments(ctx context.Context, persons []string, l people.Look) ([]people.Moment, error) {
	if len(l.Channels) > 0 || l.About != "" {
		return nil, nil
	}
	var out []people.Moment
	orders := map[string]int{}
	for kind, sql := range map[string]string{"order": orderMomentSQL, "opportunity": dealMomentSQL} {
		if !l.Wants(kind) {
			continue
		}
		var rows []struct {
			ID, Number, Status, Currency, URL string
			ConversationID                    social.ConversationID
			PersonID                          social.PersonID
			At, Amount                        int64
		}
		if err := d.IDB(ctx).NewRaw(sql, bun.List(persons), store.At(l.Before), l.BeforeID, l.Limit).Scan(ctx, &rows); err != nil {
			return nil, err
		}
		for _, r := range rows {
			if kind == "order" {
				orders[r.ID] = len(out)
			}
			out = append(out, people.Moment{At: store.Time(r.At), ID: r.ID, Kind: kind, Text: r.Number, State: r.Status, Minor: r.Amount, Currency: r.Currency, URL: r.URL, Conversation: r.ConversationID, Object: r.ID, Owner: r.PersonID})
		}
	}
	if len(orders) == 0 {
		return out, nil
	}
	var lines []lineRow
	err := d.IDB(ctx).NewSelect().Model(&lines).Where("order_id IN (?)", bun.List(slices.Collect(maps.Keys(orders)))).Order("order_id", "n").Scan(ctx)
	for _, x := range lines {
		m := &out[orders[x.Order]]
		m.With = append(m.With, people.With{Kind: "line", Text: strings.TrimSpace(x.Name + " " + x.SKU)})
	}
	return out, err
}
