// Package mastodon connects servers that speak Mastodon's client API:
// Mastodon itself, GoToSocial, Pleroma, Akkoma and others
// (https://docs.joinmastodon.org/api/).
//
// With a token it hears mentions, direct messages and, if asked, timelines,
// by polling or by a lasting connection, and answers. Without one it can only
// poll public timelines, where the server shows them to strangers.
package mastodon

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Kind is the Mastodon API as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "mastodon",
		Title: "Mastodon",
		Site:  "microblog",
		About: "Hear mentions, direct messages, hashtags and timelines on Mastodon, GoToSocial, Pleroma or Akkoma, and answer there.",
		Steps: []channel.Step{
			{Text: "Sign in to your server as the account that speaks for you."},
			{Text: "Under Preferences → Development, make a new application with the scopes read and write.", URL: "https://docs.joinmastodon.org/client/token/"},
			{Text: "Copy its access token into the field below."},
		},
		Form: []channel.Field{
			{Name: "server", Label: "Server", Type: "url", Required: true, Help: "The address of your account’s server, such as https://mastodon.social."},
			{Name: "token", Label: "Access token", Type: "secret", Help: "Without a token Parley can only follow public timelines of servers that show them to strangers."},
			{Name: "tags", Label: "Hashtags to follow", Type: "lines", Help: "One hashtag per line, without the #."},
			{Name: "public", Label: "Public timeline", Type: "choice", Choices: []string{"none", "local", "all"}, Default: "none",
				Help: "Local is what people on this server say; all is everything that the server knows of."},
			{Name: "home", Label: "Home timeline", Type: "choice", Choices: []string{"no", "yes"}, Default: "no",
				Help: "What the accounts say that ours follows."},
		},
		New: open,
	}
}

// source is something to poll.
type source struct {
	name   string // in the cursor
	path   string
	query  url.Values
	stream string // what the streaming API calls it
	tag    string
}

// listener hears one server.
type listener struct {
	server  *url.URL
	token   string
	env     channel.Env
	sources []source

	mu     sync.Mutex
	about  *about // what we know of the server and ourselves; nil until asked
	roots  map[string]string
	looked time.Time // for edits

	uploads channel.Uploads
}

// account is a listener with a token: it hears what is directed at it,
// streams and answers.
type account struct{ *listener }

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	server, err := address(s["server"])
	if err != nil {
		return nil, err
	}
	l := &listener{server: server, token: strings.TrimSpace(s["token"]), env: e, roots: map[string]string{}}
	if strings.ContainsAny(l.token, " \t\r\n") {
		return nil, invalid("token", "The access token is one word without spaces.")
	}
	if l.token != "" {
		l.sources = append(l.sources, source{name: "n", path: "/api/v1/notifications", query: url.Values{"types[]": {"mention", "reblog"}}, stream: "user"})
	}
	switch s["home"] {
	case "", "no":
	case "yes":
		if l.token == "" {
			return nil, invalid("home", "The home timeline needs an access token.")
		}
		l.sources = append(l.sources, source{name: "h", path: "/api/v1/timelines/home", stream: "user"})
	default:
		return nil, invalid("home", "The home timeline is followed or not: yes or no.")
	}
	switch s["public"] {
	case "", "none":
	case "local":
		l.sources = append(l.sources, source{name: "p", path: "/api/v1/timelines/public", query: url.Values{"local": {"true"}}, stream: "public:local"})
	case "all":
		l.sources = append(l.sources, source{name: "p", path: "/api/v1/timelines/public", stream: "public"})
	default:
		return nil, invalid("public", "The public timeline is none, local or all.")
	}
	for tag := range strings.FieldsFuncSeq(s["tags"], func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ' ' }) {
		tag = strings.TrimPrefix(tag, "#")
		if tag == "" || strings.ContainsAny(tag, "/?#%\\") {
			return nil, invalid("tags", fmt.Sprintf("%q is not a hashtag.", tag))
		}
		src := source{name: "t:" + strings.ToLower(tag), path: "/api/v1/timelines/tag/" + url.PathEscape(tag), stream: "hashtag", tag: strings.ToLower(tag)}
		if !slices.ContainsFunc(l.sources, func(o source) bool { return o.name == src.name }) {
			l.sources = append(l.sources, src)
		}
	}
	if len(l.sources) == 0 {
		return nil, invalid("token", "Enter an access token, or a hashtag or public timeline to follow.")
	}
	if l.token == "" {
		return l, nil
	}
	return &account{l}, nil
}

// address makes a base address of what people enter: a host, or a URL.
func address(s string) (*url.URL, error) {
	s = strings.TrimRight(strings.TrimSpace(s), "/")
	if s != "" && !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" {
		return nil, invalid("server", "The server is an address such as https://mastodon.social.")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}, nil
}

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}
