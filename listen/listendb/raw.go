package listendb

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type rawRow struct {
	bun.BaseModel `bun:"table:inbound"`
	Seq           int64  `bun:"seq,pk"`
	Channel       string `bun:"channel_id"`
	Key           string `bun:"event_key"`
	At            int64  `bun:"at"`
	ReceivedAt    int64  `bun:"received_at"`
	Error         string `bun:"error"`
	Raw           []byte `bun:"raw"`
}

func (r *rawRow) raw() listen.Raw {
	return listen.Raw{Seq: r.Seq, Channel: social.ChannelID(r.Channel), Key: r.Key, At: store.Time(r.At),
		Received: store.Time(r.ReceivedAt), Error: r.Error, Raw: r.Raw}
}

// KeepRaw writes events whose key is new to their channel.
func (s *DB) KeepRaw(ctx context.Context, events []listen.Raw) (map[int64]bool, error) {
	fresh := make(map[int64]bool, len(events))
	for part := range slices.Chunk(events, atOnce) {
		rows := make([]rawRow, len(part))
		for i, e := range part {
			rows[i] = rawRow{Seq: e.Seq, Channel: string(e.Channel), Key: e.Key, At: store.At(e.At),
				ReceivedAt: store.At(e.Received), Error: e.Error, Raw: e.Raw}
			if rows[i].Raw == nil {
				rows[i].Raw = []byte{}
			}
		}
		var seqs []int64
		err := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (channel_id, event_key) DO NOTHING").Returning("seq").Scan(ctx, &seqs)
		if err != nil {
			return nil, err
		}
		for _, q := range seqs {
			fresh[q] = true
		}
	}
	return fresh, nil
}

type runRow struct {
	bun.BaseModel `bun:"table:inbound_waiting"`
	First         int64  `bun:"first,pk"`
	Last          int64  `bun:"last"`
	Channel       string `bun:"channel_id"`
	Events        int    `bun:"events"`
	At            int64  `bun:"at"`
}

// KeepRun notes that a run waits to be processed.
func (s *DB) KeepRun(ctx context.Context, r listen.Run) error {
	row := &runRow{First: r.First, Last: r.Last, Channel: string(r.Channel), Events: r.Events, At: store.At(r.At)}
	_, err := s.DB.IDB(ctx).NewInsert().Model(row).Exec(ctx)
	return err
}

// DropRun notes that a run is processed.
func (s *DB) DropRun(ctx context.Context, first int64) error {
	_, err := s.DB.IDB(ctx).NewDelete().Model(&runRow{First: first}).WherePK().Exec(ctx)
	return err
}

// Runs returns the runs that wait, the oldest first.
func (s *DB) Runs(ctx context.Context) ([]listen.Run, error) {
	var rows []runRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Order("first").Scan(ctx)
	out := make([]listen.Run, len(rows))
	for i, r := range rows {
		out[i] = listen.Run{First: r.First, Last: r.Last, Channel: social.ChannelID(r.Channel), Events: r.Events, At: store.Time(r.At)}
	}
	return out, err
}

// RawBetween returns events of a run that could be read.
func (s *DB) RawBetween(ctx context.Context, channel social.ChannelID, first, last int64, limit int) ([]listen.Raw, error) {
	var rows []rawRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("channel_id = ? AND error = '' AND seq >= ? AND seq <= ?", string(channel), first, last).
		Order("seq").Limit(int64(limit)).Scan(ctx)
	return raws(rows), err
}

// RawSince returns events received since a time, in order.
func (s *DB) RawSince(ctx context.Context, since time.Time, after int64, limit int) ([]listen.Raw, error) {
	var rows []rawRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("seq > ? AND received_at >= ?", after, store.At(since)).
		Order("seq").Limit(int64(limit)).Scan(ctx)
	return raws(rows), err
}

func raws(rows []rawRow) []listen.Raw {
	out := make([]listen.Raw, len(rows))
	for i := range rows {
		out[i] = rows[i].raw()
	}
	return out
}

// FailRaw notes why an event could not be read; "" that it can.
func (s *DB) FailRaw(ctx context.Context, seq int64, why string) error {
	_, err := s.DB.IDB(ctx).NewUpdate().Model(&rawRow{Seq: seq, Error: why}).WherePK().Column("error").Exec(ctx)
	return err
}

// Broken returns the newest events that could not be read.
func (s *DB) Broken(ctx context.Context, channel social.ChannelID, limit int) ([]listen.Raw, error) {
	var rows []rawRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).ExcludeColumn("raw").Where("channel_id = ? AND error <> ''", string(channel)).
		Order("seq DESC").Limit(int64(limit)).Scan(ctx)
	return raws(rows), err
}

// pruneSQL forgets the oldest events that nobody waits for.
const pruneSQL = `DELETE FROM inbound WHERE seq IN (
	SELECT i.seq FROM inbound AS i WHERE i.seq < ? AND i.received_at < ?
	AND NOT EXISTS (SELECT 1 FROM inbound_waiting AS w WHERE i.seq BETWEEN w.first AND w.last)
	ORDER BY i.seq LIMIT ?)`

// PruneRaw forgets processed events received before a time. Numbers follow
// arrival, so the oldest lie together.
func (s *DB) PruneRaw(ctx context.Context, before time.Time, limit int) (int, error) {
	res, err := s.DB.IDB(ctx).NewRaw(pruneSQL, store.At(before), store.At(before), limit).Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// LastSeq is the highest number in use.
func (s *DB) LastSeq(ctx context.Context) (int64, error) {
	var last int64
	err := s.DB.IDB(ctx).NewRaw(`SELECT COALESCE(MAX(m), 0) FROM (
		SELECT MAX(seq) AS m FROM inbound UNION ALL SELECT MAX(seq) FROM activity UNION ALL SELECT MAX(last) FROM inbound_waiting) AS t`).Scan(ctx, &last)
	return last, err
}
