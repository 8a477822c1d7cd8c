package hive

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
)

// Me is how the actor is asked, and what lies with them.
type Me struct {
	Member
	Here   bool
	Load   int
	Limit  int
	Learns []Skill
}

// Me reads one's own settings.
func (h *Hive) Me(ctx context.Context) (Me, error) {
	a, err := member(ctx)
	if err != nil {
		return Me{}, err
	}
	ms, err := h.Store.MembersAt(ctx, []social.MemberID{a.Member}, false)
	if err != nil {
		return Me{}, err
	}
	all, err := h.Store.AllRules(ctx)
	if err != nil {
		return Me{}, err
	}
	out := Me{Member: ms[a.Member], Here: h.here(a.Member)}
	rules, now := own(all, a), h.now()
	out.Load, out.Limit = out.load(now, rules), out.limit(rules)
	if out.State = out.state(now); out.State == Unsaid {
		out.Until = time.Time{}
	}
	out.Learns, err = h.Store.SkillsOf(ctx, a.Member, 30)
	return out, err
}

// own are the rules that a member's limit and hours come from where they did
// not say: those of the first programme of theirs with a hive.
func own(all map[social.ProgrammeID]Rules, a social.Actor) *Rules {
	var ids []social.ProgrammeID
	for _, g := range a.Grants {
		if r, ok := all[g.Programme]; ok && r.On {
			ids = append(ids, g.Programme)
		}
	}
	if len(ids) == 0 {
		r := DefaultRules()
		return &r
	}
	r := all[slices.Min(ids)]
	return &r
}

// Save keeps one's own settings.
func (h *Hive) Save(ctx context.Context, m Member) (Me, error) {
	a, err := member(ctx)
	if err != nil {
		return Me{}, err
	}
	m.ID = a.Member
	if err := m.Check(); err != nil {
		return Me{}, err
	}
	return h.change(ctx, func(was *Member) {
		was.Week, was.AwayFrom, was.AwayTo, was.Daily, was.Langs, was.Expertise = m.Week, m.AwayFrom, m.AwayTo, m.Daily, m.Langs, m.Expertise
	}, "hive_settings")
}

// Say says that one is available, busy or off, until a time or for good.
func (h *Hive) Say(ctx context.Context, p Presence, until time.Time) (Me, error) {
	if err := (&Member{State: p}).Check(); err != nil {
		return Me{}, err
	}
	if !until.IsZero() && !until.After(h.now()) {
		return Me{}, &social.Error{Kind: social.Invalid, Field: "body.until", Text: "Choose a time to come."}
	}
	return h.change(ctx, func(was *Member) { was.State, was.Until = p, until }, "hive_state")
}

func (h *Hive) change(ctx context.Context, f func(*Member), verb string) (Me, error) {
	a, err := member(ctx)
	if err != nil {
		return Me{}, err
	}
	err = h.do(ctx, func(ctx context.Context, w *work) error {
		ms, err := h.Store.MembersAt(ctx, []social.MemberID{a.Member}, true)
		if err != nil {
			return err
		}
		m := ms[a.Member]
		m.ID = a.Member
		f(&m)
		m.At = w.now
		if err := h.Store.SaveMember(ctx, m); err != nil {
			return err
		}
		if err := h.Store.Tell(ctx, social.Hived{Members: []social.MemberID{a.Member}}); err != nil {
			return err
		}
		return h.Store.Record(ctx, social.Entry{Verb: verb, Object: "member", ID: string(a.Member)})
	})
	if err != nil {
		return Me{}, err
	}
	return h.Me(ctx)
}

// Mate is a colleague who may be asked, and whether they are there.
type Mate struct {
	ID        social.MemberID
	Name      string
	State     string // here, available, or why not: busy, off, absent, away, quiet, limit
	Expertise []string
	Langs     []string
}

// Mates lists who may answer in a programme, those who are there first. It
// says nothing of what they do.
func (h *Hive) Mates(ctx context.Context, p social.ProgrammeID, search string) ([]Mate, error) {
	if !social.ScopeOf(ctx).Sees(p) {
		return nil, social.Errorf(social.NotFound, "This programme does not exist, or not for you.")
	}
	refs, err := h.Crew.Certified(ctx, p)
	if err != nil {
		return nil, err
	}
	all, err := h.Store.AllRules(ctx)
	if err != nil {
		return nil, err
	}
	rules, ok := all[p]
	if !ok {
		rules = DefaultRules()
	}
	ids := make([]social.MemberID, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	members, err := h.Store.MembersAt(ctx, ids, false)
	if err != nil {
		return nil, err
	}
	var out []Mate
	for _, r := range refs {
		if m := members[r.ID]; meets(r.Name, search, &m) && len(out) < mostMates {
			out = append(out, h.mate(r, &m, &rules))
		}
	}
	slices.SortStableFunc(out, func(a, b Mate) int { return rankOf(a.State) - rankOf(b.State) })
	return out, nil
}

// mostMates is how many colleagues are listed; a search finds the others.
const mostMates = 200

func (h *Hive) mate(r social.MemberRef, m *Member, rules *Rules) Mate {
	here := h.here(r.ID)
	_, why := m.free(h.now(), rules, here)
	switch {
	case why == whyPending || why == whyLimit: // how much somebody has is theirs to know
		why = whyBusy
	case why == "" && here:
		why = "here"
	case why == "":
		why = string(Available)
	}
	return Mate{ID: r.ID, Name: r.Name, State: why, Expertise: m.Expertise, Langs: m.Langs}
}

func rankOf(state string) int {
	return slices.Index([]string{"here", "available", "busy", "absent", "quiet", "away", "off"}, state)
}
