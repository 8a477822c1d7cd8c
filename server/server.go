// Package server is the HTTP edge: routing, who is asking, what they may do,
// OpenAPI, problem responses, live updates, limits and headers. It knows no
// room: rooms register operations, and whoever wires the program passes an
// Authority.
//
// It promises that no operation runs without its permission having been
// checked, that errors leave as RFC 9457 problems with a sentence that is safe
// to show, that nothing of an error's cause leaves the house, that a request
// from another site changes nothing, and that a live stream which resumes
// misses nothing and shows nothing that its reader may not see.
package server

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
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

// Sight says what an actor whose scope is not everything may see of what
// facts name. Actor and scope (of inbox.read) are in ctx.
type Sight interface {
	Conversations(ctx context.Context, ids []social.ConversationID) ([]social.ConversationID, error)
}

// Options configure a server.
type Options struct {
	Authority Authority
	Clock     clock.Clock
	Log       *slog.Logger
	Version   string
	Base      string         // public address such as https://parley.example, without a slash at the end; "" on loopback
	DB        *store.DB      // facts for live updates, and answers under an Idempotency-Key; nil: neither
	Box       *secret.Box    // seals those answers; nil: a key that lasts as long as the process
	Sight     Sight          // nil: whoever does not see everything gets no ids in live updates
	Trusted   []netip.Prefix // proxies whose X-Forwarded-For is believed; nobody by default
	UI        fs.FS          // the built app; nil: none
	Limits    Limits         // zero values mean the defaults
}

// Server collects operations and serves them.
type Server struct {
	Options
	API     huma.API
	Mux     *http.ServeMux
	Metrics *Metrics

	limits limits
	live   *live
	thumbs thumbs
	ops    []Op
	doors  []string // prefixes of public pages
}

// New makes a server with its own operations: live updates, reference,
// metrics and health. Rooms register theirs.
func New(o Options) *Server {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Box == nil {
		o.Box = secret.Random()
	}
	speak.Do(func() { huma.NewError, huma.DefaultArrayNullable = problemOfHuma, false })
	mux := http.NewServeMux()
	s := &Server{Options: o, Mux: mux, API: humago.New(mux, config(o)), Metrics: newMetrics()}
	s.limits = newLimits(o.Limits, o.Clock)
	s.API.UseMiddleware(s.measure)
	s.health()
	s.reference()
	s.metrics()
	if o.DB != nil {
		s.live = newLive(s)
		s.files()
	}
	if o.UI != nil {
		s.app(o.UI)
	}
	mux.HandleFunc("/api/", s.nothing)
	return s
}

func config(o Options) huma.Config {
	c := huma.DefaultConfig("Parley", o.Version)
	c.Info.Description = "Everything that Parley's own app does goes through this API. Errors are RFC 9457 problems whose detail is a sentence to show. " +
		"Lists are pages: pass next as cursor to read on. Send an Idempotency-Key with a POST, and it may be repeated safely for a day."
	c.OpenAPIPath = "/api/openapi"
	c.DocsPath = ""
	c.SchemasPath = ""
	c.CreateHooks = nil // no $schema in bodies
	c.RejectUnknownQueryParameters = true
	c.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", namer())
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: CookieName, Description: "Set by signing in."},
		"token":   {Type: "http", Scheme: "bearer", BearerFormat: "parley_…", Description: "An API token from Settings, Tokens."},
	}
	return c
}

// Operations lists what was registered, in that order.
func (s *Server) Operations() []Op { return append([]Op(nil), s.ops...) }

// Document is the OpenAPI document as JSON.
func (s *Server) Document() ([]byte, error) {
	text, err := json.MarshalIndent(s.API.OpenAPI(), "", "  ")
	return append(text, '\n'), err
}
