package evolvedb

import "github.com/parley-crm/parley/store"

// Personal is which links somebody was sent, and followed. The counts stay.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "links", Holds: []store.Held{
		{Name: "links they were sent", Gather: "SELECT target, campaign, clicks, created_at FROM link WHERE identity_id IN (?1) ORDER BY created_at",
			Erase: []string{"UPDATE link SET identity_id = ?2 WHERE identity_id = ?1"}},
	}}
}
