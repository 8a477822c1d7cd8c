package publishdb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// past are guests of events that ended long ago, as long as they have a name.
const past = ` FROM event_guest g JOIN event e ON e.id = g.event_id WHERE e.ends_at < ?4 AND g.email NOT LIKE 'gone:%'`

const keptGuest = "(e.programme_id IN (?3) OR g.email IN (SELECT value_folded FROM identity WHERE id IN (?1)))"

func agedArgs(a social.Aged) []any {
	persons, accounts, talks, programmes := a.Spared.Lists()
	return []any{bun.List(persons), bun.List(accounts), bun.List(talks), bun.List(programmes), store.At(a.Before)}
}

// LookGuests says how many guests have a name though their event is long over.
func (d *DB) LookGuests(ctx context.Context, a social.Aged) (social.Stale, error) {
	return d.LookAged(ctx, "e.ends_at", keptGuest, past, agedArgs(a)...)
}

// DropGuests takes their names and addresses away; how many came stays. What they were told goes.
func (d *DB) DropGuests(ctx context.Context, a social.Aged, most int) (int, error) {
	res, err := d.IDB(ctx).NewRaw("UPDATE event_guest SET name = 'Guest', email = 'gone:' || id, key_hash = id WHERE id IN (SELECT g.id"+past+" AND NOT "+keptGuest+" ORDER BY g.id LIMIT ?5)",
		append(agedArgs(a), most)...).Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return 0, err
	}
	_, err = d.IDB(ctx).NewRaw("DELETE FROM event_letter WHERE guest_id IN (SELECT id FROM event_guest WHERE email LIKE 'gone:%')").Exec(ctx)
	return int(n), err
}
