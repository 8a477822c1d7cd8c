package governdb

import "github.com/parley-crm/parley/store"

// Personal is what members were told about somebody.
func (db *DB) Personal() store.Holder {
	return store.Holder{DB: db.DB, Room: "notices", Holds: []store.Held{
		{Name: "notices", Erase: []string{"DELETE FROM notice WHERE link IN (SELECT '/people/' || id FROM person WHERE id IN (?0))"}},
	}}
}
