package governapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/govern/governapi"
	"github.com/parley-crm/parley/govern/governdb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

const password = "kettle on the hob"

// cheap keeps tests quick; what it protects is made up.
var cheap = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// house is the whole of govern behind its HTTP.
type house struct {
	t       *testing.T
	db      *store.DB
	now     *clock.Set
	office  *govern.Office
	gate    *govern.Gate
	archive *govern.Archive
	server  *server.Server
	http    http.Handler
	log     *bytes.Buffer
}

func open(t *testing.T, db *store.DB, now *clock.Set) *house {
	t.Helper()
	rows := governdb.New(db)
	office, err := govern.New(rows, govern.Options{Clock: now, Hash: cheap})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: db, now: now, office: office, gate: &govern.Gate{Store: rows, Clock: now},
		log: &bytes.Buffer{}}
	if h.archive, err = govern.NewArchive(rows, secret.Random(), now); err != nil {
		t.Fatal(err)
	}
	h.server = server.New(server.Options{Authority: governapi.Authority{Office: office}, Clock: now, Version: "test", DB: db,
		Log: slog.New(slog.NewTextHandler(h.log, nil))})
	governapi.Register(h.server, governapi.Options{Office: office, Gate: h.gate, Archive: h.archive})
	h.http = h.server.Handler()
	return h
}

func each(t *testing.T, f func(h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) { f(open(t, db, now)) })
}

// person is somebody with a browser.
type person struct {
	h      *house
	cookie string
	token  string
	id     social.MemberID
}

type reply struct {
	status int
	header http.Header
	text   string
	t      *testing.T
}

func (p *person) do(method, path string, body any, headers ...string) reply {
	p.h.t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			p.h.t.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, path, in)
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.cookie != "" {
		r.Header.Set("Cookie", server.CookieName+"="+p.cookie)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.h.http.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.Name == server.CookieName && c.Value != "" {
			p.cookie = c.Value
		}
	}
	return reply{w.Code, w.Header(), w.Body.String(), p.h.t}
}

// ok wants a success and reads the answer into v.
func (r reply) ok(v any) reply {
	r.t.Helper()
	if r.status < 200 || r.status > 299 {
		r.t.Fatalf("got %d %s, want success", r.status, r.text)
	}
	if v != nil {
		if err := json.Unmarshal([]byte(r.text), v); err != nil {
			r.t.Fatalf("%v in %s", err, r.text)
		}
	}
	return r
}

// problem wants a problem of this status whose sentence contains words.
func (r reply) problem(status int, words string) server.Problem {
	r.t.Helper()
	var p server.Problem
	if err := json.Unmarshal([]byte(r.text), &p); err != nil {
		r.t.Fatalf("got %d %q, want a problem %d", r.status, r.text, status)
	}
	if r.status != status || p.Status != status || !strings.Contains(p.Detail, words) {
		r.t.Fatalf("got %d %s, want %d with %q", r.status, r.text, status, words)
	}
	if ct := r.header.Get("Content-Type"); ct != "application/problem+json" {
		r.t.Fatalf("a problem of type %q", ct)
	}
	return p
}

func (h *house) stranger() *person { return &person{h: h} }

// admin uses the setup link.
func (h *house) admin() *person {
	h.t.Helper()
	token, _, err := h.office.Setup(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	p := h.stranger()
	var s governapi.Session
	p.do("POST", "/api/links/"+token, map[string]string{"name": "Ada", "email": "ada@brewell.example", "password": password}).ok(&s)
	p.id = s.Member.ID
	return p
}

// join invites somebody and lets them in.
func (p *person) join(email string, role social.Role, grants ...map[string]any) *person {
	p.h.t.Helper()
	var link governapi.LinkFor
	body := map[string]any{"email": email, "role": role}
	if grants != nil {
		body["programmes"] = grants
	}
	p.do("POST", "/api/members/invitations", body).ok(&link)
	_, token, ok := strings.Cut(link.Link, "/join/")
	if !ok {
		p.h.t.Fatalf("%s is no invitation", link.Link)
	}
	q := p.h.stranger()
	var s governapi.Session
	q.do("POST", "/api/links/"+token, map[string]string{"name": strings.Split(email, "@")[0], "password": password}).ok(&s)
	q.id = s.Member.ID
	return q
}
