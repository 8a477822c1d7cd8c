package intent

import (
	"fmt"

	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// knowledge is what the method knows beside its model.
type knowledge struct {
	cues  *linear.Phrases
	words *linear.Vectors
}

func known() (knowledge, error) {
	c, err := cues()
	if err != nil {
		return knowledge{}, err
	}
	w, err := linear.English()
	if err != nil {
		return knowledge{}, err
	}
	if w.Dim() != meaningSize {
		return knowledge{}, fmt.Errorf("the word vectors have %d numbers, not %d", w.Dim(), meaningSize)
	}
	return knowledge{c, w}, nil
}

// features leaves the method's own features of the text in s.dense.
func (s *Scratch) features(know knowledge, d *linear.Doc, feeling sentiment.Reading) {
	out := s.dense[:0]
	for i, p := range feeling {
		out = append(out, linear.Dense{Slot: slotFeeling + i, Value: 2 * (p - 1.0/3)})
	}
	var counts [cueKinds]int
	know.cues.Count(d, counts[:])
	for i, n := range counts {
		if n == 0 {
			continue
		}
		out = append(out,
			linear.Dense{Slot: slotCue + i, Value: 1},
			linear.Dense{Slot: slotCues + i, Value: 0.4 * float32(min(n, 5))})
		for j := range i {
			if counts[j] > 0 {
				out = append(out, linear.Dense{Slot: slotPairs + i*cueKinds + j, Value: 0.7})
			}
		}
	}
	shape := d.Shape()
	for slot, is := range [...]bool{shape.EndsAsking, shape.Asks, shape.OpensAsking, shape.URLs > 0, shape.Mentions > 0,
		shape.Words < 4, shape.Words >= 4 && shape.Words < 12, shape.Words >= 30} {
		if is {
			out = append(out, linear.Dense{Slot: slotAsks + slot, Value: 1})
		}
	}
	know.words.Mean(d, s.meaning[:])
	for i, v := range s.meaning {
		if v != 0 {
			out = append(out, linear.Dense{Slot: slotMeaning + i, Value: 4 * v})
		}
	}
	s.dense = out
}
