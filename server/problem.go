package server

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
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

	retry time.Duration // when to try again
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

// GetHeaders tells huma what else to say.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retry.Seconds()))))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="Parley"`)
	}
	return h
}

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

// ProblemOf translates an error, once, for the outside. An error that says
// when to try again (RetryAfter) leaves as 429.
func ProblemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var wait interface{ RetryAfter() time.Duration }
	if errors.As(err, &wait) {
		return tooMany(err.Error(), wait.RetryAfter())
	}
	var e *social.Error
	if errors.As(err, &e) {
		status := statusOf[e.Kind]
		if status == 0 {
			status = http.StatusInternalServerError
		}
		if e.Kind != social.Fault {
			p := &Problem{Title: http.StatusText(status), Status: status, Detail: e.Text, Kind: e.Kind, Field: e.Field, At: e.At, Fix: e.Fix}
			if e.Kind == social.Busy {
				p.retry = 5 * time.Second
			}
			return p
		}
	}
	return &Problem{Title: "Internal Server Error", Status: 500, Kind: social.Fault,
		Detail: "Parley made a mistake and wrote it into its log. Nothing was changed; try again."}
}

func tooMany(text string, wait time.Duration) *Problem {
	return &Problem{Title: http.StatusText(http.StatusTooManyRequests), Status: http.StatusTooManyRequests, Kind: social.Busy, Detail: text, retry: wait}
}

func (s *Server) problem(ctx context.Context, err error) error {
	p := ProblemOf(err)
	if p.Status >= 500 && ctx.Err() == nil {
		s.Log.Error("an operation failed", "request", RequestID(ctx), "kind", p.Kind, "error", err, "cause", errors.Unwrap(err))
	}
	return p
}

// refuse answers a request with the problem of err.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(err)
	if p.Status >= 500 && r.Context().Err() == nil {
		s.Log.Error("a request failed", "request", RequestID(r.Context()), "kind", p.Kind, "error", err, "cause", errors.Unwrap(err))
	}
	for k, v := range p.GetHeaders() {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

func write(c huma.Context, p *Problem) {
	for k, v := range p.GetHeaders() {
		c.SetHeader(k, v[0])
	}
	c.SetHeader("Content-Type", "application/problem+json")
	c.SetStatus(p.Status)
	_ = json.NewEncoder(c.BodyWriter()).Encode(p)
}

// nothing answers for addresses under /api/ that lead nowhere.
func (s *Server) nothing(w http.ResponseWriter, r *http.Request) {
	if allowed := s.methods(r); len(allowed) > 0 {
		for _, m := range allowed {
			w.Header().Add("Allow", m)
		}
		s.refuse(w, r, &Problem{Title: "Method Not Allowed", Status: http.StatusMethodNotAllowed, Kind: social.Invalid,
			Detail: "This address does not take " + r.Method + "."})
		return
	}
	s.refuse(w, r, social.Errorf(social.NotFound, "There is nothing at this address. /api/docs lists what there is."))
}

// methods lists the methods that do work at the request's address.
func (s *Server) methods(r *http.Request) (allowed []string) {
	for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		probe := r.Clone(r.Context())
		probe.Method = m
		if _, pattern := s.Mux.Handler(probe); pattern != "" && pattern != "/api/" && pattern != "/" {
			allowed = append(allowed, m)
		}
	}
	return allowed
}
