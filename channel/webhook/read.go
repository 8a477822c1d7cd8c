package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Activity is what a sender says of one thing that somebody said. Only id,
// author and text are needed (a rating stands for a text, a deletion needs
// the id alone).
type Activity struct {
	ID         string   `json:"id"`         // the sender's own; the same id again changes what it named
	Verb       string   `json:"verb"`       // create (usual), update, delete
	Form       string   `json:"form"`       // direct (usual), post, comment, review, article
	Author     Author   `json:"author"`     //
	Text       string   `json:"text"`       // plain text
	Title      string   `json:"title"`      //
	Lang       string   `json:"lang"`       // BCP 47, if known
	URL        string   `json:"url"`        // where it can be seen
	Parent     string   `json:"parent"`     // id of what it answers
	Thread     string   `json:"thread"`     // id of the first of its thread
	Visibility string   `json:"visibility"` // direct, or public; usual is what suits the form
	Directed   *bool    `json:"directed"`   // said to us; usual is yes
	Rating     *float64 `json:"rating"`     // 1 to 5
	Likes      int      `json:"likes"`
	Shares     int      `json:"shares"`
	Published  string   `json:"published"` // RFC 3339; usual is when it was sent
	Version    string   `json:"version"`   // grows with each edit, if there is such a thing
}

// Author is who said it. One of id, email, phone and url is needed; an email
// or phone is known on other channels too.
type Author struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Email     string `json:"email"`
	Phone     string `json:"phone"` // E.164, such as +4930123456
	URL       string `json:"url"`
	Handle    string `json:"handle"`
	Avatar    string `json:"avatar"`
	Followers int    `json:"followers"`
}

// most is how many activities one request may bring.
const most = 1000

// Read takes the activities out of a request.
func (r *ear) Read(e channel.Event) ([]social.Activity, error) {
	raws, err := split(e.Raw)
	if err != nil {
		return nil, err
	}
	out := make([]social.Activity, 0, len(raws))
	for i, raw := range raws {
		a, err := r.activity(raw, e.At)
		if err != nil {
			if len(raws) > 1 {
				return nil, social.Errorf(social.Invalid, "Activity %d: %s", i+1, err.Error())
			}
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// split finds the activities: one by itself, a list under "activities", or
// either under "data", as the specification's own examples have it.
func split(raw []byte) ([]json.RawMessage, error) {
	if !utf8.Valid(raw) {
		return nil, social.Errorf(social.Invalid, "The body is not valid UTF-8.")
	}
	var outer struct {
		Activities []json.RawMessage `json:"activities"`
		Data       json.RawMessage   `json:"data"`
	}
	if err := json.Unmarshal(raw, &outer); err != nil {
		return nil, social.Because(social.Invalid, err, "The body is not a JSON object that can be read.")
	}
	if len(outer.Data) > 0 && string(outer.Data) != "null" {
		inner := outer.Data
		outer.Data = nil
		if err := json.Unmarshal(inner, &outer); err != nil {
			return nil, social.Because(social.Invalid, err, "What stands under “data” is not a JSON object.")
		}
		raw = inner
	}
	switch n := len(outer.Activities); {
	case n > most:
		return nil, social.Errorf(social.Invalid, "A request brings at most %d activities.", most)
	case outer.Activities != nil && n == 0:
		return nil, social.Errorf(social.Invalid, "The list of activities is empty.")
	case n > 0:
		return outer.Activities, nil
	}
	return []json.RawMessage{raw}, nil
}

func (r *ear) activity(raw json.RawMessage, sent time.Time) (social.Activity, error) {
	var in Activity
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return social.Activity{}, misread(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return social.Activity{}, social.Errorf(social.Invalid, "Something stands behind the JSON object.")
	}
	if in.ID = strings.TrimSpace(text.Cut(in.ID)); in.ID == "" || len(in.ID) > 500 {
		return social.Activity{}, wrong("id", "is needed, 500 bytes at most")
	}
	a := social.Activity{ExternalID: in.ID, Parent: in.Parent, Root: in.Thread, Version: in.Version, Published: sent.UTC()}
	var err error
	if a.Verb, err = one("verb", in.Verb, social.Create, social.Update, social.Delete); err != nil {
		return a, err
	}
	if in.Published != "" {
		if a.Published, err = time.Parse(time.RFC3339, in.Published); err != nil {
			return a, wrong("published", "is a time such as 2026-03-01T09:30:00Z")
		}
		a.Published = a.Published.UTC()
	}
	if y := a.Published.Year(); y < 1970 || y > 9999 {
		return a, wrong("published", "is a time such as 2026-03-01T09:30:00Z")
	}
	if a.Verb == social.Delete {
		a.Form, a.Visibility = social.FormDirect, social.Direct
		return a, nil
	}
	return r.fill(a, in)
}

// fill completes an activity that has words.
func (r *ear) fill(a social.Activity, in Activity) (social.Activity, error) {
	var err error
	if a.Form, err = one("form", in.Form, social.FormDirect, social.FormPost, social.FormComment, social.FormReview, social.FormArticle); err != nil {
		return a, err
	}
	usual := []social.Visibility{social.Public, social.Direct}
	if a.Form == social.FormDirect {
		usual = []social.Visibility{social.Direct, social.Public}
	}
	if a.Visibility, err = one("visibility", in.Visibility, usual...); err != nil {
		return a, err
	}
	a.Text, a.Title, a.Lang = text.Cut(in.Text), text.Cut(in.Title), in.Lang
	if in.Rating != nil {
		if a.Rating = *in.Rating; !(a.Rating >= 1 && a.Rating <= 5) {
			return a, wrong("rating", "is from 1 to 5")
		}
	}
	if strings.TrimSpace(a.Text) == "" && a.Rating == 0 {
		return a, wrong("text", "is needed")
	}
	if in.Likes < 0 || in.Shares < 0 || in.Author.Followers < 0 {
		return a, social.Errorf(social.Invalid, "Counts are not negative.")
	}
	if a.URL, err = address("url", in.URL); err != nil {
		return a, err
	}
	a.Likes, a.Shares, a.Reach = in.Likes, in.Shares, in.Author.Followers
	a.Directed = in.Directed == nil || *in.Directed
	a.Author, err = r.author(in.Author)
	return a, err
}

func (r *ear) author(in Author) (social.Author, error) {
	out := social.Author{Handle: text.Cut(in.Handle), Name: text.Cut(in.Name), Followers: in.Followers}
	var err error
	if out.URL, err = address("author.url", in.URL); err != nil {
		return out, err
	}
	if out.Avatar, err = address("author.avatar", in.Avatar); err != nil {
		return out, err
	}
	email, phone, id := strings.TrimSpace(in.Email), strings.TrimSpace(in.Phone), strings.TrimSpace(text.Cut(in.ID))
	switch {
	case email != "":
		m, err := mail.ParseAddress(email)
		if err != nil || m.Address != email || len(email) > 320 {
			return out, wrong("author.email", "is an address such as maya@example.com")
		}
		out.Scheme, out.Value = "mailto", strings.ToLower(email)
	case phone != "":
		if len(phone) < 6 || len(phone) > 16 || phone[0] != '+' || strings.Trim(phone[1:], "0123456789") != "" {
			return out, wrong("author.phone", "is a number such as +4930123456")
		}
		out.Scheme, out.Value = "tel", phone
	case id != "" && len(id) <= 500:
		out.Scheme, out.Issuer, out.Value = "webhook", r.source, id
	case out.URL != "":
		out.Scheme, out.Value = "url", out.URL
	default:
		return out, wrong("author", "needs one of id, email, phone and url")
	}
	return out, nil
}

// one is a word out of a few; the first is usual.
func one[T ~string](field, s string, words ...T) (T, error) {
	if s == "" {
		return words[0], nil
	}
	if !slices.Contains(words, T(s)) {
		var names []string
		for _, w := range words {
			names = append(names, string(w))
		}
		return "", wrong(field, "is one of: "+strings.Join(names, ", "))
	}
	return T(s), nil
}

func address(field, s string) (string, error) {
	if s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(s) > 2000 || !utf8.ValidString(s) {
		return "", wrong(field, "is an address that begins with https://")
	}
	return s, nil
}

func wrong(field, what string) error {
	return social.Errorf(social.Invalid, "“%s” %s.", field, what)
}

// misread says what is wrong with JSON in a sentence.
func misread(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return wrong(kind.Field, "is of another type than it should be")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return social.Because(social.Invalid, err, "There is no field %s.", fmt.Sprintf("“%s”", text.Cut(strings.Trim(name, `"`))))
	}
	return social.Because(social.Invalid, err, "The activity is not JSON that can be read.")
}
