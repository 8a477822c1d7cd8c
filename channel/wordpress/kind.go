// Package wordpress connects blogs that run WordPress 5.7 or newer, by the REST
// API that every one of them has (https://developer.wordpress.org/rest-api/).
//
// Without a password it hears the posts and comments that everybody can read.
// With an application password (https://wordpress.org/documentation/article/application-passwords/)
// it answers comments and publishes posts, and, where that account may
// moderate, hears comments that wait for approval as well.
//
// WordPress does not tell when a comment was edited or taken away. So the
// newest ones are read again at each look, older ones in turn, and the cursor
// holds what each of them said, as a fingerprint.
package wordpress

import (
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Kind is WordPress as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "wordpress",
		Title: "WordPress",
		Site:  "blog",
		About: "Hear posts and comments on a WordPress blog, answer comments, and publish posts.",
		Steps: []channel.Step{
			{Text: "Enter the address of the blog. To follow somebody else’s, that is all: choose “somebody else’s” and leave the name and password empty."},
			{Text: "For your own: sign in to the blog as the account that speaks for you. An editor may also see comments that wait for approval; an author may answer and publish; a subscriber may answer only.", URL: "https://wordpress.org/documentation/article/roles-and-capabilities/"},
			{Text: "Open Users → Profile (at the top right: your name → Edit Profile) and go down to “Application Passwords”. The section shows only where the blog is reached by https.", URL: "https://wordpress.org/documentation/article/application-passwords/"},
			{Text: "Type “Parley” as the name, press “Add New Application Password”, and copy the password that appears; it is shown once. Paste it below, spaces and all, with the user name of that account."},
		},
		Form: []channel.Field{
			{Name: "site", Label: "Address of the blog", Type: "url", Required: true, Help: "Such as https://blog.example.com. A blog hosted by wordpress.com has another API and cannot be connected."},
			{Name: "whose", Label: "Whose blog it is", Type: "choice", Choices: []string{"ours", "somebody else’s"}, Default: "ours",
				Help: "On our own blog every comment is meant for us. On somebody else’s, only answers to our own comments are."},
			{Name: "user", Label: "User name", Type: "text", Help: "Of the account that speaks for you, as one signs in with it."},
			{Name: "password", Label: "Application password", Type: "secret", Help: "Not the password that one signs in with. Without it Parley only reads."},
			{Name: "every", Label: "Minutes between two looks", Type: "number", Default: "1", Help: "From 1 to 1440."},
		},
		New: open,
	}
}

// reader hears one blog.
type reader struct {
	site     *url.URL
	ours     bool
	user     string
	password string
	every    time.Duration
	env      channel.Env

	mu     sync.Mutex
	about  *about        // what we know of the blog and ourselves; nil until asked
	kin    map[int64]kin // comments that were met, by number
	looked time.Time     // when older ones were last looked at
}

// account is a reader with a password: it answers and publishes.
type account struct{ *reader }

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	site, err := address(s["site"])
	if err != nil {
		return nil, err
	}
	r := &reader{
		site: site, user: strings.TrimSpace(s["user"]), every: time.Minute, env: e, kin: map[int64]kin{},
		// WordPress shows it in groups of four and takes it either way.
		password: strings.Join(strings.Fields(s["password"]), ""),
	}
	switch s["whose"] {
	case "", "ours":
		r.ours = true
	case "somebody else’s", "somebody else's":
	default:
		return nil, invalid("whose", "The blog is ours or somebody else’s.")
	}
	if v := strings.TrimSpace(s["every"]); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 1440 {
			return nil, invalid("every", "The minutes between two looks are a number from 1 to 1440.")
		}
		r.every = time.Duration(n) * time.Minute
	}
	switch {
	case r.user == "" && r.password == "":
		return r, nil
	case r.user == "":
		return nil, invalid("user", "Enter the user name that the application password belongs to.")
	case r.password == "":
		return nil, invalid("password", "Enter an application password of "+r.user+", or leave the user name empty too.")
	case strings.Contains(r.user, ":"):
		return nil, invalid("user", "A user name has no colon in it.")
	}
	return &account{r}, nil
}

// address makes a base address of what people enter: a host, or the address
// of any page of the blog's administration.
func address(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	if s != "" && !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, invalid("site", "The blog is an address such as https://blog.example.com.")
	}
	if u.User != nil {
		return nil, invalid("site", "The address may not hold a password: everybody who sees the settings would see it.")
	}
	path := u.Path
	for _, end := range []string{"/wp-admin", "/wp-json", "/wp-login.php", "/index.php"} {
		path, _, _ = strings.Cut(path, end)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(path, "/")}, nil
}

// Interval is what the settings say.
func (r *reader) Interval() time.Duration { return r.every }

func invalid(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}
