package listen_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// A restore leaves the word index empty; Reindex fills it as it was.
func TestTheWordIndexIsMadeAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		const n = 501 // more than one piece
		for i := range n {
			w.take(c.ID, event(post(fmt.Sprint(i), fmt.Sprintf("kettle number%d", i))))
		}
		found := func(word string) int {
			t.Helper()
			seqs, err := db.Indexed(w.ctx, "activity_text", [][]store.Word{{{Text: word}}}, n+1)
			if err != nil {
				t.Fatal(err)
			}
			return len(seqs)
		}
		err := db.InTx(w.ctx, func(ctx context.Context) error {
			_, err := db.IDB(ctx).NewRaw("DELETE FROM activity_text").Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := found("kettle"); got != 0 {
			t.Fatalf("%d are indexed at first, want none", got)
		}
		for range 2 { // again changes nothing
			if err := w.Reindex(w.ctx); err != nil {
				t.Fatal(err)
			}
			if got := found("kettle"); got != n {
				t.Fatalf("%d are found by a word of all, want %d", got, n)
			}
			for _, word := range []string{"number0", "number500"} {
				if got := found(word); got != 1 {
					t.Fatalf("%d are found by %s, want one", got, word)
				}
			}
		}
	})
}
