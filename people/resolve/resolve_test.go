package resolve_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/people/dirty"
	"github.com/parley-crm/parley/people/resolve"
)

func find(t *testing.T, records ...resolve.Record) resolve.Result {
	t.Helper()
	r, err := resolve.Resolve(context.Background(), records, resolve.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// bystanders are people among whom names and places get their weight.
func bystanders() []resolve.Record {
	records, _ := dirty.Records(dirty.Kind{World: "south", Columns: strings.Fields("given family street city postcode birth phone email"),
		Doubles: 2, Double: .3, Errors: 2, Missing: .1, Mates: .2}, 400, 3)
	return records
}

func TestWhoIsWho(t *testing.T) {
	type r = resolve.Record
	full := r{Given: "Gwendolyn", Family: "O'Rourke", Birth: "1987-02-13", Street: "12 Harbour Road", City: "Fremantle", Postcode: "6160"}
	with := func(change func(*r)) r { x := full; change(&x); return x }
	tests := []struct {
		name string
		a, b r
		same bool
	}{
		{"an equal record", full, full, true},
		{"a letter wrong and accents", full, with(func(x *r) { x.Family, x.City = "Ó Rourke", "Freemantle" }), true},
		{"names in each other's place", full, with(func(x *r) { x.Given, x.Family = x.Family, x.Given }), true},
		{"a pet name and a short street", full, with(func(x *r) { x.Given, x.Street = "Gwen", "12 Harbour Rd." }), true},
		{"day and month swapped", full, with(func(x *r) { x.Birth = "13/02/1987" }), true},
		{"a date without anything between", full, with(func(x *r) { x.Birth = "19870213" }), true},
		{"a day that does not exist", with(func(x *r) { x.Birth = "19870231" }), with(func(x *r) { x.Birth = "19870231" }), true},
		{"moved, born the same day, rare name", full, with(func(x *r) { x.Street, x.City, x.Postcode = "3 Elm Court", "Hobart", "7000" }), true},
		{"a twin", full, with(func(x *r) { x.Given = "Fiona" }), false},
		{"a daughter of the same name", full, with(func(x *r) { x.Birth = "2011-09-30" }), false},
		{"only the name", r{Given: "Gwendolyn", Family: "O'Rourke"}, r{Given: "Gwendolyn", Family: "O'Rourke"}, false},
		{"the name, and a city that differs", r{Given: "Ada", Family: "Archer", City: "Bonn"}, r{Given: "Ada", Family: "Archer", City: "Kiel"}, false},
		{"a phone written in two ways", r{Given: "Gwen", Family: "ORourke", Phone: "0412 345 678", Country: "AU"}, r{Given: "Gwendolyn", Family: "O'Rourke", Phone: "+61 412 345 678"}, true},
		{"an address with a tag", r{Family: "Rourke", Given: "G.", Email: "Gwen.Rourke+shop@gmail.com"}, r{Given: "Gwen", Email: "gwenrourke@googlemail.com"}, true},
		{"a name that only the address says", r{Given: "Gwen", Family: "Rourke", Phone: "0412345678"}, r{Family: "Rourke", Phone: "0412345678", Email: "gwen.rourke@x.example"}, true},
		{"another name that only the address says", r{Given: "Gwen", Family: "Rourke", Phone: "0412345678"}, r{Family: "Rourke", Phone: "0412345678", Email: "patrick.rourke@x.example"}, false},
		{"two of one telephone", r{Given: "Gwendolyn", Family: "O'Rourke", Phone: "0412345678", Email: "gwen@x.example"}, r{Given: "Patrick", Family: "O'Rourke", Phone: "0412345678", Email: "pat@y.example"}, false},
		{"nothing at all", r{}, r{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := find(t, append([]r{test.a, test.b}, bystanders()...)...)
			if same := got.Person[0] == got.Person[1]; same != test.same {
				t.Errorf("same person: %v, want %v", same, test.same)
			}
			for i := 2; i < len(got.Person); i++ {
				if got.Person[i] < 2 {
					t.Fatalf("a bystander was taken for %d", got.Person[i])
				}
			}
		})
	}
}

func TestReasons(t *testing.T) {
	r := find(t,
		resolve.Record{Given: "Gwen", Family: "Rourke", Phone: "0412345678", City: "Perth"},
		resolve.Record{Given: "Zoe", Family: "Haas", Phone: "0499999999", City: "Perth"},
		resolve.Record{Given: "Gwendolyn", Family: "Rourke", Phone: "0412 345 678", City: "Hobart"})
	if len(r.Links) != 1 || r.Links[0].A != 0 || r.Links[0].B != 2 {
		t.Fatalf("links %+v", r.Links)
	}
	if got := strings.Join(r.Links[0].Reasons, "; "); got != "same phone; same surname; similar given name; city differs" {
		t.Errorf("reasons: %s", got)
	}
}

// TestDatesThatCanNotBe: among thousands two of a common name were born on
// similar days, and two records of which one has a year that can't be are one
// person's.
func TestDatesThatCanNotBe(t *testing.T) {
	records, _ := dirty.Records(dirty.Kind{World: "europe", Columns: strings.Fields("given family birth"), Doubles: 1, Double: .15, Errors: 1}, 5000, 3)
	maria := func(birth string) resolve.Record {
		return resolve.Record{Given: "Maria", Family: "Müller", Birth: birth}
	}
	r := find(t, append([]resolve.Record{maria("19510306"), maria("79510306"), maria("19681124"), maria("19681125")}, records...)...)
	if r.Person[1] != r.Person[0] {
		t.Error("of 1951 and 7951 two persons were made")
	}
	if r.Person[3] == r.Person[2] {
		t.Error("of two days one person was made")
	}
}

// TestNamesakes: in a small file the name and a city are not enough, in one in
// which it shows how rare both are they may be.
func TestNamesakes(t *testing.T) {
	two := []resolve.Record{{Given: "Gwendolyn", Family: "Rourke", City: "Nannup"}, {Given: "Gwendolin", Family: "Rourke", City: "Nannup"}}
	if r := find(t, two...); r.Person[0] == r.Person[1] {
		t.Error("two of one name and city were joined, of two")
	}
	if r := find(t, append(two, bystanders()...)...); r.Person[0] != r.Person[1] {
		t.Error("two of a rare name and a rare city were not joined, of hundreds")
	}
}

// TestChains: each house resembles the next, the first and the last are
// strangers; and they are not made one person link by link.
func TestChains(t *testing.T) {
	records := bystanders()
	from := len(records)
	day := []string{"19800101", "19800102", "19800122", "19801122", "19811122", "19911122", "29911122"}
	for _, d := range day {
		records = append(records, resolve.Record{Given: "Ada", Family: "Rourke", Birth: d})
	}
	r := find(t, records...)
	if r.Person[from] == r.Person[from+len(day)-1] {
		t.Errorf("a chain of half-likenesses was taken for one person: %v", r.Person[from:])
	}
}

// TestTwinsOfManyRecords: each twin has several records, and one without a given
// name may be either's. It does not make one person of them.
func TestTwinsOfManyRecords(t *testing.T) {
	records := bystanders()
	from := len(records)
	for _, given := range []string{"Jessica", "Jessica", "Jesica", "Joshua", "Joshua", "Josua", ""} {
		records = append(records, resolve.Record{Given: given, Family: "Rourke", Birth: "19270303", Street: "24 Kingsford Crescent", City: "Nannup", Postcode: "8032"})
	}
	records[from+1].City, records[from+4].City = "Nanup", "Nannupp"
	got := find(t, records...).Person[from:]
	if want := []int{from, from, from, from + 3, from + 3, from + 3}; !slices.Equal(got[:6], want) {
		t.Errorf("twins are %v, want %v", got, want)
	}
}

func TestTheSameInputGivesTheSamePersons(t *testing.T) {
	records := slices.Concat(bystanders(), bystanders())
	half := len(records) / 2
	for i := range half {
		records[half+i].Given += "x"
	}
	one, err := resolve.Resolve(context.Background(), records, resolve.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	three, err := resolve.Resolve(context.Background(), records, resolve.Options{Workers: 3})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(one.Person, three.Person) {
		t.Error("the number of workers changed who is who")
	}
	if one.Person[half] != one.Person[0] {
		t.Error("a letter too many made another person")
	}
}

// TestWorkIsBounded: so many records that resemble one another would be
// billions of pairs.
func TestWorkIsBounded(t *testing.T) {
	n := 20_000
	equal := make([]resolve.Record, n)
	for i := range equal {
		equal[i] = resolve.Record{Given: "Ada", Family: "Archer", Phone: "0412345678", City: "Perth", Birth: "1980-01-02"}
	}
	r := find(t, equal...)
	if r.Person[n-1] != 0 || r.Compared > 10 {
		t.Errorf("equal records: person %d after %d pairs", r.Person[n-1], r.Compared)
	}
	for i := range equal {
		equal[i].Street = fmt.Sprintf("%d Main Street", i)
	}
	if r = find(t, equal...); r.Compared > int64(400*n) {
		t.Errorf("%d records cost %d pairs", n, r.Compared)
	}
}

func TestStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := resolve.Resolve(ctx, bystanders(), resolve.Options{}); err == nil {
		t.Error("it went on after the end of ctx")
	}
}
