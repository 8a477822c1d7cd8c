package hive

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/parley-crm/parley/social"
)

// Board is what whoever leads a programme sees of its hive.
type Board struct {
	Standing
	From, To  time.Time // whole days of the programme
	Asked     int64
	Answered  int64
	ByHive    int64 // before the contact centre had it
	Solved    int64 // of those, conversations that were closed after it
	InTime    int64
	Sent      int64         // to the contact centre
	Unknown   int64         // nobody was found who may know
	ClaimHalf time.Duration // half of the claims came within; 0 when there are none
	ClaimMost time.Duration // nine of ten did
	Claims    int64
	Days      []Day
	Spread    []Bar // how many people took how many questions today
	Gini      float64
	People    int // who may answer
	Here      int // of those, who can be asked now
	States    map[string]int
	Gaps      []Gap
}

// Day is the sums of one day.
type Day struct {
	Day                           string
	Asked, Answered, InTime, Sent int64
}

// Bar is how many people took between From and To questions today.
type Bar struct{ From, To, People int }

// Gap is something that nobody says or has shown to know.
type Gap struct {
	Label string
	N     int64
}

// mostDays is how far back a board looks.
const mostDays = 90

// Board reads the numbers of a programme over some days up to today.
func (h *Hive) Board(ctx context.Context, p social.ProgrammeID, days int) (Board, error) {
	if !social.ScopeOf(ctx).Sees(p) {
		return Board{}, social.Errorf(social.NotFound, "This programme does not exist, or not for you.")
	}
	all, err := h.Store.AllRules(ctx)
	if err != nil {
		return Board{}, err
	}
	rules, ok := all[p]
	if !ok {
		rules = DefaultRules()
	}
	now := h.now()
	l := now.In(rules.Week.location())
	days = min(max(days, 1), mostDays)
	from := time.Date(l.Year(), l.Month(), l.Day()-days+1, 0, 0, 0, 0, l.Location())
	out := Board{From: from.UTC(), To: now, States: map[string]int{}}
	if out.Standing, err = h.Store.Standing(ctx, p); err != nil {
		return out, err
	}
	sums, err := h.Store.SumsOf(ctx, p, from.Format(time.DateOnly), l.Format(time.DateOnly))
	if err != nil {
		return out, err
	}
	for n := range days {
		out.Days = append(out.Days, Day{Day: from.AddDate(0, 0, n).Format(time.DateOnly)})
	}
	out.add(sums)
	return out, h.people(ctx, p, &rules, now, &out)
}

// Solved counts the questions of some days, the last not among them, that
// colleagues answered before the contact centre had them and that were closed
// after it, in all programmes of the scope of ctx.
func (h *Hive) Solved(ctx context.Context, from, to time.Time) (int64, error) {
	all, err := h.Store.AllRules(ctx)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	for p := range all {
		if !social.ScopeOf(ctx).Sees(p) {
			continue
		}
		sums, err := h.Store.SumsOf(ctx, p, from.Format(time.DateOnly), to.Add(-time.Second).Format(time.DateOnly))
		if err != nil {
			return 0, err
		}
		for _, s := range sums {
			if s.Name == "solved" {
				n += s.N
			}
		}
	}
	return n, nil
}

func (b *Board) add(sums []Sum) {
	claims, gaps := map[string]int64{}, map[string]int64{}
	for _, s := range sums {
		var day *Day
		if i := slices.IndexFunc(b.Days, func(d Day) bool { return d.Day == s.Day }); i >= 0 {
			day = &b.Days[i]
		} else {
			day = &Day{}
		}
		switch s.Name {
		case "asked":
			b.Asked += s.N
			day.Asked += s.N
		case "answered":
			b.Answered += s.N
			day.Answered += s.N
		case "by_hive":
			b.ByHive += s.N
		case "solved":
			b.Solved += s.N
		case "in_time":
			b.InTime += s.N
			day.InTime += s.N
		case "centre":
			b.Sent += s.N
			day.Sent += s.N
		case "claim":
			b.Claims += s.N
			claims[s.Slot] += s.N
		case "unknown":
			b.Unknown += s.N
			gaps[s.Slot] += s.N
		}
	}
	b.ClaimHalf, b.ClaimMost = within(claims, b.Claims, 0.5), within(claims, b.Claims, 0.9)
	for label, n := range gaps {
		if label != "" {
			b.Gaps = append(b.Gaps, Gap{label, n})
		}
	}
	slices.SortFunc(b.Gaps, func(x, y Gap) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Label, y.Label)) })
	b.Gaps = b.Gaps[:min(len(b.Gaps), 12)]
}

// within is the end of the stretch of time within which a share of what was
// counted lies.
func within(slots map[string]int64, of int64, share float64) time.Duration {
	names := make([]string, 0, len(slots))
	for s := range slots {
		names = append(names, s)
	}
	slices.Sort(names)
	had := int64(0)
	for _, s := range names {
		if had += slots[s]; float64(had) >= share*float64(of) {
			n, _ := strconv.Atoi(s)
			return time.Duration(n) * time.Second
		}
	}
	return 0
}

// people fills in who is there and how the day's load is spread: numbers of
// people, never names beside numbers.
func (h *Hive) people(ctx context.Context, p social.ProgrammeID, rules *Rules, now time.Time, out *Board) error {
	refs, err := h.Crew.Certified(ctx, p)
	if err != nil {
		return err
	}
	ids := make([]social.MemberID, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	members, err := h.Store.MembersAt(ctx, ids, false)
	if err != nil {
		return err
	}
	taken := make([]int, 0, len(ids))
	for _, r := range refs {
		m := members[r.ID]
		state := h.mate(r, &m, rules).State
		out.States[state]++
		if state == "here" || state == string(Available) {
			out.Here++
		}
		n := 0
		if m.Day == m.week(rules).day(now) {
			n = m.Taken
		}
		taken = append(taken, n)
	}
	out.People = len(refs)
	out.Gini = Gini(taken)
	out.Spread = bars(taken)
	return nil
}

// bars puts counts into at most nine bars.
func bars(counts []int) []Bar {
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	step := max(1, (most+7)/8)
	out := []Bar{{0, 0, 0}}
	for from := 1; from <= most; from += step {
		out = append(out, Bar{from, from + step - 1, 0})
	}
	for _, n := range counts {
		i := 0
		if n > 0 {
			i = (n-1)/step + 1
		}
		out[i].People++
	}
	return out
}

// Gini says how unevenly counts are spread: 0 when all have the same, near 1
// when one has all.
func Gini(counts []int) float64 {
	sorted := slices.Clone(counts)
	slices.Sort(sorted)
	var sum, weighted float64
	for i, n := range sorted {
		sum += float64(n)
		weighted += float64(i+1) * float64(n)
	}
	if n := float64(len(sorted)); sum > 0 {
		return 2*weighted/(n*sum) - (n+1)/n
	}
	return 0
}

// Rules reads how a programme's hive works, and whether anybody has said.
func (h *Hive) Rules(ctx context.Context, p social.ProgrammeID) (Rules, error) {
	if !social.ScopeOf(ctx).Sees(p) {
		return Rules{}, social.Errorf(social.NotFound, "This programme does not exist, or not for you.")
	}
	all, err := h.Store.AllRules(ctx)
	if err != nil {
		return Rules{}, err
	}
	if r, ok := all[p]; ok {
		return r, nil
	}
	return DefaultRules(), nil
}

// SetRules says how a programme's hive works.
func (h *Hive) SetRules(ctx context.Context, p social.ProgrammeID, r Rules) (Rules, error) {
	if _, err := h.Rules(ctx, p); err != nil {
		return Rules{}, err
	}
	if err := r.Check(); err != nil {
		return Rules{}, err
	}
	err := h.do(ctx, func(ctx context.Context, w *work) error {
		if err := h.Store.SaveRules(ctx, p, r, w.now); err != nil {
			return err
		}
		w.index.rules = nil // read again by the next
		return h.Store.Record(ctx, social.Entry{Verb: "hive_rules", Object: "programme", ID: string(p), Detail: map[string]any{"on": r.On, "takes": string(r.Takes)}})
	})
	return r, err
}

// Led is a programme that the actor leads, and whether its hive is on.
type Led struct {
	social.ProgrammeRef
	On bool
}

// Leads lists the programmes of the actor's scope.
func (h *Hive) Leads(ctx context.Context) ([]Led, error) {
	refs, err := h.Crew.Programmes(ctx)
	if err != nil {
		return nil, err
	}
	all, err := h.Store.AllRules(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Led, len(refs))
	for i, r := range refs {
		out[i] = Led{r, all[r.ID].On}
	}
	return out, nil
}
