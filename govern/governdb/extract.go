package governdb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of the house itself that can be taken out. Keys and
// passwords are none of them.
func (db *DB) Extracts() []extract.Table {
	id := []string{"id"}
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "members", From: "member", Keys: id, Columns: []string{"id", "name", "email", "role", "state", "last_seen_at:time", "created_at:time"}},
		{Name: "programmes", From: "programme", Keys: id, Columns: []string{"id", "name", "mission", "state", "created_at:time"}},
		{Name: "tags", From: "tag", Keys: id, Columns: []string{"id", "name", "color", "about", "merged_into", "archived_at:time", "created_at:time"}},
	} {
		out = append(out, db.Table(e))
	}
	return out
}
