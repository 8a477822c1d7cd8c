package encoder

import (
	"bytes"
	_ "embed"
	"math"
)

// WantsName is the name and version of the head that reads intents. It was
// made for the weights of Name; where those change, it must be trained again.
const WantsName = "wants-2"

//go:embed wants-2.bin
var wantsWeights []byte

// wantsMagic is how the file of the head begins. Then come, as little-endian
// float32 but for the signed bytes, for wantsInner units: a scale for each, a
// row of FeatureSize bytes for each, a shift for each; and for the wantsLabels
// intents a row of wantsInner numbers and a shift. scripts/encoder/wants.py
// writes it.
const wantsMagic = "parley wants 1\n"

const (
	wantsInner  = 96
	wantsLabels = 10
)

// wants says how likely each intent is, by the features of a text: a layer
// with rectified units, and the likelihoods on top of it.
type wants struct {
	inner, innerShift []float32
	outer, outerShift []float32
}

func readWants(file []byte) (*wants, error) {
	if !bytes.HasPrefix(file, []byte(wantsMagic)) {
		return nil, errFile
	}
	s := &source{rest: file[len(wantsMagic):]}
	w := &wants{inner: make([]float32, wantsInner*FeatureSize)}
	scale, raw := s.vector(wantsInner), s.bytes(wantsInner*FeatureSize)
	for i := range w.inner {
		w.inner[i] = scale[i/FeatureSize] * float32(int8(raw[i]))
	}
	w.innerShift = s.vector(wantsInner)
	w.outer, w.outerShift = s.vector(wantsLabels*wantsInner), s.vector(wantsLabels)
	if s.bad || len(s.rest) > 0 {
		return nil, errFile
	}
	return w, nil
}

func (w *wants) likelihoods(features []float32) []float32 {
	var unit [wantsInner]float32
	for i := range unit {
		unit[i] = max(0, dot(w.inner[i*FeatureSize:(i+1)*FeatureSize], features)+w.innerShift[i])
	}
	out := make([]float32, wantsLabels)
	for k := range out {
		z := dot(w.outer[k*wantsInner:(k+1)*wantsInner], unit[:]) + w.outerShift[k]
		out[k] = float32(1 / (1 + math.Exp(-float64(z))))
	}
	return out
}

func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for i := 0; i+3 < len(a); i += 4 { // the lengths are multiples of four
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return s0 + s1 + s2 + s3
}
