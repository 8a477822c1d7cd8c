package peopledb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Erased is what somebody is called of whom nothing is left.
const Erased = "Erased"

// Personal is what this room holds about somebody. The person itself stays, without
// a name, for what counts it.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "people", Also: d.dropFiles, Holds: []store.Held{
		{Name: "accounts", Gather: "SELECT scheme, value, handle, name, url, avatar, followers, first_seen, last_seen FROM identity WHERE id IN (?1)",
			Erase: []string{"DELETE FROM identity WHERE id = ?1"}},
		{Name: "person", Gather: "SELECT id, name, notes, place, lang, seen_at, created_at FROM person WHERE id IN (?0) ORDER BY created_at",
			Erase: []string{"UPDATE person SET name = '" + Erased + "', name_edited = TRUE, notes = '', place = '', lang = '', erased_at = ?4 WHERE id IN (?0)"}},
		{Name: "words to find them by", Erase: []string{"DELETE FROM person_term WHERE person_id IN (?0)"}},
		{Name: "ways to reach them", Gather: "SELECT kind, value, source, at FROM clue WHERE identity_id IN (?1) ORDER BY at", Erase: []string{"DELETE FROM clue WHERE identity_id = ?1"}},
		{Name: "programmes that heard them", Erase: []string{"DELETE FROM identity_programme WHERE identity_id = ?1"}},
		{Name: "notes", Gather: "SELECT text, pinned, created_at, updated_at FROM person_note WHERE person_id IN (?0) ORDER BY created_at, id", Erase: []string{"DELETE FROM person_note WHERE person_id IN (?0)"}},
		{Name: "goals", Gather: "SELECT text, status, created_at, updated_at FROM person_goal WHERE person_id IN (?0) ORDER BY created_at, id", Erase: []string{"DELETE FROM person_goal WHERE person_id IN (?0)"}},
		// Of an account what it proposed; what stood there before belongs to the person.
		{Name: "corrections", Gather: "SELECT COALESCE(f.name, 'name') AS field, m.value, m.state, m.words, m.asked_at, m.closed_at FROM person_mend m LEFT JOIN field_def f ON f.id = m.field_id WHERE m.identity_id IN (?1) AND m.state <> 'replaced' ORDER BY m.asked_at, m.id",
			Erase: []string{"DELETE FROM person_mend WHERE identity_id = ?1"}},
		{Name: "what stood before a correction", Gather: "SELECT COALESCE(f.name, 'name') AS field, m.was AS value, m.closed_at FROM person_mend m LEFT JOIN field_def f ON f.id = m.field_id WHERE m.person_id IN (?0) AND m.was <> '' ORDER BY m.closed_at, m.id",
			Erase: []string{"DELETE FROM person_mend WHERE person_id IN (?0)"}},
		{Name: "promises", Gather: "SELECT text, state, due_at, created_at FROM person_promise WHERE person_id IN (?0) ORDER BY created_at, id", Erase: []string{"DELETE FROM person_promise WHERE person_id IN (?0)"}},
		{Name: "tags", Gather: "SELECT t.name, p.at FROM person_tag p JOIN tag t ON t.id = p.tag_id WHERE p.person_id IN (?0) ORDER BY p.at", Erase: []string{"DELETE FROM person_tag WHERE person_id IN (?0)"}},
		{Name: "merges", Gather: "SELECT absorbed_name AS name, at FROM person_merge WHERE survivor IN (?0) ORDER BY at", Erase: []string{"DELETE FROM person_merge WHERE survivor IN (?0) OR absorbed IN (?0)"}},
		{Name: "imports", Erase: []string{"DELETE FROM bring_step WHERE person_id IN (?0)"}},
		{Name: "suggestions", Erase: []string{"DELETE FROM suggestion WHERE a IN (?0) OR b IN (?0)"}},
		{Name: "files", Gather: "SELECT name, type, size, created_at FROM file WHERE owner IN (SELECT 'person:' || id FROM person WHERE id IN (?0)) ORDER BY id"},
	}}
}

func (d *DB) dropFiles(ctx context.Context, s social.Subject) ([]social.Gone, error) {
	ids := make([]string, len(s.Persons))
	for i, p := range s.Persons {
		ids[i] = string(p)
	}
	n, err := d.DropOwned(ctx, "SELECT 'person:' || id FROM person WHERE id IN (?)", bun.List(ids))
	if n == 0 || err != nil {
		return nil, err
	}
	return []social.Gone{{Place: "files", Rows: n}}, nil
}

// Borne says which names and handles somebody bears who is still known: such a
// name says of nobody alone who it is.
func (d *DB) Borne(ctx context.Context, names []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, n := range names {
		var found int
		err := d.IDB(ctx).NewRaw("SELECT (SELECT COUNT(*) FROM identity WHERE LOWER(name) = LOWER(?0) OR LOWER(handle) = LOWER(?0)) + (SELECT COUNT(*) FROM person WHERE LOWER(name) = LOWER(?0) AND erased_at = 0)", n).Scan(ctx, &found)
		if err != nil {
			return nil, err
		}
		out[n] = found > 0
	}
	return out, nil
}
