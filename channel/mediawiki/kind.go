// Package mediawiki connects wikis that run MediaWiki 1.31 or newer, by their
// action API (https://www.mediawiki.org/wiki/API:Main_page).
//
// It follows the recent changes of the pages that are chosen, and takes of
// each edit what was added. With a bot password
// (https://www.mediawiki.org/wiki/Manual:Bot_passwords) it answers on talk
// pages: below what is answered, signed, on the revision that it has read. The
// summary of every such edit names what it answers and bears a mark made from
// the reply's key, by which the edit is found again.
package mediawiki

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Kind is MediaWiki as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "mediawiki",
		Title: "MediaWiki",
		Site:  "wiki",
		About: "Follow pages and discussions of a wiki, hear when somebody writes to you there, and answer on talk pages.",
		Steps: []channel.Step{
			{Text: "Enter the address of any page of the wiki. To follow its pages, that and what to follow is all."},
			{Text: "To be told when somebody names you, enter the user name as well."},
			{Text: "To answer: sign in to the wiki as the account that speaks for you and open Special:BotPasswords (Preferences → User profile → Manage bot passwords).", URL: "https://www.mediawiki.org/wiki/Special:BotPasswords"},
			{Text: "Type “parley” as the bot name, press Create, tick “Edit existing pages” and “Create, edit, and move pages”, and press Create again."},
			{Text: "The wiki shows a name such as “Brewell@parley” and a password, once. Paste both below."},
		},
		Form: []channel.Field{
			{Name: "site", Label: "Address of the wiki", Type: "url", Required: true, Help: "Any page of it, such as https://wiki.example.org/wiki/Main_Page, or its api.php."},
			{Name: "follow", Label: "What to follow", Type: "choice", Choices: []string{"discussions", "listed pages", "everything"}, Default: "discussions",
				Help: "Discussions are all talk pages. Listed pages are those named below, with their talk pages. What is written to you is heard in any case."},
			{Name: "pages", Label: "Pages", Type: "lines", Help: "One title per line. A title that ends with a colon, such as “Help:”, is a whole namespace."},
			{Name: "user", Label: "User name", Type: "text", Help: "With a bot password: its name, such as Brewell@parley. Without: your account’s name."},
			{Name: "password", Label: "Bot password", Type: "secret", Help: "Not the password that one signs in with. Without it Parley only reads."},
			{Name: "every", Label: "Minutes between two looks", Type: "number", Default: "1", Help: "From 1 to 1440."},
		},
		New: open,
	}
}

// reader follows one wiki.
type reader struct {
	site     *url.URL
	follow   string
	pages    []string // titles, or namespaces with a colon at the end; normal
	user     string   // the account's name
	login    string   // what one signs in with
	password string
	every    time.Duration
	env      channel.Env

	mu     sync.Mutex
	about  *about       // what we know of the wiki; nil until asked
	client *http.Client // with the cookies of our session
	in     bool         // whether we are signed in
}

// account is a reader with a password: it answers.
type account struct{ *reader }

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	site, err := address(s["site"])
	if err != nil {
		return nil, err
	}
	r := &reader{site: site, follow: s["follow"], login: strings.TrimSpace(s["user"]), password: strings.TrimSpace(s["password"]), every: time.Minute, env: e}
	r.user, _, _ = strings.Cut(r.login, "@")
	r.user = normal(r.user)
	for line := range strings.Lines(s["pages"]) {
		if line = normal(line); line != "" {
			if strings.ContainsAny(line, "[]{}|<>#") {
				return nil, invalid("pages", fmt.Sprintf("%q is not the title of a page.", line))
			}
			r.pages = append(r.pages, line)
		}
	}
	switch r.follow {
	case "":
		r.follow = "discussions"
	case "discussions", "everything":
	case "listed pages":
		if len(r.pages) == 0 {
			return nil, invalid("pages", "Enter the titles of the pages to follow.")
		}
	default:
		return nil, invalid("follow", "What is followed is discussions, listed pages or everything.")
	}
	if v := strings.TrimSpace(s["every"]); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 1440 {
			return nil, invalid("every", "The minutes between two looks are a number from 1 to 1440.")
		}
		r.every = time.Duration(n) * time.Minute
	}
	switch {
	case r.password == "":
		return r, nil
	case r.user == "":
		return nil, invalid("user", "Enter the name that the wiki showed with the bot password, such as Brewell@parley.")
	case r.login == r.user:
		return nil, invalid("user", "A bot password’s name has an @ in it, such as Brewell@parley. Do not use the account’s own password.")
	}
	return &account{r}, nil
}

func address(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	if s != "" && !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, invalid("site", "The wiki is an address such as https://wiki.example.org.")
	}
	if u.User != nil {
		return nil, invalid("site", "The address may not hold a password: everybody who sees the settings would see it.")
	}
	u.Fragment = ""
	return u, nil
}

// normal is a title as MediaWiki writes it: with spaces, and a capital first
// letter.
func normal(s string) string {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, "_", " ")), " ")
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return ""
}

// Interval is what the settings say.
func (r *reader) Interval() time.Duration { return r.every }

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}
