package form_test

import (
	"bytes"
	"errors"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
)

// send sends a form with files as a browser does: the fields in their order.
func (s *stand) send(path string, values url.Values, files ...channeltest.File) *httptest.ResponseRecorder {
	s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	field := func(k string) {
		for _, v := range values[k] {
			if err := w.WriteField(k, v); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	field("once")
	field("website")
	for k := range values {
		if k != "once" && k != "website" && k != "consent" {
			field(k)
		}
	}
	for _, f := range files {
		p, err := w.CreateFormFile("files", f.Name)
		if err == nil {
			_, err = p.Write(f.Bytes)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	field("consent")
	w.Close()
	r := httptest.NewRequest("POST", "http://parley.example"+path, http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(&body), max(256<<10, s.Door.(channel.Bringer).MostBody(httptest.NewRequest("POST", path, nil)))))
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", "http://parley.example")
	out := httptest.NewRecorder()
	s.Serve(out, r, channel.Visitor{IP: s.ip})
	return out
}

var hadBox = regexp.MustCompile(`name="had" type="checkbox" value="([^"]+)"`)

func boxes(w *httptest.ResponseRecorder) (ids []string) {
	for _, m := range hadBox.FindAllStringSubmatch(w.Body.String(), -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func picture(name string) channeltest.File {
	return channeltest.File{Name: name, Bytes: append(bytes.Clone(channeltest.Picture), name...)}
}

// cameWith lists the files of the last message that came in.
func (s *stand) cameWith() (names []string) {
	s.t.Helper()
	in, err := s.Door.(channel.Encloser).Enclosed(s.took[len(s.took)-1])
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range in {
		for _, f := range e.Files {
			names = append(names, f.Name)
		}
	}
	return names
}

func TestAMistakeLosesNoFile(t *testing.T) {
	s := open(t, channel.Settings{"email": "must", "consent": "I agree."})
	v := url.Values{"once": {s.page("/")}, "email": {"maya@"}, "text": {"Look at the lid"}, "consent": {"yes"}}
	w := s.send("/", v, picture("lid.png"), picture("below.png"))
	ids := boxes(w)
	if w.Code != 422 || len(ids) != 2 || len(s.took) != 0 || !strings.Contains(w.Body.String(), "lid.png") {
		t.Fatalf("%d, %v, %d came", w.Code, ids, len(s.took))
	}
	// The second is taken out, a third comes along; then all is right.
	v["email"], v["had"] = []string{"maya@example.com"}, ids[:1]
	for range 2 { // the same form twice is one message
		if w = s.send("/", v, picture("side.png")); w.Code != 303 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if got := strings.Join(s.cameWith(), " "); len(s.took) != 1 || got != "lid.png side.png" && got != "side.png lid.png" && got != "below.png side.png" {
		t.Fatalf("%d came, the last with %s", len(s.took), got)
	}

	// The page of the talk shows them to whoever has its address, and to nobody else.
	talk, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	token := talk.Query().Get("talk")
	page := s.ask("GET", "/talk/"+token, nil)
	src := regexp.MustCompile(`<img src="([^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
	if len(src) != 2 || !strings.Contains(page.Header().Get("Content-Security-Policy"), "img-src 'self'") {
		t.Fatalf("%d pictures on the page: %s", len(src), page.Body)
	}
	path := "/talk/" + html.UnescapeString(src[0][1])
	if w := s.ask("GET", path, nil); w.Code != 200 || w.Header().Get("Content-Type") != "image/png" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	other := s.send("/", url.Values{"once": {s.page("/")}, "email": {"tom@example.com"}, "text": {"I am another"}, "consent": {"yes"}})
	theirs, _ := url.Parse(other.Header().Get("Location"))
	if w := s.ask("GET", strings.Replace(path, token, theirs.Query().Get("talk"), 1), nil); w.Code != 404 {
		t.Errorf("another talk reads it: %d", w.Code)
	}
	if w := s.ask("GET", strings.Replace(path, token, token[:len(token)-2], 1), nil); w.Code != 404 {
		t.Errorf("a broken address reads it: %d", w.Code)
	}

	// More comes on that page, also with files.
	if w := s.send("/talk/"+token, url.Values{"once": {s.page("/talk/" + token)}, "text": {"And the receipt"}}, channeltest.File{Name: "receipt.pdf", Bytes: channeltest.Letter}); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if got := s.cameWith(); len(got) != 1 || got[0] != "receipt.pdf" {
		t.Errorf("%v", got)
	}
}

func TestWhatAFormDoesNotTake(t *testing.T) {
	six := []channeltest.File{}
	for _, n := range strings.Fields("a b c d e f") {
		six = append(six, picture(n+".png"))
	}
	for _, x := range []struct {
		name   string
		more   url.Values
		files  []channeltest.File
		status int
		says   string
	}{
		{"a page that is called a picture", nil, []channeltest.File{{Name: "cat.png", Bytes: []byte("<html><script>x()</script>")}}, 422, "“cat.png” is not of a kind that we take."},
		{"a file that is too large", nil, []channeltest.File{{Name: "film.txt", Bytes: bytes.Repeat([]byte("x"), 5<<20+1)}}, 422, "“film.txt” is too large: 5 MB at most."},
		{"six files", nil, six, 422, "5 files at a time at most."},
		{"more than all together may have", nil, []channeltest.File{{Name: "a.txt", Bytes: bytes.Repeat([]byte("x"), 30<<20)}}, 413, "This is too long."},
		{"files of a machine", url.Values{"website": {"http://spam.example"}}, []channeltest.File{picture("a.png")}, 303, ""},
		{"files of a page that was open for very long", url.Values{"once": {"forged"}}, []channeltest.File{picture("a.png")}, 422, "The page had been open for very long"},
		{"a file that somebody else brought", url.Values{"had": {"0123456789abcdef"}}, nil, 422, "“Files” did not arrive. Please add it again."},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := open(t, channel.Settings{"files": "5 MB"})
			v := url.Values{"once": {s.page("/")}, "text": {"Look"}}
			for k := range x.more {
				v[k] = x.more[k]
			}
			w := s.send("/", v, x.files...)
			if w.Code != x.status || !strings.Contains(html.UnescapeString(w.Body.String()), x.says) || len(s.took) != 0 {
				t.Fatalf("%d, %d came: %s", w.Code, len(s.took), w.Body)
			}
			if x.status == 303 || x.says == "The page had been open for very long" {
				if ids := boxes(w); len(ids) != 0 {
					t.Errorf("kept all the same: %v", ids)
				}
			}
		})
	}
	t.Run("where files are off", func(t *testing.T) {
		s := open(t, channel.Settings{"files": "no"})
		if body := s.ask("GET", "/", nil).Body.String(); strings.Contains(body, `type="file"`) || strings.Contains(body, "multipart") {
			t.Error("the form asks for files")
		}
		if w := s.send("/", url.Values{"once": {s.page("/")}, "text": {"Look"}}, picture("a.png")); w.Code == 303 || len(s.took) != 0 {
			t.Errorf("%d, %d came", w.Code, len(s.took))
		}
	})
}

func TestAFileThatCannotBeKept(t *testing.T) {
	s := open(t, nil)
	v := url.Values{"once": {s.page("/")}, "text": {"Look"}}
	s.shelf.Away = true
	if w := s.send("/", v, picture("lid.png")); w.Code != 422 || len(s.took) != 0 {
		t.Fatalf("%d, %d came", w.Code, len(s.took))
	}
	s.shelf.Away = false
	s.fails = errors.New("the database was lost") // after the file, before the words
	w := s.send("/", v, picture("lid.png"))
	if w.Code != 503 {
		t.Fatalf("%d", w.Code)
	}
	s.fails = nil
	s.now.Add(time.Minute)
	v["had"] = boxes(w)
	if w := s.send("/", v); w.Code != 303 || len(s.took) != 1 || len(s.cameWith()) != 1 {
		t.Fatalf("%d, %d came with %v", w.Code, len(s.took), s.cameWith())
	}
}
