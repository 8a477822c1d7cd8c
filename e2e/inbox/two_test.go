//go:build browser

package inbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestTwoColleagues lets two answer one conversation at the same time, one at
// a desk and one on a phone. Each sees what the other does, and nothing that
// either wrote is lost. Then one of them writes more than the network takes.
func TestTwoColleagues(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Acknowledge()
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Square", "settings": map[string]string{"site": "microblog", "handle": "brewell"}}, nil)
	say := func(persona, text string) {
		ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"site": "microblog", "persona": persona, "text": "@brewell " + text}, nil)
	}
	say("mara.lind", "my kettle leaks")
	b := browser.Open(t)
	w, p := b.Page("ada"), b.Phone("emil")
	link := ada.Invite("Emil Employee", "emil@brewell.example", "responder")
	house.Join(p, link)
	h.SignIn(w, "ada@brewell.example")
	acknowledge(t, p)

	w.Open(h.URL + "/engage")
	w.SeeWithin("/my kettle leaks/", 30_000)
	w.Click("link", "/Mara Lind/")
	w.SeeIn("log", "Messages", "/my kettle leaks/")
	p.Open(w.URL())
	p.SeeIn("log", "Messages", "/my kettle leaks/")

	// Each sees that the other writes.
	w.Click("radio", "Public reply")
	w.Fill("Public reply", "We send a new lid today.")
	p.See("Ada Admin is writing here too.")
	p.Click("radio", "/Public/")
	p.Fill("Public reply", "Please turn the lid to the left.")
	w.See("Emil Employee is writing here too.")
	shot(p, "two-phone")

	// One is quicker; the other is told, reads, and may send all the same.
	w.Click("button", "Reply in public")
	p.SeeIn("log", "Messages", "We send a new lid today.")
	p.See("Ada Admin replied while you wrote. Read it, then choose.")
	p.SeeValue("Public reply", "Please turn the lid to the left.")
	p.Accessible()
	shot(p, "two-collision")
	p.Click("button", "Go on with mine")
	p.Click("button", "Reply in public")
	w.SeeIn("log", "Messages", "Please turn the lid to the left.")

	// A claim is raced: one has it, the other is told who.
	w.Press("Escape")
	w.Press("i")
	w.SeeRole("button", "Assigned to Ada Admin")
	id := conversation(w.URL())
	if status, _ := p.Fetch(http.MethodPost, "/api/conversations/"+id+"/claim", ""); status != http.StatusConflict {
		t.Errorf("a claim of what somebody has: %d", status)
	}

	// All at once by one, while the other reads: what they have begun to write stays.
	p.Fill("Public reply", "One more thing about the lid")
	p.See("Draft kept")
	w.Open(h.URL + "/engage?view=all")
	w.SeeRole("link", "/Mara Lind/")
	w.Press("Control+a")
	w.See("1 chosen")
	w.Press("e")
	p.See("Resolved")
	p.SeeValue("Public reply", "One more thing about the lid")
	w.Click("button", "/Undo/")

	// Too long for the network: seen as it will stand, and sent in parts.
	long := strings.Repeat("Turn the lid to the left, press until it clicks, and let the kettle stand for a minute. ", 8)
	w.Open(h.URL + "/engage?c=" + id)
	w.Click("radio", "Public reply")
	w.Fill("Public reply", long)
	w.See("/Too long for Square by/")
	w.Click("button", "How it will look")
	w.SeeRole("region", "How it will look")
	w.Click("button", "Send in 2 parts")
	w.SeeIn("region", "How it will look", "2 of 2")
	w.Accessible()
	shot(w, "preview")
	w.Resize(390, 844)
	w.Accessible()
	shot(w, "preview-phone")
	w.Resize(1440, 900)
	w.Click("button", "Reply in public")
	w.SeeIn("log", "Messages", "/\\(1\\/2\\)/")
	w.SeeIn("log", "Messages", "/\\(2\\/2\\)/")
	p.SeeIn("log", "Messages", "2 of 2")
	p.SeeValue("Public reply", "One more thing about the lid")
}

func conversation(url string) string {
	_, id, _ := strings.Cut(url, "c=")
	id, _, _ = strings.Cut(id, "&")
	return id
}

// acknowledge agrees, in a browser's session, to what must be agreed to before
// one may answer.
func acknowledge(t *testing.T, p *browser.Page) {
	_, text := p.Fetch(http.MethodGet, "/api/policies", "")
	var list struct {
		Items []struct {
			ID      string
			Version int
		}
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for _, x := range list.Items {
		if status, text := p.Fetch(http.MethodPost, "/api/policies/"+x.ID+"/acknowledge", fmt.Sprintf(`{"version":%d}`, x.Version)); status >= 300 {
			t.Fatalf("%d %s", status, text)
		}
	}
}
