package governdb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// Names names members, whoever asks: what they did stays theirs.
func (db *DB) Names(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error) {
	out := make(map[social.MemberID]social.MemberRef, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	type row struct {
		ID   string `bun:"id"`
		Name string `bun:"name"`
	}
	rows, err := all[row](ctx, db, "SELECT id, name FROM member WHERE id IN (?)", bun.List(ids))
	for _, r := range rows {
		out[social.MemberID(r.ID)] = social.MemberRef{ID: social.MemberID(r.ID), Name: r.Name}
	}
	return out, err
}

// ProgrammeNames names programmes, whoever asks.
func (db *DB) ProgrammeNames(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error) {
	out := make(map[social.ProgrammeID]social.ProgrammeRef, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	type row struct {
		ID   string `bun:"id"`
		Name string `bun:"name"`
	}
	rows, err := all[row](ctx, db, "SELECT id, name FROM programme WHERE id IN (?)", bun.List(ids))
	for _, r := range rows {
		out[social.ProgrammeID(r.ID)] = social.ProgrammeRef{ID: social.ProgrammeID(r.ID), Name: r.Name}
	}
	return out, err
}

// AtDesk lists active members with a role from responder up, everywhere or in
// a programme ("" asks for everywhere alone), by name.
func (db *DB) AtDesk(ctx context.Context, p social.ProgrammeID) ([]social.MemberRef, error) {
	type row struct {
		ID   string `bun:"id"`
		Name string `bun:"name"`
	}
	rows, err := all[row](ctx, db, `
SELECT m.id, m.name FROM member m WHERE m.state = 'active' AND (m.role IN ('admin', 'manager', 'responder')
  OR EXISTS (SELECT 1 FROM programme_member pm WHERE pm.member = m.id AND pm.programme = ? AND pm.role IN ('admin', 'manager', 'responder')))
ORDER BY m.folded LIMIT 500`, string(p))
	out := make([]social.MemberRef, len(rows))
	for i, r := range rows {
		out[i] = social.MemberRef{ID: social.MemberID(r.ID), Name: r.Name}
	}
	return out, err
}

// Leads lists active members who manage a programme, or everything when
// nobody manages that programme alone.
func (db *DB) Leads(ctx context.Context, p social.ProgrammeID) ([]social.MemberID, error) {
	type row struct {
		ID string `bun:"id"`
	}
	rows, err := all[row](ctx, db, `
SELECT m.id FROM member m WHERE m.state = 'active'
  AND EXISTS (SELECT 1 FROM programme_member pm WHERE pm.member = m.id AND pm.programme = ? AND pm.role IN ('admin', 'manager')) LIMIT 50`, string(p))
	if err == nil && len(rows) == 0 {
		rows, err = all[row](ctx, db, "SELECT m.id FROM member m WHERE m.state = 'active' AND m.role IN ('admin', 'manager') LIMIT 50")
	}
	out := make([]social.MemberID, len(rows))
	for i, r := range rows {
		out[i] = social.MemberID(r.ID)
	}
	return out, err
}

// Sum sums up the rules for the home page.
type Sum struct {
	Programmes   int `bun:"programmes"`
	Members      int `bun:"members"`
	Required     int `bun:"required"`     // policies that everybody must acknowledge
	Acknowledged int `bun:"acknowledged"` // members who have, all that hold for them
	MayAnswer    int `bun:"may_answer"`   // of those, with a role that may reply
}

// Sum counts active programmes and members.
func (db *DB) Sum(ctx context.Context) (Sum, error) {
	return one[Sum](ctx, db, "There is nothing to sum.", `
SELECT (SELECT COUNT(*) FROM programme WHERE state = 'active') AS programmes,
  (SELECT COUNT(*) FROM policy WHERE required) AS required,
  COUNT(*) AS members,
  COALESCE(SUM(CASE WHEN x.missing = 0 THEN 1 ELSE 0 END), 0) AS acknowledged,
  COALESCE(SUM(CASE WHEN x.missing = 0 AND x.speaks THEN 1 ELSE 0 END), 0) AS may_answer
FROM (SELECT m.id, (m.role IN ('admin', 'manager', 'responder')
    OR EXISTS (SELECT 1 FROM programme_member pm WHERE pm.member = m.id AND pm.role IN ('admin', 'manager', 'responder'))) AS speaks,
  (SELECT COUNT(*) FROM policy p WHERE p.required
    AND (p.programme = '' OR p.programme IN (SELECT pm.programme FROM programme_member pm WHERE pm.member = m.id))
    AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.policy = p.id AND a.n = p.version AND a.member = m.id)) AS missing
  FROM member m WHERE m.state = 'active') x`)
}
