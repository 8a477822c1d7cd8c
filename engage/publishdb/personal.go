package publishdb

import "github.com/parley-crm/parley/store"

// Personal is who somebody was at our events: found by the address that they gave.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "events", Holds: []store.Held{
		{Name: "answers to invitations", Gather: `SELECT e.title, e.starts_at, g.name, g.email, g.coming, g.at FROM event_guest g JOIN event e ON e.id = g.event_id
WHERE g.email IN (SELECT value_folded FROM identity WHERE id IN (?1) AND scheme = 'mailto') ORDER BY e.starts_at`,
			Erase: []string{"DELETE FROM event_letter WHERE guest_id IN (SELECT id FROM event_guest WHERE email = ?6)",
				"UPDATE event_guest SET name = 'Erased', email = ?2, key_hash = id WHERE email = ?6"}},
		{Name: "letters to guests", Gather: `SELECT e.title, l.kind, l.state, l.at, l.note FROM event_letter l JOIN event_guest g ON g.id = l.guest_id JOIN event e ON e.id = l.event_id
WHERE g.email IN (SELECT value_folded FROM identity WHERE id IN (?1) AND scheme = 'mailto') ORDER BY l.at, l.kind`},
	}}
}
