//go:build browser

package pace_test

import (
	"net/http"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestOnTime says when we are there, promises an answer, and sees it due.
func TestOnTime(t *testing.T) {
	h := house.Start(t)
	c := h.Admin("Ada Admin", "ada@brewell.example")
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Square", "settings": map[string]string{"site": "microblog", "handle": "brewell"}}, nil)
	w := browser.Open(t).Page("ada")
	h.SignIn(w, "ada@brewell.example")

	w.Open(h.URL + "/settings/hours")
	w.See("You are always there.")
	w.Accessible()
	w.Click("button", "Add a calendar")
	w.Fill("Name", "Office")
	w.Fill("Time zone", "Europe/Berlin")
	w.Accessible()
	w.Fill("Monday, span 2, to", "18:30")
	w.Click("button", "The same from Monday to Friday")
	w.Fill("Date of a day", "2026-12-25")
	w.Fill("Name of the day", "Christmas")
	w.Press("Enter") // by keyboard alone
	w.SeeIn("list", "Holidays", "Christmas")
	w.Click("button", "Add it")
	w.See("/Monday – Friday 09:00–12:00, 13:00–18:30/")
	w.Accessible()

	w.Click("link", "Pledges")
	w.See("Nothing is promised.")
	w.Click("button", "Add a pledge")
	w.Fill("Name", "Everybody")
	w.Click("checkbox", "Each next answer within")
	w.Accessible()
	w.Click("button", "Add a step")
	w.Click("button", "Add it")
	w.See("/first answer within 1 h · each next within 4 h/")
	w.See("/Counts day and night. Warns 15 min before./")
	w.Accessible()

	c.Must(http.MethodPost, "/api/practice/say", map[string]any{"site": "microblog", "persona": "mara.lind", "text": "@brewell my kettle leaks, what now?"}, nil)
	w.Open(h.URL + "/engage")
	w.SeeWithin("/due in 1 h|due in 59 min|due in 60 min/", 30_000)
	w.Click("link", "/Mara Lind/")
	w.SeeIn("complementary", "/./", "On time")
	w.Accessible()

	w.Open(h.URL + "/engage/pace")
	w.See("Nothing was promised in this time.")
	w.Accessible()
	p := browser.Open(t).Phone("ada on a phone")
	h.SignIn(p, "ada@brewell.example")
	p.Open(h.URL + "/settings/hours")
	p.Click("button", "Change Office")
	p.SeeValue("Monday, span 2, to", "18:30")
	p.Accessible()
}
