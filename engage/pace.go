package engage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage/pledge"
	"github.com/parley-crm/parley/engage/rule"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
)

// What we promise about time is worked out in the transaction of every
// change, so the list never shows a time that no longer holds. Time itself
// brings the rest: Stir does what is due by now, found by an index.

// Stirrings is what time brings to conversations.
type Stirrings interface {
	// Stirring lists conversations to which time has brought something, the
	// longest ago first, and when it will bring something next.
	Stirring(ctx context.Context, now time.Time, limit int) ([]social.ConversationID, time.Time, error)
	// Rows reads conversations that may be seen, in no order.
	Rows(ctx context.Context, ids []social.ConversationID) ([]Conversation, error)
	// Unpaced lists conversations that are not resolved and were worked out
	// by older promises than those of a version, and takes note of how far
	// that has come; none when all are done.
	Unpaced(ctx context.Context, version int64, limit int) ([]social.ConversationID, error)
}

// Leads knows who answers for a programme ("" for what belongs to none).
type Leads interface {
	Leads(ctx context.Context, p social.ProgrammeID) ([]social.MemberID, error)
}

// pace works out what we promise of conversations that are about to be saved.
func (d *Desk) pace(ctx context.Context, f *fold) error {
	if d.Pace == nil {
		return nil
	}
	ps, err := d.Pace.Now(ctx)
	if err != nil {
		return err
	}
	for _, c := range f.touched {
		if err := d.paceOne(ctx, f, ps, c); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) paceOne(ctx context.Context, f *fold, ps pledge.Promises, c *Conversation) error {
	if c.BeganAt.IsZero() { // none of their words stand yet
		return nil
	}
	was := c.Track.Broken() || c.Warned()
	if c.State == Merged || c.State == Deleted { // what was promised is kept, or not, where it went
		c.DueWhat, c.DueAt, c.StirsAt = "", time.Time{}, time.Time{}
		if was && d.Notices != nil {
			return d.Notices.Unnotify(ctx, dueKeys(c.ID)...)
		}
		return nil
	}
	p := ps.Of(c.Has, f.now)
	outcomes, news := c.Track.Keep(p, c.Look(), f.now)
	for _, n := range news {
		if err := d.timeBrought(ctx, f, c, p, n); err != nil {
			return err
		}
	}
	c.Outcomes = append(c.Outcomes, outcomes...)
	c.DueWhat, c.DueAt, _ = c.Track.Due()
	c.StirsAt = c.Track.Stirs(p)
	if was && !c.Track.Broken() && !c.Warned() && d.Notices != nil {
		return d.Notices.Unnotify(ctx, dueKeys(c.ID)...)
	}
	return nil
}

func dueKeys(id social.ConversationID) []string {
	var out []string
	for _, g := range pledge.Goals {
		out = append(out, fmt.Sprintf("due/%s/%s/warn", id, g), fmt.Sprintf("due/%s/%s/broken", id, g))
	}
	return out
}

var goalWords = map[pledge.Goal]string{pledge.First: "A first answer", pledge.Next: "An answer", pledge.Resolve: "An end"}

// timeBrought does what time has brought to a conversation under a promise.
func (d *Desk) timeBrought(ctx context.Context, f *fold, c *Conversation, p *pledge.Promise, n pledge.News) error {
	ctx = asParley(ctx)
	detail := map[string]any{"pledge": p.Name, "goal": string(n.Goal), "due": n.Due.Format(time.RFC3339)}
	switch n.What {
	case "warn":
		f.news = append(f.news, told{c, rule.DueSoon})
		c.Track.Lines[n.Goal].Told = true
		return d.tellDue(ctx, c, n, "warn", goalWords[n.Goal]+" for "+c.Author.Label()+" is due soon (“"+p.Name+"”).", nil)
	case "broken":
		f.news = append(f.news, told{c, rule.Overdue})
		c.Track.Lines[n.Goal].Told = true
		if err := d.note(ctx, f, c, "pledge_broken", detail); err != nil {
			return err
		}
		return d.tellDue(ctx, c, n, "broken", goalWords[n.Goal]+" for "+c.Author.Label()+" is overdue (“"+p.Name+"”).", nil)
	}
	return d.step(ctx, f, c, p, n)
}

// tellDue tells whoever looks after a conversation, else those who answer for
// its programme, or the members that are named.
func (d *Desk) tellDue(ctx context.Context, c *Conversation, n pledge.News, what, text string, to []social.MemberID) error {
	if d.Notices == nil {
		return nil
	}
	if to == nil && c.Assignee != "" {
		to = []social.MemberID{c.Assignee}
	}
	if to == nil && d.Leads != nil {
		var err error
		if to, err = d.Leads.Leads(ctx, c.Programme); err != nil {
			return err
		}
	}
	if len(to) == 0 {
		return nil
	}
	return d.Notices.Notify(ctx, social.Notice{Key: fmt.Sprintf("due/%s/%s/%s", c.ID, n.Goal, what), Kind: "due", Text: text,
		Link: "/engage?c=" + string(c.ID), Programme: c.Programme, Members: to})
}

// step does what a pledge says is done when a goal was missed for so long.
func (d *Desk) step(ctx context.Context, f *fold, c *Conversation, p *pledge.Promise, n pledge.News) error {
	s := n.Step
	text := goalWords[n.Goal] + " for " + c.Author.Label() + " is overdue (“" + p.Name + "”)."
	switch s.Do {
	case pledge.TellLeads:
		if d.Leads == nil {
			return nil
		}
		to, err := d.Leads.Leads(ctx, c.Programme)
		if err != nil {
			return err
		}
		return d.tellDue(ctx, c, n, "broken", text, slices.Concat(to, []social.MemberID{""}))
	case pledge.TellMember:
		return d.tellDue(ctx, c, n, "broken", text, []social.MemberID{s.Member})
	case pledge.TakeBack, pledge.GiveTo:
		to := s.Member
		if s.Do == pledge.TakeBack {
			to = ""
		}
		err := d.deed(ctx, f, c, Deed{Act: ActAssign, Member: to})
		if social.Invalid.Is(err) { // they have left, or may not see it any more
			return d.note(ctx, f, c, "pledge_step_failed", map[string]any{"pledge": p.Name, "member": string(to)})
		}
		if err != nil || to == "" {
			return err
		}
		return d.tellDue(ctx, c, n, "broken", text, []social.MemberID{to})
	}
	return nil
}

// Stir does what time has brought to promises by now, and works conversations
// out again whose promises or hours have changed. It returns when there will
// be something to do next.
func (d *Desk) Stir(ctx context.Context) (time.Time, error) {
	if d.Pace == nil {
		return time.Time{}, nil
	}
	ctx = asParley(ctx)
	for ctx.Err() == nil {
		ids, next, err := d.Store.Stirring(ctx, d.now(), 100)
		if err != nil {
			return next, err
		}
		if len(ids) == 0 {
			ps, err := d.Pace.Now(ctx)
			if err != nil {
				return next, err
			}
			more := true
			for more && err == nil {
				more, err = d.repace(ctx, ps.Version)
			}
			return next, err
		}
		if err := d.stir(ctx, ids); err != nil {
			return next, err
		}
	}
	return time.Time{}, ctx.Err()
}

// repace works a few conversations out again; more says that there are more.
func (d *Desk) repace(ctx context.Context, version int64) (more bool, err error) {
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		ids, err := d.Store.Unpaced(ctx, version, 200)
		if err != nil || len(ids) == 0 {
			return err
		}
		more = true
		return d.stir(ctx, ids)
	})
	return more, err
}

func (d *Desk) stir(ctx context.Context, ids []social.ConversationID) error {
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		cs, err := d.Store.Lock(ctx, ids...)
		if err != nil {
			return err
		}
		f := newFold(d.now())
		for _, c := range cs {
			f.touch(c)
		}
		return d.keep(ctx, f)
	})
}

// Values reads what conversations that may be seen have in each field.
func (d *Desk) Values(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]func(string) cond.Value, error) {
	out := make(map[social.ConversationID]func(string) cond.Value, len(ids))
	tags, err := d.tags(ctx)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(ids, 250) {
		rows, err := d.Store.Rows(ctx, part)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			out[rows[i].ID] = rows[i].Bears(tags)
		}
	}
	return out, nil
}

// deed does one deed by itself with a conversation that is locked.
func (d *Desk) deed(ctx context.Context, f *fold, c *Conversation, e Deed) error {
	h := d.hand(ctx, f)
	if err := h.sound(ctx, e); err != nil {
		return err
	}
	if err := h.fits(ctx, c, e); err != nil {
		return err
	}
	if err := h.do(ctx, c, e); err != nil {
		return err
	}
	return h.tell(ctx)
}

// Due is by when a conversation should have an answer, where that is promised.
func (d *Desk) Due(_ context.Context, c Conversation) (at time.Time, ok bool, err error) {
	for _, g := range []pledge.Goal{pledge.First, pledge.Next} {
		if l := c.Track.Lines[g]; l != nil && l.Met.IsZero() && !l.Over && !l.Due.IsZero() {
			return l.Due, true, nil
		}
	}
	return time.Time{}, false, nil
}
