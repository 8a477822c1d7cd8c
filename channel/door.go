package channel

import (
	"context"
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
