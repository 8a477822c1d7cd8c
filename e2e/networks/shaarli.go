package networks

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Shaarli is somebody's list of bookmarks.
type Shaarli struct {
	URL    string // http://127.0.0.1:PORT
	Secret string // of its API

	t      testing.TB
	server *process
}

func installShaarli(t testing.TB) string {
	t.Helper()
	return installed(t, "debian-shaarli", func(dir string) error {
		if err := debian(dir, "shaarli"); err != nil {
			return err
		}
		app := filepath.Join(dir, "usr/share/shaarli")
		if err := os.Remove(filepath.Join(app, "cache")); err != nil { // leads to /var/cache
			return err
		}
		// Debian's package has its folders in its code.
		fixed := strings.NewReplacer("'/usr/share/shaarli/autoload.php'", "__DIR__ . '/autoload.php'",
			"'/var/lib/shaarli/data", "PARLEY_DIR . '/data", "'/var/cache/shaarli/", "PARLEY_DIR . '/cache/")
		for _, name := range []string{"index.php", "init.php", "application/config/ConfigManager.php"} {
			file := filepath.Join(app, name)
			b, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if err := os.WriteFile(file, []byte(fixed.Replace(string(b))), 0o600); err != nil {
				return err
			}
		}
		return nil
	})
}

// StartShaarli starts an empty list with its API open.
func StartShaarli(t testing.TB) *Shaarli {
	t.Helper()
	needPHP(t, "curl", "gd", "intl", "mbstring", "ldap")
	dir, built := t.TempDir(), installShaarli(t)
	for _, d := range []string{"data", "cache/cache", "cache/tmp", "cache/pagecache", "sessions"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := lay(dir, "shaarli-router.php", "router.php"); err != nil {
		t.Fatal(err)
	}
	host := fmt.Sprintf("127.0.0.1:%d", freePorts(t, 1)[0])
	s := &Shaarli{URL: "http://" + host, t: t}
	s.server = php(t, "shaarli", dir, host, filepath.Join(built, "usr/share/shaarli"), "router.php", []string{"PARLEY_DIR=" + dir},
		"-d", "session.save_path="+filepath.Join(dir, "sessions"), "-d", "error_reporting=1")
	s.server.start()
	s.server.endWithTest()
	res, body := do(t, &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		formRequest(t, http.MethodPost, s.URL+"/install", url.Values{"setlogin": {"maya"}, "setpassword": {secret(t)}, "continent": {"Europe"}, "city": {"Berlin"},
			"title": {"Maya’s links"}, "language": {"en"}, "enableApi": {"on"}}, ""))
	config, err := os.ReadFile(filepath.Join(dir, "data/config.json.php"))
	if err != nil {
		t.Fatalf("installing Shaarli: %s, %v\n%s", res.Status, err, body)
	}
	m := regexp.MustCompile(`"secret": "([^"]+)"`).FindSubmatch(config)
	if m == nil {
		t.Fatalf("Shaarli has no API secret:\n%s", config)
	}
	s.Secret = string(m[1])
	return s
}

// Stop ends it; its data stay. Start brings it back.
func (s *Shaarli) Stop() { s.server.end() }

// Start brings it back at the same address, with the same data.
func (s *Shaarli) Start() {
	s.t.Helper()
	s.server.start()
}

// Bookmark is one entry of the list.
type Bookmark struct {
	ID          int64    `json:"id"` // given again after a deletion
	Short       string   `json:"shorturl"`
	URL         string   `json:"url"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Tags        []string `json:"tags"`
}

// Add puts a bookmark on the list.
func (s *Shaarli) Add(b Bookmark) Bookmark {
	s.t.Helper()
	s.must(http.MethodPost, "/links", map[string]any{"url": b.URL, "title": b.Title, "description": b.Description, "tags": b.Tags, "private": false}, &b)
	return b
}

// Change writes a bookmark anew.
func (s *Shaarli) Change(b Bookmark) {
	s.t.Helper()
	s.must(http.MethodPut, fmt.Sprintf("/links/%d", b.ID), map[string]any{"url": b.URL, "title": b.Title, "description": b.Description, "tags": b.Tags, "private": false}, nil)
}

// Delete takes a bookmark off the list.
func (s *Shaarli) Delete(id int64) {
	s.t.Helper()
	s.must(http.MethodDelete, fmt.Sprintf("/links/%d", id), nil, nil)
}

// Bookmarks are all entries, the newest first.
func (s *Shaarli) Bookmarks() []Bookmark {
	s.t.Helper()
	var all []Bookmark
	s.must(http.MethodGet, "/links?limit=all", nil, &all)
	return all
}

func (s *Shaarli) must(method, path string, body, into any) {
	s.t.Helper()
	address := s.URL + "/api/v1" + path
	enc := base64.RawURLEncoding
	head := enc.EncodeToString([]byte(`{"typ":"JWT","alg":"HS512"}`)) + "." + enc.EncodeToString(fmt.Appendf(nil, `{"iat":%d}`, time.Now().Unix()))
	h := hmac.New(sha512.New, []byte(s.Secret))
	h.Write([]byte(head))
	token := head + "." + enc.EncodeToString(h.Sum(nil))
	req := formRequest(s.t, method, address, nil, token)
	if body != nil {
		req = jsonRequest(s.t, method, address, body, token)
	}
	res, answer := do(s.t, client, req)
	if res.StatusCode > 299 {
		s.t.Fatalf("%s %s: %d %s", method, path, res.StatusCode, answer)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer, into); err != nil {
		s.t.Fatalf("an answer to %s: %v\n%s", path, err, answer)
	}
}
