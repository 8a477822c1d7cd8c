package train

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/third_party/glove"
)

// A Pooled text is one that nobody labelled. A teacher that understands more
// than the model of intents says what it finds in it, and the model learns
// that.
type Pooled struct {
	Text string
	From int // the training post that it was made of; -1 for a text of a public set
}

// poolSets are the public sets whose texts are in the pool, without their
// labels.
var poolSets = []string{"emotion", "offensive", "irony", "banking77", "clinc150", "sentiment"}

// poolEvery says of how many texts of a public set one is taken.
const poolEvery = 3

// How variants of a post are made.
const (
	variants    = 4   // of every training post
	swapShare   = 0.4 // of the words that may be another
	swapKin     = 8   // of so many that are used most alike
	commonWords = 120 // the most frequent words stay
	kinAmong    = 9000
)

// IntentPool is every text that the teacher is asked about: variants of the
// training posts, then the texts of the public sets. It is always the same.
func IntentPool(dir string) ([]Pooled, error) {
	posts, err := IntentPosts()
	if err != nil {
		return nil, err
	}
	k, err := newKinWords()
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(7, 7))
	var out []Pooled
	for i, p := range posts {
		for n := range variants {
			text := k.swap(rng, p.Text)
			if n == variants-1 { // the first half of one and the second of another of the same fold
				j := (i + folds*rng.IntN(len(posts)/folds)) % (len(posts) / folds * folds)
				if j%folds != i%folds {
					j = i
				}
				text = splice(text, k.swap(rng, posts[j].Text))
			}
			out = append(out, Pooled{text, i})
		}
	}
	for _, set := range poolSets {
		rows, err := Rows(dir, set, "train")
		if err != nil {
			return nil, err
		}
		for i := 0; i < len(rows); i += poolEvery {
			out = append(out, Pooled{rows[i].Text, -1})
		}
	}
	return out, nil
}

// splice is the first half of a and the second half of b.
func splice(a, b string) string {
	x, y := strings.Fields(a), strings.Fields(b)
	return strings.Join(slices.Concat(x[:(len(x)+1)/2], y[len(y)/2:]), " ")
}

// kinWords finds words that are used like another.
type kinWords struct {
	words []string
	rank  map[string]int
	rows  []float32
	near  map[int][]int
}

func newKinWords() (*kinWords, error) {
	lines := strings.SplitN(glove.Vectors, "\n", vectorWords+2)
	if len(lines) != vectorWords+2 || len(lines[vectorWords+1]) != vectorWords*vectorNumbers {
		return nil, fmt.Errorf("the word vectors are not as expected")
	}
	k := &kinWords{words: lines[1 : vectorWords+1], rank: map[string]int{}, near: map[int][]int{}}
	for i, w := range k.words {
		k.rank[w] = i
	}
	values := lines[vectorWords+1]
	k.rows = make([]float32, kinAmong*vectorNumbers)
	for r := range kinAmong {
		row := k.rows[r*vectorNumbers:][:vectorNumbers]
		var ss float64
		for i := range row {
			row[i] = float32(int8(values[r*vectorNumbers+i]))
			ss += float64(row[i]) * float64(row[i])
		}
		by := float32(1 / math.Sqrt(ss+1e-9))
		for i := range row {
			row[i] *= by
		}
	}
	return k, nil
}

// swap puts other words into a text, each used like the one it stands for.
func (k *kinWords) swap(rng *rand.Rand, text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		low := strings.ToLower(strings.Trim(w, ".,!?;:\"'()"))
		r, ok := k.rank[low]
		if !ok || r < commonWords || r >= kinAmong || rng.Float64() > swapShare {
			continue
		}
		near := k.kin(r)
		words[i] = strings.Replace(strings.ToLower(w), low, k.words[near[rng.IntN(len(near))]], 1)
	}
	return strings.Join(words, " ")
}

func (k *kinWords) kin(r int) []int {
	if near, ok := k.near[r]; ok {
		return near
	}
	type word struct {
		rank int
		like float32
	}
	var best []word
	own := k.rows[r*vectorNumbers:][:vectorNumbers]
	for o := range kinAmong {
		if o == r {
			continue
		}
		var s float32
		for i, v := range k.rows[o*vectorNumbers:][:vectorNumbers] {
			s += v * own[i]
		}
		if len(best) == swapKin && s <= best[swapKin-1].like {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, s, func(w word, s float32) int {
			if w.like >= s {
				return -1
			}
			return 1
		})
		best = slices.Insert(best, at, word{o, s})
		best = best[:min(len(best), swapKin)]
	}
	near := make([]int, len(best))
	for i, w := range best {
		near[i] = w.rank
	}
	k.near[r] = near
	return near
}

// PoolTokens writes, as JSON lines for scripts/encoder/teach.py, the training
// posts with their labels and then the pool, each as pieces.
func PoolTokens(dir string, w io.Writer) error {
	posts, err := IntentPosts()
	if err != nil {
		return err
	}
	pool, err := IntentPool(dir)
	if err != nil {
		return err
	}
	type row struct {
		Labels *uint32 `json:"labels,omitempty"` // of a training post
		From   int     `json:"from"`
		Ids    []int32 `json:"ids"`
	}
	out, vocabulary := json.NewEncoder(w), encoder.Vocabulary()
	for i, p := range posts {
		if err := out.Encode(row{&p.Labels, i, vocabulary.Tokens(p.Text)}); err != nil {
			return err
		}
	}
	for _, p := range pool {
		if err := out.Encode(row{nil, p.From, vocabulary.Tokens(p.Text)}); err != nil {
			return err
		}
	}
	return nil
}
