// Package pacedb keeps what is about time: calendars, pledges and what came of
// them.
package pacedb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB is the part of the database that is about time.
type DB struct{ *store.DB }

var _ pledge.Store = (*DB)(nil)

// New makes it on an open, migrated database.
func New(db *store.DB) *DB { return &DB{db} }

type calendarRow struct {
	bun.BaseModel `bun:"table:business_calendar"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Zone          string `bun:"zone"`
	Week          string `bun:"week"`
	Holidays      string `bun:"holidays"`
	Version       int64  `bun:"version"`
	CreatedAt     int64  `bun:"created_at"`
	ChangedAt     int64  `bun:"changed_at"`
}

func jsonOf(v any) string {
	b, _ := json.Marshal(v) // plain structs always marshal
	return string(b)
}

// Calendars implements pledge.Store.
func (d *DB) Calendars(ctx context.Context) ([]hours.Calendar, error) {
	var rows []calendarRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Order("id").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]hours.Calendar, len(rows))
	for i, r := range rows {
		out[i] = hours.Calendar{ID: hours.ID(r.ID), Name: r.Name, Zone: r.Zone, Version: r.Version, CreatedAt: store.Time(r.CreatedAt), ChangedAt: store.Time(r.ChangedAt)}
		if err := json.Unmarshal([]byte(r.Week), &out[i].Week); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(r.Holidays), &out[i].Holidays); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveCalendar implements pledge.Store.
func (d *DB) SaveCalendar(ctx context.Context, c hours.Calendar) error {
	r := calendarRow{ID: string(c.ID), Name: c.Name, Zone: c.Zone, Week: jsonOf(c.Week), Holidays: jsonOf(c.Holidays), Version: c.Version, CreatedAt: store.At(c.CreatedAt), ChangedAt: store.At(c.ChangedAt)}
	return d.upsert(ctx, &r, "name", "zone", "week", "holidays", "version", "changed_at")
}

func (d *DB) upsert(ctx context.Context, row any, columns ...string) error {
	q := d.IDB(ctx).NewInsert().Model(row).On("CONFLICT (id) DO UPDATE")
	for _, c := range columns {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Returning("NULL").Exec(ctx)
	return err
}

// drop removes a row; NotFound when there is none.
func (d *DB) drop(ctx context.Context, table, id, what string) error {
	res, err := d.IDB(ctx).NewRaw("DELETE FROM ? WHERE id = ?", bun.Ident(table), id).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return social.Errorf(social.NotFound, "This %s does not exist.", what)
}

// DropCalendar implements pledge.Store.
func (d *DB) DropCalendar(ctx context.Context, id hours.ID) error {
	return d.drop(ctx, "business_calendar", string(id), "calendar")
}

type pledgeRow struct {
	bun.BaseModel `bun:"table:pledge"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Conditions    string `bun:"conditions"`
	Targets       string `bun:"targets"`
	CalendarID    string `bun:"calendar_id"`
	Pause         bool   `bun:"pause"`
	Warn          int64  `bun:"warn"`
	Steps         string `bun:"steps"`
	Position      int64  `bun:"position"`
	Active        bool   `bun:"active"`
	Version       int64  `bun:"version"`
	CreatedAt     int64  `bun:"created_at"`
	ChangedAt     int64  `bun:"changed_at"`
}

// Pledges implements pledge.Store.
func (d *DB) Pledges(ctx context.Context) ([]pledge.Pledge, error) {
	var rows []pledgeRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Order("position", "id").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]pledge.Pledge, len(rows))
	for i, r := range rows {
		out[i] = pledge.Pledge{ID: pledge.ID(r.ID), Name: r.Name, Calendar: hours.ID(r.CalendarID), Pause: r.Pause, Warn: time.Duration(r.Warn) * time.Microsecond,
			Position: int(r.Position), On: r.Active, Version: r.Version, CreatedAt: store.Time(r.CreatedAt), ChangedAt: store.Time(r.ChangedAt)}
		for text, to := range map[string]any{r.Conditions: &out[i].Conditions, r.Targets: &out[i].Targets, r.Steps: &out[i].Steps} {
			if err := json.Unmarshal([]byte(text), to); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// SavePledge implements pledge.Store.
func (d *DB) SavePledge(ctx context.Context, p pledge.Pledge) error {
	r := pledgeRow{ID: string(p.ID), Name: p.Name, Conditions: jsonOf(p.Conditions), Targets: jsonOf(p.Targets), CalendarID: string(p.Calendar), Pause: p.Pause,
		Warn: int64(p.Warn / time.Microsecond), Steps: jsonOf(p.Steps), Position: int64(p.Position), Active: p.On, Version: p.Version, CreatedAt: store.At(p.CreatedAt), ChangedAt: store.At(p.ChangedAt)}
	return d.upsert(ctx, &r, "name", "conditions", "targets", "calendar_id", "pause", "warn", "steps", "position", "active", "version", "changed_at")
}

// DropPledge implements pledge.Store.
func (d *DB) DropPledge(ctx context.Context, id pledge.ID) error {
	return d.drop(ctx, "pledge", string(id), "pledge")
}

// Version implements pledge.Store.
func (d *DB) Version(ctx context.Context) (n int64, err error) {
	err = d.IDB(ctx).NewRaw("SELECT COALESCE(MAX(n), 0) FROM pledge_version WHERE id = 1").Scan(ctx, &n)
	return n, err
}

// Grow implements pledge.Store.
func (d *DB) Grow(ctx context.Context) (n int64, err error) {
	err = d.IDB(ctx).NewRaw("INSERT INTO pledge_version (id, n, done, goal, at) VALUES (1, 1, 0, 0, '') ON CONFLICT (id) DO UPDATE SET n = pledge_version.n + 1 RETURNING n").Scan(ctx, &n)
	return n, err
}

// within limits a query to the scope of ctx.
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

type dayRow struct {
	bun.BaseModel `bun:"table:pledge_day"`
	Day           int64  `bun:"day"`
	ProgrammeID   string `bun:"programme_id"`
	ChannelID     string `bun:"channel_id"`
	PledgeID      string `bun:"pledge_id"`
	Goal          string `bun:"goal"`
	Kept          int64  `bun:"kept"`
	Missed        int64  `bun:"missed"`
}

// Report implements pledge.Store.
func (d *DB) Report(ctx context.Context, from, to time.Time, p social.ProgrammeID) ([]pledge.Count, error) {
	var rows []dayRow
	q := within(ctx, d.IDB(ctx).NewSelect().Model(&rows)).Where("day >= ?", store.At(from)).Where("day < ?", store.At(to))
	if p != "" {
		q = q.Where("programme_id = ?", string(p))
	}
	if err := q.Order("day").Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]pledge.Count, len(rows))
	for i, r := range rows {
		out[i] = pledge.Count{Day: store.Time(r.Day), Programme: social.ProgrammeID(r.ProgrammeID), Channel: social.ChannelID(r.ChannelID), Pledge: pledge.ID(r.PledgeID),
			Goal: pledge.Goal(r.Goal), Kept: int(r.Kept), Missed: int(r.Missed)}
	}
	return out, nil
}

type outcomeRow struct {
	bun.BaseModel  `bun:"table:pledge_outcome"`
	ConversationID string `bun:"conversation_id"`
	Goal           string `bun:"goal"`
	StartAt        int64  `bun:"start_at"`
	PledgeID       string `bun:"pledge_id"`
	ProgrammeID    string `bun:"programme_id"`
	ChannelID      string `bun:"channel_id"`
	DueAt          int64  `bun:"due_at"`
	At             int64  `bun:"at"`
	Kept           bool   `bun:"kept"`
}

// Outcomes implements pledge.Store.
func (d *DB) Outcomes(ctx context.Context, q pledge.OutcomeQuery) ([]pledge.Kept, string, error) {
	limit := store.Limit(q.Limit)
	var rows []outcomeRow
	s := within(ctx, d.IDB(ctx).NewSelect().Model(&rows)).Where("goal = ?", string(q.Goal)).Where("kept = ?", !q.Missed).
		Where("start_at >= ?", store.At(q.From)).Where("start_at < ?", store.At(q.To))
	if q.Programme != "" {
		s = s.Where("programme_id = ?", string(q.Programme))
	}
	if q.Channel != "" {
		s = s.Where("channel_id = ?", string(q.Channel))
	}
	var at int64
	var id string
	if ok, err := store.FromCursor(q.Cursor, &at, &id); err != nil {
		return nil, "", err
	} else if ok {
		s = s.Where("(start_at, conversation_id) < (?, ?)", at, id)
	}
	if err := s.Order("start_at DESC", "conversation_id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].StartAt, rows[limit-1].ConversationID)
	}
	out := make([]pledge.Kept, len(rows))
	for i, r := range rows {
		out[i] = pledge.Kept{Conversation: social.ConversationID(r.ConversationID), Outcome: pledge.Outcome{Goal: pledge.Goal(r.Goal), Pledge: pledge.ID(r.PledgeID),
			Start: store.Time(r.StartAt), Due: store.Time(r.DueAt), At: store.Time(r.At), Kept: r.Kept}}
	}
	return out, next, nil
}
