package governdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

const noMember = "There is no such member."

type memberRow struct {
	ID         string `bun:"id"`
	Email      string `bun:"email"`
	Name       string `bun:"name"`
	Role       string `bun:"role"`
	State      string `bun:"state"`
	Password   string `bun:"password"`
	LastSeenAt int64  `bun:"last_seen_at"`
	CreatedAt  int64  `bun:"created_at"`
	Missing    int    `bun:"missing"`
}

func (r memberRow) member() govern.Member {
	return govern.Member{ID: social.MemberID(r.ID), Email: r.Email, Name: r.Name, Role: social.Role(r.Role),
		State: govern.State(r.State), LastSeen: store.Time(r.LastSeenAt), Created: store.Time(r.CreatedAt), Acknowledged: r.Missing == 0}
}

// memberSelect reads members with the number of required policies that hold
// for each and that they have not acknowledged.
const memberSelect = `
SELECT m.id, m.email, m.name, m.role, m.state, m.password, m.last_seen_at, m.created_at,
  (SELECT COUNT(*) FROM policy p
    WHERE p.required
      AND (p.programme = '' OR p.programme IN (SELECT pm.programme FROM programme_member pm WHERE pm.member = m.id))
      AND NOT EXISTS (SELECT 1 FROM acknowledgement a WHERE a.policy = p.id AND a.n = p.version AND a.member = m.id)) AS missing
FROM member m`

type belongingRow struct {
	Member    string `bun:"member"`
	Programme string `bun:"programme"`
	Name      string `bun:"name"`
	Role      string `bun:"role"`
}

// Members lists members by the time at which they were made.
func (db *DB) Members(ctx context.Context, scope social.Scope, cursor string, limit int) ([]govern.Member, string, error) {
	var after string
	if _, err := store.FromCursor(cursor, &after); err != nil {
		return nil, "", err
	}
	limit = store.Limit(limit)
	where, args := within(scope, "pm.programme")
	if !scope.All {
		where = "EXISTS (SELECT 1 FROM programme_member pm WHERE pm.member = m.id AND " + where + ")"
	}
	rows, err := all[memberRow](ctx, db, memberSelect+" WHERE m.id > ? AND "+where+" ORDER BY m.id LIMIT ?",
		append(append([]any{after}, args...), limit+1)...)
	if err != nil {
		return nil, "", err
	}
	rows, next := page(rows, limit, func(r memberRow) []any { return []any{r.ID} })
	if len(rows) == 0 {
		return nil, "", nil
	}
	members := make([]govern.Member, len(rows))
	at := make(map[string]int, len(rows))
	for i, r := range rows {
		members[i] = r.member()
		at[r.ID] = i
	}
	seen, seenArgs := within(scope, "pm.programme")
	belongings, err := all[belongingRow](ctx, db, `
SELECT pm.member, pm.programme, p.name, pm.role FROM programme_member pm JOIN programme p ON p.id = pm.programme
WHERE pm.member >= ? AND pm.member <= ? AND `+seen+` ORDER BY p.folded`,
		append([]any{rows[0].ID, rows[len(rows)-1].ID}, seenArgs...)...)
	for _, b := range belongings {
		if i, ok := at[b.Member]; ok {
			members[i].Programmes = append(members[i].Programmes, b.belonging())
		}
	}
	return members, next, err
}

func (b belongingRow) belonging() govern.Belonging {
	return govern.Belonging{Programme: social.ProgrammeID(b.Programme), Name: b.Name, Role: social.Role(b.Role)}
}

// Member returns a member with all places in programmes.
func (db *DB) Member(ctx context.Context, id social.MemberID) (govern.Member, error) {
	row, err := one[memberRow](ctx, db, noMember, memberSelect+" WHERE m.id = ?", string(id))
	if err != nil {
		return govern.Member{}, err
	}
	return db.whole(ctx, row)
}

// MemberByEmail finds a member by the folded address.
func (db *DB) MemberByEmail(ctx context.Context, folded string) (govern.Member, string, error) {
	row, err := one[memberRow](ctx, db, noMember, memberSelect+" WHERE m.folded = ?", folded)
	if err != nil {
		return govern.Member{}, "", err
	}
	m, err := db.whole(ctx, row)
	return m, row.Password, err
}

func (db *DB) whole(ctx context.Context, row memberRow) (govern.Member, error) {
	m := row.member()
	belongings, err := all[belongingRow](ctx, db, `
SELECT pm.member, pm.programme, p.name, pm.role FROM programme_member pm JOIN programme p ON p.id = pm.programme
WHERE pm.member = ? ORDER BY p.folded`, row.ID)
	for _, b := range belongings {
		m.Programmes = append(m.Programmes, b.belonging())
	}
	return m, err
}

// Password is the hash of a member's password, "" when there is none.
func (db *DB) Password(ctx context.Context, id social.MemberID) (string, error) {
	return one[string](ctx, db, noMember, "SELECT password FROM member WHERE id = ?", string(id))
}

// AddMember adds a member without a password.
func (db *DB) AddMember(ctx context.Context, m govern.Member, folded string) error {
	at := store.At(m.Created)
	_, err := db.run(ctx, `INSERT INTO member (id, email, folded, name, role, state, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		string(m.ID), m.Email, folded, m.Name, string(m.Role), string(m.State), at, at)
	if store.IsDuplicate(err) {
		return &social.Error{Kind: social.Conflict, Field: "body.email", Text: "There is a member with this e-mail address already.", Err: err}
	}
	return err
}

// SaveMember saves name, role and state.
func (db *DB) SaveMember(ctx context.Context, m govern.Member) error {
	_, err := db.run(ctx, "UPDATE member SET name = ?, role = ?, state = ?, updated_at = ? WHERE id = ?",
		m.Name, string(m.Role), string(m.State), store.At(db.Clock.Now()), string(m.ID))
	return err
}

// SetPassword saves the hash of a password.
func (db *DB) SetPassword(ctx context.Context, id social.MemberID, hash string) error {
	_, err := db.run(ctx, "UPDATE member SET password = ? WHERE id = ?", hash, string(id))
	return err
}

// Admins lists active administrators, oldest first.
func (db *DB) Admins(ctx context.Context) ([]social.MemberID, error) {
	return all[social.MemberID](ctx, db, "SELECT id FROM member WHERE role = 'admin' AND state = 'active' ORDER BY created_at, id")
}

// AddSession begins a session.
func (db *DB) AddSession(ctx context.Context, s govern.Session, hash string) error {
	_, err := db.run(ctx, "INSERT INTO session (id, hash, member, created_at, last_seen_at, agent, ip) VALUES (?, ?, ?, ?, ?, ?, ?)",
		s.ID, hash, string(s.Member), store.At(s.Created), store.At(s.LastSeen), s.Agent, s.IP)
	return err
}

type sessionRow struct {
	ID         string `bun:"id"`
	Member     string `bun:"member"`
	CreatedAt  int64  `bun:"created_at"`
	LastSeenAt int64  `bun:"last_seen_at"`
	Agent      string `bun:"agent"`
	IP         string `bun:"ip"`
}

func (r sessionRow) session() govern.Session {
	return govern.Session{ID: r.ID, Member: social.MemberID(r.Member), Created: store.Time(r.CreatedAt), LastSeen: store.Time(r.LastSeenAt), Agent: r.Agent, IP: r.IP}
}

const sessionSelect = "SELECT id, member, created_at, last_seen_at, agent, ip FROM session"

// SessionByHash finds a session and its member.
func (db *DB) SessionByHash(ctx context.Context, hash string) (govern.Session, govern.Member, error) {
	row, err := one[sessionRow](ctx, db, "There is no such session.", sessionSelect+" WHERE hash = ?", hash)
	if err != nil {
		return govern.Session{}, govern.Member{}, err
	}
	m, err := db.Member(ctx, social.MemberID(row.Member))
	return row.session(), m, err
}

// Sessions lists the sessions of a member, the last used first.
func (db *DB) Sessions(ctx context.Context, member social.MemberID) ([]govern.Session, error) {
	rows, err := all[sessionRow](ctx, db, sessionSelect+" WHERE member = ? ORDER BY last_seen_at DESC, id DESC LIMIT 100", string(member))
	sessions := make([]govern.Session, len(rows))
	for i, r := range rows {
		sessions[i] = r.session()
	}
	return sessions, err
}

// TouchSession notes when a session and its member were last seen.
func (db *DB) TouchSession(ctx context.Context, id string, member social.MemberID, at time.Time) error {
	return db.InTx(ctx, func(ctx context.Context) error {
		if _, err := db.run(ctx, "UPDATE session SET last_seen_at = ? WHERE id = ?", store.At(at), id); err != nil {
			return err
		}
		_, err := db.run(ctx, "UPDATE member SET last_seen_at = ? WHERE id = ?", store.At(at), string(member))
		return err
	})
}

// DropSession ends one session of a member.
func (db *DB) DropSession(ctx context.Context, member social.MemberID, id string) (bool, error) {
	n, err := db.run(ctx, "DELETE FROM session WHERE member = ? AND id = ?", string(member), id)
	return n > 0, err
}

// DropSessions ends all sessions of a member.
func (db *DB) DropSessions(ctx context.Context, member social.MemberID) (int, error) {
	return db.run(ctx, "DELETE FROM session WHERE member = ?", string(member))
}

// ForgetSessions drops what is over: sessions, attempts, doors.
func (db *DB) ForgetSessions(ctx context.Context, created, seen, now time.Time) error {
	for _, s := range []struct {
		query string
		args  []any
	}{
		{"DELETE FROM session WHERE created_at < ? OR last_seen_at < ?", []any{store.At(created), store.At(seen)}},
		{"DELETE FROM attempt WHERE last_at < ?", []any{store.At(now.Add(-48 * time.Hour))}},
		{"DELETE FROM door WHERE expires_at < ?", []any{store.At(now.Add(-48 * time.Hour))}},
	} {
		if _, err := db.run(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

type attemptRow struct {
	Failed    int   `bun:"failed"`
	LastAt    int64 `bun:"last_at"`
	BlockedTo int64 `bun:"blocked_to"`
}

// Attempt reads how often somebody tried in vain.
func (db *DB) Attempt(ctx context.Context, key string) (int, time.Time, time.Time, error) {
	rows, err := all[attemptRow](ctx, db, "SELECT failed, last_at, blocked_to FROM attempt WHERE key = ?", key)
	if err != nil || len(rows) == 0 {
		return 0, time.Time{}, time.Time{}, err
	}
	return rows[0].Failed, store.Time(rows[0].LastAt), store.Time(rows[0].BlockedTo), nil
}

// SetAttempt saves how often somebody tried in vain.
func (db *DB) SetAttempt(ctx context.Context, key string, failed int, last, blocked time.Time) error {
	_, err := db.run(ctx, `INSERT INTO attempt (key, failed, last_at, blocked_to) VALUES (?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET failed = EXCLUDED.failed, last_at = EXCLUDED.last_at, blocked_to = EXCLUDED.blocked_to`,
		key, failed, store.At(last), store.At(blocked))
	return err
}

// DropAttempt forgets them.
func (db *DB) DropAttempt(ctx context.Context, key string) error {
	_, err := db.run(ctx, "DELETE FROM attempt WHERE key = ?", key)
	return err
}
