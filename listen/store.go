package listen

import (
	"context"
	"time"

	"github.com/parley-crm/parley/listen/share"
	"github.com/parley-crm/parley/social"
)

// Store is what listening needs of the database.
type Store interface {
	Book
	ChannelStore
	RawStore
	PostStore
	MonitorStore
	WallStore
	TermStore
	ShareStore
}

// ShareStore keeps who passed on what.
type ShareStore interface {
	share.Store
	// SharesOf returns shares by their external ids, with who had said it.
	// Those of what is gone or private come as taken back.
	SharesOf(ctx context.Context, channel social.ChannelID, external []string) ([]social.Share, error)
	// SharesTo returns at most limit shares of an activity before a place, the latest first.
	SharesTo(ctx context.Context, of social.ActivityID, before *SharePlace, limit int) ([]social.Share, error)
	// SharesKnown counts the shares of activities.
	SharesKnown(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]int, error)
}

// SharePlace is a place among the shares of an activity.
type SharePlace struct {
	At         time.Time
	ExternalID string
}

// Book is the transaction and what is written at its end.
type Book interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Tell(ctx context.Context, facts ...social.Fact) error
	Record(ctx context.Context, e social.Entry) error
	After(ctx context.Context, f func()) // once it is committed
}

// ChannelStore keeps channels.
type ChannelStore interface {
	// Channels returns all, removed ones too, in the order in which they were made.
	Channels(ctx context.Context) ([]Channel, error)
	AddChannel(ctx context.Context, c Channel) error
	// SaveChannel writes all but cursor and health.
	SaveChannel(ctx context.Context, c Channel) error
	// SaveSecrets writes the sealed secrets alone.
	SaveSecrets(ctx context.Context, id social.ChannelID, sealed string, names []string, at time.Time) error
	SaveHealth(ctx context.Context, id social.ChannelID, h Health) error
	SaveSendLimit(ctx context.Context, id social.ChannelID, l Limit) error
	// SaveExpiries writes the Expiries of a health, and when and how they were asked.
	SaveExpiries(ctx context.Context, id social.ChannelID, h Health) error
	SaveProfile(ctx context.Context, id social.ChannelID, p social.Author) error
	SaveCursor(ctx context.Context, id social.ChannelID, cursor string) error
	// HeardSince sums what arrived since a time, for each channel.
	HeardSince(ctx context.Context, since time.Time) (map[social.ChannelID]Count, error)
	// Hours returns what arrived by hour and channel, oldest first.
	Hours(ctx context.Context, from, to time.Time) ([]HeardHour, error)
	AddHours(ctx context.Context, hours []HeardHour) error
}

// Raw is an event as it arrived.
type Raw struct {
	Seq      int64
	Channel  social.ChannelID
	Key      string
	At       time.Time
	Received time.Time
	Error    string // why it could not be read
	Raw      []byte
}

// Run is a run of raw events that wait to be processed.
type Run struct {
	First, Last int64
	Channel     social.ChannelID
	Events      int
	At          time.Time
}

// RawStore keeps events as they arrived.
type RawStore interface {
	// KeepRaw writes events, except those whose key the channel has already,
	// and returns the seqs that are new.
	KeepRaw(ctx context.Context, events []Raw) (map[int64]bool, error)
	KeepRun(ctx context.Context, r Run) error
	DropRun(ctx context.Context, first int64) error
	Runs(ctx context.Context) ([]Run, error)
	// RawBetween returns at most limit events that could be read, first ≤ seq ≤ last, in order.
	RawBetween(ctx context.Context, channel social.ChannelID, first, last int64, limit int) ([]Raw, error)
	// RawSince returns at most limit events received since a time and after a seq, in order.
	RawSince(ctx context.Context, since time.Time, after int64, limit int) ([]Raw, error)
	FailRaw(ctx context.Context, seq int64, why string) error
	// Broken returns the newest events that could not be read.
	Broken(ctx context.Context, channel social.ChannelID, limit int) ([]Raw, error)
	// PruneRaw forgets at most limit processed events received before a time, and says how many.
	PruneRaw(ctx context.Context, before time.Time, limit int) (int, error)
	LastSeq(ctx context.Context) (int64, error)
}

// PostStore keeps what was made of events.
type PostStore interface {
	// Lock makes the transaction of ctx the only one that counts.
	Lock(ctx context.Context) error
	// Stored returns those of the external ids that a channel has.
	Stored(ctx context.Context, channel social.ChannelID, external []string) (map[string]Post, error)
	// Matches returns the monitors that matched activities.
	Matches(ctx context.Context, seqs []int64) (map[int64][]Match, error)
	Readings(ctx context.Context, seqs []int64) (map[int64]Reading, error)
	Write(ctx context.Context, c Changes) error
	// Posts returns activities by id, in no order; absent ones are left out.
	Posts(ctx context.Context, ids []social.ActivityID) ([]Post, error)
	// Index keeps the words of activities for search; "" takes them out.
	Index(ctx context.Context, words map[social.ActivityID]string) error
	// Below returns at most limit activities with a lower seq, the highest first.
	Below(ctx context.Context, seq int64, limit int) ([]Post, error)
	CountBelow(ctx context.Context, seq int64) (int64, error)
}

// MonitorStore keeps monitors.
type MonitorStore interface {
	// Monitors returns all, removed ones too, in the order in which they were made.
	Monitors(ctx context.Context) ([]Monitor, error)
	AddMonitor(ctx context.Context, m Monitor) error
	// SaveMonitor writes all but the work on the past.
	SaveMonitor(ctx context.Context, m Monitor) error
	// Due returns a monitor with work on the past, if there is one.
	Due(ctx context.Context) (Monitor, bool, error)
	SavePast(ctx context.Context, id social.MonitorID, p Past) error
	// MatchesOf returns at most limit matches of a monitor up to a seq.
	MatchesOf(ctx context.Context, id social.MonitorID, upTo int64, limit int) ([]Match, error)
	// Forget takes a removed monitor and its counts away.
	Forget(ctx context.Context, id social.MonitorID) error
}

// WallStore reads the wall.
type WallStore interface {
	// Wall returns up to limit lines of the wall before a place, newest first.
	Wall(ctx context.Context, w WallQuery, limit int) ([]Line, error)
	// Words returns the seqs whose words pass a filter, or none and false
	// when there are more than limit.
	Words(ctx context.Context, words [][]Word, limit int) ([]int64, bool, error)
	PostsBySeq(ctx context.Context, seqs []int64) ([]Post, error)
	// Ties returns which places activities speak of; those without are left out.
	Ties(ctx context.Context, seqs []int64) (map[int64]social.Tie, error)
	Tallies(ctx context.Context, subjects []string, from, to time.Time) ([]Tally, error)
	CountStore
	Thread(ctx context.Context, channel social.ChannelID, thread string, limit int) ([]Post, error)
	Said(ctx context.Context, q SaidQuery) ([]Post, error)
}

// CountStore reads the rollups, and makes them anew. Package explore asks more of them.
type CountStore interface {
	// Facets adds up, over subjects, what facets have in a range of whole hours.
	Facets(ctx context.Context, subjects, names []string, from, to time.Time) ([]Facet, error)
	// Uncount takes all counts away.
	Uncount(ctx context.Context) error
}

// Named is an account as it was called last.
type Named struct {
	Author social.Author
	Reach  int
}
