package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // is made smaller too
	"sync"
)

// Small is a picture that was made smaller.
type Small struct {
	JPEG          []byte
	Width, Height int
}

// mostPixels is how large a picture may be to be decoded, and longest how long
// the longer side of a smaller one is at most.
const (
	mostPixels = 40_000_000
	longest    = 2000
)

// one picture is decoded at a time: they are large.
var one sync.Mutex

// Shrink makes of a JPEG or PNG a JPEG of at most so many bytes, the right way
// up and as large as that allows; what can be seen through becomes white. Apart
// from this nothing in the package decodes pixels.
func Shrink(data []byte, most int) (Small, error) {
	m, err := decode(data)
	if err != nil {
		return Small{}, err
	}
	side := min(longest, max(m.Bounds().Dx(), m.Bounds().Dy()))
	for ; side >= 16; side = side * 3 / 4 {
		small := turn(scale(m, side), turned(data))
		for _, q := range []int{88, 78, 65} {
			var w bytes.Buffer
			if err := jpeg.Encode(&w, small, &jpeg.Options{Quality: q}); err != nil {
				return Small{}, err
			}
			if w.Len() <= most {
				return Small{w.Bytes(), small.Bounds().Dx(), small.Bounds().Dy()}, nil
			}
		}
	}
	return Small{}, errors.New("picture: it cannot be made that small")
}

// Thumb makes of a JPEG or PNG a small JPEG whose longer side has at most so
// many pixels, the right way up.
func Thumb(data []byte, side int) ([]byte, error) {
	m, err := decode(data)
	if err != nil {
		return nil, err
	}
	var w bytes.Buffer
	err = jpeg.Encode(&w, turn(scale(m, side), turned(data)), &jpeg.Options{Quality: 82})
	return w.Bytes(), err
}

// decode reads a picture that is not too large for that, one at a time.
func decode(data []byte) (image.Image, error) {
	c, kind, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil:
		return nil, err
	case kind != "jpeg" && kind != "png":
		return nil, errors.New("picture: " + kind + " is not made smaller")
	case c.Width <= 0 || c.Height <= 0 || int64(c.Width)*int64(c.Height) > mostPixels:
		return nil, errors.New("picture: more pixels than are decoded")
	}
	one.Lock()
	defer one.Unlock()
	m, _, err := image.Decode(bytes.NewReader(data))
	return m, err
}

// turned is which way up a JPEG is.
func turned(data []byte) int {
	if !bytes.HasPrefix(data, []byte("\xff\xd8\xff")) {
		return 1
	}
	at := bytes.Index(data[:min(len(data), 1<<17)], []byte("Exif\x00\x00"))
	if at < 0 {
		return 1
	}
	return max(1, orientation(data[at+6:]))
}

// scale makes the longer side so long, each pixel the mean of those it takes
// the place of. It looks at one strip of the picture at a time.
func scale(m image.Image, side int) *image.RGBA {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	tw, th := w, h
	if long := max(w, h); long > side {
		tw, th = max(1, w*side/long), max(1, h*side/long)
	}
	out := image.NewRGBA(image.Rect(0, 0, tw, th))
	for y := range th {
		y0, y1 := y*h/th, max(y*h/th+1, (y+1)*h/th)
		strip := image.NewRGBA(image.Rect(0, 0, w, y1-y0))
		draw.Draw(strip, strip.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(strip, strip.Bounds(), m, image.Pt(b.Min.X, b.Min.Y+y0), draw.Over)
		for x := range tw {
			x0, x1 := x*w/tw, max(x*w/tw+1, (x+1)*w/tw)
			var r, g, bl, n int
			for sy := range y1 - y0 {
				for i := sy*strip.Stride + x0*4; i < sy*strip.Stride+x1*4; i += 4 {
					r, g, bl, n = r+int(strip.Pix[i]), g+int(strip.Pix[i+1]), bl+int(strip.Pix[i+2]), n+1
				}
			}
			out.SetRGBA(x, y, color.RGBA{uint8(r / n), uint8(g / n), uint8(bl / n), 255}) //nolint:gosec // means of bytes
		}
	}
	return out
}

// turn sets a picture upright that lies as Exif says.
func turn(m *image.RGBA, o int) *image.RGBA {
	if o <= 1 || o > 8 {
		return m
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	tw, th := w, h
	if o >= 5 {
		tw, th = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, tw, th))
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch o {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			out.SetRGBA(tx, ty, m.RGBAAt(x, y))
		}
	}
	return out
}
