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

// TestOrdersInAList finds, sums and opens orders, and takes one back.
func TestOrdersInAList(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	report := func(external, status string, amount int, line string) {
		t.Helper()
		ada.Must(http.MethodPost, "/api/orders", map[string]any{"external_id": external, "number": "BW-" + external, "status": status, "amount": amount, "currency": "EUR", "system": "shop",
			"email": "amara@hey.example", "name": "Amara Okafor", "lines": []map[string]any{{"sku": "K2", "name": line, "quantity": 1, "amount": amount}}}, nil)
	}
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/people/orders")
	w.See("No order is known yet.")
	w.Accessible()
	report("1", "paid", 129900, "Steel kettle")
	report("2", "placed", 4500, "Hand grinder")
	w.Reload()
	w.SeeIn("list", "What they come to", "1 paid €1,299.00")
	w.Fill("Find an order", "grind")
	w.Gone("BW-1")
	w.See("BW-2")
	w.Reload() // what is asked for stands in the address
	w.Gone("BW-1")
	w.See("BW-2")
	w.Fill("Find an order", "zebra")
	w.See("No order is like that.")
	w.Click("button", "Show all orders")
	w.Click("link", "/BW-1/")
	w.See("Counted as an outcome")
	w.SeeRole("link", "Amara Okafor")
	w.See("Steel kettle")
	w.Accessible()
	report("1", "refunded", 129900, "Steel kettle")
	var one struct{ Items []struct{ ID, Status string } }
	ada.Must(http.MethodGet, "/api/orders?q=bw-1", nil, &one)
	w.Open(h.URL + "/people/orders/" + one.Items[0].ID)
	w.See("refunded")
	w.Click("link", "All orders")
	w.SeeIn("list", "What they come to", "1 refunded €1,299.00")
	w.Click("button", "Of anybody")
	w.Fill("Person", "Amar")
	w.Click("button", "/Amara Okafor/")
	w.See("BW-2")
	w.Accessible()
	w.Reload() // whose they are stands in the address
	w.Click("button", "/^Orders of Amara Okafor/")
	w.SeeRole("button", "Of anybody")

	// The outcome that was taken back names its order, and leads to it.
	w.Open(h.URL + "/evolve/outcomes")
	w.SeeWithin("/takes back/", 20_000)
	w.Accessible()
	w.Click("link", "1")
	w.See("BW-1")
	phone := b.Phone("ada on the phone")
	h.SignIn(phone, "ada@brewell.example")
	for _, path := range []string{"/people/orders", "/people/orders/" + one.Items[0].ID} {
		phone.Open(h.URL + path)
		phone.See("BW-1")
		phone.Accessible()
	}
}
