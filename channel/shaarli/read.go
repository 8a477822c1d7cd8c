package shaarli

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Read turns a bookmark, or the loss of one, into an activity. Its text is
// what the list's owner wrote, the address, and the tags.
func (l *list) Read(e channel.Event) ([]social.Activity, error) {
	var in envelope
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The list sent something that is not JSON of its kind.")
	}
	if in.Site == "" || in.Seen.IsZero() {
		return nil, social.Errorf(social.Invalid, "The event does not say which list it is of, or when it was seen.")
	}
	switch in.Event {
	case "gone":
		if in.ID == "" {
			return nil, social.Errorf(social.Invalid, "The event does not say what is gone.")
		}
		return []social.Activity{{
			ExternalID: text.Cut(in.ID), Verb: social.Delete, Form: social.FormPost, Visibility: social.Public,
			Published: in.Seen.UTC(), Version: version(in.Seen),
		}}, nil
	case "link":
		return in.link()
	}
	return nil, social.Errorf(social.Invalid, "The event is of an unknown sort.")
}

func (in envelope) link() ([]social.Activity, error) {
	var b wireLink
	if err := json.Unmarshal(in.Payload, &b); err != nil {
		return nil, social.Because(social.Invalid, err, "The list sent a bookmark that cannot be read.")
	}
	made, err := time.Parse(time.RFC3339, b.Created)
	if err != nil || b.ID == nil || b.Short == "" || made.Year() < 1971 {
		return nil, social.Errorf(social.Invalid, "The list sent a bookmark without id or time.")
	}
	a := social.Activity{
		ExternalID: text.Cut(b.Short), Verb: social.Create, Form: social.FormPost, Author: in.author(), Title: line(b.Title),
		Text: words(b), URL: text.Cut(in.Site + "/shaare/" + url.PathEscape(b.Short)), Visibility: social.Public, Own: in.Ours, Published: made.UTC(), Version: version(made),
	}
	if in.Edition > 0 {
		a.Verb, a.Version = social.Update, version(in.Seen)
	}
	return []social.Activity{a}, nil
}

func words(b wireLink) string {
	parts := []string{strings.TrimSpace(b.Description)}
	if b.URL != "" {
		parts = append(parts, b.URL)
	}
	var tags []string
	for _, t := range b.Tags {
		if t = strings.TrimSpace(t); t != "" {
			tags = append(tags, "#"+t)
		}
	}
	parts = append(parts, strings.Join(tags, " "))
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return text.Cut(strings.ReplaceAll(strings.Join(out, "\n\n"), "\r\n", "\n"))
}

// author is the list's owner, known by its address.
func (in envelope) author() social.Author {
	return social.Author{Scheme: "url", Value: text.Cut(in.Site), Name: cmp.Or(line(in.Name), text.Cut(in.Site)), URL: text.Cut(in.Site)}
}

// line is plain text of one line. Shaarli's titles are no HTML.
func line(s string) string {
	s = strings.Join(strings.FieldsFunc(text.Cut(s), unicode.IsSpace), " ")
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500]) + "…"
	}
	return s
}

// version is a time that sorts as text.
func version(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
