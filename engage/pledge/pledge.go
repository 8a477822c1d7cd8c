// Package pledge is what we promise about time: by when somebody has a first
// answer, each next one, and an end. It decides which promise a conversation
// is under, when each goal is due, and what time brings: a warning, a breach,
// steps after it. It is told how a conversation stands and keeps nothing but
// the Track of each; the same look twice changes nothing.
package pledge

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

// ID names a pledge.
type ID string

// Goal is what is promised.
type Goal string

// The goals.
const (
	First   Goal = "first"   // that somebody has a first answer
	Next    Goal = "next"    // that somebody who wrote again has an answer
	Resolve Goal = "resolve" // that it is over
)

// Goals lists all goals in the order in which they count.
var Goals = []Goal{First, Next, Resolve}

// Pledge is a promise about some conversations.
type Pledge struct {
	ID         ID
	Name       string
	Conditions cond.Node
	Targets    map[Goal]time.Duration // a goal that is not promised is absent
	Calendar   hours.ID               // whose time counts; "" for all of it
	Pause      bool                   // the time stands while it is snoozed, and towards the end while we wait for them
	Warn       time.Duration          // of working time before a goal is due; 0 for no warning
	Steps      []Step
	Position   int // the first that fits counts
	On         bool
	Version    int64
	CreatedAt  time.Time
	ChangedAt  time.Time
}

// Step is what is done when a goal has been missed for so long.
type Step struct {
	After  time.Duration   `json:"after"` // of working time since it was due
	Do     Do              `json:"do"`
	Member social.MemberID `json:"member,omitempty"`
}

// Do is what a step does.
type Do string

// What steps do.
const (
	TellLeads  Do = "tell_leads"  // managers of the programme
	TellMember Do = "tell_member" // one member
	GiveTo     Do = "give_to"     // assign it to one member
	TakeBack   Do = "take_back"   // it belongs to nobody, so that all see it
)

// Limits of a pledge.
const (
	longest  = 365 * 24 * time.Hour
	maxSteps = 10
)

// Check says what is wrong with a pledge.
func (p *Pledge) Check(fields []cond.Field) error {
	bad := func(field, format string, args ...any) error {
		return &social.Error{Kind: social.Invalid, Field: field, Text: fmt.Sprintf(format, args...)}
	}
	p.Name = strings.TrimSpace(p.Name)
	if p.Name == "" || utf8.RuneCountInString(p.Name) > 80 || !utf8.ValidString(p.Name) {
		return bad("name", "Give it a name of at most 80 characters.")
	}
	if err := cond.Check(p.Conditions, fields); err != nil {
		return err
	}
	if len(p.Targets) == 0 {
		return bad("targets", "Promise at least one thing: a first answer, a next one, or an end.")
	}
	shortest := longest
	for g, d := range p.Targets {
		if !slices.Contains(Goals, g) {
			return bad("targets", "“%s” is no goal.", g)
		}
		if d < time.Minute || d > longest {
			return bad("targets", "A goal is between a minute and a year.")
		}
		shortest = min(shortest, d)
	}
	if p.Warn < 0 || p.Warn >= shortest {
		return bad("warn", "A warning comes less than the shortest goal before it is due.")
	}
	if len(p.Steps) > maxSteps {
		return bad("steps", "At most %d steps.", maxSteps)
	}
	for _, s := range p.Steps {
		if s.After < 0 || s.After > longest {
			return bad("steps", "A step comes at most a year after the goal was due.")
		}
		switch s.Do {
		case TellLeads, TakeBack:
		case TellMember, GiveTo:
			if s.Member == "" {
				return bad("steps", "Say to whom.")
			}
		default:
			return bad("steps", "“%s” is nothing that a step does.", s.Do)
		}
	}
	slices.SortStableFunc(p.Steps, func(a, b Step) int { return int((a.After - b.After) / time.Microsecond) })
	return nil
}

// Look is how a conversation stands.
type Look struct {
	Began    time.Time // of their first words
	Known    time.Time // when we heard of it
	Answered time.Time // first; zero when not yet
	Waiting  time.Time // since when somebody waits for us; zero when nobody does
	Away     bool      // snoozed
	Theirs   bool      // we wait for them
	Resolved time.Time // zero while it is not over
}

// late is how old words may be that count from when they were said. What is
// older came by a history or a channel that was away: nobody could answer it
// sooner than we heard it.
const late = 24 * time.Hour

// Line is how one goal of a conversation stands.
type Line struct {
	Start  time.Time     `json:"start"`          // since when its time runs
	Base   time.Time     `json:"base"`           // since when it runs without a pause
	Left   time.Duration `json:"left"`           // of working time, at Base
	Held   bool          `json:"held,omitempty"` // it is paused, with Left to go
	Due    time.Time     `json:"due"`            // zero while it is paused
	Warn   time.Time     `json:"warn,omitzero"`  // when to warn; zero when that is done or not wanted
	Broken bool          `json:"broken,omitempty"`
	Told   bool          `json:"told,omitempty"` // somebody was told; whoever tells sets it
	Step   int           `json:"step,omitempty"` // how many steps were taken
	Met    time.Time     `json:"met,omitzero"`   // when it was reached
	Over   bool          `json:"over,omitempty"` // it no longer matters
}

// open reports whether the goal is still to be reached.
func (l *Line) open() bool { return l != nil && l.Met.IsZero() && !l.Over }

// Track is what is kept of one conversation.
type Track struct {
	Pledge  ID             `json:"pledge,omitempty"`
	Version int64          `json:"version,omitempty"` // of the pledge and its calendar, by which it was worked out
	Lines   map[Goal]*Line `json:"lines,omitempty"`
}

// Due is the goal that is due first, and when; ok is false when nothing is.
func (t Track) Due() (g Goal, at time.Time, ok bool) {
	for _, goal := range Goals {
		l := t.Lines[goal]
		if l.open() && !l.Due.IsZero() && (at.IsZero() || l.Due.Before(at)) {
			g, at, ok = goal, l.Due, true
		}
	}
	return g, at, ok
}

// Broken reports whether a goal was missed that is still to be reached.
func (t Track) Broken() bool {
	for _, l := range t.Lines {
		if l.open() && l.Broken {
			return true
		}
	}
	return false
}

// Outcome is that a goal was kept or missed.
type Outcome struct {
	Goal   Goal
	Pledge ID
	Start  time.Time
	Due    time.Time
	At     time.Time // when it was reached; zero while it is not
	Kept   bool
	New    bool // it was not counted yet; else only At changes
	Drop   bool // it does not hold any more
}

// News is what time brought.
type News struct {
	Goal Goal
	What string // "warn", "broken", "step"
	Due  time.Time
	Step Step
}

// Promise is a pledge made ready: with the hours that count.
type Promise struct {
	Pledge
	Hours *hours.Hours
}

// Keep brings a track up to date with how a conversation stands; p is the
// promise that it is under, nil for none. It returns what came of goals, and
// what time has brought; the caller does the latter.
func (t *Track) Keep(p *Promise, c Look, now time.Time) (outcomes []Outcome, news []News) {
	if p == nil {
		for _, g := range Goals { // what was counted stays counted
			if l := t.Lines[g]; l.open() {
				delete(t.Lines, g)
			}
		}
		t.Pledge, t.Version = "", 0
		return nil, nil
	}
	k := keeping{t: t, p: p, c: c, now: now}
	if t.Lines == nil {
		t.Lines = map[Goal]*Line{}
	}
	changed := t.Pledge != p.ID || t.Version != p.Version
	t.Pledge, t.Version = p.ID, p.Version
	for _, g := range Goals {
		if changed {
			k.again(g)
		}
		k.goal(g)
	}
	return k.outcomes, k.news
}

type keeping struct {
	t        *Track
	p        *Promise
	c        Look
	now      time.Time
	outcomes []Outcome
	news     []News
}

// since is when the time of a goal began to run; zero when it does not.
func (k *keeping) since(g Goal) time.Time {
	c := k.c
	began := c.Began
	if c.Known.Sub(began) > late {
		began = c.Known
	}
	switch g {
	case First:
		return began
	case Next:
		if c.Answered.IsZero() || c.Waiting.IsZero() {
			return time.Time{}
		}
		if since := c.Waiting; since.After(began) {
			return since
		}
		return began
	}
	if l := k.t.Lines[Resolve]; l != nil {
		if !l.Met.IsZero() && c.Resolved.IsZero() && c.Waiting.After(l.Met) {
			return c.Waiting // they wrote again after it was over
		}
		return l.Start
	}
	return began
}

// reached is when a goal was reached; zero while it is not. over says that it
// cannot be any more.
func (k *keeping) reached(g Goal, l *Line) (at time.Time, over bool) {
	c := k.c
	switch g {
	case First:
		if c.Answered.IsZero() {
			return time.Time{}, !c.Resolved.IsZero()
		}
		if c.Answered.Before(l.Start) { // we spoke first, or long before we heard of it here
			return time.Time{}, true
		}
		return c.Answered, false
	case Next:
		if !c.Waiting.IsZero() {
			return time.Time{}, false
		}
		if !c.Resolved.IsZero() {
			return time.Time{}, true
		}
		return k.now, false
	}
	return c.Resolved, false
}

// again works out anew what is open, because the promise or its hours have changed.
func (k *keeping) again(g Goal) {
	l := k.t.Lines[g]
	if !l.open() || l.Broken {
		return
	}
	target, ok := k.p.Targets[g]
	if !ok {
		delete(k.t.Lines, g)
		return
	}
	if l.Base.Equal(l.Start) && !l.Held {
		l.Left = target
	}
	if !l.Held {
		k.run(l)
	}
}

// run says when a line is due that is not paused.
func (k *keeping) run(l *Line) {
	l.Held = false
	l.Due = k.p.Hours.Add(l.Base, l.Left)
	l.Warn = time.Time{}
	if w := k.p.Warn; w > 0 && !l.Broken {
		l.Warn = k.p.Hours.Add(l.Base, max(0, l.Left-w))
	}
}

func (k *keeping) goal(g Goal) {
	target, promised := k.p.Targets[g]
	l, fresh := k.t.Lines[g], false
	since := k.since(g)
	if l != nil && !since.IsZero() && !since.Equal(l.Start) && !(g == First) {
		l = nil // a new round; what came of the last stays counted
	}
	if l == nil {
		if !promised || since.IsZero() {
			return
		}
		l = &Line{Start: since, Base: since, Left: target}
		k.run(l)
		k.t.Lines[g] = l
		fresh = true
	}
	at, over := k.reached(g, l)
	switch {
	case !l.Met.IsZero():
		if g == Resolve && k.c.Resolved.IsZero() { // it was opened again by hand, so it was not over
			k.outcomes = append(k.outcomes, Outcome{Goal: g, Pledge: k.t.Pledge, Start: l.Start, Due: l.Due, Kept: !l.Broken, Drop: !l.Broken})
			l.Met, l.Over = time.Time{}, false
			k.tick(g, l)
		}
		return
	case l.Over:
		if over || (g == Next && k.c.Waiting.IsZero()) {
			return
		}
		l.Over = false // it was resolved without an answer, and is open again
	}
	if !at.IsZero() {
		k.meet(g, l, at)
		return
	}
	if over {
		l.Over = true
		return
	}
	if fresh && !l.Due.After(k.now) { // it was too late before it came here: counted, but nobody is roused
		l.Broken, l.Step, l.Warn = true, len(k.p.Steps), time.Time{}
		k.outcomes = append(k.outcomes, Outcome{Goal: g, Pledge: k.t.Pledge, Start: l.Start, Due: l.Due, New: true})
		return
	}
	k.pause(g, l)
	k.tick(g, l)
}

// meet notes that a goal was reached.
func (k *keeping) meet(g Goal, l *Line, at time.Time) {
	l.Met = at
	if l.Broken {
		k.outcomes = append(k.outcomes, Outcome{Goal: g, Pledge: k.t.Pledge, Start: l.Start, Due: l.Due, At: at})
		return
	}
	due := l.Due
	if l.Held {
		due = at.Add(l.Left)
	}
	l.Broken = !l.Held && at.After(due)
	k.outcomes = append(k.outcomes, Outcome{Goal: g, Pledge: k.t.Pledge, Start: l.Start, Due: due, At: at, Kept: !l.Broken, New: true})
}

// pause stops the time of a goal or lets it run on.
func (k *keeping) pause(g Goal, l *Line) {
	if l.Broken {
		return // nothing helps it any more
	}
	stands := k.p.Pause && (k.c.Away || (g == Resolve && k.c.Theirs))
	switch {
	case stands && !l.Held:
		if l.Due.After(k.now) {
			l.Left -= k.p.Hours.Between(l.Base, k.now)
			l.Held, l.Due, l.Warn = true, time.Time{}, time.Time{}
		}
	case !stands && l.Held:
		l.Base = k.now
		k.run(l)
	}
}

// tick takes note of what time has brought.
func (k *keeping) tick(g Goal, l *Line) {
	if l.Held || l.Due.IsZero() {
		return
	}
	if !l.Warn.IsZero() && !l.Warn.After(k.now) {
		l.Warn = time.Time{}
		if l.Due.After(k.now) {
			k.news = append(k.news, News{Goal: g, What: "warn", Due: l.Due})
		}
	}
	if l.Due.After(k.now) {
		return
	}
	if !l.Broken {
		l.Broken = true
		k.outcomes = append(k.outcomes, Outcome{Goal: g, Pledge: k.t.Pledge, Start: l.Start, Due: l.Due, New: true})
		k.news = append(k.news, News{Goal: g, What: "broken", Due: l.Due})
	}
	for l.Step < len(k.p.Steps) {
		s := k.p.Steps[l.Step]
		if k.p.Hours.Add(l.Due, s.After).After(k.now) {
			return
		}
		l.Step++
		k.news = append(k.news, News{Goal: g, What: "step", Due: l.Due, Step: s})
	}
}

// Stirs is when time will bring something next; zero when never.
func (t *Track) Stirs(p *Promise) time.Time {
	var next time.Time
	sooner := func(at time.Time) {
		if !at.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, l := range t.Lines {
		if !l.open() || l.Held || l.Due.IsZero() {
			continue
		}
		sooner(l.Warn)
		switch {
		case !l.Broken:
			sooner(l.Due)
		case p != nil && l.Step < len(p.Steps):
			sooner(p.Hours.Add(l.Due, p.Steps[l.Step].After))
		}
	}
	return next
}
