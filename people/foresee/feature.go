package foresee

import (
	"math"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Feature is one thing of a past that predictions look at. Its values are put
// into few bins, so that each has a weight of its own that one can read.
type Feature struct {
	Name  string
	Edges []float64 // a value at an edge is above it; the bin before all is that there is none
	value func(p *Past, day time.Time, m *Model) float64
}

// none is the value of what there is nothing to look at.
var none = math.NaN()

// Features lists what predictions look at, always in the same order. A model
// that is kept names them, so that a new one may come in between.
func Features() []Feature {
	ago := []float64{15, 31, 61, 121, 241}
	return []Feature{
		{"order_ago", ago, func(p *Past, day time.Time, _ *Model) float64 { // days since the last order
			if len(p.Orders) == 0 {
				return none
			}
			return days(p.Orders[len(p.Orders)-1].At, day)
		}},
		{"orders", []float64{1, 2, 3, 5}, func(p *Past, day time.Time, _ *Model) float64 { // in a year
			return float64(p.orders(day.AddDate(-1, 0, 0), day))
		}},
		{"rhythm", []float64{0.5, 1, 1.5, 2.5}, rhythm},
		{"spent", nil, spent}, // in a year, minor units of the currency that most is paid in; its edges are learned
		{"spoke_ago", ago, func(p *Past, day time.Time, _ *Model) float64 {
			if len(p.Said) == 0 {
				return none
			}
			return days(p.Said[len(p.Said)-1].At, day)
		}},
		{"said", []float64{1, 2, 5}, func(p *Past, day time.Time, _ *Model) float64 { // in 90 days
			return float64(p.said(back(day, 90), day))
		}},
		{"trend", []float64{0.67, 1.5}, func(p *Past, day time.Time, _ *Model) float64 { // of what is said, beside the 90 days before
			now, then := p.said(back(day, 90), day), p.said(back(day, 180), back(day, 90))
			if now+then == 0 {
				return none
			}
			return float64(now) / max(float64(then), 0.5)
		}},
		{"negative", []float64{0.01, 0.5}, func(p *Past, day time.Time, _ *Model) float64 { // share in 90 days
			return badShare(p, back(day, 90), day)
		}},
		{"feeling", []float64{-0.1, 0.1}, func(p *Past, day time.Time, _ *Model) float64 { // how much larger that share became
			return badShare(p, back(day, 90), day) - badShare(p, back(day, 180), back(day, 90))
		}},
		{"complaints", []float64{1, 2}, func(p *Past, day time.Time, _ *Model) float64 { // in 90 days
			return float64(in(p.Said, back(day, 90), day, saidAt, func(s Said) bool { return s.Complaint }))
		}},
		{"praise", []float64{1, 2, 4}, func(p *Past, day time.Time, _ *Model) float64 { // in public, in 180 days
			return float64(p.praised(back(day, 180), day))
		}},
		{"channels", []float64{1, 2, 3}, channels},
		{"unanswered", []float64{1, 2}, unanswered},
		{"wait", []float64{1, 8, 24}, wait},
		{"satisfied", []float64{3, 4}, func(p *Past, day time.Time, _ *Model) float64 { // the last answer in a year
			if n := len(p.Answers); n > 0 && !p.Answers[n-1].At.Before(day.AddDate(-1, 0, 0)) {
				return float64(p.Answers[n-1].Score)
			}
			return none
		}},
		{"broken", []float64{1}, func(p *Past, day time.Time, _ *Model) float64 { // promises in a year
			return float64(in(p.Broken, day.AddDate(-1, 0, 0), day, func(t time.Time) time.Time { return t }, func(time.Time) bool { return true }))
		}},
		{"known", []float64{31, 181, 366}, func(p *Past, day time.Time, _ *Model) float64 { // days since the first that is kept
			first := day
			if len(p.Orders) > 0 {
				first = p.Orders[0].At
			}
			if len(p.Said) > 0 && p.Said[0].At.Before(first) {
				first = p.Said[0].At
			}
			return days(first, day)
		}},
	}
}

func days(from, to time.Time) float64 { return math.Floor(to.Sub(from).Hours() / 24) }

func back(day time.Time, n int) time.Time { return day.Add(-time.Duration(n) * dayLong) }

func badShare(p *Past, from, to time.Time) float64 {
	bad, of := p.feltBad(from, to)
	if of == 0 {
		return none
	}
	return float64(bad) / float64(of)
}

// rhythm is how long ago they ordered, in times of their own usual gap.
func rhythm(p *Past, day time.Time, _ *Model) float64 {
	n := len(p.Orders)
	if n < 2 {
		return none
	}
	gap := max(days(p.Orders[0].At, p.Orders[n-1].At)/float64(n-1), 1)
	return days(p.Orders[n-1].At, day) / gap
}

func spent(p *Past, day time.Time, m *Model) float64 {
	var sum int64
	for _, o := range p.Orders {
		if o.Currency == m.Currency && m.Currency != "" && !o.At.Before(day.AddDate(-1, 0, 0)) {
			sum += o.Amount
		}
	}
	if sum == 0 {
		return none
	}
	return float64(sum)
}

func channels(p *Past, day time.Time, _ *Model) float64 { // on which they spoke in a year
	var on []social.ChannelID
	for _, s := range p.Said {
		if !s.At.Before(day.AddDate(-1, 0, 0)) && !slices.Contains(on, s.Channel) {
			on = append(on, s.Channel)
		}
	}
	return float64(len(on))
}

// asked goes through what they asked in conversations: each question with how
// long it waited, or that it still does.
func asked(p *Past, since, day time.Time, each func(waited time.Duration, open bool)) {
	began := map[social.ConversationID]time.Time{}
	for _, m := range p.Messages {
		at, waits := began[m.Talk]
		switch {
		case m.Ours && waits:
			if !at.Before(since) {
				each(m.At.Sub(at), false)
			}
			delete(began, m.Talk)
		case !m.Ours && m.Asks && !waits:
			began[m.Talk] = m.At
		}
	}
	for _, at := range began {
		if !at.Before(since) {
			each(day.Sub(at), true)
		}
	}
}

func unanswered(p *Past, day time.Time, _ *Model) float64 { // questions of 90 days
	n := 0.0
	asked(p, back(day, 90), day, func(_ time.Duration, open bool) {
		if open {
			n++
		}
	})
	return n
}

func wait(p *Past, day time.Time, _ *Model) float64 { // hours, the longest of 180 days
	most := none
	asked(p, back(day, 180), day, func(waited time.Duration, _ bool) {
		if h := waited.Hours(); math.IsNaN(most) || h > most {
			most = h
		}
	})
	return most
}

// bin is where a value stands: 0 where there is none.
func bin(edges []float64, v float64) uint8 {
	if math.IsNaN(v) {
		return 0
	}
	n := 1
	for _, e := range edges {
		if v >= e {
			n++
		}
	}
	return uint8(n)
}
