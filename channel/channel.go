// Package channel is the contract of a network: what a channel must and may
// be able to do. Every network is one package below it, with its wire types
// kept private, and passes the suite in channeltest.
//
// A channel does not know rooms, keeps nothing by itself and writes nothing:
// it turns a network's events into social.Activity and our replies into
// posts. Whoever runs it keeps its cursor and its secrets.
//
// Abilities are small optional interfaces. What a channel can do is asked
// with a type assertion (or Abilities), never by its name.
package channel

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/social"
)

// Channel is one configured connection to a network.
type Channel interface {
	// Read turns one raw event into activities. It is a pure function of the
	// event and the configuration: reading an event again gives the same
	// activities, so that what was kept raw can be replayed. An event that
	// says nothing to us gives none. A malformed event is an error of kind
	// Invalid; the event is kept with it and the stream goes on.
	//
	// Activities come without ID and Channel; whoever called fills them in. An
	// Update may be the first that is heard of something, and a Delete may
	// name no author.
	Read(e Event) ([]social.Activity, error)
}

// Event is one thing that arrived, as it arrived.
type Event struct {
	Key    string    // unique within the channel: the same event twice has the same key
	Raw    []byte    // as the network sent it
	At     time.Time // when the network says that it happened; zero if it does not say
	Cursor string    // where to resume after this event; "" if only a batch has a cursor
}

// Batch is what a poll brought.
type Batch struct {
	Events []Event
	Cursor string        // to pass to the next Poll; kept in the same transaction as the events
	More   bool          // ask again at once
	Wait   time.Duration // how long to wait before asking again, if the network said so
}

// Poller listens by asking now and then.
type Poller interface {
	Channel
	// Poll returns what came after cursor ("" the first time: then what is
	// recent, not all the past). A failure returns no events and leaves the
	// cursor to the caller, who will ask again with the same one. Asking
	// twice with one cursor may give the same events again.
	Poll(ctx context.Context, cursor string) (Batch, error)
	// Interval is the usual time between two polls.
	Interval() time.Duration
}

// Streamer listens on a lasting connection. A channel that is a Poller too
// uses one cursor for both.
type Streamer interface {
	Channel
	// Stream calls take for every event, in order, until ctx ends or the
	// connection breaks, and resumes after cursor. take may block to slow
	// the stream down; when it returns an error, Stream returns it. A broken
	// connection is an error of kind Busy: the caller reconnects, later each
	// time. Firehose tells whether the stream is a whole public network.
	Stream(ctx context.Context, cursor string, take func(Event) error) error
	// Firehose reports that most of the stream is not about us: what is
	// neither directed at us nor matched by a monitor is then only counted.
	Firehose() bool
}

// Request is what came to a channel's webhook.
type Request struct {
	Method string // GET or POST
	URL    string // the whole address, query included, as the network called it; some signatures cover it
	Path   string // what follows the webhook's own address, without a leading slash; usually ""
	Header http.Header
	Body   []byte // already limited in size
}

// Answer is what a webhook is told, and what it brought. The events are kept
// before the network gets the answer; so what it was told is never lost.
type Answer struct {
	Events []Event
	Status int    // 0 means 204, or 200 where there is a body
	Type   string // media type of the body
	Body   []byte // an echo that proves who we are, or what the network expects
}

// Receiver listens by webhook. The address is Env.Hook.
type Receiver interface {
	Channel
	// Receive verifies a request and then takes its events out. A bad or
	// missing signature is an error of kind Unauth, found before anything is
	// parsed; so is one that is too old. The same request twice gives events
	// with the same keys, so that a replay changes nothing. A handshake gives
	// an answer without events.
	Receive(r Request) (Answer, error)
}

// Reporter is a Channel that hears what became of what we sent: delivery
// receipts, bounces, read marks.
type Reporter interface {
	Channel
	// Reports takes out of a raw event what it says about our own messages.
	// Like Read it is a pure function of the event, and called beside it: an
	// event may hold both. Reports may come twice, late and in any order.
	Reports(e Event) ([]Report, error)
}

// Sharer is a Channel that hears who passes on what was said: reposts, boosts
// and quotes.
type Sharer interface {
	Channel
	// Shares takes out of a raw event what it says about shares. Like Read it
	// is a pure function of the event, and called beside it: a quote is an
	// activity and a share. Shares may come twice, late, before their posts,
	// and of posts that nobody keeps; whoever called sorts that out. An undoing
	// need say no more than which share, and of a deleted post it may be told
	// though that shared nothing.
	Shares(e Event) ([]social.Share, error)
}

// Report is one word about a message of ours.
type Report = social.Report

// ReportState is what became of a message.
type ReportState = social.ReportState

// The states of a report, in the order in which they usually come.
const (
	ReportDelivered = social.ReportDelivered
	ReportRead      = social.ReportRead
	ReportFailed    = social.ReportFailed
)

// Expirer knows when something that the channel depends on ends: a token, a
// version of the network's API. People are warned in good time.
type Expirer interface {
	// Expiries may ask the network; it is called about once a day. What has no
	// known end is left out.
	Expiries(ctx context.Context) ([]Expiry, error)
}

// Expiry is the end of something.
type Expiry struct {
	What string // "token", "API version v21.0"
	At   time.Time
	Help string // what to do about it, in a sentence
}

// Windower is a Sender that takes replies only for some time after the
// customer's last words (Meta's 24 hours).
type Windower interface {
	// Window is how long after words that came one way a reply may go the
	// other: a private answer to public words may have longer than one to a
	// private message. 0 means for ever. The network's own refusal still
	// counts; this is known before.
	Window(came, goes social.Visibility) time.Duration
}

// Titler is a Sender whose replies bear a title: the subject of a mail.
type Titler interface {
	// Title is what a reply within a thread of that title is called.
	Title(thread string) string
}

// Copier is a Sender whose replies can go to others besides the customer: who
// is in the Cc of a mail. Send keeps its promises for all of them together.
type Copier interface {
	Sender
	// Copies is how many others may get one reply.
	Copies() int
	// Copy is as whom an address may be known, whoever is proven first: Invalid
	// where nothing can be sent to it, Conflict where it leads to ourselves.
	Copy(address string) ([]social.Author, error)
}

// Narrower is a Sender that cannot answer everything in each of its ways: a
// private chat has no public.
type Narrower interface {
	// Ways lists how an activity may be answered, by its external id, the
	// usual way first; each is one of Visibilities.
	Ways(externalID string) []social.Visibility
}

// Stopper is a Sender on whose network a customer can end all sending by one
// word: STOP on a telephone. Parley knows the words, keeps who said them, and
// sends nothing more to them.
type Stopper interface {
	// Stopped is what is said once, at once, to whoever asked for that, in
	// answer to their word; "" when the network says it itself.
	Stopped(w social.Wish) string
}

// Room says whether a text fits a network and how much is left, counted that
// network's own way.
type Room struct {
	Fits bool   `json:"fits"`
	Left int    `json:"left"` // negative when it is too long
	Max  int    `json:"max"`
	Unit string `json:"unit"` // "characters", "graphemes"
}

// Receipt says where what we posted stands.
type Receipt struct {
	ExternalID string
	URL        string
	At         time.Time
}

// Sender is a Channel that can answer.
type Sender interface {
	Channel
	// Fit says whether a text can be sent and how much room is left, by this
	// network's own way of counting.
	Fit(text string) Room
	// Send answers. It sends at most once: it never retries by itself. An
	// error of kind Busy means that it was certainly not posted and may be
	// tried later (see RetryAfter); Invalid, Forbidden, NotFound and Unauth
	// that it was refused for good; Unknown that nobody can tell whether it
	// was posted (a timeout, a broken connection after the request went
	// out): the caller then asks a Finder, and never sends again by itself.
	Send(ctx context.Context, r social.Reply) (Receipt, error)
	// Visibilities lists how a reply may be sent here, the usual one first.
	Visibilities() []social.Visibility
}

// Measurer is a Sender on which a text may be longer one way than the other.
// Fit then counts for the first of Visibilities.
type Measurer interface {
	Sender
	// FitAs is Fit for a reply of a visibility.
	FitAs(v social.Visibility, text string) Room
}

// Measure says whether a text fits as a reply of a visibility; "" is the
// usual one.
func Measure(s Sender, v social.Visibility, text string) Room {
	if m, ok := s.(Measurer); ok && v != "" {
		return m.FitAs(v, text)
	}
	return s.Fit(text)
}

// Finder can tell whether a reply of ours stands on the network.
type Finder interface {
	// Find looks for the reply by its key, or by parent and text since
	// r.Attempted. It returns NotFound when the network was read and the reply is
	// certainly not there; any other error means that it still cannot tell.
	Find(ctx context.Context, r social.Reply) (Receipt, error)
}

// Publisher can post something of our own that answers nobody.
type Publisher interface {
	// Publish has the same promises as Sender.Send.
	Publish(ctx context.Context, p Post) (Receipt, error)
}

// Post is something of our own that answers nobody.
type Post struct {
	Key       string
	Text      string
	Lang      string
	Media     []Media
	Audience  social.Audience // other than everybody only for an Aimer
	Attempted time.Time       // when it was tried, for who looks for it
}

// Aimer is a Publisher whose posts may be for fewer than everybody.
type Aimer interface {
	// Audiences lists who may be meant, everybody first. Another is refused
	// before anything is sent.
	Audiences() []social.Audience
}

// PostFinder is a Publisher that can tell whether a post of ours stands on
// the network.
type PostFinder interface {
	// FindPost looks for a post by its key, or by its text since p.Attempted,
	// with the promises of Finder.Find.
	FindPost(ctx context.Context, p Post) (Receipt, error)
}

// Reactor can like something, and take that back. Both are idempotent.
type Reactor interface {
	React(ctx context.Context, externalID string, on bool) error
}

// Meter can tell how an activity is doing.
type Meter interface {
	Metrics(ctx context.Context, externalID string) (Metrics, error)
}

// Metrics are counts at the network. A negative count means that the network
// does not tell.
type Metrics struct {
	Likes   int       `json:"likes"`
	Shares  int       `json:"shares"`
	Replies int       `json:"replies"`
	Read    time.Time `json:"read"`
}

// Profiler knows who we are on the network, and who others are.
type Profiler interface {
	// Self is our own profile. It proves that the credentials work.
	Self(ctx context.Context) (social.Author, error)
	// Profile returns what the network tells of an author, for instance the
	// handle behind a DID.
	Profile(ctx context.Context, a social.Author) (social.Author, error)
}

// RetryAfter is implemented by an error that knows how long to wait.
type RetryAfter interface{ RetryAfter() time.Duration }
