package encoder

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
)

// magic is how a file of weights begins. Then come, without gaps and in the
// order of read: vectors as little-endian float32, and matrices as a scale for
// each column (for each row, of the embedding) and a signed byte for each
// number, row by row. scripts/encoder/finetune.py writes it.
const magic = "parley encoder 1\n"

// errFile is trouble with a file of weights; it is part of the program, so a
// user never sees it.
var errFile = errors.New("the encoder's weights are broken")

// pieces is how many rows the embedding has.
const pieces = 8002

// source reads a file of weights. Once it has failed it gives zeros.
type source struct {
	rest []byte
	bad  bool
}

func (s *source) bytes(n int) []byte {
	if len(s.rest) < n {
		s.bad = true
		return make([]byte, n)
	}
	out := s.rest[:n]
	s.rest = s.rest[n:]
	return out
}

func (s *source) vector(n int) []float32 {
	raw := s.bytes(4 * n)
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return out
}

func (s *source) matrix(rows, cols int) matrix {
	scale, raw := s.vector(cols), s.bytes(rows*cols)
	return newMatrix(rows, cols, func(r, c int) float32 { return scale[c] * float32(int8(raw[r*cols+c])) })
}

func (s *source) dense(rows, cols int) dense { return dense{s.matrix(rows, cols), s.vector(cols)} }

func (s *source) norm(n int) layerNorm { return layerNorm{s.vector(n), s.vector(n)} }

// read takes a network and its heads out of a file.
func read(file []byte) (*network, []head, error) {
	if !bytes.HasPrefix(file, []byte(magic)) {
		return nil, nil, errFile
	}
	s := &source{rest: file[len(magic):]}
	n := &network{embedding: make([]float32, pieces*embedWidth), timing: timings()}
	scale, raw := s.vector(pieces), s.bytes(pieces*embedWidth)
	for i := range n.embedding {
		n.embedding[i] = scale[i/embedWidth] * float32(int8(raw[i]))
	}
	in := embedWidth
	for i := range n.layers {
		l := &n.layers[i]
		l.width = in
		l.norm1 = s.norm(in)
		l.qkv = s.dense(in, 3*in)
		l.out = s.dense(in, width)
		if in != width {
			l.wide = s.dense(in, width)
		}
		l.norm2 = s.norm(width)
		l.up = s.dense(width, inner)
		l.down = s.dense(inner, width)
		in = width
	}
	n.pool = s.dense(width, width)
	var out []head
	for _, t := range Tasks() {
		out = append(out, head{s.vector(len(t.Labels) * FeatureSize), s.vector(len(t.Labels))})
	}
	if s.bad || len(s.rest) > 0 {
		return nil, nil, errFile
	}
	return n, out, nil
}
