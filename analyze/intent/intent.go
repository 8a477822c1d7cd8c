// Package intent says what the writer of a text wants of the one who reads it:
// to ask, to complain, to praise, to have something done, to buy, to suggest,
// to leave, to work there, to meet; or that the text is spam. A text may have
// several intents, and most have none.
//
// The model is intent-4: cues (phrases that speak for an intent), the reading
// of sentiment, where the words point (word vectors), and words and characters,
// weighed by a linear model that was trained on posts written for it. It is good for English only. docs/models.md
// is its card and holds the guideline by which posts were labelled.
package intent

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/social"
)

// Name is the model's name and version. It was trained with the readings of
// sentiment.Name; where that changes, this must be trained again.
const Name = "intent-4"

// The intents.
const (
	Question  = "question"
	Complaint = "complaint"
	Praise    = "praise"
	Request   = "request"
	Purchase  = "purchase"
	Idea      = "idea"
	ChurnRisk = "churn_risk"
	Job       = "job"
	Event     = "event"
	Spam      = "spam"
)

// Labels are the intents in the order of the model.
func Labels() []string {
	return []string{Question, Complaint, Praise, Request, Purchase, Idea, ChurnRisk, Job, Event, Spam}
}

// The method's own dense features.
const (
	slotFeeling = linear.LexiconSlots // three: the reading of sentiment
	slotCue     = slotFeeling + 3     // one a kind: whether it occurs
	slotCues    = slotCue + cueKinds  // one a kind: how often
	slotAsks    = slotCues + cueKinds // ends with a question mark
	slotMarked  = slotAsks + 1        // has one anywhere
	slotOpens   = slotMarked + 1      // begins with a word that asks
	slotURL     = slotOpens + 1
	slotMention = slotURL + 1
	slotShort   = slotMention + 1               // three lengths
	slotPairs   = slotShort + 3                 // pairs of kinds that occur together
	slotMeaning = slotPairs + cueKinds*cueKinds // where the words point together
	slots       = slotMeaning + meaningSize
)

const meaningSize = 100

// Recipe is how the model is trained; its numbers were chosen by
// cross-validation over the training posts.
func Recipe() linear.Recipe {
	return linear.Recipe{
		Name: Name, Labels: Labels(), Multi: true, Kin: true, Bits: 18, Slots: slots,
		Epochs: 10, Rounds: 3, Rate: 0.1, Decay: 0.0005, Balance: 0.8,
		MinCount: 2, Floor: 0.3, Cap: 0, Smooth: 0.3, Seed: 1,
	}
}

//go:embed intent-4.bin
var weights []byte

// A Model is a trained model of intents. It is safe for concurrent use.
type Model struct {
	linear *linear.Model
	know   knowledge
}

// Default is the embedded model, read at the first call.
var Default = sync.OnceValues(func() (*Model, error) { return Load(weights) })

// Load reads a model that training made.
func Load(file []byte) (*Model, error) {
	m, err := linear.Load(file)
	if err != nil {
		return nil, err
	}
	return New(m)
}

// New wraps a model fresh from training.
func New(m *linear.Model) (*Model, error) {
	k, err := known()
	if err != nil {
		return nil, err
	}
	return &Model{linear: m, know: k}, nil
}

// Name is the model's name and version.
func (m *Model) Name() string { return m.linear.Name }

// Linear is the linear model in it.
func (m *Model) Linear() *linear.Model { return m.linear }

// Speaks says whether the model was made for the language.
func (m *Model) Speaks(lang string) bool { return lang == "en" }

// Likely is how likely the last reading found each of Labels.
func (s *Scratch) Likely() []float32 { return s.values }

// A Scratch is what one reading needs and the next may use again. It is not
// safe for concurrent use.
type Scratch struct {
	dense   []linear.Dense
	values  []float32
	meaning [meaningSize]float32
}

// given has, in the order of Labels, the probability from which each intent is
// given: half of the F1 that it reached in cross-validation over the training
// posts, which is where F1 is greatest as long as probabilities mean what they
// say. parley train prints it.
var given = [...]float64{0.441, 0.325, 0.318, 0.398, 0.310, 0.361, 0.353, 0.359, 0.377, 0.449}

// Given is the probability from which each of Labels is given.
func Given() []float64 { return slices.Clone(given[:]) }

// Read adds to out the intents of the text, strongest first. why is the most
// words that each may name as its reason; with none, none are looked for.
func (m *Model) Read(d *linear.Doc, feeling sentiment.Reading, why int, s *Scratch, out []social.Label) []social.Label {
	if len(s.values) < len(m.linear.Labels) {
		s.values = make([]float32, len(m.linear.Labels))
	}
	s.features(m.know, d, feeling)
	p := m.linear.Probabilities(m.linear.Logits(d, s.dense, s.values))
	return m.Give(d, p, given[:], m.linear.Confidence, why, out)
}

// Give adds to out the intents that are as likely as least says, strongest
// first. p has how likely each of Labels is, least from when on it is given;
// confidence says how often an intent of a likelihood is right.
func (m *Model) Give(d *linear.Doc, p []float32, least []float64, confidence func(float64) float64, why int, out []social.Label) []social.Label {
	from := len(out)
	for i, v := range p {
		if float64(v) < least[i] {
			continue
		}
		l := social.Label{Label: m.linear.Labels[i], Score: float64(v), Confidence: confidence(float64(v))}
		if why > 0 {
			l.Why = m.why(d, i, why)
		}
		out = append(out, l)
		for j := len(out) - 1; j > from && out[j].Score > out[j-1].Score; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// Example makes an example of a text for training. The labels are bits in the
// order of Labels.
func Example(d *linear.Doc, feeling sentiment.Reading, labels uint32) (linear.Example, error) {
	k, err := known()
	if err != nil {
		return linear.Example{}, err
	}
	var s Scratch
	s.features(k, d, feeling)
	d.Kin()
	e := linear.NewExample(d, s.dense...)
	e.Labels = labels
	return e, nil
}
