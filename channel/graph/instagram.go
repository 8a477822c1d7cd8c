package graph

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// insta is a professional Instagram account: comments below its media,
// and messages.
type insta struct {
	*client
	*hook
	id    string
	agent bool
}

// Instagram is a professional account as a kind of channel.
func Instagram() channel.Kind {
	return channel.Kind{
		Name: "instagram", Title: "Instagram", Site: channel.SiteMedia,
		About: "Hear comments and messages of your professional Instagram account, and answer them.",
		Steps: []channel.Step{
			{Text: "Make the account a professional one and connect it with your Facebook Page. Under Settings → Messages, allow connected tools to read them."},
			{Text: "At Meta for Developers, make an app of the type Business, or open yours, and add the products Instagram and Webhooks.", URL: "https://developers.facebook.com/apps/"},
			{Text: "Generate a token of a system user, or the Page’s own, with instagram_basic, instagram_manage_comments, instagram_manage_messages, pages_show_list and pages_manage_metadata.", URL: "https://developers.facebook.com/docs/instagram-platform/"},
			{Text: "Ask for the account’s id: GET /{page-id}?fields=instagram_business_account. Copy it, the token, and the app’s id and secret, into the fields below, and choose a verify token. Connect."},
			{Text: "In the app under Webhooks → Instagram, enter the address of this channel’s webhook, which its page shows after connecting, and your verify token. Subscribe to comments, live_comments, messages, message_edit and messaging_seen. The account must be public."},
		},
		Form: fields(channel.Field{Name: "account", Label: "Instagram account ID", Type: "text", Required: true, Help: "A number such as 17841405822304914, not the @name."}, humans()),
		New: func(s channel.Settings, e channel.Env) (channel.Channel, error) {
			c, h, err := connect("Instagram", "instagram", s, e)
			if err != nil {
				return nil, err
			}
			i := &insta{client: c, hook: h, agent: s["agent"] == "yes"}
			if i.id, err = setting(s, "account", "The account’s id"); err != nil {
				return nil, err
			}
			return i, nil
		},
	}
}

// Receive takes what Meta tells.
func (i *insta) Receive(r channel.Request) (channel.Answer, error) { return i.receive(r, i.sort) }

// wireNote is a comment or a mention
// (https://developers.facebook.com/docs/instagram-platform/webhooks/examples/).
type wireNote struct {
	ID     ident   `json:"id"`
	Parent ident   `json:"parent_id"`
	Text   string  `json:"text"`
	From   wireWho `json:"from"`
	Media  struct {
		ID   ident  `json:"id"`
		Kind string `json:"media_product_type"`
	} `json:"media"`
}

func (i *insta) sort(entry ident, at time.Time, part string, item json.RawMessage) []channel.Event {
	if string(entry) != i.id {
		return nil
	}
	if part == "messaging" {
		return messaging(entry, at, item)
	}
	var c wireChange
	if json.Unmarshal(item, &c) != nil {
		return []channel.Event{broken(item)}
	}
	if c.Field != "comments" && c.Field != "live_comments" {
		return nil
	}
	in := envelope{Sort: "change", Field: c.Field, Entry: entry, At: millis(at), Item: c.Value}
	var n wireNote
	if json.Unmarshal(c.Value, &n) != nil || n.ID == "" {
		return []channel.Event{event("?"+digest(item), in, at)}
	}
	return []channel.Event{event("c:"+string(n.ID), in, at)}
}

// Read makes activities of an item.
func (i *insta) Read(e channel.Event) ([]social.Activity, error) {
	in, err := open(e)
	if err != nil {
		return nil, err
	}
	switch in.Sort {
	case "messaging":
		return said(in, "instagram", i.own())
	case "change":
	default:
		return nil, social.Errorf(social.Invalid, "Meta sent an event of an unknown sort.")
	}
	var n wireNote
	if err := json.Unmarshal(in.Item, &n); err != nil {
		return nil, unreadable(err, "comment")
	}
	at := in.when() // a comment’s webhook bears no time but its own
	if !digits.MatchString(string(n.ID)) || n.From.ID == "" || at.IsZero() {
		return nil, social.Errorf(social.Invalid, "Meta sent a comment without an id, an author or a time.")
	}
	a := social.Activity{
		ExternalID: string(n.ID), Verb: social.Create, Form: social.FormComment, Visibility: social.Public,
		Text: text.Cut(n.Text), Published: at, Version: version(at),
		Own: string(n.From.ID) == i.id, Author: i.own(),
	}
	if n.Parent != "" && digits.MatchString(string(n.Parent)) {
		a.Parent, a.Root = string(n.Parent), string(n.Parent)
	}
	if a.Directed = !a.Own; !a.Own {
		a.Author = social.Author{Scheme: "instagram", Issuer: i.id, Value: string(n.From.ID)}
	}
	if a.Author.Handle = text.Cut(n.From.Username); a.Author.Handle != "" {
		a.Author.URL = "https://www.instagram.com/" + url.PathEscape(a.Author.Handle) + "/"
	}
	return []social.Activity{a}, nil
}

func (i *insta) own() social.Author { return social.Author{Scheme: "instagram", Value: i.id} }

// Reports tells which of our messages were read.
func (i *insta) Reports(e channel.Event) ([]channel.Report, error) {
	in, err := open(e)
	if err != nil {
		return nil, err
	}
	if in.Sort != "messaging" {
		return nil, nil
	}
	return marks(in)
}

// What a text may be long.
const (
	instaComment = 300  // characters: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments
	instaMessage = 1000 // bytes: https://developers.facebook.com/docs/messenger-platform/instagram/features/send-message
)

// Visibilities lists public first; a comment can be answered by a private
// reply too.
func (i *insta) Visibilities() []social.Visibility {
	return []social.Visibility{social.Public, social.Direct}
}

// Fit counts for a comment.
func (i *insta) Fit(s string) channel.Room { return i.FitAs(social.Public, s) }

// FitAs counts characters of a comment, and bytes of a message.
func (i *insta) FitAs(v social.Visibility, s string) channel.Room {
	if v == social.Public {
		return count(s, instaComment)
	}
	return room(s, len(s), instaMessage, "bytes")
}

// Window is as on a Page.
func (i *insta) Window(came, goes social.Visibility) time.Duration {
	return (&page{agent: i.agent}).Window(came, goes)
}

var (
	hashtags = regexp.MustCompile(`#[\pL\pN_]+`)
	links    = regexp.MustCompile(`(?i)\bhttps?://`)
)

// proper checks the other rules for a comment (same page as instaComment).
func proper(s string) error {
	switch {
	case len(hashtags.FindAllString(s, 6)) > 4:
		return social.Errorf(social.Invalid, "Instagram takes at most four hashtags in a comment.")
	case len(links.FindAllString(s, 3)) > 1:
		return social.Errorf(social.Invalid, "Instagram takes at most one link in a comment.")
	case strings.ContainsFunc(s, unicode.IsUpper) && !strings.ContainsFunc(s, unicode.IsLower):
		return social.Errorf(social.Invalid, "Instagram takes no comment in capital letters only.")
	}
	return nil
}

// Send answers a comment in public, or anybody in private.
func (i *insta) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if r.Parent == "" {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply answers something.")
	}
	if err := fits(i.title, r.Text, i.FitAs(r.Visibility, r.Text)); err != nil {
		return channel.Receipt{}, err
	}
	switch {
	case r.Visibility == social.Direct:
		return i.message(ctx, i.id, "instagram", r, i.agent)
	case r.Visibility != social.Public:
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply on Instagram is public or direct.")
	}
	if err := proper(r.Text); err != nil {
		return channel.Receipt{}, err
	}
	top, err := i.top(r)
	if err != nil {
		return channel.Receipt{}, err
	}
	var out struct {
		ID ident `json:"id"`
	}
	if err := i.call(ctx, http.MethodPost, top+"/replies", nil, map[string]string{"message": r.Text}, &out); err != nil {
		return channel.Receipt{}, err
	}
	if out.ID == "" {
		return channel.Receipt{}, i.nowhere()
	}
	return channel.Receipt{ExternalID: string(out.ID), At: i.env.Clock.Now()}, nil
}

// top is the comment below which answers stand: only those at the top take any
// (https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment/replies).
func (i *insta) top(r social.Reply) (string, error) {
	top := first(r.Root, r.Parent)
	if !digits.MatchString(top) {
		return "", social.Errorf(social.Invalid, "A message on Instagram cannot be answered in public.")
	}
	return top, nil
}

// Find reads the answers to the comment, or the chat.
func (i *insta) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if r.Visibility == social.Direct {
		id, err := i.chat(ctx, i.id, "instagram", r)
		return i.found(id, "", err)
	}
	top, err := i.top(r)
	if err != nil {
		return channel.Receipt{}, err
	}
	// Answers come oldest first, fifty at a time at most.
	id, err := i.replies(ctx, top, r)
	return i.found(id, "", err)
}

// replies looks through all answers to a comment.
func (i *insta) replies(ctx context.Context, top string, r social.Reply) (ident, error) {
	q := url.Values{"fields": {"id,text,timestamp,from"}, "limit": {"50"}}
	for range 40 {
		var list paged
		if err := i.get(ctx, top+"/replies", q, &list); err != nil {
			return "", err
		}
		for _, s := range list.Data {
			if s.is(r, i.id) {
				return s.ID, nil
			}
		}
		if list.Paging.Next == "" || list.Paging.Cursors.After == "" {
			return "", social.Errorf(social.NotFound, "The reply does not stand on Instagram.")
		}
		q.Set("after", list.Paging.Cursors.After)
	}
	return "", social.Errorf(social.Busy, "This comment has too many answers to tell whether ours stands among them.")
}

// Metrics counts likes of and answers to a comment.
func (i *insta) Metrics(ctx context.Context, id string) (channel.Metrics, error) {
	if !digits.MatchString(id) {
		return channel.Metrics{}, social.Errorf(social.Invalid, "Only comments have counts here.")
	}
	var out struct {
		Likes   *int `json:"like_count"`
		Replies *struct {
			Data []stood `json:"data"`
		} `json:"replies"`
	}
	if err := i.get(ctx, id, url.Values{"fields": {"like_count,replies{id}"}}, &out); err != nil {
		return channel.Metrics{}, err
	}
	m := channel.Metrics{Likes: counted(out.Likes), Shares: -1, Read: i.env.Clock.Now()}
	if out.Replies != nil {
		m.Replies = len(out.Replies.Data)
	}
	return m, nil
}

// Self is our account.
func (i *insta) Self(ctx context.Context) (social.Author, error) {
	var w wireProfile
	if err := i.get(ctx, i.id, url.Values{"fields": {"id,username,name,profile_picture_url,followers_count"}}, &w); err != nil {
		return social.Author{}, err
	}
	if string(w.ID) != i.id {
		return social.Author{}, social.Errorf(social.Busy, "Instagram does not say who we are.")
	}
	a := w.into(i.own())
	if a.Handle != "" {
		a.URL = "https://www.instagram.com/" + url.PathEscape(a.Handle) + "/"
	}
	return a, nil
}

// Profile is what Instagram tells of somebody who wrote to us.
func (i *insta) Profile(ctx context.Context, who social.Author) (social.Author, error) {
	if who.Scheme != "instagram" || who.Issuer != i.id || !digits.MatchString(who.Value) {
		return social.Author{}, social.Errorf(social.NotFound, "Instagram knows nobody by this id.")
	}
	var w wireProfile
	if err := i.get(ctx, who.Value, url.Values{"fields": {"id,name,username,profile_pic,follower_count"}}, &w); err != nil {
		return social.Author{}, err
	}
	return w.into(who), nil
}
