package engage

import (
	"context"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Store keeps conversations. What the inbox reads and locks by it is limited
// to social.ScopeOf(ctx), inside the query; what lies outside is NotFound.
type Store interface {
	Transactions
	Shelf
	Ledger
	Post
	Returns
	Margins
	TeamStore
	DeedStore
	MergeStore
	Stirrings
}

// Transactions group what belongs together.
type Transactions interface {
	// InTx runs f in a transaction; within one it joins it.
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	// Tell and Record write in the transaction of ctx.
	Tell(ctx context.Context, facts ...social.Fact) error
	Record(ctx context.Context, e social.Entry) error
	// Woken returns a channel that is closed at the next commit of this process.
	Woken() <-chan struct{}
}

// Shelf is what is read for the screen.
type Shelf interface {
	// List reads a page of the inbox.
	List(ctx context.Context, q Query) (Page, error)
	// CountSome counts what a query finds, up to most. sure is false when it
	// stopped looking before the end.
	CountSome(ctx context.Context, q Query, most int) (n int, sure bool, err error)
	// TagUses counts the visible conversations that bear one of some tags, up to most.
	TagUses(ctx context.Context, ids []social.TagID, most int) (int, error)
	Counts(ctx context.Context, member social.MemberID) (Counts, error)
	// Row reads one conversation as a member sees it.
	Row(ctx context.Context, id social.ConversationID, member social.MemberID) (Row, error)
	// Messages reads a page, newest first. Our own words come with their delivery.
	Messages(ctx context.Context, id social.ConversationID, cursor string, limit int) ([]Message, string, error)
	// Message reads one message, with its delivery.
	Message(ctx context.Context, id social.MessageID) (Message, error)
	// Holding says which conversation holds each activity; others are left out.
	Holding(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.ConversationID, error)
}

// Ledger is what the rules change, always in a transaction.
type Ledger interface {
	// Lock reads conversations and keeps others from changing them until the
	// transaction ends. One that is not visible makes it NotFound. They come
	// in the order of ids; nobody locks in another.
	Lock(ctx context.Context, ids ...social.ConversationID) ([]*Conversation, error)
	// Around finds what the store holds of the surroundings of activities and
	// locks it; it also keeps others from taking in activities meanwhile.
	Around(ctx context.Context, acts []social.Activity) (Around, error)
	// Unheard finds our words in these conversations that were tried and not
	// heard back yet, oldest first, with their deliveries.
	Unheard(ctx context.Context, ids []social.ConversationID) ([]Message, error)
	// Live reads the newest words that still stand (no events), newest first.
	Live(ctx context.Context, id social.ConversationID, limit int) ([]Message, error)
	// Save writes all of a batch.
	Save(ctx context.Context, b Batch) error
	// Count counts conversations that were saved into their new places. It is
	// the last thing that a transaction does, since many want the same counts.
	Count(ctx context.Context, cs []*Conversation) error
	// Forget removes a message that turned out to be another.
	Forget(ctx context.Context, id social.MessageID) error
	// OutOfSight names those of some messages that we hid at the network
	// ourselves (false) or took away there (true).
	OutOfSight(ctx context.Context, ids []social.MessageID) (map[social.MessageID]bool, error)
}

// Post is what leaves the house.
type Post interface {
	// Keyed reads the message with a key, NotFound if there is none.
	Keyed(ctx context.Context, key string) (Message, error)
	// External reads the message that stands at an external id.
	External(ctx context.Context, c social.ChannelID, external string) (Message, error)
	// Due lists what wants something done by now, first come first served,
	// and when the next one will. A reply whose conversation has an earlier
	// one under way is not due.
	Due(ctx context.Context, now time.Time, without []social.ChannelID, limit int) ([]Due, time.Time, error)
	// Leaving lists all replies that are queued or being sent, the oldest first.
	Leaving(ctx context.Context) ([]social.MessageID, error)
}

// Returns is what comes back of what left: reports, and the wish to hear no more.
type Returns interface {
	// KeepReport keeps a report about a message that is not known yet. It is
	// Busy when the message has become known meanwhile. What was kept for
	// long and wanted by nobody is forgotten.
	KeepReport(ctx context.Context, c social.ChannelID, r social.Report, now time.Time) error
	// KeepCopyProblem keeps why a message did not get to one of the others.
	KeepCopyProblem(ctx context.Context, id social.MessageID, address, problem string) error
	// TakeReports returns and forgets what was kept about a message.
	TakeReports(ctx context.Context, c social.ChannelID, external string) ([]social.Report, error)
	// Wish keeps that somebody wants nothing more on a channel, or does again.
	// It reports whether that changes anything; older words than those that
	// are kept change nothing.
	Wish(ctx context.Context, c social.ChannelID, who social.IdentityID, stop bool, at time.Time, m social.MessageID) (bool, error)
	// Stopped says since when somebody wants nothing more on a channel; zero
	// when they do want it.
	Stopped(ctx context.Context, c social.ChannelID, who social.IdentityID) (time.Time, error)
}

// Due is a delivery that wants something done.
type Due struct {
	Message      social.MessageID
	Conversation social.ConversationID
	Channel      social.ChannelID
	Stage        Stage
}

// Margins are small things of one member's own, and what time brings.
type Margins interface {
	// Draft reads a draft, NotFound if there is none.
	Draft(ctx context.Context, m social.MemberID, id social.ConversationID) (Draft, error)
	KeepDraft(ctx context.Context, m social.MemberID, id social.ConversationID, d Draft) error
	// KeepMentions keeps that the notes of a conversation name members.
	KeepMentions(ctx context.Context, ms []social.MemberID, c social.ConversationID, m social.MessageID, at time.Time) error
	DropDraft(ctx context.Context, m social.MemberID, id social.ConversationID) error
	MarkRead(ctx context.Context, m social.MemberID, id social.ConversationID, at time.Time) error
	// Asleep lists conversations that are snoozed until at most by.
	Asleep(ctx context.Context, by time.Time, limit int) ([]social.ConversationID, error)
}

// Around is what surrounds activities: messages that are them or that they
// answer (ours with their deliveries), and the conversations of those and of
// their threads.
type Around struct {
	Conversations []*Conversation
	Messages      []Message
}

// Batch is what changed.
type Batch struct {
	Conversations []*Conversation
	New           []*Message // a new message with a Delivery brings it along
	Changed       []*Message
	Deliveries    []*Delivery // changed
	Tagged        []Tagging
}

// Tagging is that a tag was put on a conversation, or taken away.
type Tagging struct {
	Conversation social.ConversationID
	Tag          social.TagID
	On           bool
	By           social.MemberID
	At           time.Time
}

// Heard asks listening what it knows of activities: as they are now, in any
// order; those that it does not know are left out.
type Heard interface {
	Mentions(ctx context.Context, ids []social.ActivityID) ([]social.Mention, error)
}

// Understood asks analysis what it makes of activities.
type Understood interface {
	Scores(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error)
}

// Ask is the question whether somebody may speak for the brand.
type Ask struct {
	Member     social.MemberID
	Token      string // id of the API token that was used, if one was
	Permission social.Permission
	Programme  social.ProgrammeID
	Channel    social.ChannelID
}

// Missing is one thing that an Ask lacks.
type Missing struct {
	What string `json:"what"` // "role", "acknowledgement"
	Text string `json:"text"`
	Fix  string `json:"fix,omitempty"`
}

// Verdict answers an Ask.
type Verdict struct {
	Clear   bool
	Why     string // a sentence; what is missing
	Fix     string // where in the app that is mended
	Missing []Missing
}

// Gate says who may speak. It must answer from the transaction of ctx where
// there is one, because it is asked again inside those that queue and send;
// it checks that the member is still there and still has the permission.
type Gate interface {
	Clear(ctx context.Context, a Ask) (Verdict, error)
}

// Networks finds the connection behind a channel: NotFound when there is
// none any more, Busy while it is paused.
type Networks interface {
	Channel(ctx context.Context, id social.ChannelID) (channel.Channel, error)
}

// Links makes the links in a text tracked ones, in the transaction of ctx.
type Links interface {
	Track(ctx context.Context, c social.ConversationID, m social.MessageID, text string) (string, error)
}

// Mate is somebody to whom a conversation can be given.
type Mate struct {
	ID   social.MemberID
	Name string
}

// Mates knows who works at the desk and may see conversations of a programme
// ("" for those of none).
type Mates interface {
	Mates(ctx context.Context, p social.ProgrammeID) ([]Mate, error)
}

// Tags asks governing for the vocabulary, as the actor of ctx may use it.
type Tags interface {
	Vocabulary(ctx context.Context) ([]social.Tag, error)
}

// Kinds says of which network each channel is.
type Kinds interface {
	ChannelKinds(ctx context.Context) (map[social.ChannelID]string, error)
}

// Consents asks the ledger of consents, in the transaction of ctx, whether
// somebody may be written to for service on a channel; why says why not. The
// answer is kept under the reference, where there is one.
type Consents interface {
	MayServe(ctx context.Context, who social.IdentityID, channel social.ChannelID, reference string) (may bool, why string, err error)
}

// Notices tells members what they ought to know, in the transaction of ctx.
type Notices interface {
	Notify(ctx context.Context, n social.Notice) error
	Unnotify(ctx context.Context, keys ...string) error
}
