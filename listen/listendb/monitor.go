package listendb

import (
	"context"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type monitorRow struct {
	bun.BaseModel `bun:"table:monitor"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Query         string `bun:"query"`
	Programme     string `bun:"programme_id"`
	Kind          string `bun:"kind"`
	Inbox         bool   `bun:"inbox"`
	State         string `bun:"state"`
	Past          string `bun:"past"`
	PastFrom      int64  `bun:"past_from"`
	PastAt        int64  `bun:"past_at"`
	PastDone      int64  `bun:"past_done"`
	PastOf        int64  `bun:"past_of"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func rowOfMonitor(m listen.Monitor) *monitorRow {
	return &monitorRow{
		ID: string(m.ID), Name: m.Name, Query: m.Query, Programme: string(m.Programme), Kind: string(m.Kind), Inbox: m.Inbox, State: string(m.State),
		Past: m.Past.Step, PastFrom: m.Past.From, PastAt: m.Past.At, PastDone: m.Past.Done, PastOf: m.Past.Of,
		CreatedAt: store.At(m.Created), UpdatedAt: store.At(m.Updated),
	}
}

func (r *monitorRow) monitor() listen.Monitor {
	return listen.Monitor{
		ID: social.MonitorID(r.ID), Name: r.Name, Query: r.Query, Programme: social.ProgrammeID(r.Programme), Kind: listen.MonitorKind(r.Kind), Inbox: r.Inbox,
		State:   listen.State(r.State),
		Past:    listen.Past{Step: r.Past, From: r.PastFrom, At: r.PastAt, Done: r.PastDone, Of: r.PastOf},
		Created: store.Time(r.CreatedAt), Updated: store.Time(r.UpdatedAt),
	}
}

// Monitors returns all monitors, removed ones too.
func (s *DB) Monitors(ctx context.Context) ([]listen.Monitor, error) {
	var rows []monitorRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Order("id").Scan(ctx)
	out := make([]listen.Monitor, len(rows))
	for i := range rows {
		out[i] = rows[i].monitor()
	}
	return out, err
}

// AddMonitor writes a new monitor.
func (s *DB) AddMonitor(ctx context.Context, m listen.Monitor) error {
	_, err := s.DB.IDB(ctx).NewInsert().Model(rowOfMonitor(m)).Exec(ctx)
	return err
}

// SaveMonitor writes all of a monitor but the work on the past.
func (s *DB) SaveMonitor(ctx context.Context, m listen.Monitor) error {
	_, err := s.DB.IDB(ctx).NewUpdate().Model(rowOfMonitor(m)).WherePK().
		Column("name", "query", "programme_id", "kind", "inbox", "state", "updated_at").Exec(ctx)
	return err
}

// SavePast writes how far the work on the past is.
func (s *DB) SavePast(ctx context.Context, id social.MonitorID, p listen.Past) error {
	_, err := s.DB.IDB(ctx).NewUpdate().Model(rowOfMonitor(listen.Monitor{ID: id, Past: p})).WherePK().
		Column("past", "past_from", "past_at", "past_done", "past_of").Exec(ctx)
	return err
}

// Due returns the oldest monitor with work on the past.
func (s *DB) Due(ctx context.Context) (listen.Monitor, bool, error) {
	var rows []monitorRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("past <> ''").Order("id").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return listen.Monitor{}, false, err
	}
	return rows[0].monitor(), true, nil
}

// MatchesOf returns matches of a monitor up to a number.
func (s *DB) MatchesOf(ctx context.Context, id social.MonitorID, upTo int64, limit int) ([]listen.Match, error) {
	var rows []matchRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("monitor_id = ? AND seq <= ?", string(id), upTo).Limit(int64(limit)).Scan(ctx)
	out := make([]listen.Match, len(rows))
	for i := range rows {
		out[i] = rows[i].match()
	}
	return out, err
}

// Forget takes a removed monitor and its counts away.
func (s *DB) Forget(ctx context.Context, id social.MonitorID) error {
	for _, q := range []string{
		"DELETE FROM tally WHERE subject = ?", "DELETE FROM facet WHERE subject = ?",
		"DELETE FROM tally_day WHERE subject = ?", "DELETE FROM facet_day WHERE subject = ?", "DELETE FROM term_day WHERE subject = ?",
		"DELETE FROM mention WHERE monitor_id = ?", "DELETE FROM monitor WHERE id = ?",
	} {
		if _, err := s.DB.IDB(ctx).NewRaw(q, string(id)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
