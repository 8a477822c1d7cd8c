package peopledb

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// InProgrammes returns one of the programmes in which one of the accounts was
// heard, "" for none.
func (d *DB) InProgrammes(ctx context.Context, programmes []social.ProgrammeID, accounts []social.IdentityID) (social.ProgrammeID, error) {
	if len(programmes) == 0 || len(accounts) == 0 {
		return "", nil
	}
	var found []social.ProgrammeID
	err := d.IDB(ctx).NewRaw("SELECT programme_id FROM identity_programme WHERE programme_id IN (?) AND identity_id IN (?) LIMIT 1", bun.List(programmes), bun.List(accounts)).Scan(ctx, &found)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// silent are persons of whom nothing was heard since a time, with whom no
// conversation is open, and, unless said, of whom business holds nothing.
const silent = ` FROM person p WHERE p.merged_into = '' AND p.erased_at = 0 AND p.seen_at < ?4 AND p.created_at < ?4
 AND NOT EXISTS (SELECT 1 FROM identity i WHERE i.person_id = p.id AND i.last_seen >= ?4)
 AND NOT EXISTS (SELECT 1 FROM identity i JOIN conversation c ON c.identity_id = i.id WHERE i.person_id = p.id AND c.state IN ('open', 'waiting', 'snoozed'))
 AND (?5 OR NOT (EXISTS (SELECT 1 FROM customer_order o WHERE o.person_id = p.id) OR EXISTS (SELECT 1 FROM opportunity o WHERE o.person_id = p.id)
  OR EXISTS (SELECT 1 FROM person_goal g WHERE g.person_id = p.id) OR EXISTS (SELECT 1 FROM person_promise g WHERE g.person_id = p.id)))`

// keptPerson says whether a hold keeps them: on themselves, on a programme that
// heard them, on a conversation in which they speak.
const keptPerson = `(p.id IN (?0) OR EXISTS (SELECT 1 FROM identity i JOIN identity_programme x ON x.identity_id = i.id WHERE i.person_id = p.id AND x.programme_id IN (?3))
 OR p.id IN (SELECT i.person_id FROM conversation c JOIN identity i ON i.id IN (c.identity_id, c.counterpart) WHERE c.id IN (?2))
 OR p.id IN (SELECT i.person_id FROM message m JOIN identity i ON i.id = m.identity_id WHERE m.conversation_id IN (?2) OR m.origin_id IN (?2)))`

func silentArgs(a social.Aged) []any {
	persons, accounts, talks, programmes := a.Spared.Lists()
	return []any{bun.List(persons), bun.List(accounts), bun.List(talks), bun.List(programmes), store.At(a.Before), a.Even}
}

// LookSilent says how many persons nothing was heard of for long.
func (d *DB) LookSilent(ctx context.Context, a social.Aged) (social.Stale, error) {
	out, err := d.LookAged(ctx, "p.seen_at", keptPerson, silent, silentArgs(a)...)
	if err != nil || out.Rows == 0 {
		return out, err
	}
	var rows []struct {
		ID string `bun:"id"`
		At int64  `bun:"at"`
	}
	err = d.IDB(ctx).NewRaw("SELECT p.id, p.seen_at AS at"+silent+" AND NOT "+keptPerson+" ORDER BY p.seen_at, p.id LIMIT 3", silentArgs(a)...).Scan(ctx, &rows)
	for _, r := range rows {
		out.Examples = append(out.Examples, social.StaleExample{At: store.Time(r.At), Link: "/people/" + r.ID})
	}
	return out, err
}

// Silent lists them, those first who were heard of the longest ago.
func (d *DB) Silent(ctx context.Context, a social.Aged, most int) ([]social.PersonID, error) {
	var ids []social.PersonID
	err := d.IDB(ctx).NewRaw("SELECT p.id"+silent+" AND NOT "+keptPerson+" ORDER BY p.seen_at, p.id LIMIT ?6", append(silentArgs(a), most)...).Scan(ctx, &ids)
	return ids, err
}

// DropClues forgets the ways to reach somebody that they wrote in some activities.
func (d *DB) DropClues(ctx context.Context, ids []social.ActivityID) error {
	for part := range slices.Chunk(ids, 400) {
		if _, err := d.IDB(ctx).NewRaw("DELETE FROM clue WHERE activity_id <> '' AND activity_id IN (?)", bun.List(part)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
