package evolvedb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of what came of it that can be taken out.
func (d *DB) Extracts() []extract.Table {
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "links", From: "link", Keys: []string{"id"}, Columns: []string{"id", "code", "target", "campaign", "conversation_id", "message_id", "channel_id", "identity_id", "programme_id", "member_id=by_member", "clicks:int", "created_at:time"}},
		{Name: "clicks", From: "click", Keys: []string{"id"}, Columns: []string{"id", "link_id", "at:time", "referrer"}},
		{Name: "outcomes", From: "conversion", Keys: []string{"id"}, Columns: []string{"id", "external_id", "kind", "value:int", "currency", "click_id", "link_id", "programme_id", "at:time", "created_at:time"}},
		{Name: "credits", From: "credit", Keys: []string{"conversion_id", "conversation_id"}, Columns: []string{"conversion_id", "conversation_id", "link_id", "share:real"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
