package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// TestMain lets this program be its own child, who writes until it is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("PARLEY_KILL_DIR"); dir != "" {
		err := writeUntilKilled(store.Options{Dir: dir, URL: os.Getenv("PARLEY_KILL_URL")})
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// sizeOf is how many rows batch n has: small ones are killed while they
// commit, large ones while they write.
func sizeOf(n int) int { return 1 + n*n%151 }

// writeUntilKilled writes batches and says each one's number once it is
// committed. A follower counts the facts meanwhile.
func writeUntilKilled(o store.Options) error {
	ctx := context.Background()
	db, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	var last int
	if err := db.IDB(ctx).NewRaw("SELECT COUNT(*) FROM outbox").Scan(ctx, &last); err != nil {
		return err
	}
	failed := make(chan error)
	go func() {
		for {
			if _, err := db.Step(ctx, counter(db)); err != nil {
				failed <- err
			}
		}
	}()
	for n := last + 1; ; n++ {
		if err := db.InTx(ctx, func(ctx context.Context) error { return batch(ctx, db, n) }); err != nil {
			return err
		}
		select {
		case err := <-failed:
			return err
		default:
			fmt.Println(n)
		}
	}
}

func batch(ctx context.Context, db *store.DB, n int) error {
	for i := range sizeOf(n) {
		_, err := db.IDB(ctx).NewRaw("INSERT INTO setting (name, value) VALUES (?, 'x')", fmt.Sprintf("batch.%d.%d", n, i)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	if err := db.Tell(ctx, social.Governed{What: strconv.Itoa(n)}); err != nil {
		return err
	}
	return db.Record(ctx, social.Entry{Verb: "wrote", Object: "batch", ID: strconv.Itoa(n)})
}

// counter writes a row for each fact; a second time would break the key.
func counter(db *store.DB) store.Follower {
	return store.Follower{Name: "counter", Tell: func(ctx context.Context, facts []store.Fact) error {
		for _, w := range words(facts) {
			if _, err := db.IDB(ctx).NewRaw("INSERT INTO parked (follower, pos, name, data, problem, at) VALUES ('counter', ?, '', '', '', 0)", w).Exec(ctx); err != nil {
				return err
			}
			if _, err := db.IDB(ctx).NewRaw("INSERT INTO setting (name, value) VALUES (?, '1')", "told."+w).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}}
}

// TestKill kills the writing child again and again, fifty times or as often as
// PARLEY_KILLS says: whatever it said it had committed is there, each batch is
// whole and there once, and followers were told each fact once.
func TestKill(t *testing.T) {
	kills := 50
	if s := os.Getenv("PARLEY_KILLS"); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	for _, engine := range engines() {
		t.Run(string(engine), func(t *testing.T) { kill(t, engine, kills) })
	}
}

func kill(t *testing.T, engine store.Engine, kills int) {
	ctx := context.Background()
	o := store.Options{Dir: t.TempDir(), Clock: clock.NewSet(storetest.Start)}
	if engine == store.Postgres {
		o.URL = storetest.Database(t)
	}
	look := func(f func(db *store.DB)) {
		t.Helper()
		db, err := store.Open(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		f(db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	look(func(db *store.DB) {
		if err := db.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
	})
	dice := rand.New(rand.NewPCG(1, 2))
	acked, unsaid := 0, 0
	for range kills {
		if n := run(t, o, dice.IntN(8)); n > 0 {
			acked = n
		}
		look(func(db *store.DB) {
			kept := whole(t, db)
			if kept < acked || kept > acked+1 {
				t.Fatalf("the child had said %d batches, %d are there", acked, kept)
			}
			unsaid += kept - acked
			acked = kept
		})
	}
	look(func(db *store.DB) {
		if err := db.Drain(ctx, counter(db)); err != nil {
			t.Fatal(err)
		}
		for what, query := range map[string]string{
			"told":    "SELECT COUNT(*) FROM parked",
			"records": "SELECT COUNT(*) FROM record",
		} {
			var n int
			if err := db.IDB(ctx).NewRaw(query).Scan(ctx, &n); err != nil || n != acked {
				t.Errorf("%d %s (%v), want %d", n, what, err, acked)
			}
		}
		if engine == store.SQLite {
			var said string
			if err := db.IDB(ctx).NewRaw("PRAGMA integrity_check").Scan(ctx, &said); err != nil || said != "ok" {
				t.Errorf("the integrity check says %q (%v)", said, err)
			}
		}
	})
	t.Logf("%d kills, %d batches, %d of them committed but not yet said", kills, acked, unsaid)
	if acked < kills {
		t.Errorf("only %d batches: the kills came too early to mean anything", acked)
	}
}

// run starts the child, kills it after it has said some numbers, and returns
// the last that it said.
func run(t *testing.T, o store.Options, after int) (last int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "PARLEY_KILL_DIR="+o.Dir, "PARLEY_KILL_URL="+o.URL)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for said := 0; lines.Scan(); said++ {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the child: %s", lines.Text())
		}
		last = n
		if said == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // it was killed
	return last
}

// whole checks that batches 1 to n are there, each once and with all of its
// rows, and returns n.
func whole(t *testing.T, db *store.DB) int {
	t.Helper()
	ctx := context.Background()
	for gone := db.Engine == store.SQLite; !gone; { // the server ends what the child began
		var others int
		err := db.IDB(ctx).NewRaw("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Scan(ctx, &others)
		if err != nil {
			t.Fatal(err)
		}
		gone = others == 0
	}
	facts, err := db.Facts(ctx, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	if err := db.IDB(ctx).NewRaw("SELECT name FROM setting WHERE name LIKE 'batch.%'").Scan(ctx, &names); err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, name := range names {
		rows[strings.Split(name, ".")[1]]++
	}
	if len(rows) != len(facts) {
		t.Fatalf("%d batches and %d facts", len(rows), len(facts))
	}
	for i, w := range words(facts) {
		if w != strconv.Itoa(i+1) {
			t.Fatalf("fact %d is of batch %s", i+1, w)
		}
		if rows[w] != sizeOf(i+1) {
			t.Fatalf("batch %s has %d rows of %d", w, rows[w], sizeOf(i+1))
		}
	}
	return len(facts)
}
