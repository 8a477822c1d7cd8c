// Package baseline says what is usual: how much is said in an hour of the
// week, how far that ordinarily strays, and how much of it is negative. It
// learns from hourly counts of some weeks.
//
// It promises that a single great burst in the past hardly moves what it
// takes for usual (hours are cut at a robust bound), that little history makes
// it cautious rather than wrong, and that a lasting change becomes usual
// within some days. It refuses to judge by less than a day of history.
package baseline

import (
	"math"
	"slices"
	"time"
)

// Hour is what one hour had. Hours without anything may be left out.
type Hour struct {
	At       time.Time
	Count    int
	Negative int
	Scored   int // of Count, those with a sentiment
}

// Weeks is how much of the past is looked at.
const Weeks = 8

// Least is how much of the past there must be before anything is judged.
const Least = 24 * time.Hour

// A Baseline is what is usual for one subject.
type Baseline struct {
	Since    time.Time // of the first hour that was learnt
	Until    time.Time
	Hours    int     // that were learnt
	Stray    float64 // over-dispersion: the variance is mean + Stray·mean²
	Negative float64 // the usual share of negative ones among those with a sentiment
	slots    [week]float64
}

const (
	week = 7 * 24
	// How much the coarser average weighs, in weeks (for an hour of the week)
	// and in days (for an hour of the day).
	slotWeight, dayWeight = 1.0, 3.0
	// recent is how much of the newest past says whether the level has changed.
	recent = 72 * time.Hour
	// What is believed of the share of negative ones before there is evidence.
	priorNegative, priorWeight = 0.2, 30.0
	// Strays are between these.
	strayLeast, strayMost = 0.05, 4.0
)

// Learn reads hours up to, not including, until. History begins with the first
// hour that has anything.
func Learn(hours []Hour, until time.Time) *Baseline {
	until = until.UTC().Truncate(time.Hour)
	from := until.Add(-Weeks * week * time.Hour)
	b := &Baseline{Until: until, Since: until}
	counts := make([]float64, Weeks*week)
	scored, negative := priorWeight, priorWeight*priorNegative
	for _, h := range hours {
		i := int(h.At.Sub(from) / time.Hour)
		if h.At.Before(from) || i >= len(counts) {
			continue
		}
		counts[i] += float64(h.Count)
		scored += float64(h.Scored)
		negative += float64(h.Negative)
		if h.Count > 0 && h.At.Before(b.Since) {
			b.Since = h.At.UTC().Truncate(time.Hour)
		}
	}
	b.Negative = negative / scored
	counts = counts[len(counts)-int(b.Until.Sub(b.Since)/time.Hour):]
	b.Hours = len(counts)
	if b.Hours == 0 {
		b.Stray = strayMost
		return b
	}
	cut(counts)
	b.level(counts)
	b.stray(counts)
	return b
}

// cut bounds hours at what is far beyond the upper quartile.
func cut(counts []float64) {
	sorted := slices.Sorted(slices.Values(counts))
	at := func(q float64) float64 { return sorted[int(q*float64(len(sorted)-1))] }
	high := at(0.9) + 3*max(at(0.9)-at(0.5), math.Sqrt(at(0.9)+1))
	for i, c := range counts {
		counts[i] = min(c, high)
	}
}

// level learns the hours of the week, each drawn towards its hour of the day
// and that towards the average; then the whole towards what the last days had.
func (b *Baseline) level(counts []float64) {
	all, ofDay, ofWeek := mean{}, [24]mean{}, [week]mean{}
	for i, c := range counts {
		s := slot(b.Since.Add(time.Duration(i) * time.Hour))
		all.add(c)
		ofDay[s%24].add(c)
		ofWeek[s].add(c)
	}
	flat := all.towards(0.1, 1)
	for s := range week {
		b.slots[s] = ofWeek[s].towards(ofDay[s%24].towards(flat, dayWeight), slotWeight)
	}
	n := min(len(counts), int(recent/time.Hour))
	had, usual := 0.0, 0.0
	for i := len(counts) - n; i < len(counts); i++ {
		had += counts[i]
		usual += b.slots[slot(b.Since.Add(time.Duration(i)*time.Hour))]
	}
	// Twelve hours' worth of what was usual count as evidence against a change.
	ease := 12 * flat
	by := math.Sqrt(min(max((had+ease)/(usual+ease), 0.25), 4))
	for s := range week {
		b.slots[s] *= by
	}
}

// stray learns how much more than by chance hours differ from what is usual.
func (b *Baseline) stray(counts []float64) {
	excess, square := 0.0, 0.0
	for i, c := range counts {
		m := b.slots[slot(b.Since.Add(time.Duration(i)*time.Hour))]
		excess += (c-m)*(c-m) - m
		square += m * m
	}
	n := float64(len(counts))
	s := 0.3
	if square > 0 {
		s = max(excess, 0) / square
	}
	// Two days' worth of a middling belief.
	b.Stray = min(max((n*s+48*0.3)/(n+48), strayLeast), strayMost)
}

// mean is a running mean.
type mean struct{ sum, n float64 }

func (m *mean) add(x float64) { m.sum += x; m.n++ }

func (m mean) towards(prior, weight float64) float64 { return (m.sum + prior*weight) / (m.n + weight) }

// slot is the hour of the week, from Sunday midnight UTC.
func slot(t time.Time) int { t = t.UTC(); return int(t.Weekday())*24 + t.Hour() }

// Known reports whether there is enough history to judge by.
func (b *Baseline) Known() bool { return b.Until.Sub(b.Since) >= Least }

// At is what is usual in the hour of a time.
func (b *Baseline) At(t time.Time) float64 { return b.slots[slot(t)] }

// Between is what is usual from one time to another.
func (b *Baseline) Between(from, to time.Time) float64 {
	sum := 0.0
	for from.Before(to) {
		end := from.Truncate(time.Hour).Add(time.Hour)
		if end.After(to) {
			end = to
		}
		sum += b.At(from) * float64(end.Sub(from)) / float64(time.Hour)
		from = end
	}
	return sum
}

// Band is between what nineteen of twenty such hours are.
func (b *Baseline) Band(t time.Time) (low, high float64) {
	m := b.At(t)
	sd := math.Sqrt(m + b.Stray*m*m)
	return max(0, m-1.64*sd), m + 1.96*sd
}

// Rare is how improbable it is to have n or more where m are usual, as -log10.
// Where little is usual, one post brings others, and the usual itself is not
// known well: then more is needed.
func (b *Baseline) Rare(n int, m float64) float64 {
	if n <= 0 || float64(n) <= m {
		return 0
	}
	m = max(m, 1e-6)
	return -tail(n, m, 1/(b.Stray+1/(1+4*m))) / math.Ln10
}

// Scarce is how improbable it is to have n or fewer where m are usual, as
// -log10. Hours are taken to stray together, which asks for more evidence the
// wilder they are.
func (b *Baseline) Scarce(n int, m float64) float64 {
	if n < 0 || float64(n) >= m {
		return 0
	}
	r := 1 / (b.Stray + 1/(1+4*m))
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	sum := 0.0
	for k := range n + 1 {
		x := float64(k)
		sum += math.Exp(lg(x+r) - lg(r) - lg(x+1) + r*math.Log(r/(m+r)) + x*math.Log(m/(m+r)))
	}
	if sum <= 0 {
		return 300
	}
	return max(0, -math.Log10(sum))
}

// tail is the logarithm of the probability that a negative binomial variable
// with mean m and size r is n or more.
func tail(n int, m, r float64) float64 {
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	q := m / (m + r)
	k := float64(n)
	first := lg(k+r) - lg(r) - lg(k+1) + r*math.Log(r/(m+r)) + k*math.Log(q)
	sum, term := 1.0, 1.0
	for range 100_000 {
		term *= q * (k + r) / (k + 1)
		sum += term
		if term < 1e-9*sum {
			break
		}
		k++
	}
	return min(0, first+math.Log(sum))
}

// moodWeight is how many posts the usual share of negative ones is taken to be
// known by: days differ.
const moodWeight = 40

// RareMood is how improbable it is that negative or more of scored posts are
// negative, as -log10.
func (b *Baseline) RareMood(negative, scored int) float64 {
	p := min(max(b.Negative, 0.05), 0.95)
	if negative <= 0 || float64(negative) <= p*float64(scored) {
		return 0
	}
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	beta := func(x, y float64) float64 { return lg(x) + lg(y) - lg(x+y) }
	a, c, n := moodWeight*p, moodWeight*(1-p), float64(scored)
	sum := 0.0
	for k := float64(negative); k <= n; k++ {
		sum += math.Exp(lg(n+1) - lg(k+1) - lg(n-k+1) + beta(k+a, n-k+c) - beta(a, c))
	}
	if sum <= 0 {
		return 300
	}
	return max(0, -math.Log10(sum))
}
