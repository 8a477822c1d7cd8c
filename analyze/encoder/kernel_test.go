package encoder

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestKernelsAgree holds whatever kernel this processor has against the plain
// one, and a product against its definition.
func TestKernelsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	numbers := func(n int) []float32 {
		out := make([]float32, n)
		for i := range out {
			out[i] = rng.Float32()*2 - 1
		}
		return out
	}
	for _, size := range []struct{ rows, depth, cols int }{{1, 1, 16}, {6, 64, 16}, {7, 33, 48}, {13, 512, 32}, {12, 256, 768}} {
		a, w, bias := numbers(up(size.rows, blockRows)*size.depth), numbers(size.depth*size.cols), numbers(size.cols)
		m := newMatrix(size.depth, size.cols, func(r, c int) float32 { return w[r*size.cols+c] })
		got := view{make([]float32, up(size.rows, blockRows)*size.cols), size.cols}
		m.mul(got, view{a, size.depth}, size.rows, bias)
		for r := range size.rows {
			for c := range size.cols {
				want := float64(bias[c])
				for k := range size.depth {
					want += float64(a[r*size.depth+k]) * float64(w[k*size.cols+c])
				}
				if d := math.Abs(want - float64(got.row(r)[c])); d > 1e-4 {
					t.Fatalf("%v: row %d, column %d is off by %g", size, r, c, d)
				}
			}
		}
		plain, quick := make([]float32, blockRows*panelCols), make([]float32, blockRows*panelCols)
		plainKernel(size.depth, a, size.depth, m.panels, bias, plain, panelCols)
		kernel(size.depth, a, size.depth, m.panels, bias, quick, panelCols)
		for i := range plain {
			if d := math.Abs(float64(plain[i] - quick[i])); d > 1e-4 {
				t.Fatalf("%v: the kernels differ by %g", size, d)
			}
		}
	}
}
