// Package house builds and runs the whole of Parley for stories: the real
// binary, on a loopback port, in a folder of the test.
package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
)

// Password is the one that stories sign in with.
const Password = "correct horse battery staple"

// built is the binary, made once for all stories of a run.
var built = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("PARLEY_BIN"); path != "" {
		return path, nil
	}
	dir, err := os.MkdirTemp("", "parley-story")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "parley")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/parley")
	cmd.Dir = browser.Root()
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// Bin is the path of the binary.
func Bin(t testing.TB) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// House is a running Parley.
type House struct {
	t       testing.TB
	Dir     string // data folder
	URL     string // where it serves
	Welcome string // the one-time link, "" once it was used
	args    []string
	env     []string
	cmd     *exec.Cmd
	out     *bytes.Buffer
	mu      sync.Mutex
	done    chan struct{}
}

// Start runs Parley with an empty folder and some more flags. It ends with
// the test, which shows its log if it failed.
func Start(t testing.TB, args ...string) *House {
	t.Helper()
	return At(t, t.TempDir(), args...)
}

// At is Start with a folder that has something in it.
func At(t testing.TB, dir string, args ...string) *House {
	t.Helper()
	h := &House{t: t, Dir: dir, args: args, out: &bytes.Buffer{}}
	h.Run()
	t.Cleanup(h.end)
	return h
}

// Public is Start with a public address, so that links in answers are tracked.
func Public(t testing.TB, args ...string) *House {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	h := &House{t: t, Dir: t.TempDir(), URL: url, args: append(args, "--url", url), out: &bytes.Buffer{}}
	h.Run()
	t.Cleanup(h.end)
	return h
}

func (h *House) end() {
	h.Kill()
	if h.t.Failed() {
		h.t.Logf("Parley's log:\n%s", h.Log())
	}
}

// In lets a test within the one that started it fail instead of that one.
func (h *House) In(t testing.TB) {
	outer := h.t
	h.t = t
	t.Cleanup(func() { h.t = outer })
}

// since is what it has written after a position.
func (h *House) since(n int) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.out.String()[n:]
}

// Log is the end of what it has written so far.
func (h *House) Log() string {
	s := h.since(0)
	if len(s) > 20_000 {
		s = s[len(s)-20_000:]
	}
	return s
}

// Write takes the program's output.
func (h *House) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.out.Write(p)
}

// greeting is all that Parley says when it starts: its address, and the
// one-time link while there is no administrator.
var greeting = regexp.MustCompile(`Parley is at\s+(\S+)\n(?:\n|\s+Begin here\s+(\S+)\n)`)

// Run starts it, again if it was ended, at the same address.
func (h *House) Run() {
	h.t.Helper()
	addr := "127.0.0.1:0"
	if h.URL != "" {
		addr = strings.TrimPrefix(h.URL, "http://")
	}
	before := h.out.Len() // nothing runs that writes
	args := append([]string{"serve", "--data", h.Dir, "--addr", addr}, h.args...)
	h.cmd = exec.Command(Bin(h.t), args...)
	h.cmd.Env = append(os.Environ(), h.env...)
	h.cmd.Stdout, h.cmd.Stderr = h, h
	if err := h.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	done := make(chan struct{})
	h.done = done
	go func() { _ = h.cmd.Wait(); close(done) }()
	deadline := time.Now().Add(60 * time.Second)
	for {
		if m := greeting.FindStringSubmatch(h.since(before)); m != nil {
			h.URL, h.Welcome = m[1], m[2]
			if r, err := http.Get(h.URL + "/readyz"); err == nil {
				_ = r.Body.Close()
				if r.StatusCode == http.StatusOK {
					return
				}
			}
		}
		select {
		case <-done:
			h.t.Fatalf("Parley ended at once:\n%s", h.Log())
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("Parley does not get ready:\n%s", h.Log())
		}
	}
}

// Kill ends it with SIGKILL, as a crash does.
func (h *House) Kill() {
	if h.cmd != nil && h.cmd.Process != nil {
		_ = h.cmd.Process.Kill()
		<-h.done
	}
}

// Stop asks it to end, and waits.
func (h *House) Stop() {
	h.t.Helper()
	_ = h.cmd.Process.Signal(os.Interrupt)
	select {
	case <-h.done:
	case <-time.After(30 * time.Second):
		h.t.Fatal("Parley does not end when it is asked to")
	}
}

// CLI runs a command of the binary on the same data and returns its output.
func (h *House) CLI(args ...string) (out string, code int) {
	h.t.Helper()
	return h.Command(append(args, "--data", h.Dir)...)
}

// Command runs a command of the binary and returns its output.
func (h *House) Command(args ...string) (out string, code int) {
	h.t.Helper()
	cmd := exec.Command(Bin(h.t), args...)
	cmd.Env = append(os.Environ(), h.env...)
	text, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(text), exit.ExitCode()
	} else if err != nil {
		h.t.Fatal(err)
	}
	return string(text), 0
}

// Client speaks to the API with a session or a token.
type Client struct {
	h     *House
	Token string
	http  *http.Client
}

// API is a client with a token.
func (h *House) API(token string) *Client {
	return &Client{h: h, Token: token, http: &http.Client{Timeout: 30 * time.Second}}
}

// Admin makes the first administrator by the one-time link and returns a
// client with their session.
func (h *House) Admin(name, email string) *Client {
	h.t.Helper()
	c := h.API("")
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	c.http.Jar = jar
	c.Must(http.MethodPost, "/api/links/"+LinkToken(h.Welcome),
		map[string]any{"name": name, "email": email, "password": Password}, nil)
	return c
}

// Join follows an invitation and chooses a password.
func Join(p *browser.Page, link string) {
	p.Open(link)
	p.Fill("Password", Password)
	p.Click("button", "Join")
	p.SeeRole("navigation", "Parley")
}

// SignIn signs in, and stands on the home page then.
func (h *House) SignIn(p *browser.Page, email string) {
	p.Open(h.URL + "/signin")
	p.Fill("Email", email)
	p.Fill("Password", Password)
	p.Click("button", "Sign in")
	p.SeeRole("navigation", "Parley")
}

// LinkToken is the secret at the end of a one-time link.
func LinkToken(link string) string { return link[strings.LastIndex(link, "/")+1:] }

// Invite makes a link by which somebody joins.
func (c *Client) Invite(name, email, role string) string {
	c.h.t.Helper()
	var made struct{ Link string }
	c.Must(http.MethodPost, "/api/members/invitations", map[string]any{"name": name, "email": email, "role": role}, &made)
	if made.Link == "" {
		c.h.t.Fatal("an invitation without a link")
	}
	if strings.HasPrefix(made.Link, "/") {
		made.Link = c.h.URL + made.Link
	}
	return made.Link
}

// Do makes a request and returns the status and the body, decoded into into
// when that is not nil and the answer is a success.
func (c *Client) Do(method, path string, body, into any) (int, string) {
	c.h.t.Helper()
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			c.h.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, c.h.URL+path, r)
	if err != nil {
		c.h.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.h.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.h.t.Fatal(err)
	}
	if into != nil && res.StatusCode < 300 {
		if err := json.Unmarshal(text, into); err != nil {
			c.h.t.Fatalf("%s %s: %v: %s", method, path, err, text)
		}
	}
	return res.StatusCode, string(text)
}

// Must is Do that fails the test unless the answer is a success.
func (c *Client) Must(method, path string, body, into any) {
	c.h.t.Helper()
	if status, text := c.Do(method, path, body, into); status >= 300 {
		c.h.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
}

// Acknowledge agrees to all policies, so that the gate lets one speak.
func (c *Client) Acknowledge() {
	var list struct {
		Items []struct {
			ID      string
			Version int
		}
	}
	c.Must(http.MethodGet, "/api/policies", nil, &list)
	for _, p := range list.Items {
		c.Must(http.MethodPost, "/api/policies/"+p.ID+"/acknowledge", map[string]any{"version": p.Version}, nil)
	}
}

// File adds a file and returns its id.
func (c *Client) File(name string, data []byte) string {
	c.h.t.Helper()
	req, err := http.NewRequest(http.MethodPost, c.h.URL+"/api/files?name="+url.QueryEscape(name), bytes.NewReader(data))
	if err != nil {
		c.h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.h.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.h.t.Fatal(err)
	}
	var f struct{ ID string }
	if err := json.Unmarshal(text, &f); err != nil || f.ID == "" {
		c.h.t.Fatalf("adding %s: %d %s", name, res.StatusCode, text)
	}
	return f.ID
}
