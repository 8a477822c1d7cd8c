//go:build browser

package privacy_test

import (
	"net/http"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestRetention: a rule is made, what would go is seen first, the rule is turned
// on and runs, and a receipt says what went. A hold on a conversation and one
// on a programme are placed, seen in the list, and lifted with a reason.
func TestRetention(t *testing.T) {
	h := house.Start(t, "--allow", "127.0.0.1")
	c := h.Admin("Ada Admin", "ada@brewell.example")
	s := openShop(t, h, c)
	s.says(`{"email":"maya.lind@home.test","name":"Maya Lind"}`, "The handle is loose.")
	var made struct{ ID string }
	c.Must(http.MethodPost, "/api/programmes", map[string]any{"name": "Lid inquiry"}, &made)

	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/engage")
	w.SeeWithin("/The handle is loose/", 30_000)
	w.Press("j")
	w.Click("button", "Legal hold")
	w.Fill("Why", "the lawsuit about the handle")
	w.Accessible()
	look(w, "hold-conversation-place")
	w.Click("button", "Place the hold")
	w.SeeWithin("the lawsuit about the handle", 10_000)
	w.Accessible()
	look(w, "hold-conversation")
	w.Open(h.URL + "/govern/programmes/" + made.ID)
	w.Click("button", "Legal hold")
	w.Fill("Why", "an inquiry")
	w.Click("button", "Place the hold")
	w.SeeWithin("an inquiry", 10_000)
	w.Accessible()
	look(w, "hold-programme")

	w.Open(h.URL + "/settings/privacy")
	w.SeeRole("link", "Programme Lid inquiry")
	w.SeeRole("link", "Conversation: The handle is loose.")
	look(w, "holds")
	w.Click("link", "Retention")
	w.See("Everything is kept.")
	look(w, "retention-empty")
	w.Click("button", "Add rule")
	w.Click("combobox", "What")
	w.Click("option", "Events as they arrived")
	w.SeeWithin("/never kept for longer than ninety days/", 10_000)
	w.Accessible()
	look(w, "retention-add")
	w.Click("button", "Add the rule")
	w.SeeRole("heading", "Events as they arrived")
	w.Click("button", "Add rule")
	w.Click("button", "Add the rule")
	w.SeeRole("heading", "Words of conversations")
	w.Click("button", "See what would go")
	w.SeeWithin("Nothing is that old.", 10_000)
	w.Accessible()
	look(w, "retention-dry")
	w.ClickIn("list", "Rules", "switch", "Off")
	w.SeeWithin("Turn this rule on?", 10_000)
	w.Accessible()
	w.Click("button", "Turn it on")
	w.Click("button", "Let them run now")
	w.Click("button", "Run now")
	w.SeeWithin("/signed by this Parley/", 30_000)
	w.SeeRole("table", "What went")
	w.Accessible()
	look(w, "retention-run")
	w.Resize(390, 844)
	w.Theme("dark")
	w.Accessible()
	look(w, "retention-phone")
	w.Theme("light")
	w.Resize(1440, 900)

	w.Click("link", "Privacy")
	w.Click("button", "End the hold")
	w.SeeWithin("End this hold?", 10_000)
	w.Fill("Why it ends", "the inquiry is closed")
	w.Click("button", "End it")
	w.GoneRole("link", "Programme Lid inquiry")
	w.SeeRole("link", "Conversation: The handle is loose.")
}
