package main

import (
	"os"
	"testing"

	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// onBoth runs a test of the whole house on SQLite, and on PostgreSQL where one
// is at hand, each with an empty data folder.
func onBoth(t *testing.T, test func(t *testing.T, where store.Options)) {
	t.Run("sqlite", func(t *testing.T) { test(t, store.Options{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) {
		if os.Getenv("PARLEY_TEST_DATABASE") == "" {
			t.Skip("no PostgreSQL here")
		}
		test(t, store.Options{Dir: t.TempDir(), URL: storetest.Database(t)})
	})
}
