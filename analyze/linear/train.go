package linear

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// An Example is a text with what is to be learned from it.
type Example struct {
	words, chars []uint32
	kin          []uint32
	dense        []Dense
	norm         float32
	Label        int     // the right label, where labels exclude each other
	Labels       uint32  // a bit for each right label, where they don't
	Weight       float32 // how much it counts
	// Soft says how likely each label is, where a teacher says so instead of
	// Label or Labels.
	Soft []float32
}

// NewExample keeps the features of d, and extra, a method's own. Groups of
// words are among them if d has them.
func NewExample(d *Doc, extra ...Dense) Example {
	var kin []uint32
	if d.hasKin {
		kin = append(kin, d.kin...)
	}
	return Example{
		kin:    kin,
		words:  append([]uint32(nil), d.words...),
		chars:  append([]uint32(nil), d.chars...),
		dense:  append(append([]Dense(nil), d.dense...), extra...),
		norm:   d.norm(kin),
		Weight: 1,
	}
}

// A Recipe says how a model is trained. It is chosen by validation.
type Recipe struct {
	Name     string
	Labels   []string
	Multi    bool    // labels are independent
	Kin      bool    // examples have groups of words too
	Bits     int     // log2 of the number of buckets
	Slots    int     // dense features: LexiconSlots and the method's own
	Epochs   int     // times that every example is seen
	Rounds   int     // models with different orders whose weights are averaged
	Rate     float64 // of AdaGrad
	Decay    float64 // L2
	Balance  float64 // 0: every example counts alike, 1: every class does
	MinCount int     // a feature seen more rarely gets no weight
	Floor    float64 // weight of a feature that says nothing by its counts
	Cap      float64 // limit of a feature's naive-Bayes ratio
	Smooth   float64 // smoothing of that ratio, as a share of the buckets
	Seed     uint64
}

func (r *Recipe) check(examples []Example) error {
	if len(r.Labels) == 0 || len(r.Labels) > maxLabels || r.Multi && len(r.Labels) > maxMulti || r.Bits < 4 || r.Bits > 24 || r.Slots < LexiconSlots || r.Epochs < 1 || r.Rounds < 1 {
		return fmt.Errorf("the recipe of %q is not complete", r.Name)
	}
	if len(examples) == 0 {
		return fmt.Errorf("nothing to train %q with", r.Name)
	}
	for _, e := range examples {
		if e.Soft != nil && len(e.Soft) != len(r.Labels) {
			return fmt.Errorf("an example of %q is taught something that the model does not say", r.Name)
		}
		if !r.Multi && (e.Label < 0 || e.Label >= len(r.Labels)) || r.Multi && e.Labels>>len(r.Labels) != 0 {
			return fmt.Errorf("an example of %q has a label that the model lacks", r.Name)
		}
		if r.Kin != (e.kin != nil) && len(e.words) > 0 {
			return fmt.Errorf("an example of %q has groups of words, or lacks them", r.Name)
		}
		for _, f := range e.dense {
			if f.Slot < 0 || f.Slot >= r.Slots {
				return fmt.Errorf("an example of %q has a feature that the recipe has no slot for", r.Name)
			}
		}
	}
	return nil
}

// learner is a model in training, in floats.
type learner struct {
	Recipe
	k         int
	ratio     []float32 // naive-Bayes scale of every bucket
	share     []float32 // class weights: of label k, or of yes and no for every label
	w, g      []float32 // weights and sums of squared gradients
	dw, dg    []float32 // the same for the dense features
	out, grad []float32
}

// Fit trains a model: logistic regression by AdaGrad over features scaled by
// how much their counts tell between the classes.
func Fit(r Recipe, examples []Example) (*Model, error) {
	if err := r.check(examples); err != nil {
		return nil, err
	}
	k := len(r.Labels)
	l := &learner{Recipe: r, k: k, out: make([]float32, k), grad: make([]float32, k)}
	l.classes(examples)
	l.ratios(examples)
	sum, dsum := make([]float32, k<<r.Bits), make([]float32, k*r.Slots)
	for round := range r.Rounds {
		l.round(examples, uint64(round))
		for i, v := range l.w {
			sum[i] += v / float32(r.Rounds)
		}
		for i, v := range l.dw {
			dsum[i] += v / float32(r.Rounds)
		}
	}
	for i := range sum {
		sum[i] *= l.ratio[i/k]
	}
	return l.quantise(sum, dsum), nil
}

// classes finds the weights that make rare labels count.
func (l *learner) classes(examples []Example) {
	count := make([]float64, 2*l.k)
	var all float64
	for _, e := range examples {
		all += float64(e.Weight)
		for i := range l.k {
			is := float64(e.share(i, l.Multi))
			count[2*i] += float64(e.Weight) * is
			count[2*i+1] += float64(e.Weight) * (1 - is)
		}
	}
	l.share = make([]float32, 2*l.k)
	sides := 2.0
	if !l.Multi {
		sides = float64(l.k)
	}
	for i, n := range count {
		l.share[i] = float32(math.Pow(all/(sides*math.Max(n, 1)), l.Balance))
	}
}

func (e *Example) has(label int, multi bool) bool {
	if multi {
		return e.Labels&(1<<label) != 0
	}
	return e.Label == label
}

// share is how far the example has the label: 0 to 1.
func (e *Example) share(label int, multi bool) float32 {
	switch {
	case e.Soft != nil:
		return e.Soft[label]
	case e.has(label, multi):
		return 1
	}
	return 0
}

// ratios finds how much every bucket tells between the classes: the greatest
// log ratio of its share within a class to its share without.
func (l *learner) ratios(examples []Example) {
	k, dim := l.k, 1<<l.Bits
	in := make([]float32, k*dim)
	all := make([]float32, dim)
	inTotal := make([]float64, k)
	var total float64
	shift := uint(32 - l.Bits)
	for _, e := range examples {
		for _, hs := range [][]uint32{e.words, e.chars, e.kin} {
			for _, h := range hs {
				b := int(h >> shift)
				all[b] += e.Weight
				for i := range k {
					in[b*k+i] += e.Weight * e.share(i, l.Multi)
				}
			}
			total += float64(len(hs)) * float64(e.Weight)
			for i := range k {
				inTotal[i] += float64(len(hs)) * float64(e.Weight) * float64(e.share(i, l.Multi))
			}
		}
	}
	smooth := l.Smooth * float64(dim)
	l.ratio = make([]float32, dim)
	for b := range dim {
		if all[b] < float32(l.MinCount) || all[b] == 0 {
			continue
		}
		most := 0.0
		for i := range k {
			n := float64(in[b*k+i])
			p := (n + 1) / (inTotal[i] + smooth)
			q := (float64(all[b]) - n + 1) / (total - inTotal[i] + smooth)
			most = math.Max(most, math.Abs(math.Log(p/q)))
		}
		l.ratio[b] = float32(l.Floor + math.Min(most, l.Cap))
	}
}

// round trains once from nothing, in an order of its own.
func (l *learner) round(examples []Example, round uint64) {
	l.w, l.g = make([]float32, l.k<<l.Bits), make([]float32, l.k<<l.Bits)
	l.dw, l.dg = make([]float32, l.k*l.Slots), make([]float32, l.k*l.Slots)
	l.passes(examples, round)
}

// passes goes over the examples, each time in another order.
func (l *learner) passes(examples []Example, round uint64) {
	rng := rand.New(rand.NewPCG(l.Seed, round))
	order := rng.Perm(len(examples))
	for range l.Epochs {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			l.learn(&examples[i])
		}
	}
}

func (l *learner) learn(e *Example) {
	l.forward(e)
	l.loss(e)
	shift := uint(32 - l.Bits)
	for _, h := range e.words {
		b := int(h >> shift)
		l.step(l.w[b*l.k:], l.g[b*l.k:], e.norm*wordValue*l.ratio[b])
	}
	for _, h := range e.chars {
		b := int(h >> shift)
		l.step(l.w[b*l.k:], l.g[b*l.k:], e.norm*charValue*l.ratio[b])
	}
	for _, h := range e.kin {
		b := int(h >> shift)
		l.step(l.w[b*l.k:], l.g[b*l.k:], e.norm*kinValue*l.ratio[b])
	}
	for _, f := range e.dense {
		l.step(l.dw[f.Slot*l.k:], l.dg[f.Slot*l.k:], f.Value)
	}
}

func (l *learner) forward(e *Example) {
	clear(l.out)
	shift := uint(32 - l.Bits)
	add := func(w []float32, v float32) {
		for i := range l.out {
			l.out[i] += w[i] * v
		}
	}
	for _, h := range e.words {
		b := int(h >> shift)
		add(l.w[b*l.k:], e.norm*wordValue*l.ratio[b])
	}
	for _, h := range e.chars {
		b := int(h >> shift)
		add(l.w[b*l.k:], e.norm*charValue*l.ratio[b])
	}
	for _, h := range e.kin {
		b := int(h >> shift)
		add(l.w[b*l.k:], e.norm*kinValue*l.ratio[b])
	}
	for _, f := range e.dense {
		add(l.dw[f.Slot*l.k:], f.Value)
	}
}

// loss leaves the gradient of the loss in l.grad.
func (l *learner) loss(e *Example) {
	if l.Multi {
		for i, z := range l.out {
			p, is := float32(sigmoid(float64(z))), e.share(i, true)
			l.grad[i] = (p*(is*l.share[2*i]+(1-is)*l.share[2*i+1]) - is*l.share[2*i]) * e.Weight
		}
		return
	}
	most := l.out[Best(l.out)]
	var sum float64
	for i, z := range l.out {
		x := math.Exp(float64(z - most))
		l.grad[i] = float32(x)
		sum += x
	}
	for i := range l.grad {
		l.grad[i] /= float32(sum)
	}
	// Every label pulls by itself, as far as the example has it, and counts
	// for what its class does.
	counts := l.share[2*e.Label]
	if e.Soft == nil {
		l.grad[e.Label]--
	} else {
		counts = 0
		for i, is := range e.Soft {
			l.grad[i] -= is
			counts += is * l.share[2*i]
		}
	}
	for i := range l.grad {
		l.grad[i] *= counts * e.Weight
	}
}

func (l *learner) step(w, g []float32, v float32) {
	if v == 0 {
		return
	}
	rate, decay := float32(l.Rate), float32(l.Decay)
	for i, d := range l.grad {
		s := d*v + decay*w[i]
		g[i] += s * s
		w[i] -= rate * s / (float32(math.Sqrt(float64(g[i]))) + 1e-3)
	}
}

// quantise brings every label's weights to bytes.
func (l *learner) quantise(w, dense []float32) *Model {
	m := newModel(l.Name, l.Labels, l.Multi, l.Bits, l.Slots)
	m.dense, m.Kin = dense, l.Kin
	for i := range l.k {
		most := float32(0)
		for b := range 1 << l.Bits {
			most = max(most, w[b*l.k+i], -w[b*l.k+i])
		}
		m.scale[i] = most / 127
		if most == 0 {
			continue
		}
		shift := 8 * (i % 4)
		for b := range 1 << l.Bits {
			q := uint32(math.RoundToEven(float64(w[b*l.k+i]/m.scale[i])) + zero)
			p := &m.table[b*m.groups+i/4]
			*p = *p&^(0xFF<<shift) | q<<shift
		}
	}
	return m
}
