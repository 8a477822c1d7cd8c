package engagedb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of conversations that can be taken out.
func (db *DB) Extracts() []extract.Table {
	id := []string{"id"}
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "conversations", From: "conversation", Keys: id, Columns: []string{"id", "channel_id", "programme_id", "identity_id", "visibility", "subject", "lang", "state", "priority", "assignee_id", "team_id", "messages:int", "url", "sentiment:json", "intents:json",
			"merged_into", "began_at:time", "last_at:time", "first_answer_at:time", "resolved_at:time", "created_at:time"}},
		{Name: "messages", From: "message", Keys: id, Columns: []string{"id", "conversation_id", "kind", "visibility", "channel_id", "external_id", "identity_id", "author:json", "member_id", "title", "text", "url", "lang", "sentiment:json", "intents:json", "rating:real", "event:json",
			"at:time", "edited_at:time", "deleted_at:time"}},
		{Name: "conversation_tags", From: "conversation_tag", Keys: []string{"tag_id", "conversation_id"}, Columns: []string{"conversation_id", "tag_id", "member_id", "at:time"}},
	} {
		out = append(out, db.Table(e))
	}
	return out
}
