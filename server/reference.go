package server

import (
	"embed"
	"net/http"
)

// The reference page is ours alone: it loads nothing from elsewhere.
//
//go:embed reference
var referenceFiles embed.FS

const referencePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// reference serves the page that shows the OpenAPI document to people.
func (s *Server) reference() {
	for path, file := range map[string][2]string{
		"/api/docs":               {"reference/index.html", "text/html; charset=utf-8"},
		"/api/docs/reference.js":  {"reference/reference.js", "text/javascript; charset=utf-8"},
		"/api/docs/reference.css": {"reference/reference.css", "text/css; charset=utf-8"},
	} {
		s.Mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			body, err := referenceFiles.ReadFile(file[0])
			if err != nil {
				plain(w, http.StatusInternalServerError, "The reference is missing.\n")
				return
			}
			w.Header().Set("Content-Type", file[1])
			w.Header().Set("Content-Security-Policy", referencePolicy)
			w.Header().Set("Cache-Control", "no-cache")
			_, _ = w.Write(body)
		})
	}
}
