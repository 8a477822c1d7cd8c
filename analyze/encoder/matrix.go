package encoder

// A matrix of the network, cut into panels of sixteen columns that lie row by
// row, so that the innermost loop reads straight on.
type matrix struct {
	rows, cols int       // cols is rounded up to a multiple of panelCols
	panels     []float32 // rows × cols
}

const (
	panelCols = 16
	blockRows = 6 // rows that the kernel takes at once
)

// up rounds n up to a multiple of m.
func up(n, m int) int { return (n + m - 1) / m * m }

// newMatrix packs rows × cols numbers, given by at.
func newMatrix(rows, cols int, at func(row, col int) float32) matrix {
	m := matrix{rows, up(cols, panelCols), make([]float32, rows*up(cols, panelCols))}
	m.fill(cols, at)
	return m
}

// fill puts numbers in their places; columns from cols on stay zero.
func (m matrix) fill(cols int, at func(row, col int) float32) {
	for col := range cols {
		panel := m.panels[col/panelCols*panelCols*m.rows:]
		for row := range m.rows {
			panel[row*panelCols+col%panelCols] = at(row, col)
		}
	}
}

// A view is a part of a row-major array: rows of width numbers, a stride
// apart. What it is cut from has room for rows rounded up to blockRows, for
// the kernel reads and writes whole blocks.
type view struct {
	data   []float32
	stride int
}

func (v view) row(i int) []float32 { return v.data[i*v.stride:] }

// mul sets out to in · m + bias for the given number of rows. bias is nil or
// as long as m has columns.
func (m matrix) mul(out, in view, rows int, bias []float32) {
	for col := 0; col < m.cols; col += panelCols {
		panel := m.panels[col*m.rows : (col+panelCols)*m.rows]
		add := zero[:]
		if bias != nil {
			add = bias[col : col+panelCols]
		}
		for row := 0; row < rows; row += blockRows {
			kernel(m.rows, in.data[row*in.stride:], in.stride, panel, add, out.data[row*out.stride+col:], out.stride)
		}
	}
}

var zero [panelCols]float32

// plainKernel multiplies blockRows rows of a, depth numbers each, with a
// panel, adds the bias and writes blockRows × panelCols numbers to c.
func plainKernel(depth int, a []float32, lda int, panel, bias, c []float32, ldc int) {
	for r := range blockRows {
		var sum [panelCols]float32
		copy(sum[:], bias)
		row := a[r*lda : r*lda+depth]
		for k, x := range row {
			if x == 0 {
				continue
			}
			p := panel[k*panelCols : k*panelCols+panelCols : k*panelCols+panelCols]
			for j := range sum {
				sum[j] += x * p[j]
			}
		}
		copy(c[r*ldc:r*ldc+panelCols], sum[:])
	}
}
