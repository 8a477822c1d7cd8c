package pacedb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of business hours, pledges and rules that can be taken out.
func (d *DB) Extracts() []extract.Table {
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "calendars", From: "business_calendar", Keys: []string{"id"}, Columns: []string{"id", "name", "zone", "week:json", "holidays:json", "version:int", "created_at:time", "changed_at:time"}},
		{Name: "pledges", From: "pledge", Keys: []string{"id"}, Columns: []string{"id", "name", "conditions:json", "targets:json", "calendar_id", "pause:bool", "warn:int", "steps:json", "position:int", "active:bool", "version:int", "created_at:time", "changed_at:time"}},
		{Name: "rules", From: "inbox_rule", Keys: []string{"id"}, Columns: []string{"id", "name", "active:bool", "event", "after:int", "calendar_id", "conditions:json", "ours:bool", "acts:json", "position:int", "member_id=owner_id", "created_at:time", "changed_at:time"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
