// Package foresee says of persons what may come, and why: whether they buy
// again, go quiet, or speak well of us in public.
//
// It promises that what is foreseen was learned from this company's own past
// alone; that a day is looked at with what was kept before it and with nothing
// that came after; that a prediction is shown only where it did better than
// the usual rate on people and days that it did not learn from, by more than
// chance explains; that each comes with its reasons; and that whoever objected
// to profiling is left out, of the learning too.
//
// It refuses to do anything by itself: what is foreseen is read by people, and
// by segments, which people make. It knows nothing of anybody's origin,
// belief, health, sex or age, and looks at no field that could tell.
package foresee

import (
	"context"
	"time"

	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
)

// What is one thing that is foreseen of persons, a yes or no within some days.
type What string

// What is foreseen.
const (
	BuysAgain  What = "buys_again"  // of those who bought within two years
	GoesQuiet  What = "goes_quiet"  // of those who bought or spoke twice within 180 days: neither
	SpeaksWell What = "speaks_well" // of those who spoke within 180 days: in public, kindly
)

// Definition says exactly what a prediction means.
type Definition struct {
	What What
	Days int // within how many days
	// asked says whether the question makes sense of somebody, from their past
	// before a day; happened what came of it in the days from then on.
	asked    func(before *Past, day time.Time) bool
	happened func(whole *Past, from, to time.Time) bool
}

// Definitions lists what is foreseen.
func Definitions() []Definition {
	return []Definition{
		{BuysAgain, 60, func(p *Past, day time.Time) bool { return p.orders(day.AddDate(-2, 0, 0), day) > 0 },
			func(p *Past, from, to time.Time) bool { return p.orders(from, to) > 0 }},
		{GoesQuiet, 90, func(p *Past, day time.Time) bool {
			since := day.Add(-180 * dayLong)
			return p.orders(since, day)+p.said(since, day) >= 2
		}, func(p *Past, from, to time.Time) bool { return p.orders(from, to)+p.said(from, to) == 0 }},
		{SpeaksWell, 60, func(p *Past, day time.Time) bool { return p.said(day.Add(-180*dayLong), day) > 0 },
			func(p *Past, from, to time.Time) bool { return p.praised(from, to) > 0 }},
	}
}

// defined finds a definition.
func defined(w What) (Definition, error) {
	for _, d := range Definitions() {
		if d.What == w {
			return d, nil
		}
	}
	return Definition{}, social.Errorf(social.NotFound, "There is nothing of this name that could be foreseen.")
}

// How well something can be foreseen.
const (
	Never  = "never"     // nothing was learned yet
	Off    = "off"       // somebody turned it off
	Little = "little"    // too little happened to learn from, or to judge by
	Worse  = "no_better" // it did no better than the usual rate
	Shown  = "shown"
)

// State is how it stands with one prediction.
type State struct {
	What    What
	On      bool
	Asked   time.Time // when somebody asked that it be learned now
	Learned time.Time // when it was learned last
	Version int64     // which grows each time
	Figures Figures
	Model   *Model // nil unless it is worth showing
}

// Standing sums a state up in one word.
func (s State) Standing() string {
	switch {
	case !s.On:
		return Off
	case s.Learned.IsZero():
		return Never
	case s.Figures.Little():
		return Little
	case s.Model == nil:
		return Worse
	}
	return Shown
}

// Outlook is what is foreseen of one person.
type Outlook struct {
	What    What
	Share   float64 // how likely, from 0 to 1
	Usual   float64 // how often it happened to those who were looked at
	Reasons []Reason
	Version int64
	At      time.Time
}

// Reason is one thing of somebody's past that makes it likelier, or less so.
type Reason struct {
	Feature string  `json:"feature"`
	Value   float64 `json:"value"`          // in the unit of the feature; 0 where there is none
	None    bool    `json:"none,omitempty"` // there is nothing to look at
	Effect  float64 `json:"effect"`         // in log-odds, beside the average of those learned from
}

// Store keeps states and outlooks. All methods take part in the transaction of ctx.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	// States returns what was kept of each; what was never kept is absent.
	States(ctx context.Context) (map[What]State, error)
	// State reads one, NotFound where it was never kept.
	State(ctx context.Context, w What) (State, error)
	SaveState(ctx context.Context, s State) error
	// Objected says which of some persons do not want to be foreseen.
	Objected(ctx context.Context, who []segment.Who) (map[social.PersonID]bool, error)
	// Replace keeps what is foreseen of some persons, and nothing else of
	// them. It says whose shares, in whole hundredths, are not what they were.
	Replace(ctx context.Context, who []social.PersonID, outlooks map[social.PersonID][]Outlook) ([]social.PersonID, error)
	// Clean drops what is kept of persons who are no more, and of a prediction
	// that is not shown. It says of whom.
	Clean(ctx context.Context, shown []What) ([]social.PersonID, error)
}

// Crowd is everybody; segmentdb.DB knows.
type Crowd interface {
	// Who finds persons with all their ids and accounts; the gone are left out.
	Who(ctx context.Context, ids []social.PersonID) (who []segment.Who, gone []social.PersonID, err error)
	// After lists persons by id, behind one.
	After(ctx context.Context, after social.PersonID, limit int) ([]social.PersonID, error)
	Persons(ctx context.Context) (int, error)
}

// Source is a room that knows things of persons with their times.
type Source interface {
	// Fill adds to each person's past what is kept since a time, in any order.
	Fill(ctx context.Context, who []segment.Who, since time.Time, of func(social.PersonID) *Past) error
}

// SourceFunc is a function as a Source.
type SourceFunc func(ctx context.Context, who []segment.Who, since time.Time, of func(social.PersonID) *Past) error

// Fill implements Source.
func (f SourceFunc) Fill(ctx context.Context, who []segment.Who, since time.Time, of func(social.PersonID) *Past) error {
	return f(ctx, who, since, of)
}
