package peopledb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of people that can be taken out.
func (d *DB) Extracts() []extract.Table {
	id := []string{"id"}
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "persons", From: "person", Keys: id, Columns: []string{"id", "name", "place", "lang", "notes", "merged_into", "seen_at:time", "created_at:time"}},
		{Name: "accounts", From: "identity", Keys: id, Columns: []string{"id", "person_id", "scheme", "issuer", "value", "handle", "name", "url", "followers:int", "channel_id", "first_seen_at=first_seen:time", "last_seen_at=last_seen:time"}},
		{Name: "person_tags", From: "person_tag", Keys: []string{"tag_id", "person_id"}, Columns: []string{"person_id", "tag_id", "member_id", "at:time"}},
		{Name: "notes", From: "person_note", Keys: id, Columns: []string{"id", "person_id", "text", "pinned:bool", "member_id=by_id", "created_at:time", "updated_at:time"}},
		{Name: "goals", From: "person_goal", Keys: id, Columns: []string{"id", "person_id", "text", "status", "conversation_id", "message_id", "member_id=by_id", "created_at:time", "updated_at:time"}},
		{Name: "promises", From: "person_promise", Keys: id, Columns: []string{"id", "person_id", "text", "state", "due_at:time", "owner_id", "programme_id", "conversation_id", "message_id", "member_id=by_id", "created_at:time", "updated_at:time"}},
		{Name: "person_corrections", From: "person_mend", Keys: id, Columns: []string{"id", "identity_id", "field_id", "value", "state", "words", "asked_at:time", "member_id=by_id", "closed_at:time", "person_id", "was", "was_source"}},
		{Name: "consents", From: "consent", Keys: id, Columns: []string{"id", "identity_id", "channel_id", "purpose", "state", "text_id", "shown", "jurisdiction", "source", "member_id=by_id", "expires_at:time", "at:time", "created_at:time"}},
		{Name: "person_programmes", From: "person_programme", Keys: []string{"person_id", "programme_id"}, Columns: []string{"person_id", "programme_id"}},
		{Name: "clues", From: "clue", Keys: []string{"identity_id", "kind", "value"}, Columns: []string{"identity_id", "kind", "value", "source", "activity_id", "at:time"}},
		{Name: "suggestions", From: "suggestion", Keys: []string{"id"}, Columns: []string{"id", "a", "b", "score:int", "reasons:json", "state", "merge_id", "created_at:time", "decided_at:time", "member_id=by_member"}},
		{Name: "merges", From: "person_merge", Keys: id, Columns: []string{"id", "survivor", "absorbed", "absorbed_name", "member_id=by_member", "at:time", "undone_at:time"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
