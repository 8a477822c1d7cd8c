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
// twice as much as others. The skill is faded already.
func (s Skill) strength() float64 {
	if s.Answered <= 0 {
		return 0
	}
	much := s.Answered / (s.Answered + 2)
	well := 0.5 + 0.5*min(1, s.Solved/s.Answered)
	return much * well
}

// doubt is what passed questions take away, from 0 to 1. The skill is faded already.
func (s Skill) doubt() float64 { return 1 / (1 + s.Passed/(1+s.Answered)) }

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

// asked is a thing that a question is about, as the index knows it.
type asked struct {
	Thing
	*thing
	rare float64 // among those who may be asked, from 0 (all know it) to 1
}

// knows weighs what somebody knows of the question of a look, from 0 to 1, and
// says what that rests on, the weightiest first.
func knows(things []asked, p *person, look uint64, now time.Time) (float64, []Reason) {
	var why []Reason
	not := 1.0
	add := func(x float64, r Reason) {
		if x = min(x, 0.95); x >= 0.01 {
			not *= 1 - x
			r.Weight = math.Round(x*100) / 100
			why = append(why, r)
		}
	}
	doubts := 1.0
	for _, t := range things {
		shown := t.skills[p]
		if shown == nil {
			continue
		}
		s := shown.fade(now)
		doubt := s.doubt()
		doubts = min(doubts, doubt)
		add(t.Heavy*t.rare*s.strength()*doubt, Reason{Kind: Learned, Label: cmp.Or(s.Label, t.Label), N: s.N, Solved: s.NSolved})
	}
	for i := range p.told {
		if t := &p.told[i]; t.met(look) {
			add(declaredSays*doubts, Reason{Kind: Declared, Label: t.label})
		}
	}
	slices.SortStableFunc(why, func(x, y Reason) int { return cmp.Compare(y.Weight, x.Weight) })
	return 1 - not, why[:min(3, len(why))]
}
