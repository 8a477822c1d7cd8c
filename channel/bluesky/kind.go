// Package bluesky connects the AT Protocol's microblog
// (https://atproto.com, https://docs.bsky.app).
//
// It listens through Jetstream, the public stream of everything that is said,
// which needs no account; what is about us is told by the caller's monitors,
// by the name of our account, and by who is answered. With an app password it
// answers and posts through our account's own server (PDS).
//
// A record of ours lies under a key that is made of the caller's key, so that
// saying something twice is not possible and whether it was said can be read.
package bluesky

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Kind is Bluesky as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "bluesky",
		Title: "Bluesky",
		Site:  "microblog",
		About: "Hear everything that is said in public on Bluesky, with no account at all, and answer with an app password.",
		Steps: []channel.Step{
			{Text: "To listen, nothing is needed: save, and write monitors for what you want to hear."},
			{Text: "To hear when you are named, enter your handle."},
			{Text: "To answer, make an app password under Settings → Privacy and security.", URL: "https://bsky.app/settings/app-passwords"},
		},
		Form: []channel.Field{
			{Name: "handle", Label: "Our handle", Type: "text", Help: "Such as brewell.bsky.social, without the @."},
			{Name: "password", Label: "App password", Type: "secret", Help: "Not the account’s own password. Without it Parley only listens."},
			{Name: "jetstream", Label: "Jetstream", Type: "url", Default: "wss://jetstream2.us-east.bsky.network/subscribe", Help: "The stream to listen to."},
			{Name: "service", Label: "Our account’s server", Type: "url", Default: "https://bsky.social", Help: "The personal data server (PDS) that holds our account."},
			{Name: "api", Label: "Public API", Type: "url", Default: "https://public.api.bsky.app", Help: "Where profiles and counts are read."},
			{Name: "plc", Label: "Directory", Type: "url", Default: "https://plc.directory", Help: "Where the handles behind identifiers are looked up."},
		},
		New: open,
	}
}

// listener hears the stream.
type listener struct {
	handle    string
	jetstream *url.URL
	service   *url.URL
	api       *url.URL
	plc       *url.URL
	env       channel.Env
	zstd      *zstd.Decoder // of what Jetstream compresses

	mu      sync.Mutex
	did     string // our own; "" until it was asked for
	handles map[string]known
}

type known struct {
	author social.Author
	since  time.Time
}

// account is a listener that can speak.
type account struct {
	*listener
	password string

	session struct {
		sync.Mutex
		access, refresh string
	}
	uploads channel.Uploads
}

var handles = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	unpacks, err := unpack()
	if err != nil {
		return nil, err
	}
	l := &listener{env: e, zstd: unpacks, handles: map[string]known{}}
	l.handle = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(s["handle"]), "@"))
	if l.handle != "" && !handles.MatchString(l.handle) {
		return nil, invalid("handle", "A handle looks like brewell.bsky.social.")
	}
	for _, f := range Kind().Form {
		to, ok := map[string]**url.URL{"jetstream": &l.jetstream, "service": &l.service, "api": &l.api, "plc": &l.plc}[f.Name]
		if !ok {
			continue
		}
		u, err := url.Parse(strings.TrimRight(strings.TrimSpace(cmp.Or(s[f.Name], f.Default)), "/"))
		scheme := u != nil && (u.Scheme == "https" || u.Scheme == "http" || f.Name == "jetstream" && (u.Scheme == "wss" || u.Scheme == "ws"))
		if err != nil || !scheme || u.Host == "" || u.User != nil || u.RawQuery != "" {
			return nil, invalid(f.Name, "The field "+f.Label+" is an address such as "+f.Default+".")
		}
		*to = u
	}
	password := strings.TrimSpace(s["password"])
	if password == "" {
		return l, nil
	}
	if l.handle == "" {
		return nil, invalid("handle", "An app password goes with a handle.")
	}
	return &account{listener: l, password: password}, nil
}

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}
