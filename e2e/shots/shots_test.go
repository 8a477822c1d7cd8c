//go:build shots

package shots_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/parley-crm/parley/cmd/parley/demo"
	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

var data = flag.String("demo", "", "data folder of an example company; one is made if left out")

// most is how large a picture may be, so that a page of the documents loads quickly.
const most = 250 << 10

// TestShots takes the pictures into docs/img.
func TestShots(t *testing.T) {
	url := serve(t)
	p := browser.Open(t).Page("maya")
	p.Resize(1440, 900)
	p.Open(url + "/signin")
	p.Fill("Email", demo.First().Email())
	p.Fill("Password", demo.Password)
	p.Click("button", "Sign in")
	p.SeeRole("navigation", "Parley")

	for _, shot := range []struct {
		name, path string
		see        func()
	}{
		{"home", "/", func() { p.See("/answered/") }},
		{"inbox", "/engage?view=waiting&c=" + talk(t, p), func() { p.SeeIn("log", "Messages", "/seen on the network/") }},
		{"wall", "/listen", func() { p.See("/Live wall/") }},
		{"numbers", "/evolve", func() { p.SeeRole("table", "Credited conversations") }},
		{"programmes", "/govern", func() { p.See("/Customer care|Programmes/") }},
	} {
		p.Open(url + shot.path)
		shot.see()
		path := filepath.Join(browser.Root(), "docs", "img", shot.name+".png")
		p.Shot(path)
		shrink(t, path)
	}
}

// talk is a conversation that we answered, with as much in it as a picture can show.
func talk(t *testing.T, p *browser.Page) string {
	t.Helper()
	status, text := p.Fetch(http.MethodGet, "/api/conversations?view=waiting&limit=100", "")
	var page struct {
		Items []struct {
			ID       string
			Messages int
		}
	}
	if err := json.Unmarshal([]byte(text), &page); err != nil || status != http.StatusOK || len(page.Items) == 0 {
		t.Fatalf("no conversation waits for them: %d %s", status, text)
	}
	full := page.Items[0]
	for _, c := range page.Items {
		if c.Messages <= 5 && (full.Messages > 5 || c.Messages > full.Messages) {
			full = c
		}
	}
	return full.ID
}

// serve starts Parley with the example company and returns its address.
func serve(t *testing.T) string {
	t.Helper()
	dir := *data
	if dir == "" {
		dir = t.TempDir()
	}
	cmd := exec.Command(house.Bin(t), "serve", "--demo", "--data", dir, "--addr", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	at := regexp.MustCompile(`Parley is at\s+(\S+)`)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if m := at.FindStringSubmatch(lines.Text()); m != nil {
			return m[1]
		}
	}
	t.Fatal("Parley ended before it served")
	return ""
}

// shrink writes a picture as tightly as PNG can, and refuses one that is too large.
func shrink(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(f)
	_ = f.Close()
	if err != nil {
		t.Fatal(err)
	}
	if f, err = os.Create(path); err != nil {
		t.Fatal(err)
	}
	tight := png.Encoder{CompressionLevel: png.BestCompression}
	if err := tight.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if info.Size() > most {
		t.Errorf("%s is %d kB, more than %d", filepath.Base(path), info.Size()>>10, most>>10)
	}
}
