package resolve

import (
	"cmp"
	"container/heap"
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

// together grows persons out of pairs, the surest first.
type together struct {
	s       *Set
	m       *model
	parent  []int32
	members map[int32][]int32 // of those that are more than one
	links   []edge
	judged  map[[2]int32]verdict
}

// verdict is how probable it is that two persons of so many entries are one.
type verdict struct {
	size int
	p    float64
}

// join makes persons of pairs: of all persons there are, those two are made one
// that are most probably one, until the next are less probable than least, or
// until of the pairs that were made less than wanted are right, as far as the
// model can tell. All pairs between two persons are asked, not only the best,
// so that a chain of half-likenesses does not run through a whole street.
func (s *Set) join(m *model, edges []edge, wanted, least float64) *together {
	n := len(s.entries)
	t := &together{s: s, m: m, parent: make([]int32, n), members: map[int32][]int32{}, judged: map[[2]int32]verdict{}}
	queue := make(edgeHeap, 0, len(edges))
	for i := range t.parent {
		t.parent[i] = int32(i)
	}
	for _, e := range edges {
		if e.p >= least {
			queue = append(queue, e)
		}
	}
	heap.Init(&queue)
	right, made := 0.0, 0.0
	for len(queue) > 0 {
		e := queue[0]
		a, b := t.root(e.a), t.root(e.b)
		if a == b {
			heap.Pop(&queue)
			continue
		}
		x, y := t.of(a), t.of(b)
		p, pairs := e.p, t.weight(x)*t.weight(y)
		if len(x)*len(y) > 1 {
			p = t.verdict(a, b, x, y)
		}
		if p < e.p && p >= least {
			queue[0].p = p
			heap.Fix(&queue, 0)
			continue
		}
		heap.Pop(&queue)
		if p < least {
			continue
		}
		if right, made = right+m.told(p)*pairs, made+pairs; right+granted < wanted*made && p < certain {
			break
		}
		t.take(a, b, x, y)
		t.links = append(t.links, e)
	}
	return t
}

// granted is how many wrong pairs are put up with in any case, or in a small
// file nothing would be joined that is a little in doubt.
const granted = 0.2

// told is how often pairs of a probability are right: of what it is nearly sure,
// the model is wrong half as often as it says, and half of that where names and
// addresses show that hardly anybody shares a house: strangers are better known.
func (m *model) told(p float64) float64 {
	wrong := 1 - p
	if p > .95 {
		wrong /= 2
	}
	if m.home < m.match/10 && m.held[cGiven] > 0 && m.held[cStreet]+m.held[cPostcode] > 0 {
		wrong /= 2
	}
	return 1 - wrong
}

// edgeHeap has the surest pair at its top.
type edgeHeap []edge

func (h edgeHeap) Len() int { return len(h) }
func (h edgeHeap) Less(i, j int) bool {
	x, y := h[i], h[j]
	return cmp.Or(cmp.Compare(y.p, x.p), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) < 0
}
func (h edgeHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *edgeHeap) Push(e any)   { *h = append(*h, e.(edge)) }
func (h *edgeHeap) Pop() any {
	e := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return e
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

// weight is how many records stand behind entries.
func (t *together) weight(entries []int32) float64 {
	n := 0
	for _, e := range entries {
		n += int(t.s.many[e])
	}
	return float64(n)
}

func (t *together) take(a, b int32, x, y []int32) {
	if len(x) < len(y) {
		a, b, x, y = b, a, y, x
	}
	t.parent[b] = a
	t.members[a] = append(slices.Clip(x), y...)
	delete(t.members, b)
}

// crossed is how many pairs between two persons are looked at, at most.
const crossed = 64

// verdict is the probability that two persons are one, by what each column says
// on average of the pairs between them, and in part by what it says of the pair
// that agrees best: a wrong value in one record counts less than one in all.
func (t *together) verdict(a, b int32, x, y []int32) float64 {
	if a > b {
		a, b = b, a
	}
	key, size := [2]int32{a, b}, len(x)+len(y)
	if v := t.judged[key]; v.size == size {
		return v.p
	}
	var sum, best, worst, n, differing [columns]float64
	supported, asked, named := 0, 0, false
	step := max(len(x)*len(y)/crossed, 1)
	for i := 0; i < len(x)*len(y); i += step {
		e, o := x[i/len(y)], y[i%len(y)]
		p := t.s.compare(&t.s.entries[e], &t.s.entries[o])
		v := t.s.ready(t.m, e, o, &p)
		asked++
		if t.m.supported(&p) {
			supported++
		}
		named = named || p.level[cEmail] == faint
		for c, level := range p.level {
			if level < 0 {
				continue
			}
			r := math.Log(t.m.ratio(&p, &v, c))
			if n[c] == 0 {
				best[c], worst[c] = r, r
			}
			best[c], worst[c] = max(best[c], r), min(worst[c], r)
			if level == differ {
				differing[c]++
			}
			sum[c] += r
			n[c]++
		}
	}
	var said [columns]float64
	for c := range said {
		if n[c] == 0 {
			continue
		}
		r := (1-bestShare)*sum[c]/n[c] + bestShare*best[c]
		if (c == cGiven || c == cBirth) && 2*differing[c] > n[c] {
			r = worst[c]
		}
		if best[c] < 0 && (c == cGiven || c == cBirth) && t.twice(c, x) && t.twice(c, y) {
			r *= twiceM
		}
		said[c] = math.Exp(r)
	}
	p, _ := t.m.sum(&said, named)
	if 4*supported < asked {
		p = min(p, .2)
	}
	t.judged[key] = verdict{size, p}
	return p
}

// twice says whether two records hold the same value in a column.
func (t *together) twice(c int, entries []int32) bool {
	for i, e := range entries {
		v := t.s.entries[e].v[c]
		if v < 0 {
			continue
		}
		if t.s.many[e] > 1 {
			return true
		}
		for _, o := range entries[i+1 : min(len(entries), i+8)] {
			if t.s.entries[o].v[c] == v {
				return true
			}
		}
	}
	return false
}

const (
	bestShare = .3
	// twiceM: what differs in both of two pairs of records was not mistyped.
	twiceM = 2
)

// cluster says who is who. Records that are equal are one person's where that is
// as probable as the threshold: where there is something that tells people apart.
func (s *Set) cluster(t *together, compared int64, threshold float64) Result {
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
			p, pat := s.probability(t.m, int32(e), int32(e))
			equal[e], why[e] = p, reasons(&pat)
		}
	}
	for i, e := range s.entryOf {
		first := s.first[e]
		if first != int32(i) && equal[e] < threshold {
			r.Person[i] = i
			continue
		}
		root := t.root(e)
		if firstOf[root] < 0 {
			firstOf[root] = int32(i)
		}
		r.Person[i] = int(firstOf[root])
		if first != int32(i) {
			r.Links = append(r.Links, Link{A: int(first), B: i, Probability: equal[e], Reasons: why[e]})
		}
	}
	r.Links = append(r.Links, t.trees()...)
	slices.SortFunc(r.Links, func(a, b Link) int { return cmp.Or(cmp.Compare(a.B, b.B), cmp.Compare(a.A, b.A)) })
	return r
}

// trees turns the pairs that made a person around, so that each record but the
// first has one pair that ties it to those before.
func (t *together) trees() []Link {
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
				p, pat := t.s.probability(t.m, from, to)
				out = append(out, Link{A: int(t.s.first[from]), B: int(t.s.first[to]), Probability: p, Reasons: reasons(&pat)})
			}
		}
	}
	return out
}
