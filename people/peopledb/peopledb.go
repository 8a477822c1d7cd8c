// Package peopledb keeps people in SQL.
package peopledb

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements people.Store.
type DB struct{ *store.DB }

// New keeps people in db.
func New(db *store.DB) *DB { return &DB{db} }

type personRow struct {
	bun.BaseModel `bun:"table:person"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	NameEdited    bool   `bun:"name_edited"`
	Notes         string `bun:"notes"`
	Place         string `bun:"place"`
	Lang          string `bun:"lang"`
	MergedInto    string `bun:"merged_into"`
	SeenAt        int64  `bun:"seen_at"`
	CreatedAt     int64  `bun:"created_at"`
}

type identityRow struct {
	bun.BaseModel `bun:"table:identity"`
	ID            string `bun:"id,pk"`
	PersonID      string `bun:"person_id"`
	Scheme        string `bun:"scheme"`
	Issuer        string `bun:"issuer"`
	Value         string `bun:"value"`
	ValueFolded   string `bun:"value_folded"`
	Handle        string `bun:"handle"`
	Name          string `bun:"name"`
	URL           string `bun:"url"`
	Avatar        string `bun:"avatar"`
	Followers     int64  `bun:"followers"`
	ChannelID     string `bun:"channel_id"`
	FirstSeen     int64  `bun:"first_seen"`
	LastSeen      int64  `bun:"last_seen"`
}

type termRow struct {
	bun.BaseModel `bun:"table:person_term"`
	Term          string `bun:"term"`
	PersonID      string `bun:"person_id"`
}

type scopeRow struct {
	bun.BaseModel `bun:"table:person_programme"`
	PersonID      string `bun:"person_id"`
	ProgrammeID   string `bun:"programme_id"`
}

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
				row.PersonID, row.FirstSeen = had.PersonID, min(had.FirstSeen, row.FirstSeen)
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

// Person implements people.Store.
func (d *DB) Person(ctx context.Context, who social.PersonID) (people.Person, error) {
	for range 8 { // a chain of merges is short
		var r personRow
		q := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", string(who))
		if err := q.Scan(ctx); err != nil {
			return people.Person{}, store.NotFound(err, "There is no such person.")
		}
		if r.MergedInto != "" {
			who = social.PersonID(r.MergedInto)
			continue
		}
		if ok, err := d.visible(ctx, r.ID); err != nil || !ok {
			if err == nil {
				err = social.Errorf(social.NotFound, "There is no such person.")
			}
			return people.Person{}, err
		}
		list, err := d.withIdentities(ctx, []personRow{r})
		if err != nil {
			return people.Person{}, err
		}
		return list[0], nil
	}
	return people.Person{}, social.Errorf(social.Fault, "The merges of this person go round in a circle.")
}

func (d *DB) visible(ctx context.Context, person string) (bool, error) {
	scope := scopeOf(ctx)
	if scope.All {
		return true, nil
	}
	if len(scope.Programmes) == 0 {
		return false, nil
	}
	return d.IDB(ctx).NewSelect().Model((*scopeRow)(nil)).
		Where("person_id = ?", person).Where("programme_id IN (?)", bun.List(scope.Programmes)).Exists(ctx)
}

// scopeOf is the scope of ctx; Parley itself, with no actor, sees all.
func scopeOf(ctx context.Context) social.Scope {
	if _, ok := social.ActorOf(ctx); !ok {
		return social.Scope{All: true}
	}
	return social.ScopeOf(ctx)
}

// People implements people.Store.
func (d *DB) People(ctx context.Context, q people.Query) ([]people.Person, string, error) {
	limit := store.Limit(q.Limit)
	var at int64
	var last string
	more, err := store.FromCursor(q.Cursor, &at, &last)
	if err != nil {
		return nil, "", err
	}
	var rows []personRow
	sel := d.IDB(ctx).NewSelect().Model(&rows).Where("merged_into = ''").
		OrderExpr("seen_at DESC, id DESC").Limit(int64(limit) + 1)
	if more {
		sel = sel.Where("(seen_at, id) < (?, ?)", at, last)
	}
	for _, w := range strings.Fields(strings.ToLower(q.Words)) {
		w = strings.TrimPrefix(w, "@")
		sel = sel.Where("id IN (SELECT person_id FROM person_term WHERE term >= ? AND term < ?)", w, w+"\U0010ffff")
	}
	if scope := scopeOf(ctx); !scope.All {
		if len(scope.Programmes) == 0 {
			return nil, "", nil
		}
		sel = sel.Where("id IN (SELECT person_id FROM person_programme WHERE programme_id IN (?))", bun.List(scope.Programmes))
	}
	if err := sel.Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].SeenAt, rows[limit-1].ID)
	}
	list, err := d.withIdentities(ctx, rows)
	return list, next, err
}

func (d *DB) withIdentities(ctx context.Context, rows []personRow) ([]people.Person, error) {
	out := make([]people.Person, len(rows))
	index := make(map[string]int, len(rows))
	ids := make([]string, len(rows))
	for i, r := range rows {
		out[i] = people.Person{ID: social.PersonID(r.ID), Name: r.Name, NameEdited: r.NameEdited, Notes: r.Notes, Place: r.Place,
			Lang: r.Lang, MergedInto: social.PersonID(r.MergedInto), SeenAt: store.Time(r.SeenAt), CreatedAt: store.Time(r.CreatedAt)}
		index[r.ID], ids[i] = i, r.ID
	}
	if len(rows) == 0 {
		return out, nil
	}
	var found []identityRow
	if err := d.IDB(ctx).NewSelect().Model(&found).Where("person_id IN (?)", bun.List(ids)).Order("last_seen DESC", "id").Scan(ctx); err != nil {
		return nil, err
	}
	for _, f := range found {
		p := &out[index[f.PersonID]]
		p.Identities = append(p.Identities, identityOf(f))
	}
	return out, nil
}

func identityOf(f identityRow) people.Identity {
	return people.Identity{ID: social.IdentityID(f.ID), Person: social.PersonID(f.PersonID), Channel: social.ChannelID(f.ChannelID),
		FirstSeen: store.Time(f.FirstSeen), LastSeen: store.Time(f.LastSeen),
		Author: social.Author{Scheme: f.Scheme, Issuer: f.Issuer, Value: f.Value, Handle: f.Handle, Name: f.Name, URL: f.URL, Avatar: f.Avatar, Followers: int(f.Followers)}}
}

// Persons implements people.Store.
func (d *DB) Persons(ctx context.Context, ids []social.IdentityID) (map[social.IdentityID]social.PersonID, error) {
	out := make(map[social.IdentityID]social.PersonID, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []identityRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Column("id", "person_id").Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, r := range rows {
		out[social.IdentityID(r.ID)] = social.PersonID(r.PersonID)
	}
	return out, nil
}

// Save implements people.Store.
func (d *DB) Save(ctx context.Context, p people.Person) error {
	return d.InTx(ctx, func(ctx context.Context) error {
		row := personRow{ID: string(p.ID), Name: p.Name, NameEdited: p.NameEdited, Notes: p.Notes, Place: p.Place, Lang: p.Lang,
			MergedInto: string(p.MergedInto), SeenAt: store.At(p.SeenAt)}
		if _, err := d.IDB(ctx).NewUpdate().Model(&row).ExcludeColumn("created_at").WherePK().Exec(ctx); err != nil {
			return err
		}
		terms := termsOf(string(p.ID), p.Name)
		if len(terms) == 0 {
			return nil
		}
		_, err := d.IDB(ctx).NewInsert().Model(&terms).On("CONFLICT DO NOTHING").Exec(ctx)
		return err
	})
}

// Release implements people.Store.
func (d *DB) Release(ctx context.Context, who social.PersonID) error {
	_, err := d.IDB(ctx).NewUpdate().Model((*personRow)(nil)).Set("merged_into = ''").Where("id = ?", string(who)).Exec(ctx)
	return err
}

// Move implements people.Store. The words and programmes of the identities
// are given to the new person too.
func (d *DB) Move(ctx context.Context, ids []social.IdentityID, to social.PersonID) error {
	if len(ids) == 0 {
		return nil
	}
	return d.InTx(ctx, func(ctx context.Context) error {
		var from []string
		if err := d.IDB(ctx).NewSelect().Model((*identityRow)(nil)).ColumnExpr("DISTINCT person_id").Where("id IN (?)", bun.List(ids)).Scan(ctx, &from); err != nil {
			return err
		}
		if _, err := d.IDB(ctx).NewUpdate().Model((*identityRow)(nil)).Set("person_id = ?", string(to)).Where("id IN (?)", bun.List(ids)).Exec(ctx); err != nil {
			return err
		}
		for _, q := range []string{
			`INSERT INTO person_programme (person_id, programme_id) SELECT ?, programme_id FROM person_programme WHERE person_id IN (?) ON CONFLICT DO NOTHING`,
			`INSERT INTO person_term (person_id, term) SELECT ?, term FROM person_term WHERE person_id IN (?) ON CONFLICT DO NOTHING`,
		} {
			if len(from) == 0 {
				break
			}
			if _, err := d.IDB(ctx).NewRaw(q, string(to), bun.List(from)).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

type mergeRow struct {
	bun.BaseModel `bun:"table:person_merge"`
	ID            string `bun:"id,pk"`
	Survivor      string `bun:"survivor"`
	Absorbed      string `bun:"absorbed"`
	AbsorbedName  string `bun:"absorbed_name"`
	Moved         string `bun:"moved"`
	Before        string `bun:"before"`
	ByMember      string `bun:"by_member"`
	At            int64  `bun:"at"`
	UndoneAt      int64  `bun:"undone_at"`
}

// SaveMerge implements people.Store.
func (d *DB) SaveMerge(ctx context.Context, m people.Merge) error {
	moved, err := json.Marshal(m.Moved)
	if err != nil {
		return err
	}
	before, err := json.Marshal(m.Before)
	if err != nil {
		return err
	}
	row := mergeRow{ID: m.ID, Survivor: string(m.Survivor), Absorbed: string(m.Absorbed), AbsorbedName: m.AbsorbedName, Moved: string(moved),
		Before: string(before), ByMember: string(m.By), At: store.At(m.At), UndoneAt: store.At(m.UndoneAt)}
	_, err = d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Set("undone_at = EXCLUDED.undone_at").Exec(ctx)
	return err
}

func mergeOf(r mergeRow) (people.Merge, error) {
	m := people.Merge{ID: r.ID, Survivor: social.PersonID(r.Survivor), Absorbed: social.PersonID(r.Absorbed), AbsorbedName: r.AbsorbedName,
		By: social.MemberID(r.ByMember), At: store.Time(r.At), UndoneAt: store.Time(r.UndoneAt)}
	if err := json.Unmarshal([]byte(r.Moved), &m.Moved); err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(r.Before), &m.Before)
}

// Merge implements people.Store.
func (d *DB) Merge(ctx context.Context, merge string) (people.Merge, error) {
	var r mergeRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", merge).Scan(ctx); err != nil {
		return people.Merge{}, store.NotFound(err, "There is no such merge.")
	}
	return mergeOf(r)
}

// Merges implements people.Store.
func (d *DB) Merges(ctx context.Context, survivor social.PersonID) ([]people.Merge, error) {
	var rows []mergeRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("survivor = ? AND undone_at = 0", string(survivor)).Order("at DESC").Limit(50).Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]people.Merge, len(rows))
	for i, r := range rows {
		m, err := mergeOf(r)
		if err != nil {
			return nil, err
		}
		out[i] = m
	}
	return out, nil
}

// Moments implements people.Source with the merges that stand.
func (d *DB) Moments(ctx context.Context, who []social.IdentityID, before time.Time, beforeID string, limit int) ([]people.Moment, error) {
	if len(who) == 0 {
		return nil, nil
	}
	var rows []struct {
		ID     string
		At     int64
		Name   string
		Member string
	}
	err := d.IDB(ctx).NewRaw(`
SELECT m.id, m.at, p.name, m.by_member AS member FROM person_merge m JOIN person p ON p.id = m.absorbed
WHERE m.undone_at = 0 AND m.survivor IN (SELECT person_id FROM identity WHERE id IN (?)) AND (m.at, m.id) < (?, ?)
ORDER BY m.at DESC, m.id DESC LIMIT ?`, bun.List(who), store.At(before), beforeID, limit).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	out := make([]people.Moment, len(rows))
	for i, r := range rows {
		out[i] = people.Moment{At: store.Time(r.At), ID: r.ID, Kind: "merge", Text: r.Name, By: social.MemberID(r.Member)}
	}
	return out, nil
}
