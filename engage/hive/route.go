package hive

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

// How much one has to know to be among the best, and to be asked in the
// second ring.
const (
	surely = 0.3
	weakly = 0.05
)

// work is one transaction of the hive: what it changes is gathered and
// written at its end.
type work struct {
	h      *Hive
	now    time.Time
	index  *index
	fresh  bool // the people in the index are as they are now
	laid   map[social.MemberID]*Laid
	sums   map[Sum]int64
	told   map[social.ConversationID]map[social.MemberID]bool
	over   []social.ConversationID // nobody need be told of them any more
	where  map[social.ConversationID]social.ProgrammeID
	offers []Offer
}

// do runs f in a transaction, one at a time in this process, and writes what
// it gathered. When that fails, what was read is forgotten.
func (h *Hive) do(ctx context.Context, f func(ctx context.Context, w *work) error) error {
	err := h.Store.InTx(ctx, func(ctx context.Context) error {
		h.mu.Lock() // within the transaction, never around it: others come here with one of their own
		defer h.mu.Unlock()
		x, err := h.rulesNow(ctx)
		if err != nil {
			return err
		}
		w := &work{h: h, now: h.now(), index: x, laid: map[social.MemberID]*Laid{}, sums: map[Sum]int64{},
			told: map[social.ConversationID]map[social.MemberID]bool{}, where: map[social.ConversationID]social.ProgrammeID{}}
		if err := f(ctx, w); err != nil {
			return err
		}
		return w.flush(ctx)
	})
	if err != nil {
		h.Forget(true)
	}
	return err
}

func (w *work) flush(ctx context.Context) error {
	laid := make([]Laid, 0, len(w.laid))
	for _, l := range w.laid {
		laid = append(laid, *l)
	}
	slices.SortFunc(laid, func(a, b Laid) int { return compare(a.Member, b.Member) })
	if err := w.h.Store.Lay(ctx, laid, w.now); err != nil {
		return err
	}
	sums := make([]Sum, 0, len(w.sums))
	for s, n := range w.sums {
		s.N = n
		sums = append(sums, s)
	}
	slices.SortFunc(sums, func(a, b Sum) int {
		return compare(string(a.Programme)+a.Day+a.Name+a.Slot, string(b.Programme)+b.Day+b.Name+b.Slot)
	})
	if err := w.h.Store.Sum(ctx, sums); err != nil {
		return err
	}
	if n := w.h.Notices; n != nil && len(w.over) > 0 {
		if err := n.Over(ctx, w.over); err != nil {
			return err
		}
	}
	for c, who := range w.told {
		ids := make([]social.MemberID, 0, len(who))
		for m := range who {
			ids = append(ids, m)
		}
		slices.Sort(ids)
		if err := w.h.Store.Tell(ctx, social.Hived{Conversation: c, Programme: w.where[c], Members: ids}); err != nil {
			return err
		}
	}
	return nil
}

func compare[T ~string](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (w *work) lay(m social.MemberID) *Laid {
	l := w.laid[m]
	if l == nil {
		l = &Laid{Member: m}
		w.laid[m] = l
	}
	return l
}

// rules of a programme; ok is false where it has no hive that is on.
func (w *work) rules(p social.ProgrammeID) (*Rules, bool) {
	r, ok := w.index.rules[p]
	if !ok {
		r = DefaultRules()
	}
	return &r, ok && r.On
}

func (w *work) sum(q *Question, name, slot string) {
	r, _ := w.rules(q.Programme)
	w.sums[Sum{Programme: q.Programme, Day: r.Week.day(q.OpenedAt), Name: name, Slot: slot}]++ // by when it entered, so that lists agree
}

// tell notes that something changed for members.
func (w *work) tell(q *Question, ms ...social.MemberID) {
	if w.told[q.Conversation] == nil {
		w.told[q.Conversation] = map[social.MemberID]bool{}
	}
	w.where[q.Conversation] = q.Programme
	for _, m := range ms {
		if m != "" {
			w.told[q.Conversation][m] = true
		}
	}
}

// enter takes a conversation into the hive and asks the first.
func (w *work) enter(ctx context.Context, c engage.Conversation, said Said, by social.MemberID) (Question, error) {
	rules, _ := w.rules(c.Programme)
	since := c.WaitingSince
	if since.IsZero() {
		since = w.now
	}
	q := Question{Conversation: c.ID, Programme: c.Programme, State: Offered, About: Read(said), AskedAt: since, OpenedAt: w.now, ByHand: by}
	if q.About.Lang == "" {
		q.About.Lang = c.Lang
	}
	from := since
	if by != "" {
		from = w.now // whoever asks by hand gives it the whole time
	}
	q.DueAt = rules.Week.Add(from, rules.target())
	if w.h.Dues != nil {
		at, ok, err := w.h.Dues.Due(ctx, c)
		if err != nil {
			return q, err
		}
		if ok {
			q.DueAt = at
		}
	}
	q.EndAt = rules.Week.Back(q.DueAt, rules.reserve())
	w.sum(&q, "asked", "")
	return q, w.widen(ctx, &q, rules)
}

// widen asks the next ring. Where nobody is found it goes on to the one after,
// and in the end to the contact centre; but outside working time, while those
// who may know are at rest, it waits for the morning.
func (w *work) widen(ctx context.Context, q *Question, rules *Rules) error {
	had, err := w.h.Store.OffersOf(ctx, q.Conversation)
	if err != nil {
		return err
	}
	for {
		if !w.now.Before(q.EndAt) || q.Ring >= everyone {
			return w.toCentre(ctx, q, rules, had)
		}
		ring := q.Ring + 1
		asked, resting, err := w.ask(ctx, q, rules, ring, had)
		if err != nil {
			return err
		}
		if asked == 0 && resting > 0 && !rules.Week.Open(w.now) {
			q.NextAt = sooner(rules.Week.Next(w.now), q.EndAt)
			return w.h.Store.SaveQuestion(ctx, *q)
		}
		q.Ring = ring
		switch {
		case ring == everyone:
			if q.Knew == 0 {
				w.unknown(q)
			}
			q.NextAt = q.EndAt
		case asked == 0:
			continue
		default:
			q.NextAt = sooner(rules.Week.Add(w.now, rules.widen()*time.Duration(ring)), q.EndAt)
		}
		return w.h.Store.SaveQuestion(ctx, *q)
	}
}

// unknown counts what nobody has shown or said to know.
func (w *work) unknown(q *Question) {
	slot := "" // nothing can be said of it
	for _, t := range q.About.Things {
		if slot == "" || t.Heavy >= heavyEntity {
			slot = t.Label
		}
	}
	q.Knew = nobody
	w.sum(q, "unknown", slot)
}

// nobody stands for how many know a question of which it was counted that nobody does.
const nobody = -1

func sooner(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// ask makes the offers of one ring.
func (w *work) ask(ctx context.Context, q *Question, rules *Rules, ring int, had []Offer) (asked, resting int, err error) {
	h := w.h
	if err := w.people(ctx); err != nil {
		return 0, 0, err
	}
	r, err := h.roster(ctx, w.index, q.Programme, w.now)
	if err != nil {
		return 0, 0, err
	}
	not := func(m social.MemberID) bool {
		return m == q.ByHand || slices.ContainsFunc(had, func(o Offer) bool { return o.Member == m && o.State != Over })
	}
	least, want := surely, rules.First
	switch ring {
	case more:
		least, want = weakly, 3*rules.First
	case everyone:
		least, want = 0, 3*rules.First
	}
	found := h.choose(w.index, r, rules, q, least, not, w.now)
	if q.Knew < found.knew {
		q.Knew = found.knew
	}
	chosen, err := w.certain(ctx, q, rules, found.who, want)
	if err != nil {
		return 0, 0, err
	}
	var to []social.MemberID
	for _, c := range chosen {
		why := c.why
		if len(why) == 0 {
			why = []Reason{{Kind: Idle}}
		}
		if l := q.About.Lang; l != "" && l != "und" {
			if m := w.index.people[c.id]; slices.Contains(m.Langs, l) && !slices.Contains(rules.Langs, l) {
				why = append(why[:len(why):len(why)], Reason{Kind: Speaks, Label: l})
			}
		}
		w.offers = append(w.offers, Offer{Conversation: q.Conversation, Member: c.id, Kind: ByRing, Ring: ring, State: Waiting, Knows: c.knows,
			Free: c.free, Load: c.load, Score: c.rank, Why: why, At: w.now, ChangedAt: w.now})
		l := w.lay(c.id) // as the counts of the store, which certain has read
		l.Offers++
		l.Asked = true
		to = append(to, c.id)
	}
	if len(to) == 0 {
		return 0, found.resting, nil
	}
	if err := w.keepOffers(ctx); err != nil {
		return 0, 0, err
	}
	w.tell(q, to...)
	if h.Notices != nil {
		if err := h.Notices.Offered(ctx, to, q.Conversation, ByRing, "", q.topic()); err != nil {
			return 0, 0, err
		}
	}
	return len(to), found.resting, h.Store.Record(ctx, social.Entry{Verb: "ask", Object: "hive", ID: string(q.Conversation), Detail: map[string]any{
		"ring": ring, "members": to}})
}

func (w *work) keepOffers(ctx context.Context) error {
	err := w.h.Store.SaveOffers(ctx, w.offers)
	w.offers = w.offers[:0]
	return err
}

// topic is what a question is about, in a word or two.
func (q *Question) topic() string {
	if len(q.About.Things) > 0 {
		return q.About.Things[0].Label
	}
	return ""
}

// certain takes the best of those who were found, as they are at this moment:
// their load is read anew and kept from others, and the gate is asked.
func (w *work) certain(ctx context.Context, q *Question, rules *Rules, found []candidate, want int) ([]candidate, error) {
	var out []candidate
	for from := 0; from < len(found) && len(out) < want; {
		part := found[from:min(len(found), from+2*want)]
		from += len(part)
		ids := make([]social.MemberID, len(part))
		for i, c := range part {
			ids[i] = c.id
		}
		slices.Sort(ids)
		now, err := w.h.Store.MembersAt(ctx, ids, true)
		if err != nil {
			return nil, err
		}
		for _, c := range part {
			m := now[c.id]
			m.Week = m.Week.known()
			if l := w.laid[c.id]; l != nil { // by this very transaction
				m.Offers += l.Offers
				if l.Asked {
					m.AskedAt = w.now
				}
				m.Claims += l.Claims
				if l.Taken > 0 && m.Day == l.Day {
					m.Taken += l.Taken
				} else if l.Taken > 0 {
					m.Day, m.Taken = l.Day, l.Taken
				}
			}
			if c.free, _ = m.free(w.now, rules, w.h.here(c.id)); c.free == 0 {
				continue
			}
			c.load = m.share(w.now, rules)
			c.rank = max(c.knows, 0.05) * c.free * c.load
			v, err := w.h.Gate.Clear(ctx, engage.Ask{Member: c.id, Permission: social.InboxReply, Programme: q.Programme})
			if err != nil {
				return nil, err
			}
			if !v.Clear {
				continue
			}
			if out = append(out, c); len(out) == want {
				break
			}
		}
	}
	return out, nil
}

// toCentre ends the asking: the contact centre has it now.
func (w *work) toCentre(ctx context.Context, q *Question, rules *Rules, had []Offer) error {
	w.endOffers(q, had, Over, "")
	q.State, q.NextAt, q.ClaimedBy, q.ClaimUntil, q.Warned = Centre, time.Time{}, "", time.Time{}, false
	if q.Ring != centre {
		q.Ring = centre
		w.sum(q, "centre", "")
	}
	var to []social.MemberID
	for _, m := range rules.Centre {
		v, err := w.h.Gate.Clear(ctx, engage.Ask{Member: m, Permission: social.InboxReply, Programme: q.Programme})
		if err != nil {
			return err
		}
		if v.Clear {
			to = append(to, m)
			w.offers = append(w.offers, Offer{Conversation: q.Conversation, Member: m, Kind: ByCentre, Ring: centre, State: Waiting,
				Why: []Reason{{Kind: AtCentre}}, At: w.now, ChangedAt: w.now})
			w.lay(m).Offers++
		}
	}
	if err := w.keepOffers(ctx); err != nil {
		return err
	}
	w.tell(q, to...)
	if len(to) > 0 && w.h.Notices != nil {
		if err := w.h.Notices.Offered(ctx, to, q.Conversation, ByCentre, "", q.topic()); err != nil {
			return err
		}
	}
	if err := w.h.Store.SaveQuestion(ctx, *q); err != nil {
		return err
	}
	return w.h.Desk.Mark(ctx, q.Conversation, "hive_centre", map[string]any{"asked": len(had)})
}

// endOffers ends what is still open, but that of one member.
func (w *work) endOffers(q *Question, had []Offer, as OfferState, but social.MemberID) {
	w.over = append(w.over, q.Conversation)
	for _, o := range had {
		if o.State != Waiting || o.Member == but {
			continue
		}
		o.State, o.ChangedAt = as, w.now
		w.offers = append(w.offers, o)
		w.lay(o.Member).Offers--
		w.tell(q, o.Member)
	}
}

// Tick does what time brings: it widens, ends silent claims, and gives to the
// contact centre what is due there. It reports whether more waits.
func (h *Hive) Tick(ctx context.Context) (more bool, err error) {
	const limit = 64
	ctx = asParley(ctx)
	ids, err := h.Store.DueNow(ctx, h.now(), limit)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	err = h.do(ctx, func(ctx context.Context, w *work) error {
		held, err := h.Store.Held(ctx, ids, true)
		if err != nil {
			return err
		}
		for _, id := range ids {
			q, ok := held[id]
			if !ok || q.NextAt.IsZero() || q.NextAt.After(w.now) {
				continue // somebody was quicker
			}
			if err := w.turn(ctx, &q); err != nil {
				return err
			}
		}
		return nil
	})
	return len(ids) == limit, err
}

// turn does what is due for one question.
func (w *work) turn(ctx context.Context, q *Question) error {
	rules, _ := w.rules(q.Programme)
	switch q.State {
	case Offered:
		return w.widen(ctx, q, rules)
	case Claimed:
		return w.silent(ctx, q, rules)
	}
	q.NextAt = time.Time{}
	return w.h.Store.SaveQuestion(ctx, *q)
}
