package listendb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/listen/warn"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type alertRow struct {
	bun.BaseModel `bun:"table:alert,alias:alert"`
	ID            string  `bun:"id,pk"`
	Subject       string  `bun:"subject"`
	Monitor       string  `bun:"monitor_id"`
	Programme     string  `bun:"programme_id"`
	State         string  `bun:"state"`
	RaisedAt      int64   `bun:"raised_at"`
	LastAt        int64   `bun:"last_at"`
	SnoozedUntil  int64   `bun:"snoozed_until"`
	ByMember      string  `bun:"by_member"`
	ByName        string  `bun:"by_name"`
	Surge         bool    `bun:"surge"`
	Mood          bool    `bun:"mood"`
	Hush          bool    `bun:"hush"`
	Because       string  `bun:"because"`
	Span          int64   `bun:"span"`
	Count         int     `bun:"count"`
	Usual         float64 `bun:"usual"`
	Negative      int     `bun:"negative"`
	Scored        int     `bun:"scored"`
	Sour          float64 `bun:"sour"`
	Rare          float64 `bun:"rare"`
	Score         float64 `bun:"score"`
	Words         string  `bun:"words"`
	Sensitive     string  `bun:"sensitive"`
}

func rowOfAlert(a warn.Alert) *alertRow {
	words, _ := json.Marshal(a.Words) // strings always marshal
	return &alertRow{
		ID: string(a.ID), Subject: a.Subject.Key(), Monitor: string(a.Subject.Monitor), Programme: string(a.Subject.Programme), State: string(a.State),
		RaisedAt: store.At(a.Raised), LastAt: store.At(a.Last), SnoozedUntil: store.At(a.Snoozed), ByMember: string(a.By), ByName: a.ByName,
		Surge: a.Surge, Mood: a.Mood, Hush: a.Hush, Because: a.Because, Span: a.Span.Microseconds(), Count: a.Count, Usual: a.Usual, Negative: a.Negative, Scored: a.Scored,
		Sour: a.Sour, Rare: a.Rare, Score: a.Score, Words: string(words), Sensitive: string(a.Sensitive),
	}
}

func (r *alertRow) alert() (warn.Alert, error) {
	a := warn.Alert{
		ID: social.AlertID(r.ID), Subject: warn.Subject{Monitor: social.MonitorID(r.Monitor), Programme: social.ProgrammeID(r.Programme)},
		State: warn.State(r.State), Raised: store.Time(r.RaisedAt), Last: store.Time(r.LastAt), Snoozed: store.Time(r.SnoozedUntil),
		By: social.MemberID(r.ByMember), ByName: r.ByName, Sensitive: warn.Level(r.Sensitive),
		Because: r.Because, Finding: warn.Finding{Surge: r.Surge, Mood: r.Mood, Hush: r.Hush, Span: time.Duration(r.Span) * time.Microsecond, Count: r.Count, Usual: r.Usual,
			Negative: r.Negative, Scored: r.Scored, Sour: r.Sour, Rare: r.Rare, Score: r.Score},
	}
	return a, json.Unmarshal([]byte(r.Words), &a.Words)
}

func alertsOf(rows []alertRow, err error) ([]warn.Alert, error) {
	out := make([]warn.Alert, len(rows))
	for i := range rows {
		if err == nil {
			out[i], err = rows[i].alert()
		}
	}
	return out, err
}

// AddAlert writes a new alert.
func (s *DB) AddAlert(ctx context.Context, a warn.Alert) error {
	_, err := s.DB.IDB(ctx).NewInsert().Model(rowOfAlert(a)).Exec(ctx)
	return err
}

// SaveFigures writes what is found.
func (s *DB) SaveFigures(ctx context.Context, a warn.Alert) error {
	_, err := s.DB.IDB(ctx).NewUpdate().Model(rowOfAlert(a)).WherePK().
		Column("last_at", "surge", "mood", "span", "count", "usual", "negative", "scored", "sour", "rare", "score", "words").Exec(ctx)
	return err
}

// SaveState writes the state.
func (s *DB) SaveState(ctx context.Context, a warn.Alert) error {
	_, err := s.DB.IDB(ctx).NewUpdate().Model(rowOfAlert(a)).WherePK().
		Column("state", "snoozed_until", "by_member", "by_name").Exec(ctx)
	return err
}

// within limits alerts to the scope.
func within(ctx context.Context, q *bun.SelectQuery) *bun.SelectQuery {
	scope := social.ScopeOf(ctx)
	if scope.All {
		return q
	}
	if len(scope.Programmes) == 0 {
		return q.Where("1 = 0")
	}
	return q.Where("programme_id <> '' AND programme_id IN (?)", bun.List(scope.Programmes))
}

// Alert returns one alert.
func (s *DB) Alert(ctx context.Context, id social.AlertID) (warn.Alert, error) {
	var rows []alertRow
	err := within(ctx, s.DB.IDB(ctx).NewSelect().Model(&rows).Where("id = ?", string(id))).Scan(ctx)
	if err == nil && len(rows) == 0 {
		err = social.Errorf(social.NotFound, "There is no such alert.")
	}
	if err != nil {
		return warn.Alert{}, err
	}
	return rows[0].alert()
}

// Alerts returns alerts, the newest first.
func (s *DB) Alerts(ctx context.Context, q warn.Query) ([]warn.Alert, error) {
	var rows []alertRow
	sel := within(ctx, s.DB.IDB(ctx).NewSelect().Model(&rows))
	if len(q.States) > 0 {
		sel = sel.Where("state IN (?)", bun.List(q.States))
	}
	if q.Monitor != "" {
		sel = sel.Where("subject = ?", string(q.Monitor))
	}
	if q.Programme != "" {
		sel = sel.Where("programme_id = ?", string(q.Programme))
	}
	if q.Before != "" {
		sel = sel.Where("id < ?", string(q.Before))
	}
	return alertsOf(rows, sel.Order("id DESC").Limit(int64(q.Limit)).Scan(ctx))
}

// OpenAlerts counts those that are open.
func (s *DB) OpenAlerts(ctx context.Context) (int, error) {
	n, err := within(ctx, s.DB.IDB(ctx).NewSelect().Model((*alertRow)(nil)).Where("state = 'open'")).Count(ctx)
	return int(n), err
}

// Latest returns the newest alert of each subject.
func (s *DB) Latest(ctx context.Context, since time.Time) ([]warn.Alert, error) {
	var rows []alertRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).
		Where("id IN (SELECT MAX(id) FROM alert GROUP BY subject)").Where("last_at >= ?", store.At(since)).Order("id").Scan(ctx)
	return alertsOf(rows, err)
}

// DueAlerts returns alerts whose snooze is over.
func (s *DB) DueAlerts(ctx context.Context, at time.Time) ([]warn.Alert, error) {
	var rows []alertRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("state = 'snoozed' AND snoozed_until <= ?", store.At(at)).Order("id").Limit(100).Scan(ctx)
	return alertsOf(rows, err)
}

type causeRow struct {
	bun.BaseModel `bun:"table:alert_cause"`
	Alert         string `bun:"alert_id,pk"`
	Rank          int    `bun:"rank,pk"`
	Seq           int64  `bun:"seq"`
}

// SetCauses replaces the posts that caused an alert.
func (s *DB) SetCauses(ctx context.Context, id social.AlertID, seqs []int64) error {
	if _, err := s.DB.IDB(ctx).NewRaw("DELETE FROM alert_cause WHERE alert_id = ?", string(id)).Exec(ctx); err != nil || len(seqs) == 0 {
		return err
	}
	rows := make([]causeRow, len(seqs))
	for i, seq := range seqs {
		rows[i] = causeRow{Alert: string(id), Rank: i, Seq: seq}
	}
	_, err := s.DB.IDB(ctx).NewInsert().Model(&rows).Exec(ctx)
	return err
}

// Causes returns the posts that caused an alert.
func (s *DB) Causes(ctx context.Context, id social.AlertID) ([]int64, error) {
	var rows []causeRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("alert_id = ?", string(id)).Order("rank").Scan(ctx)
	out := make([]int64, len(rows))
	for i, r := range rows {
		out[i] = r.Seq
	}
	return out, err
}

type stepRow struct {
	bun.BaseModel `bun:"table:alert_step"`
	ID            int64  `bun:"id,pk,autoincrement"`
	Alert         string `bun:"alert_id"`
	At            int64  `bun:"at"`
	Verb          string `bun:"verb"`
	Member        string `bun:"member_id"`
	Name          string `bun:"name"`
	Detail        string `bun:"detail"`
}

// AddStep adds a line to an alert's history.
func (s *DB) AddStep(ctx context.Context, t warn.Step) error {
	detail, err := json.Marshal(t.Detail)
	if err != nil {
		return err
	}
	_, err = s.DB.IDB(ctx).NewInsert().Model(&stepRow{Alert: string(t.Alert), At: store.At(t.At), Verb: t.Verb,
		Member: string(t.Member), Name: t.Name, Detail: string(detail)}).Exec(ctx)
	return err
}

// Steps returns an alert's history.
func (s *DB) Steps(ctx context.Context, id social.AlertID) ([]warn.Step, error) {
	var rows []stepRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("alert_id = ?", string(id)).Order("id").Limit(500).Scan(ctx)
	out := make([]warn.Step, len(rows))
	for i, r := range rows {
		out[i] = warn.Step{Alert: id, At: store.Time(r.At), Verb: r.Verb, Member: social.MemberID(r.Member), Name: r.Name}
		if err == nil {
			err = json.Unmarshal([]byte(r.Detail), &out[i].Detail)
		}
	}
	return out, err
}

type ruleRow struct {
	bun.BaseModel `bun:"table:alert_rule"`
	Subject       string `bun:"subject,pk"`
	Monitor       string `bun:"monitor_id"`
	Programme     string `bun:"programme_id"`
	Level         string `bun:"level"`
	Minimum       int    `bun:"minimum"`
	Taught        int    `bun:"taught"`
	Silence       bool   `bun:"silence"`
	UpdatedAt     int64  `bun:"updated_at"`
}

// Rules returns what subjects need for an alert.
func (s *DB) Rules(ctx context.Context) ([]warn.Rule, error) {
	var rows []ruleRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Scan(ctx)
	out := make([]warn.Rule, len(rows))
	for i, r := range rows {
		out[i] = warn.Rule{Subject: warn.Subject{Monitor: social.MonitorID(r.Monitor), Programme: social.ProgrammeID(r.Programme)},
			Level: warn.Level(r.Level), Minimum: r.Minimum, Taught: r.Taught, Silence: r.Silence && r.Monitor != "", Updated: store.Time(r.UpdatedAt)}
	}
	return out, err
}

// SaveRule writes what a subject needs for an alert.
func (s *DB) SaveRule(ctx context.Context, r warn.Rule) error {
	_, err := s.DB.IDB(ctx).NewInsert().Model(&ruleRow{Subject: r.Subject.Key(), Monitor: string(r.Subject.Monitor), Programme: string(r.Subject.Programme),
		Level: string(r.Level), Minimum: r.Minimum, Taught: r.Taught, Silence: r.Silence, UpdatedAt: store.At(r.Updated)}).
		On("CONFLICT (subject) DO UPDATE").Set("level = EXCLUDED.level, minimum = EXCLUDED.minimum, taught = EXCLUDED.taught, silence = EXCLUDED.silence, updated_at = EXCLUDED.updated_at").Exec(ctx)
	return err
}

var _ warn.Store = (*DB)(nil)
