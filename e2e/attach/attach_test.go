//go:build browser

// Package attach tells in the browser how files come with customers' words and
// go with ours.
package attach

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

const mail = "ada@brewell.example"

// desk is a house with a practice network, where Ada may answer.
type desk struct {
	*house.House
	t   *testing.T
	ada *house.Client
}

func open(t *testing.T) *desk {
	h := house.Start(t, "--undo", "3s")
	d := &desk{h, t, h.Admin("Ada Byrne", mail)}
	for _, site := range []string{"microblog", "messages"} {
		d.ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Our " + site, "settings": map[string]string{"handle": "brewell", "site": site}}, nil)
	}
	acknowledge(t, d.ada)
	return d
}

// photo is a picture of a kettle, or of something as round.
func photo(t *testing.T, tint uint8) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 480, 360))
	for y := range 360 {
		for x := range 480 {
			dx, dy := x-240, y-190
			c := color.RGBA{226, 221, 210, 255}
			if dx*dx+dy*dy < 120*120 {
				c = color.RGBA{uint8(90 + x/6), uint8(100 + x/8), tint, 255}
			}
			m.Set(x, y, c)
		}
	}
	var w bytes.Buffer
	if err := png.Encode(&w, m); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// TestFilesOfCustomers: a customer's pictures and receipt lie under their
// words; a picture fills the screen by keyboard, the next follows by an arrow,
// and each says what it shows; the receipt is saved, and what can run says so.
func TestFilesOfCustomers(t *testing.T) {
	d := open(t)
	with := func(id, alt string) map[string]string { return map[string]string{"file": id, "alt": alt} }
	d.ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"site": "messages", "persona": "mara.lind", "direct": true, "text": "Here is what happened to the lid.", "files": []any{
		with(d.ada.File("lid from above.png", photo(t, 120)), "The lid from above, with a crack"),
		with(d.ada.File("lid from below.png", photo(t, 60)), "The lid from below"),
		with(d.ada.File("receipt.pdf", []byte("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")), ""),
		with(d.ada.File("invoice\u202efdp.exe", []byte("MZ\x90\x00\x03")), ""),
	}}, nil)
	b := browser.Open(t)
	p := b.Page("ada")
	d.SignIn(p, mail)
	p.Open(d.URL + "/engage?view=all")
	p.ClickIn("region", "Conversations", "link", "/Mara Lind/")
	p.SeeIn("log", "Messages", "/what happened to the lid/")
	p.SeeRole("button", "The lid from above, with a crack")
	p.SeeRole("link", "Save receipt.pdf")
	p.SeeIn("log", "Messages", "invoicefdp.exe")
	p.SeeIn("log", "Messages", "/Can run on your computer/")
	p.Accessible()
	shot(t, p, "thread")
	p.Theme("dark")
	p.Accessible()
	shot(t, p, "thread-dark")

	p.Focus("button", "The lid from above, with a crack")
	p.Press("Enter")
	p.SeeRole("dialog", "lid from above.png")
	p.See("/1 of 2/")
	p.Accessible()
	p.Press("ArrowRight")
	p.SeeRole("dialog", "lid from below.png")
	p.SeeRole("link", "Save lid from below.png")
	shot(t, p, "viewer-dark")
	p.Theme("light")
	p.Press("ArrowRight")
	p.SeeRole("dialog", "lid from above.png")
	shot(t, p, "viewer")
	p.Press("Escape")
	p.GoneRole("dialog", "lid from above.png")

	p.Resize(390, 844)
	shot(t, p, "thread-phone")
	p.Click("button", "The lid from below")
	p.SeeRole("dialog", "lid from below.png")
	p.Accessible()
	shot(t, p, "viewer-phone")
}

// TestFilesOfOurs: a picture is chosen, described and sent in public, and stands
// under our words; taken back, words and picture are in the draft again, also
// after a reload; what the network does not show is refused with a sentence;
// a direct answer takes everything.
func TestFilesOfOurs(t *testing.T) {
	d := open(t)
	d.ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"site": "microblog", "persona": "mara.lind", "text": "@brewell how does the lid go on?"}, nil)
	dir := t.TempDir()
	picture, letter := filepath.Join(dir, "lid.png"), filepath.Join(dir, "manual.pdf")
	for path, data := range map[string][]byte{picture: photo(t, 120), letter: []byte("%PDF-1.4\n%%EOF\n")} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := browser.Open(t)
	p := b.Page("ada")
	d.SignIn(p, mail)
	p.Open(d.URL + "/engage?view=all")
	p.ClickIn("region", "Conversations", "link", "/Mara Lind/")
	p.SeeIn("log", "Messages", "/how does the lid go on/")
	p.Fill("/^Public reply/", "Like this, with a click.")
	p.Upload("Files", letter)
	p.See("/does not show files such as manual.pdf/")
	p.Upload("Files", picture)
	p.Fill("What lid.png shows", "The lid on the kettle, closed")
	p.Accessible()
	shot(t, p, "going")
	p.See("Draft kept")
	p.Reload()
	p.SeeValue("What lid.png shows", "The lid on the kettle, closed")
	p.Theme("dark")
	p.Accessible()
	shot(t, p, "going-dark")
	p.Theme("light")
	p.Resize(390, 844)
	shot(t, p, "going-phone")
	p.Accessible()
	p.Resize(1440, 900)
	p.Click("button", "/^Reply in public/")
	p.Click("button", "Undo")
	p.SeeValue("What lid.png shows", "The lid on the kettle, closed")
	p.Click("button", "/^Reply in public/")
	p.SeeRole("button", "The lid on the kettle, closed")
	p.SeeIn("log", "Messages", "/seen on the network/")
	p.Accessible()
	shot(t, p, "gone")

	// What is pasted or dropped goes along too, and what does not fit is refused the same way.
	p.Fill("/^Public reply/", "And from below.")
	p.Paste("/^Public reply/", picture)
	p.SeeRole("button", "Remove lid.png")
	p.Click("button", "Remove lid.png")
	p.GoneRole("button", "Remove lid.png")
	p.Drop("/^Public reply/", letter)
	p.See("/does not show files such as manual.pdf/")
	p.Drop("/^Public reply/", picture)
	p.Fill("What lid.png shows", "The lid from below")
	p.See("Draft kept")
	p.Click("button", "/^Reply in public/")
	p.SeeRole("button", "The lid from below")

	p.Click("radio", "Direct")
	p.Fill("/^Direct/", "And here is the manual.")
	p.Upload("Files", letter)
	p.SeeRole("button", "Remove manual.pdf")
	p.Click("button", "/^Send to/")
	p.SeeIn("log", "Messages", "manual.pdf")
	shot(t, p, "gone-direct")
}

// shot keeps a picture where PARLEY_SHOTS names a folder.
func shot(t *testing.T, p *browser.Page, name string) {
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		p.Shot(filepath.Join(dir, name+".png"))
	}
}
