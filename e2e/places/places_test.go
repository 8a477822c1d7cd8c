//go:build browser

package places_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

const file = `code,name,street,city,region,country,latitude,longitude,practice
PDX-1,Brewell Pearl,NW 23rd Avenue 812,Portland,OR,US,45.5288,-122.6984,loc-1
PDX-2,Brewell Hawthorne,SE Hawthorne 3541,Portland,OR,US,45.5121,-122.6270,loc-2
BAD-1,Brewell Atlantis,,Atlantis,,US,,,loc-3
KLN-1,Brewell Köln,Ehrenstraße 41,Köln,,DE,50.9385,6.9400,loc-4
`

func TestReviewsByPlace(t *testing.T) {
	h := house.Start(t)
	c := h.Admin("Ada Admin", "ada@brewell.example")
	var channel struct{ ID string }
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Reviews", "settings": map[string]string{"site": "reviews", "handle": "brewell"}}, &channel)
	w := browser.Open(t).Page("ada")
	h.SignIn(w, "ada@brewell.example")

	w.Open(h.URL + "/listen/places")
	w.See("You have told no branch yet.")
	w.Accessible()
	w.Click("button", "Import branches")
	w.Fill("Or paste it here", file)
	w.Click("button", "Look at it")
	w.SeeIn("dialog", "Import branches", "3 new")
	w.SeeIn("dialog", "Import branches", "1 row cannot be read and is left out")
	w.SeeIn("table", "What each row would do", "/no city “Atlantis” in United States/")
	w.Accessible()
	w.Click("button", "Import 3 branches")
	w.SeeIn("table", "Places", "Brewell Köln")
	w.Click("button", "Import branches") // the same file again
	w.Fill("Or paste it here", file)
	w.Click("button", "Look at it")
	w.SeeIn("dialog", "Import branches", "3 as they are")
	w.Press("Escape")

	say := func(place, text string, rating int) {
		t.Helper()
		c.Must(http.MethodPost, "/api/practice/say", map[string]any{"site": "reviews", "persona": "mara.lind", "text": text, "rating": rating, "place": place}, nil)
	}
	for i := range 6 {
		say("loc-1", fmt.Sprintf("Wonderful coffee, visit number %d.", i), 5-i%2)
		say("loc-2", fmt.Sprintf("I waited for ever, visit number %d.", i), 1+i%2)
	}
	say("loc-2", "The lid of my kettle broke at the counter.", 1)
	w.Open(h.URL + "/listen/places")
	w.SeeWithin("/13 reviews in 90 days/", 20_000)
	w.SeeRole("button", "/Brewell Köln: –/")
	w.SeeRole("button", "/2 places around Brewell/")
	w.Accessible()

	w.Click("button", "/2 places around Brewell/")
	w.SeeRole("button", "/^Brewell Hawthorne: /")
	w.Click("button", "/^Brewell Hawthorne: /")
	for range 200 { // the address follows the choice
		if strings.Contains(w.URL(), "p=") {
			break
		}
	}
	if !strings.Contains(w.URL(), "p=") {
		t.Error("choosing a circle does not stand in the address: ", w.URL())
	}

	w.Click("button", "Compare two")
	w.Click("combobox", "Second place")
	w.Click("option", "Brewell Pearl")
	w.See("/Brewell Pearl is rated .* better than Brewell Hawthorne/")
	w.SeeIn("table", "Both places in figures", "Reviews answered")
	w.Accessible()

	w.Click("link", "Brewell Hawthorne")
	w.See("/Brewell Hawthorne is rated/")
	w.SeeIn("region", "What people say there", "/lid of my kettle broke/")
	w.Click("button", "/^1 13|^1 .* 57%|1 .*%/")
	w.Accessible()
	w.Open(h.URL + "/listen/places")
	w.Click("link", "Brewell Hawthorne")
	w.ClickIn("article", "/Mara Lind/", "link", "Answer")
	w.SeeIn("log", "Messages", "/kettle broke|waited for ever/")
	w.Click("link", "Read and acknowledge")
	w.Click("button", "I have read this and will keep to it")
	w.See("/You acknowledged version 1/")
	w.Open(h.URL + "/listen/places")
	w.Click("link", "Brewell Hawthorne")
	w.ClickIn("article", "/Mara Lind/", "link", "Answer")
	w.Fill("Public reply", "I am sorry. The coffee and the lid are on us.")
	w.Press("Control+Enter")
	w.SeeWithin("/seen on the network/", 30_000)
	var ranked struct {
		Items []struct {
			Name string
			Now  struct{ Reviews, Answered int }
		}
	}
	c.Must(http.MethodGet, "/api/places?sort=name", nil, &ranked)
	if r := ranked.Items[0]; r.Name != "Brewell Hawthorne" || r.Now.Reviews != 7 || r.Now.Answered != 1 {
		t.Errorf("after our answer: %+v", r)
	}

	// What the evidence says is corrected by hand, and stays so.
	w.Open(h.URL + "/listen/places")
	w.Click("link", "Brewell Hawthorne")
	w.ClickIn("article", "/Mara Lind/", "button", "Place: Brewell Hawthorne")
	w.See("/the network says so/")
	w.Click("menuitem", "Another place")
	w.Fill("Branch or city", "köln")
	w.Click("button", "/Brewell Köln/")
	w.See("It speaks of Brewell Köln.")
	c.Must(http.MethodGet, "/api/places?sort=name", nil, &ranked)
	if ranked.Items[0].Now.Reviews != 6 || ranked.Items[1].Now.Reviews != 1 {
		t.Errorf("after the correction: %+v", ranked.Items)
	}
	if status, _ := w.Fetch(http.MethodGet, "/api/mentions?q=place:germany", ""); status != http.StatusOK {
		t.Errorf("place: in a search gives %d", status)
	}
}
