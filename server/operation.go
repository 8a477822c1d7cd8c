package server

import (
	"context"
	"net/http"

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
// the permission in its context (social.ActorOf, social.ScopeOf).
func Register[I, O any](s *Server, op Op, handle func(context.Context, *I) (*O, error)) {
	if op.Permission == "" {
		panic("operation " + op.ID + " states no permission")
	}
	if op.MaxBody == 0 {
		op.MaxBody = 1 << 20
	}
	operation := huma.Operation{
		OperationID: op.ID, Method: op.Method, Path: op.Path, Summary: op.Summary,
		Tags: []string{op.Tag}, DefaultStatus: op.Status, MaxBodyBytes: op.MaxBody,
		Metadata:   map[string]any{"permission": op.Permission},
		Extensions: map[string]any{"x-permission": string(op.Permission)},
	}
	if op.Method == http.MethodPost && op.Status == 0 {
		operation.DefaultStatus = http.StatusOK
	}
	operation.Middlewares = huma.Middlewares{s.allow(op.Permission)}
	huma.Register(s.API, operation, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
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

// Paging is embedded in the input of every list.
type Paging struct {
	Cursor string `query:"cursor" doc:"Where to read on, from next of the last page."`
	Limit  int    `query:"limit" minimum:"0" maximum:"100" doc:"How many, at most 100; 30 if left out."`
}
