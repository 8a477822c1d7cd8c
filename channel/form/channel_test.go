package form_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/channel/form"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// stand is a form with what stands around it.
type stand struct {
	channel.Door
	t     *testing.T
	lines *channeltest.Lines
	shelf *channeltest.Shelf
	now   *clock.Set
	took  []channel.Event
	keys  map[string]bool
	fails error
	ip    string
}

func open(t *testing.T, more channel.Settings) *stand {
	t.Helper()
	s := &stand{t: t, lines: &channeltest.Lines{}, shelf: &channeltest.Shelf{}, now: clock.NewSet(start), keys: map[string]bool{}, ip: "192.0.2.1"}
	settings := channel.Settings{"key": strings.Repeat("k", 40), "name": "may", "email": "may", "phone": "may"}
	for k, v := range more {
		settings[k] = v
	}
	c, err := form.Kind().New(settings, channel.Env{ID: "c1", Clock: s.now, Lines: s.lines, Shelf: s.shelf,
		Brand: func(context.Context) channel.Brand { return channel.Brand{Name: "Brewell"} },
		Take: func(_ context.Context, events []channel.Event) error {
			if s.fails != nil {
				return s.fails
			}
			for _, e := range events {
				if !s.keys[e.Key] {
					s.keys[e.Key], s.took = true, append(s.took, e)
				}
			}
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	s.Door = c.(channel.Door)
	return s
}

// ask makes a request as a browser does; the page is framed or on its own.
func (s *stand) ask(method, path string, values url.Values, head ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	body := strings.NewReader("")
	if values != nil {
		body = strings.NewReader(values.Encode())
	}
	r := httptest.NewRequest(method, "http://parley.example"+path, body)
	if values != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://parley.example")
	}
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	w.Header().Set("X-Frame-Options", "DENY")
	s.Serve(w, r, channel.Visitor{IP: s.ip})
	return w
}

var hidden = regexp.MustCompile(`name="once" value="([^"]+)"`)

// page opens the form and returns what makes its message one.
func (s *stand) page(path string) string {
	s.t.Helper()
	m := hidden.FindStringSubmatch(s.ask("GET", path, nil).Body.String())
	if m == nil {
		s.t.Fatal("no form on the page")
	}
	return html.UnescapeString(m[1])
}

func (s *stand) say(text string) string {
	s.t.Helper()
	s.now.Add(10 * time.Minute)
	w := s.ask("POST", "/", url.Values{"once": {s.page("/")}, "name": {"Maya"}, "text": {text}})
	if w.Code != http.StatusSeeOther {
		s.t.Fatalf("%d %s", w.Code, w.Body)
	}
	as, err := s.Read(s.took[len(s.took)-1])
	if err != nil || len(as) != 1 {
		s.t.Fatal(err)
	}
	return as[0].ExternalID
}

func TestConformance(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		s := open(t, nil)
		seen := 0
		return &channeltest.Rig{
			Channel: s.Door, Say: s.say, Ours: s.lines.Ours, Keyed: true, Carried: s.shelf.Beside, Detach: s.shelf.Lose,
			Trouble: func(x channeltest.Trouble) {
				s.lines.Trouble(x)
				s.shelf.Away = x == channeltest.Away || x == channeltest.Failing
			},
			Attach: func(text string, files ...channeltest.File) string {
				s.now.Add(10 * time.Minute)
				if w := s.send("/", url.Values{"once": {s.page("/")}, "name": {"Maya"}, "text": {text}}, files...); w.Code != http.StatusSeeOther {
					t.Fatalf("%d %s", w.Code, w.Body)
				}
				as, err := s.Read(s.took[len(s.took)-1])
				if err != nil {
					t.Fatal(err)
				}
				return as[0].ExternalID
			},
			Now:  s.now.Now,
			Came: func() []channel.Event { n := seen; seen = len(s.took); return s.took[n:] },
		}
	})
}

func TestTheForm(t *testing.T) {
	asks := channel.Settings{"name": "must", "email": "must", "topics": "Order\nRepair", "questions": "Order number*\nColour", "consent": "I agree."}
	good := func(s *stand) url.Values {
		return url.Values{"once": {s.page("/")}, "name": {" Maya  Dubois "}, "email": {"Maya@Example.com"}, "phone": {"+44 20 7946 0000"},
			"topic": {"Repair"}, "q0": {"8812"}, "text": {"My kettle\r\nleaks <b>badly</b> 😀"}, "consent": {"yes"}}
	}
	tests := []struct {
		name   string
		change func(s *stand, v url.Values)
		status int
		says   string
		took   int
	}{
		{"all is well", func(*stand, url.Values) {}, 303, "", 1},
		{"no name", func(_ *stand, v url.Values) { v.Del("name") }, 422, "This is needed.", 0},
		{"an address that is none", func(_ *stand, v url.Values) { v.Set("email", "maya@localhost") }, 422, "This is not an email address.", 0},
		{"an address with a name in it", func(_ *stand, v url.Values) { v.Set("email", "Maya <maya@example.com>") }, 422, "This is not an email address.", 0},
		{"two lines in an address", func(_ *stand, v url.Values) { v.Set("email", "maya@example.com\nBcc: x@example.com") }, 422, "This is not an email address.", 0},
		{"a topic of one's own", func(_ *stand, v url.Values) { v.Set("topic", "Other") }, 422, "Please choose one of these.", 0},
		{"a question left open", func(_ *stand, v url.Values) { v.Set("q0", " ") }, 422, "This is needed.", 0},
		{"no consent", func(_ *stand, v url.Values) { v.Del("consent") }, 422, "Please tick this", 0},
		{"too long", func(_ *stand, v url.Values) { v.Set("text", strings.Repeat("x", 10_001)) }, 422, "This is too long.", 0},
		{"a machine fills all", func(_ *stand, v url.Values) { v.Set("website", "https://spam.example") }, 303, "", 0},
		{"a page of ours that nobody opened", func(_ *stand, v url.Values) { v.Set("once", "eyJpIjoieCJ9.AAAA") }, 422, "Please send it once more.", 0},
		{"a page that was open for two days", func(s *stand, _ url.Values) { s.now.Add(48 * time.Hour) }, 422, "Please send it once more.", 0},
		{"nothing can be kept", func(s *stand, _ url.Values) { s.fails = fmt.Errorf("disk full") }, 503, "It is still here", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t, asks)
			v := good(s)
			tt.change(s, v)
			w := s.ask("POST", "/", v)
			body := html.UnescapeString(w.Body.String())
			if w.Code != tt.status || !strings.Contains(body, tt.says) || len(s.took) != tt.took {
				t.Fatalf("%d, took %d: %s", w.Code, len(s.took), body)
			}
			if tt.status >= 400 && v.Get("text") != "" && len(v.Get("text")) < 100 && !strings.Contains(w.Body.String(), "leaks &lt;b&gt;badly&lt;/b&gt;") {
				t.Fatal("what was typed is lost, or not made safe")
			}
		})
	}
	t.Run("what is heard", func(t *testing.T) {
		s := open(t, asks)
		s.ask("POST", "/", good(s))
		as, err := s.Read(s.took[0])
		a := as[0]
		if err != nil || a.Author.Scheme != "mailto" || a.Author.Value != "maya@example.com" || a.Author.Name != "Maya Dubois" || a.Title != "Repair" ||
			a.Text != "My kettle\nleaks <b>badly</b> 😀\n\nOrder number\n8812\n\n☎ +44 20 7946 0000" || !a.Directed || a.Visibility != social.Direct {
			t.Fatalf("%+v, %v", a, err)
		}
	})
	t.Run("sent twice it is one message", func(t *testing.T) {
		s := open(t, asks)
		v := good(s)
		first, second := s.ask("POST", "/", v), s.ask("POST", "/", v)
		if first.Code != 303 || second.Code != 303 || len(s.took) != 1 {
			t.Fatalf("%d, %d, took %d", first.Code, second.Code, len(s.took))
		}
	})
	t.Run("too often from one address", func(t *testing.T) {
		s := open(t, asks)
		codes := map[int]int{}
		for range 15 {
			codes[s.ask("POST", "/", good(s)).Code]++
		}
		s.ip = "192.0.2.2"
		if other := s.ask("POST", "/", good(s)).Code; codes[303] != 10 || codes[429] != 5 || other != 303 {
			t.Fatalf("%v, another %d", codes, other)
		}
	})
}

func TestWhoMayShowTheForm(t *testing.T) {
	tests := []struct {
		name, origins, frames string
		deny                  string // X-Frame-Options that stays
	}{
		{"nobody", "", "frame-ancestors 'none'", "DENY"},
		{"two sites", "https://www.brewell.example\nshop.brewell.example", "frame-ancestors 'self' https://www.brewell.example https://shop.brewell.example", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t, channel.Settings{"origins": tt.origins})
			w := s.ask("GET", "/", nil)
			if csp := w.Header().Get("Content-Security-Policy"); !strings.HasSuffix(csp, tt.frames) || !strings.HasPrefix(csp, "default-src 'none'") || w.Header().Get("X-Frame-Options") != tt.deny || w.Header().Get("Referrer-Policy") != "same-origin" {
				t.Fatalf("%s; %s", csp, w.Header().Get("X-Frame-Options"))
			}
		})
	}
	t.Run("another site cannot send it", func(t *testing.T) {
		s := open(t, channel.Settings{"origins": "https://www.brewell.example"})
		for _, head := range [][]string{{"Origin", "https://evil.example"}, {"Origin", "https://www.brewell.example"}, {"Origin", "null"}, {"Origin", "", "Sec-Fetch-Site", "cross-site"}} {
			if w := s.ask("POST", "/", url.Values{"once": {s.page("/")}, "text": {"hi"}}, head...); w.Code != http.StatusForbidden || len(s.took) > 0 {
				t.Fatalf("%v: %d", head, w.Code)
			}
		}
	})
	for _, bad := range []channel.Settings{{"origins": "https://a.example/path"}, {"origins": "*"}, {"origins": "javascript:alert(1)"}, {"origins": "https://a.example;script-src"},
		{"colour": "red;}"}, {"lang": "xx"}, {"privacy": "javascript:x"}, {"key": "short"}} {
		s := channel.Settings{"key": strings.Repeat("k", 40)}
		for k, v := range bad {
			s[k] = v
		}
		if _, err := form.Kind().New(s, channel.Env{}); !social.Invalid.Is(err) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestTheAnswerIsFoundOnItsPage(t *testing.T) {
	s := open(t, nil)
	w := s.ask("POST", "/", url.Values{"once": {s.page("/")}, "name": {"Maya"}, "text": {"Where is my kettle?"}})
	thanks, err := url.Parse(w.Header().Get("Location"))
	if err != nil || thanks.Path != "thanks" {
		t.Fatal(w.Header())
	}
	at := "/talk/" + thanks.Query().Get("talk")
	if body := s.ask("GET", "/"+thanks.String(), nil).Body.String(); !strings.Contains(body, `href="talk/`) {
		t.Fatal("no way back from the thanks")
	}
	as, _ := s.Read(s.took[0])
	r := social.Reply{Key: "k1", To: as[0].Author, Parent: as[0].ExternalID, Root: as[0].Root, Text: "It is on its <way>.", Visibility: social.Direct}
	for range 2 {
		if _, err := s.Door.(channel.Sender).Send(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	body := s.ask("GET", at, nil).Body.String()
	if strings.Count(body, "It is on its &lt;way&gt;.") != 1 || !strings.Contains(body, "Where is my kettle?") {
		t.Fatal(body)
	}
	if w := s.ask("POST", at, url.Values{"once": {s.page(at)}, "text": {"Thank you!"}}); w.Code != 303 || len(s.took) != 2 {
		t.Fatalf("%d", w.Code)
	}
	more, _ := s.Read(s.took[1])
	if more[0].Root != as[0].Root || more[0].Author.ID() != as[0].Author.ID() {
		t.Fatalf("%+v", more[0])
	}
	for _, bad := range []string{"/talk/", "/talk/x", at + "x", "/talk/" + s.page("/")} {
		if w := s.ask("GET", bad, nil); w.Code != 404 || strings.Contains(w.Body.String(), "kettle") {
			t.Fatalf("%s: %d", bad, w.Code)
		}
	}
}
