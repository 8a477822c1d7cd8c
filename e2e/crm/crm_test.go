//go:build browser

package crm_test

import (
	"net/http"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestFromAnOrganizationToAnOrder goes the whole way of business by hand.
func TestFromAnOrganizationToAnOrder(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")

	w.Open(h.URL + "/settings/fields")
	w.See("/never written over by a program/")
	w.Click("button", "Add a field: Organizations")
	w.Fill("Name", "Customer number")
	w.Click("button", "Keep it")
	w.See("customer_number")
	w.Accessible()

	w.Open(h.URL + "/people/organizations")
	w.See("No organization is known yet.")
	w.Accessible()
	w.Press("n")
	w.Fill("Name", "Hotel Adria")
	w.Fill("Domain", "not a domain")
	w.Click("button", "Keep it")
	w.See("Write a domain such as brewell.example.")
	w.Fill("Domain", "https://www.adria.example/rooms")
	w.Click("button", "Keep it")
	w.See("adria.example")
	w.Click("button", "Change fields")
	w.Fill("Customer number", "BW-17")
	w.Click("button", "Keep it")
	w.See("BW-17")
	w.Click("button", "Undo")
	w.Gone("BW-17")

	w.Click("button", "New opportunity")
	w.Fill("What they may order", "Kettles for the rooms")
	w.Fill("Amount", "1,299.50")
	w.Click("button", "Begin it")
	w.See("€1,299.50")
	w.SeeRole("link", "Hotel Adria")
	w.Accessible()

	w.Click("link", "All opportunities")
	w.SeeIn("list", "New", "Kettles for the rooms")
	w.Accessible()
	w.Press("j")
	w.Press("Shift+ArrowRight")
	w.See("Kettles for the rooms is in Qualified now.")
	w.SeeIn("list", "Qualified", "Kettles for the rooms")
	w.Click("button", "Undo")
	w.SeeIn("list", "New", "Kettles for the rooms")

	w.Click("button", "/Kettles for the rooms/")
	w.Click("button", "Lost")
	w.SeeRole("dialog", "Why was it lost?")
	w.Click("button", "Price")
	w.Click("button", "It is lost")
	w.See("/from New to Lost/")
	w.Click("button", "Show")
	w.See("/from: New, reason, to: Lost/")

	phone := b.Phone("ada on the phone")
	h.SignIn(phone, "ada@brewell.example")
	for _, path := range []string{"/people/organizations", "/people/opportunities", "/people/opportunities?show=list", "/settings/fields", "/settings/pipelines"} {
		phone.Open(h.URL + path)
		phone.SeeRole("heading", "/./")
		phone.Accessible()
	}
	ada.Must(http.MethodGet, "/api/opportunities?state=lost", nil, nil)
}

// TestACustomerOnOnePage shows what they bought, want and were promised.
func TestACustomerOnOnePage(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	var made struct {
		Person struct{ ID string }
	}
	ada.Must(http.MethodPost, "/api/orders", map[string]any{"external_id": "S-1", "number": "BW-40001", "status": "paid", "amount": 129900, "currency": "EUR",
		"email": "amara@hey.example", "name": "Amara Okafor", "lines": []map[string]any{{"name": "K2 kettle", "quantity": 1, "amount": 129900}}}, &made)
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/people/" + made.Person.ID)
	w.See("BW-40001")
	w.See("1 paid order")
	w.Click("button", "Add a goal")
	w.Fill("In their words", "Tea at four thousand metres")
	w.Click("button", "Keep goal")
	w.See("Tea at four thousand metres")
	w.Click("button", "Add a promise")
	w.Fill("What we do for them", "Send a new lid")
	w.Fill("Until", "2020-01-31")
	w.Click("button", "Keep promise")
	w.See("due 31 Jan")
	w.Fill("A note", "Speaks Danish <b>")
	w.Click("button", "Keep note")
	w.See("Speaks Danish <b>")
	w.Accessible()
	w.Click("button", "Send a new lid: kept")
	w.See("kept")
	w.Click("button", "Noted")
	w.See("what they want")
	w.Click("button", "Bought")
	w.See("order, paid")
	w.Click("button", "All")
	w.Fill("Find in the timeline", "kett")
	w.See("K2 kettle")
	w.Gone("promised by")
	w.Reload() // what is asked for stands in the address
	w.See("K2 kettle")
	w.Gone("promised by")
	w.Click("button", "why")
	w.See("The order is this person's.")
	w.Accessible()
	w.Press("Escape")
	w.Fill("Find in the timeline", "zebra")
	w.See("Nothing of this kind is kept about Amara Okafor.")
	w.Accessible()
	w.Click("button", "Show the whole timeline")
	w.See("what they want")
	phone := b.Phone("ada on the phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(h.URL + "/people/" + made.Person.ID)
	phone.See("Tea at four thousand metres")
	phone.Accessible()
}
