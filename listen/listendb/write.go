package listendb

import (
	"context"
	"slices"
	"strings"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Write writes what processing a batch came to. Of what grows with the batch
// everything goes in bulk.
func (s *DB) Write(ctx context.Context, c listen.Changes) error {
	if err := s.insert(ctx, c.Insert); err != nil {
		return err
	}
	for _, p := range c.Update {
		r, err := rowOfPost(p)
		if err != nil {
			return err
		}
		if _, err := s.DB.IDB(ctx).NewUpdate().Model(&r).WherePK().ExcludeColumn("seq", "id", "channel_id", "external_id", "received_at").Exec(ctx); err != nil {
			return err
		}
	}
	for _, m := range c.Unmatch {
		row := rowOfMatch(m)
		if _, err := s.DB.IDB(ctx).NewDelete().Model(&row).WherePK().Exec(ctx); err != nil {
			return err
		}
	}
	if err := s.match(ctx, c.Match); err != nil {
		return err
	}
	if err := s.read(ctx, c.Readings); err != nil {
		return err
	}
	if err := s.tally(ctx, c.Tallies); err != nil {
		return err
	}
	return s.facet(ctx, c.Facets)
}

func (s *DB) insert(ctx context.Context, all []listen.Post) error {
	for part := range slices.Chunk(all, atOnce) {
		rows := make([]postRow, len(part))
		for i, p := range part {
			var err error
			if rows[i], err = rowOfPost(p); err != nil {
				return err
			}
		}
		if _, err := s.DB.IDB(ctx).NewInsert().Model(&rows).Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func rowOfMatch(m listen.Match) matchRow {
	return matchRow{Monitor: string(m.Monitor), PublishedAt: store.At(m.Published), Seq: m.Seq, Past: m.Past}
}

func (s *DB) match(ctx context.Context, all []listen.Match) error {
	for part := range slices.Chunk(all, atOnce) {
		rows := make([]matchRow, len(part))
		for i, m := range part {
			rows[i] = rowOfMatch(m)
		}
		_, err := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (monitor_id, published_at, seq) DO UPDATE").
			Set("past = EXCLUDED.past").Returning("NULL").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *DB) read(ctx context.Context, all []listen.Reading) error {
	for part := range slices.Chunk(all, atOnce) {
		rows := make([]readingRow, len(part))
		for i, r := range part {
			rows[i] = readingRow{Seq: r.Seq, Lang: r.Lang, Sentiment: r.Sentiment, Intents: strings.Join(r.Intents, " "),
				Emotion: r.Emotion, Toxicity: r.Toxicity, Topics: strings.Join(r.Topics, " "), Entities: strings.Join(r.Entities, "\n")}
		}
		_, err := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (seq) DO UPDATE").
			Set("lang = EXCLUDED.lang").Set("sentiment = EXCLUDED.sentiment").Set("intents = EXCLUDED.intents").
			Set("emotion = EXCLUDED.emotion").Set("toxicity = EXCLUDED.toxicity").Set("topics = EXCLUDED.topics").Set("entities = EXCLUDED.entities").Returning("NULL").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

type tallyRow struct {
	bun.BaseModel `bun:"table:tally,alias:tally"`
	Subject       string `bun:"subject,pk"`
	Hour          int64  `bun:"hour,pk"`
	Count         int    `bun:"count"`
	Negative      int    `bun:"negative"`
	Neutral       int    `bun:"neutral"`
	Positive      int    `bun:"positive"`
}

func (s *DB) tally(ctx context.Context, all []listen.Tally) error {
	for part := range slices.Chunk(all, atOnce) {
		rows := make([]tallyRow, len(part))
		for i, t := range part {
			rows[i] = tallyRow{Subject: t.Subject, Hour: store.At(t.Hour), Count: t.Count, Negative: t.Negative, Neutral: t.Neutral, Positive: t.Positive}
		}
		_, err := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (subject, hour) DO UPDATE").
			Set("count = tally.count + EXCLUDED.count").Set("negative = tally.negative + EXCLUDED.negative").
			Set("neutral = tally.neutral + EXCLUDED.neutral").Set("positive = tally.positive + EXCLUDED.positive").
			Returning("NULL").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

type facetRow struct {
	bun.BaseModel `bun:"table:facet,alias:facet"`
	Subject       string `bun:"subject,pk"`
	Hour          int64  `bun:"hour,pk"`
	Name          string `bun:"name,pk"`
	Value         string `bun:"value,pk"`
	Count         int    `bun:"count"`
}

func (s *DB) facet(ctx context.Context, all []listen.Facet) error {
	for part := range slices.Chunk(all, atOnce) {
		rows := make([]facetRow, len(part))
		for i, f := range part {
			rows[i] = facetRow{Subject: f.Subject, Hour: store.At(f.Hour), Name: f.Name, Value: f.Value, Count: f.Count}
		}
		_, err := s.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (subject, hour, name, value) DO UPDATE").
			Set("count = facet.count + EXCLUDED.count").Returning("NULL").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
