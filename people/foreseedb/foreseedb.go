// Package foreseedb keeps what is foreseen of persons in SQL, and reads what
// this room holds of their past.
package foreseedb

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/people/foresee"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements foresee.Store.
type DB struct{ *store.DB }

// New keeps what is foreseen in db.
func New(db *store.DB) *DB { return &DB{db} }

var (
	_ foresee.Store  = (*DB)(nil)
	_ foresee.Source = (*DB)(nil)
	_ segment.Source = (*DB)(nil)
)

type stateRow struct {
	bun.BaseModel `bun:"table:outlook"`
	What          string `bun:"what,pk"`
	Active        bool   `bun:"active"`
	AskedAt       int64  `bun:"asked_at"`
	LearnedAt     int64  `bun:"learned_at"`
	Version       int64  `bun:"version"`
	Figures       string `bun:"figures"`
	Model         string `bun:"model"`
}

func (r stateRow) state() (foresee.State, error) {
	s := foresee.State{What: foresee.What(r.What), On: r.Active, Asked: store.Time(r.AskedAt), Learned: store.Time(r.LearnedAt), Version: r.Version}
	if err := json.Unmarshal([]byte(r.Figures), &s.Figures); err != nil {
		return s, err
	}
	if r.Model == "" {
		return s, nil
	}
	s.Model = &foresee.Model{}
	return s, json.Unmarshal([]byte(r.Model), s.Model)
}

// States implements foresee.Store.
func (d *DB) States(ctx context.Context) (map[foresee.What]foresee.State, error) {
	var rows []stateRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Scan(ctx); err != nil {
		return nil, err
	}
	out := make(map[foresee.What]foresee.State, len(rows))
	for _, r := range rows {
		s, err := r.state()
		if err != nil {
			return nil, err
		}
		out[s.What] = s
	}
	return out, nil
}

// State implements foresee.Store.
func (d *DB) State(ctx context.Context, w foresee.What) (foresee.State, error) {
	all, err := d.States(ctx)
	if err != nil {
		return foresee.State{}, err
	}
	s, ok := all[w]
	if !ok {
		return s, social.Errorf(social.NotFound, "This was never learned.")
	}
	return s, nil
}

// SaveState implements foresee.Store.
func (d *DB) SaveState(ctx context.Context, s foresee.State) error {
	r := stateRow{What: string(s.What), Active: s.On, AskedAt: store.At(s.Asked), LearnedAt: store.At(s.Learned), Version: s.Version}
	figures, err := json.Marshal(s.Figures)
	if err != nil {
		return err
	}
	r.Figures = string(figures)
	if s.Model != nil {
		model, err := json.Marshal(s.Model)
		if err != nil {
			return err
		}
		r.Model = string(model)
	}
	q := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (what) DO UPDATE")
	for _, c := range []string{"active", "asked_at", "learned_at", "version", "figures", "model"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err = q.Exec(ctx)
	return err
}

const objectedSQL = `SELECT DISTINCT identity_id FROM consent_now WHERE identity_id IN (?) AND purpose = ? AND state IN (?, ?)`

// Objected implements foresee.Store: one no is enough, of any account on any channel.
func (d *DB) Objected(ctx context.Context, who []segment.Who) (map[social.PersonID]bool, error) {
	ids, of := segment.Accounts(who)
	out := map[social.PersonID]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	var no []social.IdentityID
	if err := d.IDB(ctx).NewRaw(objectedSQL, bun.List(ids), consent.Profiling, consent.Refused, consent.Withdrawn).Scan(ctx, &no); err != nil {
		return nil, err
	}
	for _, i := range no {
		out[of[i]] = true
	}
	return out, nil
}

type outlookRow struct {
	bun.BaseModel `bun:"table:person_outlook"`
	Person        string  `bun:"person_id,pk"`
	What          string  `bun:"what,pk"`
	Share         float64 `bun:"share"`
	Usual         float64 `bun:"usual"`
	Reasons       string  `bun:"reasons"`
	Version       int64   `bun:"version"`
	At            int64   `bun:"at"`
}

// percent is a share as segments ask for it.
func percent(share float64) float64 { return math.Round(share * 100) }

// Replace implements foresee.Store. Whoever was erased or joined into another
// meanwhile gets nothing.
func (d *DB) Replace(ctx context.Context, who []social.PersonID, outlooks map[social.PersonID][]foresee.Outlook) ([]social.PersonID, error) {
	var had []outlookRow
	if err := d.IDB(ctx).NewSelect().Model(&had).Where("person_id IN (?)", bun.List(who)).Scan(ctx); err != nil {
		return nil, err
	}
	var there []string
	if err := d.IDB(ctx).NewRaw("SELECT id FROM person WHERE id IN (?) AND merged_into = '' AND erased_at = 0", bun.List(who)).Scan(ctx, &there); err != nil {
		return nil, err
	}
	type key struct{ person, what string }
	differ := map[key]float64{}
	for _, r := range had {
		differ[key{r.Person, r.What}] = percent(r.Share)
	}
	var rows []outlookRow
	changed := map[string]bool{}
	for _, id := range there {
		for _, o := range outlooks[social.PersonID(id)] {
			reasons, err := json.Marshal(o.Reasons)
			if err != nil {
				return nil, err
			}
			rows = append(rows, outlookRow{Person: id, What: string(o.What), Share: o.Share, Usual: o.Usual, Reasons: string(reasons), Version: o.Version, At: store.At(o.At)})
			k := key{id, string(o.What)}
			if was, ok := differ[k]; !ok || was != percent(o.Share) {
				changed[id] = true
			}
			delete(differ, k)
		}
	}
	for k := range differ {
		changed[k.person] = true // it is foreseen no more
	}
	if _, err := d.IDB(ctx).NewRaw("DELETE FROM person_outlook WHERE person_id IN (?)", bun.List(who)).Exec(ctx); err != nil {
		return nil, err
	}
	for part := range slices.Chunk(rows, 200) {
		if _, err := d.IDB(ctx).NewInsert().Model(&part).Returning("NULL").Exec(ctx); err != nil {
			return nil, err
		}
	}
	return sorted(changed), nil
}

func sorted(ids map[string]bool) []social.PersonID {
	out := make([]social.PersonID, 0, len(ids))
	for id := range ids {
		out = append(out, social.PersonID(id))
	}
	slices.Sort(out)
	return out
}

// Clean implements foresee.Store.
func (d *DB) Clean(ctx context.Context, shown []foresee.What) ([]social.PersonID, error) {
	where := "WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.id = person_outlook.person_id AND p.merged_into = '' AND p.erased_at = 0)"
	var args []any
	if len(shown) == 0 {
		where = ""
	} else {
		where += " OR what NOT IN (?)"
		args = append(args, bun.List(shown))
	}
	var ids []social.PersonID
	if err := d.IDB(ctx).NewRaw("SELECT DISTINCT person_id FROM person_outlook "+where+" ORDER BY person_id", args...).Scan(ctx, &ids); err != nil || len(ids) == 0 {
		return nil, err
	}
	_, err := d.IDB(ctx).NewRaw("DELETE FROM person_outlook "+where, args...).Exec(ctx)
	return ids, err
}

const (
	ordersSQL = `
SELECT person_id, status, amount, currency, at, created_at, updated_at FROM customer_order
WHERE person_id IN (?) AND at >= ? AND status IN ('paid', 'sent', 'done', 'cancelled', 'refunded')`
	brokenSQL = `SELECT person_id, updated_at FROM person_promise WHERE person_id IN (?) AND state = 'broken' AND updated_at >= ?`
)

// Fill implements foresee.Source: what they bought, and what we promised and
// did not keep. An order that never stood, as it came to us, is none.
func (d *DB) Fill(ctx context.Context, who []segment.Who, since time.Time, of func(social.PersonID) *foresee.Past) error {
	known, root := segment.Known(who)
	var orders []struct {
		PersonID, Status, Currency string
		Amount                     int64
		At, CreatedAt, UpdatedAt   int64
	}
	if err := d.IDB(ctx).NewRaw(ordersSQL, bun.List(known), store.At(since)).Scan(ctx, &orders); err != nil {
		return err
	}
	for _, r := range orders {
		o := foresee.Order{At: store.Time(r.At), Amount: r.Amount, Currency: r.Currency}
		if r.Status == "cancelled" || r.Status == "refunded" {
			if r.UpdatedAt <= r.CreatedAt {
				continue
			}
			o.Until = store.Time(r.UpdatedAt)
		}
		p := of(root[r.PersonID])
		p.Orders = append(p.Orders, o)
	}
	var broken []struct {
		PersonID  string
		UpdatedAt int64
	}
	if err := d.IDB(ctx).NewRaw(brokenSQL, bun.List(known), store.At(since)).Scan(ctx, &broken); err != nil {
		return err
	}
	for _, r := range broken {
		p := of(root[r.PersonID])
		p.Broken = append(p.Broken, store.Time(r.UpdatedAt))
	}
	return nil
}

// Traits implements segment.Source: what was foreseen last night, in
// hundredths. Of whoever objected since, nothing.
func (d *DB) Traits(ctx context.Context, who []segment.Who, put segment.Put) error {
	objected, err := d.Objected(ctx, who)
	if err != nil {
		return err
	}
	ids := make([]social.PersonID, len(who))
	for i, w := range who {
		ids[i] = w.Person
	}
	var rows []outlookRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("person_id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return err
	}
	for _, r := range rows {
		if p := social.PersonID(r.Person); !objected[p] {
			put(p, r.What, cond.NumberValue(percent(r.Share)))
		}
	}
	return nil
}

// Personal is what is foreseen of somebody.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "outlook", Holds: []store.Held{
		{Name: "what may come", Gather: "SELECT what, share, reasons, at FROM person_outlook WHERE person_id IN (?0) ORDER BY what", Erase: []string{"DELETE FROM person_outlook WHERE person_id IN (?0)"}},
	}}
}

// Extracts are the tables of what is foreseen that can be taken out.
func (d *DB) Extracts() []extract.Table {
	return []extract.Table{
		d.Table(store.Extract{Name: "outlooks", From: "outlook", Keys: []string{"what"}, Columns: []string{"what", "active:bool", "learned_at:time", "version:int", "figures:json"}}),
		d.Table(store.Extract{Name: "person_outlooks", From: "person_outlook", Keys: []string{"person_id", "what"}, Columns: []string{"person_id", "what", "share:real", "usual:real", "reasons:json", "version:int", "at:time"}}),
	}
}
