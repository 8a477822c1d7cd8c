package publish

import (
	"context"
	"io"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Store keeps what is published. What is read and locked is limited to
// social.ScopeOf(ctx), inside the query; what lies outside is NotFound.
type Store interface {
	Transactions
	Contents
	Way
	Reviews
	Planning
	Events
	Letters
}

// Transactions group what belongs together.
type Transactions interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Tell(ctx context.Context, facts ...social.Fact) error
	Record(ctx context.Context, e social.Entry) error
	Woken() <-chan struct{}
	// TakeFiles gives files their owner.
	TakeFiles(ctx context.Context, owner string, by social.MemberID, ids ...social.FileID) ([]social.File, error)
	// FreeFiles gives files back to who added them.
	FreeFiles(ctx context.Context, owner string, by social.MemberID, ids ...social.FileID) error
	File(ctx context.Context, f social.FileID) (social.File, error)
	FilesOf(ctx context.Context, owners ...string) (map[string][]social.File, error)
	OpenFile(ctx context.Context, f social.File) io.ReadSeeker
	DropFiles(ctx context.Context, owners ...string) error
}

// Query chooses contents.
type Query struct {
	State     State // a post of it stands there; "" for all
	Programme social.ProgrammeID
	Channel   social.ChannelID
	Author    social.MemberID
	Loose     bool // nothing of it has a time
	Search    string
	Cursor    string
	Limit     int
}

// Span chooses posts by their time.
type Span struct {
	From, To  time.Time // zero: open
	State     State
	Programme social.ProgrammeID
	Channel   social.ChannelID
	Newest    bool // the newest first
	Cursor    string
	Limit     int
}

// Contents keeps contents and their posts.
type Contents interface {
	// Content reads one with its posts, in the order in which they were added.
	Content(ctx context.Context, id ContentID) (Content, error)
	// Lock reads it and keeps others from changing it until the transaction ends.
	Lock(ctx context.Context, id ContentID) (Content, error)
	// Save writes a content and its posts; posts that are not in it any more go.
	Save(ctx context.Context, c *Content) error
	// Change writes posts alone.
	Change(ctx context.Context, ps ...*Post) error
	Remove(ctx context.Context, id ContentID) error
	// List reads a page, the newest change first.
	List(ctx context.Context, q Query) ([]Content, string, error)
	// Posts reads a page of posts by their time; each comes with its content,
	// which has no other posts.
	Posts(ctx context.Context, s Span) ([]Content, string, error)
	// Counts says how many posts stand in each state.
	Counts(ctx context.Context) (map[State]int, error)
	// ByPost finds the content of a post.
	ByPost(ctx context.Context, id PostID) (ContentID, error)
	// Lately reads the newest posts of a channel that left or will, since a time.
	Lately(ctx context.Context, c social.ChannelID, since time.Time, limit int) ([]Content, error)
}

// Due is a post that wants something done.
type Due struct {
	Post    PostID
	Content ContentID
	Channel social.ChannelID
	State   State
}

// Attempt is one try to publish a post.
type Attempt struct {
	Post    PostID
	N       int
	At      time.Time
	EndedAt time.Time
	Outcome State // where it led; "" while nobody knows
	Said    string
}

// Way is how posts leave.
type Way interface {
	// Due lists what wants something done by now, first come first served,
	// and when the next one will.
	Due(ctx context.Context, now time.Time, limit int) ([]Due, time.Time, error)
	// KeepAttempt writes an attempt down, or how it ended.
	KeepAttempt(ctx context.Context, a Attempt) error
	Attempts(ctx context.Context, id PostID) ([]Attempt, error)
	AddLinks(ctx context.Context, id PostID, links []social.LinkID) error
	LinksOf(ctx context.Context, ids []PostID) (map[PostID][]social.LinkID, error)
	// Unread lists published posts whose numbers want to be read.
	Unread(ctx context.Context, now time.Time, limit int) ([]Due, time.Time, error)
}

// Links makes the links in a text tracked ones.
type Links interface {
	// Track replaces links, in the transaction of ctx, and says which it made.
	Track(ctx context.Context, p *Post, c *Content, text string) (string, []social.LinkID, error)
	// Sketch is a text of the same length as the tracked one.
	Sketch(text string) string
}

// Ask is the question whether somebody may speak for the brand.
type Ask struct {
	Member     social.MemberID
	Token      string
	Permission social.Permission
	Programme  social.ProgrammeID
	Channel    social.ChannelID
}

// Gate says who may speak. Why is a sentence, "" when they may. It answers
// from the transaction of ctx where there is one.
type Gate interface {
	MayPublish(ctx context.Context, a Ask) (why, fix string, err error)
}

// Channels finds channels.
type Channels interface {
	// Channel is the connection: NotFound when there is none any more, Busy
	// while it is paused.
	Channel(ctx context.Context, id social.ChannelID) (channel.Channel, error)
	// Outlets lists the channels in scope on which one can publish.
	Outlets(ctx context.Context) ([]Outlet, error)
}

// Outlet is a channel on which one can publish.
type Outlet struct {
	ID        social.ChannelID
	Kind      string
	Name      string
	Programme social.ProgrammeID
	Handle    string // who we are there, "" where nobody knows
}

// Notices tells members something, in the transaction of ctx.
type Notices interface {
	Notify(ctx context.Context, n social.Notice) error
	Unnotify(ctx context.Context, keys ...string) error
}

// Approvers lists who may approve in a programme.
type Approvers interface {
	Approvers(ctx context.Context, p social.ProgrammeID) ([]social.MemberID, error)
}
