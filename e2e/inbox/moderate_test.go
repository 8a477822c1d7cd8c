//go:build browser

package inbox

import (
	"net/http"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestModeration hides, shows and takes away what others said, likes, and
// takes back what we said, on the practice network.
func TestModeration(t *testing.T) {
	h := house.Start(t, "--undo", "1s")
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Our page", "settings": map[string]string{"handle": "brewell"}}, nil)
	ada.Acknowledge()
	var practice struct{ Personas []struct{ Handle string } }
	ada.Must(http.MethodGet, "/api/practice", nil, &practice)
	ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": practice.Personas[0].Handle, "text": "@brewell CHEAP KETTLES, link in my profile"}, nil)
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/engage")
	w.SeeWithin("/CHEAP KETTLES/", 30_000)
	w.Press("j")
	w.SeeRole("heading", "Our work")

	// A heart, and taken back.
	w.Click("button", "Like it on Our page")
	w.SeeRole("button", "Like it no longer")
	w.Click("button", "Like it no longer")
	w.SeeRole("button", "Like it on Our page")

	// By keyboard alone: hidden, with a reason.
	w.Focus("button", "/More about what .* said/")
	w.Press("Enter")
	w.SeeRole("menuitem", "Hide on Our page…")
	w.Press("Enter")
	w.SeeRole("dialog", "/Hide what/")
	w.GoneRole("menuitem", "Take away for good…")
	w.Accessible()
	w.Click("combobox", "Why")
	w.Click("option", "another reason")
	w.Click("button", "Hide it")
	w.See("Say in a few words why.")
	w.Fill("In a few words", "he sells copies")
	w.Press("Enter")
	w.GoneRole("dialog", "/Hide what/")
	w.SeeIn("log", "Messages", "/Hidden on Our page by Ada Admin · he sells copies/")
	w.Accessible()
	shot(w, "hidden")
	phone := b.Phone("phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(w.URL())
	phone.SeeIn("log", "Messages", "/Hidden on Our page by Ada Admin/")
	phone.Theme("dark")
	phone.Accessible()
	shot(phone, "hidden-phone")

	// And shown again; the other screen learns of it.
	w.ClickIn("log", "Messages", "button", "Show")
	w.Gone("/Hidden on Our page/")
	phone.Gone("/Hidden on Our page/")

	// What we say can be taken back, and its words stay.
	w.Press("r")
	w.Type("Please do not sell here.")
	w.Press("Control+Enter")
	w.SeeIn("log", "Messages", "Please do not sell here.")
	w.SeeIn("log", "Messages", "/^(sent|seen on the network)$/")
	w.Click("button", "More about what Ada Admin said")
	w.Click("menuitem", "Take back on Our page…")
	w.SeeRole("dialog", "Take this back on Our page?")
	w.Click("button", "Take it back")
	w.SeeIn("log", "Messages", "Taken back on Our page by Ada Admin")
	w.SeeIn("log", "Messages", "Please do not sell here.")

	// For good: it asks once more, and stays here.
	w.Click("button", "/More about what .* said/")
	w.Click("menuitem", "Take away for good…")
	w.SeeRole("dialog", "/Take away what .* for good/")
	w.Click("button", "Take it away")
	w.SeeIn("log", "Messages", "/Taken away on Our page by Ada Admin · spam/")
	w.SeeIn("log", "Messages", "/CHEAP KETTLES/")
	w.Accessible()
	shot(w, "removed")
}
