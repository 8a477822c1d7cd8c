package place

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/parley-crm/parley/social"
)

// Find returns branches that the actor may see and cities, by the beginning
// of their names: branches by any word of theirs.
func (b *Book) Find(ctx context.Context, text string, limit int) ([]Branch, []City) {
	want := fold(text)
	if want == "" {
		return nil, nil
	}
	var out []Branch
	a := b.Atlas()
	for _, id := range a.order {
		br := a.branches[id]
		if !social.ScopeOf(ctx).Sees(br.Programme) || len(out) == limit {
			continue
		}
		if words := " " + fold(br.Name+" "+br.Code+" "+br.City+" "+br.Street); strings.Contains(words, " "+want) {
			out = append(out, br)
		}
	}
	return out, World().Beginning(text, limit)
}

// Rated is a text with its rating.
type Rated struct {
	Text   string
	Rating float64
}

// Word is a word with how many reviews say it and how those rate.
type Word struct {
	Word    string
	Reviews int
	Mean    float64
}

// little are words that say nothing about a place.
var little = set(`the and for was were with that this they them their there then than have has had not but you your our are its it's from very just all one out get got
would will can could what when who how why been being because about after again also only over more most much many some any into her his she him too well did does
didn doesn don isn wasn won off here every even still ever never really quite always today yesterday week time place store shop branch cafe people went came back same let try last five four three two first friend friends another through around
der die das und ist ich nicht ein eine den dem des mit auf für fur von sich auch war sehr aber wie wir sie hat haben bei nur noch zum zur
les des est une que qui pas pour dans avec sur très tres mais nous vous ils elle était etait plus tout
los las una con por para muy pero como más mas todo fue uma não nao com muito mas foi são sao bem`)

// Words finds the words that stand out: said in at least three reviews, and
// with a rating furthest from the mean for how often they are said.
func Words(said []Rated, name string, limit int) (mean float64, out []Word) {
	if len(said) == 0 {
		return 0, nil
	}
	own := set(fold(name))
	type at struct {
		n   int
		sum float64
	}
	counts := map[string]*at{}
	for _, s := range said {
		mean += s.Rating
		seen := map[string]bool{}
		for _, w := range split(s.Text) {
			if len([]rune(w.text)) < 3 || little[w.text] || own[w.text] || seen[w.text] || w.sign != 0 || strings.Trim(w.text, "0123456789") == "" {
				continue
			}
			seen[w.text] = true
			c := counts[w.text]
			if c == nil {
				c = &at{}
				counts[w.text] = c
			}
			c.n++
			c.sum += s.Rating
		}
	}
	mean /= float64(len(said))
	for w, c := range counts {
		if c.n >= 3 && 2*c.n <= max(6, len(said)) {
			out = append(out, Word{w, c.n, c.sum / float64(c.n)})
		}
	}
	pull := func(w Word) float64 { return (math.Abs(w.Mean-mean) + 0.25) * math.Sqrt(float64(w.Reviews)) }
	slices.SortFunc(out, func(a, b Word) int {
		return cmp.Or(cmp.Compare(pull(b), pull(a)), strings.Compare(a.Word, b.Word))
	})
	return mean, out[:min(len(out), limit)]
}
