package detect

import (
	"math"
	"time"
)

// A Finding is an incident, at the figure at which it was noticed.
type Finding struct {
	Expected float64 // what would have been ordinary, in the series' own unit
	Score    float64 // how far out of the ordinary: 0.5 is just reported, 1 never reached
	Rare     float64 // -log10 of the probability of as much, within a block of the past
}

// A Detector follows one series. It is used by one goroutine.
type Detector struct {
	threshold float64
	n         int
	first     []sample // until the step is known
	step      time.Duration
	at        time.Time
	plain     *view
	ratio     *view // through a logarithm; nil where figures go below zero
	offset    float64

	reported bool
	since    int     // figures since the last that stood out
	told     int     // figures since the last report
	peak     float64 // of the incident under way; 0 when there is none
	rest     int     // figures of quiet that end an incident
	quiet    int     // figures before anything is reported
	before   float64 // what was ordinary when the last report was made, the season left out
}

type sample struct {
	at time.Time
	v  float64
}

const (
	// Threshold is how rare a figure must be, as -log10, to be reported when
	// usualLength figures have been seen. Before, less will do, and later more
	// is needed, so that a long series does not tire whoever reads the reports.
	Threshold   = 2.6
	usualLength = 5000
	lengthMost  = 4 * usualLength
	perLength   = 0.4 // times the logarithm of the length

	learning = 48    // figures to learn the step and the unit from
	silent   = 128   // figures before anything is reported
	most     = 1e100 // greater figures are taken for this, so that sums stay finite
	worse    = 1.8   // times as rare, an incident is reported again
	careful  = 300   // figures until the full sensitivity
)

// New returns a detector; a threshold of 0 is Threshold. A higher one reports less.
func New(threshold float64) *Detector {
	if threshold <= 0 {
		threshold = Threshold
	}
	return &Detector{threshold: threshold}
}

// Push takes the next figure and reports whether an incident begins with it.
// Figures that are not finite are skipped; those that come
// out of order are taken as they come.
func (d *Detector) Push(at time.Time, v float64) (Finding, bool) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Finding{}, false
	}
	v = max(-most, min(most, v))
	d.n++
	if d.plain == nil {
		d.first = append(d.first, sample{at, v})
		if len(d.first) == learning {
			d.begin()
		}
		return Finding{}, false
	}
	return d.look(at, v)
}

// begin finds the step and the unit, and takes what was put aside.
func (d *Detector) begin() {
	var steps, sizes []float64
	least := math.Inf(1)
	for i, s := range d.first {
		sizes = append(sizes, math.Abs(s.v))
		least = min(least, s.v)
		if i > 0 {
			if step := s.at.Sub(d.first[i-1].at); step > 0 {
				steps = append(steps, float64(step))
			}
		}
	}
	d.step = time.Minute
	if len(steps) > 0 {
		d.step = time.Duration(median(steps))
	}
	d.plain = newView(d.step)
	if least >= 0 {
		d.ratio = newView(d.step)
		mean := 0.0
		for _, s := range sizes {
			mean += s / float64(len(sizes))
		}
		d.offset = max(0.3*median(sizes), 0.05*mean, 1e-9)
	}
	perDay := float64(24*time.Hour) / float64(d.step)
	d.rest = int(min(max(perDay/2, 24), 144))
	d.quiet = silent
	if perDay <= 300 {
		d.quiet = max(silent, int(perDay))
	}
	first := d.first
	d.first = nil
	for _, s := range first {
		d.look(s.at, s.v)
	}
}

func (d *Detector) look(at time.Time, v float64) (Finding, bool) {
	stale := !d.at.IsZero() && at.Sub(d.at) > 3*d.step
	d.at = at
	expected := d.plain.forecast(at)
	season := d.plain.regular()
	d.plain.push(v, stale)
	if d.ratio != nil && v < 0 {
		d.ratio = nil
	}
	if d.ratio != nil {
		d.ratio.forecast(at)
		d.ratio.push(math.Log(v+d.offset), stale)
	}
	rare := d.rare()
	d.learn()
	if d.back(v-season, expected-season) {
		rare = 0
	}
	f, ok := d.report(expected, rare)
	if ok {
		d.before = expected - season
	}
	return f, ok
}

// rare is how rare the most surprising way of looking is.
func (d *Detector) rare() float64 {
	out := 0.0
	for i := range channels {
		for _, s := range [...]float64{1, -1} {
			out = max(out, d.agree(i, s))
		}
	}
	return out
}

// agree weighs what both views say of one way of looking.
func (d *Detector) agree(i int, sign float64) float64 {
	p := d.plain.surprise(i, sign)
	if d.ratio == nil {
		return p
	}
	r := d.ratio.surprise(i, sign)
	return 0.9*min(p, r) + 0.1*max(p, r)
}

func (v *view) surprise(i int, sign float64) float64 {
	if sign > 0 {
		return v.up[i].surprise(v.level[i])
	}
	return v.dn[i].surprise(-v.level[i])
}

func (d *Detector) learn() {
	for _, v := range []*view{d.plain, d.ratio} {
		if v == nil || v.n < 10 {
			continue
		}
		for i := range channels {
			if i >= window && v.n < v.size[i-window] {
				continue
			}
			if i == still && !v.season.ready {
				continue // the first nights would pass for extremes
			}
			v.up[i].learn(v.level[i])
			v.dn[i].learn(-v.level[i])
		}
	}
}

// report keeps an incident to one report; a second one only if it becomes far worse.
func (d *Detector) report(expected, rare float64) (Finding, bool) {
	needed := max(0.1, d.threshold+perLength*math.Log10(min(float64(d.n), lengthMost)/usualLength))
	if d.n < careful {
		needed *= 1 + float64(careful-d.n)/careful
	}
	d.since++
	d.told++
	if d.since > d.rest || d.told > 6*d.rest {
		d.peak = 0
	}
	if rare < 0.8*needed {
		return Finding{}, false
	}
	if d.peak > 0 {
		d.since = 0
		if d.told <= d.rest/3 { // it is still building up
			d.peak = max(d.peak, rare)
			return Finding{}, false
		}
	}
	if d.n <= d.quiet || rare < needed || rare < worse*d.peak {
		return Finding{}, false
	}
	d.reported = true
	d.since, d.told, d.peak = 0, 0, max(d.peak, rare)
	return Finding{Expected: expected, Score: 1 - math.Exp2(-rare/needed), Rare: rare}, true
}

// back reports whether a figure only returns to what was ordinary before the
// last incident.
func (d *Detector) back(v, expected float64) bool {
	if d.reported && d.told < 12*d.rest && math.Abs(v-d.before) < 0.4*math.Abs(expected-d.before) {
		return true
	}
	off := math.Abs(expected - d.plain.far)
	return !d.plain.daily && off > 3*d.plain.farWide && math.Abs(v-d.plain.far) < 0.4*off
}

// regular is the share of the season in what is expected.
func (v *view) regular() float64 {
	if v.daily && v.season.ready {
		return v.season.value
	}
	return 0
}
