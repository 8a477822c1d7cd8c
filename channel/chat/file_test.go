package chat_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/channel/chat"
)

// brings uploads a file as the page does.
func (s *stand) brings(token, id, name string, data []byte) (int, string) {
	s.t.Helper()
	resp, text := s.ask("POST", "/file?id="+id+"&name="+url.QueryEscape(name), site, token, string(data))
	return resp.StatusCode, text
}

func (s *stand) saysWith(token, id, text string, files ...string) int {
	s.t.Helper()
	body, _ := json.Marshal(map[string]any{"id": id, "text": text, "files": files})
	resp, _ := s.ask("POST", "/say", site, token, string(body))
	return resp.StatusCode
}

func TestWhatAVisitorMayBring(t *testing.T) {
	zip := append([]byte("PK\x03\x04"), make([]byte, 60)...)
	for _, x := range []struct {
		name, called string
		data         []byte
		status       int
		kept         string
	}{
		{"a picture", "lid.png", channeltest.Picture, 201, "lid.png"},
		{"a letter", "invoice.pdf", channeltest.Letter, 201, "invoice.pdf"},
		{"a picture with a page behind it, called a page", "cat.html", slices.Concat(channeltest.Picture, []byte("<script>alert(1)</script>")), 201, "cat.html.png"},
		{"a picture that is an archive as well", "cat.png", slices.Concat(channeltest.Picture, zip), 201, "cat.png"},
		{"a page that is called a picture", "cat.png", []byte("<!doctype html><script>alert(1)</script>"), 415, ""},
		{"a drawing that can run", "cat.svg", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), 415, ""},
		{"a program that is called a photograph", "cat.jpg", []byte("MZ\x90\x00\x03\x00\x00\x00\x04"), 415, ""},
		{"an archive", "all.zip", zip, 415, ""},
		{"a document that holds macros", "all.docm", zip, 415, ""},
		{"a list of commands", "run.cmd", []byte("del everything"), 201, "run.cmd.txt"},
		{"nothing", "empty.png", nil, 422, ""},
		{"exactly as much as is taken", "full.txt", bytes.Repeat([]byte("x"), 5<<20), 201, "full.txt"},
		{"one byte more", "over.txt", bytes.Repeat([]byte("x"), 5<<20+1), 413, ""},
		{"a very long name", strings.Repeat("ü", 3000) + ".png", channeltest.Picture, 201, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := open(t, channel.Settings{"files": "5 MB"})
			token := s.hello("").Token
			status, text := s.brings(token, "file-0001", x.called, x.data)
			var f struct{ ID, Name string }
			_ = json.Unmarshal([]byte(text), &f)
			if status != x.status || x.kept != "" && f.Name != x.kept {
				t.Fatalf("%d %s, want %d as %q", status, text, x.status, x.kept)
			}
			want := 200
			if x.status != 201 {
				want = 410
			}
			if code := s.saysWith(token, "message-1", "Look", "file-0001"); code != want {
				t.Errorf("and with words: %d, want %d", code, want)
			}
		})
	}
}

func TestAFileIsReadInItsOwnTalkOnly(t *testing.T) {
	s := open(t, nil)
	mine, other := s.hello("").Token, s.hello("").Token
	if code, text := s.brings(mine, "file-0001", "lid.png", channeltest.Picture); code != 201 {
		t.Fatal(text)
	}
	for _, x := range []struct {
		name, method, path, origin, token string
		status                            int
	}{
		{"its visitor", "GET", "/file/file-0001", site, mine, 200},
		{"another visitor", "GET", "/file/file-0001", site, other, 404},
		{"nobody", "GET", "/file/file-0001", site, "", 401},
		{"another site", "GET", "/file/file-0001", "https://evil.example", mine, 403},
		{"a path that leads out", "GET", "/file/..%2f..%2fother", site, mine, 404},
		{"another visitor who would let it go", "DELETE", "/file/file-0001", site, other, 204},
		{"still its visitor", "GET", "/file/file-0001", site, mine, 200},
		{"bringing without a token", "POST", "/file?id=file-0002&name=a.png", site, "", 401},
		{"bringing from another site", "POST", "/file?id=file-0002&name=a.png", "https://evil.example", mine, 403},
		{"an id that is none", "POST", "/file?id=../x&name=a.png", site, mine, 415},
	} {
		resp, text := s.ask(x.method, x.path, x.origin, x.token, "x")
		if resp.StatusCode != x.status {
			t.Errorf("%s: %d, want %d", x.name, resp.StatusCode, x.status)
		}
		if x.method == "GET" && x.status == 200 && (text != string(channeltest.Picture) || resp.Header.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(resp.Header.Get("Content-Security-Policy"), "sandbox") || !strings.Contains(resp.Header.Get("Cache-Control"), "no-store")) {
			t.Errorf("%s: %d bytes, %v", x.name, len(text), resp.Header)
		}
	}
	if code := s.saysWith(other, "message-1", "Mine?", "file-0001"); code != 410 {
		t.Errorf("another visitor's words took it: %d", code)
	}
	if code := s.saysWith(mine, "message-1", "", "file-0001"); code != 200 {
		t.Errorf("files alone: %d", code)
	}
	if code := s.saysWith(mine, "message-2", "Once more", "file-0001"); code != 410 {
		t.Errorf("it went with two messages: %d", code)
	}
	if code := s.saysWith(mine, "message-1", "", "file-0001"); code != 200 || len(s.took) != 1 {
		t.Errorf("the same message again: %d, and %d came", code, len(s.took))
	}
	if resp, _ := s.ask("DELETE", "/file/file-0001", site, mine, ""); resp.StatusCode != 204 {
		t.Error(resp.StatusCode)
	}
	if resp, _ := s.ask("GET", "/file/file-0001", site, mine, ""); resp.StatusCode != 200 {
		t.Error("what stands with words was let go")
	}
	if in, err := s.Door.(channel.Encloser).Enclosed(s.took[0]); err != nil || len(in) != 1 || len(in[0].Files) != 1 || in[0].Files[0].Name != "lid.png" {
		t.Errorf("it came as %+v, %v", in, err)
	}
}

func TestAHundredFilesAtOnce(t *testing.T) {
	s := open(t, nil)
	token := s.hello("").Token
	codes := make([]int, 100)
	var all sync.WaitGroup
	for i := range codes {
		all.Go(func() {
			r, err := http.NewRequestWithContext(t.Context(), "POST", s.url+fmt.Sprintf("/file?id=file-%04d&name=a.png", i), bytes.NewReader(channeltest.Picture))
			if err != nil {
				return
			}
			r.Header.Set("Origin", site)
			r.Header.Set("Authorization", "Bearer "+token)
			if resp, err := new(http.Client).Do(r); err == nil {
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				codes[i] = resp.StatusCode
			}
		})
	}
	all.Wait()
	count := map[int]int{}
	for _, c := range codes {
		count[c]++
	}
	if count[201] != channel.MostBrought || count[409] != 30-channel.MostBrought || count[429] != 70 {
		t.Fatalf("%v", count)
	}
	var g struct{ Waiting []struct{ ID string } }
	_, text := s.ask("POST", "/hello", site, token, "{}")
	if err := json.Unmarshal([]byte(text), &g); err != nil || len(g.Waiting) != channel.MostBrought {
		t.Fatalf("%d wait, %v", len(g.Waiting), err)
	}
	for i, w := range g.Waiting { // a kept one again costs nothing
		if code, _ := s.brings(token, w.ID, "a.png", channeltest.Picture); code != 201 {
			t.Errorf("file %d again: %d", i, code)
		}
	}
}

func TestAnAddressBringsSoMuchAnHour(t *testing.T) {
	s := open(t, channel.Settings{"files": "20 MB"})
	large, taken := bytes.Repeat([]byte("x"), 19<<20), 0
	for i := range 15 { // each by a visitor of its own
		code, _ := s.brings(s.hello("").Token, "file-0001", fmt.Sprintf("a%d.txt", i), large)
		if code == 201 {
			taken++
		} else if code != 429 {
			t.Fatal(code)
		}
	}
	if taken != 10 {
		t.Fatalf("%d of 19 MB were taken", taken)
	}
	s.now.Add(time.Hour)
	if code, _ := s.brings(s.hello("").Token, "file-0001", "a.txt", large); code != 201 {
		t.Fatal(code)
	}
}

func TestWhereFilesAreOff(t *testing.T) {
	s := open(t, channel.Settings{"files": "no"})
	token := s.hello("").Token
	if code, _ := s.brings(token, "file-0001", "a.png", channeltest.Picture); code != 404 {
		t.Fatal(code)
	}
	if _, text := s.ask("POST", "/hello", site, token, "{}"); !strings.Contains(text, `"files":null`) {
		t.Fatal(text)
	}
	if _, err := chat.Kind(chat.NewHub()).New(channel.Settings{"key": strings.Repeat("k", 40), "origins": site, "files": "900 MB"}, channel.Env{}); err == nil {
		t.Fatal("900 MB")
	}
}
