package encoder

import "golang.org/x/sys/cpu"

// fast says that the processor has what kernel_amd64.s is written in.
var fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// kernel6x16 is plainKernel in AVX2.
//
//go:noescape
func kernel6x16(depth int, a *float32, lda int, panel, bias, c *float32, ldc int)

func kernel(depth int, a []float32, lda int, panel, bias, c []float32, ldc int) {
	if !fast {
		plainKernel(depth, a, lda, panel, bias, c, ldc)
		return
	}
	// The bounds that the assembly keeps to are checked here.
	_ = a[(blockRows-1)*lda+depth-1]
	_ = panel[depth*panelCols-1]
	_ = bias[panelCols-1]
	_ = c[(blockRows-1)*ldc+panelCols-1]
	kernel6x16(depth, &a[0], lda, &panel[0], &bias[0], &c[0], ldc)
}
