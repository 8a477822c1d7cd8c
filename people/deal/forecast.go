package deal

import (
	"cmp"
	"slices"
)

// ByStage adds totals up over the months.
func ByStage(totals []Total) []Total {
	var out []Total
	for _, t := range totals {
		t.Month = ""
		i := slices.IndexFunc(out, func(x Total) bool { return x.Stage == t.Stage && x.Currency == t.Currency })
		if i < 0 {
			out = append(out, t)
			continue
		}
		out[i].N += t.N
		out[i].Amount += t.Amount
	}
	return out
}

// Due is what is open and should close in a month.
type Due struct {
	Month, Currency  string
	N                int
	Amount, Weighted int64
}

// ByMonth adds up what is open by month, in order; those without a day come
// last. Weighted is each amount times the probability of its stage.
func ByMonth(p Pipeline, totals []Total) []Due {
	var out []Due
	for _, t := range totals {
		s, ok := p.Stage(t.Stage)
		if !ok || s.Kind != Open {
			continue
		}
		i := slices.IndexFunc(out, func(x Due) bool { return x.Month == t.Month && x.Currency == t.Currency })
		if i < 0 {
			i = len(out)
			out = append(out, Due{Month: t.Month, Currency: t.Currency})
		}
		out[i].N += t.N
		out[i].Amount += t.Amount
		out[i].Weighted += t.Amount * int64(s.Probability) / 100
	}
	slices.SortFunc(out, func(a, b Due) int {
		if (a.Month == "") != (b.Month == "") {
			return cmp.Compare(b.Month, a.Month)
		}
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Currency, b.Currency))
	})
	return out
}
