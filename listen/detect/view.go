package detect

import (
	"math"
	"time"
)

// view looks at a series through one transformation of its figures.
type view struct {
	n      int
	season *season

	last, quick, slow float64 // levels of x
	qOff, sOff        float64 // levels of what the season leaves over
	err               [experts]float64
	asked             [experts]int // how often each knew something
	best              int
	perDay            float64
	step              int64 // seconds
	scale             float64
	wide              float64 // how far figures ordinarily are from the slow level
	medium            float64 // a level that outliers may move
	away              int     // for how many figures the slow level has been far off
	grain             float64 // how far one figure is from the next
	far, farWide      float64 // the level and width of all that was
	reset             int     // when the tails were learnt anew
	daily             bool    // whether the season helps

	long    float64 // weight of a new figure in the slow level
	ring    []float64
	diffs   []float64
	run     float64 // how odd it is to have stood still for so long
	repeats float64 // how often a figure is the one before
	sums    [windows]float64
	dsum    float64
	up, dn  [channels]tail
	level   [channels]float64 // what each way of looking sees now
	size    [windows]int
}

// The forecasters.
const (
	lastOne = iota // as the last figure
	quickMean
	slowMean
	seasonal    // as on other days
	seasonQuick // with what was left over of late
	seasonSlow
	dayBefore // as yesterday
	experts
)

const (
	windows  = 4
	channels = 4 + windows // the figure itself, restlessness, novelty, standing still, the windows
	restless = 1
	novel    = 2
	still    = 3
	window   = 4
	diffs    = 24
	worth    = 3 // a forecaster with less than so many times the least error is worth asking
	memory   = 1.0 / 500

	oftenLeast  = 0.05 // a figure is never held for less likely than this to repeat
	stillUnit   = 20   // so many powers of ten are one ordinary error
	stillMost   = 200
	perBin      = 0.1 // weight of a new figure in what is usual for a bin
	perBinFirst = 0.3 // in the first days
)

func newView(step time.Duration) *view {
	v := &view{step: int64(step / time.Second)}
	v.season = newSeason(step)
	perDay := float64(24*time.Hour) / float64(max(step, time.Second))
	v.perDay = perDay
	v.long = 1 / min(max(1.5*perDay, 120), 500)
	v.size = [windows]int{4, 16, 64, int(min(max(perDay, 128), 288))}
	v.ring = make([]float64, v.size[windows-1])
	v.diffs = make([]float64, diffs)
	v.relearn()
	v.reset = 0
	return v
}

// relearn forgets how far things went in ordinary times: what is looked at
// has become another thing, such as when days begin to be known.
func (v *view) relearn() {
	for i := range channels {
		block := 32
		if i >= window {
			block = max(block, v.size[i-window])
		} else if i != 0 {
			block = 2 * diffs
		}
		v.up[i], v.dn[i] = newTail(block, v.up[i].curve), newTail(block, v.dn[i].curve)
	}
	v.reset = v.n
}

// forecast says what the best forecaster of late expects at a time.
func (v *view) forecast(at time.Time) float64 {
	v.season.at(at)
	return v.guess(v.best)
}

// known reports whether a forecaster has something to say.
func (v *view) known(e int) bool {
	if e == dayBefore {
		return v.season.hadYesterday
	}
	return e < seasonal || v.season.ready
}

// proved reports whether a forecaster knows something and has for most of a day.
func (v *view) proved(e int) bool {
	return v.known(e) && (e < seasonal || float64(v.asked[e]) > 0.5*v.perDay)
}

func (v *view) guess(e int) float64 {
	if !v.known(e) {
		return v.slow
	}
	switch e {
	case lastOne:
		return v.last
	case quickMean:
		return v.quick
	case slowMean:
		return v.slow
	case seasonal:
		return v.season.value
	case seasonQuick:
		return v.season.value + v.qOff
	case dayBefore:
		return v.season.yesterday
	}
	return v.season.value + v.sOff
}

// push looks at a figure: level says what is seen of it.
func (v *view) push(x float64, stale bool) {
	if v.n == 0 {
		v.last, v.quick, v.slow, v.far = x, x, x, x
		v.n = 1
		return
	}
	expected := v.guess(v.best)
	if stale && v.best == lastOne {
		expected = v.guess(slowMean)
	}
	scale := v.spread()
	v.level[0] = v.nearest(x, x-expected) / scale
	r := x - v.slow
	if v.daily && v.season.ready {
		r = x - v.season.value - v.sOff
	}
	r = max(-20, min(20, r/max(v.wide, v.grain/4, 1e-9, 1e-6*math.Abs(v.slow))))
	v.windows(r)
	v.level[novel] = (0.5*(v.quick+x) - v.far) / max(v.farWide, scale)
	v.restless(x, scale)
	v.still(x)
	v.learn(x, scale)
	v.n++
}

// nearest is the least error of those that are worth asking: nothing is a
// surprise that some sensible forecaster expected.
func (v *view) nearest(x, miss float64) float64 {
	try := func(guess float64) {
		if math.Abs(x-guess) < math.Abs(miss) {
			miss = x - guess
		}
	}
	for e := range experts {
		if v.asked[e] > 0 && v.err[e] < worth*v.err[v.best] {
			try(v.guess(e))
		}
	}
	if v.daily && v.season.width > v.step { // a day's edges fall within a bin
		for _, side := range v.season.sides {
			try(side)
			try(side + v.sOff)
		}
	}
	return miss
}

// spread is what an ordinary error is now.
func (v *view) spread() float64 {
	s := v.scale
	if v.daily && v.season.ready {
		if b := v.season.spread[v.season.slot()]; b > 0 {
			s = 0.4*s + 0.6*b
		}
	}
	return max(s, v.grain/4, 0.04*v.farWide, 1e-9, 1e-6*math.Abs(v.slow))
}

func (v *view) windows(r float64) {
	long := len(v.ring)
	i := v.n % long
	for k, w := range v.size {
		if v.n > w {
			v.sums[k] -= v.ring[(i-w+long)%long]
		}
	}
	v.ring[i] = r
	for k, w := range v.size {
		v.sums[k] += r
		v.level[window+k] = v.sums[k] / math.Sqrt(float64(w))
	}
}

func (v *view) restless(x, scale float64) {
	d := min(math.Abs(x-v.last)/scale, 20)
	i := v.n % diffs
	v.dsum += d - v.diffs[i]
	v.diffs[i] = d
	v.level[restless] = math.Log(max(v.dsum, 0)/diffs + 0.02)
}

// still sees how improbable it is to have stood on the very same figure for so
// long: where figures often repeat, or do so at this time of day, it is not.
func (v *view) still(x float64) {
	same := 0.0
	if x == v.last {
		same = 1
	}
	often := v.repeats
	if v.season.ready {
		often = v.season.repeats[v.season.slot()]
	}
	v.run = same * (v.run - math.Log10(min(1, max(often, oftenLeast))))
	v.level[still] = min(v.run, stillMost) / stillUnit
	v.repeats += max(memory, 1/float64(v.n+1)) * (same - v.repeats)
	bin := &v.season.repeats[v.season.slot()]
	if v.season.ready {
		*bin += perBin * (same - *bin)
	} else {
		*bin += perBinFirst * (same - *bin)
	}
}

// learn brings forecasters, spread and season up to date.
func (v *view) learn(x, scale float64) {
	a := max(memory, 1/float64(v.n+1))
	v.grain += max(memory/4, 1/float64(v.n+1)) * (math.Abs(x-v.last) - v.grain)
	for e := range experts {
		if !v.known(e) {
			continue
		}
		v.asked[e]++
		miss := math.Abs(x - v.guess(e))
		if v.asked[e] > 30 {
			miss = min(miss, 6*v.err[e]+v.grain/2)
		}
		v.err[e] += max(memory, 1/float64(v.asked[e])) * (miss - v.err[e])
	}
	v.best = lastOne
	for e := range experts {
		if v.proved(e) && v.err[e] < v.err[v.best] {
			v.best = e
		}
	}
	was := v.daily
	v.daily = v.proved(seasonSlow) && v.err[seasonSlow] < 0.9*v.err[slowMean]
	if v.daily && !was && v.reset == 0 && float64(v.n) < 14*v.perDay {
		v.relearn()
	}
	miss := math.Abs(x - v.guess(v.best))
	if v.n > 30 {
		miss = min(miss, 6*v.scale+v.grain/2)
	}
	v.scale += a * (miss - v.scale)
	if v.season.ready {
		b := &v.season.spread[v.season.slot()]
		if *b == 0 {
			*b = v.scale
		}
		*b += 0.05 * (min(miss, 6*v.scale) - *b)
	}

	v.last = x
	v.quick += max(0.3, 1/float64(v.n+1)) * (x - v.quick)
	v.settle(x, max(v.long, 1/float64(v.n+1)))
	v.season.learn(x)
}

// settle moves the slow levels, which outliers hardly move; where they are far
// off for long, the new level is taken for ordinary.
func (v *view) settle(x, a float64) {
	clip := func(d float64) float64 {
		if v.n < 30 {
			return d
		}
		return max(-4*v.wide, min(4*v.wide, d))
	}
	c := max(1.0/4000, 1/float64(v.n+1))
	off := x - v.far
	if v.n > 30 {
		most := 4*v.farWide + v.grain // so that a series may begin with a flat line
		off = max(-most, min(most, off))
	}
	v.far += c * off
	v.farWide += c * (math.Abs(off) - v.farWide)
	left := x - v.slow
	v.slow += a * clip(left)
	if v.season.ready {
		over := x - v.season.value
		v.qOff += 0.3 * (over - v.qOff)
		v.sOff += a * clip(over-v.sOff)
		if v.daily {
			left = over - v.sOff
		}
	}
	miss := math.Abs(left)
	if v.n > 30 {
		miss = min(miss, 5*v.wide+v.grain/2)
	}
	v.wide += max(memory, 1/float64(v.n+1)) * (miss - v.wide)
	v.medium += 2 * a * (left - v.medium)
	if math.Abs(v.medium) < 3*v.wide {
		v.away = 0
		return
	}
	if v.away++; float64(v.away) > 0.5/v.long {
		v.slow, v.sOff = v.slow+v.medium, v.sOff+v.medium
		v.medium, v.away = 0, 0
	}
}
