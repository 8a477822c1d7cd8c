package store_test

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// engines are those that this run has.
func engines() []store.Engine {
	if os.Getenv("PARLEY_TEST_DATABASE") == "" {
		return []store.Engine{store.SQLite}
	}
	return []store.Engine{store.SQLite, store.Postgres}
}

// bare opens an empty database without a schema.
func bare(t *testing.T, engine store.Engine) *store.DB {
	t.Helper()
	o := store.Options{Dir: t.TempDir(), Clock: clock.NewSet(storetest.Start), Version: "test"}
	if engine == store.Postgres {
		o.URL = storetest.Database(t)
	}
	db, err := store.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// filled opens a database with odd values in tables of every column type.
func filled(t *testing.T, engine store.Engine) *store.DB {
	t.Helper()
	ctx := context.Background()
	db := bare(t, engine)
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	do(t, db, func(ctx context.Context) error {
		for i, s := range []string{"", "plain", "\"quoted\", [and] <b>&amp;", "line\nbreak\\", "Zürich 🫖 \u2028", strings.Repeat("long ", 5000), `["x"]`, "null"} {
			if err := db.SetSetting(ctx, fmt.Sprintf("odd%d", i), s); err != nil {
				return err
			}
			if err := db.Tell(ctx, social.Governed{What: s}); err != nil {
				return err
			}
			if err := db.Record(ctx, social.Entry{Verb: "tried", Object: "text", ID: s}); err != nil {
				return err
			}
		}
		for i, r := range []float64{0, -1.5, 1, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), 0.1} {
			if _, err := db.IDB(ctx).NewRaw(`INSERT INTO score (activity_id, lang, lang_confidence, sentiment, sentiment_score, sentiment_confidence, why, intents, model, scored_at)
VALUES (?, 'en', ?, '', 0, 0, '[]', '[]', 'm', ?)`, fmt.Sprint(i), r, int64(math.MaxInt64)-int64(i)).Exec(ctx); err != nil {
				return err
			}
		}
		for i, b := range [][]byte{{}, {0}, {0xff, 0xfe, '\n'}, bytes.Repeat([]byte{1, 2, 3}, 50000)} {
			if _, err := db.IDB(ctx).NewRaw("INSERT INTO inbound (seq, channel_id, event_key, at, received_at, raw) VALUES (?, 'c', ?, 1, -1, ?)", i+1, fmt.Sprint(i), b).Exec(ctx); err != nil {
				return err
			}
		}
		for i := range 450 { // more than two statements of an insert, and a rest
			if _, err := db.IDB(ctx).NewRaw("INSERT INTO person (id, name, name_edited, seen_at, created_at) VALUES (?, ?, ?, ?, 0)", fmt.Sprint(i), "n", i%2 == 0, i).Exec(ctx); err != nil {
				return err
			}
		}
		_, err := db.IDB(ctx).NewRaw("INSERT INTO programme (id, name, folded, mission, sponsor, lead, state, maturity, created_at, updated_at) VALUES ('p', 'P', 'p', '', '', '', 'active', 1, 0, 0)").Exec(ctx)
		if err != nil {
			return err
		}
		_, err = db.IDB(ctx).NewRaw("INSERT INTO member (id, email, folded, name, role, state, created_at, updated_at) VALUES ('m', 'M', 'm', '', 'admin', 'active', 0, 0)").Exec(ctx)
		if err != nil {
			return err
		}
		_, err = db.IDB(ctx).NewRaw("INSERT INTO programme_member (programme, member, role, added_at) VALUES ('p', 'm', 'admin', 0)").Exec(ctx)
		return err
	})
	return db
}

func do(t testing.TB, db *store.DB, f func(ctx context.Context) error) {
	t.Helper()
	if err := db.InTx(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func backup(t *testing.T, db *store.DB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := store.Backup(context.Background(), db, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// content is what a backup holds, row by row, in an order of its own.
func content(t *testing.T, backup []byte) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	each(t, backup, func(name string, b []byte) {
		table := strings.Split(name, "/")
		if len(table) == 3 {
			out[table[1]] = append(out[table[1]], strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")...)
		}
	})
	for _, rows := range out {
		slices.Sort(rows)
	}
	return out
}

func each(t *testing.T, backup []byte, f func(name string, content []byte)) {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(backup))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		f(h.Name, b)
	}
}

func TestBackupGoesFromAnyEngineToAnyEngine(t *testing.T) {
	ctx := context.Background()
	for _, from := range engines() {
		for _, to := range engines() {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				old := filled(t, from)
				last, err := old.Head(ctx)
				if err != nil {
					t.Fatal(err)
				}
				do(t, old, func(ctx context.Context) error { // the newest number is used, though nothing bears it
					_, err := old.IDB(ctx).NewRaw("DELETE FROM outbox WHERE pos = ?", last).Exec(ctx)
					return err
				})
				before := content(t, backup(t, old))
				for _, table := range []string{"setting", "outbox", "record", "score", "inbound", "person", "programme_member"} {
					if len(before[table]) == 0 {
						t.Fatalf("the backup holds no %s", table)
					}
				}
				db := bare(t, to)
				settled := false
				err = store.Restore(ctx, db, bytes.NewReader(backup(t, old)), func(context.Context) error { settled = true; return nil })
				if err != nil {
					t.Fatal(err)
				}
				if !settled {
					t.Error("nobody was asked to settle")
				}
				after := content(t, backup(t, db))
				for table := range maps.Keys(before) {
					if !slices.Equal(before[table], after[table]) {
						t.Errorf("%s differs:\n%.500q\n%.500q", table, before[table], after[table])
					}
				}
				if len(after) != len(before) {
					t.Errorf("%d tables with rows, want %d", len(after), len(before))
				}
				do(t, db, func(ctx context.Context) error { return db.Tell(ctx, social.Governed{What: "next"}) })
				if head, err := db.Head(ctx); err != nil || head != last+1 {
					t.Errorf("the next fact has position %d (%v), want %d", head, err, last+1)
				}
			})
		}
	}
}

func TestOddTextOfSQLiteFindsAPlace(t *testing.T) {
	ctx := context.Background()
	old := filled(t, store.SQLite)
	odd := "nul \x00 and \xff\xfe"
	do(t, old, func(ctx context.Context) error {
		_, err := old.IDB(ctx).NewRaw("INSERT INTO setting (name, value) VALUES ('odd', CAST(? AS TEXT))", []byte(odd)).Exec(ctx)
		return err
	})
	want := map[store.Engine]string{store.SQLite: odd, store.Postgres: "nul \uFFFD and \uFFFD"}
	for _, to := range engines() {
		db := bare(t, to)
		if err := store.Restore(ctx, db, bytes.NewReader(backup(t, old))); err != nil {
			t.Fatal(err)
		}
		var got string
		if err := db.IDB(ctx).NewRaw("SELECT value FROM setting WHERE name = 'odd'").Scan(ctx, &got); err != nil || got != want[to] {
			t.Errorf("%s: got %q (%v), want %q", to, got, err, want[to])
		}
	}
}

// remade is a backup with one part changed, or left out where change gives nil.
func remade(t *testing.T, backup []byte, change func(name string, content []byte) []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	each(t, backup, func(name string, content []byte) {
		if content = change(name, content); content == nil {
			return
		}
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestABadBackupIsRefused(t *testing.T) {
	ctx := context.Background()
	good := backup(t, filled(t, store.SQLite))
	flipped := bytes.Clone(good)
	flipped[len(flipped)/2] ^= 0x10
	in := func(part, old, new string) []byte {
		t.Helper()
		found := false
		b := remade(t, good, func(name string, content []byte) []byte {
			if strings.HasPrefix(name, part) && bytes.Contains(content, []byte(old)) {
				found = true
				return bytes.Replace(content, []byte(old), []byte(new), 1)
			}
			return content
		})
		if !found {
			t.Fatalf("no %q in %s", old, part)
		}
		return b
	}
	without := func(part string) []byte {
		return remade(t, good, func(name string, content []byte) []byte {
			if strings.HasPrefix(name, part) {
				return nil
			}
			return content
		})
	}
	row := "" // of the person 7, whatever columns there are
	remade(t, good, func(name string, content []byte) []byte {
		if strings.HasPrefix(name, "tables/person/") {
			for line := range strings.Lines(string(content)) {
				if strings.HasPrefix(line, `["7",`) {
					row = line
				}
			}
		}
		return content
	})
	if row == "" {
		t.Fatal("the person 7 is not in the backup")
	}
	tests := []struct {
		name string
		file []byte
		says string
	}{
		{"a bit flipped", flipped, "damaged"},
		{"cut off", good[:len(good)-200], "damaged"},
		{"a word changed", in("tables/setting/", "plain", "plein"), "damaged"},
		{"a row lost", in("tables/person/", row, ""), "damaged"},
		{"a value of another kind", in("tables/person/", ",true,", ",maybe,"), "damaged"},
		{"a row that exists twice", in("tables/person/", "[\"7\",", "[\"8\","), "refuses rows"},
		{"a table lost", without("tables/person/"), "damaged"},
		{"the sums lost", without("sums"), "damaged"},
		{"the manifest lost", without("manifest"), "not a backup"},
		{"a column lost", in("manifest", `"name": "name_edited"`, `"name": "name_edite"`), "tables are not those"},
		{"a newer schema", in("manifest", `"schema": `, `"schema": 9`), "newer Parley"},
		{"another format", in("manifest", `"format": 1`, `"format": 2`), "format 2"},
		{"something else", []byte("SQLite format 3\x00 and so on"), "not a backup"},
		{"nothing", nil, "not a backup"},
	}
	for _, engine := range engines() {
		db := bare(t, engine) // one for all: nothing of a bad backup comes in
		for _, tt := range tests {
			t.Run(string(engine)+" "+tt.name, func(t *testing.T) {
				err := store.Restore(ctx, db, bytes.NewReader(tt.file))
				if social.KindOf(err) != social.Invalid || !strings.Contains(err.Error(), tt.says) {
					t.Fatalf("got %v (%s), want an error that says %q", err, social.KindOf(err), tt.says)
				}
			})
		}
		if err := store.Restore(ctx, db, bytes.NewReader(good)); err != nil {
			t.Fatalf("%s: the good backup afterwards: %v", engine, err)
		}
	}
}

func TestADatabaseInUseIsNotOverwritten(t *testing.T) {
	ctx := context.Background()
	for _, engine := range engines() {
		t.Run(string(engine), func(t *testing.T) {
			db := filled(t, engine)
			before := content(t, backup(t, db))
			err := store.Restore(ctx, db, bytes.NewReader(backup(t, db)))
			if social.KindOf(err) != social.Conflict {
				t.Fatalf("got %v, want a refusal", err)
			}
			if after := content(t, backup(t, db)); !maps.EqualFunc(before, after, slices.Equal) {
				t.Fatal("the rows changed")
			}
		})
	}
}

func TestWhatARestoreLeavesIsSettledOnceAndNotForgotten(t *testing.T) {
	ctx := context.Background()
	db := bare(t, store.SQLite)
	calls := 0
	settle := func(context.Context) error {
		calls++
		if calls == 1 {
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	if err := store.Restore(ctx, db, bytes.NewReader(backup(t, filled(t, store.SQLite))), settle); err == nil {
		t.Fatal("want the error of the first try")
	}
	for range 2 { // the next two starts
		if err := store.Settle(ctx, db, settle); err != nil {
			t.Fatal(err)
		}
	}
	if calls != 2 {
		t.Fatalf("called %d times, want once in vain and once more", calls)
	}
}

func TestBackupIsOneMoment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := t.Context()
		wrote, stop, stopped := make(chan error), make(chan struct{}), make(chan struct{})
		write := func(n int) error { // both tables are always equally far
			return db.InTx(ctx, func(ctx context.Context) error {
				if err := db.Tell(ctx, social.Governed{What: fmt.Sprint(n)}); err != nil {
					return err
				}
				return db.Record(ctx, social.Entry{Verb: "wrote", Object: "row", ID: fmt.Sprint(n)})
			})
		}
		go func() {
			defer close(stopped)
			for n := 1; ; n++ {
				select {
				case wrote <- write(n):
				case <-stop:
					return
				}
			}
		}()
		defer func() { close(stop); <-stopped }()
		last := 0
		for range 10 {
			var b bytes.Buffer
			done := make(chan error, 1)
			go func() { done <- store.Backup(ctx, db, &b) }()
			for running, writes := true, 0; running || writes == 0; {
				select {
				case err := <-done:
					if err != nil {
						t.Fatal(err)
					}
					running = false
				case err := <-wrote: // writing goes on meanwhile
					if err != nil {
						t.Fatal(err)
					}
					writes++
				}
			}
			got := content(t, b.Bytes())
			facts, entries := len(got["outbox"]), len(got["record"])
			if facts != entries {
				t.Fatalf("%d facts and %d entries: not one moment", facts, entries)
			}
			if facts < last {
				t.Fatalf("%d facts after %d: the backup is old", facts, last)
			}
			last = facts
		}
		if last == 0 {
			t.Fatal("no backup holds anything")
		}
	})
}

func TestManifestSaysWhatIsInTheBackup(t *testing.T) {
	db := filled(t, store.SQLite)
	db.Clock.(*clock.Set).Move(storetest.Start)
	var head struct {
		Parley, Engine, At string
		Schema             int64
		LeftOut            []string `json:"left_out"`
	}
	each(t, backup(t, db), func(name string, b []byte) {
		if name == "manifest.json" {
			if err := json.Unmarshal(b, &head); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Contains(name, "activity_text") {
			t.Errorf("%s is derived and should be left out", name)
		}
	})
	schema, err := db.Schema(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if head.Parley != "test" || head.Engine != "sqlite" || head.Schema != schema || head.At != "2026-11-21T09:26:00Z" {
		t.Errorf("got %+v", head)
	}
	if len(head.LeftOut) == 0 || !strings.Contains(head.LeftOut[0], "sealing key") {
		t.Errorf("the manifest does not say that the key is missing: %q", head.LeftOut)
	}
}

func TestBackupFileIsWholeOrAbsent(t *testing.T) {
	ctx := context.Background()
	db := filled(t, store.SQLite)
	path := filepath.Join(t.TempDir(), "b.parley")
	ended, end := context.WithCancel(ctx)
	end()
	if err := store.BackupFile(ended, db, path); err == nil {
		t.Fatal("want an error")
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Fatalf("a backup that failed left a file: %v", err)
	}
	if err := store.BackupFile(ctx, db, path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info, err)
	}
	if err := store.BackupFile(ctx, db, path); !os.IsExist(err) {
		t.Fatalf("got %v: a backup must not be written over", err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A migration that writes rows would make an empty database look used, and its
// rows would stand in the way of those of a backup.
func TestMigrationsLeaveEveryTableEmpty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		var b bytes.Buffer
		if err := store.Backup(context.Background(), db, &b); err != nil {
			t.Fatal(err)
		}
		if err := store.Restore(context.Background(), storetest.SQLite(t, now), &b); err != nil {
			t.Errorf("what was only migrated does not count as empty: %v", err)
		}
	})
}
