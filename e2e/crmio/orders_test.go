//go:build browser

package crmio

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/parley-crm/parley/e2e/browser"
	"github.com/parley-crm/parley/e2e/house"
)

// TestAShopsOrdersComeOver takes orders over from a file, sees what would
// happen first, finds them in the list, and takes them back.
func TestAShopsOrdersComeOver(t *testing.T) {
	h := house.Start(t)
	h.Admin("Ada Admin", "ada@brewell.example")
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")

	path := filepath.Join(t.TempDir(), "orders.csv")
	const text = "Order number;State;Total;Currency;Order date;E-mail;Customer name;Item;Quantity;Price\n" +
		"BW-1001;paid;1.299,50;EUR;05.11.2025;maya@example.com;Maya Dubois;Kettle;2;600,00\n" +
		"BW-1001;;;;;;;Filter;1;99,50\n" +
		"BW-1002;shipped;12,00;EUR;06.11.2025;;;Mug;1;12,00\n" +
		"BW-1003;paid;5;XQQ;06.11.2025;;;Mug;1;5\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Open(h.URL + "/people/orders")
	w.Click("link", "Import orders")
	w.See("No file was taken in yet.")
	w.Upload("/^File$/", path)
	w.See("What is in the file?")
	w.SeeIn("table", "What would come of the first rows", "BW-1001")
	w.SeeIn("table", "What would come of the first rows", "Maya Dubois")
	w.SeeIn("table", "What would come of the first rows", "nobody")
	w.See("/“XQQ” is no currency that Parley knows/")
	w.Accessible()
	w.Click("combobox", "What is in the file?")
	w.Click("option", "Persons")
	w.See("Who is who, and who wins")
	w.Click("combobox", "What is in the file?")
	w.Click("option", "/Orders/")
	w.See("What the file leaves open")
	w.Click("button", "Only look at every row")
	w.SeeWithin("/It would make 2 new orders and update 0/", 30_000)
	w.Click("button", "Take it in")
	w.SeeWithin("Taken in: 2 new, 0 updated.", 30_000)
	w.See("Orders of nobody known")
	w.SeeRole("link", "/Download them with the reasons/")
	w.Accessible()
	w.Click("link", "See the orders")
	w.See("BW-1001")
	w.See("BW-1002")

	phone := b.Phone("ada on the phone")
	h.SignIn(phone, "ada@brewell.example")
	phone.Open(h.URL + "/people/imports")
	phone.Click("link", "orders.csv")
	phone.See("/2 new/")
	phone.Accessible()
	phone.Click("button", "Undo the whole import")
	phone.Click("button", "Undo it")
	phone.SeeWithin("Taken back, all of it.", 60_000)
	phone.Open(h.URL + "/people")
	phone.See("Nobody has spoken yet.")
}

// TestCompaniesComeOver takes organizations over from a file of another CRM,
// sees whom each belongs to and who looks after it, and takes them back.
func TestCompaniesComeOver(t *testing.T) {
	h := house.Start(t)
	h.Admin("Ada Admin", "ada@brewell.example")
	b := browser.Open(t)
	w := b.Page("ada")
	h.SignIn(w, "ada@brewell.example")

	path := filepath.Join(t.TempDir(), "accounts.csv")
	const text = "Account ID,Account Name,Website,Industry,Parent Account,Account Owner\n" +
		"A1,Hotel Adria,https://www.adria.example,Hospitality,Adria Group,Ada Admin\n" +
		"A2,Adria Tea Rooms,tea.adria.example,,Adria Group,\n" +
		"A3,Nobody’s Inn,inn.example,,,Carl\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Open(h.URL + "/people/imports")
	w.See("No file was taken in yet.")
	w.Upload("/^File$/", path)
	w.See("Which is which, and who wins")
	w.SeeIn("table", "What would come of the first rows", "adria.example · A1")
	w.SeeIn("table", "What would come of the first rows", "Adria Group")
	w.See("/“Carl” is no member here/")
	w.Accessible()
	shot(w, "organizations")
	w.Resize(390, 844)
	w.Theme("dark")
	w.Accessible()
	shot(w, "organizations-dark")
	w.Theme("light")
	w.Resize(1440, 900)
	w.Click("button", "Only look at every row")
	w.SeeWithin("/It would make 2 new organizations and update 0/", 30_000)
	w.Click("button", "Take it in")
	w.SeeWithin("Taken in: 2 new, 0 updated.", 30_000)
	w.Click("link", "See the organizations")
	w.Click("link", "/Hotel Adria/")
	w.SeeRole("heading", "Looked after by")
	w.SeeRole("link", "Adria Group")
	w.See("/crm A1/")
	w.Accessible()
	shot(w, "organization")

	w.Open(h.URL + "/people/imports")
	w.Click("link", "accounts.csv")
	w.Click("button", "Undo the whole import")
	w.Click("button", "Undo it")
	w.SeeWithin("Taken back, all of it.", 60_000)
	w.Open(h.URL + "/people/organizations")
	w.See("No organization is known yet.")
}

// shot takes a picture when PARLEY_SHOTS names a folder.
func shot(p *browser.Page, name string) {
	if dir := os.Getenv("PARLEY_SHOTS"); dir != "" {
		p.Shot(filepath.Join(dir, name+".png"))
	}
}
