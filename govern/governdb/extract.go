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
		{Name: "programmes", From: "programme", Keys: id, Columns: []string{"id", "name", "mission", "sponsor", "lead", "state", "maturity:int", "created_at:time"}},
		{Name: "programme_members", From: "programme_member", Keys: []string{"programme", "member"}, Columns: []string{"programme_id=programme", "member_id=member", "role", "added_at:time"}},
		{Name: "policies", From: "policy", Keys: []string{"id"}, Columns: []string{"id", "name", "programme_id=programme", "required:bool", "version:int", "created_at:time"}},
		{Name: "policy_versions", From: "policy_version", Keys: []string{"id"}, Columns: []string{"id", "policy_id=policy", "n:int", "body", "summary", "effective_at:time", "author", "author_name"}},
		{Name: "acknowledgements", From: "acknowledgement", Keys: []string{"policy", "n:int", "member"}, Columns: []string{"policy_id=policy", "n:int", "member_id=member", "at:time"}},
		{Name: "record", From: "record", Keys: []string{"seq:int"}, Columns: []string{"seq:int", "at:time", "actor", "actor_name", "verb", "object", "object_id", "detail:json", "chain=hash"}},
		{Name: "tags", From: "tag", Keys: id, Columns: []string{"id", "name", "color", "about", "merged_into", "archived_at:time", "created_at:time"}},
	} {
		out = append(out, db.Table(e))
	}
	return out
}
