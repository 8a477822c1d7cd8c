// Package browser lets stories act in a real Chromium as a person does: by
// roles, names and labels. Playwright drives it; the packages come from
// ui/node_modules and the browser from the system.
package browser

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Browser is a running Chromium.
type Browser struct {
	t       testing.TB
	in      *json.Encoder
	out     *bufio.Reader
	forgive string // a pattern of troubles that the story provokes
}

// Forgive says by a pattern which troubles of pages the story provokes itself.
func (b *Browser) Forgive(pattern string) { b.forgive = pattern }

// Outage is what a page reports when the story ends the server.
const Outage = `net::ERR_|Failed to fetch|NetworkError|status of 50[234]`

// In lets a test within the one that opened it fail instead of that one.
func (b *Browser) In(t testing.TB) {
	outer := b.t
	b.t = t
	t.Cleanup(func() { b.t = outer })
}

// Page is one window with cookies of its own.
type Page struct {
	b    *Browser
	name string
	size map[string]int
}

// Root is the folder of the repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// Open starts Chromium; it ends with the test. The test fails if a page threw
// an error or broke the content security policy meanwhile.
func Open(t testing.TB) *Browser {
	t.Helper()
	ui := filepath.Join(Root(), "ui")
	if _, err := os.Stat(filepath.Join(ui, "node_modules", "playwright-core")); err != nil {
		t.Fatal("the packages of the app are not installed; run npm ci in ui, or make test")
	}
	cmd := exec.Command("node", filepath.Join(Root(), "e2e", "browser", "driver.mjs"))
	cmd.Env = append(os.Environ(), "PARLEY_UI="+ui)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal("node does not start: ", err)
	}
	b := &Browser{t: t, in: json.NewEncoder(in), out: bufio.NewReaderSize(out, 1<<20)}
	if _, err := b.out.ReadString('\n'); err != nil {
		t.Fatal("Chromium does not start; is it installed (make test installs it)?")
	}
	t.Cleanup(func() {
		var troubles []string
		if !t.Failed() {
			b.ask(map[string]any{"do": "troubles", "value": b.forgive}, &troubles)
			for _, s := range troubles {
				t.Errorf("a page reported: %s", s)
			}
		}
		_ = in.Close()
		_ = cmd.Wait()
	})
	return b
}

// Page opens a window, 1440 by 900.
func (b *Browser) Page(name string) *Page { return &Page{b: b, name: name} }

// Phone opens a window of 390 by 844.
func (b *Browser) Phone(name string) *Page {
	return &Page{b: b, name: name, size: map[string]int{"width": 390, "height": 844}}
}

func (b *Browser) ask(step map[string]any, into any) string {
	b.t.Helper()
	if err := b.in.Encode(step); err != nil {
		b.t.Fatal(err)
	}
	line, err := b.out.ReadBytes('\n')
	if err != nil {
		b.t.Fatal("the browser is gone: ", err)
	}
	var answer struct {
		OK    bool            `json:"ok"`
		Error string          `json:"error"`
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		b.t.Fatal(err)
	}
	if !answer.OK {
		return answer.Error
	}
	if into != nil && len(answer.Value) > 0 {
		if err := json.Unmarshal(answer.Value, into); err != nil {
			b.t.Fatal(err)
		}
	}
	return ""
}

// must does a step; a failure ends the story with a picture of the page.
func (p *Page) must(step map[string]any, into any) {
	p.b.t.Helper()
	step["page"] = p.name
	if p.size != nil {
		step["viewport"] = p.size
	}
	trouble := p.b.ask(step, into)
	if trouble == "" {
		return
	}
	var body string
	_ = p.b.ask(map[string]any{"do": "body", "page": p.name}, &body)
	picture := ""
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		picture = filepath.Join(dir, strings.ReplaceAll(p.b.t.Name(), "/", "-")+".png")
		_ = p.b.ask(map[string]any{"do": "shot", "page": p.name, "path": picture}, nil)
	}
	p.b.t.Fatalf("%s: %v: %s\nThe page read:\n%s\n%s", p.name, step, trouble, body, picture)
}

// Open goes to an address.
func (p *Page) Open(url string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "open", "url": url}, nil)
}

// Reload loads the page again.
func (p *Page) Reload() { p.b.t.Helper(); p.must(map[string]any{"do": "reload"}, nil) }

// URL is where the page is.
func (p *Page) URL() (url string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "url"}, &url)
	return url
}

// Click presses what has a role and a name; a name between slashes is a pattern.
func (p *Page) Click(role, name string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "click", "role": role, "name": name}, nil)
}

// ClickIn presses what has a role and a name within another such thing.
func (p *Page) ClickIn(within, withinName, role, name string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "click", "within": within, "withinName": withinName, "role": role, "name": name}, nil)
}

// Focus goes to what has a role and a name, as the tabulator would.
func (p *Page) Focus(role, name string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "focus", "role": role, "name": name}, nil)
}

// ClickText presses a text.
func (p *Page) ClickText(text string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "click", "text": text}, nil)
}

// Fill writes into the field with a label.
func (p *Page) Fill(label, value string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "fill", "label": label, "value": value}, nil)
}

// Upload gives a file to the field with a label.
func (p *Page) Upload(label, path string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "upload", "label": label, "value": path}, nil)
}

// Drop lets a file fall onto the field with a label, and Paste pastes it there.
func (p *Page) Drop(label, path string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "drop", "label": label, "value": path}, nil)
}

// Paste pastes a file into the field with a label.
func (p *Page) Paste(label, path string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "paste", "label": label, "value": path}, nil)
}

// Choose takes one of the choices of a list.
func (p *Page) Choose(label, choice string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "choose", "label": label, "value": choice}, nil)
}

// Press presses keys such as "r" or "Control+Enter".
func (p *Page) Press(keys string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "press", "value": keys}, nil)
}

// Type writes where the focus is.
func (p *Page) Type(text string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "type", "value": text}, nil)
}

// See waits until a text is visible; between slashes it is a pattern.
func (p *Page) See(text string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "see", "text": text}, nil)
}

// SeeWithin waits at most some milliseconds for a text.
func (p *Page) SeeWithin(text string, ms int) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "see", "text": text, "timeout": ms}, nil)
}

// SeeRole waits until something with a role and a name is visible.
func (p *Page) SeeRole(role, name string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "see", "role": role, "name": name}, nil)
}

// SeeIn waits until a text stands in what has a role and a name.
func (p *Page) SeeIn(within, withinName, text string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "see", "within": within, "withinName": withinName, "text": text}, nil)
}

// GoneRole waits until nothing with a role and a name is visible any more.
func (p *Page) GoneRole(role, name string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "gone", "role": role, "name": name}, nil)
}

// Gone waits until a text is not visible any more.
func (p *Page) Gone(text string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "gone", "text": text}, nil)
}

// Count counts what has a role and a name.
func (p *Page) Count(role, name string) (n int) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "count", "role": role, "name": name}, &n)
	return n
}

// Value is what the field with a label holds.
func (p *Page) Value(label string) (text string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "value", "label": label}, &text)
	return text
}

// SeeValue waits until the field with a label holds a text.
func (p *Page) SeeValue(label, text string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "holds", "label": label, "value": text}, nil)
}

// Body is all that the page says.
func (p *Page) Body() (text string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "body"}, &text)
	return text
}

// Fetch makes a request from within the page, with its cookies.
func (p *Page) Fetch(method, path, body string) (status int, text string) {
	p.b.t.Helper()
	var a struct {
		Status int
		Text   string
	}
	step := map[string]any{"do": "fetch", "method": method, "url": path}
	if body != "" {
		step["value"] = body
	}
	p.must(step, &a)
	return a.Status, a.Text
}

// Rolled is what became of scrolling.
type Rolled struct {
	Frames []float64 // how long each frame took, in milliseconds
	Rows   int       // that passed by
	Drawn  int       // the most rows that stood in the page at once
	Heap   int       // of the page's scripts afterwards, in bytes
}

// Scroll passes so many rows of the list in a region by, height pixels with
// each frame.
func (p *Page) Scroll(region string, rows, height int) (r Rolled) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "scroll", "role": "region", "name": region, "rows": rows, "height": height}, &r)
	return r
}

// Theme switches to "light" or "dark".
func (p *Page) Theme(name string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "theme", "value": name}, nil)
}

// Resize changes the size of the window.
func (p *Page) Resize(width, height int) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "size", "width": width, "height": height}, nil)
}

// Shot keeps a picture of the page.
func (p *Page) Shot(path string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "shot", "path": path}, nil)
}

// Accessible checks the page against WCAG 2.2 AA, as far as a machine can, and
// that nothing sticks out sideways.
func (p *Page) Accessible() {
	p.b.t.Helper()
	for _, f := range p.Faults() {
		p.b.t.Errorf("%s: %s", p.URL(), f)
	}
}

// Contrast is what is too pale to read.
func (p *Page) Contrast() (found []string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "axe", "value": "color-contrast"}, &found)
	return found
}

// Faults is what Accessible finds.
func (p *Page) Faults() (found []string) {
	p.b.t.Helper()
	p.must(map[string]any{"do": "axe"}, &found)
	var over int
	p.must(map[string]any{"do": "wide"}, &over)
	if over > 0 {
		found = append(found, fmt.Sprintf("it sticks out by %d pixels", over))
	}
	return found
}
