package surveydb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of satisfaction that can be taken out.
func (d *DB) Extracts() []extract.Table {
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "surveys", From: "survey", Keys: []string{"programme_id"}, Columns: []string{"programme_id", "active:bool", "words:json", "question", "after_min:int", "every_days:int", "owner_id", "changed_at:time"}},
		{Name: "satisfaction", From: "survey_ask", Keys: []string{"id"}, Columns: []string{"id", "conversation_id", "programme_id", "channel_id", "identity_id", "person_id", "member_id", "state", "why", "asked_at:time", "answered_at:time", "score:int", "comment"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
