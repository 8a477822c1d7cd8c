package youtube

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// wireThread is a comment with some of its answers
// (https://developers.google.com/youtube/v3/docs/commentThreads).
type wireThread struct {
	ID      string `json:"id"`
	Snippet struct {
		Video  string          `json:"videoId"`
		Count  int             `json:"totalReplyCount"`
		TopRaw json.RawMessage `json:"topLevelComment"`
		Top    wireComment     `json:"-"`
	} `json:"snippet"`
	Replies struct {
		Comments []json.RawMessage `json:"comments"`
	} `json:"replies"`
}

// UnmarshalJSON reads the comment at the top as well.
func (t *wireThread) UnmarshalJSON(b []byte) error {
	type plain wireThread
	if err := json.Unmarshal(b, (*plain)(t)); err != nil {
		return err
	}
	if len(t.Snippet.TopRaw) == 0 {
		return errors.New("a thread without a comment")
	}
	return json.Unmarshal(t.Snippet.TopRaw, &t.Snippet.Top)
}

// wireComment is a comment
// (https://developers.google.com/youtube/v3/docs/comments).
type wireComment struct {
	ID      string `json:"id"`
	Snippet struct {
		Name   string `json:"authorDisplayName"`
		Avatar string `json:"authorProfileImageUrl"`
		URL    string `json:"authorChannelUrl"`
		Author struct {
			Value string `json:"value"`
		} `json:"authorChannelId"`
		Display   string `json:"textDisplay"`
		Original  string `json:"textOriginal"` // only to whoever wrote it
		Parent    string `json:"parentId"`
		Likes     int    `json:"likeCount"`
		Published stamp  `json:"publishedAt"`
		Updated   stamp  `json:"updatedAt"`
	} `json:"snippet"`
}

func (c wireComment) at() time.Time { return c.Snippet.Published.Time }

// changed is when the comment was last changed.
func (c wireComment) changed() time.Time {
	if c.Snippet.Updated.After(c.at()) {
		return c.Snippet.Updated.Time
	}
	return c.at()
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

// Read makes an activity of a comment.
func (y *ear) Read(e channel.Event) ([]social.Activity, error) {
	var in envelope
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The event is not JSON of its kind.")
	}
	var c wireComment
	if err := json.Unmarshal(in.Comment, &c); err != nil {
		return nil, social.Because(social.Invalid, err, "YouTube sent a comment that cannot be read.")
	}
	who := c.Snippet.Author.Value
	if !commentID.MatchString(c.ID) || c.at().IsZero() || !channelID.MatchString(who) {
		return nil, social.Errorf(social.Invalid, "YouTube sent a comment without an id, an author or a time.")
	}
	a := social.Activity{
		ExternalID: c.ID, Verb: social.Create, Form: social.FormComment, Visibility: social.Public,
		Text: text.Cut(first(c.Snippet.Original, c.Snippet.Display)), Likes: max(0, c.Snippet.Likes),
		Published: c.at(), Version: version(c.changed()), Author: author(c), Own: who == y.id,
	}
	a.Directed = !a.Own
	if top := topOf(c.ID); top != c.ID {
		a.Parent, a.Root = top, top
	}
	if videoID.MatchString(in.Video) {
		a.URL = "https://www.youtube.com/watch?" + url.Values{"v": {in.Video}, "lc": {c.ID}}.Encode()
	}
	if c.changed().After(c.at()) {
		a.Verb = social.Update
	}
	return []social.Activity{a}, nil
}

// topOf is the comment at the top of the thread that a comment is in: answers
// have ids of two parts.
func topOf(id string) string {
	top, _, _ := strings.Cut(id, ".")
	return top
}

func author(c wireComment) social.Author {
	a := social.Author{Scheme: "youtube", Value: c.Snippet.Author.Value, URL: "https://www.youtube.com/channel/" + c.Snippet.Author.Value}
	name := strings.TrimSpace(text.Cut(c.Snippet.Name))
	if handle, ok := strings.CutPrefix(name, "@"); ok {
		a.Handle = handle
	}
	a.Name = name
	if strings.HasPrefix(c.Snippet.Avatar, "https://") {
		a.Avatar = text.Cut(c.Snippet.Avatar)
	}
	return a
}

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

func version(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
