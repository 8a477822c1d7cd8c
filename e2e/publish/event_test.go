//go:build browser

package publish_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

func TestInvitedAnsweredCame(t *testing.T) {
	h := house.Public(t)
	c := h.Admin("Ada Admin", "ada@brewell.example")
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Mail to care", "settings": map[string]string{"site": "messages", "handle": "brewell"}}, nil)
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/publish/events")
	w.See("No event is planned.")
	w.Accessible()
	w.Click("button", "New event")
	w.Click("button", "Make it")
	w.See("/Give the event a name/")
	w.Fill("Name", "Tea tasting")
	w.Fill("Where", "Main Square 1, Linz")
	w.Fill("Room for", "1")
	w.Fill("What it is about", "Three new teas.\nBring a cup.")
	w.Accessible()
	w.Click("button", "Make it")
	w.SeeRole("heading", "Tea tasting")
	w.See("Nobody has answered yet.")
	w.Click("button", "Open for answers")
	w.SeeRole("button", "Close answers")
	w.Accessible()
	var all struct{ Items []struct{ ID, Page string } }
	c.Must(http.MethodGet, "/api/events", nil, &all)
	page := all.Items[0].Page
	until(t, "guests are written to", func() bool {
		var letters struct{ Through string }
		c.Must(http.MethodGet, "/api/events/"+all.Items[0].ID+"/letters", nil, &letters)
		return letters.Through == "Mail to care"
	})
	w.Reload()
	w.See("/Through Mail to care/")
	w.ClickText("Called off")
	w.See("/This event is called off. It does not take place./")

	guest := b.Phone("ana")
	guest.Open(page)
	guest.SeeRole("heading", "Tea tasting")
	guest.Accessible()
	guest.Fill("Your name", "Ana")
	guest.Fill("Your email address", "ana@x.example")
	guest.Click("radio", "Yes")
	guest.Click("button", "Answer")
	guest.See("You are coming, Ana.")
	guest.See("We write to you at ana@x.example.")
	guest.Accessible()
	shot(guest, "event-guest")
	second := b.Phone("ben")
	second.Open(page)
	second.See("/Every place is taken/")
	second.Fill("Your name", "Ben")
	second.Fill("Your email address", "ben@x.example")
	second.Click("radio", "Yes")
	second.Click("button", "Answer")
	second.See("/You are on the waiting list, Ben/")
	own := second.Body()
	own = own[strings.LastIndex(own, all.Items[0].Page):]
	own, _, _ = strings.Cut(own, "\n")
	if status, text := w.Fetch(http.MethodGet, all.Items[0].Page+"/event.ics", ""); status != http.StatusOK || !strings.Contains(text, "SUMMARY:Tea tasting\r\n") {
		t.Errorf("the calendar file: %d %.200q", status, text)
	}
	guest.Click("radio", "No")
	guest.Click("button", "Change it")
	guest.See("You are not coming, Ana.")
	second.Open(strings.TrimSpace(own))
	second.See("You are coming, Ben.")

	w.SeeIn("table", "Guests", "Ben")
	told := map[string]string{"ben@x.example": "confirm sent place sent", "ana@x.example": "confirm sent"}
	until(t, "the guests are told", func() bool {
		var guests struct {
			Items []struct {
				Email string
				Told  []struct{ Kind, State string }
			}
		}
		c.Must(http.MethodGet, "/api/events/"+all.Items[0].ID+"/guests", nil, &guests)
		for _, g := range guests.Items {
			var got []string
			for _, l := range g.Told {
				got = append(got, l.Kind+" "+l.State)
			}
			slices.Sort(got)
			if strings.Join(got, " ") != told[g.Email] {
				return false
			}
		}
		return len(guests.Items) == 2
	})
	w.Reload()
	w.SeeIn("table", "Guests", "/A place became free: told/")
	w.Click("checkbox", "Ben came")
	w.Click("button", "Remove Ana")
	w.Click("button", "Remove")
	w.GoneRole("checkbox", "Ana came")
	w.Accessible()
	shot(w, "event")
	w.Click("button", "Cancel it")
	w.Click("button", "Cancel the event")
	w.See("Cancelled")
	second.Reload()
	second.See("This event is cancelled.")
}

// until waits for what is done behind.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for range 300 {
		if so() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("waited in vain until %s", what)
}
