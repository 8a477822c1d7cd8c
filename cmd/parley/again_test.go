package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/people/privacy"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// A backup is made, somebody is erased, the backup is restored: at the next
// start they are erased again by themselves, before anybody sees them.
func TestARestoredBackupForgetsAgain(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { forgetAgainIn(t, func(t *testing.T) string { return "" }) })
	t.Run("postgres", func(t *testing.T) {
		if os.Getenv("PARLEY_TEST_DATABASE") == "" {
			t.Skip("no PostgreSQL here")
		}
		forgetAgainIn(t, func(t *testing.T) string { return storetest.Database(t) })
	})
}

func forgetAgainIn(t *testing.T, database func(t *testing.T) string) {
	ctx := asParley(context.Background())
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	open := func(url string) *house {
		t.Helper()
		h, err := build(ctx, plan{store: store.Options{Dir: dir, URL: url}, timing: engage.Timing{Undo: time.Hour}})
		must(err)
		must(h.forgetAgain(ctx)) // as serving does before it listens
		return h
	}
	h := open(database(t))
	who := plant(t, h)
	must(h.db.Drain(ctx, h.followers()...))
	backup := filepath.Join(t.TempDir(), "before.parley")
	must(store.BackupFile(ctx, h.db, backup))

	r, err := h.keeper.Ask(ctx, privacy.Request{Person: who, Kind: privacy.Erasure, AskedBy: "customer"})
	must(err)
	_, err = h.keeper.Carry(ctx, r.ID)
	must(err)
	must(h.keeper.Work(ctx))
	if left := lookFor(t, h, canaries); len(left) > 0 {
		t.Fatalf("still named in %v", left)
	}
	must(h.db.Close())
	for _, f := range []string{"parley.db", "parley.db-wal", "parley.db-shm"} {
		_ = os.Remove(filepath.Join(dir, f))
	}

	// What a crash left half written at the end of the ledger is no harm.
	ledger := filepath.Join(dir, "forgotten")
	f, err := os.OpenFile(ledger, os.O_APPEND|os.O_WRONLY, 0o600)
	must(err)
	_, err = f.WriteString(`{"hash":"half`)
	must(err)
	must(f.Close())

	url := database(t)
	db, err := store.Open(ctx, store.Options{Dir: dir, URL: url})
	must(err)
	in, err := os.Open(backup)
	must(err)
	must(store.Restore(ctx, db, in))
	must(in.Close())
	must(db.Close())

	h = open(url)
	if left := lookFor(t, h, canaries); len(left) > 0 {
		t.Errorf("the backup has brought them back in %v", left)
	}
	list, _, err := h.keeper.Store.Requests(ctx, privacy.Query{Shut: true, Limit: 10})
	must(err)
	if len(list) != 1 || list[0].State != privacy.Done || !h.keeper.Genuine(list[0]) || list[0].Receipt.Suppressed != 3 {
		t.Errorf("the register: %+v", list)
	}
	if !h.keeper.Shields(social.Activity{Author: social.Author{Scheme: "mailto", Value: canaryMail}, Published: time.Now()}) {
		t.Error("what they say is taken in anew")
	}
	v, err := h.archive.Verify(ctx)
	if err != nil || !v.OK {
		t.Errorf("the record: %+v %v", v, err)
	}
	if n, err := h.keeper.Again(ctx); n != 0 || err != nil {
		t.Errorf("a second time: %d, %v", n, err)
	}
	must(h.db.Close())
	data, err := os.ReadFile(ledger)
	must(err)
	for _, w := range canaries {
		if bytes.Contains(bytes.ToLower(data), []byte(w)) {
			t.Errorf("the ledger names %q", w)
		}
	}
	if url == "" {
		must(filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			for _, w := range canaries {
				if bytes.Contains(bytes.ToLower(data), []byte(w)) {
					t.Errorf("%s still holds %q", path, w)
				}
			}
			return err
		}))
	}

	// A ledger that is lost is made anew out of the database; one that was
	// changed is not believed.
	must(os.Remove(ledger))
	h = open(url)
	lines, err := h.keeper.Ledger.Read()
	if err != nil || len(lines) != 3 {
		t.Errorf("made anew: %+v, %v", lines, err)
	}
	must(h.db.Close())
	data, err = os.ReadFile(ledger)
	must(err)
	must(os.WriteFile(ledger, bytes.Replace(data, []byte("erased"), []byte("kept"), 1), 0o600))
	if _, err := h.keeper.Ledger.Read(); err != privacy.ErrSealed {
		t.Errorf("a ledger that was changed is read: %v", err)
	}
	h = open(url) // and Parley starts all the same
	must(h.db.Close())
}
