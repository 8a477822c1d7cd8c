package channel

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/parley-crm/parley/social"
)

// Door is a Channel that is a page of our own, on which strangers speak to
// us: a web form, a chat. There is no network behind it; Env.Take is how
// their words come in, and Env.Lines keeps the talk.
type Door interface {
	Channel
	// Serve answers a request below the door's public address (Env.Door); the
	// path of r is what follows it. It is called for whoever comes, without a
	// session, with a body that is limited in size and at a rate that is
	// limited by address. What it lets in it has checked: where the request
	// comes from, and who says that he said it. It sets the headers that
	// suit, above all who may frame it; what it does not set forbids all.
	Serve(w http.ResponseWriter, r *http.Request, from Visitor)
}

// Visitor is where a request to a door comes from.
type Visitor struct {
	IP string
}

// Line is one thing said at a door, by the visitor or by us.
type Line struct {
	ID       string // the visitor's own key for it, or the key of our reply: unique within the channel
	Visitor  string // who talks with us
	Position int64  // grows within the visitor's talk; given when it is kept
	Ours     bool
	Name     string // who of us said it; "" when nobody is named
	Text     string
	At       time.Time
}

// Lines keeps what is said at doors.
type Lines interface {
	// Add keeps a line and returns it with its position. The same ID again
	// keeps nothing and returns the first, and false.
	Add(ctx context.Context, channel social.ChannelID, l Line) (Line, bool, error)
	// After returns at most limit lines of a visitor's talk after a position, in order.
	After(ctx context.Context, channel social.ChannelID, visitor string, position int64, limit int) ([]Line, error)
	// Last returns the newest lines of a visitor's talk, in order.
	Last(ctx context.Context, channel social.ChannelID, visitor string, limit int) ([]Line, error)
	// ByID returns one line; NotFound when there is none.
	ByID(ctx context.Context, channel social.ChannelID, id string) (Line, error)
}

// Brand is how our own pages look.
type Brand struct{ Name string }

// Brought is a file in a talk at a door: of the visitor, or of us.
type Brought struct {
	ID      string // within the talk, chosen by whoever puts it there
	Line    string // with which line it stands; "" while it waits for one
	Name    string
	Type    string // by its bytes
	Alt     string // what it shows
	Size    int64
	Width   int // of a picture, in pixels; 0 otherwise
	Height  int
	Picture bool // a browser may show it in place
}

// Shelf keeps the files of talks at doors. What no line has taken after a
// while is dropped.
type Shelf interface {
	// Put keeps a file under its ID, by its name and what it shows, unless so
	// many wait already: then the error is of kind Conflict. The same ID again
	// keeps nothing and returns the first.
	Put(ctx context.Context, channel social.ChannelID, visitor string, b Brought, data []byte, most int) (Brought, error)
	// Hold gives a line these files and no others, in this order; it may come
	// to stand only after. The same again changes nothing; NotFound when one is
	// not there any more, or stands with another line.
	Hold(ctx context.Context, channel social.ChannelID, visitor, line string, ids []string) ([]Brought, error)
	// With returns the files of lines.
	With(ctx context.Context, channel social.ChannelID, visitor string, lines []string) (map[string][]Brought, error)
	// Waiting returns the files that no line has yet.
	Waiting(ctx context.Context, channel social.ChannelID, visitor string) ([]Brought, error)
	// Open opens a file of a talk; NotFound when this talk has none of that ID.
	Open(ctx context.Context, channel social.ChannelID, visitor, id string) (Brought, io.ReadSeeker, error)
	// Drop forgets a file that waits.
	Drop(ctx context.Context, channel social.ChannelID, visitor, id string) error
}

// Bringer is a Door to which more may be brought at once than words.
type Bringer interface {
	// MostBody is how many bytes a request may have; 0: as many as words.
	MostBody(r *http.Request) int64
}
