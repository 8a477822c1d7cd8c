//go:build bench && unix

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// BenchmarkSegments measures segments of 100,000 persons with an account each:
// how long everybody is looked at once, how long a new segment takes to fill,
// how long counting takes while one is put together, and how long after a change
// somebody has joined, with fifty segments to decide about.
// PARLEY_BENCH_PERSONS says how many persons instead.
func BenchmarkSegments(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("PARLEY_BENCH_PERSONS"))
	if err != nil {
		n = 100_000
	}
	b.Run("sqlite", func(b *testing.B) { sortPersons(b, "sqlite", "", n) })
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		b.Run("postgres", func(b *testing.B) { sortPersons(b, "postgres", storetest.Database(b), n) })
	}
}

func sortPersons(b *testing.B, engine, url string, n int) {
	ctx := asParley(b.Context())
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	for range b.N {
		h, err := build(ctx, plan{store: store.Options{Dir: b.TempDir(), URL: url}, clock: clock.System{}})
		must(err)
		ids := crowd(b, h, n)
		began := time.Now()
		must(h.segments.Settle(ctx))
		first := time.Since(began)
		is := func(field string, op cond.Op, values ...string) cond.Node {
			return cond.Node{Field: field, Op: op, Values: values}
		}
		where := cond.Node{Join: cond.All, Nodes: []cond.Node{is("place", cond.Contains, "wien"), is("followers", cond.More, "500"), is("last_heard", cond.Older, "1d"), is("reach", cond.Has, "email")}}
		for i := range 49 {
			_, err := h.segments.Add(ctx, segment.Segment{Name: fmt.Sprint("Other ", i), Where: is("followers", cond.Between, fmt.Sprint(i*20), fmt.Sprint(i*20+19))})
			must(err)
		}
		must(h.segments.Settle(ctx))
		began = time.Now()
		s, err := h.segments.Add(ctx, segment.Segment{Name: "Vienna", Where: is("place", cond.Contains, "wien")})
		must(err)
		must(h.segments.Settle(ctx))
		filled := time.Since(began)
		var counts []time.Duration
		for range 9 {
			began = time.Now()
			_, err := h.segments.Count(ctx, where)
			must(err)
			counts = append(counts, time.Since(began))
		}
		slices.Sort(counts)

		// The whole way, as it goes in a house: a colleague edits, and we look until it shows.
		work, stop := context.WithCancel(ctx)
		done := make(chan struct{})
		for _, f := range h.followers() {
			go h.db.Follow(work, f)
		}
		go func() { h.segments.Work(work); close(done) }()
		var waits []time.Duration
		b.ResetTimer()
		for i := range 20 {
			p, place := ids[i*len(ids)/20], fmt.Sprintf("Wien %d", i)
			_, err := h.book.Edit(ctx, p, people.Change{Place: new(string)})
			must(err)
			until(b, h, p, s.ID, false)
			began := time.Now()
			_, err = h.book.Edit(ctx, p, people.Change{Place: &place})
			must(err)
			until(b, h, p, s.ID, true)
			waits = append(waits, time.Since(began))
		}
		b.StopTimer()
		stop()
		<-done
		slices.Sort(waits)
		must(h.segments.Mark(ctx, ids[:min(10_000, n)]...))
		began = time.Now()
		must(h.segments.Settle(ctx))
		burst := time.Since(began)
		fmt.Printf("segments %s: %d persons known in %.1f s; a new segment filled in %.1f s; counted while it is built in %.0f ms (median of 9); a change visible after %.2f s (median), %.2f s (worst of 20) with 50 segments; %.0f persons looked at a second; load %s\n",
			engine, n, first.Seconds(), filled.Seconds(), 1000*counts[4].Seconds(), waits[10].Seconds(), waits[19].Seconds(), float64(min(10_000, n))/burst.Seconds(), load())
		b.ReportMetric(waits[10].Seconds(), "s/change")
		must(h.db.Close())
	}
}

// until looks until somebody is in a segment, or is not.
func until(b *testing.B, h *house, p social.PersonID, s social.SegmentID, in bool) {
	b.Helper()
	for tick := time.NewTicker(5 * time.Millisecond); ; <-tick.C {
		all, err := h.segments.Store.In(asParley(b.Context()), []social.PersonID{p})
		if err != nil {
			b.Fatal(err)
		}
		if slices.Contains(all[p], s) == in {
			return
		}
	}
}

// crowd makes persons with a mail address each, in some places.
func crowd(b *testing.B, h *house, n int) []social.PersonID {
	b.Helper()
	ctx := asParley(b.Context())
	r := rand.New(rand.NewPCG(5, 6))
	places := []string{"", "Wien", "Łódź", "Porto", "Lagos", "Hà Nội"}
	now := h.clock.Now()
	for from := 0; from < n; from += 1000 {
		var seen []people.Seen
		for i := from; i < min(from+1000, n); i++ {
			a := social.Author{Scheme: "mailto", Value: fmt.Sprintf("p%d@mail.example", i), Name: fmt.Sprintf("%s %s", firsts[i%len(firsts)], lasts[i/len(firsts)%len(lasts)]), Followers: r.IntN(1000)}
			seen = append(seen, people.Seen{Author: a, Lang: "en", At: now.Add(-time.Duration(r.IntN(1000)) * time.Hour)})
		}
		if err := h.persons.Meet(ctx, seen); err != nil {
			b.Fatal(err)
		}
	}
	err := h.db.InTx(ctx, func(ctx context.Context) error {
		for _, p := range places {
			if _, err := h.db.IDB(ctx).NewRaw("UPDATE person SET place = ? WHERE place = '' AND LENGTH(name) % 6 = ?", p, slices.Index(places, p)).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	ids, err := h.segments.Store.After(ctx, "", n)
	if err != nil || len(ids) != n {
		b.Fatalf("%d persons, %v", len(ids), err)
	}
	return ids
}
