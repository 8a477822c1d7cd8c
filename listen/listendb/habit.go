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

// Spoke is when and where somebody said something, and what about.
type Spoke struct {
	At      time.Time
	Channel social.ChannelID
	Private bool
	Labels  []string // "intent:complaint", "topic:shipping", strongest first of each
}

const spokeSQL = `
SELECT a.published_at, a.channel_id, a.visibility, COALESCE(r.intents, '') AS intents, COALESCE(r.topics, '') AS topics
FROM activity a LEFT JOIN activity_reading r ON r.seq = a.seq
WHERE a.identity_id IN (?) AND a.published_at >= ? AND ? AND a.deleted_at = 0 AND NOT a.own ORDER BY a.published_at DESC LIMIT ?`

// SpokenAt lists when accounts spoke on some channels, or on all with nil,
// since a time, the last first and at most so many.
func (s *DB) SpokenAt(ctx context.Context, who []social.IdentityID, channels []social.ChannelID, since time.Time, limit int) ([]Spoke, error) {
	if len(who) == 0 || channels != nil && len(channels) == 0 {
		return nil, nil
	}
	var rows []struct {
		PublishedAt                 int64
		ChannelID                   social.ChannelID
		Visibility, Intents, Topics string
	}
	in := bun.SafeQuery("TRUE")
	if channels != nil {
		in = bun.SafeQuery("a.channel_id IN (?)", bun.List(channels))
	}
	err := s.DB.IDB(ctx).NewRaw(spokeSQL, bun.List(who), store.At(since), in, limit).Scan(ctx, &rows)
	out := make([]Spoke, len(rows))
	for i, r := range rows {
		out[i] = Spoke{At: store.Time(r.PublishedAt), Channel: r.ChannelID, Private: r.Visibility == string(social.Direct), Labels: labels(r.Intents, r.Topics)}
	}
	return out, err
}

// Labels says what activities are about; those without a reading are left out.
func (s *DB) Labels(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID][]string, error) {
	out := make(map[social.ActivityID][]string, len(ids))
	for part := range slices.Chunk(ids, atOnce) {
		var rows []struct {
			ID              social.ActivityID
			Intents, Topics string
		}
		if err := s.DB.IDB(ctx).NewRaw("SELECT a.id, r.intents, r.topics FROM activity a JOIN activity_reading r ON r.seq = a.seq WHERE a.id IN (?)", bun.List(part)).Scan(ctx, &rows); err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[r.ID] = labels(r.Intents, r.Topics)
		}
	}
	return out, nil
}

func labels(intents, topics string) (out []string) {
	for w := range strings.FieldsSeq(intents) {
		out = append(out, "intent:"+w)
	}
	for w := range strings.FieldsSeq(topics) {
		out = append(out, "topic:"+w)
	}
	return out
}

// Uttered is one thing that an account said, and how it sounded.
type Uttered struct {
	Identity  social.IdentityID
	At        time.Time
	Channel   social.ChannelID
	Public    bool
	Feeling   string // "" where nobody knows
	Complaint bool
}

// Uttered lists what accounts said since a time, whoever asks.
func (s *DB) Uttered(ctx context.Context, who []social.IdentityID, since time.Time) ([]Uttered, error) {
	if len(who) == 0 {
		return nil, nil
	}
	var rows []struct {
		IdentityID                     social.IdentityID
		PublishedAt                    int64
		ChannelID                      social.ChannelID
		Visibility, Sentiment, Intents string
	}
	err := s.DB.IDB(ctx).NewRaw(`
SELECT a.identity_id, a.published_at, a.channel_id, a.visibility, COALESCE(r.sentiment, '') AS sentiment, COALESCE(r.intents, '') AS intents
FROM activity a LEFT JOIN activity_reading r ON r.seq = a.seq
WHERE a.identity_id IN (?) AND a.published_at >= ? AND NOT a.own ORDER BY a.published_at, a.seq`, bun.List(who), store.At(since)).Scan(ctx, &rows)
	out := make([]Uttered, len(rows))
	for i, r := range rows {
		out[i] = Uttered{Identity: r.IdentityID, At: store.Time(r.PublishedAt), Channel: r.ChannelID, Public: r.Visibility != string(social.Direct), Feeling: r.Sentiment,
			Complaint: slices.Contains(strings.Fields(r.Intents), "complaint")}
	}
	return out, err
}
