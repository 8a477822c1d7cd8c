package x

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
)

const (
	brandID = "2244994945"
	mayaID  = "6253282"
	appKey  = "AAAAbearer"
)

type obj = map[string]any

// double is a small X API that keeps X's rules: which token may do what, that
// a refresh token is good once, page sizes and ids, the weight of a text, that
// the same words are not taken twice, rules of the stream and their limits.
type double struct {
	t       *testing.T
	now     *clock.Set
	mu      sync.Mutex
	next    int
	posts   []*post
	likes   map[string]bool
	access  string
	refresh string
	grants  int
	rules   []wireRule
	ruleIDs int
	streams map[chan []byte]bool
	live    chan struct{}
	quota   int // questions for mentions that are left; negative for no end
	calls   []string
	gone    chan struct{} // closed when streams are to break

	files   map[string]*upload
	given   int  // how many files were taken
	fumbles bool // the next post is not taken
}

type upload struct {
	kind, alt   string
	total, next int
	data        []byte
	done        bool
}

type post struct {
	ID, By, Text, Parent, Root string
	Hidden                     bool
	Passes, Quotes             string // what it reposts or quotes
	At                         time.Time
	History                    []string
	Media                      []string
}

func newDouble(t *testing.T) *double {
	return &double{t: t, now: clock.NewSet(time.Now().UTC().Truncate(time.Second)), likes: map[string]bool{}, refresh: "refresh-0",
		streams: map[chan []byte]bool{}, live: make(chan struct{}, 100), quota: -1, gone: make(chan struct{})}
}

// add puts a post up and tells the streams.
func (d *double) add(by, text, parent string) *post {
	return d.put(post{By: by, Text: text, Parent: parent})
}

func (d *double) put(it post) *post {
	d.next++
	d.now.Add(time.Second)
	p, parent := &it, it.Parent
	p.ID, p.At = idAt(d.now.Now()), d.now.Now()
	p.Root = p.ID
	if parent != "" {
		for _, o := range d.posts {
			if o.ID == parent {
				p.Root = o.Root
			}
		}
	}
	p.History = []string{p.ID}
	d.posts = append(d.posts, p)
	var hit []obj
	for _, r := range d.rules {
		if matches(r.Value, p.Text) {
			hit = append(hit, obj{"id": r.ID, "tag": r.Tag})
		}
	}
	if len(hit) > 0 {
		b, _ := json.Marshal(obj{"data": d.shape(p), "includes": obj{"users": users(p)}, "matching_rules": hit})
		for c := range d.streams {
			c <- append(b, "\r\n"...)
		}
	}
	return p
}

func (d *double) say(by, text, parent string) *post {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.add(by, text, parent)
}

// matches: every word of a rule stands in the text.
func matches(rule, text string) bool {
	for _, w := range strings.Fields(strings.ToLower(rule)) {
		if !strings.Contains(strings.ToLower(text), w) {
			return false
		}
	}
	return true
}

func names(text string) bool { return strings.Contains(strings.ToLower(text), "@brewell") }

// shape is a post as X shows it: with t.co for links and HTML's entities.
func (d *double) shape(p *post) obj {
	s, urls, mentions := html.EscapeString(p.Text), []any{}, []any{}
	for i, link := range links.FindAllString(p.Text, -1) {
		short := fmt.Sprintf("https://t.co/%s%d", p.ID[10:], i)
		s = strings.Replace(s, html.EscapeString(link), short, 1)
		urls = append(urls, obj{"url": short, "expanded_url": link})
	}
	if len(p.Media) > 0 { // the pictures stand as one more link
		short := "https://t.co/p" + p.ID[10:]
		s += " " + short
		urls = append(urls, obj{"url": short, "expanded_url": "https://x.com/brewell/status/" + p.ID + "/photo/1"})
	}
	if names(p.Text) {
		mentions = append(mentions, obj{"id": brandID, "username": "brewell"})
	}
	o := obj{"id": p.ID, "text": s, "author_id": p.By, "conversation_id": p.Root, "created_at": p.At.Format("2006-01-02T15:04:05.000Z"), "lang": "en",
		"edit_history_tweet_ids": p.History, "public_metrics": obj{"retweet_count": 1, "reply_count": 2, "like_count": 3, "quote_count": 0},
		"entities": obj{"urls": urls, "mentions": mentions}}
	if p.Parent != "" {
		o["referenced_tweets"] = []any{obj{"type": "replied_to", "id": p.Parent}}
	}
	if p.Passes != "" {
		o["referenced_tweets"] = []any{obj{"type": "retweeted", "id": p.Passes}}
	}
	if p.Quotes != "" {
		o["referenced_tweets"] = []any{obj{"type": "quoted", "id": p.Quotes}}
	}
	return o
}

func users(ps ...*post) []any {
	out, had := []any{}, map[string]bool{}
	for _, p := range ps {
		if !had[p.By] {
			out = append(out, user(p.By))
		}
		had[p.By] = true
	}
	return out
}

func user(id string) obj {
	name := map[string]string{brandID: "Brewell", mayaID: "Maya"}[id]
	if name == "" {
		return nil
	}
	return obj{"id": id, "name": name, "username": strings.ToLower(name), "public_metrics": obj{"followers_count": 120}}
}

func fail(w http.ResponseWriter, code int, title, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(obj{"title": title, "detail": detail, "type": "about:blank", "status": code})
}

func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v)
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && r.URL.Path == "/2/tweets/search/stream" {
		d.stream(w, r)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls = append(d.calls, r.Method+" "+r.URL.Path)
	if r.URL.Path == "/2/oauth2/token" {
		d.token(w, r)
		return
	}
	bearer := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	us, app := d.access != "" && bearer == d.access, bearer == appKey
	if !us && !app {
		fail(w, 401, "Unauthorized", "Unauthorized")
		return
	}
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/2/"), "/")
	switch at := r.Method + " " + r.URL.Path; {
	case strings.HasPrefix(r.URL.Path, "/2/tweets/search/stream/rules"):
		if !app {
			fail(w, 403, "Unsupported Authentication", "Authenticating with OAuth 2.0 User Context is forbidden for this endpoint.")
			return
		}
		d.keep(w, r)
	case at == "GET /2/tweets/search/recent":
		d.search(w, r)
	case at == "GET /2/users/me" && us:
		answer(w, 200, obj{"data": user(brandID)})
	case at == "POST /2/tweets" && us:
		d.create(w, r)
	case path[0] == "media" && r.Method == http.MethodPost && us:
		d.media(w, r, path)
	case len(path) == 3 && path[2] == "mentions" && path[1] == brandID && us:
		d.mentions(w, r)
	case len(path) == 3 && path[2] == "tweets" && path[1] == brandID:
		d.page(w, r, func(p *post) bool { return p.By == brandID }, 5)
	case len(path) >= 3 && path[2] == "likes" && path[1] == brandID && us:
		d.like(w, r, path)
	case len(path) == 3 && path[2] == "hidden" && r.Method == http.MethodPut && us:
		d.hide(w, r, path[1])
	case len(path) == 2 && path[0] == "tweets" && r.Method == http.MethodDelete && us:
		i := slices.IndexFunc(d.posts, func(p *post) bool { return p.ID == path[1] })
		if i >= 0 && d.posts[i].By != brandID {
			fail(w, 403, "Forbidden", "You are not authorized to delete this post.")
			return
		}
		if i >= 0 {
			d.posts = slices.Delete(d.posts, i, i+1)
		}
		answer(w, 200, obj{"data": obj{"deleted": i >= 0}})
	case len(path) == 2 && path[0] == "tweets" && r.Method == http.MethodGet:
		for _, p := range d.posts {
			if p.ID == path[1] {
				answer(w, 200, obj{"data": d.shape(p)})
				return
			}
		}
		answer(w, 200, obj{"errors": []any{obj{"title": "Not Found Error", "detail": "Could not find tweet."}}})
	case len(path) == 2 && path[0] == "users" && r.Method == http.MethodGet:
		if u := user(path[1]); u != nil {
			answer(w, 200, obj{"data": u})
			return
		}
		answer(w, 200, obj{"errors": []any{obj{"title": "Not Found Error", "detail": "Could not find user."}}})
	default:
		fail(w, 403, "Forbidden", "This token may not do that.")
	}
}

// token gives a token; each refresh token is good once.
func (d *double) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	id, secret, ok := r.BasicAuth()
	if !ok || id != "client" || secret != "hush" || r.PostForm.Get("grant_type") != "refresh_token" || r.PostForm.Get("refresh_token") != d.refresh {
		answer(w, 400, obj{"error": "invalid_request", "error_description": "Value passed for the token was invalid."})
		return
	}
	d.grants++
	d.access, d.refresh = fmt.Sprint("access-", d.grants), fmt.Sprint("refresh-", d.grants)
	answer(w, 200, obj{"token_type": "bearer", "expires_in": 7200, "access_token": d.access, "refresh_token": d.refresh, "scope": "tweet.read tweet.write users.read like.write offline.access"})
}

func (d *double) mentions(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("x-rate-limit-limit", "300")
	w.Header().Set("x-rate-limit-reset", strconv.FormatInt(d.now.Now().Add(9*time.Minute).Unix(), 10))
	if d.quota == 0 {
		w.Header().Set("x-rate-limit-remaining", "0")
		fail(w, 429, "Too Many Requests", "Too Many Requests")
		return
	}
	if d.quota > 0 {
		d.quota--
	}
	left := d.quota
	if left < 0 {
		left = 299
	}
	w.Header().Set("x-rate-limit-remaining", strconv.Itoa(left))
	d.page(w, r, func(p *post) bool { return p.By != brandID && names(p.Text) }, 5)
}

func (d *double) search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query().Get("query")
	if q == "" || len(q) > 1024 {
		fail(w, 400, "Invalid Request", "query is needed")
		return
	}
	d.page(w, r, func(p *post) bool { return matches(q, p.Text) }, 10)
}

// page gives the newest first.
func (d *double) page(w http.ResponseWriter, r *http.Request, which func(*post) bool, least int) {
	q := r.URL.Query()
	size, _ := strconv.Atoi(q.Get("max_results"))
	if size < least || size > 100 || !strings.Contains(q.Get("tweet.fields"), "created_at") {
		answer(w, 400, obj{"errors": []any{obj{"message": "The `max_results` query parameter value is not between 5 and 100"}}, "title": "Invalid Request", "detail": "One or more parameters to your request was invalid."})
		return
	}
	start, _ := time.Parse(time.RFC3339, q.Get("start_time"))
	var all []*post
	for _, p := range slices.Backward(d.posts) {
		if which(p) && (q.Get("since_id") == "" || later(p.ID, q.Get("since_id"))) && p.At.After(start) {
			all = append(all, p)
		}
	}
	from, _ := strconv.Atoi(first(q.Get("pagination_token"), q.Get("next_token")))
	end := min(from+size, len(all))
	data := []any{}
	for _, p := range all[min(from, len(all)):end] {
		data = append(data, d.shape(p))
	}
	meta := obj{"result_count": len(data)}
	if end < len(all) {
		meta["next_token"] = strconv.Itoa(end)
	}
	out := obj{"meta": meta, "includes": obj{"users": users(all...)}}
	if len(data) > 0 {
		out["data"] = data
	}
	answer(w, 200, out)
}

func (d *double) create(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Text  string `json:"text"`
		Reply *struct {
			To string `json:"in_reply_to_tweet_id"`
		} `json:"reply"`
		Media *struct {
			IDs []string `json:"media_ids"`
		} `json:"media"`
	}
	if d.fumbles {
		d.fumbles = false
		w.Header().Set("Retry-After", "7")
		fail(w, 429, "Too Many Requests", "Too Many Requests")
		return
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if dec.Decode(&in) != nil || in.Text == "" {
		fail(w, 400, "Invalid Request", "One or more parameters to your request was invalid.")
		return
	}
	parent := ""
	if in.Reply != nil {
		parent = in.Reply.To
		if !slices.ContainsFunc(d.posts, func(p *post) bool { return p.ID == parent }) {
			fail(w, 403, "Forbidden", "You attempted to reply to a Post that is deleted or not visible to you.")
			return
		}
	}
	var with []string
	if in.Media != nil {
		with = in.Media.IDs
	}
	switch {
	case len(with) > 4 || slices.ContainsFunc(with, func(id string) bool { return d.files[id] == nil || !d.files[id].done }):
		fail(w, 400, "Invalid Request", "Your media IDs are invalid.")
	case weigh(in.Text) > most:
		fail(w, 403, "Forbidden", "Your Post text is too long.")
	case slices.ContainsFunc(d.posts, func(p *post) bool { return p.By == brandID && p.Text == in.Text && p.Parent == parent }):
		fail(w, 403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
	default:
		p := d.put(post{By: brandID, Text: in.Text, Parent: parent, Media: with})
		answer(w, 201, obj{"data": obj{"id": p.ID, "text": p.Text, "edit_history_tweet_ids": []string{p.ID}}})
	}
}

// hide puts an answer below a post of ours behind a door.
func (d *double) hide(w http.ResponseWriter, r *http.Request, id string) {
	var in struct{ Hidden *bool }
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Hidden == nil {
		fail(w, 400, "Invalid Request", "hidden is needed")
		return
	}
	by := map[string]string{}
	for _, p := range d.posts {
		by[p.ID] = p.By
	}
	for _, p := range d.posts {
		if p.ID == id && by[p.Root] == brandID {
			p.Hidden = *in.Hidden
			answer(w, 200, obj{"data": obj{"hidden": p.Hidden}})
			return
		}
	}
	fail(w, 403, "Forbidden", "You may only hide replies to conversations that you began.")
}

func (d *double) like(w http.ResponseWriter, r *http.Request, path []string) {
	if r.Method == http.MethodDelete && len(path) == 4 {
		delete(d.likes, path[3])
		answer(w, 200, obj{"data": obj{"liked": false}})
		return
	}
	var in struct {
		ID string `json:"tweet_id"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.ID == "" {
		fail(w, 400, "Invalid Request", "tweet_id is needed")
		return
	}
	d.likes[in.ID] = true
	answer(w, 200, obj{"data": obj{"liked": true}})
}

func (d *double) keep(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		out := obj{"meta": obj{"result_count": len(d.rules)}}
		if len(d.rules) > 0 {
			out["data"] = d.rules
		}
		answer(w, 200, out)
		return
	}
	var in struct {
		Add    []wireRule `json:"add"`
		Delete *struct {
			IDs []string `json:"ids"`
		} `json:"delete"`
	}
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		fail(w, 400, "Invalid Request", "One or more parameters to your request was invalid.")
		return
	}
	if in.Delete != nil {
		d.rules = slices.DeleteFunc(d.rules, func(x wireRule) bool { return slices.Contains(in.Delete.IDs, x.ID) })
		answer(w, 200, obj{"meta": obj{"summary": obj{"deleted": len(in.Delete.IDs), "not_deleted": 0}}})
		return
	}
	var errs []any
	for _, x := range in.Add {
		switch {
		case strings.Contains(x.Value, "("):
			errs = append(errs, obj{"title": "UnprocessableEntity", "value": x.Value, "details": []string{"no viable alternative at character '('"}})
		case len(d.rules) >= 5:
			errs = append(errs, obj{"title": "RulesCapExceeded", "value": x.Value, "detail": "The app may keep 5 rules."})
		case slices.ContainsFunc(d.rules, func(o wireRule) bool { return o.Value == x.Value }):
			errs = append(errs, obj{"title": "DuplicateRule", "value": x.Value})
		default:
			d.ruleIDs++
			x.ID = strconv.Itoa(127000 + d.ruleIDs)
			d.rules = append(d.rules, x)
		}
	}
	out := obj{"data": d.rules, "meta": obj{"summary": obj{"created": len(in.Add) - len(errs), "not_created": len(errs)}}}
	if errs != nil {
		out["errors"] = errs
	}
	answer(w, 201, out)
}

// stream tells what matches the rules, until the other side goes.
func (d *double) stream(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+appKey {
		fail(w, 401, "Unauthorized", "Unauthorized")
		return
	}
	c := make(chan []byte, 1000)
	d.mu.Lock()
	if len(d.rules) == 0 {
		d.mu.Unlock()
		fail(w, 409, "RuleConfigurationIssue", "You must define rules before connecting.")
		return
	}
	d.streams[c] = true
	gone := d.gone
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		delete(d.streams, c)
		d.mu.Unlock()
	}()
	out := http.NewResponseController(w)
	w.WriteHeader(200)
	_, _ = w.Write([]byte("\r\n"))
	_ = out.Flush()
	select {
	case d.live <- struct{}{}:
	default:
	}
	for {
		select {
		case b := <-c:
			if _, err := w.Write(b); err != nil || out.Flush() != nil {
				return
			}
		case <-gone:
			return
		case <-r.Context().Done():
			return
		}
	}
}

func (d *double) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.gone)
	d.gone = make(chan struct{})
}

// media takes a file in parts, which come in order and are as many bytes as
// was said, and then what it shows.
func (d *double) media(w http.ResponseWriter, r *http.Request, path []string) {
	wrong := func(detail string) { fail(w, 400, "Invalid Request", detail) }
	var in struct {
		ID       string `json:"id"`
		Type     string `json:"media_type"`
		Total    int    `json:"total_bytes"`
		Category string `json:"media_category"`
		Metadata struct {
			Alt struct {
				Text string `json:"text"`
			} `json:"alt_text"`
		} `json:"metadata"`
	}
	last := path[len(path)-1]
	if last == "initialize" || last == "metadata" {
		if json.NewDecoder(r.Body).Decode(&in) != nil {
			wrong("no JSON")
			return
		}
	}
	switch last {
	case "initialize":
		if in.Category != "tweet_image" || !strings.HasPrefix(in.Type, "image/") || in.Total < 1 || in.Total > 5<<20 {
			wrong("media_type, media_category and total_bytes")
			return
		}
		d.given++
		id := strconv.Itoa(188000000000 + d.given)
		if d.files == nil {
			d.files = map[string]*upload{}
		}
		d.files[id] = &upload{kind: in.Type, total: in.Total}
		answer(w, 200, obj{"data": obj{"id": id, "media_key": "3_" + id, "expires_after_secs": 86400}})
	case "append", "finalize":
		f := d.files[path[2]]
		if f == nil || f.done {
			wrong("no such upload")
			return
		}
		if last == "finalize" {
			if f.done = len(f.data) == f.total; !f.done {
				wrong("Segments do not add up to provided total file size.")
				return
			}
			answer(w, 200, obj{"data": obj{"id": path[2], "media_key": "3_" + path[2], "size": f.total, "expires_after_secs": 86400}})
			return
		}
		part, _, err := r.FormFile("media")
		if err != nil || r.FormValue("segment_index") != strconv.Itoa(f.next) {
			wrong("segment_index")
			return
		}
		b, _ := io.ReadAll(part)
		f.data, f.next = append(f.data, b...), f.next+1
		w.WriteHeader(204)
	case "metadata":
		f := d.files[in.ID]
		if f == nil || len([]rune(in.Metadata.Alt.Text)) > 1000 {
			wrong("alt_text")
			return
		}
		f.alt = in.Metadata.Alt.Text
		answer(w, 200, obj{"data": obj{"id": in.ID}})
	default:
		wrong("no such endpoint")
	}
}

// carried are the files of a post.
func (d *double) carried(id string) (out []channeltest.File) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.posts {
		if p.ID == id {
			for _, m := range p.Media {
				out = append(out, channeltest.File{Type: d.files[m].kind, Alt: d.files[m].alt, Bytes: d.files[m].data})
			}
		}
	}
	return out
}
