//go:build browser

package inbox

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// shot keeps a picture where PARLEY_SHOTS names a folder.
func shot(p *browser.Page, name string) {
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		p.Shot(filepath.Join(dir, name+".png"))
	}
}

func TestInbox(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Practice", "settings": map[string]string{"handle": "brewell"}}, nil)
	var practice struct {
		Personas []struct{ ID, Name string }
	}
	ada.Must(http.MethodGet, "/api/practice", nil, &practice)
	texts := []string{"my kettle leaks", "the lid is broken", "where is my parcel", "I love the new mill"}
	for i, text := range texts {
		ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": practice.Personas[i].ID, "text": "@brewell " + text}, nil)
	}
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")

	// One vocabulary for the company.
	w.Open(h.URL + "/settings/tags")
	w.See("There are no tags yet.")
	for _, name := range []string{"Warranty", "Guarantee", "Delivery"} {
		w.Click("button", "New tag")
		w.Fill("Name", name)
		w.Click("button", "Save")
		w.SeeIn("table", "Tags", name)
	}
	w.Accessible()
	w.Open(h.URL + "/settings/teams")
	w.Click("button", "New team")
	w.Fill("Name", "Workshop")
	w.Click("button", "Save")
	w.SeeIn("table", "Teams", "Workshop")
	w.Accessible()

	// By keyboard alone: the first conversation gets a tag and a team.
	w.Open(h.URL + "/engage")
	w.SeeWithin("/my kettle leaks/", 30_000)
	w.SeeWithin("/love the new mill/", 30_000)
	w.Press("j")
	w.SeeRole("heading", "Our work")
	w.Press("t")
	w.SeeRole("dialog", "Tags")
	w.Type("guar")
	w.SeeRole("option", "/Guarantee/")
	w.Press("Enter")
	w.See("“Guarantee” is on.")
	w.Press("Escape")
	w.GoneRole("dialog", "Tags")
	w.Press("g")
	w.SeeRole("dialog", "Give to a team")
	w.Type("work")
	w.SeeRole("option", "/Workshop/")
	w.Press("Enter")
	w.See("Given to the team Workshop.")
	w.SeeRole("button", "Workshop")

	// All of the list at once, and taken back.
	w.Gone("“Guarantee” is on.")
	w.Gone("Given to the team Workshop.")
	w.Press("Control+a")
	w.See("4 chosen")
	w.Press("t")
	w.SeeRole("dialog", "Tags")
	w.Type("deliv")
	w.SeeRole("option", "/Delivery/")
	w.Press("Enter")
	w.See("“Delivery” is on.")
	w.Press("Escape")
	w.Click("button", "/Undo/")
	w.Press("Escape")
	w.SeeIn("region", "Conversations", "Guarantee")
	w.Accessible()

	// A view of one's own, with what it would show.
	w.Click("button", "New view")
	w.Fill("Name", "Guarantees")
	w.Click("combobox", "Field")
	w.Click("option", "Tags")
	w.Click("combobox", "Values of Tags")
	w.Click("option", "Guarantee")
	w.Press("Escape")
	w.See("1 conversation")
	w.Accessible()
	shot(w, "view-editor")
	w.Click("button", "Save")
	w.SeeRole("heading", "Guarantees")
	link := w.URL()

	// Merged, the view finds the same by the other name.
	w.Open(h.URL + "/settings/tags")
	w.Click("button", "What to do with Guarantee")
	w.Click("menuitem", "Merge into another")
	w.Click("combobox", "The tag that stays")
	w.Click("option", "Warranty")
	w.Click("button", "Merge")
	w.See("“Guarantee” is “Warranty” now.")
	w.Open(link)
	w.SeeRole("heading", "Guarantees")
	w.SeeIn("region", "Conversations", "Warranty")
	shot(w, "view")

	macros(h, w)

	phone := b.Phone("phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(link)
	phone.SeeIn("region", "Conversations", "Warranty")
	phone.Accessible()
	shot(phone, "view-phone")
}

// macros does several things at once, says before what may not be done, and
// names a colleague in a note.
func macros(h *house.House, w *browser.Page) {
	w.Open(h.URL + "/settings/macros")
	w.Click("button", "New macro")
	w.Fill("Name", "Serial number")
	w.Fill("Words for the reply", "Hello {{person.first_name}}, which number is on the base?")
	w.Click("combobox", "Priority")
	w.Click("option", "High")
	w.Click("button", "Save")
	w.SeeIn("table", "Macros", "Serial number")
	w.Accessible()
	w.Open(h.URL + "/engage")
	w.See("/my kettle leaks/")
	w.Press("j")
	w.SeeRole("heading", "Our work")
	w.Press("m")
	w.SeeRole("dialog", "Use a macro")
	w.Type("serial")
	w.SeeRole("option", "/Serial number/")
	w.Press("Enter")
	w.See("Into the reply, for you to send")
	w.See("Priority: High")
	w.Accessible()
	shot(w, "macro")
	w.Press("Enter") // does it, as soon as it is known what that is
	w.See("/its words stand in the reply/")
	w.SeeIn("region", "Conversations", "High")
	w.Press("Escape")
	w.Press("n")
	w.Type(" @ada")
	w.SeeRole("listbox", "Colleagues")
	w.Press("Enter")
	w.Press("Control+Enter")
	w.SeeIn("log", "Messages", "/@Ada Admin/")
	w.Open(h.URL + "/engage?view=mentions")
	w.SeeIn("region", "Conversations", "High")
}
