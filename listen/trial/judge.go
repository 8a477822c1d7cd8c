package trial

import (
	"math"
	"slices"
	"time"
)

// A Finder is told one figure after the other and says which are out of the
// ordinary, before it sees the next.
type Finder interface {
	Find(at time.Time, value float64) bool
}

// A Verdict is how a finder did.
type Verdict struct {
	Series    int
	Points    int
	Anomalies int
	Found     int // anomalies with at least one alarm
	Alarms    int // in all
	Right     int // alarms inside a window
	False     int // alarms outside, those within an hour's worth of points as one
	delays    []float64
}

// Precision is how many of the incidents cried were real.
func (v Verdict) Precision() float64 { return share(v.Found, v.Found+v.False) }

// Recall is how many of the anomalies were found.
func (v Verdict) Recall() float64 { return share(v.Found, v.Anomalies) }

// FalseRate is how many false alarms there are in a thousand points.
func (v Verdict) FalseRate() float64 { return 1000 * share(v.False, v.Points) }

// F1 weighs precision and recall alike.
func (v Verdict) F1() float64 {
	p, r := v.Precision(), v.Recall()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

// Delay is the median number of points from onset to alarm, of what was found
// at or after its onset.
func (v Verdict) Delay() float64 {
	if len(v.delays) == 0 {
		return math.NaN()
	}
	d := slices.Sorted(slices.Values(v.delays))
	return d[len(d)/2]
}

func share(n, of int) float64 {
	if of == 0 {
		return math.NaN()
	}
	return float64(n) / float64(of)
}

// together is how near false alarms count as one.
const together = 24

// Judge lets a finder go through series, a new one for each.
func Judge(finder func() Finder, all ...Series) Verdict {
	var v Verdict
	for _, s := range all {
		f := finder()
		v.Series++
		v.Points += len(s.Points)
		v.Anomalies += len(s.Windows)
		first := make([]int, len(s.Windows))
		for i := range first {
			first[i] = -1
		}
		last := -together - 1
		for i, p := range s.Points {
			if !f.Find(p.At, p.Value) {
				continue
			}
			v.Alarms++
			in := slices.IndexFunc(s.Windows, func(w Window) bool { return i >= w.From && i <= w.To })
			if in < 0 {
				if i-last > together {
					v.False++
				}
				last = i
				continue
			}
			v.Right++
			if first[in] < 0 {
				first[in] = i
			}
		}
		for i, at := range first {
			if at < 0 {
				continue
			}
			v.Found++
			v.delays = append(v.delays, max(0, float64(at-s.Windows[i].Onset)))
		}
	}
	return v
}

func (v *Verdict) add(o Verdict) {
	v.Series += o.Series
	v.Points += o.Points
	v.Anomalies += o.Anomalies
	v.Found += o.Found
	v.Alarms += o.Alarms
	v.Right += o.Right
	v.False += o.False
	v.delays = append(v.delays, o.delays...)
}

// Seeds: tuned on the first, reported on the second.
var (
	Tuning    = seeds(1, 12)
	Reporting = seeds(101, 12)
)

func seeds(from uint64, n int) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		out[i] = from + uint64(i)
	}
	return out
}
