package dealdb

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type orgRow struct {
	bun.BaseModel `bun:"table:organization"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Folded        string `bun:"name_folded"`
	Domain        string `bun:"domain"`
	Industry      string `bun:"industry"`
	Parent        string `bun:"parent_id"`
	Programme     string `bun:"programme_id"`
	Owner         string `bun:"owner_id"`
	Source        string `bun:"source"`
	External      string `bun:"external_id"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func (r orgRow) organization() deal.Organization {
	return deal.Organization{ID: deal.OrganizationID(r.ID), Name: r.Name, Domain: r.Domain, Industry: r.Industry, Parent: deal.OrganizationID(r.Parent),
		Programme: social.ProgrammeID(r.Programme), Owner: social.MemberID(r.Owner), Source: r.Source, External: r.External,
		CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt)}
}

// known: organizations for which somebody in scope works are in scope too.
const known = "id IN (SELECT a.organization_id FROM affiliation a JOIN person_programme s ON s.person_id = a.person_id WHERE s.programme_id IN (?))"

// Organization implements deal.Store.
func (d *DB) Organization(ctx context.Context, id deal.OrganizationID) (deal.Organization, error) {
	var r orgRow
	if err := seen(ctx, d.IDB(ctx).NewSelect().Model(&r), known).Where("id = ?", string(id)).Scan(ctx); err != nil {
		return deal.Organization{}, store.NotFound(err, "There is no such organization.")
	}
	out, err := d.counted(ctx, []orgRow{r})
	if err != nil {
		return deal.Organization{}, err
	}
	return out[0], nil
}

// Organizations implements deal.Store.
func (d *DB) Organizations(ctx context.Context, q deal.OrganizationQuery) ([]deal.Organization, string, error) {
	var rows []orgRow
	sel := called(seen(ctx, d.IDB(ctx).NewSelect().Model(&rows), known), "organization", q.Words)
	if q.Parent != "" {
		sel = sel.Where("parent_id = ?", string(q.Parent))
	}
	var name, id string
	if more, err := store.FromCursor(q.Cursor, &name, &id); err != nil {
		return nil, "", err
	} else if more {
		sel = sel.Where("(name_folded, id) > (?, ?)", name, id)
	}
	limit := store.Limit(q.Limit)
	if err := sel.Order("name_folded", "id").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].Folded, rows[limit-1].ID)
	}
	out, err := d.counted(ctx, rows)
	return out, next, err
}

const countOrgSQL = `
SELECT organization_id AS id, COUNT(*) AS people, 0 AS deals FROM affiliation WHERE organization_id IN (?0) AND until = '' GROUP BY organization_id
UNION ALL
SELECT organization_id, 0, COUNT(*) FROM opportunity WHERE organization_id IN (?0) AND state = 'open' GROUP BY organization_id`

func (d *DB) counted(ctx context.Context, rows []orgRow) ([]deal.Organization, error) {
	out := make([]deal.Organization, len(rows))
	ids, index := make([]string, len(rows)), map[string]int{}
	for i, r := range rows {
		out[i], ids[i], index[r.ID] = r.organization(), r.ID, i
	}
	if len(rows) == 0 {
		return out, nil
	}
	var counts []struct {
		ID            string
		People, Deals int
	}
	if err := d.IDB(ctx).NewRaw(countOrgSQL, bun.List(ids)).Scan(ctx, &counts); err != nil {
		return nil, err
	}
	for _, c := range counts {
		out[index[c.ID]].People += c.People
		out[index[c.ID]].Open += c.Deals
	}
	return out, nil
}

// OrganizationNames implements deal.Store.
func (d *DB) OrganizationNames(ctx context.Context, ids []deal.OrganizationID) (map[deal.OrganizationID]string, error) {
	out := map[deal.OrganizationID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []orgRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Column("id", "name").Where("id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, r := range rows {
		out[deal.OrganizationID(r.ID)] = r.Name
	}
	return out, nil
}

// SaveOrganization implements deal.Store.
func (d *DB) SaveOrganization(ctx context.Context, o deal.Organization) error {
	if o.Domain != "" {
		var other orgRow
		err := d.IDB(ctx).NewSelect().Model(&other).Where("domain = ? AND id <> ?", o.Domain, string(o.ID)).Limit(1).Scan(ctx)
		if err == nil {
			return &social.Error{Kind: social.Conflict, Field: "domain", Text: "Another organization has this domain."}
		}
		if err := store.NotFound(err, ""); !social.NotFound.Is(err) {
			return err
		}
	}
	r := orgRow{ID: string(o.ID), Name: o.Name, Folded: strings.ToLower(o.Name), Domain: o.Domain, Industry: o.Industry, Parent: string(o.Parent),
		Programme: string(o.Programme), Owner: string(o.Owner), Source: o.Source, External: o.External, CreatedAt: store.At(o.CreatedAt), UpdatedAt: store.At(o.UpdatedAt)}
	if err := d.upsert(ctx, &r, "id", "name", "name_folded", "domain", "industry", "parent_id", "programme_id", "owner_id", "source", "external_id", "updated_at"); err != nil {
		if store.IsDuplicate(err) {
			return &social.Error{Kind: social.Conflict, Field: "domain", Text: "Another organization has this domain."}
		}
		return err
	}
	return d.name(ctx, "organization", r.ID, o.Name, o.Domain)
}

// OrganizationsLike implements deal.Store.
func (d *DB) OrganizationsLike(ctx context.Context, o deal.Organization) ([]deal.Organization, error) {
	var rows []orgRow
	err := d.IDB(ctx).NewSelect().Model(&rows).WhereOr("source = ? AND external_id = ? AND external_id <> ''", o.Source, o.External).
		WhereOr("domain = ? AND domain <> ''", o.Domain).WhereOr("name_folded = ? AND name_folded <> ''", strings.ToLower(o.Name)).Order("id").Limit(50).Scan(ctx)
	out := make([]deal.Organization, len(rows))
	for i, r := range rows {
		out[i] = r.organization()
	}
	return out, err
}

// spoken: what may speak of an organization.
const spoken = `NOT EXISTS (SELECT 1 FROM affiliation WHERE organization_id = ?0) AND NOT EXISTS (SELECT 1 FROM opportunity WHERE organization_id = ?0)
AND NOT EXISTS (SELECT 1 FROM customer_order WHERE organization_id = ?0) AND NOT EXISTS (SELECT 1 FROM organization o WHERE o.parent_id = ?0)`

// DropOrganization implements deal.Store.
func (d *DB) DropOrganization(ctx context.Context, id deal.OrganizationID) (bool, error) {
	res, err := d.IDB(ctx).NewRaw("DELETE FROM organization WHERE id = ?0 AND "+spoken, string(id)).Exec(ctx)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	for _, q := range []string{"DELETE FROM field_value WHERE owner_id = ?", "DELETE FROM business_term WHERE object_id = ?"} {
		if _, err := d.IDB(ctx).NewRaw(q, string(id)).Exec(ctx); err != nil {
			return false, err
		}
	}
	return true, nil
}

type affiliationRow struct {
	bun.BaseModel `bun:"table:affiliation"`
	ID            string `bun:"id,pk"`
	Person        string `bun:"person_id"`
	Organization  string `bun:"organization_id"`
	Title         string `bun:"title"`
	Since         string `bun:"since"`
	Until         string `bun:"until"`
	By            string `bun:"by_id"`
	CreatedAt     int64  `bun:"created_at"`
	Name          string `bun:"name,scanonly"`
	PersonName    string `bun:"person_name,scanonly"`
}

func (r affiliationRow) affiliation() deal.Affiliation {
	return deal.Affiliation{ID: r.ID, Person: social.PersonID(r.Person), PersonName: r.PersonName, Organization: deal.OrganizationID(r.Organization), Name: r.Name,
		Title: r.Title, Since: r.Since, Until: r.Until, CreatedAt: store.Time(r.CreatedAt)}
}

const affiliationSQL = `SELECT a.*, o.name AS name, p.name AS person_name FROM affiliation a
JOIN organization o ON o.id = a.organization_id JOIN person p ON p.id = a.person_id `

// Affiliation implements deal.Store.
func (d *DB) Affiliation(ctx context.Context, id string) (deal.Affiliation, error) {
	var r affiliationRow
	err := d.IDB(ctx).NewRaw(affiliationSQL+"WHERE a.id = ?", id).Scan(ctx, &r)
	return r.affiliation(), store.NotFound(err, "This is not known of them.")
}

// SaveAffiliation implements deal.Store.
func (d *DB) SaveAffiliation(ctx context.Context, a deal.Affiliation, by social.MemberID) error {
	r := affiliationRow{ID: a.ID, Person: string(a.Person), Organization: string(a.Organization), Title: a.Title, Since: a.Since, Until: a.Until,
		By: string(by), CreatedAt: store.At(a.CreatedAt)}
	return d.upsert(ctx, &r, "id", "title", "since", "until", "by_id")
}

// DropAffiliation implements deal.Store.
func (d *DB) DropAffiliation(ctx context.Context, id string) error {
	_, err := d.IDB(ctx).NewRaw("DELETE FROM affiliation WHERE id = ?", id).Exec(ctx)
	return err
}

// AffiliationsOf implements deal.Store.
func (d *DB) AffiliationsOf(ctx context.Context, persons []string) ([]deal.Affiliation, error) {
	var rows []affiliationRow
	err := d.IDB(ctx).NewRaw(affiliationSQL+"WHERE a.person_id IN (?) ORDER BY CASE WHEN a.until = '' THEN 0 ELSE 1 END, a.since DESC, a.id DESC LIMIT 100", bun.List(persons)).Scan(ctx, &rows)
	return affiliations(rows), err
}

func affiliations(rows []affiliationRow) []deal.Affiliation {
	out := make([]deal.Affiliation, len(rows))
	for i, r := range rows {
		out[i] = r.affiliation()
	}
	return out
}

// Staff implements deal.Store. Whoever was joined into somebody stands under
// the name that they have now.
func (d *DB) Staff(ctx context.Context, id deal.OrganizationID, cursor string, limit int) ([]deal.Affiliation, string, error) {
	after := ""
	if _, err := store.FromCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	where, args := "WHERE a.organization_id = ? AND a.id > ? ", []any{string(id), after}
	if _, ok := social.ActorOf(ctx); ok && !social.ScopeOf(ctx).All {
		where += "AND EXISTS (SELECT 1 FROM person_programme s WHERE s.person_id = a.person_id AND s.programme_id IN (?)) "
		args = append(args, bun.List(social.ScopeOf(ctx).Programmes))
	}
	limit = store.Limit(limit)
	var rows []affiliationRow
	if err := d.IDB(ctx).NewRaw(affiliationSQL+where+"ORDER BY a.id LIMIT ?", append(args, limit+1)...).Scan(ctx, &rows); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].ID)
	}
	return affiliations(rows), next, nil
}
