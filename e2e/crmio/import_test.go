//go:build browser

package crmio

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestAnAddressBookComesOver takes persons over from a file, sees what would
// happen first, survives a crash in the middle, and takes it all back.
func TestAnAddressBookComesOver(t *testing.T) {
	h := house.Start(t)
	h.Admin("Ada Admin", "ada@brewell.example")
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")

	path := filepath.Join(t.TempDir(), "contacts.csv")
	var text strings.Builder
	text.WriteString("Customer No,Full name,E-mail,Mobile,Company,City\nC1,Maya Dubois,maya@example.com,+33 6 12 34 56 78,Hotel Adria,Lyon\nC2,Tom Reed,tom at example,,,\n")
	for i := range 20_000 {
		fmt.Fprintf(&text, "N%d,Person %d,p%d@example.com,,Firm %d,Town %d\n", i, i, i, i%90, i%40)
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Open(h.URL + "/people/imports")
	w.See("No file was taken in yet.")
	w.Accessible()
	w.Upload("/^File$/", path)
	w.See("What would come of the first rows")
	w.See("Maya Dubois")
	w.See("“tom at example” is no email address.")
	w.Accessible()
	w.Click("combobox", "Whole name")
	w.Click("option", "City")
	w.SeeIn("table", "What would come of the first rows", "Lyon")
	w.Click("combobox", "Whole name")
	w.Click("option", "Full name")
	w.SeeIn("table", "What would come of the first rows", "Maya Dubois")
	w.Click("button", "Only look at every row")
	w.SeeWithin("/It would make 20,001 new persons and update 0/", 60_000)
	w.Click("button", "Take it in")
	w.See("Taking it in …")
	h.Kill() // in the middle of it
	b.Forgive(browser.Outage)
	h.Run()
	w.Reload()
	w.SeeWithin("Taken in: 20,001 new, 0 updated.", 120_000)
	w.SeeRole("link", "/Download them with the reasons/")
	w.Accessible()
	w.Click("link", "See the persons")
	w.Fill("Find a person", "maya")
	w.Click("link", "/Maya Dubois/")
	w.See("not heard yet")
	w.See("Hotel Adria")
	w.Accessible()

	phone := b.Phone("ada on the phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(h.URL + "/people/imports")
	phone.See("contacts.csv")
	phone.Accessible()
	phone.Click("link", "contacts.csv")
	phone.See("/20,001 new/")
	phone.Accessible()
	phone.Click("button", "Undo the whole import")
	phone.Click("button", "Undo it")
	phone.SeeWithin("Taken back, all of it.", 180_000)
	phone.Accessible()
	phone.Open(h.URL + "/people")
	phone.See("Nobody has spoken yet.")
}
