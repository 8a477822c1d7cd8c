package encoder

// VectorSize is how many numbers a sentence vector has.
const VectorSize = width

// Vectors reads texts into sentence vectors of length one, of which two are
// near each other where the texts mean alike; nil where a text holds no words.
// It works on one core.
func (m *Model) Vectors(texts []string) [][]float32 {
	s, _ := m.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	defer m.scratch.Put(s)
	out := make([][]float32, len(texts))
	mean := make([]float32, width)
	for i, t := range texts { // one by one: the texts are short and few
		ids := Vocabulary().Tokens(t)
		if len(ids) == 0 {
			continue
		}
		m.net.hidden(batch{ids}, s, func(_ int, states []float32) {
			clear(mean)
			tokens := len(states) / width
			for t := range tokens {
				for j, v := range states[t*width : (t+1)*width] {
					mean[j] += v
				}
			}
			for j := range mean {
				mean[j] /= float32(tokens)
			}
			out[i] = make([]float32, width)
			m.net.sentence(mean, out[i])
		})
	}
	return out
}
