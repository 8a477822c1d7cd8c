package engagedb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Talked is what came of the conversations that an account began.
type Talked struct {
	Conversations, Open int
	Waiting             bool
	Last, Answered      time.Time
	Refuses             []social.ChannelID // on which they want nothing more
}

// Talked sums up conversations by account, whoever asks.
func (d *DB) Talked(ctx context.Context, who []social.IdentityID) (map[social.IdentityID]Talked, error) {
	out := make(map[social.IdentityID]Talked, len(who))
	if len(who) == 0 {
		return out, nil
	}
	var rows []struct {
		IdentityID         social.IdentityID
		N, Open, Waits     int
		LastAt, AnsweredAt int64
	}
	err := d.IDB(ctx).NewRaw(`
SELECT c.identity_id, COUNT(*) AS n, SUM(CASE WHEN c.state IN ('open', 'waiting', 'snoozed') THEN 1 ELSE 0 END) AS open,
  SUM(CASE WHEN c.waiting_since > 0 THEN 1 ELSE 0 END) AS waits, MAX(c.last_at) AS last_at,
  MAX(COALESCE((SELECT MAX(m.at) FROM message m WHERE m.conversation_id = c.id AND m.kind = 'ours' AND m.external_id <> ''), 0)) AS answered_at
FROM conversation c WHERE c.identity_id IN (?) GROUP BY c.identity_id`, bun.List(who)).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		out[r.IdentityID] = Talked{Conversations: r.N, Open: r.Open, Waiting: r.Waits > 0, Last: store.Time(r.LastAt), Answered: store.Time(r.AnsweredAt)}
	}
	var wishes []wishRow
	err = d.IDB(ctx).NewSelect().Model(&wishes).Where("identity_id IN (?) AND stopped", bun.List(who)).Scan(ctx)
	for _, w := range wishes {
		t := out[social.IdentityID(w.IdentityID)]
		t.Refuses = append(t.Refuses, social.ChannelID(w.ChannelID))
		out[social.IdentityID(w.IdentityID)] = t
	}
	return out, err
}

// BegunBy lists the accounts that began conversations, each once.
func (d *DB) BegunBy(ctx context.Context, ids []social.ConversationID) ([]social.IdentityID, error) {
	var out []social.IdentityID
	if len(ids) == 0 {
		return nil, nil
	}
	err := d.IDB(ctx).NewRaw("SELECT DISTINCT identity_id FROM conversation WHERE id IN (?)", bun.List(ids)).Scan(ctx, &out)
	return out, err
}

// Turned is one message of a conversation that an account began: theirs, or
// ours that stands on the network.
type Turned struct {
	Identity     social.IdentityID
	Conversation social.ConversationID
	At           time.Time
	Ours, Asks   bool
}

// Turns lists what was said since a time in conversations that accounts began, whoever asks.
func (d *DB) Turns(ctx context.Context, who []social.IdentityID, since time.Time) ([]Turned, error) {
	if len(who) == 0 {
		return nil, nil
	}
	var rows []struct {
		IdentityID     social.IdentityID
		ConversationID social.ConversationID
		At             int64
		Kind           string
		Asks           bool
	}
	err := d.IDB(ctx).NewRaw(`
SELECT c.identity_id, m.conversation_id, m.at, m.kind, m.asks FROM conversation c JOIN message m ON m.conversation_id = c.id
WHERE c.identity_id IN (?) AND m.at >= ? AND (m.kind = 'theirs' AND m.identity_id = c.identity_id OR m.kind = 'ours' AND m.external_id <> '')
ORDER BY m.at, m.id`, bun.List(who), store.At(since)).Scan(ctx, &rows)
	out := make([]Turned, len(rows))
	for i, r := range rows {
		out[i] = Turned{Identity: r.IdentityID, Conversation: r.ConversationID, At: store.Time(r.At), Ours: r.Kind == "ours", Asks: r.Asks}
	}
	return out, err
}
