package engage

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// chunk is how many activities are taken in at once.
const chunk = 500

// Hear takes in activities, as listening knows them now. What enters: what
// is directed at us or sent here by a monitor, and whatever else is said in a
// thread that is a conversation already. Hearing the same again changes
// nothing. It joins the transaction of ctx.
func (d *Desk) Hear(ctx context.Context, ids []social.ActivityID) error {
	return d.Store.InTx(asParley(ctx), func(ctx context.Context) error {
		var touched []*Conversation
		for part := range slices.Chunk(distinct(ids), chunk) {
			mentions, err := d.Heard.Mentions(ctx, part)
			if err != nil {
				return err
			}
			f, err := d.takeIn(ctx, mentions)
			if err != nil {
				return err
			}
			touched = append(touched, f.touched...)
		}
		return d.Store.Count(ctx, touched)
	})
}

// Take takes one activity into the inbox by hand and returns its
// conversation; if it has one already, that.
func (d *Desk) Take(ctx context.Context, activity social.ActivityID) (social.ConversationID, error) {
	a, err := member(ctx)
	if err != nil {
		return "", err
	}
	mentions, err := d.Heard.Mentions(asParley(ctx), []social.ActivityID{activity})
	if err != nil {
		return "", err
	}
	if len(mentions) == 0 || !social.ScopeOf(ctx).Sees(mentions[0].Programme) {
		return "", social.Errorf(social.NotFound, "This mention does not exist, or not for you.")
	}
	m := mentions[0]
	if m.Activity.Own {
		return "", social.Errorf(social.Invalid, "These are our own words; there is nobody to answer.")
	}
	if m.Deleted {
		return "", social.Errorf(social.Conflict, "Its author has deleted it, so it can't be taken in any more.")
	}
	m.Inbox = true
	var out social.ConversationID
	err = d.Store.InTx(ctx, func(ctx context.Context) error {
		held, err := d.Store.Holding(asParley(ctx), []social.ActivityID{activity})
		if err != nil {
			return err
		}
		if out = held[activity]; out != "" {
			return nil
		}
		f, err := d.takeIn(social.WithScope(ctx, social.Scope{All: true}), []social.Mention{m})
		if err != nil {
			return err
		}
		out = f.root(f.placed[m.Activity.ID]).ID
		if err := d.Store.Count(ctx, f.touched); err != nil {
			return err
		}
		return d.Store.Record(ctx, social.Entry{Verb: "take", Object: "conversation", ID: string(out),
			Detail: map[string]any{"activity": string(activity), "by": a.Name}})
	})
	return out, err
}

// takeIn folds mentions into conversations and saves what became of them.
func (d *Desk) takeIn(ctx context.Context, mentions []social.Mention) (*fold, error) {
	f := newFold(d.now())
	if len(mentions) == 0 {
		return f, nil
	}
	mentions = slices.Clone(mentions)
	slices.SortStableFunc(mentions, func(a, b social.Mention) int {
		return cmp.Or(a.Activity.Published.Compare(b.Activity.Published), strings.Compare(a.Activity.ExternalID, b.Activity.ExternalID))
	})
	acts := make([]social.Activity, len(mentions))
	for i, m := range mentions {
		acts[i] = m.Activity
	}
	around, err := d.Store.Around(ctx, acts)
	if err != nil {
		return nil, err
	}
	f.start(around)
	var entering []social.Mention
	var ids []social.ActivityID
	for _, m := range mentions {
		if c := f.place(m); c != nil {
			f.placed[m.Activity.ID] = c
			entering = append(entering, m)
			ids = append(ids, m.Activity.ID)
		}
	}
	if len(entering) == 0 {
		return f, nil
	}
	scores, err := d.Understood.Scores(ctx, ids)
	if err != nil {
		return nil, err
	}
	if ids := f.mute(entering); len(ids) > 0 {
		if f.unheard, err = d.Store.Unheard(ctx, ids); err != nil {
			return nil, err
		}
	}
	if ids := f.altered(entering); len(ids) > 0 {
		if f.unseen, err = d.Store.OutOfSight(ctx, ids); err != nil {
			return nil, err
		}
	}
	for _, m := range entering {
		f.enter(f.placed[m.Activity.ID], m, scores[m.Activity.ID])
	}
	if err := d.wishes(ctx, f); err != nil {
		return nil, err
	}
	if err := d.settleStale(ctx, f); err != nil {
		return nil, err
	}
	if err := d.want(ctx, f, entering); err != nil {
		return nil, err
	}
	return f, d.write(ctx, f)
}

// keep saves what a fold changed, tells it and counts it.
func (d *Desk) keep(ctx context.Context, f *fold) error {
	if err := d.write(ctx, f); err != nil {
		return err
	}
	if err := d.names(ctx, f); err != nil {
		return err
	}
	return d.Store.Count(ctx, f.touched)
}

func (d *Desk) write(ctx context.Context, f *fold) error {
	if len(f.touched) == 0 {
		return nil
	}
	if err := d.pace(ctx, f); err != nil {
		return err
	}
	if err := d.happen(ctx, f); err != nil {
		return err
	}
	for _, c := range f.touched {
		c.Version++
		if f.ours[c] {
			c.OursVersion = c.Version
		}
	}
	b := Batch{Conversations: f.touched, New: f.fresh, Changed: f.changed, Deliveries: f.deliveries, Tagged: f.tagged}
	if err := d.Store.Save(ctx, b); err != nil {
		return err
	}
	ids := make([]social.ConversationID, len(f.touched))
	for i, c := range f.touched {
		ids[i] = c.ID
	}
	facts := append([]social.Fact{social.Changed{Conversations: ids}}, f.facts...)
	if len(f.opened) > 0 {
		begun := make([]social.Opening, len(f.opened))
		names := make([]string, len(f.opened))
		for i, c := range f.opened {
			begun[i] = social.Opening{Conversation: c.ID, Channel: c.Channel, Programme: c.Programme, At: c.BeganAt}
			names[i] = string(c.ID)
		}
		facts = append(facts, social.Opened{Conversations: begun})
		err := d.Store.Record(ctx, social.Entry{Verb: "open", Object: "conversation", ID: batchID(names),
			Detail: map[string]any{"conversations": names}})
		if err != nil {
			return err
		}
	}
	for _, c := range f.reopened {
		err := d.Store.Record(ctx, social.Entry{Verb: "reopen", Object: "conversation", ID: string(c.ID),
			Detail: map[string]any{"because": "they wrote again"}})
		if err != nil {
			return err
		}
	}
	return d.Store.Tell(ctx, facts...)
}

// batchID is the id under which several conversations stand in the record: of
// one its own, of more none.
func batchID(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return ""
}

func distinct[T comparable](in []T) []T {
	seen := make(map[T]bool, len(in))
	out := make([]T, 0, len(in))
	for _, v := range in {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

func newMessage(c *Conversation, k MessageKind, at time.Time) *Message {
	return &Message{ID: social.MessageID(id.At(at)), Conversation: c.ID, Kind: k, Visibility: social.Internal, Channel: c.Channel, At: at}
}
