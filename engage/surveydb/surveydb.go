// Package surveydb keeps questions about satisfaction in SQL.
package surveydb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/survey"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements survey.Store.
type DB struct{ *store.DB }

// New keeps questions in db.
func New(db *store.DB) *DB { return &DB{db} }

var _ survey.Store = (*DB)(nil)

// aloneLock is the key of the lock behind Alone.
const aloneLock = 0x737572766579 // "survey"

// Alone implements survey.Store.
func (d *DB) Alone(ctx context.Context) error { return d.Dialect.Lock(ctx, d.IDB(ctx), aloneLock) }

type settingsRow struct {
	bun.BaseModel `bun:"table:survey"`
	ProgrammeID   string `bun:"programme_id,pk"`
	Active        bool   `bun:"active"`
	Words         string `bun:"words"`
	Question      string `bun:"question"`
	AfterMin      int64  `bun:"after_min"`
	EveryDays     int64  `bun:"every_days"`
	OwnerID       string `bun:"owner_id"`
	ChangedAt     int64  `bun:"changed_at"`
}

// AllSettings implements survey.Store.
func (d *DB) AllSettings(ctx context.Context) ([]survey.Settings, error) {
	var rows []settingsRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Order("programme_id").Scan(ctx)
	out := make([]survey.Settings, len(rows))
	for i, r := range rows {
		out[i] = survey.Settings{Programme: social.ProgrammeID(r.ProgrammeID), On: r.Active, Words: r.Words, Question: r.Question,
			After: time.Duration(r.AfterMin) * time.Minute, Every: time.Duration(r.EveryDays) * 24 * time.Hour, Owner: social.MemberID(r.OwnerID), Changed: store.Time(r.ChangedAt)}
	}
	return out, err
}

// SaveSettings implements survey.Store.
func (d *DB) SaveSettings(ctx context.Context, s survey.Settings) error {
	row := settingsRow{ProgrammeID: string(s.Programme), Active: s.On, Words: s.Words, Question: s.Question, AfterMin: int64(s.After / time.Minute),
		EveryDays: int64(s.Every / (24 * time.Hour)), OwnerID: string(s.Owner), ChangedAt: store.At(s.Changed)}
	_, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (programme_id) DO UPDATE").Set("active = EXCLUDED.active").Set("words = EXCLUDED.words").
		Set("question = EXCLUDED.question").Set("after_min = EXCLUDED.after_min").Set("every_days = EXCLUDED.every_days").
		Set("owner_id = EXCLUDED.owner_id").Set("changed_at = EXCLUDED.changed_at").Exec(ctx)
	return err
}

type askRow struct {
	bun.BaseModel  `bun:"table:survey_ask,alias:a"`
	ID             string `bun:"id,pk"`
	ConversationID string `bun:"conversation_id"`
	ProgrammeID    string `bun:"programme_id"`
	ChannelID      string `bun:"channel_id"`
	IdentityID     string `bun:"identity_id"`
	PersonID       string `bun:"person_id"`
	MemberID       string `bun:"member_id"`
	State          string `bun:"state"`
	Why            string `bun:"why"`
	DueAt          int64  `bun:"due_at"`
	AskedAt        int64  `bun:"asked_at"`
	AnsweredAt     int64  `bun:"answered_at"`
	KeyHash        string `bun:"key_hash"`
	Score          int64  `bun:"score"`
	Comment        string `bun:"comment"`
}

func toRow(a survey.Ask) askRow {
	return askRow{ID: a.ID, ConversationID: string(a.Conversation), ProgrammeID: string(a.Programme), ChannelID: string(a.Channel), IdentityID: string(a.Identity),
		PersonID: string(a.Person), MemberID: string(a.Member), State: string(a.State), Why: a.Why, DueAt: store.At(a.Due), AskedAt: store.At(a.AskedAt),
		AnsweredAt: store.At(a.AnsweredAt), KeyHash: a.KeyHash, Score: int64(a.Score), Comment: a.Comment}
}

func asks(rows []askRow) []survey.Ask {
	out := make([]survey.Ask, len(rows))
	for i, r := range rows {
		out[i] = survey.Ask{ID: r.ID, Conversation: social.ConversationID(r.ConversationID), Programme: social.ProgrammeID(r.ProgrammeID), Channel: social.ChannelID(r.ChannelID),
			Identity: social.IdentityID(r.IdentityID), Person: social.PersonID(r.PersonID), Member: social.MemberID(r.MemberID), State: survey.State(r.State), Why: r.Why,
			Due: store.Time(r.DueAt), AskedAt: store.Time(r.AskedAt), AnsweredAt: store.Time(r.AnsweredAt), KeyHash: r.KeyHash, Score: int(r.Score), Comment: r.Comment}
	}
	return out
}

// Plan implements survey.Store.
func (d *DB) Plan(ctx context.Context, plan []survey.Ask) error {
	if len(plan) == 0 {
		return nil
	}
	rows := make([]askRow, len(plan))
	for i, a := range plan {
		rows[i] = toRow(a)
	}
	_, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// Due implements survey.Store.
func (d *DB) Due(ctx context.Context, now time.Time, limit int) ([]survey.Ask, error) {
	var rows []askRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("a.state = 'planned'").Where("a.due_at <= ?", store.At(now)).Order("a.due_at", "a.id").Limit(int64(limit)).Scan(ctx)
	return asks(rows), err
}

// AskedSince implements survey.Store.
func (d *DB) AskedSince(ctx context.Context, who social.PersonID, account social.IdentityID, since time.Time) (bool, error) {
	var n int
	err := d.IDB(ctx).NewRaw(`SELECT COUNT(*) FROM (
		SELECT 1 AS x FROM survey_ask WHERE person_id = ? AND person_id <> '' AND asked_at > ?
		UNION ALL SELECT 1 AS x FROM survey_ask WHERE identity_id = ? AND asked_at > ?) AS few`,
		string(who), store.At(since), string(account), store.At(since)).Scan(ctx, &n)
	return n > 0, err
}

// Save implements survey.Store.
func (d *DB) Save(ctx context.Context, a survey.Ask) error {
	r := toRow(a)
	_, err := d.IDB(ctx).NewUpdate().Model(&r).WherePK().Exec(ctx)
	return err
}

// ByKey implements survey.Store.
func (d *DB) ByKey(ctx context.Context, hash string) (survey.Ask, error) {
	var rows []askRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("a.key_hash = ?", hash).Where("a.key_hash <> ''").Limit(1)
	if d.Engine == store.Postgres {
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil {
		return survey.Ask{}, err
	}
	if len(rows) == 0 {
		return survey.Ask{}, social.Errorf(social.NotFound, "There is no such question.")
	}
	return asks(rows)[0], nil
}

type dayRow struct {
	bun.BaseModel `bun:"table:survey_day,alias:d"`
	Day           int64  `bun:"day,pk"`
	ProgrammeID   string `bun:"programme_id,pk"`
	Asked         int64  `bun:"asked"`
	S1            int64  `bun:"s1"`
	S2            int64  `bun:"s2"`
	S3            int64  `bun:"s3"`
	S4            int64  `bun:"s4"`
	S5            int64  `bun:"s5"`
}

// Count implements survey.Store.
func (d *DB) Count(ctx context.Context, x survey.Day) error {
	s := x.Scores
	row := dayRow{Day: store.At(x.Day), ProgrammeID: string(x.Programme), Asked: int64(x.Asked), S1: int64(s[0]), S2: int64(s[1]), S3: int64(s[2]), S4: int64(s[3]), S5: int64(s[4])}
	q := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (day, programme_id) DO UPDATE")
	for _, c := range []string{"asked", "s1", "s2", "s3", "s4", "s5"} {
		q = q.Set("? = d.? + EXCLUDED.?", bun.Ident(c), bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Exec(ctx)
	return err
}

func within(ctx context.Context, q *bun.SelectQuery) *bun.SelectQuery {
	s := social.ScopeOf(ctx)
	switch {
	case s.All:
		return q
	case len(s.Programmes) == 0:
		return q.Where("1 = 0")
	}
	return q.Where("programme_id IN (?)", bun.List(s.Programmes)).Where("programme_id <> ''")
}

// Days implements survey.Store.
func (d *DB) Days(ctx context.Context, from, to time.Time, p social.ProgrammeID) ([]survey.Day, error) {
	var rows []dayRow
	q := within(ctx, d.IDB(ctx).NewSelect().Model(&rows)).Where("day >= ?", store.At(from)).Where("day < ?", store.At(to)).Order("day", "programme_id")
	if p != "" {
		q = q.Where("programme_id = ?", string(p))
	}
	err := q.Scan(ctx)
	out := make([]survey.Day, len(rows))
	for i, r := range rows {
		out[i] = survey.Day{Day: store.Time(r.Day), Programme: social.ProgrammeID(r.ProgrammeID), Asked: int(r.Asked),
			Scores: [5]int{int(r.S1), int(r.S2), int(r.S3), int(r.S4), int(r.S5)}}
	}
	return out, err
}

// Answers implements survey.Store.
func (d *DB) Answers(ctx context.Context, q survey.Query) ([]survey.Ask, string, error) {
	limit := store.Limit(q.Limit)
	var at int64
	var id string
	more, err := store.FromCursor(q.Cursor, &at, &id)
	if err != nil {
		return nil, "", err
	}
	var rows []askRow
	s := within(ctx, d.IDB(ctx).NewSelect().Model(&rows)).Where("state = 'answered'").Where("answered_at >= ?", store.At(q.From)).Where("answered_at < ?", store.At(q.To)).
		Order("answered_at DESC", "id DESC").Limit(int64(limit) + 1)
	if q.Programme != "" {
		s = s.Where("programme_id = ?", string(q.Programme))
	}
	if q.Score != 0 {
		s = s.Where("score = ?", q.Score)
	}
	if q.Worded {
		s = s.Where("comment <> ''")
	}
	if more {
		s = s.Where("(answered_at, id) < (?, ?)", at, id)
	}
	if err := s.Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].AnsweredAt, rows[limit-1].ID)
	}
	return asks(rows), next, nil
}

// Of implements survey.Store.
func (d *DB) Of(ctx context.Context, id social.ConversationID) ([]survey.Ask, error) {
	var rows []askRow
	err := within(ctx, d.IDB(ctx).NewSelect().Model(&rows)).Where("conversation_id = ?", string(id)).Where("(asked_at > 0 OR state = ?)", string(survey.Refused)).OrderExpr("due_at DESC, id DESC").Limit(10).Scan(ctx)
	return asks(rows), err
}

// Graded is how well an account said that it was helped.
type Graded struct {
	Identity social.IdentityID
	At       time.Time
	Score    int
}

// Graded lists the answers of accounts since a time, whoever asks.
func (d *DB) Graded(ctx context.Context, who []social.IdentityID, since time.Time) ([]Graded, error) {
	if len(who) == 0 {
		return nil, nil
	}
	var rows []struct {
		IdentityID social.IdentityID
		AnsweredAt int64
		Score      int
	}
	err := d.IDB(ctx).NewRaw("SELECT identity_id, answered_at, score FROM survey_ask WHERE identity_id IN (?) AND state = 'answered' AND answered_at >= ? ORDER BY answered_at, id",
		bun.List(who), store.At(since)).Scan(ctx, &rows)
	out := make([]Graded, len(rows))
	for i, r := range rows {
		out[i] = Graded{Identity: r.IdentityID, At: store.Time(r.AnsweredAt), Score: r.Score}
	}
	return out, err
}
