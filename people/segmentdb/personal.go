package segmentdb

import "github.com/parley-crm/parley/store"

// Personal is what segments hold about somebody. They leave their segments when they
// are looked at next, as whoever is no more does; the counts follow.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "segments", Holds: []store.Held{
		{Name: "segments", Gather: "SELECT s.name, m.since FROM segment_member m JOIN segment s ON s.id = m.segment_id WHERE m.person_id IN (?0) ORDER BY m.since"},
		{Name: "what segments look at", Erase: []string{"DELETE FROM person_extra WHERE person_id IN (?0)",
			"UPDATE person_profile SET name = '', place = '', networks = '', tags = '', organizations = '' WHERE person_id IN (?0)"}},
	}}
}
