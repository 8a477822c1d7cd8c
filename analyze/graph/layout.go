package graph

import "math"

// Point is a place on the map.
type Point struct{ X, Y float64 }

// golden is the angle at which a sunflower sets its seeds.
const golden = 2.399963229728653

// Layout gives everybody a place such that circles lie apart and those who
// talk lie close: circles like the seeds of a sunflower, their people likewise
// within them, and then some rounds in which who talks pulls and who is too
// close pushes. Only close ones are looked at, so that many are no trouble.
func Layout(n int, edges []Edge, circles []int, rounds int) []Point {
	at := begin(n, circles)
	g := both(n, edges)
	const reach = 3.0 // within which one pushes
	force := make([]Point, n)
	for round := range rounds {
		cells := make(map[[2]int32][]int32, n)
		cell := func(p Point) [2]int32 {
			return [2]int32{int32(math.Floor(p.X / reach)), int32(math.Floor(p.Y / reach))}
		}
		for i, p := range at {
			c := cell(p)
			cells[c] = append(cells[c], int32(i))
		}
		for i, p := range at {
			f := Point{}
			c := cell(p)
			for dx := int32(-1); dx <= 1; dx++ {
				for dy := int32(-1); dy <= 1; dy++ {
					for k, j := range cells[[2]int32{c[0] + dx, c[1] + dy}] {
						if int(j) == i || k > 60 {
							continue
						}
						x, y := p.X-at[j].X, p.Y-at[j].Y
						d := math.Hypot(x, y)
						if d < 1e-6 {
							x, y, d = math.Cos(float64(i)), math.Sin(float64(i)), 1
						}
						if d < reach {
							push := (reach - d) / reach / d
							f.X, f.Y = f.X+x*push, f.Y+y*push
						}
					}
				}
			}
			for k := g.first[i]; k < g.first[i+1]; k++ {
				j := g.to[k]
				x, y := at[j].X-p.X, at[j].Y-p.Y
				pull := 0.02
				if circles[i] != circles[j] {
					pull = 0.0005
				}
				pull /= 1 + 0.05*float64(g.first[i+1]-g.first[i])
				f.X, f.Y = f.X+x*pull, f.Y+y*pull
			}
			force[i] = f
		}
		heat := 1.5 * (1 - float64(round)/float64(rounds))
		for i, f := range force {
			if d := math.Hypot(f.X, f.Y); d > heat {
				f.X, f.Y = f.X/d*heat, f.Y/d*heat
			}
			at[i].X, at[i].Y = at[i].X+f.X, at[i].Y+f.Y
		}
	}
	return at
}

// begin sets circles and their people like seeds.
func begin(n int, circles []int) []Point {
	count := 0
	for _, c := range circles {
		count = max(count, c+1)
	}
	size, taken := make([]int, count), make([]int, count)
	for _, c := range circles {
		size[c]++
	}
	centre := make([]Point, count)
	area := 0.0
	for c, s := range size {
		r := 2.2 * math.Sqrt(float64(s))
		area += (r + 1.5) * (r + 1.5)
		d := 0.0
		if c > 0 {
			d = 1.25 * math.Sqrt(area)
		}
		a := float64(c) * golden
		centre[c] = Point{d * math.Cos(a), d * math.Sin(a)}
	}
	out := make([]Point, n)
	for i, c := range circles {
		k := float64(taken[c])
		taken[c]++
		r := 1.6 * math.Sqrt(k)
		out[i] = Point{centre[c].X + r*math.Cos(k*golden), centre[c].Y + r*math.Sin(k*golden)}
	}
	return out
}
