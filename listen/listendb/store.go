// Package listendb keeps what listening hears: channels, raw events,
// activities, monitors and the rollups that dashboards read.
package listendb

import (
	"context"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Store is listen's database.
type Store struct{ db *store.DB }

var _ listen.Store = (*Store)(nil)

// New makes a store on an open, migrated database.
func New(db *store.DB) *Store { return &Store{db} }

// InTx runs f in a transaction.
func (s *Store) InTx(ctx context.Context, f func(ctx context.Context) error) error {
	return s.db.InTx(ctx, f)
}

// Tell appends facts in the transaction of ctx.
func (s *Store) Tell(ctx context.Context, facts ...social.Fact) error {
	return s.db.Tell(ctx, facts...)
}

// Record writes a line of the record in the transaction of ctx.
func (s *Store) Record(ctx context.Context, e social.Entry) error { return s.db.Record(ctx, e) }

// After runs f once the transaction of ctx is committed.
func (s *Store) After(ctx context.Context, f func()) { s.db.After(ctx, f) }

// Lock makes the transaction of ctx the only one that counts until it ends.
func (s *Store) Lock(ctx context.Context) error {
	return s.db.Dialect.Lock(ctx, s.db.IDB(ctx), countLock)
}

// countLock is the key of the lock behind Lock.
const countLock = 0x6c697374656e // "listen"

// atOnce is how many values one statement takes.
const atOnce = 400
