//go:build browser

package inbox

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// One customer writes twice, in the open and in private: both become one
// conversation, are answered each where it was said, come apart again, and
// what does not belong together is split off.
func TestMergeAndSplit(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Practice", "settings": map[string]string{"handle": "brewell"}}, nil)
	ada.Acknowledge()
	var practice struct {
		Personas []struct{ Handle, Name string }
	}
	ada.Must(http.MethodGet, "/api/practice", nil, &practice)
	who := practice.Personas[0]
	say := func(text string, more map[string]any) string {
		body := map[string]any{"persona": who.Handle, "text": text}
		maps.Copy(body, more)
		var said struct{ ID string }
		ada.Must(http.MethodPost, "/api/practice/say", body, &said)
		return said.ID
	}
	say("@brewell my kettle leaks", nil)
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/engage")
	w.SeeWithin("/my kettle leaks/", 30_000)
	order := say("here is my order number: 4711", map[string]any{"direct": true})
	w.SeeWithin("/order number/", 30_000)

	// The newer one is open; the other, of the same person, is offered.
	w.Press("j")
	w.SeeRole("radio", "/Direct/")
	gone := w.URL()
	w.Press("j")
	w.SeeRole("radio", "/Public reply/")
	stays := w.URL()
	w.Click("button", "More")
	w.Click("menuitem", "Merge with another")
	w.SeeRole("dialog", "Merge with another conversation")
	w.Click("checkbox", "/order number/")
	w.Accessible()
	shot(w, "merge")
	w.Click("button", "Merge 1 conversation")
	w.See("2 conversations are one now.")
	w.SeeIn("log", "Messages", "here is my order number: 4711")
	w.SeeIn("log", "Messages", "/merged a conversation with/")
	w.Accessible()
	shot(w, "merged")

	// An answer goes where it was said: in private by itself, in the open when that is chosen.
	w.Click("textbox", "Direct")
	w.Type("Thank you, found it.")
	w.Click("button", "/Send to/")
	w.SeeIn("log", "Messages", "Thank you, found it.")
	w.Click("button", "/^Answer/")
	w.Click("menuitem", "/in the open/")
	w.SeeRole("button", "/^Answer .*in the open/")

	// A link to the one that was merged leads to where its words stand.
	w.Open(gone)
	w.SeeIn("log", "Messages", "/my kettle leaks/")
	if w.URL() != stays {
		t.Errorf("the old link led to %s, not %s", w.URL(), stays)
	}
	w.Click("button", "Take apart")
	w.See("/stands apart again/")
	w.Open(gone)
	w.SeeIn("log", "Messages", "Thank you, found it.")
	w.See("/took it out of another conversation/")

	// Two things in one thread are taken apart, and put back.
	say("and do you sell lids?", map[string]any{"answers": order})
	w.SeeWithin("/do you sell lids/", 30_000)
	w.Click("button", "More")
	w.Click("menuitem", "Split messages off")
	w.See("Choose what belongs together, at least one message of theirs.")
	w.Click("checkbox", "/Choose what .* said/")
	w.Accessible()
	shot(w, "split")
	w.Press("Escape")
	w.SeeRole("radio", "/Direct/")
	w.Click("button", "More")
	w.Click("menuitem", "Split messages off")
	w.Click("checkbox", "/Choose what .* said/")
	w.Click("button", "Split off")
	w.See("1 message has a conversation of its own.")
	w.See("/took it out of another conversation/")
	if w.URL() == gone {
		t.Error("what was split off is not open")
	}
	w.Click("button", "/Undo/")
	w.See("All is as it was.") // whoever goes away before may cut it off
	w.Open(gone)
	w.SeeIn("log", "Messages", "/do you sell lids/")
	w.SeeIn("log", "Messages", "/order number/")

	// Left for later: unread again.
	id := gone[strings.LastIndex(gone, "c=")+2:]
	w.SeeRole("radio", "/Direct/")
	w.Press("u")
	for range 100 {
		var c struct{ Unread bool }
		if ada.Must(http.MethodGet, "/api/conversations/"+id, nil, &c); c.Unread {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	var left struct{ Unread bool }
	if ada.Must(http.MethodGet, "/api/conversations/"+id, nil, &left); !left.Unread {
		t.Error("what was marked as unread is read")
	}

	phone := b.Phone("phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(gone)
	phone.SeeIn("log", "Messages", "/order number/")
	phone.Click("button", "More")
	phone.Click("menuitem", "Merge with another")
	phone.SeeRole("dialog", "Merge with another conversation")
	phone.Accessible()
	shot(phone, "merge-phone")
}
