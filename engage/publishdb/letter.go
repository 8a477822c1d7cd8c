package publishdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type letterRow struct {
	bun.BaseModel `bun:"table:event_letter,alias:l"`
	Guest         string `bun:"guest_id,pk"`
	Kind          string `bun:"kind,pk"`
	Version       int64  `bun:"version,pk"`
	Event         string `bun:"event_id"`
	State         string `bun:"state"`
	Due           int64  `bun:"due"`
	Tries         int64  `bun:"tries"`
	At            int64  `bun:"at"`
	Note          string `bun:"note"`
	Key           string `bun:"key_hash"`
}

func (r *letterRow) letter() publish.Letter {
	return publish.Letter{Guest: publish.GuestID(r.Guest), Kind: publish.LetterKind(r.Kind), Version: r.Version, Event: publish.EventID(r.Event),
		State: publish.LetterState(r.State), Due: store.Time(r.Due), Tries: int(r.Tries), At: store.Time(r.At), Note: r.Note, Key: r.Key}
}

func letters(rows []letterRow) []publish.Letter {
	out := make([]publish.Letter, len(rows))
	for i := range rows {
		out[i] = rows[i].letter()
	}
	return out
}

// Tells implements publish.Store.
func (d *DB) Tells(ctx context.Context, l publish.Letter) error {
	r := letterRow{Guest: string(l.Guest), Kind: string(l.Kind), Version: l.Version, Event: string(l.Event), State: string(l.State), Due: store.At(l.Due), At: store.At(l.At)}
	_, err := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// means is a letter for each of some guests g; who has no link any more has no
// address either.
const means = `INSERT INTO event_letter (guest_id, kind, version, event_id, state, due, at)
SELECT g.id, ?0, ?1, g.event_id, ?2, ?3, ?4 FROM event_guest g WHERE g.event_id = ?5 AND g.key_hash <> g.id `

func meant(l publish.Letter) []any {
	return []any{string(l.Kind), l.Version, string(l.State), store.At(l.Due), store.At(l.At), string(l.Event)}
}

// TellsAll implements publish.Store.
func (d *DB) TellsAll(ctx context.Context, l publish.Letter) error {
	who := "AND g.coming <> 'no' "
	switch l.Kind {
	case publish.Moves:
		_, err := d.IDB(ctx).NewRaw("UPDATE event_letter SET state = ?, at = ? WHERE event_id = ? AND kind = ? AND state = ?", string(publish.LetterOver), store.At(l.At),
			string(l.Event), string(publish.Moves), string(publish.LetterWaits)).Exec(ctx)
		if err != nil {
			return err
		}
	case publish.CallsOn:
		who += `AND EXISTS (SELECT 1 FROM event_letter o WHERE o.guest_id = g.id AND o.kind = 'off' AND o.state IN ('sending', 'sent', 'unknown')
AND NOT EXISTS (SELECT 1 FROM event_letter n WHERE n.guest_id = g.id AND n.kind = 'on' AND n.version > o.version)) `
	}
	_, err := d.IDB(ctx).NewRaw(means+who+"ON CONFLICT DO NOTHING", meant(l)...).Exec(ctx)
	return err
}

// Remindable implements publish.Store.
func (d *DB) Remindable(ctx context.Context, from, to time.Time) ([]publish.Event, error) {
	var rows []eventRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("e.ends_at > ? AND e.starts_at > ? AND e.starts_at <= ?", store.At(from), store.At(from), store.At(to)).
		Where("e.standing <> ? AND e.no_reminder = 0 AND e.reminded_for <> e.starts_at", string(publish.Cancelled)).Order("e.starts_at", "e.id").Limit(100).Scan(ctx)
	out := make([]publish.Event, len(rows))
	for i := range rows {
		out[i] = rows[i].event()
	}
	return out, err
}

// RemindAll implements publish.Store.
func (d *DB) RemindAll(ctx context.Context, l publish.Letter, since time.Time) error {
	who := `AND g.coming = 'yes' AND g.waiting = 0 AND g.since <= ?6
AND NOT EXISTS (SELECT 1 FROM event_letter n WHERE n.guest_id = g.id AND n.kind IN ('moved', 'on') AND n.at > ?6) `
	if _, err := d.IDB(ctx).NewRaw(means+who+"ON CONFLICT DO NOTHING", append(meant(l), store.At(since))...).Exec(ctx); err != nil {
		return err
	}
	_, err := d.IDB(ctx).NewRaw("UPDATE event SET reminded_for = ? WHERE id = ?", l.Version, string(l.Event)).Exec(ctx)
	return err
}

// DueLetters implements publish.Store.
func (d *DB) DueLetters(ctx context.Context, now time.Time, limit int) ([]publish.Letter, error) {
	var rows []letterRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("l.state = ? AND l.due <= ?", string(publish.LetterWaits), store.At(now)).
		Order("l.due", "l.guest_id", "l.kind", "l.version").Limit(int64(limit)).Scan(ctx)
	return letters(rows), err
}

// MoveLetter implements publish.Store.
func (d *DB) MoveLetter(ctx context.Context, l publish.Letter, from publish.LetterState) (bool, error) {
	res, err := d.IDB(ctx).NewRaw(`UPDATE event_letter SET state = ?, due = ?, tries = ?, at = ?, note = ?, key_hash = ? WHERE guest_id = ? AND kind = ? AND version = ? AND state = ?`,
		string(l.State), store.At(l.Due), l.Tries, store.At(l.At), l.Note, l.Key, string(l.Guest), string(l.Kind), l.Version, string(from)).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// StrandLetters implements publish.Store.
func (d *DB) StrandLetters(ctx context.Context, before, now time.Time) error {
	_, err := d.IDB(ctx).NewRaw("UPDATE event_letter SET state = ?, at = ?, note = ? WHERE state = ? AND at < ?", string(publish.LetterUnknown), store.At(now),
		"Parley ended while it was being handed over.", string(publish.LetterGoes), store.At(before)).Exec(ctx)
	return err
}

// LettersOf implements publish.Store.
func (d *DB) LettersOf(ctx context.Context, ids []publish.GuestID) (map[publish.GuestID][]publish.Letter, error) {
	out := map[publish.GuestID][]publish.Letter{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []letterRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("l.guest_id IN (?)", bun.List(ids)).Order("l.at DESC", "l.version DESC", "l.kind").Scan(ctx)
	for i := range rows {
		l := rows[i].letter()
		out[l.Guest] = append(out[l.Guest], l)
	}
	return out, err
}
