//go:build !amd64

package encoder

func kernel(depth int, a []float32, lda int, panel, bias, c []float32, ldc int) {
	plainKernel(depth, a, lda, panel, bias, c, ldc)
}
