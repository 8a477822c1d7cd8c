package server

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// packed serves the app's files compressed. Each is packed once, when it is
// first asked for.
type packed struct {
	files fs.FS
	kept  sync.Map // name → []byte, nil where packing does not help
}

var packable = map[string]bool{".js": true, ".css": true, ".svg": true, ".json": true, ".html": true, ".txt": true, ".map": true, ".webmanifest": true}

// serve answers with the packed file, and reports whether it did.
func (p *packed) serve(w http.ResponseWriter, r *http.Request, name string) bool {
	if !packable[path.Ext(name)] {
		return false
	}
	w.Header().Add("Vary", "Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Header.Get("Range") != "" {
		return false
	}
	body := p.pack(name)
	if body == nil {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Content-Encoding", "gzip")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
	return true
}

func (p *packed) pack(name string) []byte {
	if kept, ok := p.kept.Load(name); ok {
		return kept.([]byte)
	}
	var body []byte
	if plain, err := fs.ReadFile(p.files, name); err == nil {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
		_, _ = z.Write(plain)                                 // a buffer takes everything
		_ = z.Close()
		if b.Len() < len(plain) {
			body = b.Bytes()
		}
	}
	p.kept.Store(name, body)
	return body
}
