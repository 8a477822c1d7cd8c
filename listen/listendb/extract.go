package listendb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of what was heard that can be taken out.
func (d *DB) Extracts() []extract.Table {
	return []extract.Table{
		d.Table(store.Extract{Name: "mentions", From: "activity", Keys: []string{"seq:int"}, Columns: []string{"id", "channel_id", "external_id", "identity_id", "form", "visibility", "directed:bool", "own:bool", "author:json", "title", "text=body", "url", "lang",
			"rating:real", "likes:int", "shares:int", "reach:int", "thread", "parent", "published_at:time", "received_at:time", "edited_at:time", "deleted_at:time"}}),
		d.Table(store.Extract{Name: "channels", From: "channel", Keys: []string{"id"}, Columns: []string{"id", "kind", "name"}}),
	}
}
