package listendb

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Spoken is how much an account has said, and how it sounded last.
type Spoken struct {
	Activities int
	Mood       string // sentiment of the newest activity that has one
}

// Spoken counts what accounts said on some channels (nil: all).
func (s *DB) Spoken(ctx context.Context, who []social.IdentityID, on []social.ChannelID) (map[social.IdentityID]Spoken, error) {
	out := make(map[social.IdentityID]Spoken, len(who))
	if len(who) == 0 || (on != nil && len(on) == 0) {
		return out, nil
	}
	var rows []struct {
		IdentityID string
		N          int
		Mood       string
	}
	err := s.DB.IDB(ctx).NewRaw(`
SELECT a.identity_id, COUNT(*) AS n, COALESCE((
    SELECT r.sentiment FROM activity b JOIN activity_reading r ON r.seq = b.seq
    WHERE b.identity_id = a.identity_id AND b.deleted_at = 0 AND r.sentiment <> '' AND ?1
    ORDER BY b.published_at DESC, b.seq DESC LIMIT 1), '') AS mood
FROM activity a WHERE a.identity_id IN (?0) AND a.deleted_at = 0 AND ?2 GROUP BY a.identity_id`,
		bun.List(who), among("b", on), among("a", on)).Scan(ctx, &rows)
	for _, r := range rows {
		out[social.IdentityID(r.IdentityID)] = Spoken{r.N, r.Mood}
	}
	return out, err
}

// FeltIn counts the sentiments of accounts by month since a time, oldest first.
type FeltIn struct {
	Month                       string // 2026-11
	Negative, Neutral, Positive int
}

// Felt reads how accounts sounded, month by month.
func (s *DB) Felt(ctx context.Context, who []social.IdentityID, on []social.ChannelID, since time.Time) ([]FeltIn, error) {
	if len(who) == 0 || (on != nil && len(on) == 0) {
		return nil, nil
	}
	var rows []struct {
		PublishedAt int64
		Sentiment   string
	}
	// One person's words of a year are few; the newest 2,000 tell enough.
	err := s.DB.IDB(ctx).NewRaw(`
SELECT a.published_at, r.sentiment FROM activity a JOIN activity_reading r ON r.seq = a.seq
WHERE a.identity_id IN (?0) AND a.deleted_at = 0 AND a.published_at >= ?1 AND r.sentiment <> '' AND ?2
ORDER BY a.published_at DESC LIMIT 2000`, bun.List(who), store.At(since), among("a", on)).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	var out []FeltIn
	for i := len(rows) - 1; i >= 0; i-- {
		month := store.Time(rows[i].PublishedAt).Format("2006-01")
		if len(out) == 0 || out[len(out)-1].Month != month {
			out = append(out, FeltIn{Month: month})
		}
		f := &out[len(out)-1]
		switch rows[i].Sentiment {
		case social.Negative:
			f.Negative++
		case social.Neutral:
			f.Neutral++
		case social.Positive:
			f.Positive++
		}
	}
	return out, nil
}

func among(alias string, on []social.ChannelID) any {
	if on == nil {
		return bun.Safe("1 = 1")
	}
	return bun.SafeQuery("?.channel_id IN (?)", bun.Ident(alias), bun.List(on))
}

// Newest returns the activities that arrived last, with when they did.
func (s *DB) Newest(ctx context.Context, limit int) (map[social.ActivityID]time.Time, error) {
	var rows []struct {
		ID         string
		ReceivedAt int64
	}
	err := s.DB.IDB(ctx).NewRaw("SELECT id, received_at FROM activity ORDER BY seq DESC LIMIT ?", limit).Scan(ctx, &rows)
	out := make(map[social.ActivityID]time.Time, len(rows))
	for _, r := range rows {
		out[social.ActivityID(r.ID)] = store.Time(r.ReceivedAt)
	}
	return out, err
}

// Counted is how much an account said in public since a time, and how often
// that was shared.
type Counted struct{ Posts, Shares int }

// CountsSince counts what accounts said in public since a time. It reads
// activity: it is for work behind the scenes.
func (s *DB) CountsSince(ctx context.Context, who []social.IdentityID, since time.Time) (map[social.IdentityID]Counted, error) {
	out := make(map[social.IdentityID]Counted, len(who))
	for part := range slices.Chunk(who, atOnce) {
		var rows []struct {
			IdentityID string
			Posts      int
			Shares     int
		}
		err := s.DB.IDB(ctx).NewRaw(`SELECT identity_id, COUNT(*) AS posts, SUM(shares) AS shares FROM activity
			WHERE identity_id IN (?) AND published_at >= ? AND NOT own AND visibility = 'public' AND deleted_at = 0 GROUP BY identity_id`,
			bun.List(part), store.At(since)).Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[social.IdentityID(r.IdentityID)] = Counted{r.Posts, r.Shares}
		}
	}
	return out, nil
}
