package engagedb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ moderate.Store = (*DB)(nil)

type moderationRow struct {
	bun.BaseModel `bun:"table:moderation,alias:o"`
	MessageID     string `bun:"message_id,pk"`
	Lane          string `bun:"lane,pk"`
	Want          string `bun:"want"`
	Had           string `bun:"had"`
	Tried         string `bun:"tried"`
	Reason        string `bun:"reason"`
	Words         string `bun:"words"`
	MemberID      string `bun:"member_id"`
	Token         string `bun:"token"`
	AskedAt       int64  `bun:"asked_at"`
	ChangedAt     int64  `bun:"changed_at"`
	NextAt        int64  `bun:"next_at"`
	BusyUntil     int64  `bun:"busy_until"`
	Attempts      int64  `bun:"attempts"`
	Failures      int64  `bun:"failures"`
	Problem       string `bun:"problem"`
}

func (r moderationRow) deed() moderate.Deed {
	return moderate.Deed{
		Message: social.MessageID(r.MessageID), Lane: moderate.Lane(r.Lane), Want: moderate.Act(r.Want), Had: moderate.Act(r.Had), Tried: moderate.Act(r.Tried),
		Reason: moderate.Reason(r.Reason), Words: r.Words, Member: social.MemberID(r.MemberID), Token: r.Token,
		AskedAt: store.Time(r.AskedAt), ChangedAt: store.Time(r.ChangedAt), NextAt: store.Time(r.NextAt), Until: store.Time(r.BusyUntil),
		Attempts: int(r.Attempts), Failures: int(r.Failures), Problem: r.Problem,
	}
}

// Deed implements moderate.Store. It holds the message's row, which is there
// when the deed's is not yet.
func (d *DB) Deed(ctx context.Context, k moderate.Key) (moderate.Deed, error) {
	if d.Engine == store.Postgres {
		if _, err := d.IDB(ctx).NewRaw("SELECT id FROM message WHERE id = ? FOR UPDATE", string(k.Message)).Exec(ctx); err != nil {
			return moderate.Deed{}, err
		}
	}
	var rows []moderationRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("message_id = ? AND lane = ?", string(k.Message), string(k.Lane)).Scan(ctx); err != nil {
		return moderate.Deed{}, err
	}
	if len(rows) == 0 {
		return moderate.New(k.Message, k.Lane), nil
	}
	return rows[0].deed(), nil
}

// KeepDeed implements moderate.Store.
func (d *DB) KeepDeed(ctx context.Context, x moderate.Deed) error {
	r := moderationRow{
		MessageID: string(x.Message), Lane: string(x.Lane), Want: string(x.Want), Had: string(x.Had), Tried: string(x.Tried), Reason: string(x.Reason), Words: x.Words,
		MemberID: string(x.Member), Token: x.Token, AskedAt: store.At(x.AskedAt), ChangedAt: store.At(x.ChangedAt), NextAt: store.At(x.NextAt), BusyUntil: store.At(x.Until),
		Attempts: int64(x.Attempts), Failures: int64(x.Failures), Problem: x.Problem,
	}
	q := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (message_id, lane) DO UPDATE")
	_, err := set(q, []string{"want", "had", "tried", "reason", "words", "member_id", "token", "asked_at", "changed_at", "next_at", "busy_until", "attempts", "failures", "problem"}).Exec(ctx)
	return err
}

// Deeds implements moderate.Store.
func (d *DB) Deeds(ctx context.Context, ids []social.MessageID) ([]moderate.Deed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []moderationRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("message_id IN (?)", bun.List(ids)).Order("message_id", "lane").Scan(ctx)
	out := make([]moderate.Deed, len(rows))
	for i, r := range rows {
		out[i] = r.deed()
	}
	return out, err
}

// DueDeeds implements moderate.Store.
func (d *DB) DueDeeds(ctx context.Context, now time.Time, limit int) ([]moderate.Key, time.Time, error) {
	var rows []moderationRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Column("message_id", "lane").Where("next_at > 0").Where("next_at <= ?", store.At(now)).Order("next_at", "message_id", "lane").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	out := make([]moderate.Key, len(rows))
	for i, r := range rows {
		out[i] = moderate.Key{Message: social.MessageID(r.MessageID), Lane: moderate.Lane(r.Lane)}
	}
	var next int64
	err = d.IDB(ctx).NewRaw("SELECT COALESCE(MIN(next_at), 0) FROM moderation WHERE next_at > 0 AND next_at > ?", store.At(now)).Scan(ctx, &next)
	return out, store.Time(next), err
}

// OutOfSight implements engage.Store.
func (d *DB) OutOfSight(ctx context.Context, ids []social.MessageID) (map[social.MessageID]bool, error) {
	deeds, err := d.Deeds(ctx, ids)
	out := map[social.MessageID]bool{}
	for _, x := range deeds {
		if x.Lane == moderate.Sight && (x.Want != moderate.Show || x.Had != moderate.Show) {
			out[x.Message] = x.Taken()
		}
	}
	return out, err
}
