package google

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// most is how many bytes an answer may have
// (https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews#reviewreply).
const most = 4096

// Visibilities is public alone.
func (h *house) Visibilities() []social.Visibility { return []social.Visibility{social.Public} }

// Fit counts bytes.
func (h *house) Fit(s string) channel.Room {
	return channel.Room{Fits: len(s) <= most && strings.TrimSpace(s) != "", Left: most - len(s), Max: most, Unit: "bytes"}
}

var errNoTime = errors.New("the answer has no time")

// Send answers a review. Where it has an answer, this one takes its place.
func (h *house) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	name := reviewOf(r)
	switch room := h.Fit(r.Text); {
	case r.Visibility != social.Public:
		return channel.Receipt{}, social.Errorf(social.Invalid, "An answer to a review is public.")
	case name == "":
		return channel.Receipt{}, social.Errorf(social.Invalid, "Only a review can be answered here.")
	case strings.TrimSpace(r.Text) == "":
		return channel.Receipt{}, social.Errorf(social.Invalid, "There are no words to send.")
	case !room.Fits:
		return channel.Receipt{}, social.Errorf(social.Invalid, "The text is %d bytes too long for Google.", -room.Left)
	}
	var out wireReply
	if err := h.call(ctx, http.MethodPut, reviews, "/v4/"+name+"/reply", nil, map[string]string{"comment": r.Text}, &out); err != nil {
		return channel.Receipt{}, err
	}
	if out.Updated.IsZero() {
		return channel.Receipt{}, social.Because(social.Unknown, errNoTime, "Google took the answer but does not say when.")
	}
	return channel.Receipt{ExternalID: answerID(name, out.Updated.Time), At: out.Updated.Time}, nil
}

// reviewOf is the review that a reply answers, though it may name an answer of
// ours below it.
func reviewOf(r social.Reply) string {
	for _, id := range []string{r.Parent, r.Root} {
		name, _, _ := strings.Cut(id, "/reply@")
		if reviewName.MatchString(name) {
			return name
		}
	}
	return ""
}

// clocks is how far Google's clock may be from ours.
const clocks = 5 * time.Minute

// Find reads the review: its one answer is ours or it is not.
func (h *house) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	name := reviewOf(r)
	if name == "" {
		return channel.Receipt{}, social.Errorf(social.NotFound, "Only a review can be answered here.")
	}
	w, err := h.review(ctx, name)
	if err != nil {
		return channel.Receipt{}, err
	}
	if a := w.Reply; a != nil && gist(a.Comment) == gist(r.Text) && a.Updated.After(r.Attempted.Add(-clocks)) {
		return channel.Receipt{ExternalID: answerID(name, a.Updated.Time), At: a.Updated.Time}, nil
	}
	return channel.Receipt{}, social.Errorf(social.NotFound, "The answer does not stand on Google.")
}

func (h *house) review(ctx context.Context, name string) (wireReview, error) {
	var w wireReview
	if !reviewName.MatchString(name) {
		return w, social.Errorf(social.NotFound, "Google knows no review by this name.")
	}
	err := h.call(ctx, http.MethodGet, reviews, "/v4/"+name, nil, nil, &w)
	return w, err
}

// gist is what stays of a text: letters, figures and symbols.
func gist(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// Metrics tells whether a review has an answer; Google tells no likes.
func (h *house) Metrics(ctx context.Context, id string) (channel.Metrics, error) {
	w, err := h.review(ctx, id)
	if err != nil {
		return channel.Metrics{}, err
	}
	m := channel.Metrics{Likes: -1, Shares: -1, Read: h.env.Clock.Now()}
	if w.Reply != nil {
		m.Replies = 1
	}
	return m, nil
}

// Self is the account.
func (h *house) Self(ctx context.Context) (social.Author, error) {
	var w struct {
		Name  string `json:"name"`
		Title string `json:"accountName"`
	}
	if err := h.call(ctx, http.MethodGet, accounts, "/v1/"+h.account, nil, nil, &w); err != nil {
		return social.Author{}, err
	}
	if w.Name != h.account {
		return social.Author{}, social.Errorf(social.Busy, "Google does not say who we are.")
	}
	a := h.own()
	a.Name = text.Cut(w.Title)
	return a, nil
}

// Profile adds nothing: Google tells of people only what comes with their
// reviews.
func (h *house) Profile(_ context.Context, who social.Author) (social.Author, error) {
	if who.Name == "" {
		return social.Author{}, social.Errorf(social.NotFound, "Google tells of people only what comes with their reviews.")
	}
	return who, nil
}
