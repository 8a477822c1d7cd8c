//go:build browser

package screens_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

const mail = "ada@brewell.example"

// TestScreens fills a house a little and looks at what the round through the
// whole product (./e2e/loop) does not pass.
func TestScreens(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", mail)
	add := func(kind, name string, settings map[string]string) (id, door string) {
		var c struct{ ID, Door string }
		ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": kind, "name": name, "settings": settings}, &c)
		ada.Must(http.MethodGet, "/api/channels/"+c.ID, nil, &c)
		return c.ID, c.Door
	}
	practice, _ := add("practice", "Kettle square", map[string]string{"site": "microblog", "handle": "brewell"})
	form, formDoor := add("form", "Write to us", map[string]string{"title": "Write to us", "topics": "Returns\nSpare parts"})
	chat, _ := add("chat", "Chat", map[string]string{"origins": h.URL})
	hook, _ := add("webhook", "Our shop", map[string]string{"source": "shop", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
	var profile, round struct{ ID string }
	ada.Must(http.MethodPost, "/api/presence/profiles", map[string]any{"kind": "microblog", "name": "Brewell, with a name that is as long as names of profiles can be in practice",
		"url": "https://social.example/@brewell", "channel": practice}, &profile)
	ada.Must(http.MethodPost, "/api/presence/rounds", map[string]any{"name": "Autumn", "due_at": time.Now().Add(72 * time.Hour)}, &round)
	ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"text": "@brewell the handle of my kettle is loose, and I cannot find a spare part anywhere"}, nil)

	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, mail)
	for _, s := range []struct{ path, sees string }{
		{"/listen/screen", "/Kettle|spare part|Live/"},
		{"/listen/presence", "Kinds of sites"},
		{"/listen/presence/find", "Names of the brand"},
		{"/listen/presence/audits", "Autumn"},
		{"/listen/presence/" + profile.ID, "Connected as"},
		{"/listen/places", "/You have told no branch yet/"},
		{"/listen/places/compare", "/Choose/"},
		{"/analyze/network", "/Nobody|people/"},
		{"/settings/channels/" + form, "How it is"},
		{"/settings/channels/" + chat, "How it is"},
		{"/settings/channels/" + hook, "How it is"},
		{"/settings/channels/" + practice, "In the presence register"},
		{"/settings/channels/new?kind=email", "The guide to Email"},
		{"/settings/channels/new?kind=email&step=enter", "IMAP server"},
		{"/settings/channels/new?kind=form&step=enter", "Topics to choose from"},
		{"/settings/history", "Choose a file"},
		{"/settings/models", "Corrections that stand"},
		{formDoor, "Message"},
	} {
		t.Run(strings.NewReplacer("/", " ", "?", " ").Replace(s.path), func(t *testing.T) {
			b.In(t)
			look(t, w, address(h.URL, s.path), s.sees)
		})
	}
}

func address(base, path string) string {
	if strings.HasPrefix(path, "/") {
		return base + path
	}
	return path
}

// look sees a screen in both sizes and themes.
func look(t *testing.T, w *browser.Page, url, sees string) {
	t.Helper()
	defer w.Resize(1440, 900)
	for _, width := range []int{1440, 390} {
		w.Resize(width, 860)
		w.Open(url)
		if strings.HasPrefix(sees, "Kinds of sites") {
			w.SeeRole("table", "Kinds of sites by regions")
		} else {
			w.See(sees)
		}
		tell := func(theme string, found []string) {
			if len(found) > 0 {
				t.Errorf("at %d, %s:\n%s", width, theme, strings.Join(found, "\n"))
			}
		}
		tell("light", w.Faults())
		w.Theme("dark")
		tell("dark", w.Contrast())
		w.Theme("light")
	}
}
