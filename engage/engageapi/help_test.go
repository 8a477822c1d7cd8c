package engageapi_test

import (
	"context"
	"encoding/xml"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage/engageapi"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// front is what stands around the help page.
type front struct{ door string }

func (f *front) BrandName(context.Context) string                 { return "Brewell <b>" }
func (f *front) AskDoor(context.Context, social.ChannelID) string { return f.door }

func (s *bookcase) Peers(_ context.Context, from, to time.Time) (int64, error) {
	return int64(to.Sub(from) / (24 * time.Hour)), nil // as many as there are days
}

func (s *bookcase) Doors(context.Context) ([]engageapi.HelpDoor, error) {
	return []engageapi.HelpDoor{{ID: "ch", Kind: "form", Name: "Write to us"}}, nil
}

// come visits a page as a stranger with a browser.
func (s *bookcase) come(method, path, body string, more ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("User-Agent", "Mozilla/5.0 Firefox/140.0")
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://example.com") // httptest's own host
	}
	for i := 0; i+1 < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func TestTheHelpPage(t *testing.T) {
	shelves(t, func(s *bookcase) {
		f := &front{door: "/door/ch/"}
		s.srv = server.New(server.Options{Authority: s, Clock: s.now, DB: s.db, Base: "https://parley.example"})
		engageapi.RegisterKnow(s.srv, s.lib, s)
		engageapi.RegisterHelp(s.srv, s.lib, s)
		engageapi.RegisterHelpPage(s.srv, s.lib, f, slog.New(slog.DiscardHandler))
		s.handler = s.srv.Handler()
		if w := s.come("GET", "/help", ""); w.Code != http.StatusNotFound {
			t.Fatalf("open before anything is published: %d", w.Code)
		}
		publish := func(body string) string {
			id := s.made(body)
			s.ask("ada", "POST", "/api/know/articles/"+id+"/state", `{"state":"published"}`, 200)
			return id
		}
		one := publish(`{"title":"Descale & clean","body":"With **acid** <script>alert(1)</script> [x](javascript:alert(1)).","lang":"en","visibility":"public"}`)
		publish(`{"title":"Entkalken","body":"Mit Säure.","lang":"de","visibility":"public","of":"` + one + `"}`)
		publish(`{"title":"How far may I go","body":"Up to 60 dollars, secretly.","lang":"en"}`)
		s.made(`{"title":"A draft","body":"secretly","lang":"en","visibility":"public"}`)
		publish(`{"title":"Descale often","body":"Descale each month.","lang":"en","visibility":"public"}`)

		page := "/help/en/descale-clean"
		tests := []struct {
			name, method, path, body string
			more                     []string
			want                     int
			has, hasNot              string
		}{
			{"in one's language", "GET", "/help", "", []string{"Accept-Language", "de-AT,de;q=0.9,en;q=0.5"}, 302, "", ""},
			{"hostile languages", "GET", "/help", "", []string{"Accept-Language", strings.Repeat("x-", 5000)}, 302, "", ""},
			{"the beginning", "GET", "/help/en", "", nil, 200, "Descale &amp; clean", "secretly"},
			{"the brand is no HTML", "GET", "/help/en", "", nil, 200, "Brewell &lt;b&gt;", "Brewell <b>"},
			{"what is inside is not there", "GET", "/help/en/how-far-may-i-go", "", nil, 404, "There is no such page", "60 dollars"},
			{"nor drafts", "GET", "/help/en/a-draft", "", nil, 404, "", "secretly"},
			{"an article", "GET", page, "", nil, 200, "<strong>acid</strong>", "<script>alert"},
			{"without script addresses", "GET", page, "", nil, 200, "Did this solve it?", "javascript:"},
			{"for others to share", "GET", page, "", nil, 200, `<meta property="og:title" content="Descale &amp; clean">`, ""},
			{"at one address", "GET", page, "", nil, 200, `<link rel="canonical" href="https://parley.example/help/en/descale-clean">`, ""},
			{"in other languages", "GET", page, "", nil, 200, `hreflang="de" href="https://parley.example/help/de/entkalken"`, ""},
			{"with what is related", "GET", page, "", nil, 200, "Descale often", ""},
			{"with a way to ask", "GET", page, "", nil, 200, "/help/-/ask?lang=en&amp;from=" + one, ""},
			{"searched without scripts", "GET", "/help/en?q=descal", "", nil, 200, `<h2>Results</h2>`, "secretly"},
			{"what is searched for is no HTML", "GET", "/help/en?q=%3Cscript%3Ealert(1)%3C/script%3E", "", nil, 200, "&lt;script&gt;", "<script>alert"},
			{"inside things are not found", "GET", "/help/-/find?q=dollars&lang=en", "", nil, 200, "Nothing was found", "60 dollars"},
			{"as one types", "GET", "/help/-/find?q=desc&lang=en", "", nil, 200, "Descale often", "<html"},
			{"a page that is not there", "GET", "/help/en/nope", "", nil, 404, "There is no such page", ""},
			{"a language that is not there", "GET", "/help/xx", "", nil, 404, "", ""},
			{"a strange path", "GET", "/help/a/b/c/d", "", nil, 404, "", ""},
			{"the style", "GET", "/help/-/help.css", "", nil, 200, ".search", ""},
			{"the script", "GET", "/help/-/help.js", "", nil, 200, "settled", ""},
			{"nothing else", "GET", "/help/-/passwd", "", nil, 404, "", ""},
			{"asking leads to the door", "GET", "/help/-/ask?from=" + one, "", nil, 302, "", ""},
			{"it takes no other methods", "DELETE", page, "", nil, 405, "", ""},
			{"a vote from another site", "POST", page, "vote=yes", []string{"Origin", "https://evil.example"}, 403, "", ""},
			{"a vote that is none", "POST", page, "vote=maybe", nil, 422, "", ""},
			{"far too many words", "POST", page, "vote=no&words=" + strings.Repeat("x", 20_000), nil, 413, "", ""},
			{"a vote", "POST", page, "vote=yes", nil, 303, "", ""},
			{"with words", "POST", page, "vote=no&words=how+much+acid", nil, 303, "", ""},
			{"is thanked for", "GET", page + "?thanks=yes", "", nil, 200, "Good to hear", ""},
			{"another is regretted", "GET", page + "?thanks=no", "", nil, 200, "What was missing?", ""},
			{"thanks for nothing", "GET", page + "?thanks=%22%3E%3Cscript%3E", "", nil, 200, "Did this solve it?", "\"><script>"},
		}
		for _, tt := range tests {
			w := s.come(tt.method, tt.path, tt.body, tt.more...)
			if got := w.Body.String(); w.Code != tt.want || !strings.Contains(got, tt.has) || tt.hasNot != "" && strings.Contains(got, tt.hasNot) {
				t.Errorf("%s: %d %s", tt.name, w.Code, got)
			}
			csp := w.Header().Get("Content-Security-Policy")
			if !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
				t.Errorf("%s: policy %q", tt.name, csp)
			}
		}
		if to := s.come("GET", "/help?q=caf%C3%A9", "", "Accept-Language", "de-AT").Header().Get("Location"); to != "/help/de?q=caf%C3%A9" {
			t.Errorf("led to %q", to)
		}
		if to := s.come("GET", "/help/-/ask", "").Header().Get("Location"); to != "/door/ch/" {
			t.Errorf("led to %q", to)
		}
		w := s.come("GET", page, "")
		tag := w.Header().Get("ETag")
		if tag == "" || !strings.Contains(w.Header().Get("Cache-Control"), "max-age=60") {
			t.Errorf("may it be kept? %v", w.Header())
		}
		if again := s.come("GET", page, "", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("again: %d", again.Code)
		}
		if s.come("GET", page+"?thanks=yes", "").Header().Get("Cache-Control") != "no-store" {
			t.Error("thanks are kept by nobody")
		}
		var sitemap struct {
			URLs []struct {
				Loc string `xml:"loc"`
			} `xml:"url"`
		}
		if err := xml.Unmarshal(s.come("GET", "/help/sitemap.xml", "").Body.Bytes(), &sitemap); err != nil || len(sitemap.URLs) != 5 {
			t.Errorf("sitemap %v %+v", err, sitemap)
		}
		for _, u := range sitemap.URLs {
			if !strings.HasPrefix(u.Loc, "https://parley.example/help/") || strings.Contains(u.Loc, "how-far") {
				t.Errorf("in the sitemap: %s", u.Loc)
			}
		}

		// What came of it. A machine does not count.
		before := s.ask("ada", "GET", "/api/know/report", "", 200)
		s.come("GET", page, "", "User-Agent", "Googlebot/2.1")
		s.come("HEAD", page, "")
		s.all([]asked{
			{"numbers", "vic", "GET", "/api/know/report", "", 200, `"total":{"visits":1,"searched":1,"read":1,"solved":1,"unsolved":1,"asked":1,`, ""},
			{"what nobody found", "vic", "GET", "/api/know/report", "", 200, `"words":"<script>alert(1)</script>"`, ""},
			{"what readers wrote", "vic", "GET", "/api/know/report", "", 200, "how much acid", ""},
			{"settings", "vic", "GET", "/api/know/help", "", 200, `"open":true`, ""},
			{"are not for everybody", "ron", "PUT", "/api/know/help", `{"off":true}`, 403, "know.publish", ""},
			{"with an unknown field", "ada", "PUT", "/api/know/help", `{"off":true,"x":1}`, 422, "", ""},
			{"a bad colour", "ada", "PUT", "/api/know/help", `{"off":false,"colour":"red;}"}`, 422, "", ""},
			{"a colour", "ada", "PUT", "/api/know/help", `{"off":false,"colour":"#aa3300","title":"Kettle help"}`, 200, "Kettle help", ""},
		})
		if after := s.ask("ada", "GET", "/api/know/report", "", 200); after != before {
			t.Errorf("a machine was counted:\n%s\n%s", before, after)
		}
		w = s.come("GET", "/help/en", "")
		if !strings.Contains(w.Body.String(), "--brand:#aa3300") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sha256-") {
			t.Error("the colour of the settings")
		}
		f.door = ""
		if w := s.come("GET", page, ""); strings.Contains(w.Body.String(), "Ask us") {
			t.Error("a way to ask that leads nowhere")
		}
		if w := s.come("GET", "/help/-/ask", ""); w.Code != http.StatusNotFound {
			t.Errorf("asking nobody: %d", w.Code)
		}
		s.ask("ada", "PUT", "/api/know/help", `{"off":true}`, 200)
		if w := s.come("GET", page, ""); w.Code != http.StatusNotFound {
			t.Errorf("open though off: %d", w.Code)
		}
		s.ask("ada", "PUT", "/api/know/help", `{"off":false}`, 200)
		for i := 0; ; i++ {
			w := s.come("GET", page, "")
			if w.Code == http.StatusTooManyRequests {
				break
			}
			if i > 1000 {
				t.Fatal("a stranger may ask without end")
			}
		}
		s.now.Add(time.Hour)
	})
}
