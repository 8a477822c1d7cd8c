package networks

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

//go:embed sites/*.php
var sites embed.FS

// lay writes one of the embedded files into a folder.
func lay(dir, name, as string) error {
	b, err := sites.ReadFile("sites/" + name)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, as), b, 0o600)
}

// WordPress is a blog of the account brewell, with a database of its own.
type WordPress struct {
	URL string // http://127.0.0.1:PORT

	t        testing.TB
	app, dir string
	env      []string
	database *mariadb
	server   *process
}

func installWordPress(t testing.TB) string {
	t.Helper()
	return installed(t, "debian-wordpress", func(dir string) error {
		if err := debian(dir, "wordpress"); err != nil {
			return err
		}
		app := filepath.Join(dir, "usr/share/wordpress")
		_ = os.Remove(filepath.Join(app, ".htaccess")) // leads to /etc
		always := filepath.Join(app, "wp-content/mu-plugins")
		if err := os.MkdirAll(always, 0o755); err != nil {
			return err
		}
		return errors.Join(lay(app, "wp-config.php", "wp-config.php"), lay(always, "wp-calm.php", "calm.php"))
	})
}

// StartWordPress starts an empty blog where comments show at once.
func StartWordPress(t testing.TB) *WordPress {
	t.Helper()
	needPHP(t, "mysqli", "xml", "mbstring")
	w := &WordPress{t: t, app: filepath.Join(installWordPress(t), "usr/share/wordpress"), dir: t.TempDir()}
	password := secret(t)
	w.database = startMariaDB(t, "wordpress", password)
	for _, name := range []string{"wp-install.php", "wp-account.php", "router.php"} {
		if err := lay(w.dir, name, name); err != nil {
			t.Fatal(err)
		}
	}
	host := fmt.Sprintf("127.0.0.1:%d", freePorts(t, 1)[0])
	w.URL = "http://" + host
	w.env = []string{"PARLEY_URL=" + w.URL, "PARLEY_DATABASE=" + w.database.addr, "PARLEY_SECRET=" + password}
	script(t, w.dir, w.env, "wp-install.php", w.app)
	w.server = php(t, "wordpress", w.dir, host, w.app, "router.php", w.env)
	w.server.start()
	w.server.endWithTest()
	return w
}

// Stop ends the blog and its database; Start brings them back.
func (w *WordPress) Stop() {
	w.server.end()
	w.database.server.end()
}

// Start brings them back at the same addresses, with the same data.
func (w *WordPress) Start() {
	w.t.Helper()
	w.database.server.start()
	w.server.start()
}

// WordPressAccount is somebody with an account on the blog.
type WordPressAccount struct {
	Server   *WordPress
	ID       int64
	Name     string
	Password string // an application password
}

// Account opens an account with a role (administrator, editor, author,
// subscriber), or makes another application password for one that is there.
func (w *WordPress) Account(name, role string) *WordPressAccount {
	w.t.Helper()
	a := &WordPressAccount{Server: w, Name: name}
	out := script(w.t, w.dir, w.env, "wp-account.php", w.app, name, role)
	if err := json.Unmarshal(out, a); err != nil {
		w.t.Fatalf("opening an account for %s: %v\n%s", name, err, out)
	}
	return a
}

// Comment is a comment as everybody sees it.
type Comment struct {
	ID, Post, Parent, Author int64
	Name                     string `json:"author_name"`
	Status                   string
	Content                  struct{ Rendered, Raw string }
}

// Text is the comment in plain words; Links are what can be followed in it.
func (c Comment) Text() string { text, _ := plain(c.Content.Rendered); return text }

// Links are the targets of the links.
func (c Comment) Links() []string { _, links := plain(c.Content.Rendered); return links }

// Post writes a post and returns its number.
func (a *WordPressAccount) Post(title, text string) int64 {
	a.Server.t.Helper()
	var p struct{ ID int64 }
	a.must(http.MethodPost, "/posts", map[string]any{"title": title, "content": text, "status": "publish"}, &p)
	return p.ID
}

// Comment says something below a post, or below a comment of it.
func (a *WordPressAccount) Comment(post, parent int64, text string) Comment {
	a.Server.t.Helper()
	var c Comment
	a.must(http.MethodPost, "/comments", map[string]any{"post": post, "parent": parent, "content": html.EscapeString(text)}, &c)
	return c
}

// EditComment changes what a comment says.
func (a *WordPressAccount) EditComment(id int64, text string) {
	a.Server.t.Helper()
	a.must(http.MethodPost, "/comments/"+strconv.FormatInt(id, 10), map[string]any{"content": html.EscapeString(text)}, nil)
}

// Moderate gives a comment another status: approved, hold, spam, trash.
func (a *WordPressAccount) Moderate(id int64, status string) {
	a.Server.t.Helper()
	a.must(http.MethodPost, "/comments/"+strconv.FormatInt(id, 10), map[string]any{"status": status}, nil)
}

// Status is what has become of a comment: approve, hold, spam, trash; "" when
// there is none.
func (a *WordPressAccount) Status(id int64) string {
	a.Server.t.Helper()
	for _, status := range []string{"approve", "hold", "spam", "trash"} {
		var some []Comment
		q := url.Values{"include": {strconv.FormatInt(id, 10)}, "status": {status}, "context": {"edit"}}
		if a.must(http.MethodGet, "/comments?"+q.Encode(), nil, &some); len(some) == 1 {
			return status
		}
	}
	return ""
}

// Delete takes a comment away for good.
func (a *WordPressAccount) Delete(id int64) {
	a.Server.t.Helper()
	a.must(http.MethodDelete, "/comments/"+strconv.FormatInt(id, 10)+"?force=true", nil, nil)
}

// Comments are all comments below a comment, or of the blog (0), as everybody
// sees them, oldest first.
func (w *WordPress) Comments(parent int64) []Comment {
	w.t.Helper()
	var all []Comment
	for page := 1; ; page++ {
		q := url.Values{"per_page": {"100"}, "order": {"asc"}, "orderby": {"id"}, "page": {strconv.Itoa(page)}}
		if parent > 0 {
			q.Set("parent", strconv.FormatInt(parent, 10))
		}
		var some []Comment
		(&WordPressAccount{Server: w}).must(http.MethodGet, "/comments?"+q.Encode(), nil, &some)
		all = append(all, some...)
		if len(some) < 100 {
			return all
		}
	}
}

// Titles are the titles of the blog's posts, newest first.
func (w *WordPress) Titles() []string {
	w.t.Helper()
	var posts []struct{ Title struct{ Rendered string } }
	(&WordPressAccount{Server: w}).must(http.MethodGet, "/posts?per_page=100", nil, &posts)
	var out []string
	for _, p := range posts {
		out = append(out, html.UnescapeString(p.Title.Rendered))
	}
	return out
}

// Figure is a picture in a post, as a reader of the blog gets it.
type Figure struct {
	Alt   string
	Bytes []byte
}

var figures = regexp.MustCompile(`<img[^>]*>`)

// Figures are the pictures in a post.
func (w *WordPress) Figures(post int64) (out []Figure) {
	w.t.Helper()
	var p struct{ Content struct{ Rendered string } }
	(&WordPressAccount{Server: w}).must(http.MethodGet, "/posts/"+strconv.FormatInt(post, 10), nil, &p)
	for _, tag := range figures.FindAllString(p.Content.Rendered, -1) {
		part := func(name string) string {
			_, rest, _ := strings.Cut(tag, name+`="`)
			value, _, _ := strings.Cut(rest, `"`)
			return html.UnescapeString(value)
		}
		res, body := do(w.t, client, formRequest(w.t, http.MethodGet, part(" src"), nil, ""))
		if res.StatusCode != http.StatusOK {
			w.t.Fatalf("the picture %s: %d", tag, res.StatusCode)
		}
		out = append(out, Figure{part(" alt"), body})
	}
	return out
}

func (a *WordPressAccount) must(method, path string, body, into any) {
	t := a.Server.t
	t.Helper()
	address := a.Server.URL + "/wp-json/wp/v2" + path
	req := formRequest(t, method, address, nil, "")
	if body != nil {
		req = jsonRequest(t, method, address, body, "")
	}
	if a.Password != "" {
		req.SetBasicAuth(a.Name, a.Password)
	}
	res, answer := do(t, client, req)
	if res.StatusCode > 299 {
		t.Fatalf("%s %s as %s: %d %s", method, path, a.Name, res.StatusCode, answer)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatalf("an answer to %s: %v\n%s", strings.TrimSpace(a.Name+" "+path), err, answer)
	}
}
