//go:build browser

package inbox

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// resolved waits until the conversation at an address is: whoever goes away
// before may cut the request off.
func resolved(t *testing.T, c *house.Client, talk string) {
	t.Helper()
	var now struct{ State string }
	for range 150 {
		if c.Must(http.MethodGet, "/api/conversations/"+talk[strings.LastIndex(talk, "c=")+2:], nil, &now); now.State == "resolved" {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatalf("the conversation is %s", now.State)
}

// A customer who wrote in private and was answered is asked how well that
// went; the answer stands beside the conversation and in the report.
func TestSatisfaction(t *testing.T) {
	h := house.Public(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Acknowledge()
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Practice", "settings": map[string]string{"handle": "brewell"}}, nil)
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/engage/satisfaction")
	w.See("Nobody was asked in this time.")
	w.Accessible()
	w.Click("link", "Whom we ask")
	w.SeeRole("heading", "Customer care")
	w.ClickIn("region", "What belongs to no programme", "button", "Change")
	w.Fill("Message", "How did we do?")
	w.Click("button", "Save changes")
	w.See("The message needs {{link}} where the link is to stand.")
	w.Fill("Message", "Hello {{name}}, how did we do? {{link}}")
	w.Fill("Minutes after resolving", "0")
	w.Click("button", "Save changes")
	w.See("Saved.")
	w.Accessible()
	shot(w, "survey-settings")

	ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": "mara.lind", "text": "where is my parcel?", "direct": true}, nil)
	w.Open(h.URL + "/engage")
	w.SeeWithin("/where is my parcel/", 30_000)
	w.Press("j")
	w.SeeRole("radio", "/Direct/")
	w.Click("textbox", "Direct")
	w.Type("It left this morning.")
	w.Click("button", "/Send to/")
	w.SeeIn("log", "Messages", "It left this morning.")
	w.SeeWithin("/seen on the network/", 60_000)
	w.SeeWithin("/older model/", 60_000) // people here answer by themselves
	talk := w.URL()
	w.Click("button", "Resolve")
	resolved(t, ada, talk)
	w.Open(talk)
	w.SeeWithin("/Hello Mara, how did we do/", 60_000)
	link := regexp.MustCompile(`/s/[\w-]{20,}`).FindString(w.Body())
	if link == "" {
		t.Fatal("there is no link in what they were told")
	}

	// On their own telephone, signed in nowhere.
	them := b.Phone("mara")
	them.Open(h.URL + link)
	them.SeeRole("heading", "How well did we help you?")
	them.Accessible()
	shot(them, "survey-page")
	them.Click("radio", "4, well")
	them.Fill("/Anything you would like to add/", "Quick, but the box was dented.")
	them.Click("button", "Send")
	them.See("Thank you. Your answer has arrived.")
	shot(them, "survey-thanks")
	them.Open(h.URL + "/s/not-a-link-that-there-is")
	them.See("This link is over, or never was.")

	w.Open(talk)
	w.SeeIn("complementary", "/About/", "Quick, but the box was dented.")
	w.Click("link", "Satisfaction")
	w.See("1 of 1 asked")
	w.SeeIn("main", "", "Quick, but the box was dented.")
	w.Click("link", "0 gave 1 of 5")
	w.See("Nobody gave that.")
	w.Click("link", "1 gave 4 of 5")
	w.SeeIn("main", "", "Quick, but the box was dented.")
	w.Accessible()
	shot(w, "satisfaction")
	w.Theme("dark")
	shot(w, "satisfaction-dark")
	phone := b.Phone("phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(h.URL + "/engage/satisfaction")
	phone.See("1 of 1 asked")
	phone.Accessible()
	shot(phone, "satisfaction-phone")
}
