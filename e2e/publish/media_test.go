//go:build browser

package publish_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// painted is a picture of a cup, of a colour.
func painted(t *testing.T, dir, name string, tint color.RGBA) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 640, 420))
	for y := range 420 {
		for x := range 640 {
			c := color.RGBA{238, uint8(232 - y/20), uint8(222 - y/14), 255}
			dx, dy := x-300, y-230
			switch {
			case y > 330:
				c = color.RGBA{203, 188, 166, 255}
			case dx*dx*2+dy*dy*3 < 42000 && dy > -60:
				c = color.RGBA{uint8(int(tint.R) + x/14), tint.G, tint.B, 255}
			case (dx-150)*(dx-150)+(dy-10)*(dy-10) < 3600 && (dx-150)*(dx-150)+(dy-10)*(dy-10) > 1600:
				c = tint
			}
			m.Set(x, y, c)
		}
	}
	var w bytes.Buffer
	if err := png.Encode(&w, m); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, w.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestPicturesGoAlong: pictures are chosen, dropped and pasted, put in order and
// described; one channel has others; limits are said before; and they stand with
// the post on the network, in its order, and in the calendar.
func TestPicturesGoAlong(t *testing.T) {
	h := house.Start(t)
	c := h.Admin("Ada Admin", "ada@brewell.example")
	acknowledge(c)
	for site, name := range map[string]string{"microblog": "Our microblog", "forum": "Our forum"} {
		c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": name, "settings": map[string]string{"site": site, "handle": "brewell"}}, nil)
	}
	dir := t.TempDir()
	green, red, blue := painted(t, dir, "green.png", color.RGBA{70, 120, 90, 255}), painted(t, dir, "red.png", color.RGBA{160, 70, 60, 255}),
		painted(t, dir, "blue.png", color.RGBA{60, 90, 150, 255})
	film, letter := filepath.Join(dir, "kettle.mp4"), filepath.Join(dir, "letter.pdf")
	for path, data := range map[string]string{film: "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", letter: "%PDF-1.4\n%%EOF\n"} {
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/publish/new")
	w.Click("checkbox", "/Our microblog/")
	w.Click("checkbox", "/Our forum/")
	w.Fill("What we say", "Three cups for winter.")
	w.Upload("Files: Pictures and video", green)
	w.SeeRole("button", "Remove green.png")
	w.See("/1 file says nothing yet/")
	w.Paste("What we say", red)
	w.SeeRole("button", "Remove red.png")
	w.Drop("/^Pictures and video$/", letter)
	w.See("/Only pictures and videos/")
	w.Drop("/^Pictures and video$/", blue)
	w.SeeRole("button", "Remove blue.png")
	w.Fill("What green.png shows", "A green cup")
	w.Fill("What red.png shows", "A red cup")
	w.See("/1 file says nothing yet/")
	w.Fill("What blue.png shows", "A blue cup")
	w.Gone("/says nothing yet/")
	w.SeeIn("article", "Our microblog", "/Up to 4 pictures/")

	// A video goes alone.
	w.Drop("/^Pictures and video$/", film)
	w.SeeIn("article", "Our microblog", "/A video goes alone here/")
	w.Click("button", "Remove kettle.mp4")
	w.Gone("/A video goes alone here/")

	// By keyboard, blue comes first; and stays where the keys are.
	w.Focus("button", "Move blue.png up")
	w.Press("Enter")
	w.See("blue.png is now at place 2 of 3.")
	w.Press("Enter")
	w.See("blue.png is now at place 1 of 3.")
	w.Accessible()
	shot(w, "media")

	// The forum has one of its own choice.
	w.ClickIn("article", "Our forum", "button", "Other pictures here")
	w.ClickIn("article", "Our forum", "button", "Remove green.png")
	w.ClickIn("article", "Our forum", "button", "Remove red.png")
	w.ClickIn("article", "Our forum", "combobox", "Who sees it on Our forum")
	w.Click("option", "Followers only")
	w.See("Kept as a draft.")
	w.Accessible()
	w.Theme("dark")
	w.Accessible()
	shot(w, "media-dark")
	w.Theme("light")
	w.Resize(390, 844)
	w.Accessible()
	shot(w, "media-phone")
	w.Resize(1440, 900)
	w.Click("button", "Publish now")
	w.SeeIn("article", "Our microblog", "/Published/")
	w.SeeIn("article", "Our forum", "/Published/")
	w.SeeIn("article", "Our forum", "Followers only")
	w.Accessible()
	shot(w, "media-gone")

	// They left in that order, with what they show.
	id := w.URL()[strings.LastIndex(w.URL(), "/")+1:]
	var left struct {
		Posts []struct {
			State string
			Media []struct{ Alt string }
			Files []struct{ Name string }

			Audience string
		}
	}
	c.Must(http.MethodGet, "/api/publish/contents/"+id, nil, &left)
	for i, want := range []string{"A blue cup (blue.png); A green cup (green.png); A red cup (red.png); ", "A blue cup (blue.png); "} {
		p, got := left.Posts[i], ""
		for k, m := range p.Media {
			got += m.Alt + " (" + p.Files[k].Name + "); "
		}
		if p.State != "published" || got != want {
			t.Errorf("post %d is %s with %s", i, p.State, got)
		}
	}
	if left.Posts[0].Audience != "" || left.Posts[1].Audience != "followers" {
		t.Errorf("for whom: %q and %q", left.Posts[0].Audience, left.Posts[1].Audience)
	}
	w.Open(h.URL + "/publish?cal=month")
	w.SeeRole("link", "/Three cups for winter/")
	w.Accessible()
	shot(w, "media-month")
	w.Open(h.URL + "/publish/list")
	w.SeeRole("link", "Three cups for winter.")
	w.Accessible()
	shot(w, "media-list")
	if faults := w.Faults(); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
}
