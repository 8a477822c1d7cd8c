package detect

import (
	"math"
	"slices"
)

// tail learns how far something goes in ordinary times: it keeps the maxima
// of the last blocks and fits their distribution.
type tail struct {
	block  int // figures in a block
	n      int // in the block under way
	max    float64
	ring   [blocksMost]float64
	sorted []float64
	next   int
	curve  curve
	limit  float64 // more than this is not learnt at once
}

const (
	blocksMost  = 160
	blocksLeast = 4
	// learnt: an extreme is learnt only up to what one in 10^learnt blocks has.
	learnt = 2.2
)

// newTail goes by an earlier curve, if there is one, until it has its own.
func newTail(block int, before curve) tail {
	return tail{block: block, max: math.Inf(-1), curve: before, limit: before.at(learnt)}
}

// surprise is how rare a block with as much as x is, as -log10 of its
// probability; 0 for ordinary ones and while too little is known.
func (t *tail) surprise(x float64) float64 {
	if t.curve.xi == 0 {
		return 0
	}
	return t.curve.rare(x)
}

// learn takes x for ordinary, within limits.
func (t *tail) learn(x float64) {
	if len(t.sorted) >= blocksLeast {
		x = min(x, t.limit)
	}
	t.max = max(t.max, x)
	if t.n++; t.n < t.block {
		return
	}
	t.keep(t.max)
	t.n, t.max = 0, math.Inf(-1)
	if len(t.sorted) >= blocksLeast {
		t.curve = fit(t.sorted)
		t.limit = t.curve.at(learnt)
	}
}

func (t *tail) keep(x float64) {
	if len(t.sorted) == blocksMost {
		if i, ok := slices.BinarySearch(t.sorted, t.ring[t.next]); ok {
			t.sorted = slices.Delete(t.sorted, i, i+1)
		}
	}
	t.ring[t.next] = x
	t.next = (t.next + 1) % blocksMost
	i, _ := slices.BinarySearch(t.sorted, x)
	t.sorted = slices.Insert(t.sorted, i, x)
}

// curve is a generalized extreme value distribution with a tail that is not
// shorter than exponential.
type curve struct{ mu, sigma, xi float64 }

// Shape of the tail: what is believed before there is evidence, how many
// blocks that weighs, and between what it may lie (0 is exponential, 0.5 very heavy).
const (
	shapePrior, shapeWeight = 0.12, 25
	shapeLeast, shapeMost   = 0.05, 0.5
	spreadLeast             = 0.05 // in ordinary errors
)

// fit estimates the distribution of maxima, in order, by L-moments (Hosking,
// Wallis and Wood 1985).
func fit(sorted []float64) curve {
	n := float64(len(sorted))
	var b0, b1, b2 float64
	for i, x := range sorted {
		j := float64(i)
		b0 += x / n
		b1 += x * j / (n - 1) / n
		b2 += x * j * (j - 1) / ((n - 1) * (n - 2)) / n
	}
	l2, l3 := 2*b1-b0, 6*b2-6*b1+b0
	if !(l2 > 0) {
		l2, l3 = 0, 0
	}
	l2 = max(l2, 1e-3*math.Abs(b0), spreadLeast)
	c := 2/(3+l3/l2) - math.Ln2/math.Log(3)
	xi := -(7.8590*c + 2.9554*c*c)
	xi = (n*xi + shapeWeight*shapePrior) / (n + shapeWeight)
	xi = min(max(xi, shapeLeast), shapeMost)
	g := math.Gamma(1 - xi)
	s := l2 * xi / ((math.Pow(2, xi) - 1) * g)
	// Little is known of a few blocks: the spread is then taken for greater.
	return curve{mu: b0 - s*(g-1)/xi, sigma: s * (1 + 1.5/math.Sqrt(n)), xi: xi}
}

// rare is -log10 of the probability to go beyond x.
func (c curve) rare(x float64) float64 {
	if x <= c.mu {
		return 0
	}
	return math.Log1p(c.xi*(x-c.mu)/c.sigma) / c.xi / math.Ln10
}

// at is its inverse.
func (c curve) at(rare float64) float64 {
	return c.mu + c.sigma/c.xi*(math.Pow(10, rare*c.xi)-1)
}
