package linear

// Tune makes of a model another that learned from more examples as well. The
// model's weights are where it begins and what it stays near: every example
// moves them a little, for some passes. What the model says of texts unlike
// the examples hardly changes. Calibration is taken over.
func Tune(m *Model, name string, examples []Example, passes int, rate float64) *Model {
	k := len(m.Labels)
	r := Recipe{Name: name, Labels: m.Labels, Multi: m.Multi, Kin: m.Kin, Bits: m.bits, Slots: m.slots, Epochs: passes, Rounds: 1, Rate: rate, Seed: 1}
	l := &learner{Recipe: r, k: k, out: make([]float32, k), grad: make([]float32, k), ratio: make([]float32, 1<<m.bits), share: make([]float32, 2*k)}
	for i := range l.ratio {
		l.ratio[i] = 1 // the scale of every bucket is in the weights already
	}
	for i := range l.share {
		l.share[i] = 1
	}
	l.w, l.dw = m.floats()
	l.g, l.dg = make([]float32, len(l.w)), make([]float32, len(l.dw))
	for i := range l.g {
		l.g[i] = 1 // no leaps
	}
	for i := range l.dg {
		l.dg[i] = 1
	}
	l.passes(examples, 0)
	out := l.quantise(l.w, l.dw)
	out.slope, out.shift, out.trust = m.slope, m.shift, m.trust
	return out
}

// floats are the weights of the table and of the dense features.
func (m *Model) floats() (table, dense []float32) {
	k := len(m.Labels)
	table = make([]float32, k<<m.bits)
	for b := range 1 << m.bits {
		for i := range k {
			v := m.table[b*m.groups+i/4] >> (8 * (i % 4)) & 0xFF
			table[b*k+i] = float32(int(v)-zero) * m.scale[i]
		}
	}
	return table, append([]float32(nil), m.dense...)
}
