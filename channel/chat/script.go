package chat

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"net/http"
	"strings"
)

//go:embed chat.js
var source []byte

// script is what a company puts on its pages: the source without its margins
// and the notes on lines of their own, and the same packed.
var script, packed = func() (plain, small []byte) {
	for line := range bytes.Lines(source) {
		if line = bytes.TrimSpace(line); len(line) > 0 && !bytes.HasPrefix(line, []byte("//")) {
			plain = append(append(plain, line...), '\n')
		}
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	_, _ = w.Write(plain)                                 // into memory
	_ = w.Close()
	return plain, b.Bytes()
}()

func sendScript(w http.ResponseWriter, r *http.Request) {
	out := script
	w.Header().Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		out = packed
	}
	_, _ = w.Write(out)
}
