package hive

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

// Heard are the facts that the hive follows, in a form of its own.
type Heard struct {
	Changed  []social.ConversationID
	Answered []social.Answered
	Resolved []social.Resolved
	Governed bool
}

// Hear takes in what happened to conversations: those that begin to wait for
// us may enter, those that are answered, taken, moved or closed at the desk
// leave, and who answered has shown to know. Told again, it changes nothing.
func (h *Hive) Hear(ctx context.Context, f Heard) error {
	ctx = asParley(ctx)
	if f.Governed {
		h.Forget(false)
	}
	if len(f.Changed)+len(f.Answered)+len(f.Resolved) == 0 {
		return nil
	}
	return h.do(ctx, func(ctx context.Context, w *work) error {
		for _, a := range f.Answered {
			if err := w.answered(ctx, a); err != nil {
				return err
			}
		}
		for _, r := range f.Resolved {
			if err := w.resolved(ctx, r); err != nil {
				return err
			}
		}
		return w.changed(ctx, f.Changed)
	})
}

// changed looks at conversations that look different now.
func (w *work) changed(ctx context.Context, ids []social.ConversationID) error {
	any := false
	for _, r := range w.index.rules {
		any = any || r.On
	}
	if len(ids) == 0 || (!any && len(w.index.rules) == 0) {
		return nil
	}
	talks, err := w.h.Reader.Talks(ctx, ids)
	if err != nil {
		return err
	}
	held, err := w.h.Store.Held(ctx, ids, true)
	if err != nil {
		return err
	}
	var fresh []engage.Conversation
	for _, c := range talks {
		q, in := held[c.ID]
		if !in || !q.State.Open() {
			if w.mayEnter(c, q, in) {
				fresh = append(fresh, c)
			}
			continue
		}
		if err := w.follow(ctx, &q, c); err != nil {
			return err
		}
	}
	return w.takeIn(ctx, fresh, held)
}

// mayEnter says whether a conversation is one to look at: somebody waits, nobody has it.
func (w *work) mayEnter(c engage.Conversation, q Question, was bool) bool {
	rules, on := w.rules(c.Programme)
	return on && rules.Takes != TakesByHand && c.State == engage.Open && c.Turn == engage.Ours && c.Assignee == "" && !c.WaitingSince.IsZero() &&
		(!was || c.WaitingSince.After(q.ClosedAt))
}

// takeIn lets in those that the rules want and that can still be answered in time.
func (w *work) takeIn(ctx context.Context, cs []engage.Conversation, held map[social.ConversationID]Question) error {
	var ids []social.ConversationID
	var timely []engage.Conversation
	for _, c := range cs {
		rules, _ := w.rules(c.Programme)
		due := rules.Week.Add(c.WaitingSince, rules.target())
		if w.now.Before(rules.Week.Back(due, rules.reserve())) {
			timely = append(timely, c)
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	said, err := w.h.Reader.Said(ctx, ids)
	if err != nil {
		return err
	}
	for _, c := range timely {
		rules, _ := w.rules(c.Programme)
		if !rules.takes(Read(said[c.ID])) {
			continue
		}
		if q, was := held[c.ID]; was {
			if err := w.clear(ctx, &q); err != nil {
				return err
			}
		}
		if _, err := w.enter(ctx, c, said[c.ID], ""); err != nil {
			return err
		}
	}
	return nil
}

// follow brings a question up to what was done with its conversation elsewhere.
func (w *work) follow(ctx context.Context, q *Question, c engage.Conversation) error {
	switch {
	case c.State == engage.Snoozed, c.State == engage.Merged, c.State == engage.Deleted:
		return w.end(ctx, q, Closed, string(c.State))
	case c.Programme != q.Programme:
		if err := w.end(ctx, q, Closed, "moved"); err != nil {
			return err
		}
		if w.mayEnter(c, *q, false) {
			return w.takeIn(ctx, []engage.Conversation{c}, map[social.ConversationID]Question{c.ID: *q})
		}
		return nil
	case c.Assignee != "" && (q.State != Claimed || q.ClaimedBy != c.Assignee):
		had, err := w.h.Store.OffersOf(ctx, q.Conversation)
		if err != nil {
			return err
		}
		w.unclaim(q)
		if err := w.claimed(ctx, q, had, c.Assignee); err != nil {
			return err
		}
		if err := w.keepOffers(ctx); err != nil {
			return err
		}
		return w.h.Store.SaveQuestion(ctx, *q)
	case c.Assignee == "" && q.State == Claimed: // given to nobody at the desk
		had, err := w.h.Store.OffersOf(ctx, q.Conversation)
		if err != nil {
			return err
		}
		rules, _ := w.rules(q.Programme)
		w.unclaim(q)
		w.again(q)
		return w.reopen(ctx, q, rules, had)
	}
	return nil
}

// end takes a question out of the hive.
func (w *work) end(ctx context.Context, q *Question, as State, because string) error {
	had, err := w.h.Store.OffersOf(ctx, q.Conversation)
	if err != nil {
		return err
	}
	w.unclaim(q)
	w.endOffers(q, had, Over, "")
	if err := w.keepOffers(ctx); err != nil {
		return err
	}
	q.State, q.NextAt, q.ClosedAt, q.Because = as, time.Time{}, w.now, because
	return w.h.Store.SaveQuestion(ctx, *q)
}

// answered takes in an answer of ours.
func (w *work) answered(ctx context.Context, a social.Answered) error {
	ids := []social.ConversationID{a.Conversation}
	held, err := w.h.Store.Held(ctx, ids, true)
	if err != nil {
		return err
	}
	q, in := held[a.Conversation]
	if !in {
		if _, on := w.rules(a.Programme); !on || a.Member == "" {
			return nil
		}
		said, err := w.h.Reader.Said(ctx, ids)
		if err != nil {
			return err
		}
		q.About = Read(said[a.Conversation])
	}
	if a.Member != "" {
		fresh, err := w.h.Store.Answering(ctx, a.Conversation, a.Member, q.About, a.At)
		if err != nil {
			return err
		}
		if fresh {
			if err := w.teach(ctx, q.About, a.Member, Skill{Answered: 1, N: 1}); err != nil {
				return err
			}
		}
	}
	if !in || !q.State.Open() {
		return nil
	}
	if q.Ring < centre {
		w.sum(&q, "by_hive", "")
	}
	q.AnsweredBy, q.AnsweredAt = a.Member, a.At
	w.sum(&q, "answered", slotOf(a.At.Sub(q.AskedAt)))
	if !a.At.After(q.DueAt) {
		w.sum(&q, "in_time", "")
	}
	return w.end(ctx, &q, Answered, "")
}

// resolved takes in that a conversation was closed: whoever answered it has
// solved it.
func (w *work) resolved(ctx context.Context, r social.Resolved) error {
	by, err := w.h.Store.Solving(ctx, r.Conversation, r.At)
	if err != nil {
		return err
	}
	for m, about := range by {
		if err := w.teach(ctx, about, m, Skill{Solved: 1, NSolved: 1}); err != nil {
			return err
		}
	}
	held, err := w.h.Store.Held(ctx, []social.ConversationID{r.Conversation}, true)
	if err != nil {
		return err
	}
	q, in := held[r.Conversation]
	if in && len(by) > 0 && q.State == Answered && q.Ring < centre {
		w.sum(&q, "solved", "")
	}
	if in && q.State.Open() {
		return w.end(ctx, &q, Closed, "resolved")
	}
	return nil
}

// slots are the stretches of time that are told apart, in seconds.
var slots = []struct {
	most time.Duration
	name string
}{
	{15 * time.Second, "00015"}, {30 * time.Second, "00030"}, {time.Minute, "00060"}, {2 * time.Minute, "00120"}, {3 * time.Minute, "00180"},
	{5 * time.Minute, "00300"}, {8 * time.Minute, "00480"}, {12 * time.Minute, "00720"}, {20 * time.Minute, "01200"}, {30 * time.Minute, "01800"},
	{45 * time.Minute, "02700"}, {time.Hour, "03600"}, {2 * time.Hour, "07200"}, {4 * time.Hour, "14400"}, {8 * time.Hour, "28800"}, {24 * time.Hour, "86400"},
}

// slotOf is the stretch that a time falls into, by its end in seconds.
func slotOf(d time.Duration) string {
	for _, s := range slots {
		if d <= s.most {
			return s.name
		}
	}
	return "99999"
}
