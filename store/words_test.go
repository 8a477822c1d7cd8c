package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestWordsAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		keep := func(words map[int64]string) {
			t.Helper()
			if err := db.InTx(ctx, func(ctx context.Context) error { return db.Index(ctx, "activity_text", words) }); err != nil {
				t.Fatal(err)
			}
		}
		long := strings.Repeat("ж", 300)
		keep(map[int64]string{1: "kettle leaks kettle", 2: "日 本 k2_mini", 3: "tea pot and or not near", 4: "", 5: long + " x'y\"z"})
		find := func(words ...[]store.Word) string {
			t.Helper()
			got, err := db.Indexed(ctx, "activity_text", words, 10)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(got)
		}
		w := func(s ...string) (out []store.Word) {
			for _, x := range s {
				text, prefix := strings.CutSuffix(x, "*")
				out = append(out, store.Word{Text: text, Prefix: prefix})
			}
			return out
		}
		tests := []struct {
			name string
			ask  [][]store.Word
			want string
		}{
			{"a word", [][]store.Word{w("kettle")}, "[1]"},
			{"not a part of one", [][]store.Word{w("kett")}, "[]"},
			{"its beginning", [][]store.Word{w("kett*")}, "[1]"},
			{"both", [][]store.Word{w("kettle"), w("leaks")}, "[1]"},
			{"one is missing", [][]store.Word{w("kettle"), w("pot")}, "[]"},
			{"either, the newest first", [][]store.Word{w("kettle", "pot")}, "[3 1]"},
			{"a sign", [][]store.Word{w("本")}, "[2]"},
			{"an underscore", [][]store.Word{w("k2_mini")}, "[2]"},
			{"words of the engine's own language", [][]store.Word{w("and"), w("or"), w("not"), w("near")}, "[3]"},
			{"longer than is indexed", [][]store.Word{w(long)}, "[5]"},
			{"a quote is not a door", [][]store.Word{w(`" OR "kettle`), w(`' | 'kettle`)}, "[]"},
		}
		for _, x := range tests {
			if got := find(x.ask...); got != x.want {
				t.Errorf("%s: got %s, want %s", x.name, got, x.want)
			}
		}
		if last, err := db.LastIndexed(ctx, "activity_text"); err != nil || last != 5 {
			t.Errorf("the last: %d, %v", last, err)
		}
		keep(map[int64]string{1: "other words", 3: ""})
		if got := find(w("kettle", "pot")); got != "[]" {
			t.Errorf("after a change: %s", got)
		}
		if got := find(w("other")); got != "[1]" {
			t.Errorf("the new words: %s", got)
		}
	})
}
