package analyze

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/emotion"
	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/analyze/toxicity"
	"github.com/parley-crm/parley/social"
)

// A blend is how far the encoder's word counts beside that of a linear model,
// and how far the label that they agree on is to be trusted.
type blend struct {
	weight float64    // of the encoder's probabilities, 0 to 1
	trust  [2]float64 // slope and shift of the calibrated confidence (Platt)
}

// The blends, in the order of encoder.Tasks: the weight with the best measure
// on the validation set, as parley eval --data prints it.
var blends = [3]blend{
	{weight: 0.6, trust: [2]float64{0.9445, 0.1184}},
	{weight: 0.3, trust: [2]float64{1.1494, 0.1952}},
	{weight: 0.45, trust: [2]float64{1.0599, 0.0037}},
}

// wantsBlend is the same for intents; deepGiven is the probability from which
// each of them is given. Both were chosen by cross-validation over the training posts,
// as parley train prints it.
var wantsBlend = blend{weight: 0.45, trust: [2]float64{1.1717, 0.4773}}

var deepGiven = []float64{0.454, 0.346, 0.336, 0.415, 0.331, 0.379, 0.370, 0.378, 0.401, 0.464}

// The encoder's tasks by their place.
const (
	deepSentiment = iota
	deepEmotion
	deepToxicity
)

// deeper lets the encoder have a word in the scores that the linear models
// gave.
type deeper struct {
	model   *encoder.Model
	feeling *sentiment.Model
	mood    *choice.Model
	hurt    *choice.Model
	wish    *intent.Model
}

var deepest = sync.OnceValues(func() (*deeper, error) {
	m, err := encoder.Default()
	if err != nil {
		return nil, fmt.Errorf("the encoder: %w", err)
	}
	feeling, err := sentiment.Default()
	if err != nil {
		return nil, fmt.Errorf("the model of sentiment: %w", err)
	}
	mood, err := emotion.Default()
	if err != nil {
		return nil, fmt.Errorf("the model of emotions: %w", err)
	}
	hurt, err := toxicity.Default()
	if err != nil {
		return nil, fmt.Errorf("the model of toxicity: %w", err)
	}
	wish, err := intent.Default()
	if err != nil {
		return nil, fmt.Errorf("the model of intents: %w", err)
	}
	return &deeper{m, feeling, mood, hurt, wish}, nil
})

// refine betters the scores of a text, of whose intents too if those were
// read, and gives the name of what had a word, "" if nothing could be bettered.
func (d *deeper) refine(t *Text, s *social.Scores, wants bool) (model string) {
	if s.Sentiment == nil && s.Emotions == nil && s.Toxicity == nil && !wants || !d.model.Speaks(t.Lang) {
		return ""
	}
	r := d.model.Read([]string{t.Raw})[0]
	if r == nil {
		return ""
	}
	model = "+" + encoder.Name
	if wants {
		p := wantsBlend.mix(t.scratch.Likely(), r[encoder.Wants])
		s.Intents = d.wish.Give(t.Doc(), p, deepGiven, wantsBlend.confidence, t.Why, s.Intents[:0])
		model += "+" + encoder.WantsName
	}
	if s.Sentiment != nil {
		p := blends[deepSentiment].mix(t.said[:], r[deepSentiment])
		best := linear.Best(p)
		*s.Sentiment = blends[deepSentiment].label(encoder.Tasks()[deepSentiment].Labels, p, best)
		if t.Why > 0 {
			s.Sentiment.Why = d.feeling.WhyLabel(t.Doc(), best, t.Why)
		}
	}
	if s.Emotions != nil {
		d.moods(t, s, r[deepEmotion])
	}
	if s.Toxicity != nil {
		d.hurts(t, s, r[deepToxicity])
	}
	return model
}

func (d *deeper) moods(t *Text, s *social.Scores, deep []float32) {
	labels := encoder.Tasks()[deepEmotion].Labels
	fast := make([]float32, len(labels))
	for _, l := range s.Emotions {
		fast[slices.Index(labels, l.Label)] = float32(l.Score)
	}
	p := blends[deepEmotion].mix(fast, deep)
	out := make([]social.Label, len(labels))
	for i := range labels {
		out[i] = blends[deepEmotion].label(labels, p, i)
	}
	slices.SortStableFunc(out, func(a, b social.Label) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	if t.Why > 0 {
		out[0].Why = d.mood.Why(t.Doc(), out[0].Label, t.Why)
	}
	s.Emotions = out
}

func (d *deeper) hurts(t *Text, s *social.Scores, deep []float32) {
	labels := encoder.Tasks()[deepToxicity].Labels
	fast := make([]float32, 2)
	at := slices.Index(labels, s.Toxicity.Label)
	fast[at], fast[1-at] = float32(s.Toxicity.Score), 1-float32(s.Toxicity.Score)
	p := blends[deepToxicity].mix(fast, deep)
	l := blends[deepToxicity].label(labels, p, linear.Best(p))
	if t.Why > 0 && l.Label == social.Offensive {
		l.Why = d.hurt.Why(t.Doc(), l.Label, t.Why)
	}
	s.Toxicity = &l
}

// Mix blends the probabilities of a linear model and of the encoder, which
// counts as much as weight (0 to 1).
func Mix(weight float64, fast, deep []float32) []float32 {
	out := make([]float32, len(fast))
	for i := range out {
		out[i] = float32((1-weight)*float64(fast[i]) + weight*float64(deep[i]))
	}
	return out
}

// DeepWeight is how much the encoder counts in one of its tasks.
func DeepWeight(task int) float64 { return blends[task].weight }

// DeepLabel is what the two opinions on one of the encoder's tasks come to.
func DeepLabel(task int, fast, deep []float32) social.Label {
	b := blends[task]
	p := b.mix(fast, deep)
	return b.label(encoder.Tasks()[task].Labels, p, linear.Best(p))
}

func (b blend) mix(fast, deep []float32) []float32 { return Mix(b.weight, fast, deep) }

func (b blend) label(labels []string, p []float32, i int) social.Label {
	return social.Label{Label: labels[i], Score: float64(p[i]), Confidence: b.confidence(float64(p[i]))}
}

// confidence is the calibrated probability that a label of this probability
// is right.
func (b blend) confidence(p float64) float64 {
	p = min(max(p, 1e-6), 1-1e-6)
	return 1 / (1 + math.Exp(-(b.trust[0]*math.Log(p/(1-p)) + b.trust[1])))
}
