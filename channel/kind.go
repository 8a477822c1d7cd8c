package channel

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// The kinds of site, and the ways that lead to us alone.
const (
	SiteNetwork   = "network"   // social networking
	SiteMedia     = "media"     // media sharing
	SiteMicroblog = "microblog" //
	SiteWiki      = "wiki"      //
	SiteBlog      = "blog"      //
	SiteReview    = "review"    // social review sites
	SiteBookmark  = "bookmark"  // social bookmarking
	SiteDirect    = "direct"    // mail, messages, chat, forms, webhooks
	SitePractice  = "practice"  // nobody outside
)

// Kind describes a network and makes channels of it. cmd/parley holds the one
// list of kinds.
type Kind struct {
	Name  string  // "mastodon": one lower-case word, used in `channel:` and in storage
	Title string  // "Mastodon"
	Site  string  // which of the kinds of site
	About string  // one sentence: what one hears and can do here
	Steps []Step  // how to connect it, in order
	Form  []Field // what it needs to know

	// Mark names the picture of a channel with these settings, where the
	// kind's own says too little; nil: the kind's.
	Mark func(s Settings) string

	// New makes a channel from its settings. It checks them (kind Invalid,
	// naming the field) but does not touch the network.
	New func(s Settings, e Env) (Channel, error)
}

// Step is one thing to do when connecting a channel.
type Step struct {
	Text string `json:"text"`
	URL  string `json:"url,omitempty"` // where at the network, if it is one place
}

// Field is one setting.
type Field struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Help     string   `json:"help,omitempty"`
	Type     string   `json:"type"` // "text", "url", "secret", "number", "choice", "lines"
	Choices  []string `json:"choices,omitempty"`
	Default  string   `json:"default,omitempty"`
	Required bool     `json:"required,omitempty"`

	// Make says that the form may make a value: "whsec" is a secret as
	// Standard Webhooks has it, "key" 32 random bytes in base64url.
	Make string `json:"make,omitempty"`
	// Previous names the field that keeps a secret for a while after another
	// took its place; so the other side can change over without a gap.
	Previous string `json:"previous,omitempty"`
	// Hidden fields are not typed in; Parley fills them.
	Hidden bool `json:"hidden,omitempty"`
}

// Settings are the values of a kind's form; secrets among them come unsealed.
type Settings map[string]string

// Env is what a channel may use of the world.
type Env struct {
	HTTP  *http.Client // the safe client; the only way out
	Dial  Dialer       // for lasting connections; checked the same way
	Clock clock.Clock
	Log   *slog.Logger
	Hook  string // public address of this channel's webhook; "" where Parley has no public address

	// Rotate renews a secret of this channel; nil where nothing may be kept,
	// as when settings are only tried.
	Rotate Rotate

	// What a Door has besides.
	ID    social.ChannelID                                // of this channel; "" while settings are only tried
	Door  string                                          // public address of the page; below the app's own where Parley has no public address
	Take  func(ctx context.Context, events []Event) error // keeps events; the same again changes nothing
	Lines Lines
	Shelf Shelf // nil where no files are taken
	Brand func(ctx context.Context) Brand
}

// Now is the time by the channel's clock, in UTC.
func (e Env) Now() time.Time {
	if e.Clock == nil {
		return time.Now().UTC()
	}
	return e.Clock.Now().UTC()
}

// Rotate renews a secret of a channel's form. turn is given the secret as it
// is stored now, which another may have renewed meanwhile, and returns the
// one that follows it. That is sealed and stored in a transaction of its own
// before Rotate returns nil: whoever rotates uses it only after that. One turn
// runs at a time. An empty secret, or the same, stores nothing and is no
// error; an error of turn stores nothing and is returned. What turn returned
// is not given up when ctx ends, and not lost while the process lives: if it
// cannot be stored, Rotate fails with kind Busy, and the next Rotate stores it
// before its turn. A crash between turn and storing loses it: the network then
// refuses the old one, and a person connects the channel again.
type Rotate func(ctx context.Context, name string, turn func(ctx context.Context, now string) (next string, err error)) error

// Abilities names what a channel can do, for the screen.
func Abilities(c Channel) []string {
	var out []string
	add := func(ok bool, name string) {
		if ok {
			out = append(out, name)
		}
	}
	_, poll := c.(Poller)
	_, stream := c.(Streamer)
	_, hook := c.(Receiver)
	_, send := c.(Sender)
	_, find := c.(Finder)
	_, publish := c.(Publisher)
	_, react := c.(Reactor)
	_, meter := c.(Meter)
	_, profile := c.(Profiler)
	_, report := c.(Reporter)
	_, door := c.(Door)
	_, expire := c.(Expirer)
	add(poll || stream || hook || door, "listen")
	add(poll, "poll")
	add(stream, "stream")
	add(hook, "receive")
	add(send, "reply")
	add(find, "find")
	add(publish, "publish")
	add(react, "react")
	_, moderate := c.(Moderator)
	add(moderate, "moderate")
	_, retract := c.(Retractor)
	add(retract, "retract")
	add(meter, "metrics")
	add(profile, "profile")
	_, stop := c.(Stopper)
	add(report, "report")
	_, enclose := c.(Encloser)
	add(enclose, "files")
	_, window := c.(Windower)
	add(window, "window")
	add(stop, "stop")
	add(door, "door")
	add(expire, "expiry")
	return out
}
