package listendb

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Write writes what processing a batch came to. Of what grows with the batch
// everything goes in bulk.
func (s *DB) Write(ctx context.Context, c listen.Changes) error {
	if err := s.insert(ctx, c.Insert); err != nil {
		return err
	}
	struck, err := s.struck(ctx, c.Update)
	if err != nil {
		return err
	}
	for _, p := range c.Update {
		r, err := rowOfPost(p)
		if err != nil {
			return err
		}
		if struck[p.Seq] {
			r.Author, r.URL, r.Place = "{}", "", ""
			if err := s.hush(ctx, r); err != nil {
				return err
			}
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
	if err := s.tied(ctx, c.Tied); err != nil {
		return err
	}
	return s.count(ctx, c)
}

func (s *DB) tied(ctx context.Context, to map[social.PlaceID][]int64) error {
	for _, id := range slices.Sorted(maps.Keys(to)) {
		for part := range slices.Chunk(to[id], atOnce) {
			q := s.DB.IDB(ctx).NewUpdate().Model((*postRow)(nil)).Set("tied = ?", string(id)).Where("seq IN (?)", bun.List(part))
			if _, err := q.Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
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
