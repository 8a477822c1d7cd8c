package privacyapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/mend"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// MendAround answers what the room itself does not know.
type MendAround interface {
	Members(ctx context.Context, ids []social.MemberID) (map[social.MemberID]social.MemberRef, error)
}

type mendAPI struct {
	desk   *mend.Desk
	around MendAround
}

// RegisterMends adds what customers say is right about them.
func RegisterMends(s *server.Server, desk *mend.Desk, around MendAround) {
	a := &mendAPI{desk, around}
	op := func(id, method, path string, p social.Permission, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "People", Permission: p, Summary: summary}
	}
	const one = "/api/person-corrections/{id}"
	server.Register(s, op("list-person-corrections", http.MethodGet, "/api/people/{id}/corrections", social.PeopleRead, "What somebody says is right about them: what waits first, then the newest, fifty at most."), a.list)
	server.Register(s, op("accept-person-correction", http.MethodPost, one+"/accept", social.PeopleWrite, "Write it as said by the customer themselves. Words go to the customer."), a.decide(true))
	server.Register(s, op("decline-person-correction", http.MethodPost, one+"/decline", social.PeopleWrite, "Leave things as they are. Words go to the customer."), a.decide(false))
	server.Register(s, op("undo-person-correction", http.MethodPost, one+"/undo", social.PeopleWrite, "Take the decision back, as long as nobody wrote something else since."), a.undo)
}

// Correction is what somebody says is right about them.
type Correction struct {
	ID       string            `json:"id"`
	Field    deal.FieldID      `json:"field,omitempty" doc:"None where it is the name."`
	Name     string            `json:"name" doc:"What is corrected."`
	Type     string            `json:"type" doc:"text, number, date, bool or choice."`
	Old      string            `json:"old" doc:"What stands there, or stood there when it was accepted."`
	Value    string            `json:"value" doc:"What is right, as they say."`
	State    string            `json:"state" enum:"open,accepted,declined"`
	Words    string            `json:"words,omitempty" doc:"What the customer is told."`
	Account  CorrectionAccount `json:"account" doc:"Which they had proven."`
	AskedAt  time.Time         `json:"asked_at"`
	By       *social.MemberRef `json:"by,omitempty"`
	ClosedAt *time.Time        `json:"closed_at,omitempty"`
}

// CorrectionAccount is the account through which somebody asked.
type CorrectionAccount struct {
	ID     social.IdentityID `json:"id"`
	Scheme string            `json:"scheme,omitempty"`
	Label  string            `json:"label"`
}

// Corrections are those of a person.
type Corrections struct {
	Items []Correction `json:"items"`
}

func (a *mendAPI) shapes(ctx context.Context, list ...mend.Shown) ([]Correction, error) {
	var by []social.MemberID
	for _, x := range list {
		by = append(by, x.By)
	}
	names, err := a.around.Members(ctx, by)
	out := []Correction{}
	for _, x := range list {
		label := x.Account.Handle
		if label == "" {
			label = x.Account.Value
		}
		c := Correction{ID: x.ID, Field: x.Field, Name: x.Item.Name, Type: x.Item.Type, Old: x.Old, Value: x.Value, State: x.State, Words: x.Words, AskedAt: x.Asked,
			Account: CorrectionAccount{x.Identity, x.Account.Scheme, label}}
		if m, ok := names[x.By]; ok && x.By != "" {
			c.By = &m
		}
		if !x.Closed.IsZero() {
			c.ClosedAt = &x.Closed
		}
		out = append(out, c)
	}
	return out, err
}

func (a *mendAPI) list(ctx context.Context, in *struct {
	ID social.PersonID `path:"id" maxLength:"64"`
}) (*server.Body[Corrections], error) {
	list, err := a.desk.About(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	items, err := a.shapes(ctx, list...)
	return &server.Body[Corrections]{Body: Corrections{items}}, err
}

// CorrectionDecision names a proposal and what the customer is told.
type CorrectionDecision struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Words string `json:"words,omitempty" maxLength:"1000"`
	}
}

func (a *mendAPI) decide(accept bool) func(ctx context.Context, in *CorrectionDecision) (*server.Body[Correction], error) {
	return func(ctx context.Context, in *CorrectionDecision) (*server.Body[Correction], error) {
		return a.one(ctx)(a.desk.Decide(ctx, in.ID, accept, in.Body.Words))
	}
}

func (a *mendAPI) undo(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
}) (*server.Body[Correction], error) {
	return a.one(ctx)(a.desk.Undo(ctx, in.ID))
}

func (a *mendAPI) one(ctx context.Context) func(mend.Shown, error) (*server.Body[Correction], error) {
	return func(x mend.Shown, err error) (*server.Body[Correction], error) {
		if err != nil {
			return nil, err
		}
		list, err := a.shapes(ctx, x)
		return &server.Body[Correction]{Body: list[0]}, err
	}
}
