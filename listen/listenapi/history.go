package listenapi

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/history"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// HistoryFile is a file of history on its way in.
type HistoryFile struct {
	ID       string            `json:"id"`
	Channel  social.ChannelRef `json:"channel"`
	Name     string            `json:"name"`
	Size     int64             `json:"size"`
	Stored   int64             `json:"stored" doc:"Bytes that are here; the next part begins there."`
	State    history.State     `json:"state" doc:"uploading, ready, running, done, cancelled or failed."`
	Format   string            `json:"format" doc:"csv or jsonl, once that is known."`
	Settings history.Settings  `json:"settings"`
	Dry      bool              `json:"dry" doc:"It is only looked at; nothing is kept."`
	Inbox    bool              `json:"inbox"`
	Position int64             `json:"position" doc:"Bytes that are read."`
	Rows     int64             `json:"rows"`
	Taken    int64             `json:"taken" doc:"New; or what would be, when it is only looked at."`
	Same     int64             `json:"same" doc:"Here already."`
	Wrong    int64             `json:"wrong"`
	Rate     float64           `json:"rate" doc:"Rows a second of work."`
	Note     string            `json:"note,omitempty"`
	Created  time.Time         `json:"created_at"`
	Started  *time.Time        `json:"started_at,omitempty"`
	Ended    *time.Time        `json:"ended_at,omitempty"`
}

// HistoryRow is a row as it would be brought in.
type HistoryRow struct {
	Line      int64     `json:"line"`
	Author    string    `json:"author"`
	Handle    string    `json:"handle,omitempty"`
	Title     string    `json:"title,omitempty"`
	Text      string    `json:"text"`
	Rating    float64   `json:"rating,omitempty"`
	Form      string    `json:"form"`
	Published time.Time `json:"published"`
	Why       string    `json:"why,omitempty" doc:"Why it cannot be read."`
	Source    string    `json:"source"`
}

// HistoryLook is the first rows of a file.
type HistoryLook struct {
	File   HistoryFile  `json:"file"`
	Fields []string     `json:"fields" doc:"What a column can be."`
	Rows   []HistoryRow `json:"rows"`
}

type shelfAPI struct {
	*api
	shelf *history.Shelf
}

// RegisterHistory adds the operations by which history is brought in.
func RegisterHistory(s *server.Server, shelf *history.Shelf, station *listen.Station) {
	a := &shelfAPI{&api{station: station}, shelf}
	const tag = "History"
	op := func(id, method, path, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: tag, Permission: social.ChannelWrite, Summary: summary}
	}
	add := op("add-history", http.MethodPost, "/api/history", "Make room for a file of history; its parts come after.")
	add.Status = http.StatusCreated
	server.Register(s, add, a.add)
	server.Register(s, op("list-history", http.MethodGet, "/api/history", "Files of history, the newest first."), a.list)
	server.Register(s, op("get-history", http.MethodGet, "/api/history/{id}", "How far a file is."), a.get)
	put := op("put-history", http.MethodPut, "/api/history/{id}/part", "Bring the next part of a file, at most 8 MiB. After a Conflict, go on at stored.")
	put.MaxBody = history.MostPart + 1024
	server.Register(s, put, a.put)
	server.Register(s, op("look-history", http.MethodPost, "/api/history/{id}/look", "The first rows as some settings read them; nothing is kept."), a.look)
	server.Register(s, op("start-history", http.MethodPost, "/api/history/{id}/start", "Bring it in, or only look whether all rows can be read."), a.start)
	server.Register(s, op("cancel-history", http.MethodPost, "/api/history/{id}/cancel", "Stop it. What was brought in stays."), a.cancel)
	remove := op("remove-history", http.MethodDelete, "/api/history/{id}", "Forget the file, but nothing that was brought in.")
	remove.Status = http.StatusNoContent
	server.Register(s, remove, a.remove)
	server.Register(s, op("history-errors", http.MethodGet, "/api/history/{id}/errors", "The rows that could not be read, as CSV."), a.mistakes)
}

func (a *shelfAPI) row(f history.File) HistoryFile {
	out := HistoryFile{ID: f.ID, Name: f.Name, Size: f.Size, Stored: f.Stored, State: f.State, Format: f.Format, Settings: f.Settings, Dry: f.Dry, Inbox: f.Inbox,
		Position: f.Position, Rows: f.Rows, Taken: f.Taken, Same: f.Same, Wrong: f.Wrong, Note: f.Note, Created: f.Created, Started: server.When(f.Started), Ended: server.When(f.Ended)}
	out.Channel, _ = a.station.Ref(f.Channel)
	if out.Settings.Columns == nil {
		out.Settings.Columns = map[string]string{}
	}
	if out.Settings.Names == nil {
		out.Settings.Names = []string{}
	}
	if f.Worked > 0 {
		out.Rate = float64(f.Rows) / f.Worked.Seconds()
	}
	return out
}

func (a *shelfAPI) body(f history.File, err error) (*server.Body[HistoryFile], error) {
	if err != nil {
		return nil, err
	}
	return &server.Body[HistoryFile]{Body: a.row(f)}, nil
}

func (a *shelfAPI) add(ctx context.Context, in *struct {
	Body struct {
		Channel social.ChannelID `json:"channel"`
		Name    string           `json:"name" maxLength:"500"`
		Size    int64            `json:"size"`
	}
}) (*server.Body[HistoryFile], error) {
	return a.body(a.shelf.Add(ctx, in.Body.Channel, in.Body.Name, in.Body.Size))
}

func (a *shelfAPI) list(ctx context.Context, in *struct{ server.Paging }) (*server.Body[server.Page[HistoryFile]], error) {
	limit := in.Limit
	if limit == 0 {
		limit = 30
	}
	files, err := a.shelf.Store.Files(ctx, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(files) == limit {
		next = files[len(files)-1].ID
	}
	out := []HistoryFile{}
	for _, f := range files {
		if _, err := a.station.ChannelByID(ctx, f.Channel); err == nil {
			out = append(out, a.row(f))
		}
	}
	return &server.Body[server.Page[HistoryFile]]{Body: server.NewPage(out, next)}, nil
}

func (a *shelfAPI) get(ctx context.Context, in *ByID) (*server.Body[HistoryFile], error) {
	return a.body(a.shelf.ByID(ctx, in.ID))
}

func (a *shelfAPI) put(ctx context.Context, in *struct {
	ByID
	At      int64  `query:"at" doc:"Where the part begins."`
	RawBody []byte `contentType:"application/octet-stream"`
}) (*server.Body[HistoryFile], error) {
	return a.body(a.shelf.Put(ctx, in.ID, in.At, in.RawBody))
}

// HistoryReading says how a file is read.
type HistoryReading struct {
	Columns    map[string]string `json:"columns" doc:"Of a field, the name of its column."`
	Zone       string            `json:"zone,omitempty" maxLength:"60"`
	MonthFirst bool              `json:"month_first,omitempty"`
	Form       social.Form       `json:"form,omitempty" enum:"post,comment,direct,review,article"`
	Directed   bool              `json:"directed,omitempty"`
}

func (s HistoryReading) settings() history.Settings {
	return history.Settings{Columns: s.Columns, Zone: s.Zone, MonthFirst: s.MonthFirst, Form: s.Form, Directed: s.Directed}
}

func (a *shelfAPI) look(ctx context.Context, in *struct {
	ByID
	Body HistoryReading
}) (*server.Body[HistoryLook], error) {
	f, rows, err := a.shelf.Preview(ctx, in.ID, in.Body.settings())
	if err != nil {
		return nil, err
	}
	out := HistoryLook{File: a.row(f), Fields: history.Fields, Rows: []HistoryRow{}}
	for _, r := range rows {
		x := r.Activity
		out.Rows = append(out.Rows, HistoryRow{Line: r.Line, Author: x.Author.Label(), Handle: x.Author.Handle, Title: x.Title, Text: x.Text, Rating: x.Rating,
			Form: string(x.Form), Published: x.Published, Why: r.Why, Source: r.Source})
	}
	return &server.Body[HistoryLook]{Body: out}, nil
}

func (a *shelfAPI) start(ctx context.Context, in *struct {
	ByID
	Body struct {
		HistoryReading
		Dry   bool `json:"dry,omitempty"`
		Inbox bool `json:"inbox,omitempty" doc:"What was said to us enters the inbox."`
	}
}) (*server.Body[HistoryFile], error) {
	return a.body(a.shelf.Start(ctx, in.ID, in.Body.settings(), in.Body.Dry, in.Body.Inbox))
}

func (a *shelfAPI) cancel(ctx context.Context, in *ByID) (*server.Body[HistoryFile], error) {
	return a.body(a.shelf.Cancel(ctx, in.ID))
}

func (a *shelfAPI) remove(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, a.shelf.Remove(ctx, in.ID)
}

// mistakes writes the rows that could not be read, page by page.
func (a *shelfAPI) mistakes(ctx context.Context, in *ByID) (*huma.StreamResponse, error) {
	f, err := a.shelf.ByID(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "text/csv; charset=utf-8")
		c.SetHeader("Content-Disposition", `attachment; filename="errors.csv"`)
		w := csv.NewWriter(c.BodyWriter())
		_ = w.Write([]string{"line", "why", "row"})
		for after := int64(0); ; {
			page, err := a.shelf.Store.Mistakes(ctx, f.ID, after, 1000)
			if err != nil || len(page) == 0 {
				break
			}
			for _, m := range page {
				_ = w.Write([]string{strconv.FormatInt(m.Line, 10), m.Why, tame(m.Source)})
				after = m.Line
			}
		}
		w.Flush()
	}}, nil
}

// tame keeps a spreadsheet from running what a row begins with.
func tame(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
