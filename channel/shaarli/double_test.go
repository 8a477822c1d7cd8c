package shaarli

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// double is a small Shaarli that speaks its REST API as it is documented.
type double struct {
	mu     sync.Mutex
	clock  time.Time
	links  []*link
	acts   []map[string]any // oldest first
	posted []string
}

type link struct {
	id                      int64
	url, title, description string
	tags                    []string
	private, gone, again    bool
	at                      time.Time
}

const secret = "3b7c9d1e5f"

func newDouble() *double {
	return &double{clock: time.Now().Add(-24 * time.Hour).Truncate(time.Second)}
}

func (d *double) act(event string, id any) {
	d.acts = append(d.acts, map[string]any{"event": event, "datetime": d.clock.Format(time.RFC3339), "id": id})
}

func (d *double) put(l *link) *link {
	l.id = int64(len(d.links))
	if l.at.IsZero() {
		d.clock = d.clock.Add(time.Second)
		l.at = d.clock
	}
	d.links = append(d.links, l)
	return l
}

func (d *double) say(text string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.put(&link{url: fmt.Sprintf("https://shop.brewell.example/kettle/%d?a=1", len(d.links)), title: "A kettle", description: text, tags: []string{"tea"}})
	d.act("CREATED", l.id)
	return fmt.Sprintf("s%d", l.id)
}

func (d *double) change(id string, f func(*link)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, _ := strconv.Atoi(id[1:])
	f(d.links[n])
	d.clock = d.clock.Add(time.Second)
	if d.links[n].gone {
		d.act("DELETED", n)
		return
	}
	d.act("UPDATED", n)
}

// trusted checks the token as ApiUtils::validateJwtToken does.
func trusted(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		return false
	}
	h := hmac.New(sha512.New, []byte(secret))
	h.Write([]byte(parts[0] + "." + parts[1]))
	sum, err := base64.RawURLEncoding.DecodeString(parts[2])
	head, err1 := base64.RawURLEncoding.DecodeString(parts[0])
	body, err2 := base64.RawURLEncoding.DecodeString(parts[1])
	var a struct{ Typ, Alg string }
	var p struct{ Iat int64 }
	if err != nil || err1 != nil || err2 != nil || json.Unmarshal(head, &a) != nil || json.Unmarshal(body, &p) != nil || a.Typ != "JWT" || a.Alg != "HS512" {
		return false
	}
	age := time.Since(time.Unix(p.Iat, 0))
	return hmac.Equal(sum, h.Sum(nil)) && age > -time.Minute && age < 9*time.Minute
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if v != nil {
		_ = json.NewEncoder(w).Encode(v)
	}
}

func show(l *link) map[string]any {
	short := fmt.Sprintf("s%d", l.id)
	if l.again {
		short = fmt.Sprintf("again%d", l.id)
	}
	return map[string]any{"id": l.id, "url": l.url, "shorturl": short, "title": l.title, "description": l.description, "tags": l.tags,
		"private": l.private, "created": l.at.Format(time.RFC3339), "updated": ""}
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !trusted(r) {
		answer(w, 401, "Not authorized")
		return
	}
	q := r.URL.Query()
	path := strings.TrimPrefix(r.URL.Path, "/api/v1")
	offset, _ := strconv.Atoi(q.Get("offset"))
	limit, _ := strconv.Atoi(q.Get("limit"))
	switch {
	case path == "/info":
		answer(w, 200, map[string]any{"global_counter": len(d.links), "settings": map[string]any{"title": "Maya’s links"}})
	case path == "/history":
		since, err := time.Parse(time.RFC3339, q.Get("since"))
		out := []any{}
		n := 0
		for _, a := range slices.Backward(d.acts) {
			at, _ := time.Parse(time.RFC3339, a["datetime"].(string))
			if err == nil && !at.After(since) || len(out) >= limit {
				break
			}
			if n++; n > offset {
				out = append(out, a)
			}
		}
		answer(w, 200, out)
	case path == "/links" && r.Method == http.MethodPost:
		d.create(w, r)
	case path == "/links":
		out := []any{}
		for _, l := range slices.Backward(d.links) {
			if !l.gone && (q.Get("visibility") != "public" || !l.private) {
				out = append(out, show(l))
			}
		}
		out = out[min(offset, len(out)):]
		answer(w, 200, out[:min(limit, len(out))])
	default:
		n, err := strconv.Atoi(strings.TrimPrefix(path, "/links/"))
		if err != nil || n < 0 || n >= len(d.links) || d.links[n].gone {
			answer(w, 404, "Link not found")
			return
		}
		answer(w, 200, show(d.links[n]))
	}
}

func (d *double) create(w http.ResponseWriter, r *http.Request) {
	var in struct {
		URL, Title, Description string
		Tags                    []string
		Private                 bool
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		answer(w, 400, "Invalid request")
		return
	}
	for _, l := range d.links {
		if in.URL != "" && l.url == in.URL && !l.gone {
			answer(w, 409, show(l))
			return
		}
	}
	l := d.put(&link{url: in.URL, title: in.Title, description: in.Description, tags: in.Tags, private: in.Private, at: time.Now().Truncate(time.Second)})
	if l.url == "" {
		l.url = fmt.Sprintf("https://links.example/shaare/s%d", l.id)
	}
	d.act("CREATED", l.id)
	d.posted = append(d.posted, in.Title+"\n"+in.Description)
	answer(w, 201, show(l))
}
