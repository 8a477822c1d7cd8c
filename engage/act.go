package engage

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/social"
)

// act changes one conversation in a transaction of its own.
func (d *Desk) act(ctx context.Context, id social.ConversationID, do func(ctx context.Context, f *fold, c *Conversation) error) error {
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		cs, err := d.Store.Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := cs[0].Here(); err != nil {
			return err
		}
		f := newFold(d.now())
		if err := do(ctx, f, cs[0]); err != nil {
			return err
		}
		return d.keep(ctx, f)
	})
}

// note writes what was done into the conversation and into the record, which
// is told neither who somebody is nor what they said.
func (d *Desk) note(ctx context.Context, f *fold, c *Conversation, verb string, detail map[string]any) error {
	a, _ := social.ActorOf(ctx)
	f.touch(c)
	e := newMessage(c, Happened, f.now)
	e.Member = a.Member
	e.Event = &Event{Verb: verb, Detail: detail}
	f.fresh = append(f.fresh, e)
	kept := maps.Clone(detail)
	delete(kept, "with")
	delete(kept, "subject")
	return d.Store.Record(ctx, social.Entry{Verb: verb, Object: "conversation", ID: string(c.ID), Detail: kept})
}

// Claim gives a conversation to whoever asks, unless somebody else has it.
func (d *Desk) Claim(ctx context.Context, id social.ConversationID) error {
	a, err := member(ctx)
	if err != nil {
		return err
	}
	return d.act(ctx, id, func(ctx context.Context, f *fold, c *Conversation) error {
		switch c.Assignee {
		case a.Member:
			return nil
		case "":
			c.Assignee = a.Member
			return d.note(ctx, f, c, "claim", map[string]any{"member": string(a.Member)})
		}
		return social.Errorf(social.Conflict, "Somebody else has this conversation already. Assign it to yourself if you want to take it over.")
	})
}

// Assign gives a conversation to a member, or to nobody ("").
func (d *Desk) Assign(ctx context.Context, id social.ConversationID, to social.MemberID) error {
	if _, err := member(ctx); err != nil {
		return err
	}
	return d.one(ctx, id, Deed{Act: ActAssign, Member: to})
}

// Resolve closes a conversation. New words of the customer open it again.
func (d *Desk) Resolve(ctx context.Context, id social.ConversationID) error {
	if _, err := member(ctx); err != nil {
		return err
	}
	return d.act(ctx, id, d.resolve)
}

func (d *Desk) resolve(ctx context.Context, f *fold, c *Conversation) error {
	if c.State == Resolved {
		return nil
	}
	var wait map[string]any
	if !c.WaitingSince.IsZero() { // kept for whoever takes the act back
		wait = map[string]any{"waiting_since": c.WaitingSince.Format(time.RFC3339Nano), "answered_to": c.AnsweredTo.Format(time.RFC3339Nano)}
	}
	c.State, c.Turn = Resolved, Settled
	c.ResolvedAt, c.SnoozedUntil, c.WaitingSince = f.now, time.Time{}, time.Time{}
	c.AnsweredTo = talk.Latest(c.AnsweredTo, c.AskedAt)
	f.facts = append(f.facts, social.Resolved{Conversation: c.ID, At: f.now})
	return d.note(ctx, f, c, "resolve", wait)
}

// waitAgain gives a conversation that is opened again the wait that resolving
// it ended: whoever was not answered then has not been since.
func (d *Desk) waitAgain(ctx context.Context, c *Conversation) error {
	messages, _, err := d.Store.Messages(ctx, c.ID, "", 20)
	if err != nil {
		return err
	}
	for _, m := range messages {
		if m.Event == nil || m.Event.Verb != "resolve" {
			continue
		}
		since, _ := m.Event.Detail["waiting_since"].(string)
		to, _ := m.Event.Detail["answered_to"].(string)
		at, err := time.Parse(time.RFC3339Nano, since)
		if err != nil {
			return nil // nobody waited
		}
		c.WaitingSince = at
		if c.AnsweredTo, err = time.Parse(time.RFC3339Nano, to); err != nil {
			c.AnsweredTo = time.Time{}
		}
		return nil
	}
	return nil
}

// Reopen opens a conversation that was resolved or snoozed, or takes one back
// that waits for them.
func (d *Desk) Reopen(ctx context.Context, id social.ConversationID) error {
	if _, err := member(ctx); err != nil {
		return err
	}
	return d.act(ctx, id, d.reopen)
}

func (d *Desk) reopen(ctx context.Context, f *fold, c *Conversation) error {
	if c.State == Open {
		return nil
	}
	was := c.State
	c.State, c.Turn, c.SnoozedUntil, c.ResolvedAt = Open, Ours, time.Time{}, time.Time{}
	if was == Resolved {
		if err := d.waitAgain(ctx, c); err != nil {
			return err
		}
	}
	return d.note(ctx, f, c, "reopen", map[string]any{"was": string(was)})
}

// Snooze puts a conversation away until a time, or until they write again.
func (d *Desk) Snooze(ctx context.Context, id social.ConversationID, until time.Time) error {
	if _, err := member(ctx); err != nil {
		return err
	}
	return d.act(ctx, id, func(ctx context.Context, f *fold, c *Conversation) error { return d.snooze(ctx, f, c, until) })
}

func (d *Desk) snooze(ctx context.Context, f *fold, c *Conversation, until time.Time) error {
	until = until.UTC().Truncate(time.Microsecond)
	if err := sleepy(until, f.now); err != nil {
		return err
	}
	if c.State == Snoozed && c.SnoozedUntil.Equal(until) {
		return nil
	}
	c.State, c.SnoozedUntil, c.ResolvedAt = Snoozed, until, time.Time{}
	return d.note(ctx, f, c, "snooze", map[string]any{"until": until.Format(time.RFC3339)})
}

// sleepy refuses times until which nothing can be snoozed.
func sleepy(until, now time.Time) error {
	if !until.After(now) {
		return invalid("until", "A conversation can be snoozed only until a time to come.")
	}
	if until.After(now.AddDate(1, 0, 0)) {
		return invalid("until", "A conversation can be snoozed for a year at most.")
	}
	return nil
}

// Tick does what time brings: it wakes conversations that were snoozed until now.
func (d *Desk) Tick(ctx context.Context) error {
	ctx = asParley(ctx)
	for {
		ids, err := d.Store.Asleep(ctx, d.now(), 100)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = d.Store.InTx(ctx, func(ctx context.Context) error {
			cs, err := d.Store.Lock(ctx, ids...)
			if err != nil {
				return err
			}
			f := newFold(d.now())
			for _, c := range cs {
				if c.State != Snoozed || c.SnoozedUntil.After(f.now) {
					continue
				}
				c.State, c.Turn, c.SnoozedUntil = Open, Ours, time.Time{}
				if err := d.note(ctx, f, c, "wake", nil); err != nil {
					return err
				}
			}
			return d.keep(ctx, f)
		})
		if err != nil {
			return err
		}
	}
}

// Move puts a conversation into another programme; the actor must see both.
func (d *Desk) Move(ctx context.Context, id social.ConversationID, to social.ProgrammeID) error {
	if _, err := member(ctx); err != nil {
		return err
	}
	return d.one(ctx, id, Deed{Act: ActMove, Programme: to})
}

// Remark is a note among us.
type Remark struct {
	Key  string
	Text string
}

// Note writes a note that never leaves the house. The same key twice is one note.
func (d *Desk) Note(ctx context.Context, cid social.ConversationID, r Remark) (Message, error) {
	a, err := member(ctx)
	if err != nil {
		return Message{}, err
	}
	r.Text = clean(r.Text)
	if err := checkWords(r.Key, r.Text); err != nil {
		return Message{}, err
	}
	var out Message
	err = d.act(ctx, cid, func(ctx context.Context, f *fold, c *Conversation) error {
		if m, err := d.again(ctx, r.Key, cid, Noted, r.Text); err == nil || !social.NotFound.Is(err) {
			out = m
			return err
		}
		m, err := d.jot(ctx, f, c, a, r)
		if err == nil {
			out = *m
		}
		return err
	})
	return out, err
}

// jot writes a note, and tells the colleagues whom it names.
func (d *Desk) jot(ctx context.Context, f *fold, c *Conversation, a social.Actor, r Remark) (*Message, error) {
	m := newMessage(c, Noted, f.now)
	m.Member, m.Text, m.Key = a.Member, r.Text, r.Key
	f.touch(c)
	f.fresh = append(f.fresh, m)
	f.jotted = append(f.jotted, m)
	if err := d.Store.MarkRead(ctx, a.Member, c.ID, f.now); err != nil {
		return nil, err
	}
	return m, d.Store.Record(ctx, social.Entry{Verb: "note", Object: "conversation", ID: string(c.ID), Detail: map[string]any{"message": string(m.ID)}})
}

// names tells colleagues that a note names them.
func (d *Desk) names(ctx context.Context, f *fold) error {
	a, _ := social.ActorOf(ctx)
	for _, m := range f.jotted {
		if !strings.Contains(m.Text, "@") {
			continue
		}
		i := slices.IndexFunc(f.touched, func(c *Conversation) bool { return c.ID == m.Conversation })
		c := f.touched[i]
		mates, err := d.Mates.Mates(ctx, c.Programme)
		if err != nil {
			return err
		}
		who := mentioned(m.Text, mates)
		if len(who) == 0 {
			continue
		}
		if err := d.Store.KeepMentions(ctx, who, c.ID, m.ID, f.now); err != nil {
			return err
		}
		if d.Notices == nil {
			continue
		}
		err = d.Notices.Notify(ctx, social.Notice{Key: "mention:" + string(m.ID), Kind: "mention", Programme: c.Programme, Members: who,
			Link: "/engage?c=" + string(c.ID), Text: a.Name + " named you in the conversation with " + c.Author.Label() + ": " + short(m.Text, 120)})
		if err != nil {
			return err
		}
	}
	return nil
}

// Read notes that the actor has read a conversation.
func (d *Desk) Read(ctx context.Context, cid social.ConversationID) error {
	a, err := member(ctx)
	if err != nil {
		return err
	}
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		if _, err := d.Store.Row(ctx, cid, a.Member); err != nil {
			return err
		}
		return d.Store.MarkRead(ctx, a.Member, cid, d.now())
	})
}

// Unread makes a conversation as if the actor had not read their newest words.
func (d *Desk) Unread(ctx context.Context, cid social.ConversationID) error {
	a, err := member(ctx)
	if err != nil {
		return err
	}
	return d.Store.InTx(ctx, func(ctx context.Context) error {
		row, err := d.Store.Row(ctx, cid, a.Member)
		if err != nil {
			return err
		}
		if row.HeardAt.IsZero() {
			return social.Errorf(social.Conflict, "They have written nothing here that could be unread.")
		}
		return d.Store.MarkRead(ctx, a.Member, cid, row.HeardAt.Add(-time.Microsecond))
	})
}

// Draft reads what the actor has begun to write.
func (d *Desk) Draft(ctx context.Context, cid social.ConversationID) (Draft, error) {
	a, err := member(ctx)
	if err != nil {
		return Draft{}, err
	}
	if _, err := d.Store.Row(ctx, cid, a.Member); err != nil {
		return Draft{}, err
	}
	return d.Store.Draft(ctx, a.Member, cid)
}

// KeepDraft keeps what the actor has begun to write and the files that are to
// go along; neither drops it.
func (d *Desk) KeepDraft(ctx context.Context, cid social.ConversationID, text string, v social.Visibility, files ...parcel.Enclosure) (Draft, error) {
	return d.KeepDraftOf(ctx, cid, Draft{Text: text, Visibility: v, Files: files})
}

// KeepDraftOf keeps what the actor has begun to write, with who is to get it.
func (d *Desk) KeepDraftOf(ctx context.Context, cid social.ConversationID, dr Draft) (Draft, error) {
	a, err := member(ctx)
	if err != nil {
		return Draft{}, err
	}
	dr.Text, dr.At = clean(dr.Text), d.now()
	if len(dr.Text) > maxWords {
		return Draft{}, invalid("text", "This is more than a draft can hold.")
	}
	if len(dr.Copies) > 50 || slices.ContainsFunc(dr.Copies, func(a string) bool { return len(a) > 300 }) {
		return Draft{}, invalid("cc", "These are more addresses than a draft can hold.")
	}
	if len(dr.Files) > parcel.Most {
		return Draft{}, invalid("files", "This is more files than a draft can hold.")
	}
	return dr, d.Store.InTx(ctx, func(ctx context.Context) error {
		if _, err := d.Store.Row(ctx, cid, a.Member); err != nil {
			return err
		}
		return d.keepDraft(ctx, a.Member, cid, dr)
	})
}

// MatesOf lists to whom the actor can give conversations of a programme.
func (d *Desk) MatesOf(ctx context.Context, p social.ProgrammeID) ([]Mate, error) {
	return d.Mates.Mates(ctx, p)
}

const maxWords = 100_000

func checkWords(key, text string) error {
	switch {
	case key == "" || len(key) > 200:
		return invalid("key", "Send a key of your own with it, at most 200 characters, so that it is taken once however often it arrives.")
	case strings.TrimSpace(text) == "":
		return invalid("text", "There are no words in it.")
	case len(text) > maxWords:
		return invalid("text", "This is longer than anything that can be kept here.")
	}
	return nil
}

// again finds what was written with the key before, NotFound if nothing was.
// The same key for something else is a mistake.
func (d *Desk) again(ctx context.Context, key string, cid social.ConversationID, k MessageKind, text string) (Message, error) {
	m, err := d.Store.Keyed(ctx, key)
	if err != nil {
		return Message{}, err
	}
	written := m.Text
	if m.Delivery != nil {
		written = m.Delivery.Written
	}
	if m.Conversation != cid || m.Kind != k || written != text {
		return Message{}, social.Errorf(social.Conflict, "This key was used for something else already. Choose a new one.")
	}
	return m, nil
}
