package evidence

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/parley-crm/parley/people/resolve"
	"github.com/parley-crm/parley/social"
)

var (
	linkIn   = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"'|]{3,200}`)
	fediIn   = regexp.MustCompile(`(?:^|[\s(:,|/])@([A-Za-z0-9_][A-Za-z0-9_.\-]{0,63})@([A-Za-z0-9][A-Za-z0-9.\-]{0,100}\.[A-Za-z]{2,24})`)
	skyIn    = regexp.MustCompile(`(?i)(?:^|[\s(:,|])@?([a-z0-9][a-z0-9\-]{1,30}\.bsky\.social)\b`)
	handleIn = regexp.MustCompile(`(?i)\b(twitter|x|telegram|instagram|insta|ig|youtube|threads)\b[^@\n]{0,6}@([A-Za-z0-9_][A-Za-z0-9_.]{1,40})(?:[^@A-Za-z0-9_.]|$)`)
	plainIn  = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.\-]{1,63}$`)
)

// accounts finds accounts and pages that a line names.
func accounts(line string) (out []resolve.Contact) {
	for _, l := range linkIn.FindAllString(line, 6) {
		if c, ok := Page(l); ok {
			out = append(out, c)
		}
	}
	for _, m := range fediIn.FindAllStringSubmatch(line, 4) {
		out = append(out, fedi(m[1], m[2]))
	}
	for _, m := range skyIn.FindAllStringSubmatch(line, 4) {
		out = append(out, on("bluesky", m[1]))
	}
	for _, m := range handleIn.FindAllStringSubmatch(line, 4) {
		out = append(out, on(nets[strings.ToLower(m[1])], m[2]))
	}
	return out
}

// nets is what networks are called.
var nets = map[string]string{"twitter": "x", "x": "x", "telegram": "telegram", "instagram": "instagram", "insta": "instagram", "ig": "instagram", "youtube": "youtube", "threads": "threads"}

// networks by the hosts of their profiles.
var networks = map[string]string{"x.com": "x", "twitter.com": "x", "t.me": "telegram", "telegram.me": "telegram", "instagram.com": "instagram", "youtube.com": "youtube",
	"threads.net": "threads", "threads.com": "threads", "tiktok.com": "tiktok", "medium.com": "medium", "github.com": "github", "gitlab.com": "gitlab", "facebook.com": "facebook"}

// notNames are first parts of paths that name nobody.
var notNames = set(`i home search intent share hashtag explore p reel reels s joinchat watch channel c user playlist login about settings orgs features groups pages profile.php events story stories`)

// on is an account of a network that names it in one word.
func on(network, name string) resolve.Contact {
	return resolve.Contact{Kind: Account, Value: network + ":" + strings.ToLower(strings.TrimRight(name, "."))}
}

// fedi is an account of a server of the fediverse.
func fedi(user, host string) resolve.Contact {
	return on("acct", user+"@"+strings.TrimRight(host, "."))
}

// Page says which account an address is the page of; of another address it
// makes a site.
func Page(address string) (resolve.Contact, bool) {
	address = strings.TrimRight(strings.TrimSpace(address), ".,;:!?)]}»”’")
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || len(address) > 300 || u.Host == "" || !strings.Contains(u.Hostname(), ".") || u.User != nil {
		return resolve.Contact{}, false
	}
	host := strings.ToLower(u.Host)
	for _, p := range []string{"www.", "m.", "mobile."} {
		host = strings.TrimPrefix(host, p)
	}
	path := strings.Trim(u.Path, "/")
	first, rest, _ := strings.Cut(path, "/")
	switch {
	case host == "bsky.app":
		if name, _, _ := strings.Cut(rest, "/"); first == "profile" && name != "" {
			return on("bluesky", name), true
		}
		return resolve.Contact{}, false
	case host == "wa.me":
		return resolve.Phone("+" + strings.TrimPrefix(first, "+"))
	case host == "linkedin.com":
		if name, _, _ := strings.Cut(rest, "/"); first == "in" && plainIn.MatchString(name) {
			return on("linkedin", name), true
		}
		return resolve.Contact{}, false
	case networks[host] != "":
		name := strings.TrimPrefix(first, "@")
		if !plainIn.MatchString(name) || notNames[strings.ToLower(first)] || rest != "" {
			return resolve.Contact{}, false
		}
		return on(networks[host], name), true
	}
	if user, ok := strings.CutPrefix(first, "@"); ok && rest == "" {
		user, elsewhere, _ := strings.Cut(user, "@")
		if elsewhere != "" {
			host = strings.ToLower(elsewhere)
		}
		return fedi(user, host), plainIn.MatchString(user) || len(user) == 1
	}
	if first == "users" && plainIn.MatchString(rest) {
		return fedi(rest, host), true
	}
	value := host
	if path != "" {
		value += "/" + path
	}
	if u.RawQuery != "" {
		value += "?" + u.RawQuery
	}
	return resolve.Contact{Kind: Site, Value: value}, len(value) <= 200
}

// Own lists the accounts that an author is, as others name them.
func Own(a social.Author) (out []resolve.Contact) {
	add := func(c resolve.Contact, ok bool) {
		if ok {
			out = append(out, c)
		}
	}
	handle := strings.TrimPrefix(a.Handle, "@")
	switch a.Scheme {
	case "acct":
		user, host, ok := strings.Cut(a.Folded(), "@")
		add(fedi(user, host), ok && user != "" && host != "")
	case "did":
		add(on("bluesky", a.Folded()), a.Value != "")
		add(on("bluesky", handle), handle != "" && !strings.HasPrefix(handle, "did:"))
	case "x", "telegram", "instagram", "youtube":
		add(on(a.Scheme, handle), plainIn.MatchString(handle))
	case "url":
		add(Page(a.Value))
	}
	return out
}
