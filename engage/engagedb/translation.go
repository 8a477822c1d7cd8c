package engagedb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"

	"github.com/parley-crm/parley/engage/translate"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ translate.Store = (*DB)(nil)

const translatorName = "engage.translator"

// unworded takes away the translations of what was deleted.
const unworded = "DELETE FROM message_translation WHERE message_id IN (SELECT t.message_id FROM message_translation t JOIN message m ON m.id = t.message_id WHERE m.deleted_at <> 0)"

type translationRow struct {
	bun.BaseModel `bun:"table:message_translation,alias:t"`
	MessageID     string `bun:"message_id,pk"`
	ToLang        string `bun:"to_lang,pk"`
	FromLang      string `bun:"from_lang"`
	Words         string `bun:"words"`
	Provider      string `bun:"provider"`
	MadeFrom      string `bun:"made_from"`
	At            int64  `bun:"at"`
}

func sumOf(words string) string {
	sum := sha256.Sum256([]byte(words))
	return hex.EncodeToString(sum[:])
}

// Translator implements translate.Store.
func (d *DB) Translator(ctx context.Context) (translate.Settings, error) {
	var out translate.Settings
	_, err := d.Setting(ctx, translatorName, &out)
	return out, err
}

// SaveTranslator implements translate.Store.
func (d *DB) SaveTranslator(ctx context.Context, s translate.Settings) error {
	return d.SetSetting(ctx, translatorName, s)
}

// Translation implements translate.Store.
func (d *DB) Translation(ctx context.Context, id social.MessageID, to, words string) (translate.Translation, error) {
	var r translationRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("message_id = ? AND to_lang = ? AND made_from = ?", string(id), to, sumOf(words)).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return translate.Translation{}, social.Because(social.NotFound, err, "It is not translated yet.")
	}
	return translate.Translation{Message: id, To: r.ToLang, From: r.FromLang, Text: r.Words, Provider: r.Provider, At: store.Time(r.At)}, err
}

// KeepTranslation implements translate.Store. It holds the message's row, so
// that whoever changes or erases the words meanwhile comes before or after it.
func (d *DB) KeepTranslation(ctx context.Context, t translate.Translation, words string) error {
	res, err := d.IDB(ctx).NewRaw("UPDATE message SET text = text WHERE id = ? AND text = ? AND deleted_at = 0", string(t.Message), words).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	r := translationRow{MessageID: string(t.Message), ToLang: t.To, FromLang: t.From, Words: t.Text, Provider: t.Provider, MadeFrom: sumOf(words), At: store.At(t.At)}
	q := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (message_id, to_lang) DO UPDATE")
	_, err = set(q, []string{"from_lang", "words", "provider", "made_from", "at"}).Exec(ctx)
	return err
}

// dropTranslations takes away what was made from other words than these
// messages have now.
func (d *DB) dropTranslations(ctx context.Context, now []messageRow) error {
	words := make(map[string]string, len(now))
	ids := make([]string, len(now))
	for i, m := range now {
		ids[i] = m.ID
		if m.DeletedAt == 0 {
			words[m.ID] = m.Text
		}
	}
	var kept []translationRow
	if err := d.IDB(ctx).NewSelect().Model(&kept).Column("message_id", "made_from").Where("message_id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return err
	}
	var old []string
	for _, k := range kept {
		if now, there := words[k.MessageID]; !there || sumOf(now) != k.MadeFrom {
			old = append(old, k.MessageID)
		}
	}
	if len(old) == 0 {
		return nil
	}
	_, err := d.IDB(ctx).NewRaw("DELETE FROM message_translation WHERE message_id IN (?)", bun.List(old)).Exec(ctx)
	return err
}
