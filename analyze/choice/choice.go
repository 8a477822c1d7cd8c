// Package choice is what the methods have in common that choose one label of
// several for a text, by its words and characters, by how its writer feels,
// and by where its words point: emotion and toxicity.
//
// A method says by its recipe what it chooses among and how it was trained.
// Choice is good for English only, as the reading of sentiment and the word
// vectors are.
package choice

import (
	"fmt"
	"slices"

	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/social"
)

// MeaningSize is how many numbers say where the words of a text point.
const MeaningSize = 100

// Meaning is where the words of a text point.
type Meaning [MeaningSize]float32

// The dense features beside those of the lexicon.
const (
	slotFeeling = linear.LexiconSlots // three: the reading of sentiment
	slotMeaning = slotFeeling + 3
	// Slots is how many dense features a recipe must have room for.
	Slots = slotMeaning + MeaningSize
)

// The weights that they enter with.
const (
	feelingValue = 1.5
	meaningValue = 4
)

// Mean says where the words of a text point.
func Mean(d *linear.Doc) (Meaning, error) {
	var m Meaning
	words, err := linear.English()
	if err != nil {
		return m, err
	}
	if words.Dim() != MeaningSize {
		return m, fmt.Errorf("the word vectors have %d numbers, not %d", words.Dim(), MeaningSize)
	}
	words.Mean(d, m[:])
	return m, nil
}

// A Scratch is what one reading needs and the next may use again. It is not
// safe for concurrent use.
type Scratch struct {
	dense  []linear.Dense
	values []float32
}

func (s *Scratch) features(feeling sentiment.Reading, m *Meaning) []linear.Dense {
	out := s.dense[:0]
	for i, p := range feeling {
		out = append(out, linear.Dense{Slot: slotFeeling + i, Value: feelingValue * (p - 1.0/3)})
	}
	for i, v := range m {
		if v != 0 {
			out = append(out, linear.Dense{Slot: slotMeaning + i, Value: meaningValue * v})
		}
	}
	s.dense = out
	return out
}

// A Model is a trained model. It is safe for concurrent use.
type Model struct{ linear *linear.Model }

// Load reads a model that training made.
func Load(file []byte) (*Model, error) {
	m, err := linear.Load(file)
	if err != nil {
		return nil, err
	}
	return New(m), nil
}

// New wraps a model fresh from training.
func New(m *linear.Model) *Model { return &Model{m} }

// Name is the model's name and version.
func (m *Model) Name() string { return m.linear.Name }

// Linear is the linear model in it.
func (m *Model) Linear() *linear.Model { return m.linear }

// Speaks says whether the model was made for the language.
func (m *Model) Speaks(lang string) bool { return lang == "en" }

// Read adds all labels to out, the likeliest first. Of that one it says the
// words that carried it, at most why.
func (m *Model) Read(d *linear.Doc, feeling sentiment.Reading, mean *Meaning, why int, s *Scratch, out []social.Label) []social.Label {
	if len(s.values) < len(m.linear.Labels) {
		s.values = make([]float32, len(m.linear.Labels))
	}
	p := m.linear.Probabilities(m.linear.Logits(d, s.features(feeling, mean), s.values))
	from := len(out)
	for i, v := range p {
		out = append(out, social.Label{Label: m.linear.Labels[i], Score: float64(v), Confidence: m.linear.Confidence(float64(v))})
		for j := len(out) - 1; j > from && out[j].Score > out[j-1].Score; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	if why > 0 {
		out[from].Why = m.linear.Why(d, linear.Best(p), why)
	}
	return out
}

// Example makes an example of a text for training.
func Example(d *linear.Doc, feeling sentiment.Reading, mean *Meaning, label int) linear.Example {
	var s Scratch
	d.Kin()
	e := linear.NewExample(d, s.features(feeling, mean)...)
	e.Label = label
	return e
}

// Why names the words of the text that speak for a label, at most n.
func (m *Model) Why(d *linear.Doc, label string, n int) []string {
	i := slices.Index(m.linear.Labels, label)
	if i < 0 {
		return nil
	}
	return m.linear.Why(d, i, n)
}
