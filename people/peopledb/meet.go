package peopledb

import (
	"context"
	"strings"
	"unicode"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Meet implements people.Store. A batch costs a handful of statements,
// however many authors it holds.
func (d *DB) Meet(ctx context.Context, seen []people.Seen) error {
	latest := map[string]people.Seen{}
	first := map[string]int64{}
	var order []string
	for _, s := range seen {
		key := string(s.Author.ID())
		if had, ok := latest[key]; !ok {
			order = append(order, key)
			latest[key], first[key] = s, store.At(s.At)
		} else {
			first[key] = min(first[key], store.At(s.At))
			if s.At.After(had.At) {
				latest[key] = s
			}
		}
	}
	return d.InTx(ctx, func(ctx context.Context) error {
		known, err := d.identities(ctx, order)
		if err != nil {
			return err
		}
		var newPeople []personRow
		var terms []termRow
		var upserts []identityRow
		personOf := make(map[string]string, len(order))
		newer := map[string]int64{} // person → last seen
		for _, key := range order {
			s := latest[key]
			row := rowOf(key, s)
			row.FirstSeen = first[key]
			had, ok := known[key]
			if ok {
				row.PersonID = had.PersonID
				if had.FirstSeen > 0 { // it may have been taken over from a file and never heard
					row.FirstSeen = min(had.FirstSeen, row.FirstSeen)
				}
				if row.LastSeen <= had.LastSeen {
					keep(&row, had)
				}
				if row.LastSeen > had.LastSeen {
					newer[row.PersonID] = max(newer[row.PersonID], row.LastSeen)
				}
				fillGaps(&row, had)
				if row != had {
					upserts = append(upserts, row)
				}
				if row.Name != had.Name || row.Handle != had.Handle {
					terms = append(terms, termsOf(row.PersonID, row.Name, row.Handle)...)
				}
			} else {
				row.PersonID = id.New()
				newPeople = append(newPeople, personRow{ID: row.PersonID, Name: s.Author.Label(), Lang: s.Lang,
					SeenAt: row.LastSeen, CreatedAt: store.At(d.Clock.Now())})
				upserts = append(upserts, row)
				terms = append(terms, termsOf(row.PersonID, s.Author.Name, s.Author.Handle, s.Author.Value)...)
			}
			personOf[key] = row.PersonID
		}
		if err := d.heardIn(ctx, seen); err != nil {
			return err
		}
		return d.writeMet(ctx, newPeople, upserts, terms, d.scopes(seen, personOf), newer)
	})
}

// keep takes over what was seen later than this sighting.
func keep(row *identityRow, had identityRow) {
	first := row.FirstSeen
	*row = had
	row.FirstSeen = min(first, had.FirstSeen)
}

// fillGaps keeps what a network told before and leaves out now.
func fillGaps(row *identityRow, had identityRow) {
	for _, f := range []struct {
		now *string
		was string
	}{{&row.Handle, had.Handle}, {&row.Name, had.Name}, {&row.URL, had.URL}, {&row.Avatar, had.Avatar}} {
		if *f.now == "" {
			*f.now = f.was
		}
	}
	if row.Followers == 0 {
		row.Followers = had.Followers
	}
}

func rowOf(key string, s people.Seen) identityRow {
	a := s.Author
	return identityRow{ID: key, Scheme: a.Scheme, Issuer: a.Issuer, Value: a.Value, ValueFolded: a.Folded(),
		Handle: a.Handle, Name: a.Name, URL: a.URL, Avatar: a.Avatar, Followers: int64(a.Followers),
		ChannelID: string(s.Channel), LastSeen: store.At(s.At)}
}

func (d *DB) scopes(seen []people.Seen, personOf map[string]string) []scopeRow {
	var rows []scopeRow
	had := map[scopeRow]bool{}
	for _, s := range seen {
		r := scopeRow{PersonID: personOf[string(s.Author.ID())], ProgrammeID: string(s.Programme)}
		if r.ProgrammeID != "" && !had[r] {
			had[r] = true
			rows = append(rows, r)
		}
	}
	return rows
}

type heardInRow struct {
	bun.BaseModel `bun:"table:identity_programme"`
	IdentityID    string `bun:"identity_id"`
	ProgrammeID   string `bun:"programme_id"`
}

// heardIn keeps in which programmes identities were heard.
func (d *DB) heardIn(ctx context.Context, seen []people.Seen) error {
	var rows []heardInRow
	had := map[heardInRow]bool{}
	for _, s := range seen {
		r := heardInRow{IdentityID: string(s.Author.ID()), ProgrammeID: string(s.Programme)}
		if r.ProgrammeID != "" && !had[r] {
			had[r] = true
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

func (d *DB) writeMet(ctx context.Context, newPeople []personRow, upserts []identityRow, terms []termRow, scopes []scopeRow, newer map[string]int64) error {
	db := d.IDB(ctx)
	if len(newPeople) > 0 {
		if _, err := db.NewInsert().Model(&newPeople).Exec(ctx); err != nil {
			return err
		}
	}
	if len(upserts) > 0 {
		q := db.NewInsert().Model(&upserts).On("CONFLICT (id) DO UPDATE")
		for _, c := range []string{"handle", "name", "url", "avatar", "followers", "channel_id", "first_seen", "last_seen"} {
			q = q.Set(c + " = EXCLUDED." + c)
		}
		if _, err := q.Exec(ctx); err != nil {
			return err
		}
	}
	if len(terms) > 0 {
		if _, err := db.NewInsert().Model(&terms).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return err
		}
	}
	if len(scopes) > 0 {
		if _, err := db.NewInsert().Model(&scopes).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return err
		}
	}
	if len(newer) == 0 {
		return nil
	}
	ids := make([]string, 0, len(newer))
	for p := range newer {
		ids = append(ids, p)
	}
	// One statement for all: the newest sighting of any identity is the person's.
	_, err := db.NewRaw(touchSQL, bun.List(ids)).Exec(ctx)
	return err
}

const touchSQL = `
UPDATE person SET seen_at = (SELECT MAX(last_seen) FROM identity WHERE identity.person_id = person.id)
WHERE id IN (?)`

func (d *DB) identities(ctx context.Context, keys []string) (map[string]identityRow, error) {
	var rows []identityRow
	out := make(map[string]identityRow, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(keys)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, nil
}

// termsOf are the words by which a person is found: folded words of names and
// handles, at most a dozen.
func termsOf(person string, texts ...string) []termRow {
	had := map[string]bool{}
	var rows []termRow
	for _, t := range texts {
		words := strings.FieldsFunc(strings.ToLower(t), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		})
		words = append(words, strings.ToLower(t))
		for _, w := range words {
			if w == "" || had[w] || len(rows) >= 12 {
				continue
			}
			had[w] = true
			rows = append(rows, termRow{Term: w, PersonID: person})
		}
	}
	return rows
}
