package hive

import (
	"time"
	_ "time/tzdata" // quiet times hold on machines without zones, too

	"github.com/parley-crm/parley/social"
)

// Week is when somebody works: days and one stretch of hours, in a zone. A
// stretch that ends before it begins goes over midnight; From equal to To is
// the whole day.
type Week struct {
	Zone string `json:"zone"`
	Days int    `json:"days"` // bit 0 is Sunday
	From int    `json:"from"` // minutes after midnight
	To   int    `json:"to"`

	zone *time.Location // of Zone, once it was looked up
}

// known looks the zone up, so that it need not be every time.
func (w Week) known() Week {
	w.zone = w.location()
	return w
}

const weekdays = 0b0111110

func (w Week) check() error {
	if _, err := time.LoadLocation(w.Zone); err != nil {
		return social.Errorf(social.Invalid, "This time zone is not known; it is named like Europe/Berlin.")
	}
	if w.Days < 0 || w.Days > 127 || w.From < 0 || w.To < 0 || w.From > 24*60 || w.To > 24*60 {
		return social.Errorf(social.Invalid, "Hours lie between 0:00 and 24:00, days between Sunday and Saturday.")
	}
	return nil
}

func (w Week) location() *time.Location {
	if w.zone != nil {
		return w.zone
	}
	if l, err := time.LoadLocation(w.Zone); err == nil {
		return l
	}
	return time.UTC
}

// day is the date that it is there.
func (w Week) day(t time.Time) string { return t.In(w.location()).Format(time.DateOnly) }

// is says whether it is that date there.
func (w Week) is(t time.Time, date string) bool {
	var room [len(time.DateOnly)]byte
	return string(t.In(w.location()).AppendFormat(room[:0], time.DateOnly)) == date
}

// stretch is the working hours that begin on the day of t, in its zone; ok is
// false on a day off.
func (w Week) stretch(t time.Time) (from, to time.Time, ok bool) {
	if w.Days&(1<<uint(t.Weekday())) == 0 {
		return from, to, false
	}
	y, m, d := t.Date()
	at := func(day, minutes int) time.Time {
		return time.Date(y, m, day, minutes/60, minutes%60, 0, 0, t.Location())
	}
	from, to = at(d, w.From), at(d, w.To)
	if w.To <= w.From {
		to = at(d+1, w.To)
	}
	return from, to, to.After(from)
}

// Open says whether it is working time.
func (w Week) Open(t time.Time) bool {
	t = t.In(w.location())
	if from, to, ok := w.stretch(t); ok && !t.Before(from) && t.Before(to) {
		return true
	}
	if w.From < w.To {
		return false
	}
	from, to, ok := w.stretch(t.AddDate(0, 0, -1)) // last night's may go on
	return ok && !t.Before(from) && t.Before(to)
}

// Next is when it is working time next: t itself when it is now. Where nobody
// ever works it is never, and t a year on.
func (w Week) Next(t time.Time) time.Time {
	if w.Open(t) {
		return t
	}
	l := t.In(w.location())
	for n := range 9 {
		if from, _, ok := w.stretch(l.AddDate(0, 0, n)); ok && from.After(t) {
			return from.UTC()
		}
	}
	return t.AddDate(1, 0, 0)
}

// Add goes on by a stretch of working time.
func (w Week) Add(t time.Time, d time.Duration) time.Time {
	if w.Days == 0 {
		return t.Add(d)
	}
	for range 1000 {
		t = w.Next(t)
		end := w.ends(t)
		left := end.Sub(t)
		if left >= d {
			return t.Add(d).UTC()
		}
		d -= left
		t = end
	}
	return t.UTC()
}

// Back goes back by a stretch of working time.
func (w Week) Back(t time.Time, d time.Duration) time.Time {
	if w.Days == 0 {
		return t.Add(-d)
	}
	l := t.In(w.location())
	for n := range 400 {
		from, to, ok := w.stretch(l.AddDate(0, 0, -n))
		if !ok || !from.Before(t) {
			continue
		}
		if to.After(t) {
			to = t
		}
		left := to.Sub(from)
		if left >= d {
			return to.Add(-d).UTC()
		}
		d -= left
	}
	return t
}

// ends is when the working time that t lies in ends.
func (w Week) ends(t time.Time) time.Time {
	l := t.In(w.location())
	out := t
	for _, day := range []time.Time{l, l.AddDate(0, 0, -1)} {
		if from, to, ok := w.stretch(day); ok && !t.Before(from) && t.Before(to) && to.After(out) {
			out = to
		}
	}
	return out
}
