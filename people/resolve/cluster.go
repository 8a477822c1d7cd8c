package resolve

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// edge is a pair of entries that may be one person.
type edge struct {
	a, b int32
	p    float64
}

// looked is a pair that was compared.
type looked struct {
	a, b int32
	p    pattern
}

// hopeless is the probability below which a pair is not looked at again with
// what was learnt meanwhile.
const hopeless = 1e-4

// score weighs all candidates, and remembers how those compare that are not
// hopeless; the second time it looks at these only.
func (s *Set) score(ctx context.Context, b *blocks, m *model, o Options) ([]edge, int64, error) {
	n := len(s.entries)
	edges := make([][]edge, o.Workers)
	compared := make([]int64, o.Workers)
	if s.seen != nil {
		each(len(s.seen), o.Workers, func(worker, from, to int) {
			for i := from; i < to && (i%4096 != 0 || ctx.Err() == nil); i++ {
				l := &s.seen[i]
				if p := s.judge(m, l.a, l.b, &l.p); p >= o.Threshold {
					edges[worker] = append(edges[worker], edge{l.a, l.b, p})
				}
			}
		})
		return slices.Concat(edges...), s.compared, ctx.Err()
	}
	seen := make([][]looked, o.Workers)
	each(n, o.Workers, func(worker, from, to int) {
		marks := make([]int32, n)
		for i := range marks {
			marks[i] = -1
		}
		for e := from; e < to; e++ {
			if e%256 == 0 && ctx.Err() != nil {
				return
			}
			b.pairs(int32(e), marks, func(other int32) {
				compared[worker]++
				pat := s.compare(&s.entries[e], &s.entries[other])
				p := s.judge(m, int32(e), other, &pat)
				if p >= hopeless {
					seen[worker] = append(seen[worker], looked{int32(e), other, pat})
				}
				if p >= o.Threshold {
					edges[worker] = append(edges[worker], edge{int32(e), other, p})
				}
			})
		}
	})
	var count int64
	for _, n := range compared {
		count += n
	}
	s.seen, s.compared = slices.Concat(seen...), count
	return slices.Concat(edges...), count, ctx.Err()
}

// together grows persons out of pairs, the surest first. A pair joins two
// persons only where most of what is in one speaks for most of the other, so
// that a chain of half-likenesses does not run through a whole street.
type together struct {
	s       *Set
	m       *model
	parent  []int32
	members map[int32][]int32 // of those that are more than one
	links   []edge
}

func (s *Set) join(m *model, edges []edge) *together {
	t := &together{s: s, m: m, parent: make([]int32, len(s.entries)), members: map[int32][]int32{}}
	for i := range t.parent {
		t.parent[i] = int32(i)
	}
	slices.SortFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(y.p, x.p), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	for _, e := range edges {
		t.take(e)
	}
	return t
}

// surest leaves out the least sure pairs until those that are left are right
// often enough.
func surest(edges []edge) []edge {
	slices.SortFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(y.p, x.p), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	sum, kept := 0.0, 0
	for i, e := range edges {
		if sum += e.p; e.p >= mostThreshold || sum >= wantedPrecision*float64(i+1) {
			kept = i + 1
		}
	}
	return edges[:kept]
}

// roots names the person of each entry.
func (t *together) roots() []int32 {
	out := make([]int32, len(t.parent))
	for i := range out {
		out[i] = t.root(int32(i))
	}
	return out
}

func (t *together) root(e int32) int32 {
	for t.parent[e] != e {
		t.parent[e] = t.parent[t.parent[e]]
		e = t.parent[e]
	}
	return e
}

func (t *together) of(root int32) []int32 {
	if m := t.members[root]; m != nil {
		return m
	}
	return []int32{root}
}

func (t *together) take(e edge) {
	a, b := t.root(e.a), t.root(e.b)
	if a == b {
		return
	}
	x, y := t.of(a), t.of(b)
	if len(x)*len(y) > 1 && !t.agree(x, y) {
		return
	}
	if len(x) < len(y) {
		a, b, x, y = b, a, y, x
	}
	t.parent[b] = a
	t.members[a] = append(slices.Clip(x), y...)
	delete(t.members, b)
	t.links = append(t.links, e)
}

// crossed is how many pairs between two persons are looked at, at most.
const crossed = 64

// agree says whether the pairs between two persons speak for one, on average,
// and most are not forbidden by birth dates that have nothing in common.
func (t *together) agree(x, y []int32) bool {
	sum, n, conflicts := 0.0, 0, 0
	step := max(len(x)*len(y)/crossed, 1)
	for i := 0; i < len(x)*len(y); i += step {
		p, pat := t.s.probability(t.m, x[i/len(y)], y[i%len(y)])
		if pat.level[cBirth] == differ && p <= .2 {
			conflicts++
		}
		sum += min(max(math.Log(p/(1-p)), -8), 8)
		n++
	}
	return sum > 0 && conflicts <= n/2
}

// cluster makes persons of pairs.
func (s *Set) cluster(m *model, edges []edge, compared int64, threshold float64) Result {
	t := s.join(m, edges)
	r := Result{Person: make([]int, len(s.entryOf)), Compared: compared}
	// Entries of one person, by their root; the first record names it.
	firstOf := make([]int32, len(s.entries))
	for i := range firstOf {
		firstOf[i] = -1
	}
	equal := make([]float64, len(s.entries)) // probability that equal records are one person
	why := make([][]string, len(s.entries))
	for e, many := range s.many {
		if many > 1 {
			p, pat := s.probability(m, int32(e), int32(e))
			equal[e], why[e] = p, reasons(&pat)
		}
	}
	for i, e := range s.entryOf {
		if s.first[e] != int32(i) && equal[e] < threshold {
			r.Person[i] = i // equal, but by nothing that tells people apart
			continue
		}
		root := t.root(e)
		if firstOf[root] < 0 {
			firstOf[root] = int32(i)
		}
		r.Person[i] = int(firstOf[root])
		if f := s.first[e]; f != int32(i) {
			r.Links = append(r.Links, Link{A: int(f), B: i, Probability: equal[e], Reasons: why[e]})
		}
	}
	r.Links = append(r.Links, t.trees(m)...)
	slices.SortFunc(r.Links, func(a, b Link) int { return cmp.Or(cmp.Compare(a.B, b.B), cmp.Compare(a.A, b.A)) })
	return r
}

// trees turns the pairs that made a person around, so that each record but the
// first has one pair that ties it to those before.
func (t *together) trees(m *model) []Link {
	next := map[int32][]int32{}
	for _, l := range t.links {
		next[l.a] = append(next[l.a], l.b)
		next[l.b] = append(next[l.b], l.a)
	}
	var out []Link
	for root, members := range t.members {
		if len(members) < 2 || t.parent[root] != root {
			continue
		}
		start := slices.MinFunc(members, func(a, b int32) int { return cmp.Compare(t.s.first[a], t.s.first[b]) })
		had := map[int32]bool{start: true}
		for queue := []int32{start}; len(queue) > 0; queue = queue[1:] {
			from := queue[0]
			for _, to := range next[from] {
				if had[to] {
					continue
				}
				had[to] = true
				queue = append(queue, to)
				p, pat := t.s.probability(m, from, to)
				out = append(out, Link{A: int(t.s.first[from]), B: int(t.s.first[to]), Probability: p, Reasons: reasons(&pat)})
			}
		}
	}
	return out
}
