package store

import (
	"context"
	"encoding/json"

	"github.com/uptrace/bun"
)

type settingRow struct {
	bun.BaseModel `bun:"table:setting"`
	Name          string `bun:"name,pk"`
	Value         string `bun:"value"`
}

// Setting reads a small setting into v and reports whether it was there.
func (db *DB) Setting(ctx context.Context, name string, v any) (bool, error) {
	var rows []settingRow
	if err := db.IDB(ctx).NewSelect().Model(&rows).Where("name = ?", name).Scan(ctx); err != nil || len(rows) == 0 {
		return false, err
	}
	return true, json.Unmarshal([]byte(rows[0].Value), v)
}

// SetSetting keeps a small setting; call it in a transaction, with an entry
// in the record where a person changed it.
func (db *DB) SetSetting(ctx context.Context, name string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return db.InTx(ctx, func(ctx context.Context) error {
		_, err := db.IDB(ctx).NewInsert().Model(&settingRow{Name: name, Value: string(value)}).
			On("CONFLICT (name) DO UPDATE").Set("value = EXCLUDED.value").Exec(ctx)
		return err
	})
}
