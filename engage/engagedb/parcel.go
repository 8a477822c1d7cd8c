package engagedb

import (
	"context"

	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// MessageFiles implements parcel.Rows.
func (d *DB) MessageFiles(ctx context.Context, ids []social.MessageID) (map[social.MessageID][]parcel.Enclosure, error) {
	out := map[social.MessageID][]parcel.Enclosure{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct{ MessageID, FileID, Alt string }
	if err := d.IDB(ctx).NewRaw("SELECT message_id, file_id, alt FROM message_file WHERE message_id IN (?) ORDER BY message_id, n", bun.List(ids)).Scan(ctx, &rows); err != nil {
		return nil, err
	}
	for _, r := range rows {
		id := social.MessageID(r.MessageID)
		out[id] = append(out[id], parcel.Enclosure{File: social.FileID(r.FileID), Alt: r.Alt})
	}
	return out, nil
}

// KeepMessageFiles implements parcel.Rows.
func (d *DB) KeepMessageFiles(ctx context.Context, id social.MessageID, items []parcel.Enclosure) error {
	if _, err := d.IDB(ctx).NewRaw("DELETE FROM message_file WHERE message_id = ?", string(id)).Exec(ctx); err != nil {
		return err
	}
	for n, x := range items {
		_, err := d.IDB(ctx).NewRaw("INSERT INTO message_file (message_id, n, file_id, alt) VALUES (?, ?, ?, ?)", string(id), n, string(x.File), x.Alt).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// SweepMessageFiles forgets what went with messages that were erased.
func (d *DB) SweepMessageFiles(ctx context.Context) error {
	return d.InTx(ctx, func(ctx context.Context) error {
		_, err := d.IDB(ctx).NewRaw("DELETE FROM message_file WHERE message_id IN (SELECT id FROM message WHERE deleted_at <> 0)").Exec(ctx)
		return err
	})
}
