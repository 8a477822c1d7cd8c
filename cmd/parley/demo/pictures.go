package demo

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"github.com/parley-crm/parley/channel/practice"
)

// sightGlass is the picture of a cracked sight glass: a kettle, its window, the
// water behind it and the crack.
func sightGlass() practice.File {
	const w, h = 960, 720
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	crack := [][2]float64{{470, 250}, {492, 318}, {474, 372}, {503, 430}, {490, 498}, {512, 540}}
	for y := range h {
		for x := range w {
			fx, fy := float64(x), float64(y)
			wall := 0.86 - 0.16*fy/h - 0.05*math.Abs(fx-330)/w
			c := shade(wall, wall*0.965, wall*0.90)
			if fy > 600 { // the table
				g := 0.52 + 0.03*math.Sin(fy/3+math.Sin(fx/90)*3)
				c = shade(g, g*0.78, g*0.56)
			}
			if d := inside(fx, fy, 480, 380, 250, 270, 90); d < 0 { // the body, brushed steel
				light := 0.62 + 0.26*math.Exp(-(fx-395)*(fx-395)/9000) - 0.30*math.Pow(math.Abs(fx-480)/250, 3) + 0.015*math.Sin(fy*1.7)
				c = over(c, shade(light, light*1.005, light*1.02), -d)
			}
			if d := inside(fx, fy, 485, 395, 88, 190, 44); d < 0 {
				c = over(c, shade(0.13, 0.14, 0.15), -d)
			}
			if d := inside(fx, fy, 485, 395, 74, 176, 34); d < 0 { // the glass
				light := 0.58 + 0.2*math.Exp(-(fx-440)*(fx-440)/500)
				g := shade(light*0.86, light*0.97, light)
				if fy > 420+3*math.Sin(fx/24) {
					g = shade(light*0.55, light*0.80, light*0.92)
				}
				for i := range 5 { // marks
					if my := 280 + float64(i)*56; math.Abs(fy-my) < 2 && fx > 520 {
						g = shade(0.95, 0.95, 0.93)
					}
				}
				c = over(c, g, -d)
				for i := 1; i < len(crack); i++ {
					if d := away(fx, fy, crack[i-1], crack[i]); d < 5 {
						c = over(c, shade(0.97, 0.98, 1), (5-d)/3*0.8)
						if d < 1.6 {
							c = over(c, shade(0.10, 0.12, 0.14), 1.6-d+0.2)
						}
					}
				}
			}
			m.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		panic(fmt.Sprint("a picture in memory cannot be written: ", err))
	}
	return practice.File{Name: "IMG_2041.png", Type: "image/png", Alt: "The sight glass of the kettle; a crack runs from the top to the middle of it.", Bytes: out.Bytes()}
}

func shade(r, g, b float64) color.RGBA {
	at := func(v float64) uint8 { return uint8(255 * math.Max(0, math.Min(1, v))) }
	return color.RGBA{at(r), at(g), at(b), 255}
}

func over(under, top color.RGBA, much float64) color.RGBA {
	a := math.Max(0, math.Min(1, much))
	mix := func(u, t uint8) uint8 { return uint8(float64(u)*(1-a) + float64(t)*a) }
	return color.RGBA{mix(under.R, top.R), mix(under.G, top.G), mix(under.B, top.B), 255}
}

// inside is how far a place lies outside a rounded box; negative within it.
func inside(x, y, cx, cy, rx, ry, round float64) float64 {
	dx, dy := math.Abs(x-cx)-rx+round, math.Abs(y-cy)-ry+round
	return math.Hypot(math.Max(dx, 0), math.Max(dy, 0)) + math.Min(math.Max(dx, dy), 0) - round
}

// away is how far a place is from a line.
func away(x, y float64, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := math.Max(0, math.Min(1, ((x-a[0])*dx+(y-a[1])*dy)/(dx*dx+dy*dy)))
	return math.Hypot(x-a[0]-t*dx, y-a[1]-t*dy)
}

// receipt is a small PDF with one page.
func receipt() practice.File {
	lines := []string{"Brewell Store Madrid", "Calle de Fuencarral 41", "", "Kettle K3, 1.5 l         89.00 EUR", "VAT 21 % included        15.45 EUR", "", "Thank you!"}
	text := "BT /F1 11 Tf 40 180 Td 16 TL "
	for _, l := range lines {
		text += "(" + l + ") Tj T* "
	}
	text += "ET"
	parts := []string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 320 220]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(text), text), "<</Type/Font/Subtype/Type1/BaseFont/Courier>>"}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var at []int
	for i, p := range parts {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj%s endobj\n", i+1, p)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(parts)+1)
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(parts)+1, start)
	return practice.File{Name: "receipt-fuencarral.pdf", Type: "application/pdf", Bytes: out.Bytes()}
}
