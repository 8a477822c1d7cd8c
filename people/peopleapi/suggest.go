package peopleapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

func (a *api) registerSuggestions(s *server.Server) {
	server.Register(s, server.Op{ID: "list-person-suggestions", Method: http.MethodGet, Path: "/api/suggestions", Tag: "People", Permission: social.PeopleRead,
		Summary: "Persons who may be one, the surest first, with what speaks for it."}, a.suggestions)
	server.Register(s, server.Op{ID: "count-person-suggestions", Method: http.MethodGet, Path: "/api/suggestions/count", Tag: "People", Permission: social.PeopleRead,
		Summary: "How many suggestions wait, up to a hundred."}, a.countSuggestions)
	server.Register(s, server.Op{ID: "get-person-suggestion", Method: http.MethodGet, Path: "/api/suggestions/{id}", Tag: "People", Permission: social.PeopleRead,
		Summary: "One suggestion, both persons side by side, and what a merge would make of them."}, a.suggestion)
	server.Register(s, server.Op{ID: "accept-person-suggestion", Method: http.MethodPost, Path: "/api/suggestions/{id}/accept", Tag: "People", Permission: social.PeopleWrite,
		Summary: "Join the two, with a survivor and field values of your choice. It can be undone."}, a.accept)
	server.Register(s, server.Op{ID: "decline-person-suggestion", Method: http.MethodPost, Path: "/api/suggestions/{id}/decline", Tag: "People", Permission: social.PeopleWrite,
		Summary: "Say that they are two. It is not asked again."}, a.decline)
	server.Register(s, server.Op{ID: "reopen-person-suggestion", Method: http.MethodPost, Path: "/api/suggestions/{id}/reopen", Tag: "People", Permission: social.PeopleWrite,
		Summary: "Take back that a suggestion was declined."}, a.reopen)
}

// PersonSuggestion says that two persons may be one.
type PersonSuggestion struct {
	ID          string     `json:"id"`
	Survivor    Person     `json:"survivor" doc:"Who would stay: the one with a proven account, then the one known for longer."`
	Other       Person     `json:"other"`
	Probability float64    `json:"probability"`
	Reasons     []string   `json:"reasons" doc:"What speaks for it, then what speaks against it."`
	State       string     `json:"state" enum:"open,accepted,declined,stale"`
	At          time.Time  `json:"at"`
	DecidedAt   *time.Time `json:"decided_at,omitempty"`
	Merge       string     `json:"merge,omitempty" doc:"The merge that settled it."`
}

// Compared is a suggestion with both persons in full.
type Compared struct {
	PersonSuggestion
	SurvivorNotes string `json:"survivor_notes"`
	OtherNotes    string `json:"other_notes"`
}

type suggestionsIn struct {
	server.Paging
	State  string          `query:"state" enum:"open,accepted,declined,stale" default:"open"`
	Person social.PersonID `query:"person" doc:"Only those of this person."`
}

func (a *api) suggestions(ctx context.Context, in *suggestionsIn) (*server.Body[server.Page[PersonSuggestion]], error) {
	q := people.SuggestionQuery{State: in.State, Cursor: in.Cursor, Limit: in.Limit}
	if in.Person != "" {
		p, err := a.book.Person(ctx, in.Person)
		if err != nil {
			return nil, err
		}
		q.Person = p.ID
	}
	found, next, err := a.book.Hints.Suggestions(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]PersonSuggestion, 0, len(found))
	for _, s := range found {
		c, err := a.compared(ctx, s)
		if social.NotFound.Is(err) {
			continue // not to be seen any more
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c.PersonSuggestion)
	}
	return &server.Body[server.Page[PersonSuggestion]]{Body: server.NewPage(out, next)}, nil
}

// Waiting says how many suggestions are open.
type Waiting struct {
	Open int  `json:"open"`
	More bool `json:"more" doc:"There are more than that."`
}

func (a *api) countSuggestions(ctx context.Context, _ *struct{}) (*server.Body[Waiting], error) {
	const most = 99
	n, err := a.book.Hints.CountSuggestions(ctx, most+1)
	if err != nil {
		return nil, err
	}
	return &server.Body[Waiting]{Body: Waiting{Open: min(n, most), More: n > most}}, nil
}

type suggestionIn struct {
	ID string `path:"id" maxLength:"64"`
}

func (a *api) suggestion(ctx context.Context, in *suggestionIn) (*server.Body[Compared], error) {
	s, err := a.book.Hints.Suggestion(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	c, err := a.compared(ctx, s)
	if err != nil {
		return nil, err
	}
	return &server.Body[Compared]{Body: c}, nil
}

func (a *api) compared(ctx context.Context, s people.Suggestion) (Compared, error) {
	x, err := a.book.Person(ctx, s.A)
	if err != nil {
		return Compared{}, err
	}
	y, err := a.book.Person(ctx, s.B)
	if err != nil {
		return Compared{}, err
	}
	x, y = people.Survivor(x, y)
	rows, err := a.rows(ctx, []people.Person{x, y})
	if err != nil {
		return Compared{}, err
	}
	c := Compared{SurvivorNotes: x.Notes, OtherNotes: y.Notes, PersonSuggestion: PersonSuggestion{ID: s.ID, Survivor: rows[0], Other: rows[1],
		Probability: s.Probability, Reasons: s.Reasons, State: s.State, At: s.At, Merge: s.Merge}}
	if !s.DecidedAt.IsZero() {
		c.DecidedAt = &s.DecidedAt
	}
	return c, nil
}

type acceptIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Survivor social.PersonID `json:"survivor" doc:"Who stays; the other's id becomes an alias."`
		Name     *string         `json:"name,omitempty" doc:"What the one who stays is called; left out, their own name."`
		Place    *string         `json:"place,omitempty"`
		Notes    *string         `json:"notes,omitempty" doc:"Left out, the notes of both."`
	}
}

func (a *api) accept(ctx context.Context, in *acceptIn) (*server.Body[Merged], error) {
	m, err := a.book.Accept(ctx, in.ID, in.Body.Survivor, people.Change{Name: in.Body.Name, Place: in.Body.Place, Notes: in.Body.Notes})
	if err != nil {
		return nil, err
	}
	return &server.Body[Merged]{Body: Merged{Merge: m.ID}}, nil
}

func (a *api) decline(ctx context.Context, in *suggestionIn) (*struct{}, error) {
	return nil, a.book.Decline(ctx, in.ID)
}

func (a *api) reopen(ctx context.Context, in *suggestionIn) (*struct{}, error) {
	return nil, a.book.Ask(ctx, in.ID)
}
