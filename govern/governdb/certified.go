package governdb

import (
	"context"

	"github.com/parley-crm/parley/social"
)

// Certified lists the active members of a programme who may answer there and
// have acknowledged every required policy that holds there, by name.
func (db *DB) Certified(ctx context.Context, p social.ProgrammeID) ([]social.MemberRef, error) {
	type row struct {
		ID   string `bun:"id"`
		Name string `bun:"name"`
	}
	rows, err := all[row](ctx, db, `
SELECT m.id, m.name FROM programme_member pm JOIN member m ON m.id = pm.member
WHERE pm.programme = ? AND m.state = 'active'
  AND (m.role IN ('admin', 'manager', 'responder') OR pm.role IN ('admin', 'manager', 'responder'))
  AND NOT EXISTS (SELECT 1 FROM policy p WHERE p.required AND (p.programme = '' OR p.programme = pm.programme)
    AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.policy = p.id AND a.n = p.version AND a.member = m.id))
ORDER BY m.folded, m.id`, string(p))
	out := make([]social.MemberRef, len(rows))
	for i, r := range rows {
		out[i] = social.MemberRef{ID: social.MemberID(r.ID), Name: r.Name}
	}
	return out, err
}
