package trial

import (
	"math"
	"time"
)

// restless: something whose unrest changes: an anomaly is when it swings far
// more than usual, or hardly at all.
func restless(m *maker) {
	m.start(4032+m.IntN(4000), 5*time.Minute)
	base, sigma, keep := m.between(30, 60), m.between(0.5, 5), m.between(0, 0.8)
	by := m.ones()
	for i := range by {
		if m.Float64() < 1.0/700 {
			m.span(by, i, 10+m.IntN(40), m.between(1.2, 1.6))
		}
	}
	for _, at := range m.places(1 + m.IntN(2)) {
		f := m.between(3, 5)
		if m.IntN(4) == 0 {
			f = m.between(0.02, 0.1)
		}
		m.span(by, at, 100+m.IntN(200), f)
	}
	fast := 0.0
	for i := range by {
		fast = keep*fast + math.Sqrt(1-keep*keep)*m.NormFloat64()
		m.s.Points[i].Value = base + sigma*by[i]*fast
	}
	m.rough()
}

// stuck: a meter with days that stands still for a time; data are missing now
// and then, which is no anomaly.
func stuck(m *maker) {
	step := []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour}[m.IntN(3)]
	m.start(2500+m.IntN(3000), step)
	base, swing, noise := m.between(15, 80), m.between(2, 15), m.between(0.2, 2)
	still := make([]bool, len(m.s.Points))
	for _, at := range m.places(1 + m.IntN(2)) {
		for j := at; j < min(len(still), at+80+m.IntN(120)); j++ {
			still[j] = true
		}
	}
	slow := 0.0
	for i := range still {
		hour, _ := m.clock(i)
		slow = 0.99*slow + 0.1*noise*m.NormFloat64()
		v := math.Round(10*(base+swing*bump(hour, 15, 4)+slow+noise*m.NormFloat64())) / 10
		if still[i] {
			v = m.s.Points[i-1].Value
		}
		m.s.Points[i].Value = v
	}
	m.gaps(0.004, 60)
}

// hourly: what a site's page is asked each hour, over two months, with trend,
// days and weeks. Single figures are wrong, or the level changes; the labels
// are narrow.
func hourly(m *maker) {
	m.start(1420+m.IntN(40), time.Hour)
	m.narrow = true
	base, noise, swing := m.logBetween(1, 5000), m.between(0.02, 0.12), m.between(0, 0.6)
	weekend, trend := m.between(0.7, 1), m.between(-0.2, 0.4)
	by := m.ones()
	for _, at := range m.places(1 + m.IntN(4)) {
		f := 1 + (swing+6*noise)*m.between(1.2, 3)
		if m.IntN(3) == 0 {
			f = max(0.02, 1-(swing+6*noise)*m.between(0.7, 1))
		}
		m.span(by, at, 1+m.IntN(3), f)
	}
	for i := range by {
		hour, day := m.clock(i)
		v := (1 + trend*float64(i)/float64(len(by))) * (1 + swing*(bump(hour, 14, 5)-0.4))
		if day == time.Saturday || day == time.Sunday {
			v *= weekend
		}
		m.s.Points[i].Value = base * v * by[i] * (1 + noise*m.NormFloat64())
	}
}

// waves: sums of waves with a trend, hourly; single figures are off, or the
// waves change. Narrow labels again.
func waves(m *maker) {
	m.start(1680, time.Hour)
	m.narrow = true
	base, trend, noise := m.between(100, 3000), m.between(-0.5, 2), m.between(2, 15)
	day, half, week := m.between(50, 300), m.between(0, 100), m.between(0, 150)
	add, grow := make([]float64, len(m.s.Points)), m.ones()
	for _, at := range m.places(2 + m.IntN(4)) {
		sign := [2]float64{1, -1}[m.IntN(2)]
		if m.IntN(4) == 0 {
			m.lift(add, at, len(add), sign*(noise*8+0.8*day)*m.between(1, 2))
			continue
		}
		add[at] += sign * (noise*8 + 0.6*day) * m.between(1, 2)
	}
	for i := range add {
		t := 2 * math.Pi * float64(i)
		v := day*math.Sin(t/24) + half*math.Sin(t/12) + week*math.Sin(t/168)
		m.s.Points[i].Value = base + trend*float64(i) + grow[i]*v + add[i] + noise*m.NormFloat64()
	}
}

// shop: what a shop sells each hour: by day, by weekday, growing. Anomalies: a
// rush, a day without the usual peak, and nights like days.
func shop(m *maker) {
	m.start(2000+m.IntN(3000), time.Hour)
	rate, shape, grow := m.logBetween(8, 200), m.between(8, 60), m.between(0, 0.6)
	kind := make([]int, len(m.s.Points))
	var begun []int
	for _, at := range m.places(1 + m.IntN(3)) {
		for ; at < len(kind)-20; at++ { // they begin in the morning or in the evening
			if hour, _ := m.clock(at); hour == 10 || hour == 22 {
				break
			}
		}
		what, long := 1+m.IntN(2), 8+m.IntN(20)
		if hour, _ := m.clock(at); hour == 22 {
			what, long = 3, 7
		}
		for j := at; j < min(len(kind), at+long); j++ {
			kind[j] = what
		}
		begun = append(begun, at)
	}
	m.onsets = begun
	for i := range kind {
		hour, day := m.clock(i)
		v := 0.02 + bump(hour, 12, 2.5) + 0.8*bump(hour, 18, 2)
		if day == time.Sunday {
			v *= 0.3
		}
		switch kind[i] {
		case 1:
			v = 3*v + 1
		case 2:
			v *= 0.1
		case 3:
			v = 1
		}
		m.s.Points[i].Value = m.count(rate*v*(1+grow*float64(i)/float64(len(kind))), shape)
	}
}

// short: little to learn from: an eighth of a few hundred figures, then it
// begins.
func short(m *maker) {
	m.start(1000+m.IntN(500), []time.Duration{5 * time.Minute, 30 * time.Minute, time.Hour}[m.IntN(3)])
	m.quiet = 0.14
	base, sigma, swing := m.logBetween(1, 1000), m.between(0.03, 0.2), m.between(0, 0.5)
	by := m.ones()
	for _, at := range m.places(1 + m.IntN(2)) {
		f := math.Exp((sigma*6 + swing) * m.between(1.1, 2))
		if m.IntN(3) == 0 {
			f = 1 / f
		}
		m.span(by, at, 1+m.IntN(20), f)
	}
	for i := range by {
		hour, _ := m.clock(i)
		m.s.Points[i].Value = base * by[i] * math.Exp(sigma*m.NormFloat64()+swing*bump(hour, 15, 5))
	}
	m.rough()
}

// rough leaves, in one series of three, stretches out, and shuffles and
// repeats a row here and there, as real files do.
func (m *maker) rough() {
	if m.IntN(3) > 0 {
		return
	}
	m.gaps(0.002, 300)
	p := m.s.Points
	for range 1 + len(p)/1000 {
		i := 1 + m.IntN(len(p)-1)
		if m.IntN(2) == 0 {
			p[i].At = p[i-1].At
		} else {
			p[i].At, p[i-1].At = p[i-1].At, p[i].At
		}
	}
}
