package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

type txKey struct{}

// tx is a transaction under way, with what must be written at its end.
type tx struct {
	bun.Tx
	db      *DB
	facts   []social.Fact
	entries []recordRow
	after   []func()
	failed  error // of a part; nothing is committed then
}

func (db *DB) txOf(ctx context.Context) *tx {
	t, _ := ctx.Value(txKey{}).(*tx)
	if t == nil || t.db != db {
		return nil
	}
	return t
}

// IDB is what to run queries on: the transaction that ctx carries, otherwise
// the readers. Writing outside a transaction fails on SQLite and must not be
// done on PostgreSQL.
func (db *DB) IDB(ctx context.Context) bun.IDB {
	if t := db.txOf(ctx); t != nil {
		return t.Tx
	}
	return db.read
}

// InTx runs f in a transaction that f finds in its context, so that methods of
// several rooms take part in one. A call within a transaction joins it. When f
// fails, nothing is written: where a part fails, the whole does, even if the
// caller of the part goes on. f must not wait for a network.
func (db *DB) InTx(ctx context.Context, f func(ctx context.Context) error) error {
	if t := db.txOf(ctx); t != nil {
		err := f(ctx)
		if err != nil && t.failed == nil {
			t.failed = err
		}
		return err
	}
	raw, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return busy(err)
	}
	t := &tx{Tx: raw, db: db}
	done := false
	defer func() {
		if !done { // f panicked
			_ = raw.Rollback()
		}
	}()
	err = f(context.WithValue(ctx, txKey{}, t))
	if err == nil && t.failed != nil {
		err = fmt.Errorf("store: a part of the transaction failed: %w", t.failed)
	}
	if err == nil {
		err = t.flush(ctx)
	}
	done = true
	if err != nil {
		if rolled := ignoreDone(raw.Rollback()); rolled != nil {
			err = errors.Join(err, rolled)
		}
		return busy(err)
	}
	if err := raw.Commit(); err != nil {
		return busy(err)
	}
	if len(t.facts) > 0 || len(t.entries) > 0 {
		db.signal.wake()
	}
	for _, f := range t.after {
		f()
	}
	return nil
}

// Tell appends facts to the outbox in the transaction of ctx.
func (db *DB) Tell(ctx context.Context, facts ...social.Fact) error {
	t := db.txOf(ctx)
	if t == nil {
		return errors.New("store: Tell outside a transaction")
	}
	t.facts = append(t.facts, facts...)
	return nil
}

// After runs f once the transaction of ctx has been committed; at once when
// there is none.
func (db *DB) After(ctx context.Context, f func()) {
	if t := db.txOf(ctx); t != nil {
		t.after = append(t.after, f)
		return
	}
	f()
}

type factRow struct {
	bun.BaseModel `bun:"table:outbox"`
	Pos           int64  `bun:"pos,pk,autoincrement"`
	Name          string `bun:"name"`
	Data          string `bun:"data"`
	At            int64  `bun:"at"`
}

// atOnce is how many rows go into one statement.
const atOnce = 500

// flush writes the facts and entries as the last act of the transaction.
// Positions must become visible in their order: SQLite has one writer, and on
// PostgreSQL a lock is taken here and held until the commit.
func (t *tx) flush(ctx context.Context) error {
	if len(t.facts) == 0 && len(t.entries) == 0 {
		return nil
	}
	rows := make([]factRow, len(t.facts))
	now := At(t.db.Clock.Now())
	for i, f := range t.facts {
		data, err := json.Marshal(f)
		if err != nil {
			return err
		}
		rows[i] = factRow{Name: f.FactName(), Data: string(data), At: now}
	}
	if err := t.db.Dialect.LockOrder(ctx, t.Tx); err != nil {
		return err
	}
	for part := range slices.Chunk(rows, atOnce) {
		if _, err := t.NewInsert().Model(&part).ExcludeColumn("pos").Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(t.entries, atOnce) {
		if _, err := t.NewInsert().Model(&part).ExcludeColumn("seq").Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
