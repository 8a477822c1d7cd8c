//go:build browser

package crmio

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/kit/hook"
)

// TestAnotherSystemIsTold adds a webhook by hand, checks what arrives with the
// secret that was shown, lets the other side fail, and tells it again.
func TestAnotherSystemIsTold(t *testing.T) {
	var mu sync.Mutex
	status := http.StatusNoContent
	var key hook.Key
	var bad []string
	arrived := map[string]int{}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if id, _, err := hook.Verify(r.Header, body, []hook.Key{key}, time.Now()); err != nil {
			bad = append(bad, err.Error())
		} else {
			arrived[id]++
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(other.Close)
	set := func(n int) { mu.Lock(); status = n; mu.Unlock() }

	h := house.Start(t, "--allow", "127.0.0.1")
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/settings/webhooks")
	w.See("Nobody is told yet.")
	w.Accessible()
	w.Click("button", "New webhook")
	w.Fill("Name", "Warehouse")
	w.Fill("Address", "ftp://warehouse.example")
	w.Click("button", "Add it")
	w.See("The address must be like https://crm.example/parley.")
	w.Fill("Address", other.URL+"/parley")
	w.Click("switch", "Tell it everything")
	w.Click("checkbox", "An organization changed")
	w.Accessible()
	w.Click("button", "Add it")
	w.SeeRole("dialog", "The secret of Warehouse")
	var err error
	mu.Lock()
	key, err = hook.ParseKey(w.Value("/^Secret$/"))
	mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	w.Click("button", "Done")
	w.Click("link", "Warehouse")
	w.Click("button", "Send a ping")
	w.SeeIn("table", "What it was told", "taken")
	w.Accessible()

	set(http.StatusInternalServerError)
	ada.Must(http.MethodPost, "/api/organizations", map[string]any{"name": "Hotel Adria"}, nil)
	w.SeeIn("table", "What it was told", "An organization changed")
	w.SeeIn("table", "What it was told", "tries again")
	w.SeeIn("table", "What it was told", "It answered 500.")
	h.Kill()
	b.Forgive(browser.Outage)
	h.Run()
	w.Reload()
	w.Click("button", "Waiting")
	w.Click("button", "/An organization changed/")
	w.See("What is sent")
	w.See("/organization.changed/")
	w.Accessible()
	set(http.StatusNoContent)
	w.Click("button", "Tell it again")
	w.See("There is none of these.")
	w.Click("button", "Taken")
	w.SeeIn("table", "What it was told", "An organization changed")

	w.Click("button", "New secret")
	w.Click("button", "Make a new one")
	w.SeeRole("dialog", "The secret of Warehouse")
	w.Click("button", "Done")
	w.See("The old secret counts until")
	w.Click("button", "Send a ping") // still signed with the one we know
	w.See("A ping is on its way.")
	phone := b.Phone("ada on the phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(h.URL + "/settings/webhooks")
	phone.See("Warehouse")
	phone.Accessible()
	phone.Click("link", "Warehouse")
	phone.See("What it was told")
	phone.Accessible()
	phone.Click("button", "Remove this webhook")
	phone.Click("button", "Remove it")
	phone.See("Nobody is told yet.")

	mu.Lock()
	defer mu.Unlock()
	if len(bad) > 0 || len(arrived) != 3 {
		t.Errorf("%d events arrived, want 3; signatures: %v", len(arrived), bad)
	}
}
