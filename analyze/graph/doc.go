// Package graph looks at who talks to whom: who is listened to, who belongs
// together, and who stands between. Its functions are pure and give the same
// for the same; people are numbers from 0 to before n.
package graph

import (
	"cmp"
	"slices"
)

// Edge says that one turns to another, and how much.
type Edge struct {
	From, To int
	Weight   float64
}

// near is a graph as lists of neighbours.
type near struct {
	first []int // of each, where its neighbours begin; one more at the end
	to    []int
	w     []float64
}

// out lists whom each turns to.
func out(n int, edges []Edge) near {
	g := near{first: make([]int, n+1), to: make([]int, len(edges)), w: make([]float64, len(edges))}
	for _, e := range edges {
		g.first[e.From+1]++
	}
	for i := range n {
		g.first[i+1] += g.first[i]
	}
	at := slices.Clone(g.first)
	for _, e := range edges {
		g.to[at[e.From]], g.w[at[e.From]] = e.To, e.Weight
		at[e.From]++
	}
	return g
}

// both lists the neighbours of each, whoever turns to whom; weights of the two
// directions are added up. Nobody is their own neighbour.
func both(n int, edges []Edge) near {
	all := make([]Edge, 0, 2*len(edges))
	for _, e := range edges {
		if e.From != e.To {
			all = append(all, e, Edge{e.To, e.From, e.Weight})
		}
	}
	slices.SortFunc(all, func(a, b Edge) int { return cmp.Or(a.From-b.From, a.To-b.To) })
	kept := all[:0]
	for _, e := range all {
		if k := len(kept) - 1; k >= 0 && kept[k].From == e.From && kept[k].To == e.To {
			kept[k].Weight += e.Weight
		} else {
			kept = append(kept, e)
		}
	}
	return out(n, kept)
}
