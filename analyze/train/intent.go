package train

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// The posts that were written and labelled for intents: labels divided by
// commas, a tab, the text. The test posts are never trained on.
var (
	//go:embed posts/intent-train.tsv
	intentTrain string
	//go:embed posts/intent-test.tsv
	intentTest string
)

// A Post is a text with its intents, as bits in the order of intent.Labels.
type Post struct {
	Text   string
	Labels uint32
}

// IntentPosts are the posts written for training, and those for testing.
func IntentPosts() (learn, test []Post, err error) {
	if learn, err = posts(intentTrain); err != nil {
		return nil, nil, err
	}
	test, err = posts(intentTest)
	return learn, test, err
}

func posts(file string) ([]Post, error) {
	bit := map[string]uint32{}
	for i, l := range intent.Labels() {
		bit[l] = 1 << i
	}
	var out []Post
	for line := range strings.Lines(file) {
		labels, text, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok {
			return nil, fmt.Errorf("line %d of the posts has no tab", len(out)+1)
		}
		p := Post{Text: text}
		for l := range strings.SplitSeq(labels, ",") {
			if l == "" {
				continue
			}
			if bit[l] == 0 {
				return nil, fmt.Errorf("line %d of the posts has the unknown intent %q", len(out)+1, l)
			}
			p.Labels |= bit[l]
		}
		out = append(out, p)
	}
	return out, nil
}

const folds = 5 // of cross-validation

// Intent trains the model of intents on the posts written for it and, from
// DIR/sentiment/train, on plain news and chatter that show none. It is
// calibrated on what cross-validation said of posts that were left out.
func Intent(dir string, feeling *sentiment.Model) (*linear.Model, error) {
	learn, _, err := IntentPosts()
	if err != nil {
		return nil, err
	}
	own, err := intentExamples(learn, feeling)
	if err != nil {
		return nil, err
	}
	plain, err := background(dir, feeling)
	if err != nil {
		return nil, err
	}
	m, err := linear.Fit(intent.Recipe(), append(own, plain...))
	if err != nil {
		return nil, err
	}
	out, err := crossValidate(intent.Recipe(), own, plain)
	if err != nil {
		return nil, err
	}
	m.CalibrateOn(own, out)
	return m, nil
}

func intentExamples(posts []Post, feeling *sentiment.Model) ([]linear.Example, error) {
	var out []linear.Example
	var d linear.Doc
	for _, p := range posts {
		d.Read(p.Text)
		e, err := intent.Example(&d, feeling.Read(&d), p.Labels)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// The background: every so manyth neutral post, counted for so much.
const (
	backgroundEvery  = 16
	backgroundWeight = 0.1
)

// background takes posts that are neutral, ask nothing and address nobody.
// They are weak evidence: some have an intent after all.
func background(dir string, feeling *sentiment.Model) ([]linear.Example, error) {
	rows, err := Rows(dir, "sentiment", "train")
	if err != nil {
		return nil, err
	}
	var out []linear.Example
	var d linear.Doc
	n := 0
	for _, r := range rows {
		if r.Label != "neutral" {
			continue
		}
		if n++; n%backgroundEvery != 0 {
			continue
		}
		d.Read(r.Text)
		if s := d.Shape(); s.Asks || s.OpensAsking || s.Mentions > 0 {
			continue
		}
		e, err := intent.Example(&d, feeling.Read(&d), 0)
		if err != nil {
			return nil, err
		}
		e.Weight = backgroundWeight
		out = append(out, e)
	}
	return out, nil
}

// crossValidate gives every example's logits by a model that was trained
// without its fold; the background takes part in every training.
func crossValidate(r linear.Recipe, own, plain []linear.Example) ([][]float32, error) {
	out := make([][]float32, len(own))
	for fold := range folds {
		learn := append([]linear.Example(nil), plain...)
		for i, e := range own {
			if i%folds != fold {
				learn = append(learn, e)
			}
		}
		m, err := linear.Fit(r, learn)
		if err != nil {
			return nil, err
		}
		for i := fold; i < len(own); i += folds {
			out[i] = m.Predict(&own[i], make([]float32, len(r.Labels)))
		}
	}
	return out, nil
}
