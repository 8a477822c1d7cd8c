package history

import (
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/rows"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Fields are what a column can be, in the order in which they are asked.
var Fields = []string{"text", "published", "author", "handle", "email", "id", "url", "title", "rating", "lang", "form", "parent", "thread", "likes", "shares"}

// names are what columns are usually called, folded.
var names = map[string][]string{
	"text":      {"text", "body", "message", "content", "comment", "review", "post", "tweet", "full_text", "description", "nachricht", "kommentar", "texte", "texto"},
	"published": {"published", "published_at", "created_at", "date", "datetime", "timestamp", "time", "posted", "posted_at", "created", "datum", "fecha"},
	"author":    {"author", "author.name", "name", "author_name", "user.name", "display_name", "customer", "reviewer", "autor", "auteur", "from"},
	"handle":    {"handle", "username", "user", "screen_name", "author.handle", "user.screen_name", "author_handle", "login"},
	"email":     {"email", "e-mail", "author.email", "mail", "email_address", "from_email"},
	"id":        {"id", "external_id", "post_id", "tweet_id", "id_str", "message_id", "review_id", "guid"},
	"url":       {"url", "link", "permalink", "href"},
	"title":     {"title", "subject", "headline", "betreff"},
	"rating":    {"rating", "stars", "score", "bewertung", "note"},
	"lang":      {"lang", "language", "sprache", "langue", "idioma"},
	"form":      {"form", "type", "kind"},
	"parent":    {"parent", "parent_id", "in_reply_to", "in_reply_to_id", "in_reply_to_status_id", "reply_to"},
	"thread":    {"thread", "thread_id", "conversation_id", "root"},
	"likes":     {"likes", "like_count", "favorite_count", "favourites", "favorites"},
	"shares":    {"shares", "share_count", "retweet_count", "reposts", "reblogs_count"},
}

// Guess says which column is what, by their names.
func Guess(columns []string) map[string]string {
	out := map[string]string{}
	taken := map[string]bool{}
	for _, f := range Fields {
		for _, n := range names[f] {
			i := slices.IndexFunc(columns, func(c string) bool {
				return !taken[c] && strings.EqualFold(strings.NewReplacer(" ", "_", "-", "_").Replace(c), strings.ReplaceAll(n, "-", "_"))
			})
			if i >= 0 {
				out[f], taken[columns[i]] = columns[i], true
				break
			}
		}
	}
	return out
}

// times are how files write times; the zone counts where none is written.
var times = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006-01-02 15:04",
	"2006-01-02", "02.01.2006 15:04:05", "02.01.2006 15:04", "02.01.2006", "Mon Jan 02 15:04:05 -0700 2006", time.RFC1123Z, time.RFC1123, "2 January 2006", "January 2, 2006"}

func parseTime(s string, zone *time.Location, usa bool) (time.Time, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) >= 9 {
		for n > 1e11 { // milliseconds and smaller
			n /= 1000
		}
		return time.Unix(n, 0).UTC(), true
	}
	first := []string{"02/01/2006 15:04:05", "02/01/2006 15:04", "02/01/2006"}
	if usa {
		first = []string{"01/02/2006 15:04:05", "01/02/2006 15:04", "01/02/2006"}
	}
	for _, l := range slices.Concat(first, times) {
		if t, err := time.ParseInLocation(l, s, zone); err == nil {
			return t.UTC(), t.Year() >= 1970 && t.Year() < 3000
		}
	}
	return time.Time{}, false
}

// activity makes an activity of a row. It is a pure function of the row and
// the settings, so that the same file gives the same ids.
func (s Settings) activity(channel social.ChannelID, r rows.Row) (social.Activity, error) {
	if r.Err != nil {
		return social.Activity{}, r.Err
	}
	get := func(field string) string {
		if c := s.Columns[field]; c != "" {
			return strings.TrimSpace(r.Values[c])
		}
		return ""
	}
	a := social.Activity{Verb: social.Create, Text: text.Cut(get("text")), Title: text.Cut(get("title")), Lang: get("lang"), Parent: get("parent"), Root: get("thread"),
		Visibility: social.Public, Directed: s.Directed}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return a, social.Errorf(social.Invalid, "There is no time zone “%s”.", rows.Clip(s.Zone))
	}
	when := get("published")
	var ok bool
	if a.Published, ok = parseTime(when, zone, s.MonthFirst); !ok {
		return a, social.Errorf(social.Invalid, "“%s” is no time that can be read.", rows.Clip(when))
	}
	if v := get("rating"); v != "" {
		n, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(v, "/5"), " stars"), ",", "."), 64)
		if err != nil || !(n >= 0 && n <= 5) {
			return a, social.Errorf(social.Invalid, "“%s” is no rating from 1 to 5.", rows.Clip(v))
		}
		a.Rating = n
	}
	if a.Text == "" && a.Title == "" && a.Rating == 0 {
		return a, social.Errorf(social.Invalid, "There are no words in it.")
	}
	if u := get("url"); strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") {
		a.URL = u
	}
	a.Likes, a.Shares = number(get("likes")), number(get("shares"))
	a.Form = s.form(get("form"), a)
	if a.Form == social.FormDirect {
		a.Visibility = social.Direct
	}
	if a.Author, err = s.author(channel, get("author"), strings.TrimPrefix(get("handle"), "@"), get("email")); err != nil {
		return a, err
	}
	if a.ExternalID = get("id"); a.ExternalID == "" {
		h := sha256.New()
		for _, p := range []string{a.Author.Value, a.Published.Format(time.RFC3339), a.Title, a.Text, a.URL} {
			h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
		}
		a.ExternalID = "history:" + hex.EncodeToString(h.Sum(nil)[:16])
	}
	return a, nil
}

func (s Settings) form(v string, a social.Activity) social.Form {
	f := social.Form(strings.ToLower(v))
	switch {
	case slices.Contains([]social.Form{social.FormPost, social.FormComment, social.FormDirect, social.FormReview, social.FormArticle}, f):
		return f
	case a.Rating > 0:
		return social.FormReview
	case a.Parent != "":
		return social.FormComment
	case s.Form != "":
		return s.Form
	}
	return social.FormPost
}

func (s Settings) author(channel social.ChannelID, name, handle, email string) (social.Author, error) {
	a := social.Author{Name: text.Cut(name), Handle: text.Cut(handle)}
	switch {
	case email != "":
		m, err := mail.ParseAddress(email)
		if err != nil {
			return a, social.Errorf(social.Invalid, "“%s” is no email address.", rows.Clip(email))
		}
		a.Scheme, a.Value = "mailto", strings.ToLower(m.Address)
		if a.Name == "" {
			a.Name = m.Name
		}
	case handle != "":
		a.Scheme, a.Issuer, a.Value = "history", string(channel), handle
	case name != "":
		a.Scheme, a.Issuer, a.Value = "history", string(channel), a.Name
	default:
		a.Scheme, a.Issuer, a.Value, a.Name = "history", string(channel), "unknown", "Unknown"
	}
	return a, nil
}

func number(s string) int {
	n, err := strconv.Atoi(strings.NewReplacer(",", "", ".", "", " ", "").Replace(s))
	if err != nil || n < 0 || n > 1e9 {
		return 0
	}
	return n
}
