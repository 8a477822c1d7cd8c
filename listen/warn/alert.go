package warn

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// State is where an alert stands.
type State string

// The states. False is an alert that somebody called a false alarm.
const (
	Open         State = "open"
	Acknowledged State = "acknowledged"
	Snoozed      State = "snoozed"
	Resolved     State = "resolved"
	False        State = "false"
)

// An Alert is an incident: more was said about a subject than is usual, or it
// sounds worse.
type Alert struct {
	ID        social.AlertID
	Subject   Subject
	State     State
	Raised    time.Time
	Last      time.Time // when it was last out of the ordinary
	Snoozed   time.Time // until when
	By        social.MemberID
	ByName    string // who acknowledged, resolved or called it false
	Finding          // at its height
	Words     []string
	Because   string // of silence: how unusual it is, and what may be why
	Sensitive Level  // as it was then
}

// A Finding is what is out of the ordinary, in figures.
type Finding struct {
	Surge    bool          // more than usual
	Mood     bool          // more negative than usual
	Hush     bool          // far less than usual
	Span     time.Duration // the stretch that was counted
	Count    int
	Usual    float64 // of such a stretch
	Negative int
	Scored   int     // of Count, those with a sentiment
	Sour     float64 // the usual share of negative ones
	Rare     float64 // -log10 of how probable it is
	Score    float64 // 0.5 is just enough for an alert, 1 is never reached
}

// Times is how many times the usual it is; 0 where next to nothing is usual.
func (f Finding) Times() float64 {
	if f.Usual < 0.2 {
		return 0
	}
	return float64(f.Count) / f.Usual
}

// Share is how much of it is negative.
func (f Finding) Share() float64 {
	if f.Scored == 0 {
		return 0
	}
	return float64(f.Negative) / float64(f.Scored)
}

// Over reports whether the subject has been back to the usual for a while.
func (a Alert) Over(now time.Time) bool { return now.Sub(a.Last) > fade }

// Reason says in plain words why there is an alert. Times of day are in UTC.
func (a Alert) Reason() string {
	var parts []string
	if a.Hush {
		parts = append(parts, fmt.Sprintf("Far too little: %d in %s, where about %s are usual", a.Count, stretch(a.Span), figure(a.Usual)))
		if a.Because != "" {
			parts = append(parts, a.Because)
		}
		return strings.Join(parts, "; ") + "."
	}
	if a.Surge {
		when := fmt.Sprintf("for a %s %s (UTC)", a.Raised.UTC().Weekday(), partOfDay(a.Raised.UTC().Hour()))
		if t := a.Times(); t > 0 {
			parts = append(parts, fmt.Sprintf("%s times the usual %s: %d in %s, where about %s are usual", figure(t), when, a.Count, stretch(a.Span), figure(a.Usual)))
		} else {
			parts = append(parts, fmt.Sprintf("%d in %s, where next to nothing is usual %s", a.Count, stretch(a.Span), when))
		}
	}
	if a.Scored > 0 && (a.Mood || a.Negative > 0) {
		mood := fmt.Sprintf("%.0f%% negative", 100*a.Share())
		if a.Mood {
			mood += fmt.Sprintf(" (usually %.0f%%)", 100*a.Sour)
		}
		if !a.Surge {
			mood += fmt.Sprintf(" of %d in %s", a.Count, stretch(a.Span))
		}
		parts = append(parts, mood)
	}
	if len(a.Words) > 0 {
		parts = append(parts, "most repeated: "+strings.Join(a.Words, ", "))
	}
	return strings.Join(parts, "; ") + "."
}

func partOfDay(hour int) string {
	switch {
	case hour < 6:
		return "night"
	case hour < 12:
		return "morning"
	case hour < 18:
		return "afternoon"
	}
	return "evening"
}

func stretch(d time.Duration) string {
	if d == time.Hour {
		return "an hour"
	}
	if d > time.Hour {
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d minutes", int(d.Minutes()))
}

func figure(f float64) string {
	if f >= 10 || f == math.Trunc(f) {
		return fmt.Sprintf("%.0f", f)
	}
	return fmt.Sprintf("%.1f", f)
}

// Subject is what is watched: a monitor, or all that is heard on the channels
// of a programme ("" for those without one).
type Subject struct {
	Monitor   social.MonitorID
	Programme social.ProgrammeID // of the monitor, or the one that is watched
}

const programmePrefix = "programme-"

// Key is its name in the database and in addresses.
func (s Subject) Key() string {
	if s.Monitor != "" {
		return string(s.Monitor)
	}
	return programmePrefix + string(s.Programme)
}

// Step is a line of an alert's history.
type Step struct {
	Alert  social.AlertID
	At     time.Time
	Verb   string // raised, told, grew, acknowledged, snoozed, woke, resolved, false, reopened, closed
	Member social.MemberID
	Name   string // of the member, as it was then
	Detail Detail
}

// Detail is what a step has to say besides.
type Detail struct {
	Told   []social.MemberRef `json:"told,omitempty"`
	By     string             `json:"by,omitempty"` // the way: app
	Note   string             `json:"note,omitempty"`
	Until  *time.Time         `json:"until,omitempty"`
	Count  int                `json:"count,omitempty"`
	Taught int                `json:"taught,omitempty"`
}
