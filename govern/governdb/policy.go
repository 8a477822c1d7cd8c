package governdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

const noPolicy = "There is no such policy."

type policyRow struct {
	ID            string `bun:"id"`
	Name          string `bun:"name"`
	Programme     string `bun:"programme"`
	ProgrammeName string `bun:"programme_name"`
	Required      bool   `bun:"required"`
	Version       int    `bun:"version"`
	EffectiveAt   int64  `bun:"effective_at"`
	Acknowledged  int    `bun:"acknowledged"`
	Total         int    `bun:"total"`
	MineAt        int64  `bun:"mine_at"`
}

// holds is the condition that policy p holds for member m.
const holds = `m.state = 'active' AND (p.programme = '' OR EXISTS (SELECT 1 FROM programme_member pm WHERE pm.programme = p.programme AND pm.member = m.id))`

const policySelect = `
SELECT p.id, p.name, p.programme, COALESCE(g.name, '') AS programme_name, p.required, p.version, v.effective_at,
  (SELECT COUNT(*) FROM member m WHERE ` + holds + ` AND EXISTS (SELECT 1 FROM acknowledgement a WHERE a.policy = p.id AND a.n = p.version AND a.member = m.id)) AS acknowledged,
  (SELECT COUNT(*) FROM member m WHERE ` + holds + `) AS total,
  COALESCE((SELECT a.at FROM acknowledgement a WHERE a.policy = p.id AND a.n = p.version AND a.member = ?), 0) AS mine_at
FROM policy p JOIN policy_version v ON v.policy = p.id AND v.n = p.version LEFT JOIN programme g ON g.id = p.programme`

func (r policyRow) policy() govern.Policy {
	return govern.Policy{ID: social.PolicyID(r.ID), Name: r.Name, Programme: social.ProgrammeID(r.Programme), ProgrammeName: r.ProgrammeName,
		Required: r.Required, Version: r.Version, Effective: store.Time(r.EffectiveAt), Acknowledged: r.Acknowledged, Of: r.Total, MineAt: store.Time(r.MineAt)}
}

// Policies lists the policies of the scope and those that hold everywhere.
func (db *DB) Policies(ctx context.Context, scope social.Scope, mine social.MemberID, cursor string, limit int) ([]govern.Policy, string, error) {
	var after string
	if _, err := store.FromCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	limit = store.Limit(limit)
	where, args := within(scope, "p.programme")
	rows, err := all[policyRow](ctx, db, policySelect+" WHERE p.id > ? AND (p.programme = '' OR "+where+") ORDER BY p.id LIMIT ?",
		append(append([]any{string(mine), after}, args...), limit+1)...)
	if err != nil {
		return nil, "", err
	}
	rows, next := page(rows, limit, func(r policyRow) []any { return []any{r.ID} })
	out := make([]govern.Policy, len(rows))
	for i, r := range rows {
		out[i] = r.policy()
	}
	return out, next, nil
}

// Policy returns one policy of the scope, or one that holds everywhere.
func (db *DB) Policy(ctx context.Context, scope social.Scope, mine social.MemberID, id social.PolicyID) (govern.Policy, error) {
	where, args := within(scope, "p.programme")
	row, err := one[policyRow](ctx, db, noPolicy, policySelect+" WHERE p.id = ? AND (p.programme = '' OR "+where+")",
		append([]any{string(mine), string(id)}, args...)...)
	return row.policy(), err
}

// PoliciesOf lists the policies that hold inside a programme, counted over its
// members.
func (db *DB) PoliciesOf(ctx context.Context, id social.ProgrammeID) ([]govern.Policy, error) {
	rows, err := all[policyRow](ctx, db, `
SELECT p.id, p.name, p.programme, p.required, p.version,
  (SELECT COUNT(*) FROM programme_member pm JOIN member m ON m.id = pm.member AND m.state = 'active' WHERE pm.programme = ?) AS total,
  (SELECT COUNT(*) FROM programme_member pm JOIN member m ON m.id = pm.member AND m.state = 'active'
    JOIN acknowledgement a ON a.policy = p.id AND a.n = p.version AND a.member = m.id WHERE pm.programme = ?) AS acknowledged
FROM policy p WHERE p.programme = '' OR p.programme = ? ORDER BY p.id`, string(id), string(id), string(id))
	out := make([]govern.Policy, len(rows))
	for i, r := range rows {
		out[i] = r.policy()
	}
	return out, err
}

type versionRow struct {
	ID           string `bun:"id"`
	N            int    `bun:"n"`
	Body         string `bun:"body"`
	Summary      string `bun:"summary"`
	EffectiveAt  int64  `bun:"effective_at"`
	Author       string `bun:"author"`
	AuthorName   string `bun:"author_name"`
	Acknowledged int    `bun:"acknowledged"`
}

// Versions lists the wordings of a policy, newest first.
func (db *DB) Versions(ctx context.Context, id social.PolicyID) ([]govern.Version, error) {
	rows, err := all[versionRow](ctx, db, `
SELECT v.id, v.n, v.body, v.summary, v.effective_at, v.author, v.author_name,
  (SELECT COUNT(*) FROM acknowledgement a WHERE a.policy = v.policy AND a.n = v.n) AS acknowledged
FROM policy_version v WHERE v.policy = ? ORDER BY v.n DESC`, string(id))
	out := make([]govern.Version, len(rows))
	for i, r := range rows {
		out[i] = govern.Version{ID: social.VersionID(r.ID), N: r.N, Body: r.Body, Summary: r.Summary, Effective: store.Time(r.EffectiveAt),
			By: social.MemberID(r.Author), ByName: r.AuthorName, Acknowledged: r.Acknowledged}
	}
	return out, err
}

// AddPolicy adds a policy with its first wording.
func (db *DB) AddPolicy(ctx context.Context, p govern.Policy, first govern.Version) error {
	return db.InTx(ctx, func(ctx context.Context) error {
		_, err := db.run(ctx, "INSERT INTO policy (id, name, programme, required, version, created_at) VALUES (?, ?, ?, ?, ?, ?)",
			string(p.ID), p.Name, string(p.Programme), p.Required, p.Version, store.At(first.Effective))
		if err != nil {
			return err
		}
		return db.AddVersion(ctx, p.ID, first)
	})
}

// SavePolicy saves name, requirement and current version.
func (db *DB) SavePolicy(ctx context.Context, p govern.Policy) error {
	_, err := db.run(ctx, "UPDATE policy SET name = ?, required = ?, version = ? WHERE id = ?", p.Name, p.Required, p.Version, string(p.ID))
	return err
}

// AddVersion adds a wording. Of two at once, one wins.
func (db *DB) AddVersion(ctx context.Context, id social.PolicyID, v govern.Version) error {
	_, err := db.run(ctx, "INSERT INTO policy_version (id, policy, n, body, summary, effective_at, author, author_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		string(v.ID), string(id), v.N, v.Body, v.Summary, store.At(v.Effective), string(v.By), v.ByName)
	if store.IsDuplicate(err) {
		return social.Because(social.Conflict, err, "Somebody else has just revised this policy. Look at their version first.")
	}
	return err
}

// RewordVersion changes words that nobody has agreed to yet.
func (db *DB) RewordVersion(ctx context.Context, id social.PolicyID, n int, body string) error {
	_, err := db.run(ctx, `UPDATE policy_version SET body = ? WHERE policy = ? AND n = ?
AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.policy = policy_version.policy AND a.n = policy_version.n)`, body, string(id), n)
	return err
}

// Acknowledge notes an acknowledgement; false when there was one.
func (db *DB) Acknowledge(ctx context.Context, id social.PolicyID, n int, m social.MemberID, at time.Time) (bool, error) {
	touched, err := db.run(ctx, "INSERT INTO acknowledgement (policy, n, member, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", string(id), n, string(m), store.At(at))
	return touched > 0, err
}

type readerRow struct {
	ID   string `bun:"id"`
	Name string `bun:"name"`
	At   int64  `bun:"at"`
}

// Readers lists those for whom a policy holds.
func (db *DB) Readers(ctx context.Context, id social.PolicyID, cursor string, limit int) ([]govern.Reader, string, error) {
	var after string
	if _, err := store.FromCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	limit = store.Limit(limit)
	rows, err := all[readerRow](ctx, db, `
SELECT m.id, m.name, COALESCE(a.at, 0) AS at
FROM policy p JOIN member m ON `+holds+`
LEFT JOIN acknowledgement a ON a.policy = p.id AND a.n = p.version AND a.member = m.id
WHERE p.id = ? AND m.id > ? ORDER BY m.id LIMIT ?`, string(id), after, limit+1)
	if err != nil {
		return nil, "", err
	}
	rows, next := page(rows, limit, func(r readerRow) []any { return []any{r.ID} })
	out := make([]govern.Reader, len(rows))
	for i, r := range rows {
		out[i] = govern.Reader{ID: social.MemberID(r.ID), Name: r.Name, At: store.Time(r.At)}
	}
	return out, next, nil
}

// Unread lists the required policies that hold everywhere or inside the
// programme and that the member has not acknowledged in their current version.
func (db *DB) Unread(ctx context.Context, m social.MemberID, p social.ProgrammeID) ([]govern.Policy, error) {
	rows, err := all[policyRow](ctx, db, `
SELECT p.id, p.name, p.programme, p.version FROM policy p
WHERE p.required AND (p.programme = '' OR p.programme = ?)
  AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.policy = p.id AND a.n = p.version AND a.member = ?)
ORDER BY p.id`, string(p), string(m))
	out := make([]govern.Policy, len(rows))
	for i, r := range rows {
		out[i] = r.policy()
	}
	return out, err
}
