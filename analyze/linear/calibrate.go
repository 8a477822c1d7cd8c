package linear

import "math"

// Predict weighs an example as it would weigh its text.
func (m *Model) Predict(e *Example, out []float32) []float32 {
	d := Doc{words: e.words, chars: e.chars, kin: e.kin, hasKin: true, dense: e.dense}
	return m.Logits(&d, nil, out)
}

// Calibrate fits, on examples that training did not see, the slope that makes
// a probability mean what it says, and the trust in the label that is given.
func (m *Model) Calibrate(held []Example) {
	logits := make([][]float32, len(held))
	for i := range held {
		logits[i] = m.Predict(&held[i], make([]float32, len(m.Labels)))
	}
	m.CalibrateOn(held, logits)
}

// CalibrateOn is Calibrate with logits that models of the same recipe gave to
// examples that they had not seen. The logits are used up.
func (m *Model) CalibrateOn(held []Example, logits [][]float32) {
	if m.Multi {
		for k := range m.Labels {
			x, y := make([]float64, len(held)), make([]bool, len(held))
			for i := range held {
				x[i], y[i] = float64(logits[i][k]), held[i].has(k, true)
			}
			m.slope[k], m.shift[k] = platt(x, y)
		}
		m.trustMulti(held, logits)
		return
	}
	m.slope[0] = m.temperature(held, logits)
	x, y := make([]float64, len(held)), make([]bool, len(held))
	for i := range held {
		best := Best(logits[i])
		p := m.Probabilities(logits[i])
		x[i], y[i] = logit(float64(p[best])), best == held[i].Label
	}
	m.trust[0], m.trust[1] = platt(x, y)
}

// trustMulti fits the trust over all labels that are likely enough to be given.
func (m *Model) trustMulti(held []Example, logits [][]float32) {
	var x []float64
	var y []bool
	for i := range held {
		for k, p := range m.Probabilities(logits[i]) {
			if p >= 0.3 {
				x, y = append(x, logit(float64(p))), append(y, held[i].has(k, true))
			}
		}
	}
	m.trust = [2]float64{1, 0}
	if len(x) >= 50 {
		m.trust[0], m.trust[1] = platt(x, y)
	}
}

// Trust fits the slope and shift by which the logit of a given label's
// probability becomes that of its being right.
func Trust(p []float64, right []bool) [2]float64 {
	x := make([]float64, len(p))
	for i, v := range p {
		x[i] = logit(v)
	}
	slope, shift := platt(x, right)
	return [2]float64{slope, shift}
}

// temperature finds the slope of the logits with the least log loss.
func (m *Model) temperature(held []Example, logits [][]float32) float64 {
	loss := func(slope float64) float64 {
		var sum float64
		for i, z := range logits {
			most := z[Best(z)]
			var total float64
			for _, v := range z {
				total += math.Exp(slope * float64(v-most))
			}
			sum += math.Log(total) + slope*float64(most-z[held[i].Label])
		}
		return sum
	}
	lo, hi := 0.02, 20.0 // the loss has one valley: golden section on the logarithm
	const golden = 0.6180339887498949
	a, b := math.Log(lo), math.Log(hi)
	for range 60 {
		c, d := b-golden*(b-a), a+golden*(b-a)
		if loss(math.Exp(c)) < loss(math.Exp(d)) {
			b = d
		} else {
			a = c
		}
	}
	return math.Exp((a + b) / 2)
}

// platt fits y ~ sigmoid(a·x + b) by Newton's method, with the smoothed
// targets of Platt (1999) and a slope that is never negative.
func platt(x []float64, y []bool) (a, b float64) {
	var pos, neg float64
	for _, v := range y {
		if v {
			pos++
		} else {
			neg++
		}
	}
	if pos == 0 || neg == 0 {
		return 1, 0
	}
	hi, lo := (pos+1)/(pos+2), 1/(neg+2)
	a, b = 1, 0
	for range 50 {
		var ga, gb, haa, hab, hbb float64
		for i, v := range x {
			t := lo
			if y[i] {
				t = hi
			}
			p := sigmoid(a*v + b)
			e, w := p-t, math.Max(p*(1-p), 1e-9)
			ga += e * v
			gb += e
			haa += w * v * v
			hab += w * v
			hbb += w
		}
		haa += 1e-6
		hbb += 1e-6
		det := haa*hbb - hab*hab
		if det <= 1e-12 {
			break
		}
		da, db := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		step := 1 / math.Max(1, math.Hypot(da, db)/2) // no leaps
		a, b = a-step*da, b-step*db
	}
	if a < 0 || math.IsNaN(a) || math.IsNaN(b) {
		return 1, 0
	}
	return a, b
}
