package listenapi

import (
	"context"
	"errors"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/query"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Backfill is how far the look through the past is.
type Backfill struct {
	State string `json:"state" doc:"clear (what the former query matched goes) or fill (the past is looked through)."`
	Done  int64  `json:"done"`
	Of    int64  `json:"of"`
}

// Monitor is a saved query.
type Monitor struct {
	ID        social.MonitorID   `json:"id"`
	Name      string             `json:"name"`
	Query     string             `json:"query"`
	Kind      listen.MonitorKind `json:"kind" doc:"What it is about: brand (us), competitor, topic or other."`
	Inbox     bool               `json:"inbox" doc:"What it matches goes to the inbox."`
	Programme *Ref               `json:"programme,omitempty"`
	State     listen.State       `json:"state" doc:"active or paused."`
	Count24   int                `json:"count_24h"`
	Count7    int                `json:"count_7d"`
	Spark     []int              `json:"spark" doc:"The last 24 hours, the oldest first."`
	Backfill  *Backfill          `json:"backfill,omitempty"`
	CreatedAt time.Time          `json:"created_at"`
}

func (a *api) listMonitors(ctx context.Context, in *struct{ server.Paging }) (*server.Body[server.Page[Monitor]], error) {
	page, next, err := cut(a.station.MonitorsSeen(ctx), in.Paging, func(m listen.Monitor) string { return string(m.ID) })
	if err != nil {
		return nil, err
	}
	rows, err := a.monitorRows(ctx, page)
	if err != nil {
		return nil, err
	}
	return &server.Body[server.Page[Monitor]]{Body: server.NewPage(rows, next)}, nil
}

func (a *api) monitorRows(ctx context.Context, all []listen.Monitor) ([]Monitor, error) {
	var ids []social.MonitorID
	var placed []social.ProgrammeID
	for _, m := range all {
		ids = append(ids, m.ID)
		placed = append(placed, m.Programme)
	}
	volumes, err := a.station.Volumes(ctx, ids)
	if err != nil {
		return nil, err
	}
	programmes, err := a.programmes(ctx, placed)
	if err != nil {
		return nil, err
	}
	out := make([]Monitor, len(all))
	for i, m := range all {
		v := volumes[m.ID]
		out[i] = Monitor{ID: m.ID, Name: m.Name, Query: m.Query, Kind: m.Kind, Inbox: m.Inbox, Programme: programmes[m.Programme], State: m.State,
			Count24: v.Day, Count7: v.Week, Spark: v.Spark, CreatedAt: m.Created}
		if m.Past.Step != "" {
			out[i].Backfill = &Backfill{State: m.Past.Step, Done: m.Past.Done, Of: m.Past.Of}
		}
	}
	return out, nil
}

func (a *api) monitorRow(ctx context.Context, m listen.Monitor, err error) (*server.Body[Monitor], error) {
	if err != nil {
		return nil, err
	}
	rows, err := a.monitorRows(ctx, []listen.Monitor{m})
	if err != nil {
		return nil, err
	}
	return &server.Body[Monitor]{Body: rows[0]}, nil
}

type addMonitorIn struct {
	Body struct {
		Name      string             `json:"name" maxLength:"200"`
		Query     string             `json:"query" maxLength:"10000"`
		Kind      listen.MonitorKind `json:"kind,omitempty" enum:"brand,competitor,topic,other"`
		Inbox     bool               `json:"inbox,omitempty"`
		Programme social.ProgrammeID `json:"programme,omitempty"`
	}
}

func (a *api) addMonitor(ctx context.Context, in *addMonitorIn) (*server.Body[Monitor], error) {
	m, err := a.station.AddMonitor(ctx, listen.MonitorDraft{Name: in.Body.Name, Query: in.Body.Query, Kind: in.Body.Kind, Inbox: in.Body.Inbox, Programme: in.Body.Programme})
	return a.monitorRow(ctx, m, err)
}

func (a *api) getMonitor(ctx context.Context, in *ByID) (*server.Body[Monitor], error) {
	m, err := a.station.MonitorByID(ctx, social.MonitorID(in.ID))
	return a.monitorRow(ctx, m, err)
}

type editMonitorIn struct {
	ByID
	Body struct {
		Name      *string             `json:"name,omitempty" maxLength:"200"`
		Query     *string             `json:"query,omitempty" maxLength:"10000"`
		Kind      *listen.MonitorKind `json:"kind,omitempty" enum:"brand,competitor,topic,other"`
		Inbox     *bool               `json:"inbox,omitempty"`
		Programme *social.ProgrammeID `json:"programme,omitempty"`
		State     *listen.State       `json:"state,omitempty" enum:"active,paused"`
	}
}

func (a *api) editMonitor(ctx context.Context, in *editMonitorIn) (*server.Body[Monitor], error) {
	m, err := a.station.ChangeMonitor(ctx, social.MonitorID(in.ID), listen.MonitorPatch{
		Name: in.Body.Name, Query: in.Body.Query, Kind: in.Body.Kind, Inbox: in.Body.Inbox, Programme: in.Body.Programme, State: in.Body.State})
	return a.monitorRow(ctx, m, err)
}

func (a *api) removeMonitor(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, a.station.RemoveMonitor(ctx, social.MonitorID(in.ID))
}

type checkIn struct {
	Body struct {
		Query string `json:"query" maxLength:"20000"`
	}
}

// QueryError is what is wrong with a query.
type QueryError struct {
	Text string `json:"text"`
	At   int    `json:"at" doc:"Column of the mistake, from 1, in characters."`
}

// Token is a piece of a query, for an editor that colours.
type Token struct {
	Kind    query.TokenKind `json:"kind"`
	From    int             `json:"from" doc:"First character, from 0."`
	To      int             `json:"to" doc:"One past the last."`
	Trouble string          `json:"trouble,omitempty"`
}

// Check is a query as it was read.
type Check struct {
	OK        bool         `json:"ok"`
	Error     *QueryError  `json:"error,omitempty"`
	Mend      string       `json:"mend,omitempty" doc:"The query as it was probably meant, where there is one obvious way to put it right."`
	Canonical string       `json:"canonical,omitempty"`
	Hints     []query.Hint `json:"hints" doc:"What may have been meant otherwise."`
	Tokens    []Token      `json:"tokens"`
	Count7    *int         `json:"count_7d,omitempty" doc:"How much of the last seven days; left out when there is too much to look at."`
	Sample    []Mention    `json:"sample"`
}

func (a *api) checkQuery(ctx context.Context, in *checkIn) (*server.Body[Check], error) {
	out := Check{Hints: []query.Hint{}, Tokens: []Token{}, Sample: []Mention{}}
	for _, t := range query.Tokens(in.Body.Query) {
		out.Tokens = append(out.Tokens, Token{Kind: t.Kind, From: t.Start, To: t.End, Trouble: t.Trouble})
	}
	q, err := query.Parse(in.Body.Query)
	var e *social.Error
	if errors.As(err, &e) {
		out.Error, out.Mend = &QueryError{Text: e.Text, At: e.At}, query.Mend(in.Body.Query)
		return &server.Body[Check]{Body: out}, nil
	}
	if err != nil {
		return nil, err
	}
	out.OK, out.Canonical = true, q.String()
	out.Hints = append(out.Hints, q.Hints()...)
	try, err := a.station.Try(ctx, in.Body.Query, 5)
	if err != nil {
		return nil, err
	}
	out.Count7 = try.Week
	out.Sample, err = a.mentions(ctx, try.Sample)
	return &server.Body[Check]{Body: out}, err
}

// cut takes a page out of a list that is in memory, by key.
func cut[T any](all []T, p server.Paging, key func(T) string) ([]T, string, error) {
	after, err := fromCursor(p.Cursor)
	if err != nil {
		return nil, "", err
	}
	from := 0
	for after != "" && from < len(all) && key(all[from]) <= after {
		from++
	}
	limit := pageSize(p.Limit)
	if len(all)-from <= limit {
		return all[from:], "", nil
	}
	return all[from : from+limit], toCursor(key(all[from+limit-1])), nil
}
