//go:build browser

package segments_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestASegmentIsKeptTrue makes a segment by hand, and lets people come and go.
func TestASegmentIsKeptTrue(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	order := func(n int, status, name string) string {
		var made struct {
			Person struct{ ID string }
		}
		ada.Must(http.MethodPost, "/api/orders", map[string]any{"external_id": fmt.Sprint("S-", n), "number": fmt.Sprint("BW-", n), "status": status, "amount": 129900, "currency": "EUR",
			"email": name + "@hey.example", "name": name + " Okafor"}, &made)
		return made.Person.ID
	}
	amara := order(1, "paid", "Amara")
	order(2, "placed", "Ben")
	order(3, "paid", "Cleo")

	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/people/segments")
	w.See("There is no segment yet.")
	w.Accessible()
	w.Press("n")
	w.SeeRole("heading", "/New segment/")
	w.See("/of 3, that is/")
	w.Fill("Name", "Buyers")
	w.Fill("What it is for (optional)", "To thank them <b>")
	w.Click("combobox", "Field")
	w.Click("option", "/^Paid orders/")
	w.Fill("Value", "0")
	w.See("Paid orders is more than 0")
	w.SeeIn("complementary", "Of whom it holds now", "/2 people/")
	w.SeeIn("complementary", "Of whom it holds now", "Amara Okafor")
	w.Fill("Value", "100")
	w.SeeIn("complementary", "Of whom it holds now", "/0 people/")
	w.Fill("Value", "0")
	w.SeeIn("complementary", "Of whom it holds now", "/2 people/")
	w.Accessible()
	w.Click("button", "Keep segment")
	w.SeeRole("heading", "/Buyers/")
	w.See("To thank them <b>")
	w.SeeWithin("Cleo Okafor", 10_000)
	w.Accessible()

	// Somebody pays, somebody gets their money back: both are seen without a touch.
	order(2, "paid", "Ben")
	w.SeeWithin("Ben Okafor", 10_000)
	order(3, "refunded", "Cleo")
	w.Gone("Cleo Okafor")
	w.Click("tab", "Who came and went")
	w.SeeIn("list", "Who came and went", "/Ben Okafor joined/")
	w.SeeIn("list", "Who came and went", "/Cleo Okafor left/")
	w.Accessible()

	w.Click("tab", "What they say")
	w.See("They said nothing in this time.")
	w.Click("button", "90 days")
	w.See("They said nothing in this time.")
	w.Accessible()

	// A name that is taken is said beside the name.
	w.Open(h.URL + "/people/segments/new")
	w.Fill("Name", "BUYERS")
	w.Click("button", "Keep segment")
	w.See("There is a segment of this name already.")
	w.Fill("Name", "Those who did not buy")
	w.Click("combobox", "Field")
	w.Click("option", "/^Paid orders/")
	w.Click("combobox", "Test")
	w.Click("option", "is less than")
	w.Fill("Value", "1")
	w.SeeIn("complementary", "Of whom it holds now", "/1 person/")
	w.Click("button", "Keep segment")
	w.SeeRole("heading", "/Those who did not buy/")
	w.SeeWithin("Cleo Okafor", 10_000)

	// It narrows the list of people, and the address keeps it.
	w.Open(h.URL + "/people")
	w.See("Cleo Okafor")
	w.Click("combobox", "Segment")
	w.Click("option", "/^Buyers/")
	w.Gone("Cleo Okafor")
	w.See("Amara Okafor")
	w.Reload()
	w.See("Amara Okafor")
	w.Gone("Cleo Okafor")
	w.Accessible()
	w.Open(h.URL + "/people/" + amara)
	w.Click("link", "Buyers")
	w.SeeRole("heading", "/Buyers/")

	// It is changed, and goes.
	w.Press("e")
	w.Fill("Name", "Good buyers")
	w.Click("button", "Keep segment")
	w.SeeRole("heading", "/Good buyers/")
	w.Click("button", "Remove the segment")
	w.Click("button", "Remove")
	w.SeeRole("heading", "Segments")
	w.Gone("Good buyers")

	phone := b.Phone("ada on the phone")
	h.SignIn(phone, "ada@brewell.example")
	for _, path := range []string{"/people/segments", "/people/segments/new"} {
		phone.Open(h.URL + path)
		phone.SeeRole("heading", "/./")
		phone.Accessible()
	}
}
