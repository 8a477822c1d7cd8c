package publishdb

import "github.com/parley-crm/parley/store"

// Personal is who somebody was at our events: found by the address that they gave.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "events", Holds: []store.Held{
		{Name: "answers to invitations", Gather: `SELECT e.title, e.starts_at, g.name, g.email, g.coming, g.at FROM event_guest g JOIN event e ON e.id = g.event_id
WHERE g.email IN (SELECT value_folded FROM identity WHERE id IN (?1) AND scheme = 'mailto') ORDER BY e.starts_at`,
			Erase: []string{"UPDATE event_guest SET name = 'Erased', email = ?2, key_hash = id WHERE email = ?6"}},
	}}
}
