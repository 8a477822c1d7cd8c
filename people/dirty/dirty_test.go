package dirty_test

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/people/dirty"
	"github.com/parley-crm/parley/people/resolve"
)

// TestFloors keeps quality from slipping unseen, on the kinds that the method
// was made with and on those that nothing was chosen by (`parley eval resolve`
// prints their figures). Where names come without a
// birth date, a street or an account, and accounts without names, there is not
// enough to tell housemates apart: precision holds, recall is what it can be.
func TestFloors(t *testing.T) {
	floors := map[string]struct{ precision, f1 float64 }{
		"one double each":              {0.995, 0.992},
		"up to nine doubles":           {0.995, 0.988},
		"whole households":             {0.995, 0.988},
		"name, birth, city, e-mail":    {0.995, 0.986},
		"members: birth, city, e-mail": {0.995, 0.986},
		"name, city, postcode":         {0.934, 0.850},
		"street and phone, no birth":   {0.977, 0.910},
		"name, e-mail, phone":          {0.991, 0.978},
		"e-mail and phone":             {0.993, 0.870},
		"e-mail, phone, handle":        {0.995, 0.988},
		"contacts of accounts":         {0.994, 0.960},
		"name, postcode, birth":        {0.99, 0.982},
		"name, city, birth":            {0.995, 0.985},
		"name and birth":               {0.99, 0.950},
		"many countries":               {0.995, 0.992},
		"register: half are doubles":   {0.995, 0.992},
		"register: spoilt most":        {0.995, 0.970},
		"register: up to four doubles": {0.995, 0.850},
		"register with a phone":        {0.993, 0.910},
		"register: birth, city, code":  {0.994, 0.960},
		"patients, one double each":    {0.995, 0.987},
		"patients, up to nine":         {0.995, 0.979},
		"name, birth, city, flat":      {0.995, 0.993},
		"voters: name, city, postcode": {0.951, 0.890},
		"customers: street and phone":  {0.993, 0.880},
		"list, one double each":        {0.995, 0.991},
		"list, a fifth are doubles":    {0.995, 0.991},
		"list, up to five doubles":     {0.995, 0.960},
		"list of families":             {0.995, 0.950},
		"list with half of the phones": {0.993, 0.900},
		"list: birth, city, postcode":  {0.981, 0.960},
		"list, a third missing":        {0.995, 0.984},
	}
	for i, k := range slices.Concat(dirty.Tuning(), dirty.Held()) {
		n, seed := 1500, uint64(11)
		if i >= len(dirty.Tuning()) {
			n, seed = 1000, dirty.HeldSeed+1
		}
		records, truth := dirty.Records(k, n, seed)
		r, err := resolve.Resolve(context.Background(), records, resolve.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, floor := dirty.Measure(truth, r.Person), floors[k.Name]
		t.Logf("%-28s precision %.4f recall %.4f F1 %.4f", k.Name, s.Precision, s.Recall, s.F1)
		if floor.f1 == 0 || s.Precision < floor.precision || s.F1 < floor.f1 {
			t.Errorf("%s: precision %.4f and F1 %.4f, want at least %.3f and %.3f", k.Name, s.Precision, s.F1, floor.precision, floor.f1)
		}
	}
}

func TestTheSameSeedGivesTheSameRecords(t *testing.T) {
	k := dirty.Tuning()[2]
	a, who := dirty.Records(k, 500, 4)
	b, again := dirty.Records(k, 500, 4)
	c, _ := dirty.Records(k, 500, 5)
	if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(who, again) {
		t.Error("the same seed gave other records")
	}
	if reflect.DeepEqual(a, c) {
		t.Error("another seed gave the same records")
	}
}

func TestMeasure(t *testing.T) {
	tests := []struct {
		name              string
		truth, answer     []int
		precision, recall float64
	}{
		{"all right", []int{1, 1, 2, 3}, []int{7, 7, 8, 9}, 1, 1},
		{"nothing joined", []int{1, 1, 2}, []int{1, 2, 3}, 1, 0},
		{"all joined", []int{1, 1, 2, 2}, []int{5, 5, 5, 5}, 2. / 6, 1},
		{"half found", []int{1, 1, 2, 2}, []int{5, 5, 6, 7}, 1, .5},
	}
	for _, test := range tests {
		if s := dirty.Measure(test.truth, test.answer); s.Precision != test.precision || s.Recall != test.recall {
			t.Errorf("%s: %+v, want precision %v and recall %v", test.name, s, test.precision, test.recall)
		}
	}
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	if err := dirty.Table(context.Background(), &out, dirty.Tuning()[:1], []int{100}, 3, true); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(strings.TrimSpace(out.String()), "\n"); len(lines) != 2 || !strings.HasPrefix(lines[1], "one double each") {
		t.Errorf("the table is\n%s", out.String())
	}
}

// TestLimit: where everything tells people apart the limit is near 1, where
// nothing does it is far from it.
func TestLimit(t *testing.T) {
	limit := func(k dirty.Kind) float64 {
		records, truth := dirty.Records(k, 600, 5)
		_, _, f1, err := resolve.Limit(context.Background(), records, truth, .995)
		if err != nil {
			t.Fatal(err)
		}
		return f1
	}
	good := dirty.Tuning()[0]
	poor := good
	poor.Columns, poor.Mates, poor.Missing = []string{"family", "city"}, .5, .2
	if g, p := limit(good), limit(poor); g < .97 || p > .8 {
		t.Errorf("the limits are %.3f of good records and %.3f of poor ones", g, p)
	}
}

// TestRegister: so many are doubles, of nobody more than there may be, and what
// an original lacks none of its doubles has.
func TestRegister(t *testing.T) {
	k := dirty.Kind{World: "south", Columns: strings.Fields("given family birth postcode"), Share: .6, Doubles: 3, Spread: "zipf", Errors: 1, PerValue: 1, Missing: .2}
	records, person := dirty.Records(k, 1000, 4)
	many, unborn := map[int]int{}, map[int]int{}
	for i, who := range person {
		many[who]++
		if records[i].Birth == "" {
			unborn[who]++
		}
		if records[i].Street != "" {
			t.Fatalf("a street where none is kept: %+v", records[i])
		}
	}
	if len(records) != 1000 || len(many) != 400 {
		t.Errorf("%d records of %d persons, want 1000 of 400", len(records), len(many))
	}
	whole := 0
	for who, n := range many {
		if n > 4 {
			t.Errorf("somebody has %d records", n)
		}
		if n > 1 && unborn[who] == n {
			whole++
		}
	}
	if whole < 20 {
		t.Errorf("the birth date is missing in all records of %d persons", whole)
	}
}
