package dealdb

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
	"golang.org/x/text/currency"
)

var _ segment.Source = (*DB)(nil)

const (
	boughtSQL = `
SELECT person_id, currency, COUNT(*) AS n, CAST(SUM(amount) AS BIGINT) AS amount, MAX(at) AS at FROM customer_order
WHERE person_id IN (?) AND status IN ('paid', 'sent', 'done') GROUP BY person_id, currency`
	wantedSQL  = `SELECT person_id, state, COUNT(*) AS n FROM opportunity WHERE person_id IN (?) AND state IN ('open', 'won') GROUP BY person_id, state`
	worksSQL   = `SELECT person_id, organization_id FROM affiliation WHERE person_id IN (?) AND until = ''`
	touchedSQL = `SELECT person_id FROM opportunity WHERE id IN (?0) AND person_id <> '' UNION SELECT person_id FROM customer_order WHERE id IN (?0) AND person_id <> ''`
)

// Traits implements segment.Source: what persons bought and may order, for
// whom they work, and the company's own fields.
func (d *DB) Traits(ctx context.Context, who []segment.Who, put segment.Put) error {
	known, of := segment.Known(who)
	if err := d.business(ctx, who, known, of, put); err != nil {
		return err
	}
	var works []struct{ PersonID, OrganizationID string }
	if err := d.IDB(ctx).NewRaw(worksSQL, bun.List(known)).Scan(ctx, &works); err != nil {
		return err
	}
	at := map[social.PersonID][]string{}
	for _, w := range works {
		at[of[w.PersonID]] = append(at[of[w.PersonID]], w.OrganizationID)
	}
	for p, orgs := range at {
		put(p, "organizations", cond.TextsValue(orgs))
	}
	return d.ownValues(ctx, who, known, put)
}

func (d *DB) business(ctx context.Context, who []segment.Who, known []string, of map[string]social.PersonID, put segment.Put) error {
	var bought []struct {
		PersonID, Currency string
		N                  int
		Amount, At         int64
	}
	if err := d.IDB(ctx).NewRaw(boughtSQL, bun.List(known)).Scan(ctx, &bought); err != nil {
		return err
	}
	type sum struct {
		orders, open, won int
		last              int64
		spent             map[string]int64
	}
	sums := make(map[social.PersonID]*sum, len(who))
	for _, w := range who {
		sums[w.Person] = &sum{spent: map[string]int64{}}
	}
	for _, b := range bought {
		s := sums[of[b.PersonID]]
		s.orders += b.N
		s.last = max(s.last, b.At)
		s.spent[b.Currency] += b.Amount
	}
	var wanted []struct {
		PersonID, State string
		N               int
	}
	if err := d.IDB(ctx).NewRaw(wantedSQL, bun.List(known)).Scan(ctx, &wanted); err != nil {
		return err
	}
	for _, w := range wanted {
		if s := sums[of[w.PersonID]]; w.State == "won" {
			s.won += w.N
		} else {
			s.open += w.N
		}
	}
	for p, s := range sums {
		put(p, "orders", cond.NumberValue(float64(s.orders)))
		put(p, "opportunities", cond.NumberValue(float64(s.open)))
		put(p, "won", cond.NumberValue(float64(s.won)))
		put(p, "last_order", cond.TimeValue(store.Time(s.last)))
		for c, minor := range s.spent {
			if c != "" {
				put(p, segment.OwnSpent+c, cond.NumberValue(major(minor, c)))
			}
		}
	}
	return nil
}

// major is an amount in whole units of a currency.
func major(minor int64, code string) float64 {
	digits := 2
	if u, err := currency.ParseISO(code); err == nil {
		digits, _ = currency.Standard.Rounding(u)
	}
	return float64(minor) / math.Pow10(digits)
}

// ownValues gives what the company's own fields hold; where somebody had
// several ids, what was written to the first counts.
func (d *DB) ownValues(ctx context.Context, who []segment.Who, known []string, put segment.Put) error {
	all, err := d.Fields(ctx, deal.OfPerson)
	if err != nil || len(all) == 0 {
		return err
	}
	field := make(map[string]deal.Field, len(all))
	for _, f := range all {
		field[string(f.ID)] = f
	}
	var rows []valueRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("owner_id IN (?)", bun.List(known)).Scan(ctx); err != nil {
		return err
	}
	held := map[string]map[string]string{}
	for _, r := range rows {
		if held[r.Owner] == nil {
			held[r.Owner] = map[string]string{}
		}
		held[r.Owner][r.Field] = r.Value
	}
	for _, w := range who {
		had := map[string]bool{}
		for _, owner := range w.Known {
			for id, v := range held[owner] {
				if f, ok := field[id]; ok && !had[id] {
					had[id] = true
					put(w.Person, segment.OwnField+f.Key, valueOf(f.Type, v))
				}
			}
		}
	}
	return nil
}

func valueOf(kind, v string) cond.Value {
	switch kind {
	case "number":
		if n, err := strconv.ParseFloat(v, 64); err == nil {
			return cond.NumberValue(n)
		}
		return cond.Value{}
	case "date":
		t, _ := time.Parse(time.DateOnly, v) // what is no day is absent
		return cond.TimeValue(t)
	case "bool":
		return cond.Value{Has: v != "", Bool: v == "true"}
	}
	return cond.TextValue(v)
}

// Own lists what segments may ask beside what there is in every company.
func (d *DB) Own(ctx context.Context) ([]segment.Own, error) {
	all, err := d.Fields(ctx, deal.OfPerson)
	if err != nil {
		return nil, err
	}
	types := map[string]cond.Type{"text": cond.Text, "number": cond.Number, "date": cond.Date, "bool": cond.Bool, "choice": cond.Choice}
	var out []segment.Own
	for _, f := range all {
		out = append(out, segment.Own{Field: cond.Field{Name: segment.OwnField + f.Key, Type: types[f.Type], Choices: f.Choices}, Label: f.Name, Archived: f.Archived})
	}
	var coins []string
	if err := d.IDB(ctx).NewRaw("SELECT DISTINCT currency FROM customer_order WHERE currency <> '' ORDER BY currency").Scan(ctx, &coins); err != nil {
		return nil, err
	}
	for _, c := range coins {
		out = append(out, segment.Own{Field: cond.Field{Name: segment.OwnSpent + c, Type: cond.Number}, Label: c})
	}
	return out, nil
}

// Customers says of whom opportunities and orders are.
func (d *DB) Customers(ctx context.Context, ids []string) ([]social.PersonID, error) {
	var out []social.PersonID
	if len(ids) == 0 {
		return nil, nil
	}
	err := d.IDB(ctx).NewRaw(touchedSQL, bun.List(ids)).Scan(ctx, &out)
	return out, err
}
