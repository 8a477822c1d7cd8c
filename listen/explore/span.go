package explore

import (
	"time"

	"github.com/parley-crm/parley/social"
)

// Span is a stretch of time that is looked at in steps, with the two stretches
// before it, as long. Its bounds are whole hours.
type Span struct {
	From, To time.Time
	Hourly   bool // in steps of an hour; else of a day in the zone
	Zone     *time.Location
	Until    time.Time // as far as it has come: To, or the end of this hour

	edges  []time.Time // of the steps: one more than there are steps
	before []time.Time // of the steps of the stretch before
	third  time.Time   // where the stretch before that one begins
}

const day = 24 * time.Hour

// longest is the longest span, in days.
const longest = 400

// hourly is the longest span that is shown hour by hour.
const hourly = 7 * day

// SpanAsk asks for a span: the last hours or days by name, or from one moment
// to before another.
type SpanAsk struct {
	Range    string // 24h, 7d, 30d, 90d; "" where From and To say it
	From, To time.Time
	Zone     *time.Location // whose days are meant; nil is UTC
}

// Spans are the named lengths of a span.
var Spans = []string{"24h", "7d", "30d", "90d"}

var spanDays = map[string]int{"7d": 7, "30d": 30, "90d": 90}

// SpanOf makes a span as of now.
func SpanOf(a SpanAsk, now time.Time) (Span, error) {
	p := Span{Zone: a.Zone}
	if p.Zone == nil {
		p.Zone = time.UTC
	}
	hour := now.UTC().Truncate(time.Hour).Add(time.Hour)
	switch {
	case a.Range == "24h":
		p.From, p.To, p.Hourly = hour.Add(-day), hour, true
	case spanDays[a.Range] > 0:
		end := midnight(hour.Add(-time.Nanosecond).In(p.Zone)).AddDate(0, 0, 1)
		p.From, p.To = end.AddDate(0, 0, -spanDays[a.Range]), end
	case a.Range != "":
		return p, &social.Error{Kind: social.Invalid, Field: "range", Text: "A range is 24h, 7d, 30d or 90d."}
	case a.From.IsZero() || a.To.IsZero() || !a.From.Before(a.To):
		return p, &social.Error{Kind: social.Invalid, Field: "to", Text: "A stretch of time begins before it ends."}
	case a.To.Sub(a.From) > longest*day:
		return p, &social.Error{Kind: social.Invalid, Field: "from", Text: "A stretch of time is at most 400 days long."}
	default:
		p.From, p.To = a.From.In(p.Zone), a.To.In(p.Zone)
	}
	p.Hourly = p.Hourly || p.To.Sub(p.From) <= hourly
	p.From, p.To = whole(p.From), whole(p.To)
	if !p.From.Before(p.To) {
		p.To = p.From.Add(time.Hour)
	}
	p.steps()
	p.Until = p.To
	if hour.Before(p.Until) && hour.After(p.From) {
		p.Until = hour
	}
	return p, nil
}

// whole is a moment, or the next whole hour (UTC) after it.
func whole(t time.Time) time.Time {
	at := t.UTC().Truncate(time.Hour)
	if at.Before(t) {
		at = at.Add(time.Hour)
	}
	return at
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
}

// steps sets the edges. A day that is longer or shorter by an hour is one step
// all the same, and where a zone's days begin at half past, a step begins with
// the next whole hour.
func (p *Span) steps() {
	if p.Hourly {
		n := int(p.To.Sub(p.From) / time.Hour)
		for i := -n; i <= n; i++ {
			at := p.From.Add(time.Duration(i) * time.Hour)
			if i <= 0 {
				p.before = append(p.before, at)
			}
			if i >= 0 {
				p.edges = append(p.edges, at)
			}
		}
		p.third = p.From.Add(-time.Duration(2*n) * time.Hour)
		return
	}
	at := midnight(p.From.In(p.Zone))
	p.edges = append(p.edges, p.From)
	for at = at.AddDate(0, 0, 1); whole(at).Before(p.To); at = at.AddDate(0, 0, 1) {
		p.edges = append(p.edges, whole(at))
	}
	p.edges = append(p.edges, p.To)
	n := len(p.edges) - 1
	begin := p.From.In(p.Zone)
	for i := -n; i <= 0; i++ {
		p.before = append(p.before, whole(begin.AddDate(0, 0, i)))
	}
	p.third = whole(begin.AddDate(0, 0, -2*n))
}

// step says into which step a moment falls, -1 for none.
func step(edges []time.Time, t time.Time) int {
	lo, hi := 0, len(edges)-1
	if hi < 1 || t.Before(edges[0]) || !t.Before(edges[hi]) {
		return -1
	}
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; t.Before(edges[mid]) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return lo
}

// stretches are the span, the one before it and the one before that, each as
// far as this one has come, so that a morning is compared with a morning.
func (p *Span) stretches() [3][2]time.Time {
	gone := p.Until.Sub(p.From)
	end := func(from, to time.Time) time.Time {
		if at := from.Add(gone); p.Until.Before(p.To) && at.Before(to) {
			return at
		}
		return to
	}
	prev := p.before[0]
	return [3][2]time.Time{{p.From, p.To}, {prev, end(prev, p.From)}, {p.third, end(p.third, prev)}}
}
