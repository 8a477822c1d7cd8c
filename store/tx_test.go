package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

func TestAPartThatFailsFailsTheWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		no := social.Errorf(social.Conflict, "Not like that.")
		after := false
		err := db.InTx(ctx, func(ctx context.Context) error {
			db.After(ctx, func() { after = true })
			_ = db.InTx(ctx, func(ctx context.Context) error { // the caller goes on as if nothing were
				if err := db.SetSetting(ctx, "half", 1); err != nil {
					return err
				}
				return no
			})
			return nil
		})
		if !errors.Is(err, no) {
			t.Fatalf("got %v, want the error of the part", err)
		}
		var half int
		if there, err := db.Setting(ctx, "half", &half); err != nil || there {
			t.Fatalf("the failed part was written (%v)", err)
		}
		if after {
			t.Fatal("what should run after the commit ran without one")
		}
	})
}

func TestAPanicWritesNothingAndBlocksNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.InTx(ctx, func(ctx context.Context) error {
				if err := db.SetSetting(ctx, "half", 1); err != nil {
					return err
				}
				panic("a mistake")
			})
		}()
		do(t, db, func(ctx context.Context) error { return db.SetSetting(ctx, "next", 1) })
		var half int
		if there, err := db.Setting(ctx, "half", &half); err != nil || there {
			t.Fatalf("the panicking transaction was written (%v)", err)
		}
	})
}

func TestMoreFactsThanOneStatementTakes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		const n = 1234
		do(t, db, func(ctx context.Context) error {
			for i := range n {
				if err := db.Tell(ctx, social.Governed{What: fmt.Sprint(i)}); err != nil {
					return err
				}
				if err := db.Record(ctx, social.Entry{Verb: "told", Object: "fact", ID: fmt.Sprint(i)}); err != nil {
					return err
				}
			}
			return nil
		})
		facts, err := db.Facts(ctx, 0, 2*n)
		if err != nil || len(facts) != n {
			t.Fatalf("%d facts (%v), want %d", len(facts), err, n)
		}
		for i, f := range facts {
			if f.Fact.(social.Governed).What != fmt.Sprint(i) {
				t.Fatalf("fact %d is %v", i, f.Fact)
			}
		}
	})
}

func TestAFullDiskIsSaidAndChangesNothing(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t, clock.NewSet(storetest.Start))
	do(t, db, func(ctx context.Context) error { return db.SetSetting(ctx, "before", 1) })
	pages, err := db.Pages()
	if err != nil {
		t.Fatal(err)
	}
	if err := db.LimitPages(pages); err != nil {
		t.Fatal(err)
	}
	err = db.InTx(ctx, func(ctx context.Context) error {
		if err := db.SetSetting(ctx, "small", 1); err != nil {
			return err
		}
		return db.SetSetting(ctx, "large", strings.Repeat("x", 100_000))
	})
	if social.KindOf(err) != social.Busy || !strings.Contains(err.Error(), "disk is full") || !store.IsFull(err) {
		t.Fatalf("got %v (%s), want a sentence that the disk is full", err, social.KindOf(err))
	}
	var small int
	if there, err := db.Setting(ctx, "small", &small); err != nil || there {
		t.Fatalf("half of it was written (%v)", err)
	}
	if err := db.LimitPages(pages + 1000); err != nil { // somebody made room
		t.Fatal(err)
	}
	do(t, db, func(ctx context.Context) error { return db.SetSetting(ctx, "large", strings.Repeat("x", 100_000)) })
}

func TestOddFoldersAreFolders(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"with space", "what?cache=shared#x", "100%25", "übung"} {
		dir := filepath.Join(t.TempDir(), name)
		db, err := store.Open(ctx, store.Options{Dir: dir})
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if err := db.Migrate(ctx); err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		found, err := filepath.Glob(filepath.Join(strings.NewReplacer("?", "\\?").Replace(dir), "parley.db"))
		if err != nil || len(found) != 1 {
			t.Errorf("%q: the database lies elsewhere: %v", name, found)
		}
	}
}

func TestAWrongAddressIsAClearError(t *testing.T) {
	tests := []struct {
		name, url string
		kind      social.Kind
	}{
		{"another engine", "mysql://localhost/parley", social.Invalid},
		{"nobody there", "postgres://parley@127.0.0.1:1/parley?connect_timeout=5", social.Busy},
		{"no address at all", "postgres://a b:c d@@@/%zz", social.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := store.Open(context.Background(), store.Options{Dir: t.TempDir(), URL: tt.url})
			var known *social.Error
			if !errors.As(err, &known) || known.Kind != tt.kind {
				t.Fatalf("got %v (%s), want kind %s", err, social.KindOf(err), tt.kind)
			}
		})
	}
}

func TestASchemaFromTheFutureIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		if err := db.Write("INSERT INTO migration (version_id, is_applied) VALUES (9999, TRUE)"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := db.Pending(ctx); social.KindOf(err) != social.Invalid || !strings.Contains(err.Error(), "newer Parley") {
			t.Errorf("Pending: got %v, want a refusal", err)
		}
		if err := db.Migrate(ctx); social.KindOf(err) != social.Invalid {
			t.Errorf("Migrate: got %v, want a refusal", err)
		}
		if err := store.BackupBeforeMigrate(ctx, db); social.KindOf(err) != social.Invalid {
			t.Errorf("BackupBeforeMigrate: got %v, want a refusal", err)
		}
	})
}

func TestABackupComesBeforeAMigration(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		files := func() []string {
			t.Helper()
			found, err := filepath.Glob(filepath.Join(db.Dir(), "backups", "*"))
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		do(t, db, func(ctx context.Context) error { return db.SetSetting(ctx, "kept", 1) })
		if err := store.BackupBeforeMigrate(ctx, db); err != nil || len(files()) != 0 {
			t.Fatalf("nothing waits, yet there is %v (%v)", files(), err)
		}
		schema, err := db.Schema(ctx)
		if err != nil {
			t.Fatal(err)
		}
		// The last migration never ran.
		if err := db.Write(fmt.Sprintf("DELETE FROM migration WHERE version_id = %d", schema)); err != nil {
			t.Fatal(err)
		}
		if schema, err = db.Schema(ctx); err != nil { // numbers may have gaps
			t.Fatal(err)
		}
		if err := store.BackupBeforeMigrate(ctx, db); err != nil {
			t.Fatal(err)
		}
		if len(files()) != 1 {
			t.Fatalf("want one backup, got %v", files())
		}
		if !strings.Contains(files()[0], fmt.Sprintf("schema-%04d-", schema)) {
			t.Errorf("the backup is called %s", files()[0])
		}
		rows := content(t, read(t, files()[0]))["setting"]
		if len(rows) != 1 || !strings.Contains(rows[0], "kept") {
			t.Errorf("the backup holds the settings %v", rows)
		}
	})
}

func TestAFreshDatabaseNeedsNoBackup(t *testing.T) {
	db := bare(t, store.SQLite)
	if err := store.BackupBeforeMigrate(context.Background(), db); err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(filepath.Join(db.Dir(), "backups", "*")); len(found) != 0 {
		t.Fatalf("got %v", found)
	}
	var b bytes.Buffer
	if err := store.Backup(context.Background(), db, &b); err == nil {
		t.Fatal("a database without a schema can't be backed up")
	}
}

func TestCursors(t *testing.T) {
	at, id := int64(1795), "a\"b"
	good := store.Cursor(at, id)
	tests := []struct {
		name, cursor string
		ok           bool
		kind         social.Kind
	}{
		{"none", "", false, ""},
		{"ours", good, true, ""},
		{"not base64", "???", false, social.Invalid},
		{"not ours", "e30", false, social.Invalid},
		{"too short", store.Cursor(at), false, social.Invalid},
		{"of another list", store.Cursor(id, at), false, social.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var gotAt int64
			var gotID string
			ok, err := store.FromCursor(tt.cursor, &gotAt, &gotID)
			if ok != tt.ok || social.KindOf(err) != tt.kind {
				t.Fatalf("got %v, %v", ok, err)
			}
			if tt.ok && (gotAt != at || gotID != id) {
				t.Fatalf("got %d, %q", gotAt, gotID)
			}
		})
	}
}
