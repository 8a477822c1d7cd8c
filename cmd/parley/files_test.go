package main

import (
	"net/http"
	"testing"

	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage"
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
	with := func() []engage.With {
		t.Helper()
		ms, _, err := v.desk.Messages(v.ctx, talk.ID, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		all, err := v.desk.With(v.ctx, ms)
		if err != nil {
			t.Fatal(err)
		}
		var out []engage.With
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
