package engage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// A conversation that is merged into another becomes a pointer to it. Its
// words move there, each remembering in which conversation it was said, so
// that an answer still goes to whom it was said by, where it was said, and so
// that they can be taken apart at any time. What is heard in its thread from
// then on comes in through it and stands in the other. Nothing is thrown away.

// mostMerged is how many conversations are merged at once.
const mostMerged = 20

// answer makes words of ours in c that go where those of at were said: c
// itself or one that was merged into it.
func answer(c, at *Conversation, now time.Time) *Message {
	m := newMessage(c, FromUs, now)
	m.Channel, m.Lang = at.Channel, at.Lang
	if at.ID != c.ID {
		m.Origin = at.ID
	}
	return m
}

// MergeStore moves words between conversations.
type MergeStore interface {
	// LockStill is Lock, and keeps others from taking in activities meanwhile.
	LockStill(ctx context.Context, ids ...social.ConversationID) ([]*Conversation, error)
	// Merged lists what was merged into a conversation, and into those, the
	// oldest first, whoever asks.
	Merged(ctx context.Context, id social.ConversationID) ([]Conversation, error)
	// Of lists the newest conversations that accounts began, without merged ones.
	Of(ctx context.Context, who []social.IdentityID, limit int) ([]Row, error)
	// Join moves all that was said in one conversation into another, as said
	// in a third ("" for the other itself) unless it was said elsewhere
	// before, and returns how much that was.
	Join(ctx context.Context, from, to, origin social.ConversationID) (int, error)
	// Part moves what was said in some conversations out of another into the
	// first of them, and returns how much that was.
	Part(ctx context.Context, out social.ConversationID, from ...social.ConversationID) (int, error)
	// Shift moves messages of one conversation, and those that were said
	// there, into another: as said in origin, "" for the other itself.
	Shift(ctx context.Context, ids []social.MessageID, to, origin social.ConversationID) error
	// Pick reads messages of a conversation by their ids, oldest first.
	Pick(ctx context.Context, id social.ConversationID, ids []social.MessageID) ([]Message, error)
	// Sum works out what only all messages of a conversation tell.
	Sum(ctx context.Context, id social.ConversationID) (Sum, error)
}

// Way is one way to answer in a conversation: to whoever began it, or to
// whoever began one that was merged into it.
type Way struct{ Conversation }

// Ways lists how one can answer in a conversation, the one in which they
// wrote last first.
func (d *Desk) Ways(ctx context.Context, c Conversation) ([]Way, error) {
	merged, err := d.Store.Merged(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	out := []Way{{c}}
	for _, o := range merged {
		if o.Parent != "" {
			o.Programme = c.Programme
			out = append(out, Way{o})
		}
	}
	if len(out) > 1 && c.Parent == "" {
		out = out[1:]
	}
	slices.SortStableFunc(out, func(a, b Way) int { return b.ParentAt.Compare(a.ParentAt) })
	return out, nil
}

// way is the conversation by which a reply goes.
func (d *Desk) way(ctx context.Context, c *Conversation, w Words) (*Conversation, error) {
	via := w.Via
	if w.To != "" {
		m, err := d.Store.Message(ctx, w.To)
		if err != nil {
			return nil, err
		}
		via = m.In()
	}
	ways, err := d.Ways(ctx, *c)
	if err != nil {
		return nil, err
	}
	if via == "" {
		via = ways[0].ID
	}
	return d.wayOf(ctx, c, via)
}

// wayOf is the conversation in which a message of c was said, "" for c.
func (d *Desk) wayOf(ctx context.Context, c *Conversation, origin social.ConversationID) (*Conversation, error) {
	if origin == "" || origin == c.ID {
		return c, nil
	}
	merged, err := d.Store.Merged(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(merged, func(o Conversation) bool { return o.ID == origin })
	if i < 0 {
		return nil, social.Errorf(social.Conflict, "What you answer is not in this conversation any more. Look at it again.")
	}
	at := merged[i]
	at.Programme = c.Programme
	return &at, nil
}

// Merge puts what was said in other conversations into one, at most 20 at
// once. It can be taken back, and each can be taken out again at any time.
func (d *Desk) Merge(ctx context.Context, into social.ConversationID, others []social.ConversationID) (Outcome, error) {
	a, err := member(ctx)
	if err != nil {
		return Outcome{}, err
	}
	others = distinct(others)
	if len(others) == 0 || len(others) > mostMerged {
		return Outcome{}, invalid("conversations", fmt.Sprintf("Name between 1 and %d conversations.", mostMerged))
	}
	if slices.Contains(others, into) {
		return Outcome{}, invalid("conversations", "A conversation can't be merged into itself.")
	}
	var out Outcome
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		cs, err := d.Store.LockStill(ctx, append([]social.ConversationID{into}, others...)...)
		if err != nil {
			return err
		}
		for _, x := range cs {
			if err := x.Here(); err != nil {
				return err
			}
		}
		f := d.foldOf(cs)
		c := f.byID[into]
		h := d.hand(ctx, f)
		if err := h.know(ctx); err != nil {
			return err
		}
		done := Done{ID: id.At(f.now), Member: a.Member, At: f.now, Joined: others}
		before := c.Stands()
		for _, o := range others {
			if err := d.join(ctx, h, c, f.byID[o]); err != nil {
				return err
			}
		}
		if err := d.resum(ctx, f, c); err != nil {
			return err
		}
		done.Changes = []Change{{Conversation: c.ID, Before: before, After: c.Stands()}}
		out = Outcome{Done: len(others), Undo: done.ID}
		if err := d.Store.KeepDone(ctx, done, f.now.Add(-undoFor)); err != nil {
			return err
		}
		return d.keep(ctx, f)
	})
	return out, err
}

func (d *Desk) foldOf(cs []*Conversation) *fold {
	f := newFold(d.now())
	for _, c := range cs {
		f.shelve(c)
	}
	return f
}

// join merges o into c. What hangs on all words is summed up by resum.
func (d *Desk) join(ctx context.Context, h *hand, c, o *Conversation) error {
	n, err := d.Store.Join(ctx, o.ID, c.ID, o.ID)
	if err != nil {
		return err
	}
	if slices.Index(Priorities, o.Priority) > slices.Index(Priorities, c.Priority) {
		c.Priority = o.Priority
	}
	if c.Assignee == "" {
		c.Assignee = o.Assignee
	}
	if c.Team == "" && c.Programme == o.Programme {
		c.Team = o.Team
	}
	if tags := h.with(c, o.Tags); len(tags) > len(c.Tags) && len(tags) <= mostTags {
		if err := h.tag(ctx, c, tags); err != nil {
			return err
		}
	}
	c.Absorb(o)
	if err := d.note(ctx, h.f, o, "merged", map[string]any{"into": string(c.ID)}); err != nil {
		return err
	}
	return d.note(ctx, h.f, c, "merge", map[string]any{"conversation": string(o.ID), "with": o.Author.Label(), "subject": o.Subject, "messages": n})
}

// resum works out again what hangs on all words of a conversation.
func (d *Desk) resum(ctx context.Context, f *fold, c *Conversation) error {
	s, err := d.Store.Sum(ctx, c.ID)
	if err != nil {
		return err
	}
	c.Messages, c.BeganAt, c.FirstAnswer = s.Messages, s.Began, s.FirstAnswer
	if !s.Last.IsZero() {
		c.LastAt = s.Last
	}
	live, err := d.Store.Live(ctx, c.ID, 200)
	if err != nil {
		return err
	}
	f.recount(c, live)
	c.Delivery = ""
	if i := slices.IndexFunc(live, func(m Message) bool { return m.Kind == FromUs && m.Delivery != nil }); i >= 0 {
		c.Delivery = live[i].Delivery.Stage
	}
	f.touch(c)
	return nil
}

// Unmerge takes a conversation out of the one into which it was merged: it
// stands by itself again, with all that was said in it, then and since.
func (d *Desk) Unmerge(ctx context.Context, id social.ConversationID) error {
	if _, err := member(ctx); err != nil {
		return err
	}
	return d.Store.InTx(ctx, func(ctx context.Context) error { return d.part(ctx, id) })
}

// part takes a merged conversation out of where its words stand.
func (d *Desk) part(ctx context.Context, id social.ConversationID) error {
	chain := []social.ConversationID{id}
	for {
		row, err := d.Store.Row(ctx, chain[len(chain)-1], "")
		if err != nil {
			return err
		}
		if row.Into == "" {
			break
		}
		chain = append(chain, row.Into)
	}
	if len(chain) == 1 {
		return social.Errorf(social.Conflict, "This conversation stands by itself already.")
	}
	cs, err := d.Store.LockStill(ctx, chain...)
	if err != nil {
		return err
	}
	f := d.foldOf(cs)
	o, c := f.byID[id], f.byID[chain[len(chain)-1]]
	if o.State != Merged || f.root(o) != c {
		return social.Errorf(social.Busy, "Somebody has just changed this. Try again.")
	}
	with, err := d.Store.Merged(ctx, id)
	if err != nil {
		return err
	}
	from := []social.ConversationID{id}
	for _, x := range with {
		from = append(from, x.ID)
	}
	n, err := d.Store.Part(ctx, c.ID, from...)
	if err != nil {
		return err
	}
	if n == 0 {
		return social.Errorf(social.Conflict, "Nothing that was said in it is left here.")
	}
	o.Into = ""
	// Each is answered as far as it was answered itself: while they were one,
	// an answer in one stood for both.
	there, err := d.Store.Sum(ctx, c.ID)
	if err != nil {
		return err
	}
	here, err := d.Store.Sum(ctx, id)
	if err != nil {
		return err
	}
	c.AnsweredTo = talk.Latest(there.AnsweredTo, there.Resolved)
	o.AnsweredTo = talk.Latest(talk.Latest(here.AnsweredTo, here.Resolved), there.Resolved)
	switch {
	case c.State == Resolved:
		o.State, o.ResolvedAt, o.SnoozedUntil = Resolved, c.ResolvedAt, time.Time{}
	case o.SnoozedUntil.After(f.now) && c.State == Snoozed:
		o.State = Snoozed
	default:
		o.State, o.Turn, o.ResolvedAt, o.SnoozedUntil = Open, Ours, time.Time{}, time.Time{}
	}
	for _, x := range []*Conversation{c, o} {
		if err := d.resum(ctx, f, x); err != nil {
			return err
		}
	}
	if err := d.note(ctx, f, o, "unmerged", map[string]any{"from": string(c.ID)}); err != nil {
		return err
	}
	if err := d.note(ctx, f, c, "unmerge", map[string]any{"conversation": string(o.ID), "with": o.Author.Label(), "messages": n}); err != nil {
		return err
	}
	return d.keep(ctx, f)
}

// mostSplit is how many messages are taken out of a conversation at once.
const mostSplit = 200

// Split takes messages out of a conversation into one of their own, in which
// whoever said the first of theirs is answered. What answers those messages
// on the network goes with them; all else that is said in the thread stays.
func (d *Desk) Split(ctx context.Context, cid social.ConversationID, ids []social.MessageID) (social.ConversationID, Outcome, error) {
	a, err := member(ctx)
	if err != nil {
		return "", Outcome{}, err
	}
	ids = distinct(ids)
	if len(ids) == 0 || len(ids) > mostSplit {
		return "", Outcome{}, invalid("messages", fmt.Sprintf("Name between 1 and %d messages.", mostSplit))
	}
	var made social.ConversationID
	var out Outcome
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		cs, err := d.Store.LockStill(ctx, cid)
		if err != nil {
			return err
		}
		if err := cs[0].Here(); err != nil {
			return err
		}
		f := d.foldOf(cs)
		c := f.byID[cid]
		ms, err := d.Store.Pick(ctx, cid, ids)
		if err != nil {
			return err
		}
		n, err := d.splitOff(ctx, f, c, ms, len(ids))
		if err != nil {
			return err
		}
		if err := d.Store.Save(ctx, Batch{Conversations: []*Conversation{n}}); err != nil {
			return err
		}
		if err := d.Store.Shift(ctx, ids, n.ID, ""); err != nil {
			return err
		}
		if s, err := d.Store.Sum(ctx, cid); err != nil {
			return err
		} else if s.Theirs == 0 {
			return invalid("messages", "Something that they said must stay. Leave at least one message of theirs where it is.")
		}
		for _, x := range []*Conversation{c, n} {
			if err := d.resum(ctx, f, x); err != nil {
				return err
			}
		}
		if err := d.note(ctx, f, c, "split", map[string]any{"conversation": string(n.ID), "messages": len(ms)}); err != nil {
			return err
		}
		if err := d.note(ctx, f, n, "split_from", map[string]any{"conversation": string(c.ID), "messages": len(ms)}); err != nil {
			return err
		}
		if len(n.Tags) > 0 {
			for _, t := range n.Tags {
				f.tagged = append(f.tagged, Tagging{Conversation: n.ID, Tag: t, On: true, By: a.Member, At: f.now})
			}
		}
		done := Done{ID: id.At(f.now), Member: a.Member, At: f.now, Split: n.ID, From: cid, Origin: ms[0].Origin}
		made, out = n.ID, Outcome{Done: len(ms), Undo: done.ID}
		if err := d.Store.KeepDone(ctx, done, f.now.Add(-undoFor)); err != nil {
			return err
		}
		return d.keep(ctx, f)
	})
	return made, out, err
}

// splitOff makes the conversation that some messages of c become.
func (d *Desk) splitOff(ctx context.Context, f *fold, c *Conversation, ms []Message, wanted int) (*Conversation, error) {
	if len(ms) != wanted {
		return nil, social.Errorf(social.NotFound, "Some of these messages are not in this conversation any more. Look at it again.")
	}
	first := -1
	for i, m := range ms {
		switch {
		case m.Kind == Happened:
			return nil, invalid("messages", "What was done with a conversation can't be taken out of it.")
		case m.Origin != ms[0].Origin:
			return nil, invalid("messages", "These were said in different conversations that were merged. Take those apart first.")
		case m.Kind == FromThem && m.DeletedAt.IsZero() && first < 0:
			first = i
		}
	}
	if first < 0 {
		return nil, invalid("messages", "Name at least one message of theirs, so that there is somebody to answer.")
	}
	base, err := d.wayOf(ctx, c, ms[0].Origin)
	if err != nil {
		return nil, err
	}
	m := ms[first]
	n := &Conversation{
		ID: social.ConversationID(id.At(f.now)), Channel: base.Channel, Root: base.Home(), Counterpart: base.Counterpart, Visibility: m.Visibility,
		Programme: c.Programme, Monitor: c.Monitor, Identity: m.Identity, Author: m.Author, Subject: subject(m.Title, m.Text), URL: m.URL, Lang: m.Lang,
		State: c.State, Turn: c.Turn, Assignee: c.Assignee, Team: c.Team, Priority: c.Priority, Tags: slices.Clone(c.Tags),
		SnoozedUntil: c.SnoozedUntil, ResolvedAt: c.ResolvedAt, AnsweredTo: c.AnsweredTo, HeardAt: c.HeardAt, BeganAt: m.At, LastAt: m.At, CreatedAt: f.now,
	}
	n.Thread = "split:" + string(n.ID) // the network's own names the conversation that it was taken from
	if n.State == Waiting && m.At.After(n.AnsweredTo) {
		n.State, n.Turn = Open, Ours
	}
	f.shelve(n)
	return n, nil
}

// unsplit puts what was split off back where it was.
func (d *Desk) unsplit(ctx context.Context, done Done) error {
	row, err := d.Store.Row(ctx, done.Split, "")
	if err != nil {
		return err
	}
	if row.State == Merged {
		return social.Errorf(social.Conflict, "It has been merged into another conversation since.")
	}
	cs, err := d.Store.LockStill(ctx, done.Split, done.From)
	if err != nil {
		return err
	}
	f := d.foldOf(cs)
	n, c := f.byID[done.Split], f.byID[done.From]
	if err := c.Here(); err != nil {
		return err
	}
	if _, err := d.Store.Join(ctx, n.ID, c.ID, done.Origin); err != nil {
		return err
	}
	c.Absorb(n)
	if err := d.note(ctx, f, n, "merged", map[string]any{"into": string(c.ID)}); err != nil {
		return err
	}
	if err := d.resum(ctx, f, c); err != nil {
		return err
	}
	if err := d.note(ctx, f, c, "undo", map[string]any{"of": []string{"split"}}); err != nil {
		return err
	}
	return d.keep(ctx, f)
}
