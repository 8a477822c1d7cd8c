package publishdb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of what is published that can be taken out.
func (d *DB) Extracts() []extract.Table {
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "contents", From: "publish_content", Keys: []string{"id"}, Columns: []string{"id", "title", "text", "lang", "campaign", "programme_id", "author_id", "media:json", "version:int", "created_at:time", "updated_at:time"}},
		{Name: "posts", From: "publish_post", Keys: []string{"id"}, Columns: []string{"id", "content_id", "channel_id", "programme_id", "position:int", "text", "media:json", "source", "medium", "audience", "state", "why", "at:time", "member_id", "external_id", "url", "published_at:time", "likes:int", "shares:int", "replies:int", "read_at:time"}},
		{Name: "post_remarks", From: "publish_remark", Keys: []string{"id"}, Columns: []string{"id", "content_id", "act", "text", "member_id", "at:time"}},
		{Name: "post_links", From: "publish_link", Keys: []string{"post_id", "link_id"}, Columns: []string{"post_id", "link_id"}},
		{Name: "events", From: "event", Keys: []string{"id"}, Columns: []string{"id", "slug", "title", "about", "place", "link", "starts_at:time", "ends_at:time", "zone", "capacity:int", "no_reminder:int", "programme_id", "author_id", "standing", "created_at:time", "updated_at:time"}},
		{Name: "guests", From: "event_guest", Keys: []string{"id"}, Columns: []string{"id", "event_id", "name", "email", "coming", "waiting:int", "came:int", "since:time", "at:time"}},
		{Name: "guest_letters", From: "event_letter", Keys: []string{"guest_id", "kind", "version"}, Columns: []string{"guest_id", "kind", "version:int", "event_id", "state", "tries:int", "at:time", "note"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
