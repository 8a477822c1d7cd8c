//go:build bench

package bench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/e2e/house"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// requests is how many are made of each sort.
const requests = 3000

// BenchmarkInbox reads the inbox of a million conversations over HTTP, as a
// browser does: pages of the list, and conversations with their messages.
// PARLEY_BENCH_ROWS is how many there are instead. SQLite's are made once and
// kept in the user's cache folder; on PostgreSQL it is measured only where
// PARLEY_BENCH_INBOX=postgres says so, since they are made anew each time.
func BenchmarkInbox(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("PARLEY_BENCH_ROWS"))
	if err != nil {
		n = 1_000_000
	}
	b.Run("sqlite", func(b *testing.B) { inbox(b, "sqlite", n, seeded(b, n), "") })
	if os.Getenv("PARLEY_BENCH_INBOX") == "postgres" {
		b.Run("postgres", func(b *testing.B) {
			url := storetest.Database(b)
			dir := b.TempDir()
			seed(b, store.Options{Dir: dir, URL: url}, n)
			inbox(b, "postgres", n, dir, url)
		})
	}
}

func inbox(b *testing.B, engine string, n int, dir, url string) {
	h := house.Start(b, "--log-level", "warn", "--data", dir, "--database", url)
	h.Dir = dir
	out, code := h.CLI("token", "create", "--name", "bench", "--role", "admin", "--expires", "1h", "--database", url)
	if code != 0 {
		b.Fatal(out)
	}
	lines := strings.Fields(out)
	g := getter{b, h.URL, lines[len(lines)-1]}

	var ids []string
	next := "/api/conversations?view=all&limit=100"
	for len(ids) < 2000 {
		var page struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
			Next *string `json:"next"`
		}
		if err := json.Unmarshal(g.get(next), &page); err != nil {
			b.Fatal(err)
		}
		for _, c := range page.Items {
			ids = append(ids, c.ID)
		}
		if page.Next == nil {
			break
		}
		next = "/api/conversations?view=all&limit=100&cursor=" + *page.Next
	}
	if len(ids) == 0 {
		b.Fatal("an empty inbox")
	}
	for _, read := range []struct {
		name string
		do   func(i int)
	}{
		{"inbox page (open)", func(int) { g.get("/api/conversations?view=open&limit=30") }},
		{"inbox page (all)", func(int) { g.get("/api/conversations?view=all&limit=30") }},
		{"inbox page (unassigned)", func(int) { g.get("/api/conversations?view=unassigned&limit=30") }},
		{"conversation open", func(i int) {
			id := ids[i*7919%len(ids)]
			g.get("/api/conversations/" + id)
			g.get("/api/conversations/" + id + "/messages")
		}},
	} {
		b.Run(read.name, func(b *testing.B) {
			for i := range 100 { // warm
				read.do(i)
			}
			took := make([]time.Duration, 0, requests)
			for range b.N {
				for i := range requests {
					began := time.Now()
					read.do(i)
					took = append(took, time.Since(began))
				}
			}
			slices.Sort(took)
			p50, p99 := took[len(took)/2], took[len(took)*99/100]
			fmt.Printf("%s %s at %s conversations: p50 %.2f ms, p99 %.2f ms; %d requests; load %s\n",
				read.name, engine, thousands(n), ms(p50), ms(p99), len(took), load())
			b.ReportMetric(ms(p50), "p50-ms")
			b.ReportMetric(ms(p99), "p99-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

type getter struct {
	b     *testing.B
	url   string
	token string
}

func (g getter) get(path string) []byte {
	req, err := http.NewRequest(http.MethodGet, g.url+path, nil)
	if err != nil {
		g.b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+g.token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		g.b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		g.b.Fatalf("%s: %d %s %v", path, res.StatusCode, body, err)
	}
	return body
}

// seeded is a data folder with n conversations in the user's cache, made when
// it is not there for this schema.
func seeded(b *testing.B, n int) string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = b.TempDir()
	}
	all := filepath.Join(cache, "parley", "bench")
	dir := filepath.Join(all, fmt.Sprintf("inbox-%d-%s", n, store.Fingerprint()))
	if _, err := os.Stat(filepath.Join(dir, "complete")); err == nil {
		return dir
	}
	old, err := filepath.Glob(filepath.Join(all, fmt.Sprintf("inbox-%d-*", n))) // of other schemas, or cut off
	if err != nil {
		b.Fatal(err)
	}
	for _, o := range old {
		if err := os.RemoveAll(o); err != nil {
			b.Fatal(err)
		}
	}
	seed(b, store.Options{Dir: dir}, n)
	if err := os.WriteFile(filepath.Join(dir, "complete"), nil, 0o600); err != nil {
		b.Fatal(err)
	}
	return dir
}

func seed(b *testing.B, o store.Options, n int) {
	ctx := context.Background()
	began := time.Now()
	db, err := store.Open(ctx, o)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	if err := engagedb.Seed(ctx, engagedb.New(db), n, time.Now(), 1); err != nil {
		b.Fatal(err)
	}
	err = db.InTx(ctx, func(ctx context.Context) error {
		_, err := db.IDB(ctx).NewRaw("ANALYZE").Exec(ctx)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	fmt.Printf("made %s conversations (%s) in %s\n", thousands(n), db.Engine, time.Since(began).Round(time.Second))
}
