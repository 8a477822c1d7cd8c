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
		{Name: "message_files", From: "message_file", Keys: []string{"message_id", "n:int"}, Columns: []string{"message_id", "n:int", "file_id", "alt"}},
		{Name: "message_copies", From: "message_copy", Keys: []string{"message_id", "n:int"}, Columns: []string{"message_id", "n:int", "address", "problem"}},
		{Name: "moderation", From: "moderation", Keys: []string{"message_id", "lane"}, Columns: []string{"message_id", "lane", "want", "had", "reason", "words", "member_id", "asked_at:time", "changed_at:time", "problem"}},
		{Name: "deliveries", From: "delivery", Keys: []string{"seq:int"}, Columns: []string{"message_id", "conversation_id", "channel_id", "member_id", "state", "attempts:int", "queued_at:time", "sent_at:time", "changed_at:time", "problem"}},
		{Name: "opt_outs", From: "opt_out", Keys: []string{"channel_id", "identity_id"}, Columns: []string{"channel_id", "identity_id", "stopped:bool", "at:time", "message_id"}},
		{Name: "teams", From: "team", Keys: []string{"id"}, Columns: []string{"id", "name", "programme_id", "sharing", "archived_at:time", "created_at:time"}},
		{Name: "team_members", From: "team_member", Keys: []string{"team_id", "member_id"}, Columns: []string{"team_id", "member_id"}},
		{Name: "views", From: "inbox_view", Keys: []string{"id"}, Columns: []string{"id", "member_id", "name", "shared:bool", "programme_id", "conditions:json", "sort", "created_at:time", "changed_at:time"}},
		{Name: "macros", From: "macro", Keys: []string{"id"}, Columns: []string{"id", "member_id", "name", "shared:bool", "programme_id", "words", "note", "deeds:json", "created_at:time", "changed_at:time"}},
		{Name: "conversation_tags", From: "conversation_tag", Keys: []string{"tag_id", "conversation_id"}, Columns: []string{"conversation_id", "tag_id", "member_id", "at:time"}},
	} {
		out = append(out, db.Table(e))
	}
	return out
}
