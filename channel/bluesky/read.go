package bluesky

import (
	"cmp"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

var (
	dids  = regexp.MustCompile(`^did:[a-z]+:[A-Za-z0-9._:%-]{1,200}$`)
	rkeys = regexp.MustCompile(`^[A-Za-z0-9._:~-]{1,512}$`)
)

// Read turns a commit to somebody's posts into an activity. Everything else
// that Jetstream sends says nothing to us. Authors go by their DID; the
// handle behind it is asked for with Profile.
func (l *listener) Read(e channel.Event) ([]social.Activity, error) {
	var in envelope
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "Jetstream sent something that is not JSON of its kind.")
	}
	var ev wireEvent
	if err := json.Unmarshal(in.Event, &ev); err != nil {
		return nil, social.Because(social.Invalid, err, "Jetstream sent an event that cannot be read.")
	}
	if !dids.MatchString(ev.DID) || ev.TimeUS <= 0 {
		return nil, social.Errorf(social.Invalid, "Jetstream sent an event without author or time.")
	}
	switch ev.Kind {
	case "commit":
	case "identity", "account":
		return nil, nil
	default:
		return nil, social.Errorf(social.Invalid, "Jetstream sent an event of an unknown kind.")
	}
	c := ev.Commit
	if c == nil || c.Collection == "" || !rkeys.MatchString(c.RKey) {
		return nil, social.Errorf(social.Invalid, "Jetstream sent a commit that does not say to what.")
	}
	if c.Collection != posts {
		return nil, nil
	}
	at := time.UnixMicro(ev.TimeUS).UTC()
	a := social.Activity{
		ExternalID: uri(ev.DID, c.RKey), Form: social.FormPost, Visibility: social.Public,
		Author: social.Author{Scheme: "did", Value: ev.DID, URL: "https://bsky.app/profile/" + ev.DID},
		URL:    address(ev.DID, c.RKey), Own: ev.DID == in.Self && in.Self != "",
		Published: at, Version: text.Cut(c.Rev),
	}
	switch c.Operation {
	case "delete":
		a.Verb = social.Delete
		return []social.Activity{a}, nil
	case "create":
		a.Verb = social.Create
	case "update":
		a.Verb = social.Update
	default:
		return nil, social.Errorf(social.Invalid, "Jetstream sent a commit of an unknown sort.")
	}
	var p wirePost
	if err := json.Unmarshal(c.Record, &p); err != nil {
		return nil, social.Because(social.Invalid, err, "Somebody’s post cannot be read.")
	}
	if p.Text == nil {
		return nil, social.Errorf(social.Invalid, "Somebody’s post has no text field.")
	}
	a.Text, a.Published = p.words(), p.published(at)
	if len(p.Langs) > 0 {
		a.Lang = text.Cut(p.Langs[0])
	}
	if p.Reply != nil && p.Reply.Parent.URI != "" {
		a.Form = social.FormComment
		a.Parent, a.Root = text.Cut(p.Reply.Parent.URI), text.Cut(cmp.Or(p.Reply.Root.URI, p.Reply.Parent.URI))
	}
	a.Directed = in.Self != "" && !a.Own && p.at(in.Self)
	return []social.Activity{a}, nil
}

// at reports whether a post names, answers or quotes somebody.
func (p *wirePost) at(did string) bool {
	if p.Reply != nil && owner(p.Reply.Parent.URI) == did {
		return true
	}
	for _, f := range p.Facets {
		for _, x := range f.Features {
			if x.DID == did && strings.HasSuffix(x.Type, "#mention") {
				return true
			}
		}
	}
	if p.Embed != nil && p.Embed.Record != nil {
		r := p.Embed.Record
		return r.URI != "" && owner(r.URI) == did || r.Record != nil && owner(r.Record.URI) == did
	}
	return false
}

// words is what a reader sees: the text with links that an app has shortened
// whole again, and what describes pictures, videos and linked pages.
func (p *wirePost) words() string {
	parts := []string{p.whole()}
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			parts = append(parts, "["+s+"]")
		}
	}
	for _, e := range []*wireEmbed{p.Embed, p.Embed.media()} {
		if e == nil {
			continue
		}
		add(e.Alt)
		for _, i := range e.Images {
			add(i.Alt)
		}
		if x := e.External; x != nil {
			add(x.Title)
			if x.URI != "" && !strings.Contains(parts[0], x.URI) {
				parts = append(parts, x.URI)
			}
		}
	}
	return text.Cut(strings.TrimSpace(strings.Join(parts, "\n\n")))
}

func (e *wireEmbed) media() *wireEmbed {
	if e == nil {
		return nil
	}
	return e.Media
}

// whole puts the address back where an app shows "example.com/a-long-…".
func (p *wirePost) whole() string {
	var b strings.Builder
	s, done := *p.Text, 0
	for _, f := range p.Facets {
		from, to := f.Index.Start, f.Index.End
		if from < done || to > len(s) || from >= to {
			continue // overlapping or wrong: shown as it is
		}
		shown := s[from:to]
		for _, x := range f.Features {
			if strings.HasSuffix(x.Type, "#link") && x.URI != "" && (strings.HasSuffix(shown, "...") || strings.HasSuffix(shown, "…")) {
				b.WriteString(s[done:from])
				b.WriteString(x.URI)
				done = to
				break
			}
		}
	}
	b.WriteString(s[done:])
	return b.String()
}

// published is the author's time, unless it lies in the future of the stream.
func (p *wirePost) published(heard time.Time) time.Time {
	t, err := time.Parse(time.RFC3339Nano, p.CreatedAt)
	if err != nil || t.After(heard.Add(5*time.Minute)) || t.Year() < 2000 {
		return heard
	}
	return t.UTC().Truncate(time.Microsecond)
}

func uri(did, rkey string) string     { return "at://" + did + "/" + posts + "/" + rkey }
func address(did, rkey string) string { return "https://bsky.app/profile/" + did + "/post/" + rkey }

// owner is the DID in an at-uri.
func owner(uri string) string {
	rest, ok := strings.CutPrefix(uri, "at://")
	if !ok {
		return ""
	}
	did, _, _ := strings.Cut(rest, "/")
	return did
}
