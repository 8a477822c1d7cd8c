package governdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

const noProgramme = "There is no such programme."

type programmeRow struct {
	ID           string `bun:"id"`
	Name         string `bun:"name"`
	Folded       string `bun:"folded"`
	Mission      string `bun:"mission"`
	Sponsor      string `bun:"sponsor"`
	Lead         string `bun:"lead"`
	LeadName     string `bun:"lead_name"`
	State        string `bun:"state"`
	Maturity     int    `bun:"maturity"`
	CreatedAt    int64  `bun:"created_at"`
	Members      int    `bun:"members"`
	Policies     int    `bun:"policies"`
	Acknowledged int    `bun:"acknowledged"`
}

// programmeSelect reads charters with how many belong to each, and how many of
// these are up to date with every required policy that holds inside it.
const programmeSelect = `
SELECT g.id, g.name, g.folded, g.mission, g.sponsor, g.lead, COALESCE(l.name, '') AS lead_name, g.state, g.maturity, g.created_at,
  (SELECT COUNT(*) FROM programme_member pm JOIN member m ON m.id = pm.member AND m.state = 'active' WHERE pm.programme = g.id) AS members,
  (SELECT COUNT(*) FROM policy p WHERE p.programme = '' OR p.programme = g.id) AS policies,
  (SELECT COUNT(*) FROM programme_member pm JOIN member m ON m.id = pm.member AND m.state = 'active'
    WHERE pm.programme = g.id AND NOT EXISTS (
      SELECT 1 FROM policy p WHERE p.required AND (p.programme = '' OR p.programme = g.id)
        AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.policy = p.id AND a.n = p.version AND a.member = pm.member))) AS acknowledged
FROM programme g LEFT JOIN member l ON l.id = g.lead`

func (r programmeRow) programme() govern.Programme {
	return govern.Programme{ID: social.ProgrammeID(r.ID), Name: r.Name, Mission: r.Mission, Sponsor: r.Sponsor,
		Lead: social.MemberID(r.Lead), LeadName: r.LeadName, Closed: r.State == "closed", Maturity: r.Maturity, Created: store.Time(r.CreatedAt),
		Members: r.Members, Policies: r.Policies, Acknowledged: r.Acknowledged}
}

func programmeState(p govern.Programme) string {
	if p.Closed {
		return "closed"
	}
	return "active"
}

// Programmes lists programmes by name.
func (db *DB) Programmes(ctx context.Context, scope social.Scope, cursor string, limit int) ([]govern.Programme, string, error) {
	var after string
	if _, err := store.FromCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	limit = store.Limit(limit)
	where, args := within(scope, "g.id")
	rows, err := all[programmeRow](ctx, db, programmeSelect+" WHERE g.folded > ? AND "+where+" ORDER BY g.folded LIMIT ?",
		append(append([]any{after}, args...), limit+1)...)
	if err != nil {
		return nil, "", err
	}
	rows, next := page(rows, limit, func(r programmeRow) []any { return []any{r.Folded} })
	out := make([]govern.Programme, len(rows))
	for i, r := range rows {
		out[i] = r.programme()
	}
	return out, next, nil
}

// Programme returns one programme of the scope.
func (db *DB) Programme(ctx context.Context, scope social.Scope, id social.ProgrammeID) (govern.Programme, error) {
	where, args := within(scope, "g.id")
	row, err := one[programmeRow](ctx, db, noProgramme, programmeSelect+" WHERE g.id = ? AND "+where, append([]any{string(id)}, args...)...)
	return row.programme(), err
}

func taken(err error) error {
	if store.IsDuplicate(err) {
		return &social.Error{Kind: social.Conflict, Field: "body.name", Text: "There is a programme with this name already.", Err: err}
	}
	return err
}

// AddProgramme adds a programme.
func (db *DB) AddProgramme(ctx context.Context, p govern.Programme, folded string) error {
	at := store.At(p.Created)
	_, err := db.run(ctx, `INSERT INTO programme (id, name, folded, mission, sponsor, lead, state, maturity, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(p.ID), p.Name, folded, p.Mission, p.Sponsor, string(p.Lead), programmeState(p), p.Maturity, at, at)
	return taken(err)
}

// SaveProgramme saves a charter.
func (db *DB) SaveProgramme(ctx context.Context, p govern.Programme, folded string, at time.Time) error {
	_, err := db.run(ctx, `UPDATE programme SET name = ?, folded = ?, mission = ?, sponsor = ?, lead = ?, state = ?, maturity = ?, updated_at = ? WHERE id = ?`,
		p.Name, folded, p.Mission, p.Sponsor, string(p.Lead), programmeState(p), p.Maturity, store.At(at), string(p.ID))
	return taken(err)
}

type insiderRow struct {
	ID      string `bun:"id"`
	Name    string `bun:"name"`
	Email   string `bun:"email"`
	Role    string `bun:"role"`
	Missing int    `bun:"missing"`
}

// Insiders lists who belongs to a programme, by name. A programme has at most
// some hundreds of members, so that there are no pages.
func (db *DB) Insiders(ctx context.Context, id social.ProgrammeID) ([]govern.Insider, error) {
	rows, err := all[insiderRow](ctx, db, `
SELECT m.id, m.name, m.email, pm.role,
  (SELECT COUNT(*) FROM policy p WHERE p.required AND (p.programme = '' OR p.programme = pm.programme)
    AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.policy = p.id AND a.n = p.version AND a.member = m.id)) AS missing
FROM programme_member pm JOIN member m ON m.id = pm.member
WHERE pm.programme = ? AND m.state <> 'disabled' ORDER BY m.name, m.id`, string(id))
	out := make([]govern.Insider, len(rows))
	for i, r := range rows {
		name := r.Name
		if name == "" {
			name = r.Email
		}
		out[i] = govern.Insider{ID: social.MemberID(r.ID), Name: name, Role: social.Role(r.Role), Acknowledged: r.Missing == 0}
	}
	return out, err
}

// Join puts a member into a programme or changes the role there.
func (db *DB) Join(ctx context.Context, id social.ProgrammeID, m social.MemberID, r social.Role, at time.Time) error {
	_, err := db.run(ctx, `INSERT INTO programme_member (programme, member, role, added_at) VALUES (?, ?, ?, ?)
ON CONFLICT (programme, member) DO UPDATE SET role = EXCLUDED.role`, string(id), string(m), string(r), store.At(at))
	return err
}

// Leave takes a member out of a programme.
func (db *DB) Leave(ctx context.Context, id social.ProgrammeID, m social.MemberID) (bool, error) {
	n, err := db.run(ctx, "DELETE FROM programme_member WHERE programme = ? AND member = ?", string(id), string(m))
	return n > 0, err
}
