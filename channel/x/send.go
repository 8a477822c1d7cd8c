package x

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Show: the words stand as they are; each link counts as X makes it.
func (a *account) Show(r social.Reply) channel.Shown {
	return channel.Shown{Text: r.Text, Link: linkCost}
}

// Threads: each part answers the one before, as people do it there.
func (a *account) Threads(social.Visibility) (int, bool) { return 10, true }

// Visibilities is public alone.
func (a *account) Visibilities() []social.Visibility { return []social.Visibility{social.Public} }

var errNoID = errors.New("the post has no id")

// Send answers a post.
func (a *account) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	switch {
	case r.Visibility != social.Public:
		return channel.Receipt{}, social.Errorf(social.Invalid, "An answer on X is public.")
	case !ids.MatchString(r.Parent):
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply answers a post.")
	}
	return a.post(ctx, map[string]any{"text": r.Text, "reply": map[string]string{"in_reply_to_tweet_id": r.Parent}}, r.Text, r.Key, r.Media)
}

// Publish posts to everybody.
func (a *account) Publish(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	return a.post(ctx, map[string]any{"text": p.Text}, p.Text, p.Key, p.Media)
}

// post creates a post, its files before it (https://docs.x.com/x-api/posts/create-post).
func (a *account) post(ctx context.Context, body map[string]any, words, key string, media []channel.Media) (channel.Receipt, error) {
	switch room := a.Fit(words); {
	case strings.TrimSpace(words) == "":
		return channel.Receipt{}, social.Errorf(social.Invalid, "There are no words to post.")
	case !room.Fits:
		return channel.Receipt{}, social.Errorf(social.Invalid, "The text is %d characters too long for X.", -room.Left)
	}
	with, err := a.with(ctx, key, media)
	if err != nil {
		return channel.Receipt{}, err
	}
	if len(with) > 0 {
		body["media"] = map[string]any{"media_ids": with}
	}
	var out struct {
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := a.asUs(ctx, http.MethodPost, "/2/tweets", nil, body, &out); err != nil {
		return channel.Receipt{}, err
	}
	if out.Data.ID == "" {
		return channel.Receipt{}, social.Because(social.Unknown, errNoID, "X took the post but does not say where it stands.")
	}
	return a.receipt(out.Data.ID, a.env.Clock.Now()), nil
}

func (a *account) receipt(id string, at time.Time) channel.Receipt {
	return channel.Receipt{ExternalID: id, URL: "https://x.com/i/status/" + id, At: at}
}

// clocks is how far X's clock may be from ours.
const clocks = 5 * time.Minute

// Find reads our own latest posts and compares words, parent and time.
func (a *account) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	me, err := a.self(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	since := r.Attempted.Add(-clocks).UTC()
	q := url.Values{"max_results": {"100"}, "tweet.fields": {postFields}, "start_time": {since.Format("2006-01-02T15:04:05Z")}}
	for range 20 {
		var page struct {
			Data []wirePost `json:"data"`
			Meta struct {
				Next string `json:"next_token"`
			} `json:"meta"`
		}
		if err := a.asUs(ctx, http.MethodGet, "/2/users/"+me.ID+"/tweets", q, nil, &page); err != nil {
			return channel.Receipt{}, err
		}
		for _, p := range page.Data {
			if p.ref("replied_to") == r.Parent && gist(p.words()) == gist(r.Text) && p.Created.After(since) {
				return a.receipt(p.ID, p.Created.Time), nil
			}
		}
		if page.Meta.Next == "" {
			return channel.Receipt{}, social.Errorf(social.NotFound, "The reply does not stand on X.")
		}
		q.Set("pagination_token", page.Meta.Next)
	}
	return channel.Receipt{}, social.Errorf(social.Busy, "X has too many newer posts of ours to tell whether this one stands.")
}

// gist is what stays of a text: letters, figures and symbols, without names at
// its beginning and without links, which X makes its own.
func gist(s string) string {
	s = links.ReplaceAllString(s, "")
	for {
		s = strings.TrimSpace(s)
		i := strings.IndexFunc(s, unicode.IsSpace)
		if !strings.HasPrefix(s, "@") || i < 0 {
			break
		}
		s = s[i:]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// React likes a post, or takes that back
// (https://docs.x.com/x-api/users/like-post).
func (a *account) React(ctx context.Context, id string, on bool) error {
	if !ids.MatchString(id) {
		return social.Errorf(social.Invalid, "Only a post can be liked.")
	}
	me, err := a.self(ctx)
	if err != nil {
		return err
	}
	var out struct{}
	if on {
		return a.asUs(ctx, http.MethodPost, "/2/users/"+me.ID+"/likes", nil, map[string]string{"tweet_id": id}, &out)
	}
	return a.asUs(ctx, http.MethodDelete, "/2/users/"+me.ID+"/likes/"+id, nil, nil, &out)
}

// Metrics counts what a post has gathered.
func (l *line) Metrics(ctx context.Context, id string) (channel.Metrics, error) {
	none := social.Errorf(social.NotFound, "X knows no post by this id.")
	if !ids.MatchString(id) {
		return channel.Metrics{}, none
	}
	var out struct {
		Data *wirePost `json:"data"`
	}
	if err := l.asAnyone(ctx, "/2/tweets/"+id, url.Values{"tweet.fields": {"public_metrics"}}, &out); err != nil {
		return channel.Metrics{}, err
	}
	if out.Data == nil { // X says so among the errors of an answer that is a success
		return channel.Metrics{}, none
	}
	m := out.Data.Metrics
	return channel.Metrics{Likes: m.Likes, Shares: m.Reposts + m.Quotes, Replies: m.Replies, Read: l.env.Clock.Now()}, nil
}

// Self is our account.
func (l *line) Self(ctx context.Context) (social.Author, error) {
	if l.oauth == nil {
		_, err := l.self(ctx)
		return social.Author{}, err
	}
	me, err := l.askSelf(ctx)
	if err != nil {
		return social.Author{}, err
	}
	return author(me.ID, me), nil
}

// Profile is what X tells of an account.
func (l *line) Profile(ctx context.Context, who social.Author) (social.Author, error) {
	none := social.Errorf(social.NotFound, "X knows nobody by this id.")
	if who.Scheme != "x" || !ids.MatchString(who.Value) {
		return social.Author{}, none
	}
	var out struct {
		Data *wireUser `json:"data"`
	}
	if err := l.asAnyone(ctx, "/2/users/"+who.Value, url.Values{"user.fields": {userFields}}, &out); err != nil {
		return social.Author{}, err
	}
	if out.Data == nil {
		return social.Author{}, none
	}
	return author(out.Data.ID, *out.Data), nil
}

// FindPost finds a post of ours by its text.
func (a *account) FindPost(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	return a.Find(ctx, social.Reply{Key: p.Key, Text: p.Text, Attempted: p.Attempted})
}
