package linear

import (
	"math"
)

// A Model weighs a Doc. It is read-only and safe for concurrent use.
type Model struct {
	Name   string   // with its version, such as feeling-1
	Labels []string // what it chooses among, or, when Multi, what it says yes or no to
	Multi  bool     // labels are independent of each other
	Kin    bool     // goes by groups of words too

	bits   int
	groups int       // of four labels each
	table  []uint32  // buckets × groups; each holds four weights as bytes, zero being 128
	scale  []float32 // of each label's weights
	dense  []float32 // slots × labels
	slots  int

	// Calibration, found on texts that training did not see.
	slope, shift []float64 // of each label's logit; a single slope when the labels exclude each other
	trust        [2]float64
}

const (
	zero      = 128
	lanes     = 0x00FF00FF
	blockSize = 256 // so many bytes fit into a lane of 16 bits
	maxLabels = 256
	maxMulti  = 32 // labels that are bits of an Example
)

// Logits weighs the text. Extra are a method's own features. It returns out,
// which must hold a value for every label.
func (m *Model) Logits(d *Doc, extra []Dense, out []float32) []float32 {
	out = out[:len(m.Labels)]
	clear(out)
	var kin []uint32
	if m.Kin {
		d.Kin()
		kin = d.kin
	}
	k := d.norm(kin)
	m.sum(kin, k*kinValue, out)
	m.sum(d.words, k*wordValue, out)
	m.sum(d.chars, k*charValue, out)
	for i := range out {
		out[i] *= m.scale[i]
	}
	m.addDense(d.dense, out)
	m.addDense(extra, out)
	return out
}

func (m *Model) addDense(fs []Dense, out []float32) {
	n := len(m.Labels)
	for _, f := range fs {
		if f.Slot >= m.slots {
			continue
		}
		w := m.dense[f.Slot*n : f.Slot*n+n]
		for i := range out {
			out[i] += w[i] * f.Value
		}
	}
}

// sum adds up the weights of hashed features, four labels at once: two in the
// lanes of even, two in those of odd.
func (m *Model) sum(hashes []uint32, value float32, out []float32) {
	shift := uint(32 - m.bits)
	for g := range m.groups {
		var total [4]int
		for rest := hashes; len(rest) > 0; {
			block := rest[:min(blockSize, len(rest))]
			rest = rest[len(block):]
			var even, odd uint32
			if m.groups == 1 {
				for _, h := range block {
					v := m.table[h>>shift]
					even += v & lanes
					odd += v >> 8 & lanes
				}
			} else {
				for _, h := range block {
					v := m.table[int(h>>shift)*m.groups+g]
					even += v & lanes
					odd += v >> 8 & lanes
				}
			}
			total[0] += int(even & 0xFFFF)
			total[2] += int(even >> 16)
			total[1] += int(odd & 0xFFFF)
			total[3] += int(odd >> 16)
		}
		for j := range min(4, len(out)-4*g) {
			out[4*g+j] += value * float32(total[j]-zero*len(hashes))
		}
	}
}

// weight is one weight of the table, unscaled.
func (m *Model) weight(h uint32, label int) float32 {
	v := m.table[int(h>>uint(32-m.bits))*m.groups+label/4]
	return float32(int(v>>(8*(label%4))&0xFF) - zero)
}

// Probabilities turns logits into calibrated probabilities, in place. They add
// up to one unless the model is Multi.
func (m *Model) Probabilities(logits []float32) []float32 {
	if m.Multi {
		for i, z := range logits {
			logits[i] = float32(sigmoid(m.slope[i]*float64(z) + m.shift[i]))
		}
		return logits
	}
	most := logits[0]
	for _, z := range logits {
		most = max(most, z)
	}
	var sum float64
	for i, z := range logits {
		e := math.Exp(m.slope[0] * float64(z-most))
		logits[i] = float32(e)
		sum += e
	}
	for i := range logits {
		logits[i] /= float32(sum)
	}
	return logits
}

// Confidence is how often a label that was given with probability p was right
// on the texts of calibration.
func (m *Model) Confidence(p float64) float64 {
	return sigmoid(m.trust[0]*logit(p) + m.trust[1])
}

// Best is the label with the highest value.
func Best(values []float32) int {
	best := 0
	for i, v := range values {
		if v > values[best] {
			best = i
		}
	}
	return best
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func logit(p float64) float64 {
	p = min(max(p, 1e-6), 1-1e-6)
	return math.Log(p / (1 - p))
}
