package surveydb

import "github.com/parley-crm/parley/store"

// Personal is what somebody answered when they were asked how well we helped.
// The score stays counted; their words and the way to them do not.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "satisfaction", Holds: []store.Held{
		{Name: "how well we helped", Gather: "SELECT asked_at, answered_at, score, comment, conversation_id FROM survey_ask WHERE identity_id IN (?1) AND asked_at > 0 ORDER BY asked_at",
			Erase: []string{"UPDATE survey_ask SET comment = '', identity_id = ?2, person_id = '', key_hash = '', state = CASE WHEN state = 'planned' THEN 'dropped' ELSE state END WHERE identity_id = ?1"}},
	}}
}
