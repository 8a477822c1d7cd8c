package publish

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Fit is whether a post could leave as it is.
type Fit struct {
	Channel social.ChannelID
	Text    string // as it will read: links are tagged and shortened
	Room    channel.Room
	Media   *channel.Load     // what media it takes; nil: none
	Aims    []social.Audience // who may be meant; none: everybody
	Problem string            // why it could not leave, "" if it could
}

// Fits says of each post of a content, which need not be kept, whether it
// could leave.
func (p *Press) Fits(ctx context.Context, c Content) ([]Fit, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	out := make([]Fit, 0, len(c.Posts))
	outlets, err := p.Channels.Outlets(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range c.Posts {
		if !slices.ContainsFunc(outlets, func(o Outlet) bool { return o.ID == x.Channel }) {
			return nil, invalid("posts", "On one of these channels nobody can publish, or it is not there for you.")
		}
		f, err := p.fit(ctx, &c, x)
		if err != nil {
			f.Problem = said(err, "This channel does not work just now.")
		}
		out = append(out, f)
	}
	return out, nil
}

// sketch is a text as it will leave, before links are made.
func (p *Press) sketch(c *Content, x *Post, kind string) string {
	text := Tag(c.Words(x), utm(c, x, kind))
	if p.Links != nil {
		text = p.Links.Sketch(text)
	}
	return text
}

func (p *Press) fit(ctx context.Context, c *Content, x *Post) (Fit, error) {
	f := Fit{Channel: x.Channel}
	kind, err := p.kind(ctx, x.Channel)
	if err != nil {
		return f, err
	}
	f.Text = p.sketch(c, x, kind)
	_, line, err := p.outlet(ctx, x.Channel)
	if err != nil {
		return f, err
	}
	if s, ok := line.(interface{ Fit(string) channel.Room }); ok {
		f.Room = s.Fit(f.Text)
	} else {
		f.Room = channel.Room{Fits: strings.TrimSpace(f.Text) != "", Left: maxText - len([]rune(f.Text)), Max: maxText, Unit: "characters"}
	}
	bearer, bears := line.(channel.Bearer)
	if bears {
		l := bearer.Load()
		f.Media = &l
	}
	if aimer, ok := line.(channel.Aimer); ok {
		f.Aims = aimer.Audiences()
	}
	switch {
	case x.Audience != "" && !slices.Contains(f.Aims, x.Audience):
		return f, invalid("audience", "This channel can’t limit who sees a post like that. Choose that it is for everybody.")
	case strings.TrimSpace(f.Text) == "":
		return f, invalid("text", "There is nothing to say yet.")
	case !f.Room.Fits && f.Room.Left < 0:
		return f, invalid("text", "This is %d %s too long; at most %d fit. Links count as they will be sent.", -f.Room.Left, f.Room.Unit, f.Room.Max)
	case !f.Room.Fits:
		return f, invalid("text", "This channel can't carry these words.")
	}
	media := c.Pictures(x)
	if len(media) == 0 {
		return f, nil
	}
	if !bears {
		return f, invalid("media", "Pictures can't be sent to this network from here yet. Leave them out for this channel.")
	}
	return f, p.load(ctx, c, media, *f.Media)
}

func (p *Press) kind(ctx context.Context, id social.ChannelID) (string, error) {
	all, err := p.Channels.Outlets(asParley(ctx))
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(all, func(o Outlet) bool { return o.ID == id })
	if i < 0 {
		return "", social.Errorf(social.NotFound, "This channel is not there any more.")
	}
	return all[i].Kind, nil
}

// fits is the error of fit alone.
func (p *Press) fits(ctx context.Context, c *Content, x *Post) error {
	_, err := p.fit(ctx, c, x)
	return err
}

// soon is how far in the past a time may lie that is meant as now.
const soon = 2 * time.Minute

// far is how long ahead something can be planned.
const far = 2 * 365 * 24 * time.Hour

// Schedule plans posts of a content: at is when they leave; zero is now. Of
// posts that must be approved first the time is kept, and they leave then once
// they are approved. A post that has certainly failed is tried again.
func (p *Press) Schedule(ctx context.Context, cid ContentID, at time.Time, ids []PostID) (Content, error) {
	a, err := member(ctx)
	if err != nil {
		return Content{}, err
	}
	return p.turn(ctx, cid, ids, "schedule", func(ctx context.Context, c *Content, x *Post, now time.Time) error {
		when, err := moment(at, now)
		if err != nil {
			return err
		}
		rule, err := p.rule(ctx, c.Programme)
		if err != nil {
			return err
		}
		if err := p.fits(ctx, c, x); err != nil {
			return err
		}
		cleared := !rule.Review
		if rule.Review {
			if cleared, err = p.cleared(ctx, c, x, rule); err != nil {
				return err
			}
		}
		if !cleared && (x.State == Draft || x.State == InReview) {
			if at.IsZero() {
				return social.Errorf(social.Forbidden, "Somebody must approve this before it leaves. Submit it for review.")
			}
			x.At, x.ChangedAt = when, now
			return nil
		}
		if !cleared {
			return social.Errorf(social.Forbidden, "These words are not approved. Submit them for review.")
		}
		if err := p.clear(ctx, c, x, a.Member, a.Token); err != nil {
			return err
		}
		if err := x.plan(when, now); err != nil {
			return err
		}
		x.Member, x.Token = a.Member, a.Token
		return p.holds(ctx, c, x, now)
	})
}

func moment(at, now time.Time) (time.Time, error) {
	switch {
	case at.IsZero():
		return now, nil
	case at.Before(now.Add(-soon)):
		return at, invalid("at", "This time is over. Choose one that is still to come.")
	case at.After(now.Add(far)):
		return at, invalid("at", "Nothing can be planned further ahead than two years.")
	case at.Before(now):
		return now, nil
	}
	return at.UTC().Truncate(time.Microsecond), nil
}

// Unschedule takes posts out of the plan.
func (p *Press) Unschedule(ctx context.Context, cid ContentID, ids []PostID) (Content, error) {
	return p.turn(ctx, cid, ids, "unschedule", func(ctx context.Context, c *Content, x *Post, now time.Time) error {
		rule, err := p.rule(ctx, c.Programme)
		if err != nil {
			return err
		}
		switch {
		case x.State == Draft || x.State == InReview:
		case rule.Review:
			err = x.turn(Unplan, now)
		default:
			err = x.turn(Withdraw, now)
		}
		x.At, x.ChangedAt = time.Time{}, now
		return err
	})
}

// turn does something with posts of a content, all or none. Without names it
// means those that can take it.
func (p *Press) turn(ctx context.Context, cid ContentID, ids []PostID, verb string, do func(ctx context.Context, c *Content, x *Post, now time.Time) error) (Content, error) {
	var out Content
	if _, err := member(ctx); err != nil {
		return out, err
	}
	err := p.act(ctx, cid, func(ctx context.Context, c *Content, now time.Time) error {
		posts, err := pick(c, ids)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			posts = slices.DeleteFunc(slices.Clone(posts), func(x *Post) bool { return x.State.Gone() })
		}
		if len(posts) == 0 {
			return social.Errorf(social.Conflict, "Choose at least one channel first; what has left already stays as it is.")
		}
		names := make([]string, len(posts))
		for i, x := range posts {
			if err := do(ctx, c, x, now); err != nil {
				return err
			}
			names[i] = string(x.ID)
		}
		c.Version++
		c.UpdatedAt = now
		if err := p.Store.Save(ctx, c); err != nil {
			return err
		}
		out = *c
		return p.told(ctx, c, verb, map[string]any{"posts": strings.Join(names, " ")})
	})
	return out, err
}

// clear asks the gate.
func (p *Press) clear(ctx context.Context, c *Content, x *Post, m social.MemberID, token string) error {
	why, fix, err := p.Gate.MayPublish(ctx, Ask{Member: m, Token: token, Permission: social.PublishWrite, Programme: c.Programme, Channel: x.Channel})
	if err != nil {
		return err
	}
	if why != "" {
		return &social.Error{Kind: social.Forbidden, Text: why, Fix: fix}
	}
	return nil
}

// Check looks at the network now whether a post stands there, because a
// person asks.
func (p *Press) Check(ctx context.Context, id PostID) (Content, error) {
	if _, err := member(ctx); err != nil {
		return Content{}, err
	}
	cid, c, x, err := p.post(ctx, id)
	if err != nil {
		return c, err
	}
	if x.AttemptedAt.IsZero() || (x.State != Unknown && x.State != Failed) {
		return c, nil
	}
	receipt, err := p.find(ctx, x.Channel, letter(x, &c))
	if err != nil && !social.NotFound.Is(err) {
		return c, err
	}
	if err := p.seen(ctx, Due{Post: id, Content: cid}, x.Attempts, receipt, err); err != nil {
		return c, err
	}
	return p.Store.Content(ctx, cid)
}

func (p *Press) post(ctx context.Context, id PostID) (ContentID, Content, *Post, error) {
	cid, err := p.Store.ByPost(ctx, id)
	if err != nil {
		return "", Content{}, nil, err
	}
	c, err := p.Store.Content(ctx, cid)
	if err != nil {
		return "", c, nil, err
	}
	x, err := c.Post(id)
	return cid, c, x, err
}

// Settle takes a person's word for it whether a post stands on the network.
func (p *Press) Settle(ctx context.Context, id PostID, stands bool, address string) (Content, error) {
	a, err := member(ctx)
	if err != nil {
		return Content{}, err
	}
	if address != "" && !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") || len(address) > 2000 {
		return Content{}, invalid("url", "Give the whole address of the post, beginning with https://.")
	}
	cid, err := p.Store.ByPost(ctx, id)
	if err != nil {
		return Content{}, err
	}
	return p.turn(ctx, cid, []PostID{id}, "settle", func(ctx context.Context, c *Content, x *Post, now time.Time) error {
		if !x.Asks() {
			return social.Errorf(social.Conflict, "This needs nobody's word: it is %s.", x.State.Words())
		}
		attempt := Attempt{Post: x.ID, N: x.Attempts, At: x.AttemptedAt, EndedAt: now}
		if stands {
			if err := x.turn(Arrive, now); err != nil {
				return err
			}
			x.PublishedAt, attempt.Outcome, attempt.Said = x.AttemptedAt, Published, fmt.Sprintf("%s saw it.", a.Name)
			if address != "" {
				x.URL = address
			}
			return p.Store.KeepAttempt(ctx, attempt)
		}
		if err := x.turn(Missing, now); err != nil {
			return err
		}
		x.Problem = a.Name + " looked and it is not there. Schedule it again if it still fits."
		attempt.Outcome, attempt.Said = Failed, x.Problem
		return p.Store.KeepAttempt(ctx, attempt)
	})
}
