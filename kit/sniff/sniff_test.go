package sniff_test

import (
	"testing"

	"github.com/parley-crm/parley/kit/sniff"
)

func TestBytesSayWhatTheyAre(t *testing.T) {
	for _, x := range []struct{ what, name, bytes, kind, called string }{
		{"a picture", "lid.png", "\x89PNG\r\n\x1a\n....", "image/png", "lid.png"},
		{"a picture that is called a page", "evil.html", "\x89PNG\r\n\x1a\n<script>", "image/png", "evil.html.png"},
		{"a photograph", "IMG_1.JPEG", "\xff\xd8\xff\xe0....", "image/jpeg", "IMG_1.JPEG"},
		{"a photograph of a telephone", "IMG_2.HEIC", "\x00\x00\x00\x18ftypheic....", "image/heic", "IMG_2.HEIC"},
		{"a film of a telephone", "IMG_3.MOV", "\x00\x00\x00\x14ftypqt  ....", "video/quicktime", "IMG_3.MOV"},
		{"a recording", "memo", "\xff\xfb\x90\x44....", "audio/mpeg", "memo.mp3"},
		{"a document", "a.pdf", "%PDF-1.7", "application/pdf", "a.pdf"},
		{"an office document", "a.docx", "PK\x03\x04....", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx"},
		{"an archive that is called a document with macros", "a.docm", "PK\x03\x04....", "application/zip", "a.docm"},
		{"words that a computer would run", "run.bat", "del everything", "text/plain", "run.bat.txt"},
		{"a page that is called a picture", "a.png", "<html><script>", sniff.Stream, "a.png"},
		{"a drawing that can run", "a.svg", "<?xml version=\"1.0\"?><svg>", sniff.Stream, "a.svg"},
		{"a drawing without its head", "a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x()\">", "text/plain", "a.svg.txt"},
		{"a program", "photo.jpg", "MZ\x90\x00\x03\x00\x00\x00", sniff.Stream, "photo.jpg"},
		{"nothing", "a.png", "", "text/plain", "a.png.txt"},
	} {
		kind := sniff.Type(x.name, []byte(x.bytes))
		if called := sniff.Named(x.name, kind); kind != x.kind || called != x.called {
			t.Errorf("%s: %s, %q; want %s, %q", x.what, kind, called, x.kind, x.called)
		}
	}
	for kind, want := range map[string]bool{"image/png": true, "application/pdf": true, "text/plain": true, "application/zip": false, sniff.Stream: false, "image/svg+xml": false, "": false} {
		if sniff.Harmless(kind) != want {
			t.Errorf("%q is harmless: %v", kind, !want)
		}
	}
}
