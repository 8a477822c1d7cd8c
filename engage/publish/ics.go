package publish

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Calendar is an event as a calendar file (RFC 5545). Its times are in UTC, so
// that it needs no description of a time zone.
func Calendar(e Event, page string, now time.Time) []byte {
	var b strings.Builder
	line := func(name, value string) { fold(&b, name+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Parley//Events//EN")
	line("CALSCALE", "GREGORIAN")
	line("METHOD", "PUBLISH")
	line("BEGIN", "VEVENT")
	line("UID", string(e.ID)+"@parley")
	line("DTSTAMP", stamp(now))
	line("LAST-MODIFIED", stamp(e.UpdatedAt))
	line("SEQUENCE", strconv.FormatInt(max(e.Version-1, 0), 10))
	line("DTSTART", stamp(e.Start))
	line("DTEND", stamp(e.End))
	line("SUMMARY", escape(e.Title))
	if e.About != "" {
		line("DESCRIPTION", escape(e.About))
	}
	if e.Place != "" {
		line("LOCATION", escape(e.Place))
	}
	if page != "" {
		line("URL", page)
	}
	if e.Standing == Cancelled {
		line("STATUS", "CANCELLED")
	} else {
		line("STATUS", "CONFIRMED")
	}
	line("END", "VEVENT")
	line("END", "VCALENDAR")
	return []byte(b.String())
}

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// escape is TEXT of RFC 5545, section 3.3.11.
func escape(s string) string {
	return strings.NewReplacer("\\", "\\\\", ";", "\\;", ",", "\\,", "\r\n", "\\n", "\n", "\\n", "\r", "\\n").Replace(s)
}

// fold writes a line in parts of at most 75 octets (section 3.1), never within
// a character.
func fold(b *strings.Builder, s string) {
	room := 75
	for _, r := range s {
		if n := utf8.RuneLen(r); n > room {
			b.WriteString("\r\n ")
			room = 74
		}
		room -= utf8.RuneLen(r)
		b.WriteRune(r)
	}
	b.WriteString("\r\n")
}
