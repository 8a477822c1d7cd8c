package linear

import "fmt"

// Blend makes one model of two that know the same labels and features: its
// logits are those of a, times 1-share, and those of b, times share.
func Blend(a, b *Model, share float32) (*Model, error) {
	if len(a.Labels) != len(b.Labels) || a.Multi != b.Multi || a.Kin != b.Kin || a.bits != b.bits || a.slots != b.slots {
		return nil, fmt.Errorf("%q and %q cannot become one: they are of different shape", a.Name, b.Name)
	}
	l := &learner{Recipe: Recipe{Name: a.Name, Labels: a.Labels, Multi: a.Multi, Kin: a.Kin, Bits: a.bits, Slots: a.slots}, k: len(a.Labels)}
	w, dense := a.floats()
	v, other := b.floats()
	for i := range w {
		w[i] += share * (v[i] - w[i])
	}
	for i := range dense {
		dense[i] += share * (other[i] - dense[i])
	}
	return l.quantise(w, dense), nil
}
