package query

import (
	"cmp"
	"slices"
	"strings"
)

// index makes the hash table and the signature.
func (d *Doc) index() {
	bits := uint(3)
	for 1<<bits < 2*len(d.toks) {
		bits++
	}
	d.shift = 64 - bits
	if cap(d.slots) < 1<<bits {
		d.slots = make([]int32, 1<<bits)
	} else {
		d.slots = d.slots[:1<<bits]
		clear(d.slots)
	}
	d.sig = sig{}
	for i := len(d.toks) - 1; i >= 0; i-- {
		t := &d.toks[i]
		s := d.slot(t.hash)
		t.next = d.slots[s] - 1
		if t.next >= 0 {
			d.toks[t.next].again = true
		} else {
			d.sig.add(t.hash)
		}
		d.slots[s] = int32(i) + 1
	}
}

// slot returns where the word with this hash is, or where it would be.
func (d *Doc) slot(h uint64) uint64 {
	last := uint64(len(d.slots) - 1)
	s := mix(h) >> d.shift
	for d.slots[s] != 0 && d.toks[d.slots[s]-1].hash != h {
		s = (s + 1) & last
	}
	return s
}

// first returns the first token that is exactly this term's word, or -1.
func (d *Doc) first(t *Term) int32 {
	i := d.slots[d.slot(t.hash)] - 1
	if i < 0 || string(d.word0(i)) != t.Text {
		return -1
	}
	return i
}

// word0 returns the folded word of a token.
func (d *Doc) word0(i int32) []byte { return d.buf[d.toks[i].from:d.toks[i].to] }

// begins tells whether some word begins so.
func (d *Doc) begins(prefix string) bool {
	if len(d.toks) <= 128 {
		for i := range d.toks {
			if t := &d.toks[i]; !t.again && hasPrefix(d.buf[t.from:t.to], prefix) {
				return true
			}
		}
		return false
	}
	at := d.alphabet()
	n, _ := slices.BinarySearchFunc(at, prefix, func(i int32, p string) int {
		return cmp.Compare(string(d.word0(i)), p)
	})
	return n < len(at) && hasPrefix(d.word0(at[n]), prefix)
}

// alphabet returns the first tokens of all words in alphabetical order.
func (d *Doc) alphabet() []int32 {
	if p := d.sorted.Load(); p != nil {
		return *p
	}
	var at []int32
	for i := range d.toks {
		if !d.toks[i].again {
			at = append(at, int32(i))
		}
	}
	slices.SortFunc(at, func(a, b int32) int { return strings.Compare(string(d.word0(a)), string(d.word0(b))) })
	d.sorted.Store(&at)
	return at
}

func hasPrefix(w []byte, p string) bool { return len(w) >= len(p) && string(w[:len(p)]) == p }

// sig is a small summary of the words of a text: what is not in it is not in
// the text.
type sig [4]uint64

func (s *sig) add(h uint64) {
	b := mix(h) >> 56
	s[b>>6] |= 1 << (b & 63)
}

func (s *sig) join(o sig) {
	for i := range s {
		s[i] |= o[i]
	}
}

// within tells whether o has all of s.
func (s *sig) within(o *sig) bool {
	return s[0]&^o[0]|s[1]&^o[1]|s[2]&^o[2]|s[3]&^o[3] == 0
}
