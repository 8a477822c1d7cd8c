package youtube

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// most is how many characters a comment may have; more is refused as
// commentTextTooLong (https://developers.google.com/youtube/v3/docs/comments/insert).
const most = 10_000

// Visibilities is public alone.
func (v *voice) Visibilities() []social.Visibility { return []social.Visibility{social.Public} }

// Fit counts characters.
func (v *voice) Fit(s string) channel.Room {
	n := utf8.RuneCountInString(s)
	return channel.Room{Fits: n <= most && strings.TrimSpace(s) != "", Left: most - n, Max: most, Unit: "characters"}
}

var errNoID = errors.New("the answer has no id")

// Send answers a comment; answers to answers stand below the one at the top.
func (v *voice) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	switch room := v.Fit(r.Text); {
	case r.Visibility != social.Public:
		return channel.Receipt{}, social.Errorf(social.Invalid, "An answer on YouTube is public.")
	case !commentID.MatchString(r.Parent):
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply answers a comment.")
	case strings.TrimSpace(r.Text) == "":
		return channel.Receipt{}, social.Errorf(social.Invalid, "There are no words to send.")
	case !room.Fits:
		return channel.Receipt{}, social.Errorf(social.Invalid, "The text is %d characters too long for YouTube.", -room.Left)
	}
	in := map[string]any{"snippet": map[string]string{"parentId": topOf(r.Parent), "textOriginal": r.Text}}
	var out wireComment
	if err := v.call(ctx, http.MethodPost, "comments", url.Values{"part": {"snippet"}}, in, &out); err != nil {
		return channel.Receipt{}, err
	}
	if out.ID == "" {
		return channel.Receipt{}, social.Because(social.Unknown, errNoID, "YouTube took the answer but does not say where it stands.")
	}
	return v.receipt(out), nil
}

func (v *voice) receipt(c wireComment) channel.Receipt {
	r := channel.Receipt{ExternalID: c.ID, At: c.at()}
	if r.At.IsZero() {
		r.At = v.env.Clock.Now()
	}
	return r
}

// clocks is how far YouTube's clock may be from ours.
const clocks = 5 * time.Minute

// Find reads the answers to the comment.
func (v *voice) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if !commentID.MatchString(r.Parent) {
		return channel.Receipt{}, social.Errorf(social.NotFound, "A reply answers a comment.")
	}
	all, err := v.answers(ctx, topOf(r.Parent))
	if err != nil {
		return channel.Receipt{}, err
	}
	for _, raw := range all {
		var c wireComment
		if json.Unmarshal(raw, &c) != nil {
			continue
		}
		said := first(c.Snippet.Original, c.Snippet.Display)
		if c.Snippet.Author.Value == v.id && gist(said) == gist(r.Text) && c.at().After(r.Attempted.Add(-clocks)) {
			return v.receipt(c), nil
		}
	}
	if len(all) >= 1000 {
		return channel.Receipt{}, social.Errorf(social.Busy, "This comment has too many answers to tell whether ours stands among them.")
	}
	return channel.Receipt{}, social.Errorf(social.NotFound, "The answer does not stand on YouTube.")
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

// Metrics counts likes of and answers to a comment.
func (y *ear) Metrics(ctx context.Context, id string) (channel.Metrics, error) {
	none := social.Errorf(social.NotFound, "YouTube knows no comment by this id.")
	if !commentID.MatchString(id) {
		return channel.Metrics{}, none
	}
	m := channel.Metrics{Shares: -1, Replies: -1, Read: y.env.Clock.Now()}
	q := url.Values{"part": {"snippet"}, "id": {id}}
	if topOf(id) != id {
		var page struct {
			Items []wireComment `json:"items"`
		}
		if err := y.call(ctx, http.MethodGet, "comments", q, nil, &page); err != nil {
			return channel.Metrics{}, err
		}
		if len(page.Items) != 1 {
			return channel.Metrics{}, none
		}
		m.Likes = max(0, page.Items[0].Snippet.Likes)
		return m, nil
	}
	var page struct {
		Items []wireThread `json:"items"`
	}
	if err := y.call(ctx, http.MethodGet, "commentThreads", q, nil, &page); err != nil {
		return channel.Metrics{}, err
	}
	if len(page.Items) != 1 {
		return channel.Metrics{}, none
	}
	m.Likes, m.Replies = max(0, page.Items[0].Snippet.Top.Snippet.Likes), max(0, page.Items[0].Snippet.Count)
	return m, nil
}

// wireChannel is a channel
// (https://developers.google.com/youtube/v3/docs/channels).
type wireChannel struct {
	Items []struct {
		ID      string `json:"id"`
		Snippet struct {
			Title  string `json:"title"`
			URL    string `json:"customUrl"`
			Thumbs struct {
				Default struct {
					URL string `json:"url"`
				} `json:"default"`
			} `json:"thumbnails"`
		} `json:"snippet"`
		Statistics struct {
			Subscribers json.Number `json:"subscriberCount"`
			Hidden      bool        `json:"hiddenSubscriberCount"`
		} `json:"statistics"`
	} `json:"items"`
}

func (y *ear) about(ctx context.Context, q url.Values) (social.Author, error) {
	q.Set("part", "snippet,statistics")
	var w wireChannel
	if err := y.call(ctx, http.MethodGet, "channels", q, nil, &w); err != nil {
		return social.Author{}, err
	}
	if len(w.Items) == 0 || !channelID.MatchString(w.Items[0].ID) {
		return social.Author{}, social.Errorf(social.NotFound, "YouTube knows no channel by this id.")
	}
	x := w.Items[0]
	a := social.Author{Scheme: "youtube", Value: x.ID, Name: text.Cut(x.Snippet.Title), Handle: strings.TrimPrefix(text.Cut(x.Snippet.URL), "@"),
		URL: "https://www.youtube.com/channel/" + x.ID, Avatar: text.Cut(x.Snippet.Thumbs.Default.URL)}
	if n, err := x.Statistics.Subscribers.Int64(); err == nil && !x.Statistics.Hidden && n > 0 && n < 1e12 {
		a.Followers = int(n)
	}
	return a, nil
}

// Self is the channel whose comments are heard; with a token, the one that
// answers, which must be the same.
func (y *ear) Self(ctx context.Context) (social.Author, error) {
	if y.oauth == nil {
		return y.about(ctx, url.Values{"id": {y.id}})
	}
	a, err := y.about(ctx, url.Values{"mine": {"true"}})
	if err == nil && a.Value != y.id {
		return social.Author{}, social.Errorf(social.Invalid, "The token belongs to the channel %s and not to the one that was entered.", a.Label())
	}
	return a, err
}

// Profile is what YouTube tells of somebody's channel.
func (y *ear) Profile(ctx context.Context, who social.Author) (social.Author, error) {
	if who.Scheme != "youtube" || !channelID.MatchString(who.Value) {
		return social.Author{}, social.Errorf(social.NotFound, "YouTube knows no channel by this id.")
	}
	return y.about(ctx, url.Values{"id": {who.Value}})
}
