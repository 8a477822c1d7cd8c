package foresee

import (
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

const dayLong = 24 * time.Hour

// Past is what is kept of somebody with its time, each list by time.
type Past struct {
	Orders   []Order
	Said     []Said
	Messages []Message
	Answers  []Answer
	Broken   []time.Time // when promises to them were broken
}

// Order is something that they bought.
type Order struct {
	At       time.Time
	Until    time.Time // when it was cancelled or paid back; zero: it stands
	Amount   int64     // minor units
	Currency string
}

// Said is something that they said.
type Said struct {
	At        time.Time
	Channel   social.ChannelID
	Public    bool
	Feeling   string // how it sounded, "" where nobody knows
	Complaint bool
}

// Message is one of a conversation that they began, by them or by us.
type Message struct {
	At   time.Time
	Talk social.ConversationID
	Ours bool
	Asks bool // theirs, and it wants an answer
}

// Answer is how well they said that they were helped, 1 to 5.
type Answer struct {
	At    time.Time
	Score int
}

// order brings every list into the order of time.
func (p *Past) order() {
	slices.SortStableFunc(p.Orders, func(a, b Order) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(p.Said, func(a, b Said) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(p.Messages, func(a, b Message) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(p.Answers, func(a, b Answer) int { return a.At.Compare(b.At) })
	slices.SortFunc(p.Broken, time.Time.Compare)
}

// Before is the past as it was known on a day: nothing of what came from then
// on. Features are made of it alone, so that they cannot see further. An order
// that was cancelled later still stood.
func (p *Past) Before(day time.Time) *Past {
	out := &Past{
		Said:     until(p.Said, day, func(s Said) time.Time { return s.At }),
		Messages: until(p.Messages, day, func(m Message) time.Time { return m.At }),
		Answers:  until(p.Answers, day, func(a Answer) time.Time { return a.At }),
		Broken:   until(p.Broken, day, func(t time.Time) time.Time { return t }),
	}
	for _, o := range until(p.Orders, day, func(o Order) time.Time { return o.At }) {
		if !o.Until.IsZero() && o.Until.Before(day) {
			continue
		}
		o.Until = time.Time{}
		out.Orders = append(out.Orders, o)
	}
	return out
}

func until[T any](all []T, day time.Time, at func(T) time.Time) []T {
	n, _ := slices.BinarySearchFunc(all, day, func(x T, day time.Time) int { return at(x).Compare(day) })
	return all[:n]
}

// in counts those of a list from a time up to another that are wanted.
func in[T any](all []T, from, to time.Time, at func(T) time.Time, want func(T) bool) int {
	n := 0
	for i := len(all) - 1; i >= 0 && !at(all[i]).Before(from); i-- {
		if at(all[i]).Before(to) && want(all[i]) {
			n++
		}
	}
	return n
}

func orderAt(o Order) time.Time { return o.At }

func saidAt(s Said) time.Time { return s.At }

func (p *Past) orders(from, to time.Time) int {
	return in(p.Orders, from, to, orderAt, func(o Order) bool { return o.Until.IsZero() })
}

func (p *Past) said(from, to time.Time) int {
	return in(p.Said, from, to, saidAt, func(Said) bool { return true })
}

func (p *Past) praised(from, to time.Time) int {
	return in(p.Said, from, to, saidAt, func(s Said) bool { return s.Public && s.Feeling == social.Positive })
}

func (p *Past) feltBad(from, to time.Time) (bad, of int) {
	of = in(p.Said, from, to, saidAt, func(s Said) bool { return s.Feeling != "" })
	return in(p.Said, from, to, saidAt, func(s Said) bool { return s.Feeling == social.Negative }), of
}
