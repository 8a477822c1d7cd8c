package chat_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/channel/chat"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // a Monday

const site = "https://www.brewell.example"

// stand is a chat with what stands around it.
type stand struct {
	channel.Door
	t     *testing.T
	hub   *chat.Hub
	lines *channeltest.Lines
	shelf *channeltest.Shelf
	now   *clock.Set
	mu    sync.Mutex
	took  []channel.Event
	keys  map[string]bool
	fails error
	url   string
	n     int
}

func open(t *testing.T, more channel.Settings) *stand {
	t.Helper()
	s := &stand{t: t, hub: chat.NewHub(), lines: &channeltest.Lines{}, shelf: &channeltest.Shelf{}, now: clock.NewSet(start), keys: map[string]bool{}}
	settings := channel.Settings{"key": strings.Repeat("k", 40), "origins": site}
	for k, v := range more {
		settings[k] = v
	}
	c, err := chat.Kind(s.hub).New(settings, channel.Env{ID: "c1", Clock: s.now, Lines: s.lines, Shelf: s.shelf, Door: "https://parley.example/door/c1",
		Take: func(_ context.Context, events []channel.Event) error {
			s.mu.Lock()
			defer s.mu.Unlock()
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
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Serve(w, r, channel.Visitor{IP: "192.0.2.1"}) }))
	t.Cleanup(func() { s.hub.Close(); srv.Close() })
	s.url = srv.URL
	return s
}

// ask makes a request from a site.
func (s *stand) ask(method, path, origin, token, body string) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := new(http.Client).Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	return resp, string(text)
}

type greeting struct {
	Token string
	Open  bool
	Lines []struct {
		ID, Text string
		N        int64
		Ours     bool
	}
}

func (s *stand) hello(token string) (g greeting) {
	s.t.Helper()
	resp, text := s.ask("POST", "/hello", site, token, "{}")
	if err := json.Unmarshal([]byte(text), &g); err != nil || resp.StatusCode != 200 {
		s.t.Fatalf("%d %s", resp.StatusCode, text)
	}
	return g
}

func (s *stand) says(token, id, text string) int {
	s.t.Helper()
	body, _ := json.Marshal(map[string]string{"id": id, "text": text, "name": "Maya", "email": "maya@example.com"})
	resp, _ := s.ask("POST", "/say", site, token, string(body))
	return resp.StatusCode
}

func TestConformance(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		s := open(t, nil)
		token, seen := s.hello("").Token, 0
		return &channeltest.Rig{
			Channel: s.Door, Ours: s.lines.Ours, Keyed: true, Now: s.now.Now, Carried: s.shelf.Beside, Detach: s.shelf.Lose,
			Trouble: func(x channeltest.Trouble) {
				s.lines.Trouble(x)
				s.shelf.Away = x == channeltest.Away || x == channeltest.Failing
			},
			Attach: func(text string, files ...channeltest.File) string {
				var ids []string
				for _, f := range files {
					s.n++
					id := fmt.Sprintf("file-%04d", s.n)
					if code, body := s.brings(token, id, f.Name, f.Bytes); code != 201 {
						t.Fatalf("%d %s", code, body)
					}
					ids = append(ids, id)
				}
				s.n++
				if code := s.saysWith(token, fmt.Sprintf("message-%d", s.n), text, ids...); code != 200 {
					t.Fatalf("status %d", code)
				}
				as, err := s.Read(s.took[len(s.took)-1])
				if err != nil {
					t.Fatal(err)
				}
				return as[0].ExternalID
			},
			Say: func(text string) string {
				s.n++
				s.now.Add(time.Minute)
				if code := s.says(token, fmt.Sprintf("message-%d", s.n), text); code != 200 {
					t.Fatalf("status %d", code)
				}
				as, err := s.Read(s.took[len(s.took)-1])
				if err != nil {
					t.Fatal(err)
				}
				return as[0].ExternalID
			},
			Came: func() []channel.Event { n := seen; seen = len(s.took); return s.took[n:] },
		}
	})
}

func TestWhoMayUseTheChat(t *testing.T) {
	s := open(t, nil)
	g := s.hello("")
	other := s.hello("")
	own := func() string { // a token of our own page
		r, text := s.ask("POST", "/hello", "https://parley.example", "", "{}")
		var g greeting
		if r.StatusCode != 200 || json.Unmarshal([]byte(text), &g) != nil {
			t.Fatalf("our own page: %d", r.StatusCode)
		}
		return g.Token
	}()
	body := `{"id":"message-1","text":"hi"}`
	tests := []struct {
		name, method, path, origin, token, body string
		status                                  int
	}{
		{"a site that is named", "POST", "/say", site, g.Token, body, 200},
		{"a site that is not", "POST", "/hello", "https://evil.example", "", "{}", 403},
		{"a site that is not, with a token", "POST", "/say", "https://evil.example", g.Token, body, 403},
		{"a site that looks alike", "POST", "/hello", site + ".evil.example", "", "{}", 403},
		{"the same site without TLS", "POST", "/hello", "http://www.brewell.example", "", "{}", 403},
		{"a page without a site", "POST", "/hello", "null", "", "{}", 403},
		{"a token of another site", "POST", "/say", site, own, body, 401},
		{"no token", "POST", "/say", site, "", body, 401},
		{"half a token", "POST", "/say", site, g.Token[:len(g.Token)/2], body, 401},
		{"a token with another's signature", "POST", "/say", site, strings.Split(g.Token, ".")[0] + "." + strings.Split(other.Token, ".")[1], body, 401},
		{"listening without a token", "GET", "/live?after=0", site, "", "", 401},
		{"no words", "POST", "/say", site, g.Token, `{"id":"message-2","text":" "}`, 422},
		{"no id", "POST", "/say", site, g.Token, `{"text":"hi"}`, 422},
		{"too many words", "POST", "/say", site, g.Token, `{"id":"message-3","text":"` + strings.Repeat("x", 4001) + `"}`, 422},
		{"two addresses", "POST", "/say", site, g.Token, `{"id":"message-4","text":"hi","email":"a@b.example, c@d.example"}`, 422},
		{"no JSON", "POST", "/say", site, g.Token, `{`, 400},
		{"a field that there is not", "POST", "/say", site, g.Token, `{"id":"message-5","text":"hi","admin":true}`, 400},
		{"a position that is none", "GET", "/live?after=-1", site, g.Token, "", 400},
		{"another method", "DELETE", "/say", site, g.Token, "", 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp, _ := s.ask(tt.method, tt.path, tt.origin, tt.token, tt.body)
			if resp.StatusCode != tt.status {
				t.Fatalf("%d, want %d", resp.StatusCode, tt.status)
			}
			allowed := resp.Header.Get("Access-Control-Allow-Origin")
			if tt.status == 403 && allowed != "" || tt.status == 200 && allowed != tt.origin {
				t.Fatalf("allowed %q", allowed)
			}
		})
	}
	t.Run("nobody reads another's talk", func(t *testing.T) {
		if g := s.hello(g.Token); len(g.Lines) != 1 {
			t.Fatalf("%+v", g.Lines)
		}
		if g := s.hello(other.Token); len(g.Lines) != 0 {
			t.Fatalf("%+v", g.Lines)
		}
	})
	t.Run("a token ends when it was not used for half a year", func(t *testing.T) {
		s.now.Add(181 * 24 * time.Hour)
		if code := s.says(g.Token, "message-9", "hi"); code != 401 {
			t.Fatal(code)
		}
	})
}

func TestTheSameMessageTwice(t *testing.T) {
	s := open(t, nil)
	g := s.hello("")
	for range 3 {
		if code := s.says(g.Token, "message-1", "Where is my kettle?"); code != 200 {
			t.Fatal(code)
		}
	}
	if g = s.hello(g.Token); len(s.took) != 1 || len(g.Lines) != 1 || g.Lines[0].ID != "message-1" {
		t.Fatalf("took %d, %+v", len(s.took), g.Lines)
	}
	as, err := s.Read(s.took[0])
	if err != nil || as[0].Author.Scheme != "chat" || !strings.HasPrefix(as[0].Author.Name, "Maya") || !as[0].Directed || as[0].Visibility != social.Direct {
		t.Fatalf("%+v, %v", as, err)
	}
}

func TestTooMuchAtOnce(t *testing.T) {
	s := open(t, nil)
	token := s.hello("").Token
	codes := map[int]int{}
	for i := range 20 {
		codes[s.says(token, fmt.Sprintf("message-%d", i), "spam")]++
	}
	if codes[200] != 12 || codes[429] != 8 || len(s.took) != 12 {
		t.Fatalf("%v, took %d", codes, len(s.took))
	}
	if code := s.says(token, "message-0", "spam"); code != 200 {
		t.Fatalf("what stands already: %d", code)
	}
}

// TestOurAnswerComesLiveAndOnce listens as a page does, breaks off, and comes
// back where it stopped.
func TestOurAnswerComesLiveAndOnce(t *testing.T) {
	s := open(t, nil)
	token := s.hello("").Token
	s.says(token, "message-1", "Hello?")
	as, _ := s.Read(s.took[0])
	answer := func(key, text string) {
		t.Helper()
		for range 2 {
			if _, err := s.Door.(channel.Sender).Send(t.Context(), social.Reply{Key: key, To: as[0].Author, Parent: as[0].ExternalID, Root: as[0].Root, Text: text, Visibility: social.Direct}); err != nil {
				t.Fatal(err)
			}
		}
	}
	listen := func(after int64, n int) (texts []string, last int64) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		r, _ := http.NewRequestWithContext(ctx, "GET", fmt.Sprintf("%s/live?after=%d", s.url, after), nil)
		r.Header.Set("Origin", site)
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := new(http.Client).Do(r)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%v, %v", resp, err)
		}
		defer resp.Body.Close()
		if after == 1 {
			answer("k1", "On its way.")
		}
		in := bufio.NewScanner(resp.Body)
		for len(texts) < n && in.Scan() {
			if data, ok := strings.CutPrefix(in.Text(), "data: "); ok {
				var l struct {
					Text string
					N    int64
				}
				if err := json.Unmarshal([]byte(data), &l); err != nil {
					t.Fatal(err)
				}
				texts, last = append(texts, l.Text), l.N
			}
		}
		return texts, last
	}
	texts, last := listen(1, 1)
	if len(texts) != 1 || texts[0] != "On its way." {
		t.Fatalf("%q", texts)
	}
	answer("k2", "It has arrived.") // while nobody listens
	if texts, _ = listen(last, 1); len(texts) != 1 || texts[0] != "It has arrived." {
		t.Fatalf("%q", texts)
	}
	if texts, _ = listen(0, 3); fmt.Sprint(texts) != "[Hello? On its way. It has arrived.]" {
		t.Fatalf("%q", texts)
	}
}

func TestHours(t *testing.T) {
	tests := []struct {
		name, hours, zone string
		at                time.Time
		open              bool
	}{
		{"always", "", "", start, true},
		{"on Monday morning", "Mon-Fri 09:00-17:00", "UTC", start, true},
		{"a minute before", "Mon-Fri 09:00-17:00", "UTC", start.Add(-time.Minute), false},
		{"at the end", "Mon-Fri 09:00-17:00", "UTC", start.Add(8 * time.Hour), false},
		{"on Sunday", "Mon-Fri 09:00-17:00", "UTC", start.Add(-24 * time.Hour), false},
		{"over the weekend", "Sat-Mon 08:00-24:00", "UTC", start, true},
		{"elsewhere it is later", "Mon 10:00-11:00", "Europe/Berlin", start, true},
		{"two spans", "Mon 08:00-08:30\nMon 09:00-10:00", "UTC", start, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t, channel.Settings{"hours": tt.hours, "zone": tt.zone})
			s.now.Move(tt.at)
			if g := s.hello(""); g.Open != tt.open {
				t.Fatalf("open %v", g.Open)
			}
		})
	}
	for _, bad := range []channel.Settings{{"hours": "Mon 9-5"}, {"hours": "Xyz 09:00-10:00"}, {"hours": "Mon 17:00-09:00"}, {"hours": "Mon 09:70-10:00"}, {"zone": "Mars/Base"}, {"origins": " "}, {"origins": "*"}, {"colour": "blue"}} {
		settings := channel.Settings{"key": strings.Repeat("k", 40), "origins": site}
		for k, v := range bad {
			settings[k] = v
		}
		if _, err := chat.Kind(chat.NewHub()).New(settings, channel.Env{}); !social.Invalid.Is(err) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestTheScriptIsSmall(t *testing.T) {
	s := open(t, nil)
	resp, text := s.ask("GET", "/chat.js", "https://anywhere.example", "", "")
	if len(text) > 23_000 || resp.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/javascript") {
		t.Fatalf("%d bytes, %v", len(text), resp.Header)
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/chat.js", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	resp, err = new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if small, err := io.ReadAll(resp.Body); err != nil || len(small) > 8_000 || resp.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("%d bytes on their way, %v, %v", len(small), resp.Header, err)
	}
}
