package publish

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Press is where what we say is written, approved and sent. Fill in the
// fields and use it; it is safe for concurrent use. Links, Notices, Approvers,
// Mail and Log may be nil.
type Press struct {
	Store     Store
	Gate      Gate
	Channels  Channels
	Links     Links
	Notices   Notices
	Approvers Approvers
	Mail      Mail   // guests are written to by it
	Base      string // our public address; "" when there is none, and then nobody is written to
	Clock     clock.Clock
	Log       *slog.Logger
	Timing    Timing

	mu     sync.Mutex
	doing  map[PostID]bool
	paused map[social.ChannelID]time.Time // networks that asked us to wait
}

func (p *Press) now() time.Time { return p.Clock.Now().UTC().Truncate(time.Microsecond) }

func (p *Press) log() *slog.Logger {
	if p.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return p.Log
}

// asParley is ctx for what Parley does by itself: it sees everything.
func asParley(ctx context.Context) context.Context {
	return social.WithScope(social.WithActor(ctx, social.SystemActor()), social.Scope{All: true})
}

func member(ctx context.Context) (social.Actor, error) {
	a, ok := social.ActorOf(ctx)
	if !ok || a.Member == "" {
		return a, social.Errorf(social.Forbidden, "Only a member can do this: sign in, or use a token that acts for a member.")
	}
	return a, nil
}

// placed says whether the actor may put something into a programme.
func placed(ctx context.Context, p social.ProgrammeID) error {
	scope := social.ScopeOf(ctx)
	switch {
	case scope.All || scope.Sees(p):
		return nil
	case p == "":
		return invalid("programme", "Choose one of your programmes; only those who may do this everywhere can leave it out.")
	}
	return &social.Error{Kind: social.NotFound, Field: "programme", Text: "There is no such programme."}
}

// Add begins a content. Its posts are drafts.
func (p *Press) Add(ctx context.Context, c Content) (Content, error) {
	a, err := member(ctx)
	if err != nil {
		return c, err
	}
	now := p.now()
	c.ID, c.Author, c.Version, c.CreatedAt, c.UpdatedAt = ContentID(id.At(now)), a.Member, 1, now, now
	if err := c.check(); err != nil {
		return c, err
	}
	if err := placed(ctx, c.Programme); err != nil {
		return c, err
	}
	err = p.Store.InTx(ctx, func(ctx context.Context) error {
		if err := p.fresh(ctx, &c, c.Posts, now); err != nil {
			return err
		}
		if err := p.takeFiles(ctx, &c, a.Member); err != nil {
			return err
		}
		if err := p.Store.Save(ctx, &c); err != nil {
			return err
		}
		return p.told(ctx, &c, "create", nil)
	})
	return c, err
}

// fresh makes new posts of a content, whose channels must be such that one can
// publish there.
func (p *Press) fresh(ctx context.Context, c *Content, posts []*Post, now time.Time) error {
	if len(posts) == 0 {
		return nil
	}
	outlets, err := p.Channels.Outlets(ctx)
	if err != nil {
		return err
	}
	for _, x := range posts {
		if !slices.ContainsFunc(outlets, func(o Outlet) bool { return o.ID == x.Channel }) {
			return invalid("posts", "On one of these channels nobody can publish, or it is not there for you.")
		}
		x.ID, x.Content, x.State, x.ChangedAt = PostID(id.At(now)), c.ID, Draft, now
		x.Numbers = Numbers{Likes: -1, Shares: -1, Replies: -1}
	}
	return nil
}

// Change is what a member changes of a content.
type Change struct {
	Title, Text, Lang, Campaign string
	Programme                   social.ProgrammeID
	Media                       []Media
	Posts                       []*Post // Channel, Own, Text, OwnMedia, Media, Source, Medium, Audience of each
	Seen                        int64   // the version that the member saw
}

// Write changes a content. What was approved and says something else now is a
// draft again where its programme wants approval; what has left stays as it
// left.
func (p *Press) Write(ctx context.Context, cid ContentID, ch Change) (Content, error) {
	a, err := member(ctx)
	if err != nil {
		return Content{}, err
	}
	var out Content
	err = p.act(ctx, cid, func(ctx context.Context, c *Content, now time.Time) error {
		if ch.Seen != c.Version {
			return social.Errorf(social.Conflict, "Somebody has changed this meanwhile. Read it again before you go on.")
		}
		if ch.Programme != c.Programme {
			if err := placed(ctx, ch.Programme); err != nil {
				return err
			}
		}
		rule, err := p.rule(ctx, ch.Programme)
		if err != nil {
			return err
		}
		if err := p.rewrite(ctx, c, ch, rule, now); err != nil {
			return err
		}
		if err := p.takeFiles(ctx, c, a.Member); err != nil {
			return err
		}
		c.Version++
		c.UpdatedAt = now
		if err := p.freeFiles(ctx, c); err != nil {
			return err
		}
		if err := p.Store.Save(ctx, c); err != nil {
			return err
		}
		out = *c
		return p.told(ctx, c, "update", nil)
	})
	return out, err
}

func (p *Press) rewrite(ctx context.Context, c *Content, ch Change, rule Rule, now time.Time) error {
	before := map[PostID]string{}
	for _, x := range c.Posts {
		before[x.ID] = c.Hash(x)
		if x.State.Gone() { // it says what it said
			x.Text, x.Media, x.Own, x.OwnMedia = c.Words(x), c.Pictures(x), true, true
		}
	}
	moved := ch.Programme != c.Programme
	c.Title, c.Text, c.Lang, c.Campaign, c.Programme, c.Media = ch.Title, ch.Text, ch.Lang, ch.Campaign, ch.Programme, ch.Media
	var posts, fresh []*Post
	for _, want := range ch.Posts {
		i := slices.IndexFunc(c.Posts, func(x *Post) bool { return x.Channel == want.Channel })
		if i < 0 {
			fresh = append(fresh, want)
			posts = append(posts, want)
			continue
		}
		x := c.Posts[i]
		if !x.State.Gone() {
			x.Own, x.Text, x.OwnMedia, x.Media, x.Source, x.Medium, x.Audience = want.Own, want.Text, want.OwnMedia, want.Media, want.Source, want.Medium, want.Audience
		}
		posts = append(posts, x)
	}
	for _, x := range c.Posts {
		if x.State.Gone() && !slices.Contains(posts, x) {
			posts = append(posts, x) // what has left is not forgotten
		}
	}
	c.Posts = posts
	if err := c.check(); err != nil {
		return err
	}
	if err := p.fresh(ctx, c, fresh, now); err != nil {
		return err
	}
	for _, x := range c.Posts {
		if x.State.Gone() || x.State == Draft || slices.Contains(fresh, x) || (c.Hash(x) == before[x.ID] && !moved) {
			continue
		}
		if rule.Review || x.State == InReview {
			if err := x.turn(Edit, now); err != nil {
				return err
			}
			continue
		}
		if x.State == Scheduled {
			if err := p.fits(ctx, c, x); err != nil {
				return err
			}
		}
	}
	return p.reviewOver(ctx, c)
}

// Remove deletes a content of which nothing has left.
func (p *Press) Remove(ctx context.Context, cid ContentID) error {
	if _, err := member(ctx); err != nil {
		return err
	}
	return p.act(ctx, cid, func(ctx context.Context, c *Content, _ time.Time) error {
		if slices.ContainsFunc(c.Posts, func(x *Post) bool { return x.State.Gone() }) {
			return social.Errorf(social.Conflict, "Something of this has left already, so it stays.")
		}
		if err := p.Store.Remove(ctx, cid); err != nil {
			return err
		}
		if err := p.Store.DropFiles(ctx, owner(cid)); err != nil {
			return err
		}
		if err := p.unnotify(ctx, cid); err != nil {
			return err
		}
		return p.told(ctx, c, "delete", nil)
	})
}

// act changes a content, after it was locked.
func (p *Press) act(ctx context.Context, cid ContentID, do func(ctx context.Context, c *Content, now time.Time) error) error {
	return p.Store.InTx(ctx, func(ctx context.Context) error {
		c, err := p.Store.Lock(ctx, cid)
		if err != nil {
			return err
		}
		return do(ctx, &c, p.now())
	})
}

// told writes the record and tells the fact, in the transaction of ctx.
func (p *Press) told(ctx context.Context, c *Content, verb string, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["name"] = c.Name()
	if err := p.Store.Tell(ctx, social.Posted{Content: string(c.ID), Programme: c.Programme}); err != nil {
		return err
	}
	return p.Store.Record(ctx, social.Entry{Verb: verb, Object: "content", ID: string(c.ID), Detail: detail})
}

// pick returns the posts of a content that are meant: those named, or all.
func pick(c *Content, ids []PostID) ([]*Post, error) {
	if len(ids) == 0 {
		return c.Posts, nil
	}
	var out []*Post
	for _, id := range ids {
		x, err := c.Post(id)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// outlet is the connection over which a post leaves.
func (p *Press) outlet(ctx context.Context, id social.ChannelID) (channel.Publisher, channel.Channel, error) {
	line, err := p.Channels.Channel(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	out, ok := line.(channel.Publisher)
	if !ok {
		return nil, nil, social.Errorf(social.Invalid, "On this channel one can listen but not publish.")
	}
	return out, line, nil
}

// said is what an error has to say to a person.
func said(err error, otherwise string) string {
	var e *social.Error
	if errors.As(err, &e) && e.Text != "" {
		return e.Text
	}
	return otherwise
}

// wait is how long the network asked us to wait.
func wait(err error) time.Duration {
	var r channel.RetryAfter
	if errors.As(err, &r) {
		return r.RetryAfter()
	}
	return 0
}

// Room and Load are what a network takes.
type (
	Room = channel.Room
	Load = channel.Load
)

// Able is what a channel can do for a post.
type Able struct {
	Media  *Load // nil: none can be sent from here
	Finds  bool  // whether it can be asked if a post stands there
	Counts bool  // whether it tells how a post is doing
}

// Able says what a channel can do; nothing while it does not work.
func (p *Press) Able(ctx context.Context, id social.ChannelID) Able {
	var a Able
	line, err := p.Channels.Channel(ctx, id)
	if err != nil {
		return a
	}
	if b, ok := line.(channel.Bearer); ok {
		l := b.Load()
		a.Media = &l
	}
	_, a.Finds = line.(channel.PostFinder)
	_, a.Counts = line.(channel.Meter)
	return a
}
