package listendb_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestLinesAtADoor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		s := listendb.Lines{DB: listendb.New(db)}
		ctx := t.Context()
		var all sync.WaitGroup
		for i := range 20 { // two visitors at once, each line twice
			all.Go(func() {
				l := listen.Said{ID: fmt.Sprint("line-", i/2), Visitor: fmt.Sprint("visitor-", i/2%2), Text: "hi", At: now.Now()}
				if _, _, err := s.Add(ctx, "c1", l); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		lines, err := s.After(ctx, "c1", "visitor-0", 0, 100)
		if err != nil || len(lines) != 5 {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		for i, l := range lines {
			if l.Position != int64(i+1) {
				t.Fatalf("line %d stands at %d", i, l.Position)
			}
		}
		first, fresh, err := s.Add(ctx, "c1", listen.Said{ID: "line-0", Visitor: "visitor-0", Text: "something else", At: now.Now()})
		if err != nil || fresh || first.Text != "hi" {
			t.Fatalf("%+v, %v, %v", first, fresh, err)
		}
		if more, _ := s.After(ctx, "c1", "visitor-0", 3, 1); len(more) != 1 || more[0].Position != 4 {
			t.Fatalf("%+v", more)
		}
		if last, _ := s.Last(ctx, "c1", "visitor-0", 2); len(last) != 2 || last[0].Position != 4 || last[1].Position != 5 {
			t.Fatalf("%+v", last)
		}
		if none, _ := s.After(ctx, "c2", "visitor-0", 0, 10); len(none) != 0 {
			t.Fatal("another channel's talk")
		}
		if _, err := s.ByID(ctx, "c1", "line-99"); !social.NotFound.Is(err) {
			t.Fatal(err)
		}
	})
}
