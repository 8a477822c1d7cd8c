package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestFactsAndPlaceMoveTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		say := func(s string) {
			t.Helper()
			err := db.InTx(ctx, func(ctx context.Context) error { return db.Tell(ctx, social.Governed{What: s}) })
			if err != nil {
				t.Fatal(err)
			}
		}
		say("one")
		say("two")
		var got []string
		fail := true
		f := store.Follower{Name: "test", Tell: func(ctx context.Context, facts []store.Fact) error {
			for _, x := range facts {
				got = append(got, x.Fact.(social.Governed).What)
			}
			if fail {
				return errors.New("not this time")
			}
			return db.SetSetting(ctx, "seen", len(got))
		}}
		if _, err := db.Step(ctx, f); err == nil {
			t.Fatal("a failing follower must not move on")
		}
		got, fail = nil, false
		if n, err := db.Step(ctx, f); err != nil || n != 2 {
			t.Fatalf("got %d facts, %v; want both again", n, err)
		}
		if len(got) != 2 || got[0] != "one" || got[1] != "two" {
			t.Fatalf("got %v, want one, two in order", got)
		}
		if n, err := db.Step(ctx, f); err != nil || n != 0 {
			t.Fatalf("got %d facts, %v; want none twice", n, err)
		}
		var seen int
		if ok, err := db.Setting(ctx, "seen", &seen); !ok || err != nil || seen != 2 {
			t.Fatalf("the follower's own write: %v %v %d", ok, err, seen)
		}
	})
}

func TestNothingIsToldOfATransactionThatFailed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		err := db.InTx(ctx, func(ctx context.Context) error {
			if err := db.SetSetting(ctx, "x", 1); err != nil {
				return err
			}
			if err := db.Tell(ctx, social.Governed{}); err != nil {
				return err
			}
			return errors.New("changed my mind")
		})
		if err == nil {
			t.Fatal("want the error back")
		}
		if head, err := db.Head(ctx); err != nil || head != 0 {
			t.Fatalf("head %d, %v; want no fact", head, err)
		}
		var x int
		if ok, _ := db.Setting(ctx, "x", &x); ok {
			t.Fatal("the row stayed")
		}
	})
}

// say tells one fact that carries a word.
func say(t testing.TB, db *store.DB, words ...string) {
	t.Helper()
	for _, w := range words {
		do(t, db, func(ctx context.Context) error { return db.Tell(ctx, social.Governed{What: w}) })
	}
}

func words(facts []store.Fact) (out []string) {
	for _, f := range facts {
		out = append(out, f.Fact.(social.Governed).What)
	}
	return out
}

// waits stands in for time: it notes how long somebody wants to wait, and the
// wait is over when the test takes the note.
func waits(db *store.DB) <-chan time.Duration {
	notes := make(chan time.Duration)
	db.SetWait(func(d time.Duration) <-chan time.Time {
		over := make(chan time.Time)
		go func() { notes <- d; close(over) }()
		return over
	})
	return notes
}

func TestAPoisonedFactIsParkedAndPassedOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx, stop := context.WithCancel(context.Background())
		say(t, db, "good", "poison", "better")
		notes := waits(db)
		tried := 0
		told := make(chan string, 10)
		f := store.Follower{Name: "test", Tell: func(ctx context.Context, facts []store.Fact) error {
			for _, w := range words(facts) {
				if err := db.SetSetting(ctx, "told."+w, len(facts)); err != nil {
					return err
				}
				if w == "poison" {
					if len(facts) == 1 {
						tried++
					}
					return social.Errorf(social.Fault, "This one can't be read.")
				}
			}
			db.After(ctx, func() {
				for _, w := range words(facts) {
					told <- w
				}
			})
			return nil
		}}
		ended := make(chan struct{})
		go func() { db.Follow(ctx, f); close(ended) }()
		var got []string
		var slept []time.Duration
		for len(got) < 2 {
			select {
			case w := <-told:
				got = append(got, w)
			case d := <-notes:
				slept = append(slept, d)
			}
		}
		stop()
		for running := true; running; {
			select {
			case <-notes:
			case <-ended:
				running = false
			}
		}
		if got[0] != "good" || got[1] != "better" {
			t.Errorf("told %v, want good and better", got)
		}
		if tried != 5 {
			t.Errorf("tried alone %d times, want 5", tried)
		}
		for i := 1; i < len(slept); i++ {
			if slept[i] <= slept[i-1] {
				t.Errorf("waits %v do not grow", slept)
			}
		}
		if len(slept) != 4 {
			t.Errorf("waited %v, want a wait between each two of five tries", slept)
		}
		ctx = context.Background()
		if n, err := db.Parked(ctx); err != nil || n != 1 {
			t.Errorf("%d facts parked (%v), want 1", n, err)
		}
		var why string
		if err := db.IDB(ctx).NewRaw("SELECT problem FROM parked WHERE follower = 'test'").Scan(ctx, &why); err != nil || why != "This one can't be read." {
			t.Errorf("parked because %q (%v)", why, err)
		}
		var n int
		if there, err := db.Setting(ctx, "told.poison", &n); err != nil || there {
			t.Errorf("what the failed tries wrote stayed (%v)", err)
		}
	})
}

func TestTroubleThatPassesIsTriedForEver(t *testing.T) {
	db := storetest.SQLite(t, clock.NewSet(storetest.Start))
	ctx, stop := context.WithCancel(context.Background())
	say(t, db, "one")
	notes := waits(db)
	tried := 0
	told := make(chan struct{})
	f := store.Follower{Name: "test", Tell: func(ctx context.Context, _ []store.Fact) error {
		if tried++; tried <= 20 {
			return social.Errorf(social.Busy, "Later.")
		}
		db.After(ctx, func() { close(told) })
		return nil
	}}
	ended := make(chan struct{})
	go func() { db.Follow(ctx, f); close(ended) }()
	longest := time.Duration(0)
	for waiting := true; waiting; {
		select {
		case d := <-notes:
			longest = max(longest, d)
		case <-told:
			waiting = false
		}
	}
	stop()
	for running := true; running; {
		select {
		case <-notes:
		case <-ended:
			running = false
		}
	}
	if n, err := db.Parked(context.Background()); err != nil || n != 0 {
		t.Errorf("%d facts parked (%v), want none", n, err)
	}
	if longest != time.Minute {
		t.Errorf("the longest wait was %v, want a minute", longest)
	}
}

func TestFollowWakesWhenAFactIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx, stop := context.WithCancel(context.Background())
		db.SetWait(func(time.Duration) <-chan time.Time { return nil }) // the clock never helps
		told := make(chan string)
		f := store.Follower{Name: "test", Tell: func(ctx context.Context, facts []store.Fact) error {
			db.After(ctx, func() {
				for _, w := range words(facts) {
					told <- w
				}
			})
			return nil
		}}
		ended := make(chan struct{})
		go func() { db.Follow(ctx, f); close(ended) }()
		for _, w := range []string{"one", "two", "three"} {
			say(t, db, w)
			if got := <-told; got != w {
				t.Fatalf("told %q, want %q", got, w)
			}
		}
		stop()
		<-ended
	})
}

// A follower reads while many transactions commit at once. Numbers are drawn
// before a commit, so without the lock at the end of a transaction a reader
// would pass over one that is drawn early and committed late.
func TestAFollowerNeverSkipsAPosition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		const writers, each = 16, 25
		var told []int64
		f := store.Follower{Name: "test", Batch: 7, Tell: func(_ context.Context, facts []store.Fact) error {
			for _, x := range facts {
				told = append(told, x.Pos)
			}
			return nil
		}}
		var group sync.WaitGroup
		failed := make(chan error, writers*each)
		want := 0
		for w := range writers {
			for i := range each {
				want += 1 + (w+i)%3
			}
			group.Go(func() {
				for i := range each {
					failed <- db.InTx(ctx, func(ctx context.Context) error {
						for range 1 + (w+i)%3 {
							if err := db.Tell(ctx, social.Governed{What: "x"}); err != nil {
								return err
							}
						}
						return db.Record(ctx, social.Entry{Verb: "told", Object: "fact", ID: fmt.Sprint(w, i)})
					})
				}
			})
		}
		done := make(chan struct{})
		go func() { group.Wait(); close(done); close(failed) }()
		for writing := true; writing; {
			select {
			case <-done:
				writing = false
			default:
			}
			if _, err := db.Step(ctx, f); err != nil {
				t.Fatal(err)
			}
		}
		for err := range failed {
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Drain(ctx, f); err != nil {
			t.Fatal(err)
		}
		kept, err := db.Facts(ctx, 0, want+1)
		if err != nil || len(kept) != want {
			t.Fatalf("%d facts kept (%v), want %d", len(kept), err, want)
		}
		var all []int64
		for _, x := range kept {
			all = append(all, x.Pos)
		}
		if !slices.Equal(told, all) {
			t.Fatalf("told %d facts, kept %d, not the same in the same order", len(told), len(all))
		}
	})
}

// Two processes that follow under one name, as during a rolling restart, share
// the facts between them.
func TestTwoThatFollowUnderOneNameAreToldEachFactOnce(t *testing.T) {
	if slices.Contains(engines(), store.Postgres) {
		address := storetest.Database(t)
		twoFollow(t, store.Options{Dir: t.TempDir(), URL: address})
	}
	twoFollow(t, store.Options{Dir: t.TempDir()})
}

func twoFollow(t *testing.T, o store.Options) {
	ctx := context.Background()
	var dbs [2]*store.DB
	for i := range dbs {
		var err error
		if dbs[i], err = store.Open(ctx, o); err != nil {
			t.Fatal(err)
		}
		defer dbs[i].Close()
	}
	if err := dbs[0].Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	const n = 120
	do(t, dbs[0], func(ctx context.Context) error {
		for i := range n {
			if err := dbs[0].Tell(ctx, social.Governed{What: fmt.Sprint(i)}); err != nil {
				return err
			}
		}
		return nil
	})
	var group sync.WaitGroup
	failed := make(chan error, len(dbs))
	for _, db := range dbs {
		f := store.Follower{Name: "shared", Batch: 3, Tell: func(ctx context.Context, facts []store.Fact) error {
			for _, w := range words(facts) { // a second time would break the key
				if _, err := db.IDB(ctx).NewRaw("INSERT INTO setting (name, value) VALUES (?, '1')", "told."+w).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		}}
		group.Go(func() { failed <- db.Drain(ctx, f) })
	}
	group.Wait()
	close(failed)
	for err := range failed {
		if err != nil {
			t.Fatalf("%s: %v", dbs[0].Engine, err)
		}
	}
	var told int
	if err := dbs[0].IDB(ctx).NewRaw("SELECT COUNT(*) FROM setting").Scan(ctx, &told); err != nil || told != n {
		t.Fatalf("%s: %d facts told (%v), want %d", dbs[0].Engine, told, err, n)
	}
}

func TestPruneKeepsWhatSomebodyHasYetToBeTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		ctx := context.Background()
		kept := func() []string {
			t.Helper()
			facts, err := db.Facts(ctx, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			return words(facts)
		}
		prune := func(before time.Time) {
			t.Helper()
			if err := db.Prune(ctx, before); err != nil {
				t.Fatal(err)
			}
		}
		nothing := func(context.Context, []store.Fact) error { return nil }
		quick := store.Follower{Name: "quick", Tell: nothing}
		slow := store.Follower{Name: "slow", Batch: 2, Tell: nothing}
		say(t, db, "a", "b", "c")
		now.Add(time.Hour)
		say(t, db, "d")
		later := now.Now().Add(time.Hour)
		prune(later)
		if got := kept(); len(got) != 4 {
			t.Fatalf("nobody follows, kept %v, want all", got)
		}
		if err := db.Drain(ctx, quick); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Step(ctx, slow); err != nil { // a and b
			t.Fatal(err)
		}
		prune(later)
		if got := kept(); !slices.Equal(got, []string{"b", "c", "d"}) {
			t.Fatalf("slow has yet to be told c and d, kept %v", got)
		}
		if err := db.Drain(ctx, slow); err != nil {
			t.Fatal(err)
		}
		prune(storetest.Start.Add(time.Minute)) // only what is older
		if got := kept(); !slices.Equal(got, []string{"d"}) {
			t.Fatalf("kept %v, want what is young enough", got)
		}
		head, err := db.Head(ctx)
		if err != nil {
			t.Fatal(err)
		}
		prune(later)
		if after, err := db.Head(ctx); err != nil || after != head {
			t.Fatalf("the head went from %d to %d (%v)", head, after, err)
		}
		behind, err := db.Behind(ctx)
		if err != nil || behind["quick"] != 0 || behind["slow"] != 0 || len(behind) != 2 {
			t.Fatalf("behind %v (%v)", behind, err)
		}
	})
}

func TestAFollowerIsToldOnlyWhatItWants(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		say(t, db, "no")
		do(t, db, func(ctx context.Context) error { return db.Tell(ctx, social.MonitorSaved{Monitor: "m"}) })
		say(t, db, "no")
		var got []social.Fact
		f := store.Follower{Name: "test", Facts: []string{"monitor_saved"}, Tell: func(_ context.Context, facts []store.Fact) error {
			for _, x := range facts {
				got = append(got, x.Fact)
			}
			return nil
		}}
		if err := db.Drain(ctx, f); err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got[0] != (social.MonitorSaved{Monitor: "m"}) {
			t.Fatalf("told %v", got)
		}
		if behind, err := db.Behind(ctx); err != nil || behind["test"] != 0 {
			t.Fatalf("behind %v (%v): its place must move past what it does not want", behind, err)
		}
	})
}
