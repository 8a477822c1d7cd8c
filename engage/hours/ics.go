package hours

import (
	"fmt"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// maxICS is how large a calendar file may be.
const maxICS = 1 << 20

// FromICS reads the days of a calendar file (RFC 5545): events of whole days,
// those that last several as several, those that come every year as yearly.
// Events with a time of the day, and other rules of repetition, are counted
// and left out.
func FromICS(text string) (days []Holiday, left int, err error) {
	if len(text) > maxICS {
		return nil, 0, social.Errorf(social.Invalid, "This file is larger than a calendar of holidays can be.")
	}
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	text = strings.NewReplacer("\n ", "", "\n\t", "").Replace(text) // long lines are folded
	if !strings.Contains(strings.ToUpper(text), "BEGIN:VCALENDAR") {
		return nil, 0, social.Errorf(social.Invalid, "This is no calendar file; it would begin with BEGIN:VCALENDAR.")
	}
	seen := map[string]bool{}
	var e map[string]property
	for line := range strings.SplitSeq(text, "\n") {
		name, p := parse(line)
		switch {
		case name == "BEGIN" && strings.EqualFold(p.value, "VEVENT"):
			e = map[string]property{}
		case name == "END" && strings.EqualFold(p.value, "VEVENT") && e != nil:
			found, ok := event(e)
			if !ok {
				left++
			}
			for _, h := range found {
				if !seen[h.key()] {
					seen[h.key()] = true
					days = append(days, h)
				}
			}
			e = nil
			if len(days) > MaxHolidays {
				return nil, 0, social.Errorf(social.Invalid, "This file has more than %d days.", MaxHolidays)
			}
		case e != nil && name != "":
			if _, had := e[name]; !had {
				e[name] = p
			}
		}
	}
	return days, left, nil
}

type property struct{ params, value string }

func parse(line string) (string, property) {
	head, value, ok := strings.Cut(line, ":")
	if !ok {
		return "", property{}
	}
	name, params, _ := strings.Cut(head, ";")
	return strings.ToUpper(strings.TrimSpace(name)), property{strings.ToUpper(params), strings.TrimSpace(value)}
}

func event(e map[string]property) ([]Holiday, bool) {
	from, err := time.Parse("20060102", e["DTSTART"].value)
	if err != nil || strings.EqualFold(e["STATUS"].value, "CANCELLED") {
		return nil, false
	}
	to := from.AddDate(0, 0, 1) // the end is the day after
	if end, ok := e["DTEND"]; ok {
		if to, err = time.Parse("20060102", end.value); err != nil || !to.After(from) {
			return nil, false
		}
	}
	if to.Sub(from) > 62*24*time.Hour {
		return nil, false
	}
	yearly := false
	if rule, ok := e["RRULE"]; ok {
		yearly = true
		for part := range strings.SplitSeq(strings.ToUpper(rule.value), ";") {
			k, v, _ := strings.Cut(part, "=")
			switch {
			case k == "FREQ" && v == "YEARLY", k == "INTERVAL" && v == "1", k == "WKST":
			case k == "BYMONTH" && v == fmt.Sprint(int(from.Month())), k == "BYMONTHDAY" && v == fmt.Sprint(from.Day()):
			default:
				return nil, false
			}
		}
	}
	name := strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(e["SUMMARY"].value)
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " ")
	if r := []rune(name); len(r) > 100 {
		name = string(r[:100])
	}
	var out []Holiday
	for d := from; d.Before(to); d = d.AddDate(0, 0, 1) {
		out = append(out, Holiday{Day: d.Format(time.DateOnly), Name: name, Yearly: yearly})
	}
	return out, true
}
