package train

import (
	"fmt"
	"slices"

	"github.com/parley-crm/parley/analyze/choice"
	"github.com/parley-crm/parley/analyze/encoder"
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// heard is a text of a public set, without its label, and what the encoder
// says of it.
type heard struct {
	set, text string
	said      encoder.Reading
}

// heardSets are the sets whose texts the encoder is asked about, and of how
// many texts one is taken.
var heardSets = []struct {
	name  string
	every int
}{{"emotion", 1}, {"offensive", 1}, {"sentiment", 2}}

// hear asks the encoder about the texts of heardSets. Texts without words are
// left out.
func hear(dir string) ([]heard, error) {
	model, err := encoder.Default()
	if err != nil {
		return nil, err
	}
	var out []heard
	for _, set := range heardSets {
		rows, err := Rows(dir, set.name, "train")
		if err != nil {
			return nil, err
		}
		var texts []string
		for i := 0; i < len(rows); i += set.every {
			texts = append(texts, rows[i].Text)
		}
		for some := range slices.Chunk(texts, deepAtOnce) {
			for i, said := range model.Read(some) {
				if said != nil {
					out = append(out, heard{set.name, some[i], said})
				}
			}
		}
	}
	return out, nil
}

// A hearing says how a model learns from what was heard.
type hearing struct {
	task   int     // of the encoder
	weight float32 // what a text that was heard counts for
	epochs int
	rounds int
	share  float32 // of the model that learnt from it too; the rest learnt from labels alone
}

// How emotion and toxicity learn from the encoder, chosen on their validation
// sets: docs/models.md tells what else was tried.
var (
	emotionHearing  = hearing{task: 1, weight: 0.2, epochs: 8, rounds: 2, share: 0.7}
	toxicityHearing = hearing{task: 2, weight: 1, epochs: 3, rounds: 5, share: 1}
)

// lesson is what the encoder says of the texts of other sets than the one with
// the labels.
func (h hearing) lesson(set string, all []heard, labels []string, feeling *sentiment.Model) ([]linear.Example, error) {
	if !slices.Equal(labels, encoder.Tasks()[h.task].Labels) {
		return nil, fmt.Errorf("the encoder says other things than %v", labels)
	}
	var out []linear.Example
	var d linear.Doc
	for _, t := range all {
		if t.set == set {
			continue
		}
		d.Read(t.text)
		mean, err := choice.Mean(&d)
		if err != nil {
			return nil, err
		}
		e := choice.Example(&d, feeling.Read(&d), &mean, 0)
		e.Soft, e.Weight = t.said[h.task], h.weight
		out = append(out, e)
	}
	return out, nil
}
