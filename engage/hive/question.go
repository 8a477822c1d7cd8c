package hive

import (
	"time"

	"github.com/parley-crm/parley/social"
)

// State is where a question stands.
type State string

// The states. Offered, Claimed and Centre are open.
const (
	Offered  State = "offered"
	Claimed  State = "claimed"
	Centre   State = "centre" // at the contact centre
	Answered State = "answered"
	Closed   State = "closed" // without an answer of ours
)

// Open says whether somebody still has to answer.
func (s State) Open() bool { return s == Offered || s == Claimed || s == Centre }

// The rings: the best, more, and everybody.
const (
	best     = 1
	more     = 2
	everyone = 3
	centre   = 4 // it was at the contact centre
)

// Question is a conversation in the hive.
type Question struct {
	Conversation social.ConversationID
	Programme    social.ProgrammeID
	State        State
	Ring         int // how far it has been asked: 1 the best, 2 more, 3 everybody who may answer, 4 the contact centre
	About        About
	AskedAt      time.Time // when they asked
	OpenedAt     time.Time // when it entered
	DueAt        time.Time // by when they should have an answer
	EndAt        time.Time // when it goes to the contact centre
	NextAt       time.Time // when something is to be done; zero for never
	ClaimedBy    social.MemberID
	ClaimedAt    time.Time
	ClaimUntil   time.Time
	Warned       bool
	AnsweredBy   social.MemberID
	AnsweredAt   time.Time
	ClosedAt     time.Time
	Because      string          // why it was closed: resolved, snoozed, moved, elsewhere
	ByHand       social.MemberID // who asked the hive
	Knew         int             // how many were found who may know; below 0 when it was certain that nobody does
}

// OfferKind is how somebody came to be asked.
type OfferKind string

// The kinds of offer.
const (
	ByRing   OfferKind = "ring"
	ByAsking OfferKind = "asked"  // a colleague asked
	ByCentre OfferKind = "centre" // the contact centre
)

// OfferState is what became of an offer.
type OfferState string

// The states of an offer.
const (
	Waiting OfferState = "open"
	Taken   OfferState = "taken"
	Lost    OfferState = "lost"   // somebody else took it
	Passed  OfferState = "passed" // declined
	Over    OfferState = "over"   // answered, closed, or gone to the contact centre
)

// Offer is that the hive asked somebody, and why them.
type Offer struct {
	Conversation social.ConversationID
	Member       social.MemberID
	Kind         OfferKind
	Ring         int
	State        OfferState
	Knows        float64 // what they know of it
	Free         float64 // whether they are there
	Load         float64 // what of the day's load is left
	Score        float64 // the product
	Why          []Reason
	By           social.MemberID // the colleague who asked
	Words        string          // what the colleague asked
	At           time.Time
	ChangedAt    time.Time
	Because      string // why it was passed
}
