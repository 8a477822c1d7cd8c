// Package sentiment says how the writer of a text feels about what it is
// about: negative, neutral or positive.
//
// The model is feeling-1: a linear model of words and characters, trained on
// English posts and good for English only; Speaks says so, and whoever scores
// gives no sentiment for other languages. docs/models.md is its card.
package sentiment

import (
	_ "embed"
	"sync"

	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/social"
)

// Name is the model's name and version. A model with other weights has
// another name.
const Name = "feeling-1"

// Labels in the order of the model.
var labels = []string{social.Negative, social.Neutral, social.Positive}

// Recipe is how the model is trained; its numbers were chosen by macro recall
// on the validation set.
func Recipe() linear.Recipe {
	return linear.Recipe{
		Name: Name, Labels: labels, Bits: 20, Slots: linear.LexiconSlots,
		Epochs: 2, Rounds: 3, Rate: 0.012, Decay: 1e-6, Balance: 1,
		MinCount: 2, Floor: 0.1, Cap: 3, Smooth: 0.3, Seed: 1,
	}
}

//go:embed feeling-1.bin
var weights []byte

// A Model is a trained model of sentiment. It is safe for concurrent use.
type Model struct{ linear *linear.Model }

// Default is the embedded model, read at the first call.
var Default = sync.OnceValues(func() (*Model, error) { return Load(weights) })

// Load reads a model that training made.
func Load(file []byte) (*Model, error) {
	m, err := linear.Load(file)
	if err != nil {
		return nil, err
	}
	return &Model{m}, nil
}

// New wraps a model fresh from training.
func New(m *linear.Model) *Model { return &Model{m} }

// Name is the model's name and version.
func (m *Model) Name() string { return m.linear.Name }

// Linear is the linear model in it.
func (m *Model) Linear() *linear.Model { return m.linear }

// Speaks says whether the model was made for the language.
func (m *Model) Speaks(lang string) bool { return lang == "en" }

// A Reading is what the model says of one text: the probability of negative,
// neutral and positive, in this order.
type Reading [3]float32

// Read weighs the text.
func (m *Model) Read(d *linear.Doc) Reading {
	var r Reading
	m.linear.Probabilities(m.linear.Logits(d, nil, r[:]))
	return r
}

// Example makes an example of a text for training.
func Example(d *linear.Doc) linear.Example { return linear.NewExample(d) }

// Label is the likeliest label of the reading.
func (m *Model) Label(r Reading) social.Label {
	best := linear.Best(r[:])
	p := float64(r[best])
	return social.Label{Label: m.linear.Labels[best], Score: p, Confidence: m.linear.Confidence(p)}
}

// Why names the words of the text that carried the reading's label, at most n.
func (m *Model) Why(d *linear.Doc, r Reading, n int) []string {
	return m.linear.Why(d, linear.Best(r[:]), n)
}

// WhyLabel names the words of the text that speak for a label of Reading, at
// most n.
func (m *Model) WhyLabel(d *linear.Doc, label, n int) []string { return m.linear.Why(d, label, n) }
