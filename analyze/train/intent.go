package train

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/parley-crm/parley/analyze/intent"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// The posts that were written and labelled for intents: labels divided by
// commas, a tab, the text. The test posts are never trained on; the hard ones
// among them were written when the cues stood, mostly without the words that
// an intent is usually put in; the varied ones later still.
var (
	//go:embed posts/intent-train.tsv
	intentTrain string
	//go:embed posts/intent-test.tsv
	intentTest string
	//go:embed posts/intent-hard.tsv
	intentHard string
	//go:embed posts/intent-varied.tsv
	intentVaried string
)

// A Post is a text with its intents, as bits in the order of intent.Labels.
type Post struct {
	Text   string
	Labels uint32
}

// IntentPosts are the posts written for training.
func IntentPosts() ([]Post, error) { return posts(intentTrain) }

// Tests are the posts for testing, which are never trained on.
type Tests struct {
	Plain  []Post // written first
	Hard   []Post // written when the cues stood
	Varied []Post // written after those, of other trades, mostly as stories
}

// IntentTests are the posts written for testing.
func IntentTests() (t Tests, err error) {
	for _, p := range []struct {
		to   *[]Post
		file string
	}{{&t.Plain, intentTest}, {&t.Hard, intentHard}, {&t.Varied, intentVaried}} {
		if *p.to, err = posts(p.file); err != nil {
			return t, err
		}
	}
	return t, nil
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

// Intent trains the model of intents on the posts written for it, from
// DIR/sentiment/train on plain news and chatter that show none, and on what a
// teacher found in the pool, if DIR holds that: one model learns from posts
// alone, one from the teacher too, and what is kept is between the two. It is
// calibrated on what cross-validation said of posts that were left out.
func Intent(dir string, feeling *sentiment.Model) (*linear.Model, error) {
	m, _, err := intents(dir, feeling)
	return m, err
}

// intents is Intent, and how likely the intents of each post are by models
// that had not seen it.
func intents(dir string, feeling *sentiment.Model) (*linear.Model, [][]float32, error) {
	learn, err := IntentPosts()
	if err != nil {
		return nil, nil, err
	}
	plain, err := background(dir, feeling)
	if err != nil {
		return nil, nil, err
	}
	pool, err := readTaught(dir, feeling)
	if err != nil {
		return nil, nil, err
	}
	m, held, logits, err := fitIntent(intent.Recipe(), learn, plain, taught{}, feeling)
	if err != nil {
		return nil, nil, err
	}
	if len(pool.examples) > 0 {
		r := intent.Recipe()
		r.Epochs, r.Rounds = taughtEpochs, taughtRounds
		n, _, more, err := fitIntent(r, learn, plain, pool, feeling)
		if err != nil {
			return nil, nil, err
		}
		if m, err = linear.Blend(m, n, taughtShare); err != nil {
			return nil, nil, err
		}
		for i := range logits {
			for k := range logits[i] {
				logits[i][k] += taughtShare * (more[i][k] - logits[i][k])
			}
		}
	}
	m.CalibrateOn(held, logits) // which makes probabilities of the logits
	return m, logits, nil
}

// fitIntent trains on everything, and says what models of the same recipe
// think of posts that they have not seen.
func fitIntent(r linear.Recipe, learn []Post, plain []linear.Example, pool taught, feeling *sentiment.Model) (m *linear.Model, held []linear.Example, logits [][]float32, err error) {
	own, err := lesson(learn, plain, feeling)
	if err != nil {
		return nil, nil, nil, err
	}
	if m, err = linear.Fit(r, append(own, pool.lesson(allFolds)...)); err != nil {
		return nil, nil, nil, err
	}
	held, logits, err = crossValidate(r, learn, plain, pool, feeling)
	return m, held, logits, err
}

// lesson is all that a model learns from: the posts, the same posts in
// company, and the background.
func lesson(posts []Post, plain []linear.Example, feeling *sentiment.Model) ([]linear.Example, error) {
	out, err := intentExamples(posts, feeling)
	if err != nil {
		return nil, err
	}
	more, err := intentExamples(company(posts), feeling)
	if err != nil {
		return nil, err
	}
	for i := range more {
		more[i].Weight = companyWeight
	}
	return append(append(out, more...), plain...), nil
}

// companyWeight is what a post in company counts for.
const companyWeight = 0.3

// company puts every post together with another, so that a model learns to
// find an intent in a longer text: with one that has no intent, and with any.
// The pair has the intents of both.
func company(posts []Post) []Post {
	var none []Post
	for _, p := range posts {
		if p.Labels == 0 {
			none = append(none, p)
		}
	}
	var out []Post
	for i, p := range posts {
		if p.Labels != 0 && len(none) > 0 {
			q := none[(i*31+7)%len(none)]
			if i%2 == 0 {
				p, q = q, p
			}
			out = append(out, Post{p.Text + ". " + q.Text, p.Labels | q.Labels})
		}
		q := posts[(i*131+17)%len(posts)]
		out = append(out, Post{p.Text + ". " + q.Text, p.Labels | q.Labels})
	}
	return out
}

func intentExamples(posts []Post, feeling *sentiment.Model) ([]linear.Example, error) {
	out := make([]linear.Example, 0, len(posts))
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
	backgroundWeight = 0.5
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

// crossValidate gives every post, as an example, and its logits by a model that
// was trained without the post's fold, in one round.
func crossValidate(r linear.Recipe, posts []Post, plain []linear.Example, pool taught, feeling *sentiment.Model) (held []linear.Example, logits [][]float32, err error) {
	if held, err = intentExamples(posts, feeling); err != nil {
		return nil, nil, err
	}
	logits = make([][]float32, len(posts))
	r.Rounds = 1
	var failed [folds]error
	var wg sync.WaitGroup
	for fold := range folds {
		wg.Go(func() {
			var rest []Post
			for i, p := range posts {
				if i%folds != fold {
					rest = append(rest, p)
				}
			}
			learn, err := lesson(rest, plain, feeling)
			if err != nil {
				failed[fold] = err
				return
			}
			m, err := linear.Fit(r, append(learn, pool.lesson(fold)...))
			if err != nil {
				failed[fold] = err
				return
			}
			for i := fold; i < len(posts); i += folds {
				logits[i] = m.Predict(&held[i], make([]float32, len(r.Labels)))
			}
		})
	}
	wg.Wait()
	return held, logits, errors.Join(failed[:]...)
}
