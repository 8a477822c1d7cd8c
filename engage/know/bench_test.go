package know_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/engage/knowdb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store/storetest"
)

// many fills a library with so many published articles, of words as uneven as
// a language's.
func many(b *testing.B, n int) (*know.Library, context.Context) {
	b.Helper()
	now := clock.NewSet(storetest.Start)
	db := knowdb.New(storetest.SQLite(b, now))
	lib := &know.Library{Store: db, Clock: now}
	ctx := as(b.Context(), "ida")
	rng := rand.New(rand.NewPCG(1, 1))
	zipf := rand.NewZipf(rng, 1.1, 8, 20_000)
	text := func(words int) string {
		var t strings.Builder
		for range words {
			fmt.Fprintf(&t, "w%d ", zipf.Uint64())
		}
		return t.String()
	}
	err := db.InTx(ctx, func(ctx context.Context) error {
		for i := range n {
			change, err := db.Next(ctx)
			if err != nil {
				return err
			}
			id := fmt.Sprintf("%05d", i)
			if err := db.Save(ctx, know.Article{ID: know.ArticleID(id), Set: id, Lang: "en", Slug: id, Title: text(8), Body: text(220), Visibility: social.Public,
				State: know.Published, Version: 1, Change: change, CreatedAt: now.Now(), UpdatedAt: now.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := lib.Find(ctx, know.Ask{Text: "w1"}); err != nil {
		b.Fatal(err)
	}
	return lib, ctx
}

// BenchmarkSuggest suggests for a message of thirty words among five thousand
// articles.
func BenchmarkSuggest(b *testing.B) {
	lib, ctx := many(b, 5000)
	rng := rand.New(rand.NewPCG(2, 2))
	zipf := rand.NewZipf(rng, 1.1, 8, 20_000)
	b.ResetTimer()
	for b.Loop() {
		var t strings.Builder
		for range 30 {
			fmt.Fprintf(&t, "w%d ", zipf.Uint64())
		}
		if _, err := lib.Suggest(ctx, know.Question{Said: []string{t.String()}, Lang: "en"}, 4); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFindAsTyped looks for what is being typed on the help page.
func BenchmarkFindAsTyped(b *testing.B) {
	lib, ctx := many(b, 5000)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		if _, err := lib.FindWorld(ctx, fmt.Sprintf("w%d w1", i%300), "en", false, true, 8); err != nil {
			b.Fatal(err)
		}
	}
}
