package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A table as a backup sees it: the same on both engines.
type table struct {
	Name    string   `json:"name"`
	Columns []column `json:"columns"`
	Serial  string   `json:"serial,omitempty"` // the column that numbers itself
	Last    int64    `json:"last,omitempty"`   // the number that it gave last

	needs []string // tables that its rows refer to
}

type column struct {
	Name string   `json:"name"`
	Type datatype `json:"type"`
}

// datatype is what a column holds, in a word that both engines share.
type datatype string

const (
	integer datatype = "integer"
	real    datatype = "real"
	text    datatype = "text"
	boolean datatype = "boolean"
	bytea   datatype = "bytes"
)

// datatypes says what the engines call them.
var datatypes = map[string]datatype{
	"BIGINT": integer, "INTEGER": integer, "INT": integer, "SMALLINT": integer,
	"REAL": real, "DOUBLE PRECISION": real,
	"TEXT": text, "BOOLEAN": boolean, "BLOB": bytea, "BYTEA": bytea,
}

func (t table) columns() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quoted(c.Name)
	}
	return strings.Join(names, ", ")
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// derived returns the tables that are made out of others and so are left out
// of backups: those that a migration names in a line "-- derived NAME".
func derived() (map[string]bool, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, name := range names {
		content, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(content)) {
			if table, ok := strings.CutPrefix(strings.TrimSpace(line), "-- derived "); ok {
				out[strings.TrimSpace(table)] = true
			}
		}
	}
	return out, nil
}

// tables describes every table that holds rows of its own, each after those
// that its rows refer to.
func (db *DB) tables(ctx context.Context, tx *sql.Tx) ([]table, error) {
	skip, err := derived()
	if err != nil {
		return nil, err
	}
	skip[versions] = true
	names, err := column1(ctx, tx, tableNames[db.Engine])
	if err != nil {
		return nil, err
	}
	var out []table
	for _, name := range names {
		if skip[name] {
			continue
		}
		t, err := db.describe(ctx, tx, name)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		out = append(out, t)
	}
	return inOrder(out)
}

func (db *DB) describe(ctx context.Context, tx *sql.Tx, name string) (table, error) {
	t := table{Name: name}
	rows, err := tx.QueryContext(ctx, tableColumns[db.Engine], name)
	if err != nil {
		return t, err
	}
	defer rows.Close()
	for rows.Next() {
		var c column
		var called string
		if err := rows.Scan(&c.Name, &called); err != nil {
			return t, err
		}
		var known bool
		if c.Type, known = datatypes[strings.ToUpper(called)]; !known {
			return t, fmt.Errorf("column %s: backups don't know the type %s", c.Name, called)
		}
		t.Columns = append(t.Columns, c)
	}
	if err := rows.Err(); err != nil {
		return t, err
	}
	if t.needs, err = column1(ctx, tx, tableNeeds[db.Engine], name); err != nil {
		return t, err
	}
	return t, db.serial(ctx, tx, &t)
}

// serial finds the column that numbers itself and where it stands.
func (db *DB) serial(ctx context.Context, tx *sql.Tx, t *table) error {
	found, err := column1(ctx, tx, tableSerial[db.Engine], t.Name)
	if err != nil || len(found) == 0 {
		return err
	}
	t.Serial = found[0]
	if db.Engine == SQLite {
		return tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = ?", t.Name).Scan(&t.Last)
	}
	sequence, err := column1(ctx, tx, "SELECT pg_get_serial_sequence(quote_ident($1), $2)", t.Name, t.Serial)
	if err != nil {
		return err
	}
	return tx.QueryRowContext(ctx, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM "+sequence[0]).Scan(&t.Last)
}

// advance makes a column that numbers itself go on after the number that was
// given last, so that no number is ever given twice.
func (db *DB) advance(ctx context.Context, tx *sql.Tx, t table) error {
	if t.Serial == "" || t.Last == 0 {
		return nil
	}
	if db.Engine == Postgres {
		_, err := tx.ExecContext(ctx, "SELECT setval(pg_get_serial_sequence(quote_ident($1), $2), $3)", t.Name, t.Serial, t.Last)
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM sqlite_sequence WHERE name = ?", t.Name); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", t.Name, t.Last)
	return err
}

// What the engines' catalogs say of tables.
var (
	tableNames = map[Engine]string{
		SQLite: `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
		Postgres: `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') ORDER BY c.relname COLLATE "C"`,
	}
	tableColumns = map[Engine]string{
		SQLite: `SELECT name, type FROM pragma_table_info(?) ORDER BY cid`,
		Postgres: `SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = quote_ident($1)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
	}
	tableNeeds = map[Engine]string{
		SQLite: `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)`,
		Postgres: `SELECT DISTINCT r.relname FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
WHERE k.contype = 'f' AND k.conrelid = quote_ident($1)::regclass`,
	}
	tableSerial = map[Engine]string{
		SQLite: `SELECT i.name FROM sqlite_schema s JOIN pragma_table_info(s.name) i
WHERE s.type = 'table' AND s.name = ? AND i.pk = 1 AND s.sql LIKE '% AUTOINCREMENT%'`,
		Postgres: `SELECT attname FROM pg_attribute WHERE attrelid = quote_ident($1)::regclass AND attidentity <> ''`,
	}
)

// inOrder puts each table after those that it needs.
func inOrder(tables []table) ([]table, error) {
	var out []table
	done := map[string]bool{}
	for len(out) < len(tables) {
		before := len(out)
		for _, t := range tables {
			if !done[t.Name] && !slices.ContainsFunc(t.needs, func(n string) bool { return !done[n] }) {
				out, done[t.Name] = append(out, t), true
			}
		}
		if len(out) == before {
			return nil, fmt.Errorf("store: tables refer to each other in a circle, which a backup can't bring back")
		}
	}
	return out, nil
}

// column1 returns the first column of a query, as texts.
func column1(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
