package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// doorman is an authority whose sessions and tokens are the keys of a map.
type doorman struct {
	mu    sync.Mutex
	known map[string]social.Actor
}

func (d *doorman) set(secret string, a social.Actor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[secret] = a
}

func (d *doorman) drop(secret string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.known, secret)
}

func (d *doorman) Authenticate(_ context.Context, c server.Credentials) (social.Actor, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	secret := c.Session
	if c.Token != "" {
		secret = c.Token
	}
	a, ok := d.known[secret]
	if !ok {
		return a, social.Errorf(social.Unauth, "This is nobody.")
	}
	if a.Name == "broken" {
		return a, errors.New("the database is away: canary-5512")
	}
	return a, nil
}

// Scope gives admins everything and others what their grants' programmes name.
func (d *doorman) Scope(a social.Actor, p social.Permission) (social.Scope, bool) {
	if a.Role == social.Admin {
		return social.Scope{All: true}, true
	}
	var s social.Scope
	for _, g := range a.Grants {
		s.Programmes = append(s.Programmes, g.Programme)
	}
	return s, p == social.SignedIn || len(s.Programmes) > 0 && p != social.SystemRead
}

type house struct {
	*testing.T
	db      *store.DB
	now     *clock.Set
	door    *doorman
	server  *server.Server
	handler http.Handler
	log     *bytes.Buffer
	made    int // how often the thing was made
}

type thingInput struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"20"`
		Count int    `json:"count,omitempty" minimum:"0" maximum:"9"`
	}
}

type thing struct {
	Name string `json:"name"`
	Made int    `json:"made"`
}

// open opens a server with a few operations. change may change its options.
func open(t *testing.T, db *store.DB, now *clock.Set, change ...func(*server.Options)) *house {
	t.Helper()
	h := &house{T: t, db: db, now: now, log: &bytes.Buffer{}, door: &doorman{known: map[string]social.Actor{
		"ada":    {Member: "ada", Name: "Ada", Role: social.Admin},
		"ines":   {Member: "ines", Name: "Ines", Grants: []social.Grant{{Programme: "care", Role: social.Responder}}},
		"parley": {Member: "ada", Name: "Ada", Role: social.Admin, Token: "t1"},
		"broken": {Name: "broken"},
	}}}
	o := server.Options{Authority: h.door, Clock: now, Version: "test", DB: db, Log: slog.New(slog.NewTextHandler(h.log, nil))}
	for _, c := range change {
		c(&o)
	}
	h.server = server.New(o)
	server.Register(h.server, server.Op{ID: "list-things", Method: http.MethodGet, Path: "/api/things", Summary: "List", Tag: "Test", Permission: social.InboxRead},
		func(context.Context, *server.Paging) (*server.Body[server.Page[thing]], error) {
			return &server.Body[server.Page[thing]]{Body: server.NewPage([]thing{}, "")}, nil
		})
	server.Register(h.server, server.Op{ID: "add-thing", Method: http.MethodPost, Path: "/api/things", Summary: "Add", Tag: "Test", Permission: social.InboxRead, Status: http.StatusCreated},
		func(_ context.Context, in *thingInput) (*server.Body[thing], error) {
			switch in.Body.Name {
			case "panic":
				panic("canary-7781")
			case "fault":
				return nil, errors.New("canary-7782")
			case "conflict":
				return nil, social.Because(social.Conflict, errors.New("canary-7783"), "It is there already.")
			}
			h.made++
			return &server.Body[thing]{Body: thing{in.Body.Name, h.made}}, nil
		})
	server.Register(h.server, server.Op{ID: "knock", Method: http.MethodPost, Path: "/api/knock", Summary: "Knock", Tag: "Test", Permission: social.PublicAccess},
		func(ctx context.Context, _ *struct{}) (*server.Body[string], error) {
			return &server.Body[string]{Body: server.CredentialsOf(ctx).IP}, nil
		})
	h.handler = h.server.Handler()
	return h
}

func sqlite(t *testing.T, change ...func(*server.Options)) *house {
	t.Helper()
	now := clock.NewSet(storetest.Start)
	return open(t, storetest.SQLite(t, now), now, change...)
}

type reply struct {
	*testing.T
	*http.Response
	text string
}

// as sets who asks: "ada" is a session, "Bearer x" a token.
func as(who string) func(*http.Request) {
	return func(r *http.Request) {
		if strings.HasPrefix(who, "Bearer") || strings.HasPrefix(who, "Basic") {
			r.Header.Set("Authorization", who)
			return
		}
		r.AddCookie(&http.Cookie{Name: server.CookieName, Value: who})
	}
}

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func (h *house) do(method, path, body string, change ...func(*http.Request)) reply {
	h.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, path, in)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return reply{h.T, w.Result(), w.Body.String()}
}

func (r reply) ok(status int) reply {
	r.Helper()
	if r.StatusCode != status {
		r.Fatalf("got %d %s, want %d", r.StatusCode, r.text, status)
	}
	return r
}

// problem wants a problem with this status whose sentence has these words.
func (r reply) problem(status int, words string) server.Problem {
	r.Helper()
	var p server.Problem
	if err := json.Unmarshal([]byte(r.text), &p); err != nil || r.StatusCode != status || p.Status != status ||
		!strings.Contains(p.Detail, words) || r.Header.Get("Content-Type") != "application/problem+json" || p.Kind == "" || p.Title == "" {
		r.Fatalf("got %d %s %s, want a problem %d with %q", r.StatusCode, r.Header.Get("Content-Type"), r.text, status, words)
	}
	if strings.Contains(r.text, "canary") {
		r.Fatalf("the cause leaves the house: %s", r.text)
	}
	return p
}

type ctx = context.Context
