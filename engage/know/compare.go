package know

import "strings"

// Piece is a run of a text that is the same in two versions, or only in one.
type Piece struct {
	Kind string `json:"kind" doc:"same, gone or new."`
	Text string `json:"text"`
}

// The kinds of pieces.
const (
	Same = "same"
	Gone = "gone"
	New  = "new"
)

// Compare says what became of a text: first line by line, and within lines
// that changed word by word.
func Compare(old, now string) []Piece {
	var out []Piece
	add := func(kind, text string) {
		if text == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].Kind == kind {
			out[n-1].Text += text
			return
		}
		out = append(out, Piece{kind, text})
	}
	var gone, fresh strings.Builder
	flush := func() {
		for _, p := range diff(tokens(gone.String()), tokens(fresh.String())) {
			add(p.Kind, p.Text)
		}
		gone.Reset()
		fresh.Reset()
	}
	for _, p := range diff(lines(old), lines(now)) {
		switch p.Kind {
		case Same:
			flush()
			add(Same, p.Text)
		case Gone:
			gone.WriteString(p.Text)
		default:
			fresh.WriteString(p.Text)
		}
	}
	flush()
	return out
}

func lines(s string) []string { return strings.SplitAfter(s, "\n") }

// tokens are words with the space behind them.
func tokens(s string) []string {
	var out []string
	from, space := 0, false
	for i, r := range s {
		is := r == ' ' || r == '\n' || r == '\t'
		if space && !is {
			out, from = append(out, s[from:i]), i
		}
		space = is
	}
	return append(out, s[from:])
}

// mostSteps is how many differences are looked for; beyond, all is replaced.
const mostSteps = 1000

// diff finds the shortest way from a to b (Myers 1986).
func diff(a, b []string) []Piece {
	begin := 0
	for begin < len(a) && begin < len(b) && a[begin] == b[begin] {
		begin++
	}
	end := 0
	for end < len(a)-begin && end < len(b)-begin && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	var out []Piece
	for _, s := range a[:begin] {
		out = append(out, Piece{Same, s})
	}
	out = append(out, middle(a[begin:len(a)-end], b[begin:len(b)-end])...)
	for _, s := range a[len(a)-end:] {
		out = append(out, Piece{Same, s})
	}
	return out
}

func middle(a, b []string) []Piece {
	most := min(len(a)+len(b), mostSteps)
	v := make([]int, 2*most+2)
	var trace [][]int
	for d := 0; d <= most; d++ {
		trace = append(trace, append([]int(nil), v[most-d:most+d+2]...))
		for k := -d; k <= d; k += 2 {
			var x int
			if k == -d || k != d && v[most+k-1] < v[most+k+1] {
				x = v[most+k+1]
			} else {
				x = v[most+k-1] + 1
			}
			y := x - k
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			v[most+k] = x
			if x >= len(a) && y >= len(b) {
				return back(a, b, trace, d)
			}
		}
	}
	return []Piece{{Gone, strings.Join(a, "")}, {New, strings.Join(b, "")}}
}

// back walks the trace to its beginning. trace[d] holds diagonals -d to d+1.
func back(a, b []string, trace [][]int, d int) []Piece {
	var out []Piece
	x, y := len(a), len(b)
	for ; d >= 0; d-- {
		v := func(k int) int { return trace[d][k+d] }
		k := x - y
		from := k - 1
		if k == -d || k != d && v(k-1) < v(k+1) {
			from = k + 1
		}
		px := 0
		if d > 0 {
			px = v(from)
		}
		py := px - from
		if d == 0 {
			px, py = 0, 0
		}
		for x > px && y > py {
			x, y = x-1, y-1
			out = append(out, Piece{Same, a[x]})
		}
		if d == 0 {
			break
		}
		if x == px {
			y--
			out = append(out, Piece{New, b[y]})
		} else {
			x--
			out = append(out, Piece{Gone, a[x]})
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}
