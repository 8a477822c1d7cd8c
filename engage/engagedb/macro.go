package engagedb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/engage/shelf"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type macroRow struct {
	bun.BaseModel `bun:"table:macro,alias:k"`
	ID            string `bun:"id,pk"`
	MemberID      string `bun:"member_id"`
	Name          string `bun:"name"`
	Shared        bool   `bun:"shared"`
	ProgrammeID   string `bun:"programme_id"`
	Words         string `bun:"words"`
	Note          string `bun:"note"`
	Deeds         string `bun:"deeds"`
	CreatedAt     int64  `bun:"created_at"`
	ChangedAt     int64  `bun:"changed_at"`
}

// Macros implements engage.Store.
func (d *DB) Macros(ctx context.Context, m social.MemberID) ([]shelf.Macro, error) {
	var rows []macroRow
	q := d.IDB(ctx).NewSelect().Model(&rows).OrderExpr("k.id").Limit(2000)
	if s := social.ScopeOf(ctx); s.All {
		q = q.Where("k.member_id = ? OR k.shared", string(m))
	} else {
		q = q.Where("k.member_id = ? OR (k.shared AND k.programme_id IN (?))", string(m), bun.List(append([]social.ProgrammeID{""}, s.Programmes...)))
	}
	err := q.Scan(ctx)
	out := make([]shelf.Macro, len(rows))
	for i, r := range rows {
		out[i] = shelf.Macro{ID: social.MacroID(r.ID), Member: social.MemberID(r.MemberID), Name: r.Name, Shared: r.Shared, Programme: social.ProgrammeID(r.ProgrammeID),
			Words: r.Words, Note: r.Note, Created: store.Time(r.CreatedAt), Changed: store.Time(r.ChangedAt)}
		_ = json.Unmarshal([]byte(r.Deeds), &out[i].Deeds) // we wrote it
	}
	return out, err
}

// SaveMacro implements engage.Store.
func (d *DB) SaveMacro(ctx context.Context, m shelf.Macro) error {
	row := macroRow{ID: string(m.ID), MemberID: string(m.Member), Name: m.Name, Shared: m.Shared, ProgrammeID: string(m.Programme), Words: m.Words, Note: m.Note,
		Deeds: jsonOf(m.Deeds), CreatedAt: store.At(m.Created), ChangedAt: store.At(m.Changed)}
	_, err := set(d.IDB(ctx).NewInsert().Model(&row).On("CONFLICT (id) DO UPDATE"),
		[]string{"name", "shared", "programme_id", "words", "note", "deeds", "changed_at"}).Exec(ctx)
	return err
}

// DropMacro implements engage.Store.
func (d *DB) DropMacro(ctx context.Context, id social.MacroID) error {
	_, err := d.IDB(ctx).NewDelete().Model((*macroRow)(nil)).Where("id = ?", string(id)).Exec(ctx)
	return err
}

// KeepMentions implements engage.Store.
func (d *DB) KeepMentions(ctx context.Context, ms []social.MemberID, c social.ConversationID, m social.MessageID, at time.Time) error {
	for _, who := range ms {
		_, err := d.IDB(ctx).NewRaw(`INSERT INTO conversation_mention (member_id, conversation_id, message_id, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (member_id, conversation_id) DO UPDATE SET message_id = EXCLUDED.message_id, at = EXCLUDED.at`,
			string(who), string(c), string(m), store.At(at)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
