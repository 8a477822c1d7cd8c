package server

import (
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/parley-crm/parley/social"
)

// appPolicy is what the app may load: its own scripts and styles, pictures
// from networks, and nothing else.
const appPolicy = "default-src 'none'; script-src 'self'%s; style-src 'self'%s; img-src 'self' data: blob: https:; font-src 'self'; media-src 'self'; " +
	"connect-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// app serves the built app: files as they are, and its page for every other
// address that a person may type.
func (s *Server) app(files fs.FS) {
	page, err := fs.ReadFile(files, "index.html")
	if err != nil {
		page = []byte("<!doctype html><title>Parley</title><p>The app was not built.</p>")
	}
	policy := policyFor(page)
	server := http.FileServerFS(files)
	small := packed{files: files}
	s.Mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			s.refuse(w, r, &Problem{Title: "Method Not Allowed", Status: http.StatusMethodNotAllowed, Kind: social.Invalid, Detail: "This address does not take " + r.Method + "."})
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if info, err := fs.Stat(files, name); err == nil && !info.IsDir() && name != "index.html" {
			h.Set("Cache-Control", cacheFor(name))
			if !small.serve(w, r, name) {
				server.ServeHTTP(w, r)
			}
			return
		}
		if strings.HasPrefix(name, "assets/") { // a file of another build: never the page in its place
			s.refuse(w, r, social.Errorf(social.NotFound, "There is no such file."))
			return
		}
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		if r.Method == http.MethodGet {
			_, _ = w.Write(page)
		}
	})
}

// cacheFor lets files whose names change with their content be kept for good.
func cacheFor(name string) string {
	if strings.HasPrefix(name, "assets/") {
		return "public, max-age=31536000, immutable"
	}
	return "public, max-age=3600"
}

var inline = regexp.MustCompile(`(?is)<(script|style)(\s[^>]*)?>(.*?)</(?:script|style)>`)

// policyFor is the policy for a page, with the hashes of what stands in it.
func policyFor(page []byte) string {
	var scripts, styles strings.Builder
	for _, m := range inline.FindAllSubmatch(page, -1) {
		if len(m[3]) == 0 {
			continue
		}
		sum := sha256.Sum256(m[3])
		hash := " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if strings.EqualFold(string(m[1]), "script") {
			scripts.WriteString(hash)
		} else {
			styles.WriteString(hash)
		}
	}
	policy := strings.Replace(appPolicy, "%s", scripts.String(), 1)
	return strings.Replace(policy, "%s", styles.String(), 1)
}
