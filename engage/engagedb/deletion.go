package engagedb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/deletion"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ deletion.Store = (*DB)(nil)

type deletionRow struct {
	bun.BaseModel `bun:"table:deletion"`
	Conversation  string `bun:"conversation_id,pk"`
	State         string `bun:"state"`
	By            string `bun:"by_id"`
	AskedAt       int64  `bun:"asked_at"`
	DueAt         int64  `bun:"due_at"`
	GoneAt        int64  `bun:"gone_at"`
	Why           string `bun:"why"`
}

func (r deletionRow) deletion() deletion.Deletion {
	return deletion.Deletion{Conversation: social.ConversationID(r.Conversation), State: deletion.State(r.State), By: social.MemberID(r.By),
		Asked: store.Time(r.AskedAt), Due: store.Time(r.DueAt), Gone: store.Time(r.GoneAt), Why: r.Why}
}

// SaveDeletions implements deletion.Store.
func (d *DB) SaveDeletions(ctx context.Context, ds ...deletion.Deletion) error {
	if len(ds) == 0 {
		return nil
	}
	rows := make([]deletionRow, len(ds))
	for i, x := range ds {
		rows[i] = deletionRow{Conversation: string(x.Conversation), State: string(x.State), By: string(x.By), AskedAt: store.At(x.Asked), DueAt: store.At(x.Due), GoneAt: store.At(x.Gone), Why: x.Why}
	}
	q := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (conversation_id) DO UPDATE")
	_, err := set(q, []string{"state", "by_id", "asked_at", "due_at", "gone_at", "why"}).Exec(ctx)
	return err
}

// Deletion implements deletion.Store.
func (d *DB) Deletion(ctx context.Context, id social.ConversationID) (deletion.Deletion, error) {
	var r deletionRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("conversation_id = ?", string(id)).Scan(ctx)
	return r.deletion(), store.NotFound(err, "Nobody has asked to delete this.")
}

// DueDeletions implements deletion.Store.
func (d *DB) DueDeletions(ctx context.Context, s deletion.State, now time.Time, most int) ([]deletion.Deletion, error) {
	var rows []deletionRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("due_at > 0 AND due_at <= ?", store.At(now)).Where("state = ?", string(s)).Order("due_at", "conversation_id").Limit(int64(most)).Scan(ctx)
	out := make([]deletion.Deletion, len(rows))
	for i, r := range rows {
		out[i] = r.deletion()
	}
	return out, err
}

// Underway implements deletion.Store.
func (d *DB) Underway(ctx context.Context, ids []social.ConversationID) (out []social.ConversationID, err error) {
	err = d.IDB(ctx).NewRaw("SELECT DISTINCT conversation_id FROM delivery WHERE conversation_id IN (?) AND state IN ('queued', 'sending', 'unknown')", bun.List(ids)).Scan(ctx, &out)
	return out, err
}

// Kept lists those of conversations that must not go.
func (d *DB) Kept(ctx context.Context, ids []social.ConversationID, s social.Spared) (out []social.ConversationID, err error) {
	persons, accounts, talks, programmes := s.Lists()
	err = d.IDB(ctx).NewRaw("SELECT c.id FROM conversation c WHERE c.id IN (?4) AND "+kept, bun.List(persons), bun.List(accounts), bun.List(talks), bun.List(programmes), bun.List(ids)).Scan(ctx, &out)
	return out, err
}

// Said lists the activities that were said in conversations.
func (d *DB) Said(ctx context.Context, talks []social.ConversationID) (said []social.ActivityID, err error) {
	err = d.IDB(ctx).NewRaw("SELECT id FROM message WHERE conversation_id IN (?0) AND kind = 'theirs' UNION SELECT activity_id FROM message WHERE conversation_id IN (?0) AND activity_id <> ''",
		bun.List(talks)).Scan(ctx, &said)
	return said, err
}

// Strike takes out of conversations that were deleted what Unsay leaves: the
// names of who spoke and what was done with them. Their threads begin anew.
func (d *DB) Strike(ctx context.Context, talks []social.ConversationID) error {
	if err := d.unlink(ctx, talks); err != nil {
		return err
	}
	const these = "(SELECT id FROM message WHERE conversation_id IN (?0))"
	for _, q := range []string{
		"DELETE FROM message WHERE conversation_id IN (?0) AND kind = 'event'",
		"DELETE FROM conversation_mention WHERE conversation_id IN (?0)",
		"DELETE FROM conversation_read WHERE conversation_id IN (?0)",
		"DELETE FROM delivery_report WHERE (channel_id, external_id) IN (SELECT channel_id, external_id FROM message WHERE conversation_id IN (?0) AND external_id <> '')",
		"UPDATE delivery SET recipient = '{}', written = '', title = '', problem = '' WHERE message_id IN " + these,
		"UPDATE message SET text = '', title = '', url = '', author = '' WHERE conversation_id IN (?0)",
		"UPDATE conversation SET author = '{}', url = '', preview_by = '', thread = 'gone:' || id, root = '' WHERE id IN (?0)",
	} {
		if _, err := d.IDB(ctx).NewRaw(q, bun.List(talks)).Exec(ctx); err != nil {
			return fmt.Errorf("the names in conversations: %w", err)
		}
	}
	return nil
}

// unlink takes out of other conversations what they say of these: with whom
// one was that was merged, or split off, and what it was about.
func (d *DB) unlink(ctx context.Context, talks []social.ConversationID) error {
	var own []string
	if err := d.IDB(ctx).NewRaw("SELECT event FROM message WHERE conversation_id IN (?) AND kind = 'event'", bun.List(talks)).Scan(ctx, &own); err != nil {
		return err
	}
	var others []string
	for _, text := range own {
		var e engage.Event
		if json.Unmarshal([]byte(text), &e) != nil {
			continue
		}
		for _, k := range []string{"into", "from", "conversation"} {
			if id, ok := e.Detail[k].(string); ok {
				others = append(others, id)
			}
		}
	}
	if len(others) == 0 {
		return nil
	}
	var rows []struct{ ID, Event string }
	if err := d.IDB(ctx).NewRaw("SELECT id, event FROM message WHERE conversation_id IN (?) AND kind = 'event'", bun.List(others)).Scan(ctx, &rows); err != nil {
		return err
	}
	for _, r := range rows {
		var e engage.Event
		if json.Unmarshal([]byte(r.Event), &e) != nil {
			continue
		}
		about, _ := e.Detail["conversation"].(string)
		named := false
		for _, id := range talks {
			named = named || (about != "" && about == string(id))
		}
		if !named {
			continue
		}
		delete(e.Detail, "with")
		delete(e.Detail, "subject")
		if _, err := d.IDB(ctx).NewRaw("UPDATE message SET event = ? WHERE id = ?", jsonOf(&e), r.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
