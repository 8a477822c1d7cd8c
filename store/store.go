// Package store is the database edge: SQLite by default, PostgreSQL when a
// postgres:// address is given, one text of SQL for both.
//
// It promises: a transaction commits all of its rows, facts and record
// entries or none; what is committed survives a crash of the process and of
// the machine; facts are read in the order in which they were committed and
// none is skipped. It knows no room: each room's tables are that room's.
//
// Times are stored as whole microseconds since 1970 in UTC (see At and Time),
// 0 meaning none, so that both engines order, compare and bucket them alike.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	_ "modernc.org/sqlite" // driver "sqlite"
)

// Engine names a database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Options say which database to open.
type Options struct {
	Dir   string // data folder; SQLite lies in Dir/parley.db
	URL   string // "" for SQLite, or postgres://…
	Clock clock.Clock
	Log   *slog.Logger

	Version string // of this program, written into backups; may be empty
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	Engine  Engine
	Dialect Dialect
	Clock   clock.Clock
	Log     *slog.Logger

	dir     string
	version string
	write   *bun.DB // SQLite: one connection; PostgreSQL: the same pool as read
	read    *bun.DB
	signal  signal
	wait    func(time.Duration) <-chan time.Time // time.After, but for tests
}

// Open opens the database and checks that it answers. It does not migrate.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db := &DB{Clock: o.Clock, Log: o.Log, dir: o.Dir, version: o.Version, wait: time.After}
	var err error
	switch {
	case o.URL == "":
		err = db.openSQLite(ctx, o.Dir)
	case strings.HasPrefix(o.URL, "postgres://"), strings.HasPrefix(o.URL, "postgresql://"):
		err = db.openPostgres(ctx, o.URL)
	default:
		err = social.Errorf(social.Invalid, "The database address must be empty (SQLite) or begin with postgres://.")
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) openSQLite(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return social.Because(social.Invalid, err, "The data folder %s can't be made: %v.", dir, err)
	}
	file := filepath.Join(dir, "parley.db")
	if f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600); err != nil { // for nobody else to read
		return social.Because(social.Invalid, err, "The database %s can't be opened: %v.", file, err)
	} else if err := f.Close(); err != nil {
		return err
	}
	open := func(conns int, pragmas ...string) (*bun.DB, error) {
		q := url.Values{"_txlock": {"immediate"}} // of those that write; readers begin deferred
		for _, p := range append([]string{"busy_timeout(10000)", "foreign_keys(1)", "temp_store(2)"}, pragmas...) {
			q.Add("_pragma", p)
		}
		raw, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?"+q.Encode())
		if err != nil {
			return nil, err
		}
		raw.SetMaxOpenConns(conns)
		raw.SetMaxIdleConns(conns)
		return bun.NewDB(raw, sqlitedialect.New()), nil
	}
	var err error
	db.Engine, db.Dialect = SQLite, sqliteDialect{}
	if db.write, err = open(1, "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-65536)", "wal_autocheckpoint(16000)"); err != nil {
		return err
	}
	if err := db.write.PingContext(ctx); err != nil {
		return social.Because(social.Busy, err, "The database in %s does not open: %v.", dir, err)
	}
	db.read, err = open(8, "query_only(1)", "cache_size(-16384)", "mmap_size(268435456)")
	return err
}

func (db *DB) openPostgres(ctx context.Context, address string) error {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return social.Because(social.Invalid, err, "The database address is not understood; it has the form postgres://user:password@host:port/name.")
	}
	raw := stdlib.OpenDB(*config)
	raw.SetMaxOpenConns(24)
	raw.SetMaxIdleConns(12)
	raw.SetConnMaxIdleTime(5 * time.Minute)
	db.Engine, db.Dialect = Postgres, postgresDialect{}
	db.write = bun.NewDB(raw, pgdialect.New())
	db.read = db.write
	if err := raw.PingContext(ctx); err != nil {
		return social.Because(social.Busy, err, "The database does not answer: check that PostgreSQL runs and that the address, user and password in --database are right.")
	}
	var version int
	if err := raw.QueryRowContext(ctx, "SELECT current_setting('server_version_num')::int").Scan(&version); err != nil {
		return err
	}
	if version < 150000 {
		return social.Errorf(social.Invalid, "PostgreSQL 15 or later is needed; this one is %d.", version/10000)
	}
	var durable string
	if err := raw.QueryRowContext(ctx, "SHOW synchronous_commit").Scan(&durable); err != nil {
		return err
	}
	if durable == "off" {
		return social.Errorf(social.Invalid, "PostgreSQL has synchronous_commit off, so it may lose what it has confirmed; switch it on.")
	}
	return nil
}

// Close ends all connections. Transactions that are under way fail.
func (db *DB) Close() error {
	var readers, writers error
	if db.read != nil && db.read != db.write {
		readers = db.read.Close()
	}
	if db.write != nil {
		writers = db.write.Close() // the last of SQLite's puts its log away
	}
	return errors.Join(readers, writers)
}

// Ping checks that the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.read.NewRaw("SELECT 1").Scan(ctx, &one)
}

// Dir is the data folder.
func (db *DB) Dir() string { return db.dir }

// At turns a time into what is stored: microseconds since 1970, 0 for none.
func At(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Time turns what is stored into a time; 0 gives the zero time.
func Time(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// NotFound turns sql.ErrNoRows into an error of kind NotFound with the given
// sentence and leaves every other error as it is.
func NotFound(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &social.Error{Kind: social.NotFound, Text: fmt.Sprintf(format, args...), Err: err}
	}
	return err
}
