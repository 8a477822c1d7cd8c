package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/parley-crm/parley/social"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migrations are numbered SQL files, forward only, never edited once pushed.
// Words in double braces are the dialect's (Dialect.Words). Lines between
// "-- sqlite" or "-- postgres" and "-- end" are for that engine alone.
//
//go:embed migrations/*.sql
var migrations embed.FS

// Pending tells whether the schema is older than this program, and whether
// there is any schema yet. A newer schema than this program knows is an error.
func (db *DB) Pending(ctx context.Context) (pending, fresh bool, err error) {
	p, err := db.provider()
	if err != nil {
		return false, false, err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return false, false, err
	}
	if current > target {
		return false, false, social.Errorf(social.Invalid,
			"The database was made by a newer Parley (schema %d, this program knows %d). Start that version, or restore a backup made before it.", current, target)
	}
	return current < target, current == 0, nil
}

// Migrate brings the schema up to date, each step in a transaction of its own.
// It refuses a schema that is newer than this program.
func (db *DB) Migrate(ctx context.Context) error {
	if _, _, err := db.Pending(ctx); err != nil {
		return err
	}
	p, err := db.provider()
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return busy(err)
}

// Schema is the version of the schema.
func (db *DB) Schema(ctx context.Context) (int64, error) {
	p, err := db.provider()
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}

// Fingerprint names the schema that this program makes, by its migrations'
// whole text.
func Fingerprint() string {
	sum := sha256.New()
	names, _ := fs.Glob(migrations, "migrations/*.sql") // the pattern is well formed
	for _, name := range names {
		text, _ := fs.ReadFile(migrations, name) // it was listed
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil)[:10])
}

func (db *DB) provider() (*goose.Provider, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]*goose.Migration, 0, len(names))
	for _, name := range names {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number: %w", name, err)
		}
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, err
		}
		statements := translate(string(text), db.Engine, db.Dialect.Words())
		steps = append(steps, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, statements)
			return err
		}}, nil))
	}
	options := []goose.ProviderOption{
		goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true), goose.WithTableName(versions),
	}
	dialect := goose.DialectSQLite3
	if db.Engine == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker() // one process at a time
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(dialect, db.write.DB, nil, options...)
}

// versions is the table that says which migrations were applied.
const versions = "migration"

// translate gives a migration's text for one engine.
func translate(text string, engine Engine, words map[string]string) string {
	var out strings.Builder
	only := Engine("")
	for line := range strings.Lines(text) {
		switch mark := strings.TrimSpace(line); mark {
		case "-- sqlite", "-- postgres":
			only = Engine(strings.TrimPrefix(mark, "-- "))
			continue
		case "-- end":
			only = ""
			continue
		}
		if only == "" || only == engine {
			out.WriteString(line)
		}
	}
	pairs := make([]string, 0, 2*len(words))
	for k, v := range words {
		pairs = append(pairs, "{{"+k+"}}", v)
	}
	return strings.NewReplacer(pairs...).Replace(out.String())
}
