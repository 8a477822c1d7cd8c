// Package hours knows when we are there: several spans a day for each day of
// the week, in one time zone, and the days that are different. It adds and
// measures working time. It promises that measuring adds up over any cut, that
// adding and measuring agree, and that a change of the clocks is neither
// counted twice nor lost; a span that the clocks skip is shorter that day.
package hours

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/social"
)

// ID names a calendar. The empty one is always open.
type ID string

// Span is a stretch of a day, in minutes since midnight by the clock on the
// wall. To is later than From and at most 1440.
type Span struct {
	From int `json:"from" minimum:"0" maximum:"1439" doc:"Minutes since midnight."`
	To   int `json:"to" minimum:"1" maximum:"1440" doc:"Minutes since midnight, at most 1440."`
}

// Holiday is a day that is different: closed, unless it has spans of its own.
type Holiday struct {
	Day    string `json:"day" maxLength:"10" doc:"2026-12-25."`
	Name   string `json:"name" maxLength:"100"`
	Yearly bool   `json:"yearly" doc:"On this day of every year."`
	Spans  []Span `json:"spans,omitempty" doc:"When we are there all the same; none means closed."`
}

// Calendar says when we are there.
type Calendar struct {
	ID        ID
	Name      string
	Zone      string    // of the IANA database, as Europe/Berlin
	Week      [7][]Span // Sunday first, as time.Weekday counts
	Holidays  []Holiday
	Version   int64
	CreatedAt time.Time
	ChangedAt time.Time
}

// Limits of a calendar.
const (
	MaxSpans    = 8
	MaxHolidays = 500
)

// Check says what is wrong with a calendar and puts its spans and days in order.
func (c *Calendar) Check() error {
	bad := func(field, format string, args ...any) error {
		return &social.Error{Kind: social.Invalid, Field: field, Text: fmt.Sprintf(format, args...)}
	}
	c.Name = strings.TrimSpace(c.Name)
	if c.Name == "" || utf8.RuneCountInString(c.Name) > 80 || !utf8.ValidString(c.Name) {
		return bad("name", "Give it a name of at most 80 characters.")
	}
	if c.Zone == "" || c.Zone == "Local" {
		return bad("zone", "Say in which time zone, such as Europe/Berlin.")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return bad("zone", "There is no time zone “%s”. Write it like Europe/Berlin.", c.Zone)
	}
	for d := range c.Week {
		if why := tidy(&c.Week[d]); why != "" {
			return bad("week", "%s: %s", time.Weekday(d), why)
		}
	}
	if len(c.Holidays) > MaxHolidays {
		return bad("holidays", "These are more than %d days.", MaxHolidays)
	}
	seen := map[string]bool{}
	for i := range c.Holidays {
		h := &c.Holidays[i]
		h.Name = strings.TrimSpace(h.Name)
		if utf8.RuneCountInString(h.Name) > 100 || !utf8.ValidString(h.Name) {
			return bad("holidays", "A day's name has at most 100 characters.")
		}
		if _, err := time.Parse(time.DateOnly, h.Day); err != nil {
			return bad("holidays", "“%s” is no day; write 2026-12-25.", h.Day)
		}
		if seen[h.key()] {
			return bad("holidays", "%s stands there twice.", h.Day)
		}
		seen[h.key()] = true
		if why := tidy(&h.Spans); why != "" {
			return bad("holidays", "%s: %s", h.Day, why)
		}
	}
	slices.SortFunc(c.Holidays, func(a, b Holiday) int { return strings.Compare(a.Day, b.Day) })
	return nil
}

func (h Holiday) key() string {
	if h.Yearly {
		return h.Day[4:] // -12-25
	}
	return h.Day
}

// tidy orders spans and joins those that touch; it says what is wrong, "" if nothing.
func tidy(spans *[]Span) string {
	if len(*spans) > MaxSpans {
		return fmt.Sprintf("there are more than %d spans.", MaxSpans)
	}
	in := slices.Clone(*spans)
	slices.SortFunc(in, func(a, b Span) int { return a.From - b.From })
	var out []Span
	for _, s := range in {
		if s.From < 0 || s.To > 24*60 || s.To <= s.From {
			return "a span must end later than it begins, on the same day."
		}
		if n := len(out); n > 0 && s.From < out[n-1].To {
			return "two spans overlap."
		} else if n > 0 && s.From == out[n-1].To {
			out[n-1].To = s.To
			continue
		}
		out = append(out, s)
	}
	*spans = out
	return ""
}

// Hours are a calendar made ready. Nil is always open.
type Hours struct {
	zone   *time.Location
	week   [7][]Span
	days   map[string][]Span // by date
	yearly map[string][]Span // by -month-day
}

// Open makes a calendar that was checked ready.
func (c *Calendar) Open() (*Hours, error) {
	loc, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, social.Because(social.Invalid, err, "There is no time zone “%s”.", c.Zone)
	}
	h := &Hours{zone: loc, week: c.Week, days: map[string][]Span{}, yearly: map[string][]Span{}}
	for _, d := range c.Holidays {
		if d.Yearly {
			h.yearly[d.key()] = d.Spans
		} else {
			h.days[d.Day] = d.Spans
		}
	}
	return h, nil
}

// Farthest is how far ahead working time is looked for. Whoever is never there
// is due then.
const Farthest = 5 * 366

// Add is the moment at which d of working time has passed since t: the first
// if there are several. A span of nothing or less is t itself.
func (h *Hours) Add(t time.Time, d time.Duration) time.Time {
	if h == nil || d <= 0 {
		return t.Add(max(d, 0))
	}
	day := h.dayOf(t)
	for range Farthest {
		for _, s := range h.spans(day) {
			from, to := h.at(day, s.From), h.at(day, s.To)
			if from.Before(t) {
				from = t
			}
			if !to.After(from) {
				continue
			}
			if length := to.Sub(from); d > length {
				d -= length
				continue
			}
			return from.Add(d).UTC()
		}
		day = day.next()
	}
	return t.AddDate(5, 0, 0).UTC()
}

// Between is how much working time lies from a to b, negative when b is
// earlier.
func (h *Hours) Between(a, b time.Time) time.Duration {
	if h == nil {
		return b.Sub(a)
	}
	if b.Before(a) {
		return -h.Between(b, a)
	}
	var sum time.Duration
	last := h.dayOf(b)
	for day, n := h.dayOf(a), 0; !last.before(day) && n < 10*Farthest; day, n = day.next(), n+1 {
		for _, s := range h.spans(day) {
			from, to := h.at(day, s.From), h.at(day, s.To)
			if from.Before(a) {
				from = a
			}
			if to.After(b) {
				to = b
			}
			if to.After(from) {
				sum += to.Sub(from)
			}
		}
	}
	return sum
}

// OpenAt reports whether we are there at t.
func (h *Hours) OpenAt(t time.Time) bool {
	if h == nil {
		return true
	}
	day := h.dayOf(t)
	return slices.ContainsFunc(h.spans(day), func(s Span) bool {
		return !t.Before(h.at(day, s.From)) && t.Before(h.at(day, s.To))
	})
}

// Opens is when we are there next, t itself while we are; ok is false when
// never.
func (h *Hours) Opens(t time.Time) (time.Time, bool) {
	if h == nil || h.OpenAt(t) {
		return t, true
	}
	day := h.dayOf(t)
	for range Farthest {
		for _, s := range h.spans(day) {
			if from := h.at(day, s.From); !from.Before(t) && h.at(day, s.To).After(from) {
				return from.UTC(), true
			}
		}
		day = day.next()
	}
	return time.Time{}, false
}

// Zone is where the calendar holds; UTC for one that is always open.
func (h *Hours) Zone() *time.Location {
	if h == nil {
		return time.UTC
	}
	return h.zone
}

// day is a day by the clock on the wall.
type day struct {
	year  int
	month time.Month
	day   int
}

func (h *Hours) dayOf(t time.Time) day {
	y, m, d := t.In(h.zone).Date()
	return day{y, m, d}
}

func (d day) utc() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }

func (d day) next() day {
	y, m, n := d.utc().AddDate(0, 0, 1).Date()
	return day{y, m, n}
}

func (d day) before(o day) bool { return d.utc().Before(o.utc()) }

func (h *Hours) spans(d day) []Span {
	if len(h.days)+len(h.yearly) > 0 {
		name := d.utc().Format(time.DateOnly)
		if s, ok := h.days[name]; ok {
			return s
		}
		if s, ok := h.yearly[name[4:]]; ok {
			return s
		}
	}
	return h.week[d.utc().Weekday()]
}

// at is the first moment of which the clock on the wall says so many minutes
// of a day, or later where it skips them.
func (h *Hours) at(d day, minute int) time.Time {
	naive := d.utc().Add(time.Duration(minute) * time.Minute)
	early, late := offset(h.zone, naive.Add(-24*time.Hour)), offset(h.zone, naive.Add(24*time.Hour))
	t := naive.Add(-early)
	if early == late {
		return t
	}
	if offset(h.zone, t) == early {
		return t // before the clocks change; of two moments the first
	}
	if u := naive.Add(-late); offset(h.zone, u) == late {
		return u
	}
	change, _ := t.In(h.zone).ZoneBounds() // skipped
	return change
}

func offset(loc *time.Location, t time.Time) time.Duration {
	_, s := t.In(loc).Zone()
	return time.Duration(s) * time.Second
}
