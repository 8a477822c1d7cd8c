//go:build browser

package privacy_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/house"
)

// TestARestoredHouseForgetsAgain runs the real programs: a backup is made while
// Parley serves, a customer is erased, the backup is restored into an empty
// folder beside the ledger of the old one, and Parley is served from there. Who
// was erased is gone again before anybody can look; the others are there.
func TestARestoredHouseForgetsAgain(t *testing.T) {
	h := house.Start(t)
	ada := h.Admin("Ada Admin", "ada@brewell.example")
	ada.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "practice", "name": "Practice", "settings": map[string]string{"handle": "brewell"}}, nil)
	var practice struct {
		Personas []struct{ ID, Name string }
	}
	ada.Must(http.MethodGet, "/api/practice", nil, &practice)
	for _, text := range []string{"my velvetmoth kettle leaks", "the ironmoth lid is broken"} {
		ada.Must(http.MethodPost, "/api/practice/say", map[string]any{"persona": practice.Personas[0].ID, "text": "@brewell " + text}, nil)
	}
	type person struct{ ID, Name string }
	people := func(c *house.Client) (out []person) {
		var page struct{ Items []person }
		c.Must(http.MethodGet, "/api/people", nil, &page)
		return page.Items
	}
	until(t, "somebody is known", func() bool { return len(people(ada)) > 0 })
	who := people(ada)[0]
	said := func(c *house.Client) string {
		_, body := c.Do(http.MethodGet, "/api/conversations?view=all", nil, nil)
		return body
	}
	until(t, "both stand in the inbox", func() bool {
		text := said(ada)
		return strings.Contains(text, "velvetmoth") && strings.Contains(text, "ironmoth")
	})
	token, code := h.CLI("token", "create", "--name", "story", "--role", "admin")
	if code != 0 {
		t.Fatal(token)
	}
	backup := filepath.Join(t.TempDir(), "before.parley")
	if out, code := h.CLI("backup", backup); code != 0 {
		t.Fatal(out)
	}

	var request struct{ ID, State string }
	ada.Must(http.MethodPost, "/api/people/"+who.ID+"/privacy/requests", map[string]any{"kind": "erasure", "how": "by letter"}, &request)
	ada.Must(http.MethodPost, "/api/privacy/requests/"+request.ID+"/carry", nil, nil)
	until(t, "the erasure is done", func() bool {
		ada.Must(http.MethodGet, "/api/privacy/requests/"+request.ID, nil, &request)
		return request.State == "done"
	})
	h.Stop()

	// Only what the guide says lies beside the backup: the key, and whom we forgot.
	dir := t.TempDir()
	fresh := filepath.Join(dir, "data")
	if out, code := h.Command("restore", backup, "--data", fresh); code != 0 {
		t.Fatal(out)
	}
	for _, name := range []string{"key", "forgotten"} {
		data, err := os.ReadFile(filepath.Join(h.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(fresh, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	second := house.At(t, fresh)
	c := second.API(strings.TrimSpace(token))
	if status, body := c.Do(http.MethodGet, "/api/people/"+who.ID, nil, nil); status != http.StatusNotFound {
		t.Errorf("the person is back: %d %s", status, body)
	}
	if text := said(c); strings.Contains(text, "velvetmoth") || strings.Contains(text, "ironmoth") || strings.Contains(text, who.Name) {
		t.Errorf("what they said is back: %s", text)
	}
	if !strings.Contains(second.Log(), "the database is older than some erasures") {
		t.Errorf("the log does not say so: %s", second.Log())
	}
}

func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	end := time.Now().Add(60 * time.Second)
	for tick := time.NewTicker(100 * time.Millisecond); !done(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("not yet: %s", what)
		}
	}
}
