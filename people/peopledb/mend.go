package peopledb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/mend"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ mend.Store = (*DB)(nil)

const mendLock = 0x6d656e64 // "mend"

type mendRow struct {
	bun.BaseModel `bun:"table:person_mend"`
	ID            string `bun:"id,pk"`
	Identity      string `bun:"identity_id"`
	Field         string `bun:"field_id"`
	Value         string `bun:"value"`
	State         string `bun:"state"`
	Words         string `bun:"words"`
	AskedAt       int64  `bun:"asked_at"`
	By            string `bun:"by_id"`
	ClosedAt      int64  `bun:"closed_at"`
	Person        string `bun:"person_id"`
	Was           string `bun:"was"`
	WasSource     string `bun:"was_source"`
	WasBy         string `bun:"was_by"`
	WasAt         int64  `bun:"was_at"`
}

func mends(rows []mendRow) []mend.Proposal {
	out := make([]mend.Proposal, len(rows))
	for i, r := range rows {
		out[i] = mend.Proposal{ID: r.ID, Identity: social.IdentityID(r.Identity), Field: deal.FieldID(r.Field), Value: r.Value, State: r.State, Words: r.Words, Asked: store.Time(r.AskedAt),
			By: social.MemberID(r.By), Closed: store.Time(r.ClosedAt), Person: social.PersonID(r.Person),
			Was: deal.Value{Field: deal.FieldID(r.Field), Value: r.Was, Source: deal.Source(r.WasSource), By: social.MemberID(r.WasBy), At: store.Time(r.WasAt)}}
	}
	return out
}

// LockMends implements mend.Store.
func (d *DB) LockMends(ctx context.Context) error {
	return d.Dialect.Lock(ctx, d.IDB(ctx), mendLock)
}

// SaveMend implements mend.Store.
func (d *DB) SaveMend(ctx context.Context, p mend.Proposal) error {
	r := mendRow{ID: p.ID, Identity: string(p.Identity), Field: string(p.Field), Value: p.Value, State: p.State, Words: p.Words, AskedAt: store.At(p.Asked), By: string(p.By), ClosedAt: store.At(p.Closed),
		Person: string(p.Person), Was: p.Was.Value, WasSource: string(p.Was.Source), WasBy: string(p.Was.By), WasAt: store.At(p.Was.At)}
	return d.put(ctx, &r, "state", "words", "by_id", "closed_at", "person_id", "was", "was_source", "was_by", "was_at")
}

// Mend implements mend.Store.
func (d *DB) Mend(ctx context.Context, id string) (mend.Proposal, error) {
	var r mendRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return mends([]mendRow{r})[0], store.NotFound(err, "There is no such proposal.")
}

// MendsOf implements mend.Store.
func (d *DB) MendsOf(ctx context.Context, who social.IdentityID, limit int) ([]mend.Proposal, error) {
	var rows []mendRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("identity_id = ? AND state <> ?", string(who), mend.Replaced).OrderExpr("asked_at DESC, id DESC").Limit(int64(limit)).Scan(ctx)
	return mends(rows), err
}

// MendsAbout implements mend.Store.
func (d *DB) MendsAbout(ctx context.Context, persons []string, limit int) ([]mend.Proposal, error) {
	var rows []mendRow
	err := d.IDB(ctx).NewSelect().Model(&rows).
		Where("(state = ? AND identity_id IN (SELECT id FROM identity WHERE person_id IN (?)) OR state IN (?, ?) AND person_id IN (?))", mend.Open, bun.List(persons), mend.Accepted, mend.Declined, bun.List(persons)).
		OrderExpr("closed_at > 0, closed_at DESC, asked_at DESC, id DESC").Limit(int64(limit)).Scan(ctx)
	return mends(rows), err
}

// MendsSince implements mend.Store.
func (d *DB) MendsSince(ctx context.Context, who social.IdentityID, since time.Time) (int, error) {
	n, err := d.IDB(ctx).NewSelect().Model((*mendRow)(nil)).Where("identity_id = ? AND asked_at > ?", string(who), store.At(since)).Count(ctx)
	return int(n), err
}

// ReplaceMend implements mend.Store.
func (d *DB) ReplaceMend(ctx context.Context, who social.IdentityID, field deal.FieldID, at time.Time) error {
	_, err := d.IDB(ctx).NewRaw("UPDATE person_mend SET state = ?, value = '', closed_at = ? WHERE identity_id = ? AND field_id = ? AND state = ?", mend.Replaced, store.At(at), string(who), string(field), mend.Open).Exec(ctx)
	return err
}
