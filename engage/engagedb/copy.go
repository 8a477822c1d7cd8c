package engagedb

import (
	"context"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/copies"
	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

type copyRow struct {
	bun.BaseModel `bun:"table:message_copy"`
	MessageID     string `bun:"message_id,pk"`
	N             int64  `bun:"n,pk"`
	Address       string `bun:"address"`
	Problem       string `bun:"problem"`
}

// withCopies fills in who else got messages of ours; at says where they stand.
func (d *DB) withCopies(ctx context.Context, out []engage.Message, at map[string]int, ours []string) error {
	var rows []copyRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("message_id IN (?)", bun.List(ours)).Order("message_id", "n").Scan(ctx)
	for _, r := range rows {
		if dl := out[at[r.MessageID]].Delivery; dl != nil {
			dl.Copies = append(dl.Copies, copies.Copy{Address: r.Address, Problem: r.Problem})
		}
	}
	return err
}

func (d *DB) saveCopies(ctx context.Context, fresh []*engage.Message) error {
	var rows []copyRow
	for _, m := range fresh {
		if m.Delivery == nil {
			continue
		}
		for n, c := range m.Delivery.Copies {
			rows = append(rows, copyRow{MessageID: string(m.ID), N: int64(n), Address: c.Address, Problem: c.Problem})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := d.IDB(ctx).NewInsert().Model(&rows).Exec(ctx)
	return err
}

// KeepCopyProblem implements engage.Store.
func (d *DB) KeepCopyProblem(ctx context.Context, id social.MessageID, address, problem string) error {
	_, err := d.IDB(ctx).NewRaw("UPDATE message_copy SET problem = ? WHERE message_id = ? AND address = ?", problem, string(id), address).Exec(ctx)
	return err
}
