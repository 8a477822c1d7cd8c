// Package hivedb keeps the hive in SQL.
package hivedb

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements hive.Store.
type DB struct{ *store.DB }

// New keeps the hive in db.
func New(db *store.DB) *DB { return &DB{db} }

var _ hive.Store = (*DB)(nil)

// part is how many rows go into one statement.
const part = 250

func jsonOf(v any) string {
	b, _ := json.Marshal(v) // plain structs always marshal
	return string(b)
}

func fromJSON[T any](s string) (out T) {
	if s != "" {
		_ = json.Unmarshal([]byte(s), &out) // we wrote it
	}
	return out
}

// forUpdate locks chosen rows where the engine has more than one writer.
func (d *DB) forUpdate(q *bun.SelectQuery, lock bool) *bun.SelectQuery {
	if lock && d.Engine == store.Postgres {
		return q.For("UPDATE")
	}
	return q
}

type ruleRow struct {
	bun.BaseModel `bun:"table:hive_rule"`
	ProgrammeID   string `bun:"programme_id,pk"`
	Rules         string `bun:"rules"`
	At            int64  `bun:"at"`
}

// AllRules implements hive.Store.
func (d *DB) AllRules(ctx context.Context) (map[social.ProgrammeID]hive.Rules, error) {
	var rows []ruleRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Scan(ctx)
	out := make(map[social.ProgrammeID]hive.Rules, len(rows))
	for _, r := range rows {
		rules := hive.DefaultRules()
		_ = json.Unmarshal([]byte(r.Rules), &rules) // we wrote it
		out[social.ProgrammeID(r.ProgrammeID)] = rules
	}
	return out, err
}

// SaveRules implements hive.Store.
func (d *DB) SaveRules(ctx context.Context, p social.ProgrammeID, r hive.Rules, at time.Time) error {
	row := ruleRow{ProgrammeID: string(p), Rules: jsonOf(r), At: store.At(at)}
	_, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (programme_id) DO UPDATE").Set("rules = EXCLUDED.rules").Set("at = EXCLUDED.at").Exec(ctx)
	return err
}

type memberRow struct {
	bun.BaseModel `bun:"table:hive_member,alias:m"`
	MemberID      string `bun:"member_id,pk"`
	State         string `bun:"state"`
	UntilAt       int64  `bun:"until_at"`
	Zone          string `bun:"zone"`
	Days          int    `bun:"days"`
	FromMin       int    `bun:"from_min"`
	ToMin         int    `bun:"to_min"`
	AwayFrom      int64  `bun:"away_from"`
	AwayTo        int64  `bun:"away_to"`
	Daily         int    `bun:"daily"`
	Langs         string `bun:"langs"`
	Expertise     string `bun:"expertise"`
	Offers        int    `bun:"offers"`
	Claims        int    `bun:"claims"`
	Day           string `bun:"day"`
	Taken         int    `bun:"taken"`
	AskedAt       int64  `bun:"asked_at"`
	At            int64  `bun:"at"`
}

func (r memberRow) member() hive.Member {
	return hive.Member{ID: social.MemberID(r.MemberID), State: hive.Presence(r.State), Until: store.Time(r.UntilAt),
		Week: hive.Week{Zone: r.Zone, Days: r.Days, From: r.FromMin, To: r.ToMin}, AwayFrom: store.Time(r.AwayFrom), AwayTo: store.Time(r.AwayTo),
		Daily: r.Daily, Langs: fromJSON[[]string](r.Langs), Expertise: fromJSON[[]string](r.Expertise), Offers: r.Offers, Claims: r.Claims,
		Day: r.Day, Taken: r.Taken, AskedAt: store.Time(r.AskedAt), At: store.Time(r.At)}
}

// Members implements hive.Store.
func (d *DB) Members(ctx context.Context, since time.Time) ([]hive.Member, error) {
	var rows []memberRow
	q := d.IDB(ctx).NewSelect().Model(&rows)
	if !since.IsZero() {
		q = q.Where("m.at >= ?", store.At(since))
	}
	err := q.Scan(ctx)
	out := make([]hive.Member, len(rows))
	for i, r := range rows {
		out[i] = r.member()
	}
	return out, err
}

// MembersAt implements hive.Store.
func (d *DB) MembersAt(ctx context.Context, ids []social.MemberID, lock bool) (map[social.MemberID]hive.Member, error) {
	out := make(map[social.MemberID]hive.Member, len(ids))
	for _, id := range ids {
		out[id] = hive.Member{ID: id}
	}
	for chunk := range slices.Chunk(ids, 500) {
		var rows []memberRow
		q := d.IDB(ctx).NewSelect().Model(&rows).Where("m.member_id IN (?)", bun.List(chunk)).Order("m.member_id")
		if err := d.forUpdate(q, lock).Scan(ctx); err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[social.MemberID(r.MemberID)] = r.member()
		}
	}
	return out, nil
}

// SaveMember implements hive.Store.
func (d *DB) SaveMember(ctx context.Context, m hive.Member) error {
	row := memberRow{MemberID: string(m.ID), State: string(m.State), UntilAt: store.At(m.Until), Zone: m.Week.Zone, Days: m.Week.Days, FromMin: m.Week.From,
		ToMin: m.Week.To, AwayFrom: store.At(m.AwayFrom), AwayTo: store.At(m.AwayTo), Daily: m.Daily, Langs: jsonOf(m.Langs), Expertise: jsonOf(m.Expertise), At: store.At(m.At)}
	q := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (member_id) DO UPDATE")
	for _, c := range []string{"state", "until_at", "zone", "days", "from_min", "to_min", "away_from", "away_to", "daily", "langs", "expertise", "at"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Exec(ctx)
	return err
}

// laySQL adds to the counts of a member. What was taken counts for its day.
const laySQL = `INSERT INTO hive_member (member_id, state, until_at, zone, days, from_min, to_min, away_from, away_to, daily, langs, expertise,
  offers, claims, day, taken, asked_at, at)
VALUES (?, '', 0, '', 0, 0, 0, 0, 0, 0, '[]', '[]', ?, ?, ?, ?, ?, ?)
ON CONFLICT (member_id) DO UPDATE SET
  offers = CASE WHEN hive_member.offers + EXCLUDED.offers < 0 THEN 0 ELSE hive_member.offers + EXCLUDED.offers END,
  claims = CASE WHEN hive_member.claims + EXCLUDED.claims < 0 THEN 0 ELSE hive_member.claims + EXCLUDED.claims END,
  taken = CASE WHEN EXCLUDED.day = '' THEN hive_member.taken WHEN hive_member.day = EXCLUDED.day THEN hive_member.taken + EXCLUDED.taken ELSE EXCLUDED.taken END,
  day = CASE WHEN EXCLUDED.day = '' THEN hive_member.day ELSE EXCLUDED.day END,
  asked_at = CASE WHEN EXCLUDED.asked_at > 0 THEN EXCLUDED.asked_at ELSE hive_member.asked_at END,
  at = EXCLUDED.at`

// Lay implements hive.Store.
func (d *DB) Lay(ctx context.Context, what []hive.Laid, at time.Time) error {
	for _, l := range what {
		asked := int64(0)
		if l.Asked {
			asked = store.At(at)
		}
		if _, err := d.IDB(ctx).NewRaw(laySQL, string(l.Member), l.Offers, l.Claims, l.Day, l.Taken, asked, store.At(at)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
