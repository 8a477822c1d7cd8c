package engagedb

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Due implements engage.Store.
func (d *DB) Due(ctx context.Context, now time.Time, without []social.ChannelID, limit int) ([]engage.Due, time.Time, error) {
	var rows []deliveryRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Column("d.message_id", "d.conversation_id", "d.channel_id", "d.state").
		Where("d.next_at > 0").Where("d.next_at <= ?", store.At(now)).
		Where(`NOT (d.state = 'queued' AND EXISTS (SELECT 1 FROM delivery e WHERE e.conversation_id = d.conversation_id
			AND e.seq < d.seq AND e.state IN ('queued', 'sending', 'unknown')))`).
		OrderExpr("d.next_at, d.seq").Limit(int64(limit))
	if len(without) > 0 {
		q = q.Where("d.channel_id NOT IN (?)", bun.List(without))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, time.Time{}, err
	}
	out := make([]engage.Due, len(rows))
	for i, r := range rows {
		out[i] = engage.Due{Message: social.MessageID(r.MessageID), Conversation: social.ConversationID(r.ConversationID),
			Channel: social.ChannelID(r.ChannelID), Stage: engage.Stage(r.State)}
	}
	var next int64
	err := d.IDB(ctx).NewRaw("SELECT COALESCE(MIN(next_at), 0) FROM delivery WHERE next_at > 0 AND next_at > ?", store.At(now)).Scan(ctx, &next)
	return out, store.Time(next), err
}

// Leaving implements engage.Store.
func (d *DB) Leaving(ctx context.Context) (ids []social.MessageID, err error) {
	err = d.IDB(ctx).NewRaw("SELECT message_id FROM delivery WHERE next_at > 0 AND state IN ('queued', 'sending') ORDER BY seq").Scan(ctx, &ids)
	return ids, err
}

type draftRow struct {
	bun.BaseModel  `bun:"table:draft"`
	MemberID       string `bun:"member_id,pk"`
	ConversationID string `bun:"conversation_id,pk"`
	Text           string `bun:"text"`
	Visibility     string `bun:"visibility"`
	At             int64  `bun:"at"`
	Files          string `bun:"files"`
	Copies         string `bun:"copies"` // "" while nobody has chosen
}

type readRow struct {
	bun.BaseModel  `bun:"table:conversation_read"`
	MemberID       string `bun:"member_id,pk"`
	ConversationID string `bun:"conversation_id,pk"`
	At             int64  `bun:"at"`
}

// Draft implements engage.Store.
func (d *DB) Draft(ctx context.Context, m social.MemberID, id social.ConversationID) (engage.Draft, error) {
	var rows []draftRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("member_id = ?", string(m)).Where("conversation_id = ?", string(id)).Scan(ctx); err != nil {
		return engage.Draft{}, err
	}
	if len(rows) == 0 {
		return engage.Draft{}, social.Errorf(social.NotFound, "There is no draft.")
	}
	out := engage.Draft{Text: rows[0].Text, Visibility: social.Visibility(rows[0].Visibility), At: store.Time(rows[0].At)}
	if rows[0].Copies != "" {
		if err := json.Unmarshal([]byte(rows[0].Copies), &out.Copies); err != nil {
			return out, err
		}
		out.Copies = slices.DeleteFunc(out.Copies, func(a string) bool { return a == "" }) // of who was erased
	}
	return out, json.Unmarshal([]byte(rows[0].Files), &out.Files)
}

// KeepDraft implements engage.Store.
func (d *DB) KeepDraft(ctx context.Context, m social.MemberID, id social.ConversationID, dr engage.Draft) error {
	row := draftRow{MemberID: string(m), ConversationID: string(id), Text: dr.Text, Visibility: string(dr.Visibility), At: store.At(dr.At), Files: "[]"}
	if len(dr.Files) > 0 {
		files, err := json.Marshal(dr.Files)
		if err != nil {
			return err
		}
		row.Files = string(files)
	}
	if dr.Copies != nil {
		row.Copies = jsonOf(dr.Copies)
	}
	_, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (member_id, conversation_id) DO UPDATE").
		Set("text = EXCLUDED.text").Set("visibility = EXCLUDED.visibility").Set("at = EXCLUDED.at").Set("files = EXCLUDED.files").Set("copies = EXCLUDED.copies").Exec(ctx)
	return err
}

// DropDraft implements engage.Store.
func (d *DB) DropDraft(ctx context.Context, m social.MemberID, id social.ConversationID) error {
	_, err := d.IDB(ctx).NewDelete().Model((*draftRow)(nil)).Where("member_id = ?", string(m)).Where("conversation_id = ?", string(id)).Exec(ctx)
	return err
}

// MarkRead implements engage.Store.
func (d *DB) MarkRead(ctx context.Context, m social.MemberID, id social.ConversationID, at time.Time) error {
	row := readRow{MemberID: string(m), ConversationID: string(id), At: store.At(at)}
	_, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (member_id, conversation_id) DO UPDATE").Set("at = EXCLUDED.at").Exec(ctx)
	return err
}

// Asleep implements engage.Store.
func (d *DB) Asleep(ctx context.Context, by time.Time, limit int) ([]social.ConversationID, error) {
	var ids []social.ConversationID
	err := d.IDB(ctx).NewRaw("SELECT id FROM conversation WHERE state = 'snoozed' AND snoozed_until <= ? ORDER BY snoozed_until LIMIT ?",
		store.At(by), limit).Scan(ctx, &ids)
	return ids, err
}
