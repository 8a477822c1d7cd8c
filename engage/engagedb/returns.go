package engagedb

import (
	"context"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// keepEarly is how long a report waits for its message.
const keepEarly = 7 * 24 * time.Hour

// reportLock is the key of the advisory lock between keeping a report that
// came early and learning where its message stands.
const reportLock = 0x7265706f7274 // "report"

func (d *DB) lockReports(ctx context.Context) error {
	if d.Engine != store.Postgres {
		return nil
	}
	_, err := d.IDB(ctx).NewRaw("SELECT pg_advisory_xact_lock(?)", int64(reportLock)).Exec(ctx)
	return err
}

type reportRow struct {
	bun.BaseModel `bun:"table:delivery_report"`
	ChannelID     string `bun:"channel_id,pk"`
	ExternalID    string `bun:"external_id,pk"`
	State         string `bun:"state,pk"` // and after a space about whom, where the network says it
	At            int64  `bun:"at"`
	Text          string `bun:"text"`
	HeardAt       int64  `bun:"heard_at"`
}

// KeepReport implements engage.Store.
func (d *DB) KeepReport(ctx context.Context, c social.ChannelID, r social.Report, now time.Time) error {
	if err := d.lockReports(ctx); err != nil {
		return err
	}
	m, err := d.External(ctx, c, r.ExternalID)
	switch {
	case err == nil && m.Delivery != nil:
		return social.Errorf(social.Busy, "The message of this report has just become known.")
	case err == nil:
		return nil // it stands there, but we did not send it
	case !social.NotFound.Is(err):
		return err
	}
	row := reportRow{ChannelID: string(c), ExternalID: r.ExternalID, State: strings.TrimSpace(string(r.State) + " " + r.To), At: store.At(r.At), Text: r.Text, HeardAt: store.At(now)}
	if _, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (channel_id, external_id, state) DO NOTHING").Exec(ctx); err != nil {
		return err
	}
	_, err = d.IDB(ctx).NewRaw("DELETE FROM delivery_report WHERE heard_at < ?", store.At(now.Add(-keepEarly))).Exec(ctx)
	return err
}

// TakeReports implements engage.Store.
func (d *DB) TakeReports(ctx context.Context, c social.ChannelID, external string) ([]social.Report, error) {
	if err := d.lockReports(ctx); err != nil {
		return nil, err
	}
	var rows []reportRow
	err := d.IDB(ctx).NewRaw("DELETE FROM delivery_report WHERE channel_id = ? AND external_id = ? RETURNING *", string(c), external).Scan(ctx, &rows)
	out := make([]social.Report, len(rows))
	for i, r := range rows {
		state, to, _ := strings.Cut(r.State, " ")
		out[i] = social.Report{ExternalID: r.ExternalID, State: social.ReportState(state), At: store.Time(r.At), Text: r.Text, To: to}
	}
	return out, err
}

type wishRow struct {
	bun.BaseModel `bun:"table:opt_out,alias:o"`
	ChannelID     string `bun:"channel_id,pk"`
	IdentityID    string `bun:"identity_id,pk"`
	Stopped       bool   `bun:"stopped"`
	At            int64  `bun:"at"`
	MessageID     string `bun:"message_id"`
}

// Wish implements engage.Store.
func (d *DB) Wish(ctx context.Context, c social.ChannelID, who social.IdentityID, stop bool, at time.Time, m social.MessageID) (bool, error) {
	before, err := d.Stopped(ctx, c, who)
	if err != nil {
		return false, err
	}
	row := wishRow{ChannelID: string(c), IdentityID: string(who), Stopped: stop, At: store.At(at), MessageID: string(m)}
	res, err := d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (channel_id, identity_id) DO UPDATE").
		Set("stopped = EXCLUDED.stopped").Set("at = EXCLUDED.at").Set("message_id = EXCLUDED.message_id").
		Where("o.at < EXCLUDED.at").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0 && stop == before.IsZero(), err
}

// Stopped implements engage.Store.
func (d *DB) Stopped(ctx context.Context, c social.ChannelID, who social.IdentityID) (time.Time, error) {
	var at []int64
	err := d.IDB(ctx).NewRaw("SELECT at FROM opt_out WHERE channel_id = ? AND identity_id = ? AND stopped", string(c), string(who)).Scan(ctx, &at)
	if err != nil || len(at) == 0 {
		return time.Time{}, err
	}
	return store.Time(at[0]), nil
}
