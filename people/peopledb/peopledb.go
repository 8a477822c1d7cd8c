// Package peopledb keeps people in SQL.
package peopledb

import (
	"context"
	"strings"

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
	ErasedAt      int64  `bun:"erased_at"`
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
		if r.ErasedAt > 0 {
			return people.Person{}, social.Errorf(social.NotFound, "This person was erased on %s, on request.", store.Time(r.ErasedAt).Format("2 January 2006"))
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
	sel := d.IDB(ctx).NewSelect().Model(&rows).Where("merged_into = '' AND erased_at = 0").
		OrderExpr("seen_at DESC, id DESC").Limit(int64(limit) + 1)
	if more {
		sel = sel.Where("(seen_at, id) < (?, ?)", at, last)
	}
	for _, w := range strings.Fields(strings.ToLower(q.Words)) {
		w = strings.TrimPrefix(w, "@")
		sel = sel.Where("id IN (SELECT person_id FROM person_term WHERE term >= ? AND term < ?)", w, w+"\U0010ffff")
	}
	if q.Segment != "" {
		sel = sel.Where("id IN (SELECT person_id FROM segment_member WHERE segment_id = ?)", string(q.Segment))
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
