package analyzedb_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parley-crm/parley/analyze"
	"github.com/parley-crm/parley/analyze/analyzedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

type heard []social.Mention

func (h heard) Mentions(context.Context, []social.ActivityID) ([]social.Mention, error) {
	return h, nil
}

func TestReadKeepsScoresAndTells(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		ctx := context.Background()
		label := social.Scores{Lang: "en", LangConfidence: 0.9, Sentiment: &social.Label{Label: "negative", Score: 0.8, Confidence: 0.7, Why: []string{"loose"}},
			Emotions: []social.Label{{Label: "anger", Score: 0.7}, {Label: "joy", Score: 0.3}}, Toxicity: &social.Label{Label: "not-offensive", Score: 0.9},
			Intents: []social.Label{{Label: "complaint", Score: 0.6}}, Topics: []social.Label{},
			Entities: []social.Entity{{Kind: social.EntityPlace, Text: "leeds", Name: "Leeds", Confidence: 0.9, Start: 3, End: 8}}, Model: "feeling-1"}
		none := social.Scores{Lang: "fi", LangConfidence: 0.8, Model: "lid-1"}
		var got []string
		r := analyze.Reader{Store: analyzedb.New(db),
			Hearing: heard{
				{Activity: social.Activity{ID: "a1", Title: "Two stars", Text: "The handle is loose"}},
				{Activity: social.Activity{ID: "a2", Text: "Kiitos"}},
				{Activity: social.Activity{ID: "a3", Text: "gone"}, Deleted: true},
			},
			Score: func(texts []string) []social.Scores {
				got = texts
				return []social.Scores{label, none, {Lang: "und"}}
			}}
		ids := []social.ActivityID{"a1", "a2", "a3"}
		for range 2 { // the second time changes nothing
			if err := db.InTx(ctx, func(ctx context.Context) error { return r.Read(ctx, ids) }); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"Two stars. The handle is loose", "Kiitos", ""}, got); diff != "" {
			t.Error("what is read:", diff)
		}
		kept, err := r.Store.Scores(ctx, ids)
		if err != nil {
			t.Fatal(err)
		}
		label2, none2 := kept["a1"], kept["a2"]
		if diff := cmp.Diff(label, label2); diff != "" {
			t.Error(diff)
		}
		if none2.Sentiment != nil || none2.Emotions != nil || none2.Toxicity != nil || none2.Topics != nil || none2.Lang != "fi" {
			t.Errorf("a language without a model has no scores: %+v", none2)
		}
		facts, err := db.Facts(ctx, 0, 10)
		if err != nil || len(facts) != 2 || len(facts[0].Fact.(social.Understood).Activities) != 3 {
			t.Errorf("facts %v, %v", facts, err)
		}
	})
}
