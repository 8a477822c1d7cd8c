// Package feed follows web feeds: RSS, Atom and JSON Feed. It asks only for
// what has changed (conditional requests, RFC 9110), knows an entry by its
// GUID, and hears an edit when the words of an entry change.
//
// The cursor holds, for each feed, its validators and a fingerprint of every
// entry that it shows, so the channel itself keeps nothing.
package feed

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Kind is web feeds as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "feed",
		Title: "Feeds",
		Site:  "blog",
		About: "Follow blogs, news, podcasts and forums by their RSS, Atom or JSON feeds, with no account at all.",
		Steps: []channel.Step{{Text: "Enter the addresses of the sites, one per line: blogs, news, forums, a channel of videos. Parley finds the feed that a site names. If a site has several, enter the address of the one that you mean: look for “RSS” or “Feed”."}},
		Form: []channel.Field{
			{Name: "urls", Label: "Addresses", Type: "lines", Required: true, Help: "One site or feed per line, such as https://example.com or https://example.com/feed.xml."},
			{Name: "every", Label: "Minutes between two looks", Type: "number", Default: "15", Help: "From 1 to 1440."},
		},
		New: open,
	}
}

const (
	mostFeeds   = 100
	mostEntries = 5000     // of one feed
	firstFew    = 50       // entries that a feed brings when it is new
	mostBytes   = 16 << 20 // of one feed
)

type reader struct {
	urls  []string
	every time.Duration
	env   channel.Env
}

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	r := &reader{every: 15 * time.Minute, env: e}
	for line := range strings.FieldsSeq(s["urls"]) {
		bare := !strings.Contains(line, "://") // then only what looks like a host is one
		if bare {
			line = "https://" + line
		}
		u, err := url.Parse(line)
		if err != nil || u.Host == "" || bare && !strings.ContainsAny(u.Host, ".:") || u.Scheme != "https" && u.Scheme != "http" {
			return nil, invalid("urls", fmt.Sprintf("%q is not the address of a feed.", line))
		}
		if u.User != nil {
			return nil, invalid("urls", "A feed’s address may not hold a password: everybody who sees the settings would see it.")
		}
		u.Fragment = ""
		if a := u.String(); !slices.Contains(r.urls, a) {
			r.urls = append(r.urls, a)
		}
	}
	if len(r.urls) == 0 {
		return nil, invalid("urls", "Enter at least one feed.")
	}
	if len(r.urls) > mostFeeds {
		return nil, invalid("urls", fmt.Sprintf("A channel takes up to %d feeds; make another for more.", mostFeeds))
	}
	if v := strings.TrimSpace(s["every"]); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 1440 {
			return nil, invalid("every", "The minutes between two looks are a number from 1 to 1440.")
		}
		r.every = time.Duration(n) * time.Minute
	}
	return r, nil
}

// Interval is what the settings say.
func (r *reader) Interval() time.Duration { return r.every }

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}
