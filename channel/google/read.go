package google

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// wireReview is a review
// (https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews).
type wireReview struct {
	Name     string `json:"name"`
	ID       string `json:"reviewId"`
	Reviewer struct {
		Photo     string `json:"profilePhotoUrl"`
		Name      string `json:"displayName"`
		Anonymous bool   `json:"isAnonymous"`
	} `json:"reviewer"`
	Stars   string     `json:"starRating"`
	Comment string     `json:"comment"`
	Created stamp      `json:"createTime"`
	Updated stamp      `json:"updateTime"`
	Reply   *wireReply `json:"reviewReply"`
}

type wireReply struct {
	Comment string `json:"comment"`
	Updated stamp  `json:"updateTime"`
}

// stamp is a time as Google writes it; within reason, and empty when absent.
type stamp struct{ time.Time }

// UnmarshalJSON reads RFC 3339.
func (s *stamp) UnmarshalJSON(b []byte) error {
	var v string
	if err := json.Unmarshal(b, &v); err != nil || v == "" {
		return err
	}
	at, err := time.Parse(time.RFC3339, v)
	if err != nil || at.Year() < 1990 || at.Year() > 2300 {
		return errors.New("a time that cannot be")
	}
	s.Time = at.UTC()
	return nil
}

func (r wireReview) updated() time.Time {
	if r.Updated.IsZero() {
		return r.Created.Time
	}
	return r.Updated.Time
}

// stars is a rating as a number.
var stars = map[string]float64{"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}

// Read makes an activity of a review, or of our answer to it.
func (h *house) Read(e channel.Event) ([]social.Activity, error) {
	var in envelope
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The event is not JSON of its kind.")
	}
	var r wireReview
	if err := json.Unmarshal(in.Review, &r); err != nil {
		return nil, social.Because(social.Invalid, err, "Google sent a review that cannot be read.")
	}
	if !reviewName.MatchString(r.Name) || r.updated().IsZero() {
		return nil, social.Errorf(social.Invalid, "Google sent a review without a name or a time.")
	}
	switch in.Sort {
	case "review":
		return []social.Activity{said(in.Place, r)}, nil
	case "reply":
		if r.Reply == nil || r.Reply.Updated.IsZero() {
			return nil, social.Errorf(social.Invalid, "Google sent an answer without words or a time.")
		}
		return []social.Activity{h.answered(in.Place, r)}, nil
	}
	return nil, social.Errorf(social.Invalid, "Google sent an event of an unknown sort.")
}

func said(p place, r wireReview) social.Activity {
	a := social.Activity{
		ExternalID: r.Name, Verb: social.Create, Form: social.FormReview, Visibility: social.Public, Directed: true,
		Text: original(r.Comment), Rating: stars[r.Stars], URL: onMap(p), Place: where(p), Published: r.Created.Time, Version: version(r.updated()),
		// Google tells no id of a person; so each review has an author of its own.
		Author: social.Author{Scheme: "google-review", Value: r.Name, Name: "A Google user"},
	}
	if r.Created.IsZero() {
		a.Published = r.updated()
	}
	if n := strings.TrimSpace(text.Cut(r.Reviewer.Name)); n != "" && !r.Reviewer.Anonymous {
		a.Author.Name = n
		if photo := text.Cut(r.Reviewer.Photo); strings.HasPrefix(photo, "https://") {
			a.Author.Avatar = photo
		}
	}
	if r.updated().After(a.Published) {
		a.Verb = social.Update
	}
	return a
}

// answered is our answer. An answer that takes the place of another has
// another id, as it is another thing that we said.
func (h *house) answered(p place, r wireReview) social.Activity {
	return social.Activity{
		ExternalID: answerID(r.Name, r.Reply.Updated.Time), Verb: social.Create, Form: social.FormComment, Visibility: social.Public, Own: true,
		Text: text.Cut(r.Reply.Comment), Parent: r.Name, Root: r.Name, URL: onMap(p), Place: where(p), Published: r.Reply.Updated.Time, Version: version(r.Reply.Updated.Time),
		Author: h.own(),
	}
}

func answerID(review string, at time.Time) string { return review + "/reply@" + version(at) }

func (h *house) own() social.Author { return social.Author{Scheme: "google", Value: h.account} }

// where is the place as everybody may compare it.
func where(p place) social.Place {
	out := social.Place{ExternalID: text.Cut(p.Name), Name: text.Cut(p.Title), City: text.Cut(p.Address.Locality), Region: text.Cut(p.Address.Area),
		Postcode: text.Cut(p.Address.Postcode), Country: text.Cut(p.Address.Region), Street: text.Cut(strings.Join(p.Address.Lines, ", ")), URL: onMap(p)}
	if at := (social.Place{Lat: p.At.Lat, Lon: p.At.Lon}); at.Located() {
		out.Lat, out.Lon = at.Lat, at.Lon
	}
	return out
}

// onMap is the place's page.
func onMap(p place) string {
	if u := text.Cut(p.Meta.Maps); strings.HasPrefix(u, "https://") {
		return u
	}
	return ""
}

// original is a comment as it was written: Google puts a translation before
// or behind it, and says which is which.
func original(s string) string {
	s = text.Cut(s)
	const from, to = "(Original)", "(Translated by Google)"
	if _, rest, ok := strings.Cut(s, from); ok && strings.Contains(s, to) {
		s, _, _ = strings.Cut(rest, to)
	} else if before, _, ok := strings.Cut(s, to); ok && strings.TrimSpace(before) != "" {
		s = before
	}
	return strings.TrimSpace(s)
}

func version(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}
