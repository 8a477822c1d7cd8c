package engageapi_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// bookcase lets in: ada everywhere, ron who writes and does not publish, vic who
// reads, sue in the south.
type bookcase struct {
	house
	lib *know.Library
}

func (s *bookcase) Scope(a social.Actor, p social.Permission) (social.Scope, bool) {
	switch a.Member {
	case "ada":
		return social.Scope{All: true}, true
	case "ron":
		return social.Scope{All: true}, p == social.KnowRead || p == social.KnowWrite
	case "vic":
		return social.Scope{All: true}, p == social.KnowRead
	case "cal":
		return social.Scope{Programmes: []social.ProgrammeID{"care"}}, p != social.SystemRead && p != social.SystemWrite
	case "sue":
		return social.Scope{Programmes: []social.ProgrammeID{"south"}}, true
	}
	return social.Scope{}, false
}

// Reach implements engageapi.KnowAround.
func (s *bookcase) Reach(ctx context.Context, p social.Permission) (context.Context, bool) {
	a, _ := social.ActorOf(ctx)
	scope, ok := s.Scope(a, p)
	return social.WithScope(ctx, scope), ok
}

func shelves(t *testing.T, f func(s *bookcase)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := &bookcase{house: house{t: t, now: now, db: db}, lib: &know.Library{Store: knowdb.New(db), Clock: now}}
		s.srv = server.New(server.Options{Authority: s, Clock: now, DB: db})
		engageapi.RegisterKnow(s.srv, s.lib, s)
		s.handler = s.srv.Handler()
		f(s)
	})
}

// ask sends a request as somebody and returns the answer.
func (s *bookcase) ask(as, method, path, body string, want int) string {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if as != "" {
		r.Header.Set("Authorization", "Bearer "+as)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != want {
		s.t.Fatalf("%s %s as %q: %d, want %d: %s", method, path, as, w.Code, want, w.Body)
	}
	return w.Body.String()
}

func (s *bookcase) made(body string) string {
	s.t.Helper()
	var out struct{ ID string }
	if err := json.Unmarshal([]byte(s.ask("ada", "POST", "/api/know/articles", body, http.StatusCreated)), &out); err != nil {
		s.t.Fatal(err)
	}
	return out.ID
}

type asked struct {
	name, as, method, path, body string
	want                         int
	has, hasNot                  string
}

func (s *bookcase) all(tests []asked) {
	s.t.Helper()
	for _, tt := range tests {
		got := s.ask(tt.as, tt.method, tt.path, tt.body, tt.want)
		if !strings.Contains(got, tt.has) || tt.hasNot != "" && strings.Contains(got, tt.hasNot) {
			s.t.Errorf("%s: %s", tt.name, got)
		}
	}
}

func TestArticlesOverTheAPI(t *testing.T) {
	shelves(t, func(s *bookcase) {
		one := "/api/know/articles/" + s.made(`{"title":"Descale","body":"With **acid** <script>alert(1)</script>.","lang":"en","visibility":"public"}`)
		north := "/api/know/articles/" + s.made(`{"title":"Northern","lang":"en","programme":"north"}`)
		s.all([]asked{
			{"nobody is signed in", "", "GET", one, "", 401, "", "acid"},
			{"a reader reads safe HTML", "vic", "GET", one, "", 200, `"html":"<p>With <strong>acid</strong>`, ""},
			{"a reader may not write", "vic", "GET", one, "", 200, `"may_write":false,"may_publish":false`, ""},
			{"and does not", "vic", "POST", one + "/versions", `{"title":"x","body":"x","seen":1}`, 403, "know.write", ""},
			{"a draft is not for strangers", "sue", "GET", one, "", 404, "", "acid"},
			{"nor another programme's", "sue", "PATCH", north, `{"slug":"x"}`, 404, "", ""},
			{"nor its versions", "sue", "GET", north + "/versions", "", 404, "", ""},
			{"nor what they have in common", "sue", "GET", north + "/compare?from=1&to=1", "", 404, "", ""},
			{"in its list", "sue", "GET", "/api/know/articles", "", 200, `"items":[]`, ""},
			{"nor in its file", "sue", "GET", "/api/know/articles.zip", "", 200, "PK", "northern"},
			{"an unknown field", "ada", "PATCH", one, `{"colour":"red"}`, 422, "colour", ""},
			{"writing is kept", "ron", "PUT", one + "/draft", `{"title":"Descale","body":"With citric acid.","seen":1}`, 200, "citric", ""},
			{"for whoever writes", "ron", "GET", one, "", 200, `"writing":{"title":"Descale","body":"With citric acid."`, ""},
			{"and nobody else", "ada", "GET", one, "", 200, "", `"writing"`},
			{"compared with what one writes", "ron", "GET", one + "/compare?from=1&to=0", "", 200, `{"kind":"new","text":"citric `, ""},
			{"kept as a version", "ron", "POST", one + "/versions", `{"title":"Descale","body":"With citric acid.","note":"which acid","seen":1}`, 200, `"version":2`, `"writing"`},
			{"over another's", "ada", "POST", one + "/versions", `{"title":"Descale","body":"Mine.","seen":1}`, 409, "version 2", ""},
			{"who does not publish", "ron", "POST", one + "/state", `{"state":"published"}`, 403, "know.publish", ""},
			{"who does", "ada", "POST", one + "/state", `{"state":"published"}`, 200, `"state":"published"`, ""},
			{"what the world reads", "ron", "POST", one + "/versions", `{"title":"Descale","body":"Buy from me.","seen":2}`, 403, "know.publish", ""},
			{"is for everybody", "sue", "GET", one, "", 200, `"may_write":false`, ""},
			{"but not to change", "sue", "PATCH", one, `{"slug":"mine"}`, 403, "", ""},
			{"versions", "vic", "GET", one + "/versions", "", 200, `"note":"which acid"`, ""},
			{"restored", "ada", "POST", one + "/versions/1/restore", "", 200, `"version":3`, ""},
			{"a day to look again", "ada", "PATCH", one, `{"review_by":"2026-11-01"}`, 200, `"stale":true`, ""},
			{"which is listed", "ada", "GET", "/api/know/articles?due=true", "", 200, "Descale", "Northern"},
			{"no day", "ada", "PATCH", one, `{"review_by":"soon"}`, 422, "2027-03-31", ""},
			{"a translation", "ada", "POST", "/api/know/articles", `{"title":"Entkalken","lang":"de","of":"` + one[len("/api/know/articles/"):] + `"}`, 201, `"lang":"en"`, ""},
			{"found by words", "vic", "GET", "/api/know/articles?q=entkal", "", 200, "Entkalken", `"Descale"`},
			{"counted", "vic", "GET", "/api/know", "", 200, `"draft":2,"published":1`, ""},
			{"a preview", "vic", "POST", "/api/know/preview", `{"body":"[x](javascript:alert(1)) *y*"}`, 200, `<em>y`, "javascript"},
			{"a category", "ada", "POST", "/api/know/categories", `{"name":"Care"}`, 201, "Care", ""},
			{"not for everybody", "sue", "POST", "/api/know/categories", `{"name":"Mine"}`, 403, "", ""},
			{"a dry run", "ada", "POST", "/api/know/articles/import", `{"files":[{"name":"a.md","text":"# A\n\nb"}],"lang":"en","dry":true}`, 200, `"act":"add"`, `"id":"`},
			{"deleted", "ada", "DELETE", one, "", 204, "", ""},
			{"and gone", "ada", "GET", one, "", 404, "", ""},
			{"and back", "ada", "POST", one + "/undelete", "", 200, `"state":"published"`, ""},
			{"what was not deleted", "ada", "POST", north + "/undelete", "", 404, "", ""},
		})
		file := s.ask("ada", "GET", "/api/know/articles.zip", "", 200)
		z, err := zip.NewReader(bytes.NewReader([]byte(file)), int64(len(file)))
		if err != nil || len(z.File) != 3 {
			t.Fatalf("%v %d", err, len(z.File))
		}
	})
}
