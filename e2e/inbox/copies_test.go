//go:build browser

package inbox

import (
	"net/http"
	"strings"
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
	asSent(t, h, ada, w)
}

// A letter with HTML is shown as its sender made it look, on a press: nothing
// in it runs, nothing is loaded, and what was left out is said.
func asSent(t *testing.T, h *house.House, ada *house.Client, w *browser.Page) {
	ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": "oldcharlie", "text": "Is this offer yours?", "direct": true, "html": offer}, nil)
	w.Resize(1440, 900)
	w.Theme("light")
	w.Open(h.URL + "/engage?view=all")
	w.SeeWithin("/Is this offer yours/", 30_000)
	w.ClickIn("region", "Conversations", "link", "/Is this offer yours/")
	w.SeeRole("button", "Show as sent")
	w.Accessible() // the frame runs nothing, so nothing can be looked at in it
	w.Click("button", "Show as sent")
	w.See("/One picture is left out.* tracker.example/")
	shot(w, "as-sent")
	w.Theme("dark")
	w.Resize(390, 844)
	shot(w, "as-sent-phone-dark")
	var page struct {
		Items []struct {
			ID   string
			HTML bool
			Text string
		}
	}
	var talks struct {
		Items []struct{ ID, Preview string }
	}
	ada.Must(http.MethodGet, "/api/conversations?view=all&q=offer", nil, &talks)
	ada.Must(http.MethodGet, "/api/conversations/"+talks.Items[0].ID+"/messages", nil, &page)
	for _, m := range page.Items {
		if !m.HTML {
			continue
		}
		status, text := ada.Do(http.MethodGet, "/api/messages/"+m.ID+"/sent", nil, nil)
		if status != http.StatusOK || strings.Contains(text, "alert(") || strings.Contains(text, "tracker.example") || !strings.Contains(text, "half the price") || !strings.Contains(text, "<details>") {
			t.Errorf("as it was sent: %d %s", status, text)
		}
	}
	w.Click("button", "Show the words alone")
	w.Gone("/One picture is left out/")
	w.Accessible()
}

const offer = `<style>body{display:none}</style><table width="100%" bgcolor="#f4efe6" cellpadding="16"><tr><td><h2 style="color:#8a3b12;font-family:Georgia,serif">Kettles at half the price</h2>
<p>Only today: the <b>red one</b> and the <a href="https://shop.example/kettles">blue one</a>.</p><script>alert(1)</script><img src="https://tracker.example/open.gif?who=jonas" width="1" height="1" onerror="alert(2)">
<div style="position:fixed;inset:0">The offer ends at midnight.</div></td></tr></table><blockquote>On Monday you wrote: which one do you want?</blockquote>`
