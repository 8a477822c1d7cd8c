package server_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

func TestBadRequestsGetAClearSentence(t *testing.T) {
	h := sqlite(t)
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	tests := []struct {
		name, method, path, body string
		who                      string
		status                   int
		words                    string
	}{
		{"an unknown field", "POST", "/api/things", `{"name":"x","role":"admin"}`, "ada", 422, "There is no field “role” here."},
		{"a missing field", "POST", "/api/things", `{}`, "ada", 422, "“name” is missing."},
		{"a wrong type", "POST", "/api/things", `{"name":7}`, "ada", 422, "“name” is wrong: it must be"},
		{"a number out of range", "POST", "/api/things", `{"name":"x","count":10}`, "ada", 422, "“count” is wrong"},
		{"null for a text", "POST", "/api/things", `{"name":null}`, "ada", 422, "“name”"},
		{"not JSON", "POST", "/api/things", `{"name":`, "ada", 400, "The body is not JSON"},
		{"a list for an object", "POST", "/api/things", `[]`, "ada", 422, "The body must be an object of JSON."},
		{"a zero character", "POST", "/api/things", `{"name":"a\u0000"}`, "ada", 400, "U+0000"},
		{"a zero in the address", "GET", "/api/things?cursor=%00", "", "ada", 400, "no text"},
		{"a zero in the path", "GET", "/api/%00", "", "ada", 400, "no text"},
		{"bytes that are no text", "GET", "/api/things?cursor=%ff", "", "ada", 400, "no text"},
		{"a half escape", "GET", "/api/things?cursor=%f", "", "ada", 400, "no text"},
		{"deeply nested", "POST", "/api/things", deep, "ada", 400, "The body is not JSON"},
		{"no body", "POST", "/api/things", "", "ada", 400, "needs a body"},
		{"ten megabytes", "POST", "/api/things", `{"name":"` + strings.Repeat("x", 10<<20) + `"}`, "ada", 413, "too large"},
		{"an unknown parameter", "GET", "/api/things?sort=name", "", "ada", 422, "There is no parameter “sort” here."},
		{"a parameter out of range", "GET", "/api/things?limit=101", "", "ada", 422, "“limit” is wrong"},
		{"a parameter of the wrong type", "GET", "/api/things?limit=many", "", "ada", 422, "“limit” is wrong"},
		{"nowhere", "GET", "/api/nothing", "", "ada", 404, "nothing at this address"},
		{"a method that is not there", "DELETE", "/api/things", "", "ada", 405, "does not take DELETE"},
		{"nobody", "GET", "/api/things", "", "", 401, "Nobody is signed in"},
		{"a forged session", "GET", "/api/things", "", "mallory", 401, "Nobody is signed in"},
		{"a revoked token", "GET", "/api/things", "", "Bearer parley_gone", 401, "This is nobody."},
		{"another scheme", "GET", "/api/things", "", "Basic YTpi", 401, "must be “Bearer”"},
		{"an empty token", "GET", "/api/things", "", "Bearer ", 401, "must be “Bearer”"},
		{"a revoked token at a public place", "POST", "/api/knock", "", "Bearer parley_gone", 401, "This is nobody."},
		{"an own mistake", "POST", "/api/things", `{"name":"fault"}`, "ada", 500, "wrote it into its log"},
		{"a conflict", "POST", "/api/things", `{"name":"conflict"}`, "ada", 409, "It is there already."},
		{"a panic", "POST", "/api/things", `{"name":"panic"}`, "ada", 500, "wrote it into its log"},
		{"no database", "GET", "/api/things", "", "broken", 500, "wrote it into its log"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.T = t
			var who []func(*http.Request)
			if tt.who != "" {
				who = append(who, as(tt.who))
			}
			r := h.do(tt.method, tt.path, tt.body, who...)
			r.problem(tt.status, tt.words)
			if r.Header.Get("X-Request-Id") == "" {
				t.Error("the answer has no id by which the log could be searched")
			}
		})
	}
	h.T = t
	if h.made != 0 {
		t.Errorf("a refused request did something: %d", h.made)
	}
	for _, canary := range []string{"canary-7781", "canary-7782", "canary-5512"} {
		if !strings.Contains(h.log.String(), canary) {
			t.Errorf("the log does not tell of %s", canary)
		}
	}
	if allow := h.do("DELETE", "/api/things", "", as("ada")).Header.Values("Allow"); strings.Join(allow, " ") != "GET POST" {
		t.Errorf("Allow is %v", allow)
	}
}

func TestEveryOperationStatesItsPermission(t *testing.T) {
	h := sqlite(t)
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]map[string]any
	}
	r := h.do("GET", "/api/openapi.json", "").ok(200)
	if err := json.Unmarshal([]byte(r.text), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Paths) < 4 {
		t.Fatalf("OpenAPI %s with %d paths", doc.OpenAPI, len(doc.Paths))
	}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			permission, _ := op["x-permission"].(string)
			if permission == "" {
				t.Errorf("%s %s states no permission", method, path)
			}
			if _, secured := op["security"]; secured == (permission == "public") {
				t.Errorf("%s %s: %s, but security %v", method, path, permission, op["security"])
			}
		}
	}
	if strings.Contains(r.text, "$schema") {
		t.Error("bodies should carry no $schema")
	}
	defer func() {
		if recover() == nil {
			t.Error("an operation without a permission was taken")
		}
	}()
	server.Register(h.server, server.Op{ID: "x", Method: "GET", Path: "/api/x"}, func(_ ctx, _ *struct{}) (*struct{}, error) { return nil, nil })
}

func TestEveryAnswerProtectsItsReader(t *testing.T) {
	h := sqlite(t, func(o *server.Options) {
		o.Base = "https://parley.example"
		o.UI = fstest.MapFS{"index.html": {Data: []byte(`<script>alert(1)</script>`)}}
	})
	for _, path := range []string{"/api/things", "/api/nothing", "/", "/engage", "/healthz", "/api/docs", "/api/openapi.json", "/metrics"} {
		r := h.do("GET", path, "")
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Content-Security-Policy": "frame-ancestors 'none'",
			"Strict-Transport-Security": "max-age=", "Permissions-Policy": "camera=()", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if !strings.Contains(r.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, r.Header.Get(name))
			}
		}
		if csp := r.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: %s", path, csp)
		}
	}
	cookie := h.server.Cookie("x", h.now.Now().Add(time.Hour))
	if !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.MaxAge != 3600 {
		t.Errorf("the cookie is %+v", cookie)
	}
	if plain := sqlite(t).server.Cookie("x", time.Time{}); plain.Secure {
		t.Error("on loopback without TLS a Secure cookie would never come back")
	}
}

func TestOtherSitesChangeNothing(t *testing.T) {
	tests := []struct {
		name    string
		method  string
		headers []string
		who     string
		status  int
	}{
		{"our own page", "POST", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"}, "ada", 201},
		{"a program without a browser", "POST", nil, "ada", 201},
		{"another site", "POST", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, "ada", 403},
		{"a sibling site", "POST", []string{"Sec-Fetch-Site", "same-site", "Origin", "https://other.parley.example"}, "ada", 403},
		{"another site in an old browser", "POST", []string{"Origin", "https://evil.example"}, "ada", 403},
		{"a page without an origin", "POST", []string{"Origin", "null"}, "ada", 403},
		{"our own page in an old browser", "POST", []string{"Origin", "http://example.com"}, "ada", 201},
		{"our public address behind a proxy", "POST", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://parley.example"}, "ada", 201},
		{"a token may come from anywhere", "POST", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://shop.example"}, "Bearer parley", 201},
		{"reading is safe", "GET", []string{"Sec-Fetch-Site", "cross-site"}, "ada", 200},
		{"signing somebody in as somebody else", "POST /api/knock", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, "", 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := sqlite(t, func(o *server.Options) { o.Base = "https://parley.example" })
			var change []func(*http.Request)
			if tt.who != "" {
				change = append(change, as(tt.who))
			}
			for i := 0; i+1 < len(tt.headers); i += 2 {
				change = append(change, with(tt.headers[i], tt.headers[i+1]))
			}
			method, path, found := strings.Cut(tt.method, " ")
			body := ""
			if !found {
				path = "/api/things"
			}
			if method == "POST" && !found {
				body = `{"name":"x"}`
			}
			r := h.do(method, path, body, change...)
			if r.StatusCode != tt.status {
				t.Fatalf("got %d %s, want %d", r.StatusCode, r.text, tt.status)
			}
			if tt.status == 403 {
				r.problem(403, "another site")
				if h.made != 0 {
					t.Error("it was done all the same")
				}
			}
		})
	}
}

func TestLimits(t *testing.T) {
	h := sqlite(t, func(o *server.Options) {
		o.Limits = server.Limits{Knock: server.Limit{Burst: 3, Second: 0.5}, Guest: server.Limit{Burst: 5, Second: 1}, Member: server.Limit{Burst: 4, Second: 1}}
	})
	from := func(ip string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = ip + ":1234" } }
	for range 3 {
		h.do("POST", "/api/knock", "", from("192.0.2.1")).ok(200)
	}
	r := h.do("POST", "/api/knock", "", from("192.0.2.1"))
	r.problem(429, "too many requests")
	if r.Header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After is %q, want 2", r.Header.Get("Retry-After"))
	}
	h.do("POST", "/api/knock", "", from("192.0.2.2")).ok(200)
	h.now.Add(2 * time.Second)
	h.do("POST", "/api/knock", "", from("192.0.2.1")).ok(200)
	h.do("POST", "/api/knock", "", from("192.0.2.1")).problem(429, "")
	for range 4 {
		h.do("GET", "/api/things", "", as("ada"), from("192.0.2.1")).ok(200)
	}
	h.do("GET", "/api/things", "", as("ada"), from("192.0.2.9")).problem(429, "")
	h.do("GET", "/api/things", "", as("Bearer parley")).ok(200)
	for i := range 8 {
		r := h.do("GET", "/api/things", "", as("Bearer guess"), from("192.0.2.7"))
		if want := map[bool]int{true: 401, false: 429}[i < 5]; r.StatusCode != want {
			t.Fatalf("guess %d at a token: %d, want %d", i, r.StatusCode, want)
		}
	}
}

func TestWhoseAddressItIs(t *testing.T) {
	tests := []struct{ name, remote, forwarded, want string }{
		{"nobody is trusted by default", "203.0.113.9:1", "192.0.2.1", "203.0.113.9"},
		{"a trusted proxy is believed", "10.0.0.2:1", "192.0.2.1", "192.0.2.1"},
		{"what the client wrote itself is not", "10.0.0.2:1", "198.51.100.1, 192.0.2.1", "192.0.2.1"},
		{"through two trusted proxies", "10.0.0.2:1", "192.0.2.1, 10.0.0.3", "192.0.2.1"},
		{"nonsense ends it", "10.0.0.2:1", "192.0.2.1, nonsense", "10.0.0.2"},
		{"without the header", "10.0.0.2:1", "", "10.0.0.2"},
		{"a client that pretends", "203.0.113.9:1", "127.0.0.1", "203.0.113.9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := sqlite(t, func(o *server.Options) { o.Trusted = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} })
			r := h.do("POST", "/api/knock", "", func(r *http.Request) { r.RemoteAddr = tt.remote }, with("X-Forwarded-For", tt.forwarded)).ok(200)
			if strings.TrimSpace(r.text) != `"`+tt.want+`"` {
				t.Errorf("got %s, want %s", r.text, tt.want)
			}
		})
	}
}

func TestHealthAndMetrics(t *testing.T) {
	h := sqlite(t)
	h.do("GET", "/healthz", "").ok(200)
	h.do("GET", "/readyz", "").ok(200)
	h.do("GET", "/api/things", "", as("ada")).ok(200)
	h.do("POST", "/api/things", `{}`, as("ada")).ok(422)
	h.do("GET", "/metrics", "").problem(401, "token")
	h.do("GET", "/metrics", "", as("ines")).problem(403, "system.read")
	text := h.do("GET", "/metrics", "", as("ada")).ok(200).text
	for _, line := range []string{`parley_http_requests_total{operation="list-things",status="200"} 1`, `parley_http_requests_total{operation="add-thing",status="422"} 1`, `parley_http_seconds_count{operation="list-things"} 1`} {
		if !strings.Contains(text, line) {
			t.Errorf("no line %s", line)
		}
	}
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	h.do("GET", "/healthz", "").ok(200)
	h.do("GET", "/readyz", "").ok(503)
}

func TestTheApp(t *testing.T) {
	h := sqlite(t, func(o *server.Options) {
		o.UI = fstest.MapFS{
			"index.html":         {Data: []byte(`<!doctype html><script>var theme</script><script src="/assets/a-1.js"></script><style>b{}</style>`)},
			"assets/app-8f3a.js": {Data: []byte("1")},
			"assets/long-1.js":   {Data: []byte(strings.Repeat("var a = 1;\n", 1000))},
			"favicon.svg":        {Data: []byte("<svg/>")},
		}
	})
	for _, path := range []string{"/", "/engage?view=mine", "/govern/policies/1", "/index.html"} {
		r := h.do("GET", path, "").ok(200)
		if !strings.Contains(r.text, "doctype") || r.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %s %q", path, r.Header.Get("Cache-Control"), r.text)
		}
		csp := r.Header.Get("Content-Security-Policy")
		if strings.Count(csp, "'sha256-") != 2 || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %s", path, csp)
		}
	}
	if r := h.do("GET", "/assets/app-8f3a.js", "").ok(200); !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
		t.Error("a file with a hash in its name should be kept for good")
	}
	if r := h.do("GET", "/favicon.svg", "").ok(200); strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
		t.Error("a file without one should not")
	}
	h.do("GET", "/assets/old-1111.js", "").problem(404, "no such file")
	plain := h.do("GET", "/assets/long-1.js", "").ok(200)
	small := h.do("GET", "/assets/long-1.js", "", with("Accept-Encoding", "gzip, br")).ok(200)
	unpacked, err := gzip.NewReader(strings.NewReader(small.text))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(unpacked); err != nil || string(text) != plain.text || len(small.text) >= len(plain.text) {
		t.Errorf("packed: %d of %d bytes, %v", len(small.text), len(plain.text), err)
	}
	if small.Header.Get("Vary") != "Accept-Encoding" || !strings.Contains(small.Header.Get("Content-Type"), "javascript") || !strings.Contains(small.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("packed: %v", small.Header)
	}
	h.do("POST", "/engage", `{}`).problem(405, "POST")
	h.do("GET", "/api/nothing", "").problem(404, "")
	r := h.do("GET", "/../../etc/passwd", "")
	if strings.Contains(r.text, "root:") {
		t.Error("a path leads out of the app")
	}
}

func TestTheReferenceLoadsNothingFromElsewhere(t *testing.T) {
	h := sqlite(t)
	page := h.do("GET", "/api/docs", "").ok(200)
	for _, path := range []string{"/api/docs/reference.js", "/api/docs/reference.css"} {
		if !strings.Contains(page.text, path) {
			t.Errorf("the page does not load %s", path)
		}
		text := h.do("GET", path, "").ok(200).text + page.text
		for _, bad := range []string{"http://", "https://", "//cdn", "innerHTML", "style=\"", "onclick"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s has %s", path, bad)
			}
		}
	}
	if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self';") {
		t.Error(csp)
	}
}

func TestNothingIsDoneOutsideTheScope(t *testing.T) {
	h := sqlite(t)
	var seen social.Scope
	server.Register(h.server, server.Op{ID: "look", Method: "GET", Path: "/api/look", Permission: social.InboxRead}, func(c ctx, _ *struct{}) (*struct{}, error) {
		seen = social.ScopeOf(c)
		return nil, nil
	})
	h.do("GET", "/api/look", "", as("ines")).ok(200)
	if seen.All || len(seen.Programmes) != 1 || seen.Programmes[0] != "care" {
		t.Errorf("the scope is %+v", seen)
	}
	h.door.set("none", social.Actor{Member: "none"})
	p := h.do("GET", "/api/look", "", as("none")).problem(403, "inbox.read")
	if p.Fix == "" {
		t.Error("the refusal leads nowhere")
	}
}
