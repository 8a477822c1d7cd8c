// Package governdb is the SQL of the room govern. Every query that lists what
// a person may see takes the scope into its WHERE.
package governdb

import (
	"context"
	"strings"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// DB keeps what govern keeps. It also has the transaction, the record's
// lines, the facts and the settings of the store that it lies in.
type DB struct{ *store.DB }

// New makes the room's store.
func New(db *store.DB) *DB { return &DB{db} }

// within is the condition that a column names a programme of the scope.
func within(scope social.Scope, column string) (string, []any) {
	if scope.All {
		return "TRUE", nil
	}
	if len(scope.Programmes) == 0 {
		return "FALSE", nil
	}
	args := make([]any, len(scope.Programmes))
	for i, p := range scope.Programmes {
		args[i] = string(p)
	}
	return column + " IN (" + strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ") + ")", args
}

// all runs a query and returns its rows.
func all[T any](ctx context.Context, db *DB, query string, args ...any) ([]T, error) {
	var rows []T
	err := db.IDB(ctx).NewRaw(query, args...).Scan(ctx, &rows)
	return rows, err
}

// one runs a query and returns its first row, or kind NotFound with the sentence.
func one[T any](ctx context.Context, db *DB, missing, query string, args ...any) (row T, err error) {
	rows, err := all[T](ctx, db, query, args...)
	if err != nil {
		return row, err
	}
	if len(rows) == 0 {
		return row, social.Errorf(social.NotFound, "%s", missing)
	}
	return rows[0], nil
}

// run runs a statement in the transaction of ctx, or in one of its own, and
// reports how many rows it touched.
func (db *DB) run(ctx context.Context, query string, args ...any) (n int, err error) {
	err = db.InTx(ctx, func(ctx context.Context) error {
		result, err := db.IDB(ctx).NewRaw(query, args...).Exec(ctx)
		if err != nil {
			return err
		}
		touched, err := result.RowsAffected()
		n = int(touched)
		return err
	})
	return n, err
}

// page cuts one row too many off and makes the cursor of the next page.
func page[T any](rows []T, limit int, key func(T) []any) ([]T, string) {
	if len(rows) <= limit {
		return rows, ""
	}
	rows = rows[:limit]
	return rows, store.Cursor(key(rows[limit-1])...)
}
