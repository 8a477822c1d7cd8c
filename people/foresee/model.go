package foresee

import (
	"cmp"
	"math"
	"slices"
)

// Model is a scorecard: a weight for each bin of each feature. It is kept as
// JSON, and whole: what it says of somebody can be worked out with a pencil.
type Model struct {
	Currency string               `json:"currency,omitempty"` // of what was spent
	Spent    []float64            `json:"spent,omitempty"`    // its edges, minor units
	Base     float64              `json:"base"`
	Weights  map[string][]float64 `json:"weights"` // by feature: of each bin
	Mean     map[string]float64   `json:"mean"`    // by feature: the average of those learned from
	Slope    float64              `json:"slope"`   // and shift, by which shares mean what they say
	Shift    float64              `json:"shift"`
	Usual    float64              `json:"usual"` // how often it happened to those that it was judged by
}

// edges of a feature, for this model.
func (m *Model) edges(f Feature) []float64 {
	if f.Name == "spent" {
		return m.Spent
	}
	return f.Edges
}

// logit weighs a row before it was set right.
func (m *Model) logit(features []Feature, bins []uint8) float64 {
	z := m.Base
	for i, f := range features {
		z += at(m.Weights[f.Name], bins[i])
	}
	return z
}

// at is 0 for a bin that the model does not know.
func at(weights []float64, b uint8) float64 {
	if int(b) < len(weights) {
		return weights[b]
	}
	return 0
}

func (m *Model) share(features []Feature, bins []uint8) float64 {
	return sigmoid(m.Slope*m.logit(features, bins) + m.Shift)
}

// What a reason must weigh to be said, and how many are said.
const (
	leastEffect = 0.12
	mostReasons = 5
)

// reasons are what moves a prediction most, beside the average.
func (m *Model) reasons(features []Feature, bins []uint8, values []float64) []Reason {
	var out []Reason
	for i, f := range features {
		effect := m.Slope * (at(m.Weights[f.Name], bins[i]) - m.Mean[f.Name])
		if math.Abs(effect) < leastEffect {
			continue
		}
		r := Reason{Feature: f.Name, Value: values[i], Effect: math.Round(effect*100) / 100}
		if math.IsNaN(r.Value) {
			r.Value, r.None = 0, true
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(math.Abs(b.Effect), math.Abs(a.Effect)) })
	return out[:min(len(out), mostReasons)]
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// row is somebody on a day, and what came of it.
type row struct {
	bins []uint8
	yes  bool
}

// How a scorecard is fitted.
const (
	ridge    = 3.0 // each weight is pulled to nought as by so many doubts
	leastBin = 20  // rows that a bin must have to get a weight
	mostStep = 30
)

// fit finds the weights under which what happened is likeliest, by Newton's
// method. The base is left free.
func fit(features []Feature, edges func(Feature) []float64, rows []row) (base float64, weights map[string][]float64, mean map[string]float64) {
	first := make([]int, len(features)) // column of each feature's bin 0; column 0 is the base
	n := 1
	for i, f := range features {
		first[i] = n
		n += len(edges(f)) + 2
	}
	seen := make([]int, n)
	yes := 0
	cols := make([][]int, len(rows)) // the columns of each row
	flat := make([]int, len(rows)*(len(features)+1))
	for r, x := range rows {
		c := flat[r*(len(features)+1):][:len(features)+1]
		for i, b := range x.bins {
			c[i+1] = first[i] + int(b)
			seen[c[i+1]]++
		}
		cols[r] = c
		if x.yes {
			yes++
		}
	}
	w := make([]float64, n)
	w[0] = math.Log((float64(yes) + 1) / (float64(len(rows)-yes) + 1))
	for range mostStep {
		g, h := newton(cols, rows, seen, w)
		step, ok := solve(h, g)
		if !ok {
			break
		}
		far := 0.0
		for _, s := range step {
			far = max(far, math.Abs(s))
		}
		scale := 1 / max(1, far/2) // no leaps
		for i := range w {
			w[i] -= scale * step[i]
		}
		if far < 1e-6 {
			break
		}
	}
	weights, mean = map[string][]float64{}, map[string]float64{}
	for i, f := range features {
		k := len(edges(f)) + 2
		own := slices.Clone(w[first[i] : first[i]+k])
		sum := 0.0
		for b := range own {
			sum += own[b] * float64(seen[first[i]+b])
		}
		weights[f.Name], mean[f.Name] = own, sum/max(float64(len(rows)), 1)
	}
	return w[0], weights, mean
}

// newton is the slope and the bend of the loss. A bin that hardly anybody is
// in keeps no weight.
func newton(cols [][]int, rows []row, seen []int, w []float64) (g []float64, h [][]float64) {
	n := len(w)
	g, h = make([]float64, n), make([][]float64, n)
	for i := range h {
		h[i] = make([]float64, n)
	}
	for r, c := range cols {
		z := 0.0
		for _, i := range c {
			z += w[i]
		}
		p := sigmoid(z)
		e, v := p, max(p*(1-p), 1e-9)
		if rows[r].yes {
			e--
		}
		for a, i := range c {
			g[i] += e
			for _, j := range c[:a+1] { // columns of a row ascend
				h[i][j] += v
			}
		}
	}
	for i := 1; i < n; i++ {
		if seen[i] < leastBin {
			g[i] = 0
			for j := range i {
				h[i][j] = 0
			}
			for j := i + 1; j < n; j++ {
				h[j][i] = 0
			}
			h[i][i] = 1
			continue
		}
		g[i] += ridge * w[i]
		h[i][i] += ridge
	}
	h[0][0] += 1e-9
	return g, h
}

// solve finds x of h·x = g, where the lower half of h is given, by Cholesky.
func solve(h [][]float64, g []float64) ([]float64, bool) {
	n := len(g)
	for i := range n {
		for j := range i + 1 {
			sum := h[i][j]
			for k := range j {
				sum -= h[i][k] * h[j][k]
			}
			if i != j {
				h[i][j] = sum / h[j][j]
				continue
			}
			if sum <= 0 || math.IsNaN(sum) {
				return nil, false
			}
			h[i][i] = math.Sqrt(sum)
		}
	}
	x := slices.Clone(g)
	for i := range n {
		for k := range i {
			x[i] -= h[i][k] * x[k]
		}
		x[i] /= h[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= h[k][i] * x[k]
		}
		x[i] /= h[i][i]
	}
	return x, true
}

// setRight fits a slope and a shift on rows that were not learned from, so
// that shares mean what they say. A slope is never negative: what is learned
// may be worth nothing, but is not turned round.
func setRight(logits []float64, rows []row) (slope, shift float64) {
	slope, shift = 1, 0
	for range 50 {
		var gs, gb, hss, hsb, hbb float64
		for i, z := range logits {
			p := sigmoid(slope*z + shift)
			e, v := p, max(p*(1-p), 1e-9)
			if rows[i].yes {
				e--
			}
			gs, gb = gs+e*z, gb+e
			hss, hsb, hbb = hss+v*z*z, hsb+v*z, hbb+v
		}
		gs, hss = gs+(slope-1), hss+1 // it is near one, unless rows say otherwise
		hbb += 1e-9
		det := hss*hbb - hsb*hsb
		if det <= 1e-12 || math.IsNaN(det) {
			return 1, 0
		}
		ds, db := (hbb*gs-hsb*gb)/det, (hss*gb-hsb*gs)/det
		scale := 1 / max(1, math.Hypot(ds, db)/2)
		slope, shift = slope-scale*ds, shift-scale*db
		if math.Abs(ds)+math.Abs(db) < 1e-9 {
			break
		}
	}
	if slope < 0 {
		// Then the best that can be said is the usual share.
		yes := 0
		for _, r := range rows {
			if r.yes {
				yes++
			}
		}
		return 0, math.Log((float64(yes) + 1) / (float64(len(rows)-yes) + 1))
	}
	return slope, shift
}
