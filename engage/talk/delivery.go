package talk

import (
	"errors"
	"time"

	"github.com/parley-crm/parley/engage/copies"
	"github.com/parley-crm/parley/social"
)

// Stage is how far our words have come on their way to the network.
//
//	queued ──▶ sending ──▶ sent ──▶ confirmed ──▶ delivered ──▶ read
//	  │ ▲        │ │         ▲          └──▶ returned ──▲
//	  ▼ └─busy───┘ ├──▶ unknown ──▶ needs_check
//	cancelled      └──▶ failed ◀──────┘
//
// From unknown only reading leads on, from needs_check only a person (or
// hearing our own words, or a report of the network), and from failed and
// returned to queued only a person. What networks report may come twice, late
// and in any order; the furthest stage wins, and what has arrived did arrive,
// whatever else is reported of it.
type Stage string

// The stages.
const (
	Queued     Stage = "queued"
	Sending    Stage = "sending" // written down before the network is called
	Unknown    Stage = "unknown" // nobody can tell yet whether it stands there
	Sent       Stage = "sent"    // the network gave a receipt
	Confirmed  Stage = "confirmed"
	Delivered  Stage = "delivered" // it reached them, the network says
	Read       Stage = "read"      // they have read it, the network says
	Returned   Stage = "returned"  // the network took it and says that it never reached them
	NeedsCheck Stage = "needs_check"
	Failed     Stage = "failed" // certainly not there
	Cancelled  Stage = "cancelled"
)

// Out reports whether the words stand on the network.
func (s Stage) Out() bool { return s == Sent || s == Confirmed || s == Delivered || s == Read }

// Rank orders the stages of what the network has taken; 0 for others.
func (s Stage) Rank() int {
	switch s {
	case Sent:
		return 1
	case Confirmed:
		return 2
	case Returned:
		return 3
	case Delivered:
		return 4
	case Read:
		return 5
	}
	return 0
}

// Open reports whether Parley itself will still do something about it.
func (s Stage) Open() bool { return s == Queued || s == Sending || s == Unknown }

// Delivery is the way of one reply to the network.
type Delivery struct {
	Seq          int64
	Message      social.MessageID
	Conversation social.ConversationID
	Channel      social.ChannelID
	Member       social.MemberID
	Token        string        // of the API, if one was used
	To           social.Author // fixed when it was queued, as are Parent and Root
	Copies       []copies.Copy // who gets it too, fixed as well
	Parent       string
	Root         string
	Written      string // the words before links were shortened
	Title        string // of what is answered, where messages bear one
	Automatic    bool   // said by Parley itself, as the network's rules demand
	Stage        Stage
	Attempts     int
	Checks       int // readings since the last attempt that could not tell
	Upto         time.Time
	QueuedAt     time.Time
	UndoUntil    time.Time
	NextAt       time.Time // when Parley will next do something; zero when nothing
	AttemptedAt  time.Time
	SentAt       time.Time
	ChangedAt    time.Time
	Told         bool             // the answer was counted
	After        social.MessageID // of an answer in parts: the one before, which must have got there
	Part, Parts  int              // which of how many it is; 0 for an answer in one
	Newest       bool             // of its conversation; filled in when it is read
	Problem      string
}

// Timing says how long to wait for what. The zero value of a field means the
// default.
type Timing struct {
	Undo   time.Duration // before a reply leaves: 10 s
	Send   time.Duration // for one call of the network: 20 s
	Lease  time.Duration // after which an attempt without an end is unknown: 30 s; more than Send
	Safe   time.Duration // since an attempt, before "not there" is believed: 60 s; more than Lease
	Checks int           // readings that could not tell, before a person is asked: 8
	GiveUp time.Duration // of trying a network that is away: 24 h
}

// Filled is a timing with its defaults.
func (t Timing) Filled() Timing {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	set(&t.Undo, 10*time.Second)
	set(&t.Send, 20*time.Second)
	set(&t.Lease, 30*time.Second)
	set(&t.Safe, time.Minute)
	set(&t.GiveUp, 24*time.Hour)
	if t.Checks <= 0 {
		t.Checks = 8
	}
	return t
}

// later is how long to wait after the n-th failure (from 1): 5 s, doubling to
// ten minutes.
func later(n int) time.Duration {
	return min(5*time.Second<<min(max(n-1, 0), 10), 10*time.Minute)
}

// Goes puts a delivery into a stage.
func (d *Delivery) Goes(s Stage, now, next time.Time, problem string) {
	d.Stage, d.ChangedAt, d.NextAt, d.Problem = s, now, next, problem
}

// Begin writes an attempt down; it must be kept before the network is called.
func (d *Delivery) Begin(now time.Time, t Timing) {
	d.Attempts++
	d.Checks = 0
	d.AttemptedAt = now
	d.Goes(Sending, now, now.Add(t.Lease), "")
}

// Arrived notes that the words stand on the network, unless more is known.
func (d *Delivery) Arrived(s Stage, at, now time.Time) {
	if d.SentAt.IsZero() {
		d.SentAt = at
	}
	if d.Stage.Rank() < s.Rank() {
		d.Goes(s, now, time.Time{}, "")
	}
}

// Refused takes the outcome of an attempt that gave no receipt.
func (d *Delivery) Refused(err error, now time.Time, t Timing) {
	text := Said(err, "The network refused it without saying why.")
	switch social.KindOf(err) {
	case social.Busy: // certainly not posted
		if now.Sub(d.QueuedAt) > t.GiveUp {
			d.Goes(Failed, now, time.Time{}, "It could not be delivered for too long. The last answer was: "+text)
			return
		}
		d.Goes(Queued, now, now.Add(max(later(d.Attempts), Wait(err))), text)
	case social.Invalid, social.Forbidden, social.NotFound, social.Unauth, social.Conflict:
		d.Goes(Failed, now, time.Time{}, text)
	default:
		d.Doubt(now)
	}
}

// Doubt notes that nobody can tell whether the last attempt went through.
func (d *Delivery) Doubt(now time.Time) {
	d.Goes(Unknown, now, now.Add(2*time.Second), "The network did not say whether it was posted. Parley is looking.")
}

// Missing notes that the network was read and the words are not there. That
// is believed only when nothing can still be under way.
func (d *Delivery) Missing(now time.Time, t Timing) {
	if safe := d.AttemptedAt.Add(t.Safe); now.Before(safe) {
		d.Goes(Unknown, now, safe, d.Problem)
		return
	}
	d.Goes(Failed, now, time.Time{}, "It was not posted: Parley looked, and it is not there. Send it again if it still fits.")
}

// Unclear notes that reading could not tell either.
func (d *Delivery) Unclear(err error, now time.Time, t Timing) {
	d.Checks++
	if d.Checks >= t.Checks {
		d.Ask(now)
		return
	}
	d.Goes(Unknown, now, now.Add(max(later(d.Checks), Wait(err))), d.Problem)
}

// Ask leaves it to a person.
func (d *Delivery) Ask(now time.Time) {
	d.Goes(NeedsCheck, now, time.Time{}, "Nobody can tell whether it was posted. Look at the network and say what you see.")
}

// Said is what an error has to say to a person.
func Said(err error, otherwise string) string {
	var e *social.Error
	if errors.As(err, &e) && e.Text != "" {
		return e.Text
	}
	return otherwise
}

// Wait is how long the network asked us to wait.
func Wait(err error) time.Duration {
	var r interface{ RetryAfter() time.Duration }
	if errors.As(err, &r) {
		return r.RetryAfter()
	}
	return 0
}
