package lang

import (
	"math"
	"unicode/utf8"
)

const (
	fnvOffset = 2166136261
	fnvPrime  = 16777619
)

// hidden sums the vectors of every known word and character n-gram of the
// text into h and returns how many there were. Words are what white space
// divides; a word's n-grams are taken with < before it and > behind it.
func (n *network) hidden(h []float32, text []byte) int {
	found := n.add(h, n.words["</s>"])
	var buf [maxWord + 2]byte
	for i := 0; i < len(text); {
		if isSpace(text[i]) {
			i++
			continue
		}
		j := i
		for j < len(text) && !isSpace(text[j]) {
			j++
		}
		word := text[i:j]
		i = j
		if id, ok := n.words[string(word)]; ok {
			found += n.add(h, id)
		}
		if len(word) > maxWord {
			word = word[:maxWord]
		}
		marked := append(append(append(buf[:0], '<'), word...), '>')
		found += n.grams(h, marked)
	}
	return found
}

// maxWord bounds the n-grams of one word, so that a text without spaces costs
// no more than another.
const maxWord = 1024

func (n *network) grams(h []float32, w []byte) int {
	found := 0
	for i := 0; i < len(w); i++ {
		if !utf8.RuneStart(w[i]) {
			continue
		}
		hash := uint32(fnvOffset)
		for j, size := i, 1; j < len(w) && size <= n.maxn; size++ {
			for {
				hash = (hash ^ uint32(int8(w[j]))) * fnvPrime
				j++
				if j >= len(w) || utf8.RuneStart(w[j]) {
					break
				}
			}
			if size < n.minn || size == 1 && (i == 0 || j == len(w)) {
				continue
			}
			b := hash % n.buckets
			if n.kept[b/64]&(1<<(b%64)) != 0 {
				found += n.add(h, int32(n.wordCount)+int32(n.bucketRow[b])-1)
			}
		}
	}
	return found
}

func (n *network) add(h []float32, row int32) int {
	at := int(row) * n.dim
	v := n.rows[at : at+n.dim]
	for i := range h {
		h[i] += v[i]
	}
	return 1
}

// best finds the k most probable labels, strongest first, by walking the tree
// and leaving every branch that cannot beat what was found.
func (n *network) best(h []float32, out []guess) []guess {
	b := search{n: n, h: h, out: out[:0], limit: cap(out)}
	b.walk(int32(len(n.tree)-1), 1)
	return b.out
}

type guess struct {
	label int32
	p     float32
}

type search struct {
	n     *network
	h     []float32
	out   []guess
	limit int
}

func (s *search) walk(at int32, p float32) {
	if len(s.out) == s.limit && p <= s.out[len(s.out)-1].p {
		return
	}
	nd := s.n.tree[at]
	if nd.left < 0 {
		s.insert(guess{at, p})
		return
	}
	row := (int(at) - len(s.n.labels)) * s.n.dim
	var dot float32
	for i, v := range s.n.out[row : row+s.n.dim] {
		dot += v * s.h[i]
	}
	right := float32(1 / (1 + math.Exp(-float64(dot))))
	if right >= 0.5 { // the likelier side first, so that more can be left out
		s.walk(nd.right, p*right)
		s.walk(nd.left, p*(1-right))
		return
	}
	s.walk(nd.left, p*(1-right))
	s.walk(nd.right, p*right)
}

func (s *search) insert(g guess) {
	if len(s.out) < s.limit {
		s.out = append(s.out, g)
	} else {
		s.out[len(s.out)-1] = g
	}
	for i := len(s.out) - 1; i > 0 && s.out[i].p > s.out[i-1].p; i-- {
		s.out[i], s.out[i-1] = s.out[i-1], s.out[i]
	}
}

func isSpace(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' || b == 0 }
