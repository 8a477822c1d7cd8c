package server

import (
	"context"
	"errors"
	"net/http"

	"github.com/parley-crm/parley/social"
)

// Problem is an RFC 9457 problem. Detail is a complete sentence that is safe
// to show.
type Problem struct {
	Type   string            `json:"type,omitempty"`
	Title  string            `json:"title"`
	Status int               `json:"status"`
	Detail string            `json:"detail"`
	Kind   social.Kind       `json:"kind"`
	Field  string            `json:"field,omitempty" doc:"The input that is wrong."`
	At     int               `json:"at,omitempty" doc:"Column of the mistake in that input, from 1."`
	Fix    string            `json:"fix,omitempty" doc:"Where in the app it can be mended."`
	Errors []ProblemLocation `json:"errors,omitempty"`
}

// ProblemLocation is one of several mistakes.
type ProblemLocation struct {
	Message  string `json:"message"`
	Location string `json:"location,omitempty"`
}

// Error returns the sentence.
func (p *Problem) Error() string { return p.Detail }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType tells huma what a problem is.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statusOf = map[social.Kind]int{
	social.Invalid:   http.StatusUnprocessableEntity,
	social.NotFound:  http.StatusNotFound,
	social.Forbidden: http.StatusForbidden,
	social.Unauth:    http.StatusUnauthorized,
	social.Conflict:  http.StatusConflict,
	social.Busy:      http.StatusServiceUnavailable,
	social.Unknown:   http.StatusBadGateway,
	social.Fault:     http.StatusInternalServerError,
}

// ProblemOf translates an error, once, for the outside.
func ProblemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var e *social.Error
	if errors.As(err, &e) {
		status := statusOf[e.Kind]
		if status == 0 {
			status = http.StatusInternalServerError
		}
		if e.Kind != social.Fault {
			return &Problem{Title: http.StatusText(status), Status: status, Detail: e.Text, Kind: e.Kind, Field: e.Field, At: e.At, Fix: e.Fix}
		}
	}
	return &Problem{Title: "Internal Server Error", Status: 500, Kind: social.Fault,
		Detail: "Parley made a mistake and wrote it into its log. Nothing was changed; try again."}
}

func (s *Server) problem(ctx context.Context, err error) error {
	p := ProblemOf(err)
	if p.Status >= 500 && ctx.Err() == nil {
		s.Log.Error("an operation failed", "kind", p.Kind, "error", err, "cause", errors.Unwrap(err))
	}
	return p
}
