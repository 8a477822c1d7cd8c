package store_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestFilesComeBackAsTheyWere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		for _, n := range []int{1, 255 << 10, 256 << 10, 256<<10 + 1, 3 << 20} {
			want := noise(n)
			f, err := db.PutFile(ctx, "a.bin", "", "m1", bytes.NewReader(want))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(db.OpenFile(ctx, f))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%d bytes came back as %d, %v", n, len(got), err)
			}
			r := db.OpenFile(ctx, f)
			if _, err := r.Seek(int64(n/2), io.SeekStart); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want[n/2:]) {
				t.Errorf("half of %d bytes came back as %d, %v", n, len(got), err)
			}
		}
	})
}

func TestAFileIsWhatItsBytesSay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		var pic bytes.Buffer
		if err := png.Encode(&pic, image.NewGray(image.Rect(0, 0, 7, 5))); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ name, bytes, kept, kind string }{
			{"cat.png", pic.String(), "cat.png", "image/png"},
			{"cat.exe", pic.String(), "cat.exe", "image/png"},
			{"cat.png", "<html><script>alert(1)</script>", "cat.png", "application/octet-stream"},
			{"x.svg", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "x.svg", "application/octet-stream"},
			{"letter.docx", "PK\x03\x04rest", "letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
			{`..\..\etc/passwd`, "plain words", "passwd", "text/plain"},
			{"invoice\u202efdp.exe", "MZ\x90\x00\x03\x00\x00\x00", "invoicefdp.exe", "application/octet-stream"},
			{"..", "x", "file", "text/plain"},
			{strings.Repeat("n", 300) + ".txt", "x", strings.Repeat("n", 196) + ".txt", "text/plain"},
		} {
			f, err := db.PutFile(context.Background(), c.name, "", "m1", strings.NewReader(c.bytes))
			if err != nil || f.Name != c.kept || f.Type != c.kind {
				t.Errorf("%s: %q, %q, %v; want %q, %q", c.name, f.Name, f.Type, err, c.kept, c.kind)
			}
			if f.Type == "image/png" && (f.Width != 7 || f.Height != 5) {
				t.Errorf("%s measures %d × %d", c.name, f.Width, f.Height)
			}
		}
		for name, size := range map[string]int{"nothing": 0, "too much": social.MaxFile + 1} {
			if _, err := db.PutFile(context.Background(), name, "", "m1", bytes.NewReader(make([]byte, size))); !social.Invalid.Is(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAFileIsTakenOnceAndForgottenWhenNothingHasIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx := context.Background()
		put := func(by social.MemberID) social.File {
			f, err := db.PutFile(ctx, "a", "", by, strings.NewReader("the same bytes"))
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		parts := func() (n int) {
			if err := db.IDB(ctx).NewRaw("SELECT COUNT(*) FROM file_part").Scan(ctx, &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		a, b, loose := put("m1"), put("m1"), put("m1")
		if parts() != 1 {
			t.Errorf("the same bytes are kept %d times", parts())
		}
		if _, err := db.TakeFiles(ctx, "message:1", "m2", a.ID); !social.NotFound.Is(err) {
			t.Errorf("somebody else's file: %v", err)
		}
		for range 2 { // again changes nothing
			if _, err := db.TakeFiles(ctx, "message:1", "m1", a.ID); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.TakeFiles(ctx, "message:2", "m1", b.ID, a.ID); !social.NotFound.Is(err) {
			t.Errorf("a file of another message: %v", err)
		}
		if f, _ := db.File(ctx, b.ID); f.Owner != "" {
			t.Error("half of what failed was done")
		}
		if _, err := db.TakeFiles(ctx, "message:2", "m1", b.ID); err != nil {
			t.Fatal(err)
		}
		now.Add(25 * time.Hour)
		if err := db.SweepFiles(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := db.File(ctx, loose.ID); !social.NotFound.Is(err) {
			t.Errorf("what nothing took: %v", err)
		}
		of, err := db.FilesOf(ctx, "message:1", "message:2", "message:3")
		if err != nil || len(of["message:1"]) != 1 || len(of["message:2"]) != 1 || len(of) != 2 {
			t.Errorf("%v, %v", of, err)
		}
		if err := db.DropFiles(ctx, "message:1"); err != nil || parts() != 1 {
			t.Errorf("%d parts, %v", parts(), err)
		}
		if err := db.DropFiles(ctx, "message:2"); err != nil || parts() != 0 {
			t.Errorf("%d parts, %v", parts(), err)
		}
	})
}

// A picture of a billion pixels is some bytes long; a browser that shows it is not.
func TestAPictureBombIsNoPicture(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		for name, c := range map[string]struct {
			bytes string
			shown bool
		}{
			"bomb.gif":  {"GIF89a\xff\xff\xff\xff\x00\x00\x00;", false},
			"bomb.webp": {"RIFF\x20\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\xff\xff\x00", false},
			"fine.gif":  {"GIF89a\x02\x00\x02\x00\x00\x00\x00;", true},
		} {
			f, err := db.PutFile(context.Background(), name, "", "m1", strings.NewReader(c.bytes))
			if err != nil || f.Picture() != c.shown || f.Width == 0 {
				t.Errorf("%s: %+v, %v", name, f, err)
			}
		}
	})
}
