package resolve

import (
	"context"
	"math/rand/v2"
	"sync"
)

// How many pairs are learnt from, and how often they are gone through.
const (
	lessons = 200_000
	chances = 100_000
	rounds  = 36
	// often is after how many rounds the pairs that seemed to be of strangers
	// are looked at again.
	often = 6
)

// lesson is a pair that is learnt from.
type lesson struct {
	p     pattern
	v     values
	times float32 // how many pairs it stands for
	far   bool    // they seemed to be strangers
	same  bool    // the truth, where it is known
}

// learn fits a model to the input. Values are counted by persons where they
// are known roughly, else by entries.
func (s *Set) learn(ctx context.Context, b *blocks, personOf []int32, workers int) (*model, error) {
	m := init0()
	n := float64(len(s.entries))
	m.pairs = max(n*(n-1)/2, 1)
	m.mates = mates
	nameless := false
	switch {
	case float64(s.pools[cGiven].held) >= n/100:
	case float64(s.pools[cFamily].held) < n/100:
		// Without any names nothing tells how many share a telephone, and an
		// address is taken for one person's.
		m.mates, nameless = mates/15, true
	default:
		// Names in one piece are those of companies, shops and the like,
		// where others of the same name and address are no family.
		m.mates = mates / 100
	}
	m.personOf = personOf
	s.frequencies(&m, personOf)
	m.shares(n, -1, -1)
	m.nearby = s.neighbours()
	strangers := s.strangers(&m)
	m.chances(&random{found: strangers.found})
	candidates, err := s.lessons(ctx, b, &m, workers)
	if err != nil {
		return nil, err
	}
	for round := range rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var found [columns][levels]float64
		var agreed, lived [columns]float64 // of a household
		matched, mated := 0.0, 0.0
		for i := range candidates {
			l := &candidates[i]
			if l.far && round%often > 0 {
				continue
			}
			match, home := m.weigh(&l.p, &l.v)
			if s.truth != nil {
				if match = 0; l.same {
					match, home = 1, 0
				}
			}
			if l.far = match+home < 1e-4; l.far {
				continue
			}
			if !m.supported(&l.p) && s.truth == nil {
				match = 0
			}
			match *= float64(l.times)
			matched += match
			home *= float64(l.times)
			mated += home
			for c, level := range l.p.level {
				if level >= 0 && home > 0 {
					r, k := m.ratio(&l.p, &l.v, c), m.kept[c]
					lived[c] += home
					agreed[c] += home * k * r / (k*r + 1 - k)
				}
				if level >= 0 && !(l.p.swapped && (c == cGiven || c == cFamily)) {
					found[c][level] += match
				}
			}
		}
		m.fit(&found)
		m.keep(&agreed, &lived)
		m.chances(strangers)
		m.uphold()
		s.dependence(&m, candidates)
		if nameless {
			mated, m.kept[cEmail] = -1, believedKept[cEmail]/3
		}
		m.shares(n, matched, mated)
	}
	return &m, nil
}

// neighbours compares the postcodes of entries that share a city.
func (s *Set) neighbours() [levels]float64 {
	in := map[int32][]int32{}
	for i := range s.entries {
		if e := &s.entries[i]; e.v[cCity] >= 0 && e.v[cPostcode] >= 0 {
			in[e.v[cCity]] = append(in[e.v[cCity]], int32(i))
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	var found [levels]float64
	all := 0.0
	for i := 0; i < len(s.entries); i += max(len(s.entries)/20_000, 1) {
		e := &s.entries[i]
		city := in[e.v[cCity]]
		if len(city) < 8 { // too many of them are one person
			continue
		}
		o := &s.entries[city[random.IntN(len(city))]]
		if o.v[cFamily] == e.v[cFamily] && o.v[cGiven] == e.v[cGiven] {
			continue
		}
		if level := s.comparePostcodes(e.v[cPostcode], o.v[cPostcode]); level >= 0 {
			found[level]++
			all++
		}
	}
	for l := range found {
		found[l] = max((found[l]+100*believedNearby[l])/(all+100), 1e-4)
	}
	return found
}

// fit takes over how often one person's records were found to agree.
func (m *model) fit(found *[columns][levels]float64) {
	for c := range found {
		all := 0.0
		for _, n := range found[c] {
			all += n
		}
		for l := range m.m[c] {
			m.m[c][l] = max((found[c][l]+weighM*believedM[c][l])/(all+weighM), 1e-4)
		}
		if over := mostM[c] / m.m[c][differ]; over > 0 && over < 1 {
			m.m[c][differ] = mostM[c]
		}
		m.m[c][differ] = max(m.m[c][differ], leastM[c])
	}
}

// random is what was found of pairs at random: how often they reach each level,
// and those that agree in so much that they may be one person.
type random struct {
	found [columns][levels]float64
	close []lesson
}

// strangers compares pairs at random.
func (s *Set) strangers(m *model) *random {
	out := &random{}
	n := len(s.entries)
	if n < 2 {
		return out
	}
	r := rand.New(rand.NewPCG(1, 2))
	count := min(chances, n*(n-1)/2)
	if n < 1000 {
		count = min(count, chances/5)
	}
	for range count {
		i, j := r.IntN(n), r.IntN(n-1)
		if j >= i {
			j++
		}
		p := s.compare(&s.entries[i], &s.entries[j])
		agreed := 0
		for c, level := range p.level {
			if level >= 0 {
				out.found[c][level]++
			}
			if level >= loose {
				agreed++
			}
		}
		if agreed > 1 || p.level[cEmail] >= loose || p.level[cPhone] >= loose || p.level[cHandle] >= loose {
			out.close = append(out.close, lesson{p: p, v: s.ready(m, int32(i), int32(j), &p), times: 1})
		}
	}
	return out
}

// chances works out how often strangers reach a level, leaving out of pairs at
// random those that are one person.
func (m *model) chances(all *random) {
	found := all.found
	for i := range all.close {
		l := &all.close[i]
		match, _ := m.weigh(&l.p, &l.v)
		for c, level := range l.p.level {
			if level >= 0 {
				found[c][level] -= match
			}
		}
	}
	believed := init0()
	for c := range found {
		n := 0.0
		for _, f := range found[c] {
			n += max(f, 0)
		}
		weigh, floor := float64(weighU), 1e-6
		if c == cEmail || c == cPhone || c == cHandle {
			weigh, floor = weighA, 1e-8 // so seldom that pairs at random don't show it
		}
		for l := range m.u[c] {
			m.u[c][l] = max((max(found[c][l], 0)+weigh*believed.u[c][l])/(n+weigh), floor)
		}
	}
}

// lessons compares a share of the candidates.
func (s *Set) lessons(ctx context.Context, b *blocks, m *model, workers int) ([]lesson, error) {
	n := len(s.entries)
	// How many pairs there will be is estimated from a few entries.
	marks := make([]int32, n)
	for i := range marks {
		marks[i] = -1
	}
	seen, tried := 0, 0
	for e := 0; e < n; e += max(n/500, 1) {
		b.pairs(int32(e), marks, func(int32) { seen++ })
		tried++
	}
	expected := float64(seen) / float64(max(tried, 1)) * float64(n)
	step := max(int(expected/lessons), 1)
	out := make([][]lesson, workers)
	each(n, workers, func(worker int, from, to int) {
		marks := make([]int32, n)
		for i := range marks {
			marks[i] = -1
		}
		for e := from; e < to && ctx.Err() == nil; e++ {
			if step > 1 && hashOf(byte(e), string([]byte{byte(e >> 8), byte(e >> 16)}))>>11%uint64(step) != 0 {
				continue
			}
			b.pairs(int32(e), marks, func(o int32) {
				p := s.compare(&s.entries[e], &s.entries[o])
				out[worker] = append(out[worker], lesson{p: p, v: s.ready(m, int32(e), o, &p), times: float32(step), same: s.truth != nil && s.truth[e] == s.truth[o]})
			})
		}
	})
	var all []lesson
	for _, some := range out {
		all = append(all, some...)
	}
	// Records that are equal are pairs too.
	for e, many := range s.many {
		if many > 1 {
			p := s.compare(&s.entries[e], &s.entries[e])
			all = append(all, lesson{p: p, v: s.ready(m, int32(e), int32(e), &p), times: float32(many - 1), same: s.truth != nil})
		}
	}
	return all, ctx.Err()
}

// each parts n things among workers, in order.
func each(n, workers int, f func(worker, from, to int)) {
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { f(w, n*w/workers, n*(w+1)/workers) })
	}
	wg.Wait()
}

// dependence works out how often strangers that share a postcode share what
// goes with it, leaving out the pairs that are one person.
func (s *Set) dependence(m *model, candidates []lesson) {
	base, city, region, street := 0.0, 0.0, 0.0, 0.0
	for i := range candidates {
		l := &candidates[i]
		if l.far || l.p.level[cPostcode] != exact {
			continue
		}
		match, _ := m.weigh(&l.p, &l.v)
		match *= float64(l.times)
		base += match
		if l.p.level[cCity] == exact {
			city += match
		}
		if l.p.level[cRegion] == exact {
			region += match
		}
		if l.p.level[cStreet] >= loose {
			street += match
		}
	}
	share := func(j *joint, both, prior float64) float64 {
		return min(max((max(j.same-both, 0)+20*prior)/(max(j.base-base, 0)+20), 1e-4), 1)
	}
	m.city, m.region, m.street = share(s.cityIn, city, .4), share(s.regionIn, region, .9), share(s.streetIn, street, .01)
}

// frequencies counts by how many persons each value is held. Without persons
// each entry counts for one, and the two of a pair are taken away.
func (s *Set) frequencies(m *model, personOf []int32) {
	for c, p := range s.pools {
		counts := make([]float32, len(p.words))
		held := float64(p.held)
		if personOf == nil {
			for v, n := range p.count {
				counts[v] = max(float32(n)-2, 0)
			}
		} else {
			held = s.countPersons(c, personOf, counts)
		}
		m.freq[c], m.held[c] = counts, held
	}
	for c, stems := range s.stems {
		if stems == nil {
			continue
		}
		m.stems[c] = make([]float32, len(stems.ids))
		had := map[[2]int32]bool{}
		for i := range s.entries {
			v := s.entries[i].v[c]
			if v < 0 {
				continue
			}
			k := [2]int32{s.pools[c].words[v].stem, int32(i)}
			if personOf != nil {
				k[1] = personOf[i]
			}
			if !had[k] {
				had[k] = true
				m.stems[c][k[0]]++
			}
		}
	}
}

// countPersons counts, for each value, the persons that hold it.
func (s *Set) countPersons(c int, personOf []int32, counts []float32) float64 {
	had := make(map[[2]int32]bool, len(s.entries))
	for i := range s.entries {
		if v := s.entries[i].v[c]; v >= 0 {
			k := [2]int32{v, personOf[i]}
			if !had[k] {
				had[k] = true
				counts[v]++
			}
		}
	}
	return float64(len(had))
}
