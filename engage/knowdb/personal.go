package knowdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/know"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Personal is what is kept of somebody's conversations as answers. Ask before the inbox.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "knowledge", Also: d.erase, Holds: []store.Held{
		{Name: "kept answers", Gather: "SELECT question, answer, at FROM know_answer WHERE conversation_id IN (SELECT id FROM conversation WHERE identity_id IN (?1) OR counterpart IN (?1)) ORDER BY at"},
	}}
}

// erase takes the words of kept answers away and what they meant.
func (d *DB) erase(ctx context.Context, s social.Subject) ([]social.Gone, error) {
	rows := 0
	for _, a := range s.Accounts {
		who := string(a.Author.ID())
		var ids []string
		err := d.IDB(ctx).NewRaw("SELECT id FROM know_answer WHERE conversation_id IN (SELECT id FROM conversation WHERE identity_id = ? OR counterpart = ?) AND same <> id ORDER BY id", who, who).Scan(ctx, &ids)
		if err != nil {
			return nil, err
		}
		if err := d.empty(ctx, ids, s.At); err != nil {
			return nil, err
		}
		rows += len(ids)
	}
	if rows == 0 {
		return nil, nil
	}
	return []social.Gone{{Place: "kept answers", Rows: rows}}, nil
}

// empty takes the words of kept answers away, each as a change of its own, so
// that every index hears of it.
func (d *DB) empty(ctx context.Context, ids []string, at time.Time) error {
	for _, id := range ids {
		n, err := d.Next(ctx)
		if err != nil {
			return err
		}
		if err := d.dropSense(ctx, know.KindAnswer, id); err != nil {
			return err
		}
		if _, err := d.IDB(ctx).NewRaw("UPDATE know_answer SET change = ?, question = '', answer = '', same = id, deleted_at = ? WHERE id = ?", n, store.At(at), id).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Unsay takes away the answers that were kept of conversations.
func (d *DB) Unsay(ctx context.Context, talks []social.ConversationID, at time.Time) error {
	var ids []string
	if err := d.IDB(ctx).NewRaw("SELECT id FROM know_answer WHERE conversation_id IN (?) AND same <> id ORDER BY id", bun.List(talks)).Scan(ctx, &ids); err != nil {
		return err
	}
	return d.empty(ctx, ids, at)
}
