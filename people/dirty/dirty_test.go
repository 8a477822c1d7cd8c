package dirty_test

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"github.com/parley-crm/parley/people/dirty"
	"github.com/parley-crm/parley/people/resolve"
)

// TestFloors keeps quality from slipping unseen. `parley eval resolve` prints
// the figures of kinds that nothing was chosen by. Where names come without a
// birth date, a street or an account, and accounts without names, there is not
// enough to tell housemates apart: precision holds, recall is what it can be.
func TestFloors(t *testing.T) {
	floors := map[string]struct{ precision, f1 float64 }{
		"one double each":            {.995, .98},
		"up to nine doubles":         {.99, .97},
		"whole households":           {.985, .975},
		"name, birth, city, e-mail":  {.99, .98},
		"name, city, postcode":       {.93, .8},
		"street and phone, no birth": {.97, .87},
		"name, e-mail, phone":        {.98, .96},
		"e-mail and phone":           {.97, .83},
		"e-mail, phone, handle":      {.985, .97},
		"contacts of accounts":       {.985, .95},
		"name, postcode, birth":      {.975, .965},
		"name, city, birth":          {.975, .96},
		"name and birth":             {.97, .92},
		"many countries":             {.985, .98},
	}
	for _, k := range dirty.Tuning() {
		records, truth := dirty.Records(k, 1500, 11)
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
	if err := dirty.Table(context.Background(), &out, dirty.Tuning()[:1], []int{100}, 3); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(strings.TrimSpace(out.String()), "\n"); len(lines) != 2 || !strings.HasPrefix(lines[1], "one double each") {
		t.Errorf("the table is\n%s", out.String())
	}
}
