package peopleapi_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/people/peopleapi"
	"github.com/parley-crm/parley/social"
)

// Credits knows of one order.
func (h *house) Credits(_ context.Context, external string) ([]peopleapi.Credit, error) {
	if external != "S-1" {
		return nil, nil
	}
	return []peopleapi.Credit{{Kind: "sale", Amount: 129900, Currency: "EUR"}, {Kind: "refund", Amount: -129900, Currency: "EUR", Back: true}}, nil
}

func TestOrdersAreFoundAndSummed(t *testing.T) {
	houses(t, func(h *house) {
		nils := h.meet("nils", "north")
		order := func(external, status string, amount int64, days int, p social.ProgrammeID, who string, lines ...deal.OrderLine) string {
			t.Helper()
			o, _, err := h.books.Upsert(asSystem(), deal.Order{External: external, Number: "BW-" + external, Status: status, Amount: amount, Currency: "EUR", Source: "shop", Programme: p,
				At: h.now.Now().AddDate(0, 0, -days), Lines: lines}, deal.Buyer{Person: social.PersonID(who)})
			if err != nil {
				t.Fatal(err)
			}
			return "/api/orders/" + string(o.ID)
		}
		first := order("S-1", "paid", 129900, 40, "north", nils, deal.OrderLine{SKU: "K2", Name: "Kettle \"de luxe\"", Quantity: 2, Amount: 129900})
		order("S-2", "placed", 4500, 3, "north", nils, deal.OrderLine{Name: "=cmd|'/c calc'!A1", Quantity: 1, Amount: 4500})
		order("S-3", "paid", 900, 1, "south", "")
		since := h.now.Now().AddDate(0, 0, -10).Format("2006-01-02T00:00:00Z")
		h.all([]asked{
			{"all, the newest first", "vic", "GET", "/api/orders?limit=1", "", 200, "BW-S-3", "BW-S-1"},
			{"by what was ordered", "vic", "GET", "/api/orders?q=kett+lux", "", 200, "BW-S-1", "BW-S-2"},
			{"by article and number", "vic", "GET", "/api/orders?q=k2+bw", "", 200, "BW-S-1", "BW-S-3"},
			{"by state", "vic", "GET", "/api/orders?status=placed", "", 200, "BW-S-2", "BW-S-1"},
			{"a state that there is not", "vic", "GET", "/api/orders?status=eaten", "", 422, "", ""},
			{"by time", "vic", "GET", "/api/orders?since=" + since, "", 200, "BW-S-2", "BW-S-1"},
			{"by amount", "vic", "GET", "/api/orders?least=1000&most=5000", "", 200, "BW-S-2", "BW-S-1"},
			{"by source", "vic", "GET", "/api/orders?source=till", "", 200, `"items":[]`, "BW"},
			{"by person", "vic", "GET", "/api/orders?status=paid&person=" + nils, "", 200, "BW-S-1", "BW-S-3"},
			{"by programme", "vic", "GET", "/api/orders?programme=south", "", 200, "BW-S-3", "BW-S-1"},
			{"a stranger's programme", "nia", "GET", "/api/orders?programme=south", "", 200, `"items":[]`, "BW"},
			{"what a programme's come to", "vic", "GET", "/api/order-sums?programme=south", "", 200, `{"status":"paid","currency":"EUR","n":1,"amount":900}`, "129900"},
			{"of nobody", "vic", "GET", "/api/orders?nobody=true", "", 200, "BW-S-3", "BW-S-1"},
			{"one's own programme alone", "nia", "GET", "/api/orders", "", 200, "BW-S-1", "BW-S-3"},
			{"what they come to", "vic", "GET", "/api/order-sums", "", 200, `{"status":"paid","currency":"EUR","n":2,"amount":130800}`, ""},
			{"of one's own programme", "nia", "GET", "/api/order-sums", "", 200, `{"status":"paid","currency":"EUR","n":1,"amount":129900}`, "130800"},
			{"lately", "vic", "GET", "/api/order-sums?since=" + since, "", 200, `{"status":"paid","currency":"EUR","n":1,"amount":900}`, "130800"},
			{"from where", "vic", "GET", "/api/order-sums", "", 200, `"sources":["shop"]`, ""},
			{"there are no sums of words", "vic", "GET", "/api/order-sums?q=kettle", "", 200, `"known":false`, "129900"},
			{"as CSV", "vic", "GET", "/api/orders.csv?status=paid", "", 200, `BW-S-1,S-1,paid,nils,129900,EUR,shop`, "S-2"},
			{"in which nothing runs", "vic", "GET", "/api/orders.csv?status=placed", "", 200, "1 × =cmd", ",=cmd"},
			{"one, with what was counted", "vic", "GET", first, "", 200, `"amount":-129900,"currency":"EUR","at":"0001-01-01T00:00:00Z","back":true`, ""},
			{"not a stranger's", "sue", "GET", first, "", 404, "", "BW"},
		})
	})
}

// TestSumsAreWhatOrdersComeTo changes orders at random; what is kept of them is
// what they come to, also when it is made anew.
func TestSumsAreWhatOrdersComeTo(t *testing.T) {
	houses(t, func(h *house) {
		r := rand.New(rand.NewPCG(59, 1))
		status := []string{"placed", "paid", "sent", "done", "cancelled", "refunded"}
		type kept struct {
			status, currency string
			amount           int64
		}
		all := map[string]kept{}
		check := func() {
			t.Helper()
			want := map[[2]string][2]int64{}
			for _, o := range all {
				k := [2]string{o.status, o.currency}
				want[k] = [2]int64{want[k][0] + 1, want[k][1] + o.amount}
			}
			sums, ok, err := h.books.Sums(asSystem(), deal.OrderFilter{})
			if err != nil || !ok || len(sums) != len(want) {
				t.Fatalf("%+v, %v; want %v", sums, err, want)
			}
			for _, s := range sums {
				if w := want[[2]string{s.Status, s.Currency}]; w != [2]int64{s.N, s.Amount} {
					t.Fatalf("%+v, want %v", s, w)
				}
			}
		}
		for range 80 {
			x := kept{status[r.IntN(6)], []string{"EUR", "JPY"}[r.IntN(2)], int64(r.IntN(9000))}
			external := fmt.Sprint("o", r.IntN(15))
			h.now.Add(time.Second)
			if _, _, err := h.books.Upsert(asSystem(), deal.Order{External: external, Status: x.status, Currency: x.currency, Amount: x.amount, Source: strings.Repeat("s", r.IntN(3)),
				At: h.now.Now().AddDate(0, 0, -r.IntN(50))}, deal.Buyer{}); err != nil {
				t.Fatal(err)
			}
			all[external] = x
		}
		check()
		db := h.persons.DB
		if err := db.InTx(asSystem(), func(ctx context.Context) error {
			for _, q := range []string{"DELETE FROM order_day", "DELETE FROM business_term WHERE kind = 'order'"} {
				if _, err := db.IDB(ctx).NewRaw(q).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := h.books.Open(asSystem()); err != nil {
			t.Fatal(err)
		}
		check()
		if found, _, err := h.books.Store.Orders(asSystem(), deal.OrderQuery{OrderFilter: deal.OrderFilter{Words: "o1"}}); err != nil || len(found) == 0 {
			t.Errorf("their words are not made anew: %v, %v", found, err)
		}
	})
}
