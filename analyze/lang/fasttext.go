package lang

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The published layout of a fastText model file, little endian: a magic
// number and version, the training arguments, the dictionary, the input
// matrix (quantised in a .ftz) and the output matrix. Reference:
// https://github.com/facebookresearch/fastText (args, dictionary, quantmatrix,
// productquantizer, loss).
const (
	magic        = 793712314
	version      = 12
	lossSoftmaxH = 1 // hierarchical softmax
	entryWord    = 0
	entryLabel   = 1
	centroids    = 256 // of every sub-quantiser
)

// network is a supervised fastText model, read into flat tables.
type network struct {
	dim        int
	minn, maxn int
	buckets    uint32
	words      map[string]int32
	wordCount  int
	labels     []string
	counts     []int64
	rows       []float32 // (words + kept buckets) × dim, dequantised
	bucketRow  []uint16  // bucket → row of the n-gram + 1, 0 where it was pruned
	kept       []uint64  // one bit a bucket: most are pruned, and this fits the cache
	out        []float32 // inner nodes × dim
	tree       []node
}

type node struct{ left, right int32 }

// reader takes numbers off the front of a file and remembers the first trouble.
type reader struct {
	rest string
	err  error
}

func (r *reader) take(n int) string {
	if r.err != nil {
		return ""
	}
	if n < 0 || n > len(r.rest) {
		r.err = fmt.Errorf("language model ends too early: %d bytes wanted, %d left", n, len(r.rest))
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) u8() byte {
	if s := r.take(1); s != "" {
		return s[0]
	}
	return 0
}

func (r *reader) i32() int32 {
	if s := r.take(4); s != "" {
		return int32(binary.LittleEndian.Uint32([]byte(s)))
	}
	return 0
}

func (r *reader) i64() int64 {
	if s := r.take(8); s != "" {
		return int64(binary.LittleEndian.Uint64([]byte(s)))
	}
	return 0
}

func (r *reader) floats(n int) []float32 {
	if n < 0 || n > len(r.rest)/4 {
		r.take(len(r.rest) + 1)
		return nil
	}
	s := r.take(4 * n)
	out := make([]float32, len(s)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32([]byte(s[4*i : 4*i+4])))
	}
	return out
}

func (r *reader) word() string {
	for i := 0; i < len(r.rest); i++ {
		if r.rest[i] == 0 {
			s := r.take(i)
			r.take(1)
			return s
		}
	}
	r.take(len(r.rest) + 1)
	return ""
}

func (r *reader) fail(format string, a ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, a...)
	}
}

// readNetwork reads a .ftz file. It wants what lid.176.ftz is: supervised,
// hierarchical softmax, quantised input, plain output, no word n-grams.
func readNetwork(file string) (*network, error) {
	r := &reader{rest: file}
	if r.i32() != magic || r.i32() != version {
		return nil, fmt.Errorf("not a fastText model of version %d", version)
	}
	n := &network{}
	r.args(n)
	r.dictionary(n)
	quantised := r.u8() == 1
	if !quantised {
		r.fail("the language model's input is not quantised")
	}
	r.input(n)
	r.output(n)
	if r.err != nil {
		return nil, r.err
	}
	n.tree = huffman(n.counts)
	return n, nil
}

func (r *reader) args(n *network) {
	var a [12]int32
	for i := range a {
		a[i] = r.i32()
	}
	r.take(8) // sampling threshold
	n.dim, n.buckets = int(a[0]), uint32(a[8])
	n.minn, n.maxn = int(a[9]), int(a[10])
	if a[6] != lossSoftmaxH {
		r.fail("the language model's loss is %d, not hierarchical softmax", a[6])
	}
	if a[5] != 1 {
		r.fail("the language model has word n-grams, which are not read")
	}
	if n.dim <= 0 || n.dim > 1024 || n.buckets == 0 || n.buckets > 1<<24 {
		r.fail("the language model has an unlikely shape")
	}
}

func (r *reader) dictionary(n *network) {
	entries := int(r.i32())
	r.i32() // words
	r.i32() // labels
	r.i64() // tokens seen in training
	kept := r.i64()
	n.words = map[string]int32{}
	for i := 0; i < entries && r.err == nil; i++ {
		w, count, kind := r.word(), r.i64(), r.u8()
		switch kind {
		case entryWord:
			n.words[w] = int32(n.wordCount)
			n.wordCount++
		case entryLabel:
			n.labels = append(n.labels, w)
			n.counts = append(n.counts, count)
		default:
			r.fail("the language model's dictionary is damaged")
		}
	}
	if kept < 0 || kept >= math.MaxUint16 {
		r.fail("the language model keeps %d n-grams, which is not supported", kept)
	}
	if r.err != nil {
		return
	}
	n.bucketRow = make([]uint16, n.buckets)
	n.kept = make([]uint64, (n.buckets+63)/64)
	for range kept {
		bucket, row := uint32(r.i32()), r.i32()
		if r.err != nil || bucket >= n.buckets || row < 0 || int64(row) >= kept {
			r.fail("the language model's n-grams are damaged")
			return
		}
		n.bucketRow[bucket] = uint16(row + 1)
		n.kept[bucket/64] |= 1 << (bucket % 64)
	}
}

// input reads the product-quantised input matrix and writes it out as floats:
// a row is its norm times the centroids that its codes name.
func (r *reader) input(n *network) {
	withNorm := r.u8() == 1
	rows, dim := int(r.i64()), int(r.i64())
	codes := r.take(int(r.i32()))
	pq := r.quantiser()
	var norms string
	var norm quantiser
	if withNorm {
		norms = r.take(rows)
		norm = r.quantiser()
	}
	if r.err != nil {
		return
	}
	if dim != n.dim || pq.dim != dim || rows <= 0 || len(codes) != rows*pq.parts || (withNorm && norm.dim != 1) {
		r.fail("the language model's input has the wrong shape")
		return
	}
	n.rows = make([]float32, rows*dim)
	for i := range rows {
		scale := float32(1)
		if withNorm {
			scale = norm.centre(0, norms[i])[0]
		}
		at := n.rows[i*dim : i*dim : (i+1)*dim]
		for p := range pq.parts {
			for _, v := range pq.centre(p, codes[i*pq.parts+p]) {
				at = append(at, scale*v)
			}
		}
	}
}

// quantiser is a product quantiser: a vector is cut into parts, and each part
// is the nearest of 256 centroids.
type quantiser struct {
	dim, parts, width, lastWidth int
	values                       []float32
}

func (r *reader) quantiser() quantiser {
	q := quantiser{dim: int(r.i32()), parts: int(r.i32()), width: int(r.i32()), lastWidth: int(r.i32())}
	if q.dim <= 0 || q.dim > 1024 || q.parts <= 0 || q.width <= 0 || (q.parts-1)*q.width+q.lastWidth != q.dim {
		r.fail("the language model's quantiser has the wrong shape")
		return q
	}
	q.values = r.floats(q.dim * centroids)
	return q
}

func (q quantiser) centre(part int, code byte) []float32 {
	at := part * centroids * q.width
	if part == q.parts-1 {
		return q.values[at+int(code)*q.lastWidth:][:q.lastWidth]
	}
	return q.values[at+int(code)*q.width:][:q.width]
}

func (r *reader) output(n *network) {
	if r.u8() == 1 {
		r.fail("the language model's output is quantised, which is not read")
		return
	}
	rows, dim := int(r.i64()), int(r.i64())
	if r.err == nil && (dim != n.dim || rows != len(n.labels) || rows == 0) {
		r.fail("the language model's output has the wrong shape")
		return
	}
	n.out = r.floats(rows * dim)
}

// huffman builds the tree of the hierarchical softmax from the labels' counts,
// which stand in falling order. Nodes 0 to len(counts)-1 are the labels; the
// last node is the root; inner node i has row i-len(counts) of the output.
func huffman(counts []int64) []node {
	leaves := len(counts)
	total := 2*leaves - 1
	tree := make([]node, total)
	weight := make([]int64, total)
	for i := range weight {
		tree[i] = node{-1, -1}
		weight[i] = 1e15
	}
	copy(weight, counts)
	leaf, inner := leaves-1, leaves
	lightest := func() int32 {
		if leaf >= 0 && weight[leaf] < weight[inner] {
			leaf--
			return int32(leaf + 1)
		}
		inner++
		return int32(inner - 1)
	}
	for i := leaves; i < total; i++ {
		l := lightest()
		r := lightest()
		tree[i] = node{l, r}
		weight[i] = weight[l] + weight[r]
	}
	return tree
}
