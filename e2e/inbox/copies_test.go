//go:build browser

package inbox

import (
	"net/http"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// A customer's letter went to a friend too: the answer goes to both unless
// somebody leaves one out or names another, the choice stays with the draft,
// and the thread says who got it.
func TestReplyToAll(t *testing.T) {
	h := house.Start(t, "--undo", "1s")
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Acknowledge()
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Letters", "settings": map[string]string{"handle": "brewell", "site": "messages"}}, nil)
	ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": "mara.lind", "text": "Both of our kettles leak.", "direct": true, "cc": []string{"noah@home.example"}}, nil)
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/engage?view=all")
	w.SeeWithin("/Both of our kettles/", 30_000)
	w.ClickIn("region", "Conversations", "link", "/Mara Lind/")
	w.SeeRole("button", "Leave out noah@home.example")
	w.See("Mara and one more")
	shot(w, "copies")
	w.Accessible()

	w.Click("button", "Add somebody to Cc")
	w.Type("lea at home")
	w.Press("Enter")
	w.See("“lea” is no address.")
	w.Accessible()
	w.Fill("Address for Cc", "Lea@home.example, noah@home.example")
	w.Press("Enter")
	w.SeeRole("button", "Leave out lea@home.example")
	w.See("Mara and 2 more")
	w.Click("button", "Reply to Mara alone")
	w.GoneRole("button", "Leave out noah@home.example")
	w.See("Only Mara sees this")
	w.Click("textbox", "Direct")
	w.Type("We send you two new ones.")
	w.See("Draft kept")
	w.Reload()
	w.SeeValue("Direct", "We send you two new ones.")
	w.See("Only Mara sees this") // the choice stayed with the words
	w.Resize(390, 844)
	w.Theme("dark")
	w.Click("button", "Reply to all")
	w.SeeRole("button", "Leave out noah@home.example")
	shot(w, "copies-phone-dark")
	w.Accessible()
	w.Click("button", "/Send to/")
	w.SeeIn("log", "Messages", "We send you two new ones.")
	w.SeeIn("log", "Messages", "Cc noah@home.example")
	w.Accessible()
}
