package listendb

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Voice is what accounts said, summed up.
type Voice struct {
	Said, Negative, Positive int
	First, Last              time.Time
	Mood                     string // sentiment of the newest activity that has one
	MoodAt                   time.Time
	Intents, Topics          []string
}

// Voices sums up what accounts said, whoever asks.
func (s *DB) Voices(ctx context.Context, who []social.IdentityID) (map[social.IdentityID]Voice, error) {
	out := make(map[social.IdentityID]Voice, len(who))
	if len(who) == 0 {
		return out, nil
	}
	var rows []struct {
		IdentityID, Sentiment, Intents, Topics string
		N                                      int
		First, Last                            int64
	}
	err := s.DB.IDB(ctx).NewRaw(`
SELECT a.identity_id, COALESCE(r.sentiment, '') AS sentiment, COALESCE(r.intents, '') AS intents, COALESCE(r.topics, '') AS topics,
  COUNT(*) AS n, MIN(a.published_at) AS first, MAX(a.published_at) AS last
FROM activity a LEFT JOIN activity_reading r ON r.seq = a.seq
WHERE a.identity_id IN (?) AND a.deleted_at = 0 AND NOT a.own GROUP BY 1, 2, 3, 4 ORDER BY 1, last`, bun.List(who)).Scan(ctx, &rows)
	for _, r := range rows {
		v := out[social.IdentityID(r.IdentityID)]
		v.Said += r.N
		switch r.Sentiment {
		case social.Negative:
			v.Negative += r.N
		case social.Positive:
			v.Positive += r.N
		}
		first, last := store.Time(r.First), store.Time(r.Last)
		if v.First.IsZero() || first.Before(v.First) {
			v.First = first
		}
		if last.After(v.Last) {
			v.Last = last
		}
		if r.Sentiment != "" && !last.Before(v.MoodAt) {
			v.Mood, v.MoodAt = r.Sentiment, last
		}
		v.Intents, v.Topics = union(v.Intents, r.Intents), union(v.Topics, r.Topics)
		out[social.IdentityID(r.IdentityID)] = v
	}
	return out, err
}

// SpokenOn is what an account said on a channel on a UTC day.
type SpokenOn struct {
	Identity                          social.IdentityID
	Channel                           social.ChannelID
	Day                               int64 // since 1970
	Said, Negative, Neutral, Positive int
}

// SpokenDays sums up by day and channel what accounts said since a time, whoever asks.
func (s *DB) SpokenDays(ctx context.Context, who []social.IdentityID, since time.Time) ([]SpokenOn, error) {
	if len(who) == 0 {
		return nil, nil
	}
	var rows []struct {
		IdentityID                        social.IdentityID
		ChannelID                         social.ChannelID
		Day                               int64
		Said, Negative, Neutral, Positive int
	}
	err := s.DB.IDB(ctx).NewRaw(`
SELECT a.identity_id, a.channel_id, a.published_at / 86400000000 AS day, COUNT(*) AS said,
  SUM(CASE WHEN r.sentiment = 'negative' THEN 1 ELSE 0 END) AS negative, SUM(CASE WHEN r.sentiment = 'neutral' THEN 1 ELSE 0 END) AS neutral,
  SUM(CASE WHEN r.sentiment = 'positive' THEN 1 ELSE 0 END) AS positive
FROM activity a LEFT JOIN activity_reading r ON r.seq = a.seq
WHERE a.identity_id IN (?) AND a.published_at >= ? AND a.deleted_at = 0 AND NOT a.own GROUP BY 1, 2, 3`, bun.List(who), store.At(since)).Scan(ctx, &rows)
	out := make([]SpokenOn, len(rows))
	for i, r := range rows {
		out[i] = SpokenOn{Identity: r.IdentityID, Channel: r.ChannelID, Day: r.Day, Said: r.Said, Negative: r.Negative, Neutral: r.Neutral, Positive: r.Positive}
	}
	return out, err
}

func union(had []string, words string) []string {
	for w := range strings.FieldsSeq(words) {
		if !slices.Contains(had, w) {
			had = append(had, w)
		}
	}
	return had
}

// Authors lists who said activities, each account once.
func (s *DB) Authors(ctx context.Context, ids []social.ActivityID) ([]social.IdentityID, error) {
	var out []social.IdentityID
	if len(ids) == 0 {
		return nil, nil
	}
	err := s.DB.IDB(ctx).NewRaw("SELECT DISTINCT identity_id FROM activity WHERE id IN (?) AND NOT own", bun.List(ids)).Scan(ctx, &out)
	return out, err
}
