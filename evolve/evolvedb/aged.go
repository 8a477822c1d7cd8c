package evolvedb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// traced are links that were sent long ago and not followed since, as long as
// they say to whom. One that belongs to a held programme or account is kept.
const traced = ` FROM link l WHERE l.identity_id <> '' AND l.created_at < ?4 AND NOT EXISTS (SELECT 1 FROM click c WHERE c.link_id = l.id AND c.at >= ?4)`

const keptLink = "(l.identity_id IN (?1) OR l.programme_id IN (?3) OR l.conversation_id IN (?2))"

func agedArgs(a social.Aged) []any {
	persons, accounts, talks, programmes := a.Spared.Lists()
	return []any{bun.List(persons), bun.List(accounts), bun.List(talks), bun.List(programmes), store.At(a.Before)}
}

// LookTraced says how many links tell for long who was sent and followed them.
func (d *DB) LookTraced(ctx context.Context, a social.Aged) (social.Stale, error) {
	return d.LookAged(ctx, "l.created_at", keptLink, traced, agedArgs(a)...)
}

// Untrace takes out of links to whom they were sent, and out of clicks where they
// came from. How often each was followed stays.
func (d *DB) Untrace(ctx context.Context, a social.Aged, most int) (int, error) {
	var ids []string
	if err := d.IDB(ctx).NewRaw("SELECT l.id"+traced+" AND NOT "+keptLink+" ORDER BY l.created_at LIMIT ?5", append(agedArgs(a), most)...).Scan(ctx, &ids); err != nil || len(ids) == 0 {
		return 0, err
	}
	for _, q := range []string{"UPDATE link SET identity_id = '' WHERE id IN (?)", "UPDATE click SET referrer = '' WHERE link_id IN (?)"} {
		if _, err := d.IDB(ctx).NewRaw(q, bun.List(ids)).Exec(ctx); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
