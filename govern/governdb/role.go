package governdb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// WithRole lists active members who have one of some roles, everywhere or in a
// programme.
func (db *DB) WithRole(ctx context.Context, p social.ProgrammeID, roles ...social.Role) (out []social.MemberID, err error) {
	err = db.IDB(ctx).NewRaw(`SELECT m.id FROM member m WHERE m.state = 'active' AND (m.role IN (?0)
  OR EXISTS (SELECT 1 FROM programme_member pm WHERE pm.member = m.id AND pm.programme = ?1 AND pm.role IN (?0)))
ORDER BY m.folded LIMIT 500`, bun.List(roles), string(p)).Scan(ctx, &out)
	return out, err
}
