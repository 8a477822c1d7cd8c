// Package rule is what Parley does by itself with conversations: when
// something happens, or has not happened for so long, and some conditions
// hold. It says what a rule is and when it is due; the desk does it. What a
// rule does never sets off a rule, so they cannot go round in circles.
package rule

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/engage/hours"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// ID names a rule.
type ID string

// Event is what sets a rule off.
type Event string

// The events. The last two are that nothing happened: they wait for us, or we
// for them, for so long.
const (
	Opened    Event = "opened"
	Heard     Event = "heard" // they wrote, first or again
	Answered  Event = "answered"
	Assigned  Event = "assigned" // to somebody, or to nobody
	Resolved  Event = "resolved"
	Reopened  Event = "reopened"
	DueSoon   Event = "due_soon" // a pledge is about to be missed
	Overdue   Event = "overdue"  // a pledge was missed
	Tagged    Event = "tagged"   // a tag was put on
	WaitsUs   Event = "waits_us"
	WaitsThem Event = "waits_them"
)

// Events lists them.
var Events = []Event{Opened, Heard, Answered, Assigned, Resolved, Reopened, DueSoon, Overdue, Tagged, WaitsUs, WaitsThem}

// Timed reports whether time sets it off.
func (e Event) Timed() bool { return e == WaitsUs || e == WaitsThem }

// Open says in which hours a rule holds.
type Open string

// The hours of a calendar, or all the others.
const (
	Always Open = ""
	There  Open = "there"
	Away   Open = "away"
)

// Rule is one rule.
type Rule struct {
	ID         ID
	Name       string
	On         bool
	When       Event
	After      time.Duration // of a timed event, in the hours of Calendar
	Calendar   hours.ID      // "" for all of the time
	Open       Open
	Conditions cond.Node
	Ours       bool // also conversations that we started
	Acts       []Act
	Position   int
	Owner      social.MemberID // who answers for what it says: the last to change it
	CreatedAt  time.Time
	ChangedAt  time.Time
}

// Act is one thing that a rule does.
type Act struct {
	Do       Do              `json:"do" enum:"assign,release,team,priority,raise,tag,untag,resolve,snooze,note,tell,tell_leads,reply"`
	Member   social.MemberID `json:"member,omitempty" maxLength:"64" doc:"Of assign and tell."`
	Team     social.TeamID   `json:"team,omitempty" maxLength:"64"`
	Tags     []social.TagID  `json:"tags,omitempty" maxItems:"20" doc:"Of tag and untag."`
	Priority string          `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	Text     string          `json:"text,omitempty" maxLength:"10000" doc:"Of note, tell and reply. {{name}} is the customer, {{opens}} when we are there again."`
	For      int64           `json:"for_s,omitempty" doc:"Of snooze: seconds."`
}

// Do is what an act does.
type Do string

// What rules do.
const (
	Assign     Do = "assign"
	Release    Do = "release" // it belongs to nobody
	Team       Do = "team"    // a team gets it, and by its sharing one of its members
	Prioritise Do = "priority"
	Raise      Do = "raise" // its priority, by one step
	Tag        Do = "tag"
	Untag      Do = "untag"
	Resolve    Do = "resolve"
	Snooze     Do = "snooze"
	Note       Do = "note"
	Tell       Do = "tell"       // one member
	TellLeads  Do = "tell_leads" // who manages the programme
	Reply      Do = "reply"      // automatic: never an answer, at most once per conversation
)

// Limits of rules.
const (
	MaxRules = 100
	maxActs  = 10
	longest  = 365 * 24 * time.Hour
	// MostADay is how often one rule acts on one conversation in a day.
	MostADay = 20
)

// Check says what is wrong with a rule.
func (r *Rule) Check(fields []cond.Field) error {
	bad := func(field, format string, args ...any) error {
		return &social.Error{Kind: social.Invalid, Field: field, Text: fmt.Sprintf(format, args...)}
	}
	r.Name = strings.TrimSpace(r.Name)
	if r.Name == "" || utf8.RuneCountInString(r.Name) > 80 || !utf8.ValidString(r.Name) {
		return bad("name", "Give it a name of at most 80 characters.")
	}
	if !slices.Contains(Events, r.When) {
		return bad("when", "“%s” is nothing that sets off a rule.", r.When)
	}
	switch {
	case r.When.Timed() && (r.After < time.Minute || r.After > longest):
		return bad("after", "Say how long: between a minute and a year.")
	case !r.When.Timed():
		r.After = 0
	}
	if r.Open != Always && r.Open != There && r.Open != Away {
		return bad("open", "“%s” is no choice of hours.", r.Open)
	}
	if r.Open != Always && r.Calendar == "" {
		return bad("calendar", "Say by which calendar you are there or away.")
	}
	if err := cond.Check(r.Conditions, fields); err != nil {
		return err
	}
	if len(r.Acts) == 0 || len(r.Acts) > maxActs {
		return bad("acts", "Say what it does: between one and %d things.", maxActs)
	}
	for _, a := range r.Acts {
		if !utf8.ValidString(a.Text) || len(a.Text) > 10_000 {
			return bad("acts", "These words are too long, or no text.")
		}
		switch a.Do {
		case Release, Resolve, Raise:
		case Team:
			if a.Team == "" {
				return bad("acts", "Say to which team it is given.")
			}
		case Tag, Untag:
			if len(a.Tags) == 0 || len(a.Tags) > 20 {
				return bad("acts", "Say which tags: between one and 20.")
			}
		case Assign:
			if a.Member == "" {
				return bad("acts", "Say to whom it is given.")
			}
		case Prioritise:
			if !slices.Contains([]string{"low", "normal", "high", "urgent"}, a.Priority) {
				return bad("acts", "Say which priority.")
			}
		case Snooze:
			if a.For < 60 || time.Duration(a.For)*time.Second > longest {
				return bad("acts", "Say for how long it is snoozed: between a minute and a year.")
			}
		case Tell, TellLeads:
			if a.Do == Tell && a.Member == "" {
				return bad("acts", "Say whom it tells.")
			}
			if utf8.RuneCountInString(a.Text) > 200 {
				return bad("acts", "A notice has at most 200 characters.")
			}
		case Note, Reply:
			if strings.TrimSpace(a.Text) == "" {
				return bad("acts", "There are no words in it.")
			}
		default:
			return bad("acts", "“%s” is nothing that a rule does.", a.Do)
		}
	}
	return nil
}

// Ready is a rule with its hours.
type Ready struct {
	Rule
	Hours *hours.Hours
}

// Moment is what has happened to a conversation, or since when nothing has.
type Moment struct {
	Event Event
	Since time.Time // of a timed event: since when they wait
	At    time.Time
}

// Due is when a timed rule is due for a wait that began; zero when it is not
// about that.
func (r *Ready) Due(m Moment) time.Time {
	if r.When != m.Event || !m.Event.Timed() || m.Since.IsZero() {
		return time.Time{}
	}
	return r.Hours.Add(m.Since, r.After)
}

// Fits says whether a rule acts on a thing at a moment, and why not.
func (r *Ready) Fits(m Moment, startedByUs bool, fields []cond.Field, value func(string) cond.Value) (bool, string) {
	switch {
	case !r.On:
		return false, "it is off"
	case r.When != m.Event:
		return false, "something else happened"
	case startedByUs && !r.Ours:
		return false, "we started this conversation"
	case r.Open == There && !r.Hours.OpenAt(m.At):
		return false, "nobody was there"
	case r.Open == Away && r.Hours.OpenAt(m.At):
		return false, "somebody was there"
	case !cond.Holds(r.Conditions, fields, value, m.At):
		return false, "its conditions do not hold"
	}
	return true, ""
}

// Fill puts names into the words of an act.
func Fill(text, name string, opens string) string {
	return strings.NewReplacer("{{name}}", name, "{{ name }}", name, "{{opens}}", opens, "{{ opens }}", opens).Replace(text)
}
