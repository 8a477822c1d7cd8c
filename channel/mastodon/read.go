package mastodon

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Read turns a status, an edit or a deletion into an activity. A boost says
// nothing of its own and gives none.
func (l *listener) Read(e channel.Event) ([]social.Activity, error) {
	var in envelope
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The server sent something that is not JSON of its kind.")
	}
	switch in.Event {
	case "delete":
		return gone(in, e.At)
	case "status", "edit":
		return spoken(in)
	case "reblog":
		_, err := boosted(in)
		return nil, err
	}
	return nil, social.Errorf(social.Invalid, "The server sent an event of an unknown sort.")
}

func gone(in envelope, at time.Time) ([]social.Activity, error) {
	var id string
	if err := json.Unmarshal(in.Payload, &id); err != nil || id == "" {
		return nil, social.Because(social.Invalid, err, "The server sent a deletion that does not say of what.")
	}
	if in.At != nil {
		at = *in.At
	}
	return []social.Activity{{
		ExternalID: text.Cut(id), Verb: social.Delete, Form: social.FormPost, Visibility: social.Public, Published: at.UTC(),
		Version: version(at),
	}}, nil
}

func spoken(in envelope) ([]social.Activity, error) {
	var s wireStatus
	if err := json.Unmarshal(in.Payload, &s); err != nil {
		return nil, social.Because(social.Invalid, err, "The server sent a post that cannot be read.")
	}
	if s.ID == "" || s.CreatedAt == nil || s.CreatedAt.IsZero() || s.Account.Acct == "" || s.Account.ID == "" {
		return nil, social.Errorf(social.Invalid, "The server sent a post without id, author or time.")
	}
	if s.Reblog != nil {
		return nil, nil
	}
	a := social.Activity{
		ExternalID: text.Cut(s.ID), Verb: social.Create, Form: social.FormPost, Author: author(s.Account, in.Host),
		Text: words(s), Lang: text.Cut(s.Language), URL: text.Cut(cmp.Or(s.URL, s.URI)),
		Parent: text.Cut(s.InReplyTo), Root: text.Cut(in.Root), Visibility: social.Public,
		Own: in.Self != "" && s.Account.ID == in.Self, Reach: max(0, s.Account.Followers),
		Likes: max(0, s.Favourites), Shares: max(0, s.Reblogs),
		Published: s.CreatedAt.UTC(), Version: version(*s.CreatedAt),
	}
	if s.InReplyTo != "" {
		a.Form = social.FormComment
	}
	switch s.Visibility {
	case "direct":
		a.Form, a.Visibility = social.FormDirect, social.Direct
	case "private", "limited", "mutuals_only":
		a.Visibility = social.Direct // for followers: not to be answered in public
	}
	if s.EditedAt != nil && !s.EditedAt.IsZero() {
		a.Verb, a.Version = social.Update, version(*s.EditedAt)
	}
	if !a.Own && in.Self != "" {
		a.Directed = a.Visibility == social.Direct && s.Visibility == "direct" || s.InReplyToAccount == in.Self
		for _, m := range s.Mentions {
			a.Directed = a.Directed || m.ID == in.Self
		}
	}
	return []social.Activity{a}, nil
}

// words is what a reader of the post sees: its warning, its text, and the
// descriptions of its pictures.
func words(s wireStatus) string {
	parts := []string{text.FromHTML(s.Spoiler), text.FromHTML(s.Content)}
	for _, m := range s.Media {
		if d := strings.TrimSpace(m.Description); d != "" {
			parts = append(parts, "["+d+"]")
		}
	}
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return text.Cut(strings.Join(out, "\n\n"))
}

// version is a time that sorts as text.
func version(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

func author(a wireAccount, host string) social.Author {
	acct := text.Cut(a.Acct)
	if !strings.Contains(acct, "@") {
		acct += "@" + text.Cut(host)
	}
	return social.Author{
		Scheme: "acct", Value: acct, Handle: acct, Name: text.Cut(a.Name), URL: text.Cut(a.URL),
		Avatar: text.Cut(a.Avatar), Followers: max(0, a.Followers), Bot: a.Bot, Links: elsewhere(a),
	}
}

// event wraps a status for keeping. Its key is the same wherever it came
// from, and another once it was edited.
func (a *about) event(raw json.RawMessage, root string) (channel.Event, error) {
	var s wireStatus
	_ = json.Unmarshal(raw, &s) // what cannot be read is kept as it is; Read says what is wrong
	in := envelope{Event: "status", Self: a.self.ID, Host: a.host, Root: root, Payload: compact(raw)}
	e := channel.Event{Key: s.ID}
	if s.CreatedAt != nil {
		e.At = s.CreatedAt.UTC()
	}
	if s.EditedAt != nil && !s.EditedAt.IsZero() {
		in.Event, e.At = "edit", s.EditedAt.UTC()
		e.Key += "@" + version(e.At)
	}
	if s.ID == "" {
		e.Key = "?" + digest(raw)
	}
	var err error
	e.Raw, err = json.Marshal(in)
	return e, err
}

func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}
