package detect

import (
	"slices"
	"time"
)

// season remembers what the last days were like, quarter hour by quarter hour.
type season struct {
	width        int64     // seconds in a bin
	bins         int       // in a day
	days         []float64 // bins × daysKept values
	had          []int64   // the day of each value, 0 for none
	cur          int64     // the bin under way, counted since long ago
	sum          float64
	n            int
	ready        bool
	yesterday    float64
	hadYesterday bool
	value        float64    // forecast for the bin under way
	sides        [2]float64 // of the bins before and after it
	spread       []float64  // ordinary error by bin of the day
	repeats      []float64  // how often a figure is the one before, by bin of the day
	tmp          []float64
}

const (
	daysKept   = 42
	longAgo    = 7 * 200_000 * 24 * 60 * 60 // so that no time is negative; whole weeks
	binLeast   = 15 * time.Minute
	sameDays   = 6 // of the same weekday are looked at
	latestDays = 9
)

func newSeason(step time.Duration) *season {
	width := max(step, binLeast)
	bins := max(1, int((24*time.Hour+width/2)/width))
	s := &season{width: int64(24*time.Hour/time.Second) / int64(bins), bins: bins, cur: -1}
	s.days = make([]float64, bins*daysKept)
	s.had = make([]int64, bins*daysKept)
	s.spread = make([]float64, bins)
	s.repeats = make([]float64, bins)
	return s
}

// at moves on to a time and forecasts its bin from the days before.
func (s *season) at(t time.Time) {
	bin := (t.Unix() + longAgo) / s.width
	if bin == s.cur {
		return
	}
	if s.n > 0 {
		day, slot := s.cur/int64(s.bins), int(s.cur%int64(s.bins))
		i := slot*daysKept + int(day%daysKept)
		s.days[i], s.had[i] = s.sum/float64(s.n), day+1
	}
	s.cur, s.sum, s.n = bin, 0, 0
	s.yesterday, s.hadYesterday = s.ago(1)
	s.value, s.ready = s.forecast(bin)
	for i, side := range [...]int64{bin - 1, bin + 1} {
		s.sides[i] = s.value
		if v, ok := s.forecast(side); ok {
			s.sides[i] = v
		}
	}
}

// ago is what was in the bin under way so many days ago.
func (s *season) ago(days int64) (float64, bool) {
	today, slot := s.cur/int64(s.bins), s.slot()
	i := slot*daysKept + int((today+daysKept-days)%daysKept)
	return s.days[i], today > 0 && s.had[i] == today-days+1
}

func (s *season) slot() int { return int(s.cur % int64(s.bins)) }

// learn adds a value to the bin under way.
func (s *season) learn(x float64) { s.sum += x; s.n++ }

// forecast: the median of the same weekday where there are enough, else of
// days of the same sort (working or not), else of the last days.
func (s *season) forecast(bin int64) (value float64, ready bool) {
	today, slot := bin/int64(s.bins), int(bin%int64(s.bins))
	pick := func(most int, which func(day int64) bool) []float64 {
		s.tmp = s.tmp[:0]
		for ago := int64(1); ago < daysKept && ago <= today && len(s.tmp) < most; ago++ {
			i := slot*daysKept + int((today-ago)%daysKept)
			if s.had[i] == today-ago+1 && which(today-ago) {
				s.tmp = append(s.tmp, s.days[i])
			}
		}
		return s.tmp
	}
	weekday := today % 7
	v := pick(sameDays, func(d int64) bool { return d%7 == weekday })
	if len(v) < 3 {
		v = pick(latestDays, func(d int64) bool { return rest(d) == rest(today) })
	}
	if len(v) < 2 {
		v = pick(latestDays, func(int64) bool { return true })
	}
	if len(v) < 2 {
		return s.value, false
	}
	return median(v), true
}

// rest reports whether a day, counted from a Thursday, is a Saturday or Sunday.
func rest(day int64) bool { return day%7 == 2 || day%7 == 3 }

// median sorts v.
func median(v []float64) float64 {
	slices.Sort(v)
	n := len(v)
	if n%2 == 1 {
		return v[n/2]
	}
	return (v[n/2-1] + v[n/2]) / 2
}
