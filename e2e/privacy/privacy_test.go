//go:build browser

package privacy_test

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
	address string
	key     hook.Key
	said    int
}

func openShop(t *testing.T, h *house.House, c *house.Client) *shop {
	t.Helper()
	secret := "whsec_" + strings.Repeat("A", 43) + "="
	var made struct{ ID string }
	c.Must(http.MethodPost, "/api/channels", map[string]any{"kind": "webhook", "name": "Our shop", "settings": map[string]string{"source": "shop", "secret": secret}}, &made)
	key, err := hook.ParseKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return &shop{T: t, address: h.URL + "/api/hooks/" + made.ID, key: key}
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

// look takes a picture when PARLEY_SHOTS names a folder.
func look(p *browser.Page, name string) {
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		p.Shot(filepath.Join(dir, name+".png"))
	}
}

// TestConsents: a text to agree to, somebody who agrees, the proof of it, and
// a withdrawal in one press; consents from elsewhere are looked at first.
func TestConsents(t *testing.T) {
	h := house.Start(t, "--allow", "127.0.0.1")
	c := h.Admin("Ada Admin", "ada@brewell.example")
	s := openShop(t, h, c)
	s.says(`{"email":"maya.lind@home.test","name":"Maya Lind"}`, "The handle is loose.")

	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/settings/privacy")
	w.SeeRole("heading", "What people agree to")
	w.Click("button", "Add topic")
	w.Fill("The topic", "Brew school")
	w.Fill("What they agree to", "Tell me of courses near me.")
	w.Accessible()
	w.Click("button", "Keep this version")
	w.SeeIn("table", "Purposes", "Brew school")
	w.SeeIn("table", "Purposes", "/English · version 1/")

	w.Click("button", "Take in")
	w.Fill("The lines, as CSV", "address,purpose,state,at,shown,evidence\nmaya.lind@home.test,marketing,granted,2025-03-01,Write to me.,at the till\nnobody,marketing,granted,2025-03-01,x,y\n")
	w.Click("button", "Look first")
	w.SeeWithin("1 line would be added.", 10_000)
	w.See("/Row 2: “nobody” is no email address/")
	w.Accessible()
	look(w, "consent-import")
	w.Click("button", "Take them in")
	w.SeeWithin("1 line is in the ledger.", 10_000)
	w.Click("button", "Done")
	look(w, "privacy")

	w.Open(h.URL + "/people")
	w.SeeWithin("Maya Lind", 20_000)
	w.Click("link", "/Maya Lind/")
	w.SeeIn("complementary", "About Maya Lind", "Marketing")
	w.Click("button", "Write down")
	w.Click("combobox", "Purpose")
	w.Click("option", "Brew school")
	w.See("Tell me of courses near me.")
	w.Click("button", "Keep it")
	w.SeeWithin("Say how they agreed: what they signed, where they ticked it, which message.", 10_000)
	w.Fill("Proof", "signed the list at the open day")
	w.Accessible()
	look(w, "consent-write")
	w.Click("button", "Keep it")
	w.SeeIn("complementary", "About Maya Lind", "Brew school")
	w.Click("button", "Proof")
	w.SeeIn("list", "Ledger", "/signed the list at the open day.+text version 1/")
	w.SeeIn("list", "Ledger", "Write to me.")
	w.Resize(390, 844)
	w.Accessible()
	look(w, "consent-ledger-phone")
	w.Theme("dark")
	w.Accessible()
	look(w, "consent-ledger-dark")
	w.Theme("light")
	w.Resize(1440, 900)
	w.Press("Escape")
	w.Click("button", "Withdraw all")
	w.SeeWithin("2 consents ended. Nothing goes out for them any more.", 10_000)
	w.SeeIn("complementary", "About Maya Lind", "withdrawn")
	w.Accessible()
	look(w, "consent-person")
}

// TestRequests: a customer asks for a copy and to be forgotten. The copy is
// made, a hold keeps them, and then they are erased with a receipt.
func TestRequests(t *testing.T) {
	h := house.Start(t, "--allow", "127.0.0.1")
	c := h.Admin("Ada Admin", "ada@brewell.example")
	s := openShop(t, h, c)
	s.says(`{"email":"maya.lind@home.test","name":"Maya Lind"}`, "The handle is loose.")
	s.says(`{"email":"bob@home.test","name":"Bob"}`, "Maya Lind told me of you.")

	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")
	w.Open(h.URL + "/people")
	w.SeeWithin("maya.lind@home.test", 20_000)
	w.Click("link", "/Maya Lind/")
	w.Click("button", "They ask")
	w.Fill("How they asked", "by mail from her own address")
	w.Accessible()
	w.Click("button", "Write it down")
	w.SeeWithin("What they get", 10_000)
	w.See("/accounts/")
	w.Accessible()
	look(w, "request-copy")
	w.Click("button", "Make the copy")
	w.SeeRole("link", "Save the copy")
	w.Press("Escape")
	w.Click("button", "Closed")
	w.SeeIn("table", "Requests", "Maya Lind")

	w.Open(h.URL + "/people")
	w.Click("link", "/Maya Lind/")
	w.Click("button", "Legal hold")
	w.Fill("Why", "the lawsuit about the lid")
	w.Click("button", "Place the hold")
	w.SeeIn("complementary", "About Maya Lind", "the lawsuit about the lid")
	w.Click("button", "They ask")
	w.Click("combobox", "What")
	w.Click("option", "To be forgotten")
	w.Click("button", "Write it down")
	w.SeeWithin("/A legal hold stands: the lawsuit about the lid/", 10_000)
	w.Click("button", "Erase")
	w.See("/This cannot be undone/")
	look(w, "request-erase")
	w.Accessible()
	w.Click("button", "Erase Maya Lind")
	w.SeeWithin("held", 10_000)
	w.Press("Escape")
	w.SeeRole("heading", "Legal holds")
	w.Accessible()
	look(w, "privacy-register")
	w.Resize(390, 844)
	w.Theme("dark")
	w.Accessible()
	look(w, "privacy-register-phone")
	w.Theme("light")
	w.Resize(1440, 900)
	w.Click("button", "End the hold")
	w.Fill("Why it ends", "settled out of court")
	w.Click("button", "End it")
	w.Click("button", "Closed")
	w.SeeWithin("Erased", 30_000)
	w.Click("button", "To be forgotten")
	w.SeeWithin("/1 account is not taken in anew/", 10_000)
	w.See("/signed by this Parley/")
	w.Accessible()
	look(w, "receipt")
	w.Resize(390, 844)
	w.Theme("dark")
	w.Accessible()
	look(w, "receipt-phone")
	w.Theme("light")
	w.Resize(1440, 900)
	w.Open(h.URL + "/people")
	w.SeeWithin("bob@home.test", 10_000)
	w.Gone("maya.lind@home.test")
	w.Gone("Maya Lind")
}
