package train

import (
	"fmt"

	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// Sentiment trains the model of sentiment on DIR/sentiment/train and
// calibrates it on DIR/sentiment/val.
func Sentiment(dir string) (*linear.Model, error) {
	r := sentiment.Recipe()
	learn, err := examples(dir, "sentiment", "train", r.Labels)
	if err != nil {
		return nil, err
	}
	held, err := examples(dir, "sentiment", "val", r.Labels)
	if err != nil {
		return nil, err
	}
	m, err := linear.Fit(r, learn)
	if err != nil {
		return nil, err
	}
	m.Calibrate(held)
	return m, nil
}

// examples reads a split of a set with one label a text.
func examples(dir, set, split string, labels []string) ([]linear.Example, error) {
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
		e := sentiment.Example(&d)
		e.Label = label
		out = append(out, e)
	}
	return out, nil
}
