package bring_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/dealdb"
	"github.com/parley-crm/parley/people/peopledb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

type vocabulary struct{}

func (vocabulary) Vocabulary(context.Context) (social.Tags, error) {
	return social.TagsOf([]social.Tag{{ID: "t1", Name: "Regular"}, {ID: "t2", Name: "Wholesale"}, {ID: "t3", Name: "Board", Closed: true}}), nil
}

type world struct {
	*bring.Desk
	t     *testing.T
	db    *store.DB
	book  *people.Book
	deals *deal.Books
	ctx   context.Context
	now   *clock.Set
}

func open(t *testing.T, db *store.DB, now *clock.Set) *world {
	t.Helper()
	w := &world{t: t, db: db, now: now}
	w.ctx = social.WithScope(social.WithActor(t.Context(), social.Actor{Member: "ada", Role: social.Admin}), social.Scope{All: true})
	p := peopledb.New(db)
	w.book = &people.Book{Store: p, Hints: p, Aliases: p, Clock: now}
	business := dealdb.New(db)
	w.deals = &deal.Books{Store: business, People: w.book, Meeting: p, Clock: now}
	w.Desk = bring.New(bring.Desk{Store: peopledb.Bring{DB: p}, Tags: vocabulary{}, Fields: business, Dir: t.TempDir(), Clock: now,
		Log: slog.New(slog.DiscardHandler), Known: w.book.Reconsider})
	return w
}

func (w *world) upload(name string, text []byte) bring.Import {
	w.t.Helper()
	f, err := w.Add(w.ctx, name, int64(len(text)))
	if err != nil {
		w.t.Fatal(err)
	}
	for at := 0; at < len(text); {
		end := min(at+7000, len(text))
		if f, err = w.Put(w.ctx, f.ID, int64(at), text[at:end]); err != nil {
			w.t.Fatal(err)
		}
		at = end
	}
	return f
}

func (w *world) run(f bring.Import, dry bool, change func(*bring.Settings)) bring.Import {
	w.t.Helper()
	set := f.Settings
	if change != nil {
		change(&set)
	}
	if _, err := w.Start(w.ctx, f.ID, set, dry); err != nil {
		w.t.Fatal(err)
	}
	return w.work(f.ID)
}

func (w *world) work(id string) bring.Import {
	w.t.Helper()
	if err := w.Work(w.ctx, id, nil); err != nil {
		w.t.Fatal(err)
	}
	f, err := w.ByID(w.ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// all is everybody: name → place, notes, accounts, tags.
func (w *world) all() map[string]string {
	w.t.Helper()
	list, _, err := w.book.People(w.ctx, people.Query{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{}
	for _, p := range list {
		var accounts []string
		for _, i := range p.Identities {
			accounts = append(accounts, i.Author.Value)
		}
		slices.Sort(accounts)
		tags, err := w.book.Store.TagsOf(w.ctx, []social.PersonID{p.ID})
		if err != nil {
			w.t.Fatal(err)
		}
		jobs, err := w.deals.Store.AffiliationsOf(w.ctx, []string{string(p.ID)})
		if err != nil {
			w.t.Fatal(err)
		}
		works := ""
		for _, j := range jobs {
			works += j.Title + "@" + j.Name
		}
		out[p.Name] = strings.Join([]string{p.Place, p.Notes, strings.Join(accounts, " "), fmt.Sprint(tags[p.ID]), works}, "|")
	}
	return out
}

func (w *world) count(table string) (n int) {
	w.t.Helper()
	if err := w.db.IDB(w.ctx).NewRaw("SELECT COUNT(*) FROM "+table).Scan(w.ctx, &n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) mistakes(id string) string {
	w.t.Helper()
	all, err := w.Store.Mistakes(w.ctx, id, 0, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, m := range all {
		out = append(out, fmt.Sprintf("%d: %s", m.Line, m.Why))
	}
	return strings.Join(out, "\n")
}

const contacts = "\ufeffCustomer No;First name;Last name;E-mail;Phone;Company;Job title;City;Labels;VIP level\n" +
	"C1;Maya;Dubois;Maya@Example.com;+33 6 12 34 56 78;Hotel Adria;Buyer;Lyon;Regular, wholesale;gold\n" +
	"C2;Tom;O'Neil 😀;tom@example.com;;Hotel Adria;;Cork;;\n" +
	"C3;مريم;;maryam@example.com;;;;;;silver\n" +
	"C4;No;Address;not-an-address;;;;;;\n" +
	"C5;Odd;Phone;;0170 12345;;;;;\n" +
	"C6;Odd;Tag;odd@example.com;;;;;Board;\n" +
	"C7;Odd;Level;odd@example.com;;;;;;platinum\n" +
	";Only;A name;;;;;;;\n" +
	"C9;Short\n"

func (w *world) level() {
	w.t.Helper()
	if _, err := w.deals.AddField(w.ctx, deal.Field{Of: deal.OfPerson, Name: "VIP level", Type: "choice", Choices: []string{"gold", "silver"}}); err != nil {
		w.t.Fatal(err)
	}
}

func TestAFileOfCustomers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		w.level()
		f := w.upload(`C:\Users\maya\customers.csv`, []byte(contacts))
		if f.State != bring.Ready || f.Format != bring.CSV || f.Name != "customers.csv" {
			t.Fatalf("%+v", f)
		}
		want := map[string]string{"external_id": "Customer No", "given": "First name", "family": "Last name", "email": "E-mail", "phone": "Phone",
			"organization": "Company", "title": "Job title", "place": "City", "tags": "Labels", "field:vip_level": "VIP level"}
		if !maps.Equal(f.Settings.Columns, want) {
			t.Errorf("guessed %v", f.Settings.Columns)
		}
		_, looks, err := w.Preview(w.ctx, f.ID, f.Settings)
		if err != nil || len(looks) != 9 || looks[0].What != bring.WillCreate || looks[0].Entry.Name != "Maya Dubois" || looks[3].What != "" || looks[3].Why == "" {
			t.Fatalf("%v %+v", err, looks)
		}
		if dry := w.run(f, true, nil); dry.State != bring.Done || dry.Created != 3 || dry.Wrong != 6 || w.count("person") != 0 || w.count("organization") != 0 {
			t.Fatalf("a dry run keeps nothing: %+v, %d persons", dry, w.count("person"))
		}
		f = w.run(f, false, nil)
		if f.State != bring.Done || f.Rows != 9 || f.Created != 3 || f.Updated != 0 || f.Wrong != 6 {
			t.Fatalf("%+v\n%s", f, w.mistakes(f.ID))
		}
		all := w.all()
		if got := all["Maya Dubois"]; got != "Lyon||+33612345678 C1 maya@example.com|[t1 t2]|Buyer@Hotel Adria" {
			t.Errorf("Maya: %s", got)
		}
		if got := all["Tom O'Neil 😀"]; got != "Cork||C2 tom@example.com|[]|@Hotel Adria" {
			t.Errorf("Tom: %s", got)
		}
		if _, ok := all["مريم"]; !ok || len(all) != 3 {
			t.Errorf("%v", all)
		}
		for _, part := range []string{"5: “not-an-address” is no email address.", "6: “0170 12345” has no country.", "7: There is no tag “Board”", "8: VIP level: choose one of gold, silver.",
			"9: It has no email address, telephone number or id", "10: It has 2 fields; the header has 10."} {
			if !strings.Contains(w.mistakes(f.ID), part) {
				t.Errorf("no %q in\n%s", part, w.mistakes(f.ID))
			}
		}
		again := w.run(w.upload("customers.csv", []byte(contacts)), false, nil)
		if again.Same != 3 || again.Created+again.Updated+again.Steps != 0 {
			t.Errorf("the same file twice: %+v", again)
		}
	})
}

func TestWhoWinsAndWhoIsFound(t *testing.T) {
	tests := []struct {
		name   string
		file   string
		change func(*bring.Settings)
		maya   string // "" gone from that name
		counts [5]int64
		why    string
	}{
		{"the file writes over what is here", "email,name,city\nmaya@example.com,Maya Dubois,Paris\n", nil, "Paris||+33612345678 C1 maya@example.com", [5]int64{0, 1, 0, 0, 0}, ""},
		{"or only fills what is empty", "email,name,city,notes\nmaya@example.com,Maja,Paris,likes tea\n", func(s *bring.Settings) { s.Wins = bring.WeWin }, "Lyon|likes tea|+33612345678 C1 maya@example.com", [5]int64{0, 1, 0, 0, 0}, ""},
		{"an empty cell takes nothing away", "email,name,city\nmaya@example.com,,\n", nil, "Lyon||+33612345678 C1 maya@example.com", [5]int64{0, 0, 1, 0, 0}, ""},
		{"by the telephone number, however it is written", "phone,city\n0033 (6) 12-34.56.78,Nice\n", nil, "Nice||+33612345678 C1 maya@example.com", [5]int64{0, 1, 0, 0, 0}, ""},
		{"a number without a country is of the one that was said", "phone,city\n06 12 34 56 78,Nice\n", func(s *bring.Settings) { s.Dial = "33" }, "Nice||+33612345678 C1 maya@example.com", [5]int64{0, 1, 0, 0, 0}, ""},
		{"an id counts before an address", "id,email\nC1,maya@work.example\n", nil, "Lyon||+33612345678 C1 maya@example.com maya@work.example", [5]int64{0, 1, 0, 0, 0}, ""},
		{"an id of another system is another", "id,name\nC1,Somebody\n", func(s *bring.Settings) { s.System = "shop" }, "Lyon||+33612345678 C1 maya@example.com", [5]int64{1, 0, 0, 0, 0}, ""},
		{"only new ones", "email,city\nmaya@example.com,Paris\nnew@example.com,Rome\n", func(s *bring.Settings) { s.Only = bring.Create }, "Lyon||+33612345678 C1 maya@example.com", [5]int64{1, 0, 0, 1, 0}, ""},
		{"only known ones", "email,city\nmaya@example.com,Paris\nnew@example.com,Rome\n", func(s *bring.Settings) { s.Only = bring.Update }, "Paris||+33612345678 C1 maya@example.com", [5]int64{0, 1, 0, 1, 0}, ""},
		{"twice in a file is one person", "email,name\nnew@example.com,Ines\nNEW@example.com,Inês\n", nil, "Lyon||+33612345678 C1 maya@example.com", [5]int64{1, 1, 0, 0, 0}, ""},
		{"nobody is joined by a file", "email,phone\ntom@example.com,+33612345678\n", nil, "Lyon||+33612345678 C1 maya@example.com", [5]int64{0, 0, 0, 0, 1}, "If they are one person, join them first."},
		{"unless only one of them was to count: the other keeps the number", "email,phone,city\ntom@example.com,+33612345678,Oslo\n", func(s *bring.Settings) { s.Match = []string{"email"} }, "Lyon||+33612345678 C1 maya@example.com", [5]int64{0, 1, 0, 0, 0}, ""},
	}
	const had = "id,email,name,phone,city\nC1,maya@example.com,Maya Dubois,+33612345678,Lyon\nC2,tom@example.com,Tom,,Cork\n"
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		for _, tt := range tests {
			w.t = t
			first := w.run(w.upload("a.csv", []byte(had)), false, nil)
			f := w.upload("b.csv", []byte(tt.file))
			dry := w.run(f, true, tt.change)
			got := w.run(dry, false, tt.change)
			if c := [5]int64{got.Created, got.Updated, got.Same, got.Passed, got.Wrong}; c != tt.counts {
				t.Errorf("%s: created, updated, same, passed, wrong are %v, want %v; %s", tt.name, c, tt.counts, w.mistakes(f.ID))
			}
			if c := [5]int64{dry.Created, dry.Updated, dry.Same, dry.Passed, dry.Wrong}; c != tt.counts {
				t.Errorf("%s: the dry run said %v, want %v", tt.name, c, tt.counts)
			}
			if maya := w.all()["Maya Dubois"]; !strings.HasPrefix(maya, tt.maya+"|") {
				t.Errorf("%s: Maya is %q, want %q", tt.name, maya, tt.maya)
			}
			if tt.why != "" && !strings.Contains(w.mistakes(f.ID), tt.why) {
				t.Errorf("%s: %s", tt.name, w.mistakes(f.ID))
			}
			if got.Steps > 0 {
				w.undo(got.ID)
			}
			w.undo(first.ID)
			if n := w.count("person"); n != 0 {
				t.Fatalf("%s: %d persons are left after undoing all: %v", tt.name, n, w.all())
			}
		}
		for _, table := range []string{"identity", "person_term", "person_tag", "clue", "affiliation", "field_value", "identity_programme", "person_programme"} {
			if n := w.count(table); n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
	})
}

func (w *world) undo(id string) bring.Import {
	w.t.Helper()
	if _, err := w.Undo(w.ctx, id); err != nil {
		w.t.Fatal(err)
	}
	return w.work(id)
}

func TestUndoLeavesWhatCameSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		w.level()
		ten := "email,name,city,company,level\n"
		for i := range 10 {
			ten += fmt.Sprintf("p%d@example.com,Person %d,Lyon,Firm %d,gold\n", i, i, i)
		}
		set := func(s *bring.Settings) { s.Columns["field:vip_level"] = "level"; s.Programme = "care" }
		first := w.run(w.upload("a.csv", []byte(ten)), false, set)
		if first.Created != 10 {
			t.Fatalf("%+v\n%s", first, w.mistakes(first.ID))
		}
		before := w.all()
		second := w.run(w.upload("b.csv", []byte("email,name,city,level\np1@example.com,Renamed,Paris,silver\np2@example.com,Also renamed,Paris,silver\nq@example.com,New one,Rome,\n")), false, set)
		if second.Updated != 2 || second.Created != 1 {
			t.Fatalf("%+v", second)
		}
		// Somebody writes to p2 since, and p3 writes to us.
		find := func(name string) social.PersonID {
			list, _, err := w.book.People(w.ctx, people.Query{Words: name})
			if err != nil || len(list) != 1 {
				t.Fatalf("%s: %v %v", name, list, err)
			}
			return list[0].ID
		}
		place := "Nantes"
		if _, err := w.book.Edit(w.ctx, find("Also renamed"), people.Change{Place: &place}); err != nil {
			t.Fatal(err)
		}
		third := social.Author{Scheme: "mailto", Value: "p3@example.com", Name: "Person 3"}
		if err := w.book.Store.Meet(w.ctx, []people.Seen{{Author: third, At: now.Now()}}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.deals.Fill(w.ctx, deal.OfPerson, string(find("Person 4")), map[string]string{"vip_level": "gold"}, deal.ByMember); err != nil {
			t.Fatal(err)
		}
		if f := w.run(w.upload("c.csv", []byte("email,level\np4@example.com,silver\n")), false, set); f.Same != 1 {
			t.Errorf("a file wrote over what a colleague had written: %+v", f)
		}
		done := w.undo(second.ID)
		if done.State != bring.Undone || done.Undone != 3 || done.Kept != 0 {
			t.Fatalf("%+v", done)
		}
		after := w.all()
		if after["Person 1"] != before["Person 1"] || after["New one"] != "" {
			t.Errorf("not as before: %q, want %q; %q", after["Person 1"], before["Person 1"], after["New one"])
		}
		if !strings.HasPrefix(after["Person 2"], "Nantes|") {
			t.Errorf("what a colleague wrote since was taken back: %q", after["Person 2"])
		}
		values, err := w.deals.Values(w.ctx, deal.OfPerson, string(find("Person 1")))
		if err != nil || len(values) != 1 {
			t.Fatalf("%v %v", values, err)
		}
		for _, v := range values {
			if v.Value != "gold" {
				t.Errorf("the level is %q", v.Value)
			}
		}
		done = w.undo(first.ID)
		after = w.all()
		if done.Kept != 3 || len(after) != 3 || after["Person 4"] == "" || after["Person 3"] == "" || after["Person 2"] == "" {
			t.Errorf("who spoke to us, and whom somebody wrote about, should stay: %+v %v", done, after)
		}
		if n := w.count("organization"); n != 3 {
			t.Errorf("%d organizations are left, want those of the three who stay", n)
		}
		if _, err := w.Undo(w.ctx, first.ID); !social.Conflict.Is(err) {
			t.Errorf("an undo twice: %v", err)
		}
	})
}

func TestAKillLosesNothingAndDoublesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		var text strings.Builder
		text.WriteString("email,name,company\n")
		for i := range 1700 {
			fmt.Fprintf(&text, "p%d@example.com,\"Person\n%d\",Firm %d\n", i, i, i%7)
		}
		f := w.upload("many.csv", []byte(text.String()))
		if _, err := w.Start(w.ctx, f.ID, f.Settings, false); err != nil {
			t.Fatal(err)
		}
		die := errors.New("killed")
		for range 2 { // after each step of 500
			ctx, kill := context.WithCancelCause(w.ctx)
			if err := w.Work(ctx, f.ID, func(bring.Import) { kill(die) }); err == nil {
				t.Fatal("it should have been cut short")
			}
		}
		half, err := w.ByID(w.ctx, f.ID)
		if err != nil || half.Created != 1000 || half.State != bring.Running {
			t.Fatalf("%+v %v", half, err)
		}
		f = w.work(f.ID)
		if f.Created != 1700 || f.Rows != 1700 || w.count("person") != 1700 || w.count("organization") != 7 || w.count("affiliation") != 1700 {
			t.Fatalf("%+v: %d persons, %d organizations", f, w.count("person"), w.count("organization"))
		}
		if _, err := w.Undo(w.ctx, f.ID); err != nil {
			t.Fatal(err)
		}
		ctx, kill := context.WithCancelCause(w.ctx)
		if err := w.Work(ctx, f.ID, func(bring.Import) { kill(die) }); err == nil {
			t.Fatal("it should have been cut short")
		}
		if f = w.work(f.ID); f.Undone != 1700 || w.count("person") != 0 || w.count("organization") != 0 {
			t.Fatalf("%+v: %d persons", f, w.count("person"))
		}
	})
}

func TestSomebodyHeardBeforeIsTheSame(t *testing.T) {
	w := open(t, storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start))
	heard := social.Author{Scheme: "mailto", Value: "Maya@example.com", Name: "maya"}
	if err := w.book.Store.Meet(w.ctx, []people.Seen{{Author: heard, At: w.now.Now()}}); err != nil {
		t.Fatal(err)
	}
	f := w.run(w.upload("a.csv", []byte("email,name\nmaya@EXAMPLE.com,Maya Dubois\n")), false, nil)
	if all := w.all(); f.Updated != 1 || len(all) != 1 || all["Maya Dubois"] == "" {
		t.Errorf("%+v %v", f, all)
	}
	// And the other way round: who was taken over first is not seen until they speak.
	w.run(w.upload("b.csv", []byte("email,name\ntom@example.com,Tom Reed\n")), false, nil)
	list, _, err := w.book.People(w.ctx, people.Query{Words: "tom"})
	if err != nil || len(list) != 1 || !list[0].SeenAt.IsZero() {
		t.Fatalf("%v %v", list, err)
	}
	if err := w.book.Store.Meet(w.ctx, []people.Seen{{Author: social.Author{Scheme: "mailto", Value: "tom@example.com", Name: "t"}, At: w.now.Now()}}); err != nil {
		t.Fatal(err)
	}
	p, err := w.book.Person(w.ctx, list[0].ID)
	if err != nil || !p.SeenAt.Equal(w.now.Now()) || !p.Identities[0].FirstSeen.Equal(w.now.Now()) || p.Name != "Tom Reed" {
		t.Errorf("%+v %v", p, err)
	}
}

const cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nN:Dubois;Maya;;;\r\nFN:Maya Dubois\r\nORG:Hotel Adria;Kitchen\r\nTITLE:Buyer\r\n" +
	"item1.EMAIL;TYPE=INTERNET:private@example.com\r\nEMAIL;TYPE=WORK,PREF:maya@example.com\r\nTEL;TYPE=CELL:+33 6 12 34 56 78\r\n" +
	"ADR;TYPE=HOME:;;Rue 1;Lyon;;69001;France\r\nNOTE:likes tea\\, and\\nlong\r\n  lines\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\n CCCC\r\nEND:VCARD\r\n" +
	"BEGIN:VCARD\nVERSION:4.0\nFN:Tom 😀\nEMAIL;PREF=2:tom@example.com\nEMAIL;PREF=1:t@example.com\nTEL;VALUE=uri:tel:+353-1-555-1234;ext=5\nEND:VCARD\n" +
	"BEGIN:VCARD\nVERSION:4.0\nFN:Never ends\nEMAIL:x@example.com\n" +
	"BEGIN:VCARD\nVERSION:4.0\nFN:Ines\nEMAIL:mailto:ines@example.com\nEND:VCARD\n"

func TestAnAddressBook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		f := w.upload("contacts.vcf", []byte(cards))
		if f.State != bring.Ready || f.Format != bring.VCard || len(f.Columns()) != 13 {
			t.Fatalf("%+v", f)
		}
		f = w.run(f, false, nil)
		all := w.all()
		if got := all["Maya Dubois"]; got != "Lyon, France|likes tea, and\nlong lines|+33612345678 maya@example.com private@example.com u1|[]|Buyer@Hotel Adria" {
			t.Errorf("Maya: %q", got)
		}
		if got := all["Tom 😀"]; got != "||+35315551234 t@example.com tom@example.com|[]|" {
			t.Errorf("Tom: %q", got)
		}
		if f.Created != 3 || f.Wrong != 1 || w.mistakes(f.ID) != "25: The card can't be read." || all["Ines"] == "" {
			t.Errorf("%+v %s", f, w.mistakes(f.ID))
		}
	})
}

// workbook makes a small .xlsx by hand.
func workbook(t *testing.T, sheet string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Hidden" sheetId="1" state="hidden" r:id="rId9"/><sheet name="People" sheetId="2" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="worksheets/sheet2.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Email</t></si><si><r><t>Na</t></r><r><t>me</t></r></si><si><t>maya@example.com</t></si></sst>`,
		"xl/styles.xml":              `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet2.xml":   `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + sheet + `</sheetData></worksheet>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAWorkbook(t *testing.T) {
	w := open(t, storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start))
	book := workbook(t, `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="inlineStr"><is><t>Phone</t></is></c><c r="D2" t="str"><v>Notes</v></c></row>`+
		`<row r="3"><c r="A3" t="s"><v>2</v></c><c r="B3" t="inlineStr"><is><t>Maya &amp; Co</t></is></c><c r="C3"><v>3.3612345678E10</v></c><c r="D3" s="1"><v>46112</v></c></row>`+
		`<row r="5"><c r="A5" t="str"><v>bad</v></c><c r="D5" t="str"><f>HYPERLINK("http://evil.example")</f><v>=1+1</v></c></row>`)
	f := w.upload("people.xlsx", book)
	if f.State != bring.Ready || f.Format != bring.Excel || !slices.Equal(f.Columns(), []string{"Email", "Name", "Phone", "Notes"}) {
		t.Fatalf("%+v", f)
	}
	f = w.run(f, false, func(s *bring.Settings) { s.Dial = "33"; s.Columns["phone"] = "" })
	if all := w.all(); all["Maya & Co"] != "|2026-03-31|maya@example.com|[]|" || w.mistakes(f.ID) != "5: “bad” is no email address." {
		t.Errorf("%v %s", all, w.mistakes(f.ID))
	}
}

func TestFilesThatAreNone(t *testing.T) {
	w := open(t, storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start))
	deep := strings.Repeat("<a>", 20_000)
	for name, tt := range map[string]struct {
		text string
		why  string
	}{
		"nothing in it":       {" \n", "empty"},
		"a picture":           {"\x89PNG\x00\x00\x00", "no text"},
		"json":                {`{"a":1}` + "\n", "CSV, Excel (.xlsx) and vCard"},
		"a broken archive":    {"PK\x03\x04 and nothing", "no Excel workbook"},
		"a sheet too deep":    {string(workbook(t, deep)), "damaged"},
		"a sheet with nobody": {string(workbook(t, "")), "The sheet is empty."},
		"cards without end":   {"BEGIN:VCARD", ""},
	} {
		f := w.upload("x", []byte(tt.text))
		if tt.why == "" {
			continue
		}
		if f.State != bring.Failed || !strings.Contains(f.Note, tt.why) {
			t.Errorf("%s: %s %q", name, f.State, f.Note)
		}
	}
	f := w.upload("x.csv", []byte("email,name\nmaya@example.com,\"Maya\xff\xfe\"\n\"open,quote\n"+strings.Repeat("x", 2<<20)))
	f = w.run(f, false, nil)
	if f.State != bring.Failed || f.Created != 0 || !strings.Contains(f.Note, "quotation mark") || w.count("person") != 0 {
		t.Errorf("a row without an end: %+v", f) // and nothing of its step is half done
	}
	if _, err := w.Add(w.ctx, "x", 3<<30); !social.Invalid.Is(err) {
		t.Errorf("a file that is too large: %v", err)
	}
	g := w.upload("y.csv", []byte("name\nMaya\n"))
	if _, err := w.Start(w.ctx, g.ID, g.Settings, false); !social.Invalid.Is(err) {
		t.Errorf("without anything to find them by: %v", err)
	}
}
