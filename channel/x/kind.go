// Package x connects X, formerly Twitter, by its API v2
// (https://docs.x.com/x-api/introduction).
//
// With an account it hears mentions by asking, and answers. With the app's
// bearer token and rules it hears the filtered stream as well, or alone; what
// was said while a connection was down is fetched by search when it is up
// again. X does not tell of deleted posts on these ways.
package x

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

const title = "X"

// Kind is X as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name: "x", Title: "X", Site: channel.SiteMicroblog,
		About: "Hear mentions of your account on X and whatever matches your rules, and answer there.",
		Steps: []channel.Step{
			{Text: "In X’s developer console make a project and an app. Which calls it may make, and how many, depends on what you pay.", URL: "https://console.x.com/"},
			{Text: "To hear the stream, copy the app’s bearer token, and write the rules that say what comes.", URL: "https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule"},
			{Text: "To hear mentions and answer, set the app up for OAuth 2.0 as a confidential client, and allow it as your account with the scopes tweet.read tweet.write tweet.moderate.write users.read like.write media.write offline.access.", URL: "https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code"},
			{Text: "Copy the client’s id and secret and the refresh token into the fields below. Each refresh token is good once: enter one that nobody else uses. Parley stores the next one before it goes on."},
		},
		Form: []channel.Field{
			{Name: "client_id", Label: "OAuth 2.0 client ID", Type: "text", Help: "To hear mentions and answer."},
			{Name: "client_secret", Label: "OAuth 2.0 client secret", Type: "secret", Help: "Left empty for a public client."},
			{Name: "refresh", Label: "Refresh token", Type: "secret"},
			{Name: "token", Label: "Access token", Type: "secret", Help: "If there is a fresh one; it only lasts two hours, and Parley renews it."},
			{Name: "bearer", Label: "App’s bearer token", Type: "secret", Help: "For the filtered stream."},
			{Name: "rules", Label: "Rules of the stream", Type: "lines", Help: "One a line, such as: kettle lang:en -is:retweet. Parley keeps the app’s rules the same as these, and leaves others alone."},
			{Name: "address", Label: "Address of the API", Type: "url", Default: "https://api.x.com", Help: "Leave it as it is, unless a gateway of yours stands between."},
		},
		New: open,
	}
}

// line is a connection to X.
type line struct {
	base   string
	bearer string         // of the app; "" where the stream is not heard
	oauth  *channel.OAuth // of our account; nil where there is none
	rules  []string
	env    channel.Env

	uploads channel.Uploads

	mu    sync.Mutex
	me    *wireUser
	asked time.Time
	wait  time.Duration // until mentions may be asked for again
}

// hose hears the stream alone.
type hose struct{ *line }

// account hears mentions and answers.
type account struct{ *line }

// live is an account that hears the stream too.
type live struct{ *account }

const ruleMost = 1024 // characters: https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	l := &line{bearer: strings.TrimSpace(s["bearer"]), env: e, base: "https://api.x.com"}
	if a := strings.TrimRight(strings.TrimSpace(s["address"]), "/"); a != "" {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.RawQuery != "" {
			return nil, invalid("address", "The address of the API is one such as https://api.x.com.")
		}
		l.base = a
	}
	for _, name := range []string{"client_id", "client_secret", "refresh", "token", "bearer"} {
		if strings.ContainsAny(strings.TrimSpace(s[name]), " \t\r\n") {
			return nil, invalid(name, "This is one word without spaces.")
		}
	}
	for r := range strings.Lines(s["rules"]) {
		if r = strings.Join(strings.Fields(r), " "); r == "" || slices.Contains(l.rules, r) {
			continue
		}
		if utf8.RuneCountInString(r) > ruleMost {
			return nil, invalid("rules", "A rule has at most 1,024 characters.")
		}
		l.rules = append(l.rules, r)
	}
	switch {
	case len(l.rules) > 0 && l.bearer == "":
		return nil, invalid("bearer", "To hear the stream, the app’s bearer token is needed.")
	case len(l.rules) > 100:
		return nil, invalid("rules", "At most a hundred rules can be kept here.")
	}
	refresh, client := strings.TrimSpace(s["refresh"]), strings.TrimSpace(s["client_id"])
	if refresh == "" && client == "" {
		if len(l.rules) == 0 {
			return nil, invalid("refresh", "Enter an OAuth client and a refresh token to hear mentions and answer, or a bearer token and rules to hear the stream.")
		}
		return &hose{l}, nil
	}
	if refresh == "" {
		return nil, invalid("refresh", "To act as an account, its refresh token is needed.")
	}
	if client == "" {
		return nil, invalid("client_id", "To act as an account, the OAuth client’s id is needed.")
	}
	secret := strings.TrimSpace(s["client_secret"])
	l.oauth = &channel.OAuth{Title: title, Endpoint: l.base + "/2/oauth2/token", ClientID: client, ClientSecret: secret, Basic: secret != "",
		Secret: "refresh", Refresh: refresh, Rotates: true, Env: e}
	if t := strings.TrimSpace(s["token"]); t != "" {
		l.oauth.Start(t)
	}
	a := &account{l}
	if l.bearer == "" || len(l.rules) == 0 {
		return a, nil
	}
	return &live{a}, nil
}

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

// self is our account, asked once a day.
func (l *line) self(ctx context.Context) (wireUser, error) {
	if l.oauth == nil {
		return wireUser{}, social.Errorf(social.NotFound, "This channel listens to X without an account.")
	}
	l.mu.Lock()
	me, asked := l.me, l.asked
	l.mu.Unlock()
	if me != nil && l.env.Clock.Now().Sub(asked) < 24*time.Hour {
		return *me, nil
	}
	return l.askSelf(ctx)
}

func (l *line) askSelf(ctx context.Context) (wireUser, error) {
	var w struct {
		Data wireUser `json:"data"`
	}
	if err := l.asUs(ctx, "GET", "/2/users/me", url.Values{"user.fields": {userFields}}, nil, &w); err != nil {
		return wireUser{}, err
	}
	if !ids.MatchString(w.Data.ID) {
		return wireUser{}, social.Errorf(social.Busy, "X does not say who we are.")
	}
	l.mu.Lock()
	l.me, l.asked = &w.Data, l.env.Clock.Now()
	l.mu.Unlock()
	return w.Data, nil
}
