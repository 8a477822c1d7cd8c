package engage

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// asked takes in new words of theirs; o is the conversation of their thread,
// c where they stand: the same, unless o was merged into it.
func (f *fold) asked(c, o *Conversation, m *Message) {
	c.Messages++
	c.HeardAt = f.now
	if m.At.After(c.LastAt) {
		c.LastAt = m.At
	}
	if !m.At.Before(c.PreviewAt) {
		c.Preview, c.PreviewBy, c.PreviewAt = preview(m), ByThem, m.At
	}
	if m.Identity == o.Identity {
		if o.BeganAt.IsZero() || m.At.Before(o.BeganAt) {
			o.BeganAt, o.Subject, o.URL = m.At, subject(m.Title, m.Text), m.URL
		}
		if !m.At.Before(o.ParentAt) {
			o.Parent, o.ParentAt = m.ExternalID, m.At
			o.Lang, o.Sentiment, o.Intents = m.Lang, m.Sentiment, m.Intents
			if o != c && !m.At.Before(c.ParentAt) {
				c.Lang, c.Sentiment, c.Intents = m.Lang, m.Sentiment, m.Intents
			}
		}
		if o != c {
			f.touch(o)
		}
	}
	if !m.Asks {
		return
	}
	if m.At.After(c.AskedAt) {
		c.AskedAt = m.At
	}
	away := c.State == Resolved || c.State == Snoozed
	if !m.At.After(c.AnsweredTo) && !away {
		return // older than our answer, only heard late
	}
	if c.WaitingSince.IsZero() || m.At.Before(c.WaitingSince) {
		c.WaitingSince = m.At
	}
	if away {
		e := newMessage(c, Happened, f.now)
		e.Event = &Event{Verb: "reopened", Detail: map[string]any{"because": "they wrote again", "was": string(c.State)}}
		f.fresh = append(f.fresh, e)
		f.reopened = append(f.reopened, c)
		c.SnoozedUntil, c.ResolvedAt = time.Time{}, time.Time{}
	}
	c.State, c.Turn = Open, Ours
}

// spoke takes in words of ours that were said at the network itself.
func (f *fold) spoke(c *Conversation, m *Message) {
	if !c.BeganAt.IsZero() && m.At.Before(c.BeganAt) || c.BeganAt.IsZero() {
		c.StartedBy = ByUs
	}
	f.said(c, m)
	f.answered(c, m, m.At, m.At)
}

// said puts our own words in front.
func (f *fold) said(c *Conversation, m *Message) {
	c.Messages++
	f.ours[c] = true
	if m.At.After(c.LastAt) {
		c.LastAt = m.At
	}
	if !m.At.Before(c.PreviewAt) {
		c.Preview, c.PreviewBy, c.PreviewAt = preview(m), ByUs, m.At
	}
}

// answered notes that our words stand on the network since at and answer what
// was asked up to upto.
func (f *fold) answered(c *Conversation, m *Message, at, upto time.Time) {
	f.counted(c, m, at)
	f.satisfied(c, upto)
}

// counted tells of an answer.
func (f *fold) counted(c *Conversation, m *Message, at time.Time) {
	first := c.FirstAnswer.IsZero()
	since := c.BeganAt
	if !first && !c.WaitingSince.IsZero() {
		since = c.WaitingSince
	}
	if first || at.Before(c.FirstAnswer) {
		c.FirstAnswer = at
	}
	f.facts = append(f.facts, social.Answered{
		Conversation: c.ID, Message: m.ID, Programme: c.Programme, Member: m.Member, At: at, Channel: m.Channel,
		First: first, Waited: int64(max(0, at.Sub(since)) / time.Second),
	})
}

// satisfied notes that what was asked up to upto is answered.
func (f *fold) satisfied(c *Conversation, upto time.Time) {
	if !upto.After(c.AnsweredTo) {
		return
	}
	c.AnsweredTo = upto
	if c.AskedAt.After(upto) {
		f.stale[c] = true // they have written since
		return
	}
	c.WaitingSince = time.Time{}
	if c.Turn == Ours {
		c.Turn = Theirs
	}
	if c.State == Open {
		c.State = Waiting
	}
}

// echo finds the words of ours that come back by listening, by their text:
// those that are under way before those that are settled.
func (f *fold) echo(c *Conversation, a social.Activity) *Message {
	var best *Message
	for i := range f.unheard {
		m := &f.unheard[i]
		d := m.Delivery
		if m.Conversation != c.ID || m.Activity != "" || d == nil || d.AttemptedAt.IsZero() ||
			(m.ExternalID != "" && m.ExternalID != a.ExternalID) ||
			a.Published.Before(d.AttemptedAt.Add(-2*time.Minute)) || !same(m.Text, a.Text) {
			continue
		}
		if best == nil || likely(d.Stage) > likely(best.Delivery.Stage) {
			best = m
		}
	}
	return best
}

func likely(s Stage) int {
	switch s {
	case Sending:
		return 4
	case Unknown, Sent:
		return 3
	case NeedsCheck:
		return 2
	case Failed, Returned:
		return 1
	}
	return 0
}

// confirm notes that words of ours were seen on the network.
func (f *fold) confirm(c *Conversation, m *Message, a social.Activity) {
	if m.Activity == a.ID {
		return
	}
	m.Activity, m.ExternalID = a.ID, a.ExternalID
	if m.URL == "" {
		m.URL = a.URL
	}
	f.change(c, m)
	if m.Delivery != nil && m.Delivery.Stage.Rank() < Confirmed.Rank() {
		at := a.Published
		if at.IsZero() || at.After(f.now) {
			at = f.now
		}
		f.arrived(c, m, Confirmed, at)
	}
}

// arrived notes that a delivery stands on the network.
func (f *fold) arrived(c *Conversation, m *Message, s Stage, at time.Time) {
	d := m.Delivery
	d.Arrived(s, at, f.now)
	if d.Stage.Out() && !d.Automatic {
		if !d.Told {
			d.Told = true
			f.counted(c, m, d.SentAt)
		}
		f.satisfied(c, d.Upto)
	}
	f.moved(c, d)
}

// moved takes note of a delivery's new stage.
func (f *fold) moved(c *Conversation, d *Delivery) {
	f.touch(c)
	if d.Newest {
		c.Delivery = d.Stage
		if d.Stage == Cancelled {
			c.Delivery = ""
		}
	}
	f.deliveries = append(f.deliveries, d)
	f.facts = append(f.facts, social.Delivery{Conversation: c.ID, Message: d.Message, State: string(d.Stage)})
}

// altered lists the messages that are heard of as deleted, or in other words.
func (f *fold) altered(in []social.Mention) []social.MessageID {
	var out []social.MessageID
	for _, x := range in {
		m := f.byName[externalKey{x.Activity.Channel, x.Activity.ExternalID}]
		if m != nil && (x.Deleted || x.Activity.Verb == social.Delete || clean(x.Activity.Text) != m.Text) {
			out = append(out, m.ID)
		}
	}
	return out
}

// update takes in how an activity is now: edited, deleted, scored anew. What
// we took away at the network is evidence: that it is gone there changes
// nothing here. Nor does a mark that the network puts before hidden words.
func (f *fold) update(c *Conversation, m *Message, in social.Mention, s social.Scores) {
	taken, unseen := f.unseen[m.ID]
	if in.Deleted || in.Activity.Verb == social.Delete {
		if m.DeletedAt.IsZero() && !taken {
			m.DeletedAt, m.Text, m.Title = f.now, "", ""
			f.change(c, m)
			f.stale[c] = true
		}
		return
	}
	if !m.DeletedAt.IsZero() {
		return // a tombstone wins
	}
	if m.Delivery == nil {
		if text, title := clean(in.Activity.Text), clean(in.Activity.Title); (text != m.Text || title != m.Title) && !(unseen && strings.HasSuffix(text, m.Text)) {
			m.Text, m.Title, m.EditedAt = text, title, f.now
			f.change(c, m)
			f.edited(c, m)
		}
	}
	if m.Kind != FromThem || s.Model == "" {
		return
	}
	lang := language(in.Activity, s)
	if lang == m.Lang && sameJSON(s.Sentiment, m.Sentiment) && (len(s.Intents)+len(m.Intents) == 0 || sameJSON(s.Intents, m.Intents)) {
		return
	}
	m.Lang, m.Sentiment, m.Intents = lang, s.Sentiment, s.Intents
	f.change(c, m)
	for _, o := range []*Conversation{c, f.byID[m.Origin]} {
		if o != nil && m.ExternalID == o.Parent {
			o.Lang, o.Sentiment, o.Intents = m.Lang, m.Sentiment, m.Intents
			f.touch(o)
		}
	}
}

// sameJSON compares two values by how they are kept.
func sameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// edited carries new words to where a conversation shows them.
func (f *fold) edited(c *Conversation, m *Message) {
	if m.Kind == FromThem {
		c.HeardAt = f.now
		if m.Identity == c.Identity && m.At.Equal(c.BeganAt) {
			c.Subject = subject(m.Title, m.Text)
		}
	}
	if m.At.Equal(c.PreviewAt) {
		c.Preview = preview(m)
	}
}

func preview(m *Message) string { return short(m.Text, 200) }

// recount works out again what hangs on all words that still stand, newest
// first: who waits since when, what a reply answers, and the preview, which
// never shows a note: the list shows what was said between them and us. Words
// that this fold itself has changed count as they are now.
func (f *fold) recount(c *Conversation, live []Message) {
	c.AskedAt, c.WaitingSince, c.Parent, c.ParentAt = time.Time{}, time.Time{}, "", time.Time{}
	c.Preview, c.PreviewBy, c.PreviewAt = "Deleted by its author.", ByThem, time.Time{}
	for _, o := range f.byID {
		if o != c && f.root(o) == c {
			o.Parent, o.ParentAt = "", time.Time{}
			f.touch(o)
		}
	}
	for _, m := range f.current(c, live) {
		if m.Kind != Noted && m.At.After(c.PreviewAt) {
			c.Preview, c.PreviewAt, c.PreviewBy = preview(m), m.At, by(m)
		}
		if m.Kind != FromThem {
			continue
		}
		o := c
		if m.Origin != "" {
			o = f.byID[m.Origin]
		}
		if o != nil && m.Identity == o.Identity && m.At.After(o.ParentAt) {
			o.Parent, o.ParentAt = m.ExternalID, m.At
			o.Lang, o.Sentiment, o.Intents = m.Lang, m.Sentiment, m.Intents
		}
		if !m.Asks {
			continue
		}
		if m.At.After(c.AskedAt) {
			c.AskedAt = m.At
		}
		if m.At.After(c.AnsweredTo) && (c.WaitingSince.IsZero() || m.At.Before(c.WaitingSince)) {
			c.WaitingSince = m.At
		}
	}
	switch {
	case c.State == Resolved || c.State == Snoozed:
		c.WaitingSince = time.Time{}
	case !c.WaitingSince.IsZero():
		c.State, c.Turn = Open, Ours
	case !c.FirstAnswer.IsZero():
		c.State, c.Turn = Waiting, Theirs
	}
}

// current is what stands once this fold is saved.
func (f *fold) current(c *Conversation, live []Message) []*Message {
	var out []*Message
	mine := map[social.MessageID]*Message{}
	for _, m := range append(f.fresh, f.changed...) {
		if m.Conversation != c.ID || m.Kind == Happened || mine[m.ID] != nil {
			continue
		}
		mine[m.ID] = m
		if m.DeletedAt.IsZero() && (m.Delivery == nil || m.Delivery.Stage != Cancelled) {
			out = append(out, m)
		}
	}
	for i := range live {
		if mine[live[i].ID] == nil {
			out = append(out, &live[i])
		}
	}
	return out
}

func by(m *Message) By {
	if m.Kind == FromUs {
		return ByUs
	}
	return ByThem
}
