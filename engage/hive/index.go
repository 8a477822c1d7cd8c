package hive

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// index is what is needed to choose, in memory: no question makes the hive
// look at all members. It is made of what the store holds, and follows it by
// what was changed since it last looked.
type index struct {
	rules   map[social.ProgrammeID]Rules
	members map[social.MemberID]*Member
	skills  map[social.MemberID]map[string]Skill
	knowing map[string][]social.MemberID // by thing: who showed to know it, or says so
	has     map[string]map[social.MemberID]bool
	rosters map[social.ProgrammeID]*roster

	rulesAt  time.Time // when rules were read
	memberAt time.Time // up to when changes were read
	skillAt  time.Time
}

// roster is who may answer in a programme.
type roster struct {
	all  []social.MemberID
	in   map[social.MemberID]bool
	read time.Time
}

// rosterLife is how long a roster is believed where nobody says that it
// changed: another process may have been told.
const rosterLife = time.Minute

func newIndex() *index {
	return &index{members: map[social.MemberID]*Member{}, skills: map[social.MemberID]map[string]Skill{}, knowing: map[string][]social.MemberID{},
		has: map[string]map[social.MemberID]bool{}, rosters: map[social.ProgrammeID]*roster{}}
}

// Forget lets go of what was read, so that it is read again: after a
// transaction that failed, or when members, policies or rules changed.
func (h *Hive) Forget(all bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if all || h.index == nil {
		h.index = nil
		return
	}
	h.index.rosters, h.index.rules = map[social.ProgrammeID]*roster{}, nil
}

// overlap is how far back changes are read again: a transaction that began
// earlier may have come to its end later.
const overlap = 2 * time.Second

func before(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-overlap)
}

// rulesNow brings the rules in the index up to date. h.mu is held.
func (h *Hive) rulesNow(ctx context.Context) (*index, error) {
	if h.index == nil {
		h.index = newIndex()
	}
	x := h.index
	now := h.now()
	if x.rules != nil && now.Sub(x.rulesAt) <= rosterLife {
		return x, nil
	}
	all, err := h.Store.AllRules(ctx)
	if err != nil {
		return nil, err
	}
	for p, r := range all {
		r.Week = r.Week.known()
		all[p] = r
	}
	x.rules, x.rulesAt = all, now
	return x, nil
}

// people brings members and skills in the index up to date; only choosing
// needs them.
func (w *work) people(ctx context.Context) error {
	if w.fresh {
		return nil
	}
	x := w.index
	ms, err := w.h.Store.Members(ctx, before(x.memberAt))
	if err != nil {
		return err
	}
	for i := range ms {
		x.learnMember(&ms[i])
	}
	ss, err := w.h.Store.Skills(ctx, before(x.skillAt))
	if err != nil {
		return err
	}
	for _, s := range ss {
		x.learnSkill(s)
	}
	w.fresh = true
	return nil
}

func (x *index) learnMember(m *Member) {
	m.compile()
	x.members[m.ID] = m
	for _, t := range m.told {
		// Where all words must be met, the longest finds the question.
		k := slices.MaxFunc(t.keys, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
		x.post(k, m.ID)
		for _, k := range t.keys {
			x.post("t:"+k[len("w:"):], m.ID)
		}
	}
	if m.At.After(x.memberAt) {
		x.memberAt = m.At
	}
}

func (x *index) learnSkill(s Skill) {
	of := x.skills[s.Member]
	if of == nil {
		of = map[string]Skill{}
		x.skills[s.Member] = of
	}
	of[s.Thing] = s
	if s.N > 0 {
		x.post(s.Thing, s.Member)
	}
	if s.At.After(x.skillAt) {
		x.skillAt = s.At
	}
}

func (x *index) post(thing string, m social.MemberID) {
	in := x.has[thing]
	if in == nil {
		in = map[social.MemberID]bool{}
		x.has[thing] = in
	}
	if !in[m] {
		in[m] = true
		x.knowing[thing] = append(x.knowing[thing], m)
	}
}

// roster reads who may answer in a programme. h.mu is held.
func (h *Hive) roster(ctx context.Context, x *index, p social.ProgrammeID, now time.Time) (*roster, error) {
	r := x.rosters[p]
	if r != nil && now.Sub(r.read) < rosterLife {
		return r, nil
	}
	refs, err := h.Crew.Certified(ctx, p)
	if err != nil {
		return nil, err
	}
	r = &roster{in: make(map[social.MemberID]bool, len(refs)), read: now}
	for _, m := range refs {
		r.all = append(r.all, m.ID)
		r.in[m.ID] = true
	}
	x.rosters[p] = r
	return r, nil
}

// How many are looked at for a question at most: of those who may know a
// thing, and in all. Where there are more, where looking begins is different
// for each question, so that all have their turn.
const (
	sampleThing = 96
	sampleAll   = 320
	sampleFree  = 240
)

// candidate is somebody who may be asked.
type candidate struct {
	id                      social.MemberID
	knows, free, load, rank float64
	why                     []Reason
	tie                     uint32
}

// choice is whom to ask, the best first, and how many may know it who cannot
// be asked now.
type choice struct {
	who     []candidate
	knew    int
	resting int // may know it, and are quiet, away or full
}

// choose ranks those who may be asked about a question. least is how much one
// has to know; 0 lets in those who don't. Those of whom not says so are left out.
func (h *Hive) choose(x *index, r *roster, rules *Rules, q *Question, least float64, not func(social.MemberID) bool, now time.Time) choice {
	about := keysIn(q.About)
	rare := func(thing string) float64 {
		n := len(x.knowing[thing])
		return max(0.2, 1-float64(n)/float64(max(8, len(r.all))))
	}
	var out choice
	seen := map[social.MemberID]bool{}
	consider := func(id social.MemberID) bool {
		if seen[id] || !r.in[id] {
			return false
		}
		seen[id] = true
		if not(id) {
			return false
		}
		m := x.members[id]
		if m == nil {
			m = &Member{ID: id}
		}
		k, why := knows(q.About, about, m, x.skills[id], rare, now)
		if k >= min(least, weakly) && k > 0 {
			out.knew++
		}
		if k < least || !m.speaks(q.About.Lang, rules) {
			return false
		}
		free, cannot := m.free(now, rules, h.here(id))
		if free == 0 {
			if cannot != whyOff {
				out.resting++
			}
			return false
		}
		load := m.share(now, rules)
		out.who = append(out.who, candidate{id: id, knows: k, free: free, load: load, why: why, rank: max(k, 0.05) * free * load, tie: turn(q.Conversation, id)})
		return true
	}
	start := int(turn(q.Conversation, ""))
	for _, t := range q.About.Things {
		list := x.knowing[t.Key]
		for i, found := 0, 0; i < len(list) && found < sampleThing && len(seen) < sampleAll*4 && len(out.who) < sampleAll; i++ {
			if consider(list[(start+i)%len(list)]) {
				found++
			}
		}
	}
	if least == 0 {
		for i, found := 0, 0; i < len(r.all) && found < sampleFree; i++ {
			if consider(r.all[(start+i)%len(r.all)]) {
				found++
			}
		}
	}
	slices.SortFunc(out.who, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.tie, b.tie), cmp.Compare(a.id, b.id))
	})
	return out
}

// turn is a number that is different for each question and member, and always
// the same: who is first among equals is left to it.
func turn(c social.ConversationID, m social.MemberID) uint32 {
	f := fnv.New32a()
	_, _ = f.Write([]byte(c))
	_, _ = f.Write([]byte{0})
	_, _ = f.Write([]byte(m))
	return f.Sum32() >> 1
}
