package peopledb

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type stepRow struct {
	bun.BaseModel `bun:"table:bring_step"`
	File          string `bun:"file_id,pk"`
	N             int64  `bun:"n,pk"`
	Person        string `bun:"person_id"`
	Detail        string `bun:"detail"`
}

type bornTagRow struct {
	bun.BaseModel `bun:"table:person_tag"`
	Tag           string `bun:"tag_id"`
	Person        string `bun:"person_id"`
	Member        string `bun:"member_id"`
	At            int64  `bun:"at"`
}

type ownValueRow struct {
	bun.BaseModel `bun:"table:field_value"`
	Owner         string `bun:"owner_id"`
	Field         string `bun:"field_id"`
	Value         string `bun:"value"`
	Source        string `bun:"source"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
}

type worksRow struct {
	bun.BaseModel `bun:"table:affiliation"`
	ID            string `bun:"id"`
	Person        string `bun:"person_id"`
	Organization  string `bun:"organization_id"`
	Title         string `bun:"title"`
	By            string `bun:"by_id"`
	CreatedAt     int64  `bun:"created_at"`
}

type foundedRow struct {
	bun.BaseModel `bun:"table:organization"`
	ID            string `bun:"id"`
	Name          string `bun:"name"`
	Folded        string `bun:"name_folded"`
	Programme     string `bun:"programme_id"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

type businessTermRow struct {
	bun.BaseModel `bun:"table:business_term"`
	Kind          string `bun:"kind"`
	Term          string `bun:"term"`
	Object        string `bun:"object_id"`
}

// rowsAtOnce is how many rows go into one statement.
const rowsAtOnce = 500

// insert writes rows, if there are any; those that are there already stay.
func insert[R any](ctx context.Context, db bun.IDB, rows []R) error {
	for part := range slices.Chunk(rows, rowsAtOnce) {
		if _, err := db.NewInsert().Model(&part).On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Write implements bring.Store.
func (s Bring) Write(ctx context.Context, b bring.Batch) error {
	at := store.At(b.At)
	var born, changed []personRow
	var terms []termRow
	for _, p := range b.Fresh {
		born = append(born, personRow{ID: string(p.Person), Name: p.Name, NameEdited: true, Notes: p.Notes, Place: p.Place, Lang: p.Lang, CreatedAt: at})
		terms = append(terms, termsOf(string(p.Person), p.Name)...)
	}
	for _, p := range b.Changed {
		changed = append(changed, personRow{ID: string(p.Person), Name: p.Name, Notes: p.Notes, Place: p.Place, Lang: p.Lang, CreatedAt: at})
		terms = append(terms, termsOf(string(p.Person), p.Name)...)
	}
	db := s.IDB(ctx)
	if err := insert(ctx, db, born); err != nil {
		return err
	}
	if len(changed) > 0 {
		q := db.NewInsert().Model(&changed).On("CONFLICT (id) DO UPDATE").Set("name_edited = (?TableAlias.name_edited OR ?TableAlias.name <> EXCLUDED.name)")
		for _, c := range []string{"name", "notes", "place", "lang"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	more, err := s.accounts(ctx, b)
	if err != nil {
		return err
	}
	if err := insert(ctx, db, append(terms, more...)); err != nil {
		return err
	}
	if err := s.found(ctx, b); err != nil {
		return err
	}
	return s.steps(ctx, b)
}

// accounts writes the accounts that are new and returns the words by which
// they are found.
func (s Bring) accounts(ctx context.Context, b bring.Batch) ([]termRow, error) {
	var rows []identityRow
	var in []heardInRow
	var seen []scopeRow
	var terms []termRow
	var clues []people.Clue
	for who, all := range b.Accounts {
		for _, a := range all {
			key := string(a.ID())
			rows = append(rows, identityRow{ID: key, PersonID: string(who), Scheme: a.Scheme, Issuer: a.Issuer, Value: a.Value, ValueFolded: a.Folded(),
				Handle: a.Handle, Name: a.Name, URL: a.URL})
			terms = append(terms, termsOf(string(who), a.Value)...)
			if b.Programme != "" {
				in = append(in, heardInRow{IdentityID: key, ProgrammeID: string(b.Programme)})
			}
			var c resolve.Contact
			ok := false
			switch a.Scheme {
			case "mailto":
				c, ok = resolve.Email(a.Value)
			case "tel":
				c, ok = resolve.Phone(a.Value)
			case "acct":
				c, ok = resolve.Handle(a.Value)
			}
			if ok {
				clues = append(clues, people.Clue{Identity: a.ID(), Contact: c, At: b.At})
			}
		}
		if b.Programme != "" && len(all) > 0 {
			seen = append(seen, scopeRow{PersonID: string(who), ProgrammeID: string(b.Programme)})
		}
	}
	db := s.IDB(ctx)
	if err := insert(ctx, db, rows); err != nil {
		return nil, err
	}
	if err := insert(ctx, db, in); err != nil {
		return nil, err
	}
	if err := insert(ctx, db, seen); err != nil || len(clues) == 0 {
		return terms, err
	}
	_, err := s.AddClues(ctx, clues)
	return terms, err
}

// found writes the organizations that are new.
func (s Bring) found(ctx context.Context, b bring.Batch) error {
	var rows []foundedRow
	var terms []businessTermRow
	for id, name := range b.Founded {
		rows = append(rows, foundedRow{ID: string(id), Name: name, Folded: strings.ToLower(name), Programme: string(b.Programme), CreatedAt: store.At(b.At), UpdatedAt: store.At(b.At)})
		for _, t := range termsOf(string(id), name) {
			terms = append(terms, businessTermRow{Kind: "organization", Term: t.Term, Object: string(id)})
		}
	}
	if err := insert(ctx, s.IDB(ctx), rows); err != nil {
		return err
	}
	return insert(ctx, s.IDB(ctx), terms)
}

// steps writes what each row did.
func (s Bring) steps(ctx context.Context, b bring.Batch) error {
	db, at := s.IDB(ctx), store.At(b.At)
	var tags []bornTagRow
	var works []worksRow
	var values []ownValueRow
	last := map[[2]string]int{} // where in values a field of somebody stands
	rows := make([]stepRow, len(b.Steps))
	for i, t := range b.Steps {
		who := string(t.Person)
		for _, g := range t.Tags {
			tags = append(tags, bornTagRow{Tag: string(g), Person: who, Member: string(b.By), At: at})
		}
		for _, j := range t.Jobs {
			works = append(works, worksRow{ID: j.ID, Person: who, Organization: string(j.Organization), Title: j.Title, By: string(b.By), CreatedAt: at})
		}
		for _, v := range t.Values {
			row, key := ownValueRow{Owner: who, Field: v.Field, Value: v.Now, Source: string(deal.ByImport), By: string(b.By), At: at}, [2]string{who, v.Field}
			if n, ok := last[key]; ok {
				values[n] = row
				continue
			}
			last[key] = len(values)
			values = append(values, row)
		}
		detail, err := json.Marshal(t)
		if err != nil {
			return err
		}
		rows[i] = stepRow{File: b.Import.ID, N: t.N, Person: who, Detail: string(detail)}
	}
	if err := insert(ctx, db, tags); err != nil {
		return err
	}
	if err := insert(ctx, db, works); err != nil {
		return err
	}
	for part := range slices.Chunk(values, rowsAtOnce) {
		q := db.NewInsert().Model(&part).On("CONFLICT (owner_id, field_id) DO UPDATE")
		for _, c := range []string{"value", "source", "by_id", "at"} {
			q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
		}
		if _, err := q.Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return insert(ctx, db, rows)
}

// Steps implements bring.Store.
func (s Bring) Steps(ctx context.Context, id string, upTo int64, limit int) ([]bring.Step, error) {
	var rows []stepRow
	if err := s.IDB(ctx).NewSelect().Model(&rows).Where("file_id = ? AND n <= ?", id, upTo).Order("n DESC").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]bring.Step, len(rows))
	for i, r := range rows {
		if err := json.Unmarshal([]byte(r.Detail), &out[i]); err != nil {
			return nil, err
		}
		out[i].N, out[i].Person = r.N, social.PersonID(r.Person)
	}
	return out, nil
}

// TakeBack implements bring.Store.
func (s Bring) TakeBack(ctx context.Context, steps []bring.Step) (kept int, err error) {
	var changed []social.PersonID
	for _, t := range steps {
		stays := false
		if t.New {
			if stays, err = s.known(ctx, t); err != nil {
				return kept, err
			}
		}
		switch {
		case stays:
			kept++
			continue
		case t.New:
			err = s.drop(ctx, t.Person)
		default:
			err = s.unwrite(ctx, t)
			if t.Person != "" {
				changed = append(changed, t.Person)
			}
		}
		if err == nil && t.Founded != "" {
			err = s.close(ctx, t.Founded)
		}
		if err != nil {
			return kept, err
		}
	}
	slices.Sort(changed)
	if changed = slices.Compact(changed); len(changed) == 0 {
		return kept, nil
	}
	return kept, s.Regain(ctx, changed...)
}

// known reports whether anything else than what a step brought is known of a
// person by now.
func (s Bring) known(ctx context.Context, t bring.Step) (bool, error) {
	var p personRow
	if err := s.IDB(ctx).NewSelect().Model(&p).Where("id = ?", string(t.Person)).Scan(ctx); err != nil {
		if err = store.NotFound(err, ""); social.NotFound.Is(err) {
			return false, nil
		}
		return false, err
	}
	if p.MergedInto != "" || !t.Met.IsZero() && (p.NameEdited || p.Place+p.Lang+p.Notes != "") {
		return true, nil
	}
	for _, x := range t.Texts {
		if now := map[string]string{"name": p.Name, "place": p.Place, "lang": p.Lang, "notes": p.Notes}[x.Field]; now != x.Now {
			return true, nil
		}
	}
	fields, tags, jobs, accounts := []string{""}, []social.TagID{""}, []string{""}, append([]social.IdentityID{""}, t.Accounts...)
	for _, v := range t.Values {
		fields = append(fields, v.Field)
	}
	for _, j := range t.Jobs {
		jobs = append(jobs, j.ID)
	}
	tags = append(tags, t.Tags...)
	var n int
	err := s.IDB(ctx).NewRaw(knownSQL, string(t.Person), bun.List(accounts), bun.List(tags), bun.List(jobs), bun.List(fields), store.At(t.Met)).Scan(ctx, &n)
	return n > 0, err
}

const knownSQL = `
SELECT COUNT(*) FROM (
  SELECT 1 AS x FROM identity WHERE person_id = ?0 AND (last_seen > 0 AND NOT (first_seen = ?5 AND last_seen = ?5) OR id NOT IN (?1))
  UNION ALL SELECT 1 FROM consent WHERE identity_id IN (SELECT id FROM identity WHERE person_id = ?0)
  UNION ALL SELECT 1 FROM person_tag WHERE person_id = ?0 AND tag_id NOT IN (?2)
  UNION ALL SELECT 1 FROM affiliation WHERE person_id = ?0 AND (id NOT IN (?3) OR until <> '')
  UNION ALL SELECT 1 FROM field_value WHERE owner_id = ?0 AND (field_id NOT IN (?4) OR source <> 'import')
  UNION ALL SELECT 1 FROM person_note WHERE person_id = ?0
  UNION ALL SELECT 1 FROM person_goal WHERE person_id = ?0
  UNION ALL SELECT 1 FROM person_promise WHERE person_id = ?0
  UNION ALL SELECT 1 FROM customer_order WHERE person_id = ?0
  UNION ALL SELECT 1 FROM opportunity WHERE person_id = ?0
  UNION ALL SELECT 1 FROM person_merge WHERE (survivor = ?0 OR absorbed = ?0) AND undone_at = 0
) t`

// drop forgets a person of whom nothing but an import is known.
func (s Bring) drop(ctx context.Context, who social.PersonID) error {
	for _, q := range []string{
		"DELETE FROM clue WHERE identity_id IN (SELECT id FROM identity WHERE person_id = ?)",
		"DELETE FROM identity_programme WHERE identity_id IN (SELECT id FROM identity WHERE person_id = ?)",
		"DELETE FROM identity WHERE person_id = ?", "DELETE FROM person_programme WHERE person_id = ?", "DELETE FROM person_term WHERE person_id = ?",
		"DELETE FROM person_tag WHERE person_id = ?", "DELETE FROM field_value WHERE owner_id = ?", "DELETE FROM affiliation WHERE person_id = ?",
		"DELETE FROM suggestion WHERE ? IN (a, b)", "DELETE FROM person WHERE id = ?",
	} {
		if _, err := s.IDB(ctx).NewRaw(q, string(who)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// unwrite takes back what a step wrote over, where it still stands there.
func (s Bring) unwrite(ctx context.Context, t bring.Step) error {
	who := string(t.Person)
	run := func(q string, args ...any) error {
		_, err := s.IDB(ctx).NewRaw(q, args...).Exec(ctx)
		return err
	}
	for _, x := range t.Texts {
		if !slices.Contains([]string{"name", "place", "lang", "notes"}, x.Field) {
			continue
		}
		if err := run("UPDATE person SET ?0 = ?1 WHERE id = ?2 AND ?0 = ?3", bun.Ident(x.Field), x.Was, who, x.Now); err != nil {
			return err
		}
	}
	for _, v := range t.Values {
		q, args := "UPDATE field_value SET value = ?, source = ? WHERE owner_id = ? AND field_id = ? AND value = ? AND source = 'import'", []any{v.Was, v.Source, who, v.Field, v.Now}
		if v.Source == "" {
			q, args = "DELETE FROM field_value WHERE owner_id = ? AND field_id = ? AND value = ? AND source = 'import'", args[2:]
		}
		if err := run(q, args...); err != nil {
			return err
		}
	}
	for _, g := range t.Tags {
		if err := run("DELETE FROM person_tag WHERE person_id = ? AND tag_id = ?", who, string(g)); err != nil {
			return err
		}
	}
	for _, j := range t.Jobs {
		if err := run("DELETE FROM affiliation WHERE id = ? AND title = ? AND until = ''", j.ID, j.Title); err != nil {
			return err
		}
	}
	for _, a := range t.Accounts {
		const gone = "SELECT id FROM identity WHERE id = ? AND last_seen = 0"
		for _, q := range []string{"DELETE FROM clue WHERE identity_id IN (" + gone + ")", "DELETE FROM identity_programme WHERE identity_id IN (" + gone + ")",
			"DELETE FROM identity WHERE id = ? AND last_seen = 0"} {
			if err := run(q, string(a)); err != nil {
				return err
			}
		}
	}
	return nil
}

// close forgets an organization of which nothing but an import is known.
func (s Bring) close(ctx context.Context, id deal.OrganizationID) error {
	res, err := s.IDB(ctx).NewRaw(`
DELETE FROM organization WHERE id = ?0 AND updated_at = created_at
AND NOT EXISTS (SELECT 1 FROM affiliation WHERE organization_id = ?0) AND NOT EXISTS (SELECT 1 FROM opportunity WHERE organization_id = ?0)
AND NOT EXISTS (SELECT 1 FROM customer_order WHERE organization_id = ?0) AND NOT EXISTS (SELECT 1 FROM field_value WHERE owner_id = ?0)
AND NOT EXISTS (SELECT 1 FROM organization o WHERE o.parent_id = ?0)`, string(id)).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err = s.IDB(ctx).NewRaw("DELETE FROM business_term WHERE object_id = ?", string(id)).Exec(ctx)
	return err
}
