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
	Weight, Given            float64 // of the head; from where on an intent is given
	Trust                    [2]float64
	Fast, Deep, Mixed        float64 // macro F1: the linear model, the head, both
	FastGiven, HeadAloneFrom float64
}

// blendWants finds the weight in steps of a twentieth and the probability in
// steps of a fortieth. Each counts as good as it is together with its
// neighbours.
func blendWants(posts []Post, fast, deep [][]float32) WantsBlend {
	const steps, cuts = 20, 24
	cut := func(c int) float64 { return 0.1 + float64(c)/40 }
	var value [steps + 1][cuts]float64
	for w := range value {
		mixed := make([][]float32, len(posts))
		for i := range posts {
			mixed[i] = analyze.Mix(float64(w)/steps, fast[i], deep[i])
		}
		for c := range cuts {
			value[w][c] = macroF1(posts, mixed, cut(c))
		}
	}
	var b WantsBlend
	alone := func(w int) (best, from float64) {
		for c, v := range value[w] {
			if v > best {
				best, from = v, cut(c)
			}
		}
		return best, from
	}
	b.Fast, b.FastGiven = alone(0)
	b.Deep, b.HeadAloneFrom = alone(steps)
	best := 0.0
	for w := 1; w < steps; w++ {
		for c := 1; c < cuts-1; c++ {
			var sum float64
			for _, row := range value[w-1 : w+2] {
				sum += row[c-1] + row[c] + row[c+1]
			}
			if sum > best {
				best, b.Weight, b.Given, b.Mixed = sum, float64(w)/steps, cut(c), value[w][c]
			}
		}
	}
	var p []float64
	var right []bool
	for i, post := range posts {
		for k, v := range analyze.Mix(b.Weight, fast[i], deep[i]) {
			if float64(v) >= b.Given {
				p, right = append(p, float64(v)), append(right, post.Labels>>k&1 == 1)
			}
		}
	}
	b.Trust = linear.Trust(p, right)
	return b
}

func (b WantsBlend) String() string {
	return fmt.Sprintf("macro F1 in cross-validation: linear %.4f (from %.3f), %s %.4f (from %.3f), both %.4f: weight %.2f, given from %.3f, trust %.4f and %.4f",
		b.Fast, b.FastGiven, encoder.WantsName, b.Deep, b.HeadAloneFrom, b.Mixed, b.Weight, b.Given, b.Trust[0], b.Trust[1])
}

// macroF1 is that of giving every intent that is as likely as least.
func macroF1(posts []Post, p [][]float32, least float64) float64 {
	k := len(intent.Labels())
	right, given, is := make([]float64, k), make([]float64, k), make([]float64, k)
	for i, post := range posts {
		for j, v := range p[i] {
			has := post.Labels>>j&1 == 1
			if has {
				is[j]++
			}
			if float64(v) < least {
				continue
			}
			given[j]++
			if has {
				right[j]++
			}
		}
	}
	var sum float64
	for j := range k {
		sum += 2 * right[j] / max(1, given[j]+is[j])
	}
	return sum / float64(k)
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
