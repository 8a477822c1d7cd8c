package talk

import (
	"cmp"
	"errors"
	"time"

	"github.com/parley-crm/parley/social"
)

// ErrAway is the cause of what Here refuses.
var ErrAway = errors.New("it is not at the desk")

// Here refuses what was merged into another conversation, is deleted, or is
// about to be.
func (c *Conversation) Here() error {
	switch {
	case c.State == Merged:
		return social.Because(social.Conflict, ErrAway, "This conversation was merged into another. Go on there.")
	case c.State == Deleted:
		return social.Because(social.NotFound, ErrAway, "This conversation was deleted.")
	case !c.GoesAt.IsZero():
		return social.Because(social.Conflict, ErrAway, "This conversation is being deleted. Take that back first.")
	}
	return nil
}

// Home is the network's name of the thread in which a reply goes.
func (c *Conversation) Home() string { return cmp.Or(c.Root, c.Thread) }

// In is the conversation in which a message was said.
func (m *Message) In() social.ConversationID { return cmp.Or(m.Origin, m.Conversation) }

// Sum is what all messages of a conversation tell.
type Sum struct {
	Messages    int       // of them and of us, without what never left
	Theirs      int       // of them that still stand
	Last        time.Time // of those
	Began       time.Time // of the first of theirs
	FirstAnswer time.Time // when the first of ours reached the network
	AnsweredTo  time.Time // up to which of theirs ours answer
	Resolved    time.Time // when it was resolved last
}

var ranks = map[State]int{Open: 3, Waiting: 2, Snoozed: 1, Resolved: 0}

// Absorb makes o a pointer to c, which takes over how far it has come.
func (c *Conversation) Absorb(o *Conversation) {
	c.AnsweredTo = answeredTo(c, o)
	c.HeardAt = Latest(c.HeardAt, o.HeardAt)
	if ranks[o.State] > ranks[c.State] {
		c.State, c.Turn, c.SnoozedUntil, c.ResolvedAt = o.State, o.Turn, o.SnoozedUntil, o.ResolvedAt
	}
	o.State, o.Turn, o.WaitingSince, o.Into = Merged, Settled, time.Time{}, c.ID
}

// answeredTo is up to when two conversations are answered together: to just
// before whoever waits longest in either, as they waited apart.
func answeredTo(c, o *Conversation) time.Time {
	var waits time.Time
	for _, x := range []*Conversation{c, o} {
		waits = Sooner(waits, x.WaitingSince)
	}
	if waits.IsZero() {
		return Latest(c.AnsweredTo, o.AnsweredTo)
	}
	return waits.Add(-time.Microsecond)
}

// Latest is the later of two times.
func Latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Sooner is the earlier of two times that are not zero.
func Sooner(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
