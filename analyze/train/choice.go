package train

import (
	"fmt"
	"slices"

	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/emotion"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/analyze/toxicity"
)

// trainEmotion trains the model of emotions on DIR/emotion/train and on what
// the encoder says of other texts, and calibrates it on DIR/emotion/val.
func trainEmotion(dir string, feeling *sentiment.Model, all []heard) (*linear.Model, error) {
	return chooses(dir, "emotion", emotion.Recipe(), feeling, emotionHearing, all)
}

// trainToxicity trains the model of toxicity on DIR/offensive/train and on
// what the encoder says of other texts, and calibrates it on DIR/offensive/val.
func trainToxicity(dir string, feeling *sentiment.Model, all []heard) (*linear.Model, error) {
	return chooses(dir, "offensive", toxicity.Recipe(), feeling, toxicityHearing, all)
}

func chooses(dir, set string, r linear.Recipe, feeling *sentiment.Model, h hearing, all []heard) (*linear.Model, error) {
	learn, err := Choices(dir, set, "train", r.Labels, feeling)
	if err != nil {
		return nil, err
	}
	held, err := Choices(dir, set, "val", r.Labels, feeling)
	if err != nil {
		return nil, err
	}
	more, err := h.lesson(set, all, r.Labels, feeling)
	if err != nil {
		return nil, err
	}
	alone := r
	r.Epochs, r.Rounds = h.epochs, h.rounds
	m, err := linear.Fit(r, slices.Concat(learn, more))
	if err != nil {
		return nil, err
	}
	if h.share < 1 {
		n, err := linear.Fit(alone, learn)
		if err != nil {
			return nil, err
		}
		if m, err = linear.Blend(n, m, h.share); err != nil {
			return nil, err
		}
	}
	m.Calibrate(held)
	return m, nil
}

// Choices reads a split of a set with one label a text, as choice sees it.
func Choices(dir, set, split string, labels []string, feeling *sentiment.Model) ([]linear.Example, error) {
	rows, err := Rows(dir, set, split)
	if err != nil {
		return nil, err
	}
	index := make(map[string]int, len(labels))
	for i, l := range labels {
		index[l] = i
	}
	out := make([]linear.Example, 0, len(rows))
	var d linear.Doc
	for _, r := range rows {
		label, ok := index[r.Label]
		if !ok {
			return nil, fmt.Errorf("%s/%s: row %s has the unknown label %q", set, split, r.ID, r.Label)
		}
		d.Read(r.Text)
		mean, err := choice.Mean(&d)
		if err != nil {
			return nil, err
		}
		out = append(out, choice.Example(&d, feeling.Read(&d), &mean, label))
	}
	return out, nil
}
