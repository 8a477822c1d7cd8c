package privacyapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// RequestAround answers what the room itself does not know.
type RequestAround interface {
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
	Named(ctx context.Context, ids []social.PersonID) (map[social.PersonID]people.Ref, error)
	// Titles are what conversations are called.
	Titles(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]string, error)
	Programmes(ctx context.Context, ids []social.ProgrammeID) (map[social.ProgrammeID]social.ProgrammeRef, error)
	Channels(ctx context.Context, ids []social.ChannelID) (map[social.ChannelID]social.ChannelRef, error)
}

type requestAPI struct {
	keeper *privacy.Keeper
	srv    *server.Server
	around RequestAround
}

// RegisterRequests adds what people ask of us about themselves.
func RegisterRequests(s *server.Server, k *privacy.Keeper, around RequestAround) {
	a := &requestAPI{k, s, around}
	op := func(id, method, path string, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Privacy", Permission: social.PrivacyWrite, Summary: summary}
	}
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	const get, post = http.MethodGet, http.MethodPost
	server.Register(s, op("list-privacy-requests", get, "/api/privacy/requests", "What people asked of us about themselves, the newest first."), a.list)
	server.Register(s, made(op("ask-privacy", post, "/api/people/{id}/privacy/requests", "Write down that somebody asks for a copy, or to be forgotten. It is due in thirty days.")), a.ask)
	server.Register(s, op("get-privacy-request", get, "/api/privacy/requests/{id}", "One request, with its receipt and copy."), a.get)
	server.Register(s, op("preview-privacy-request", get, "/api/privacy/requests/{id}/preview", "How much of what would go, or be given."), a.preview)
	server.Register(s, op("carry-out-privacy-request", post, "/api/privacy/requests/{id}/carry", "Carry it out: a copy is made at once, an erasure goes on behind and can't be undone."), a.carry)
	server.Register(s, op("refuse-privacy-request", post, "/api/privacy/requests/{id}/refuse", "Close it without carrying it out, and say why."), a.refuse)
	server.Register(s, op("get-person-privacy", get, "/api/people/{id}/privacy", "The requests of somebody and the holds that stand."), a.person)
	a.registerHolds()
}

// PersonName names a person.
type PersonName struct {
	ID   social.PersonID `json:"id"`
	Name string          `json:"name"`
}

// GoneRows is how many rows of a place an erasure touched.
type GoneRows struct {
	Place string `json:"place"`
	Rows  int    `json:"rows"`
}

// ErasureReceipt says what an erasure took away.
type ErasureReceipt struct {
	Began      time.Time  `json:"began_at"`
	Ended      *time.Time `json:"ended_at,omitempty"`
	Gone       []GoneRows `json:"gone"`
	Left       []GoneRows `json:"left" doc:"Where the name still stands in what colleagues wrote about their own work."`
	Suppressed int        `json:"suppressed" doc:"Accounts that are not taken in anew."`
	Backups    string     `json:"backups,omitempty"`
	Signature  string     `json:"signature,omitempty" doc:"Ed25519 over the receipt, in hexadecimal."`
	Genuine    bool       `json:"genuine"`
}

// PrivacyRequest is something that somebody asked of us about themselves.
type PrivacyRequest struct {
	ID       string            `json:"id"`
	Person   PersonName        `json:"person"`
	Kind     string            `json:"kind" enum:"export,erasure"`
	State    string            `json:"state" enum:"open,running,held,done,refused"`
	AskedBy  string            `json:"asked_by" enum:"customer,member"`
	How      string            `json:"how,omitempty"`
	Why      string            `json:"why,omitempty" doc:"Why it was refused, or waits."`
	By       *social.MemberRef `json:"by,omitempty"`
	AskedAt  time.Time         `json:"asked_at"`
	DueAt    time.Time         `json:"due_at"`
	Late     bool              `json:"late"`
	ClosedAt *time.Time        `json:"closed_at,omitempty"`
	Steps    int               `json:"steps" doc:"Of an erasure that is being carried out."`
	Step     int               `json:"step"`
	Receipt  *ErasureReceipt   `json:"receipt,omitempty"`
	Copy     *server.File      `json:"copy,omitempty" doc:"What was made for them; kept for thirty days."`
}

func goneRows(list []social.Gone) []GoneRows {
	out := make([]GoneRows, len(list))
	for i, g := range list {
		out[i] = GoneRows{g.Place, g.Rows}
	}
	return out
}

func (a *requestAPI) shapes(ctx context.Context, list []privacy.Request) ([]PrivacyRequest, error) {
	var members []social.MemberID
	var persons []social.PersonID
	for _, r := range list {
		members, persons = append(members, r.By), append(persons, r.Person)
	}
	names, err := a.around.Members(ctx, members)
	if err != nil {
		return nil, err
	}
	who, err := a.around.Named(ctx, persons)
	if err != nil {
		return nil, err
	}
	now := a.keeper.Clock.Now()
	out := make([]PrivacyRequest, len(list))
	for i, r := range list {
		x := PrivacyRequest{ID: r.ID, Person: PersonName{r.Person, who[r.Person].Name}, Kind: r.Kind, State: r.State, AskedBy: r.AskedBy, How: r.How, Why: r.Why, AskedAt: r.AskedAt, DueAt: r.DueAt,
			Late: r.ClosedAt.IsZero() && now.After(r.DueAt), Steps: len(a.keeper.Holders) + 2, Step: r.Step}
		if m, ok := names[r.By]; ok && r.By != "" {
			x.By = &m
		}
		if !r.ClosedAt.IsZero() {
			x.ClosedAt = &r.ClosedAt
		}
		if c := r.Receipt; c != nil {
			x.Receipt = &ErasureReceipt{Began: c.Began, Gone: goneRows(c.Gone), Left: goneRows(c.Left), Suppressed: c.Suppressed, Backups: c.Backups, Signature: r.Signature, Genuine: a.keeper.Genuine(r)}
			if !c.Ended.IsZero() {
				x.Receipt.Ended = &c.Ended
			}
		}
		out[i] = x
	}
	return out, nil
}

func (a *requestAPI) one(ctx context.Context, r privacy.Request) (*server.Body[PrivacyRequest], error) {
	shapes, err := a.shapes(ctx, []privacy.Request{r})
	if err != nil {
		return nil, err
	}
	x := shapes[0]
	if r.Kind == privacy.Export && r.State == privacy.Done {
		f, err := a.keeper.Store.Copy(ctx, r.ID)
		if err != nil && !social.NotFound.Is(err) {
			return nil, err
		}
		if err == nil {
			shown := a.srv.ShowFile(f)
			x.Copy = &shown
		}
	}
	return &server.Body[PrivacyRequest]{Body: x}, nil
}

type listRequestsIn struct {
	server.Paging
	Closed bool `query:"closed" doc:"Closed ones instead of open ones."`
}

func (a *requestAPI) list(ctx context.Context, in *listRequestsIn) (*server.Body[server.Page[PrivacyRequest]], error) {
	found, next, err := a.keeper.Store.Requests(ctx, privacy.Query{Shut: in.Closed, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	rows, err := a.shapes(ctx, found)
	return &server.Body[server.Page[PrivacyRequest]]{Body: server.NewPage(rows, next)}, err
}

type askPrivacyIn struct {
	ID   social.PersonID `path:"id"`
	Body struct {
		Kind    string    `json:"kind" enum:"export,erasure"`
		AskedBy string    `json:"asked_by,omitempty" enum:"customer,member" default:"customer"`
		How     string    `json:"how,omitempty" doc:"How they asked: by mail, on the telephone."`
		AskedAt time.Time `json:"asked_at,omitzero"`
	}
}

func (a *requestAPI) ask(ctx context.Context, in *askPrivacyIn) (*server.Body[PrivacyRequest], error) {
	by := in.Body.AskedBy
	if by == "" {
		by = "customer"
	}
	r, err := a.keeper.Ask(ctx, privacy.Request{Person: in.ID, Kind: in.Body.Kind, AskedBy: by, How: in.Body.How, AskedAt: in.Body.AskedAt})
	if err != nil {
		return nil, err
	}
	return a.one(ctx, r)
}

type requestIn struct {
	ID string `path:"id"`
}

func (a *requestAPI) get(ctx context.Context, in *requestIn) (*server.Body[PrivacyRequest], error) {
	r, err := a.keeper.Store.Request(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.one(ctx, r)
}

// PrivacyPreview is how much is held about somebody.
type PrivacyPreview struct {
	Items []GoneRows `json:"items"`
	Held  string     `json:"held,omitempty" doc:"Which legal hold stands, of an erasure."`
}

func (a *requestAPI) preview(ctx context.Context, in *requestIn) (*server.Body[PrivacyPreview], error) {
	r, err := a.keeper.Store.Request(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	s, err := a.keeper.Subject(ctx, r.Person)
	if err != nil {
		return nil, err
	}
	out := PrivacyPreview{Items: []GoneRows{}}
	for _, h := range a.keeper.Holders {
		got, err := h.Gather(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, p := range got {
			out.Items = append(out.Items, GoneRows{p.Name, len(p.Rows)})
		}
	}
	if r.Kind == privacy.Erasure {
		out.Held, err = a.keeper.Held(ctx, s)
	}
	return &server.Body[PrivacyPreview]{Body: out}, err
}

func (a *requestAPI) carry(ctx context.Context, in *requestIn) (*server.Body[PrivacyRequest], error) {
	r, err := a.keeper.Carry(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.one(ctx, r)
}

type refuseIn struct {
	ID   string `path:"id"`
	Body struct {
		Why string `json:"why"`
	}
}

func (a *requestAPI) refuse(ctx context.Context, in *refuseIn) (*server.Body[PrivacyRequest], error) {
	r, err := a.keeper.Refuse(ctx, in.ID, in.Body.Why)
	if err != nil {
		return nil, err
	}
	return a.one(ctx, r)
}

// PersonPrivacy is what is asked about somebody, and what keeps them.
type PersonPrivacy struct {
	Requests []PrivacyRequest `json:"requests"`
	Holds    []LegalHold      `json:"holds"`
}

func (a *requestAPI) person(ctx context.Context, in *personIn) (*server.Body[PersonPrivacy], error) {
	p, err := a.keeper.People.Person(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	same, err := a.keeper.Store.Same(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	found, _, err := a.keeper.Store.Requests(ctx, privacy.Query{Person: same, All: true, Limit: 20})
	if err != nil {
		return nil, err
	}
	holds, err := a.keeper.Store.Holds(ctx, privacy.HeldPerson, same)
	if err != nil {
		return nil, err
	}
	out := PersonPrivacy{}
	if out.Requests, err = a.shapes(ctx, found); err != nil {
		return nil, err
	}
	out.Holds, err = a.holdShapes(ctx, holds)
	return &server.Body[PersonPrivacy]{Body: out}, err
}
