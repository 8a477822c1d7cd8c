package publishapi

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Post is a content on one channel.
type Post struct {
	ID          publish.PostID       `json:"id"`
	Content     publish.ContentID    `json:"content"`
	Name        string               `json:"name" doc:"Of the content."`
	Programme   *social.ProgrammeRef `json:"programme,omitempty"`
	Channel     social.ChannelRef    `json:"channel"`
	State       publish.State        `json:"state" enum:"draft,in_review,approved,scheduled,publishing,unknown,published,failed,held"`
	Asks        bool                 `json:"asks" doc:"Nobody can tell whether it stands there: a person must look and say."`
	Own         bool                 `json:"own" doc:"It says it in words of its own."`
	Text        string               `json:"text" doc:"What it says, or said when it left."`
	OwnMedia    bool                 `json:"own_media"`
	Media       []publish.Media      `json:"media"`
	Files       []server.File        `json:"files" doc:"Those of media, in their order."`
	Source      string               `json:"source,omitempty"`
	Medium      string               `json:"medium,omitempty"`
	Audience    social.Audience      `json:"audience,omitempty" enum:"public,unlisted,followers" doc:"Who sees it; everybody if left out."`
	At          *time.Time           `json:"at,omitempty" doc:"When it leaves; of drafts, when it is meant to."`
	By          *social.MemberRef    `json:"by,omitempty" doc:"Who planned it."`
	Problem     string               `json:"problem,omitempty"`
	Why         string               `json:"why,omitempty" doc:"Why it is held."`
	HeldByAll   bool                 `json:"held_by_all" doc:"It is held with everything else."`
	Attempts    int                  `json:"attempts"`
	NextAt      *time.Time           `json:"next_at,omitempty" doc:"When Parley will next do something about it."`
	URL         string               `json:"url,omitempty"`
	ExternalID  string               `json:"external_id,omitempty"`
	PublishedAt *time.Time           `json:"published_at,omitempty"`
	Numbers     PostNumbers          `json:"numbers"`
}

// PostNumbers is how a post is doing. What is left out the network does not
// tell.
type PostNumbers struct {
	Likes       *int                    `json:"likes,omitempty"`
	Shares      *int                    `json:"shares,omitempty"`
	Replies     *int                    `json:"replies,omitempty"`
	ReadAt      *time.Time              `json:"read_at,omitempty"`
	Problem     string                  `json:"problem,omitempty" doc:"Why the network's own numbers are missing or old."`
	Tracked     int                     `json:"tracked" doc:"How many of its links are tracked."`
	Clicks      int                     `json:"clicks"`
	Conversions int                     `json:"conversions"`
	Value       []Worth                 `json:"value"`
	Answers     []social.ConversationID `json:"answers" doc:"The conversations that began below it."`
}

// Content is what we have to say.
type Content struct {
	ID        publish.ContentID    `json:"id"`
	Name      string               `json:"name"`
	Title     string               `json:"title"`
	Text      string               `json:"text"`
	Lang      string               `json:"lang,omitempty"`
	Campaign  string               `json:"campaign,omitempty"`
	Programme *social.ProgrammeRef `json:"programme,omitempty"`
	Author    social.MemberRef     `json:"author"`
	Media     []publish.Media      `json:"media"`
	Version   int64                `json:"version"`
	CreatedAt time.Time            `json:"created_at"`
	UpdatedAt time.Time            `json:"updated_at"`
	Posts     []Post               `json:"posts"`
}

// ContentFull is a content with its review.
type ContentFull struct {
	Content
	Files      []server.File `json:"files"`
	Remarks    []Remark      `json:"remarks" doc:"The review, the oldest first."`
	Review     bool          `json:"review" doc:"Somebody must approve it before it leaves."`
	FourEyes   bool          `json:"four_eyes" doc:"Its author may not approve it."`
	MayWrite   bool          `json:"may_write"`
	MayApprove bool          `json:"may_approve" doc:"Whether one may approve it oneself, now."`
	WhyNot     string        `json:"why_not,omitempty" doc:"Why one may not publish, as the gate says."`
	Fix        string        `json:"fix,omitempty"`
}

// Remark is one step of a review.
type Remark struct {
	ID   string           `json:"id"`
	Act  publish.Act      `json:"act" enum:"submit,approve,request_changes,reject,withdraw,comment"`
	Text string           `json:"text,omitempty"`
	By   social.MemberRef `json:"by"`
	At   time.Time        `json:"at"`
}

// names are what is around contents.
type names struct {
	channels   map[social.ChannelID]social.ChannelRef
	members    map[social.MemberID]social.MemberRef
	programmes map[social.ProgrammeID]social.ProgrammeRef
	worth      map[publish.PostID]PostNumbers
	files      map[publish.ContentID][]social.File
	show       func(social.File) server.File
}

func (a *publishAPI) names(ctx context.Context, cs []publish.Content) (names, error) {
	n := names{show: a.s.ShowFile}
	var channels []social.ChannelID
	var members []social.MemberID
	var programmes []social.ProgrammeID
	var withMedia []publish.ContentID
	for _, c := range cs {
		if len(c.Media) > 0 || slices.ContainsFunc(c.Posts, func(p *publish.Post) bool { return len(p.Media) > 0 }) {
			withMedia = append(withMedia, c.ID)
		}
		members, programmes = append(members, c.Author), append(programmes, c.Programme)
		for _, p := range c.Posts {
			channels, members = append(channels, p.Channel), append(members, p.Member)
		}
	}
	var err error
	if n.channels, err = a.around.Channels(ctx, channels); err != nil {
		return n, err
	}
	if n.files, err = a.press.Files(ctx, withMedia...); err != nil {
		return n, err
	}
	if n.members, err = a.around.Members(ctx, members); err != nil {
		return n, err
	}
	if n.programmes, err = a.around.Programmes(ctx, programmes); err != nil {
		return n, err
	}
	n.worth, err = a.worth(ctx, cs)
	return n, err
}

// worth is what came of published posts.
func (a *publishAPI) worth(ctx context.Context, cs []publish.Content) (map[publish.PostID]PostNumbers, error) {
	out := map[publish.PostID]PostNumbers{}
	var ids []publish.PostID
	below := map[social.ChannelID][]string{}
	for _, c := range cs {
		for _, p := range c.Posts {
			if p.State == publish.Published {
				ids = append(ids, p.ID)
				if p.ExternalID != "" {
					below[p.Channel] = append(below[p.Channel], p.ExternalID)
				}
			}
		}
	}
	links, err := a.press.Store.LinksOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var all []social.LinkID
	for _, l := range links {
		all = append(all, l...)
	}
	worth, err := a.around.LinksWorth(ctx, all)
	if err != nil {
		return nil, err
	}
	answers := map[social.ChannelID]map[string][]social.ConversationID{}
	for ch, externals := range below {
		if answers[ch], err = a.around.AnswersTo(ctx, ch, externals); err != nil {
			return nil, err
		}
	}
	for _, c := range cs {
		for _, p := range c.Posts {
			n := PostNumbers{ReadAt: server.When(p.Numbers.ReadAt), Problem: p.Numbers.Problem, Value: []Worth{}, Answers: []social.ConversationID{}}
			for to, from := range map[**int]int{&n.Likes: p.Numbers.Likes, &n.Shares: p.Numbers.Shares, &n.Replies: p.Numbers.Replies} {
				if from >= 0 && !p.Numbers.ReadAt.IsZero() {
					*to = &from
				}
			}
			for _, l := range links[p.ID] {
				w := worth[l]
				n.Tracked++
				n.Clicks += w.Clicks
				n.Conversions += w.Conversions
				n.Value = append(n.Value, w.Value...)
			}
			n.Value = sumWorth(n.Value)
			if got := answers[p.Channel][p.ExternalID]; got != nil && p.ExternalID != "" {
				n.Answers = got
			}
			out[p.ID] = n
		}
	}
	return out, nil
}

func sumWorth(all []Worth) []Worth {
	out := []Worth{}
next:
	for _, w := range all {
		for i := range out {
			if out[i].Currency == w.Currency {
				out[i].Value += w.Value
				continue next
			}
		}
		out = append(out, w)
	}
	return out
}

func (n names) post(c *publish.Content, p *publish.Post) Post {
	out := Post{ID: p.ID, Content: c.ID, Name: c.Name(), Channel: n.channels[p.Channel], State: p.State, Asks: p.Asks(), Own: p.Own, Text: c.Words(p),
		OwnMedia: p.OwnMedia, Media: c.Pictures(p), Source: p.Source, Medium: p.Medium, Audience: p.Audience, At: server.When(p.At), Problem: p.Problem, Why: p.Why,
		HeldByAll: p.Hold != "", Attempts: p.Attempts, NextAt: server.When(p.NextAt), URL: p.URL, ExternalID: p.ExternalID, PublishedAt: server.When(p.PublishedAt), Numbers: n.worth[p.ID]}
	if p.State.Gone() && p.Sent != "" {
		out.Text = p.Sent
	}
	if out.Media == nil {
		out.Media = []publish.Media{}
	}
	out.Files = []server.File{}
	for _, m := range out.Media {
		for _, f := range n.files[c.ID] {
			if f.ID == m.File {
				out.Files = append(out.Files, n.show(f))
			}
		}
	}
	if m, ok := n.members[p.Member]; ok && p.Member != "" {
		out.By = &m
	}
	if g, ok := n.programmes[c.Programme]; ok && c.Programme != "" {
		out.Programme = &g
	}
	return out
}

func (n names) content(c *publish.Content) Content {
	out := Content{ID: c.ID, Name: c.Name(), Title: c.Title, Text: c.Text, Lang: c.Lang, Campaign: c.Campaign, Author: n.members[c.Author], Media: c.Media,
		Version: c.Version, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, Posts: make([]Post, len(c.Posts))}
	if out.Media == nil {
		out.Media = []publish.Media{}
	}
	if g, ok := n.programmes[c.Programme]; ok && c.Programme != "" {
		out.Programme = &g
	}
	for i, p := range c.Posts {
		out.Posts[i] = n.post(c, p)
	}
	return out
}

func (a *publishAPI) contents(ctx context.Context, cs []publish.Content) ([]Content, error) {
	n, err := a.names(ctx, cs)
	if err != nil {
		return nil, err
	}
	out := make([]Content, len(cs))
	for i := range cs {
		out[i] = n.content(&cs[i])
	}
	return out, nil
}

func (a *publishAPI) full(ctx context.Context, c publish.Content) (ContentFull, error) {
	var out ContentFull
	some, err := a.contents(ctx, []publish.Content{c})
	if err != nil {
		return out, err
	}
	out.Content = some[0]
	files, err := a.press.Files(ctx, c.ID)
	if err != nil {
		return out, err
	}
	out.Files = a.s.ShowFiles(files[c.ID])
	remarks, err := a.press.Store.Remarks(ctx, c.ID)
	if err != nil {
		return out, err
	}
	who := make([]social.MemberID, len(remarks))
	for i, r := range remarks {
		who[i] = r.Member
	}
	members, err := a.around.Members(ctx, who)
	if err != nil {
		return out, err
	}
	out.Remarks = make([]Remark, len(remarks))
	for i, r := range remarks {
		out.Remarks[i] = Remark{ID: r.ID, Act: r.Act, Text: r.Text, By: members[r.Member], At: r.At}
	}
	rule, err := a.press.RuleOf(ctx, c.Programme)
	if err != nil {
		return out, err
	}
	actor, _ := social.ActorOf(ctx)
	out.Review, out.FourEyes = rule.Review, rule.FourEyes
	out.MayWrite = a.may(ctx, social.PublishWrite, c.Programme)
	out.MayApprove = a.may(ctx, social.PublishApprove, c.Programme) && (!rule.FourEyes || c.Author != actor.Member)
	if out.MayWrite && actor.Member != "" {
		out.WhyNot, out.Fix, err = a.press.Gate.MayPublish(ctx, publish.Ask{Member: actor.Member, Token: actor.Token, Permission: social.PublishWrite, Programme: c.Programme})
	}
	return out, err
}
