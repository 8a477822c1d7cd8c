package trial

import (
	"math"
	"math/rand/v2"
	"time"
)

// A Point is one figure of a series.
type Point struct {
	At    time.Time
	Value float64
}

// A Window is where an anomaly is: from its onset, over as long as finding it
// still counts.
type Window struct {
	From, To int // indexes, To included
	Onset    int // where it truly begins
}

// A Series is figures in order with their anomalies marked.
type Series struct {
	Family  string
	Seed    uint64
	Points  []Point
	Windows []Window
}

// Families are the sorts of series, in a fixed order: those that the detector
// may be tuned on, and those that are kept back for the report.
func Families() (tuned, kept []string) {
	for _, f := range families {
		if f.kept {
			kept = append(kept, f.name)
		} else {
			tuned = append(tuned, f.name)
		}
	}
	return tuned, kept
}

// Make returns a family's series for a seed.
func Make(family string, seed uint64) Series {
	for i, f := range families {
		if f.name == family {
			m := &maker{Rand: rand.New(rand.NewPCG(seed, uint64(i)+1)), quiet: quiet, s: Series{Family: family, Seed: seed}}
			f.make(m)
			m.mark()
			return m.s
		}
	}
	return Series{Family: family, Seed: seed}
}

// families: each make fills points and notes onsets. What is kept back was
// never looked at while the detector was tuned.
var families = []struct {
	name string
	make func(*maker)
	kept bool
}{
	{"mentions", mentions, false}, {"rides", rides, false}, {"machine", machine, false}, {"room", room, false},
	{"cpu", cpu, false}, {"latency", latency, false}, {"network", network, false}, {"prices", prices, false},
	{"road", road, false}, {"shape", shape, false}, {"keys", keys, false}, {"calm", calm, false},
	{"requests", requests, false}, {"shift", shift, false}, {"quantised", quantised, false},
	{"restless", restless, false}, {"hourly", hourly, false}, {"short", short, false},
	{"disk", disk, true}, {"group", group, true}, {"spiky", spiky, true}, {"stuck", stuck, true},
	{"waves", waves, true}, {"shop", shop, true},
}

// maker makes one series.
type maker struct {
	*rand.Rand
	s      Series
	onsets []int
	narrow bool    // labels are of single figures
	quiet  float64 // share of the series at which the first anomaly may stand
}

func (m *maker) start(n int, step time.Duration) {
	at := time.Date(2031, time.Month(1+m.IntN(12)), 1+m.IntN(28), m.IntN(24), 0, 0, 0, time.UTC)
	m.s.Points = make([]Point, n)
	for i := range m.s.Points {
		m.s.Points[i].At = at.Add(time.Duration(i) * step)
	}
}

// clock gives the hour of the day and the day of the week of a point.
func (m *maker) clock(i int) (float64, time.Weekday) {
	at := m.s.Points[i].At
	return float64(at.Hour()) + float64(at.Minute())/60, at.Weekday()
}

const quiet = 0.2

// places draws n onsets after the quiet beginning, well apart, with room
// behind each.
func (m *maker) places(n int) []int {
	length := len(m.s.Points)
	apart, room := length/8, length/20
	var out []int
	for tries := 0; len(out) < n && tries < 1000; tries++ {
		at := int(m.quiet*float64(length)) + m.IntN(int((1-m.quiet)*float64(length))-room)
		good := true
		for _, o := range out {
			good = good && (at-o > apart || o-at > apart)
		}
		if good {
			out = append(out, at)
		}
	}
	m.onsets = append(m.onsets, out...)
	return out
}

// mark makes windows: a tenth of the series in all, as wide for each anomaly,
// a quarter of it before the onset (labels are never exact).
func (m *maker) mark() {
	if len(m.onsets) == 0 {
		return
	}
	n := len(m.s.Points)
	width := n / 10 / len(m.onsets)
	if m.narrow {
		width = 8
	}
	for _, o := range m.onsets {
		m.s.Windows = append(m.s.Windows, Window{From: max(0, o-width/4), To: min(n-1, o+width*3/4), Onset: o})
	}
}

func (m *maker) between(lo, hi float64) float64 { return lo + (hi-lo)*m.Float64() }

func (m *maker) logBetween(lo, hi float64) float64 {
	return math.Exp(m.between(math.Log(lo), math.Log(hi)))
}

// pareto draws from a heavy tail with a least value of 1.
func (m *maker) pareto(alpha float64) float64 { return math.Pow(1-m.Float64(), -1/alpha) }

func (m *maker) poisson(mean float64) float64 {
	if mean > 60 {
		return math.Max(0, math.Round(mean+math.Sqrt(mean)*m.NormFloat64()))
	}
	n, p, limit := 0, 1.0, math.Exp(-mean)
	for p *= m.Float64(); p > limit; p *= m.Float64() {
		n++
	}
	return float64(n)
}

// gamma with mean 1 and the given shape (Marsaglia and Tsang).
func (m *maker) gamma(shape float64) float64 {
	if shape < 1 {
		return m.gamma(shape+1) * (shape + 1) / shape * math.Pow(m.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	for {
		x := m.NormFloat64()
		v := 1 + x/math.Sqrt(9*d)
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(m.Float64()+1e-300) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v / shape
		}
	}
}

// count draws an over-dispersed count.
func (m *maker) count(mean, shape float64) float64 { return m.poisson(mean * m.gamma(shape)) }
