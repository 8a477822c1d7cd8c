package x

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// What is asked for with each post and its author
// (https://docs.x.com/x-api/fundamentals/data-dictionary).
const (
	postFields = "author_id,conversation_id,created_at,edit_history_tweet_ids,entities,in_reply_to_user_id,lang,note_tweet,public_metrics,referenced_tweets"
	userFields = "id,name,username,profile_image_url,public_metrics"
)

type wirePost struct {
	ID           string   `json:"id"`
	Text         string   `json:"text"`
	Author       string   `json:"author_id"`
	Conversation string   `json:"conversation_id"`
	ReplyTo      string   `json:"in_reply_to_user_id"`
	Created      stamp    `json:"created_at"`
	Lang         string   `json:"lang"`
	History      []string `json:"edit_history_tweet_ids"`
	Refs         []struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	} `json:"referenced_tweets"`
	Entities wireEntities `json:"entities"`
	Note     *struct {
		Text     string       `json:"text"`
		Entities wireEntities `json:"entities"`
	} `json:"note_tweet"` // a post of more than 280 characters, in full
	Metrics struct {
		Reposts int `json:"retweet_count"`
		Replies int `json:"reply_count"`
		Likes   int `json:"like_count"`
		Quotes  int `json:"quote_count"`
	} `json:"public_metrics"`
}

type wireEntities struct {
	URLs []struct {
		URL      string `json:"url"`
		Expanded string `json:"expanded_url"`
	} `json:"urls"`
	Mentions []struct {
		ID       string `json:"id"`
		Username string `json:"username"`
	} `json:"mentions"`
}

type wireUser struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	Image    string `json:"profile_image_url"`
	Metrics  struct {
		Followers int `json:"followers_count"`
	} `json:"public_metrics"`
}

// wirePage is a list of posts with their authors.
type wirePage struct {
	Data     []json.RawMessage `json:"data"`
	Includes wireIncludes      `json:"includes"`
	Meta     struct {
		Next   string `json:"next_token"`
		Newest string `json:"newest_id"`
	} `json:"meta"`
}

type wireIncludes struct {
	Users []json.RawMessage `json:"users"`
}

// stamp is a time as X writes it; within reason, and empty when absent.
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

// envelope is one raw event: a post as X sent it, its author, and who we are.
type envelope struct {
	Self string          `json:"self,omitempty"`
	Post json.RawMessage `json:"post"`
	User json.RawMessage `json:"user,omitempty"`
}

// ref is the post of a type that this one refers to.
func (p wirePost) ref(kind string) string {
	for _, r := range p.Refs {
		if r.Type == kind {
			return r.ID
		}
	}
	return ""
}

// events makes events of a page, as they came.
func events(self string, page wirePage) []channel.Event {
	users := map[string]json.RawMessage{}
	for _, raw := range page.Includes.Users {
		var u wireUser
		if json.Unmarshal(raw, &u) == nil && u.ID != "" {
			users[u.ID] = raw
		}
	}
	var out []channel.Event
	for _, raw := range page.Data {
		var p wirePost
		if json.Unmarshal(raw, &p) != nil || !ids.MatchString(p.ID) {
			sum := sha256.Sum256(raw)
			out = append(out, pack("?"+hex.EncodeToString(sum[:12]), envelope{Self: self, Post: raw}, time.Time{}, ""))
			continue
		}
		out = append(out, pack(p.ID, envelope{Self: self, Post: raw, User: users[p.Author]}, p.Created.Time, p.ID))
	}
	return out
}

func pack(key string, in envelope, at time.Time, cursor string) channel.Event {
	raw, err := json.Marshal(in)
	if err != nil {
		raw = []byte("{}")
	}
	return channel.Event{Key: key, Raw: raw, At: at, Cursor: cursor}
}

// Read makes an activity of a post. A repost says nothing of its own.
func (l *line) Read(e channel.Event) ([]social.Activity, error) {
	var in envelope
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return nil, social.Because(social.Invalid, err, "The event is not JSON of its kind.")
	}
	var p wirePost
	if err := json.Unmarshal(in.Post, &p); err != nil {
		return nil, social.Because(social.Invalid, err, "X sent a post that cannot be read.")
	}
	if !ids.MatchString(p.ID) || !ids.MatchString(p.Author) || p.Created.IsZero() {
		return nil, social.Errorf(social.Invalid, "X sent a post without an id, an author or a time.")
	}
	if p.ref("retweeted") != "" {
		return nil, nil
	}
	var u wireUser
	_ = json.Unmarshal(in.User, &u) // a name is not worth losing words over
	a := social.Activity{
		ExternalID: p.ID, Verb: social.Create, Form: social.FormPost, Visibility: social.Public, Text: p.words(), Lang: lang(p.Lang),
		Published: p.Created.Time, Version: version(p.ID), Author: author(p.Author, u), Own: in.Self != "" && p.Author == in.Self,
		Reach: max(0, u.Metrics.Followers), Likes: max(0, p.Metrics.Likes), Shares: max(0, p.Metrics.Reposts+p.Metrics.Quotes),
	}
	a.URL = "https://x.com/i/status/" + p.ID
	if parent := p.ref("replied_to"); ids.MatchString(parent) {
		a.Form, a.Parent = social.FormComment, parent
	}
	if ids.MatchString(p.Conversation) && p.Conversation != p.ID {
		a.Root = p.Conversation
	}
	// An edited post is another one with the history of both.
	if len(p.History) > 1 && ids.MatchString(p.History[0]) && p.History[0] != p.ID {
		a.ExternalID, a.Verb = p.History[0], social.Update
	}
	if in.Self != "" && !a.Own {
		a.Directed = p.ReplyTo == in.Self
		for _, m := range p.mentions() {
			a.Directed = a.Directed || m == in.Self
		}
	}
	return []social.Activity{a}, nil
}

func (p wirePost) mentions() []string {
	var out []string
	for _, m := range p.Entities.Mentions {
		out = append(out, m.ID)
	}
	if p.Note != nil {
		for _, m := range p.Note.Entities.Mentions {
			out = append(out, m.ID)
		}
	}
	return out
}

// words is the text in full, with its links as they were written and without
// the entities of HTML that X puts there.
func (p wirePost) words() string {
	s, urls := p.Text, p.Entities.URLs
	if p.Note != nil && p.Note.Text != "" {
		s, urls = p.Note.Text, p.Note.Entities.URLs
	}
	s = text.Cut(s)
	for i, u := range urls {
		if i >= 50 {
			break
		}
		if strings.HasPrefix(u.URL, "https://t.co/") && len(u.Expanded) < 2000 && u.Expanded != "" {
			s = strings.ReplaceAll(s, u.URL, u.Expanded)
		}
		if len(s) > 2*text.Most {
			break
		}
	}
	return text.Cut(html.UnescapeString(s))
}

// lang is a language, where X tells one; those beginning with q are none.
func lang(s string) string {
	if s == "und" || strings.HasPrefix(s, "q") || len(s) > 8 || s == "zxx" {
		return ""
	}
	return text.Cut(s)
}

func author(id string, u wireUser) social.Author {
	a := social.Author{Scheme: "x", Value: id, Handle: text.Cut(u.Username), Name: text.Cut(u.Name), Followers: max(0, u.Metrics.Followers)}
	if a.Handle != "" {
		a.URL = "https://x.com/" + a.Handle
	}
	if strings.HasPrefix(u.Image, "https://") {
		a.Avatar = text.Cut(u.Image)
	}
	return a
}

// version is an id that sorts as text.
func version(id string) string { return strings.Repeat("0", max(0, 20-len(id))) + id }

// oldestFirst sorts events by the ids of their posts.
func oldestFirst(es []channel.Event) {
	slices.SortStableFunc(es, func(a, b channel.Event) int {
		switch {
		case a.Cursor == b.Cursor:
			return 0
		case later(b.Cursor, a.Cursor):
			return -1
		}
		return 1
	})
}
