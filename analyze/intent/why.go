package intent

import (
	"slices"
	"strings"

	"github.com/parley-crm/parley/analyze/linear"
)

// why names what carried an intent: the cues that speak for it, strongest and
// longest first, then the words that the model weighed most.
func (m *Model) why(d *linear.Doc, label, n int) []string {
	type reason struct {
		phrase string
		weight float32
	}
	var reasons []reason
	m.know.cues.Find(d, func(phrase string, kind int) {
		if w := m.linear.Lean(slotCue+kind, label); w > 0.3 {
			reasons = append(reasons, reason{phrase, w * float32(1+strings.Count(phrase, " "))})
		}
	})
	slices.SortStableFunc(reasons, func(a, b reason) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	var out []string
	add := func(s string) {
		for _, have := range out {
			if strings.Contains(" "+have+" ", " "+s+" ") {
				return
			}
		}
		if len(out) < n {
			out = append(out, s)
		}
	}
	for _, r := range reasons {
		add(r.phrase)
	}
	for _, w := range m.linear.Why(d, label, n) {
		add(w)
	}
	return out
}
