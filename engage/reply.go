package engage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage/copies"
	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/social"
)

// Words are what a member answers.
type Words struct {
	Key        string // chosen by the caller; the same twice is one reply
	Text       string
	Visibility social.Visibility     // "" for that of the conversation
	Seen       int64                 // the version that the member saw; 0 to skip the check
	To         social.MessageID      // answer this message rather than their newest; "" for that
	Files      []parcel.Enclosure    // that go along, with the first part
	Copies     []string              // addresses of others who get it too
	Parted     bool                  // where it is too long, as several messages one after the other
	after      time.Duration         // of a part, so that the parts have an order
	Via        social.ConversationID // of those merged into it, the one in which to answer; "" for where they wrote last
}

// Reply answers a conversation. It asks the gate, shortens links, checks that
// the words fit, and queues them; it does not wait for the network. They
// leave when the time to undo is over. Calling it again with the same key
// changes nothing, so a browser may retry freely.
func (d *Desk) Reply(ctx context.Context, cid social.ConversationID, w Words) (Message, error) {
	a, err := member(ctx)
	if err != nil {
		return Message{}, err
	}
	w.Text = clean(w.Text)
	if err := checkWords(w.Key, w.Text); err != nil {
		return Message{}, err
	}
	row, err := d.Store.Row(ctx, cid, a.Member)
	if err != nil {
		return Message{}, err
	}
	if m, err := d.again(ctx, w.Key, cid, FromUs, w.Text); err == nil || !social.NotFound.Is(err) {
		return m, err
	}
	at, err := d.way(ctx, &row.Conversation, w)
	if err != nil {
		return Message{}, err
	}
	w.Via = at.ID
	if err := pass(d.Clear(ctx, *at)); err != nil {
		return Message{}, err
	}
	line, err := d.sender(ctx, at.Channel)
	if err != nil {
		return Message{}, err
	}
	if w.Visibility == "" {
		w.Visibility = at.Visibility
	}
	if !slices.Contains(line.Visibilities(), w.Visibility) {
		return Message{}, invalid("visibility", "This channel can't carry a "+string(w.Visibility)+" reply.")
	}
	if w.To == "" {
		if err := d.inTime(ctx, line, at, w.Visibility, at.Parent, d.now()); err != nil {
			return Message{}, err
		}
	}
	var out Message
	err = d.act(ctx, cid, func(ctx context.Context, f *fold, c *Conversation) error {
		var err error
		out, err = d.queue(ctx, f, c, a, w, line)
		return err
	})
	return out, err
}

func (d *Desk) queue(ctx context.Context, f *fold, c *Conversation, a social.Actor, w Words, line channel.Sender) (Message, error) {
	if m, err := d.again(ctx, w.Key, c.ID, FromUs, w.Text); err == nil || !social.NotFound.Is(err) {
		return m, err
	}
	at, err := d.way(ctx, c, w)
	if err != nil {
		return Message{}, err
	}
	if err := pass(d.Clear(ctx, *at)); err != nil {
		return Message{}, err
	}
	if err := d.collision(ctx, c, a, w.Seen); err != nil {
		return Message{}, err
	}
	to, parent, err := d.target(ctx, c, at, w)
	if err != nil {
		return Message{}, err
	}
	if err := d.inTime(ctx, line, at, w.Visibility, parent, f.now); err != nil {
		return Message{}, err
	}
	title, err := d.titleOf(ctx, at, parent)
	if err != nil {
		return Message{}, err
	}
	cc, err := d.copied(ctx, at, line, w.Copies)
	if err != nil {
		return Message{}, err
	}
	texts, err := w.parts(line)
	if err != nil {
		return Message{}, err
	}
	ms := make([]*Message, len(texts))
	for i, text := range texts {
		one := w
		one.Key, one.Text = partKey(w.Key, i+1), text
		if i > 0 {
			one.Files = nil
		}
		one.Parted = len(texts) > 1
		one.after = time.Duration(i) * time.Microsecond
		if ms[i], err = d.letOut(ctx, f, c, at, a, one, line, to, parent, title); err != nil {
			return Message{}, err
		}
		ms[i].Delivery.Copies = cc
	}
	if len(ms) > 1 {
		chain(ms, w.Text)
	}
	if err := d.keepDraft(ctx, a.Member, c.ID, Draft{}); err != nil {
		return Message{}, err
	}
	return *ms[0], d.Store.MarkRead(ctx, a.Member, c.ID, f.now)
}

// letOut queues one message of ours.
func (d *Desk) letOut(ctx context.Context, f *fold, c, at *Conversation, a social.Actor, w Words, line channel.Sender, to social.Author, parent, title string) (*Message, error) {
	t := d.Timing.Filled()
	m := answer(c, at, f.now.Add(w.after))
	m.Visibility, m.Member, m.Key, m.Text, m.Parent = w.Visibility, a.Member, w.Key, w.Text, parent
	if d.Links != nil {
		text, err := d.Links.Track(ctx, c.ID, m.ID, w.Text)
		if err != nil {
			return nil, err
		}
		m.Text = text
	}
	if !w.Parted {
		m.Text = signed(line, a.Name, m.Text)
	}
	if room := channel.Measure(line, w.Visibility, m.Text); !room.Fits {
		return nil, invalid("text", tooLong(room))
	}
	if err := d.Parcels.Pack(ctx, m.ID, a.Member, load(line, w.Visibility), w.Files); err != nil {
		return nil, err
	}
	m.Delivery = &Delivery{
		Message: m.ID, Conversation: c.ID, Channel: at.Channel, Member: a.Member, Token: a.Token, To: to, Parent: parent, Root: at.Home(),
		Written: w.Text, Title: title, Stage: Queued, Upto: c.AskedAt, QueuedAt: f.now, UndoUntil: f.now.Add(t.Undo),
		NextAt: f.now.Add(t.Undo), ChangedAt: f.now, Newest: true,
	}
	f.touch(c)
	f.said(c, m)
	f.fresh = append(f.fresh, m)
	c.Delivery = Queued
	f.facts = append(f.facts, social.Delivery{Conversation: c.ID, Message: m.ID, State: string(Queued)})
	return m, d.Store.Record(ctx, social.Entry{Verb: "reply", Object: "message", ID: string(m.ID), Detail: map[string]any{
		"conversation": string(c.ID), "visibility": string(w.Visibility), "copies": len(w.Copies), "sha256": sum(m.Text)}})
}

// collision refuses a reply when somebody else has replied since the version
// that its author saw.
func (d *Desk) collision(ctx context.Context, c *Conversation, a social.Actor, seen int64) error {
	if seen <= 0 || c.OursVersion <= seen {
		return nil
	}
	live, err := d.Store.Live(ctx, c.ID, 50)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(live, func(m Message) bool { return m.Kind == FromUs }); i >= 0 && live[i].Member == a.Member {
		return nil // it was the author
	}
	return social.Errorf(social.Conflict, "Somebody has replied while you wrote. Read it before you send yours.")
}

// target is to whom and to what a reply goes: to whoever began and their
// newest words, unless another message of a public thread is named. The way
// is at: c itself or what was merged into it.
func (d *Desk) target(ctx context.Context, c, at *Conversation, w Words) (social.Author, string, error) {
	if w.To == "" {
		if at.Parent == "" {
			return social.Author{}, "", social.Errorf(social.Conflict, "They have deleted all that they wrote, so there is nothing to answer any more.")
		}
		return at.Author, at.Parent, nil
	}
	m, err := d.Store.Message(ctx, w.To)
	if err != nil {
		return social.Author{}, "", err
	}
	switch {
	case m.Conversation != c.ID:
		return social.Author{}, "", social.Errorf(social.NotFound, "This message is not in this conversation.")
	case m.Kind != FromThem || !m.DeletedAt.IsZero():
		return social.Author{}, "", invalid("to", "Only words of theirs that still stand can be answered.")
	case m.Identity != at.Identity && (at.Counterpart != "" || w.Visibility != social.Public):
		return social.Author{}, "", invalid("to", "A direct reply goes to whoever began this conversation and to nobody else.")
	}
	return m.Author, m.ExternalID, nil
}

func (d *Desk) sender(ctx context.Context, id social.ChannelID) (channel.Sender, error) {
	line, err := d.Networks.Channel(ctx, id)
	if err != nil {
		return nil, err
	}
	s, ok := line.(channel.Sender)
	if !ok {
		return nil, social.Errorf(social.Invalid, "This channel can listen but not answer.")
	}
	return s, nil
}

// Room says whether a text fits and how much is left.
type Room = channel.Room

// Fit says whether a text fits a channel as a reply of a visibility.
func (d *Desk) Fit(ctx context.Context, id social.ChannelID, v social.Visibility, text string) (Room, error) {
	s, err := d.sender(ctx, id)
	if err != nil {
		return Room{}, err
	}
	return channel.Measure(s, v, clean(text)), nil
}

// Undo takes a reply back while it has not left. Its words become a draft
// again, unless there is a newer one.
func (d *Desk) Undo(ctx context.Context, mid social.MessageID) (Message, error) {
	a, err := member(ctx)
	if err != nil {
		return Message{}, err
	}
	return d.turn(ctx, mid, func(ctx context.Context, f *fold, c *Conversation, m *Message) error {
		dl := m.Delivery
		if dl.Stage == Cancelled {
			return nil
		}
		if dl.Stage != Queued {
			return social.Errorf(social.Conflict, "It has left already and can't be taken back.")
		}
		words, err := d.cancel(ctx, f, c, m)
		if err != nil {
			return err
		}
		files, err := d.Parcels.Unpack(ctx, mid, dl.Member)
		if err != nil {
			return err
		}
		if dl.Member == a.Member {
			if _, err := d.Store.Draft(ctx, a.Member, c.ID); social.NotFound.Is(err) {
				if err := d.keepDraft(ctx, a.Member, c.ID, Draft{Text: words, Visibility: m.Visibility, Files: files, Copies: copies.Addresses(dl.Copies), At: f.now}); err != nil {
					return err
				}
			}
		}
		return d.Store.Record(ctx, social.Entry{Verb: "undo", Object: "message", ID: string(mid), Detail: map[string]any{"conversation": string(c.ID)}})
	})
}

// Retry sends a reply that certainly does not stand on the network once more.
// Only a person does that.
func (d *Desk) Retry(ctx context.Context, mid social.MessageID) (Message, error) {
	a, err := member(ctx)
	if err != nil {
		return Message{}, err
	}
	return d.turn(ctx, mid, func(ctx context.Context, f *fold, c *Conversation, m *Message) error {
		dl := m.Delivery
		if dl.Stage != Failed && dl.Stage != Returned {
			return social.Errorf(social.Conflict, "Only what has certainly failed can be sent again.")
		}
		at, err := d.wayOf(ctx, c, m.Origin)
		if err != nil {
			return err
		}
		if err := pass(d.Clear(ctx, *at)); err != nil {
			return err
		}
		line, err := d.sender(ctx, at.Channel)
		if err != nil {
			return err
		}
		if err := d.inTime(ctx, line, at, m.Visibility, dl.Parent, f.now); err != nil {
			return err
		}
		dl.QueuedAt, dl.Member, dl.Token = f.now, a.Member, a.Token // who sends it again answers for it
		dl.Goes(Queued, f.now, f.now, "")
		f.moved(c, dl)
		return d.Store.Record(ctx, social.Entry{Verb: "retry", Object: "message", ID: string(mid), Detail: map[string]any{
			"conversation": string(c.ID), "attempts": dl.Attempts}})
	})
}

// Settle takes a person's word for it whether a reply stands on the network.
func (d *Desk) Settle(ctx context.Context, mid social.MessageID, sent bool) (Message, error) {
	a, err := member(ctx)
	if err != nil {
		return Message{}, err
	}
	return d.turn(ctx, mid, func(ctx context.Context, f *fold, c *Conversation, m *Message) error {
		dl := m.Delivery
		if dl.Stage != NeedsCheck {
			return social.Errorf(social.Conflict, "This needs nobody's word: it is %s.", strings.ReplaceAll(string(dl.Stage), "_", " "))
		}
		if sent {
			f.arrived(c, m, Sent, dl.AttemptedAt)
		} else {
			dl.Goes(Failed, f.now, time.Time{}, a.Name+" looked and it is not there. Send it again if it still fits.")
			f.moved(c, dl)
		}
		return d.Store.Record(ctx, social.Entry{Verb: "settle", Object: "message", ID: string(mid), Detail: map[string]any{
			"conversation": string(c.ID), "sent": sent}})
	})
}

// turn changes one message of ours, after its conversation was locked.
func (d *Desk) turn(ctx context.Context, mid social.MessageID, do func(ctx context.Context, f *fold, c *Conversation, m *Message) error) (Message, error) {
	m, err := d.Store.Message(ctx, mid)
	if err != nil {
		return Message{}, err
	}
	err = d.act(ctx, m.Conversation, func(ctx context.Context, f *fold, c *Conversation) error {
		if m, err = d.Store.Message(ctx, mid); err != nil { // as it is now that nobody else can change it
			return err
		}
		if m.Delivery == nil {
			return social.Errorf(social.Invalid, "This message was not sent from here.")
		}
		if err := do(ctx, f, c, &m); err != nil {
			return err
		}
		return d.settleStale(ctx, f)
	})
	return m, err
}

func (d *Desk) settleStale(ctx context.Context, f *fold) error {
	for c := range f.stale {
		live, err := d.Store.Live(ctx, c.ID, 200)
		if err != nil {
			return err
		}
		f.recount(c, live)
	}
	return nil
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}
