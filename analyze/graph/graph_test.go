package graph

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func edges(pairs ...[2]int) []Edge {
	out := make([]Edge, len(pairs))
	for i, p := range pairs {
		out[i] = Edge{p[0], p[1], 1}
	}
	return out
}

func TestRank(t *testing.T) {
	for _, c := range []struct {
		name  string
		n     int
		edges []Edge
		order []int // who is before whom
	}{
		{"whom many answer is before whom few answer", 5, edges([2]int{1, 0}, [2]int{2, 0}, [2]int{3, 0}, [2]int{1, 4}), []int{0, 4, 1}},
		{"one answer of somebody who is listened to weighs more than one of somebody who is not", 8,
			edges([2]int{2, 0}, [2]int{3, 0}, [2]int{4, 0}, [2]int{5, 0}, [2]int{0, 1}, [2]int{6, 7}), []int{1, 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Rank(c.n, c.edges)
			sum := 0.0
			for _, v := range r {
				sum += v
			}
			if math.Abs(sum-1) > 1e-6 {
				t.Errorf("the ranks add up to %f", sum)
			}
			for i := 1; i < len(c.order); i++ {
				if r[c.order[i-1]] <= r[c.order[i]] {
					t.Errorf("%d (%f) is not before %d (%f)", c.order[i-1], r[c.order[i-1]], c.order[i], r[c.order[i]])
				}
			}
		})
	}
	if len(Rank(0, nil)) != 0 {
		t.Error("nobody has a rank")
	}
	// A ring is known: everybody the same.
	for i, v := range Rank(4, edges([2]int{0, 1}, [2]int{1, 2}, [2]int{2, 3}, [2]int{3, 0})) {
		if math.Abs(v-.25) > 1e-9 {
			t.Errorf("%d: %f", i, v)
		}
	}
}

// two circles of five who all talk to each other, joined by one who talks to one of each.
func joined() (int, []Edge) {
	var out []Edge
	for _, base := range []int{0, 5} {
		for i := range 5 {
			for j := range i {
				out = append(out, Edge{base + i, base + j, 1})
			}
		}
	}
	return 12, append(out, Edge{10, 0, 1}, Edge{10, 5, 1})
}

func TestCircles(t *testing.T) {
	n, e := joined()
	of := Circles(n, e)
	for i := 1; i < 5; i++ {
		if of[i] != of[0] || of[5+i] != of[5] {
			t.Errorf("who all talk to each other are apart: %v", of)
		}
	}
	if of[0] == of[5] || of[11] == of[0] || of[11] == of[5] {
		t.Errorf("strangers are together: %v", of)
	}
	if of[0] != 0 && of[5] != 0 {
		t.Errorf("the largest is not the first: %v", of)
	}
}

func TestBridge(t *testing.T) {
	n, e := joined()
	b := Bridge(n, e, 0)
	for i, v := range b {
		if i != 10 && v > b[10] {
			t.Errorf("%d stands more between than the one who does: %v", i, b)
		}
	}
	// On a path of five the middle stands on four ways: known by counting.
	if p := Bridge(5, edges([2]int{0, 1}, [2]int{1, 2}, [2]int{2, 3}, [2]int{3, 4}), 0); p[2] != 4 || p[1] != 3 || p[0] != 0 {
		t.Errorf("on a path: %v", p)
	}
}

// crowd is people in circles who mostly talk among themselves, some of whom
// many turn to.
func crowd(n int) ([]Edge, []int) {
	r := rand.New(rand.NewPCG(1, 2))
	of := make([]int, n)
	for i := range of {
		of[i] = i % 40
	}
	var out []Edge
	for i := range n {
		for range 3 {
			j := int(math.Pow(r.Float64(), 3)*float64(n/40))*40 + i%40
			if r.IntN(12) == 0 {
				j = r.IntN(n)
			}
			if j < n && j != i {
				out = append(out, Edge{i, j, 1})
			}
		}
	}
	return out, of
}

func TestTwentyThousand(t *testing.T) {
	const n = 20_000
	e, truth := crowd(n)
	began := time.Now()
	Rank(n, e)
	of := Circles(n, e)
	Bridge(n, e, 64)
	at := Layout(n, e, of, 40)
	took := time.Since(began)
	right := 0
	for i := 0; i+40 < n; i += 7 {
		if of[i] == of[i+40] == (truth[i] == truth[i+40]) {
			right++
		}
	}
	if share := float64(right) / float64((n-40)/7+1); share < .9 {
		t.Errorf("only %.2f of those who belong together are together", share)
	}
	for i, p := range at {
		if math.IsNaN(p.X) || math.IsInf(p.X, 0) || math.IsNaN(p.Y) {
			t.Fatalf("%d is at %v", i, p)
		}
	}
	again := Layout(n, e, Circles(n, e), 40)
	if again[17] != at[17] {
		t.Error("the same does not give the same")
	}
	t.Logf("%d people and %d bonds took %s", n, len(e), took)
}
