package hive

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Presence is what a member says of themselves.
type Presence string

// What one may say. Unsaid means: while Parley is open.
const (
	Unsaid    Presence = ""
	Available Presence = "available"
	Away      Presence = "busy"
	Off       Presence = "off"
)

// atOnce is how many open offers one has at most: a queue that can be read.
const atOnce = 5

// Member is how somebody wants to be asked, and how much lies with them.
type Member struct {
	ID        social.MemberID
	State     Presence
	Until     time.Time // when the state ends, zero for never
	Week      Week      // own working time; no days: that of the programme
	AwayFrom  time.Time
	AwayTo    time.Time
	Daily     int // questions a day; 0 for what the programme says
	Langs     []string
	Expertise []string

	Offers  int // open now
	Claims  int // open now
	Day     string
	Taken   int // on Day, in the member's zone
	AskedAt time.Time
	At      time.Time
}

// week is when the member works, for a programme.
func (m *Member) week(r *Rules) Week {
	if m.Week.Days == 0 {
		w := r.Week
		if m.Week.Zone != "" {
			w.Zone, w.zone = m.Week.Zone, m.Week.zone
		}
		return w
	}
	return m.Week
}

// limit is how many questions a day.
func (m *Member) limit(r *Rules) int {
	if m.Daily > 0 {
		return m.Daily
	}
	return r.Daily
}

// load is what counts against the limit: what was taken today, and what waits
// for a decision.
func (m *Member) load(now time.Time, r *Rules) int {
	taken := m.Taken
	if taken > 0 && !m.week(r).is(now, m.Day) {
		taken = 0
	}
	return taken + m.Offers
}

// state is what the member says, as long as it holds.
func (m *Member) state(now time.Time) Presence {
	if !m.Until.IsZero() && !now.Before(m.Until) {
		return Unsaid
	}
	return m.State
}

// Why somebody is not asked.
const (
	whyOff     = "off"
	whyBusy    = "busy"
	whyAbsent  = "absent"
	whyAway    = "away"
	whyQuiet   = "quiet"
	whyLimit   = "limit"
	whyPending = "pending"
)

// free says how much somebody can be asked now, from 0 (not at all) to 1, and
// why not.
func (m *Member) free(now time.Time, r *Rules, here bool) (float64, string) {
	switch s := m.state(now); {
	case s == Off:
		return 0, whyOff
	case s == Away:
		return 0, whyBusy
	case s == Unsaid && !here:
		return 0, whyAbsent
	case !m.AwayFrom.IsZero() && !now.Before(m.AwayFrom) && (m.AwayTo.IsZero() || now.Before(m.AwayTo)):
		return 0, whyAway
	case !m.week(r).Open(now):
		return 0, whyQuiet
	case m.load(now, r) >= m.limit(r):
		return 0, whyLimit
	case m.Offers >= atOnce:
		return 0, whyPending
	}
	free := 1.0
	if !here {
		free = 0.8
	}
	return free / float64(1+m.Claims), ""
}

// rest is how long it takes until having been asked counts half.
const rest = 20 * time.Minute

// share is how much of the day's load is still to be had, from 1 for whoever
// took nothing today and was not asked for hours: less the more they took, and
// less for a while after they were asked, so that those who know best are not
// asked again before others had a turn.
func (m *Member) share(now time.Time, r *Rules) float64 {
	left := 1 - 0.7*float64(m.load(now, r))/float64(max(1, m.limit(r)))
	if m.AskedAt.IsZero() {
		return left
	}
	return left * (1 - 0.6*math.Exp2(-float64(max(0, now.Sub(m.AskedAt)))/float64(rest)))
}

// speaks says whether a language is one of the member's.
func (m *Member) speaks(lang string, r *Rules) bool {
	if lang == "" || lang == "und" {
		return true
	}
	langs := m.Langs
	if len(langs) == 0 {
		langs = r.Langs
	}
	return len(langs) == 0 || slices.Contains(langs, lang)
}

// Check says what is wrong with settings, and puts their lists in order.
func (m *Member) Check() error {
	bad := func(field, text string) error {
		return &social.Error{Kind: social.Invalid, Field: "body." + field, Text: text}
	}
	m.Langs, m.Expertise = words(m.Langs), words(m.Expertise)
	switch {
	case !slices.Contains([]Presence{Unsaid, Available, Away, Off}, m.State):
		return bad("state", "One is available, busy or off.")
	case m.Daily < 0 || m.Daily > 1000:
		return bad("daily", "Between 1 and 1000 questions a day; 0 for what the programme says.")
	case len(m.Expertise) > 40:
		return bad("expertise", "Forty things at most: choose those that you know best.")
	case len(m.Langs) > 20:
		return bad("langs", "Twenty languages at most.")
	case !m.AwayFrom.IsZero() && !m.AwayTo.IsZero() && !m.AwayTo.After(m.AwayFrom):
		return bad("away_to", "The end of an absence comes after its beginning.")
	}
	if m.Week.Days == 0 && m.Week.Zone == "" {
		m.Week = Week{}
		return nil
	}
	if err := m.Week.check(); err != nil {
		return bad("week", err.Error())
	}
	return nil
}

func (m Member) String() string {
	return fmt.Sprintf("%s (%d offers, %d taken)", m.ID, m.Offers, m.Taken)
}
