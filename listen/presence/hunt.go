package presence

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/net/html"
)

// hunt is one search at work.
type hunt struct {
	r        *Register
	ask      Ask
	mu       sync.Mutex
	controls map[string]*control // by site
}

// control is how a site answers for a name that cannot exist.
type control struct {
	once sync.Once
	page page
	err  error
}

// answer is what came of a question.
type answer struct {
	url     string
	found   []Candidate
	unclear string
}

// put asks one question.
func (h *hunt) put(ctx context.Context, q question) answer {
	switch q.how {
	case "home":
		return h.home(ctx, q)
	case "atproto":
		return h.did(ctx, q)
	case "dns":
		return h.dns(ctx, q)
	case "webfinger":
		return h.finger(ctx, q)
	case "bluesky":
		return h.bluesky(ctx, q)
	}
	return h.known(ctx, q)
}

// home reads the company's own page: what it links to as "me", as feeds, and
// to known networks.
func (h *hunt) home(ctx context.Context, q question) answer {
	p, err := h.get(ctx, q.url, "text/html")
	if err != nil {
		return answer{url: q.url, unclear: unreachable(err)}
	}
	if p.status != http.StatusOK {
		return answer{url: q.url, unclear: fmt.Sprintf("It answers with %d.", p.status)}
	}
	out := answer{url: q.url, found: []Candidate{{Kind: Owned, Network: "web", Name: q.name, URL: p.url, Confidence: 0.95,
		Evidence: []Evidence{{How: "link", URL: q.url, Why: "It is the home page of " + q.name + "."}}}}}
	for _, l := range links(p.body, p.url) {
		c := Candidate{URL: l.url, Name: l.text}
		switch {
		case l.feed:
			c.Kind, c.Network, c.Confidence = Blog, "feed", 0.9
			c.Evidence = []Evidence{{How: "feed", URL: q.url, Why: l.text}}
		default:
			network, kind, handle := h.networkOf(l.url)
			if network == "" && !l.me {
				continue
			}
			if network == "" {
				network, kind = "web", Owned
			}
			c.Kind, c.Network, c.Handle, c.Name = kind, network, handle, ""
			c.Confidence, c.Evidence = 0.9, []Evidence{{How: "link", URL: q.url}}
			if l.me {
				c.Confidence, c.Evidence[0].How = 0.95, "rel-me"
			}
		}
		if len(out.found) < 60 {
			out.found = append(out.found, c)
		}
	}
	return out
}

// networkOf tells a network's profile by its address; "" for what is none.
func (h *hunt) networkOf(address string) (network string, kind Kind, handle string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", "", ""
	}
	is := Address(address)
	for _, s := range h.r.Places.Known {
		before, after, _ := strings.Cut(s.URL, "{}")
		if strings.Contains(before, "://") && strings.Count(before, "/") == 2 { // {}.tumblr.com
			suffix := strings.TrimSuffix(after, "/")
			if name, ok := strings.CutSuffix(u.Host, suffix); ok && name != "" && !strings.Contains(name, ".") && name != "www" {
				return s.Network, s.Kind, name
			}
			continue
		}
		prefix := Address(before)
		if strings.HasSuffix(before, "/") {
			prefix += "/"
		}
		if rest, ok := strings.CutPrefix(is, prefix); ok && rest != "" && !strings.Contains(rest, "/") && !reserved[rest] {
			return s.Network, s.Kind, rest
		}
	}
	if path := strings.Trim(u.Path, "/"); strings.HasPrefix(path, "@") && !strings.Contains(path, "/") { // the usual address in the fediverse
		return "fediverse", Microblog, strings.TrimPrefix(path, "@") + "@" + u.Host
	}
	if rest, ok := strings.CutPrefix(is, "bsky.app/profile/"); ok && !strings.Contains(rest, "/") {
		return "bluesky", Microblog, rest
	}
	return "", "", ""
}

// reserved are pages of networks that are nobody's profile.
var reserved = map[string]bool{"share": true, "sharer": true, "sharer.php": true, "intent": true, "home": true, "search": true, "login": true, "about": true,
	"privacy": true, "terms": true, "explore": true, "help": true, "tr": true, "dialog": true, "policies": true, "watch": true, "hashtag": true}

// did reads the AT Protocol handle of a domain over HTTPS.
func (h *hunt) did(ctx context.Context, q question) answer {
	p, err := h.get(ctx, q.url, "text/plain")
	if err != nil {
		return answer{url: q.url, unclear: unreachable(err)}
	}
	did := strings.TrimSpace(string(p.body[:min(len(p.body), 300)]))
	if p.status != http.StatusOK || !isDID(did) {
		return answer{url: q.url}
	}
	return answer{url: q.url, found: []Candidate{{Kind: Microblog, Network: "bluesky", Name: q.name, Handle: q.name, URL: "https://bsky.app/profile/" + q.name,
		Confidence: 0.97, Evidence: []Evidence{{How: "atproto", URL: q.url, Why: did}}}}}
}

func isDID(s string) bool {
	return (strings.HasPrefix(s, "did:plc:") || strings.HasPrefix(s, "did:web:")) && len(s) > 10 && !strings.ContainsAny(s, " \t\r\n<>")
}

// dns reads the AT Protocol handle of a domain out of its TXT record, through
// DNS over HTTPS (RFC 8484's JSON form).
func (h *hunt) dns(ctx context.Context, q question) answer {
	p, err := h.get(ctx, q.url, "application/dns-json")
	if err != nil {
		return answer{url: q.url, unclear: unreachable(err)}
	}
	var said struct {
		Status int
		Answer []struct{ Data string }
	}
	if p.status != http.StatusOK || !decode(p.body, &said) {
		return answer{url: q.url, unclear: "The name service gave no answer that can be read."}
	}
	for _, a := range said.Answer {
		if did, ok := strings.CutPrefix(strings.Trim(a.Data, `"`), "did="); ok && isDID(did) {
			return answer{url: q.url, found: []Candidate{{Kind: Microblog, Network: "bluesky", Name: q.name, Handle: q.name, URL: "https://bsky.app/profile/" + q.name,
				Confidence: 0.97, Evidence: []Evidence{{How: "dns", URL: "_atproto." + q.name, Why: did}}}}}
		}
	}
	return answer{url: q.url}
}

// finger asks for an account by WebFinger (RFC 7033).
func (h *hunt) finger(ctx context.Context, q question) answer {
	p, err := h.get(ctx, q.url, "application/jrd+json, application/json")
	if err != nil {
		return answer{url: q.url, unclear: unreachable(err)}
	}
	switch p.status {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone, http.StatusBadRequest:
		return answer{url: q.url}
	default:
		return answer{url: q.url, unclear: fmt.Sprintf("It answers with %d, which says neither yes nor no.", p.status)}
	}
	var jrd struct {
		Subject string
		Links   []struct{ Rel, Type, Href string }
	}
	if !decode(p.body, &jrd) || !strings.HasPrefix(jrd.Subject, "acct:") {
		return answer{url: q.url} // a page for everything, not WebFinger
	}
	handle := strings.TrimPrefix(jrd.Subject, "acct:")
	if name, _, _ := strings.Cut(handle, "@"); !strings.EqualFold(name, q.name) {
		return answer{url: q.url}
	}
	at := ""
	for _, l := range jrd.Links {
		if l.Rel == "http://webfinger.net/rel/profile-page" || at == "" && l.Rel == "self" {
			at = l.Href
		}
	}
	if Address(at) == "" {
		return answer{url: q.url}
	}
	c := Candidate{Kind: Microblog, Network: "fediverse", Name: q.name, Handle: handle, URL: at, Confidence: 0.5,
		Evidence: []Evidence{{How: "webfinger", URL: q.url, Why: jrd.Subject}}}
	if h.ours(at) || h.ours(q.url) {
		c.Confidence = 0.95
	} else if back := h.back(ctx, at); back != "" {
		c.Confidence = 0.9
		c.Evidence = append(c.Evidence, Evidence{How: "back", URL: at, Why: back})
	}
	return answer{url: q.url, found: []Candidate{c}}
}

// ours reports whether an address lies on one of the company's domains.
func (h *hunt) ours(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	for _, d := range h.ask.Domains {
		d = strings.TrimPrefix(d, "http://")
		if u.Host == d || strings.HasSuffix(u.Host, "."+d) {
			return true
		}
	}
	return false
}

// back looks whether a profile's page links to one of our domains.
func (h *hunt) back(ctx context.Context, address string) string {
	p, err := h.get(ctx, address, "text/html")
	if err != nil || p.status != http.StatusOK {
		return ""
	}
	return h.namesUs(p)
}

func (h *hunt) namesUs(p page) string {
	for _, l := range links(p.body, p.url) {
		if h.ours(l.url) {
			return l.url
		}
	}
	return ""
}

// bluesky asks the public AppView.
func (h *hunt) bluesky(ctx context.Context, q question) answer {
	p, err := h.get(ctx, q.url, "application/json")
	if err != nil {
		return answer{url: q.url, unclear: unreachable(err)}
	}
	var who struct{ DID, Handle, DisplayName, Description string }
	switch {
	case p.status == http.StatusBadRequest || p.status == http.StatusNotFound:
		return answer{url: q.url}
	case p.status != http.StatusOK || !decode(p.body, &who) || !isDID(who.DID):
		return answer{url: q.url, unclear: fmt.Sprintf("It answers with %d, which says neither yes nor no.", p.status)}
	}
	c := Candidate{Kind: Microblog, Network: "bluesky", Name: who.DisplayName, Handle: who.Handle, URL: "https://bsky.app/profile/" + who.Handle, Confidence: 0.5,
		Evidence: []Evidence{{How: "page", URL: q.url, Why: who.DID}}}
	for _, d := range h.ask.Domains {
		if strings.Contains(strings.ToLower(who.Description), strings.TrimPrefix(d, "http://")) {
			c.Confidence = 0.75
			c.Evidence = append(c.Evidence, Evidence{How: "back", URL: c.URL, Why: d})
		}
	}
	return answer{url: q.url, found: []Candidate{c}}
}

// known looks at the usual address on a network. Sites that answer the same
// for a name that cannot exist say nothing; that is told instead of guessed.
func (h *hunt) known(ctx context.Context, q question) answer {
	p, err := h.get(ctx, q.url, "text/html")
	if err != nil {
		return answer{url: q.url, unclear: unreachable(err)}
	}
	switch p.status {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone:
		return answer{url: q.url}
	default:
		return answer{url: q.url, unclear: fmt.Sprintf("%s answers with %d, which says neither yes nor no.", q.site.Network, p.status)}
	}
	c := h.control(ctx, q.site)
	switch {
	case c.err != nil:
		return answer{url: q.url, unclear: "It cannot be told from a name that does not exist: " + unreachable(c.err)}
	case c.page.status == http.StatusOK:
		return answer{url: q.url, unclear: q.site.Network + " shows a page for names that do not exist as well."}
	case c.page.status != http.StatusNotFound && c.page.status != http.StatusGone:
		return answer{url: q.url, unclear: fmt.Sprintf("%s answers with %d for a name that cannot exist, so a page proves nothing.", q.site.Network, c.page.status)}
	}
	out := Candidate{Kind: q.site.Kind, Network: q.site.Network, Name: titleOf(p.body), Handle: q.name, URL: q.url, Confidence: 0.35,
		Evidence: []Evidence{{How: "page", URL: q.url, Why: titleOf(p.body)}}}
	for _, n := range h.ask.Names {
		if strings.Contains(strings.ToLower(out.Name), strings.ToLower(n)) {
			out.Confidence = 0.5
		}
	}
	if back := h.namesUs(p); back != "" {
		out.Confidence = 0.9
		out.Evidence = append(out.Evidence, Evidence{How: "back", URL: q.url, Why: back})
	}
	return answer{url: q.url, found: []Candidate{out}}
}

// control asks a site once for a name that cannot exist.
func (h *hunt) control(ctx context.Context, s Site) *control {
	h.mu.Lock()
	c := h.controls[s.URL]
	if c == nil {
		c = &control{}
		h.controls[s.URL] = c
	}
	h.mu.Unlock()
	c.once.Do(func() {
		b := make([]byte, 8)
		_, _ = rand.Read(b) // never fails
		name := "zq" + hex.EncodeToString(b)
		if s.Domain {
			name += ".example"
		}
		c.page, c.err = h.get(ctx, strings.ReplaceAll(s.URL, "{}", name), "text/html")
	})
	return c
}

// link is a link on a page.
type link struct {
	url, text string
	me, feed  bool
}

// linksMost is how many links of a page are read.
const linksMost = 500

// links reads the links of a page: anchors and <link>, made whole.
func links(body []byte, base string) []link {
	root, err := url.Parse(base)
	if err != nil {
		return nil
	}
	var out []link
	seen := map[string]bool{}
	z := html.NewTokenizer(bytes.NewReader(body))
	for len(out) < linksMost {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "a" && t.Data != "link" {
				continue
			}
			at := map[string]string{}
			for _, a := range t.Attr {
				at[a.Key] = a.Val
			}
			u, err := root.Parse(strings.TrimSpace(at["href"]))
			if err != nil || Address(u.String()) == "" || len(u.String()) > 500 {
				continue
			}
			u.Fragment = ""
			rel := " " + strings.ToLower(at["rel"]) + " "
			l := link{url: u.String(), me: strings.Contains(rel, " me ")}
			l.feed = t.Data == "link" && strings.Contains(rel, " alternate ") && feedTypes[strings.ToLower(strings.TrimSpace(at["type"]))]
			l.text = short(at["title"])
			if t.Data == "link" && !l.me && !l.feed || seen[l.url] && !l.me {
				continue
			}
			seen[l.url] = true
			out = append(out, l)
		}
	}
	return out
}

var feedTypes = map[string]bool{"application/rss+xml": true, "application/atom+xml": true, "application/feed+json": true}

// titleOf reads the title of a page.
func titleOf(body []byte) string {
	z := html.NewTokenizer(bytes.NewReader(body))
	for range 2000 {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == "title" {
				if z.Next() == html.TextToken {
					return short(string(z.Text()))
				}
				return ""
			}
		}
	}
	return ""
}

func short(s string) string {
	r := []rune(strings.Join(strings.Fields(strings.ReplaceAll(strings.ToValidUTF8(html.UnescapeString(s), ""), "\x00", "")), " "))
	return string(r[:min(len(r), 200)])
}
