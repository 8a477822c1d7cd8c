package encoder

import "math"

// The shape of the network.
const (
	embedWidth = 256
	width      = 512
	heads      = 4
	inner      = 1536 // of the feed-forward parts
	// FeatureSize is how many numbers the heads read of a text.
	FeatureSize = 3 * width
)

// A layer is pre-norm attention and feed-forward. The first one widens, so its
// residual goes through a matrix of its own.
type layer struct {
	width        int // of what comes in
	norm1, norm2 layerNorm
	qkv, out     dense
	wide         dense // of the first layer only
	up, down     dense
}

// A dense layer multiplies and adds.
type dense struct {
	matrix
	bias []float32
}

// An layerNorm is a layer normalisation.
type layerNorm struct{ scale, shift []float32 }

// A network is the encoder without its heads. It is safe for concurrent use.
type network struct {
	embedding []float32 // a row of embedWidth for every piece
	layers    [2]layer
	pool      dense
	timing    []float32 // a row of embedWidth for every position
}

// timings are the signals that tell positions apart: sines and cosines whose
// wavelengths grow from 2π to 10,000 · 2π (Vaswani and others, 2017).
func timings() []float32 {
	const half = embedWidth / 2
	out := make([]float32, MostTokens*embedWidth)
	for at := range MostTokens {
		for i := range half {
			angle := float64(at) * math.Exp(-float64(i)*math.Log(10_000)/(half-1))
			out[at*embedWidth+i] = float32(math.Sin(angle))
			out[at*embedWidth+half+i] = float32(math.Cos(angle))
		}
	}
	return out
}

// A batch is texts as pieces, to be read together.
type batch [][]int32

// batchTokens is about how many tokens are read together: enough to fill the
// kernel's blocks, few enough to stay near the processor.
const batchTokens = 192

// A scratch holds what one reading needs and the next may use again. It is not
// safe for concurrent use.
type scratch struct {
	x, y, norm, qkv, mixed, up []float32
	scores, keys, values       []float32
}

func room(s *[]float32, n int) []float32 {
	if cap(*s) < n {
		*s = make([]float32, n+n/2)
	}
	return (*s)[:n]
}

// hidden runs the texts through the network and calls take with the last
// states of each, a row of width numbers a token.
func (n *network) hidden(texts batch, s *scratch, take func(text int, states []float32)) {
	tokens := 0
	for _, t := range texts {
		tokens += len(t)
	}
	rows := up(tokens, blockRows) + blockRows // a text's last block may reach past its end
	x := view{room(&s.x, rows*width), embedWidth}
	row := 0
	for _, t := range texts {
		for at, piece := range t {
			out, word, time := x.row(row), n.embedding[int(piece)*embedWidth:], n.timing[at*embedWidth:]
			for i := range embedWidth {
				out[i] = 2*word[i] + time[i]
			}
			row++
		}
	}
	y := view{room(&s.y, rows*width), width}
	for i := range n.layers {
		n.layers[i].run(texts, tokens, rows, x, y, s)
		x, y = y, view{x.data[:rows*width], width}
	}
	row = 0
	for i, t := range texts {
		take(i, x.data[row*width:(row+len(t))*width])
		row += len(t)
	}
}

// run sets y to what the layer makes of x.
func (l *layer) run(texts batch, tokens, rows int, x, y view, s *scratch) {
	h := view{room(&s.norm, rows*width), l.width}
	for r := range tokens {
		l.norm1.apply(h.row(r)[:l.width], x.row(r)[:l.width])
	}
	qkv := view{room(&s.qkv, rows*3*width), 3 * l.width}
	l.qkv.mul(qkv, h, tokens, l.qkv.bias)
	mixed := view{room(&s.mixed, rows*width), l.width}
	row := 0
	for _, t := range texts {
		l.attend(qkv, mixed, row, len(t), s)
		row += len(t)
	}
	l.out.mul(y, mixed, tokens, l.out.bias)
	residual := x
	if l.wide.rows > 0 {
		residual = view{room(&s.norm, rows*width), width}
		l.wide.mul(residual, x, tokens, l.wide.bias)
	}
	for r := range tokens {
		add(y.row(r)[:width], residual.row(r)[:width])
	}
	h = view{room(&s.norm, rows*width), width}
	for r := range tokens {
		l.norm2.apply(h.row(r)[:width], y.row(r)[:width])
	}
	wide := view{room(&s.up, rows*inner), inner}
	l.up.mul(wide, h, tokens, l.up.bias)
	for i, v := range wide.data[:tokens*inner] {
		wide.data[i] = max(v, 0)
	}
	l.down.mul(h, wide, tokens, l.down.bias)
	for r := range tokens {
		add(y.row(r)[:width], h.row(r)[:width])
	}
}

// attend lets the tokens of one text, rows row to row+n, look at each other.
// What it writes past the text's last row is overwritten by the next text.
func (l *layer) attend(qkv, mixed view, row, n int, s *scratch) {
	size := l.width / heads
	scale := float32(1 / math.Sqrt(float64(size)))
	padded := up(n, panelCols)
	keys := matrix{size, padded, room(&s.keys, size*padded)}
	values := matrix{n, size, room(&s.values, n*size)}
	scores := view{room(&s.scores, up(n, blockRows)*padded), padded}
	clear(keys.panels)
	clear(scores.data)
	for head := range heads {
		from := head * size
		keys.fill(n, func(k, token int) float32 { return qkv.data[(row+token)*qkv.stride+l.width+from+k] })
		values.fill(size, func(token, k int) float32 { return qkv.data[(row+token)*qkv.stride+2*l.width+from+k] })
		keys.mul(scores, view{qkv.data[row*qkv.stride+from:], qkv.stride}, n, nil)
		for r := range n {
			softmax(scores.row(r)[:n], scale)
		}
		values.mul(view{mixed.data[row*mixed.stride+from:], mixed.stride}, scores, n, nil)
	}
}

// softmax turns scores, times scale, into shares that sum to one.
func softmax(x []float32, scale float32) {
	most := float32(math.Inf(-1))
	for _, v := range x {
		most = max(most, v)
	}
	var sum float32
	for i, v := range x {
		e := float32(math.Exp(float64((v - most) * scale)))
		x[i] = e
		sum += e
	}
	for i := range x {
		x[i] /= sum
	}
}

// apply sets out to the normalised x.
func (n layerNorm) apply(out, x []float32) {
	mean, by := moments(x)
	for i, v := range x {
		out[i] = (v-mean)*by*n.scale[i] + n.shift[i]
	}
}

// moments are the mean of x and one over its standard deviation.
func moments(x []float32) (mean, by float32) {
	var sum, square float64
	for _, v := range x {
		sum += float64(v)
	}
	m := sum / float64(len(x))
	for _, v := range x {
		d := float64(v) - m
		square += d * d
	}
	return float32(m), float32(1 / math.Sqrt(square/float64(len(x))+epsilon))
}

// epsilon is what keeps a norm from dividing by nothing.
const epsilon = 1e-6

func add(to, x []float32) {
	for i, v := range x {
		to[i] += v
	}
}

// features reads a text's last states as the heads want them: the sentence
// vector times eight, and the normalised mean and greatest of the states.
func (n *network) features(states, out []float32) {
	mean, most := out[width:2*width], out[2*width:]
	clear(mean)
	copy(most, states[:width])
	tokens := len(states) / width
	for t := range tokens {
		for i, v := range states[t*width : (t+1)*width] {
			mean[i] += v
			most[i] = max(most[i], v)
		}
	}
	for i := range mean {
		mean[i] /= float32(tokens)
	}
	n.sentence(mean, out[:width])
	for i := range out[:width] {
		out[i] *= 8
	}
	even(mean)
	even(most)
}

// sentence turns the mean of the states into the sentence vector, of length
// one.
func (n *network) sentence(mean, out []float32) {
	var in, sum [blockRows * width]float32
	copy(in[:], mean)
	n.pool.mul(view{sum[:], width}, view{in[:], width}, 1, n.pool.bias)
	var square float64
	for i := range out {
		v := math.Tanh(float64(sum[i]))
		out[i] = float32(v)
		square += v * v
	}
	by := float32(1 / math.Sqrt(max(square, 1e-24)))
	for i := range out {
		out[i] *= by
	}
}

// even normalises x without scale and shift. PyTorch's layer_norm adds 1e-5
// there; at these sizes the difference is lost in the noise of the bytes.
func even(x []float32) {
	mean, by := moments(x)
	for i, v := range x {
		x[i] = (v - mean) * by
	}
}
