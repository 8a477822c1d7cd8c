package engage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// MostAtOnce is with how many conversations something is done at once.
const MostAtOnce = 500

// undoFor is how long something that was done with many can be taken back.
const undoFor = 24 * time.Hour

// Refusal is a conversation with which something was not done, and why.
type Refusal struct {
	Conversation social.ConversationID
	Why          string
}

// Outcome is what became of something that was done with many.
type Outcome struct {
	Done    int
	Refused []Refusal
	Undo    string // names it for TakeBack; "" when nothing was done

	refused error // the first refusal
}

// DeedStore keeps what was done with several conversations.
type DeedStore interface {
	// KeepDone keeps it, and forgets those before a time.
	KeepDone(ctx context.Context, d Done, forget time.Time) error
	// Done reads it and keeps others from taking it back meanwhile.
	Done(ctx context.Context, id string) (Done, error)
}

// hand does deeds; what it had to ask for it asks once.
type hand struct {
	d     *Desk
	f     *fold
	by    social.Actor
	mates map[social.ProgrammeID][]Mate
	teams []Team
	tags  social.Tags
	given map[social.MemberID][]*Conversation
	knows bool // teams and tags were asked for
}

func (d *Desk) hand(ctx context.Context, f *fold) *hand {
	a, _ := social.ActorOf(ctx)
	return &hand{d: d, f: f, by: a, mates: map[social.ProgrammeID][]Mate{}, given: map[social.MemberID][]*Conversation{}}
}

func (h *hand) know(ctx context.Context) (err error) {
	if h.knows {
		return nil
	}
	h.knows = true
	if h.teams, err = h.d.Teams(ctx); err != nil {
		return err
	}
	h.tags, err = h.d.tags(ctx)
	return err
}

// Vocabulary is the tags that there are, by id.
func (d *Desk) Vocabulary(ctx context.Context) (social.Tags, error) { return d.tags(ctx) }

// tags is the vocabulary.
func (d *Desk) tags(ctx context.Context) (social.Tags, error) {
	if d.Tags == nil {
		return nil, nil
	}
	list, err := d.Tags.Vocabulary(ctx)
	return social.TagsOf(list), err
}

func (h *hand) matesOf(ctx context.Context, p social.ProgrammeID) ([]Mate, error) {
	if ms, ok := h.mates[p]; ok {
		return ms, nil
	}
	ms, err := h.d.Mates.Mates(ctx, p)
	h.mates[p] = ms
	return ms, err
}

func isMate(mates []Mate, m social.MemberID) bool {
	return slices.ContainsFunc(mates, func(x Mate) bool { return x.ID == m })
}

// sound refuses a deed that could be done with no conversation.
func (h *hand) sound(ctx context.Context, e Deed) error {
	if err := h.know(ctx); err != nil {
		return err
	}
	switch e.Act {
	case ActResolve, ActReopen, ActAssign:
		return nil
	case ActSnooze:
		return sleepy(e.Until.UTC(), h.f.now)
	case ActTeam:
		if e.Team != "" && !slices.ContainsFunc(h.teams, func(t Team) bool { return t.ID == e.Team }) {
			return social.Errorf(social.NotFound, "This team does not exist, or not for you.")
		}
		return nil
	case ActPriority:
		if !slices.Contains(Priorities, e.Priority) {
			return invalid("priority", "A priority is low, normal, high or urgent.")
		}
		return nil
	case ActTag, ActUntag:
		if len(e.Tags) == 0 || len(e.Tags) > 20 {
			return invalid("tags", "Name between 1 and 20 tags.")
		}
		for _, id := range e.Tags {
			t, ok := h.tags.Now(id)
			switch {
			case !ok:
				return social.Errorf(social.NotFound, "There is no such tag.")
			case t.Closed:
				return social.Errorf(social.Forbidden, "Only managers put on “%s” and take it away.", t.Name)
			case t.Archived && e.Act == ActTag:
				return social.Errorf(social.Conflict, "“%s” is in the archive and is put on nothing new.", t.Name)
			}
		}
		return nil
	case ActMove:
		if !social.ScopeOf(ctx).Sees(e.Programme) {
			return social.Errorf(social.NotFound, "This programme does not exist, or not for you.")
		}
		return nil
	}
	return invalid("act", fmt.Sprintf("%q is nothing that can be done with conversations.", e.Act))
}

// fits refuses a deed that can't be done with this conversation.
func (h *hand) fits(ctx context.Context, c *Conversation, e Deed) error {
	if err := c.Here(); err != nil {
		return err
	}
	switch e.Act {
	case ActAssign:
		if e.Member == "" || e.Member == c.Assignee {
			return nil
		}
		mates, err := h.matesOf(ctx, c.Programme)
		if err != nil {
			return err
		}
		if !isMate(mates, e.Member) {
			return invalid("member", "This member can't see the conversation, so it can't be given to them.")
		}
	case ActTeam:
		i := slices.IndexFunc(h.teams, func(t Team) bool { return t.ID == e.Team })
		if i >= 0 && h.teams[i].Programme != "" && h.teams[i].Programme != c.Programme {
			return invalid("team", "This team works in another programme.")
		}
	case ActTag:
		if len(h.with(c, e.Tags)) > mostTags {
			return invalid("tags", fmt.Sprintf("A conversation bears %d tags at most.", mostTags))
		}
	}
	return nil
}

const mostTags = 30

// with is what a conversation bears with some tags more.
func (h *hand) with(c *Conversation, tags []social.TagID) []social.TagID {
	out := slices.Clone(c.Tags)
	for _, id := range tags {
		same := h.tags.Same(id)
		if !slices.ContainsFunc(out, func(t social.TagID) bool { return slices.Contains(same, t) }) {
			out = append(out, same[0])
		}
	}
	return out
}

// do does a deed that is sound and fits.
func (h *hand) do(ctx context.Context, c *Conversation, e Deed) error {
	switch e.Act {
	case ActResolve:
		return h.d.resolve(ctx, h.f, c)
	case ActReopen:
		return h.d.reopen(ctx, h.f, c)
	case ActSnooze:
		return h.d.snooze(ctx, h.f, c, e.Until)
	case ActAssign:
		return h.assign(ctx, c, e.Member)
	case ActTeam:
		return h.team(ctx, c, e.Team)
	case ActPriority:
		if c.Priority == e.Priority {
			return nil
		}
		was := c.Priority
		c.Priority = e.Priority
		return h.d.note(ctx, h.f, c, "priority", map[string]any{"priority": string(e.Priority), "was": string(was)})
	case ActTag:
		return h.tag(ctx, c, h.with(c, e.Tags))
	case ActUntag:
		var gone []social.TagID
		for _, t := range e.Tags {
			gone = append(gone, h.tags.Same(t)...)
		}
		return h.tag(ctx, c, slices.DeleteFunc(slices.Clone(c.Tags), func(t social.TagID) bool { return slices.Contains(gone, t) }))
	case ActMove:
		if c.Programme == e.Programme {
			return nil
		}
		was := c.Programme
		c.Programme = e.Programme
		return h.d.note(ctx, h.f, c, "move", map[string]any{"programme": string(e.Programme), "was": string(was)})
	}
	return nil
}

func (h *hand) assign(ctx context.Context, c *Conversation, to social.MemberID) error {
	if c.Assignee == to {
		return nil
	}
	was := c.Assignee
	c.Assignee = to
	h.given[to] = append(h.given[to], c)
	return h.d.note(ctx, h.f, c, "assign", map[string]any{"member": string(to), "was": string(was)})
}

// tag gives a conversation the tags that it is to bear.
func (h *hand) tag(ctx context.Context, c *Conversation, tags []social.TagID) error {
	var on, off []social.TagID
	for _, t := range tags {
		if !slices.Contains(c.Tags, t) {
			on = append(on, t)
		}
	}
	for _, t := range c.Tags {
		if !slices.Contains(tags, t) {
			off = append(off, t)
		}
	}
	c.Tags = tags
	for _, x := range []struct {
		verb string
		tags []social.TagID
	}{{"tag", on}, {"untag", off}} {
		if len(x.tags) == 0 {
			continue
		}
		var names []string
		for _, r := range h.tags.Refs(x.tags) {
			names = append(names, r.Name)
		}
		for _, t := range x.tags {
			h.f.tagged = append(h.f.tagged, Tagging{Conversation: c.ID, Tag: t, On: x.verb == "tag", By: h.by.Member, At: h.f.now})
		}
		if err := h.d.note(ctx, h.f, c, x.verb, map[string]any{"tags": x.tags, "names": names}); err != nil {
			return err
		}
	}
	return nil
}

// tell lets members know what they were given.
func (h *hand) tell(ctx context.Context) error {
	if h.d.Notices == nil {
		return nil
	}
	for m, cs := range h.given {
		if m == "" || m == h.by.Member {
			continue
		}
		n := social.Notice{Kind: "assigned", Members: []social.MemberID{m}}
		if len(cs) <= 3 {
			for _, c := range cs {
				n.Key, n.Programme, n.Link = fmt.Sprintf("assigned:%s:%d", c.ID, h.f.now.UnixMicro()), c.Programme, "/engage?c="+string(c.ID)
				n.Text = h.by.Name + " gave you the conversation with " + c.Author.Label() + "."
				if err := h.d.Notices.Notify(ctx, n); err != nil {
					return err
				}
			}
			continue
		}
		n.Key, n.Link = "assigned:"+id.At(h.f.now), "/engage?view=mine"
		n.Text = fmt.Sprintf("%s gave you %d conversations.", h.by.Name, len(cs))
		if err := h.d.Notices.Notify(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// one does one deed with one conversation, or says why not.
func (d *Desk) one(ctx context.Context, id social.ConversationID, e Deed) error {
	out, err := d.Do(ctx, []social.ConversationID{id}, e)
	if err == nil && len(out.Refused) > 0 {
		return out.refused
	}
	return err
}

// Do does deeds with up to 500 conversations, in one transaction. One that
// can't be seen, or a deed that nobody could do, refuses all; a conversation
// with which just these can't be done is left out, and said so.
func (d *Desk) Do(ctx context.Context, ids []social.ConversationID, deeds ...Deed) (Outcome, error) {
	a, err := member(ctx)
	if err != nil {
		return Outcome{}, err
	}
	ids = distinct(ids)
	if len(ids) == 0 || len(ids) > MostAtOnce {
		return Outcome{}, invalid("ids", fmt.Sprintf("Name between 1 and %d conversations.", MostAtOnce))
	}
	var out Outcome
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		out = Outcome{}
		cs, err := d.Store.Lock(ctx, ids...)
		if err != nil {
			return err
		}
		f := newFold(d.now())
		h := d.hand(ctx, f)
		for _, e := range deeds {
			if err := h.sound(ctx, e); err != nil {
				return err
			}
		}
		done := Done{ID: id.At(f.now), Member: a.Member, At: f.now}
		for _, c := range cs {
			if err := out.refuse(c.ID, h.all(ctx, c, deeds, &done)); err != nil {
				return err
			}
		}
		if err := h.tell(ctx); err != nil {
			return err
		}
		out.Done = len(cs) - len(out.Refused)
		if len(done.Changes) > 0 {
			out.Undo = done.ID
			if err := d.Store.KeepDone(ctx, done, f.now.Add(-undoFor)); err != nil {
				return err
			}
		}
		return d.keep(ctx, f)
	})
	return out, err
}

// all does deeds with one conversation, if all of them fit.
func (h *hand) all(ctx context.Context, c *Conversation, deeds []Deed, done *Done) error {
	for _, e := range deeds {
		if err := h.fits(ctx, c, e); err != nil {
			return err
		}
	}
	before := c.Stands()
	for _, e := range deeds {
		if err := h.do(ctx, c, e); err != nil {
			return err
		}
	}
	if h.f.isTouched[c] {
		done.Changes = append(done.Changes, Change{Conversation: c.ID, Before: before, After: c.Stands()})
	}
	return nil
}

// refuse notes why something was not done with a conversation; what is no
// such reason it returns.
func (o *Outcome) refuse(c social.ConversationID, err error) error {
	var e *social.Error
	if err == nil {
		return nil
	}
	if !errors.As(err, &e) || e.Kind == social.Fault || e.Kind == social.Busy {
		return err
	}
	if o.refused == nil {
		o.refused = e
	}
	o.Refused = append(o.Refused, Refusal{c, e.Text})
	return nil
}

// TakeBack takes back what the actor did with conversations: each is again as
// it was, except for what has changed since, which is said.
func (d *Desk) TakeBack(ctx context.Context, name string) (Outcome, error) {
	a, err := member(ctx)
	if err != nil {
		return Outcome{}, err
	}
	var out Outcome
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		out = Outcome{}
		done, err := d.Store.Done(ctx, name)
		if err != nil {
			return err
		}
		now := d.now()
		switch {
		case done.Member != a.Member || now.Sub(done.At) > undoFor:
			return social.Errorf(social.NotFound, "There is nothing to take back any more.")
		case !done.Undone.IsZero():
			return social.Errorf(social.Conflict, "This was taken back already.")
		}
		ids := make([]social.ConversationID, len(done.Changes))
		for i, x := range done.Changes {
			ids[i] = x.Conversation
		}
		if len(ids) > 0 {
			cs, err := d.Store.Lock(ctx, ids...)
			if err != nil {
				return err
			}
			f := newFold(now)
			h := d.hand(ctx, f)
			if err := h.know(ctx); err != nil {
				return err
			}
			for _, c := range cs {
				i := slices.Index(ids, c.ID)
				left, err := h.restore(ctx, c, done.Changes[i])
				if err != nil {
					return err
				}
				if left != "" {
					out.Refused = append(out.Refused, Refusal{c.ID, left})
				}
			}
			if err := d.unjot(ctx, f, cs, done.ID); err != nil {
				return err
			}
			out.Done = len(cs) - len(out.Refused)
			if err := d.keep(ctx, f); err != nil {
				return err
			}
		}
		for _, o := range done.Joined { // after the state was given back, so that it follows from what is left
			if err := d.part(ctx, o); err != nil {
				return err
			}
		}
		if done.Split != "" {
			out.Done = 1
			if err := d.unsplit(ctx, done); err != nil {
				return err
			}
		}
		done.Undone = now
		return d.Store.KeepDone(ctx, done, now.Add(-undoFor))
	})
	return out, err
}

// restore gives a conversation back what a deed changed. What others have
// changed since stays, and the sentence says what.
func (h *hand) restore(ctx context.Context, c *Conversation, x Change) (left string, err error) {
	back, kept := []string{}, []string{}
	one := func(what string, changed, same bool, put func()) {
		switch {
		case !changed:
		case same:
			put()
			back = append(back, what)
		default:
			kept = append(kept, what)
		}
	}
	b, a := x.Before, x.After
	one("assignee", b.Assignee != a.Assignee, c.Assignee == a.Assignee, func() { c.Assignee = b.Assignee })
	one("team", b.Team != a.Team, c.Team == a.Team, func() { c.Team = b.Team })
	one("priority", b.Priority != a.Priority, c.Priority == a.Priority, func() { c.Priority = b.Priority })
	one("programme", b.Programme != a.Programme, c.Programme == a.Programme && social.ScopeOf(ctx).Sees(b.Programme), func() { c.Programme = b.Programme })
	one("state", b.State != a.State || !b.SnoozedUntil.Equal(a.SnoozedUntil),
		c.State == a.State && c.SnoozedUntil.Equal(a.SnoozedUntil) && c.AskedAt.Equal(a.AskedAt), func() {
			c.State, c.Turn, c.SnoozedUntil, c.ResolvedAt = b.State, b.Turn, b.SnoozedUntil, b.ResolvedAt
			c.WaitingSince, c.AnsweredTo = b.WaitingSince, b.AnsweredTo
		})
	tags := slices.DeleteFunc(slices.Clone(c.Tags), func(t social.TagID) bool { return slices.Contains(a.Tags, t) && !slices.Contains(b.Tags, t) })
	for _, t := range b.Tags {
		if !slices.Contains(a.Tags, t) && !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	if !slices.Equal(tags, c.Tags) {
		if err := h.tag(ctx, c, tags); err != nil {
			return "", err
		}
	}
	if len(back) > 0 {
		if err := h.d.note(ctx, h.f, c, "undo", map[string]any{"of": back}); err != nil {
			return "", err
		}
	}
	if len(kept) > 0 {
		return "Somebody has changed it since: " + strings.Join(kept, ", ") + ".", nil
	}
	return "", nil
}
