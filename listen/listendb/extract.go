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
		d.Table(store.Extract{Name: "monitors", From: "monitor", Keys: []string{"id"}, Columns: []string{"id", "name", "query", "programme_id", "inbox:bool", "state", "kind", "created_at:time", "updated_at:time"}}),
		d.Table(store.Extract{Name: "monitor_mentions", From: "mention", Keys: []string{"monitor_id", "published_at:int", "seq:int"}, Columns: []string{"monitor_id", "seq:int", "published_at:time", "past:bool"}}),
		d.Table(store.Extract{Name: "alerts", From: "alert", Keys: []string{"id"}, Columns: []string{"id", "subject", "monitor_id", "programme_id", "state", "raised_at:time", "last_at:time", "surge:bool", "mood:bool", "hush:bool", "span:int", "count:int", "negative:int", "scored:int", "words:json", "because"}}),
		d.Table(store.Extract{Name: "alert_steps", From: "alert_step", Keys: []string{"id:int"}, Columns: []string{"alert_id", "at:time", "verb", "member_id", "name", "detail:json"}}),
		d.Table(store.Extract{Name: "shares", From: "share", Keys: []string{"channel_id", "external_id"}, Columns: []string{"channel_id", "external_id", "activity_id", "kind", "identity_id", "author:json", "own:bool", "at:time", "undone:bool"}}),
		d.Table(store.Extract{Name: "quoted", From: "enclosed", Keys: []string{"activity_id"}, Columns: []string{"activity_id", "rest", "html", "cc:json"}}),
		d.Table(store.Extract{Name: "attachments", From: "attachment", Keys: []string{"activity_id", "n:int"}, Columns: []string{"activity_id", "n:int", "name", "type", "alt", "size:int", "state", "reason", "file_id"}}),
		d.Table(store.Extract{Name: "places", From: "place", Keys: []string{"id"}, Columns: []string{"id", "code", "name", "street", "city", "postcode", "region", "country", "lat:real", "lon:real", "phone", "refs:json", "programme_id", "state", "created_at:time", "updated_at:time"}}),
		d.Table(store.Extract{Name: "place_mentions", From: "activity_place", Keys: []string{"seq:int"}, Columns: []string{"activity_id", "place_id", "via", "confidence:real", "why:json", "pinned_by", "pinned_at:time"}}),
		d.Table(store.Extract{Name: "presence", From: "presence_profile", Keys: []string{"id"}, Columns: []string{"id", "kind", "network", "name", "handle", "url", "address", "region", "status", "owner_id", "programme_id", "sponsor", "purpose", "note", "channel_id", "audited_at:time", "created_at:time", "updated_at:time"}}),
		d.Table(store.Extract{Name: "presence_absent", From: "presence_cell", Keys: []string{"kind", "region"}, Columns: []string{"kind", "region", "note", "member_id=by_id", "at:time"}}),
		d.Table(store.Extract{Name: "channels", From: "channel", Keys: []string{"id"}, Columns: []string{"id", "kind", "name"}}),
	}
}
