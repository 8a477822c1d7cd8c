package peopledb

import (
	"context"
	"encoding/json"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Release implements people.Store.
func (d *DB) Release(ctx context.Context, who social.PersonID) error {
	_, err := d.IDB(ctx).NewUpdate().Model((*personRow)(nil)).Set("merged_into = ''").Where("id = ?", string(who)).Exec(ctx)
	return err
}

// Move implements people.Store.
func (d *DB) Move(ctx context.Context, ids []social.IdentityID, to social.PersonID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := d.IDB(ctx).NewUpdate().Model((*identityRow)(nil)).Set("person_id = ?", string(to)).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}

// Regain implements people.Store.
func (d *DB) Regain(ctx context.Context, who ...social.PersonID) error {
	return d.InTx(ctx, func(ctx context.Context) error {
		db := d.IDB(ctx)
		for _, table := range []string{"person_programme", "person_term"} {
			if _, err := db.NewRaw("DELETE FROM "+table+" WHERE person_id IN (?)", bun.List(who)).Exec(ctx); err != nil {
				return err
			}
		}
		if _, err := db.NewRaw(`
INSERT INTO person_programme (person_id, programme_id)
SELECT DISTINCT i.person_id, p.programme_id FROM identity i JOIN identity_programme p ON p.identity_id = i.id WHERE i.person_id IN (?)`, bun.List(who)).Exec(ctx); err != nil {
			return err
		}
		var rows []personRow
		if err := db.NewSelect().Model(&rows).Where("id IN (?)", bun.List(who)).Scan(ctx); err != nil {
			return err
		}
		persons, err := d.withIdentities(ctx, rows)
		if err != nil {
			return err
		}
		var terms []termRow
		for _, p := range persons {
			terms = append(terms, termsOf(string(p.ID), p.Name)...)
			for _, i := range p.Identities {
				terms = append(terms, termsOf(string(p.ID), i.Author.Name, i.Author.Handle, i.Author.Value)...)
			}
		}
		if len(terms) > 0 {
			if _, err := db.NewInsert().Model(&terms).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
				return err
			}
		}
		_, err = db.NewRaw(`
UPDATE person SET seen_at = COALESCE((SELECT MAX(last_seen) FROM identity WHERE identity.person_id = person.id), seen_at)
WHERE id IN (?)`, bun.List(who)).Exec(ctx)
		return err
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
	Outcome       string `bun:"outcome"`
	ByMember      string `bun:"by_member"`
	At            int64  `bun:"at"`
	UndoneAt      int64  `bun:"undone_at"`
	Reasons       string `bun:"reasons"`
	Automatic     bool   `bun:"automatic"`
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
	after, err := json.Marshal(m.After)
	if err != nil {
		return err
	}
	reasons, err := json.Marshal(m.Reasons)
	if err != nil {
		return err
	}
	row := mergeRow{Reasons: string(reasons), Automatic: m.Automatic, ID: m.ID, Survivor: string(m.Survivor), Absorbed: string(m.Absorbed), AbsorbedName: m.AbsorbedName, Moved: string(moved),
		Before: string(before), Outcome: string(after), ByMember: string(m.By), At: store.At(m.At), UndoneAt: store.At(m.UndoneAt)}
	_, err = d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE").Set("undone_at = EXCLUDED.undone_at").
		Set("before = EXCLUDED.before").Set("outcome = EXCLUDED.outcome").Exec(ctx)
	return err
}

func mergeOf(r mergeRow) (people.Merge, error) {
	m := people.Merge{ID: r.ID, Survivor: social.PersonID(r.Survivor), Absorbed: social.PersonID(r.Absorbed), AbsorbedName: r.AbsorbedName,
		By: social.MemberID(r.ByMember), At: store.Time(r.At), UndoneAt: store.Time(r.UndoneAt), Automatic: r.Automatic}
	if err := json.Unmarshal([]byte(r.Reasons), &m.Reasons); err != nil {
		return m, err
	}
	if err := json.Unmarshal([]byte(r.Moved), &m.Moved); err != nil {
		return m, err
	}
	if r.Outcome != "" {
		if err := json.Unmarshal([]byte(r.Outcome), &m.After); err != nil {
			return m, err
		}
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
func (d *DB) Moments(ctx context.Context, who []social.IdentityID, l people.Look) ([]people.Moment, error) {
	if len(who) == 0 || !l.Wants("merge") || len(l.Channels) > 0 || l.About != "" {
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
ORDER BY m.at DESC, m.id DESC LIMIT ?`, bun.List(who), store.At(l.Before), l.BeforeID, l.Limit).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	out := make([]people.Moment, len(rows))
	for i, r := range rows {
		out[i] = people.Moment{At: store.Time(r.At), ID: r.ID, Kind: "merge", Text: r.Name, By: social.MemberID(r.Member)}
	}
	return out, nil
}
