package hivedb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of the hive that can be taken out.
func (d *DB) Extracts() []extract.Table {
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "hive_questions", From: "hive_question", Keys: []string{"conversation_id"}, Columns: []string{"conversation_id", "programme_id", "state", "ring:int", "lang", "about:json", "asked_at:time", "opened_at:time", "due_at:time", "claimed_by", "claimed_at:time", "answered_by", "answered_at:time", "closed_at:time", "because", "knew:int"}},
		{Name: "hive_answers", From: "hive_answer", Keys: []string{"conversation_id", "member_id"}, Columns: []string{"conversation_id", "member_id", "about:json", "at:time", "solved_at:time"}},
		{Name: "hive_skills", From: "hive_skill", Keys: []string{"member_id", "thing"}, Columns: []string{"member_id", "thing", "label", "answered:real", "solved:real", "passed:real", "n:int", "n_solved:int", "at:time"}},
		{Name: "hive_members", From: "hive_member", Keys: []string{"member_id"}, Columns: []string{"member_id", "state", "zone", "days:int", "from_min:int", "to_min:int", "away_from:time", "away_to:time", "daily:int", "langs:json", "expertise:json"}},
		{Name: "hive_rules", From: "hive_rule", Keys: []string{"programme_id"}, Columns: []string{"programme_id", "rules:json", "at:time"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
