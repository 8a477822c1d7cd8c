package engagedb_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func everything(m social.MemberID) context.Context {
	return social.WithScope(social.WithActor(context.Background(), social.Actor{Member: m}), social.Scope{All: true})
}

func TestSeedCountsWhatItWrites(t *testing.T) {
	storetest.Each(t, func(t *testing.T, raw *store.DB, now *clock.Set) {
		db := engagedb.New(raw)
		if err := engagedb.Seed(context.Background(), db, 2550, now.Now(), 1); err != nil {
			t.Fatal(err)
		}
		c, err := db.Counts(everything("bench-0"), "bench-0")
		if err != nil {
			t.Fatal(err)
		}
		if c.Open != 50 || c.Waiting != 50 || c.Resolved != 2450 {
			t.Fatalf("%+v", c)
		}
		page, err := db.List(everything("bench-0"), engage.Query{View: engage.ViewAll})
		rows, next := page.Rows, page.Next
		if err != nil || len(rows) != 30 || next == "" {
			t.Fatalf("%d rows, next %q, %v", len(rows), next, err)
		}
	})
}

// many opens a store with as many conversations as PARLEY_BENCH_ROWS says
// (100,000 if it does not). SQLite's is kept in PARLEY_BENCH_DIR, if that is set.
func many(b *testing.B, engine store.Engine) *engagedb.DB {
	n, err := strconv.Atoi(os.Getenv("PARLEY_BENCH_ROWS"))
	if err != nil {
		n = 100_000
	}
	ctx := context.Background()
	now := clock.NewSet(storetest.Start)
	if engine == store.Postgres {
		db := engagedb.New(storetest.Postgres(b, now))
		if err := engagedb.Seed(ctx, db, n, now.Now(), 1); err != nil {
			b.Fatal(err)
		}
		analyze(b, db)
		return db
	}
	dir := b.TempDir()
	if kept := os.Getenv("PARLEY_BENCH_DIR"); kept != "" {
		dir = filepath.Join(kept, "conversations-"+strconv.Itoa(n))
	}
	raw, err := store.Open(ctx, store.Options{Dir: dir, Clock: now})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = raw.Close() })
	if err := raw.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	db := engagedb.New(raw)
	c, err := db.Counts(everything("x"), "x")
	if err != nil {
		b.Fatal(err)
	}
	if int(c.Open+c.Waiting+c.Snoozed+c.Resolved) != n {
		if err := engagedb.Seed(ctx, db, n, now.Now(), 1); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

func analyze(b *testing.B, db *engagedb.DB) {
	err := db.InTx(context.Background(), func(ctx context.Context) error {
		_, err := db.IDB(ctx).NewRaw("ANALYZE").Exec(ctx)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkInbox reads pages of a big inbox, and opens conversations.
func BenchmarkInbox(b *testing.B) {
	engines := []store.Engine{store.SQLite}
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		engines = append(engines, store.Postgres)
	}
	scoped := social.WithScope(everything("bench-0"), social.Scope{Programmes: []social.ProgrammeID{"bench-1", "bench-2"}})
	all := everything("bench-0")
	is := func(field string, op cond.Op, values ...string) cond.Node {
		return cond.Node{Field: field, Op: op, Values: values}
	}
	where := func(n ...cond.Node) cond.Node { return cond.Node{Join: cond.All, Nodes: n} }
	reads := []struct {
		name string
		ctx  context.Context
		q    engage.Query
		deep bool
	}{
		{"open", all, engage.Query{View: engage.ViewOpen}, false},
		{"all", all, engage.Query{View: engage.ViewAll}, false},
		{"all, deep", all, engage.Query{View: engage.ViewAll}, true},
		{"resolved", all, engage.Query{View: engage.ViewResolved}, true},
		{"mine", all, engage.Query{View: engage.ViewMine}, false},
		{"unassigned", all, engage.Query{View: engage.ViewUnassigned}, false},
		{"longest waiting", all, engage.Query{View: engage.ViewOpen, Longest: true}, false},
		{"open in two programmes", scoped, engage.Query{View: engage.ViewOpen}, false},
		{"unassigned in two programmes", scoped, engage.Query{View: engage.ViewUnassigned}, false},
		{"longest waiting in two programmes", scoped, engage.Query{View: engage.ViewOpen, Longest: true}, false},
		{"view, by what an index knows", all, engage.Query{View: engage.ViewAll, Where: where(is("state", cond.Is, "open"), is("programme", cond.Is, "bench-1", "bench-2"))}, false},
		{"view, of one at the desk", all, engage.Query{View: engage.ViewAll, Where: where(is("state", cond.Is, "open", "waiting"), is("assignee", cond.Is, "bench-0"), is("messages", cond.More, "1"))}, false},
		{"view, nothing fits", all, engage.Query{View: engage.ViewAll, Where: where(is("priority", cond.Is, "urgent"), is("unread", cond.Is, "true"))}, false},
		{"search, rare", all, engage.Query{View: engage.ViewAll, Search: "nothing of the sort"}, false},
		{"search, common", all, engage.Query{View: engage.ViewAll, Search: "kettle"}, false},
	}
	for _, engine := range engines {
		db := many(b, engine)
		for _, read := range reads {
			b.Run(string(engine)+"/"+read.name, func(b *testing.B) {
				q := read.q
				q.Member = "bench-0"
				if read.deep {
					for range 50 {
						page, err := db.List(read.ctx, q)
						if err != nil {
							b.Fatal(err)
						}
						q.Cursor = page.Next
					}
				}
				measure(b, func() error { _, err := db.List(read.ctx, q); return err })
			})
		}
		page, err := db.List(all, engage.Query{View: engage.ViewAll, Limit: 100})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(engine)+"/open one", func(b *testing.B) {
			i := 0
			measure(b, func() error {
				i++
				id := page.Rows[i%len(page.Rows)].ID
				if _, err := db.Row(all, id, "bench-0"); err != nil {
					return err
				}
				_, _, err := db.Messages(all, id, "", 30)
				return err
			})
		})
		b.Run(string(engine)+"/counts", func(b *testing.B) {
			measure(b, func() error { _, err := db.Counts(all, "bench-0"); return err })
		})
	}
}

// measure reports the median and the 99th percentile besides the mean.
func measure(b *testing.B, do func() error) {
	took := make([]time.Duration, 0, b.N)
	for b.Loop() {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
