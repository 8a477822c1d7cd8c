package consent_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/people/consent"
)

func TestWhatSomebodyAgreedToNow(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	yes := func(purpose string, at time.Time, expires time.Time) consent.Line {
		return consent.Line{Identity: "a", Channel: "mail", Purpose: purpose, State: consent.Granted, At: at, Expires: expires}
	}
	stop := func(who, channel string, at time.Time) consent.Line {
		x := consent.Line{Identity: "a", Purpose: consent.All, State: consent.Withdrawn, At: at}
		if who != "" {
			x.Identity = "b"
		}
		if channel != "" {
			x.Channel = "sms"
		}
		return x
	}
	no := yes(consent.Research, ago(3), time.Time{})
	no.State = consent.Refused
	for _, c := range []struct {
		name  string
		lines []consent.Line
		want  string
		ends  time.Time
	}{
		{"nobody said anything", nil, "", time.Time{}},
		{"a yes, and a no", []consent.Line{yes(consent.Marketing, ago(3), time.Time{}), no}, "marketing", time.Time{}},
		{"a yes that ends", []consent.Line{yes(consent.Marketing, ago(3), now.Add(time.Hour)), yes(consent.Sampling, ago(3), now.Add(time.Minute))}, "marketing sampling", now.Add(time.Minute)},
		{"a yes that ended this moment", []consent.Line{yes(consent.Marketing, ago(3), now)}, "", time.Time{}},
		{"a STOP after it", []consent.Line{yes(consent.Marketing, ago(3), time.Time{}), stop("", "", ago(2))}, "", time.Time{}},
		{"a STOP before it", []consent.Line{yes(consent.Marketing, ago(3), time.Time{}), stop("", "", ago(4))}, "marketing", time.Time{}},
		{"a STOP on another channel", []consent.Line{yes(consent.Marketing, ago(3), time.Time{}), stop("", "sms", ago(2))}, "marketing", time.Time{}},
		{"a STOP of another account", []consent.Line{yes(consent.Marketing, ago(3), time.Time{}), stop("b", "", ago(2))}, "marketing", time.Time{}},
	} {
		got, ends := consent.Agreed(c.lines, now)
		if strings.Join(got, " ") != c.want || !ends.Equal(c.ends) {
			t.Errorf("%s: %v until %v, want %q until %v", c.name, got, ends, c.want, c.ends)
		}
	}
}
