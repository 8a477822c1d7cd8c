// Package storetest opens real, empty, migrated databases for tests: always
// SQLite, and PostgreSQL too where PARLEY_TEST_DATABASE gives the address of
// a server on which databases may be made ("make test" sets it; "make quick"
// does not).
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"
	"sync"
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
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	return open(t, store.Options{Dir: t.TempDir(), URL: create(t, from), Clock: c})
}

// Database makes an empty PostgreSQL database without a schema and returns
// its address.
func Database(t testing.TB) string {
	t.Helper()
	return create(t, empty)
}

// empty is what every database here begins with: order by bytes, letters
// folded as Unicode does.
const empty = "template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"

// server is where databases may be made.
func server() (*sql.DB, string, error) {
	address := os.Getenv("PARLEY_TEST_DATABASE")
	if address == "" {
		return nil, "", errors.New("PARLEY_TEST_DATABASE is not set; run the tests with make test")
	}
	admin, err := sql.Open("pgx", address)
	return admin, address, err
}

// named is the address of another database on the same server.
func named(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	u.Path = "/" + name
	return u.String()
}

func create(t testing.TB, from string) string {
	t.Helper()
	admin, address, err := server()
	if err != nil {
		t.Fatal(err)
	}
	name := "t_" + strings.ReplaceAll(id.New(), "-", "")
	ctx := context.Background()
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+from); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := admin.ExecContext(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
		if err != nil {
			t.Error(err)
		}
		_ = admin.Close()
	})
	return named(address, name)
}

// template makes the database that migrated ones are copied from, once for
// each schema and server: copying is quicker than migrating.
var template = sync.OnceValues(func() (string, error) {
	admin, address, err := server()
	if err != nil {
		return "", err
	}
	defer admin.Close()
	ctx := context.Background()
	conn, err := admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()                                                                // lets the lock go
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(7401)"); err != nil { // other packages' tests run beside these
		return "", err
	}
	name := "parley_" + store.Fingerprint()
	var there bool
	if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return name, err
	}
	for _, do := range []string{"DROP DATABASE IF EXISTS " + name + "_new WITH (FORCE)", "CREATE DATABASE " + name + "_new TEMPLATE " + empty} {
		if _, err := conn.ExecContext(ctx, do); err != nil {
			return "", err
		}
	}
	db, err := store.Open(ctx, store.Options{URL: named(address, name+"_new")})
	if err != nil {
		return "", err
	}
	if err := errors.Join(db.Migrate(ctx), db.Close()); err != nil {
		return "", err
	}
	_, err = conn.ExecContext(ctx, "ALTER DATABASE "+name+"_new RENAME TO "+name)
	return name, err
})

func open(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if o.URL != "" {
		return db
	}
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return db
}
