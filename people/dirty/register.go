package dirty

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/parley-crm/parley/people/resolve"
)

// register makes records as programs do that try such methods: originals, of
// which some lack values, and doubles of some of them, each with up to Errors
// changes, of which up to PerValue in one value. Unlike in the other make, what
// an original lacks all its doubles lack, nobody moves, and a double may be
// spoilt beyond recognition.
func (w *world) register(k Kind, n int) (all []resolve.Record, person []int) {
	doubles := int(k.Share * float64(n))
	var last resolve.Record
	for who := range n - doubles {
		r := w.person()
		if who > 0 && w.chance(k.Mates) {
			r = w.mate(last, k.Traps)
		} else if k.Apart {
			r.City, r.Region = w.common(w.towns), w.regions[w.r.IntN(len(w.regions))]
			r.Postcode = strconv.Itoa(1000 + w.r.IntN(2500)*3)
		}
		last = r
		if w.chance(k.Middle) && !strings.Contains(r.Given, " ") {
			r.Given += " " + w.common(w.givens)
		}
		all = append(all, w.forget(r, k))
		person = append(person, who)
	}
	for _, who := range w.r.Perm(n - doubles) {
		for range w.extra(Kind{Double: 1, Doubles: k.Doubles, Spread: k.Spread}) {
			if len(all) == n {
				return all, person
			}
			all = append(all, w.alter(all[who], k))
			person = append(person, who)
		}
	}
	return all, person
}

// alter makes a double.
func (w *world) alter(r resolve.Record, k Kind) resolve.Record {
	cols := k.columns()
	changed := map[string]int{}
	for range 1 + w.r.IntN(k.Errors) {
		c := cols[w.r.IntN(len(cols))]
		if *field(&r, c) == "" || changed[c] == max(k.PerValue, 1) {
			continue
		}
		changed[c]++
		w.change(&r, c)
	}
	return r
}

// change makes one change in a value.
func (w *world) change(r *resolve.Record, c string) {
	f := field(r, c)
	x := w.r.IntN(100)
	switch {
	case *f == "":
	case x < 7:
		*f = ""
	case x < 11:
		other := w.person()
		*f = *field(&other, c)
	case c == "birth":
		*f = w.redate(*f, x)
	case (c == "given" || c == "family") && x < 15:
		r.Given, r.Family = r.Family, r.Given
	case c == "given" && x < 20:
		*f = w.petName(*f)
	case c == "given" && x < 23:
		*f = string([]rune(*f)[:1])
	case c == "street" && x < 25:
		if number, rest, ok := strings.Cut(*f, " "); ok {
			if x < 18 {
				*f = w.typo("0" + number)[1:] + " " + rest
			} else {
				*f = rest
			}
		}
	case c == "street" && x < 32:
		if words := strings.Fields(*f); len(words) > 2 {
			*f = strings.Join(words[:len(words)-1], " ")
		}
	case c == "postcode" && x < 40 && len(*f) > 2:
		*f = swapped(*f, w.r.IntN(len(*f)-1))
	default:
		*f = w.typo(*f)
	}
}

// redate changes a date of birth: digits that change places or are others, day
// and month swapped, the year before.
func (w *world) redate(s string, x int) string {
	if len(s) != 8 {
		return w.typo(s)
	}
	switch {
	case x < 40:
		return swapped(s, 2+w.r.IntN(5))
	case x < 75:
		i := 1 + w.r.IntN(7)
		return s[:i] + strconv.Itoa(w.r.IntN(10)) + s[i+1:]
	case x < 87:
		return s[:4] + s[6:] + s[4:6]
	}
	year, err := strconv.Atoi(s[:4])
	if err != nil {
		return w.typo(s)
	}
	return fmt.Sprintf("%04d%s", year-1+2*w.r.IntN(2), s[4:])
}

func swapped(s string, i int) string { return s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:] }
