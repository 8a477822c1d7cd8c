//go:build browser

package attach

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestFilesAtTheDoors: a visitor of the chat, on a telephone and on a page
// with a strict policy, reads what may be added, adds a picture, takes a letter
// out again and is told of what is not taken; after a reload it still stands
// there. The agent sees it, answers with a picture and a letter, and the
// visitor opens both. By the form a picture comes too.
func TestFilesAtTheDoors(t *testing.T) {
	h := house.Public(t, "--undo", "0s")
	ada := h.Admin("Ada Byrne", mail)
	acknowledge(t, ada)
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lid, fits, page := write("lid.png", photo(t, 120)), write("how it fits.png", photo(t, 60)), write("cat.png", []byte("<!doctype html><script>alert(1)</script>"))
	letter := write("manual.pdf", []byte("%PDF-1.4\n%%EOF\n"))

	var door string
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src "+h.URL+"; connect-src "+h.URL)
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><head><title>Brewell kettles</title></head><body><main><h1>Kettles</h1></main><script src="` + door + `/chat.js" async></script></body></html>`))
	}))
	defer shop.Close()
	site := strings.Replace(shop.URL, "127.0.0.1", "localhost", 1) // another site than Parley's
	connect := func(kind, name string, settings map[string]string) string {
		var c struct{ Door string }
		ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": kind, "name": name, "settings": settings}, &c)
		return c.Door
	}
	door = connect("chat", "Shop chat", map[string]string{"origins": site, "ask": "no", "files": "5 MB"})

	b := browser.Open(t)
	v := b.Page("visitor")
	v.Resize(390, 844)
	v.Open(site)
	v.Click("button", "Open the chat")
	v.See("Up to 5 files, 5 MB each: pictures, PDF, office documents, sound, video")
	v.Upload("Add files", lid)
	v.SeeRole("button", "Remove: lid.png")
	v.Drop("Your message", letter)
	v.Paste("Your message", page)
	v.See("Not of a kind that can be taken")
	v.Click("button", "Remove: cat.png")
	v.GoneRole("button", "Remove: cat.png")
	v.Accessible()
	shot(t, v, "door-adding")
	v.Click("button", "Remove: manual.pdf")
	v.GoneRole("button", "Remove: manual.pdf")
	v.Fill("Your message", "The lid has a crack.")
	v.Click("button", "Send")
	v.SeeIn("log", "Chat with us", "The lid has a crack.")
	v.SeeRole("img", "lid.png")
	v.Accessible()
	shot(t, v, "door-sent")
	v.Reload()
	v.Click("button", "Open the chat")
	v.SeeRole("img", "lid.png")

	a := b.Page("ada")
	h.SignIn(a, mail)
	a.Open(h.URL + "/engage?view=all")
	a.ClickIn("region", "Conversations", "link", "/The lid has a crack/")
	a.SeeIn("log", "Messages", "/The lid has a crack/")
	a.SeeRole("button", "Picture lid.png")
	a.Fill("/^Direct/", "It goes on like this; page 4 says more.")
	a.Upload("Files", fits)
	a.Fill("What how it fits.png shows", "The lid on the kettle, closed")
	a.Upload("/^Files$/", letter)
	a.SeeRole("button", "Remove manual.pdf")
	a.Click("button", "/^Send to/")
	a.SeeIn("log", "Messages", "manual.pdf")
	shot(t, a, "door-answered")

	v.SeeIn("log", "Chat with us", "It goes on like this; page 4 says more.") // live
	v.SeeRole("button", "/manual.pdf/")
	v.SeeRole("img", "The lid on the kettle, closed")
	v.Click("button", "Show: The lid on the kettle, closed")
	v.SeeRole("dialog", "how it fits.png")
	v.SeeRole("button", "Save")
	v.Accessible()
	v.Theme("dark")
	shot(t, v, "door-look-dark")
	v.Press("Escape")
	v.GoneRole("dialog", "how it fits.png")
	v.Accessible()
	shot(t, v, "door-answered-phone-dark")
	v.Theme("light")

	form := connect("form", "Contact", map[string]string{"title": "Write to Brewell", "email": "must"})
	v.Open(form + "/")
	v.Fill("/Email/", "maya@")
	v.Fill("/Message/", "Which lid is this?")
	v.Upload("/^Files/", lid)
	v.Click("button", "Send")
	v.See("This is not an email address.")
	v.SeeRole("checkbox", "/^lid.png/") // a mistake loses no file
	v.Accessible()
	shot(t, v, "door-form")
	v.Fill("/Email/", "maya@example.com")
	v.Click("button", "Send")
	v.Click("link", "Come back to your message")
	v.SeeRole("img", "lid.png")
	v.Accessible()
	shot(t, v, "door-form-talk")
	a.Open(h.URL + "/engage?view=all")
	a.ClickIn("region", "Conversations", "link", "/Which lid is this/")
	a.SeeRole("button", "Picture lid.png")
}

func acknowledge(t *testing.T, c *house.Client) {
	t.Helper()
	var policies struct{ Items []struct{ ID string } }
	c.Must(http.MethodGet, "/api/policies", nil, &policies)
	for _, x := range policies.Items {
		c.Must(http.MethodPost, "/api/policies/"+x.ID+"/acknowledge", map[string]any{"version": 1}, nil)
	}
}
