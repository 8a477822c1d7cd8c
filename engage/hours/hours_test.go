package hours

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // as the program has it

	"github.com/parley-crm/parley/social"
	"pgregory.net/rapid"
)

// slow measures as one would by hand: it looks at the clock on the wall every
// minute, and at each instant only once.
func slow(h *Hours, a, b time.Time) time.Duration {
	var sum time.Duration
	for t := a; t.Before(b); t = t.Add(time.Minute) {
		w := t.In(h.zone)
		d := day{w.Year(), w.Month(), w.Day()}
		m := w.Hour()*60 + w.Minute()
		for _, s := range h.spans(d) {
			if m >= s.From && m < s.To {
				sum += time.Minute
			}
		}
	}
	return sum
}

var zones = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns"}

func calendars(t *rapid.T) *Hours {
	c := Calendar{Name: "x", Zone: rapid.SampledFrom(zones).Draw(t, "zone")}
	for d := range c.Week {
		at := 0
		for len(c.Week[d]) < MaxSpans && at < 24*60 && rapid.Bool().Draw(t, "more") {
			from := rapid.IntRange(at, 24*60-1).Draw(t, "from")
			to := rapid.IntRange(from+1, 24*60).Draw(t, "to")
			c.Week[d] = append(c.Week[d], Span{from, to})
			at = to + 1
		}
	}
	c.Week[rapid.IntRange(0, 6).Draw(t, "day")] = []Span{{90, 150}, {540, 1020}} // over the hours that clocks change in
	for i := range rapid.IntRange(0, 3).Draw(t, "holidays") {
		c.Holidays = append(c.Holidays, Holiday{Day: fmt.Sprintf("2026-%02d-%02d", 1+i*4, rapid.IntRange(1, 28).Draw(t, "date")), Yearly: rapid.Bool().Draw(t, "yearly")})
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	h, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func moment(t *rapid.T, name string) time.Time {
	start := time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)
	return start.Add(time.Duration(rapid.IntRange(0, 800*24*60).Draw(t, name)) * time.Minute)
}

func TestWorkingTimeIsWhatTheClockOnTheWallSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := calendars(t)
		a := moment(t, "a")
		b := a.Add(time.Duration(rapid.IntRange(0, 12*24*60).Draw(t, "minutes")) * time.Minute)
		got, want := h.Between(a, b), slow(h, a, b)
		// Where the clock is put back, a span that begins or ends within the
		// hour that comes twice is counted from its first beginning to its
		// first end; by hand both are seen. They differ by no more than the
		// hour, and only then.
		slack := time.Duration(0)
		for x := a.Add(-48 * time.Hour); x.Before(b.Add(48 * time.Hour)); x = x.Add(time.Hour) {
			if offset(h.zone, x) > offset(h.zone, x.Add(time.Hour)) {
				slack += offset(h.zone, x) - offset(h.zone, x.Add(time.Hour))
			}
		}
		if d := got - want; d > slack || d < -slack {
			t.Fatalf("from %s to %s in %s: %s, by hand %s", a, b, h.zone, got, want)
		}
	})
}

func TestMeasuringAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := calendars(t)
		a, b, c := moment(t, "a"), moment(t, "b"), moment(t, "c")
		if x, y := h.Between(a, b)+h.Between(b, c), h.Between(a, c); x != y {
			t.Fatalf("%s + rest = %s, all = %s", h.Between(a, b), x, y)
		}
	})
}

func TestAddingAndMeasuringAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := calendars(t)
		a := moment(t, "a")
		d := time.Duration(rapid.IntRange(1, 60*24*30).Draw(t, "d"))*time.Minute + time.Duration(rapid.IntRange(0, 999).Draw(t, "µs"))*time.Microsecond
		b := h.Add(a, d)
		if got := h.Between(a, b); got != d {
			t.Fatalf("%s after %s is %s, but between lie %s", d, a, b, got)
		}
		if got := h.Between(a, b.Add(-time.Microsecond)); got >= d {
			t.Fatalf("%s was over before %s", d, b)
		}
		if b.Before(a) {
			t.Fatalf("%s lies before %s", b, a)
		}
	})
}

func TestOneMoreMinuteIsNeverEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := calendars(t)
		a := moment(t, "a")
		d := time.Duration(rapid.IntRange(0, 60*24*30).Draw(t, "d")) * time.Minute
		if h.Add(a, d+time.Minute).Before(h.Add(a, d)) || h.Add(a.Add(time.Minute), d).Before(h.Add(a, d)) {
			t.Fatalf("more is earlier: %s + %s", a, d)
		}
	})
}

func open(t *testing.T, zone string, spans ...Span) *Hours {
	t.Helper()
	c := Calendar{Name: "x", Zone: zone}
	for d := range c.Week {
		c.Week[d] = spans
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	h, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestDaysWhenTheClocksChange(t *testing.T) {
	tests := []struct {
		name string
		zone string
		day  string // in the zone
		span Span
		want time.Duration
	}{
		{"a whole day in spring has 23 hours", "Europe/Berlin", "2026-03-29", Span{0, 1440}, 23 * time.Hour},
		{"a whole day in autumn has 25 hours", "Europe/Berlin", "2026-10-25", Span{0, 1440}, 25 * time.Hour},
		{"an ordinary one has 24", "Europe/Berlin", "2026-06-01", Span{0, 1440}, 24 * time.Hour},
		{"a span within the hour that is skipped is nothing", "Europe/Berlin", "2026-03-29", Span{125, 175}, 0},
		{"a span that begins in the hour that is skipped is shorter", "Europe/Berlin", "2026-03-29", Span{150, 240}, time.Hour},
		{"office hours stay eight", "Europe/Berlin", "2026-03-29", Span{540, 1020}, 8 * time.Hour},
		{"a span from one to three in autumn has three hours", "Europe/Berlin", "2026-10-25", Span{60, 180}, 3 * time.Hour},
		{"Lord Howe changes by half an hour", "Australia/Lord_Howe", "2026-04-05", Span{0, 1440}, 24*time.Hour + 30*time.Minute},
		{"a day that Samoa skipped is nothing", "Pacific/Apia", "2011-12-30", Span{0, 1440}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t, tt.zone, tt.span)
			d, _ := time.Parse(time.DateOnly, tt.day)
			the := day{d.Year(), d.Month(), d.Day()}
			if got := max(0, h.at(the, tt.span.To).Sub(h.at(the, tt.span.From))); got != tt.want {
				t.Fatalf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestAddOverNightWeekendAndHoliday(t *testing.T) {
	c := Calendar{Name: "Office", Zone: "Europe/Berlin", Holidays: []Holiday{{Day: "2020-12-25", Name: "Christmas", Yearly: true}, {Day: "2026-12-24", Name: "Eve", Spans: []Span{{540, 720}}}}}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Week[d] = []Span{{540, 720}, {780, 1020}} // nine to noon, one to five
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	h, err := c.Open()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, from, want, add string }{
		{"within a span", "2026-12-01 09:00", "2026-12-01 10:00", "1h"},
		{"over lunch", "2026-12-01 11:30", "2026-12-01 13:30", "1h"},
		{"up to the very end of a span", "2026-12-01 11:00", "2026-12-01 12:00", "1h"},
		{"over night", "2026-12-01 16:30", "2026-12-02 09:30", "1h"},
		{"over the weekend", "2026-12-04 16:30", "2026-12-07 09:30", "1h"},
		{"asked at night", "2026-12-01 23:00", "2026-12-02 10:00", "1h"},
		{"over a short Eve, Christmas and the weekend", "2026-12-24 11:30", "2026-12-28 09:30", "1h"},
		{"a week's work", "2026-12-01 09:00", "2026-12-07 17:00", "35h"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			from, _ := time.ParseInLocation("2006-01-02 15:04", tt.from, h.zone)
			d, _ := time.ParseDuration(tt.add)
			if got := h.Add(from, d).In(h.zone).Format("2006-01-02 15:04"); got != tt.want {
				t.Fatalf("%s + %s = %s, want %s", tt.from, tt.add, got, tt.want)
			}
		})
	}
	if at, ok := h.Opens(time.Date(2026, 12, 25, 9, 0, 0, 0, time.UTC)); !ok || at.In(h.zone).Format("2006-01-02 15:04") != "2026-12-28 09:00" {
		t.Fatalf("opens %s", at.In(h.zone))
	}
}

func TestWhoIsNeverThereIsDueInFiveYearsAndNoSooner(t *testing.T) {
	h := open(t, "UTC")
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if got := h.Add(from, time.Hour); got.Year() != 2031 {
		t.Fatalf("due %s", got)
	}
	if _, ok := h.Opens(from); ok {
		t.Fatal("it opens")
	}
}

func TestWhatACalendarRefuses(t *testing.T) {
	tests := []struct {
		name  string
		c     Calendar
		field string
	}{
		{"no name", Calendar{Zone: "UTC"}, "name"},
		{"no zone", Calendar{Name: "x"}, "zone"},
		{"a zone that is none", Calendar{Name: "x", Zone: "Europe/Atlantis"}, "zone"},
		{"a path as a zone", Calendar{Name: "x", Zone: "../../etc/passwd"}, "zone"},
		{"spans that overlap", Calendar{Name: "x", Zone: "UTC", Week: [7][]Span{{{0, 100}, {50, 200}}}}, "week"},
		{"a span that ends before it begins", Calendar{Name: "x", Zone: "UTC", Week: [7][]Span{{{100, 50}}}}, "week"},
		{"a span past midnight", Calendar{Name: "x", Zone: "UTC", Week: [7][]Span{{{1400, 1500}}}}, "week"},
		{"a day that is none", Calendar{Name: "x", Zone: "UTC", Holidays: []Holiday{{Day: "2026-02-30"}}}, "holidays"},
		{"a day twice", Calendar{Name: "x", Zone: "UTC", Holidays: []Holiday{{Day: "2026-02-03"}, {Day: "2026-02-03"}}}, "holidays"},
		{"invalid letters", Calendar{Name: "\xff", Zone: "UTC"}, "name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.c.Check()
			e, ok := err.(*social.Error)
			if !ok || e.Field != tt.field {
				t.Fatalf("got %v", err)
			}
		})
	}
	c := Calendar{Name: " Office ", Zone: "UTC", Week: [7][]Span{{{100, 200}, {0, 100}}}}
	if err := c.Check(); err != nil || len(c.Week[0]) != 1 || c.Week[0][0] != (Span{0, 200}) || c.Name != "Office" {
		t.Fatalf("touching spans are one: %v %v", c.Week[0], err)
	}
}

func TestHolidaysFromAFile(t *testing.T) {
	text := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261225
DTEND;VALUE=DATE:20261227
SUMMARY:Christmas\, both da
 ys
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260101
RRULE:FREQ=YEARLY
SUMMARY:New Year
END:VEVENT
BEGIN:VEVENT
DTSTART:20260105T090000Z
SUMMARY:A meeting
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260501
RRULE:FREQ=MONTHLY
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	days, left, err := FromICS(text)
	if err != nil || left != 2 || len(days) != 3 {
		t.Fatalf("%v, %d left out, %v", days, left, err)
	}
	if days[0].Name != "Christmas, both days" || days[1].Day != "2026-12-26" || days[0].Yearly || !days[2].Yearly {
		t.Fatalf("%+v", days)
	}
	for _, hostile := range []string{"", "hello", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:99999999\nDTEND:x\nEND:VEVENT", strings.Repeat("A", 2<<20)} {
		if days, _, _ := FromICS(hostile); len(days) != 0 {
			t.Fatalf("%d days of %.20q", len(days), hostile)
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	c := Calendar{Name: "x", Zone: "Europe/Berlin", Holidays: []Holiday{{Day: "2026-12-25", Yearly: true}}}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Week[d] = []Span{{540, 720}, {780, 1020}}
	}
	h, _ := c.Open()
	from := time.Date(2026, 3, 20, 16, 0, 0, 0, time.UTC)
	for b.Loop() {
		h.Add(from, 8*time.Hour)
	}
}
