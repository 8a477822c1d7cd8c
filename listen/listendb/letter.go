package listendb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/listen/letter"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ letter.Store = (*DB)(nil)

type letterRow struct {
	bun.BaseModel `bun:"table:letter,alias:l"`
	Alert         string `bun:"alert_id,pk"`
	Member        string `bun:"member_id,pk"`
	State         string `bun:"state"`
	DueAt         int64  `bun:"due_at"`
	Tries         int    `bun:"tries"`
	At            int64  `bun:"at"`
	Note          string `bun:"note"`
}

func letters(rows []letterRow) []letter.Letter {
	out := make([]letter.Letter, len(rows))
	for i, r := range rows {
		out[i] = letter.Letter{Alert: social.AlertID(r.Alert), Member: social.MemberID(r.Member), State: letter.State(r.State), Due: store.Time(r.DueAt), Tries: r.Tries, At: store.Time(r.At), Note: r.Note}
	}
	return out
}

// Wishing implements letter.Store.
func (d *DB) Wishing(ctx context.Context, ids []social.MemberID) ([]social.MemberID, error) {
	var out []social.MemberID
	if len(ids) == 0 {
		return nil, nil
	}
	err := d.IDB(ctx).NewRaw("SELECT member_id FROM letter_wish WHERE member_id IN (?) ORDER BY member_id", bun.List(ids)).Scan(ctx, &out)
	return out, err
}

// SetWish implements letter.Store.
func (d *DB) SetWish(ctx context.Context, m social.MemberID, on bool, at time.Time) error {
	if !on {
		_, err := d.IDB(ctx).NewRaw("DELETE FROM letter_wish WHERE member_id = ?", string(m)).Exec(ctx)
		return err
	}
	_, err := d.IDB(ctx).NewRaw("INSERT INTO letter_wish (member_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING", string(m), store.At(at)).Exec(ctx)
	return err
}

// AddLetters implements letter.Store.
func (d *DB) AddLetters(ctx context.Context, ls []letter.Letter) error {
	if len(ls) == 0 {
		return nil
	}
	rows := make([]letterRow, len(ls))
	for i, l := range ls {
		rows[i] = letterRow{Alert: string(l.Alert), Member: string(l.Member), State: string(l.State), DueAt: store.At(l.Due), At: store.At(l.At)}
	}
	_, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
	return err
}

// DueLetters implements letter.Store.
func (d *DB) DueLetters(ctx context.Context, now time.Time, limit int) ([]letter.Letter, error) {
	var rows []letterRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("l.state = 'waiting'").Where("l.due_at <= ?", store.At(now)).Order("l.member_id", "l.alert_id").Limit(int64(limit)).Scan(ctx)
	return letters(rows), err
}

// WaitingOf implements letter.Store.
func (d *DB) WaitingOf(ctx context.Context, m social.MemberID) ([]letter.Letter, error) {
	var rows []letterRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("l.member_id = ?", string(m)).Where("l.state = 'waiting'").Order("l.alert_id").Limit(500).Scan(ctx)
	return letters(rows), err
}

// Went implements letter.Store. Letters of one mail have one time.
func (d *DB) Went(ctx context.Context, m social.MemberID, since time.Time) ([]time.Time, error) {
	var ats []int64
	err := d.IDB(ctx).NewRaw("SELECT DISTINCT at FROM letter WHERE member_id = ? AND at >= ? AND state IN ('sending', 'sent', 'unknown') ORDER BY at DESC", string(m), store.At(since)).Scan(ctx, &ats)
	out := make([]time.Time, len(ats))
	for i, at := range ats {
		out[i] = store.Time(at)
	}
	return out, err
}

// MoveLetter implements letter.Store.
func (d *DB) MoveLetter(ctx context.Context, l letter.Letter, from letter.State) (bool, error) {
	res, err := d.IDB(ctx).NewRaw("UPDATE letter SET state = ?, due_at = ?, tries = ?, at = ?, note = ? WHERE alert_id = ? AND member_id = ? AND state = ?",
		string(l.State), store.At(l.Due), l.Tries, store.At(l.At), l.Note, string(l.Alert), string(l.Member), string(from)).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// EndLetters implements letter.Store.
func (d *DB) EndLetters(ctx context.Context, id social.AlertID, at time.Time) error {
	_, err := d.IDB(ctx).NewRaw("UPDATE letter SET state = 'over', at = ? WHERE alert_id = ? AND state = 'waiting'", store.At(at), string(id)).Exec(ctx)
	return err
}

// Strand implements letter.Store.
func (d *DB) Strand(ctx context.Context, before time.Time) error {
	_, err := d.IDB(ctx).NewRaw("UPDATE letter SET state = 'unknown', note = 'Parley ended while it was being sent.' WHERE state = 'sending' AND at < ?", store.At(before)).Exec(ctx)
	return err
}

// ForgetLetters implements letter.Store.
func (d *DB) ForgetLetters(ctx context.Context, before time.Time) error {
	_, err := d.IDB(ctx).NewRaw("DELETE FROM letter WHERE at < ? AND state <> 'waiting'", store.At(before)).Exec(ctx)
	return err
}
