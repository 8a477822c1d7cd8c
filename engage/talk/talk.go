// Package talk holds the nouns of the desk: conversations and what is said in
// them, the way of our words to the network, what lists and rules ask of a
// conversation, and how it stands before and after something is done with it.
// It says what is true of each by itself; what is done with them, and when,
// is the desk's. It keeps nothing and calls nobody.
package talk

import (
	"time"

	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/social"
)

// State is where a conversation stands.
type State string

// The states. Open wants us, Waiting wants them.
const (
	Open     State = "open"
	Waiting  State = "waiting"
	Snoozed  State = "snoozed"
	Resolved State = "resolved"
	Merged   State = "merged"  // its words stand in another conversation; see engage/merge.go
	Deleted  State = "deleted" // its words are gone; see engage/deletion
)

// Turn says whose move it is.
type Turn string

// The turns.
const (
	Ours    Turn = "ours"
	Theirs  Turn = "theirs"
	Settled Turn = "settled"
)

// Priority says how urgent we take a conversation to be.
type Priority string

// The priorities.
const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// Priorities lists them, the least first.
var Priorities = []Priority{Low, Normal, High, Urgent}

// By says who spoke last, for the preview.
type By string

// Who a preview can be by.
const (
	ByThem By = "them"
	ByUs   By = "us"
)

// Conversation is a thread on a channel that we take part in, with all that
// the inbox shows of it.
type Conversation struct {
	ID          social.ConversationID
	Channel     social.ChannelID
	Thread      string                // external id that its activities share
	Root        string                // of the network's thread, where Thread is a name of ours; "" for Thread
	Into        social.ConversationID // where the words of one that was merged stand
	Counterpart social.IdentityID     // of direct messages; "" for a public thread
	Visibility  social.Visibility     // of its first message
	Programme   social.ProgrammeID
	Monitor     social.MonitorID  // that brought it here, if one did
	Identity    social.IdentityID // who began; a reply goes to nobody else
	Author      social.Author     // the same, as first heard
	Subject     string
	Preview     string
	PreviewBy   By
	PreviewAt   time.Time
	URL         string
	Lang        string
	Sentiment   *social.Label
	Intents     []social.Label
	State       State
	Turn        Turn
	Assignee    social.MemberID
	Team        social.TeamID
	Priority    Priority
	Tags        []social.TagID // as they were put on; merged ones are read as what they became
	Messages    int            // without notes and events
	Delivery    Stage          // of our newest words; "" when there are none
	Parent      string         // external id of the activity that a reply answers
	ParentAt    time.Time

	LastAt       time.Time
	BeganAt      time.Time // of their first message
	AskedAt      time.Time // of their newest words that want an answer
	AnsweredTo   time.Time // up to which of them we have answered
	WaitingSince time.Time // of their oldest unanswered words; zero when nobody waits
	HeardAt      time.Time // when we heard their newest words
	FirstAnswer  time.Time
	SnoozedUntil time.Time
	ResolvedAt   time.Time
	GoesAt       time.Time // when it is deleted, unless that is taken back; zero when it stays
	CreatedAt    time.Time

	StartedBy By           // whose words came first; "" means theirs
	Track     pledge.Track // what we promise about time, and how that stands
	DueAt     time.Time    // of the goal that is due first; zero when none is
	DueWhat   pledge.Goal
	StirsAt   time.Time        // when time will bring it something
	Outcomes  []pledge.Outcome // that are to be counted when it is

	Version     int64 // grows with every change
	OursVersion int64 // the version that our newest words made

	Stood *Place // where it was counted when it was read; nil when it is new
}

// FirstAnswerAfter is how long they waited for our first answer; ok is false
// when there is none yet.
func (c Conversation) FirstAnswerAfter() (d time.Duration, ok bool) {
	if c.FirstAnswer.IsZero() {
		return 0, false
	}
	return max(0, c.FirstAnswer.Sub(c.BeganAt)), true
}

// MessageKind says what a message is to us.
type MessageKind string

// The kinds of message.
const (
	FromThem MessageKind = "theirs"
	FromUs   MessageKind = "ours"
	Noted    MessageKind = "note"  // among us; never leaves the house
	Happened MessageKind = "event" // what was done with the conversation
)

// Message is one thing said, or done, in a conversation.
type Message struct {
	ID           social.MessageID // what was heard has the id of its activity
	Conversation social.ConversationID
	Kind         MessageKind
	Visibility   social.Visibility
	Channel      social.ChannelID
	ExternalID   string
	Activity     social.ActivityID
	Identity     social.IdentityID
	Author       social.Author
	Member       social.MemberID
	Text         string
	Title        string
	URL          string
	Lang         string
	Sentiment    *social.Label
	Intents      []social.Label
	Parent       string
	Origin       social.ConversationID // in which it was said, when that was merged into this one; "" for this one
	Rating       float64
	Asks         bool // wants an answer
	At           time.Time
	EditedAt     time.Time
	DeletedAt    time.Time
	Key          string
	Event        *Event
	Delivery     *Delivery // of our own words; filled in when messages are read
}

// Event is something that was done with a conversation.
type Event struct {
	Verb   string         `json:"verb"`
	Detail map[string]any `json:"detail,omitempty"`
}

// Draft is a reply that somebody has begun to write.
type Draft struct {
	Text       string
	Visibility social.Visibility
	Files      []parcel.Enclosure
	Copies     []string // addresses of who else is to get it; nil while nobody has chosen
	At         time.Time
}

// CameBy is how the words of a conversation came.
func (c *Conversation) CameBy() social.Visibility {
	if c.Counterpart != "" {
		return social.Direct
	}
	return social.Public
}
