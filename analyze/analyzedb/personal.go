package analyzedb

import (
	"context"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
)

// Personal is what was understood of somebody's words, and who turned to whom.
// Ask before listening.
func (d *DB) Personal() store.Holder {
	const theirs = "(SELECT id FROM activity WHERE identity_id = ?1)"
	return store.Holder{DB: d.DB, Room: "understanding", Also: d.unreason, Holds: []store.Held{
		{Name: "scores", Gather: "SELECT s.lang, s.sentiment, s.emotions, s.intents, s.topics, s.scored_at FROM score s JOIN activity a ON a.id = s.activity_id WHERE a.identity_id IN (?1) ORDER BY s.scored_at",
			Erase: []string{"UPDATE score SET why = '[]', entities = '[]' WHERE activity_id IN " + theirs}},
		{Name: "who turned to whom", Erase: []string{"UPDATE bond SET from_id = ?2 WHERE from_id = ?1", "UPDATE bond SET to_id = ?2 WHERE to_id = ?1"}},
		{Name: "accounts by handle", Erase: []string{"DELETE FROM account WHERE identity_id = ?1"}},
		{Name: "influence", Gather: "SELECT web, place, score, circle, bridge FROM influence WHERE identity_id IN (?1) ORDER BY web",
			Erase: []string{"UPDATE influence SET identity_id = ?2, name = 'Erased', handle = '' WHERE identity_id = ?1"}},
	}}
}

// unreason takes their words out of what speaks for a label.
func (d *DB) unreason(ctx context.Context, s social.Subject) ([]social.Gone, error) {
	for _, a := range s.Accounts {
		err := d.Unreason(ctx, "score", "activity_id", "activity_id IN (SELECT id FROM activity WHERE identity_id = ?)", []any{string(a.Author.ID())}, "intents", "emotions", "toxicity", "topics")
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}
