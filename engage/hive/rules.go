package hive

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Takes says which conversations enter the hive.
type Takes string

// What a hive takes.
const (
	TakesAll    Takes = "all"    // every conversation in which somebody waits for us
	TakesChosen Takes = "chosen" // those with one of some intents or topics
	TakesByHand Takes = "hand"   // what somebody gives it
)

// Rules are how a programme's hive works.
type Rules struct {
	On      bool              `json:"on"`
	Takes   Takes             `json:"takes"`
	Intents []string          `json:"intents"`
	Topics  []string          `json:"topics"`
	First   int               `json:"first"`   // how many are asked first
	Widen   int               `json:"widen"`   // minutes of business time until more are asked
	Target  int               `json:"target"`  // minutes of business time to the first answer
	Reserve int               `json:"reserve"` // of those, what the contact centre needs
	Claim   int               `json:"claim"`   // minutes until a silent claim ends
	Daily   int               `json:"daily"`   // what one takes in a day, unless they say otherwise
	Langs   []string          `json:"langs"`   // what those speak who did not say
	Centre  []social.MemberID `json:"centre"`  // the contact centre; nobody: the inbox
	Week    Week              `json:"week"`    // when the programme works
}

// DefaultRules are where a programme begins.
func DefaultRules() Rules {
	return Rules{Takes: TakesAll, Intents: []string{}, Topics: []string{}, First: 3, Widen: 5, Target: 60, Reserve: 15, Claim: 20, Daily: 12,
		Langs: []string{"en"}, Centre: []social.MemberID{}, Week: Week{Zone: "UTC", Days: weekdays, From: 9 * 60, To: 18 * 60}}
}

func (r Rules) widen() time.Duration   { return time.Duration(r.Widen) * time.Minute }
func (r Rules) target() time.Duration  { return time.Duration(r.Target) * time.Minute }
func (r Rules) reserve() time.Duration { return time.Duration(r.Reserve) * time.Minute }
func (r Rules) claim() time.Duration   { return time.Duration(r.Claim) * time.Minute }

// Check says what is wrong with rules, and puts their lists in order.
func (r *Rules) Check() error {
	bad := func(field, format string, args ...any) error {
		return &social.Error{Kind: social.Invalid, Field: "body." + field, Text: fmt.Sprintf(format, args...)}
	}
	if r.Takes != TakesAll && r.Takes != TakesChosen && r.Takes != TakesByHand {
		return bad("takes", "A hive takes all questions, chosen ones, or those given to it by hand.")
	}
	r.Intents, r.Topics, r.Langs = words(r.Intents), words(r.Topics), words(r.Langs)
	if r.Takes == TakesChosen && len(r.Intents)+len(r.Topics) == 0 {
		return bad("intents", "Choose at least one intent or topic, or take all questions.")
	}
	for _, c := range []struct {
		field       string
		n, min, max int
	}{{"first", r.First, 1, 20}, {"widen", r.Widen, 1, 24 * 60}, {"target", r.Target, 5, 7 * 24 * 60}, {"claim", r.Claim, 2, 24 * 60}, {"daily", r.Daily, 1, 1000}} {
		if c.n < c.min || c.n > c.max {
			return bad(c.field, "This must be between %d and %d.", c.min, c.max)
		}
	}
	if r.Reserve < 1 || r.Reserve >= r.Target {
		return bad("reserve", "The contact centre needs at least a minute, and less than the whole time to the answer.")
	}
	if len(r.Centre) > 100 || len(r.Intents)+len(r.Topics)+len(r.Langs) > 100 {
		return bad("centre", "A list holds a hundred at most.")
	}
	if r.Centre == nil {
		r.Centre = []social.MemberID{}
	}
	slices.Sort(r.Centre)
	r.Centre = slices.Compact(r.Centre)
	if err := r.Week.check(); err != nil {
		return bad("week", "%s", err.Error())
	}
	if r.Week.Days == 0 {
		return bad("week", "Choose at least one working day.")
	}
	return nil
}

// takes says whether a question is one that the rules let in by themselves.
func (r Rules) takes(a About) bool {
	if !r.On {
		return false
	}
	switch r.Takes {
	case TakesAll:
		return true
	case TakesChosen:
		return slices.ContainsFunc(a.Intents, func(s string) bool { return slices.Contains(r.Intents, s) }) ||
			slices.ContainsFunc(a.Topics, func(s string) bool { return slices.Contains(r.Topics, s) })
	}
	return false
}

// words trims, drops what is empty, and each only once.
func words(in []string) []string {
	out := []string{}
	for _, s := range in {
		s = strings.Join(strings.Fields(s), " ")
		if s != "" && len(s) <= 80 && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
