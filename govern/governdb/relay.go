package governdb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/govern/relay"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ relay.Store = (*DB)(nil)

type endpointRow struct {
	bun.BaseModel `bun:"table:hook_endpoint"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	URL           string `bun:"url"`
	Facts         string `bun:"facts"`
	State         string `bun:"state"`
	Secret        string `bun:"secret"`
	OldSecret     string `bun:"old_secret"`
	OldUntil      int64  `bun:"old_until"`
	FailingSince  int64  `bun:"failing_since"`
	LastAt        int64  `bun:"last_at"`
	Note          string `bun:"note"`
	By            string `bun:"by_id"`
	CreatedAt     int64  `bun:"created_at"`
}

func (r endpointRow) endpoint() (relay.Endpoint, error) {
	e := relay.Endpoint{ID: r.ID, Name: r.Name, URL: r.URL, State: r.State, Secret: r.Secret, OldSecret: r.OldSecret, OldUntil: store.Time(r.OldUntil),
		Failing: store.Time(r.FailingSince), Last: store.Time(r.LastAt), Note: r.Note, By: social.MemberID(r.By), Created: store.Time(r.CreatedAt)}
	return e, json.Unmarshal([]byte(r.Facts), &e.Facts)
}

// Endpoints implements relay.Store.
func (db *DB) Endpoints(ctx context.Context, since time.Time) ([]relay.Endpoint, error) {
	var rows []endpointRow
	if err := db.IDB(ctx).NewSelect().Model(&rows).Order("name", "id").Scan(ctx); err != nil || len(rows) == 0 {
		return nil, err
	}
	var counts []struct {
		EndpointID string
		State      string
		N          int
	}
	err := db.IDB(ctx).NewRaw(`
SELECT endpoint_id, state, COUNT(*) AS n FROM hook_delivery WHERE state = 'open' GROUP BY endpoint_id, state
UNION ALL
SELECT endpoint_id, state, COUNT(*) FROM hook_delivery WHERE ended_at > 0 AND ended_at >= ? AND state = 'failed' GROUP BY endpoint_id, state`, store.At(since)).Scan(ctx, &counts)
	if err != nil {
		return nil, err
	}
	out := make([]relay.Endpoint, len(rows))
	for i, r := range rows {
		if out[i], err = r.endpoint(); err != nil {
			return nil, err
		}
		for _, c := range counts {
			switch {
			case c.EndpointID != r.ID:
			case c.State == relay.Open:
				out[i].Open = c.N
			default:
				out[i].Failed = c.N
			}
		}
	}
	return out, nil
}

// Endpoint implements relay.Store.
func (db *DB) Endpoint(ctx context.Context, id string) (relay.Endpoint, error) {
	var r endpointRow
	if err := db.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return relay.Endpoint{}, store.NotFound(err, "There is no such webhook.")
	}
	return r.endpoint()
}

// SaveEndpoint implements relay.Store.
func (db *DB) SaveEndpoint(ctx context.Context, e relay.Endpoint) error {
	facts, err := json.Marshal(append([]string{}, e.Facts...))
	if err != nil {
		return err
	}
	r := endpointRow{ID: e.ID, Name: e.Name, URL: e.URL, Facts: string(facts), State: e.State, Secret: e.Secret, OldSecret: e.OldSecret, OldUntil: store.At(e.OldUntil),
		FailingSince: store.At(e.Failing), LastAt: store.At(e.Last), Note: e.Note, By: string(e.By), CreatedAt: store.At(e.Created)}
	q := db.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (id) DO UPDATE")
	for _, c := range []string{"name", "url", "facts", "state", "secret", "old_secret", "old_until", "failing_since", "note"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err = q.Returning("NULL").Exec(ctx)
	return err
}

// Health implements relay.Store.
func (db *DB) Health(ctx context.Context, e relay.Endpoint) error {
	_, err := db.IDB(ctx).NewRaw("UPDATE hook_endpoint SET failing_since = ?, last_at = ? WHERE id = ?", store.At(e.Failing), store.At(e.Last), e.ID).Exec(ctx)
	return err
}

// Break implements relay.Store.
func (db *DB) Break(ctx context.Context, id, why string) (bool, error) {
	res, err := db.IDB(ctx).NewRaw("UPDATE hook_endpoint SET state = 'broken', note = ? WHERE id = ? AND state = 'on'", why, id).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// DropEndpoint implements relay.Store.
func (db *DB) DropEndpoint(ctx context.Context, id string) error {
	for _, q := range []string{"DELETE FROM hook_delivery WHERE endpoint_id = ?", "DELETE FROM hook_endpoint WHERE id = ?"} {
		if _, err := db.IDB(ctx).NewRaw(q, id).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

type deliveryRow struct {
	bun.BaseModel `bun:"table:hook_delivery"`
	ID            string `bun:"id,pk"`
	Endpoint      string `bun:"endpoint_id"`
	Event         string `bun:"event_id"`
	Type          string `bun:"type"`
	Subject       string `bun:"subject"`
	Body          string `bun:"body"`
	State         string `bun:"state"`
	Attempts      int    `bun:"attempts"`
	NextAt        int64  `bun:"next_at"`
	Status        int    `bun:"status"`
	Problem       string `bun:"problem"`
	Answer        string `bun:"answer"`
	Took          int64  `bun:"took"`
	CreatedAt     int64  `bun:"created_at"`
	TriedAt       int64  `bun:"tried_at"`
	EndedAt       int64  `bun:"ended_at"`
}

func rowOfDelivery(d relay.Delivery) deliveryRow {
	return deliveryRow{ID: d.ID, Endpoint: d.Endpoint, Event: d.Event, Type: d.Type, Subject: d.Subject, Body: d.Body, State: d.State, Attempts: d.Attempts,
		NextAt: store.At(d.Next), Status: d.Status, Problem: d.Problem, Answer: d.Answer, Took: d.Took.Microseconds(),
		CreatedAt: store.At(d.Created), TriedAt: store.At(d.Tried), EndedAt: store.At(d.Ended)}
}

func deliveries(rows []deliveryRow) []relay.Delivery {
	out := make([]relay.Delivery, len(rows))
	for i, r := range rows {
		out[i] = relay.Delivery{ID: r.ID, Endpoint: r.Endpoint, Event: r.Event, Type: r.Type, Subject: r.Subject, Body: r.Body, State: r.State, Attempts: r.Attempts,
			Next: store.Time(r.NextAt), Status: r.Status, Problem: r.Problem, Answer: r.Answer, Took: time.Duration(r.Took) * time.Microsecond,
			Created: store.Time(r.CreatedAt), Tried: store.Time(r.TriedAt), Ended: store.Time(r.EndedAt)}
	}
	return out
}

// AddDeliveries implements relay.Store.
func (db *DB) AddDeliveries(ctx context.Context, all []relay.Delivery) error {
	for len(all) > 0 {
		part := all[:min(len(all), 200)]
		all = all[len(part):]
		rows := make([]deliveryRow, len(part))
		for i, d := range part {
			rows[i] = rowOfDelivery(d)
		}
		if _, err := db.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Delivery implements relay.Store.
func (db *DB) Delivery(ctx context.Context, id string) (relay.Delivery, error) {
	var r deliveryRow
	if err := db.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return relay.Delivery{}, store.NotFound(err, "There is no such delivery.")
	}
	return deliveries([]deliveryRow{r})[0], nil
}

// SaveDelivery implements relay.Store.
func (db *DB) SaveDelivery(ctx context.Context, d relay.Delivery) error {
	r := rowOfDelivery(d)
	_, err := db.IDB(ctx).NewUpdate().Model(&r).WherePK().Column("state", "attempts", "next_at", "status", "problem", "answer", "took", "tried_at", "ended_at").Exec(ctx)
	return err
}

// Deliveries implements relay.Store.
func (db *DB) Deliveries(ctx context.Context, q relay.Query) ([]relay.Delivery, string, error) {
	before := "~"
	if _, err := store.FromCursor(q.Cursor, &before); err != nil {
		return nil, "", err
	}
	var rows []deliveryRow
	sel := db.IDB(ctx).NewSelect().Model(&rows).Where("endpoint_id = ? AND id < ?", q.Endpoint, before)
	if q.State != "" {
		sel = sel.Where("state = ?", q.State)
	}
	if q.Type != "" {
		sel = sel.Where("type = ?", q.Type)
	}
	limit := store.Limit(q.Limit)
	if err := sel.Order("id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	rows, next := page(rows, limit, func(r deliveryRow) []any { return []any{r.ID} })
	return deliveries(rows), next, nil
}

const relayLock = 0x72656c61 // "rela"

// Take implements relay.Store.
func (db *DB) Take(ctx context.Context, now, lease time.Time, each int, busy map[string]int) ([]relay.Delivery, error) {
	if err := db.Dialect.Lock(ctx, db.IDB(ctx), relayLock); err != nil {
		return nil, err
	}
	var on []string
	if err := db.IDB(ctx).NewRaw("SELECT id FROM hook_endpoint WHERE state = 'on'").Scan(ctx, &on); err != nil {
		return nil, err
	}
	var out []relay.Delivery
	for _, e := range on {
		if busy[e] >= each {
			continue
		}
		var rows []deliveryRow
		if err := db.IDB(ctx).NewSelect().Model(&rows).Where("state = 'open' AND endpoint_id = ? AND next_at <= ?", e, store.At(now)).
			Order("next_at", "id").Limit(int64(each - busy[e])).Scan(ctx); err != nil {
			return nil, err
		}
		for _, r := range rows {
			r.Attempts++
			r.NextAt = store.At(lease)
			if _, err := db.IDB(ctx).NewRaw("UPDATE hook_delivery SET attempts = ?, next_at = ? WHERE id = ?", r.Attempts, r.NextAt, r.ID).Exec(ctx); err != nil {
				return nil, err
			}
			out = append(out, deliveries([]deliveryRow{r})[0])
		}
	}
	return out, nil
}

// NextDue implements relay.Store.
func (db *DB) NextDue(ctx context.Context) (time.Time, error) {
	var at int64
	err := db.IDB(ctx).NewRaw(`SELECT COALESCE(MIN(d.next_at), 0) FROM hook_delivery d JOIN hook_endpoint e ON e.id = d.endpoint_id
WHERE d.state = 'open' AND e.state = 'on'`).Scan(ctx, &at)
	return store.Time(at), err
}

// Again implements relay.Store.
func (db *DB) Again(ctx context.Context, endpoint string, since, until time.Time, failed bool, now time.Time) (int, error) {
	res, err := db.IDB(ctx).NewRaw(`UPDATE hook_delivery SET state = 'open', attempts = 0, next_at = ?0, ended_at = 0
WHERE endpoint_id = ?1 AND created_at >= ?2 AND created_at < ?3 AND (state = 'failed' OR (?4 AND state = 'done'))`,
		store.At(now), endpoint, store.At(since), store.At(until), !failed).Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// Hurry implements relay.Store.
func (db *DB) Hurry(ctx context.Context, endpoint string, now time.Time) error {
	_, err := db.IDB(ctx).NewRaw("UPDATE hook_delivery SET next_at = ?, attempts = 0 WHERE endpoint_id = ? AND state = 'open'", store.At(now), endpoint).Exec(ctx)
	return err
}

// Sweep implements relay.Store.
func (db *DB) Sweep(ctx context.Context, before, now time.Time) error {
	if _, err := db.IDB(ctx).NewRaw("DELETE FROM hook_delivery WHERE ended_at > 0 AND ended_at < ?", store.At(before)).Exec(ctx); err != nil {
		return err
	}
	_, err := db.IDB(ctx).NewRaw("UPDATE hook_delivery SET state = 'failed', next_at = 0, ended_at = ?, problem = 'It waited for thirty days.' WHERE state = 'open' AND created_at < ?",
		store.At(now), store.At(before)).Exec(ctx)
	return err
}
