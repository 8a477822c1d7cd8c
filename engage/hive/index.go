package hive

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// index is what is needed to choose, in memory: no question makes the hive
// look at all members. It is made of what the store holds, and follows it by
// what was changed since it last looked.
type index struct {
	rules   map[social.ProgrammeID]Rules
	people  map[social.MemberID]*person
	things  map[string]*thing
	rosters map[social.ProgrammeID]*roster
	look    uint64 // counts the looks for somebody to ask

	rulesAt  time.Time // when rules were read
	memberAt time.Time // up to when changes were read
	skillAt  time.Time
}

// person is a member as choosing sees them.
type person struct {
	Member
	kept bool   // the settings were read; else they are as they are by default
	told []told // expertise, taken apart
	seen uint64 // the look in which they were considered last
}

// thing is something that questions may be about.
type thing struct {
	knowing []*person // who showed to know it, or says so
	has     map[*person]bool
	skills  map[*person]*Skill
	asked   uint64 // the last look for a question about it
}

// told is one thing that somebody says they know; a topic of analysis is known
// by its own name, too.
type told struct {
	label  string
	words  []*thing
	topics []*thing
}

// met says whether the question of a look is about it: all words must be met.
func (t *told) met(look uint64) bool {
	for i, w := range t.words {
		if w.asked != look && t.topics[i].asked != look {
			return false
		}
	}
	return true
}

// roster is who may answer in a programme.
type roster struct {
	all  []*person
	in   map[*person]bool
	read time.Time
}

// rosterLife is how long a roster is believed where nobody says that it
// changed: another process may have been told.
const rosterLife = time.Minute

func newIndex() *index {
	return &index{people: map[social.MemberID]*person{}, things: map[string]*thing{}, rosters: map[social.ProgrammeID]*roster{}}
}

func (x *index) person(id social.MemberID) *person {
	p := x.people[id]
	if p == nil {
		p = &person{Member: Member{ID: id}}
		x.people[id] = p
	}
	return p
}

func (x *index) thing(key string) *thing {
	t := x.things[key]
	if t == nil {
		t = &thing{has: map[*person]bool{}, skills: map[*person]*Skill{}}
		x.things[key] = t
	}
	return t
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
	for _, m := range ms {
		x.learnMember(m)
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

func (x *index) learnMember(m Member) {
	p := x.person(m.ID)
	m.Week = m.Week.known()
	if !slices.Equal(p.Expertise, m.Expertise) {
		p.told = p.told[:0]
		for _, e := range m.Expertise {
			keys := keysOf(e)
			if len(keys) == 0 {
				continue
			}
			t := told{label: e}
			for _, k := range keys {
				t.words, t.topics = append(t.words, x.thing(k)), append(t.topics, x.thing("t:"+strings.TrimPrefix(k, "w:")))
				t.topics[len(t.topics)-1].known(p)
			}
			// Where all words must be met, the longest finds the question.
			x.thing(slices.MaxFunc(keys, func(a, b string) int { return cmp.Compare(len(a), len(b)) })).known(p)
			p.told = append(p.told, t)
		}
	}
	p.Member, p.kept = m, true
	if m.At.After(x.memberAt) {
		x.memberAt = m.At
	}
}

func (x *index) learnSkill(s Skill) {
	t, p := x.thing(s.Thing), x.person(s.Member)
	t.skills[p] = &s
	if s.N > 0 {
		t.known(p)
	}
	if s.At.After(x.skillAt) {
		x.skillAt = s.At
	}
}

func (t *thing) known(p *person) {
	if !t.has[p] {
		t.has[p] = true
		t.knowing = append(t.knowing, p)
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
	r = &roster{in: make(map[*person]bool, len(refs)), read: now}
	for _, m := range refs {
		p := x.person(m.ID)
		r.all = append(r.all, p)
		r.in[p] = true
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
	x.look++
	things := make([]asked, 0, len(q.About.Things))
	for _, t := range q.About.Things {
		if th := x.things[t.Key]; th != nil {
			th.asked = x.look
			things = append(things, asked{Thing: t, thing: th, rare: max(0.2, 1-float64(len(th.knowing))/float64(max(8, len(r.all))))})
		}
	}
	var out choice
	seen := 0
	consider := func(p *person) bool {
		if p.seen == x.look || !r.in[p] {
			return false
		}
		p.seen = x.look
		seen++
		if not(p.ID) {
			return false
		}
		k, why := knows(things, p, x.look, now)
		if k >= min(least, weakly) && k > 0 {
			out.knew++
		}
		if k < least || !p.speaks(q.About.Lang, rules) {
			return false
		}
		free, cannot := p.free(now, rules, h.here(p.ID))
		if free == 0 {
			if cannot != whyOff {
				out.resting++
			}
			return false
		}
		load := p.share(now, rules)
		out.who = append(out.who, candidate{id: p.ID, knows: k, free: free, load: load, why: why, rank: max(k, 0.05) * free * load, tie: turn(q.Conversation, p.ID)})
		return true
	}
	start := int(turn(q.Conversation, ""))
	for _, t := range things {
		list := t.knowing
		for i, found := 0, 0; i < len(list) && found < sampleThing && seen < sampleAll*4 && len(out.who) < sampleAll; i++ {
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
