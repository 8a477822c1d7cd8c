// Package server is the HTTP edge: routing, who is asking, what they may do,
// OpenAPI, problem responses, live updates, limits and headers. It knows no
// room: rooms register operations, and whoever wires the program passes an
// Authority.
//
// It promises that no operation runs without its permission having been
// checked, that errors leave as RFC 9457 problems with a sentence that is safe
// to show, and that nothing of an error's cause leaves the house.
package server

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Credentials are what a request brought to say who is asking.
type Credentials struct {
	Session string // value of the session cookie
	Token   string // bearer token
	IP      string
	Agent   string
}

// Authority knows who is asking and what they may do.
type Authority interface {
	// Authenticate names the actor behind credentials; kind Unauth if there
	// is none.
	Authenticate(ctx context.Context, c Credentials) (social.Actor, error)
	// Scope says within which programmes the actor has the permission; ok is
	// false when nowhere.
	Scope(a social.Actor, p social.Permission) (scope social.Scope, ok bool)
}

// Options configure a server.
type Options struct {
	Authority Authority
	Clock     clock.Clock
	Log       *slog.Logger
	Version   string
	Base      string // public address such as https://parley.example, without a slash at the end
}

// Server collects operations and serves them.
type Server struct {
	Options
	API huma.API
	Mux *http.ServeMux
}

// New makes a server without operations.
func New(o Options) *Server {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Parley", o.Version)
	config.OpenAPIPath = "/api/openapi"
	config.DocsPath = ""
	config.SchemasPath = ""
	config.CreateHooks = nil // no $schema in bodies
	config.RejectUnknownQueryParameters = true
	return &Server{Options: o, API: humago.New(mux, config), Mux: mux}
}
