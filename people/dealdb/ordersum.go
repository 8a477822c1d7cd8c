package dealdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// dayRow is what orders of a day come to.
type dayRow struct {
	bun.BaseModel `bun:"table:order_day,alias:s"`
	Day           int64  `bun:"day"`
	Status        string `bun:"status"`
	Currency      string `bun:"currency"`
	Source        string `bun:"source"`
	Programme     string `bun:"programme_id"`
	N             int64  `bun:"n"`
	Amount        int64  `bun:"amount"`
}

func dayOf(t time.Time) int64 { return t.Unix() / 86_400 }

func (r orderRow) day() dayRow {
	return dayRow{Day: dayOf(store.Time(r.At)), Status: r.Status, Currency: r.Currency, Source: r.Source, Programme: r.Programme}
}

// tally takes orders as they were out of the sums, and puts them in as they are.
func (d *DB) tally(ctx context.Context, was, now []orderRow) error {
	type sum struct{ n, amount int64 }
	cells := map[dayRow]sum{}
	add := func(r orderRow, sign int64) {
		c := cells[r.day()]
		cells[r.day()] = sum{c.n + sign, c.amount + sign*r.Amount}
	}
	for _, r := range was {
		add(r, -1)
	}
	for _, r := range now {
		add(r, 1)
	}
	var rows []dayRow
	for r, s := range cells {
		if s.n != 0 || s.amount != 0 {
			r.N, r.Amount = s.n, s.amount
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (day, status, currency, source, programme_id) DO UPDATE").
		Set("n = s.n + EXCLUDED.n").Set("amount = s.amount + EXCLUDED.amount").Exec(ctx)
	return err
}

// nameOrder makes an order found by its number, the shop's id and what was ordered.
func (d *DB) nameOrder(ctx context.Context, o deal.Order) error {
	texts := []string{o.Number, o.External}
	for _, l := range o.Lines {
		texts = append(texts, l.SKU, l.Name)
	}
	return d.name(ctx, "order", string(o.ID), texts...)
}

// Recount implements deal.Store.
func (d *DB) Recount(ctx context.Context) error {
	if done, err := d.IDB(ctx).NewSelect().Model((*dayRow)(nil)).Exists(ctx); err != nil || done {
		return err
	}
	for last := ""; ; {
		var rows []orderRow
		if err := d.IDB(ctx).NewSelect().Model(&rows).Where("id > ?", last).Order("id").Limit(500).Scan(ctx); err != nil || len(rows) == 0 {
			return err
		}
		orders, err := d.withLines(ctx, rows)
		if err != nil {
			return err
		}
		for _, o := range orders {
			if err := d.nameOrder(ctx, o); err != nil {
				return err
			}
		}
		if err := d.tally(ctx, nil, rows); err != nil {
			return err
		}
		last = rows[len(rows)-1].ID
	}
}

func filtered(q *bun.SelectQuery, f deal.OrderFilter) *bun.SelectQuery {
	q = called(q, "order", f.Words)
	for _, is := range []struct{ column, value string }{{"status", f.Status}, {"source", f.Source}, {"currency", f.Currency}, {"programme_id", string(f.Programme)}} {
		if is.value != "" {
			q = q.Where("? = ?", bun.Ident(is.column), is.value)
		}
	}
	if !f.Since.IsZero() {
		q = q.Where("at >= ?", store.At(f.Since))
	}
	if !f.Until.IsZero() {
		q = q.Where("at < ?", store.At(f.Until))
	}
	if f.Least != 0 {
		q = q.Where("amount >= ?", f.Least)
	}
	if f.Most != 0 {
		q = q.Where("amount <= ?", f.Most)
	}
	if f.Nobody {
		q = q.Where("person_id = ''")
	}
	return q
}

// OrderSums implements deal.Store.
func (d *DB) OrderSums(ctx context.Context, f deal.OrderFilter) ([]deal.OrderSum, error) {
	q := seen(ctx, d.IDB(ctx).NewSelect().Model((*dayRow)(nil)), "").ColumnExpr("status, currency, CAST(SUM(n) AS BIGINT) AS n, CAST(SUM(amount) AS BIGINT) AS amount").
		GroupExpr("status, currency").Having("SUM(n) > 0").OrderExpr("n DESC, status, currency")
	for _, is := range []struct{ column, value string }{{"status", f.Status}, {"source", f.Source}, {"currency", f.Currency}, {"programme_id", string(f.Programme)}} {
		if is.value != "" {
			q = q.Where("? = ?", bun.Ident(is.column), is.value)
		}
	}
	if !f.Since.IsZero() {
		q = q.Where("day >= ?", dayOf(f.Since))
	}
	if !f.Until.IsZero() {
		q = q.Where("day < ?", dayOf(f.Until.Add(24*time.Hour-time.Nanosecond)))
	}
	var out []deal.OrderSum
	err := q.Scan(ctx, &out)
	return out, err
}

// Sources implements deal.Store.
func (d *DB) Sources(ctx context.Context) ([]string, error) {
	var out []string
	err := seen(ctx, d.IDB(ctx).NewSelect().Model((*dayRow)(nil)), "").ColumnExpr("DISTINCT source").Where("source <> ''").Order("source").Limit(50).Scan(ctx, &out)
	return out, err
}
