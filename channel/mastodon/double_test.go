package mastodon

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/coder/websocket"

	"github.com/parley-crm/parley/channel/channeltest"
)

// double is a small server that speaks Mastodon's API as it is documented. It
// knows two accounts: brand (ours) and maya.
type double struct {
	media    map[string][]byte
	uploads  map[string]map[string]any // of ours, by id
	given    int                       // how often a file was
	fumbles  bool                      // refuses the next post of ours for now
	t        *testing.T
	keyed    bool // honours Idempotency-Key, as Mastodon does and GoToSocial does not
	gts      bool // says that it is GoToSocial
	mu       sync.Mutex
	next     int
	statuses []*state
	notes    []note
	keys     map[string]*state
	sockets  map[*websocket.Conn][]string
	live     chan struct{}
	seen     []string // user agents
	backdate time.Duration
	epoch    time.Time
}

type state struct {
	ID, By, Parent, Visibility, Text string
	At                               time.Time
	Edited                           *time.Time
	Gone                             bool
	Faves                            map[string]bool
	Tags                             []string
	Quotes                           *state
	Media                            []any
}

type note struct {
	ID     string
	Status *state
	By     string // who boosted it; "" for a mention
}

const token = "good-token"

func newDouble(t *testing.T) *double {
	return &double{t: t, keyed: true, epoch: time.Now(), keys: map[string]*state{}, sockets: map[*websocket.Conn][]string{}, live: make(chan struct{}, 100)}
}

// id makes ids as the server does: numbers of milliseconds and 16 bits, or
// ULIDs. They grow.
func (d *double) id() string {
	d.next++
	ms := uint64(d.epoch.UnixMilli()) + uint64(d.next)/8
	if d.gts {
		var out [10]byte
		for i := 9; i >= 0; i-- {
			out[i] = crockford[ms&31]
			ms >>= 5
		}
		return fmt.Sprintf("%sTESTTEST%08d", out[:], d.next)
	}
	return strconv.FormatUint(ms<<16|uint64(d.next&0xffff), 10)
}

// say puts a status of maya's on the server and tells those who listen.
func (d *double) say(text string) *state { return d.post("maya", text, "", "public") }

func (d *double) post(by, text, parent, visibility string) *state {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.put(by, text, parent, visibility)
}

// attach is a post of Maya's with files.
func (d *double) attach(base, text string, files []channeltest.File) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var media []any
	for _, f := range files {
		path := fmt.Sprintf("/media/%s/%s", d.id(), f.Name)
		if d.media == nil {
			d.media = map[string][]byte{}
		}
		d.media[path] = f.Bytes
		media = append(media, map[string]any{"id": "1", "type": "image", "url": base + path, "remote_url": nil, "description": f.Alt})
	}
	return d.with(media, nil, "maya", text, "", "public").ID
}

// carried are the pictures of a post.
func (d *double) carried(id string) (out []channeltest.File) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range d.find(id).Media {
		m := m.(map[string]any)
		out = append(out, channeltest.File{Alt: m["description"].(string), Bytes: []byte(m["bytes"].(string))})
	}
	return out
}

func (d *double) lose(string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.media = nil
}

func (d *double) put(by, text, parent, visibility string) *state {
	return d.add(nil, by, text, parent, visibility)
}

func (d *double) add(quotes *state, by, text, parent, visibility string) *state {
	return d.with(nil, quotes, by, text, parent, visibility)
}

func (d *double) with(media []any, quotes *state, by, text, parent, visibility string) *state {
	s := &state{Media: media, Quotes: quotes, ID: d.id(), By: by, Text: text, Parent: parent, Visibility: visibility, At: time.Now().UTC().Add(-d.backdate), Faves: map[string]bool{}}
	for _, w := range strings.Fields(text) {
		if strings.HasPrefix(w, "#") {
			s.Tags = append(s.Tags, strings.ToLower(w[1:]))
		}
	}
	d.statuses = append(d.statuses, s)
	if by != "brand" && strings.Contains(text, "@brand") {
		n := note{ID: d.id(), Status: s}
		d.notes = append(d.notes, n)
		d.tell("user", "", "notification", d.note(n))
	}
	if visibility == "public" {
		d.tell("public", "", "update", d.status(s))
		for _, tag := range s.Tags {
			d.tell("hashtag", tag, "update", d.status(s))
		}
	}
	return s
}

// boost lets maya boost a post of the brand's.
func (d *double) boost(of *state) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := note{d.id(), of, "maya"}
	d.notes = append(d.notes, n)
	d.tell("user", "", "notification", d.note(n))
}

func (d *double) find(id string) *state {
	for _, s := range d.statuses {
		if s.ID == id && !s.Gone {
			return s
		}
	}
	return nil
}

// tell sends a frame to the sockets that subscribe to a stream.
func (d *double) tell(stream, tag, event string, payload any) {
	inner, ok := payload.(string)
	if !ok {
		b, _ := json.Marshal(payload)
		inner = string(b)
	}
	name := []string{stream}
	if tag != "" {
		name = append(name, tag)
	}
	b, _ := json.Marshal(map[string]any{"stream": name, "event": event, "payload": inner})
	for c, subs := range d.sockets {
		if slices.Contains(subs, strings.Join(name, ":")) {
			_ = c.Write(context.Background(), websocket.MessageText, b)
		}
	}
}

func (d *double) edit(id, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.find(id)
	now := time.Now().UTC().Add(time.Second)
	s.Text, s.Edited = text, &now
	d.tell("user", "", "status.update", d.status(s))
}

func (d *double) remove(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.find(id).Gone = true
	d.tell("user", "", "delete", id)
}

func (d *double) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for c := range d.sockets {
		c.CloseNow()
	}
}

var users = map[string]map[string]any{
	"brand": {"id": "1", "username": "brand", "acct": "brand", "display_name": "Brand", "url": "https://social.example/@brand", "avatar": "https://social.example/b.png", "bot": false, "followers_count": 10},
	"maya":  {"id": "2", "username": "maya", "acct": "maya@other.example", "display_name": "Maya ☕", "url": "https://other.example/@maya", "avatar": "https://other.example/m.png", "bot": false, "followers_count": 321},
}

var (
	urls      = regexp.MustCompile(`https?://\S+`)
	callsigns = regexp.MustCompile(`@(\w+)(@[\w.]+)?`)
)

// content is the HTML that Mastodon makes of a text.
func content(s string) string {
	s = html.EscapeString(s)
	if len(s) > 1<<20 {
		return "<p>" + s + "</p>"
	}
	s = urls.ReplaceAllStringFunc(s, func(u string) string {
		_, rest, _ := strings.Cut(u, "://")
		shown, hidden := rest, ""
		if len(rest) > 30 {
			shown, hidden = rest[:30], rest[30:]
		}
		return fmt.Sprintf(`<a href="%s" target="_blank" rel="nofollow noopener"><span class="invisible">https://</span><span class="ellipsis">%s</span><span class="invisible">%s</span></a>`, u, shown, hidden)
	})
	s = callsigns.ReplaceAllString(s, `<span class="h-card" translate="no"><a href="https://x.example/@$1" class="u-url mention">@<span>$1</span></a></span>`)
	return "<p>" + strings.ReplaceAll(s, "\n", "<br />") + "</p>"
}

func (d *double) status(s *state) map[string]any {
	mentions := []any{}
	if strings.Contains(s.Text, "@brand") {
		mentions = append(mentions, map[string]any{"id": "1", "username": "brand", "acct": "brand", "url": "https://social.example/@brand"})
	}
	m := map[string]any{
		"id": s.ID, "created_at": s.At.Format("2006-01-02T15:04:05.000Z"), "in_reply_to_id": nil, "in_reply_to_account_id": nil,
		"sensitive": false, "spoiler_text": "", "visibility": s.Visibility, "language": "en", "uri": "https://social.example/users/" + s.By + "/statuses/" + s.ID,
		"url": "https://social.example/@" + s.By + "/" + s.ID, "replies_count": 0, "reblogs_count": 0, "favourites_count": len(s.Faves), "edited_at": nil,
		"content": content(s.Text), "reblog": nil, "account": users[s.By], "media_attachments": []any{}, "mentions": mentions, "tags": []any{}, "emojis": []any{}, "card": nil, "poll": nil,
	}
	if len(s.Media) > 0 {
		m["media_attachments"] = s.Media
	}
	if s.Parent != "" {
		m["in_reply_to_id"] = s.Parent
		if p := d.find(s.Parent); p != nil {
			m["in_reply_to_account_id"] = users[p.By]["id"]
		}
	}
	if s.Quotes != nil {
		m["quote"] = map[string]any{"state": "accepted", "quoted_status": d.status(s.Quotes)}
	}
	if s.Edited != nil {
		m["edited_at"] = s.Edited.Format("2006-01-02T15:04:05.000Z")
	}
	return m
}

func (d *double) note(n note) map[string]any {
	if n.By != "" {
		return map[string]any{"id": n.ID, "type": "reblog", "created_at": time.Now().UTC().Format(time.RFC3339), "account": users[n.By], "status": d.status(n.Status)}
	}
	return map[string]any{"id": n.ID, "type": "mention", "created_at": n.Status.At.Format(time.RFC3339), "account": users[n.Status.By], "status": d.status(n.Status)}
}

func answerJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, code int, text string) {
	answerJSON(w, code, map[string]string{"error": text})
}

// pageOf pages items, which are oldest first, as the API does.
func pageOf[T any](r *http.Request, items []T, id func(T) string) []T {
	q := r.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	if limit <= 0 || limit > 40 {
		limit = 20
	}
	var in []T
	for _, it := range items {
		n := id(it)
		if v := q.Get("min_id"); v != "" && !later(n, v) {
			continue
		}
		if v := q.Get("since_id"); v != "" && !later(n, v) {
			continue
		}
		if v := q.Get("max_id"); v != "" && !later(v, n) {
			continue
		}
		in = append(in, it)
	}
	if len(in) > limit {
		if q.Get("min_id") != "" {
			in = in[:limit]
		} else {
			in = in[len(in)-limit:]
		}
	}
	in = slices.Clone(in)
	slices.Reverse(in)
	return in
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	d.seen = append(d.seen, r.UserAgent())
	d.mu.Unlock()
	signed := r.Header.Get("Authorization") == "Bearer "+token
	path := r.URL.Path
	if strings.HasPrefix(path, "/media/") {
		d.mu.Lock()
		data, ok := d.media[path]
		d.mu.Unlock()
		if !ok {
			w.WriteHeader(404)
		}
		_, _ = w.Write(data)
		return
	}
	switch {
	case path == "/api/v2/instance":
		if d.gts {
			answerJSON(w, 200, map[string]any{"domain": "social.example", "account_domain": "social.example", "version": "0.19.2+git-1", "source_url": "https://codeberg.org/superseriousbusiness/gotosocial",
				"configuration": map[string]any{"statuses": map[string]any{"max_characters": 5000, "characters_reserved_per_url": 25}}})
			return
		}
		answerJSON(w, 200, map[string]any{"domain": "social.example", "version": "4.4.1", "source_url": "https://github.com/mastodon/mastodon",
			"configuration": map[string]any{"statuses": map[string]any{"max_characters": 500, "characters_reserved_per_url": 23}}})
		return
	case path == "/api/v1/timelines/public" || strings.HasPrefix(path, "/api/v1/timelines/tag/"):
		d.timeline(w, r)
		return
	}
	if id, ok := strings.CutPrefix(path, "/api/v1/statuses/"); ok && !signed && r.Method == http.MethodGet && !strings.Contains(id, "/") {
		d.mu.Lock()
		defer d.mu.Unlock()
		if s := d.find(id); s != nil && s.Visibility == "public" {
			answerJSON(w, 200, d.status(s))
			return
		}
		refuse(w, 404, "Record not found")
		return
	}
	if !signed {
		refuse(w, 401, "The access token is invalid")
		return
	}
	if path == "/api/v1/streaming" {
		d.stream(w, r)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	id := ""
	if rest, ok := strings.CutPrefix(path, "/api/v1/statuses/"); ok {
		id, path, _ = strings.Cut(rest, "/")
		path = "/status/" + path
	}
	switch {
	case path == "/api/v1/accounts/verify_credentials":
		answerJSON(w, 200, users["brand"])
	case path == "/api/v1/accounts/lookup":
		for _, u := range users {
			if u["acct"] == r.URL.Query().Get("acct") {
				answerJSON(w, 200, u)
				return
			}
		}
		refuse(w, 404, "Record not found")
	case path == "/api/v1/notifications":
		out := []any{}
		for _, n := range pageOf(r, d.notes, func(n note) string { return n.ID }) {
			if !n.Status.Gone {
				out = append(out, d.note(n))
			}
		}
		answerJSON(w, 200, out)
	case path == "/api/v1/accounts/1/statuses":
		var own []*state
		for _, s := range d.statuses {
			if s.By == "brand" && !s.Gone {
				own = append(own, s)
			}
		}
		d.list(w, pageOf(r, own, func(s *state) string { return s.ID }))
	case path == "/api/v2/media" && r.Method == http.MethodPost:
		f, h, err := r.FormFile("file")
		if err != nil {
			refuse(w, 422, "Validation failed: File can't be blank")
			return
		}
		data, _ := io.ReadAll(f)
		id := d.id()
		d.given++
		if d.uploads == nil {
			d.uploads = map[string]map[string]any{}
		}
		d.uploads[id] = map[string]any{"id": id, "type": "image", "url": "https://files.example/" + h.Filename, "description": r.FormValue("description"), "bytes": string(data)}
		answerJSON(w, 202, map[string]any{"id": id, "type": "image", "url": nil})
	case strings.HasPrefix(path, "/api/v1/media/"):
		answerJSON(w, 200, d.uploads[strings.TrimPrefix(path, "/api/v1/media/")])
	case path == "/api/v1/statuses" && r.Method == http.MethodPost:
		d.create(w, r)
	case d.find(id) == nil:
		refuse(w, 404, "Record not found")
	case path == "/status/" && r.Method == http.MethodDelete:
		if s := d.find(id); s.By != "brand" {
			refuse(w, 404, "Record not found") // as if it were not there
		} else {
			s.Gone = true
			answerJSON(w, 200, d.status(s))
		}
	case path == "/status/":
		answerJSON(w, 200, d.status(d.find(id)))
	case path == "/status/favourite" && r.Method == http.MethodPost:
		d.find(id).Faves["brand"] = true
		answerJSON(w, 200, d.status(d.find(id)))
	case path == "/status/unfavourite" && r.Method == http.MethodPost:
		delete(d.find(id).Faves, "brand")
		answerJSON(w, 200, d.status(d.find(id)))
	case path == "/status/context":
		up, down := []any{}, []any{}
		for p := d.find(d.find(id).Parent); p != nil; p = d.find(p.Parent) {
			up = append([]any{d.status(p)}, up...)
		}
		for _, s := range d.statuses {
			if s.Parent == id && !s.Gone {
				down = append(down, d.status(s))
			}
		}
		answerJSON(w, 200, map[string]any{"ancestors": up, "descendants": down})
	default:
		refuse(w, 404, "Not found")
	}
}

func (d *double) timeline(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	tag, byTag := strings.CutPrefix(r.URL.Path, "/api/v1/timelines/tag/")
	var in []*state
	for _, s := range d.statuses {
		if !s.Gone && s.Visibility == "public" && (!byTag || slices.Contains(s.Tags, tag)) {
			in = append(in, s)
		}
	}
	d.list(w, pageOf(r, in, func(s *state) string { return s.ID }))
}

func (d *double) list(w http.ResponseWriter, in []*state) {
	out := []any{}
	for _, s := range in {
		out = append(out, d.status(s))
	}
	answerJSON(w, 200, out)
}

// create counts as Mastodon does, independently of the channel's own way.
func (d *double) create(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Status, Visibility, Language string
		InReplyTo                    string   `json:"in_reply_to_id"`
		Media                        []string `json:"media_ids"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		refuse(w, 400, "bad JSON")
		return
	}
	if d.fumbles {
		d.fumbles = false
		refuse(w, 429, "Too many requests")
		return
	}
	key := r.Header.Get("Idempotency-Key")
	if s := d.keys[key]; s != nil && d.keyed && key != "" {
		answerJSON(w, 200, d.status(s))
		return
	}
	n, limit := 0, 500
	if d.gts {
		n, limit = utf8.RuneCountInString(in.Status), 5000
	} else {
		counted := urls.ReplaceAllString(in.Status, strings.Repeat("x", 23))
		for it := graphemes.FromString(callsigns.ReplaceAllString(counted, "@$1")); it.Next(); {
			n++
		}
	}
	switch {
	case n > limit:
		refuse(w, 422, "Validation failed: Text character limit of "+strconv.Itoa(limit)+" exceeded")
		return
	case strings.TrimSpace(in.Status) == "":
		refuse(w, 422, "Validation failed: Text can't be blank")
		return
	case in.InReplyTo != "" && d.find(in.InReplyTo) == nil:
		refuse(w, 404, "The post you are trying to reply to does not appear to exist.")
		return
	}
	var media []any
	for _, id := range in.Media {
		if d.uploads[id] == nil {
			refuse(w, 422, "Validation failed: Media not found")
			return
		}
		media = append(media, d.uploads[id])
	}
	s := d.with(media, nil, "brand", in.Status, in.InReplyTo, in.Visibility)
	d.keys[key] = s
	answerJSON(w, 200, d.status(s))
}

func (d *double) stream(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer c.CloseNow()
	d.mu.Lock()
	d.sockets[c] = []string{r.URL.Query().Get("stream")}
	d.mu.Unlock()
	d.live <- struct{}{}
	for {
		_, b, err := c.Read(r.Context())
		if err != nil {
			break
		}
		var m struct{ Type, Stream, Tag string }
		if json.Unmarshal(b, &m) == nil && m.Type == "subscribe" {
			name := m.Stream
			if m.Tag != "" {
				name += ":" + m.Tag
			}
			d.mu.Lock()
			d.sockets[c] = append(d.sockets[c], name)
			d.mu.Unlock()
		}
	}
	d.mu.Lock()
	delete(d.sockets, c)
	d.mu.Unlock()
}
