//go:build browser

package privacy_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// A customer proves who they are by a link, sees what is held, agrees, and
// asks for a copy; a colleague finds the request.
func TestCustomersHelpThemselves(t *testing.T) {
	h := house.Public(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Acknowledge()
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Practice", "settings": map[string]string{"handle": "brewell"}}, nil)
	ada.Must(http.MethodPost, "/api/consents/texts", map[string]any{"purpose": "marketing", "lang": "en", "name": "News", "body": "We write to you once a month about new kettles."}, nil)
	shot := func(p *browser.Page, name string) {
		if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
			p.Shot(filepath.Join(dir, name+".png"))
		}
	}
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/settings/privacy")
	w.Click("switch", "Offer the page")
	w.SeeRole("link", h.URL+"/me/")
	w.Accessible()
	shot(w, "self-settings")

	w.Open(h.URL + "/settings/fields")
	w.Click("button", "Add a field: People")
	w.Fill("Name", "Postal address")
	w.Click("switch", "Customers may correct it")
	w.Accessible()
	w.Click("button", "Keep it")
	w.See("customers correct it")

	ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": "mara.lind", "text": "my order is 4711", "direct": true}, nil)
	w.Open(h.URL + "/engage")
	w.SeeWithin("/my order is 4711/", 30_000)

	them := b.Phone("mara")
	them.Open(h.URL + "/me/")
	them.Accessible()
	them.Fill("Your email address, telephone number or handle", "@mara.lind")
	them.Click("button", "Send me the link")
	them.See("/a link is on its way there/")
	w.Press("j")
	w.SeeWithin("/You asked to see what we hold about you/", 60_000)
	w.SeeWithin("/If it was not you, do nothing/", 60_000)
	link := "" // the longest: a list of conversations cuts it
	for _, found := range regexp.MustCompile(`/me/[\w-]{40,}`).FindAllString(w.Body(), -1) {
		if len(found) > len(link) {
			link = found
		}
	}
	if link == "" {
		t.Fatal("there is no link in what they were told")
	}
	them.Open(h.URL + link)
	them.SeeRole("heading", "/What we hold of Mara Lind/")
	them.ClickText("/messages: /")
	them.See("my order is 4711")
	them.Accessible()
	shot(them, "self-page")
	them.Click("button", "I agree: News")
	them.See("/that is written down/")
	them.Click("button", "Take it back: News")
	them.See("Taken back.")
	them.Fill("Name", "Mara Lindqvist")
	them.Fill("Postal address", "Harbour Lane 2\n1010 Vienna")
	them.Click("button", "This is right")
	them.See("/A colleague will look at it/")
	them.See("/You said so on/")
	them.Accessible()
	shot(them, "self-proposed")
	var found struct {
		Items []struct{ ID, Name string }
	}
	ada.Must(http.MethodGet, "/api/people?q=mara", nil, &found)
	w.Open(h.URL + "/people/" + found.Items[0].ID)
	w.See("They say it is otherwise")
	w.SeeIn("list", "What they say is right", "/Harbour Lane 2/")
	w.Accessible()
	shot(w, "self-corrections")
	w.Click("button", "Accept: Postal address")
	w.See("/said by themselves/")
	w.Click("button", "Undo")
	w.SeeRole("button", "Accept: Postal address")
	w.Click("button", "Accept: Postal address")
	w.GoneRole("button", "Accept: Postal address")
	w.Fill("Words to them about Name", "We keep names as networks tell them.")
	w.Click("button", "Decline: Name")
	w.Gone("They say it is otherwise")
	them.Open(h.URL + link)
	them.See("/Taken over on/")
	them.See("/We keep names as networks tell them/")
	them.Click("button", "Ask for a copy of everything")
	them.See("/You asked for a copy on/")
	them.Open(h.URL + "/me/nobody")
	them.See("/This link is over, or never was/")

	w.Open(h.URL + "/settings/privacy")
	w.SeeIn("main", "", "Mara Lind")
	w.Click("switch", "Offer the page")
	w.GoneRole("link", h.URL+"/me/")
	them.Open(h.URL + "/me/")
	them.See("/There is no such page here/")
}
