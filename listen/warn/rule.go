package warn

import (
	"math"
	"time"

	"github.com/parley-crm/parley/social"
)

// Level is how easily a subject raises an alert.
type Level string

// The levels.
const (
	Low    Level = "low"
	Normal Level = "normal"
	High   Level = "high"
	Off    Level = "off"
)

// needs of a level: how rare it must be, how many times the usual, how rare a mood.
var needs = map[Level]struct{ rare, times, mood float64 }{
	Low: {8, 5, 6}, Normal: {5, 3, 4}, High: {3.5, 2, 3},
}

// A Rule says what a subject needs for an alert.
type Rule struct {
	Subject Subject
	Level   Level
	Minimum int  // posts
	Taught  int  // false alarms that count; each makes it need more
	Silence bool // of a monitor: far too little raises an alert as well
	Updated time.Time
}

// Bounds of a rule.
const (
	MinimumUsual = 8
	MinimumMost  = 100_000
	TaughtMost   = 8
)

// ruleOf is what a subject needs while nobody has said otherwise. All that is
// heard in a programme needs more: its monitors speak first.
func ruleOf(s Subject) Rule {
	r := Rule{Subject: s, Level: Normal, Minimum: MinimumUsual, Silence: s.Monitor != ""}
	if s.Monitor == "" {
		r.Minimum *= 3
	}
	return r
}

// Times is how many times the usual it needs.
func (r Rule) Times() float64 { return needs[r.Level].times * math.Pow(1.25, float64(r.Taught)) }

// Rare is how improbable it must be, as -log10.
func (r Rule) Rare() float64 { return needs[r.Level].rare + float64(r.Taught) }

func (r Rule) mood() float64 { return needs[r.Level].mood + 0.7*float64(r.Taught) }

// worse is by how much the share of negative ones must be above the usual.
const worse = 0.25

// RulePatch changes a rule; nil leaves a thing as it is.
type RulePatch struct {
	Level   *Level
	Minimum *int
	Taught  *int // only down: it is taught by false alarms
	Silence *bool
}

func (r Rule) changed(p RulePatch) (Rule, map[string]any, error) {
	detail := map[string]any{}
	if p.Level != nil && *p.Level != r.Level {
		if _, ok := needs[*p.Level]; !ok && *p.Level != Off {
			return r, nil, &social.Error{Kind: social.Invalid, Field: "level", Text: "A sensitivity is low, normal, high or off."}
		}
		r.Level = *p.Level
		detail["level"] = r.Level
	}
	if p.Minimum != nil && *p.Minimum != r.Minimum {
		if *p.Minimum < 3 || *p.Minimum > MinimumMost {
			return r, nil, &social.Error{Kind: social.Invalid, Field: "minimum", Text: "An alert needs 3 posts at least, and no more than 100,000."}
		}
		r.Minimum = *p.Minimum
		detail["minimum"] = r.Minimum
	}
	if p.Taught != nil && *p.Taught != r.Taught {
		if *p.Taught < 0 || *p.Taught > r.Taught {
			return r, nil, &social.Error{Kind: social.Invalid, Field: "taught", Text: "What false alarms taught can only be taken back."}
		}
		r.Taught = *p.Taught
		detail["taught"] = r.Taught
	}
	if p.Silence != nil && *p.Silence != r.Silence {
		if r.Subject.Monitor == "" {
			return r, nil, &social.Error{Kind: social.Invalid, Field: "silence", Text: "Only a monitor's silence raises an alert."}
		}
		r.Silence = *p.Silence
		detail["silence"] = r.Silence
	}
	return r, detail, nil
}
