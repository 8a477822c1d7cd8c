package engagedb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Rows reads conversations that may be seen, in no order.
func (d *DB) Rows(ctx context.Context, ids []social.ConversationID) ([]engage.Conversation, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []conversationRow
	if err := visible(ctx, d.IDB(ctx).NewSelect().Model(&rows).Where("c.id IN (?)", bun.List(ids))).Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]engage.Conversation, len(rows))
	for i, r := range rows {
		out[i] = r.conversation()
	}
	return out, nil
}

// CountsOf counts the conversations that accounts began, of those that may be seen.
func (d *DB) CountsOf(ctx context.Context, who []social.IdentityID) (map[social.IdentityID]int, error) {
	out := make(map[social.IdentityID]int, len(who))
	if len(who) == 0 {
		return out, nil
	}
	var rows []struct {
		IdentityID string
		N          int
	}
	err := visible(ctx, d.IDB(ctx).NewSelect().Model((*conversationRow)(nil)).
		ColumnExpr("c.identity_id, COUNT(*) AS n").Where("c.identity_id IN (?)", bun.List(who))).Group("c.identity_id").Scan(ctx, &rows)
	for _, r := range rows {
		out[social.IdentityID(r.IdentityID)] = r.N
	}
	return out, err
}

// Ours reads what we noted, and what we said that did reach the network, in conversations that accounts began,
// newest first, before a point (time, then id): messages of the kinds given, in some channels, or in all where none is named.
func (d *DB) Ours(ctx context.Context, who []social.IdentityID, channels []social.ChannelID, kinds []string, before time.Time, beforeID string, limit int) ([]engage.Message, error) {
	if len(who) == 0 {
		return nil, nil
	}
	theirs := visible(ctx, d.IDB(ctx).NewSelect().Model((*conversationRow)(nil)).Column("c.id").Where("c.identity_id IN (?)", bun.List(who)))
	var rows []messageRow
	sel := d.IDB(ctx).NewSelect().Model(&rows).
		Where("(m.origin_id = '' AND m.conversation_id IN (?) OR m.origin_id <> '' AND m.origin_id IN (?))", theirs, theirs).
		Where("m.kind IN (?)", bun.List(kinds)).Where("m.deleted_at = 0").
		Where("NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message_id = m.id AND d.state NOT IN ('sent', 'confirmed', 'delivered', 'read'))").
		Where("(m.at, m.id) < (?, ?)", store.At(before), beforeID).
		OrderExpr("m.at DESC, m.id DESC").Limit(int64(limit))
	if len(channels) > 0 {
		sel = sel.Where("m.channel_id IN (?)", bun.List(channels))
	}
	err := sel.Scan(ctx)
	out := make([]engage.Message, len(rows))
	for i, r := range rows {
		out[i] = r.message()
	}
	return out, err
}

// Below finds the conversations in scope that stand below posts of ours, by
// the posts' external ids.
func (d *DB) Below(ctx context.Context, c social.ChannelID, external []string) (map[string][]social.ConversationID, error) {
	out := map[string][]social.ConversationID{}
	if len(external) == 0 {
		return out, nil
	}
	var rows []conversationRow
	err := visible(ctx, d.IDB(ctx).NewSelect().Model(&rows)).Column("id", "thread").
		Where("c.channel_id = ? AND c.thread IN (?)", string(c), bun.List(external)).Order("c.id").Limit(1000).Scan(ctx)
	for _, r := range rows {
		out[r.Thread] = append(out[r.Thread], social.ConversationID(r.ID))
	}
	return out, err
}
