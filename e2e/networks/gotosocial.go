package networks

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// GoToSocial is a server that speaks the Mastodon API.
type GoToSocial struct {
	URL  string // http://localhost:PORT, as the server calls itself
	Host string // localhost:PORT

	t      testing.TB
	server *process
	config string
	bin    string
}

// StartGoToSocial starts an empty server with registrations closed and without
// rate limits.
func StartGoToSocial(t testing.TB) *GoToSocial {
	t.Helper()
	built := installGoToSocial(t)
	g := &GoToSocial{t: t, bin: filepath.Join(built, "gotosocial")}
	// Compiling its media tools takes seconds and can be kept.
	compiled := filepath.Join(filepath.Dir(built), "gotosocial-wazero")
	var err error
	for range 3 { // somebody else may take the port first
		dir := t.TempDir()
		port := freePorts(t, 1)[0]
		g.Host = fmt.Sprintf("localhost:%d", port)
		g.URL = "http://" + g.Host
		g.config = filepath.Join(dir, "config.yaml")
		if err := os.WriteFile(g.config, []byte(g.yaml(dir, built, port)), 0o600); err != nil {
			t.Fatal(err)
		}
		g.server = &process{
			t: t, name: "gotosocial", dir: dir,
			argv:  []string{g.bin, "--config-path", g.config, "server", "start"},
			env:   []string{"GTS_WAZERO_COMPILATION_CACHE=" + compiled},
			ready: func() bool { return answers(g.URL + "/readyz") },
		}
		if err = g.server.try(); err == nil {
			g.server.endWithTest()
			return g
		}
	}
	t.Fatalf("GoToSocial did not start: %v\n%s", err, g.server.tail())
	return nil
}

func (g *GoToSocial) yaml(dir, built string, port int) string {
	return fmt.Sprintf(`host: %q
protocol: "http"
bind-address: "127.0.0.1"
port: %d
db-type: "sqlite"
db-address: %q
storage-local-base-path: %q
web-template-base-dir: %q
web-asset-base-dir: %q
letsencrypt-enabled: false
advanced-rate-limit-requests: 0
advanced-throttling-multiplier: 0
instance-expose-public-timeline: true
http-client:
  allow-ips: ["127.0.0.1/32", "::1/128"]
  tls-insecure-skip-verify: true
`, g.Host, port, filepath.Join(dir, "gotosocial.db"), filepath.Join(dir, "storage"),
		filepath.Join(built, "web/template")+"/", filepath.Join(built, "web/assets")+"/")
}

// Stop ends the server; its data stay.
func (g *GoToSocial) Stop() { g.server.end() }

// Start brings it back at the same address, with the same data.
func (g *GoToSocial) Start() {
	g.t.Helper()
	g.server.start()
}

// Customer opens an account; see Network.
func (g *GoToSocial) Customer(name string) Customer { g.t.Helper(); return g.Account(name) }

// Account opens an account by the server's own command, and signs in for a
// token with the scopes read, write and push.
func (g *GoToSocial) Account(username string) *MastodonAccount {
	g.t.Helper()
	a := &MastodonAccount{
		Server: g, Username: username,
		Email:    username + "@example.org",
		Password: "A-kettle-for-" + username + "-whistles-at-96-degrees",
		t:        g.t,
	}
	out, err := command{filepath.Dir(g.config), nil, []string{g.bin, "--config-path", g.config, "admin", "account", "create",
		"--username", username, "--email", a.Email, "--password", a.Password}}.run()
	if err != nil {
		g.t.Fatalf("opening an account for %s: %v\n%s", username, err, out)
	}
	a.SignIn()
	var me struct{ ID string }
	// As accounts usually are elsewhere: anybody may follow, posts are public.
	a.must(http.MethodPatch, "/api/v1/accounts/update_credentials",
		url.Values{"locked": {"false"}, "source[privacy]": {"public"}}, &me)
	a.ID = me.ID
	return a
}

// reached reports whether a GET is answered at all.
func reached(url string) bool {
	res, err := client.Get(url)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode < 500
}

// answers reports whether a GET is answered with 200.
func answers(url string) bool {
	req, err := http.NewRequest(http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	req.Header.Set("User-Agent", userAgent)
	res, err := client.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}
