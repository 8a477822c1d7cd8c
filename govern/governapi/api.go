// Package governapi is the HTTP of the room govern: signing in, members,
// tokens, programmes, policies, the gate, the record and the brand. It also
// makes of the office the server's Authority.
package governapi

import (
	"context"
	"net/http"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

const tag = "Govern"

// Authority lets the server ask the office who somebody is.
type Authority struct{ Office *govern.Office }

// Authenticate names the actor behind a session or a token.
func (a Authority) Authenticate(ctx context.Context, c server.Credentials) (social.Actor, error) {
	if c.Token != "" {
		return a.Office.ByToken(ctx, c.Token)
	}
	actor, _, err := a.Office.BySession(ctx, c.Session)
	return actor, err
}

// Scope says what an actor may do, and where.
func (a Authority) Scope(actor social.Actor, p social.Permission) (social.Scope, bool) {
	return govern.Scope(actor, p)
}

// Channel is a channel as programmes show it.
type Channel struct {
	ID   social.ChannelID `json:"id"`
	Kind string           `json:"kind"`
	Name string           `json:"name"`
}

// Numbers are what a programme has achieved.
type Numbers struct {
	Answered          int  `json:"answered"`
	FirstAnswerMedian *int `json:"first_answer_median_s"`
}

// Neighbours are what other rooms know of programmes. A nil function leaves
// its part of the answers empty.
type Neighbours struct {
	// Channels lists the channels of each programme of the list.
	Channels func(ctx context.Context, of []social.ProgrammeID) (map[social.ProgrammeID][]Channel, error)
	// Numbers are those of one programme.
	Numbers func(ctx context.Context, of social.ProgrammeID) (Numbers, error)
	// TagUses counts what bears tags.
	TagUses func(ctx context.Context, of social.Tags) (map[social.TagID]TagUse, error)
}

// Options say what the endpoints need besides the office.
type Options struct {
	Office     *govern.Office
	Gate       *govern.Gate
	Archive    *govern.Archive
	Neighbours Neighbours
	Demo       bool // whether this is the example company
}

// API is the endpoints with what they need.
type API struct {
	Options
	s *server.Server
}

// Register adds the endpoints.
func Register(s *server.Server, o Options) {
	a := &API{Options: o, s: s}
	a.sessions()
	a.members()
	a.tokens()
	a.allProgrammes()
	a.allPolicies()
	a.records()
	a.notices()
	a.tags()
}

// out wraps a body, err by its side, as operations return them.
func out[T any](body T, err error) (*server.Body[T], error) {
	if err != nil {
		return nil, err
	}
	return &server.Body[T]{Body: body}, nil
}

// list wraps a page of a list.
func list[T, J any](items []T, next string, err error, show func(T) J) (*server.Body[server.Page[J]], error) {
	if err != nil {
		return nil, err
	}
	shown := make([]J, len(items))
	for i, x := range items {
		shown[i] = show(x)
	}
	return out(server.NewPage(shown, next), nil)
}

// named is a thing by its id and name.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func ref(id, name string) *named {
	if id == "" {
		return nil
	}
	return &named{id, name}
}

// get, post, put, patch and drop describe operations briefly.
func get(id, path string, p social.Permission, summary string) server.Op {
	return server.Op{ID: id, Method: http.MethodGet, Path: path, Summary: summary, Tag: tag, Permission: p}
}

func post(id, path string, p social.Permission, summary string) server.Op {
	op := get(id, path, p, summary)
	op.Method = http.MethodPost
	return op
}

func patch(id, path string, p social.Permission, summary string) server.Op {
	op := get(id, path, p, summary)
	op.Method = http.MethodPatch
	return op
}

func put(id, path string, p social.Permission, summary string) server.Op {
	op := get(id, path, p, summary)
	op.Method = http.MethodPut
	return op
}

func drop(id, path string, p social.Permission, summary string) server.Op {
	op := get(id, path, p, summary)
	op.Method, op.Status = http.MethodDelete, http.StatusNoContent
	return op
}

func from(ctx context.Context) govern.From {
	c := server.CredentialsOf(ctx)
	return govern.From{IP: c.IP, Agent: c.Agent}
}

func me(ctx context.Context) social.Actor {
	a, _ := social.ActorOf(ctx)
	return a
}

// myself is the member who asks; a token that acts for nobody has none.
func myself(ctx context.Context) (social.MemberID, error) {
	a := me(ctx)
	if a.Member == "" {
		return "", social.Errorf(social.Forbidden, "This token acts for no member.")
	}
	return a.Member, nil
}
