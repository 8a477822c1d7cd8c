package governapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/govern/export"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Export is what is taken out of the house.
type Export struct {
	ID      string     `json:"id"`
	Format  string     `json:"format" enum:"csv,jsonl"`
	Tables  []string   `json:"tables"`
	State   string     `json:"state" enum:"running,done,cancelled,failed,gone"`
	Doing   string     `json:"doing,omitempty" doc:"The table that is being written."`
	Rows    int64      `json:"rows"`
	Total   int64      `json:"total" doc:"Roughly, how many there will be."`
	Size    int64      `json:"size" doc:"Bytes of the file."`
	Note    string     `json:"note,omitempty"`
	Member  string     `json:"member,omitempty" doc:"Who started it."`
	Created time.Time  `json:"created_at"`
	Ended   *time.Time `json:"ended_at,omitempty"`
	Until   *time.Time `json:"until,omitempty" doc:"When the file is removed."`
}

// Exports is a page of exports, and what can be taken out.
type Exports struct {
	Items  []Export `json:"items"`
	Next   *string  `json:"next" doc:"Pass as cursor to read on; null at the end."`
	Tables []string `json:"tables" doc:"What can be taken out."`
}

type exportAPI struct {
	desk   *export.Desk
	office *govern.Office
}

// RegisterExports adds the operations by which everything is taken out.
func RegisterExports(s *server.Server, desk *export.Desk, office *govern.Office) {
	a := &exportAPI{desk, office}
	op := func(id, method, path, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Export", Permission: social.DataExport, Summary: summary}
	}
	const all, one = "/api/exports", "/api/exports/{id}"
	add := op("start-export", http.MethodPost, all, "Take tables out, all where none is named, as a ZIP file of CSV or JSON lines.")
	add.Status = http.StatusCreated
	server.Register(s, add, a.start)
	server.Register(s, op("list-exports", http.MethodGet, all, "Exports, the newest first, and what can be taken out."), a.list)
	server.Register(s, op("get-export", http.MethodGet, one, "How far an export is."), a.get)
	server.Register(s, op("cancel-export", http.MethodPost, one+"/cancel", "Stop it."), a.cancel)
	remove := op("remove-export", http.MethodDelete, one, "Forget it and its file.")
	remove.Status = http.StatusNoContent
	server.Register(s, remove, a.remove)
	server.Register(s, op("fetch-export", http.MethodGet, one+"/file", "The file, for seven days. Who fetches it stands in the record."), a.fetch)
}

func (a *exportAPI) row(ctx context.Context, j export.Job) Export {
	name := ""
	if who, err := a.office.Member(ctx, j.Member); err == nil && j.Member != "" {
		name = who.Name
	}
	return Export{ID: j.ID, Format: j.Format, Tables: j.Tables, State: j.State, Doing: j.Doing, Rows: j.Rows, Total: j.Total, Size: j.Size, Note: j.Note, Member: name,
		Created: j.Created, Ended: server.When(j.Ended), Until: server.When(j.Until())}
}

func (a *exportAPI) body(ctx context.Context, j export.Job, err error) (*server.Body[Export], error) {
	if err != nil {
		return nil, err
	}
	return &server.Body[Export]{Body: a.row(ctx, j)}, nil
}

func (a *exportAPI) start(ctx context.Context, in *struct {
	Body struct {
		Format string   `json:"format" enum:"csv,jsonl"`
		Tables []string `json:"tables,omitempty" maxItems:"100" doc:"All if left out."`
	}
}) (*server.Body[Export], error) {
	j, err := a.desk.Start(ctx, in.Body.Format, in.Body.Tables)
	return a.body(ctx, j, err)
}

func (a *exportAPI) list(ctx context.Context, in *struct{ server.Paging }) (*server.Body[Exports], error) {
	limit := in.Limit
	if limit == 0 {
		limit = 30
	}
	jobs, err := a.desk.Store.Jobs(ctx, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	out := Exports{Items: make([]Export, len(jobs)), Tables: a.desk.Names()}
	for i, j := range jobs {
		out.Items[i] = a.row(ctx, j)
	}
	if len(jobs) == limit {
		out.Next = &jobs[limit-1].ID
	}
	return &server.Body[Exports]{Body: out}, nil
}

// ExportID names an export.
type ExportID struct {
	ID string `path:"id"`
}

func (a *exportAPI) get(ctx context.Context, in *ExportID) (*server.Body[Export], error) {
	j, err := a.desk.Store.Job(ctx, in.ID)
	return a.body(ctx, j, err)
}

func (a *exportAPI) cancel(ctx context.Context, in *ExportID) (*server.Body[Export], error) {
	j, err := a.desk.Cancel(ctx, in.ID)
	return a.body(ctx, j, err)
}

func (a *exportAPI) remove(ctx context.Context, in *ExportID) (*struct{}, error) {
	return nil, a.desk.Remove(ctx, in.ID)
}

func (a *exportAPI) fetch(ctx context.Context, in *ExportID) (*huma.StreamResponse, error) {
	j, f, err := a.desk.Fetch(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		defer f.Close()
		c.SetHeader("Content-Type", "application/zip")
		c.SetHeader("Content-Length", strconv.FormatInt(j.Size, 10))
		c.SetHeader("Content-Disposition", fmt.Sprintf(`attachment; filename="parley-%s.zip"`, j.Created.UTC().Format("2006-01-02")))
		c.SetHeader("Cache-Control", "private, no-store")
		_, _ = io.Copy(c.BodyWriter(), f)
	}}, nil
}
