package bring_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/bring"
	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func shop(t *testing.T, db *store.DB, now *clock.Set) *world {
	w := open(t, db, now)
	w.Sales = w.deals
	return w
}

// orders is all that was ordered: number → state, money, who, what.
func (w *world) orders() map[string]string {
	w.t.Helper()
	out := map[string]string{}
	list, _, err := w.deals.Store.Orders(w.ctx, deal.OrderQuery{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, o := range list {
		who := "nobody"
		if o.Person != "" {
			p, err := w.book.Person(w.ctx, o.Person)
			if err != nil {
				w.t.Fatal(err)
			}
			who = p.Name
		}
		var lines []string
		for _, l := range o.Lines {
			lines = append(lines, fmt.Sprintf("%g×%s=%d", l.Quantity, l.Name, l.Amount))
		}
		names, err := w.deals.Store.OrganizationNames(w.ctx, []deal.OrganizationID{o.Organization})
		if err != nil {
			w.t.Fatal(err)
		}
		out[o.Number] = fmt.Sprintf("%s %d%s %s %s%s [%s]", o.Status, o.Amount, o.Currency, o.At.Format(time.DateOnly), who, names[o.Organization], strings.Join(lines, " "))
	}
	return out
}

// sums is what the rollup says: state and currency → how many and how much.
func (w *world) sums() string {
	w.t.Helper()
	all, err := w.deals.Store.OrderSums(w.ctx, deal.OrderFilter{})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, s := range all {
		out = append(out, fmt.Sprintf("%s %d %d%s", s.Status, s.N, s.Amount, s.Currency))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// told is which facts of money were told, in order.
func (w *world) told() string {
	w.t.Helper()
	var kinds []string
	if err := w.db.IDB(w.ctx).NewRaw("SELECT name FROM outbox WHERE name IN ('bought', 'returned') ORDER BY pos").Scan(w.ctx, &kinds); err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(kinds, " ")
}

const sales = "Order number;Order ID;State;Total;Currency;Order date;E-mail;Customer number;Company;SKU;Item;Quantity;Price\n" +
	"1001;A1;bezahlt;1.299,50;eur;05.11.2026;Maya@Example.com;;Hotel Adria;K1;Kettle 🫖;2;600,00\n" +
	"1001;;;;;;;;;F1;Filter;1;99,50\n" +
	"1002;A2;Completed;12;USD;2026-11-06;;C7;;;;;\n" +
	"1003;A3;pending;;EUR;2026-11-07;;;;;قهوة;3;4.10\n" +
	"1004;A4;paid;5;XQQ;2026-11-07;;;;;;;\n" +
	"1005;A5;lost;5;EUR;2026-11-07;;;;;;;\n" +
	"1006;A6;paid;20;EUR;2026-11-07;x@example.com;;;;Mug;1;10\n" +
	"1006;A6;paid;20;EUR;2026-11-07;x@example.com;;;;Mug;none;10\n" +
	"1007;A7;paid;5;EUR;2026-11-07;;;;;;;\n" +
	"1008;A8;paid;5;EUR;2026-11-07;;;;;;;\n" +
	"1007;A7;paid;5;EUR;2026-11-07;;;;;;;\n" +
	";;paid;5;EUR;2026-11-07;;;;;;;\n" +
	"1009;A9;paid;5;EUR;2030-01-01;;;;;;;\n"

func TestAFileOfOrders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := shop(t, db, now)
		maya := social.Author{Scheme: "mailto", Value: "maya@example.com", Name: "Maya Dubois"}
		if err := w.book.Store.Meet(w.ctx, []people.Seen{{Author: maya, At: now.Now()}}); err != nil {
			t.Fatal(err)
		}
		f := w.upload("orders.csv", []byte(sales))
		if f.Settings.Kind != bring.Orders || f.Settings.Columns["number"] != "Order number" || f.Settings.Columns["customer_id"] != "Customer number" || f.Settings.Columns["price"] != "Price" {
			t.Fatalf("guessed %q %v", f.Settings.Kind, f.Settings.Columns)
		}
		_, looks, err := w.Preview(w.ctx, f.ID, f.Settings)
		if err != nil || len(looks) < 5 || looks[0].What != bring.WillCreate || looks[0].Known != "Maya Dubois" || len(looks[0].Parcel.Rows) != 2 || looks[3].What != "" || !strings.Contains(looks[3].Why, "no currency that Parley knows") {
			t.Fatalf("%v %+v", err, looks)
		}
		dry := w.run(f, true, nil)
		if dry.Created != 4 || dry.Nobody != 2 || dry.Wrong != 8 || w.count("customer_order")+w.count("organization") != 0 || w.count("person") != 1 {
			t.Fatalf("a dry run keeps nothing: %+v\n%s", dry, w.mistakes(f.ID))
		}
		f = w.run(f, false, nil)
		if f.State != bring.Done || f.Rows != 13 || f.Created != 4 || f.Nobody != 2 || f.Wrong != 8 {
			t.Fatalf("%+v\n%s", f, w.mistakes(f.ID))
		}
		want := map[string]string{
			"1001": "paid 129950EUR 2026-11-05 Maya DuboisHotel Adria [2×Kettle 🫖=120000 1×Filter=9950]",
			"1002": "done 1200USD 2026-11-06 C7 []",
			"1003": "placed 1230EUR 2026-11-07 nobody [3×قهوة=1230]",
			"1008": "paid 500EUR 2026-11-07 nobody []",
		}
		for number, is := range want {
			if got := w.orders()[number]; got != is {
				t.Errorf("%s is %q, want %q", number, got, is)
			}
		}
		for _, part := range []string{"6: “XQQ” is no currency that Parley knows.", "7: “lost” is no state", "8: Another row of this order can't be taken, in line 9.", "9: “none” is no quantity.",
			"10: The rows of this order don't stand together.", "12: The rows of this order don't stand together.", "13: It has no number or id of an order.", "14: This order lies in the future"} {
			if !strings.Contains(w.mistakes(f.ID), part) {
				t.Errorf("no %q in\n%s", part, w.mistakes(f.ID))
			}
		}
		if got, want := w.sums(), "done 1 1200USD, paid 2 130450EUR, placed 1 1230EUR"; got != want {
			t.Errorf("sums are %q, want %q", got, want)
		}
		again := w.run(w.upload("orders.csv", []byte(sales)), false, nil)
		if again.Same != 4 || again.Created+again.Updated+again.Steps != 0 || w.sums() != "done 1 1200USD, paid 2 130450EUR, placed 1 1230EUR" {
			t.Errorf("the same file twice: %+v", again)
		}
		// By the API it is the same order; what a file does not tell of it stays.
		kept, fresh, err := w.deals.Upsert(w.ctx, deal.Order{External: "A3", Number: "1003", Status: "paid", Amount: 1230, Currency: "EUR"}, deal.Buyer{})
		if err != nil || fresh || len(kept.Lines) != 1 || kept.At.Day() != 7 {
			t.Errorf("%+v %v %v", kept, fresh, err)
		}
		if f := w.run(w.upload("b.csv", []byte("order id,order number,total,currency\nA3,1003,12.30,EUR\n")), false, nil); f.Same != 1 {
			t.Errorf("a file without states and days changed one: %+v %s", f, w.mistakes(f.ID))
		}
	})
}

func TestUndoOfOrdersLeavesWhatWasChangedSince(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := shop(t, db, now)
		day := now.Now().AddDate(0, 0, -3).Format(time.DateOnly)
		file := func(states ...string) []byte {
			text := "order id,status,total,currency,date,email,company\n"
			for i, s := range states {
				text += fmt.Sprintf("S%d,%s,10,EUR,%s,p%d@example.com,Firm %d\n", i, s, day, i, i)
			}
			return []byte(text)
		}
		first := w.run(w.upload("a.csv", file("paid", "paid", "placed", "paid")), false, nil)
		if first.Created != 4 || w.count("person") != 4 || w.count("organization") != 4 {
			t.Fatalf("%+v\n%s", first, w.mistakes(first.ID))
		}
		before, sums := w.orders(), w.sums()
		second := w.run(w.upload("b.csv", file("refunded", "sent", "paid", "paid")), false, nil)
		if second.Updated != 3 || second.Same != 1 {
			t.Fatalf("%+v", second)
		}
		if done := w.undo(second.ID); done.State != bring.Undone || done.Undone != 3 || done.Kept != 0 {
			t.Fatalf("%+v", done)
		}
		if after := w.orders(); fmt.Sprint(after) != fmt.Sprint(before) || w.sums() != sums {
			t.Errorf("%v\nwant\n%v; %s", after, before, w.sums())
		}
		if _, _, err := w.deals.Upsert(w.ctx, deal.Order{External: "S1", Status: "sent", Amount: 1000, Currency: "EUR"}, deal.Buyer{}); err != nil {
			t.Fatal(err)
		}
		// The customer of the third speaks to us.
		if err := w.book.Store.Meet(w.ctx, []people.Seen{{Author: social.Author{Scheme: "mailto", Value: "p2@example.com"}, At: now.Now()}}); err != nil {
			t.Fatal(err)
		}
		done := w.undo(first.ID)
		if done.Kept != 1 || len(w.orders()) != 1 || !strings.HasPrefix(w.orders()["S1"], "sent 1000EUR") || w.sums() != "sent 1 1000EUR" {
			t.Errorf("%+v %v %s", done, w.orders(), w.sums())
		}
		if w.count("person") != 2 || w.count("organization") != 1 || w.count("order_line")+w.count("bring_error") != 0 {
			t.Errorf("%d persons and %d organizations are left: want who ordered what stays, and who spoke", w.count("person"), w.count("organization"))
		}
		if got, want := w.told(), "bought bought bought returned bought returned bought returned returned"; got != want {
			t.Errorf("told %q, want %q", got, want)
		}
	})
}

func TestAKillBetweenLinesOfOrders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := shop(t, db, now)
		var text strings.Builder
		text.WriteString("order number,item,quantity,price,currency,email,date\n")
		for i := range 400 { // of three lines each: a step of 500 rows never ends with an order
			for n := range 3 {
				fmt.Fprintf(&text, "N%d,\"Thing\n%d\",%d,1.50,EUR,p%d@example.com,2026-01-05\n", i, n, n+1, i%50)
			}
		}
		f := w.upload("many.csv", []byte(text.String()))
		if _, err := w.Start(w.ctx, f.ID, f.Settings, false); err != nil {
			t.Fatal(err)
		}
		die := errors.New("killed")
		for range 2 {
			ctx, kill := context.WithCancelCause(w.ctx)
			if err := w.Work(ctx, f.ID, func(bring.Import) { kill(die) }); err == nil {
				t.Fatal("it should have been cut short")
			}
		}
		if half, err := w.ByID(w.ctx, f.ID); err != nil || half.Created != 334 || half.State != bring.Running {
			t.Fatalf("%+v %v", half, err)
		}
		if f = w.work(f.ID); f.Created != 400 || f.Rows != 1200 || f.Wrong != 0 || w.count("order_line") != 1200 || w.count("person") != 50 || w.sums() != "placed 400 360000EUR" {
			t.Fatalf("%+v: %d lines, %s\n%s", f, w.count("order_line"), w.sums(), w.mistakes(f.ID))
		}
		if _, err := w.Undo(w.ctx, f.ID); err != nil {
			t.Fatal(err)
		}
		ctx, kill := context.WithCancelCause(w.ctx)
		if err := w.Work(ctx, f.ID, func(bring.Import) { kill(die) }); err == nil {
			t.Fatal("it should have been cut short")
		}
		if f = w.work(f.ID); f.Undone != 400 || f.Kept != 0 || w.count("customer_order")+w.count("order_line")+w.count("person")+w.count("identity") != 0 || w.sums() != "" {
			t.Fatalf("%+v: %d orders, %d persons, %s", f, w.count("customer_order"), w.count("person"), w.sums())
		}
	})
}

func TestWhatIsRefusedOfAFileOfOrders(t *testing.T) {
	w := shop(t, storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start))
	long := "order id,total,currency,item\n" + strings.Repeat("L1,5,EUR,x\n", 501) + "L2,5,EUR,x\n"
	if f := w.run(w.upload("long.csv", []byte(long)), false, nil); f.Created != 1 || f.Wrong != 501 || !strings.Contains(w.mistakes(f.ID), "at most 500 lines") {
		t.Errorf("%+v\n%s", f, w.mistakes(f.ID)[:200])
	}
	odd := "order id,total,currency,item\nM1,5,EUR,x\nM1,6,EUR,y\nM2,5,EUR,x\nM2,bad,row\nM3,5 £,EUR,x\n\u202e😀,5,EUR,ﷺ\n"
	f := w.run(w.upload("odd.csv", []byte(odd)), false, nil)
	for _, part := range []string{"3: “total” is another than in the order's first row.", "4: Another row of this order can't be taken, in line 5.", "6: “5 £” is not in EUR, as the order is."} {
		if !strings.Contains(w.mistakes(f.ID), part) {
			t.Errorf("no %q in\n%s", part, w.mistakes(f.ID))
		}
	}
	f = w.upload("c.csv", []byte("order id,total,date\nC1,5,05/11/2024\n"))
	for field, change := range map[string]func(*bring.Settings){
		"columns":  func(s *bring.Settings) { s.Columns = map[string]string{"total": "total"} },
		"currency": func(s *bring.Settings) { s.Currency = "XQQ" },
		"days":     func(s *bring.Settings) { s.Days = "ymd" },
		"kind":     func(s *bring.Settings) { s.Kind = "shoes" },
	} {
		set := f.Settings
		change(&set)
		_, _, err := w.Preview(w.ctx, f.ID, set)
		var e *social.Error
		if !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if f = w.run(f, false, func(s *bring.Settings) { s.Currency, s.Days = "chf", bring.DayFirst }); f.Created != 1 || !strings.HasPrefix(w.orders()["C1"], "placed 500CHF 2024-11-05") {
		t.Errorf("%+v %v", f, w.orders()["C1"])
	}
	token := social.WithActor(w.ctx, social.Actor{Member: "ada", Role: social.Admin, Scopes: []social.Permission{social.PeopleImport}})
	if _, err := w.Start(token, w.upload("d.csv", []byte("order id,total,currency\nD1,5,EUR\n")).ID, bring.Settings{Kind: bring.Orders}, false); !social.Forbidden.Is(err) {
		t.Errorf("a token for persons only: %v", err)
	}
	// Who works in one programme changes no order of another.
	if _, _, err := w.deals.Upsert(w.ctx, deal.Order{External: "E1", Amount: 500, Currency: "EUR", Programme: "south"}, deal.Buyer{}); err != nil {
		t.Fatal(err)
	}
	all := w.ctx
	w.ctx = social.WithScope(all, social.Scope{Programmes: []social.ProgrammeID{"north"}})
	f = w.run(w.upload("e.csv", []byte("order id,total,currency\nE1,9,EUR\nE2,9,EUR\n")), false, func(s *bring.Settings) { s.Programme = "north" })
	if w.ctx = all; f.Created != 1 || f.Wrong != 1 || !strings.HasPrefix(w.orders()["E1"], "placed 500EUR") {
		t.Errorf("%+v %s %v", f, w.mistakes(f.ID), w.orders())
	}
}
