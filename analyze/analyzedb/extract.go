package analyzedb

import (
	"github.com/parley-crm/parley/kit/extract"
	"github.com/parley-crm/parley/store"
)

// Extracts are the tables of analysis that can be taken out.
func (d *DB) Extracts() []extract.Table {
	var out []extract.Table
	for _, e := range []store.Extract{
		{Name: "scores", From: "score", Keys: []string{"activity_id"}, Columns: []string{"activity_id", "lang", "lang_confidence:real", "sentiment", "sentiment_score:real", "sentiment_confidence:real", "why:json", "intents:json", "emotions:json", "toxicity:json", "topics:json", "entities:json", "corrected:json", "model", "scored_at:time"}},
		{Name: "corrections", From: "correction", Keys: []string{"id"}, Columns: []string{"id", "activity_id", "part", "was:json", "labels:json", "member_id", "member_name", "at:time", "undone_at:time"}},
	} {
		out = append(out, d.Table(e))
	}
	return out
}
