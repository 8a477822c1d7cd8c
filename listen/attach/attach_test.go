package attach_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen/attach"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// world is a keeper beside a network whose files are answers by handle.
type world struct {
	*attach.Keeper
	t     *testing.T
	db    *store.DB
	now   *clock.Set
	mu    sync.Mutex
	files map[string]func() (io.ReadCloser, error)
	asked map[string]int
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := &world{t: t, db: db, now: now, files: map[string]func() (io.ReadCloser, error){}, asked: map[string]int{}}
		w.Keeper = w.open()
		test(t, w)
	})
}

// open is a keeper as after a start.
func (w *world) open() *attach.Keeper {
	return &attach.Keeper{Store: listendb.New(w.db), Clock: w.now, Log: slog.New(slog.DiscardHandler),
		Fetch: func(_ context.Context, _ social.ChannelID, a social.Attachment) (io.ReadCloser, error) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.asked[a.Handle]++
			if f := w.files[a.Handle]; f != nil {
				return f()
			}
			return nil, social.Errorf(social.NotFound, "The network no longer has this file.")
		}}
}

func (w *world) has(handle, content string) {
	w.files[handle] = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }
}

func (w *world) fails(handle string, err error) {
	w.files[handle] = func() (io.ReadCloser, error) { return nil, err }
}

func (w *world) note(id social.ActivityID, handles ...string) {
	w.t.Helper()
	var in social.Enclosed
	for _, h := range handles {
		in.Files = append(in.Files, social.Attachment{Handle: h, Name: h + ".txt", Type: "text/plain"})
	}
	if err := w.Note(w.t.Context(), "c1", id, in); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) want(ids ...social.ActivityID) {
	w.t.Helper()
	if err := w.Want(w.t.Context(), ids); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) work() {
	w.t.Helper()
	for {
		if n, err := w.Work(w.t.Context()); err != nil || n == 0 {
			if err != nil {
				w.t.Fatal(err)
			}
			return
		}
	}
}

func (w *world) of(id social.ActivityID) []social.Attached {
	w.t.Helper()
	out, err := w.Of(w.t.Context(), []social.ActivityID{id})
	if err != nil {
		w.t.Fatal(err)
	}
	return out[id]
}

// bytes are what is kept of a file.
func (w *world) bytes(a social.Attached) string {
	w.t.Helper()
	f, err := w.db.File(w.t.Context(), a.File)
	if err != nil {
		w.t.Fatalf("%+v: %v", a, err)
	}
	b, err := io.ReadAll(w.db.OpenFile(w.t.Context(), f))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

func TestAFileIsFetchedOnceItsWordsAreInAConversation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.has("a", "the letter")
		w.note("1", "a")
		w.note("2", "b")
		w.work()
		if len(w.asked) != 0 {
			t.Errorf("nobody wanted it, and %v was asked for", w.asked)
		}
		for range 2 { // wanted twice is wanted once
			w.want("1")
			w.work()
		}
		got := w.of("1")
		if len(got) != 1 || got[0].State != social.AttachmentKept || w.bytes(got[0]) != "the letter" || w.asked["a"] != 1 {
			t.Errorf("%+v, asked %v", got, w.asked)
		}
		if f, err := w.db.File(t.Context(), got[0].File); err != nil || f.Owner != "message:1" || f.Name != "a.txt" || f.Type != "text/plain" {
			t.Errorf("%+v, %v", f, err)
		}
		if w.asked["b"] != 0 {
			t.Error("a file that nobody wanted was fetched")
		}
	})
}

func TestWhatFailsForNowIsTriedAgainAndGivenUpWithAReason(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.fails("busy", social.Errorf(social.Busy, "The network has trouble."))
		w.fails("gone", social.Errorf(social.NotFound, "The network no longer has this file."))
		w.note("1", "busy", "gone")
		w.want("1")
		w.work()
		w.work() // at the same time nothing is asked twice
		if w.asked["busy"] != 1 || w.asked["gone"] != 1 {
			t.Errorf("asked %v", w.asked)
		}
		if got := w.of("1"); got[0].State != social.AttachmentWaiting || got[1].State != social.AttachmentRefused || got[1].Reason != "The network no longer has this file." {
			t.Errorf("%+v", got)
		}
		for range 20 {
			w.now.Add(7 * time.Hour)
			w.work()
		}
		got := w.of("1")
		if got[0].State != social.AttachmentRefused || got[0].Reason != "The network has trouble." || w.asked["busy"] != 6 || w.asked["gone"] != 1 {
			t.Errorf("%+v, asked %v", got, w.asked)
		}
	})
}

func TestACrashWhileAFileIsFetchedLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		w.files["a"] = func() (io.ReadCloser, error) { cancel(); return nil, ctx.Err() }
		w.note("1", "a")
		w.want("1")
		_, _ = w.Work(ctx) // and the process ends
		w.has("a", "the letter")
		w.Keeper = w.open()
		w.work()
		if w.asked["a"] != 1 {
			t.Error("somebody else may still be fetching it")
		}
		w.now.Add(11 * time.Minute)
		w.work()
		if got := w.of("1"); got[0].State != social.AttachmentKept || w.bytes(got[0]) != "the letter" {
			t.Errorf("%+v", got)
		}
	})
}

type endless struct{ n *int }

func (e endless) Read(p []byte) (int, error) { *e.n += len(p); return len(p), nil }
func (e endless) Close() error               { return nil }

func TestHostileFilesAreKeptOutOrKeptAsTheyAre(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		read := 0
		w.files["endless"] = func() (io.ReadCloser, error) { return endless{&read}, nil }
		w.has("empty", "")
		w.files["panics"] = func() (io.ReadCloser, error) { panic("a bug in an adapter") }
		w.has("bomb", "PK\x03\x04"+strings.Repeat("\x00", 1000))
		w.has("page", "<html><script>alert(1)</script>")
		w.note("1", "endless", "empty", "panics", "bomb", "page")
		w.want("1")
		w.work()
		got := w.of("1")
		for i, want := range []string{"It is larger than 20 MB, the most that is taken.", "It is empty.", "Fetching it failed; the log says why.", "", ""} {
			if got[i].Reason != want || (want == "") != (got[i].State == social.AttachmentKept) {
				t.Errorf("%s: %s, %q", got[i].Handle, got[i].State, got[i].Reason)
			}
		}
		if read > 22<<20 {
			t.Errorf("%d bytes were read of what has no end", read)
		}
		if f, _ := w.db.File(t.Context(), got[4].File); f.Type != "application/octet-stream" || f.Picture() {
			t.Errorf("a page came as %s", f.Type)
		}
	})
}

func TestNamesAreWhatTheyLookLike(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.has("a", "MZ\x90\x00\x03")
		w.has("b", "x")
		in := social.Enclosed{Files: []social.Attachment{{Handle: "a", Name: "../../invoice\u202efdp.exe", Type: "application/pdf"}, {Handle: "b", Type: "image/jpeg"}}}
		if err := w.Note(t.Context(), "c1", "1", in); err != nil {
			t.Fatal(err)
		}
		w.want("1")
		w.work()
		for i, name := range []string{"invoicefdp.exe", "picture.jpg"} {
			if f, err := w.db.File(t.Context(), w.of("1")[i].File); err != nil || f.Name != name {
				t.Errorf("%q, %v", f.Name, err)
			}
		}
	})
}

func TestMoreThanTenFilesAreNotTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var handles []string
		for i := range 30 {
			handles = append(handles, fmt.Sprintf("f%02d", i))
			w.has(handles[i], "x")
		}
		w.note("1", handles...)
		w.want("1")
		w.work()
		kept, refused := 0, 0
		for _, a := range w.of("1") {
			switch a.State {
			case social.AttachmentKept:
				kept++
			case social.AttachmentRefused:
				refused++
			}
		}
		if kept != 10 || refused != 10 || len(w.asked) != 10 {
			t.Errorf("%d kept, %d refused, %d asked for", kept, refused, len(w.asked))
		}
	})
}

func TestAPictureIsKeptWithoutWhereItWasTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var pic bytes.Buffer
		if err := jpeg.Encode(&pic, image.NewGray(image.Rect(0, 0, 4, 3)), nil); err != nil {
			t.Fatal(err)
		}
		w.has("a", "\xff\xd8\xff\xfe\x00\x0dLat 52.52xx"+pic.String()[2:])
		w.note("1", "a")
		w.want("1")
		w.work()
		got := w.of("1")[0]
		if b := w.bytes(got); strings.Contains(b, "Lat") {
			t.Error("it still says where")
		}
		if f, _ := w.db.File(t.Context(), got.File); f.Width != 4 || f.Height != 3 {
			t.Errorf("%d × %d", f.Width, f.Height)
		}
	})
}

func TestAnEditBringsAndTakesFilesAndADeletionAll(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, h := range []string{"a", "b", "c"} {
			w.has(h, "the "+h)
		}
		w.note("1", "a", "b")
		w.want("1")
		w.work()
		old := w.of("1")
		w.note("1", "b", "c")
		w.work()
		got := w.of("1")
		if len(got) != 2 || got[0].File != old[1].File || w.bytes(got[1]) != "the c" || w.asked["b"] != 1 {
			t.Errorf("%+v, asked %v", got, w.asked)
		}
		if _, err := w.db.File(t.Context(), old[0].File); !social.NotFound.Is(err) {
			t.Errorf("what was taken out is still here: %v", err)
		}
		if err := w.Forget(t.Context(), "c1", "1"); err != nil {
			t.Fatal(err)
		}
		if len(w.of("1")) != 0 {
			t.Error("of what was deleted files are left")
		}
		if of, err := w.db.FilesOf(t.Context(), "message:1"); err != nil || len(of) != 0 {
			t.Errorf("%v, %v", of, err)
		}
	})
}

func TestAFileThatIsDeletedWhileItIsFetchedIsNotKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.files["a"] = func() (io.ReadCloser, error) {
			if err := w.Forget(context.Background(), "c1", "1"); err != nil {
				t.Error(err)
			}
			return io.NopCloser(strings.NewReader("late")), nil
		}
		w.note("1", "a")
		w.want("1")
		w.work()
		if of, _ := w.db.FilesOf(t.Context(), "message:1"); len(of) != 0 {
			t.Errorf("%v", of)
		}
	})
}

func TestWhatIsQuotedComesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := social.Enclosed{Rest: "> before\xff\x00", CC: []string{"noah@home.example"}}
		for range 2 {
			if err := w.Note(t.Context(), "c1", "1", in); err != nil {
				t.Fatal(err)
			}
		}
		got, err := w.Words(t.Context(), "1")
		if err != nil || got.Rest != "> before" || len(got.CC) != 1 {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err := w.Words(t.Context(), "2"); err != nil || got.Rest != "" {
			t.Errorf("%+v, %v", got, err)
		}
		if more, err := w.More(t.Context(), []social.ActivityID{"1", "2"}); err != nil || !more["1"].Words || more["2"].Words {
			t.Errorf("%v, %v", more, err)
		}
	})
}

// TestBelow: the beginning of what was left out of a mail is read by others,
// however long it is.
func TestBelow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for id, rest := range map[social.ActivityID]string{"a1": "-- \nMaya Lind", "a2": strings.Repeat("é", 9000), "a3": ""} {
			if err := w.Note(t.Context(), "c1", id, social.Enclosed{Rest: rest, CC: []string{"paul@other.test"}}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := w.Below(t.Context(), []social.ActivityID{"a1", "a2", "a3", "a4"})
		if err != nil || len(got) != 2 || got["a1"] != "-- \nMaya Lind" || got["a2"] != strings.Repeat("é", 4096) {
			t.Errorf("%d of two, %q, %v", len(got), got["a1"], err)
		}
	})
}
