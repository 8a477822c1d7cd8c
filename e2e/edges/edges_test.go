//go:build browser

// Package edges tries the real binary at every edge: bad input, networks that
// misbehave, and a process that is killed at the worst moment. What comes back
// must be a clear sentence, and nothing may be lost or sent twice.
package edges

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/house"
)

const within = 90 * time.Second // generous: what is waited for is judged, not how long it takes

// until asks again and again whether something is so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-deadline.C:
			t.Fatal("waited in vain: ", what)
		case <-tick.C:
		}
	}
}

func start(t *testing.T) (*house.House, *house.Client) {
	t.Helper()
	h := house.Start(t, "--allow", "127.0.0.1,localhost", "--jetstream", "ws://127.0.0.1:1/subscribe", "--undo", "1s")
	c := h.Admin("Ada Admin", "ada@brewell.example")
	c.Must(http.MethodPut, "/api/brand", map[string]any{"name": "Brewell"}, nil)
	return h, c
}

type channel struct {
	ID     string
	Health struct{ State, Text string }
}

func connect(c *house.Client, kind string, settings map[string]string) string {
	var made channel
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": kind, "name": kind, "settings": settings}, &made)
	return made.ID
}

func health(c *house.Client, id string) channel {
	var ch channel
	c.Must(http.MethodGet, "/api/channels/"+id, nil, &ch)
	return ch
}

type talk struct{ ID, Preview, Delivery string }

func inbox(c *house.Client) []talk {
	var page struct{ Items []talk }
	c.Must(http.MethodGet, "/api/conversations?view=all&limit=100", nil, &page)
	return page.Items
}

// wall is the texts of what was heard.
func wall(c *house.Client) (texts []string) {
	var page struct{ Items []struct{ Text string } }
	c.Must(http.MethodGet, "/api/mentions?limit=100", nil, &page)
	for _, m := range page.Items {
		texts = append(texts, m.Text)
	}
	return texts
}

func has(texts []string, part string) bool {
	for _, s := range texts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// Whoever asks for nonsense gets a problem that says so, and nothing else happens.
func TestNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	h, c := start(t)
	connect(c, "practice", map[string]string{"site": "microblog", "handle": "brewell"})
	nobody, forged := h.API(""), h.API("parley_forged")
	big := strings.Repeat("kettle ", 10<<20/7)
	tests := []struct {
		name         string
		by           *house.Client
		method, path string
		body         any
		status       int
		says         string
	}{
		{"no session", nobody, "GET", "/api/conversations", nil, 401, `"detail"`},
		{"forged token", forged, "GET", "/api/conversations", nil, 401, `"detail"`},
		{"unclosed parenthesis", c, "POST", "/api/monitors", map[string]any{"name": "x", "query": "kettle AND (broke"}, 422, `"at":`},
		{"only excludes", c, "POST", "/api/monitors", map[string]any{"name": "x", "query": "NOT kettle"}, 422, `"detail"`},
		{"unknown field", c, "POST", "/api/monitors", map[string]any{"name": "x", "query": "kettle", "colour": "red"}, 422, "colour"},
		{"unknown parameter", c, "GET", "/api/conversations?colour=red", nil, 422, "colour"},
		{"unknown view", c, "GET", "/api/conversations?view=sideways", nil, 422, "view"},
		{"no JSON", c, "POST", "/api/monitors", "kettle", 422, `"detail"`},
		{"unknown channel", c, "POST", "/api/channels", map[string]any{"kind": "fax", "name": "x", "settings": map[string]string{}}, 422, `"detail"`},
		{"unknown setting", c, "POST", "/api/channels", map[string]any{"kind": "feed", "name": "x", "settings": map[string]string{"urls": "https://e.org/f", "colour": "red"}}, 422, "colour"},
		{"settings without an address", c, "POST", "/api/channels", map[string]any{"kind": "feed", "name": "x", "settings": map[string]string{"urls": "not a feed at all"}}, 422, `"detail"`},
		{"somebody else's thing", c, "GET", "/api/conversations/none", nil, 404, `"detail"`},
		{"no such operation", c, "GET", "/api/kettles", nil, 404, `"detail"`},
		{"ten megabytes", c, "POST", "/api/practice/say", map[string]any{"text": big}, 413, `"detail"`},
		{"a used link", nobody, "POST", "/api/links/used", map[string]any{"password": house.Password}, 404, `"detail"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, text := tt.by.Do(tt.method, tt.path, tt.body, nil)
			if status != tt.status || !strings.Contains(text, tt.says) || strings.Contains(text, "goroutine") {
				t.Errorf("%d %.300s\nwant %d with %s", status, text, tt.status, tt.says)
			}
		})
	}
	t.Run("a forged session", func(t *testing.T) {
		req, err := http.NewRequest(http.MethodGet, h.URL+"/api/conversations", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: "parley_session", Value: strings.Repeat("A", 43)})
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized {
			t.Errorf("it gets %d", res.StatusCode)
		}
	})
	t.Run("another site", func(t *testing.T) {
		req, err := http.NewRequest(http.MethodPost, h.URL+"/api/session", strings.NewReader(`{"email":"a@b.example","password":"x"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		req.Header.Set("Origin", "https://evil.example")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusForbidden {
			t.Errorf("it gets %d", res.StatusCode)
		}
	})
	var monitors struct{ Items []any }
	c.Must(http.MethodGet, "/api/monitors", nil, &monitors)
	if n := len(inbox(c)) + len(monitors.Items); n != 0 {
		t.Errorf("nonsense left %d things behind", n)
	}
}

// A feed that is broken is told of in a sentence; when it is mended, it is read.
func TestMalformedFeed(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	feed := &page{}
	srv := httptest.NewServer(feed)
	t.Cleanup(srv.Close)
	c.Must(http.MethodPost, "/api/monitors", map[string]any{"name": "kettles", "query": "kettle"}, nil)
	const item = `<item><guid>%s</guid><title>%s</title><description>%s</description></item>`
	feed.is(rss(fmt.Sprintf(item, "1", "first", "the oldest kettle")))
	id := connect(c, "feed", map[string]string{"urls": srv.URL + "/feed.xml"})
	until(t, "the feed is read", func() bool { return has(wall(c), "the oldest kettle") })

	for _, broken := range []string{"<rss><channel><item><title>half a", "\x00\x01\x02 no feed", "", "{}", "<html><body>moved</body></html>"} {
		feed.is(broken)
		c.Must(http.MethodPost, "/api/channels/"+id+"/poll", nil, nil)
		until(t, fmt.Sprintf("%.20q is told as trouble", broken), func() bool {
			h := health(c, id).Health
			return h.State == "trouble" && strings.HasSuffix(h.Text, ".") && !strings.Contains(h.Text, "EOF")
		})
		feed.is(rss(""))
		c.Must(http.MethodPost, "/api/channels/"+id+"/poll", nil, nil)
		until(t, "it is well again", func() bool { return health(c, id).Health.State == "ok" })
	}

	big := "kettle " + strings.Repeat("very long ", 1<<20)
	feed.is(rss(fmt.Sprintf(item, "2", "before", "a kettle before") + fmt.Sprintf(item, "3", "big", big) + fmt.Sprintf(item, "4", "after", "a kettle after")))
	c.Must(http.MethodPost, "/api/channels/"+id+"/poll", nil, nil)
	until(t, "a post of ten megabytes is told of, or the others are read", func() bool {
		return health(c, id).Health.State == "trouble" || has(wall(c), "a kettle after")
	})
	feed.is(rss(fmt.Sprintf(item, "2", "before", "a kettle before") + fmt.Sprintf(item, "4", "after", "a kettle after")))
	c.Must(http.MethodPost, "/api/channels/"+id+"/poll", nil, nil)
	until(t, "the others are read", func() bool { return has(wall(c), "a kettle before") && has(wall(c), "a kettle after") })
	if !has(wall(c), "the oldest kettle") {
		t.Error("what was heard before is gone")
	}
}

// page is a page that changes.
type page struct {
	mu   sync.Mutex
	text string
}

func (p *page) is(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = text
}

func (p *page) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/rss+xml")
	_, _ = w.Write([]byte(p.text))
}

func rss(items string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://news.example</link>` + items + `</channel></rss>`
}

// A post of ten megabytes harms neither itself nor its neighbours.
func TestAHugePost(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	d := newDouble(t)
	d.say("before it")
	d.say("kettle " + strings.Repeat("very long ", 1<<20))
	d.say("after it")
	connect(c, "mastodon", map[string]string{"server": d.URL, "token": "first"})
	until(t, "its neighbours stand in the inbox", func() bool {
		all := inbox(c)
		var texts []string
		for _, x := range all {
			texts = append(texts, x.Preview)
		}
		return has(texts, "before it") && has(texts, "after it")
	})
}

// A token that the network takes back stops a channel with a sentence; with a
// new one it hears what was said meanwhile.
func TestRevokedToken(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	d := newDouble(t)
	id := connect(c, "mastodon", map[string]string{"server": d.URL, "token": "first"})
	d.say("the first thing")
	c.Must(http.MethodPost, "/api/channels/"+id+"/poll", nil, nil)
	until(t, "it is heard", func() bool { return len(inbox(c)) == 1 })

	d.revoke("second")
	until(t, "the trouble is told", func() bool { return health(c, id).Health.State == "trouble" })
	if text := health(c, id).Health.Text; !strings.HasSuffix(text, ".") || !strings.Contains(text, "does not accept our credentials") {
		t.Errorf("the trouble reads %q", text)
	}
	d.say("said meanwhile")
	c.Must(http.MethodPatch, "/api/channels/"+id, map[string]any{"settings": map[string]string{"server": d.URL, "token": "second"}}, nil)
	until(t, "what was said meanwhile is heard", func() bool { return len(inbox(c)) == 2 })
	if state := health(c, id).Health.State; state != "ok" {
		t.Errorf("its health is %q", state)
	}
	_, text := c.Do(http.MethodGet, "/api/channels/"+id, nil, nil)
	if strings.Contains(text, `"second"`) {
		t.Error("the token is shown")
	}
}

// Killed between hearing and the inbox, Parley loses nothing and doubles nothing.
func TestKilledWhileItHears(t *testing.T) {
	t.Parallel()
	h, c := start(t)
	d := newDouble(t)
	connect(c, "mastodon", map[string]string{"server": d.URL, "token": "first"})
	want := map[string]bool{}
	for round := range 4 {
		for i := range 20 {
			text := fmt.Sprintf("complaint %d of round %d", i, round)
			want["@brewell "+text] = true
			d.say(text)
		}
		d.drop() // so that it asks what it has missed
		if round > 0 {
			until(t, "the first of them are heard", func() bool { return len(inbox(c)) > 20*(round-1) })
		}
		h.Kill()
		h.Run()
	}
	until(t, "all stand in the inbox", func() bool { return len(inbox(c)) >= len(want) })
	for _, x := range inbox(c) {
		if !want[x.Preview] {
			t.Errorf("twice, or never said: %q", x.Preview)
		}
		delete(want, x.Preview)
		var page struct{ Items []struct{ Kind string } }
		c.Must(http.MethodGet, "/api/conversations/"+x.ID+"/messages", nil, &page)
		if len(page.Items) != 1 {
			t.Errorf("%q holds %d messages", x.Preview, len(page.Items))
		}
	}
	for text := range want {
		t.Errorf("lost: %q", text)
	}
}

// Killed while a reply is on the wire, Parley reads whether it stands, and
// never sends it again.
func TestKilledWhileItSends(t *testing.T) {
	t.Parallel()
	h, c := start(t)
	d := newDouble(t)
	c.Acknowledge()
	connect(c, "mastodon", map[string]string{"server": d.URL, "token": "first"})
	d.say("where is my kettle?")
	d.drop()
	until(t, "it is heard", func() bool { return len(inbox(c)) == 1 })
	id := inbox(c)[0].ID

	arrived, release := d.holdPosts()
	c.Must(http.MethodPost, "/api/conversations/"+id+"/replies", map[string]any{"key": "k1", "text": "On its way.", "visibility": "public"}, nil)
	<-arrived
	h.Kill()
	release()
	h.Run()
	var delivery string
	until(t, "the outcome is settled", func() bool {
		delivery = inbox(c)[0].Delivery
		return delivery == "sent" || delivery == "confirmed" || delivery == "needs_check" || delivery == "failed"
	})
	stand, asked := d.ours("On its way.")
	if delivery != "sent" && delivery != "confirmed" || stand != 1 || asked != 1 {
		t.Errorf("delivery is %q; it stands %d times and was asked for %d times", delivery, stand, asked)
	}
	// The same key is the same reply, even for a browser that never got an answer.
	c.Must(http.MethodPost, "/api/conversations/"+id+"/replies", map[string]any{"key": "k1", "text": "On its way.", "visibility": "public"}, nil)
	var page struct{ Items []struct{ Kind string } }
	c.Must(http.MethodGet, "/api/conversations/"+id+"/messages", nil, &page)
	if len(page.Items) != 2 {
		t.Errorf("the conversation holds %d messages", len(page.Items))
	}
	if text, code := h.CLI("audit", "verify"); code != 0 {
		t.Errorf("audit verify: %s", text)
	}
}
