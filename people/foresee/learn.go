package foresee

import (
	"context"
	"hash/fnv"
	"slices"
	"time"

	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
)

// days at which a past is looked at. What a day foretold ends before the next
// part begins: nothing that is learned from reaches into what it is judged by.
type plan struct {
	Definition
	learn []time.Time
	set   time.Time
	judge time.Time
}

// learnDays at which the same persons are learned from, a month between.
const learnDays = 4

func planOf(d Definition, now time.Time) plan {
	h := time.Duration(d.Days) * dayLong
	today := now.UTC().Truncate(dayLong)
	p := plan{Definition: d, judge: today.Add(-h), set: today.Add(-2 * h)}
	for i := range learnDays {
		p.learn = append(p.learn, today.Add(-3*h-time.Duration(i)*30*dayLong))
	}
	return p
}

// since is how far back a past must reach.
func since(now time.Time) time.Time {
	least := now
	for _, d := range Definitions() {
		p := planOf(d, now)
		if t := p.learn[learnDays-1]; t.Before(least) {
			least = t
		}
	}
	return least.AddDate(-2, 0, 0)
}

// sample is what was gathered for one prediction.
type sample struct {
	plan
	pasts []look // of the rows to learn from, until what is spent is put into bins
	set   []look
	judge []look
	Figures
	coins map[string]int
}

// look is somebody on a day, before amounts are put into bins.
type look struct {
	bins  []uint8
	spent map[string]int64 // in a year, by currency; nil: nothing
	yes   bool
}

// take adds what somebody's past says.
func (s *sample) take(features []Feature, whole *Past) {
	one := func(day time.Time) (look, bool) {
		before := whole.Before(day)
		if !s.asked(before, day) {
			return look{}, false
		}
		x := look{bins: make([]uint8, len(features)), yes: s.happened(whole, day, day.Add(time.Duration(s.Days)*dayLong))}
		for i, f := range features {
			if f.Edges != nil {
				x.bins[i] = bin(f.Edges, f.value(before, day, nil))
			}
		}
		for _, o := range before.Orders {
			if o.Currency != "" && !o.At.Before(day.AddDate(-1, 0, 0)) {
				if x.spent == nil {
					x.spent = map[string]int64{}
				}
				x.spent[o.Currency] += o.Amount
			}
		}
		return x, true
	}
	in := false
	for _, day := range s.learn {
		if x, ok := one(day); ok {
			s.pasts, in = append(s.pasts, x), true
			s.Learned.add(x.yes)
			for c := range x.spent {
				s.coins[c]++
			}
		}
	}
	if in {
		s.Learned.People++
	}
	for _, p := range []struct {
		day time.Time
		to  *[]look
		n   *Count
	}{{s.plan.set, &s.set, &s.Set}, {s.plan.judge, &s.judge, &s.Judged}} {
		if x, ok := one(p.day); ok {
			*p.to = append(*p.to, x)
			p.n.People++
			p.n.add(x.yes)
		}
	}
}

func (c *Count) add(yes bool) {
	if yes {
		c.Yes++
	} else {
		c.No++
	}
}

// learned fits a model on what was gathered, sets it right and judges it. It
// is nil where it is not worth showing.
func (s *sample) learned(features []Feature) (*Model, Figures) {
	if s.Little() {
		return nil, s.Figures
	}
	m := &Model{}
	m.Currency, m.Spent = s.coin()
	learn, set, judged := m.rows(features, s.pasts), m.rows(features, s.set), m.rows(features, s.judge)
	m.Base, m.Weights, m.Mean = fit(features, m.edges, learn)
	logits := make([]float64, len(set))
	for i, r := range set {
		logits[i] = m.logit(features, r.bins)
	}
	m.Slope, m.Shift = setRight(logits, set)
	shares := make([]float64, len(judged))
	for i, r := range judged {
		shares[i] = m.share(features, r.bins)
	}
	judge(shares, judged, &s.Figures)
	m.Usual = s.Usual
	if !s.Worth() {
		return nil, s.Figures
	}
	return m, s.Figures
}

// coin is the currency that most is paid in, with the thirds of what is spent
// in it; only of what is learned from.
func (s *sample) coin() (string, []float64) {
	best := ""
	for c, n := range s.coins {
		if best == "" || n > s.coins[best] || n == s.coins[best] && c < best {
			best = c
		}
	}
	var sums []float64
	for _, x := range s.pasts {
		if n := x.spent[best]; best != "" && n > 0 {
			sums = append(sums, float64(n))
		}
	}
	if len(sums) < LeastEach {
		return "", nil
	}
	slices.Sort(sums)
	return best, slices.Compact([]float64{sums[len(sums)/3], sums[len(sums)*2/3]})
}

func (m *Model) rows(features []Feature, looks []look) []row {
	out := make([]row, len(looks))
	for i, x := range looks {
		for k, f := range features {
			if f.Edges == nil {
				v := none
				if n := x.spent[m.Currency]; m.Currency != "" && n > 0 {
					v = float64(n)
				}
				x.bins[k] = bin(m.Spent, v)
			}
		}
		out[i] = row{x.bins, x.yes}
	}
	return out
}

// predict says what a model makes of somebody on a day.
func (m *Model) predict(features []Feature, before *Past, day time.Time) (float64, []Reason) {
	bins, values := make([]uint8, len(features)), make([]float64, len(features))
	for i, f := range features {
		values[i] = f.value(before, day, m)
		bins[i] = bin(m.edges(f), values[i])
	}
	return m.share(features, bins), m.reasons(features, bins, values)
}

// How many persons are read at once, and how many are learned from at most: of
// more, some are drawn, always the same.
const (
	atOnce     = 200
	mostPeople = 60_000
)

func drawn(id social.PersonID, total int) bool {
	if total <= mostPeople {
		return true
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // never fails
	return h.Sum64()%uint64(total) < mostPeople
}

// everybody goes through the pasts of all persons, some at a time. Whoever
// objected comes without one.
func (s *Seer) everybody(ctx context.Context, want func(social.PersonID) bool, each func(ctx context.Context, ids []social.PersonID, pasts map[social.PersonID]*Past) error) (left int, err error) {
	from := since(s.now())
	for after := social.PersonID(""); ; {
		ids, err := s.Crowd.After(ctx, after, atOnce)
		if err != nil || len(ids) == 0 {
			return left, err
		}
		after = ids[len(ids)-1]
		ids = slices.DeleteFunc(ids, func(p social.PersonID) bool { return !want(p) })
		if len(ids) == 0 {
			continue
		}
		pasts, objected, err := s.pasts(ctx, ids, from)
		if err != nil {
			return left, err
		}
		left += len(objected)
		if err := each(ctx, ids, pasts); err != nil {
			return left, err
		}
	}
}

// pasts reads what is kept of some persons.
func (s *Seer) pasts(ctx context.Context, ids []social.PersonID, from time.Time) (map[social.PersonID]*Past, map[social.PersonID]bool, error) {
	who, _, err := s.Crowd.Who(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	objected, err := s.Store.Objected(ctx, who)
	if err != nil {
		return nil, nil, err
	}
	who = slices.DeleteFunc(who, func(w segment.Who) bool { return objected[w.Person] })
	pasts := make(map[social.PersonID]*Past, len(who))
	for _, w := range who {
		pasts[w.Person] = &Past{}
	}
	if len(who) == 0 {
		return pasts, objected, nil
	}
	for _, src := range s.Sources {
		if err := src.Fill(ctx, who, from, func(p social.PersonID) *Past { return pasts[p] }); err != nil {
			return nil, nil, err
		}
	}
	for _, p := range pasts {
		p.order()
	}
	return pasts, objected, nil
}
