package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

var parameter = regexp.MustCompile(`\{\w+\}`)

// TestEveryDoorIsShut tries every operation of the whole house as people who
// may not use it: a stranger, a forged session, a revoked token, and tokens of
// each role. A refusal is 401 or 403, and changes nothing.
func TestEveryDoorIsShut(t *testing.T) {
	ctx := asParley(context.Background())
	h, err := build(ctx, plan{store: store.Options{Dir: t.TempDir()}})
	if err != nil {
		t.Fatal(err)
	}
	defer h.db.Close()
	if _, err := h.office.AddAdmin(ctx, "maya@brewell.example", "Maya Dubois", "correct horse battery staple"); err != nil {
		t.Fatal(err)
	}
	wide := server.Limit{Burst: 1e6, Second: 1e6}
	s := h.server(server.Options{Version: "test", Limits: server.Limits{Guest: wide, Knock: wide, Member: wide}})
	handler := s.Handler()

	token := func(role social.Role, scopes ...social.Permission) (string, string) {
		made, plain, err := h.office.AddToken(ctx, string(role)+" token", role, scopes, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return plain, made.ID
	}
	revoked, gone := token(social.Admin)
	if err := h.office.DropToken(ctx, gone); err != nil {
		t.Fatal(err)
	}
	viewer, _ := token(social.Viewer)
	responder, _ := token(social.Responder)
	manager, _ := token(social.Manager)
	sales, _ := token(social.Admin, social.OutcomeWrite)
	people := []struct {
		name   string
		header string
		role   social.Role
		only   social.Permission
	}{
		{"a stranger", "", "", ""},
		{"a forged session", "cookie", "", ""},
		{"a forged token", "parley_" + strings.Repeat("A", 43), "", ""},
		{"a revoked token", revoked, "", ""},
		{"a viewer", viewer, social.Viewer, ""},
		{"a responder", responder, social.Responder, ""},
		{"a manager", manager, social.Manager, ""},
		{"a shop", sales, social.Admin, social.OutcomeWrite},
	}
	tried := 0
	for _, p := range people {
		for _, op := range s.Operations() {
			if op.Permission == social.PublicAccess {
				continue
			}
			want := http.StatusUnauthorized
			if p.role != "" {
				want = http.StatusForbidden
				if op.Permission == social.SignedIn || govern.Allows(p.role, op.Permission) && (p.only == "" || p.only == op.Permission) {
					continue
				}
			}
			tried++
			before := rows(t, h)
			body := ""
			if op.Method != http.MethodGet && op.Method != http.MethodDelete {
				body = "{}"
			}
			r := httptest.NewRequest(op.Method, parameter.ReplaceAllString(op.Path, id.New()), strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			switch {
			case p.header == "cookie":
				r.AddCookie(&http.Cookie{Name: server.CookieName, Value: strings.Repeat("A", 43)})
			case p.header != "":
				r.Header.Set("Authorization", "Bearer "+p.header)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%s, %s %s: %d, want %d: %s", p.name, op.Method, op.Path, w.Code, want, w.Body)
			}
			if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("%s, %s %s: the refusal is %q", p.name, op.Method, op.Path, got)
			}
			if after := rows(t, h); after != before {
				t.Errorf("%s was refused %s, and yet something changed", p.name, op.ID)
			}
		}
	}
	if tried < 300 {
		t.Errorf("only %d refusals were tried", tried)
	}
}

// rows is how far record and outbox have come: every change moves one of them.
func rows(t *testing.T, h *house) [2]int64 {
	t.Helper()
	var out [2]int64
	for i, q := range []string{"SELECT COALESCE(MAX(seq), 0) FROM record", "SELECT COALESCE(MAX(pos), 0) FROM outbox"} {
		if err := h.db.IDB(context.Background()).NewRaw(q).Scan(context.Background(), &out[i]); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
