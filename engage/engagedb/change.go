package engagedb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Lock implements engage.Store.
func (d *DB) Lock(ctx context.Context, ids ...social.ConversationID) ([]*engage.Conversation, error) {
	var rows []conversationRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("c.id IN (?)", bun.List(ids)).Order("c.id")
	if d.Engine == store.Postgres {
		q = q.For("UPDATE")
	}
	if err := visible(ctx, q).Scan(ctx); err != nil {
		return nil, err
	}
	if len(rows) != len(ids) {
		return nil, errNone
	}
	return conversations(rows), nil
}

func conversations(rows []conversationRow) []*engage.Conversation {
	out := make([]*engage.Conversation, len(rows))
	for i, r := range rows {
		c := r.conversation()
		out[i] = &c
	}
	return out
}

// Around implements engage.Store. It costs two statements, and one more for
// each further channel, however many activities there are.
func (d *DB) Around(ctx context.Context, acts []social.Activity) (engage.Around, error) {
	var out engage.Around
	if err := d.lockIntake(ctx); err != nil {
		return out, err
	}
	type names struct{ externals, threads map[string]bool }
	by := map[social.ChannelID]names{}
	for _, a := range acts {
		n, ok := by[a.Channel]
		if !ok {
			n = names{map[string]bool{}, map[string]bool{}}
			by[a.Channel] = n
		}
		for _, e := range []string{a.ExternalID, a.Parent, a.Root} {
			if e != "" {
				n.externals[e] = true
			}
		}
		n.threads[a.Thread()] = true
	}
	ids := map[string]bool{}
	var found []messageRow
	for _, ch := range slices.Sorted(maps.Keys(by)) {
		n := by[ch]
		var rows []messageRow
		err := d.IDB(ctx).NewSelect().Model(&rows).Where("m.channel_id = ?", string(ch)).Where("m.external_id <> ''").
			Where("m.external_id IN (?)", bun.List(slices.Sorted(maps.Keys(n.externals)))).Scan(ctx)
		if err != nil {
			return out, err
		}
		found = append(found, rows...)
		var in []string
		err = d.IDB(ctx).NewRaw("SELECT id FROM conversation WHERE channel_id = ? AND thread IN (?)", string(ch), bun.List(slices.Sorted(maps.Keys(n.threads)))).Scan(ctx, &in)
		if err != nil {
			return out, err
		}
		for _, id := range in {
			ids[id] = true
		}
	}
	for _, r := range found {
		ids[r.ConversationID] = true
		if r.OriginID != "" {
			ids[r.OriginID] = true
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []conversationRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("c.id IN ("+merges+")", bun.List(slices.Sorted(maps.Keys(ids)))).Order("c.id")
	if d.Engine == store.Postgres {
		q = q.For("UPDATE")
	}
	if err := q.Scan(ctx); err != nil {
		return out, err
	}
	out.Conversations = conversations(rows)
	var err error
	out.Messages, err = d.messages(ctx, found)
	return out, err
}

// messages turns rows into messages, ours with their deliveries.
func (d *DB) messages(ctx context.Context, rows []messageRow) ([]engage.Message, error) {
	out := make([]engage.Message, len(rows))
	var ours []string
	at := map[string]int{}
	for i, r := range rows {
		out[i] = r.message()
		if r.Kind == string(engage.FromUs) && r.Key != "" {
			ours = append(ours, r.ID)
			at[r.ID] = i
		}
	}
	if len(ours) == 0 {
		return out, nil
	}
	var ds []deliveryRow
	err := d.IDB(ctx).NewRaw(`SELECT d.*, NOT EXISTS (SELECT 1 FROM delivery e
		WHERE e.conversation_id = d.conversation_id AND e.seq > d.seq) AS newest
		FROM delivery d WHERE d.message_id IN (?)`, bun.List(ours)).Scan(ctx, &ds)
	if err != nil {
		return nil, err
	}
	for _, r := range ds {
		out[at[r.MessageID]].Delivery = r.delivery()
	}
	return out, d.withCopies(ctx, out, at, ours)
}

// Unheard implements engage.Store.
func (d *DB) Unheard(ctx context.Context, ids []social.ConversationID) ([]engage.Message, error) {
	var rows []messageRow
	err := d.IDB(ctx).NewRaw(`SELECT m.* FROM delivery d JOIN message m ON m.id = d.message_id
		WHERE d.conversation_id IN (?) AND d.attempts > 0 AND d.state <> 'cancelled' AND m.activity_id = ''
		ORDER BY d.seq`, bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	return d.messages(ctx, rows)
}

// Live implements engage.Store.
func (d *DB) Live(ctx context.Context, id social.ConversationID, limit int) ([]engage.Message, error) {
	var rows []messageRow
	err := d.IDB(ctx).NewRaw(`SELECT m.* FROM message m LEFT JOIN delivery d ON d.message_id = m.id
		WHERE m.conversation_id = ? AND m.kind <> 'event' AND m.deleted_at = 0 AND COALESCE(d.state, '') <> 'cancelled'
		ORDER BY m.at DESC, m.id DESC LIMIT ?`, string(id), limit).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	return d.messages(ctx, rows)
}

// part is how many rows go into one statement.
const part = 250

// Save implements engage.Store. Conversations and messages take one
// statement each for every 250 rows.
func (d *DB) Save(ctx context.Context, b engage.Batch) error {
	if err := d.saveConversations(ctx, b.Conversations); err != nil {
		return err
	}
	if err := d.saveTags(ctx, b.Tagged); err != nil {
		return err
	}
	var fresh []messageRow
	var leaving []deliveryRow
	for _, m := range b.New {
		fresh = append(fresh, toMessageRow(m))
		if m.Delivery != nil {
			leaving = append(leaving, toDeliveryRow(m.Delivery))
		}
	}
	for rows := range slices.Chunk(fresh, part) {
		if _, err := d.IDB(ctx).NewInsert().Model(&rows).Exec(ctx); err != nil {
			if store.IsDuplicate(err) {
				return social.Because(social.Conflict, err, "This was written already, with the same key.")
			}
			return err
		}
	}
	var changed []messageRow
	for _, m := range b.Changed {
		changed = append(changed, toMessageRow(m))
	}
	for rows := range slices.Chunk(changed, part) {
		q := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (id) DO UPDATE")
		if _, err := set(q, mending).Exec(ctx); err != nil {
			return err
		}
		if err := d.dropTranslations(ctx, rows); err != nil {
			return err
		}
	}
	if len(leaving) > 0 {
		if _, err := d.IDB(ctx).NewInsert().Model(&leaving).ExcludeColumn("seq").Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	if err := d.saveCopies(ctx, b.New); err != nil {
		return err
	}
	for _, dl := range b.Deliveries {
		r := toDeliveryRow(dl)
		if _, err := d.IDB(ctx).NewUpdate().Model(&r).Where("message_id = ?", r.MessageID).
			Column("member_id", "token", "state", "attempts", "checks", "queued_at", "next_at", "attempted_at", "sent_at", "changed_at", "told", "problem").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func set(q *bun.InsertQuery, columns []string) *bun.InsertQuery {
	for _, c := range columns {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	return q
}

func (d *DB) saveConversations(ctx context.Context, cs []*engage.Conversation) error {
	rows := make([]conversationRow, len(cs))
	for i, c := range cs {
		rows[i] = toRow(c)
	}
	for rows := range slices.Chunk(rows, part) {
		q := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (id) DO UPDATE")
		if _, err := set(q, moving).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

type tallyRow struct {
	bun.BaseModel `bun:"table:conversation_tally,alias:t"`
	ProgrammeID   string `bun:"programme_id,pk"`
	AssigneeID    string `bun:"assignee_id,pk"`
	State         string `bun:"state,pk"`
	N             int64  `bun:"n"`
}

// Count implements engage.Store. Rows are changed in one order everywhere.
func (d *DB) Count(ctx context.Context, cs []*engage.Conversation) error {
	n := map[engage.Place]int64{}
	for _, c := range cs {
		now := engage.Place{Programme: c.Programme, Assignee: c.Assignee, State: c.State}
		if c.Stood != nil {
			n[*c.Stood]--
		}
		n[now]++
		c.Stood = &now
	}
	var rows []tallyRow
	for p, by := range n {
		if by != 0 {
			rows = append(rows, tallyRow{ProgrammeID: string(p.Programme), AssigneeID: string(p.Assignee), State: string(p.State), N: by})
		}
	}
	if err := d.countOutcomes(ctx, cs); err != nil || len(rows) == 0 {
		return err
	}
	slices.SortFunc(rows, func(a, b tallyRow) int {
		return cmp.Or(strings.Compare(a.ProgrammeID, b.ProgrammeID), strings.Compare(a.AssigneeID, b.AssigneeID), strings.Compare(a.State, b.State))
	})
	_, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (programme_id, assignee_id, state) DO UPDATE").
		Set("n = t.n + EXCLUDED.n").Exec(ctx)
	return err
}

// Forget implements engage.Store.
func (d *DB) Forget(ctx context.Context, id social.MessageID) error {
	if _, err := d.IDB(ctx).NewRaw("DELETE FROM message WHERE id = ?", string(id)).Exec(ctx); err != nil {
		return err
	}
	_, err := d.IDB(ctx).NewRaw("DELETE FROM message_translation WHERE message_id = ?", string(id)).Exec(ctx)
	return err
}

// one reads a single message.
func (d *DB) one(ctx context.Context, q *bun.SelectQuery, r *messageRow) (engage.Message, error) {
	if err := q.Limit(1).Scan(ctx); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return engage.Message{}, social.Because(social.NotFound, err, "This message does not exist, or not for you.")
		}
		return engage.Message{}, err
	}
	ms, err := d.messages(ctx, []messageRow{*r})
	if err != nil {
		return engage.Message{}, err
	}
	return ms[0], nil
}

// Keyed implements engage.Store.
func (d *DB) Keyed(ctx context.Context, key string) (engage.Message, error) {
	var r messageRow
	return d.one(ctx, d.IDB(ctx).NewSelect().Model(&r).Where("m.key = ?", key).Where("m.key <> ''"), &r)
}

// External implements engage.Store.
func (d *DB) External(ctx context.Context, c social.ChannelID, external string) (engage.Message, error) {
	var r messageRow
	return d.one(ctx, d.IDB(ctx).NewSelect().Model(&r).Where("m.channel_id = ?", string(c)).
		Where("m.external_id = ?", external).Where("m.external_id <> ''"), &r)
}

// Message implements engage.Store.
func (d *DB) Message(ctx context.Context, id social.MessageID) (engage.Message, error) {
	var r messageRow
	q := d.IDB(ctx).NewSelect().Model(&r).Join("JOIN conversation AS c ON c.id = m.conversation_id").Where("m.id = ?", string(id))
	return d.one(ctx, visible(ctx, q), &r)
}
