//go:build browser

package alerts

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// minute is how long an alert may take, in milliseconds.
const minute = 60_000

func TestACrisisIsNoticed(t *testing.T) {
	h := house.Start(t, "--allow", "127.0.0.1", "--jetstream", "ws://127.0.0.1:1/subscribe")
	w := browser.Open(t).Page("ada")

	w.Open(h.Welcome)
	w.Fill("Your name", "Ada Admin")
	w.Fill("Email", "ada@brewell.example")
	w.Fill("Password", house.Password)
	w.Click("button", "Create my account")
	w.Fill("Name of the brand", "Brewell")
	w.Click("button", "Start listening")
	w.Click("button", "Practise first")
	w.Click("link", "Go to today")

	// Nothing is the matter.
	w.Open(h.URL + "/listen/alerts")
	w.See("Nothing is out of the ordinary.")
	w.Accessible()

	// Two dozen people are angry.
	w.Open(h.URL + "/settings/practice")
	w.Click("button", "Let it happen")
	w.See("/people were heard/")
	w.Accessible()
	w.Click("link", "Look at the alerts")
	w.SeeWithin("/% negative, where .*% is usual/", minute)
	w.See("most repeated")
	w.Accessible()

	// It stands at home and in the rail, too.
	w.Open(h.URL + "/")
	w.SeeRole("list", "Open alerts")
	w.SeeRole("link", "/Listen.*open alert/")
	w.Accessible()
	w.ClickIn("list", "Open alerts", "link", "/Look at the alert about/")

	// It explains itself, with the posts beside.
	w.SeeRole("heading", "/rewell|All/")
	w.See("/% negative, where/")
	w.SeeIn("region", "The posts that caused it", "/melted/")
	w.SeeIn("list", "/What was done/", "/Told in Parley: Ada Admin/")
	w.Accessible()
	w.Resize(390, 844)
	w.See("/% negative, where/")
	w.Accessible()
	w.Resize(1440, 900)

	// Somebody looks after it.
	w.Click("button", "Acknowledge")
	w.SeeIn("list", "/What was done/", "/Ada Admin looks after it/")
	alert := w.URL()

	// From there to all of the posts, narrowed to the same time.
	w.ClickIn("region", "The posts that caused it", "link", "All of them")
	w.See("/melted/")
	if url := w.URL(); !strings.Contains(url, "since=") || !strings.Contains(url, "until=") {
		t.Errorf("the posts are not narrowed: %s", url)
	}

	// Calling it a false alarm teaches, which can be seen and taken back.
	w.Open(alert)
	w.Click("button", "False alarm")
	w.Fill("What came of it", "We were practising.")
	w.Accessible()
	w.Click("button", "It was a false alarm")
	w.SeeIn("list", "/What was done/", "/called it a false alarm/")
	w.See("We were practising.")
	status, text := w.Fetch(http.MethodGet, "/api/alerts?state=false", "")
	if status != http.StatusOK || !strings.Contains(text, `"state":"false"`) {
		t.Fatalf("%d %s", status, text)
	}
	w.Open(h.URL + "/listen/alerts?show=settled")
	w.See("false alarm")
	w.Open(alert)
	w.Click("button", "Open again")
	w.SeeIn("list", "/What was done/", "/opened it again/")

	// Silence is switched off where it is no matter, and stays so.
	var a struct{ Monitor struct{ ID string } }
	_, text = w.Fetch(http.MethodGet, "/api/alerts/"+alert[strings.LastIndex(alert, "/")+1:], "")
	if err := json.Unmarshal([]byte(text), &a); err != nil || a.Monitor.ID == "" {
		t.Fatalf("the alert is about no monitor: %s", text)
	}
	w.Open(h.URL + "/listen/monitors/" + a.Monitor.ID)
	w.Click("switch", "Warn of silence")
	for range 100 { // it is kept
		if _, text = w.Fetch(http.MethodGet, "/api/warnings/"+a.Monitor.ID, ""); strings.Contains(text, `"silence":false`) {
			break
		}
	}
	if !strings.Contains(text, `"silence":false`) {
		t.Errorf("it still warns of silence: %s", text)
	}
	w.Accessible()

	// A monitor that is paused leaves no alert standing.
	if status, text := w.Fetch(http.MethodPatch, "/api/monitors/"+a.Monitor.ID, `{"state":"paused"}`); status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	w.Open(alert)
	w.SeeIn("list", "/What was done/", "Closed by itself")
	w.See("The monitor was paused, so nothing more is heard about it.")
	w.Accessible()
}
