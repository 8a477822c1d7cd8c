package trial

import (
	"math"
	"time"
)

// requests: what a web server is asked every five minutes: by day, hardly
// anything at night, with small bursts. Anomalies are great bursts and an
// afternoon on which nobody comes.
func requests(m *maker) {
	m.start(4032+m.IntN(2000), 5*time.Minute)
	rate, shape, peak := m.logBetween(20, 400), m.between(1.5, 8), m.between(11, 20)
	by := m.ones()
	for i := range by {
		if m.Float64() < 1.0/500 {
			m.span(by, i, 1+m.IntN(4), m.between(1.5, 2.5))
		}
	}
	places := m.places(1 + m.IntN(3))
	gone := make([]bool, len(by))
	for _, at := range places {
		if m.IntN(3) > 0 {
			m.span(by, at, 1+m.IntN(6), m.between(8, 20))
			continue
		}
		for j := at; j < min(len(gone), at+72+m.IntN(150)); j++ {
			gone[j] = true
		}
	}
	for i := range by {
		hour, _ := m.clock(i)
		v := m.count(rate*(0.02+0.9*bump(hour, peak, 4))*by[i]+0.2*(by[i]-1)*rate, shape)
		if gone[i] {
			v = 0
		}
		m.s.Points[i].Value = v
	}
	for k, at := range m.onsets { // nobody is missed at night
		for j := at; gone[at] && j < len(gone); j++ {
			if hour, _ := m.clock(j); rate*(0.02+0.9*bump(hour, peak, 4)) > 3 {
				m.onsets[k] = j
				break
			}
		}
	}
}

// disk: bytes written: mostly nothing, in bursts. The anomalies write far
// more, or do not stop.
func disk(m *maker) {
	m.start(4032+m.IntN(700), 5*time.Minute)
	size, chance := m.logBetween(1e4, 1e7), m.between(0.03, 0.25)
	out := make([]float64, len(m.s.Points))
	for i := range out {
		if m.Float64() < chance {
			out[i] = size * m.gamma(m.between(0.7, 3))
		}
	}
	for _, at := range m.places(1 + m.IntN(2)) {
		if m.IntN(2) == 0 {
			m.span(out, at, 1+m.IntN(8), size*m.between(15, 80))
			continue
		}
		for j := at; j < min(len(out), at+40+m.IntN(200)); j++ {
			out[j] = size * m.between(1, 3)
		}
	}
	for i := range out {
		m.s.Points[i].Value = math.Round(out[i])
	}
}

// shift: a level with noise, sometimes with days, that changes for good. Small
// changes are daily bread.
func shift(m *maker) {
	m.start(4032+m.IntN(8000), 5*time.Minute)
	base, sigma, keep := m.between(20, 60), m.between(0.5, 4), m.between(0, 0.9)
	swing := 0.0
	if m.IntN(2) == 0 {
		swing = sigma * m.between(2, 6)
	}
	level := make([]float64, len(m.s.Points))
	for k := 0; k < 3; k++ {
		m.lift(level, m.IntN(len(level)), len(level), sigma*m.between(-0.6, 0.6))
	}
	sign := 1.0
	for _, at := range m.places(1 + m.IntN(3)) {
		m.lift(level, at, len(level), sign*(sigma*m.between(5, 9)+swing*0.8))
		if m.IntN(2) == 0 {
			sign = -sign
		}
	}
	fast := 0.0
	for i := range level {
		hour, _ := m.clock(i)
		fast = keep*fast + math.Sqrt(1-keep*keep)*m.NormFloat64()
		m.s.Points[i].Value = base + level[i] + sigma*fast + swing*bump(hour, 14, 4)
	}
	m.rough()
}

// group: the load of many servers together over two months. An anomaly is one
// that stays: a wrong setting.
func group(m *maker) {
	m.start(16000+m.IntN(3000), 5*time.Minute)
	base, noise, swing := m.between(25, 50), m.between(1, 5), m.between(5, 25)
	level := make([]float64, len(m.s.Points))
	for _, at := range m.places(1) {
		m.lift(level, at, 1000+m.IntN(5000), (noise*5+swing*0.8)*[2]float64{1, -1}[m.IntN(2)])
	}
	slow := 0.0
	for i := range level {
		hour, day := m.clock(i)
		slow = 0.999*slow + 0.02*noise*m.NormFloat64()
		v := base + swing*bump(hour, 15, 5)
		if day == time.Saturday || day == time.Sunday {
			v -= 0.3 * swing * bump(hour, 15, 5)
		}
		if m.Float64() < 1.0/400 {
			v += noise * m.between(2, 5)
		}
		m.s.Points[i].Value = math.Min(100, math.Max(0, v+slow+level[i]+noise*m.NormFloat64()))
	}
}

// quantised: a load of a few values, a tick now and then. Anomalies are ticks
// of another size, or many.
func quantised(m *maker) {
	m.start(4032, 5*time.Minute)
	grain := m.logBetween(0.02, 2)
	usual, tick := 1+m.IntN(4), 2+m.IntN(4)
	extra := make([]float64, len(m.s.Points))
	for _, at := range m.places(1 + m.IntN(3)) {
		switch m.IntN(3) {
		case 0:
			m.lift(extra, at, 1+m.IntN(3), float64(tick)*m.between(3, 9))
		case 1:
			m.lift(extra, at, 24+m.IntN(200), float64(tick)*m.between(1.5, 3))
		default:
			m.lift(extra, at, len(extra), float64(tick)*m.between(1.2, 2))
		}
	}
	for i := range extra {
		v := float64(usual)
		switch p := m.Float64(); {
		case p < 0.25:
			v++
		case p < 0.26:
			v += float64(tick)
		case p < 0.35:
			v--
		}
		m.s.Points[i].Value = math.Round(1e6*grain*math.Max(0, math.Round(v+extra[i]))) / 1e6
	}
}

// spiky: spikes that come as they like; an anomaly is when there are many
// more, or one is far greater.
func spiky(m *maker) {
	m.start(4032, 5*time.Minute)
	base, chance, height := m.between(0, 30), m.between(0.01, 0.06), m.between(10, 60)
	dense, tall := make([]float64, len(m.s.Points)), m.ones()
	for _, at := range m.places(1) {
		if m.IntN(2) == 0 {
			m.lift(dense, at, 200, m.between(0.2, 0.4))
		} else {
			m.span(tall, at, 1, m.between(3, 5))
		}
	}
	for i := range tall {
		v := base + 0.03*height*m.NormFloat64()
		if tall[i] > 1 || m.Float64() < chance+dense[i] {
			v += height * m.between(0.7, 1.1) * tall[i]
		}
		m.s.Points[i].Value = v
	}
}

// ones is as long as the series.
func (m *maker) ones() []float64 {
	out := make([]float64, len(m.s.Points))
	for i := range out {
		out[i] = 1
	}
	return out
}

// span sets a stretch, lift adds to it.
func (m *maker) span(to []float64, at, long int, v float64) {
	for j := at; j < min(len(to), at+long); j++ {
		to[j] = v
	}
}

func (m *maker) lift(to []float64, at, long int, v float64) {
	for j := at; j < min(len(to), at+long); j++ {
		to[j] += v
	}
}
