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
	h := house.Start(t, "--undo", "1s")
	d := &desk{h, t, h.Admin("Ada Byrne", mail)}
	for _, site := range []string{"microblog", "messages"} {
		d.ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Our " + site, "settings": map[string]string{"handle": "brewell", "site": site}}, nil)
	}
	var policies struct{ Items []struct{ ID string } }
	d.ada.Must(http.MethodGet, "/api/policies", nil, &policies)
	for _, x := range policies.Items {
		d.ada.Must(http.MethodPost, "/api/policies/"+x.ID+"/acknowledge", map[string]any{"version": 1}, nil)
	}
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

// shot keeps a picture where PARLEY_SHOTS names a folder.
func shot(t *testing.T, p *browser.Page, name string) {
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		p.Shot(filepath.Join(dir, name+".png"))
	}
}
