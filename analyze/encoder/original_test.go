package encoder

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// original is what the original program, TensorFlow.js with the npm packages
// @energetic-ai/embeddings and model-embeddings-en 0.2.0, says of a text.
type original struct {
	Text   string    `json:"text"`
	Tokens []int32   `json:"tokens"`
	Vector []float32 `json:"vector"`
}

func originals(t *testing.T) []original {
	t.Helper()
	f, err := os.Open("testdata/original.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []original
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var o original
		if err := json.Unmarshal(sc.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		out = append(out, o)
	}
	return out
}

func TestTokensAreTheOriginals(t *testing.T) {
	for _, o := range originals(t) {
		if got := Vocabulary().encode(o.Text); !slices.Equal(got, o.Tokens) {
			t.Errorf("%q\n got %v\nwant %v", o.Text, got, o.Tokens)
		}
	}
}

// TestTheNetworkIsTheOriginal runs the original weights, 28 MB that are not
// kept here, through the network in Go. scripts/encoder/weights.sh fetches
// them; make test does so and sets the variable.
func TestTheNetworkIsTheOriginal(t *testing.T) {
	dir := os.Getenv("PARLEY_ENCODER_WEIGHTS")
	if dir == "" {
		t.Skip("PARLEY_ENCODER_WEIGHTS names no folder; make test sets it")
	}
	arrays := readArrays(t, dir)
	whole := &Model{net: arrays.network(nil)}
	bytes := &Model{net: arrays.network(inBytes)}
	for _, o := range originals(t) {
		got := vector(whole, o.Tokens)
		worst := 0.0
		for i, v := range o.Vector {
			worst = max(worst, math.Abs(float64(v-got[i])))
		}
		if worst > 1e-4 {
			t.Errorf("%q is off by %g", o.Text, worst)
		}
		if near := near(got, vector(bytes, o.Tokens)); near < 0.999 {
			t.Errorf("%q: in bytes it points elsewhere: cosine %.5f", o.Text, near)
		}
	}
}

func vector(m *Model, ids []int32) []float32 {
	var out [FeatureSize]float32
	m.net.hidden(batch{ids[:min(len(ids), MostTokens)]}, &scratch{}, func(_ int, states []float32) { m.net.features(states, out[:]) })
	for i := range width {
		out[i] /= 8
	}
	return out[:width]
}

// near is the cosine between two vectors.
func near(a, b []float32) float64 {
	var sum, x, y float64
	for i, v := range a {
		sum += float64(v) * float64(b[i])
		x += float64(v) * float64(v)
		y += float64(b[i]) * float64(b[i])
	}
	return sum / math.Sqrt(x*y)
}

// arrays are the weights of the TensorFlow graph by name, row by row.
type arrays struct {
	t    *testing.T
	data map[string][]float32
}

func readArrays(t *testing.T, dir string) arrays {
	t.Helper()
	file := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var model struct {
		Manifest []struct {
			Paths   []string `json:"paths"`
			Weights []struct {
				Name, Dtype string
				Shape       []int
			} `json:"weights"`
		} `json:"weightsManifest"`
	}
	if err := json.Unmarshal(file("model.json"), &model); err != nil {
		t.Fatal(err)
	}
	out := arrays{t, map[string][]float32{}}
	for _, g := range model.Manifest {
		var data []byte
		for _, p := range g.Paths {
			data = append(data, file(p)...)
		}
		for _, w := range g.Weights {
			n := 1
			for _, d := range w.Shape {
				n *= d
			}
			if w.Dtype == "bool" {
				data = data[n:]
				continue
			}
			v := make([]float32, n)
			for i := range v {
				v[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
			}
			out.data[w.Name], data = v, data[4*n:]
		}
	}
	return out
}

func (a arrays) take(name string) []float32 {
	v, ok := a.data[name]
	if !ok {
		a.t.Fatalf("the original has no %s", name)
	}
	return v
}

// inBytes is what is left of a column of numbers when it is written in bytes.
func inBytes(column []float32) {
	most := float32(0)
	for _, v := range column {
		most = max(most, float32(math.Abs(float64(v))))
	}
	scale := most / 127
	for i, v := range column {
		column[i] = scale * float32(math.RoundToEven(float64(v/scale)))
	}
}

// network builds the encoder of the arrays. lose, where given, is what happens
// to each column of each matrix (to each row of the embedding) on the way.
func (a arrays) network(lose func([]float32)) *network {
	const prefix, whole = "Encoder_en/KonaTransformer/Encode/", "/ConcatPartitions/concat"
	matrix := func(name string, rows, cols int) matrix {
		w := slices.Clone(a.take(name))
		if lose != nil {
			column := make([]float32, rows)
			for c := range cols {
				for r := range rows {
					column[r] = w[r*cols+c]
				}
				lose(column)
				for r := range rows {
					w[r*cols+c] = column[r]
				}
			}
		}
		return newMatrix(rows, cols, func(r, c int) float32 { return w[r*cols+c] })
	}
	n := &network{embedding: slices.Clone(a.take("module/Embeddings_en")), timing: timings()}
	if lose != nil {
		for row := range slices.Chunk(n.embedding, embedWidth) {
			lose(row)
		}
	}
	in := embedWidth
	for i := range n.layers {
		l := &n.layers[i]
		number := string(rune('0' + i))
		own := "module_apply_default/" + prefix + "Layer_" + number + "/TransformerLayer/"
		kernel := "module/" + prefix + "Layer_" + number + "/TransformerLayer/MultiheadAttention/"
		ffn := "module_apply_default/" + prefix + "TransformerStack/Layer_" + number + "/TransformerLayer/FFN/"
		const ln = "layer_prepostprocess/layer_norm/layer_norm_"
		l.width = in
		l.norm1 = layerNorm{a.take(own + ln + "scale" + whole), a.take(own + ln + "bias" + whole)}
		l.qkv = dense{matrix(kernel+"qkv_transform_single/kernel/part_0", in, 3*in), a.take(own + "MultiheadAttention/qkv_transform_single/bias" + whole)}
		l.out = dense{matrix(kernel+"output_transform_single/kernel/part_0", in, width), a.take(own + "MultiheadAttention/output_transform_single/bias" + whole)}
		if in != width {
			l.wide = dense{matrix(own+"dense/kernel"+whole, in, width), a.take(own + "dense/bias" + whole)}
		}
		l.norm2 = layerNorm{a.take(own + "FFN/" + ln + "scale" + whole), a.take(own + "FFN/" + ln + "bias" + whole)}
		l.up = dense{matrix(ffn+"conv1/Tensordot/Reshape_1", width, inner), a.take(own + "FFN/conv1/bias" + whole)}
		l.down = dense{matrix(ffn+"conv2/Tensordot/Reshape_1", inner, width), a.take(own + "FFN/conv2/bias" + whole)}
		in = width
	}
	n.pool = dense{matrix("module/Encoder_en/hidden_layers/tanh_layer_0/weights", width, width), a.take("module/Encoder_en/hidden_layers/tanh_layer_0/bias")}
	return n
}

func TestTokensOfAnything(t *testing.T) {
	for _, text := range []string{"", " ", "\xff\xfe", strings.Repeat("a", 1<<20), strings.Repeat("😡", 100_000), "\u202eold", "@somebody https://x.example #", strings.Repeat("e\u0301", 5000), "日本語のケトルが漏れる"} {
		got := Vocabulary().Tokens(text)
		if len(got) > MostTokens {
			t.Errorf("%.20q: %d tokens", text, len(got))
		}
		for _, id := range got {
			if id < 0 || int(id) >= Vocabulary().Size() {
				t.Errorf("%.20q: there is no piece %d", text, id)
			}
		}
	}
	if got := Vocabulary().Tokens("@somebody https://x.example #"); len(got) != 0 {
		t.Errorf("handles and addresses say nothing, got %v", got)
	}
}

func BenchmarkTexts(b *testing.B) {
	m := model(b)
	const text = "I have been waiting for three weeks for my refund now and every time I call I am told that somebody will get back to me."
	for b.Loop() {
		m.Read([]string{text})
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
	b.ReportMetric(float64(len(Vocabulary().Tokens(text))), "tokens")
}
