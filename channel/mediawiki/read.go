package mediawiki

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Read turns an edit, or the loss of one, into an activity. An edit that adds
// nothing and says nothing gives none.
func (r *reader) Read(e channel.Event) ([]social.Activity, error) {
	var in envelope
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The wiki sent something that is not JSON of its kind.")
	}
	if in.Wiki == "" {
		return nil, social.Errorf(social.Invalid, "The event does not say which wiki it is of.")
	}
	switch in.Event {
	case "gone":
		if in.ID <= 0 || in.At == nil || in.At.IsZero() {
			return nil, social.Errorf(social.Invalid, "The event does not say what is gone, or when.")
		}
		return []social.Activity{{
			ExternalID: revisionID(in.ID), Verb: social.Delete, Form: social.FormComment, Visibility: social.Public,
			Published: in.At.UTC(), Version: version(*in.At),
		}}, nil
	case "edit":
		return in.edit()
	}
	return nil, social.Errorf(social.Invalid, "The event is of an unknown sort.")
}

func (in envelope) edit() ([]social.Activity, error) {
	var c wireChange
	if err := json.Unmarshal(in.Payload, &c); err != nil {
		return nil, social.Because(social.Invalid, err, "The wiki sent a change that cannot be read.")
	}
	if c.Revision <= 0 || c.Page <= 0 || c.Title == "" || c.At == nil || c.At.IsZero() {
		return nil, social.Errorf(social.Invalid, "The wiki sent a change without page, revision or time.")
	}
	a := social.Activity{
		ExternalID: revisionID(c.Revision), Verb: social.Create, Form: social.FormPost, Author: in.author(c),
		Title: text.Cut(c.Title), Text: cmp.Or(text.Cut(plain(unsigned(in.Added))), summary(c.Comment)), Lang: text.Cut(in.Lang),
		URL: in.page("Special:Diff/" + fmt.Sprint(c.Revision)), Visibility: social.Public, Root: revisionID(c.Revision),
		Own: in.Self != "" && c.User == in.Self, Published: c.At.UTC(), Version: version(*c.At),
	}
	if talk(c.NS) {
		a.Form = social.FormComment
		section := text.Cut(plain(in.Section))
		a.Root = fmt.Sprintf("t%d#%s", c.Page, short(section, 200))
		a.Title = cmp.Or(section, a.Title)
		a.URL = in.page(c.Title)
		if section != "" {
			a.URL += "#" + strings.ReplaceAll(url.PathEscape(strings.ReplaceAll(section, " ", "_")), "%2F", "/")
		}
	}
	if a.Own {
		if m := answers.FindStringSubmatch(c.Comment); m != nil {
			a.Parent = "r" + m[1]
		}
	}
	a.Directed = !a.Own && in.Asked
	if a.Text == "" {
		return nil, nil
	}
	return []social.Activity{a}, nil
}

// talk reports whether a namespace is one of talk pages.
func talk(ns int) bool { return ns > 0 && ns%2 == 1 }

var (
	answers = regexp.MustCompile(`\[\[Special:Diff/(\d+)\]\]`)
	arrows  = regexp.MustCompile(`/\*.*?\*/`)
)

// summary is what an editor says of an edit.
func summary(s string) string {
	return text.Cut(plain(strings.TrimSpace(arrows.ReplaceAllString(s, ""))))
}

// page is the address of a page.
func (in envelope) page(title string) string {
	t := strings.ReplaceAll(url.PathEscape(strings.ReplaceAll(title, " ", "_")), "%2F", "/")
	return text.Cut(strings.Replace(in.Wiki, "$1", t, 1))
}

// author is known by the address of their page, which has the same name
// whatever the wiki's language.
func (in envelope) author(c wireChange) social.Author {
	if c.User == "" {
		return social.Author{Scheme: "url", Value: in.page("Special:Diff/" + fmt.Sprint(c.Revision)), Name: "Hidden by the wiki"}
	}
	return in.named(c.User, c.Bot)
}

func (in envelope) named(user string, bot bool) social.Author {
	user = text.Cut(user)
	return social.Author{Scheme: "url", Value: in.page("User:" + user), Handle: user, Name: user, URL: in.page("User:" + user), Bot: bot}
}

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// version is a time that sorts as text.
func version(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
