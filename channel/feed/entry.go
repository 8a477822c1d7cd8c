package feed

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// entry is one raw event: an entry of a feed, with what must be known of the
// feed to read it alone.
type entry struct {
	Feed    string     `json:"feed"` // its address
	Site    string     `json:"site,omitempty"`
	Name    string     `json:"name,omitempty"` // of the feed
	Lang    string     `json:"lang,omitempty"`
	ID      string     `json:"id"`
	Link    string     `json:"link,omitempty"`
	Title   string     `json:"title,omitempty"`
	HTML    string     `json:"html,omitempty"`
	Author  string     `json:"author,omitempty"`
	Email   string     `json:"email,omitempty"`
	At      *time.Time `json:"at,omitempty"` // when it was published, if the feed says
	Seen    time.Time  `json:"seen"`         // when this wording was first seen
	Edited  bool       `json:"edited,omitempty"`
	content string     // fingerprint
	edition int        // how often its words were changed
}

// Read turns an entry into an article.
func (r *reader) Read(e channel.Event) ([]social.Activity, error) {
	var in entry
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The entry of the feed cannot be read.")
	}
	if in.Feed == "" || in.ID == "" || in.Seen.IsZero() {
		return nil, social.Errorf(social.Invalid, "The entry of the feed has no address, id or time.")
	}
	a := social.Activity{
		ExternalID: text.Cut(in.ID), Verb: social.Create, Form: social.FormArticle, Author: in.author(),
		Title: line(in.Title), Text: text.FromHTML(in.HTML), Lang: text.Cut(in.Lang), URL: text.Cut(in.Link),
		Visibility: social.Public, Published: in.Seen.UTC(), Version: in.Seen.UTC().Format("2006-01-02T15:04:05.000000Z"),
	}
	if at := in.when(); !at.IsZero() {
		a.Published = at.UTC()
	}
	if in.Edited {
		a.Verb = social.Update
	}
	return []social.Activity{a}, nil
}

// author is whoever wrote the entry, known by mail address or by name within
// the site; or else the site.
func (in entry) author() social.Author {
	site := cmp.Or(in.Site, in.Feed)
	out := social.Author{Scheme: "url", Value: text.Cut(site), Name: line(cmp.Or(in.Author, in.Name)), URL: text.Cut(site)}
	if a, err := mail.ParseAddress(in.Email); err == nil && !strings.Contains(a.Address, "noreply") {
		out.Scheme, out.Value = "mailto", a.Address
		return out
	}
	if in.Author != "" {
		out.Value = text.Cut(site + "#" + url.PathEscape(strings.ToLower(line(in.Author))))
	}
	return out
}

func line(s string) string {
	s = strings.Join(strings.Fields(text.FromHTML(s)), " ")
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500]) + "…"
	}
	return s
}

// entries makes entries of a parsed feed, oldest first.
func entries(address string, f *gofeed.Feed, now time.Time) []entry {
	var out []entry
	base, _ := url.Parse(address)
	for i, item := range f.Items {
		if item == nil || i >= mostEntries {
			continue
		}
		e := entry{
			Feed: address, Site: absolute(base, f.Link), Name: f.Title, Lang: f.Language,
			Link: absolute(base, item.Link), Title: item.Title, HTML: richest(item), Seen: now, At: cmp.Or(item.PublishedParsed, item.UpdatedParsed),
		}
		for _, p := range append(item.Authors, f.Authors...) {
			if p != nil && (p.Name != "" || p.Email != "") {
				e.Author, e.Email = p.Name, p.Email
				break
			}
		}
		e.ID = item.GUID
		switch {
		case e.ID == "" && e.Link != "":
			e.ID = e.Link
		case e.ID == "":
			e.ID = address + "#" + fingerprint(e.Title, e.HTML)
		case !strings.Contains(e.ID, ":"):
			e.ID = address + "#" + e.ID // a GUID such as "17" is unique in its feed only
		}
		e.content = fingerprint(line(e.Title), text.FromHTML(e.HTML)) // of the words: other markup is no edit
		out = append(out, e)
	}
	return sorted(out)
}

// richest is the text of an entry: the whole content where there is one.
func richest(i *gofeed.Item) string {
	if len(strings.TrimSpace(i.Content)) >= len(strings.TrimSpace(i.Description)) {
		return i.Content
	}
	return i.Description
}

func absolute(base *url.URL, ref string) string {
	u, err := url.Parse(strings.TrimSpace(ref))
	if err != nil || ref == "" {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

func fingerprint(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}

// when is the time by which entries are put in order.
func (e entry) when() time.Time {
	if e.At != nil && e.At.Before(e.Seen) {
		return *e.At
	}
	return e.Seen
}

// event wraps an entry for keeping.
func (e entry) event() (channel.Event, error) {
	raw, err := json.Marshal(e)
	out := channel.Event{Key: fingerprint(e.ID) + "." + e.content, Raw: raw, At: e.Seen}
	if !e.Edited {
		out.At = e.when().UTC()
	}
	if e.edition > 0 { // what was said before is another event when it is said again
		out.Key += fmt.Sprint("~", e.edition)
	}
	return out, err
}
