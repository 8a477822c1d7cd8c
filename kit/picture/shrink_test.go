package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

// noise is a picture that packs badly.
func noise(w, h int) *image.NRGBA {
	r := rand.New(rand.NewPCG(1, 2))
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32()) | 1
	}
	return m
}

func encode(t *testing.T, m image.Image, asPNG bool) []byte {
	t.Helper()
	var w bytes.Buffer
	err := jpeg.Encode(&w, m, &jpeg.Options{Quality: 100})
	if asPNG {
		w.Reset()
		err = png.Encode(&w, m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

func TestAPictureIsMadeSmall(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		most int
		w, h int // of the sides' ratio
	}{
		"a PNG":          {encode(t, noise(900, 600), true), 300_000, 3, 2},
		"a JPEG":         {encode(t, noise(600, 900), false), 100_000, 2, 3},
		"a very long":    {encode(t, noise(3000, 10), true), 100_000, 300, 1},
		"to very little": {encode(t, noise(300, 300), true), 3_000, 1, 1},
	} {
		s, err := Shrink(c.data, c.most)
		if err != nil || len(s.JPEG) > c.most {
			t.Errorf("%s: %d bytes, %v", name, len(s.JPEG), err)
			continue
		}
		m, err := jpeg.DecodeConfig(bytes.NewReader(s.JPEG))
		if err != nil || m.Width != s.Width || m.Height != s.Height || max(m.Width, m.Height) > 2000 {
			t.Errorf("%s: %d × %d, said to be %d × %d, %v", name, m.Width, m.Height, s.Width, s.Height, err)
		}
		if off := m.Width*c.h - m.Height*c.w; max(off, -off) > max(c.w, c.h)*2 {
			t.Errorf("%s: %d × %d is no longer %d to %d", name, m.Width, m.Height, c.w, c.h)
		}
	}
}

func TestASmallPictureStandsUpright(t *testing.T) {
	// red at the top left, on a picture that is wider than high
	m := image.NewRGBA(image.Rect(0, 0, 400, 200))
	for y := range 200 {
		for x := range 400 {
			m.Set(x, y, color.White)
			if x < 100 && y < 100 {
				m.Set(x, y, color.RGBA{255, 0, 0, 255})
			}
		}
	}
	plain := encode(t, m, false)
	for o, red := range map[byte][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}} {
		s, err := Shrink([]byte("\xff\xd8"+segment(0xe1, exif(o))+string(plain[2:])), len(plain))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(s.JPEG, []byte(secret)) {
			t.Errorf("orientation %d: it still says where it was taken", o)
		}
		if (s.Width > s.Height) != (o <= 4) {
			t.Errorf("orientation %d: %d × %d", o, s.Width, s.Height)
		}
		got, err := jpeg.Decode(bytes.NewReader(s.JPEG))
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range [][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
			_, g, _, _ := got.At(at[0]*(s.Width-1), at[1]*(s.Height-1)).RGBA()
			if (g < 0x8000) != (at == red) {
				t.Errorf("orientation %d: red at %v is wrong", o, at)
			}
		}
	}
}

func TestWhatCanBeSeenThroughBecomesWhite(t *testing.T) {
	s, err := Shrink(encode(t, image.NewNRGBA(image.Rect(0, 0, 50, 50)), true), 100_000)
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(s.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := m.At(20, 20).RGBA(); r < 0xf000 {
		t.Errorf("it became %v", m.At(20, 20))
	}
}

func TestWhatIsNotMadeSmallerIsRefused(t *testing.T) {
	var moves bytes.Buffer
	if err := gif.Encode(&moves, image.NewPaletted(image.Rect(0, 0, 9, 9), color.Palette{color.White, color.Black}), nil); err != nil {
		t.Fatal(err)
	}
	huge := []byte(signPNG + chunk("IHDR", "\x00\x00\xff\xff\x00\x00\xff\xff\x08\x06\x00\x00\x00"))
	whole := encode(t, noise(300, 300), true)
	for name, data := range map[string][]byte{"nothing": nil, "words": []byte("no picture"), "a GIF": moves.Bytes(), "four thousand million pixels": huge,
		"half a PNG": whole[:len(whole)/2], "the head of a JPEG": encode(t, noise(99, 99), false)[:700]} {
		if s, err := Shrink(data, 5000); err == nil {
			t.Errorf("%s was made to %d bytes", name, len(s.JPEG))
		}
	}
	if _, err := Shrink(whole, 100); err == nil {
		t.Error("it fits into a hundred bytes")
	}
}
