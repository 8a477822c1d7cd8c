// Package evolve proves what the dialogue was worth and what was learned from
// it: tracked links and the outcomes that came of them, and the numbers by
// which a company sees whether it gets better.
//
// It promises that an outcome is counted once, that its credit sums to one,
// that every number says what it means, when it was read and how many things
// it rests on, and that numbers come from sums kept up to date, never from
// walking through everything.
package evolve

import (
	"context"
	"math"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Link is a tracked short link.
type Link struct {
	ID           social.LinkID
	Code         string // the short form's last part
	Target       string
	Campaign     string
	Conversation social.ConversationID
	Message      social.MessageID
	Channel      social.ChannelID
	ChannelKind  string
	Identity     social.IdentityID
	Programme    social.ProgrammeID
	By           social.MemberID
	Clicks       int
	CreatedAt    time.Time
	Conversions  int
	Value        []Money
}

// Money is an amount in minor units of an ISO 4217 currency.
type Money struct {
	Minor    int64
	Currency string
}

// Click is one visit through a link.
type Click struct {
	ID       string
	Link     social.LinkID
	At       time.Time
	Referrer string
}

// Conversion is an outcome that somebody reported: a sale, a booking, a
// deflected call.
type Conversion struct {
	ID         string
	ExternalID string
	Kind       string
	Value      Money
	Click      string
	Link       social.LinkID
	Programme  social.ProgrammeID
	At         time.Time
	CreatedAt  time.Time
	Credits    []Credit
	Reverses   string // the conversion that it takes back; its value is negative then
	TakesBack  string // the external id of that one, where a list tells of it
}

// Credit is a conversation's share in a conversion.
type Credit struct {
	Conversation social.ConversationID
	Link         social.LinkID
	Share        float64
}

// Sum is one cell of the sums of a day.
type Sum struct {
	Day       time.Time // midnight UTC
	What      string    // "opened", "answered", "click", "conversion", "value:EUR"
	Channel   social.ChannelID
	Programme social.ProgrammeID
	N         int64
}

// Wait is one first answer: how long somebody waited for it.
type Wait struct {
	Day       time.Time
	Channel   social.ChannelID
	Programme social.ProgrammeID
	Seconds   int64
}

// Credited is what a conversation brought.
type Credited struct {
	Conversation social.ConversationID
	Clicks       int
	Conversions  int
	Value        []Money
}

// Store keeps links, outcomes and sums. All methods take part in the
// transaction of ctx and see only what its scope allows.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	AddLink(ctx context.Context, l Link) error
	// LinkByCode looks a link up for whoever follows it, whatever the scope.
	LinkByCode(ctx context.Context, code string) (Link, error)
	Link(ctx context.Context, id social.LinkID) (Link, error)
	Links(ctx context.Context, cursor string, limit int) ([]Link, string, error)
	AddClick(ctx context.Context, c Click) error
	Click(ctx context.Context, id string) (Click, error)
	// AddConversion keeps a conversion with its credits. Reported again (same
	// ExternalID), it changes nothing and returns the first with fresh false.
	AddConversion(ctx context.Context, c Conversion) (kept Conversion, fresh bool, err error)
	// Standing returns the conversion of an external id that was not taken
	// back, and how often one of it was; NotFound where none stands.
	Standing(ctx context.Context, externalID string) (c Conversion, reversed int, err error)
	Conversions(ctx context.Context, cursor string, limit int) ([]Conversion, string, error)
	// Credits lists what a conversation's links brought, oldest first.
	Credits(ctx context.Context, c social.ConversationID) ([]Moment, error)
	// TopCredited lists the conversations that brought most since a time.
	TopCredited(ctx context.Context, since time.Time, limit int) ([]Credited, error)
	Add(ctx context.Context, sums []Sum, waits []Wait) error
	Sums(ctx context.Context, from, to time.Time) ([]Sum, error)
	// Waits returns histogram buckets per day.
	Waits(ctx context.Context, from, to time.Time) ([]WaitBucket, error)
	Record(ctx context.Context, e social.Entry) error
	Tell(ctx context.Context, facts ...social.Fact) error
}

// Moment is a click or a conversion of a conversation.
type Moment struct {
	Kind  string // "click", "conversion"
	At    time.Time
	Link  social.LinkID
	URL   string
	Value Money
	ID    string
}

// WaitBucket counts first answers of a day whose wait fell into a bucket.
type WaitBucket struct {
	Day     time.Time
	Bucket  int
	Channel social.ChannelID
	N       int64
}

// Ledger is the room's front.
type Ledger struct {
	Store Store
	Clock clock.Clock
	Base  string // public address that short links begin with, such as https://parley.example
}

// Day cuts a time to midnight UTC.
func Day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// bucketBase is the ratio between the bounds of a wait bucket.
const bucketBase = 1.1

// BucketOf is the histogram bucket of a wait in seconds.
func BucketOf(seconds int64) int {
	if seconds < 1 {
		return 0
	}
	return int(math.Floor(math.Log(float64(seconds)) / math.Log(bucketBase)))
}

// Quantile reads the q-quantile (0 to 1) of waits out of buckets, in seconds,
// right within half a bucket (5%). ok is false when there are none.
func Quantile(buckets []WaitBucket, q float64) (seconds float64, ok bool) {
	counts := map[int]int64{}
	var total int64
	for _, b := range buckets {
		counts[b.Bucket] += b.N
		total += b.N
	}
	if total == 0 {
		return 0, false
	}
	rank := int64(math.Ceil(q * float64(total)))
	var seen int64
	for b := 0; ; b++ {
		seen += counts[b]
		if seen >= max(rank, 1) {
			return math.Pow(bucketBase, float64(b)+0.5), true
		}
	}
}
