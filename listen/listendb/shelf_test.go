package listendb_test

import (
	"io"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestFilesAtADoor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		heard := listendb.New(db)
		s, lines := listendb.Shelf{DB: heard}, listendb.Lines{DB: heard}
		ctx := t.Context()
		put := func(visitor, id string, most int) (listen.Brought, error) {
			return s.Put(ctx, "c1", visitor, listen.Brought{ID: id, Name: id + ".txt", Alt: "what it is"}, []byte("the words of "+id), most)
		}
		must := func(_ any, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		var all sync.WaitGroup
		taken, full := make(chan bool, 20), make(chan bool, 20)
		for i := range 20 { // each twice at once, and three are taken
			all.Go(func() {
				switch _, err := put("v1", string(rune('a'+i/2)), 3); {
				case err == nil:
					taken <- true
				case social.Conflict.Is(err):
					full <- true
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		waiting, err := s.Waiting(ctx, "c1", "v1")
		if err != nil || len(waiting) != 3 || len(taken) < 3 || len(taken)+len(full) != 20 {
			t.Fatalf("%d wait, %d were taken and %d refused, %v", len(waiting), len(taken), len(full), err)
		}
		one, two := waiting[0].ID, waiting[1].ID
		for name, visitor := range map[string]string{"another visitor": "v2", "nobody": ""} {
			if _, _, err := s.Open(ctx, "c1", visitor, one); !social.NotFound.Is(err) {
				t.Errorf("%s reads it: %v", name, err)
			}
			if _, err := s.Hold(ctx, "c1", visitor, "line-9", []string{one}); !social.NotFound.Is(err) {
				t.Errorf("%s takes it: %v", name, err)
			}
		}
		if _, _, err := s.Open(ctx, "c2", "v1", one); !social.NotFound.Is(err) {
			t.Errorf("another channel reads it: %v", err)
		}
		for range 2 { // again changes nothing
			held, err := s.Hold(ctx, "c1", "v1", "line-1", []string{two, one})
			if err != nil || len(held) != 2 || held[0].ID != two || held[1].Alt != "what it is" {
				t.Fatalf("%+v, %v", held, err)
			}
		}
		if _, err := s.Hold(ctx, "c1", "v1", "line-2", []string{waiting[2].ID, one}); !social.NotFound.Is(err) {
			t.Errorf("it goes with two lines: %v", err)
		}
		if left, _ := s.Waiting(ctx, "c1", "v1"); len(left) != 1 {
			t.Errorf("half of what failed was done: %d wait", len(left))
		}
		must(s.Hold(ctx, "c1", "v1", "line-1", []string{one}))
		if left, _ := s.Waiting(ctx, "c1", "v1"); len(left) != 2 {
			t.Errorf("what was taken out again does not wait: %d", len(left))
		}
		_, r, err := s.Open(ctx, "c1", "v1", one)
		must(r, err)
		if b, err := io.ReadAll(r); err != nil || string(b) != "the words of "+one {
			t.Errorf("%q, %v", b, err)
		}

		// What no words took is dropped with its bytes; what stands stays.
		files := func() (n int) {
			must(nil, db.IDB(ctx).NewRaw("SELECT COUNT(*) FROM file").Scan(ctx, &n))
			return n
		}
		_, _, err = lines.Add(ctx, "c1", listen.Said{ID: "line-1", Visitor: "v1", Text: "Look", At: now.Now()})
		must(nil, err)
		must(s.Put(ctx, "c1", "v2", listen.Brought{ID: "late-one", Name: "a.txt"}, []byte("half a message"), 5))
		must(s.Hold(ctx, "c1", "v2", "line-3", []string{"late-one"})) // and then a crash
		must(nil, s.Drop(ctx, "c1", "v1", one))
		if files() != 4 {
			t.Fatalf("%d files", files())
		}
		now.Add(29 * time.Minute)
		must(nil, heard.SweepBrought(ctx))
		if files() != 4 {
			t.Fatalf("%d files after 29 minutes", files())
		}
		now.Add(2 * time.Minute)
		must(nil, heard.SweepBrought(ctx))
		if got, err := s.With(ctx, "c1", "v1", []string{"line-1", "line-3"}); err != nil || files() != 1 || len(got) != 1 || len(got["line-1"]) != 1 {
			t.Fatalf("%d files, %+v, %v", files(), got, err)
		}
		if _, _, err := s.Open(ctx, "c1", "v2", "late-one"); !social.NotFound.Is(err) {
			t.Errorf("what no words took is there: %v", err)
		}
	})
}
