package linear

import "sort"

// Why names the words that carried a label most, strongest first, at most n,
// as they are read by the model: in lower case, "not" before a negated word.
// A word's share of an n-gram is the n-gram's weight divided by its words.
// Nothing is named that spoke against the label.
func (m *Model) Why(d *Doc, label, n int) []string {
	type part struct {
		token  int
		weight float32
	}
	carried := make([]float32, len(d.tokens))
	wordFrom, charFrom := 0, 0
	for i, t := range d.tokens {
		span := 1
		for j := wordFrom; j < d.wordEnd[i]; j++ {
			v := m.lead(d.words[j], label) * wordValue
			if j == wordFrom || t.negated && j == wordFrom+1 {
				carried[i] += v
				continue
			}
			span++
			for k := range span {
				carried[i+k] += v / float32(span)
			}
		}
		for j := charFrom; j < d.charEnd[i]; j++ {
			carried[i] += m.lead(d.chars[j], label) * charValue
		}
		wordFrom, charFrom = d.wordEnd[i], d.charEnd[i]
	}
	parts := make([]part, 0, len(carried))
	for i, v := range carried {
		if v > 0 && tellable(d, i) {
			parts = append(parts, part{i, v})
		}
	}
	sort.SliceStable(parts, func(i, j int) bool { return parts[i].weight > parts[j].weight })
	var out []string
	seen := map[string]bool{}
	for _, p := range parts {
		t := d.tokens[p.token]
		w := string(d.buf[t.from:t.to])
		if t.negated && t.word && !negates([]byte(w)) {
			w = "not " + w
		}
		if len(out) == n {
			break
		}
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// lead is by how much a feature speaks for a label rather than for the others.
func (m *Model) lead(h uint32, label int) float32 {
	own := m.weight(h, label) * m.scale[label]
	if m.Multi {
		return own
	}
	var others float32
	for k := range m.Labels {
		if k != label {
			others += m.weight(h, k) * m.scale[k]
		}
	}
	return own - others/float32(len(m.Labels)-1)
}

// tellable says whether a token means something to a reader.
func tellable(d *Doc, i int) bool {
	t := d.tokens[i]
	if t.to-t.from > 40 {
		return false
	}
	switch w := string(d.buf[t.from:t.to]); w {
	case "a", "an", "the", "of", "to", "for", "in", "on", "at", "and", "or", "is", "are", "was", "were", "be", "i", "it", "my", "me", "you", "your", "this", "that",
		"with", "as", "so", "by", "we", "our", "they", "them", "he", "she", "who", "do", "does", "did", "has", "have", "had", "s":
		return false
	case urlToken, userToken, ".", "..", "...", ",", "(", ")", "-", ":", ";", "/":
		return false
	}
	return t.word || t.to-t.from > 1 || d.buf[t.from] == '!' || d.buf[t.from] == '?'
}

// Lean is the weight of a dense feature for a label.
func (m *Model) Lean(slot, label int) float32 {
	if slot < 0 || slot >= m.slots {
		return 0
	}
	return m.dense[slot*len(m.Labels)+label]
}
