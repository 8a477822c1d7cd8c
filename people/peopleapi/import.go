package peopleapi

import (
	"cmp"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// ImportAround answers what imports themselves do not know.
type ImportAround interface {
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
}

// ImportReading says how a file of persons, orders or organizations is read.
type ImportReading struct {
	Kind      string             `json:"kind,omitempty" enum:"persons,orders,organizations" doc:"What is in the file: persons (the default), organizations, or orders, where rows with the same number are the lines of one."`
	Columns   map[string]string  `json:"columns" doc:"Of a field, the name of its column. Fields are name, given, family, email, email2, phone, phone2, external_id, organization, title, place, lang, url, mastodon, tags and notes; a field of your own is field: and its key. Of orders they are number, external_id, status, total, currency, date, email, phone, customer_id, customer, organization, url, item, sku, quantity, price (of one) and line_total. Of organizations they are name, domain, external_id, parent (by name or domain), parent_id (by its id in that system), industry and owner (a member, by email address or name); a field of your own as of persons."`
	Match     []string           `json:"match,omitempty" enum:"external_id,email,phone,domain,name" doc:"What persons are found by, the surest first: external_id, email and phone; of organizations external_id, domain and name; all of them if left out."`
	Wins      string             `json:"wins,omitempty" enum:"file,ours" doc:"Who wins where the file and what is here differ: the file (the default), or what is here, which it then only completes. An empty cell never takes anything away, and what a colleague wrote into a field of your own stays."`
	Only      string             `json:"only,omitempty" enum:"both,create,update" doc:"Whether persons, or organizations, are created, updated, or both (the default)."`
	System    string             `json:"system,omitempty" maxLength:"40" doc:"Whose the external ids are, such as shop; crm if left out."`
	Dial      string             `json:"dial,omitempty" maxLength:"5" doc:"The country of telephone numbers without one, such as 49."`
	Programme social.ProgrammeID `json:"programme,omitempty" doc:"In which new accounts are seen; by those who see everything if left out."`
	Days      string             `json:"days,omitempty" enum:"dmy,mdy" doc:"Of orders, how days such as 05/11/2026 are written; what could be two days is refused if left out."`
	Currency  string             `json:"currency,omitempty" maxLength:"3" doc:"Of orders that name none."`
}

func (s ImportReading) settings() bring.Settings {
	return bring.Settings{Kind: s.Kind, Days: s.Days, Currency: s.Currency, Columns: s.Columns, Match: s.Match, Wins: s.Wins, Only: s.Only, System: s.System, Dial: s.Dial, Programme: s.Programme}
}

// ImportGuesses say of each kind what the columns may be.
type ImportGuesses struct {
	Persons map[string]string `json:"persons"`
	Orders  map[string]string `json:"orders"`
	Firms   map[string]string `json:"organizations"`
}

// Import is a file of persons, orders or organizations on its way in.
type Import struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Size     int64             `json:"size"`
	Stored   int64             `json:"stored" doc:"Bytes that are here; the next part begins there."`
	State    bring.State       `json:"state" doc:"uploading, ready, running, done, cancelled, failed, undoing or undone."`
	Format   string            `json:"format" doc:"csv, xlsx or vcard, once that is known."`
	Names    []string          `json:"names" doc:"The columns of the file."`
	Guessed  ImportGuesses     `json:"guessed" doc:"What the columns may be, should it have persons, orders or organizations."`
	Settings ImportReading     `json:"settings"`
	Dry      bool              `json:"dry" doc:"It was only looked at; nothing was kept."`
	Share    float64           `json:"share" doc:"How much of the work is done, 0 to 1."`
	Rows     int64             `json:"rows"`
	Created  int64             `json:"created" doc:"Persons who are new, or orders, or organizations; or would be, when it was only looked at."`
	Updated  int64             `json:"updated"`
	Same     int64             `json:"same" doc:"Rows that told nothing new."`
	Passed   int64             `json:"passed" doc:"Rows that were left out, as was asked."`
	Wrong    int64             `json:"wrong"`
	Steps    int64             `json:"steps" doc:"What an undo takes back."`
	Undone   int64             `json:"undone"`
	Kept     int64             `json:"kept" doc:"Persons and organizations that stay after an undo, because something else is known of them; or orders that were changed since."`
	Nobody   int64             `json:"nobody" doc:"Orders without a person, because nothing says whose they are."`
	Rate     float64           `json:"rate" doc:"Rows a second of work."`
	Note     string            `json:"note,omitempty"`
	Member   *social.MemberRef `json:"member,omitempty"`
	At       time.Time         `json:"created_at"`
	Started  *time.Time        `json:"started_at,omitempty"`
	Ended    *time.Time        `json:"ended_at,omitempty"`
}

// ImportRow is a row and what would come of it.
type ImportRow struct {
	Line         int64           `json:"line"`
	What         string          `json:"what" doc:"create, update, same or pass; empty where the row is wrong."`
	Person       social.PersonID `json:"person,omitempty" doc:"Who is updated."`
	Known        string          `json:"known,omitempty" doc:"What the person is called afterwards."`
	Changes      []string        `json:"changes" doc:"The fields that would change."`
	Name         string          `json:"name"`
	Email        string          `json:"email,omitempty"`
	Phone        string          `json:"phone,omitempty"`
	External     string          `json:"external_id,omitempty"`
	Organization string          `json:"organization,omitempty"`
	Title        string          `json:"title,omitempty"`
	Place        string          `json:"place,omitempty"`
	Why          string          `json:"why,omitempty" doc:"Why the row can't be taken."`
	Source       string          `json:"source"`
	Order        *ImportOrder    `json:"order,omitempty" doc:"Of a file of orders; known says whose it is."`
	Domain       string          `json:"domain,omitempty" doc:"Of a file of organizations, as are parent, industry and owner."`
	Parent       string          `json:"parent,omitempty" doc:"To whom it belongs."`
	Industry     string          `json:"industry,omitempty"`
	Owner        string          `json:"owner,omitempty" doc:"The member who looks after it, as the file says."`
}

// ImportOrder is an order as the rows of a file tell it.
type ImportOrder struct {
	External string    `json:"external_id"`
	Number   string    `json:"number"`
	Status   string    `json:"status"`
	Amount   int64     `json:"amount" doc:"In minor units."`
	Currency string    `json:"currency"`
	At       time.Time `json:"at"`
	Rows     int       `json:"rows" doc:"How many rows tell of it."`
	Lines    int       `json:"lines"`
	Nobody   bool      `json:"nobody" doc:"Nothing says whose it is."`
}

// ImportLook is the first rows of a file.
type ImportLook struct {
	Import Import      `json:"import"`
	Rows   []ImportRow `json:"rows"`
}

type importAPI struct {
	desk   *bring.Desk
	around ImportAround
}

// RegisterImports adds the operations by which persons, orders and
// organizations are taken over.
func RegisterImports(s *server.Server, desk *bring.Desk, around ImportAround) {
	a := &importAPI{desk, around}
	op := func(id, method, path, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Import", Permission: social.PeopleImport, Summary: summary}
	}
	const all, one = "/api/imports", "/api/imports/{id}"
	add := op("add-import", http.MethodPost, all, "Make room for a file of persons, orders or organizations; its parts come after.")
	add.Status = http.StatusCreated
	server.Register(s, add, a.add)
	server.Register(s, op("list-imports", http.MethodGet, all, "Files of persons, orders and organizations, the newest first."), a.list)
	server.Register(s, op("get-import", http.MethodGet, one, "How far an import is."), a.get)
	put := op("put-import", http.MethodPut, one+"/part", "Bring the next part of a file, at most 8 MiB. After a Conflict, go on at stored.")
	put.MaxBody = bring.MostPart + 1024
	server.Register(s, put, a.put)
	server.Register(s, op("look-import", http.MethodPost, one+"/look", "What would come of the first rows; nothing is kept."), a.look)
	server.Register(s, op("start-import", http.MethodPost, one+"/start", "Take the persons or orders in, or only look what would come of it (dry)."), a.start)
	server.Register(s, op("cancel-import", http.MethodPost, one+"/cancel", "Stop it. What was taken in stays until it is undone."), a.cancel)
	server.Register(s, op("undo-import", http.MethodPost, one+"/undo", "Take the whole import back. What was changed since stays."), a.undo)
	remove := op("remove-import", http.MethodDelete, one, "Forget the file and how to undo it, but nothing that was taken over.")
	remove.Status = http.StatusNoContent
	server.Register(s, remove, a.remove)
	server.Register(s, op("import-errors", http.MethodGet, one+"/errors", "The rows that could not be taken, as CSV."), a.mistakes)
}

func (a *importAPI) row(f bring.Import, who map[social.MemberID]social.MemberRef) Import {
	set := f.Settings
	out := Import{ID: f.ID, Name: f.Name, Size: f.Size, Stored: f.Stored, State: f.State, Format: f.Format, Names: f.Columns(), Dry: f.Dry,
		Settings: ImportReading{Kind: set.Kind, Days: set.Days, Currency: set.Currency, Columns: set.Columns, Match: set.Match, Wins: set.Wins, Only: set.Only, System: set.System, Dial: set.Dial, Programme: set.Programme},
		Rows:     f.Rows, Created: f.Created, Updated: f.Updated, Same: f.Same, Passed: f.Passed, Wrong: f.Wrong, Steps: f.Steps, Undone: f.Undone, Kept: f.Kept, Nobody: f.Nobody,
		Note: f.Note, At: f.At, Started: server.When(f.Started), Ended: server.When(f.Ended)}
	if out.Names == nil {
		out.Names = []string{}
	}
	if out.Settings.Kind == "" {
		out.Settings.Kind = bring.Persons
	}
	out.Guessed = ImportGuesses{Persons: set.Guessed[bring.Persons], Orders: set.Guessed[bring.Orders], Firms: set.Guessed[bring.Firms]}
	if out.Guessed.Persons == nil {
		out.Guessed.Persons = map[string]string{}
	}
	if out.Guessed.Orders == nil {
		out.Guessed.Orders = map[string]string{}
	}
	if out.Guessed.Firms == nil {
		out.Guessed.Firms = map[string]string{}
	}
	if out.Settings.Columns == nil {
		out.Settings.Columns = map[string]string{}
	}
	switch {
	case f.State == bring.Undoing || f.State == bring.Undone:
		out.Share = float64(f.Undone) / float64(max(1, f.Steps))
	case f.State == bring.Uploading:
		out.Share = float64(f.Stored) / float64(max(1, f.Size))
	case f.Length > 0:
		out.Share = float64(f.Position) / float64(f.Length)
	}
	if f.Worked > 0 {
		out.Rate = float64(f.Rows) / f.Worked.Seconds()
	}
	if m, ok := who[f.Member]; ok {
		out.Member = &m
	}
	return out
}

func (a *importAPI) body(ctx context.Context, f bring.Import, err error) (*server.Body[Import], error) {
	if err != nil {
		return nil, err
	}
	who, err := a.around.Members(ctx, []social.MemberID{f.Member})
	if err != nil {
		return nil, err
	}
	return &server.Body[Import]{Body: a.row(f, who)}, nil
}

func (a *importAPI) add(ctx context.Context, in *struct {
	Body struct {
		Name string `json:"name" maxLength:"500"`
		Size int64  `json:"size"`
	}
}) (*server.Body[Import], error) {
	f, err := a.desk.Add(ctx, in.Body.Name, in.Body.Size)
	return a.body(ctx, f, err)
}

func (a *importAPI) list(ctx context.Context, in *struct{ server.Paging }) (*server.Body[server.Page[Import]], error) {
	limit := in.Limit
	if limit == 0 {
		limit = 30
	}
	files, err := a.desk.Store.Imports(ctx, in.Cursor, limit)
	if err != nil {
		return nil, err
	}
	var ids []social.MemberID
	for _, f := range files {
		ids = append(ids, f.Member)
	}
	who, err := a.around.Members(ctx, ids)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(files) == limit {
		next = files[len(files)-1].ID
	}
	out := make([]Import, len(files))
	for i, f := range files {
		out[i] = a.row(f, who)
	}
	return &server.Body[server.Page[Import]]{Body: server.NewPage(out, next)}, nil
}

// ImportID names an import.
type ImportID struct {
	ID string `path:"id"`
}

func (a *importAPI) get(ctx context.Context, in *ImportID) (*server.Body[Import], error) {
	f, err := a.desk.ByID(ctx, in.ID)
	return a.body(ctx, f, err)
}

func (a *importAPI) put(ctx context.Context, in *struct {
	ImportID
	At      int64  `query:"at" doc:"Where the part begins."`
	RawBody []byte `contentType:"application/octet-stream"`
}) (*server.Body[Import], error) {
	f, err := a.desk.Put(ctx, in.ID, in.At, in.RawBody)
	return a.body(ctx, f, err)
}

func (a *importAPI) look(ctx context.Context, in *struct {
	ImportID
	Body ImportReading
}) (*server.Body[ImportLook], error) {
	f, rows, err := a.desk.Preview(ctx, in.ID, in.Body.settings())
	if err != nil {
		return nil, err
	}
	out := ImportLook{Import: a.row(f, nil), Rows: make([]ImportRow, len(rows))}
	for i, r := range rows {
		e := r.Entry
		out.Rows[i] = ImportRow{Line: r.Line, What: r.What, Person: r.Person, Known: r.Known, Changes: append([]string{}, r.Tells...), Name: e.Name,
			Email: e.Account("email"), Phone: e.Account("phone"), External: e.Account("external_id"), Organization: e.Organization, Title: e.Title, Place: e.Place,
			Why: r.Why, Source: r.Source}
		if p := r.Parcel; p != nil && !p.Wrong {
			out.Rows[i].Order = &ImportOrder{External: p.Order.External, Number: p.Order.Number, Status: p.Order.Status, Amount: p.Order.Amount, Currency: p.Order.Currency, At: p.Order.At,
				Rows: len(p.Rows), Lines: len(p.Order.Lines), Nobody: r.Known == ""}
			out.Rows[i].Organization = p.Organization
		}
		if o := r.Found; o != nil {
			w := o.Taken.Will
			out.Rows[i].Name, out.Rows[i].Known, out.Rows[i].External, out.Rows[i].Domain = cmp.Or(o.Told.Name, w.Name), w.Name, o.Told.External, w.Domain
			out.Rows[i].Parent, out.Rows[i].Industry, out.Rows[i].Owner = o.Taken.Above, w.Industry, o.Owner
		}
	}
	return &server.Body[ImportLook]{Body: out}, nil
}

func (a *importAPI) start(ctx context.Context, in *struct {
	ImportID
	Body struct {
		ImportReading
		Dry bool `json:"dry,omitempty"`
	}
}) (*server.Body[Import], error) {
	f, err := a.desk.Start(ctx, in.ID, in.Body.settings(), in.Body.Dry)
	return a.body(ctx, f, err)
}

func (a *importAPI) cancel(ctx context.Context, in *ImportID) (*server.Body[Import], error) {
	f, err := a.desk.Cancel(ctx, in.ID)
	return a.body(ctx, f, err)
}

func (a *importAPI) undo(ctx context.Context, in *ImportID) (*server.Body[Import], error) {
	f, err := a.desk.Undo(ctx, in.ID)
	return a.body(ctx, f, err)
}

func (a *importAPI) remove(ctx context.Context, in *ImportID) (*struct{}, error) {
	return nil, a.desk.Remove(ctx, in.ID)
}

// mistakes writes the rows that could not be taken, page by page.
func (a *importAPI) mistakes(ctx context.Context, in *ImportID) (*huma.StreamResponse, error) {
	f, err := a.desk.ByID(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		c.SetHeader("Content-Type", "text/csv; charset=utf-8")
		c.SetHeader("Content-Disposition", `attachment; filename="errors.csv"`)
		w := csv.NewWriter(c.BodyWriter())
		_ = w.Write([]string{"line", "why", "row"})
		for after := int64(-1); ; {
			page, err := a.desk.Store.Mistakes(ctx, f.ID, after, 1000)
			if err != nil || len(page) == 0 {
				break
			}
			for _, m := range page {
				_ = w.Write([]string{strconv.FormatInt(m.Line, 10), extract.Tame(m.Why), extract.Tame(m.Source)})
				after = m.Line
			}
		}
		w.Flush()
	}}, nil
}
