// Package storetest opens real, empty, migrated databases for tests: always
// SQLite, and PostgreSQL too where PARLEY_TEST_DATABASE gives the address of
// a server on which databases may be made ("make test" sets it; "make quick"
// does not).
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/store"
)

// Start is where the clocks of tests stand at first.
var Start = time.Date(2026, 11, 21, 9, 26, 0, 0, time.UTC)

// Each runs f on every engine that is there, each time on an empty database
// whose clock stands at Start.
func Each(t *testing.T, f func(t *testing.T, db *store.DB, now *clock.Set)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		now := clock.NewSet(Start)
		f(t, SQLite(t, now), now)
	})
	if os.Getenv("PARLEY_TEST_DATABASE") != "" {
		t.Run("postgres", func(t *testing.T) {
			now := clock.NewSet(Start)
			f(t, Postgres(t, now), now)
		})
	}
}

// SQLite opens an empty, migrated SQLite database in a folder of the test.
func SQLite(t testing.TB, c clock.Clock) *store.DB {
	t.Helper()
	return open(t, store.Options{Dir: t.TempDir(), Clock: c})
}

// Postgres makes an empty, migrated database on the server that
// PARLEY_TEST_DATABASE names and drops it afterwards.
func Postgres(t testing.TB, c clock.Clock) *store.DB {
	t.Helper()
	address := Database(t)
	return open(t, store.Options{Dir: t.TempDir(), URL: address, Clock: c})
}

// Database makes an empty PostgreSQL database and returns its address.
func Database(t testing.TB) string {
	t.Helper()
	server := os.Getenv("PARLEY_TEST_DATABASE")
	if server == "" {
		t.Fatal("PARLEY_TEST_DATABASE is not set; run the tests with make test")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "t_" + strings.ReplaceAll(id.New(), "-", "")
	ctx := context.Background()
	if _, err := admin.ExecContext(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'", name)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := admin.ExecContext(ctx, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name))
		if err != nil {
			t.Error(err)
		}
		_ = admin.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func open(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return db
}
