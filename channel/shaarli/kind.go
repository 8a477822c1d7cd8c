// Package shaarli connects lists of bookmarks that Shaarli 0.8 or newer keeps,
// by its REST API (https://shaarli.github.io/api-documentation/).
//
// It follows the list's history, so it hears edits and deletions too, and
// keeps of it what bookmarks our pages, has our words, or bears our tags.
// Bookmarks are not answered; it can add one.
package shaarli

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Kind is Shaarli as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "shaarli",
		Title: "Shaarli",
		Site:  "bookmark",
		About: "Hear who bookmarks your pages, with which tags and words, on a Shaarli, and add bookmarks.",
		Steps: []channel.Step{
			{Text: "Sign in to the Shaarli and open Tools → Configure your Shaarli. For somebody else’s list, ask its owner to do this."},
			{Text: "Tick “Enable REST API”, save, and copy the “API secret” that stands below it.", URL: "https://shaarli.readthedocs.io/en/master/REST-API.html"},
			{Text: "Paste the secret below, and say what to look for: your sites, words or tags. Leave all three empty to hear every public bookmark."},
		},
		Form: []channel.Field{
			{Name: "site", Label: "Address of the Shaarli", Type: "url", Required: true, Help: "Such as https://links.example.org."},
			{Name: "secret", Label: "API secret", Type: "secret", Required: true},
			{Name: "pages", Label: "Our pages", Type: "lines", Help: "One site or beginning of an address per line, such as brewell.com or https://brewell.com/shop. Subdomains count."},
			{Name: "words", Label: "Words", Type: "lines", Help: "One per line, looked for in title, description and address."},
			{Name: "tags", Label: "Tags", Type: "lines", Help: "One per line, without the #."},
			{Name: "whose", Label: "Whose list it is", Type: "choice", Choices: []string{"somebody else’s", "ours"}, Default: "somebody else’s", Help: "What stands on our own list is said by us."},
			{Name: "every", Label: "Minutes between two looks", Type: "number", Default: "5", Help: "From 1 to 1440."},
		},
		New: open,
	}
}

// list is one Shaarli.
type list struct {
	site   *url.URL
	secret string
	ours   bool
	pages  []*url.URL
	words  []string // in small letters
	tags   []string // the same
	every  time.Duration
	env    channel.Env
}

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	site, err := address(s["site"])
	if err != nil {
		return nil, err
	}
	l := &list{site: site, secret: strings.TrimSpace(s["secret"]), every: 5 * time.Minute, env: e}
	if l.secret == "" {
		return nil, invalid("secret", "Enter the API secret that the Shaarli shows under Tools → Configure your Shaarli.")
	}
	switch s["whose"] {
	case "", "somebody else’s", "somebody else's":
	case "ours":
		l.ours = true
	default:
		return nil, invalid("whose", "The list is ours or somebody else’s.")
	}
	for line := range strings.FieldsSeq(s["pages"]) {
		if !strings.Contains(line, "://") {
			line = "https://" + line
		}
		u, err := url.Parse(line)
		if err != nil || u.Host == "" || !strings.Contains(u.Host, ".") {
			return nil, invalid("pages", fmt.Sprintf("%q is not a site or the beginning of an address.", line))
		}
		u.Host = strings.ToLower(u.Host)
		l.pages = append(l.pages, u)
	}
	for line := range strings.Lines(s["words"]) {
		if line = strings.ToLower(strings.TrimSpace(line)); line != "" {
			l.words = append(l.words, line)
		}
	}
	for line := range strings.Lines(s["tags"]) {
		if line = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(line), "#")); line != "" {
			l.tags = append(l.tags, line)
		}
	}
	if v := strings.TrimSpace(s["every"]); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 1440 {
			return nil, invalid("every", "The minutes between two looks are a number from 1 to 1440.")
		}
		l.every = time.Duration(n) * time.Minute
	}
	return l, nil
}

func address(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	if s != "" && !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil {
		return nil, invalid("site", "The Shaarli is an address such as https://links.example.org.")
	}
	path, _, _ := strings.Cut(u.Path, "/api/v1")
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(strings.TrimSuffix(path, "/index.php"), "/")}, nil
}

// Interval is what the settings say.
func (l *list) Interval() time.Duration { return l.every }

// wants reports whether a bookmark is what we look for.
func (l *list) wants(b wireLink) bool {
	if len(l.pages)+len(l.words)+len(l.tags) == 0 {
		return true
	}
	if u, err := url.Parse(b.URL); err == nil {
		host := strings.ToLower(u.Hostname())
		for _, p := range l.pages {
			if (host == p.Hostname() || strings.HasSuffix(host, "."+p.Hostname())) && below(u.Path, p.Path) {
				return true
			}
		}
	}
	all := strings.ToLower(b.Title + "\n" + b.Description + "\n" + b.URL)
	for _, w := range l.words {
		if strings.Contains(all, w) {
			return true
		}
	}
	for _, t := range b.Tags {
		for _, want := range l.tags {
			if strings.ToLower(t) == want {
				return true
			}
		}
	}
	return false
}

// below reports whether a path is another or lies below it.
func below(path, top string) bool {
	top = strings.TrimRight(top, "/")
	return top == "" || path == top || strings.HasPrefix(path, top+"/")
}

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}
