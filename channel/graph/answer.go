package graph

import (
	"context"
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

// How long an answer is taken.
const (
	day  = 24 * time.Hour     // https://developers.facebook.com/docs/messenger-platform/policy/policy-overview/
	week = 7 * 24 * time.Hour // with the tag HUMAN_AGENT, and for a private reply to a comment
)

// What a text may be long.
const (
	messengerMost = 2000 // characters: https://developers.facebook.com/docs/messenger-platform/reference/send-api/
	commentMost   = 8000 // characters of a comment on Facebook
)

var errNoID = errors.New("the answer has no id")

// count says whether a text fits, by characters.
func count(s string, most int) channel.Room {
	return room(s, utf8.RuneCountInString(s), most, "characters")
}

func room(s string, n, most int, unit string) channel.Room {
	return channel.Room{Fits: n <= most && strings.TrimSpace(s) != "", Left: most - n, Max: most, Unit: unit}
}

// fits refuses what does not fit, in a sentence.
func fits(title, s string, r channel.Room) error {
	switch {
	case r.Fits:
		return nil
	case strings.TrimSpace(s) == "":
		return social.Errorf(social.Invalid, "There are no words to send.")
	}
	return social.Errorf(social.Invalid, "The text is %d %s too long for %s.", -r.Left, r.Unit, title)
}

// Visibilities lists public first, where comments are heard.
func (p *page) Visibilities() []social.Visibility {
	if !p.public {
		return []social.Visibility{social.Direct}
	}
	return []social.Visibility{social.Public, social.Direct} // a comment can be answered by a private reply too
}

// Fit counts for the usual visibility.
func (p *page) Fit(s string) channel.Room { return p.FitAs(p.Visibilities()[0], s) }

// FitAs counts characters: a comment may have more than a message.
func (p *page) FitAs(v social.Visibility, s string) channel.Room {
	if v == social.Public {
		return count(s, commentMost)
	}
	return count(s, messengerMost)
}

// Window is how long Meta takes an answer: for ever in public, for a week in
// private to a comment, for a day to a message, or a week where people answer.
func (p *page) Window(came, goes social.Visibility) time.Duration {
	switch {
	case goes == social.Public:
		return 0
	case came == social.Public || p.agent:
		return week
	}
	return day
}

// Send answers a comment in public, or anybody in private.
func (p *page) Send(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if r.Parent == "" {
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply answers something.")
	}
	if err := fits(p.title, r.Text, p.FitAs(r.Visibility, r.Text)); err != nil {
		return channel.Receipt{}, err
	}
	switch {
	case r.Visibility == social.Direct:
		return p.message(ctx, p.id, "facebook", r, p.agent)
	case r.Visibility != social.Public || !p.public:
		return channel.Receipt{}, social.Errorf(social.Invalid, "A reply here is direct%s.", map[bool]string{true: ", or public"}[p.public])
	case !comment.MatchString(r.Parent):
		return channel.Receipt{}, social.Errorf(social.Invalid, "A message in Messenger cannot be answered in public.")
	}
	var out struct {
		ID ident `json:"id"`
	}
	// https://developers.facebook.com/docs/pages-api/comments-mentions/
	if err := p.call(ctx, http.MethodPost, r.Parent+"/comments", nil, map[string]string{"message": r.Text}, &out); err != nil {
		return channel.Receipt{}, err
	}
	if out.ID == "" {
		return channel.Receipt{}, p.nowhere()
	}
	return channel.Receipt{ExternalID: string(out.ID), URL: "https://www.facebook.com/" + string(out.ID), At: p.env.Clock.Now()}, nil
}

func (c *client) nowhere() error {
	return social.Because(social.Unknown, errNoID, "%s took the words but does not say where they stand.", c.title)
}

// wireSend is a message of ours
// (https://developers.facebook.com/docs/messenger-platform/reference/send-api/).
type wireSend struct {
	Recipient struct {
		ID      string `json:"id,omitempty"`
		Comment string `json:"comment_id,omitempty"`
	} `json:"recipient"`
	Type    string `json:"messaging_type,omitempty"`
	Tag     string `json:"tag,omitempty"`
	Message struct {
		Text string `json:"text"`
	} `json:"message"`
}

// message sends a direct message through Messenger or Instagram: to the one
// who wrote, or once to the author of a comment.
func (c *client) message(ctx context.Context, account, scheme string, r social.Reply, agent bool) (channel.Receipt, error) {
	var in wireSend
	in.Message.Text = r.Text
	switch {
	case comment.MatchString(r.Parent) && !strings.HasPrefix(r.Root, "chat:"):
		in.Recipient.Comment = r.Parent // https://developers.facebook.com/docs/messenger-platform/discovery/private-replies/
	case r.To.Scheme != scheme || r.To.Issuer != account || r.To.Value == "":
		return channel.Receipt{}, social.Errorf(social.Invalid, "This person is known by an id that does not hold for this account.")
	default:
		in.Recipient.ID = r.To.Value
		in.Type = "RESPONSE"
		if agent {
			in.Type, in.Tag = "MESSAGE_TAG", "HUMAN_AGENT"
		}
	}
	var out struct {
		Recipient ident `json:"recipient_id"`
		Message   ident `json:"message_id"`
	}
	if err := c.call(ctx, http.MethodPost, account+"/messages", nil, in, &out); err != nil {
		return channel.Receipt{}, err
	}
	if out.Message == "" {
		return channel.Receipt{}, c.nowhere()
	}
	return channel.Receipt{ExternalID: string(out.Message), At: c.env.Clock.Now()}, nil
}

// clocks is how far Meta's clock may be from ours.
const clocks = 5 * time.Minute

// stood is something that stands at Meta's.
type stood struct {
	ID      ident   `json:"id"`
	Message string  `json:"message"`
	Text    string  `json:"text"`
	From    wireWho `json:"from"`
	Created iso     `json:"created_time"`
	Time    iso     `json:"timestamp"`
}

func (s stood) at() time.Time {
	if s.Time.IsZero() {
		return s.Created.Time
	}
	return s.Time.Time
}

// is reports whether this is the reply.
func (s stood) is(r social.Reply, self string) bool {
	return s.ID != "" && string(s.From.ID) == self && s.at().After(r.Attempted.Add(-clocks)) && gist(first(s.Message, s.Text)) == gist(r.Text)
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

// paged is a page of a list.
type paged struct {
	Data   []stood `json:"data"`
	Paging struct {
		Cursors struct {
			After string `json:"after"`
		} `json:"cursors"`
		Next string `json:"next"`
	} `json:"paging"`
}

// among looks for a reply among what stands below something, newest first.
func (c *client) among(ctx context.Context, path string, q url.Values, r social.Reply, self string) (ident, error) {
	for range 20 {
		var list paged
		if err := c.get(ctx, path, q, &list); err != nil {
			return "", err
		}
		oldest := time.Time{}
		for _, s := range list.Data {
			if s.is(r, self) {
				return s.ID, nil
			}
			oldest = s.at()
		}
		if list.Paging.Next == "" || list.Paging.Cursors.After == "" || !oldest.IsZero() && oldest.Before(r.Attempted.Add(-clocks)) {
			return "", social.Errorf(social.NotFound, "The reply does not stand on %s.", c.title)
		}
		q.Set("after", list.Paging.Cursors.After)
	}
	return "", social.Errorf(social.Busy, "%s has too many newer ones to tell whether this one stands.", c.title)
}

// chat looks for a message of ours among the newest in the chat with a person
// (https://developers.facebook.com/docs/messenger-platform/conversations/).
// Only the twenty newest can be read.
func (c *client) chat(ctx context.Context, account, platform string, r social.Reply) (ident, error) {
	var list struct {
		Data []struct {
			Messages struct {
				Data []stood `json:"data"`
			} `json:"messages"`
		} `json:"data"`
	}
	q := url.Values{"platform": {platform}, "user_id": {r.To.Value}, "fields": {"messages.limit(20){id,message,from,created_time}"}}
	if err := c.get(ctx, account+"/conversations", q, &list); err != nil {
		return "", err
	}
	earlier := false
	for _, talk := range list.Data {
		for _, s := range talk.Messages.Data {
			switch {
			case !s.is(r, account):
			case s.at().Before(r.Attempted.Truncate(time.Second)):
				earlier = true // said before, or their clock is behind ours
			default:
				return s.ID, nil
			}
		}
		if n := len(talk.Messages.Data); n >= 20 && talk.Messages.Data[n-1].at().After(r.Attempted) {
			return "", social.Errorf(social.Busy, "%s shows only the newest twenty messages, so nobody can tell.", c.title)
		}
	}
	if earlier {
		return "", social.Errorf(social.Busy, "The same words were said to this person shortly before, so nobody can tell.")
	}
	return "", social.Errorf(social.NotFound, "The reply does not stand on %s.", c.title)
}

// Find reads the comments below the one that was answered, or the chat.
func (p *page) Find(ctx context.Context, r social.Reply) (channel.Receipt, error) {
	if r.Visibility == social.Direct {
		id, err := p.chat(ctx, p.id, "messenger", r)
		return p.found(id, "", err)
	}
	if !comment.MatchString(r.Parent) {
		return channel.Receipt{}, social.Errorf(social.NotFound, "A message in Messenger cannot be answered in public.")
	}
	id, err := p.among(ctx, r.Parent+"/comments", url.Values{"fields": {"id,message,from,created_time"}, "order": {"reverse_chronological"}, "limit": {"100"}}, r, p.id)
	return p.found(id, "https://www.facebook.com/"+string(id), err)
}

func (c *client) found(id ident, link string, err error) (channel.Receipt, error) {
	if err != nil {
		return channel.Receipt{}, err
	}
	return channel.Receipt{ExternalID: string(id), URL: link, At: c.env.Clock.Now()}, nil
}

// React likes a comment or post as the Page, or takes that back.
func (w *wall) React(ctx context.Context, id string, on bool) error {
	if !comment.MatchString(id) {
		return social.Errorf(social.Invalid, "Only comments and posts can be liked here.")
	}
	method := http.MethodPost
	if !on {
		method = http.MethodDelete
	}
	var out struct{}
	return w.call(ctx, method, id+"/likes", nil, nil, &out)
}

// Metrics counts likes of and answers to a comment or post.
func (w *wall) Metrics(ctx context.Context, id string) (channel.Metrics, error) {
	if !comment.MatchString(id) {
		return channel.Metrics{}, social.Errorf(social.Invalid, "Only comments and posts have counts here.")
	}
	var out struct {
		Likes    *int `json:"like_count"`
		Comments *int `json:"comment_count"`
	}
	if err := w.get(ctx, id, url.Values{"fields": {"like_count,comment_count"}}, &out); err != nil {
		return channel.Metrics{}, err
	}
	return channel.Metrics{Likes: counted(out.Likes), Shares: -1, Replies: counted(out.Comments), Read: w.env.Clock.Now()}, nil
}

// counted is a count, or -1 where the network does not tell.
func counted(n *int) int {
	if n == nil {
		return -1
	}
	return max(0, *n)
}

// wireProfile is an account, of ours or of a person.
type wireProfile struct {
	ID        ident  `json:"id"`
	Name      string `json:"name"`
	Username  string `json:"username"`
	Link      string `json:"link"`
	Pic       string `json:"profile_pic"`
	Picture   string `json:"profile_picture_url"`
	Followers int    `json:"followers_count"`
	Follower  int    `json:"follower_count"`
}

func (w wireProfile) into(a social.Author) social.Author {
	a.Name, a.Handle, a.Avatar = text.Cut(w.Name), text.Cut(w.Username), text.Cut(first(w.Pic, w.Picture))
	a.Followers = max(0, w.Followers, w.Follower)
	if w.Link != "" {
		a.URL = text.Cut(w.Link)
	}
	return a
}

// Self is the Page.
func (p *page) Self(ctx context.Context) (social.Author, error) {
	var w wireProfile
	if err := p.get(ctx, p.id, url.Values{"fields": {"id,name,username,link,followers_count"}}, &w); err != nil {
		return social.Author{}, err
	}
	if string(w.ID) != p.id {
		return social.Author{}, social.Errorf(social.Busy, "%s does not say who we are.", p.title)
	}
	return w.into(p.own()), nil
}

// Profile is what Messenger tells of somebody who wrote to the Page
// (https://developers.facebook.com/docs/messenger-platform/identity/user-profile/).
func (p *page) Profile(ctx context.Context, who social.Author) (social.Author, error) {
	if who.Scheme != "facebook" || who.Issuer != p.id || !digits.MatchString(who.Value) {
		return social.Author{}, social.Errorf(social.NotFound, "%s knows nobody by this id.", p.title)
	}
	var w wireProfile
	if err := p.get(ctx, who.Value, url.Values{"fields": {"id,name,profile_pic"}}, &w); err != nil {
		return social.Author{}, err
	}
	return w.into(who), nil
}
