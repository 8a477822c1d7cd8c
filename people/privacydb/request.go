package privacydb

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ privacy.Store = (*DB)(nil)

const sameSQL = `
WITH RECURSIVE them(id, far) AS (
  SELECT CAST(? AS TEXT), 0 UNION ALL SELECT p.id, them.far + 1 FROM person p JOIN them ON p.merged_into = them.id AND p.merged_into <> '' WHERE them.far < 16
) SELECT id FROM them ORDER BY far, id`

// Same implements privacy.Store.
func (d *DB) Same(ctx context.Context, who social.PersonID) ([]string, error) {
	var ids []string
	err := d.IDB(ctx).NewRaw(sameSQL, string(who)).Scan(ctx, &ids)
	return ids, err
}

type requestRow struct {
	bun.BaseModel `bun:"table:privacy_request"`
	ID            string `bun:"id,pk"`
	Person        string `bun:"person_id"`
	Kind          string `bun:"kind"`
	State         string `bun:"state"`
	AskedBy       string `bun:"asked_by"`
	How           string `bun:"how"`
	Why           string `bun:"why"`
	By            string `bun:"by_id"`
	AskedAt       int64  `bun:"asked_at"`
	DueAt         int64  `bun:"due_at"`
	ToldAt        int64  `bun:"told_at"`
	StartedAt     int64  `bun:"started_at"`
	ClosedAt      int64  `bun:"closed_at"`
	Step          int    `bun:"step"`
	Subject       string `bun:"subject"`
	Receipt       string `bun:"receipt"`
	Signature     string `bun:"signature"`
}

func (r requestRow) request() (privacy.Request, error) {
	out := privacy.Request{ID: r.ID, Person: social.PersonID(r.Person), Kind: r.Kind, State: r.State, AskedBy: r.AskedBy, How: r.How, Why: r.Why, By: social.MemberID(r.By), AskedAt: store.Time(r.AskedAt),
		DueAt: store.Time(r.DueAt), ToldAt: store.Time(r.ToldAt), StartedAt: store.Time(r.StartedAt), ClosedAt: store.Time(r.ClosedAt), Step: r.Step, Subject: r.Subject, Signature: r.Signature}
	if r.Receipt != "" {
		out.Receipt = &privacy.Receipt{}
		if err := json.Unmarshal([]byte(r.Receipt), out.Receipt); err != nil {
			return out, err
		}
	}
	return out, nil
}

func requests(rows []requestRow) ([]privacy.Request, error) {
	out := make([]privacy.Request, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = r.request(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveRequest implements privacy.Store.
func (d *DB) SaveRequest(ctx context.Context, x privacy.Request) error {
	r := requestRow{ID: x.ID, Person: string(x.Person), Kind: x.Kind, State: x.State, AskedBy: x.AskedBy, How: x.How, Why: x.Why, By: string(x.By), AskedAt: store.At(x.AskedAt), DueAt: store.At(x.DueAt),
		ToldAt: store.At(x.ToldAt), StartedAt: store.At(x.StartedAt), ClosedAt: store.At(x.ClosedAt), Step: x.Step, Subject: x.Subject, Signature: x.Signature}
	if x.Receipt != nil {
		text, err := json.Marshal(x.Receipt)
		if err != nil {
			return err
		}
		r.Receipt = string(text)
	}
	q := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (id) DO UPDATE")
	for _, c := range []string{"state", "why", "told_at", "started_at", "closed_at", "step", "subject", "receipt", "signature"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Returning("NULL").Exec(ctx)
	return err
}

// Request implements privacy.Store.
func (d *DB) Request(ctx context.Context, id string) (privacy.Request, error) {
	var r requestRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return privacy.Request{}, store.NotFound(err, "There is no such request.")
	}
	return r.request()
}

// Requests implements privacy.Store: the newest first.
func (d *DB) Requests(ctx context.Context, q privacy.Query) ([]privacy.Request, string, error) {
	var rows []requestRow
	sel := d.IDB(ctx).NewSelect().Model(&rows).Where("asked_by <> ?", privacy.ByRetention)
	if len(q.Person) > 0 {
		sel = sel.Where("person_id IN (?)", bun.List(q.Person))
	}
	switch {
	case q.All:
	case q.Shut:
		sel = sel.Where("state IN ('done', 'refused')")
	default:
		sel = sel.Where("state IN ('open', 'running', 'held')")
	}
	var at int64
	var id string
	if more, err := store.FromCursor(q.Cursor, &at, &id); err != nil {
		return nil, "", err
	} else if more {
		sel = sel.Where("(asked_at, id) < (?, ?)", at, id)
	}
	limit := store.Limit(q.Limit)
	if err := sel.OrderExpr("asked_at DESC, id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].AskedAt, rows[limit-1].ID)
	}
	out, err := requests(rows)
	return out, next, err
}

// Working implements privacy.Store.
func (d *DB) Working(ctx context.Context) ([]privacy.Request, error) {
	var rows []requestRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("state IN ('running', 'held')").Order("asked_at", "id").Limit(500).Scan(ctx); err != nil {
		return nil, err
	}
	return requests(rows)
}

// Near implements privacy.Store.
func (d *DB) Near(ctx context.Context, due time.Time) ([]privacy.Request, error) {
	var rows []requestRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("state IN ('open', 'held') AND told_at = 0 AND due_at <= ?", store.At(due)).Order("due_at").Limit(100).Scan(ctx); err != nil {
		return nil, err
	}
	return requests(rows)
}

// Suppress implements privacy.Store.
func (d *DB) Suppress(ctx context.Context, hash, reason string, at time.Time) error {
	_, err := d.IDB(ctx).NewRaw(`INSERT INTO suppression (hash, reason, at) VALUES (?0, ?1, ?2) ON CONFLICT (hash) DO UPDATE SET
at = CASE WHEN suppression.at > EXCLUDED.at THEN suppression.at ELSE EXCLUDED.at END, reason = CASE WHEN suppression.reason = ?3 THEN suppression.reason ELSE EXCLUDED.reason END`,
		hash, reason, store.At(at), privacy.OnRequest).Exec(ctx)
	return err
}

// Suppressed implements privacy.Store.
func (d *DB) Suppressed(ctx context.Context) (map[string]privacy.Suppression, error) {
	var rows []struct {
		Hash   string `bun:"hash"`
		Reason string `bun:"reason"`
		At     int64  `bun:"at"`
	}
	err := d.IDB(ctx).NewRaw("SELECT hash, reason, at FROM suppression").Scan(ctx, &rows)
	out := make(map[string]privacy.Suppression, len(rows))
	for _, r := range rows {
		out[r.Hash] = privacy.Suppression{Reason: r.Reason, At: store.Time(r.At)}
	}
	return out, err
}

// Owners implements privacy.Store.
func (d *DB) Owners(ctx context.Context, after social.IdentityID, limit int) ([]privacy.Owner, error) {
	var rows []struct {
		ID     string `bun:"id"`
		Person string `bun:"person_id"`
	}
	err := d.IDB(ctx).NewRaw("SELECT id, person_id FROM identity WHERE id > ? ORDER BY id LIMIT ?", string(after), limit).Scan(ctx, &rows)
	out := make([]privacy.Owner, len(rows))
	for i, r := range rows {
		out[i] = privacy.Owner{Identity: social.IdentityID(r.ID), Person: social.PersonID(r.Person)}
	}
	return out, err
}

// Forgotten implements privacy.Store.
func (d *DB) Forgotten(ctx context.Context, run string) ([]privacy.Receipt, error) {
	var texts []string
	if err := d.IDB(ctx).NewRaw("SELECT receipt FROM privacy_request WHERE asked_by = ? AND how = ? AND state = ? ORDER BY id", privacy.ByRetention, run, privacy.Done).Scan(ctx, &texts); err != nil {
		return nil, err
	}
	out := make([]privacy.Receipt, len(texts))
	for i, t := range texts {
		if err := json.Unmarshal([]byte(t), &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PutCopy implements privacy.Store.
func (d *DB) PutCopy(ctx context.Context, request, name string, data []byte) error {
	_, err := d.PutFile(ctx, name, "request:"+request, "", bytes.NewReader(data))
	return err
}

// Copy implements privacy.Store.
func (d *DB) Copy(ctx context.Context, request string) (social.File, error) {
	owner := "request:" + request
	found, err := d.FilesOf(ctx, owner)
	if err != nil {
		return social.File{}, err
	}
	if len(found[owner]) == 0 {
		return social.File{}, social.Errorf(social.NotFound, "This copy is not kept any more.")
	}
	return found[owner][0], nil
}

// DropCopies forgets copies that were made before a time.
func (d *DB) DropCopies(ctx context.Context, before time.Time) (int, error) {
	n := 0
	err := d.InTx(ctx, func(ctx context.Context) error {
		var err error
		n, err = d.DropOwned(ctx, "SELECT owner FROM file WHERE owner IN (SELECT 'request:' || id FROM privacy_request WHERE closed_at > 0 AND closed_at < ?)", store.At(before))
		return err
	})
	return n, err
}
