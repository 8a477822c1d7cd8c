//go:build browser

package people_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/kit/hook"
)

// shop is a signed webhook through which a test lets anybody speak.
type shop struct {
	*testing.T
	h       *house.House
	address string
	key     hook.Key
	said    int
}

func openShop(t *testing.T, h *house.House, c *house.Client) *shop {
	t.Helper()
	secret := "whsec_" + strings.Repeat("A", 43) + "="
	var made struct{ ID, Hook string }
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "webhook", "name": "Our shop", "settings": map[string]string{"source": "shop", "secret": secret}}, &made)
	key, err := hook.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return &shop{T: t, h: h, address: h.URL + "/api/hooks/" + made.ID, key: key}
}

func (s *shop) says(author, text string) {
	s.Helper()
	s.said++
	id := strconv.Itoa(s.said)
	body := []byte(fmt.Sprintf(`{"id":"s%s","text":%q,"author":%s}`, id, text, author))
	r, err := http.NewRequest(http.MethodPost, s.address, bytes.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	now := time.Now()
	r.Header.Set(hook.HeaderID, "m"+id)
	r.Header.Set(hook.HeaderTime, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(hook.HeaderSignature, s.key.Sign("m"+id, now, body))
	resp, err := new(http.Client).Do(r)
	if err != nil {
		s.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent {
		s.Fatalf("the shop's words: %s", resp.Status)
	}
}

type person struct {
	ID, Name   string
	Identities []struct{ Value string }
}

func persons(c *house.Client) []person {
	var page struct{ Items []person }
	c.Must(http.MethodGet, "/api/people", nil, &page)
	return page.Items
}

// look takes a picture when PARLEY_SHOTS names a folder.
func look(p *browser.Page, name string) {
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		p.Shot(filepath.Join(dir, name+".png"))
	}
}

// TestSuggestions: what somebody writes of themselves leads to whom they may
// be; a colleague looks at both side by side and decides, and can take it back.
func TestSuggestions(t *testing.T) {
	h := house.Start(t, "--allow", "127.0.0.1")
	c := h.Admin("Ada Admin", "ada@brewell.example")
	s := openShop(t, h, c)
	s.says(`{"id":"c-17","name":"Maya Dubois"}`, "My kettle leaks. Write to maya.lind@home.test or call +49 170 1234567.")
	s.says(`{"email":"maya.lind@home.test","name":"Maya Lind"}`, "Hello, the handle is loose.")
	s.says(`{"phone":"+491701234567"}`, "Any news of my kettle?")
	s.says(`{"id":"c-18","name":"Maya Lind"}`, "I have the same name as somebody.")

	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/people")
	w.SeeWithin("/I have the same name|Maya Dubois/", 20_000)
	w.SeeWithin("+491701234567", 20_000)
	w.Reload()
	w.SeeRole("link", "/Same person\\? ?2/")
	w.Click("link", "/Same person/")
	w.SeeIn("navigation", "Suggestions", "2 pairs.")
	w.Accessible()
	look(w, "suggestions")

	// Side by side: the reasons, what differs, what joining does.
	w.ClickIn("navigation", "Suggestions", "button", "/Maya Lind/")
	w.SeeIn("list", "Why", "Wrote the other’s email address")
	w.SeeIn("list", "Why", "Surname differs")
	w.See("/One account of .+ moves to /")
	w.See("Every conversation keeps the address that it answers to.")
	w.Resize(390, 844)
	w.Accessible()
	look(w, "suggestion-phone")
	w.Theme("dark")
	w.Accessible()
	look(w, "suggestion-dark")
	w.Theme("light")
	w.Resize(1440, 900)

	// Two people: not asked again, until somebody takes that back.
	w.Click("button", "They are two people")
	w.See("They stay two people. It is not asked again.")
	w.SeeIn("navigation", "Suggestions", "One pair.")
	w.Click("button", "Undo")
	w.SeeIn("navigation", "Suggestions", "2 pairs.")

	// One person: the chosen one stays, with the chosen name.
	w.ClickIn("navigation", "Suggestions", "button", "/Maya Lind/")
	w.Click("radio", "Maya Lind")
	w.Click("button", "One person: join them")
	w.See("/are one person now/")
	w.SeeIn("navigation", "Suggestions", "One pair.")
	now := persons(c)
	if len(now) != 3 {
		t.Fatalf("%d people, want three: %+v", len(now), now)
	}
	var joined person
	for _, p := range now {
		if len(p.Identities) == 2 {
			joined = p
		}
	}
	if joined.Name != "Maya Lind" {
		t.Errorf("the one who stayed is called %q", joined.Name)
	}

	// On the page of the person stands who else they may be.
	w.Open(h.URL + "/people/" + joined.ID)
	w.SeeRole("heading", "May also be")
	w.SeeRole("link", "/\\+491701234567/")
	w.Accessible()
	look(w, "may-also-be")

	// The old id leads to whoever stayed.
	var detail struct {
		Merges []struct{ ID string }
	}
	c.Must(http.MethodGet, "/api/people/"+joined.ID, nil, &detail)
	var gone []string
	var list struct {
		Items []struct{ Survivor, Other person }
	}
	c.Must(http.MethodGet, "/api/suggestions?state=accepted", nil, &list)
	if len(list.Items) != 1 || len(detail.Merges) != 1 {
		t.Fatalf("accepted: %+v, merges %+v", list.Items, detail.Merges)
	}
	w.Open(h.URL + "/people/suggestions?state=accepted")
	w.See("They were joined.")
	w.Accessible()
	w.Click("button", "Take apart")
	w.See("Nobody was joined yet.")
	for _, p := range persons(c) {
		if len(p.Identities) != 1 {
			gone = append(gone, p.Name)
		}
	}
	if len(gone) > 0 || len(persons(c)) != 4 {
		t.Errorf("after it was taken apart: %+v", persons(c))
	}
}
