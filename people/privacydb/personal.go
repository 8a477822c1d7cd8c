package privacydb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Personal is what the ledger and the requests hold about somebody. That there
// was a consent stays; whose it was does not. Copies that were made for them go.
func (d *DB) Personal() store.Holder {
	return store.Holder{DB: d.DB, Room: "privacy", Also: d.dropCopies, Holds: []store.Held{
		{Name: "consents", Gather: `SELECT c.purpose, c.state, c.channel_id, COALESCE(t.body, c.shown) AS shown, c.source, c.evidence, c.jurisdiction, c.expires_at, c.at
FROM consent c LEFT JOIN consent_text t ON t.id = c.text_id WHERE c.identity_id IN (?1) ORDER BY c.at, c.id`,
			Erase: []string{"UPDATE consent SET identity_id = ?2, shown = '', evidence = '', same = id WHERE identity_id = ?1"}},
		{Name: "may they be written to", Gather: "SELECT purpose, reference, clear, why, at FROM consent_verdict WHERE identity_id IN (?1) ORDER BY at",
			Erase: []string{"UPDATE consent_verdict SET identity_id = ?2 WHERE identity_id = ?1"}},
		{Name: "requests", Gather: "SELECT kind, state, asked_by, how, why, asked_at, due_at, closed_at FROM privacy_request WHERE person_id IN (?0) ORDER BY asked_at",
			Erase: []string{"UPDATE privacy_request SET how = '' WHERE person_id IN (?0)"}},
	}}
}

func (d *DB) dropCopies(ctx context.Context, s social.Subject) ([]social.Gone, error) {
	ids := make([]string, len(s.Persons))
	for i, p := range s.Persons {
		ids[i] = string(p)
	}
	n, err := d.DropOwned(ctx, "SELECT 'request:' || id FROM privacy_request WHERE person_id IN (?)", bun.List(ids))
	if n == 0 || err != nil {
		return nil, err
	}
	return []social.Gone{{Place: "copies that were made for them", Rows: n}}, nil
}
