//go:build browser

package alerts

import (
	"net/http"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestAlertsByMailNeedAMailbox: with no mailbox connected the switch says so,
// and so does the API.
func TestAlertsByMailNeedAMailbox(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	if code, text := ada.Do(http.MethodPut, "/api/alerts/letters", map[string]any{"on": true}, nil); code != http.StatusConflict {
		t.Fatalf("mail without a mailbox: %d %s", code, text)
	}
	w := browser.Open(t).Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/settings/profile")
	w.SeeRole("switch", "Mail me new alerts")
	w.See("/No mailbox is connected/")
	w.Accessible()
	w.Resize(390, 844)
	w.Accessible()
}
