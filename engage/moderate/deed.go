package moderate

import (
	"time"

	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/social"
)

// Act is what can be done about a message at the network.
type Act string

// The acts.
const (
	Hide    Act = "hide"
	Show    Act = "show"
	Remove  Act = "remove"  // take away what others said
	Retract Act = "retract" // take back what we said
	Like    Act = "like"
	Unlike  Act = "unlike"
)

// Lane keeps apart what does not wait for each other.
type Lane string

// The lanes of a message.
const (
	Sight  Lane = "sight"  // whether others see it
	Liking Lane = "liking" // whether we like it
)

func (a Act) lane() Lane {
	if a == Like || a == Unlike {
		return Liking
	}
	return Sight
}

// rest is what holds while nobody has done anything.
func (l Lane) rest() Act {
	if l == Liking {
		return Unlike
	}
	return Show
}

// final reports that nothing leads back.
func (a Act) final() bool { return a == Remove || a == Retract }

// Reason is why something is hidden or taken away.
type Reason string

// The reasons.
const (
	Spam     Reason = "spam"
	Abuse    Reason = "abuse"
	OffTopic Reason = "off_topic"
	Private  Reason = "private" // it shows what should not be public
	Other    Reason = "other"   // which takes words
)

// Reasons lists them.
var Reasons = []Reason{Spam, Abuse, OffTopic, Private, Other}

// State is how a message stands at the network, as far as it is our doing.
type State string

// The states. Refused: it is as it was before, and the network will not
// change it, or has not for too long.
const (
	Shown    State = "shown"
	Hiding   State = "hiding"
	Hidden   State = "hidden"
	Showing  State = "showing"
	Removing State = "removing"
	Removed  State = "removed"
	Refused  State = "refused"
)

// Deed is what is wanted of one message in one lane, and how far that has
// come.
type Deed struct {
	Message   social.MessageID
	Lane      Lane
	Want      Act // what it shall be
	Had       Act // what it certainly was, when the network last told
	Tried     Act // what it may have become by a call that nobody knows the end of; "" for none
	Reason    Reason
	Words     string
	Member    social.MemberID // who wants it
	Token     string          // of the API, if one was used
	AskedAt   time.Time
	ChangedAt time.Time
	NextAt    time.Time // when Parley will next do something; zero when nothing
	Until     time.Time // until when a call may be under way; zero when none is
	Attempts  int       // calls, ever
	Failures  int       // since it was asked for
	Problem   string
}

// New is a message about which nothing was done.
func New(m social.MessageID, l Lane) Deed {
	return Deed{Message: m, Lane: l, Want: l.rest(), Had: l.rest()}
}

// Open reports whether Parley will still do something about it.
func (d Deed) Open() bool { return !d.NextAt.IsZero() }

// State is how it stands.
func (d Deed) State() State {
	switch {
	case d.Open():
		return map[Act]State{Hide: Hiding, Show: Showing, Remove: Removing, Retract: Removing, Like: Showing, Unlike: Hiding}[d.Want]
	case d.Want != d.Had:
		return Refused
	}
	return map[Act]State{Hide: Hidden, Show: Shown, Remove: Removed, Retract: Removed, Like: Shown, Unlike: Hidden}[d.Had]
}

// Taken reports that we took it away, or are about to.
func (d Deed) Taken() bool {
	return d.Had.final() || d.Want.final() && (d.Open() || d.Tried != "")
}

// Why is the reason that somebody gives.
type Why struct {
	Reason Reason
	Words  string
}

// errTaken says that nothing leads back.
var errTaken = social.Errorf(social.Conflict, "It was taken away at the network, and nothing brings it back.")

// ask wants something. It reports whether that is news.
func (d *Deed) ask(a Act, who social.Actor, why Why, now time.Time) (bool, error) {
	switch {
	case d.Had.final() && d.Had == a:
		return false, nil
	case d.Had.final():
		return false, errTaken
	case d.Want == a && (d.Open() || d.Had == a):
		return false, nil
	case d.Want.final() && a != d.Want && d.Open() && (d.Tried != "" || now.Before(d.Until)):
		return false, social.Errorf(social.Conflict, "It is being taken away at the network just now.")
	}
	d.Want, d.Member, d.Token = a, who.Member, who.Token
	if a != Show { // why it was hidden is still known if it cannot be shown
		d.Reason, d.Words = why.Reason, why.Words
	}
	d.AskedAt, d.ChangedAt, d.Failures, d.Problem = now, now, 0, ""
	d.NextAt = now
	if now.Before(d.Until) {
		d.NextAt = d.Until // after the call that is under way
	} else if a == d.Had && d.Tried == "" {
		d.NextAt = time.Time{} // it has not left yet
	}
	return true, nil
}

// begin writes a call down; it must be kept before the network is called.
func (d *Deed) begin(now time.Time, t talk.Timing) {
	d.Attempts++
	d.Tried, d.Until = d.Want, now.Add(t.Lease)
	d.NextAt = d.Until
}

// ends takes what came of a call that was begun.
func (d *Deed) ends(did Act, err error, now time.Time, t talk.Timing) {
	d.ChangedAt, d.Until = now, time.Time{}
	if err == nil {
		d.Had, d.Tried, d.Problem = did, "", ""
		d.NextAt = time.Time{}
		if d.Want != did {
			d.NextAt = now // somebody has thought again meanwhile
		}
		return
	}
	kind, said := social.KindOf(err), talk.Said(err, "The network did not say why.")
	open := kind == social.Busy || kind == social.Unknown || kind == social.Fault
	if kind != social.Unknown && kind != social.Fault {
		d.Tried = "" // certainly not done
	}
	switch {
	case d.Want != did:
		d.NextAt = now
		if d.Want == d.Had && d.Tried == "" {
			d.NextAt = time.Time{}
		}
	case !open:
		d.refused(said, now)
	case now.Sub(d.AskedAt) > t.GiveUp:
		d.refused("It could not be done for too long. The last answer was: "+said, now)
	default:
		d.Failures++
		d.Problem = said
		d.NextAt = now.Add(max(later(d.Failures), talk.Wait(err)))
	}
}

// refused leaves it as it was.
func (d *Deed) refused(why string, now time.Time) {
	d.NextAt, d.Until, d.ChangedAt, d.Problem = time.Time{}, time.Time{}, now, why
}

// later is how long to wait after the n-th failure (from 1): 5 s, doubling to
// ten minutes.
func later(n int) time.Duration {
	return min(5*time.Second<<min(max(n-1, 0), 10), 10*time.Minute)
}
