package engagedb

import (
	"context"
	"database/sql"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// merges are some conversations, and those into which they were merged.
const merges = `WITH RECURSIVE way (id, into_id) AS (
	SELECT id, merged_into FROM conversation WHERE id IN (?)
	UNION SELECT n.id, n.merged_into FROM conversation n JOIN way w ON n.id = w.into_id
) SELECT id FROM way`

// LockStill implements engage.Store.
func (d *DB) LockStill(ctx context.Context, ids ...social.ConversationID) ([]*engage.Conversation, error) {
	if err := d.lockIntake(ctx); err != nil {
		return nil, err
	}
	return d.Lock(ctx, ids...)
}

// Merged implements engage.Store.
func (d *DB) Merged(ctx context.Context, id social.ConversationID) ([]engage.Conversation, error) {
	var rows []conversationRow
	err := d.IDB(ctx).NewRaw(`WITH RECURSIVE way (id) AS (
		SELECT id FROM conversation WHERE merged_into = ? AND merged_into <> ''
		UNION SELECT n.id FROM conversation n JOIN way w ON n.merged_into = w.id AND n.merged_into <> ''
	) SELECT c.* FROM conversation c JOIN way w ON w.id = c.id ORDER BY c.created_at, c.id`, string(id)).Scan(ctx, &rows)
	out := make([]engage.Conversation, len(rows))
	for i, r := range rows {
		out[i] = r.conversation()
	}
	return out, err
}

// Of implements engage.Store.
func (d *DB) Of(ctx context.Context, who []social.IdentityID, limit int) ([]engage.Row, error) {
	var rows []conversationRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("c.identity_id IN (?)", bun.List(who)).Where("c.state NOT IN ('merged', 'deleted')").OrderExpr("c.last_at DESC, c.id DESC").Limit(int64(limit))
	if err := visible(ctx, q).Scan(ctx); err != nil {
		return nil, err
	}
	return d.dress(ctx, rows, "")
}

// carry takes along what hangs on messages that were moved: their deliveries
// and whom they name.
func (d *DB) carry(ctx context.Context, to social.ConversationID) error {
	_, err := d.IDB(ctx).NewRaw(`UPDATE delivery SET conversation_id = ? WHERE conversation_id <> ? AND message_id IN (
		SELECT id FROM message WHERE conversation_id = ? AND kind = 'ours')`, string(to), string(to), string(to)).Exec(ctx)
	return err
}

// Join implements engage.Store.
func (d *DB) Join(ctx context.Context, from, to, origin social.ConversationID) (int, error) {
	res, err := d.IDB(ctx).NewRaw(`UPDATE message SET conversation_id = ?, origin_id = CASE WHEN origin_id = '' THEN ? ELSE origin_id END
		WHERE conversation_id = ? AND kind <> 'event'`, string(to), string(origin), string(from)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	for _, q := range []string{
		`INSERT INTO conversation_mention (member_id, conversation_id, message_id, at)
			SELECT member_id, ?, message_id, at FROM conversation_mention WHERE conversation_id = ? ON CONFLICT (member_id, conversation_id) DO NOTHING`,
		`INSERT INTO draft (member_id, conversation_id, text, visibility, at, files)
			SELECT member_id, ?, text, visibility, at, files FROM draft WHERE conversation_id = ? ON CONFLICT (member_id, conversation_id) DO NOTHING`,
	} {
		if _, err := d.IDB(ctx).NewRaw(q, string(to), string(from)).Exec(ctx); err != nil {
			return 0, err
		}
	}
	return moved(res, d.carry(ctx, to))
}

// Part implements engage.Store.
func (d *DB) Part(ctx context.Context, out social.ConversationID, from ...social.ConversationID) (int, error) {
	to := string(from[0])
	res, err := d.IDB(ctx).NewRaw(`UPDATE message SET conversation_id = ?, origin_id = CASE WHEN origin_id = ? THEN '' ELSE origin_id END
		WHERE conversation_id = ? AND origin_id IN (?)`, to, to, string(out), bun.List(from)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	return moved(res, d.carry(ctx, from[0]))
}

func moved(res sql.Result, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// Shift implements engage.Store.
func (d *DB) Shift(ctx context.Context, ids []social.MessageID, to, origin social.ConversationID) error {
	_, err := d.IDB(ctx).NewRaw("UPDATE message SET conversation_id = ?, origin_id = ? WHERE id IN (?)", string(to), string(origin), bun.List(ids)).Exec(ctx)
	if err != nil {
		return err
	}
	return d.carry(ctx, to)
}

// Pick implements engage.Store.
func (d *DB) Pick(ctx context.Context, id social.ConversationID, ids []social.MessageID) ([]engage.Message, error) {
	var rows []messageRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("m.conversation_id = ?", string(id)).Where("m.id IN (?)", bun.List(ids)).OrderExpr("m.at, m.id").Scan(ctx)
	if err != nil {
		return nil, err
	}
	return d.messages(ctx, rows)
}

// Sum implements engage.Store.
func (d *DB) Sum(ctx context.Context, id social.ConversationID) (engage.Sum, error) {
	var r struct{ Messages, Theirs, Last, Began, First, Upto, Resolved int64 }
	err := d.IDB(ctx).NewRaw(`SELECT COUNT(*) AS messages,
		COALESCE(SUM(CASE WHEN m.kind = 'theirs' AND m.deleted_at = 0 THEN 1 ELSE 0 END), 0) AS theirs,
		COALESCE(MAX(m.at), 0) AS last,
		COALESCE(MIN(CASE WHEN m.kind = 'theirs' THEN m.at END), 0) AS began,
		COALESCE(MIN(CASE WHEN m.kind = 'ours' THEN CASE WHEN d.seq IS NULL THEN m.at WHEN d.sent_at > 0 AND NOT d.automatic THEN d.sent_at END END), 0) AS first,
		COALESCE(MAX(CASE WHEN m.kind = 'ours' THEN CASE WHEN d.seq IS NULL THEN m.at WHEN d.sent_at > 0 AND NOT d.automatic THEN d.upto END END), 0) AS upto,
		(SELECT COALESCE(MAX(e.at), 0) FROM message e WHERE e.conversation_id = ? AND e.kind = 'event' AND e.event LIKE '{"verb":"resolve"%') AS resolved
		FROM message m LEFT JOIN delivery d ON d.message_id = m.id
		WHERE m.conversation_id = ? AND m.kind IN ('theirs', 'ours') AND COALESCE(d.state, '') <> 'cancelled'`, string(id), string(id)).Scan(ctx, &r)
	return engage.Sum{Messages: int(r.Messages), Theirs: int(r.Theirs), Last: store.Time(r.Last), Began: store.Time(r.Began),
		FirstAnswer: store.Time(r.First), AnsweredTo: store.Time(r.Upto), Resolved: store.Time(r.Resolved)}, err
}
