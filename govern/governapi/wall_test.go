package governapi_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/govern/governapi"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

var tables = []string{"member", "session", "token", "door", "programme", "programme_member", "policy", "policy_version", "acknowledgement", "record", "outbox", "setting", "attempt", "idempotency", "checkpoint", "notice", "file"}

// dump is everything that lies in the database, as text.
func (h *house) dump() string {
	h.t.Helper()
	var b strings.Builder
	for _, table := range tables {
		rows, err := h.db.IDB(context.Background()).QueryContext(context.Background(), "SELECT * FROM "+table+" ORDER BY 1, 2")
		if err != nil {
			h.t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			h.t.Fatal(err)
		}
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				h.t.Fatal(err)
			}
			for i, v := range values {
				if text, ok := v.([]byte); ok {
					v = string(text)
				}
				fmt.Fprintf(&b, "%s.%s=%v ", table, columns[i], v)
			}
			b.WriteByte('\n')
		}
		if err := rows.Err(); err != nil {
			h.t.Fatal(err)
		}
		rows.Close()
	}
	return b.String()
}

func (h *house) print() string { return fmt.Sprintf("%x", sha256.Sum256([]byte(h.dump()))) }

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// Every operation that is served, against everybody who may not use it: each
// refusal says why and changes nothing.
func TestNobodyDoesWhatTheyMayNot(t *testing.T) {
	each(t, func(h *house) {
		ada := h.admin()
		var own governapi.Charter
		ada.do("POST", "/api/programmes", map[string]any{"name": "Press"}).ok(&own)
		token := func(role social.Role, scopes ...social.Permission) *person {
			var made governapi.NewToken
			ada.do("POST", "/api/tokens", map[string]any{"name": "t", "role": role, "scopes": append([]social.Permission{}, scopes...)}).ok(&made)
			return &person{h: h, token: made.Secret, id: ada.id}
		}
		people := map[string]*person{
			"a stranger":          h.stranger(),
			"a forged session":    {h: h, cookie: strings.Repeat("A", 43)},
			"a viewer":            ada.join("vera@brewell.example", social.Viewer),
			"a responder":         ada.join("rob@brewell.example", social.Responder),
			"a manager":           ada.join("mara@brewell.example", social.Manager),
			"a manager of one":    ada.join("ines@brewell.example", social.NoRole, map[string]any{"programme": own.ID, "role": "manager"}),
			"a viewer's token":    token(social.Viewer),
			"a token for sales":   token(social.Admin, social.OutcomeWrite),
			"a manager's token":   token(social.Manager),
			"a token for inboxes": token(social.Responder, social.InboxRead, social.InboxReply),
		}
		seen := 0
		for name, p := range people {
			var actor social.Actor
			known := p.id != ""
			if known {
				credentials := server.Credentials{Session: p.cookie, Token: p.token}
				var err error
				if actor, err = (governapi.Authority{Office: h.office}).Authenticate(context.Background(), credentials); err != nil {
					t := h.t
					t.Fatalf("%s: %v", name, err)
				}
			}
			for _, op := range h.server.Operations() {
				_, may := govern.Scope(actor, op.Permission)
				if op.Permission == social.PublicAccess || known && may {
					continue
				}
				seen++
				before := h.print()
				path := parameter.ReplaceAllString(op.Path, string(ada.id))
				var body any
				if op.Method != http.MethodGet && op.Method != http.MethodDelete {
					body = map[string]any{}
				}
				r := p.do(op.Method, path, body)
				if known {
					r.problem(http.StatusForbidden, string(op.Permission))
				} else {
					r.problem(http.StatusUnauthorized, "signed in")
				}
				if h.print() != before {
					h.t.Errorf("%s was refused %s, and yet something changed", name, op.ID)
				}
			}
		}
		if seen < 100 {
			h.t.Fatalf("only %d refusals were tried", seen)
		}
	})
}

// What lies in another programme is not there: same status and same bytes as
// for an id that never was.
func TestAnotherProgrammeIsNotThere(t *testing.T) {
	each(t, func(h *house) {
		ada := h.admin()
		var care, press governapi.Charter
		ada.do("POST", "/api/programmes", map[string]any{"name": "Care", "mission": "canary-mission"}).ok(&care)
		ada.do("POST", "/api/programmes", map[string]any{"name": "Press"}).ok(&press)
		var policy governapi.PolicyText
		ada.do("POST", "/api/policies", map[string]any{"name": "Of care", "programme": care.ID, "required": true, "body": "canary-words"}).ok(&policy)
		ines := ada.join("ines@brewell.example", social.NoRole, map[string]any{"programme": press.ID, "role": "manager"})
		tries := []struct {
			method, path string
			body         any
		}{
			{"GET", "/api/programmes/CARE", nil},
			{"PATCH", "/api/programmes/CARE", map[string]any{"name": "Mine"}},
			{"POST", "/api/programmes/CARE/members", map[string]any{"member": ines.id, "role": "manager"}},
			{"DELETE", "/api/programmes/CARE/members/" + string(ada.id), nil},
			{"GET", "/api/gate?programme=CARE", nil},
			{"GET", "/api/policies/POLICY", nil},
			{"POST", "/api/policies/POLICY/versions", map[string]any{"body": "Mine."}},
			{"POST", "/api/policies/POLICY/acknowledge", map[string]any{"version": 1}},
			{"GET", "/api/policies/POLICY/acknowledgements", nil},
		}
		for _, try := range tries {
			at := func(programme, policy string) string {
				return strings.NewReplacer("CARE", programme, "POLICY", policy).Replace(try.path)
			}
			before := h.print()
			real := ines.do(try.method, at(string(care.ID), string(policy.ID)), try.body)
			made := ines.do(try.method, at("01a1fd6d-4840-73cb-92f3-000000000000", "01a1fd6d-4840-73cb-92f3-000000000000"), try.body)
			real.problem(http.StatusNotFound, "There is no such")
			if real.text != made.text {
				h.t.Errorf("%s %s tells that it is there: %s unlike %s", try.method, try.path, real.text, made.text)
			}
			if h.print() != before {
				h.t.Errorf("%s %s changed something", try.method, try.path)
			}
		}
		for _, path := range []string{"/api/programmes", "/api/policies", "/api/members"} {
			if text := ines.do("GET", path, nil).ok(nil).text; strings.Contains(text, string(care.ID)) || strings.Contains(text, "canary") || strings.Contains(text, "ada@") {
				h.t.Errorf("%s shows what lies in another programme: %s", path, text)
			}
		}
		before := h.print()
		ines.do("POST", "/api/policies", map[string]any{"name": "x", "programme": care.ID, "required": true, "body": "x"}).problem(403, "own programmes")
		ines.do("POST", "/api/programmes", map[string]any{"name": "x"}).problem(403, "begin")
		if h.print() != before {
			h.t.Error("a refusal changed something")
		}
	})
}

// A field that an operation does not have is refused, whatever it is called.
func TestNoFieldIsSmuggledIn(t *testing.T) {
	each(t, func(h *house) {
		ada := h.admin()
		before := h.print()
		tried := 0
		for _, op := range h.server.Operations() {
			if op.Method == http.MethodGet || op.Method == http.MethodDelete || h.server.API.OpenAPI().Paths[op.Path] == nil {
				continue
			}
			item := h.server.API.OpenAPI().Paths[op.Path]
			operation := map[string]bool{"POST": item.Post != nil && item.Post.RequestBody != nil, "PATCH": item.Patch != nil && item.Patch.RequestBody != nil, "PUT": item.Put != nil && item.Put.RequestBody != nil}
			if !operation[op.Method] || op.ID == "add-file" { // its body is bytes, without fields
				continue
			}
			for _, field := range []string{"id", "hash", "password_hash", "folded", "created_at", "updated_at", "permissions", "system", "member_id", "used_at", "n", "$schema", "__proto__"} {
				tried++
				r := ada.do(op.Method, parameter.ReplaceAllString(op.Path, string(ada.id)), map[string]any{field: "x"})
				p := r.problem(http.StatusUnprocessableEntity, "")
				if !strings.Contains(fmt.Sprint(p.Errors), "unexpected property") {
					h.t.Errorf("%s takes the field %s: %s", op.ID, field, r.text)
				}
			}
		}
		if tried < 100 {
			h.t.Fatalf("only %d fields were tried", tried)
		}
		if h.print() != before {
			h.t.Error("a refused field changed something")
		}
	})
}

// No secret lies in the database or the log after a whole story.
func TestSecretsAreNowhere(t *testing.T) {
	each(t, func(h *house) {
		setup, _, err := h.office.Setup(context.Background())
		if err != nil {
			h.t.Fatal(err)
		}
		ada := h.stranger()
		ada.do("POST", "/api/links/"+setup, map[string]string{"name": "Ada", "email": "ada@brewell.example", "password": "canary-password-1"}).ok(nil)
		secrets := []string{setup, ada.cookie, "canary-password-1", "canary-password-2", "canary-password-3", "canary-wrong"}
		var token governapi.NewToken
		ada.do("POST", "/api/tokens", map[string]any{"name": "Shop", "role": "viewer"}, "Idempotency-Key", "k1").ok(&token)
		var again governapi.NewToken
		ada.do("POST", "/api/tokens", map[string]any{"name": "Shop", "role": "viewer"}, "Idempotency-Key", "k1").ok(&again)
		if again.Secret != token.Secret {
			h.t.Fatal("the same key should give the same token")
		}
		var invitation, reset governapi.LinkFor
		ada.do("POST", "/api/members/invitations", map[string]any{"email": "rob@brewell.example", "role": "viewer"}, "Idempotency-Key", "k2").ok(&invitation)
		rob := h.stranger()
		link := invitation.Link[strings.LastIndex(invitation.Link, "/")+1:]
		var s governapi.Session
		rob.do("POST", "/api/links/"+link, map[string]string{"name": "Rob", "password": "canary-password-2"}).ok(&s)
		secrets = append(secrets, token.Secret, link, rob.cookie)
		ada.do("POST", "/api/members/"+string(s.Member.ID)+"/reset", nil, "Idempotency-Key", "k3").ok(&reset)
		secrets = append(secrets, reset.Link[strings.LastIndex(reset.Link, "/")+1:])
		rob.do("POST", "/api/me/password", map[string]string{"current": "canary-wrong", "next": "canary-password-3"}).problem(422, "present password")
		rob.do("POST", "/api/me/password", map[string]string{"current": "canary-password-2", "next": "canary-password-3"}, "Idempotency-Key", "k4").ok(nil)
		secrets = append(secrets, rob.cookie)
		h.stranger().do("POST", "/api/session", map[string]string{"email": "rob@brewell.example", "password": "canary-wrong"}).problem(401, "wrong")
		text := h.dump() + h.log.String()
		for _, secret := range secrets {
			if secret == "" {
				h.t.Fatal("a secret is missing: this test has lost its point")
			}
			if strings.Contains(text, secret) {
				h.t.Errorf("%s lies open", secret)
			}
		}
	})
}

func TestSignInOverHTTP(t *testing.T) {
	each(t, func(h *house) {
		ada := h.admin()
		ada.join("rob@brewell.example", social.Viewer)
		wrong := h.stranger().do("POST", "/api/session", map[string]string{"email": "rob@brewell.example", "password": "wrong password"})
		nobody := h.stranger().do("POST", "/api/session", map[string]string{"email": "nobody@brewell.example", "password": "wrong password"})
		wrong.problem(401, "or the password is wrong")
		if wrong.text != nobody.text {
			h.t.Errorf("the answer tells who exists: %s unlike %s", wrong.text, nobody.text)
		}
		rob := h.stranger()
		r := rob.do("POST", "/api/session", map[string]string{"email": "rob@brewell.example", "password": password}).ok(nil)
		cookie := r.header.Get("Set-Cookie")
		for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(cookie, want) {
				h.t.Errorf("the cookie %s lacks %s", cookie, want)
			}
		}
		var mine server.Page[governapi.MySession]
		rob.do("GET", "/api/me/sessions", nil).ok(&mine)
		if len(mine.Items) != 2 {
			h.t.Fatalf("%+v", mine.Items)
		}
		for _, s := range mine.Items {
			if !s.Current {
				rob.do("DELETE", "/api/me/sessions/"+s.ID, nil).ok(nil)
			}
		}
		rob.do("PATCH", "/api/me", map[string]string{"name": "Robert"}).ok(nil)
		var s governapi.Session
		rob.do("GET", "/api/session", nil).ok(&s)
		writes := slices.ContainsFunc(s.Member.Permissions, func(p social.Permission) bool { return !strings.HasSuffix(string(p), ".read") })
		if s.Member.Name != "Robert" || len(s.Member.Permissions) == 0 || writes {
			h.t.Fatalf("a viewer reads and no more: %+v", s.Member)
		}
		rob.do("DELETE", "/api/session", nil).ok(nil)
		rob.do("GET", "/api/me/sessions", nil).problem(401, "signed in")
		rob.do("GET", "/api/session", nil).ok(&s)
		if s.SignedIn {
			h.t.Fatal("still signed in")
		}
		old := &person{h: h}
		old.do("POST", "/api/session", map[string]string{"email": "rob@brewell.example", "password": password}).ok(nil)
		same := &person{h: h, cookie: old.cookie}
		same.do("POST", "/api/session", map[string]string{"email": "ada@brewell.example", "password": password}).ok(nil)
		old.do("GET", "/api/me/sessions", nil).problem(401, "signed in")
		same.do("GET", "/api/me/sessions", nil).ok(nil)
		tries := h.stranger()
		var limited reply
		for range 6 {
			limited = tries.do("POST", "/api/session", map[string]string{"email": "rob@brewell.example", "password": "wrong password"})
		}
		limited.problem(429, "Wait")
		if limited.header.Get("Retry-After") == "" {
			h.t.Error("nobody says when to try again")
		}
	})
}

func TestTokensOverHTTP(t *testing.T) {
	each(t, func(h *house) {
		ada := h.admin()
		until := h.now.Now().Add(time.Hour)
		var made governapi.NewToken
		ada.do("POST", "/api/tokens", map[string]any{"name": "Shop", "role": "manager", "scopes": []string{"record.read"}, "expires_at": until}).ok(&made)
		shop := &person{h: h, token: made.Secret}
		shop.do("GET", "/api/record", nil).ok(nil)
		shop.do("GET", "/api/programmes", nil).problem(403, "govern.read")
		shop.do("POST", "/api/me/password", map[string]string{"current": password, "next": "another fine password"}).problem(403, "token")
		var page server.Page[governapi.Token]
		r := ada.do("GET", "/api/tokens", nil).ok(&page)
		if strings.Contains(r.text, made.Secret) || len(page.Items) != 1 || page.Items[0].LastUsedAt == nil || page.Items[0].CreatedBy.Name != "Ada" {
			h.t.Fatal(r.text)
		}
		ada.do("DELETE", "/api/tokens/"+made.ID, nil).ok(nil)
		shop.do("GET", "/api/record", nil).problem(401, "token")
		h.now.Add(time.Hour)
		ada.do("POST", "/api/tokens", map[string]any{"name": "Late", "role": "viewer", "expires_at": until}).problem(422, "past")
		ada.do("POST", "/api/tokens", map[string]any{"name": "Wild", "role": "viewer", "scopes": []string{"everything"}}).problem(422, "everything")
	})
}

func TestTheRecordOverHTTP(t *testing.T) {
	each(t, func(h *house) {
		ada := h.admin()
		ada.do("PUT", "/api/brand", map[string]any{"name": "Brewell"}).ok(nil)
		if err := h.archive.Seal(context.Background()); err != nil {
			h.t.Fatal(err)
		}
		var status governapi.Status
		ada.do("GET", "/api/record/status", nil).ok(&status)
		if status.Entries == 0 || status.Sealed != status.Entries || status.Checkpoint == nil || status.OK != nil {
			h.t.Fatalf("%+v", status)
		}
		var v governapi.Verified
		ada.do("POST", "/api/record/verify", nil).ok(&v)
		if !v.OK || v.Entries != status.Entries {
			h.t.Fatalf("%+v", v)
		}
		ada.do("GET", "/api/record/status", nil).ok(&status)
		if status.OK == nil || !*status.OK {
			h.t.Fatalf("%+v", status)
		}
		var page server.Page[governapi.Line]
		ada.do("GET", "/api/record?limit=2&actor="+url.QueryEscape(string(ada.id)), nil).ok(&page)
		if len(page.Items) != 2 || page.Next == nil || !page.Items[0].Sealed || page.Items[0].Object != "brand" {
			h.t.Fatalf("%+v", page)
		}
		ada.do("GET", "/api/record?cursor=forged", nil).problem(422, "cursor")
	})
}
