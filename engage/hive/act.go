package hive

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

// on changes one question that may be seen, in a transaction of its own.
func (h *Hive) on(ctx context.Context, id social.ConversationID, f func(ctx context.Context, w *work, q *Question, had []Offer) error) error {
	return h.do(ctx, func(ctx context.Context, w *work) error {
		if _, err := h.Store.Question(ctx, id); err != nil {
			return err
		}
		held, err := h.Store.Held(ctx, []social.ConversationID{id}, true)
		if err != nil {
			return err
		}
		q, ok := held[id]
		if !ok {
			return errNone
		}
		had, err := h.Store.OffersOf(ctx, id)
		if err != nil {
			return err
		}
		if err := f(ctx, w, &q, had); err != nil {
			return err
		}
		if err := w.keepOffers(ctx); err != nil {
			return err
		}
		return h.Store.SaveQuestion(ctx, q)
	})
}

var errNone = social.Errorf(social.NotFound, "This question is not in the hive, or not for you.")

// Claim gives a question to whoever asks. Of several one gets it; the others
// are told who was faster.
func (h *Hive) Claim(ctx context.Context, id social.ConversationID) error {
	a, err := member(ctx)
	if err != nil {
		return err
	}
	return h.on(ctx, id, func(ctx context.Context, w *work, q *Question, had []Offer) error {
		if q.State == Claimed && q.ClaimedBy == a.Member {
			return nil
		}
		if err := w.free(ctx, q); err != nil {
			return err
		}
		v, err := h.Gate.Clear(ctx, engage.Ask{Member: a.Member, Token: a.Token, Permission: social.InboxReply, Programme: q.Programme})
		if err != nil {
			return err
		}
		if !v.Clear {
			return &social.Error{Kind: social.Forbidden, Text: v.Why, Fix: v.Fix}
		}
		if err := h.Desk.Claim(ctx, id); err != nil {
			return err
		}
		return w.claimed(ctx, q, had, a.Member)
	})
}

// free says that a question can still be taken, or by whom it was.
func (w *work) free(ctx context.Context, q *Question) error {
	switch q.State {
	case Offered, Centre:
		return nil
	case Claimed:
		names, err := w.h.Crew.Names(ctx, []social.MemberID{q.ClaimedBy})
		if err != nil {
			return err
		}
		return social.Errorf(social.Conflict, "%s was faster by %s.", called(names[q.ClaimedBy]), ago(w.now.Sub(q.ClaimedAt)))
	case Answered:
		names, err := w.h.Crew.Names(ctx, []social.MemberID{q.AnsweredBy})
		if err != nil {
			return err
		}
		return social.Errorf(social.Conflict, "%s has answered this already.", called(names[q.AnsweredBy]))
	}
	return social.Errorf(social.Conflict, "This question needs no answer any more.")
}

func called(name string) string {
	if name == "" {
		return "A colleague"
	}
	return name
}

// ago is a stretch of time in words.
func ago(d time.Duration) string {
	n, what := int(max(d, time.Second)/time.Second), "second"
	switch {
	case n >= 3600:
		n, what = n/3600, "hour"
	case n >= 60:
		n, what = n/60, "minute"
	}
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// claimed notes that somebody has a question now.
func (w *work) claimed(ctx context.Context, q *Question, had []Offer, by social.MemberID) error {
	rules, _ := w.rules(q.Programme)
	them, err := w.h.Store.MembersAt(ctx, []social.MemberID{by}, true)
	if err != nil {
		return err
	}
	offered := false
	for _, o := range had {
		if o.Member == by && o.State == Waiting {
			o.State, o.ChangedAt, offered = Taken, w.now, true
			w.offers = append(w.offers, o)
			w.lay(by).Offers--
		}
	}
	if !offered {
		w.offers = append(w.offers, Offer{Conversation: q.Conversation, Member: by, Kind: ByRing, Ring: q.Ring, State: Taken,
			Why: []Reason{{Kind: "own"}}, At: w.now, ChangedAt: w.now})
	}
	w.endOffers(q, had, Lost, by)
	m := them[by]
	l := w.lay(by)
	l.Claims++
	l.Taken++
	l.Day = m.week(rules).day(w.now)
	if q.State == Offered && q.ClaimedAt.IsZero() { // the first time
		w.sum(q, "claim", slotOf(w.now.Sub(q.OpenedAt)))
	}
	q.State, q.ClaimedBy, q.ClaimedAt, q.Warned = Claimed, by, w.now, false
	w.sign(q, rules, w.now)
	w.tell(q, by)
	return nil
}

// last is when a claim ends whatever happens, so that the contact centre can
// still answer in time: what the centre needs at least is a third of the reserve.
func last(q *Question, rules *Rules) time.Time {
	return rules.Week.Back(q.DueAt, rules.reserve()/3)
}

// sign notes a sign of life of whoever has a question.
func (w *work) sign(q *Question, rules *Rules, at time.Time) {
	q.ClaimUntil = at.Add(rules.claim())
	if end := last(q, rules); q.ClaimUntil.After(end) && end.After(w.now) {
		q.ClaimUntil = end
	}
	q.Warned = false
	q.NextAt = q.ClaimUntil.Add(-q.ClaimUntil.Sub(at) / 3) // the warning comes before the end
	if !q.NextAt.After(w.now) {
		q.NextAt = q.ClaimUntil
	}
}

// silent looks at a claim whose time comes to an end: whoever still writes
// keeps it, others are warned and then lose it.
func (w *work) silent(ctx context.Context, q *Question, rules *Rules) error {
	talks, err := w.h.Reader.Talks(ctx, []social.ConversationID{q.Conversation})
	if err != nil {
		return err
	}
	if len(talks) == 1 && leaving(talks[0].Delivery) { // the answer is on its way
		q.NextAt = w.now.Add(time.Minute)
		return w.h.Store.SaveQuestion(ctx, *q)
	}
	wrote, err := w.h.Reader.Writing(ctx, q.ClaimedBy, q.Conversation)
	if err != nil {
		return err
	}
	if wrote.Add(rules.claim()).After(q.ClaimUntil) && last(q, rules).After(q.ClaimUntil) {
		w.sign(q, rules, wrote)
		return w.h.Store.SaveQuestion(ctx, *q)
	}
	if w.now.Before(q.ClaimUntil) {
		q.Warned, q.NextAt = true, q.ClaimUntil
		w.tell(q, q.ClaimedBy)
		return w.h.Store.SaveQuestion(ctx, *q)
	}
	had, err := w.h.Store.OffersOf(ctx, q.Conversation)
	if err != nil {
		return err
	}
	return w.release(ctx, q, rules, had, "silent")
}

func leaving(s engage.Stage) bool {
	return s == engage.Queued || s == engage.Sending || s == engage.Unknown || s == engage.NeedsCheck
}

// release takes a question from whoever has it and asks on.
func (w *work) release(ctx context.Context, q *Question, rules *Rules, had []Offer, because string) error {
	by := q.ClaimedBy
	w.unclaim(q)
	for i, o := range had {
		if o.Member == by {
			had[i].State, had[i].ChangedAt, had[i].Because = Passed, w.now, because
			w.offers = append(w.offers, had[i])
		} else if o.State == Lost {
			had[i].State = Over // may be asked again
		}
	}
	if err := w.keepOffers(ctx); err != nil {
		return err
	}
	if err := w.h.Desk.Unclaim(ctx, q.Conversation, "hive_released", map[string]any{"member": string(by), "because": because}); err != nil {
		return err
	}
	w.again(q)
	w.sum(q, "released", "")
	return w.reopen(ctx, q, rules, had)
}

// again lets a question that was claimed be asked once more, one ring back.
func (w *work) again(q *Question) {
	q.State, q.ClaimedBy, q.ClaimUntil, q.Warned = Offered, "", time.Time{}, false
	if q.Ring < centre {
		q.Ring = max(0, q.Ring-1)
	}
}

// reopen asks again, whom it may.
func (w *work) reopen(ctx context.Context, q *Question, rules *Rules, had []Offer) error {
	if !w.now.Before(q.EndAt) {
		return w.toCentre(ctx, q, rules, had)
	}
	return w.widenOver(ctx, q, rules, had)
}

// widenOver is widen where those whom somebody was quicker than may be asked again.
func (w *work) widenOver(ctx context.Context, q *Question, rules *Rules, had []Offer) error {
	var again []Offer
	for _, o := range had {
		if o.State == Over {
			again = append(again, o)
		}
	}
	if err := w.h.Store.SaveOffers(ctx, again); err != nil {
		return err
	}
	return w.widen(ctx, q, rules)
}

// unclaim takes away what lies with whoever had a question.
func (w *work) unclaim(q *Question) {
	if q.State == Claimed && q.ClaimedBy != "" {
		w.lay(q.ClaimedBy).Claims--
		w.tell(q, q.ClaimedBy)
	}
}

// Release gives a question back that one has claimed.
func (h *Hive) Release(ctx context.Context, id social.ConversationID) error {
	a, err := member(ctx)
	if err != nil {
		return err
	}
	return h.on(ctx, id, func(ctx context.Context, w *work, q *Question, had []Offer) error {
		if q.State != Claimed || q.ClaimedBy != a.Member {
			return social.Errorf(social.Conflict, "You don't have this question any more.")
		}
		rules, _ := w.rules(q.Programme)
		return w.release(ctx, q, rules, had, "given back")
	})
}

// Why somebody passes a question on.
const (
	NotMine = "not_mine" // they don't know it: it teaches the hive
	NoTime  = "no_time"
)

// Pass declines an offer. Nobody but the hive learns of it.
func (h *Hive) Pass(ctx context.Context, id social.ConversationID, because string) error {
	a, err := member(ctx)
	if err != nil {
		return err
	}
	if because != NotMine && because != NoTime {
		return &social.Error{Kind: social.Invalid, Field: "body.because", Text: "Say whether it is not yours to know, or whether there is no time."}
	}
	return h.on(ctx, id, func(ctx context.Context, w *work, q *Question, had []Offer) error {
		i := slices.IndexFunc(had, func(o Offer) bool { return o.Member == a.Member })
		if i >= 0 && had[i].State == Passed {
			return nil
		}
		if q.State == Claimed && q.ClaimedBy == a.Member {
			return social.Errorf(social.Conflict, "You have this question already: give it back instead.")
		}
		if i < 0 { // from the open pool
			w.offers = append(w.offers, Offer{Conversation: id, Member: a.Member, Kind: ByRing, Ring: q.Ring, State: Passed, At: w.now, ChangedAt: w.now, Because: because})
		} else {
			if had[i].State == Waiting {
				w.lay(a.Member).Offers--
			}
			had[i].State, had[i].ChangedAt, had[i].Because = Passed, w.now, because
			w.offers = append(w.offers, had[i])
		}
		w.tell(q, a.Member)
		// The record says that it was passed on, and not by whom.
		if err := h.Store.Record(asParley(ctx), social.Entry{Verb: "pass", Object: "hive", ID: string(id), Detail: map[string]any{"because": because}}); err != nil {
			return err
		}
		if because == NotMine {
			if err := w.teach(ctx, q.About, a.Member, Skill{Passed: 1}); err != nil {
				return err
			}
		}
		if err := w.keepOffers(ctx); err != nil {
			return err
		}
		if q.State == Offered && q.Ring < everyone && !slices.ContainsFunc(had, func(o Offer) bool { return o.State == Waiting }) {
			rules, _ := w.rules(q.Programme)
			return w.widen(ctx, q, rules) // nobody is left to wait for
		}
		return nil
	})
}

// teach lets the hive learn something about a member from a question.
func (w *work) teach(ctx context.Context, a About, m social.MemberID, what Skill) error {
	out := make([]Skill, len(a.Things))
	for i, t := range a.Things {
		out[i] = what
		out[i].Member, out[i].Thing, out[i].Label = m, t.Key, t.Label
	}
	return w.h.Store.Learn(ctx, out, w.now)
}

// Further is a question to colleagues about a question.
type Further struct {
	Key     string
	Members []social.MemberID
	Thing   string // or all who may know this, at most twenty
	Words   string
}

// mostFurther is how many colleagues one asks at once.
const mostFurther = 20

// Further asks colleagues: a note among us, and an offer to each.
func (h *Hive) Further(ctx context.Context, id social.ConversationID, f Further) ([]social.MemberID, error) {
	a, err := member(ctx)
	if err != nil {
		return nil, err
	}
	f.Words = strings.TrimSpace(f.Words)
	bad := func(field, text string) error {
		return &social.Error{Kind: social.Invalid, Field: "body." + field, Text: text}
	}
	switch {
	case f.Words == "" || len(f.Words) > 2000:
		return nil, bad("words", "Say what you want to know, in at most 2,000 characters.")
	case len(f.Members) == 0 && f.Thing == "":
		return nil, bad("members", "Choose whom to ask, or what they should know.")
	case len(f.Members) > mostFurther:
		return nil, bad("members", "Ask twenty colleagues at most.")
	}
	var to []social.MemberID
	err = h.on(ctx, id, func(ctx context.Context, w *work, q *Question, had []Offer) error {
		if !q.State.Open() {
			return w.free(ctx, q)
		}
		if err := w.people(ctx); err != nil {
			return err
		}
		r, err := h.roster(ctx, w.index, q.Programme, w.now)
		if err != nil {
			return err
		}
		rules, _ := w.rules(q.Programme)
		if to, err = w.group(q, rules, r, f, a.Member, had); err != nil {
			return err
		}
		names, err := h.Crew.Names(ctx, to)
		if err != nil {
			return err
		}
		who := make([]string, len(to))
		for i, m := range to {
			who[i] = called(names[m])
		}
		if _, err := h.Desk.Note(ctx, id, engage.Remark{Key: f.Key, Text: strings.Join(who, ", ") + ": " + f.Words}); err != nil {
			return err
		}
		for _, m := range to {
			o := Offer{Conversation: id, Member: m, Kind: ByAsking, Ring: q.Ring, State: Waiting, Why: []Reason{{Kind: ByMate}},
				By: a.Member, Words: f.Words, At: w.now, ChangedAt: w.now}
			if i := slices.IndexFunc(had, func(o Offer) bool { return o.Member == m && o.State == Waiting }); i >= 0 {
				o.Why, o.Knows, o.Free, o.Load, o.Score = append(o.Why, had[i].Why...), had[i].Knows, had[i].Free, had[i].Load, had[i].Score
			} else {
				w.lay(m).Offers++
			}
			w.offers = append(w.offers, o)
		}
		w.tell(q, append(to[:len(to):len(to)], a.Member)...)
		w.sum(q, "further", "")
		if h.Notices != nil {
			return h.Notices.Offered(ctx, to, id, ByAsking, a.Member, f.Words)
		}
		return nil
	})
	return to, err
}

// group is whom a further question goes to: the named who may answer here, or
// those who may know a thing and are there.
func (w *work) group(q *Question, rules *Rules, r *roster, f Further, by social.MemberID, had []Offer) ([]social.MemberID, error) {
	passed := func(m social.MemberID) bool {
		return slices.ContainsFunc(had, func(o Offer) bool {
			return o.Member == m && (o.State == Passed || o.Kind == ByAsking && o.State == Waiting)
		})
	}
	if len(f.Members) > 0 {
		var to []social.MemberID
		for _, m := range f.Members {
			if m == by || slices.Contains(to, m) || passed(m) {
				continue
			}
			who := w.index.people[m]
			if who == nil || !r.in[who] {
				return nil, &social.Error{Kind: social.Invalid, Field: "body.members", Text: "One of them may not answer here, so they can't be asked."}
			}
			if who.kept { // their quiet time is theirs, whoever asks
				if free, why := who.free(w.now, rules, true); free == 0 && (why == whyOff || why == whyAway || why == whyQuiet) {
					continue
				}
			}
			to = append(to, m)
		}
		if len(to) == 0 {
			return nil, social.Errorf(social.Conflict, "They are off now, or were asked already. Choose somebody else.")
		}
		return to, nil
	}
	about := Question{Conversation: q.Conversation, Programme: q.Programme, About: Read(Said{Text: f.Thing})}
	for _, t := range about.About.Things { // it may be a topic of analysis, too
		about.About.Things = append(about.About.Things, Thing{Key: "t:" + strings.TrimPrefix(t.Key, "w:"), Label: t.Label, Heavy: heavyTopic})
	}
	about.About.Things = append(about.About.Things, Thing{Key: "t:" + strings.ToLower(f.Thing), Label: f.Thing, Heavy: heavyTopic})
	found := w.h.choose(w.index, r, rules, &about, weakly, func(m social.MemberID) bool { return m == by || passed(m) }, w.now)
	var to []social.MemberID
	for _, c := range found.who[:min(len(found.who), mostFurther)] {
		to = append(to, c.id)
	}
	if len(to) == 0 {
		return nil, social.Errorf(social.Conflict, "Nobody who is there says or has shown to know %q. Choose a colleague by name.", f.Thing)
	}
	return to, nil
}

// Suggest adds to what whoever has the question may answer: a note among us.
func (h *Hive) Suggest(ctx context.Context, id social.ConversationID, key, text string) error {
	a, err := member(ctx)
	if err != nil {
		return err
	}
	return h.on(ctx, id, func(ctx context.Context, w *work, q *Question, had []Offer) error {
		if _, err := h.Desk.Note(ctx, id, engage.Remark{Key: key, Text: text}); err != nil {
			return err
		}
		for _, o := range had { // an offer by a colleague is thereby done
			if o.Member == a.Member && o.State == Waiting && o.Kind == ByAsking {
				o.State, o.ChangedAt, o.Because = Over, w.now, "helped"
				w.offers = append(w.offers, o)
				w.lay(a.Member).Offers--
			}
		}
		w.tell(q, a.Member, q.ClaimedBy)
		return nil
	})
}

// AskHive gives a conversation to the hive by hand.
func (h *Hive) AskHive(ctx context.Context, id social.ConversationID) error {
	a, err := member(ctx)
	if err != nil {
		return err
	}
	return h.do(ctx, func(ctx context.Context, w *work) error {
		talks, err := h.Reader.Talks(ctx, []social.ConversationID{id})
		if err != nil {
			return err
		}
		if len(talks) == 0 {
			return social.Errorf(social.NotFound, "This conversation does not exist, or not for you.")
		}
		c := talks[0]
		if _, on := w.rules(c.Programme); !on {
			return social.Errorf(social.Conflict, "This programme has no hive yet. Whoever leads it can switch it on under Hive, Settings.")
		}
		held, err := h.Store.Held(ctx, []social.ConversationID{id}, true)
		if err != nil {
			return err
		}
		if q, ok := held[id]; ok && q.State.Open() && q.State != Claimed {
			return nil
		} else if ok && q.State == Claimed && q.ClaimedBy != a.Member {
			return w.free(ctx, &q)
		} else if ok {
			if err := w.clear(ctx, &q); err != nil {
				return err
			}
		}
		if c.State == engage.Resolved {
			return social.Errorf(social.Conflict, "This conversation is resolved, so there is nothing to ask.")
		}
		switch c.Assignee {
		case "":
		case a.Member:
			if err := h.Desk.Assign(ctx, id, ""); err != nil {
				return err
			}
		default:
			return social.Errorf(social.Conflict, "Somebody has this conversation already. Ask them, or take it over first.")
		}
		said, err := h.Reader.Said(ctx, []social.ConversationID{id})
		if err != nil {
			return err
		}
		if err := h.Store.Record(ctx, social.Entry{Verb: "hive", Object: "conversation", ID: string(id)}); err != nil {
			return err
		}
		_, err = w.enter(ctx, c, said[id], a.Member)
		return err
	})
}

// clear forgets whom an earlier round asked, so that all may be asked again.
func (w *work) clear(ctx context.Context, q *Question) error {
	w.unclaim(q)
	had, err := w.h.Store.OffersOf(ctx, q.Conversation)
	if err != nil {
		return err
	}
	for _, o := range had {
		if o.State == Waiting {
			w.lay(o.Member).Offers--
			w.tell(q, o.Member)
		}
		o.State, o.ChangedAt = Over, w.now
		w.offers = append(w.offers, o)
	}
	return w.keepOffers(ctx)
}
