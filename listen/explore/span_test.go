package explore

import (
	"testing"
	"time"
	_ "time/tzdata" // as the program has it

	"github.com/parley-crm/parley/social"
)

func TestSpans(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		p, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		name, now  string
		ask        SpanAsk
		from, to   string
		steps      int
		hourly     bool
		prev, till string // where the time before begins, and how far it is compared
	}{
		{"a day ends with this hour", "2026-11-21 09:26", SpanAsk{Range: "24h"}, "2026-11-20 10:00", "2026-11-21 10:00", 24, true, "2026-11-19 10:00", "2026-11-20 10:00"},
		{"a week is days of the zone, by the hour", "2026-11-21 09:26", SpanAsk{Range: "7d"}, "2026-11-15 00:00", "2026-11-22 00:00", 168, true, "2026-11-08 00:00", "2026-11-14 10:00"},
		{"a month across the end of summer time", "2026-11-05 12:00", SpanAsk{Range: "30d"}, "2026-10-07 00:00", "2026-11-06 00:00", 30, false, "2026-09-07 00:00", "2026-10-06 14:00"},
		{"chosen days", "2026-11-21 09:26", SpanAsk{From: at("2026-10-20 00:00"), To: at("2026-10-30 00:00")}, "2026-10-20 00:00", "2026-10-30 00:00", 10, false, "2026-10-10 00:00", "2026-10-20 00:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.ask.Zone = berlin
			p, err := SpanOf(c.ask, at(c.now))
			if err != nil {
				t.Fatal(err)
			}
			edges, prev := p.edges, p.stretches()[1]
			if !p.From.Equal(at(c.from)) || !p.To.Equal(at(c.to)) || len(edges)-1 != c.steps || p.Hourly != c.hourly {
				t.Errorf("%s to %s in %d steps, hourly %v", p.From.In(berlin), p.To.In(berlin), len(edges)-1, p.Hourly)
			}
			if !prev[0].Equal(at(c.prev)) || !prev[1].Equal(at(c.till)) {
				t.Errorf("compared with %s to %s", prev[0].In(berlin), prev[1].In(berlin))
			}
		})
	}
	for _, bad := range []SpanAsk{{Range: "1y"}, {}, {From: at("2026-01-02 00:00"), To: at("2026-01-01 00:00")}, {From: at("2020-01-02 00:00"), To: at("2026-01-01 00:00")}} {
		if _, err := SpanOf(bad, at("2026-11-21 09:26")); social.KindOf(err) != social.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
