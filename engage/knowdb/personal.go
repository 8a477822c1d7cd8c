package knowdb

import "github.com/parley-crm/parley/store"

// Personal is what is kept of somebody's conversations as answers. Ask before the inbox.
func (d *DB) Personal() store.Holder {
	const theirs = "(SELECT id FROM conversation WHERE identity_id = ?1 OR counterpart = ?1)"
	return store.Holder{DB: d.DB, Room: "knowledge", Holds: []store.Held{
		{Name: "kept answers", Gather: "SELECT question, answer, at FROM know_answer WHERE conversation_id IN (SELECT id FROM conversation WHERE identity_id IN (?1) OR counterpart IN (?1)) ORDER BY at",
			Erase: []string{"UPDATE know_change SET n = n + 1", "UPDATE know_answer SET change = (SELECT MAX(n) FROM know_change), question = '', answer = '', same = id, deleted_at = ?4 WHERE conversation_id IN " + theirs}},
	}}
}
