package publish

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Rule is what a programme asks before something is published.
type Rule struct {
	Programme social.ProgrammeID // "": of the whole house, where a programme has no rule of its own
	Review    bool               // somebody approves first
	FourEyes  bool               // the author never approves their own
	Set       bool               // somebody has said so; false: it follows the house's
}

// Remark is one step of a review. They are never changed.
type Remark struct {
	ID      string
	Content ContentID
	Act     Act // Submit, Approve, Return, Reject, Withdraw, Hold, Resume, or Comment
	Text    string
	Member  social.MemberID
	Hashes  []string // what was approved
	At      time.Time
}

// Comment is a remark that moves nothing.
const Comment Act = "comment"

// Reviews keeps rules and remarks.
type Reviews interface {
	// Rule reads a programme's own rule, NotFound if it has none.
	Rule(ctx context.Context, p social.ProgrammeID) (Rule, error)
	Rules(ctx context.Context) ([]Rule, error)
	SaveRule(ctx context.Context, r Rule) error
	DropRule(ctx context.Context, p social.ProgrammeID) error
	AddRemark(ctx context.Context, r Remark) error
	// Remarks reads all of a content, the oldest first.
	Remarks(ctx context.Context, id ContentID) ([]Remark, error)
	// Approval reads the newest approval that covers a hash, NotFound if there
	// is none.
	Approval(ctx context.Context, id ContentID, hash string) (Remark, error)
	// AddHold, Holds and EndHold keep what stops everything.
	AddHold(ctx context.Context, h HoldAll) error
	// Holds lists those that hold now, whatever the scope: everybody sees them.
	Holds(ctx context.Context) ([]HoldAll, error)
	EndHold(ctx context.Context, h HoldAll) error
	// Waiting lists the contents of a programme ("" for all) of which
	// something waits, and HeldBy those of which a hold stops something.
	Waiting(ctx context.Context, p social.ProgrammeID) ([]ContentID, error)
	HeldBy(ctx context.Context, h HoldID) ([]ContentID, error)
}

// rule is what holds in a programme.
func (p *Press) rule(ctx context.Context, of social.ProgrammeID) (Rule, error) {
	r, err := p.Store.Rule(ctx, of)
	if social.NotFound.Is(err) && of != "" {
		r, err = p.Store.Rule(ctx, "")
		r.Programme, r.Set = of, false
	}
	if social.NotFound.Is(err) {
		return Rule{Programme: of, FourEyes: true}, nil
	}
	return r, err
}

// RuleOf is what holds in a programme.
func (p *Press) RuleOf(ctx context.Context, of social.ProgrammeID) (Rule, error) {
	return p.rule(ctx, of)
}

// SetRule sets what a programme asks. What is approved or planned is looked at
// again when it leaves.
func (p *Press) SetRule(ctx context.Context, r Rule) error {
	if err := placed(ctx, r.Programme); err != nil {
		return err
	}
	return p.Store.InTx(ctx, func(ctx context.Context) error {
		save := p.Store.SaveRule(ctx, r)
		if !r.Set {
			save = p.Store.DropRule(ctx, r.Programme)
		}
		if save != nil {
			return save
		}
		if err := p.Store.Tell(ctx, social.Posted{Programme: r.Programme}); err != nil {
			return err
		}
		return p.Store.Record(ctx, social.Entry{Verb: "update", Object: "publish_rule", ID: string(r.Programme), Detail: map[string]any{
			"review": r.Review, "four_eyes": r.FourEyes, "own": r.Set}})
	})
}

// cleared reports whether the words of a post are approved.
func (p *Press) cleared(ctx context.Context, c *Content, x *Post, rule Rule) (bool, error) {
	r, err := p.Store.Approval(ctx, c.ID, c.Hash(x))
	if social.NotFound.Is(err) {
		return false, nil
	}
	return err == nil && (!rule.FourEyes || r.Member != c.Author), err
}

// Submit asks others to look at a content.
func (p *Press) Submit(ctx context.Context, cid ContentID, text string) (Content, error) {
	return p.review(ctx, cid, Submit, text)
}

// Review says yes, no or not yet to a content, or only something about it. A
// no and a not yet need a reason.
func (p *Press) Review(ctx context.Context, cid ContentID, act Act, text string) (Content, error) {
	if !slices.Contains([]Act{Approve, Return, Reject, Comment}, act) {
		return Content{}, invalid("act", "One can approve, request changes, reject or comment.")
	}
	return p.review(ctx, cid, act, text)
}

// Withdraw makes a content a draft again.
func (p *Press) Withdraw(ctx context.Context, cid ContentID) (Content, error) {
	return p.review(ctx, cid, Withdraw, "")
}

func (p *Press) review(ctx context.Context, cid ContentID, act Act, text string) (Content, error) {
	a, err := member(ctx)
	if err != nil {
		return Content{}, err
	}
	text = clean(text)
	switch {
	case text == "" && (act == Return || act == Reject || act == Comment):
		return Content{}, invalid("text", "Say why, so that the others know what to do.")
	case utf8.RuneCountInString(text) > 2000:
		return Content{}, invalid("text", "This is longer than 2,000 characters.")
	}
	var out Content
	err = p.act(ctx, cid, func(ctx context.Context, c *Content, now time.Time) error {
		rule, err := p.rule(ctx, c.Programme)
		if err != nil {
			return err
		}
		remark := Remark{ID: id.At(now), Content: cid, Act: act, Text: text, Member: a.Member, At: now}
		if act != Comment {
			if err := p.judge(ctx, c, act, rule, a, &remark, now); err != nil {
				return err
			}
			c.Version++
			c.UpdatedAt = now
			if err := p.Store.Save(ctx, c); err != nil {
				return err
			}
		}
		if err := p.Store.AddRemark(ctx, remark); err != nil {
			return err
		}
		if err := p.spread(ctx, c, act, a, text, remark.ID); err != nil {
			return err
		}
		out = *c
		return p.told(ctx, c, string(act), map[string]any{"text": text, "sha256": strings.Join(remark.Hashes, " ")})
	})
	return out, err
}

// judge moves the posts that an act means.
func (p *Press) judge(ctx context.Context, c *Content, act Act, rule Rule, a social.Actor, remark *Remark, now time.Time) error {
	if act == Approve && rule.FourEyes && c.Author == a.Member {
		return social.Errorf(social.Forbidden, "In this programme nobody approves what they wrote themselves. Somebody else must look at it.")
	}
	moved := 0
	for _, x := range c.Posts {
		if _, ok := ways[x.State][act]; !ok {
			continue
		}
		if act == Submit {
			if err := p.submits(ctx, c, x); err != nil {
				return err
			}
		}
		if err := x.turn(act, now); err != nil {
			return err
		}
		moved++
		if act == Reject {
			remark.Hashes = append(remark.Hashes, c.Hash(x))
		}
		if act != Approve {
			continue
		}
		remark.Hashes = append(remark.Hashes, c.Hash(x))
		if x.At.After(now) { // it was planned before: so it leaves then
			if err := p.approved(ctx, c, x, now); err != nil {
				return err
			}
		}
	}
	if moved > 0 {
		return nil
	}
	if len(c.Posts) == 0 {
		return social.Errorf(social.Conflict, "Choose at least one channel first.")
	}
	_, err := Next(c.Posts[0].State, act)
	return err
}

// submits says why a post can't be submitted.
func (p *Press) submits(ctx context.Context, c *Content, x *Post) error {
	if err := p.fits(ctx, c, x); err != nil {
		return err
	}
	remarks, err := p.Store.Remarks(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(remarks) {
		switch {
		case r.Act == Reject && slices.Contains(r.Hashes, c.Hash(x)):
			return social.Errorf(social.Conflict, "Exactly this was rejected. Change it before you submit it again.")
		case r.Act == Approve:
			return nil
		}
	}
	return nil
}

// approved plans a post that had its time already. Its author answers for it;
// whether they may is asked now and again when it leaves.
func (p *Press) approved(ctx context.Context, c *Content, x *Post, now time.Time) error {
	x.Member, x.Token = c.Author, ""
	if err := p.clear(ctx, c, x, x.Member, ""); err != nil {
		return err
	}
	if err := x.plan(x.At, now); err != nil {
		return err
	}
	return p.holds(ctx, c, x, now)
}

// link is where a content is found in the app.
func link(id ContentID) string { return "/publish/" + string(id) }

func (p *Press) notify(ctx context.Context, n social.Notice) error {
	if p.Notices == nil {
		return nil
	}
	slices.Sort(n.Members)
	n.Members = slices.Compact(n.Members)
	return p.Notices.Notify(ctx, n)
}

func (p *Press) unnotify(ctx context.Context, cid ContentID) error {
	if p.Notices == nil {
		return nil
	}
	return p.Notices.Unnotify(ctx, "review:"+string(cid))
}

// reviewOver takes back what approvers were told once nothing waits for them.
func (p *Press) reviewOver(ctx context.Context, c *Content) error {
	if slices.ContainsFunc(c.Posts, func(x *Post) bool { return x.State == InReview }) {
		return nil
	}
	return p.unnotify(ctx, c.ID)
}

// spread tells whom a step of a review concerns.
func (p *Press) spread(ctx context.Context, c *Content, act Act, a social.Actor, text, remark string) error {
	n := social.Notice{Kind: "approval", Link: link(c.ID), Programme: c.Programme}
	switch act {
	case Submit:
		if p.Approvers == nil {
			return nil
		}
		who, err := p.Approvers.Approvers(ctx, c.Programme)
		if err != nil {
			return err
		}
		n.Key, n.Text = "review:"+string(c.ID), a.Name+" asks you to look at “"+c.Name()+"” before it is published."
		n.Members = slices.DeleteFunc(who, func(m social.MemberID) bool { return m == c.Author })
		return p.notify(ctx, n)
	case Approve:
		n.Text = a.Name + " approved “" + c.Name() + "”."
	case Return:
		n.Text = a.Name + " asks for changes to “" + c.Name() + "”: " + text
	case Reject:
		n.Text = a.Name + " rejected “" + c.Name() + "”: " + text
	case Comment:
		n.Text = a.Name + " commented on “" + c.Name() + "”: " + text
	}
	if err := p.reviewOver(ctx, c); err != nil || n.Text == "" {
		return err
	}
	n.Key, n.Members = "remark:"+remark, []social.MemberID{c.Author}
	return p.notify(ctx, n)
}
