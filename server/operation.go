package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/parley-crm/parley/social"
)

// Op describes an operation. Every operation states its permission.
type Op struct {
	ID         string // "list-conversations"
	Method     string // http.MethodGet …
	Path       string // "/api/conversations"
	Summary    string // one sentence
	Tag        string // the room
	Permission social.Permission
	Status     int   // of success; 0 means 200
	MaxBody    int64 // bytes; 0 means 1 MiB
}

// Register adds an operation. The handler finds the actor and the scope of
// the permission in its context (social.ActorOf, social.ScopeOf), and where
// the request came from (CredentialsOf).
func Register[I, O any](s *Server, op Op, handle func(context.Context, *I) (*O, error)) {
	if op.Permission == "" {
		panic("operation " + op.ID + " states no permission")
	}
	if op.MaxBody == 0 {
		op.MaxBody = 1 << 20
	}
	if op.Status == 0 {
		op.Status = http.StatusOK
	}
	operation := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary,
		Tags: []string{op.Tag}, DefaultStatus: op.Status,
		MaxBodyBytes: op.MaxBody, BodyReadTimeout: 30 * time.Second,
		Metadata:   map[string]any{"permission": op.Permission},
		Extensions: map[string]any{"x-permission": string(op.Permission)},
	}
	operation.Middlewares = huma.Middlewares{s.allow(op.Permission)}
	if op.Permission != social.PublicAccess {
		operation.Security = []map[string][]string{{"session": {}}, {"token": {}}}
	}
	if s.idempotent(op) {
		operation.Middlewares = append(operation.Middlewares, s.once(op))
		operation.Parameters = append(operation.Parameters, &huma.Param{
			Name: idempotencyHeader, In: "header", Schema: &huma.Schema{Type: "string"},
			Description: "A text of your own, such as a UUID. The same key with the same body gets the same answer and is done once.",
		})
	}
	s.ops = append(s.ops, op)
	huma.Register(s.API, operation, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

func (s *Server) idempotent(op Op) bool {
	return s.DB != nil && op.Method == http.MethodPost && op.Permission != social.PublicAccess && strings.HasPrefix(op.Path, "/api/")
}

// Page is one page of a list.
type Page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next" doc:"Pass as cursor to read on; null at the end."`
}

// NewPage makes a page; next is the cursor of the following one, "" at the end.
func NewPage[T any](items []T, next string) Page[T] {
	p := Page[T]{Items: items}
	if p.Items == nil {
		p.Items = []T{}
	}
	if next != "" {
		p.Next = &next
	}
	return p
}

// Body wraps what an operation answers with.
type Body[T any] struct{ Body T }

// When is a time as answers give it: left out for the zero time.
func When(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Paging is embedded in the input of every list.
type Paging struct {
	Cursor string `query:"cursor" doc:"Where to read on, from next of the last page."`
	Limit  int    `query:"limit" minimum:"0" maximum:"100" doc:"How many, at most 100; 30 if left out."`
}
