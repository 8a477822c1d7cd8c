package publish

import (
	"strings"

	"github.com/parley-crm/parley/social"
)

// State is where a post stands.
//
//	draft ⇄ in_review ──▶ approved ⇄ scheduled ──▶ publishing ──▶ published
//	  ▲                                  ▲ ▲  └──busy──┘ │  ▲         ▲
//	  │        held ◀── what waits       │ └── failed ◀──┤  └ unknown ┘
//	  └──────── edited ──────────────────┴───────────────┴──────▶ failed
//
// From unknown only reading the network leads on, or the word of a person;
// from failed to scheduled only a person.
type State string

// The states.
const (
	Draft      State = "draft"
	InReview   State = "in_review"
	Approved   State = "approved" // nothing stands in its way; it has no time yet
	Scheduled  State = "scheduled"
	Publishing State = "publishing" // written down before the network is called
	Unknown    State = "unknown"    // nobody can tell yet whether it stands there
	Published  State = "published"
	Failed     State = "failed" // certainly not there
	Held       State = "held"   // stopped by a person, with a reason
)

// States lists all of them, in their order.
func States() []State {
	return []State{Draft, InReview, Approved, Scheduled, Publishing, Unknown, Published, Failed, Held}
}

// Act is what moves a post from one state to another.
type Act string

// The acts. The first of them are of people, the others of sending.
const (
	Submit   Act = "submit"
	Approve  Act = "approve"
	Return   Act = "request_changes"
	Reject   Act = "reject"
	Withdraw Act = "withdraw"
	Edit     Act = "edit" // the words change where they must be approved
	Plan     Act = "schedule"
	Unplan   Act = "unschedule"
	Hold     Act = "hold"
	Resume   Act = "resume"  // to where it stood
	Delay    Act = "delay"   // resumed when its time is over: it needs a new one
	Begin    Act = "begin"   // an attempt
	Arrive   Act = "arrive"  // it stands on the network
	Busy     Act = "busy"    // certainly not posted; later
	Refuse   Act = "refuse"  // certainly not posted; for good
	Doubt    Act = "doubt"   // nobody can tell
	Missing  Act = "missing" // the network was read and it is not there
)

// Acts lists all of them.
func Acts() []Act {
	return []Act{Submit, Approve, Return, Reject, Withdraw, Edit, Plan, Unplan, Hold, Resume, Delay, Begin, Arrive, Busy, Refuse, Doubt, Missing}
}

// ways is the machine: what is not here cannot happen. Resume leads to where
// the post stood, so it has no target of its own.
var ways = map[State]map[Act]State{
	Draft:      {Submit: InReview, Plan: Scheduled, Edit: Draft},
	InReview:   {Approve: Approved, Return: Draft, Reject: Draft, Withdraw: Draft, Edit: Draft, Hold: Held},
	Approved:   {Plan: Scheduled, Withdraw: Draft, Edit: Draft, Hold: Held},
	Scheduled:  {Plan: Scheduled, Unplan: Approved, Withdraw: Draft, Edit: Draft, Hold: Held, Begin: Publishing, Refuse: Failed},
	Publishing: {Arrive: Published, Busy: Scheduled, Refuse: Failed, Doubt: Unknown},
	Unknown:    {Arrive: Published, Missing: Failed},
	Failed:     {Plan: Scheduled, Withdraw: Draft, Edit: Draft, Arrive: Published},
	Held:       {Resume: "", Delay: Approved, Withdraw: Draft, Edit: Draft},
	Published:  {},
}

// Next is where an act leads from a state.
func Next(from State, act Act) (State, error) {
	to, ok := ways[from][act]
	if !ok {
		return "", social.Errorf(social.Conflict, "This post is %s, so nobody can %s it now.", from.Words(), strings.ReplaceAll(string(act), "_", " "))
	}
	return to, nil
}

// Words is the state as it stands in a sentence.
func (s State) Words() string { return strings.ReplaceAll(string(s), "_", " ") }

// Gone reports whether the words may have left the house: they do not change
// any more.
func (s State) Gone() bool { return s == Publishing || s == Unknown || s == Published }

// Waits reports whether a hold stops it.
func (s State) Waits() bool { return s == InReview || s == Approved || s == Scheduled }

// Open reports whether Parley itself will still do something about it.
func (s State) Open() bool { return s == Scheduled || s == Publishing || s == Unknown }
