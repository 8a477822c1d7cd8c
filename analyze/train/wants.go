package train

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/social"
)

// HeldFile is what the encoder's head of intents said of training posts that
// it had not seen, below the data directory: a little-endian float32 for every
// post and intent. scripts/encoder/wants.py writes it.
const HeldFile = "taught/wants.bin"

// readHeld gives what HeldFile says of so many posts; nil, if there is none.
func readHeld(dir string, posts int) ([][]float32, error) {
	file, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(HeldFile)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what the head of intents said: %w", err)
	}
	k := len(intent.Labels())
	if len(file) != 4*k*posts {
		return nil, fmt.Errorf("%s is of other posts than these: train the head again (scripts/encoder/wants.py)", HeldFile)
	}
	out := make([][]float32, posts)
	for i := range out {
		out[i] = make([]float32, k)
		for j := range out[i] {
			out[i][j] = math.Float32frombits(binary.LittleEndian.Uint32(file[4*(i*k+j):]))
		}
	}
	return out, nil
}

// A WantsBlend is how the two opinions on intents are best blended, by
// cross-validation over the training posts; analyze/deep.go holds the numbers.
type WantsBlend struct {
	Weight            float64   // of the head
	Given             []float64 // from where on each intent is given
	Trust             [2]float64
	Fast, Deep, Mixed float64 // macro F1: the linear model, the head, both
}

// blendWants finds the weight in steps of a twentieth. Each counts as good as
// it is together with its neighbours.
func blendWants(posts []Post, fast, deep [][]float32) WantsBlend {
	const steps = 20
	mixed := func(w int) [][]float32 {
		out := make([][]float32, len(posts))
		for i := range posts {
			out[i] = analyze.Mix(float64(w)/steps, fast[i], deep[i])
		}
		return out
	}
	var value [steps + 1]float64
	for w := range value {
		p := mixed(w)
		value[w] = macroF1(posts, p, givenFrom(posts, p))
	}
	b := WantsBlend{Fast: value[0], Deep: value[steps]}
	at, best := 1, 0.0
	for w := 1; w < steps; w++ {
		if sum := value[w-1] + value[w] + value[w+1]; sum > best {
			at, best = w, sum
		}
	}
	p := mixed(at)
	b.Weight, b.Mixed, b.Given = float64(at)/steps, value[at], givenFrom(posts, p)
	var given []float64
	var right []bool
	for i, post := range posts {
		for k, v := range p[i] {
			if float64(v) >= b.Given[k] {
				given, right = append(given, float64(v)), append(right, post.Labels>>k&1 == 1)
			}
		}
	}
	b.Trust = linear.Trust(given, right)
	return b
}

func (b WantsBlend) String() string {
	return fmt.Sprintf("macro F1 in cross-validation: linear %.4f, %s %.4f, both %.4f: weight %.2f, given from %.3f, trust %.4f and %.4f",
		b.Fast, encoder.WantsName, b.Deep, b.Mixed, b.Weight, b.Given, b.Trust[0], b.Trust[1])
}

// givenFrom finds for each intent the probability from which it should be
// given: half of the F1 that it can reach. A probability that means what it
// says makes F1 greatest there. One that is never found is given from one half.
func givenFrom(posts []Post, p [][]float32) []float64 {
	const from, steps, step = 0.15, 36, 0.0125
	out := make([]float64, len(intent.Labels()))
	for k := range out {
		var at [steps]float64
		for c := range at {
			at[c] = labelF1(posts, p, k, from+step*float64(c))
		}
		best := 0.0
		for c := 1; c < steps-1; c++ { // with its neighbours: no single post decides
			best = max(best, (at[c-1]+at[c]+at[c+1])/3)
		}
		if out[k] = math.Round(500*best) / 1000; best == 0 {
			out[k] = 0.5
		}
	}
	return out
}

// macroF1 is that of giving every intent that is as likely as least says.
func macroF1(posts []Post, p [][]float32, least []float64) float64 {
	var sum float64
	for k, from := range least {
		sum += labelF1(posts, p, k, from)
	}
	return sum / float64(len(least))
}

// labelF1 is that of giving one intent wherever it is as likely as least.
func labelF1(posts []Post, p [][]float32, label int, least float64) float64 {
	var right, given, is float64
	for i, post := range posts {
		has := post.Labels>>label&1 == 1
		if has {
			is++
		}
		if float64(p[i][label]) < least {
			continue
		}
		given++
		if has {
			right++
		}
	}
	return 2 * right / max(1, given+is)
}

// evaluateDeepIntents measures the deep tier on our own test posts.
func evaluateDeepIntents() ([]Figure, error) {
	tests, err := IntentTests()
	if err != nil {
		return nil, err
	}
	give, err := deepIntents()
	if err != nil {
		return nil, err
	}
	model := intent.Name + "+" + encoder.Name + "+" + encoder.WantsName
	var out []Figure
	var bins bins
	all := countIntents(slices.Concat(tests.Plain, tests.Hard, tests.Varied), func(p Post) []social.Label {
		given := give(p)
		for _, l := range given {
			at := slices.Index(intent.Labels(), l.Label)
			bins.add(l.Confidence, p.Labels>>at&1 == 1)
		}
		return given
	})
	out = append(out, all.figures(model, "own posts, all")...)
	out = append(out, Figure{model, "own posts, all", "calibration error", bins.gap(), all.Rows})
	for _, t := range []struct {
		name  string
		posts []Post
	}{{"own posts, plain", tests.Plain}, {"own posts, hard", tests.Hard}, {"own posts, varied", tests.Varied}} {
		out = append(out, countIntents(t.posts, give).figures(model, t.name)[:2]...)
	}
	return out, nil
}

// deepIntents gives the intents of a post as parley score --deep does, except
// that it takes the post for English.
func deepIntents() (func(Post) []social.Label, error) {
	s, err := analyze.NewScorer(analyze.Options{Only: []analyze.Part{analyze.PartIntents}, Deep: true})
	if err != nil {
		return nil, err
	}
	return func(p Post) []social.Label { return s.ScoreAs(p.Text, "en").Intents }, nil
}
