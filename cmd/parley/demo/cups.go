package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"

	"github.com/parley-crm/parley/channel/practice"
)

// cups are the pictures that go with what the company says, by its campaign:
// what each shows, and the colours of the wall and of the cup.
var cups = map[string][]struct {
	alt       string
	wall, cup [3]float64
}{
	"autumn": {{"A rust-red cup of tea steams in the evening light.", [3]float64{0.93, 0.82, 0.68}, [3]float64{0.68, 0.29, 0.17}}},
	"gifts":  {{"A dark green cup from the gift set, on a light table.", [3]float64{0.90, 0.92, 0.88}, [3]float64{0.13, 0.36, 0.29}}},
	"quiet":  {{"A grey cup next to nothing at all: it is quiet.", [3]float64{0.88, 0.90, 0.93}, [3]float64{0.42, 0.46, 0.52}}},
	"twelve": {{"Day one: a cup of ginger and pear, yellow as honey.", [3]float64{0.96, 0.91, 0.76}, [3]float64{0.85, 0.62, 0.16}},
		{"The same cup, empty, in blue.", [3]float64{0.86, 0.91, 0.96}, [3]float64{0.19, 0.35, 0.62}}},
}

// Pictures draws what goes with a saying.
func (s Say) Pictures() []practice.File {
	var out []practice.File
	for i, c := range cups[s.Campaign] {
		out = append(out, practice.File{Name: fmt.Sprintf("%s-%d.png", s.Campaign, i+1), Type: "image/png", Alt: c.alt, Bytes: cup(c.wall, c.cup)})
	}
	return out
}

// cup draws a steaming cup on a table.
func cup(wall, glaze [3]float64) []byte {
	const w, h = 720, 480
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x), float64(y)
			light := 1.04 - 0.22*fy/h - 0.10*math.Abs(fx-260)/w
			c := shade(wall[0]*light, wall[1]*light, wall[2]*light)
			if fy > 380 { // the table
				g := 0.74 + 0.02*math.Sin(fy/2+math.Sin(fx/80)*3)
				c = shade(g, g*0.84, g*0.66)
			}
			if d := inside(fx, fy, 360, 402, 190, 14, 14); d < 0 { // the saucer
				c = over(c, shade(0.95, 0.94, 0.91), -d)
			}
			ring := math.Abs(math.Hypot(fx-500, fy-295)-46) - 11 // the handle
			if ring < 0 {
				c = over(c, shade(glaze[0]*0.9, glaze[1]*0.9, glaze[2]*0.9), -ring)
			}
			if d := inside(fx, fy, 360, 290, 140, 100, 84); d < 0 && fy > 210 { // the body
				g := 0.80 + 0.45*math.Exp(-(fx-300)*(fx-300)/5200) - 0.30*math.Pow(math.Abs(fx-360)/140, 3)
				c = over(c, shade(glaze[0]*g, glaze[1]*g, glaze[2]*g), -d)
			}
			if d := math.Hypot((fx-360)/140, (fy-212)/16) - 1; d < 0 { // the tea
				c = over(c, shade(0.47, 0.27, 0.12), -d*16)
			}
			for i := range 3 { // the steam
				at := 310 + float64(i)*50 + 12*math.Sin(fy/26+float64(i)*2)
				if fy < 190 && fy > 60 {
					c = over(c, shade(1, 1, 1), 0.5*math.Exp(-(fx-at)*(fx-at)/90)*(fy-60)/130)
				}
			}
			m.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		panic(fmt.Sprint("a picture in memory cannot be written: ", err))
	}
	return out.Bytes()
}
