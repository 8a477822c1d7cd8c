// Package analyzedb keeps scores in SQL.
package analyzedb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements analyze.Store.
type DB struct{ *store.DB }

// New keeps scores in db.
func New(db *store.DB) *DB { return &DB{db} }

type scoreRow struct {
	bun.BaseModel       `bun:"table:score"`
	ActivityID          string  `bun:"activity_id,pk"`
	Lang                string  `bun:"lang"`
	LangConfidence      float64 `bun:"lang_confidence"`
	Sentiment           string  `bun:"sentiment"`
	SentimentScore      float64 `bun:"sentiment_score"`
	SentimentConfidence float64 `bun:"sentiment_confidence"`
	Why                 string  `bun:"why"`
	Intents             string  `bun:"intents"`
	Emotions            string  `bun:"emotions"`
	Toxicity            string  `bun:"toxicity"`
	Entities            string  `bun:"entities"`
	Topics              string  `bun:"topics"`
	Model               string  `bun:"model"`
	Corrected           string  `bun:"corrected"`
	ScoredAt            int64   `bun:"scored_at"`
}

// Keep implements analyze.Store.
func (d *DB) Keep(ctx context.Context, scores map[social.ActivityID]social.Scores) error {
	if len(scores) == 0 {
		return nil
	}
	now := store.At(d.Clock.Now())
	rows := make([]scoreRow, 0, len(scores))
	for id, s := range scores {
		row := scoreRow{ActivityID: string(id), Lang: s.Lang, LangConfidence: s.LangConfidence, Why: "[]", Intents: "[]", Model: s.Model, ScoredAt: now}
		if s.Sentiment != nil {
			row.Sentiment, row.SentimentScore, row.SentimentConfidence = s.Sentiment.Label, s.Sentiment.Score, s.Sentiment.Confidence
			row.Why = list(s.Sentiment.Why)
		}
		row.Intents, row.Entities = list(s.Intents), list(s.Entities)
		row.Corrected = list(s.Corrected)
		row.Emotions, row.Toxicity, row.Topics = text(s.Emotions), text(s.Toxicity), text(s.Topics)
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b scoreRow) int { return strings.Compare(a.ActivityID, b.ActivityID) }) // as the index lies
	return d.InTx(ctx, func(ctx context.Context) error {
		q := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (activity_id) DO UPDATE")
		for _, c := range []string{"lang", "lang_confidence", "sentiment", "sentiment_score", "sentiment_confidence", "why", "intents", "emotions", "toxicity", "entities", "topics", "model", "corrected", "scored_at"} {
			q = q.Set(c + " = EXCLUDED." + c)
		}
		_, err := q.Exec(ctx)
		return err
	})
}

func list[T any](v []T) string {
	if len(v) == 0 {
		return "[]"
	}
	return text(v)
}

// text is a value as JSON, null for none.
func text(v any) string {
	b, _ := json.Marshal(v) // strings and numbers always marshal
	return string(b)
}

// Scores implements analyze.Store.
func (d *DB) Scores(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
	out := make(map[social.ActivityID]social.Scores, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []scoreRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("activity_id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, r := range rows {
		s := social.Scores{Lang: r.Lang, LangConfidence: r.LangConfidence, Model: r.Model}
		for _, f := range []struct {
			from string
			to   any
		}{{r.Intents, &s.Intents}, {r.Emotions, &s.Emotions}, {r.Toxicity, &s.Toxicity}, {r.Entities, &s.Entities}, {r.Topics, &s.Topics}, {r.Corrected, &s.Corrected}} {
			if err := json.Unmarshal([]byte(f.from), f.to); err != nil {
				return nil, fmt.Errorf("the scores of %s: %w", r.ActivityID, err)
			}
		}
		if r.Sentiment != "" {
			s.Sentiment = &social.Label{Label: r.Sentiment, Score: r.SentimentScore, Confidence: r.SentimentConfidence}
			if err := json.Unmarshal([]byte(r.Why), &s.Sentiment.Why); err != nil {
				return nil, err
			}
		}
		if len(s.Corrected) == 0 {
			s.Corrected = nil
		}
		out[social.ActivityID(r.ActivityID)] = s
	}
	return out, nil
}

// ScoredAt says when activities were scored; those without a score are left out.
func (d *DB) ScoredAt(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]time.Time, error) {
	out := make(map[social.ActivityID]time.Time, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []scoreRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Column("activity_id", "scored_at").Where("activity_id IN (?)", bun.List(ids)).Scan(ctx)
	for _, r := range rows {
		out[social.ActivityID(r.ActivityID)] = store.Time(r.ScoredAt)
	}
	return out, err
}
