package trial

import (
	"math"
	"time"
)

// bump is a day's curve around a peak hour, between 0 and 1.
func bump(hour, peak, width float64) float64 {
	d := math.Abs(hour - peak)
	d = math.Min(d, 24-d)
	return math.Exp(-d * d / (2 * width * width))
}

// mentions: how often a brand is spoken of, every five minutes. Small bursts
// are daily bread; the anomalies are far greater and die down over hours.
func mentions(m *maker) {
	m.start(12000+m.IntN(4000), 5*time.Minute)
	rate, shape := m.logBetween(1.5, 90), m.between(1.2, 8)
	swing, weekend, peak := m.between(0.3, 0.9), m.between(0.6, 1), m.between(14, 22)
	extra := make([]float64, len(m.s.Points))
	burst := func(at int, size, half float64) {
		for j := at; j < len(extra) && float64(j-at) < 10*half; j++ {
			extra[j] += size * math.Exp2(-float64(j-at)/half)
		}
	}
	for i := range extra {
		if m.Float64() < 1.0/700 {
			burst(i, rate*m.between(0.5, 1.5)*m.pareto(2.2), m.between(1, 12))
		}
	}
	for _, at := range m.places(1 + m.IntN(4)) {
		burst(at, rate*m.between(12, 60)+20, m.between(3, 60))
	}
	slow := 0.0
	for i := range m.s.Points {
		hour, day := m.clock(i)
		mean := rate * (1 - swing + swing*1.8*bump(hour, peak, 4.5))
		if day == time.Saturday || day == time.Sunday {
			mean *= weekend
		}
		slow = 0.995*slow + 0.02*m.NormFloat64()
		m.s.Points[i].Value = m.count(mean*math.Exp(slow)+extra[i], shape)
	}
}

// rides: a big city's rides each half hour. The anomalies are holidays, a
// storm, a great event.
func rides(m *maker) {
	m.start(7000+m.IntN(4000), 30*time.Minute)
	base := m.logBetween(3000, 16000)
	factor := make([]float64, len(m.s.Points))
	for i := range factor {
		factor[i] = 1
	}
	for _, at := range m.places(3 + m.IntN(3)) {
		var long int
		var by float64
		switch m.IntN(4) {
		case 0: // a holiday
			long, by = 30+m.IntN(30), m.between(0.4, 0.7)
		case 1: // a storm
			long, by = 20+m.IntN(30), m.between(0.02, 0.35)
		case 2: // an event
			long, by = 4+m.IntN(10), m.between(1.5, 2.2)
		default: // nights like days
			long, by = 24+m.IntN(24), m.between(1.25, 1.5)
		}
		for j := at; j < min(at+long, len(factor)); j++ {
			factor[j] = by
		}
	}
	slow := 0.0
	for i := range m.s.Points {
		hour, day := m.clock(i)
		curve := 0.25 + 0.7*bump(hour, 8.5, 2) + 0.9*bump(hour, 19, 3.5) + 0.4*bump(hour, 13, 3)
		if day == time.Saturday || day == time.Sunday {
			curve = 0.35 + 0.8*bump(hour, 15, 4) + 0.8*bump(hour, 0, 3)
		} else if day == time.Friday && hour > 18 {
			curve *= 1.15
		}
		slow = 0.98*slow + 0.012*m.NormFloat64()
		m.s.Points[i].Value = math.Max(0, math.Round(base*curve*factor[i]*math.Exp(slow+0.03*m.NormFloat64())))
	}
}

// machine: a temperature that wanders, with dips of its own. The anomalies are
// shutdowns and slow decline before a failure.
func machine(m *maker) {
	m.start(14000+m.IntN(9000), 5*time.Minute)
	level, slow, fast := m.between(70, 100), 0.0, 0.0
	drop := make([]float64, len(m.s.Points))
	for i := range drop {
		if m.Float64() < 1.0/2500 {
			depth := m.between(3, 7)
			for j, long := i, 20+m.IntN(60); j < min(len(drop), i+long); j++ {
				drop[j] += depth * math.Sin(math.Pi*float64(j-i)/float64(long))
			}
		}
	}
	for k, at := range m.places(2 + m.IntN(3)) {
		depth, lead, long := m.between(35, 80), 10+m.IntN(60), 60+m.IntN(300)
		if k == 1 {
			lead = 300 + m.IntN(500)
		}
		for j := at; j < min(len(drop), at+lead+long); j++ {
			drop[j] += depth * math.Min(1, float64(j-at)/float64(lead))
		}
	}
	for i := range m.s.Points {
		slow = 0.9995*slow + 0.12*m.NormFloat64()
		fast = 0.9*fast + 0.4*m.NormFloat64()
		m.s.Points[i].Value = math.Max(0, level+slow+fast-drop[i])
	}
}

// room: a room's temperature each hour, days and seasons in it.
func room(m *maker) {
	m.start(5000+m.IntN(3000), time.Hour)
	swing, slow, fast := m.between(0.5, 2.5), 0.0, 0.0
	off := make([]float64, len(m.s.Points))
	for _, at := range m.places(2) {
		size := m.between(5, 11)
		if m.IntN(2) == 0 {
			size = -size
		}
		for j, long := at, 12+m.IntN(90); j < min(len(off), at+long); j++ {
			off[j] = size
		}
	}
	for i := range m.s.Points {
		hour, _ := m.clock(i)
		slow = 0.995*slow + 0.12*m.NormFloat64()
		fast = 0.7*fast + 0.4*m.NormFloat64()
		m.s.Points[i].Value = 70 + 3*math.Sin(2*math.Pi*float64(i)/8760) + swing*bump(hour, 15, 4) + slow + fast + off[i]
	}
}

// cpu: a server's load every five minutes, quiet or busy, with jobs by the
// clock. The anomalies are loads of another kind.
func cpu(m *maker) {
	m.start(4032, 5*time.Minute)
	base, noise := m.logBetween(0.1, 45), m.between(0.02, 0.15)
	every, high := 36+m.IntN(300), 1+m.between(0, 2)
	jobs := m.IntN(3) > 0
	add := make([]float64, len(m.s.Points))
	for _, at := range m.places(1 + m.IntN(3)) {
		long, size := len(add), base*m.between(0.5, 2)+1
		switch m.IntN(3) {
		case 0: // for good
		case 1:
			long, size = 1+m.IntN(4), base*m.between(3, 8)+8
		default:
			long = 20 + m.IntN(200)
			if m.IntN(3) == 0 {
				size = -base * 0.9
			}
		}
		for j := at; j < min(at+long, len(add)); j++ {
			add[j] += size
		}
	}
	phase := m.IntN(every)
	for i := range m.s.Points {
		v := base * (1 + noise*m.NormFloat64())
		if jobs && (i+phase)%every < 2 {
			v += base * high * m.between(0.7, 1.3)
		}
		if m.Float64() < 0.003 {
			v += base * m.between(0.2, 1)
		}
		m.s.Points[i].Value = math.Round(1000*math.Min(100, math.Max(0, v+add[i]))) / 1000
	}
}

// latency: how long answers take; heavy above. Anomalies are spikes beyond
// what was, and longer rises.
func latency(m *maker) {
	m.start(4032, 5*time.Minute)
	base, sigma := m.logBetween(5, 60), m.between(0.03, 0.3)
	factor := make([]float64, len(m.s.Points))
	for _, at := range m.places(1 + m.IntN(3)) {
		long, by := 1+m.IntN(5), math.Exp(sigma*m.between(7, 14))
		if m.IntN(2) == 0 {
			long, by = 20+m.IntN(120), math.Exp(sigma*m.between(3, 5))
		}
		for j := at; j < min(at+long, len(factor)); j++ {
			factor[j] = by - 1
		}
	}
	for i := range m.s.Points {
		v := base * math.Exp(sigma*m.NormFloat64())
		if m.Float64() < 0.002 {
			v *= math.Exp(sigma * m.between(2, 4))
		}
		m.s.Points[i].Value = v * (1 + factor[i])
	}
}

// network: bytes through a wire every five minutes: mostly nothing, then
// bursts over many orders.
func network(m *maker) {
	m.start(4032+m.IntN(700), 5*time.Minute)
	floor := m.logBetween(30, 3e5)
	chance, alpha := m.between(0.005, 0.1), m.between(1.6, 3)
	out := make([]float64, len(m.s.Points))
	for i := range out {
		out[i] = floor * m.gamma(m.between(3, 20))
		if m.Float64() < chance {
			out[i] += floor * m.between(2, 6) * m.pareto(alpha)
		}
	}
	for _, at := range m.places(1 + m.IntN(2)) {
		if m.IntN(2) == 0 {
			out[at] += floor * m.between(150, 600)
			continue
		}
		for j := at; j < min(len(out), at+30+m.IntN(100)); j++ {
			out[j] += floor * m.between(8, 30)
		}
	}
	for i := range out {
		m.s.Points[i].Value = math.Round(out[i])
	}
}

// prices: what a click costs, each hour, with gaps.
func prices(m *maker) {
	m.start(1500+m.IntN(200), time.Hour)
	base, sigma, swing := m.logBetween(0.05, 1.2), m.between(0.1, 0.35), m.between(0, 0.4)
	spike := make([]float64, len(m.s.Points))
	for _, at := range m.places(1 + m.IntN(3)) {
		for j := at; j < min(len(spike), at+1+m.IntN(3)); j++ {
			spike[j] = m.between(3, 8) * (0.3 + sigma)
		}
	}
	slow := 0.0
	for i := range m.s.Points {
		hour, _ := m.clock(i)
		slow = 0.97*slow + 0.03*m.NormFloat64()
		m.s.Points[i].Value = base * math.Exp(sigma*m.NormFloat64()+slow+swing*bump(hour, 14, 4)) * (1 + spike[i])
	}
	m.gaps(0.01, 3)
}

// road: speeds or travel times at irregular steps with long gaps.
func road(m *maker) {
	m.start(1800+m.IntN(900), 5*time.Minute)
	base, sigma, rush := m.logBetween(8, 300), m.between(0.04, 0.15), m.between(-0.3, 0.6)
	add := make([]float64, len(m.s.Points))
	for _, at := range m.places(1 + m.IntN(3)) {
		size := m.between(0.8, 3)
		if rush < 0 {
			size = -m.between(0.5, 0.8)
		}
		for j, long := at, 3+m.IntN(25); j < min(len(add), at+long); j++ {
			add[j] = size
		}
	}
	for i := range m.s.Points {
		hour, day := m.clock(i)
		v := 1 + sigma*m.NormFloat64()
		if day != time.Saturday && day != time.Sunday {
			v += rush * (bump(hour, 8, 1.2) + bump(hour, 17.5, 1.5))
		}
		m.s.Points[i].Value = math.Round(math.Max(0, base*(v+add[i])))
	}
	m.gaps(0.08, 12)
}

// gaps stretches time here and there.
func (m *maker) gaps(chance float64, most int) {
	var late time.Duration
	step := m.s.Points[1].At.Sub(m.s.Points[0].At)
	for i := range m.s.Points {
		if m.Float64() < chance {
			late += time.Duration(1+m.IntN(most)) * step
		}
		m.s.Points[i].At = m.s.Points[i].At.Add(late)
	}
}

// shape: a machine's day, the same each day, until one day is not.
func shape(m *maker) {
	m.start(4032, 5*time.Minute)
	low, high, noise := m.between(10, 30), m.between(50, 90), m.between(0.3, 6)
	from, to := 7+m.IntN(4), 16+m.IntN(4)
	at := m.s.Points[0].At
	first := int(at.Truncate(24*time.Hour).Add(24*time.Hour).Sub(at) / (5 * time.Minute))
	day := 8 + m.IntN(4)
	onset, kind := first+day*288+from*12, m.IntN(5)
	m.onsets = append(m.onsets, onset)
	for i := range m.s.Points {
		hour, _ := m.clock(i)
		v := low
		if hour >= float64(from) && hour < float64(to) {
			v = high
		}
		if today := i >= onset && i < onset+(to-from)*12; today || kind == 4 && i >= onset {
			switch kind {
			case 0: // the day does not come
				v = low
			case 1: // it goes higher
				v = high + (high-low)*m.between(0.5, 0.6)
			case 2: // it goes to nothing
				v = low - 0.3*(high-low)
			case 3: // it stands in the middle
				v = (low + high) / 2
			default: // more and more spikes
				if m.Float64() < 0.25 {
					v += (high - low) * 0.8
				}
			}
		} else if kind == 4 && m.Float64() < 0.01 {
			v += (high - low) * 0.8
		}
		m.s.Points[i].Value = v + noise*m.NormFloat64()
	}
}

// keys: how long keys are held, by the hour or so: small numbers, then
// somebody else types.
func keys(m *maker) {
	m.start(1900+m.IntN(3400), 5*time.Minute)
	base, sigma := m.logBetween(0.05, 2), m.between(0.1, 0.4)
	by := make([]float64, len(m.s.Points))
	for i := range by {
		by[i] = 1
	}
	for _, at := range m.places(2) {
		f := math.Exp(sigma * m.between(3, 6))
		if m.IntN(2) == 0 {
			f = 1 / f
		}
		for j := at; j < min(len(by), at+12+m.IntN(100)); j++ {
			by[j] = f
		}
	}
	for i := range m.s.Points {
		m.s.Points[i].Value = base * by[i] * math.Exp(sigma*m.NormFloat64())
	}
}

// calm: nothing is the matter: noise, days, heavy tails, or steps that are
// nothing new, days that are all the same, and no movement at all.
func calm(m *maker) {
	m.start(4032, 5*time.Minute)
	kind, sigma, steps := m.IntN(8), m.between(0.5, 8), 40+m.IntN(100)
	walk := 0.0
	for i := range m.s.Points {
		hour, _ := m.clock(i)
		v := 50 + sigma*m.NormFloat64()
		switch kind {
		case 1:
			v += 30 * bump(hour, 13, 4)
		case 2:
			v = m.count(6, 2)
		case 3:
			if i/steps%2 == 0 {
				v += 30
			}
		case 4:
			walk = 0.999*walk + 0.3*m.NormFloat64()
			v += walk
		case 5:
			v = 45
		case 6:
			v = 20
			if hour >= 9 && hour < 18 {
				v = 80
			}
		case 7:
			v = 20 + 60*bump(hour, 13, 4)
		}
		m.s.Points[i].Value = v
	}
}
