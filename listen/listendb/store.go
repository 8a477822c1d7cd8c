// Package listendb keeps what listening hears: channels, raw events,
// activities, monitors and the rollups that dashboards read.
package listendb

import (
	"context"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/store"
)

// DB is listen's part of the database.
type DB struct{ *store.DB }

var _ listen.Store = (*DB)(nil)

// New makes it on an open, migrated database.
func New(db *store.DB) *DB { return &DB{db} }

// Lock makes the transaction of ctx the only one that counts until it ends.
func (s *DB) Lock(ctx context.Context) error {
	return s.DB.Dialect.Lock(ctx, s.DB.IDB(ctx), countLock)
}

// countLock is the key of the lock behind Lock.
const countLock = 0x6c697374656e // "listen"

// atOnce is how many values one statement takes.
const atOnce = 400
