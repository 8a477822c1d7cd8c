// Package sniff says what bytes are, whatever their name claims, and gives a
// file an ending that agrees with them.
package sniff

import (
	"bytes"
	"mime"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
)

// Stream is what has no better name, and what a browser could run.
const Stream = "application/octet-stream"

// documents are archives by their bytes; their name says which.
var documents = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".odt":  "application/vnd.oasis.opendocument.text",
	".ods":  "application/vnd.oasis.opendocument.spreadsheet",
}

// brands are the first kinds that a file of boxes (ISO 14496-12) names.
var brands = map[string]string{
	"heic": "image/heic", "heix": "image/heic", "mif1": "image/heic", "msf1": "image/heic",
	"qt  ": "video/quicktime", "M4A ": "audio/mp4", "M4B ": "audio/mp4",
	"isom": "video/mp4", "iso2": "video/mp4", "iso4": "video/mp4", "iso5": "video/mp4", "iso6": "video/mp4", "avc1": "video/mp4", "dash": "video/mp4", "M4V ": "video/mp4",
	"3gp4": "video/3gpp", "3gp5": "video/3gpp", "3gp6": "video/3gpp",
}

// Type names the type of bytes. What a browser could run is only a stream.
func Type(name string, data []byte) string {
	kind, _, _ := mime.ParseMediaType(http.DetectContentType(data))
	if len(data) >= 3 && data[0] == 0xff && (data[1] == 0xfb || data[1] == 0xf3 || data[1] == 0xf2) { // the first frame, without a head
		return "audio/mpeg"
	}
	switch kind {
	case "application/zip":
		if t := documents[strings.ToLower(filepath.Ext(name))]; t != "" {
			return t
		}
	case Stream:
		if len(data) >= 12 && bytes.Equal(data[4:8], []byte("ftyp")) {
			if t := brands[string(data[8:12])]; t != "" {
				return t
			}
		}
	case "text/html", "text/xml", "image/svg+xml", "":
		return Stream
	}
	return kind
}

// endings are what a file of a type may be called, the usual one first.
var endings = map[string][]string{
	"image/png": {".png"}, "image/jpeg": {".jpg", ".jpeg", ".jpe", ".jfif"}, "image/gif": {".gif"}, "image/webp": {".webp"}, "image/heic": {".heic", ".heif"},
	"application/pdf": {".pdf"}, "text/plain": {".txt", ".csv", ".log", ".md", ".json", ".vcf", ".ics", ".eml"},
	"audio/mpeg": {".mp3"}, "audio/wave": {".wav"}, "audio/mp4": {".m4a"}, "application/ogg": {".ogg", ".oga", ".opus"},
	"video/mp4": {".mp4", ".m4v"}, "video/webm": {".webm"}, "video/quicktime": {".mov", ".qt"}, "video/3gpp": {".3gp"},
}

func init() {
	for ending, kind := range documents {
		endings[kind] = []string{ending}
	}
}

// Harmless reports whether files of a type are pictures, documents, sound or
// video: nothing that a computer runs when it is opened by a name that agrees.
func Harmless(kind string) bool { return len(endings[kind]) > 0 }

// Named gives a name of harmless bytes an ending that agrees with them, so
// that a picture called page.html is opened as a picture.
func Named(name, kind string) string {
	may := endings[kind]
	if len(may) == 0 || slices.Contains(may, strings.ToLower(filepath.Ext(name))) {
		return name
	}
	return name + may[0]
}
