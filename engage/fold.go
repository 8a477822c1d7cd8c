package engage

import (
	"maps"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// fold puts activities into conversations, in memory. Whatever it holds was
// locked by the store, so what it makes of it can be written as it is.
type fold struct {
	now      time.Time
	byID     map[social.ConversationID]*Conversation
	byThread map[threadKey][]*Conversation
	byName   map[externalKey]*Message // messages by what the network calls them
	home     map[externalKey]*Conversation
	placed   map[social.ActivityID]*Conversation
	unheard  []Message

	touched    []*Conversation
	fresh      []*Message
	changed    []*Message
	deliveries []*Delivery
	opened     []*Conversation
	reopened   []*Conversation
	facts      []social.Fact
	news       []told
	tagged     []Tagging
	jotted     []*Message                // notes that were written
	unseen     map[social.MessageID]bool // Store.OutOfSight of what is heard anew
	ours       map[*Conversation]bool    // got words of ours
	stale      map[*Conversation]bool    // must be counted again from its messages
	isTouched  map[*Conversation]bool
	isChanged  map[*Message]bool
}

type threadKey struct {
	channel social.ChannelID
	thread  string
}

type externalKey struct {
	channel  social.ChannelID
	external string
}

func newFold(now time.Time) *fold {
	f := &fold{now: now, placed: map[social.ActivityID]*Conversation{}}
	f.start(Around{})
	return f
}

func (f *fold) start(a Around) {
	f.byID = make(map[social.ConversationID]*Conversation, len(a.Conversations))
	f.byThread = map[threadKey][]*Conversation{}
	f.byName = make(map[externalKey]*Message, len(a.Messages))
	f.home = map[externalKey]*Conversation{}
	f.ours = map[*Conversation]bool{}
	f.stale = map[*Conversation]bool{}
	f.isTouched = map[*Conversation]bool{}
	f.isChanged = map[*Message]bool{}
	for _, c := range a.Conversations {
		f.shelve(c)
	}
	for i := range a.Messages {
		m := &a.Messages[i]
		k := externalKey{m.Channel, m.ExternalID}
		f.byName[k] = m
		f.home[k] = f.byID[m.In()]
	}
}

// root is where the words of a conversation stand: itself, unless it was merged.
func (f *fold) root(c *Conversation) *Conversation {
	for c.Into != "" && f.byID[c.Into] != nil {
		c = f.byID[c.Into]
	}
	return c
}

func (f *fold) shelve(c *Conversation) {
	f.byID[c.ID] = c
	k := threadKey{c.Channel, c.Thread}
	f.byThread[k] = append(f.byThread[k], c)
}

// place finds the conversation that an activity belongs to, or begins one;
// nil when it stays outside.
func (f *fold) place(m social.Mention) *Conversation {
	a := m.Activity
	self := externalKey{a.Channel, a.ExternalID}
	if c := f.home[self]; c != nil {
		return c
	}
	if m.Deleted || a.Verb == social.Delete {
		return nil
	}
	c := f.find(a, identity(m))
	if c == nil && m.Inbox && !a.Own {
		c = f.begin(m)
	}
	if c != nil {
		f.home[self] = c
	}
	return c
}

// find looks for the conversation among those of the thread and of what is
// answered. A direct message goes only where its author is the one whom we
// answer, or got that answer too; a public one never into somebody's direct
// messages.
func (f *fold) find(a social.Activity, who social.IdentityID) *Conversation {
	thread := f.byThread[threadKey{a.Channel, a.Thread()}] // one that was deleted bears its name no more
	var near []*Conversation
	for _, external := range []string{a.Parent, a.Root} {
		if c := f.home[externalKey{a.Channel, external}]; external != "" && c != nil && c.State != Deleted {
			near = append(near, c)
		}
	}
	direct := a.Visibility == social.Direct
	switch {
	case a.Own && direct:
		if len(near) > 0 {
			return near[0]
		}
		return only(thread, func(c *Conversation) bool { return c.Counterpart != "" })
	case direct:
		near = append(near, thread...)
		if c := first(near, func(c *Conversation) bool { return c.Counterpart == who }); c != nil {
			return c
		}
		if c := first(near, func(c *Conversation) bool { return c.Identity == who }); c != nil {
			return c
		}
		return f.copied(a)
	default:
		return first(append(near, thread...), func(c *Conversation) bool { return c.Counterpart == "" })
	}
}

func first(in []*Conversation, ok func(*Conversation) bool) *Conversation {
	if i := slices.IndexFunc(in, ok); i >= 0 {
		return in[i]
	}
	return nil
}

// only is the one that fits, nil when several do.
func only(in []*Conversation, ok func(*Conversation) bool) *Conversation {
	var found *Conversation
	for _, c := range in {
		if ok(c) {
			if found != nil {
				return nil
			}
			found = c
		}
	}
	return found
}

func (f *fold) begin(m social.Mention) *Conversation {
	a := m.Activity
	c := &Conversation{
		ID: social.ConversationID(id.At(f.now)), Channel: a.Channel, Thread: a.Thread(), Visibility: a.Visibility,
		Programme: m.Programme, Monitor: m.Monitor, Identity: identity(m), Author: a.Author,
		State: Open, Turn: Ours, Priority: Normal, Lang: "und", CreatedAt: f.now,
	}
	if a.Visibility == social.Direct {
		c.Counterpart = c.Identity
	} else {
		c.Visibility = social.Public
	}
	f.shelve(c)
	f.opened = append(f.opened, c)
	return c
}

func identity(m social.Mention) social.IdentityID {
	if m.Identity != "" {
		return m.Identity
	}
	return m.Activity.Author.ID()
}

// mute lists the conversations in which our own words were heard that no
// message has yet.
func (f *fold) mute(in []social.Mention) []social.ConversationID {
	ids := map[social.ConversationID]bool{}
	for _, m := range in {
		if m.Activity.Own && f.byName[externalKey{m.Activity.Channel, m.Activity.ExternalID}] == nil {
			if c := f.root(f.placed[m.Activity.ID]); c.Stood != nil {
				ids[c.ID] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

func (f *fold) touch(c *Conversation) {
	if !f.isTouched[c] {
		f.isTouched[c] = true
		f.touched = append(f.touched, c)
	}
}

func (f *fold) change(c *Conversation, m *Message) {
	f.touch(c)
	if !f.isChanged[m] {
		f.isChanged[m] = true
		if !slices.Contains(f.fresh, m) {
			f.changed = append(f.changed, m)
		}
	}
}

// enter puts one activity into its conversation; o is the one of its thread.
func (f *fold) enter(o *Conversation, in social.Mention, s social.Scores) {
	c := f.root(o)
	k := externalKey{in.Activity.Channel, in.Activity.ExternalID}
	if m := f.byName[k]; m != nil {
		if m.Kind == FromUs {
			f.confirm(c, m, in.Activity)
		}
		f.update(c, m, in, s)
		return
	}
	if in.Activity.Own {
		if m := f.echo(c, in.Activity); m != nil {
			f.byName[k] = m
			f.confirm(c, m, in.Activity)
			return
		}
	}
	m := f.message(o, in, s)
	if o != c {
		m.Conversation, m.Origin = c.ID, o.ID
	}
	f.byName[k] = m
	f.fresh = append(f.fresh, m)
	f.touch(c)
	if in.Activity.Own {
		f.spoke(c, m)
	} else {
		f.asked(c, o, m)
	}
}

// message makes the message of an activity. A time that lies ahead is not believed.
func (f *fold) message(c *Conversation, in social.Mention, s social.Scores) *Message {
	a := in.Activity
	m := &Message{
		ID: social.MessageID(a.ID), Conversation: c.ID, Kind: FromThem, Visibility: a.Visibility, Channel: a.Channel,
		ExternalID: a.ExternalID, Activity: a.ID, Identity: identity(in), Author: a.Author,
		Text: clean(a.Text), Title: clean(a.Title), URL: a.URL, Parent: a.Parent, Rating: a.Rating,
		At: a.Published.UTC().Truncate(time.Microsecond),
	}
	if m.At.IsZero() || m.At.After(f.now) {
		m.At = f.now
	}
	if m.Visibility == "" {
		m.Visibility = social.Public
	}
	if a.Own {
		m.Kind = FromUs
	} else {
		m.Asks = in.Inbox || (m.Identity == c.Identity && !a.Author.Bot) // an answering machine waits for nobody
	}
	m.Lang, m.Sentiment, m.Intents = language(a, s), s.Sentiment, s.Intents
	return m
}

func language(a social.Activity, s social.Scores) string {
	switch {
	case s.Lang != "":
		return s.Lang
	case a.Lang != "":
		return a.Lang
	}
	return "und"
}
