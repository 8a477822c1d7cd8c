package dirty

import (
	"math"
	"strings"

	"github.com/parley-crm/parley/people/resolve"
)

// slip is how people mistype, in the shares that were counted in print: of ten
// misspelt words, nine have one error; a third of the errors are letters left
// out, somewhat fewer are letters added (mostly doubled) or replaced, an eighth
// swapped; the first letter is seldom wrong.
func (w *world) slip(s string) string {
	s = w.oneSlip(s)
	if w.chance(.08) {
		s = w.oneSlip(s)
	}
	return s
}

func (w *world) oneSlip(s string) string {
	runes := []rune(s)
	if len(runes) < 3 {
		return s
	}
	i := 1 + w.r.IntN(len(runes)-1)
	if w.chance(.07) {
		i = 0
	}
	digit := runes[i] >= '0' && runes[i] <= '9'
	other := runes[i]
	if other < 128 {
		other = rune(w.neighbour(byte(other)))
	}
	x := w.r.IntN(100)
	if digit {
		x = 60 + w.r.IntN(40) // numbers keep their length, mostly
		if w.chance(.1) {
			x = w.r.IntN(60)
		}
	}
	switch {
	case x < 35:
		return string(runes[:i]) + string(runes[i+1:])
	case x < 52:
		return string(runes[:i]) + string(runes[i]) + string(runes[i:]) // twice
	case x < 62:
		return string(runes[:i]) + string(other) + string(runes[i:])
	case x < 86 || i == 0:
		runes[i] = other
	default:
		runes[i-1], runes[i] = runes[i], runes[i-1]
	}
	return string(runes)
}

// wrong puts an error into one column of a record.
func (w *world) wrong(r *resolve.Record, c string, k Kind) {
	f := field(r, c)
	typo := w.typo
	if k.Slips {
		typo = w.slip
	}
	switch x := w.r.IntN(100); {
	case *f == "":
	case c == "given" && x < 12:
		*f = w.petName(*f)
	case c == "given" && x < 16:
		*f = string([]rune(*f)[:1])
	case (c == "given" || c == "family") && x < 22:
		r.Given, r.Family = r.Family, r.Given
	case c == "family" && x < 26:
		*f = *f + "-" + w.family()
	case c == "birth" && len(*f) == 8 && x < 14: // day and month
		*f = (*f)[:4] + (*f)[6:] + (*f)[4:6]
	case c == "birth" && len(*f) == 8 && x < 22:
		*f = (*f)[:4] + "0101"
	case c == "email" && x < 20: // another account of the same person
		other := *r
		w.accounts(&other)
		*f = other.Email
	case c == "email" && x < 32:
		local, _, _ := strings.Cut(*f, "@")
		*f = local + "@" + w.hosts()
	case (c == "phone" || c == "handle") && x < 22:
		other := w.person()
		*f = *field(&other, c)
	case (c == "street" || c == "city") && x < 8:
		other := w.person()
		*f = *field(&other, c)
	case c == "street" && x < 16:
		if _, rest, ok := strings.Cut(*f, " "); ok {
			*f = rest // without its number
		}
	default:
		*f = typo(*f)
	}
}

// extra is how many further records a person has.
func (w *world) extra(k Kind) int {
	if !w.chance(k.Double) {
		return 0
	}
	switch k.Spread {
	case "zipf":
		sum := 0.0
		for i := range k.Doubles {
			sum += 1 / float64(i+1)
		}
		x := w.r.Float64() * sum
		for i := range k.Doubles {
			if x -= 1 / float64(i+1); x < 0 {
				return i + 1
			}
		}
		return k.Doubles
	case "poisson":
		n, p, limit := 0, 1.0, math.Exp(-1.5)
		for p *= w.r.Float64(); p > limit && n < k.Doubles-1; p *= w.r.Float64() {
			n++
		}
		return n + 1
	}
	return 1 + w.r.IntN(k.Doubles)
}
