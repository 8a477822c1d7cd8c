//go:build browser

package publish_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

func TestInvitedAnsweredCame(t *testing.T) {
	h := house.Start(t)
	c := h.Admin("Ada Admin", "ada@brewell.example")
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
	page := h.URL + all.Items[0].Page

	guest := b.Phone("ana")
	guest.Open(page)
	guest.SeeRole("heading", "Tea tasting")
	guest.Accessible()
	guest.Fill("Your name", "Ana")
	guest.Fill("Your email address", "ana@x.example")
	guest.Click("radio", "Yes")
	guest.Click("button", "Answer")
	guest.See("You are coming, Ana.")
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
	second.Open(h.URL + strings.TrimSpace(own))
	second.See("You are coming, Ben.")

	w.SeeIn("table", "Guests", "Ben")
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
