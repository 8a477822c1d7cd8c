// Package privacydb keeps in SQL what people agreed to, what they asked of
// us, and what is kept back from being forgotten.
package privacydb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/parley-crm/parley/people/consent"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements consent.Store.
type DB struct{ *store.DB }

var _ consent.Store = (*DB)(nil)

// New keeps privacy in db.
func New(db *store.DB) *DB { return &DB{db} }

type lineRow struct {
	bun.BaseModel `bun:"table:consent"`
	ID            string `bun:"id,pk"`
	Identity      string `bun:"identity_id"`
	Channel       string `bun:"channel_id"`
	Purpose       string `bun:"purpose"`
	State         string `bun:"state"`
	Text          string `bun:"text_id"`
	Shown         string `bun:"shown"`
	Source        string `bun:"source"`
	Evidence      string `bun:"evidence"`
	Jurisdiction  string `bun:"jurisdiction"`
	ExpiresAt     int64  `bun:"expires_at"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
	CreatedAt     int64  `bun:"created_at"`
	Same          string `bun:"same"`
}

func (r lineRow) line() consent.Line {
	return consent.Line{ID: r.ID, Identity: social.IdentityID(r.Identity), Channel: social.ChannelID(r.Channel), Purpose: r.Purpose, State: r.State, Text: r.Text, Shown: r.Shown,
		Source: r.Source, Evidence: r.Evidence, Jurisdiction: r.Jurisdiction, Expires: store.Time(r.ExpiresAt), By: social.MemberID(r.By), At: store.Time(r.At), CreatedAt: store.Time(r.CreatedAt)}
}

func lines(rows []lineRow) []consent.Line {
	out := make([]consent.Line, len(rows))
	for i, r := range rows {
		out[i] = r.line()
	}
	return out
}

func texts(ids []social.IdentityID) []string {
	out := make([]string, len(ids))
	for i, x := range ids {
		out[i] = string(x)
	}
	return out
}

// AddLine implements consent.Store.
func (d *DB) AddLine(ctx context.Context, l consent.Line) (bool, error) {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(l.Identity), string(l.Channel), l.Purpose, l.State, l.Text, l.Source, l.Evidence, l.At.UTC().Format(time.RFC3339Nano)}, "\x1f")))
	r := lineRow{ID: l.ID, Identity: string(l.Identity), Channel: string(l.Channel), Purpose: l.Purpose, State: l.State, Text: l.Text, Shown: l.Shown, Source: l.Source, Evidence: l.Evidence,
		Jurisdiction: l.Jurisdiction, ExpiresAt: store.At(l.Expires), By: string(l.By), At: store.At(l.At), CreatedAt: store.At(l.CreatedAt), Same: hex.EncodeToString(sum[:])}
	res, err := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (same) DO NOTHING").Returning("NULL").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// Lines implements consent.Store.
func (d *DB) Lines(ctx context.Context, who []social.IdentityID, cursor string, limit int) ([]consent.Line, string, error) {
	if len(who) == 0 {
		return nil, "", nil
	}
	var rows []lineRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("identity_id IN (?)", bun.List(texts(who)))
	var at int64
	var id string
	if more, err := store.FromCursor(cursor, &at, &id); err != nil {
		return nil, "", err
	} else if more {
		q = q.Where("(at, id) < (?, ?)", at, id)
	}
	limit = store.Limit(limit)
	if err := q.OrderExpr("at DESC, id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].At, rows[limit-1].ID)
	}
	return lines(rows), next, nil
}

// Now implements consent.Store.
func (d *DB) Now(ctx context.Context, who []social.IdentityID) ([]consent.Line, error) {
	if len(who) == 0 {
		return nil, nil
	}
	var rows []lineRow
	err := d.IDB(ctx).NewRaw("SELECT * FROM consent_now WHERE identity_id IN (?) ORDER BY purpose, at DESC, id", bun.List(texts(who))).Scan(ctx, &rows)
	return lines(rows), err
}

type tallyRow struct {
	Purpose string `bun:"purpose"`
	State   string `bun:"state"`
	N       int    `bun:"n"`
}

// Tally implements consent.Store.
func (d *DB) Tally(ctx context.Context, now time.Time) (map[string]map[string]int, error) {
	var rows []tallyRow
	err := d.IDB(ctx).NewRaw(`SELECT purpose, CASE WHEN state = 'granted' AND expires_at > 0 AND expires_at <= ? THEN 'expired' ELSE state END AS state, COUNT(DISTINCT identity_id) AS n
FROM consent_now GROUP BY 1, 2`, store.At(now)).Scan(ctx, &rows)
	out := map[string]map[string]int{}
	for _, r := range rows {
		if out[r.Purpose] == nil {
			out[r.Purpose] = map[string]int{}
		}
		out[r.Purpose][r.State] = r.N
	}
	return out, err
}

type textRow struct {
	bun.BaseModel `bun:"table:consent_text"`
	ID            string `bun:"id,pk"`
	Purpose       string `bun:"purpose"`
	Lang          string `bun:"lang"`
	Version       int    `bun:"version"`
	Name          string `bun:"name"`
	Body          string `bun:"body"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
}

func (r textRow) text() consent.Text {
	return consent.Text{ID: r.ID, Purpose: r.Purpose, Lang: r.Lang, Version: r.Version, Name: r.Name, Body: r.Body, By: social.MemberID(r.By), At: store.Time(r.At)}
}

func textList(rows []textRow) []consent.Text {
	out := make([]consent.Text, len(rows))
	for i, r := range rows {
		out[i] = r.text()
	}
	return out
}

// AddText implements consent.Store.
func (d *DB) AddText(ctx context.Context, t consent.Text) (consent.Text, error) {
	if err := d.IDB(ctx).NewRaw("SELECT COALESCE(MAX(version), 0) + 1 FROM consent_text WHERE purpose = ? AND lang = ?", t.Purpose, t.Lang).Scan(ctx, &t.Version); err != nil {
		return t, err
	}
	r := textRow{ID: t.ID, Purpose: t.Purpose, Lang: t.Lang, Version: t.Version, Name: t.Name, Body: t.Body, By: string(t.By), At: store.At(t.At)}
	_, err := d.IDB(ctx).NewInsert().Model(&r).Returning("NULL").Exec(ctx)
	return t, err
}

const newest = "version = (SELECT MAX(n.version) FROM consent_text n WHERE n.purpose = consent_text.purpose AND n.lang = consent_text.lang)"

// Texts implements consent.Store.
func (d *DB) Texts(ctx context.Context) ([]consent.Text, error) {
	var rows []textRow
	err := d.IDB(ctx).NewRaw("SELECT * FROM consent_text WHERE "+newest+" ORDER BY purpose, lang LIMIT 500").Scan(ctx, &rows)
	return textList(rows), err
}

// TextsByID implements consent.Store.
func (d *DB) TextsByID(ctx context.Context, ids []string) (map[string]consent.Text, error) {
	out := map[string]consent.Text{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []textRow
	err := d.IDB(ctx).NewRaw("SELECT * FROM consent_text WHERE id IN (?)", bun.List(ids)).Scan(ctx, &rows)
	for _, r := range rows {
		out[r.ID] = r.text()
	}
	return out, err
}

// Text implements consent.Store.
func (d *DB) Text(ctx context.Context, purpose, lang string) (consent.Text, error) {
	var r textRow
	err := d.IDB(ctx).NewRaw("SELECT * FROM consent_text WHERE purpose = ? AND (lang = ? OR ? = '') ORDER BY at DESC, version DESC LIMIT 1", purpose, lang, lang).Scan(ctx, &r)
	return r.text(), store.NotFound(err, "There is no text for this purpose yet.")
}

// Versions implements consent.Store: the newest first.
func (d *DB) Versions(ctx context.Context, purpose, lang string) ([]consent.Text, error) {
	var rows []textRow
	err := d.IDB(ctx).NewRaw("SELECT * FROM consent_text WHERE purpose = ? AND lang = ? ORDER BY version DESC LIMIT 100", purpose, lang).Scan(ctx, &rows)
	return textList(rows), err
}

type verdictRow struct {
	bun.BaseModel `bun:"table:consent_verdict"`
	ID            string `bun:"id,pk"`
	Identity      string `bun:"identity_id"`
	Channel       string `bun:"channel_id"`
	Purpose       string `bun:"purpose"`
	Reference     string `bun:"reference"`
	Clear         bool   `bun:"clear"`
	Why           string `bun:"why"`
	Consent       string `bun:"consent_id"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
}

func (r verdictRow) verdict() consent.Verdict {
	return consent.Verdict{ID: r.ID, Identity: social.IdentityID(r.Identity), Channel: social.ChannelID(r.Channel), Purpose: r.Purpose, Reference: r.Reference, Clear: r.Clear, Why: r.Why,
		Line: r.Consent, By: social.MemberID(r.By), At: store.Time(r.At)}
}

// AddVerdict implements consent.Store.
func (d *DB) AddVerdict(ctx context.Context, v consent.Verdict) (consent.Verdict, error) {
	r := verdictRow{ID: v.ID, Identity: string(v.Identity), Channel: string(v.Channel), Purpose: v.Purpose, Reference: v.Reference, Clear: v.Clear, Why: v.Why, Consent: v.Line, By: string(v.By), At: store.At(v.At)}
	if _, err := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (reference, identity_id, purpose, channel_id) DO NOTHING").Returning("NULL").Exec(ctx); err != nil {
		return v, err
	}
	var kept verdictRow
	err := d.IDB(ctx).NewRaw("SELECT * FROM consent_verdict WHERE reference = ? AND identity_id = ? AND purpose = ? AND channel_id = ?", v.Reference, string(v.Identity), v.Purpose, string(v.Channel)).Scan(ctx, &kept)
	return kept.verdict(), err
}

// Verdicts implements consent.Store.
func (d *DB) Verdicts(ctx context.Context, who []social.IdentityID, limit int) ([]consent.Verdict, error) {
	if len(who) == 0 {
		return nil, nil
	}
	var rows []verdictRow
	err := d.IDB(ctx).NewRaw("SELECT * FROM consent_verdict WHERE identity_id IN (?) ORDER BY id DESC LIMIT ?", bun.List(texts(who)), store.Limit(limit)).Scan(ctx, &rows)
	out := make([]consent.Verdict, len(rows))
	for i, r := range rows {
		out[i] = r.verdict()
	}
	return out, err
}
