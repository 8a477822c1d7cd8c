package foresee

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// What it takes to be shown: so many people, and so many of each outcome, in
// each of the three parts.
const (
	LeastPeople = 200
	LeastEach   = 50
)

// Count is how much there was in one part.
type Count struct {
	People int `json:"people"`
	Yes    int `json:"yes"` // rows; somebody that was learned from on several days has several
	No     int `json:"no"`
}

func (c Count) enough() bool {
	return c.People >= LeastPeople && c.Yes >= LeastEach && c.No >= LeastEach
}

// Ten is a tenth of those that a prediction was judged by, in the order of
// what was foreseen: what was, and what happened.
type Ten struct {
	N        int     `json:"n"`
	Foreseen float64 `json:"foreseen"`
	Happened float64 `json:"happened"`
}

// Figures say how well something was foreseen, on people and days that it did
// not learn from.
type Figures struct {
	Learned Count   `json:"learned"` // days long ago
	Set     Count   `json:"set"`     // later ones, by which shares were set right
	Judged  Count   `json:"judged"`  // the latest whose end is known
	Usual   float64 `json:"usual"`   // how often it happened among the judged
	AUC     float64 `json:"auc"`     // how often of two, one of whom it happened to, that one was foreseen as likelier
	Skill   float64 `json:"skill"`   // Brier: 0 is as good as the usual rate, 1 is to know
	Least   float64 `json:"least"`   // what that is at least, 39 times in 40
	Tens    []Ten   `json:"tens,omitempty"`
	Left    int     `json:"left"` // persons who objected
}

// Little reports whether too little happened.
func (f Figures) Little() bool {
	return !f.Learned.enough() || !f.Set.enough() || !f.Judged.enough()
}

// Worth reports whether it did better than the usual rate by more than chance
// explains.
func (f Figures) Worth() bool { return !f.Little() && f.Least > 0 }

// rounds of drawing the judged anew, to see what chance does to a figure.
const rounds = 400

// judge compares what was foreseen with what happened.
func judge(shares []float64, rows []row, f *Figures) {
	n := len(rows)
	if n == 0 {
		return
	}
	yes := 0
	for _, r := range rows {
		if r.yes {
			yes++
		}
	}
	f.Usual = float64(yes) / float64(n)
	f.AUC = auc(shares, rows)
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	f.Skill = skill(shares, rows, all)
	rng := rand.New(rand.NewPCG(71, uint64(n)))
	drawn := make([]float64, rounds)
	for i := range drawn {
		for k := range all {
			all[k] = rng.IntN(n)
		}
		drawn[i] = skill(shares, rows, all)
	}
	slices.Sort(drawn)
	f.Least = drawn[rounds/40]
	f.Tens = tens(shares, rows)
}

// skill is what a prediction is better by than the usual rate of the same
// rows, by the mean of the squared error.
func skill(shares []float64, rows []row, which []int) float64 {
	var wrong, yes float64
	for _, i := range which {
		y := 0.0
		if rows[i].yes {
			y = 1
			yes++
		}
		wrong += (shares[i] - y) * (shares[i] - y)
	}
	n := float64(len(which))
	usual := yes / n
	if usual == 0 || usual == 1 {
		return 0
	}
	return 1 - wrong/n/(usual*(1-usual))
}

func auc(shares []float64, rows []row) float64 {
	order := byShare(shares)
	var rank, yes, no float64
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && shares[order[j]] == shares[order[i]] {
			j++
		}
		middle := float64(i+j+1) / 2 // ranks from 1, equal ones share theirs
		for _, k := range order[i:j] {
			if rows[k].yes {
				rank += middle
				yes++
			} else {
				no++
			}
		}
		i = j
	}
	if yes == 0 || no == 0 {
		return 0.5
	}
	return (rank - yes*(yes+1)/2) / (yes * no)
}

func byShare(shares []float64) []int {
	order := make([]int, len(shares))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(shares[a], shares[b]) })
	return order
}

func tens(shares []float64, rows []row) []Ten {
	order := byShare(shares)
	var out []Ten
	for i := range 10 {
		part := order[i*len(order)/10 : (i+1)*len(order)/10]
		if len(part) == 0 {
			continue
		}
		t := Ten{N: len(part)}
		for _, k := range part {
			t.Foreseen += shares[k]
			if rows[k].yes {
				t.Happened++
			}
		}
		t.Foreseen = round(t.Foreseen / float64(t.N))
		t.Happened = round(t.Happened / float64(t.N))
		out = append(out, t)
	}
	return out
}

func round(x float64) float64 { return math.Round(x*10000) / 10000 }

// Scarcest is the part in which least happened, and how many horizons back it
// lies: 1 is what it is judged by, 3 what it learns from.
func (f Figures) Scarcest() (Count, int) {
	out, back := f.Judged, 1
	for i, c := range []Count{f.Set, f.Learned} {
		if a, b := c.scarce(), out.scarce(); a < b || a == b && c.People < out.People {
			out, back = c, i+2
		}
	}
	return out, back
}

// scarce is how much of what it takes there is, 1 at most.
func (c Count) scarce() float64 {
	return min(1, float64(c.People)/LeastPeople, float64(c.Yes)/LeastEach, float64(c.No)/LeastEach)
}
