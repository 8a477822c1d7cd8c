package graph

import "slices"

// Circles says who belongs together: people who turn to each other more than
// chance would have it (modularity; Louvain, Blondel and others 2008). Circles
// are numbered from 0, the largest first; who talks to nobody is in a circle
// alone.
func Circles(n int, edges []Edge) []int {
	of := make([]int, n)
	for i := range of {
		of[i] = i
	}
	level := edges
	size := n
	for {
		moved, circles, count := gatherOnce(size, level)
		if !moved {
			break
		}
		for i := range of {
			of[i] = circles[of[i]]
		}
		level = fold(level, circles)
		size = count
	}
	return bySize(of)
}

// gatherOnce moves each to the neighbour's circle where it gains most, until
// nobody gains any more. It reports whether anybody moved.
func gatherOnce(n int, edges []Edge) (bool, []int, int) {
	g := both(n, edges)
	within := make([]float64, n) // weight of loops, which former levels left
	for _, e := range edges {
		if e.From == e.To {
			within[e.From] += 2 * e.Weight
		}
	}
	degree := make([]float64, n)
	all := 0.0
	for i := range n {
		degree[i] = within[i]
		for k := g.first[i]; k < g.first[i+1]; k++ {
			degree[i] += g.w[k]
		}
		all += degree[i]
	}
	circle, sum := make([]int, n), slices.Clone(degree)
	for i := range circle {
		circle[i] = i
	}
	if all == 0 {
		return false, circle, n
	}
	to := make([]float64, n) // weight to each circle, of the one looked at
	var met []int
	moved := false
	for range 50 {
		changed := false
		for i := range n {
			met = met[:0]
			for k := g.first[i]; k < g.first[i+1]; k++ {
				c := circle[g.to[k]]
				if to[c] == 0 {
					met = append(met, c)
				}
				to[c] += g.w[k]
			}
			own := circle[i]
			sum[own] -= degree[i]
			best, gain := own, to[own]-sum[own]*degree[i]/all
			for _, c := range met {
				if v := to[c] - sum[c]*degree[i]/all; v > gain+1e-12 {
					best, gain = c, v
				}
			}
			sum[best] += degree[i]
			if best != own {
				circle[i], changed, moved = best, true, true
			}
			for _, c := range met {
				to[c] = 0
			}
		}
		if !changed {
			break
		}
	}
	number := map[int]int{}
	for i, c := range circle {
		no, ok := number[c]
		if !ok {
			no = len(number)
			number[c] = no
		}
		circle[i] = no
	}
	return moved, circle, len(number)
}

// fold makes a circle one, with a loop for what is said within.
func fold(edges []Edge, circle []int) []Edge {
	type pair struct{ a, b int }
	sum := map[pair]float64{}
	for _, e := range edges {
		a, b := circle[e.From], circle[e.To]
		if a > b {
			a, b = b, a
		}
		sum[pair{a, b}] += e.Weight
	}
	out := make([]Edge, 0, len(sum))
	for p, w := range sum {
		out = append(out, Edge{p.a, p.b, w})
	}
	slices.SortFunc(out, func(x, y Edge) int {
		if x.From != y.From {
			return x.From - y.From
		}
		return x.To - y.To
	})
	return out
}

// bySize numbers circles anew, the largest first.
func bySize(of []int) []int {
	size, first := map[int]int{}, map[int]int{}
	for i, c := range of {
		if size[c] == 0 {
			first[c] = i
		}
		size[c]++
	}
	order := make([]int, 0, len(size))
	for c := range size {
		order = append(order, c)
	}
	slices.SortFunc(order, func(a, b int) int {
		if size[a] != size[b] {
			return size[b] - size[a]
		}
		return first[a] - first[b]
	})
	number := make(map[int]int, len(order))
	for no, c := range order {
		number[c] = no
	}
	out := make([]int, len(of))
	for i, c := range of {
		out[i] = number[c]
	}
	return out
}
