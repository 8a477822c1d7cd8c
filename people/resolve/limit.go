package resolve

import (
	"cmp"
	"context"
	"runtime"
	"slices"
)

// Limit says how well the best of thresholds would part the pairs of records of
// which is known who they are, with a model that learnt from the truth: of those
// at which the precision is at least wanted, the one with the highest F1. What
// the columns don't tell, no threshold finds. It is a bound for pairs that are
// judged one by one; what is known of a third record may lift an answer above
// it. Equal records of two persons count for one.
func Limit(ctx context.Context, records []Record, person []int, wanted float64) (precision, recall, f1 float64, err error) {
	s := New()
	for _, r := range records {
		s.Add(r)
	}
	s.known = nil
	s.readDates()
	s.count()
	s.truth = make([]int32, len(s.entries))
	for i, e := range s.entryOf {
		s.truth[e] = int32(person[i])
	}
	b := s.block()
	workers := runtime.GOMAXPROCS(0)
	m, err := s.learn(ctx, b, s.truth, workers)
	if err != nil {
		return 0, 0, 0, err
	}
	edges, _, err := s.score(ctx, b, m, Options{Threshold: 1e-6, Workers: workers})
	if err != nil {
		return 0, 0, 0, err
	}
	slices.SortFunc(edges, func(x, y edge) int { return cmp.Compare(y.p, x.p) })
	many := map[int32]float64{}
	equal := 0.0
	for e, n := range s.many {
		many[s.truth[e]] += float64(n)
		equal += float64(n) * float64(n-1) / 2
	}
	all := 0.0
	for _, n := range many {
		all += n * (n - 1) / 2
	}
	right, wrong := equal, 0.0
	for i, e := range edges {
		n := float64(s.many[e.a]) * float64(s.many[e.b])
		if s.truth[e.a] == s.truth[e.b] {
			right += n
		} else {
			wrong += n
		}
		if i+1 < len(edges) && edges[i+1].p == e.p {
			continue
		}
		p, r := right/max(right+wrong, 1), right/max(all, 1)
		if f := 2 * p * r / max(p+r, 1e-9); p >= wanted && f > f1 {
			precision, recall, f1 = p, r, f
		}
	}
	return precision, recall, f1, nil
}
