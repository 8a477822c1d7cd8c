package governdb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

type tokenRow struct {
	ID         string `bun:"id"`
	Name       string `bun:"name"`
	Role       string `bun:"role"`
	Scopes     string `bun:"scopes"`
	Member     string `bun:"member"`
	MemberName string `bun:"member_name"`
	CreatedAt  int64  `bun:"created_at"`
	ExpiresAt  int64  `bun:"expires_at"`
	LastUsedAt int64  `bun:"last_used_at"`
}

const (
	noToken     = "There is no such token."
	tokenSelect = `
SELECT t.id, t.name, t.role, t.scopes, t.member, COALESCE(m.name, '') AS member_name, t.created_at, t.expires_at, t.last_used_at
FROM token t LEFT JOIN member m ON m.id = t.member`
)

func (r tokenRow) token() (govern.Token, error) {
	t := govern.Token{ID: r.ID, Name: r.Name, Role: social.Role(r.Role), Member: social.MemberID(r.Member), By: r.MemberName,
		Created: store.Time(r.CreatedAt), Expires: store.Time(r.ExpiresAt), LastUsed: store.Time(r.LastUsedAt)}
	return t, json.Unmarshal([]byte(r.Scopes), &t.Scopes)
}

// Tokens lists tokens, newest first.
func (db *DB) Tokens(ctx context.Context, cursor string, limit int) ([]govern.Token, string, error) {
	before := "~"
	if _, err := store.FromCursor(cursor, &before); err != nil {
		return nil, "", err
	}
	limit = store.Limit(limit)
	rows, err := all[tokenRow](ctx, db, tokenSelect+" WHERE t.id < ? ORDER BY t.id DESC LIMIT ?", before, limit+1)
	if err != nil {
		return nil, "", err
	}
	rows, next := page(rows, limit, func(r tokenRow) []any { return []any{r.ID} })
	tokens := make([]govern.Token, len(rows))
	for i, r := range rows {
		if tokens[i], err = r.token(); err != nil {
			return nil, "", err
		}
	}
	return tokens, next, nil
}

// Token returns one token.
func (db *DB) Token(ctx context.Context, id string) (govern.Token, error) {
	row, err := one[tokenRow](ctx, db, noToken, tokenSelect+" WHERE t.id = ?", id)
	if err != nil {
		return govern.Token{}, err
	}
	return row.token()
}

// TokenByHash finds a token by the hash of its secret.
func (db *DB) TokenByHash(ctx context.Context, hash string) (govern.Token, error) {
	row, err := one[tokenRow](ctx, db, noToken, tokenSelect+" WHERE t.hash = ?", hash)
	if err != nil {
		return govern.Token{}, err
	}
	return row.token()
}

// AddToken adds a token.
func (db *DB) AddToken(ctx context.Context, t govern.Token, hash string) error {
	if t.Scopes == nil {
		t.Scopes = []social.Permission{}
	}
	scopes, err := json.Marshal(t.Scopes)
	if err != nil {
		return err
	}
	_, err = db.run(ctx, "INSERT INTO token (id, hash, name, role, scopes, member, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		t.ID, hash, t.Name, string(t.Role), string(scopes), string(t.Member), store.At(t.Created), store.At(t.Expires))
	return err
}

// TouchToken notes when a token was used.
func (db *DB) TouchToken(ctx context.Context, id string, at time.Time) error {
	_, err := db.run(ctx, "UPDATE token SET last_used_at = ? WHERE id = ?", store.At(at), id)
	return err
}

// DropToken takes a token back.
func (db *DB) DropToken(ctx context.Context, id string) (bool, error) {
	n, err := db.run(ctx, "DELETE FROM token WHERE id = ?", id)
	return n > 0, err
}

// AddDoor adds a one-time link.
func (db *DB) AddDoor(ctx context.Context, d govern.Door, hash string) error {
	_, err := db.run(ctx, "INSERT INTO door (id, hash, kind, member, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
		d.ID, hash, string(d.Kind), string(d.Member), store.At(d.Created), store.At(d.Expires))
	return err
}

type doorRow struct {
	ID        string `bun:"id"`
	Kind      string `bun:"kind"`
	Member    string `bun:"member"`
	CreatedAt int64  `bun:"created_at"`
	ExpiresAt int64  `bun:"expires_at"`
}

// DoorByHash finds an unused link that has not expired.
func (db *DB) DoorByHash(ctx context.Context, hash string, now time.Time) (govern.Door, error) {
	r, err := one[doorRow](ctx, db, "This link was used already, has expired, or never was. Ask an administrator for a new one.",
		"SELECT id, kind, member, created_at, expires_at FROM door WHERE hash = ? AND used_at = 0 AND expires_at > ?", hash, store.At(now))
	return govern.Door{ID: r.ID, Kind: govern.DoorKind(r.Kind), Member: social.MemberID(r.Member), Created: store.Time(r.CreatedAt), Expires: store.Time(r.ExpiresAt)}, err
}

// UseDoor marks a link used; false when it was used or has expired.
func (db *DB) UseDoor(ctx context.Context, id string, now time.Time) (bool, error) {
	n, err := db.run(ctx, "UPDATE door SET used_at = ? WHERE id = ? AND used_at = 0 AND expires_at > ?", store.At(now), id, store.At(now))
	return n == 1, err
}

// CloseDoors drops the unused links of a member, or of setup.
func (db *DB) CloseDoors(ctx context.Context, member social.MemberID) error {
	_, err := db.run(ctx, "DELETE FROM door WHERE member = ? AND used_at = 0", string(member))
	return err
}
