package intent

import (
	"github.com/parley-crm/parley/analyze/linear"
	"github.com/parley-crm/parley/analyze/sentiment"
)

// features adds the method's own features to out.
func features(out []linear.Dense, cues *linear.Phrases, d *linear.Doc, feeling sentiment.Reading) []linear.Dense {
	for i, p := range feeling {
		out = append(out, linear.Dense{Slot: slotFeeling + i, Value: 2 * (p - 1.0/3)})
	}
	var counts [cueKinds]int
	cues.Count(d, counts[:])
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
	s := d.Shape()
	for slot, is := range [...]bool{s.EndsAsking, s.Asks, s.OpensAsking, s.URLs > 0, s.Mentions > 0, s.Words < 4, s.Words >= 4 && s.Words < 12, s.Words >= 30} {
		if is {
			out = append(out, linear.Dense{Slot: slotAsks + slot, Value: 1})
		}
	}
	return out
}
