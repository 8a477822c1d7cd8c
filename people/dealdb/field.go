package dealdb

import (
	"context"
	"encoding/json"

	"github.com/parley-crm/parley/people/deal"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type fieldRow struct {
	bun.BaseModel `bun:"table:field_def"`
	ID            string `bun:"id,pk"`
	Subject       string `bun:"subject"`
	Key           string `bun:"key"`
	Name          string `bun:"name"`
	Type          string `bun:"type"`
	Choices       string `bun:"choices"`
	Position      int    `bun:"position"`
	Archived      bool   `bun:"archived"`
	Customer      bool   `bun:"customer"`
	CreatedAt     int64  `bun:"created_at"`
}

// Fields implements deal.Store.
func (d *DB) Fields(ctx context.Context, of deal.Subject) ([]deal.Field, error) {
	var rows []fieldRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Order("subject", "position", "id")
	if of != "" {
		q = q.Where("subject = ?", string(of))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]deal.Field, len(rows))
	for i, r := range rows {
		out[i] = deal.Field{ID: deal.FieldID(r.ID), Of: deal.Subject(r.Subject), Key: r.Key, Name: r.Name, Type: r.Type, Position: r.Position,
			Archived: r.Archived, Customer: r.Customer, Created: store.Time(r.CreatedAt)}
		if err := json.Unmarshal([]byte(r.Choices), &out[i].Choices); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SaveField implements deal.Store.
func (d *DB) SaveField(ctx context.Context, f deal.Field) error {
	r := fieldRow{ID: string(f.ID), Subject: string(f.Of), Key: f.Key, Name: f.Name, Type: f.Type, Choices: list(f.Choices), Position: f.Position,
		Archived: f.Archived, Customer: f.Customer, CreatedAt: store.At(f.Created)}
	return d.upsert(ctx, &r, "id", "name", "choices", "position", "archived", "customer")
}

func list(s []string) string {
	if len(s) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(s) // texts always marshal
	return string(b)
}

type valueRow struct {
	bun.BaseModel `bun:"table:field_value"`
	Owner         string `bun:"owner_id,pk"`
	Field         string `bun:"field_id,pk"`
	Value         string `bun:"value"`
	Source        string `bun:"source"`
	By            string `bun:"by_id"`
	At            int64  `bun:"at"`
}

// Values implements deal.Store.
func (d *DB) Values(ctx context.Context, owners []string) (map[deal.FieldID]deal.Value, error) {
	out := map[deal.FieldID]deal.Value{}
	if len(owners) == 0 {
		return out, nil
	}
	var rows []valueRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("owner_id IN (?)", bun.List(owners)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, owner := range owners {
		for _, r := range rows {
			if _, had := out[deal.FieldID(r.Field)]; r.Owner == owner && !had {
				out[deal.FieldID(r.Field)] = deal.Value{Field: deal.FieldID(r.Field), Value: r.Value, Source: deal.Source(r.Source), By: social.MemberID(r.By), At: store.Time(r.At)}
			}
		}
	}
	return out, nil
}

// DropValue implements deal.Store.
func (d *DB) DropValue(ctx context.Context, owner string, f deal.FieldID) error {
	_, err := d.IDB(ctx).NewRaw("DELETE FROM field_value WHERE owner_id = ? AND field_id = ?", owner, string(f)).Exec(ctx)
	return err
}

// SaveValue implements deal.Store. An empty value is kept too: it says that
// somebody took it away.
func (d *DB) SaveValue(ctx context.Context, owner string, v deal.Value) error {
	r := valueRow{Owner: owner, Field: string(v.Field), Value: v.Value, Source: string(v.Source), By: string(v.By), At: store.At(v.At)}
	return d.upsert(ctx, &r, "owner_id, field_id", "value", "source", "by_id", "at")
}
