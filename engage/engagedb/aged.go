package engagedb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// InTalks returns one of the conversations in which one of the accounts
// speaks or is spoken with, "" for none.
func (d *DB) InTalks(ctx context.Context, talks []social.ConversationID, accounts []social.IdentityID) (social.ConversationID, error) {
	if len(talks) == 0 || len(accounts) == 0 {
		return "", nil
	}
	var found []social.ConversationID
	err := d.IDB(ctx).NewRaw(`SELECT id FROM conversation WHERE id IN (?0) AND (identity_id IN (?1) OR counterpart IN (?1))
UNION ALL SELECT CASE WHEN origin_id IN (?0) THEN origin_id ELSE conversation_id END FROM message WHERE (conversation_id IN (?0) OR origin_id IN (?0)) AND identity_id IN (?1)
LIMIT 1`, bun.List(talks), bun.List(accounts)).Scan(ctx, &found)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// Talk reports kind NotFound of a conversation that does not exist or may not be seen.
func (d *DB) Talk(ctx context.Context, id social.ConversationID) error {
	rows, err := d.Rows(ctx, []social.ConversationID{id})
	if err == nil && len(rows) == 0 {
		err = errNone
	}
	return err
}

// Titles are what conversations are called in a list: their subject, or whom
// they are with.
func (d *DB) Titles(ctx context.Context, ids []social.ConversationID) (map[social.ConversationID]string, error) {
	rows, err := d.Rows(ctx, ids)
	out := make(map[social.ConversationID]string, len(rows))
	for _, c := range rows {
		if out[c.ID] = c.Subject; strings.TrimSpace(c.Subject) == "" {
			out[c.ID] = "With " + c.Author.Label()
		}
	}
	return out, err
}

// kept says, of a conversation c, whether a hold keeps it: on it, on one that
// was merged into it, on its programme, or on somebody who speaks in it.
const kept = `(c.id IN (?2) OR c.programme_id IN (?3) OR c.identity_id IN (?1) OR c.counterpart IN (?1)
 OR EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id AND (m.origin_id IN (?2) OR m.identity_id IN (?1))))`

// ended are the conversations whose words are old: resolved before a time and
// silent since, and not yet gone over.
const ended = ` FROM conversation c WHERE c.state = 'resolved' AND c.resolved_at > 0 AND c.resolved_at < ?4 AND c.last_at < ?4 AND (?5 = '' OR c.channel_id = ?5)
 AND NOT EXISTS (SELECT 1 FROM conversation_aged g WHERE g.conversation_id = c.id AND g.at >= c.resolved_at)`

func agedArgs(a social.Aged) []any {
	persons, accounts, talks, programmes := a.Spared.Lists()
	return []any{bun.List(persons), bun.List(accounts), bun.List(talks), bun.List(programmes), store.At(a.Before), string(a.Channel)}
}

// LookEnded says how many conversations ended long ago.
func (d *DB) LookEnded(ctx context.Context, a social.Aged) (social.Stale, error) {
	args := agedArgs(a)
	out, err := d.LookAged(ctx, "c.resolved_at", kept, ended, args...)
	if err != nil || out.Rows == 0 {
		return out, err
	}
	var rows []struct {
		ID string `bun:"id"`
		At int64  `bun:"at"`
	}
	err = d.IDB(ctx).NewRaw("SELECT c.id, c.resolved_at AS at"+ended+" AND NOT "+kept+" ORDER BY c.resolved_at, c.id LIMIT 3", args...).Scan(ctx, &rows)
	for _, r := range rows {
		out.Examples = append(out.Examples, social.StaleExample{At: store.Time(r.At), Link: "/engage?c=" + r.ID})
	}
	return out, err
}

// Ended lists conversations that ended long ago, from a place in their order,
// and the activities that were said in them.
func (d *DB) Ended(ctx context.Context, a social.Aged, from string, most int) (talks []social.ConversationID, said []social.ActivityID, next string, err error) {
	var at int64
	var id string
	if _, err := store.FromCursor(from, &at, &id); err != nil {
		return nil, nil, "", err
	}
	var rows []struct {
		ID string `bun:"id"`
		At int64  `bun:"at"`
	}
	err = d.IDB(ctx).NewRaw("SELECT c.id, c.resolved_at AS at"+ended+" AND NOT "+kept+" AND (c.resolved_at, c.id) > (?6, ?7) ORDER BY c.resolved_at, c.id LIMIT ?8",
		append(agedArgs(a), at, id, most)...).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return nil, nil, "", err
	}
	for _, r := range rows {
		talks = append(talks, social.ConversationID(r.ID))
	}
	if len(rows) == most {
		next = store.Cursor(rows[most-1].At, rows[most-1].ID)
	}
	said, err = d.Said(ctx, talks)
	return talks, said, next, err
}

// Unsay takes the words out of conversations: who spoke, when and how often
// stays. Done again it changes nothing.
func (d *DB) Unsay(ctx context.Context, talks []social.ConversationID, at time.Time) error {
	if len(talks) == 0 {
		return nil
	}
	const these = "(SELECT id FROM message WHERE conversation_id IN (?0))"
	if _, err := d.DropOwned(ctx, "SELECT 'message:' || id FROM message WHERE conversation_id IN (?)", bun.List(talks)); err != nil {
		return err
	}
	for table, where := range map[string]string{"message": "conversation_id IN (?)", "conversation": "id IN (?)"} {
		if err := d.Unreason(ctx, table, "id", where, []any{bun.List(talks)}, "sentiment", "intents"); err != nil {
			return err
		}
	}
	for _, q := range []string{
		"DELETE FROM message_file WHERE message_id IN " + these,
		"DELETE FROM message_copy WHERE message_id IN " + these,
		"UPDATE delivery SET written = '', title = '', problem = '' WHERE message_id IN " + these + " AND state NOT IN ('queued', 'sending', 'unknown')",
		"DELETE FROM draft WHERE conversation_id IN (?0)",
		"UPDATE message SET text = '', title = '', url = '', deleted_at = ?1 WHERE conversation_id IN (?0) AND kind <> 'event' AND deleted_at = 0",
		"DELETE FROM message_translation WHERE message_id IN " + these,
		"UPDATE moderation SET words = '', problem = '' WHERE message_id IN " + these,
		"UPDATE conversation SET subject = '', preview = '', folded = '', version = version + 1 WHERE id IN (?0)",
		"INSERT INTO conversation_aged (conversation_id, at) SELECT id, ?1 FROM conversation WHERE id IN (?0) ON CONFLICT (conversation_id) DO UPDATE SET at = EXCLUDED.at",
	} {
		if _, err := d.IDB(ctx).NewRaw(q, bun.List(talks), store.At(at)).Exec(ctx); err != nil {
			return fmt.Errorf("the words of conversations: %w", err)
		}
	}
	return nil
}
