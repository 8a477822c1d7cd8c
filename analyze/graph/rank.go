package graph

import "math"

// damping is the chance that attention goes on to whom somebody turns to,
// rather than to anybody (Page and Brin 1998).
const damping = 0.85

// Rank says who is listened to: whoever many turn to, and above all whoever is
// turned to by those who are listened to themselves. The ranks add up to 1.
func Rank(n int, edges []Edge) []float64 {
	rank := make([]float64, n)
	if n == 0 {
		return rank
	}
	g := out(n, edges)
	total := make([]float64, n)
	for i := range n {
		rank[i] = 1 / float64(n)
		for k := g.first[i]; k < g.first[i+1]; k++ {
			total[i] += g.w[k]
		}
	}
	next := make([]float64, n)
	for range 100 {
		idle := 0.0 // of those who turn to nobody
		for i := range next {
			next[i] = 0
			if total[i] == 0 {
				idle += rank[i]
			}
		}
		for i := range n {
			for k := g.first[i]; k < g.first[i+1]; k++ {
				next[g.to[k]] += rank[i] * g.w[k] / total[i]
			}
		}
		moved := 0.0
		for i := range next {
			v := (1-damping)/float64(n) + damping*(next[i]+idle/float64(n))
			moved += math.Abs(v - rank[i])
			rank[i] = v
		}
		if moved < 1e-9 {
			break
		}
	}
	return rank
}

// Bridge says on how many of the shortest ways between others each stands
// (betweenness; Brandes 2001). With more people than samples the ways from
// some only are followed, evenly chosen, and scaled up.
func Bridge(n int, edges []Edge, samples int) []float64 {
	total := make([]float64, n)
	g := both(n, edges)
	var from []int
	for i := range n {
		if g.first[i+1] > g.first[i] {
			from = append(from, i)
		}
	}
	step := 1.0
	if samples > 0 && len(from) > samples {
		step = float64(len(from)) / float64(samples)
	}
	ways, far, share := make([]float64, n), make([]int32, n), make([]float64, n)
	order := make([]int, 0, n)
	for at := 0.0; int(at) < len(from); at += step {
		s := from[int(at)]
		order = order[:0]
		for i := range n {
			ways[i], far[i], share[i] = 0, -1, 0
		}
		ways[s], far[s] = 1, 0
		order = append(order, s)
		for k := 0; k < len(order); k++ {
			v := order[k]
			for j := g.first[v]; j < g.first[v+1]; j++ {
				w := g.to[j]
				if far[w] < 0 {
					far[w] = far[v] + 1
					order = append(order, w)
				}
				if far[w] == far[v]+1 {
					ways[w] += ways[v]
				}
			}
		}
		for k := len(order) - 1; k > 0; k-- {
			w := order[k]
			for j := g.first[w]; j < g.first[w+1]; j++ {
				if v := g.to[j]; far[v] == far[w]-1 {
					share[v] += ways[v] / ways[w] * (1 + share[w])
				}
			}
			total[w] += share[w] * step
		}
	}
	for i := range total {
		total[i] /= 2 // each way was gone from both ends
	}
	return total
}
