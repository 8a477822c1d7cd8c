package bring_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// registry is where organizations are taken in; a field of the company's own
// says which tier they are of.
func registry(t *testing.T, db *store.DB, now *clock.Set) *world {
	w := shop(t, db, now)
	w.Organizations = w.deals
	w.Members = func(context.Context) (map[string]social.MemberID, error) {
		return map[string]social.MemberID{"ada@brewell.example": "ada", "ada admin": "ada"}, nil
	}
	if _, err := w.deals.AddField(w.ctx, deal.Field{Of: deal.OfOrganization, Name: "Tier", Type: "choice", Choices: []string{"gold", "silver"}}); err != nil {
		t.Fatal(err)
	}
	return w
}

// firms is all organizations: name → domain, industry, id, owner, parent, fields.
func (w *world) firms() map[string]string {
	w.t.Helper()
	out := map[string]string{}
	list, _, err := w.deals.Store.Organizations(w.ctx, deal.OrganizationQuery{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, o := range list {
		names, err := w.deals.Store.OrganizationNames(w.ctx, []deal.OrganizationID{o.Parent})
		if err != nil {
			w.t.Fatal(err)
		}
		values, err := w.deals.Values(w.ctx, deal.OfOrganization, string(o.ID))
		if err != nil {
			w.t.Fatal(err)
		}
		var own []string
		for _, v := range values {
			own = append(own, v.Value+" by "+string(v.Source))
		}
		out[o.Name] = strings.Join([]string{o.Domain, o.Industry, o.External, string(o.Owner), names[o.Parent], strings.Join(own, " ")}, "|")
	}
	return out
}

func (w *world) wants(what string, want map[string]string) {
	w.t.Helper()
	if got := w.firms(); !maps.Equal(got, want) {
		w.t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

const accounts = "Account ID;Account Name;Website;Industry;Parent Account;Parent ID;Account Owner;Tier\n" +
	"A1;Hotel Adria;https://www.adria.example/rooms;Hospitality;Adria Group;;Ada Admin;gold\n" +
	"A2;Ørsted Café ☕;orsted.example;;;A9;ADA@brewell.example;\n" +
	"A9;Nordic Houses;nordic.example;;;;;silver\n" +
	"A4;مقهى;;;;;;\n" +
	"A5;Nobody's;;;;;Carl;\n" +
	"A6;Twice;adria.example;;;;;\n" +
	"A7;Tiers;;;;;;platinum\n" +
	"A8;Below itself;;;;A8;;\n" +
	"A10;Bad place;not a domain;;;;;\n" +
	";;;;;;;\n"

func TestAFileOfOrganizations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := registry(t, db, now)
		// One is known by name, with somebody who works there.
		known, err := w.deals.AddOrganization(w.ctx, deal.Organization{Name: "hotel adria"})
		if err != nil {
			t.Fatal(err)
		}
		f := w.upload("accounts.csv", []byte(accounts))
		if c := f.Settings.Columns; f.Settings.Kind != bring.Firms || c["name"] != "Account Name" || c["external_id"] != "Account ID" || c["domain"] != "Website" || c["parent_id"] != "Parent ID" || c["field:tier"] != "Tier" {
			t.Fatalf("guessed %q %v", f.Settings.Kind, f.Settings.Columns)
		}
		_, looks, err := w.Preview(w.ctx, f.ID, f.Settings)
		if err != nil || looks[0].What != bring.WillUpdate || !slices.Equal(looks[0].Tells, []string{"domain", "external_id", "field:tier", "industry", "name", "owner", "parent"}) || looks[1].What != bring.WillCreate || looks[1].Found.Taken.Above != "A9" {
			t.Fatalf("%v %+v", err, looks)
		}
		dry := w.run(f, true, nil)
		if dry.Created != 2 || dry.Updated != 2 || dry.Wrong != 6 || w.count("organization") != 1 || w.count("bring_step") != 0 {
			t.Fatalf("a dry run keeps nothing: %+v\n%s", dry, w.mistakes(f.ID))
		}
		f = w.run(f, false, nil)
		if f.State != bring.Done || f.Created != 2 || f.Updated != 2 || f.Wrong != 6 || f.Steps != 4 {
			t.Fatalf("%+v\n%s", f, w.mistakes(f.ID))
		}
		want := map[string]string{
			"Hotel Adria":   "adria.example|Hospitality|A1|ada|Adria Group|gold by import",
			"Adria Group":   "|||||",
			"Ørsted Café ☕": "orsted.example||A2|ada|Nordic Houses|",
			"Nordic Houses": "nordic.example||A9|||silver by import",
			"مقهى":          "||A4|||",
		}
		w.wants("taken in", want)
		for _, part := range []string{"6: “Carl” is no member here", "7: Its domain belongs to “Hotel Adria”, which has another id.", "8: Tier: choose one of gold, silver.", "9: An organization can't stand below itself.",
			"10: Write a domain such as", "11: It has no name, domain or id."} {
			if !strings.Contains(w.mistakes(f.ID), part) {
				t.Errorf("no %q in\n%s", part, w.mistakes(f.ID))
			}
		}
		again := w.run(w.upload("accounts.csv", []byte(accounts)), false, nil)
		if again.Same != 4 || again.Created+again.Updated+again.Steps != 0 {
			t.Errorf("the same file twice: %+v", again)
		}
		w.wants("the same file twice", want)
		if done := w.undo(f.ID); done.State != bring.Undone || done.Undone != 4 || done.Kept != 0 {
			t.Errorf("%+v", done)
		}
		w.wants("taken back", map[string]string{"hotel adria": "|||||"})
		if o, err := w.deals.Store.Organization(w.ctx, known.ID); err != nil || o.Source != "" || w.count("field_value") != 0 {
			t.Errorf("%+v, %v, %d values", o, err, w.count("field_value"))
		}
	})
}

func TestUndoOfOrganizationsLeavesWhatCameSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := registry(t, db, now)
		f := w.run(w.upload("a.csv", []byte("company,domain,parent company,tier\nOne,one.example,Top,gold\nTwo,two.example,,gold\nThree,three.example,,\nFour,four.example,,\n")), false, nil)
		if f.Created != 4 {
			t.Fatalf("%+v\n%s", f, w.mistakes(f.ID))
		}
		second := w.run(w.upload("b.csv", []byte("company,domain,industry,tier\nOne & Co,one.example,Tea,silver\nTwo,two.example,Tea,silver\n")), false, nil)
		if second.Updated != 2 {
			t.Fatalf("%+v\n%s", second, w.mistakes(second.ID))
		}
		id := map[string]deal.OrganizationID{}
		list, _, err := w.deals.Store.Organizations(w.ctx, deal.OrganizationQuery{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range list {
			id[o.Name] = o.ID
		}
		// A colleague writes another name, and a field; somebody works at the third.
		if _, err := w.deals.EditOrganization(w.ctx, id["One & Co"], deal.OrganizationChange{Name: ptr("One Limited")}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.deals.Fill(w.ctx, deal.OfOrganization, string(id["Two"]), map[string]string{"tier": "gold"}, deal.ByMember); err != nil {
			t.Fatal(err)
		}
		maya := social.Author{Scheme: "mailto", Value: "maya@three.example", Name: "Maya"}
		if err := w.book.Store.Meet(w.ctx, []people.Seen{{Author: maya, At: now.Now()}}); err != nil {
			t.Fatal(err)
		}
		p, err := w.book.Behind(w.ctx, maya.ID())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.deals.Affiliate(w.ctx, deal.Affiliation{Person: p.ID, Organization: id["Three"]}); err != nil {
			t.Fatal(err)
		}
		w.undo(second.ID)
		w.wants("the second is taken back", map[string]string{"One Limited": "one.example||||Top|gold by import", "Top": "|||||", "Two": "two.example|||||gold by member",
			"Three": "three.example|||||", "Four": "four.example|||||"})
		done := w.undo(f.ID)
		if done.Kept != 3 {
			t.Errorf("%d stay, want three", done.Kept)
		}
		w.wants("the first is taken back", map[string]string{"One Limited": "one.example||||Top|gold by import", "Top": "|||||", "Two": "two.example|||||gold by member", "Three": "three.example|||||"})
		// What a colleague wrote is not written over, and what is here is only completed.
		w.run(w.upload("c.csv", []byte("company,domain,industry,tier\nTwo!,two.example,Tea,silver\n")), false, func(s *bring.Settings) { s.Wins = bring.WeWin })
		if got := w.firms()["Two"]; got != "two.example|Tea||||gold by member" {
			t.Errorf("completed: %q", got)
		}
	})
}

func TestAKillBetweenOrganizations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := registry(t, db, now)
		var text strings.Builder
		text.WriteString("id,company name,domain,parent id\n")
		for i := range 1200 {
			above := fmt.Sprintf("F%d", 1199-i%3) // three that come last
			if i > 1196 {
				above = ""
			}
			fmt.Fprintf(&text, "F%d,Firm %d,f%d.example,%s\n", i, i, i, above)
		}
		f := w.upload("many.csv", []byte(text.String()))
		if _, err := w.Start(w.ctx, f.ID, f.Settings, false); err != nil {
			t.Fatal(err)
		}
		die := errors.New("killed")
		ctx, kill := context.WithCancelCause(w.ctx)
		if err := w.Work(ctx, f.ID, func(bring.Import) { kill(die) }); err == nil {
			t.Fatal("it should have been cut short")
		}
		if half, err := w.ByID(w.ctx, f.ID); err != nil || half.Rows != 500 || half.State != bring.Running {
			t.Fatalf("%+v %v", half, err)
		}
		if f = w.work(f.ID); f.Created != 1197 || f.Updated != 3 || f.Rows != 1200 || w.count("organization") != 1200 {
			t.Fatalf("%+v: %d organizations\n%s", f, w.count("organization"), w.mistakes(f.ID))
		}
		if _, err := w.Undo(w.ctx, f.ID); err != nil {
			t.Fatal(err)
		}
		ctx, kill = context.WithCancelCause(w.ctx)
		if err := w.Work(ctx, f.ID, func(bring.Import) { kill(die) }); err == nil {
			t.Fatal("it should have been cut short")
		}
		if f = w.work(f.ID); f.Kept != 0 || w.count("organization")+w.count("business_term") != 0 {
			t.Fatalf("%+v: %d are left, %d words", f, w.count("organization"), w.count("business_term"))
		}
	})
}

func TestWhatIsRefusedOfAFileOfOrganizations(t *testing.T) {
	w := registry(t, storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start))
	for name, tt := range map[string]struct{ head, kind string }{
		"contacts with their company":  {"First name,Last name,Email,Company,Industry,Website", bring.Persons},
		"orders with a company":        {"Order number,Total,Currency,Company,Website", bring.Orders},
		"accounts":                     {"Account Name,Website,Phone,Account Owner", bring.Firms},
		"companies of another CRM":     {"Record ID,Company name,Company Domain Name,Industry,Parent Company", bring.Firms},
		"persons by name and industry": {"Name,Industry,Phone", bring.Persons},
		"German":                       {"Firma;Webseite;Branche;Mutterfirma", bring.Firms},
	} {
		comma := ","
		if strings.Contains(tt.head, ";") {
			comma = ";"
		}
		if f := w.upload("x.csv", []byte(tt.head+"\n"+strings.Repeat("a"+comma, strings.Count(tt.head, comma))+"a\n")); f.Settings.Kind != tt.kind {
			t.Errorf("%s: taken for %s", name, f.Settings.Kind)
		}
	}
	f := w.upload("c.csv", []byte("company,domain\nC1,c1.example\n"))
	for field, change := range map[string]func(*bring.Settings){
		"columns": func(s *bring.Settings) { s.Columns = map[string]string{"industry": "company"} },
		"match":   func(s *bring.Settings) { s.Match = []string{"email"} },
		"wins":    func(s *bring.Settings) { s.Wins = "nobody" },
		"only":    func(s *bring.Settings) { s.Only = "some" },
	} {
		set := f.Settings
		change(&set)
		_, _, err := w.Preview(w.ctx, f.ID, set)
		var e *social.Error
		if !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	// Two of one name are not told apart by it; their domains do.
	for _, d := range []string{"a.example", "b.example"} {
		if _, err := w.deals.AddOrganization(w.ctx, deal.Organization{Name: "Twin", Domain: d}); err != nil {
			t.Fatal(err)
		}
	}
	f = w.run(w.upload("d.csv", []byte("company,domain,industry\nTwin,,Tea\nTwin,b.example,Tea\nTwin,c.example,Tea\n"+strings.Repeat("x", 300)+",d.example,\n\u202eevil,e.example,\n")), false, nil)
	if f.Updated != 1 || f.Created != 2 || f.Wrong != 2 || !strings.Contains(w.mistakes(f.ID), "2: 2 organizations are called “Twin”. Tell its domain or id.") || !strings.Contains(w.mistakes(f.ID), "5: This is 300 characters long") {
		t.Errorf("%+v\n%s", f, w.mistakes(f.ID))
	}
	// Who works in one programme changes no organization of another.
	if _, err := w.deals.AddOrganization(w.ctx, deal.Organization{Name: "Southern", Domain: "south.example", Programme: "south"}); err != nil {
		t.Fatal(err)
	}
	all := w.ctx
	w.ctx = social.WithScope(all, social.Scope{Programmes: []social.ProgrammeID{"north"}})
	f = w.run(w.upload("e.csv", []byte("company,domain\nMine now,south.example\nNorthern,north.example\n")), false, func(s *bring.Settings) { s.Programme = "north" })
	if w.ctx = all; f.Created != 1 || f.Wrong != 1 || !strings.Contains(w.mistakes(f.ID), "not one that you see") || w.firms()["Southern"] == "" {
		t.Errorf("%+v %s", f, w.mistakes(f.ID))
	}
	// Only what is new, or only what is known.
	f = w.run(w.upload("f.csv", []byte("company,domain\nSouthern Tea,south.example\nFresh,fresh.example\n")), false, func(s *bring.Settings) { s.Only = bring.Create })
	if f.Created != 1 || f.Passed != 1 || w.firms()["Southern"] == "" {
		t.Errorf("only new ones: %+v", f)
	}
	f = w.run(w.upload("g.csv", []byte("company,domain\nSouthern Tea,south.example\nFresher,fresher.example\n")), false, func(s *bring.Settings) { s.Only = bring.Update })
	if f.Updated != 1 || f.Passed != 1 || w.firms()["Southern Tea"] == "" {
		t.Errorf("only known ones: %+v", f)
	}
}

func ptr[T any](v T) *T { return &v }
