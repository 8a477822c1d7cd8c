package linear

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/parley-crm/parley/third_party/glove"
)

// Vectors are word vectors: words that are used alike point alike. They let a
// method know words that its training never showed. They are English. Safe for
// concurrent use.
type Vectors struct {
	dim    int
	index  map[uint64]int32 // hash of a token → its rank
	values string           // a signed byte a number
}

// English are the embedded vectors, read at the first call.
var English = sync.OnceValues(func() (*Vectors, error) { return LoadVectors(glove.Vectors) })

// LoadVectors reads a file of vectors; third_party/glove describes its format.
func LoadVectors(file string) (*Vectors, error) {
	head, rest, _ := strings.Cut(file, "\n")
	var words, dim int
	if _, err := fmt.Sscanf(head, "parley vectors 1 %d %d", &words, &dim); err != nil || words < 0 || dim < 1 || dim > 1<<12 {
		return nil, fmt.Errorf("not a file of word vectors")
	}
	v := &Vectors{dim: dim, index: make(map[uint64]int32, min(words, len(rest)))}
	for i := range words {
		word, after, ok := strings.Cut(rest, "\n")
		if !ok {
			return nil, fmt.Errorf("the word vectors end too early")
		}
		v.index[hashBytes([]byte(word))] = int32(i)
		rest = after
	}
	if len(rest) != words*dim {
		return nil, fmt.Errorf("the word vectors have %d numbers, not %d", len(rest), words*dim)
	}
	v.values = rest
	return v, nil
}

// Dim is how many numbers a vector has.
func (v *Vectors) Dim() int { return v.dim }

// Mean is the direction in which the words of a text point together: the mean
// of their vectors, frequent words counting less, brought to length one; zero
// if no word is known. It is left in out, which must have Dim places.
func (v *Vectors) Mean(d *Doc, out []float32) {
	out = out[:v.dim]
	clear(out)
	for _, t := range d.tokens {
		if !t.word {
			continue
		}
		rank, ok := v.index[t.hash]
		if !ok { // don't counts as don, Rosa's as Rosa
			at := bytes.IndexByte(d.buf[t.from:t.to], '\'')
			if at <= 0 {
				continue
			}
			if rank, ok = v.index[hashBytes(d.buf[t.from:t.from+at])]; !ok {
				continue
			}
		}
		weight := 1 - 1/(1+0.12*float32(rank+1))
		row := v.values[int(rank)*v.dim:][:v.dim]
		for i := range out {
			out[i] += weight * float32(int8(row[i]))
		}
	}
	var ss float64
	for _, x := range out {
		ss += float64(x) * float64(x)
	}
	if ss == 0 {
		return
	}
	k := float32(1 / math.Sqrt(ss))
	for i := range out {
		out[i] *= k
	}
}
