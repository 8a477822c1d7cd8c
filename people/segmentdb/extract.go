package segmentdb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of segments that can be taken out.
func (d *DB) Extracts() []extract.Table {
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "segments", From: "segment", Keys: []string{"id"}, Columns: []string{"id", "name", "about", "conditions:json", "members:int", "member_id=by_id", "created_at:time", "updated_at:time"}},
		{Name: "segment_members", From: "segment_member", Keys: []string{"segment_id", "person_id"}, Columns: []string{"segment_id", "person_id", "since:time"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
