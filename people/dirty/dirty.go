// Package dirty makes records of people who do not exist, as carelessly as
// real ones are kept: misspelt, misheard, misread by a scanner, swapped,
// moved, married, half empty, several times each, and among them twins,
// fathers and sons of one name, and whole households. It knows the truth, so
// that resolve can be measured.
//
// The same kind and seed give the same records.
package dirty

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/parley-crm/parley/people/resolve"
)

// Kind is a way of keeping records.
type Kind struct {
	Name string
	// Columns are those that are kept; empty means all.
	Columns []string
	// World is where the names come from: "south", "north", "europe", "flat"
	// (all names equally common) or "mixed" (many countries and scripts of
	// writing).
	World string
	// Doubles is how many further records a person has: uniform up to the
	// first figure with a chance of the second.
	Doubles int
	Double  float64
	// Spread is "zipf" or "poisson" where most have few doubles.
	Spread string
	// Errors is how many errors a double has, at most, and Missing how often
	// a value is left out of any record.
	Errors  int
	Missing float64
	// PerField, instead of Errors, is how often each value of a double is
	// wrong; Lost is how often a value of a column is left out, besides
	// Missing.
	PerField float64
	Lost     map[string]float64
	// Both: there is no clean original, the first record has errors too.
	Both bool
	// Slips: letters go wrong in the shares that were counted in print.
	Slips bool
	// Mates is how often a person is of another's household; Traps how often
	// such a mate is a twin or a child of the same name.
	Mates, Traps float64
	// Share, instead of Double: this share of the records are doubles, made as
	// register says, with up to PerValue changes in one value. Apart: city,
	// postcode and region have nothing to do with one another. Middle is how
	// often there is a second given name.
	Share    float64
	PerValue int
	Apart    bool
	Middle   float64
	// Moves and Weds: how often a double lives elsewhere, or has another
	// surname.
	Moves, Weds float64
}

// Records makes about n records of a kind and says who is behind each.
func Records(k Kind, n int, seed uint64) (records []resolve.Record, person []int) {
	w := newWorld(k.World, n, seed)
	var last resolve.Record
	var all []resolve.Record
	if k.Share > 0 {
		all, person = w.register(k, n)
	}
	for who := 0; len(all) < n; who++ {
		var r resolve.Record
		if who > 0 && w.chance(k.Mates) {
			r = w.mate(last, k.Traps)
		} else {
			r = w.person()
		}
		last = r
		many := 1 + w.extra(k)
		for i := range many {
			d := r
			if i > 0 || k.Both {
				d = w.spoil(d, k)
			}
			d = w.forget(d, k)
			all = append(all, d)
			person = append(person, who)
		}
	}
	order := w.r.Perm(len(all))
	records = make([]resolve.Record, len(all))
	truth := make([]int, len(all))
	for i, j := range order {
		records[i], truth[i] = all[j], person[j]
		records[i].ID = fmt.Sprintf("r%d", i)
	}
	return records, truth
}

// Score of an answer, by pairs.
type Score struct {
	Precision, Recall, F1 float64
}

// Measure compares an answer with the truth.
func Measure(truth, answer []int) Score {
	pairs := func(count map[[2]int]int) float64 {
		sum := 0.0
		for _, n := range count {
			sum += float64(n) * float64(n-1) / 2
		}
		return sum
	}
	both, t, a := map[[2]int]int{}, map[[2]int]int{}, map[[2]int]int{}
	for i := range truth {
		both[[2]int{truth[i], answer[i]}]++
		t[[2]int{truth[i]}]++
		a[[2]int{answer[i]}]++
	}
	s := Score{Precision: 1, Recall: 1}
	if n := pairs(a); n > 0 {
		s.Precision = pairs(both) / n
	}
	if n := pairs(t); n > 0 {
		s.Recall = pairs(both) / n
	}
	if s.Precision+s.Recall > 0 {
		s.F1 = 2 * s.Precision * s.Recall / (s.Precision + s.Recall)
	}
	return s
}

// Table resolves records of each kind and size, and prints how well. With
// limit it adds the best F1 at a precision of 0.995 that a threshold reaches
// when it is known who is who.
func Table(ctx context.Context, out io.Writer, kinds []Kind, sizes []int, seed uint64, limit bool) error {
	more := ""
	if limit {
		more = fmt.Sprintf(" %9s", "at most")
	}
	if _, err := fmt.Fprintf(out, "%-28s %-7s %8s %9s %7s %7s %10s%s\n", "kind", "world", "records", "precision", "recall", "F1", "records/s", more); err != nil {
		return err
	}
	for _, k := range kinds {
		for _, n := range sizes {
			records, truth := Records(k, n, seed)
			start := time.Now()
			r, err := resolve.Resolve(ctx, records, resolve.Options{})
			if err != nil {
				return err
			}
			speed := float64(len(records)) / time.Since(start).Seconds()
			s := Measure(truth, r.Person)
			if limit {
				_, _, f1, err := resolve.Limit(ctx, records, truth, .995)
				if err != nil {
					return err
				}
				more = fmt.Sprintf(" %9.4f", f1)
			}
			if _, err := fmt.Fprintf(out, "%-28s %-7s %8d %9.4f %7.4f %7.4f %10.0f%s\n", k.Name, k.World, len(records), s.Precision, s.Recall, s.F1, speed, more); err != nil {
				return err
			}
		}
	}
	return nil
}

var address = []string{"given", "family", "street", "city", "postcode", "region", "birth"}

// field returns the place of a column in a record.
func field(r *resolve.Record, column string) *string {
	switch column {
	case "given":
		return &r.Given
	case "family":
		return &r.Family
	case "email":
		return &r.Email
	case "phone":
		return &r.Phone
	case "handle":
		return &r.Handle
	case "street":
		return &r.Street
	case "city":
		return &r.City
	case "postcode":
		return &r.Postcode
	case "region":
		return &r.Region
	case "country":
		return &r.Country
	}
	return &r.Birth
}

var every = []string{"given", "family", "email", "phone", "handle", "street", "city", "postcode", "region", "country", "birth"}

func (k Kind) columns() []string {
	if len(k.Columns) > 0 {
		return k.Columns
	}
	return every
}

// forget empties what is not kept, and some of what is.
func (w *world) forget(r resolve.Record, k Kind) resolve.Record {
	kept := " " + strings.Join(k.columns(), " ") + " "
	left := 0
	for _, c := range every {
		f := field(&r, c)
		if !strings.Contains(kept, " "+c+" ") {
			*f = ""
		} else if *f != "" {
			left++
		}
	}
	for _, c := range k.columns() {
		if f := field(&r, c); *f != "" && left > 1 && w.chance(k.Missing+k.Lost[c]) {
			*f = ""
			left--
		}
	}
	return r
}

// spoil makes a double of a record.
func (w *world) spoil(r resolve.Record, k Kind) resolve.Record {
	if w.chance(k.Moves) {
		elsewhere := w.person()
		r.Street, r.City, r.Postcode, r.Region = elsewhere.Street, elsewhere.City, elsewhere.Postcode, elsewhere.Region
	}
	if w.chance(k.Weds) {
		r.Family = w.family()
	}
	if w.chance(.1) {
		r.Phone = w.otherwise(r.Phone)
	}
	cols := k.columns()
	if w.name == "mixed" {
		r = w.abroad(r)
	}
	if k.PerField > 0 {
		for _, c := range cols {
			if w.chance(k.PerField) {
				w.wrong(&r, c, k)
			}
		}
		return r
	}
	for range 1 + w.r.IntN(k.Errors) {
		c := cols[w.r.IntN(len(cols))]
		f := field(&r, c)
		switch {
		case *f == "":
		case (c == "given" || c == "family") && w.chance(.06):
			r.Given, r.Family = r.Family, r.Given
		case c == "given" && w.chance(.12):
			*f = w.petName(*f)
		case c == "given" && w.chance(.04):
			*f = string([]rune(*f)[:1])
		case c == "birth" && w.chance(.15) && len(*f) == 8:
			*f = (*f)[:4] + (*f)[6:] + (*f)[4:6]
		case (c == "email" || c == "phone" || c == "handle") && w.chance(.2):
			other := w.person()
			*f = *field(&other, c)
		case w.chance(.04):
			other := w.person()
			*f = *field(&other, c)
		case w.chance(.08):
			*f = ""
		default:
			*f = w.typo(*f)
		}
	}
	return r
}

// otherwise writes a telephone number in another way.
func (w *world) otherwise(s string) string {
	if len(s) < 8 {
		return s
	}
	return s[:4] + " " + s[4:7] + "-" + s[7:]
}
