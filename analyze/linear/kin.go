package linear

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
)

// Kin of words are words that are used alike: the word vectors, divided into
// groups. N-grams of groups let a model know "my cat adores the food" by "my
// dog loves the biscuits".

//go:embed kin.bin
var kinFile string

// kinGroups is how many groups there are.
const kinGroups = 300

// kin maps the hash of a word to the hash of its group.
var kin = sync.OnceValues(func() (map[uint64]uint64, error) {
	v, err := English()
	if err != nil {
		return nil, err
	}
	if len(kinFile) != 2*len(v.index) {
		return nil, fmt.Errorf("%d bytes of groups for %d words", len(kinFile), len(v.index))
	}
	out := make(map[uint64]uint64, len(v.index))
	for word, rank := range v.index {
		out[word] = mix(uint64(binary.LittleEndian.Uint16([]byte(kinFile[2*rank:]))) + 1<<40)
	}
	return out, nil
})

// unknownKin is the group of words that have no vector.
const unknownKin = 0x5EED0FA110F7E57

// Kin makes the n-grams of groups too, which some models go by.
func (d *Doc) Kin() {
	if d.hasKin {
		return
	}
	d.hasKin = true
	d.kin, d.groups = d.kin[:0], d.groups[:0]
	groups, err := kin()
	if err != nil { // found when the models are read
		return
	}
	for _, t := range d.tokens {
		g := t.hash
		if t.word {
			var ok bool
			if g, ok = groups[t.hash]; !ok {
				g = unknownKin
				if at := apostrophe(d.buf[t.from:t.to]); at > 0 {
					if h, ok := groups[hashBytes(d.buf[t.from:t.from+at])]; ok {
						g = h
					}
				}
			}
		}
		d.groups = append(d.groups, g)
	}
	for i, g := range d.groups {
		d.kin = append(d.kin, uint32(mix(g^77)>>32))
		h := g
		for k := 1; k < wordLimit && i+k < len(d.groups); k++ {
			h = mix(h*3 + d.groups[i+k])
			d.kin = append(d.kin, uint32(h>>32))
		}
		if i+2 < len(d.groups) { // whatever stands between
			d.kin = append(d.kin, uint32(mix(g*5+d.groups[i+2]*7+1)>>32))
		}
	}
}

func apostrophe(w []byte) int {
	for i, c := range w {
		if c == '\'' {
			return i
		}
	}
	return -1
}

// Groups divides the words of v into groups, for kin.bin: spherical k-means
// from a fixed beginning.
func Groups(v *Vectors) []byte {
	const passes = 12
	n, dim := len(v.index), v.dim
	x := make([]float32, n*dim)
	for i := range x {
		x[i] = float32(int8(v.values[i]))
	}
	unit(x, dim)
	center := make([]float32, kinGroups*dim)
	for i, p := range rand.New(rand.NewPCG(1, 1)).Perm(n)[:kinGroups] {
		copy(center[i*dim:(i+1)*dim], x[p*dim:(p+1)*dim])
	}
	at := make([]int, n)
	for range passes {
		for i := range n {
			at[i] = nearest(x[i*dim:(i+1)*dim], center)
		}
		clear(center)
		for i, g := range at {
			for j, f := range x[i*dim : (i+1)*dim] {
				center[g*dim+j] += f
			}
		}
		unit(center, dim)
	}
	out := make([]byte, 0, 2*n)
	for _, g := range at {
		out = binary.LittleEndian.AppendUint16(out, uint16(g))
	}
	return out
}

func nearest(x, centers []float32) int {
	best, most := 0, float32(math.Inf(-1))
	for g := 0; g*len(x) < len(centers); g++ {
		var s float32
		for j, c := range centers[g*len(x) : (g+1)*len(x)] {
			s += x[j] * c
		}
		if s > most {
			best, most = g, s
		}
	}
	return best
}

// unit brings every row to length one.
func unit(x []float32, dim int) {
	for ; len(x) > 0; x = x[dim:] {
		var ss float64
		for _, f := range x[:dim] {
			ss += float64(f) * float64(f)
		}
		k := float32(1 / math.Sqrt(ss+1e-9))
		for j := range dim {
			x[j] *= k
		}
	}
}
