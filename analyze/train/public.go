package train

import (
	"fmt"

	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/emotion"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
	"github.com/parley-crm/parley/analyze/toxicity"
)

// evaluateChoices measures emotions and toxicity on the validation sets.
func evaluateChoices(dir string, feeling *sentiment.Model) ([]Figure, error) {
	moods, err := emotion.Default()
	if err != nil {
		return nil, err
	}
	hurts, err := toxicity.Default()
	if err != nil {
		return nil, err
	}
	a, err := chosen(dir, "emotion", emotion.Labels(), moods, feeling)
	if err != nil {
		return nil, err
	}
	b, err := chosen(dir, "offensive", toxicity.Labels(), hurts, feeling)
	return append(a, b...), err
}

func chosen(dir, set string, labels []string, m *choice.Model, feeling *sentiment.Model) ([]Figure, error) {
	rows, err := Rows(dir, set, "val")
	if err != nil {
		return nil, err
	}
	index := make(map[string]int, len(labels))
	for i, l := range labels {
		index[l] = i
	}
	table := NewTable(labels)
	var d linear.Doc
	var s choice.Scratch
	var bins bins
	for _, r := range rows {
		right, ok := index[r.Label]
		if !ok {
			return nil, fmt.Errorf("%s/val: row %s has the unknown label %q", set, r.ID, r.Label)
		}
		d.Read(r.Text)
		mean, err := choice.Mean(&d)
		if err != nil {
			return nil, err
		}
		l := m.Read(&d, feeling.Read(&d), &mean, 0, &s, nil)[0]
		table.Add(right, index[l.Label])
		bins.add(l.Confidence, right == index[l.Label])
	}
	n := len(rows)
	return []Figure{
		{m.Name(), set + " val", "macro F1", table.MacroF1(), n},
		{m.Name(), set + " val", "accuracy", table.Accuracy(), n},
		{m.Name(), set + " val", "calibration error", bins.gap(), n},
	}, nil
}
