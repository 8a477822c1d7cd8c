package wordpress

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel/channeltest"
)

// double is a small blog that speaks WordPress's REST API as it is documented,
// refusals included. Account 1 is ours, 2 is maya's.
type double struct {
	mu       sync.Mutex
	clock    time.Time
	comments []*row
	posts    []*row
	plain    bool // readable addresses are off
	reader   bool // our account may neither moderate nor edit
	deaf     bool // the web server swallows the Authorization header
	asked    []url.Values
	library  []shelved
	fumbles  bool // takes no post, once

	trashless bool // deletes at once
}

type shelved struct {
	slug, alt, kind string
	data            []byte
}

type row struct {
	id, post, parent, author int64
	name, email, title, text string
	status                   string
	at, modified             time.Time
}

const (
	user     = "brewell"
	password = "abcd EFGH 1234 ijkl MNOP 5678"
)

func newDouble() *double {
	d := &double{clock: time.Now().Add(-24 * time.Hour).Truncate(time.Second).UTC()}
	d.write(1, "Hello world", "Our first post.")
	return d
}

func (d *double) tick() time.Time { d.clock = d.clock.Add(time.Second); return d.clock }

func (d *double) write(author int64, title, text string) *row {
	t := d.tick()
	p := &row{id: int64(len(d.posts) + 1), author: author, title: title, text: text, status: "publish", at: t, modified: t}
	d.posts = append(d.posts, p)
	return p
}

// say is a comment of maya's below post 1.
func (d *double) say(text string) string { return commentID(d.put(2, 1, 0, text, "approved").id) }

func (d *double) put(author, post, parent int64, text, status string) *row {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.add(author, post, parent, text, status, d.tick())
}

func (d *double) add(author, post, parent int64, text, status string, at time.Time) *row {
	c := &row{id: int64(len(d.comments) + 1), post: post, parent: parent, author: author, text: text, status: status, at: at}
	switch author {
	case 1:
		c.name, c.email = "Brewell", "hello@brewell.example"
	case 2:
		c.name, c.email = "Maya L", "maya@example.org"
	}
	d.comments = append(d.comments, c)
	return c
}

func (d *double) find(id string) *row {
	kind, n := parseID(id)
	list := d.comments
	if kind == 'p' {
		list = d.posts
	}
	if n <= 0 || n > int64(len(list)) || list[n-1] == nil {
		return nil
	}
	return list[n-1]
}

func (d *double) edit(id, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.find(id)
	r.text, r.modified = html.EscapeString(text), d.tick()
}

func (d *double) set(id, status string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r := d.find(id)
	r.status, r.modified = status, d.tick()
}

func (d *double) remove(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	kind, n := parseID(id)
	if kind == 'p' {
		d.posts[n-1] = nil
	} else {
		d.comments[n-1] = nil
	}
}

func (d *double) ours() (out []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, list := range [][]*row{d.posts[1:], d.comments} {
		for _, r := range list {
			if r != nil && r.author == 1 && r.status != "trash" {
				out = append(out, html.UnescapeString(r.title+"\n"+r.text))
			}
		}
	}
	return out
}

func fail(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"code": code, "message": message, "data": map[string]any{"status": status}})
}

func refuse(w http.ResponseWriter, _ *http.Request, t channeltest.Trouble) {
	if t == channeltest.Revoked {
		fail(w, 401, "incorrect_password", "The provided password is an invalid application password.")
		return
	}
	fail(w, 403, "rest_comment_closed", "Sorry, comments are closed for this item.")
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	q := r.URL.Query()
	path, ok := strings.CutPrefix(r.URL.Path, "/wp-json")
	if d.plain {
		path, ok = q.Get("rest_route"), r.URL.Path == "/" && q.Has("rest_route")
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	d.asked = append(d.asked, q)
	u, p, given := r.BasicAuth()
	// Wrong credentials are passed over: whoever has them is a stranger.
	me := given && u == user && p == strings.ReplaceAll(password, " ", "") && !d.deaf
	may := me && !d.reader
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case path == "/":
		answer(w, 200, map[string]any{"name": "Kettle &amp; Co", "url": "http://" + r.Host, "home": "http://" + r.Host, "namespaces": []string{"oembed/1.0", "wp/v2"}, "routes": map[string]any{}})
	case len(parts) < 3 || parts[0] != "wp":
		fail(w, 404, "rest_no_route", "No route was found matching the URL and request method.")
	case parts[2] == "users":
		d.users(w, parts, me, may)
	case parts[2] == "media":
		d.media(w, r, q, may)
	case len(parts) == 4 && parts[2] == "comments" && r.Method != http.MethodGet:
		d.moderate(w, r, parts[3], q, may)
	case r.Method == http.MethodPost:
		d.create(w, r, parts[2], me, may)
	case len(parts) == 4:
		d.one(w, parts[2], parts[3], q, may)
	default:
		d.list(w, parts[2], q, may)
	}
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (d *double) users(w http.ResponseWriter, parts []string, me, may bool) {
	caps := map[string]any{"read": true}
	if may {
		caps["moderate_comments"], caps["edit_others_posts"] = true, true
	}
	switch {
	case len(parts) == 4 && parts[3] == "me" && me:
		answer(w, 200, map[string]any{"id": 1, "username": user, "name": "Brewell", "slug": user, "email": "hello@brewell.example", "link": "https://blog.example/author/brewell/", "capabilities": caps})
	case len(parts) == 4 && parts[3] == "me":
		fail(w, 401, "rest_not_logged_in", "You are not currently logged in.")
	case len(parts) == 4 && parts[3] == "1":
		answer(w, 200, map[string]any{"id": 1, "name": "Brewell", "slug": user, "link": "https://blog.example/author/brewell/"})
	default:
		fail(w, 401, "rest_user_cannot_view", "Sorry, you are not allowed to list users.")
	}
}

func (d *double) rows(kind string) []*row {
	if kind == "posts" {
		return d.posts
	}
	return d.comments
}

func visible(kind string, r *row) bool {
	return kind == "posts" && r.status == "publish" || kind == "comments" && r.status == "approved"
}

func (d *double) one(w http.ResponseWriter, kind, id string, q url.Values, may bool) {
	n, _ := strconv.Atoi(id)
	list := d.rows(kind)
	if n <= 0 || n > len(list) || list[n-1] == nil {
		fail(w, 404, map[string]string{"posts": "rest_post_invalid_id", "comments": "rest_comment_invalid_id"}[kind], "Invalid ID.")
		return
	}
	if !may && !visible(kind, list[n-1]) {
		fail(w, 401, map[string]string{"posts": "rest_forbidden", "comments": "rest_cannot_read"}[kind], "Sorry, you are not allowed to do that.")
		return
	}
	answer(w, 200, d.show(kind, list[n-1], may && q.Get("context") == "edit"))
}

func (d *double) list(w http.ResponseWriter, kind string, q url.Values, may bool) {
	if !may && (q.Get("context") == "edit" || q.Has("status") || q.Has("author")) {
		fail(w, 401, "rest_forbidden_context", "Sorry, you are not allowed to edit comments.")
		return
	}
	for _, name := range []string{"after", "modified_after"} {
		if t, err := time.Parse(time.RFC3339, q.Get(name)); q.Has(name) && (err != nil || t.Unix() == 0) { // rest_parse_date
			fail(w, 400, "rest_invalid_param", "Invalid parameter(s): "+name)
			return
		}
	}
	per, page := number(q.Get("per_page"), 10), number(q.Get("page"), 1)
	if per > 100 {
		fail(w, 400, "rest_invalid_param", "Invalid parameter(s): per_page")
		return
	}
	var out []*row
	for _, r := range d.rows(kind) {
		if r == nil || !wanted(kind, r, q) {
			continue
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b *row) int {
		if q.Get("orderby") == "modified" {
			return cmp.Or(a.modified.Compare(b.modified), cmp.Compare(a.id, b.id))
		}
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id))
	})
	if q.Get("order") != "asc" {
		slices.Reverse(out)
	}
	from := min((page-1)*per, len(out))
	if kind == "posts" && page > 1 && from == len(out) {
		fail(w, 400, "rest_post_invalid_page_number", "The page number requested is larger than the number of pages available.")
		return
	}
	shown := []any{}
	for _, r := range out[from:min(from+per, len(out))] {
		m := d.show(kind, r, may && q.Get("context") == "edit")
		if f := q.Get("_fields"); f != "" {
			maps.DeleteFunc(m, func(k string, _ any) bool { return !slices.Contains(strings.Split(f, ","), k) })
		}
		shown = append(shown, m)
	}
	answer(w, 200, shown)
}

// media is the library: what is sent stands there under its slug.
func (d *double) media(w http.ResponseWriter, r *http.Request, q url.Values, may bool) {
	show := func(i int) map[string]any {
		return map[string]any{"id": 1000 + i, "source_url": fmt.Sprintf("http://%s/uploads/%s", r.Host, d.library[i].slug)}
	}
	if r.Method == http.MethodGet {
		out := []any{}
		for i, x := range d.library {
			if x.slug == q.Get("slug") {
				out = append(out, show(i))
			}
		}
		answer(w, 200, out)
		return
	}
	if !may {
		fail(w, 401, "rest_cannot_create", "Sorry, you are not allowed to upload media on this site.")
		return
	}
	if _, p, err := mime.ParseMediaType(r.Header.Get("Content-Disposition")); err != nil || p["filename"] == "" {
		fail(w, 400, "rest_upload_invalid_disposition", "Invalid Content-Disposition supplied.")
		return
	}
	data, _ := io.ReadAll(r.Body)
	d.library = append(d.library, shelved{q.Get("slug"), q.Get("alt_text"), r.Header.Get("Content-Type"), data})
	answer(w, 201, show(len(d.library)-1))
}

var sources = regexp.MustCompile(`src="http://[^"]*/uploads/([^"]*)"`)

// carried are the files of a post, as its words show them.
func (d *double) carried(id string) (out []channeltest.File) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range sources.FindAllStringSubmatch(d.find(id).text, -1) {
		for _, x := range d.library {
			if x.slug == m[1] {
				out = append(out, channeltest.File{Alt: x.alt, Type: x.kind, Bytes: x.data})
			}
		}
	}
	return out
}

func number(s string, or int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return or
}

func wanted(kind string, r *row, q url.Values) bool {
	switch status := q.Get("status"); {
	case status == "any":
	case status != "":
		if !slices.Contains(strings.Split(status, ","), r.status) {
			return false
		}
	case !visible(kind, r):
		return false
	}
	for _, name := range []string{"after", "modified_after"} {
		t, err := time.Parse(time.RFC3339, q.Get(name))
		at := r.at
		if name == "modified_after" {
			at = r.modified
		}
		if err == nil && !at.After(t) {
			return false
		}
	}
	if in := q.Get("include"); in != "" && !slices.Contains(strings.Split(in, ","), strconv.FormatInt(r.id, 10)) {
		return false
	}
	for name, n := range map[string]int64{"author": r.author, "parent": r.parent, "post": r.post} {
		if q.Has(name) && q.Get(name) != strconv.FormatInt(n, 10) {
			return false
		}
	}
	return true
}

// texturize does a little of what wptexturize and wpautop do.
func texturize(s string) string {
	s = strings.NewReplacer("'", "&#8217;", " -- ", " &#8212; ", " & ", " &#038; ").Replace(s)
	return "<p>" + strings.ReplaceAll(strings.ReplaceAll(s, "\n\n", "</p>\n<p>"), "\n", "<br />\n") + "</p>\n"
}

func (d *double) show(kind string, r *row, edit bool) map[string]any {
	const stamp = "2006-01-02T15:04:05"
	content := map[string]any{"rendered": texturize(r.text)}
	if edit {
		content["raw"] = r.text
	}
	out := map[string]any{"id": r.id, "author": r.author, "date_gmt": r.at.Format(stamp), "content": content, "status": r.status}
	if kind == "posts" {
		out["modified_gmt"], out["title"], out["link"] = r.modified.Format(stamp), map[string]any{"rendered": r.title}, fmt.Sprintf("https://blog.example/%d/", r.id)
		if edit {
			out["title"] = map[string]any{"rendered": r.title, "raw": r.title}
		}
		out["_embedded"] = map[string]any{"author": []any{map[string]any{"id": r.author, "name": "Brewell", "link": "https://blog.example/author/brewell/"}}}
		return out
	}
	out["post"], out["parent"], out["author_name"], out["link"] = r.post, r.parent, r.name, fmt.Sprintf("https://blog.example/1/#comment-%d", r.id)
	out["author_avatar_urls"] = map[string]string{"96": "https://secure.gravatar.com/avatar/x?s=96"}
	if edit {
		out["author_email"] = r.email
	}
	return out
}

func (d *double) create(w http.ResponseWriter, r *http.Request, kind string, me, may bool) {
	var in struct {
		Post, Parent           int64
		Content, Title, Status string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || r.Header.Get("Content-Type") != "application/json" {
		fail(w, 400, "rest_invalid_json", "Invalid JSON body passed.")
		return
	}
	if !me || kind == "posts" && !may {
		fail(w, 401, "rest_cannot_create", "Sorry, you are not allowed to do that.")
		return
	}
	at := time.Now().UTC().Truncate(time.Second)
	if kind == "posts" && d.fumbles {
		d.fumbles = false
		fail(w, 429, "too_many_requests", "Try again later.")
		return
	}
	if kind == "posts" {
		p := d.write(1, in.Title, in.Content)
		p.at = at
		answer(w, 201, d.show(kind, p, false))
		return
	}
	switch {
	case strings.TrimSpace(in.Content) == "":
		fail(w, 400, "rest_comment_content_invalid", "Invalid comment content.")
		return
	case len(in.Content) > 65525:
		fail(w, 400, "comment_content_column_length", "Comment field exceeds maximum length allowed.")
		return
	case d.find(postID(in.Post)) == nil:
		fail(w, 403, "rest_comment_invalid_post_id", "Sorry, you are not allowed to create this comment without a post.")
		return
	}
	for _, c := range d.comments {
		if c != nil && c.author == 1 && c.post == in.Post && c.parent == in.Parent && c.text == in.Content {
			fail(w, 409, "comment_duplicate", "Duplicate comment detected; it looks as though you&#8217;ve already said that!")
			return
		}
	}
	answer(w, 201, d.show(kind, d.add(1, in.Post, in.Parent, in.Content, "approved", at), true))
}

// moderate changes what becomes of a comment, failing as WordPress does where
// nothing changes.
func (d *double) moderate(w http.ResponseWriter, r *http.Request, id string, q url.Values, may bool) {
	c := d.find("c" + id)
	var in struct{ Status string }
	switch {
	case c == nil:
		fail(w, 404, "rest_comment_invalid_id", "Invalid comment ID.")
	case !may && r.Method == http.MethodDelete:
		fail(w, 401, "rest_cannot_delete", "Sorry, you are not allowed to delete this comment.")
	case !may:
		fail(w, 401, "rest_cannot_edit", "Sorry, you are not allowed to edit this comment.")
	case r.Method == http.MethodDelete && q.Get("force") == "true":
		d.comments[c.id-1] = nil
		answer(w, 200, map[string]any{"deleted": true})
	case r.Method == http.MethodDelete && d.trashless:
		fail(w, 501, "rest_trash_not_supported", "The comment does not support trashing. Set 'force=true' to delete.")
	case r.Method == http.MethodDelete && c.status == "trash":
		fail(w, 410, "rest_already_trashed", "The comment has already been trashed.")
	case r.Method == http.MethodDelete:
		c.status = "trash"
		answer(w, 200, d.show("comments", c, true))
	case json.NewDecoder(r.Body).Decode(&in) != nil || in.Status != "hold" && in.Status != "approved":
		fail(w, 400, "rest_invalid_param", "Invalid parameter(s): status")
	case in.Status == c.status:
		fail(w, 500, "rest_comment_failed_edit", "Updating comment status failed.")
	default:
		c.status = in.Status
		answer(w, 200, d.show("comments", c, true))
	}
}
