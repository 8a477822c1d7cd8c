package listendb

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type shareRow struct {
	bun.BaseModel `bun:"table:share,alias:s"`
	Channel       string `bun:"channel_id,pk"`
	ExternalID    string `bun:"external_id,pk"`
	Activity      string `bun:"activity_id"`
	Kind          string `bun:"kind"`
	Identity      string `bun:"identity_id"`
	Author        string `bun:"author"`
	Own           bool   `bun:"own"`
	At            int64  `bun:"at"`
	Undone        bool   `bun:"undone"`
	Said          string `bun:"said,scanonly"`
}

func (r *shareRow) share() (social.Share, error) {
	s := social.Share{ExternalID: r.ExternalID, Kind: social.ShareKind(r.Kind), Own: r.Own, At: store.Time(r.At), Undone: r.Undone,
		Post: social.ActivityID(r.Activity), Said: social.IdentityID(r.Said)}
	return s, json.Unmarshal([]byte(r.Author), &s.By)
}

func sharesFrom(rows []shareRow) ([]social.Share, error) {
	out := make([]social.Share, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].share(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Shareable returns those of the external ids that a channel keeps and that
// stand still.
func (s *DB) Shareable(ctx context.Context, channel social.ChannelID, external []string) (map[string]social.ActivityID, error) {
	out := map[string]social.ActivityID{}
	for part := range slices.Chunk(external, atOnce) {
		var rows []struct {
			ID         string
			ExternalID string
		}
		err := s.DB.IDB(ctx).NewSelect().Model((*postRow)(nil)).Column("id", "external_id").
			Where("channel_id = ? AND external_id IN (?) AND deleted_at = 0 AND visibility = 'public'", string(channel), bun.List(part)).Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ExternalID] = social.ActivityID(r.ID)
		}
	}
	return out, nil
}

// SharesBy returns those of the external ids that a channel keeps as shares.
func (s *DB) SharesBy(ctx context.Context, channel social.ChannelID, external []string) (map[string]social.Share, error) {
	out := map[string]social.Share{}
	for part := range slices.Chunk(external, atOnce) {
		var rows []shareRow
		if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("channel_id = ? AND external_id IN (?)", string(channel), bun.List(part)).Scan(ctx); err != nil {
			return nil, err
		}
		found, err := sharesFrom(rows)
		if err != nil {
			return nil, err
		}
		for _, x := range found {
			out[x.ExternalID] = x
		}
	}
	return out, nil
}

// KeepShares writes shares; of what is there already only that it was taken back.
func (s *DB) KeepShares(ctx context.Context, channel social.ChannelID, all []social.Share) error {
	for part := range slices.Chunk(all, atOnce) {
		rows := make([]shareRow, len(part))
		for i, x := range part {
			by, err := json.Marshal(x.By)
			if err != nil {
				return err
			}
			rows[i] = shareRow{Channel: string(channel), ExternalID: x.ExternalID, Activity: string(x.Post), Kind: string(x.Kind),
				Identity: string(x.By.ID()), Author: string(by), Own: x.Own, At: store.At(x.At), Undone: x.Undone}
		}
		_, err := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (channel_id, external_id) DO UPDATE").
			Set("undone = s.undone OR EXCLUDED.undone").Returning("NULL").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// SharesOf returns shares by their external ids, with who had said it.
func (s *DB) SharesOf(ctx context.Context, channel social.ChannelID, external []string) ([]social.Share, error) {
	var out []social.Share
	for part := range slices.Chunk(external, atOnce) {
		var rows []shareRow
		err := s.DB.IDB(ctx).NewRaw(`SELECT s.channel_id, s.external_id, s.activity_id, s.kind, s.identity_id, s.author, s.own, s.at,
			(s.undone OR a.deleted_at <> 0 OR a.visibility <> 'public') AS undone, a.identity_id AS said
			FROM share AS s JOIN activity AS a ON a.id = s.activity_id WHERE s.channel_id = ? AND s.external_id IN (?)`,
			string(channel), bun.List(part)).Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		found, err := sharesFrom(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// SharesTo returns shares of an activity before a place, the latest first.
func (s *DB) SharesTo(ctx context.Context, of social.ActivityID, before *listen.SharePlace, limit int) ([]social.Share, error) {
	var rows []shareRow
	q := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("activity_id = ? AND NOT undone", string(of))
	if before != nil {
		q = q.Where("(at, external_id) < (?, ?)", store.At(before.At), before.ExternalID)
	}
	if err := q.Order("at DESC", "external_id DESC").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, err
	}
	return sharesFrom(rows)
}

// SharesKnown counts the shares of activities.
func (s *DB) SharesKnown(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]int, error) {
	out := make(map[social.ActivityID]int, len(ids))
	for part := range slices.Chunk(ids, atOnce) {
		var rows []struct {
			ActivityID string
			N          int
		}
		err := s.DB.IDB(ctx).NewSelect().Model((*shareRow)(nil)).Column("activity_id").ColumnExpr("COUNT(*) AS n").
			Where("activity_id IN (?) AND NOT undone", bun.List(part)).Group("activity_id").Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[social.ActivityID(r.ActivityID)] = r.N
		}
	}
	return out, nil
}

// Sharers returns accounts as they were called when they last shared something.
func (s *DB) Sharers(ctx context.Context, who []social.IdentityID) (map[social.IdentityID]social.Author, error) {
	out := make(map[social.IdentityID]social.Author, len(who))
	for part := range slices.Chunk(who, atOnce) {
		var rows []shareRow
		err := s.DB.IDB(ctx).NewRaw(`SELECT s.identity_id, s.author FROM share AS s
			JOIN (SELECT identity_id, MAX(at) AS at FROM share WHERE identity_id IN (?) GROUP BY identity_id) AS m
			ON m.identity_id = s.identity_id AND m.at = s.at`, bun.List(part)).Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			x, err := rows[i].share()
			if err != nil {
				return nil, err
			}
			out[social.IdentityID(rows[i].Identity)] = x.By
		}
	}
	return out, nil
}
