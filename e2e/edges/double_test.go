//go:build browser

package edges

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// double is a server with the Mastodon API that does as a test tells it: it
// takes tokens back, holds answers, and remembers all that was asked of it.
type double struct {
	URL string

	mu      sync.Mutex
	token   string
	posts   []map[string]any // oldest first
	sent    int              // statuses that Parley asked to post
	arrived chan struct{}    // closed when a held post has arrived
	hold    chan struct{}    // posts are not answered before it is closed
	sockets map[*websocket.Conn]bool
}

var (
	brand = map[string]any{"id": "1", "username": "brewell", "acct": "brewell", "display_name": "Brewell"}
	maya  = map[string]any{"id": "2", "username": "maya", "acct": "maya", "display_name": "Maya"}
)

func newDouble(t *testing.T) *double {
	d := &double{token: "first", sockets: map[*websocket.Conn]bool{}}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /api/v2/instance", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"domain": r.Host, "version": "4.4.0"})
	})
	mux.HandleFunc("GET /api/v1/accounts/verify_credentials", func(w http.ResponseWriter, _ *http.Request) { answer(w, brand) })
	mux.HandleFunc("GET /api/v1/notifications", func(w http.ResponseWriter, r *http.Request) {
		out := []map[string]any{}
		for _, s := range d.after(r, "2") {
			out = append(out, map[string]any{"id": s["id"], "type": "mention", "created_at": s["created_at"], "status": s})
		}
		answer(w, out)
	})
	mux.HandleFunc("GET /api/v1/accounts/1/statuses", func(w http.ResponseWriter, r *http.Request) { answer(w, d.after(r, "1")) })
	mux.HandleFunc("GET /api/v1/statuses/{id}/context", func(w http.ResponseWriter, r *http.Request) {
		below := []map[string]any{}
		for _, s := range d.all() {
			if s["in_reply_to_id"] == r.PathValue("id") {
				below = append(below, s)
			}
		}
		answer(w, map[string]any{"ancestors": []any{}, "descendants": below})
	})
	mux.HandleFunc("GET /api/v1/statuses/{id}", func(w http.ResponseWriter, r *http.Request) {
		for _, s := range d.all() {
			if s["id"] == r.PathValue("id") {
				answer(w, s)
				return
			}
		}
		http.NotFound(w, r)
	})
	mux.HandleFunc("POST /api/v1/statuses", func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Status string
			To     string `json:"in_reply_to_id"`
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		s := d.post(brand, in.Status, in.To)
		d.mu.Lock()
		d.sent++
		arrived, hold := d.arrived, d.hold
		d.mu.Unlock()
		if hold != nil {
			close(arrived)
			<-hold
		}
		answer(w, s)
	})
	mux.HandleFunc("GET /api/v1/streaming", func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		d.mu.Lock()
		d.sockets[c] = true
		d.mu.Unlock()
		<-c.CloseRead(r.Context()).Done()
		d.mu.Lock()
		delete(d.sockets, c)
		d.mu.Unlock()
	})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		token := d.token
		d.mu.Unlock()
		if r.URL.Path != "/api/v2/instance" && r.Header.Get("Authorization") != "Bearer "+token {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":"The access token was revoked"}`))
			return
		}
		mux.ServeHTTP(w, r)
	}))
	d.URL = srv.URL
	t.Cleanup(srv.Close)
	t.Cleanup(d.drop)
	return d
}

// say lets Maya mention us.
func (d *double) say(text string) { d.post(maya, "@brewell "+text, "") }

func (d *double) post(by map[string]any, text, to string) map[string]any {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := fmt.Sprint(1000 + len(d.posts))
	s := map[string]any{"id": id, "created_at": time.Now().UTC().Format(time.RFC3339Nano), "visibility": "public", "language": "en",
		"uri": d.URL + "/s/" + id, "url": d.URL + "/s/" + id, "content": "<p>" + text + "</p>", "account": by,
		"mentions": []any{map[string]any{"id": "1", "acct": "brewell"}}, "media_attachments": []any{}}
	if to != "" {
		s["in_reply_to_id"] = to
	}
	d.posts = append(d.posts, s)
	return s
}

// all is what stands there, oldest first.
func (d *double) all() []map[string]any {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]map[string]any{}, d.posts...)
}

// after is a page as Mastodon makes it: the newest first, or those next after min_id.
func (d *double) after(r *http.Request, by string) []map[string]any {
	q := r.URL.Query()
	page := []map[string]any{}
	for _, s := range d.all() {
		id := s["id"].(string)
		if s["account"].(map[string]any)["id"] != by || id <= q.Get("min_id") || id <= q.Get("since_id") || q.Get("max_id") != "" && id >= q.Get("max_id") {
			continue
		}
		page = append(page, s)
	}
	const most = 40
	switch {
	case len(page) <= most:
	case q.Get("min_id") != "":
		page = page[:most]
	default:
		page = page[len(page)-most:]
	}
	for i, j := 0, len(page)-1; i < j; i, j = i+1, j-1 {
		page[i], page[j] = page[j], page[i]
	}
	return page
}

// revoke takes the token back, closes what was opened with it, and gives another.
func (d *double) revoke(next string) {
	d.mu.Lock()
	d.token = next
	d.mu.Unlock()
	d.drop()
}

func (d *double) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for c := range d.sockets {
		_ = c.CloseNow()
	}
}

// holdPosts keeps what is posted, but answers nothing until release is called.
func (d *double) holdPosts() (arrived <-chan struct{}, release func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.arrived, d.hold = make(chan struct{}), make(chan struct{})
	hold := d.hold
	return d.arrived, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.hold = nil
		close(hold)
	}
}

// ours counts our posts with a text in them, and how often we were asked to post.
func (d *double) ours(text string) (stand, asked int) {
	for _, s := range d.all() {
		if s["account"].(map[string]any)["id"] == "1" && strings.Contains(s["content"].(string), text) {
			stand++
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return stand, d.sent
}
