package hivedb

import "github.com/parley-crm/parley/store"

// Personal is what the hive was asked about somebody's words. Ask before the inbox.
func (d *DB) Personal() store.Holder {
	const theirs = "(SELECT id FROM conversation WHERE identity_id = ?1 OR counterpart = ?1)"
	return store.Holder{DB: d.DB, Room: "hive", Holds: []store.Held{
		{Name: "questions", Erase: []string{"UPDATE hive_question SET about = '{}' WHERE conversation_id IN " + theirs, "UPDATE hive_answer SET about = '{}' WHERE conversation_id IN " + theirs}},
		{Name: "words among colleagues", Erase: []string{"UPDATE hive_offer SET words = '' WHERE conversation_id IN " + theirs}},
	}}
}
