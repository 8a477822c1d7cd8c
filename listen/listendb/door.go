package listendb

import (
	"context"
	"slices"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Lines keeps what is said at doors (channel.Lines).
type Lines struct{ *DB }

type saidRow struct {
	bun.BaseModel `bun:"table:door_line,alias:door_line"`
	Channel       string `bun:"channel_id,pk"`
	ID            string `bun:"id,pk"`
	Visitor       string `bun:"visitor"`
	Position      int64  `bun:"position"`
	Ours          bool   `bun:"ours"`
	Name          string `bun:"name"`
	Body          string `bun:"body"`
	SaidAt        int64  `bun:"said_at"`
}

func (r *saidRow) line() listen.Said {
	return listen.Said{ID: r.ID, Visitor: r.Visitor, Position: r.Position, Ours: r.Ours, Name: r.Name, Text: r.Body, At: store.Time(r.SaidAt)}
}

const addLine = `
INSERT INTO door_line (channel_id, id, visitor, position, ours, name, body, said_at)
SELECT ?0, ?1, ?2, COALESCE((SELECT MAX(position) FROM door_line WHERE channel_id = ?0 AND visitor = ?2), 0) + 1, ?3, ?4, ?5, ?6
ON CONFLICT (channel_id, id) DO NOTHING`

// Add keeps a line; the same id again changes nothing.
func (s Lines) Add(ctx context.Context, channel social.ChannelID, l listen.Said) (listen.Said, bool, error) {
	fresh := false
	err := s.DB.InTx(ctx, func(ctx context.Context) error {
		if err := s.DB.Lock(ctx); err != nil { // positions are given one after the other
			return err
		}
		res, err := s.DB.DB.IDB(ctx).NewRaw(addLine, string(channel), l.ID, l.Visitor, l.Ours, l.Name, l.Text, store.At(l.At)).Exec(ctx)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		fresh = n > 0
		l, err = s.ByID(ctx, channel, l.ID)
		return err
	})
	return l, fresh, err
}

// After returns lines of a talk after a position, in order.
func (s Lines) After(ctx context.Context, channel social.ChannelID, visitor string, position int64, limit int) ([]listen.Said, error) {
	var rows []saidRow
	err := s.DB.DB.IDB(ctx).NewSelect().Model(&rows).Where("channel_id = ? AND visitor = ? AND position > ?", string(channel), visitor, position).
		Order("position").Limit(int64(limit)).Scan(ctx)
	return saidOf(rows), err
}

// Last returns the newest lines of a talk, in order.
func (s Lines) Last(ctx context.Context, channel social.ChannelID, visitor string, limit int) ([]listen.Said, error) {
	var rows []saidRow
	err := s.DB.DB.IDB(ctx).NewSelect().Model(&rows).Where("channel_id = ? AND visitor = ?", string(channel), visitor).
		Order("position DESC").Limit(int64(limit)).Scan(ctx)
	slices.Reverse(rows)
	return saidOf(rows), err
}

// ByID returns one line.
func (s Lines) ByID(ctx context.Context, channel social.ChannelID, id string) (listen.Said, error) {
	var rows []saidRow
	err := s.DB.DB.IDB(ctx).NewSelect().Model(&rows).Where("channel_id = ? AND id = ?", string(channel), id).Limit(1).Scan(ctx)
	if err == nil && len(rows) == 0 {
		err = social.Errorf(social.NotFound, "Nothing like that was said here.")
	}
	if err != nil {
		return listen.Said{}, err
	}
	return rows[0].line(), nil
}

func saidOf(rows []saidRow) []listen.Said {
	out := make([]listen.Said, len(rows))
	for i := range rows {
		out[i] = rows[i].line()
	}
	return out
}
