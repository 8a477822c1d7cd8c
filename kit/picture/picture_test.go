package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// secret is where the picture was taken.
const secret = "GPS 52.5200 13.4050"

func shot(t testing.TB, asPNG bool) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 9, 6))
	m.Set(1, 1, color.White)
	var w bytes.Buffer
	err := jpeg.Encode(&w, m, nil)
	if asPNG {
		w.Reset()
		err = png.Encode(&w, m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

func segment(kind byte, body string) string {
	n := len(body) + 2
	return string([]byte{0xff, kind, byte(n >> 8), byte(n)}) + body
}

// exif is one of a turned picture that says where it was taken.
func exif(o byte) string {
	return "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{o}) + "\x00\x00\x00\x00\x00\x00\x00" + secret
}

func chunk(kind, body string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, kind+body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:])))
}

func TestAPictureIsKeptWithoutWhereItWasTaken(t *testing.T) {
	plain, drawn := shot(t, false), shot(t, true)
	for name, data := range map[string]string{
		"Exif":         "\xff\xd8" + segment(0xe1, exif(6)) + string(plain[2:]),
		"XMP":          "\xff\xd8" + segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret) + string(plain[2:]),
		"IPTC":         "\xff\xd8" + segment(0xed, "Photoshop 3.0\x00"+secret) + string(plain[2:]),
		"a comment":    "\xff\xd8" + segment(0xfe, secret) + string(plain[2:]),
		"Exif of PNG":  string(drawn[:33]) + chunk("eXIf", secret) + string(drawn[33:]),
		"words of PNG": string(drawn[:33]) + chunk("iTXt", secret) + chunk("tEXt", secret) + string(drawn[33:]),
	} {
		bare := Bare([]byte(data))
		if bytes.Contains(bare, []byte(secret)) {
			t.Errorf("%s: still says where it was taken", name)
		}
		m, _, err := image.Decode(bytes.NewReader(bare))
		if err != nil || m.Bounds().Dx() != 9 {
			t.Errorf("%s: is no picture any more: %v", name, err)
		}
	}
}

func TestATurnedPictureStaysTurned(t *testing.T) {
	for o := byte(2); o <= 8; o++ {
		bare := Bare([]byte("\xff\xd8" + segment(0xe1, exif(o)) + string(shot(t, false)[2:])))
		i := bytes.Index(bare, []byte("Exif\x00\x00"))
		if i < 0 || orientation(bare[i+6:]) != int(o) {
			t.Errorf("orientation %d is lost", o)
		}
		if again := Bare(bare); !bytes.Equal(again, bare) {
			t.Errorf("orientation %d: what is bare changes again", o)
		}
	}
	if bytes.Contains(Bare([]byte("\xff\xd8"+segment(0xe1, exif(1))+string(shot(t, false)[2:]))), []byte("Exif")) {
		t.Error("an upright picture needs no Exif")
	}
}

func TestWebPLosesItsExif(t *testing.T) {
	body := "VP8X\x0a\x00\x00\x00\x0c\x00\x00\x00\x63\x00\x00\x31\x00\x00" + "VP8L\x06\x00\x00\x00\x2f\x00\x00\x00\x00\x00" + "EXIF\x13\x00\x00\x00" + secret + "\x00"
	data := "RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(4+len(body)))) + "WEBP" + body
	bare := Bare([]byte(data))
	if bytes.Contains(bare, []byte(secret)) || bare[20] != 0 || int(binary.LittleEndian.Uint32(bare[4:])) != len(bare)-8 {
		t.Errorf("%q", bare)
	}
	if w, h := WebP(bare); w != 100 || h != 50 {
		t.Errorf("%d × %d", w, h)
	}
}

func TestOtherFilesStayAsTheyAre(t *testing.T) {
	for _, s := range []string{"", "words", "\xff\xd8", "\xff\xd8\xff", "\xff\xd8\xff\xe1\xff\xff", signPNG, signPNG + "\xff\xff\xff\xffeXIf", "RIFF\x00\x00\x00\x00WEBP", "GIF89a"} {
		if got := Bare([]byte(s)); string(got) != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func FuzzBare(f *testing.F) {
	one, _ := base64.StdEncoding.DecodeString("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=")
	f.Add(one)
	f.Add([]byte("\xff\xd8" + segment(0xe1, exif(3)) + "\xff\xda"))
	f.Add([]byte(signPNG + chunk("eXIf", secret)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got := Bare(data); len(got) > len(data)+36 {
			t.Errorf("%d bytes became %d", len(data), len(got))
		}
		WebP(data)
	})
}
