package moderate

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/talk"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Key names a deed.
type Key struct {
	Message social.MessageID
	Lane    Lane
}

// Store keeps deeds. What lies outside social.ScopeOf(ctx) is NotFound.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Tell(ctx context.Context, facts ...social.Fact) error
	Record(ctx context.Context, e social.Entry) error
	Woken() <-chan struct{}
	Message(ctx context.Context, id social.MessageID) (engage.Message, error)
	// Rows reads conversations, in any order; what is not visible is left out.
	Rows(ctx context.Context, ids []social.ConversationID) ([]engage.Conversation, error)
	// Deed reads one and keeps others from changing it until the transaction
	// ends; New where nothing was done yet.
	Deed(ctx context.Context, k Key) (Deed, error)
	KeepDeed(ctx context.Context, d Deed) error
	// Deeds reads all of some messages.
	Deeds(ctx context.Context, ids []social.MessageID) ([]Deed, error)
	// DueDeeds lists what wants something done by now, and when the next will.
	DueDeeds(ctx context.Context, now time.Time, limit int) ([]Key, time.Time, error)
}

// Moderator does it. Fill in the fields and use it; it is safe for concurrent
// use.
type Moderator struct {
	Store    Store
	Gate     engage.Gate
	Networks engage.Networks
	Clock    clock.Clock
	Log      *slog.Logger // may be nil
	Timing   talk.Timing  // Send, Lease and GiveUp count

	works works
}

func (m *Moderator) now() time.Time { return m.Clock.Now().UTC().Truncate(time.Microsecond) }

// mostWords is how many characters a reason of one's own may have.
const mostWords = 300

func wrong(field, text string) error {
	return &social.Error{Kind: social.Invalid, Field: field, Text: text}
}

// sound makes a reason as it is kept.
func (w Why) sound(a Act) (Why, error) {
	if a != Hide && a != Remove {
		return Why{}, nil
	}
	w.Words = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(w.Words, "\x00", ""), "\uFFFD"))
	switch {
	case !slices.Contains(Reasons, w.Reason):
		return w, wrong("reason", "Say why: spam, abuse, off topic, private data, or another reason.")
	case w.Reason == Other && w.Words == "":
		return w, wrong("words", "Say in a few words why.")
	case utf8.RuneCountInString(w.Words) > mostWords:
		return w, wrong("words", "The reason may have 300 characters.")
	}
	return w, nil
}

// Do wants something done about a message, for a member. Wanting the same
// again changes nothing.
func (m *Moderator) Do(ctx context.Context, id social.MessageID, a Act, why Why) (Deed, error) {
	who, err := engage.Member(ctx)
	if err != nil {
		return Deed{}, err
	}
	if why, err = why.sound(a); err != nil {
		return Deed{}, err
	}
	var d Deed
	err = m.Store.InTx(ctx, func(ctx context.Context) error {
		msg, err := m.Store.Message(ctx, id)
		if err != nil {
			return err
		}
		c, err := m.origin(ctx, msg)
		if err != nil {
			return err
		}
		if d, err = m.Store.Deed(ctx, Key{id, a.lane()}); err != nil {
			return err
		}
		if err := m.can(ctx, msg, c, a); err != nil && !d.Taken() && a != d.Had {
			return err
		}
		v, err := m.Gate.Clear(ctx, engage.Ask{Member: who.Member, Token: who.Token, Permission: social.InboxReply, Programme: c.Programme, Channel: c.Channel})
		if err != nil {
			return err
		}
		if !v.Clear {
			return &social.Error{Kind: social.Forbidden, Text: v.Why, Fix: v.Fix}
		}
		news, err := d.ask(a, who, why, m.now())
		if err != nil || !news {
			return err
		}
		if err := m.Store.KeepDeed(ctx, d); err != nil {
			return err
		}
		detail := map[string]any{"conversation": string(msg.Conversation)}
		if why.Reason != "" { // words of one's own are kept with the deed, where they can be erased
			detail["reason"] = string(why.Reason)
		}
		return m.say(ctx, msg, string(a), detail)
	})
	return d, err
}

// say writes one entry of the record, and tells that the thread looks
// different.
func (m *Moderator) say(ctx context.Context, msg engage.Message, verb string, detail map[string]any) error {
	if err := m.Store.Record(ctx, social.Entry{Verb: verb, Object: "message", ID: string(msg.ID), Detail: detail}); err != nil {
		return err
	}
	return m.Store.Tell(ctx, social.Changed{Conversations: []social.ConversationID{msg.Conversation}})
}

// origin is the conversation in which a message was said.
func (m *Moderator) origin(ctx context.Context, msg engage.Message) (engage.Conversation, error) {
	for _, id := range []social.ConversationID{msg.In(), msg.Conversation} {
		cs, err := m.Store.Rows(ctx, []social.ConversationID{id})
		if err != nil {
			return engage.Conversation{}, err
		}
		if len(cs) == 1 {
			return cs[0], nil
		}
	}
	return engage.Conversation{}, social.Errorf(social.NotFound, "This message does not exist, or not for you.")
}

func spot(msg engage.Message, c engage.Conversation) channel.Spot {
	return channel.Spot{ID: msg.ExternalID, Root: cmp.Or(c.Root, c.Thread), Visibility: msg.Visibility}
}

// able lists what can be done about a message through a channel, as far as
// that is known without asking the network.
func able(line channel.Channel, msg engage.Message, at channel.Spot) []Act {
	var out []Act
	switch {
	case at.ID == "" || !msg.DeletedAt.IsZero():
	case msg.Kind == engage.FromThem && msg.Visibility == social.Public:
		if x, ok := line.(channel.Moderator); ok {
			hide, remove := x.Moderates(at)
			if hide {
				out = append(out, Hide, Show)
			}
			if remove {
				out = append(out, Remove)
			}
		}
		if _, ok := line.(channel.Reactor); ok {
			out = append(out, Like, Unlike)
		}
	case msg.Kind == engage.FromUs && (msg.Delivery == nil || msg.Delivery.Stage.Out()):
		if x, ok := line.(channel.Retractor); ok && x.Retracts(at) {
			out = append(out, Retract)
		}
	}
	return out
}

// can refuses what cannot be done.
func (m *Moderator) can(ctx context.Context, msg engage.Message, c engage.Conversation, a Act) error {
	line, err := m.Networks.Channel(ctx, msg.Channel)
	if err != nil {
		return err
	}
	if slices.Contains(able(line, msg, spot(msg, c)), a) {
		return nil
	}
	switch {
	case !msg.DeletedAt.IsZero():
		return social.Errorf(social.Conflict, "It was deleted by its author.")
	case msg.Kind == engage.FromUs && msg.Delivery != nil && !msg.Delivery.Stage.Out():
		return social.Errorf(social.Conflict, "It does not stand on the network.")
	}
	return social.Errorf(social.Invalid, "This network does not let us do that with this message.")
}

// Standing is what was done about a message, and what can be.
type Standing struct {
	Sight, Liking *Deed // nil where nothing was ever done
	May           []Act
}

// Standings says how messages stand.
func (m *Moderator) Standings(ctx context.Context, ms []engage.Message) (map[social.MessageID]Standing, error) {
	out := map[social.MessageID]Standing{}
	var ids []social.MessageID
	var talks []social.ConversationID
	for _, msg := range ms {
		if (msg.Kind == engage.FromThem || msg.Kind == engage.FromUs) && msg.ExternalID != "" {
			ids = append(ids, msg.ID)
			talks = append(talks, msg.In())
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	deeds, err := m.Store.Deeds(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, d := range deeds {
		s := out[d.Message]
		if d.Lane == Liking {
			s.Liking = &d
		} else {
			s.Sight = &d
		}
		out[d.Message] = s
	}
	slices.Sort(talks)
	rows, err := m.Store.Rows(ctx, slices.Compact(talks))
	if err != nil {
		return nil, err
	}
	lines := map[social.ChannelID]channel.Channel{}
	for _, msg := range ms {
		i := slices.IndexFunc(rows, func(c engage.Conversation) bool { return c.ID == msg.In() })
		if i < 0 || msg.ExternalID == "" {
			continue
		}
		line, asked := lines[msg.Channel]
		if !asked {
			line, _ = m.Networks.Channel(ctx, msg.Channel) // without one nothing can be done
			lines[msg.Channel] = line
		}
		s := out[msg.ID]
		s.May = able(line, msg, spot(msg, rows[i]))
		if s.Sight != nil && s.Sight.Taken() {
			s.May = nil
		}
		if len(s.May) > 0 || s.Sight != nil || s.Liking != nil {
			out[msg.ID] = s
		}
	}
	return out, nil
}
