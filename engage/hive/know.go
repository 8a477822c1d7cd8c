package hive

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// halfLife is how fast what somebody has shown to know fades.
const halfLife = 180 * 24 * time.Hour

// Skill is what somebody has shown to know of a thing: answers that went out,
// conversations that were then closed, and questions that they said were not
// theirs. The first three fade.
type Skill struct {
	Member   social.MemberID
	Thing    string
	Label    string
	Answered float64
	Solved   float64
	Passed   float64
	N        int // answers, not faded
	NSolved  int
	At       time.Time
}

// fade lets a skill grow as old as it is now.
func (s Skill) fade(now time.Time) Skill {
	if age := now.Sub(s.At); age > 0 && !s.At.IsZero() {
		f := math.Exp2(-float64(age) / float64(halfLife))
		s.Answered, s.Solved, s.Passed = s.Answered*f, s.Solved*f, s.Passed*f
	}
	return s
}

// Add puts what was learned on top of what was known.
func (s Skill) Add(more Skill, now time.Time) Skill {
	s = s.fade(now)
	s.Answered += more.Answered
	s.Solved = max(0, s.Solved+more.Solved)
	s.Passed += more.Passed
	s.N += more.N
	s.NSolved = max(0, s.NSolved+more.NSolved)
	s.Label, s.At = cmp.Or(more.Label, s.Label), now
	return s
}

// strength is how surely somebody knows a thing by what they have shown, from
// 0 to 1: answers count the more, the more there are, and those that solved it
// twice as much as others.
func (s Skill) strength(now time.Time) float64 {
	s = s.fade(now)
	if s.Answered <= 0 {
		return 0
	}
	much := s.Answered / (s.Answered + 2)
	well := 0.5 + 0.5*min(1, s.Solved/s.Answered)
	return much * well
}

// doubt is what passed questions take away, from 0 to 1.
func (s Skill) doubt(now time.Time) float64 {
	s = s.fade(now)
	return 1 / (1 + s.Passed/(1+s.Answered))
}

// Reason is one thing that an offer rests on.
type Reason struct {
	Kind   string  `json:"kind"` // learned, declared, lang, free, asked, centre
	Label  string  `json:"label,omitempty"`
	N      int     `json:"n,omitempty"`
	Solved int     `json:"solved,omitempty"`
	Weight float64 `json:"weight"`
}

// The kinds of reason.
const (
	Learned  = "learned"
	Declared = "declared"
	Speaks   = "lang"
	Idle     = "free"
	ByMate   = "asked"
	AtCentre = "centre"
)

// declaredSays is how much it says that somebody says they know a thing. It is
// less than a dozen solved questions say, and more than one.
const declaredSays = 0.6

// knows weighs what somebody knows of a question, from 0 to 1, and says what
// that rests on, the weightiest first. rare is how rare a thing is among those
// who may be asked, from 0 (all know it) to 1.
func knows(a About, about map[string]bool, m *Member, skills map[string]Skill, rare func(thing string) float64, now time.Time) (float64, []Reason) {
	var why []Reason
	not := 1.0
	add := func(p float64, r Reason) {
		if p = min(p, 0.95); p >= 0.01 {
			not *= 1 - p
			r.Weight = math.Round(p*100) / 100
			why = append(why, r)
		}
	}
	doubts := 1.0
	for _, t := range a.Things {
		s, ok := skills[t.Key]
		if !ok {
			continue
		}
		if s.Passed > 0 {
			doubts = min(doubts, s.doubt(now))
		}
		add(t.Heavy*rare(t.Key)*s.strength(now)*s.doubt(now), Reason{Kind: Learned, Label: cmp.Or(s.Label, t.Label), N: s.N, Solved: s.NSolved})
	}
	for _, t := range m.told {
		if t.met(about) {
			add(declaredSays*doubts, Reason{Kind: Declared, Label: t.label})
		}
	}
	slices.SortStableFunc(why, func(x, y Reason) int { return cmp.Compare(y.Weight, x.Weight) })
	return 1 - not, why[:min(3, len(why))]
}

// keysIn are the things of a question as a set.
func keysIn(a About) map[string]bool {
	out := make(map[string]bool, len(a.Things))
	for _, t := range a.Things {
		out[t.Key] = true
	}
	return out
}
