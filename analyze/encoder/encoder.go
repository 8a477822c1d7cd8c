package encoder

import (
	_ "embed"
	"sync"
)

// Name is the model's name and version. A model with other weights has
// another name.
const Name = "encoder-1"

//go:embed encoder-1.bin
var weights []byte

// A Model is the network with its heads. It is safe for concurrent use.
type Model struct {
	net     *network
	heads   []head // one for each of Tasks
	wants   *wants
	scratch sync.Pool
}

// head says how likely the labels of a task are, by the features of a text.
type head struct {
	weight []float32 // a row of FeatureSize for each label
	bias   []float32
}

// Default is the embedded model, read at the first call: a tenth of a second
// and 30 MB.
var Default = sync.OnceValues(func() (*Model, error) { return Load(weights) })

// Load reads a model that training made; the head of intents is the embedded
// one.
func Load(file []byte) (*Model, error) {
	net, heads, err := read(file)
	if err != nil {
		return nil, err
	}
	w, err := readWants(wantsWeights)
	if err != nil {
		return nil, err
	}
	return &Model{net: net, heads: heads, wants: w}, nil
}

// Speaks says whether the model was made for the language.
func (m *Model) Speaks(lang string) bool { return lang == "en" }

// A Reading is what the model says of one text: for each of Tasks the
// probabilities of its labels, in their order, and at Wants how likely each
// intent is, in the order of the model of intents. It is nil where the text
// holds no words.
type Reading [][]float32

// Wants is where a Reading has the intents.
const Wants = 3

// Read reads texts. It works on one core; call it from several goroutines to
// use more.
func (m *Model) Read(texts []string) []Reading {
	s, _ := m.scratch.Get().(*scratch)
	if s == nil {
		s = &scratch{}
	}
	defer m.scratch.Put(s)
	out := make([]Reading, len(texts))
	var some batch
	var from []int // which texts are in the batch
	tokens := 0
	flush := func() {
		if len(some) == 0 {
			return
		}
		m.net.hidden(some, s, func(i int, states []float32) { out[from[i]] = m.judge(states) })
		some, from, tokens = some[:0], from[:0], 0
	}
	for i, t := range texts {
		ids := Vocabulary().Tokens(t)
		if len(ids) == 0 {
			continue
		}
		if tokens+len(ids) > batchTokens {
			flush()
		}
		some, from, tokens = append(some, ids), append(from, i), tokens+len(ids)
	}
	flush()
	return out
}

func (m *Model) judge(states []float32) Reading {
	var features [FeatureSize]float32
	m.net.features(states, features[:])
	out := make(Reading, 0, Wants+1)
	for _, h := range m.heads {
		out = append(out, h.probabilities(features[:]))
	}
	return append(out, m.wants.likelihoods(features[:]))
}

func (h head) probabilities(features []float32) []float32 {
	out := make([]float32, len(h.bias))
	for k := range out {
		sum := h.bias[k]
		for i, w := range h.weight[k*FeatureSize : (k+1)*FeatureSize] {
			sum += w * features[i]
		}
		out[k] = sum
	}
	softmax(out, 1)
	return out
}
