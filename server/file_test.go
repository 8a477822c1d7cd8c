package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/server"
)

func send(h *house, method, path, session string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/octet-stream")
	if session != "" {
		r.AddCookie(&http.Cookie{Name: server.CookieName, Value: session})
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

func TestAFileIsServedByItsAddressAndRunsNothing(t *testing.T) {
	h := sqlite(t)
	var pic bytes.Buffer
	if err := png.Encode(&pic, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	add := func(name string, data []byte) (f server.File) {
		t.Helper()
		w := send(h, "POST", "/api/files?name="+name, "ines", data)
		if w.Code != http.StatusCreated {
			t.Fatalf("%s: %d %s", name, w.Code, w.Body)
		}
		if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	shown, page := add("cat.png", pic.Bytes()), add("cat%22%0d%0a.html", []byte("<html><script>alert(1)</script>"))
	for _, c := range []struct {
		f         server.File
		kind, how string
	}{
		{shown, "image/png", "inline; filename=cat.png"},
		{page, "application/octet-stream", `attachment; filename="cat\".html"`},
	} {
		w := send(h, "GET", c.f.URL, "", nil)
		head := w.Header()
		if w.Code != 200 || head.Get("Content-Type") != c.kind || head.Get("Content-Disposition") != c.how ||
			!strings.Contains(head.Get("Content-Security-Policy"), "sandbox") || head.Get("X-Content-Type-Options") != "nosniff" || head.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", c.f.Name, w.Code, head)
		}
	}
	if got := send(h, "GET", shown.URL, "", nil).Body.Bytes(); !bytes.Equal(got, pic.Bytes()) {
		t.Error("the picture came back as something else")
	}
	if w := send(h, "POST", "/api/files?name=a", "", []byte("x")); w.Code != http.StatusUnauthorized {
		t.Errorf("a stranger added a file: %d", w.Code)
	}
	if w := send(h, "POST", "/api/files?name=a", "ines", nil); w.Code < 400 || w.Code >= 500 {
		t.Errorf("an empty file: %d %s", w.Code, w.Body)
	}
	other := strings.Replace(shown.URL, string(shown.ID), string(page.ID), 1)
	forged := strings.Replace(shown.URL, "-", "-x", 5)
	for _, path := range []string{other, forged, "/files/" + string(shown.ID) + "/0/cat.png"} {
		if w := send(h, "GET", path, "ada", nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	h.now.Add(3 * 24 * time.Hour)
	if w := send(h, "GET", shown.URL, "ines", nil); w.Code != http.StatusNotFound {
		t.Errorf("an old address still works: %d", w.Code)
	}
}

func TestAListShowsPicturesSmall(t *testing.T) {
	h := sqlite(t)
	r := rand.New(rand.NewPCG(1, 2))
	m := image.NewNRGBA(image.Rect(0, 0, 900, 600))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32()) | 1
	}
	var large, tiny bytes.Buffer
	if err := errors.Join(png.Encode(&large, m), png.Encode(&tiny, image.NewGray(image.Rect(0, 0, 3, 2)))); err != nil {
		t.Fatal(err)
	}
	add := func(data []byte) (f server.File) {
		t.Helper()
		w := send(h, "POST", "/api/files?name=a.png", "ines", data)
		if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	noise, dot := add(large.Bytes()), add(tiny.Bytes())
	for range 2 { // made, and remembered
		w := send(h, "GET", noise.URL+"?small", "", nil)
		got, err := jpeg.DecodeConfig(bytes.NewReader(w.Body.Bytes()))
		if err != nil || got.Width != 320 || got.Height != 213 || w.Body.Len() > large.Len()/10 || w.Header().Get("Content-Type") != "image/jpeg" {
			t.Errorf("%+v, %v, %d bytes", got, err, w.Body.Len())
		}
	}
	if got := send(h, "GET", noise.URL, "", nil).Body.Bytes(); !bytes.Equal(got, large.Bytes()) {
		t.Error("the whole picture is no longer itself")
	}
	if got := send(h, "GET", dot.URL+"?small", "", nil).Body.Bytes(); !bytes.Equal(got, tiny.Bytes()) {
		t.Error("a small picture came as something else")
	}
	if w := send(h, "GET", strings.Replace(noise.URL, "-", "-x", 5)+"?small", "", nil); w.Code != http.StatusNotFound {
		t.Errorf("by a forged address: %d", w.Code)
	}
}
