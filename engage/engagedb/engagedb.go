// Package engagedb keeps conversations in SQL.
package engagedb

import (
	"context"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements engage.Store.
type DB struct{ *store.DB }

// New keeps conversations in db.
func New(db *store.DB) *DB { return &DB{db} }

var _ engage.Store = (*DB)(nil)

// Follower brings what was heard and understood to the desk.
func Follower(d *engage.Desk) store.Follower {
	return store.Follower{
		Name: "engage.inbox", Facts: []string{social.Understood{}.FactName()}, Batch: 16,
		Tell: func(ctx context.Context, facts []store.Fact) error {
			var ids []social.ActivityID
			for _, f := range facts {
				if u, ok := f.Fact.(social.Understood); ok {
					ids = append(ids, u.Activities...)
				}
			}
			return d.Hear(ctx, ids)
		},
	}
}

// intakeLock is the key of the advisory lock behind taking activities in.
const intakeLock = 0x656e67616765 // "engage"

func (d *DB) lockIntake(ctx context.Context) error {
	if d.Engine != store.Postgres {
		return nil
	}
	_, err := d.IDB(ctx).NewRaw("SELECT pg_advisory_xact_lock(?)", int64(intakeLock)).Exec(ctx)
	return err
}

// visible limits a query to the scope of ctx; c is the alias of conversation.
func visible(ctx context.Context, q *bun.SelectQuery) *bun.SelectQuery {
	s := social.ScopeOf(ctx)
	switch {
	case s.All:
		return q
	case len(s.Programmes) == 0:
		return q.Where("1 = 0")
	}
	return q.Where("c.programme_id IN (?)", bun.List(s.Programmes)).Where("c.programme_id <> ''")
}

var errNone = social.Errorf(social.NotFound, "This conversation does not exist, or not for you.")
