package main

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/social"
)

// TestFilesThroughTheRooms: a file that a customer sends is here once their
// words are in the inbox; files of what only stands on the wall are not
// fetched; and when the customer deletes their words the file goes too.
func TestFilesThroughTheRooms(t *testing.T) {
	v := beside(t, func(*vendor, http.ResponseWriter, *http.Request) {})
	id := v.connect("practice", map[string]string{"handle": "brewell"})
	v.network.Join(practice.Persona{Handle: "mara", Name: "Mara"})
	said := func(text string) string {
		post, err := v.network.Post("mara", practice.Said{Text: text, Files: []practice.File{{Name: "lid.txt", Type: "text/plain", Alt: "The lid", Bytes: []byte("it broke")}}})
		if err != nil {
			t.Fatal(err)
		}
		return post
	}
	to := said("@brewell look at this lid")
	said("I like kettles")
	hear := func() {
		t.Helper()
		if err := v.station.PollNow(v.ctx, id); err != nil {
			t.Fatal(err)
		}
		v.settle()
		if _, err := v.files.Work(asParley(t.Context())); err != nil {
			t.Fatal(err)
		}
		v.settle()
	}
	hear()
	talk := v.only()
	with := func() []parcel.With {
		t.Helper()
		ms, _, err := v.desk.Messages(v.ctx, talk.ID, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		all, err := v.desk.With(v.ctx, ms)
		if err != nil {
			t.Fatal(err)
		}
		var out []parcel.With
		for _, m := range ms {
			out = append(out, all[m.ID]...)
		}
		return out
	}
	got := with()
	if len(got) != 1 || got[0].State != social.AttachmentKept || got[0].File == nil || got[0].File.Name != "lid.txt" || got[0].Alt != "The lid" {
		t.Fatalf("%+v", got)
	}
	var files int
	count := func() int {
		t.Helper()
		if err := v.db.IDB(t.Context()).NewRaw("SELECT COUNT(*) FROM file").Scan(t.Context(), &files); err != nil {
			t.Fatal(err)
		}
		return files
	}
	if n := count(); n != 1 {
		t.Errorf("%d files are kept; that of the wall is nobody's", n)
	}
	if changed := v.only().Version; changed != talk.Version {
		t.Errorf("a file made a new version of the conversation: %d, was %d", changed, talk.Version)
	}
	if err := v.network.Delete(to); err != nil {
		t.Fatal(err)
	}
	hear()
	if got := with(); len(got) != 0 || count() != 0 {
		t.Errorf("of what was deleted %+v is left, %d files", got, files)
	}
}

// TestFilesOfOurs: a file goes with a reply once, without where its picture
// was taken; taken back it is in the draft again; what the channel does not
// take, and what is somebody else's, is refused before anything is kept.
func TestFilesOfOurs(t *testing.T) {
	v := beside(t, func(*vendor, http.ResponseWriter, *http.Request) {})
	id := v.connect("practice", map[string]string{"handle": "brewell"})
	v.network.Join(practice.Persona{Handle: "mara", Name: "Mara"})
	if _, err := v.network.Post("mara", practice.Said{Text: "@brewell how does the lid fit?"}); err != nil {
		t.Fatal(err)
	}
	if err := v.station.PollNow(v.ctx, id); err != nil {
		t.Fatal(err)
	}
	v.settle()
	talk := v.only().ID
	me, _ := social.ActorOf(v.ctx)
	put := func(name, data string, by social.MemberID) social.FileID {
		t.Helper()
		f, err := v.db.PutFile(v.ctx, name, "", by, strings.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return f.ID
	}
	var shot bytes.Buffer
	if err := jpeg.Encode(&shot, image.NewGray(image.Rect(0, 0, 4, 3)), nil); err != nil {
		t.Fatal(err)
	}
	photo := "\xff\xd8\xff\xfe\x00\x0dLat 52.52xx" + shot.String()[2:]
	reply := func(key string, files ...parcel.Enclosure) (engage.Message, error) {
		return v.desk.Reply(v.ctx, talk, engage.Words{Key: key, Text: "Like this.", Files: files})
	}
	for name, file := range map[string]social.FileID{"somebody else's": put("a.png", string(channeltest.Picture), "another"), "of no kind that it takes": put("a.pdf", "%PDF-1.4", me.Member), "nobody's": "none"} {
		if _, err := reply(name, parcel.Enclosure{File: file}); !social.Invalid.Is(err) && !social.NotFound.Is(err) {
			t.Errorf("a file that is %s: %v", name, err)
		}
	}
	pic := parcel.Enclosure{File: put("lid.jpg", photo, me.Member), Alt: "The lid"}

	// Kept with the draft, it is not swept; then it goes, and is taken back.
	if _, err := v.desk.KeepDraft(v.ctx, talk, "Like", social.Public, pic); err != nil {
		t.Fatal(err)
	}
	v.set.Add(48 * time.Hour)
	if err := v.db.SweepFiles(v.ctx); err != nil {
		t.Fatal(err)
	}
	m, err := reply("first", pic)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.desk.Draft(v.ctx, talk); !social.NotFound.Is(err) {
		t.Errorf("the draft of what was sent: %v", err)
	}
	if _, err := v.desk.Undo(v.ctx, m.ID); err != nil {
		t.Fatal(err)
	}
	if dr, err := v.desk.Draft(v.ctx, talk); err != nil || len(dr.Files) != 1 || dr.Files[0] != pic {
		t.Errorf("taken back, the draft holds %+v, %v", dr.Files, err)
	}

	// Once and for all.
	for range 2 {
		if m, err = reply("second", pic); err != nil {
			t.Fatal(err)
		}
	}
	v.settle()
	v.settle()
	ours := v.network.Ours()
	if len(ours) != 1 {
		t.Fatalf("%d answers stand on the network", len(ours))
	}
	got := v.network.FilesOf(ours[0].ID)
	if len(got) != 1 || got[0].Alt != "The lid" || bytes.Contains(got[0].Bytes, []byte("Lat")) {
		t.Errorf("with it stands %+v", got)
	}
	if err := v.station.PollNow(v.ctx, id); err != nil { // our own words are heard
		t.Fatal(err)
	}
	v.settle()
	if n, err := v.files.Work(asParley(t.Context())); err != nil || n != 0 {
		t.Errorf("our own files are fetched back: %d, %v", n, err)
	}
	all, err := v.desk.With(v.ctx, []engage.Message{m})
	if err != nil || len(all[m.ID]) != 1 || all[m.ID][0].File == nil || all[m.ID][0].Alt != "The lid" {
		t.Errorf("the message has %+v, %v", all, err)
	}
}

// TestNothingIsLeftOfWhatWasErased: of words that were erased where they are
// kept, nothing that came or went with them stays in a table.
func TestNothingIsLeftOfWhatWasErased(t *testing.T) {
	v := beside(t, func(*vendor, http.ResponseWriter, *http.Request) {})
	ctx := asParley(t.Context())
	if err := v.files.Note(ctx, "c1", "a1", social.Enclosed{Rest: "> before", CC: []string{"noah@home.example"}, Files: []social.Attachment{{Handle: "h", Name: "maya.pdf"}}}); err != nil {
		t.Fatal(err)
	}
	count := func() (n int) {
		t.Helper()
		if err := v.db.IDB(ctx).NewRaw("SELECT (SELECT COUNT(*) FROM attachment) + (SELECT COUNT(*) FROM enclosed)").Scan(ctx, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	id := v.connect("practice", map[string]string{"handle": "brewell"})
	v.network.Join(practice.Persona{Handle: "mara", Name: "Mara"})
	if _, err := v.network.Post("mara", practice.Said{Text: "@brewell look", Files: []practice.File{{Name: "mara.txt", Type: "text/plain", Bytes: []byte("x")}}}); err != nil {
		t.Fatal(err)
	}
	if err := v.station.PollNow(v.ctx, id); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 3 {
		t.Fatalf("%d rows, three were noted", n)
	}
	err := v.db.InTx(ctx, func(ctx context.Context) error {
		_, err := v.db.IDB(ctx).NewRaw("UPDATE activity SET deleted_at = 1").Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := v.prune(ctx); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 2 { // a1 is no activity here; only what was erased goes
		t.Errorf("%d rows are left", n)
	}
}
