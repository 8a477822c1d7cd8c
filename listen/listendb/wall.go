package listendb

import (
	"context"
	"strings"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type lineRow struct {
	Seq       int64  `bun:"seq"`
	Published int64  `bun:"published_at"`
	Channel   string `bun:"channel_id"`
	Identity  string `bun:"identity_id"`
	Lang      string `bun:"lang"`
	Reach     int    `bun:"reach"`
	Tied      string `bun:"tied"`
	Visible   bool   `bun:"visible"`
	ReadLang  string `bun:"read_lang"`
	Sentiment string `bun:"sentiment"`
	Intents   string `bun:"intents"`
	Emotion   string `bun:"emotion"`
	Toxicity  string `bun:"toxicity"`
	Topics    string `bun:"topics"`
	Entities  string `bun:"entities"`
}

// lineSQL reads lines of the wall; what follows FROM chooses them, with k as
// the place in the order.
const lineSQL = `SELECT a.seq, a.published_at, a.channel_id, a.identity_id, a.lang, a.reach, a.tied,
	(NOT a.own AND a.visibility = 'public' AND a.deleted_at = 0) AS visible,
	COALESCE(r.lang, '') AS read_lang, COALESCE(r.sentiment, '') AS sentiment, COALESCE(r.intents, '') AS intents,
	COALESCE(r.emotion, '') AS emotion, COALESCE(r.toxicity, '') AS toxicity, COALESCE(r.topics, '') AS topics, COALESCE(r.entities, '') AS entities
FROM `

const readingJoin = ` LEFT JOIN activity_reading AS r ON r.seq = a.seq`

// Wall returns lines of the wall before a place, newest first.
func (s *DB) Wall(ctx context.Context, w listen.WallQuery, limit int) ([]listen.Line, error) {
	var b strings.Builder
	var args []any
	k := "a"
	b.WriteString(lineSQL)
	if w.Monitor != "" {
		k = "k"
		b.WriteString("mention AS k JOIN activity AS a ON a.seq = k.seq" + readingJoin + " WHERE k.monitor_id = ?")
		args = append(args, string(w.Monitor))
	} else {
		b.WriteString("activity AS a" + readingJoin + " WHERE 1 = 1")
	}
	and := func(text string, more ...any) {
		b.WriteString(" AND " + strings.ReplaceAll(text, "@", k))
		args = append(args, more...)
	}
	if !w.All {
		see(and, w)
	}
	if w.Seqs != nil {
		and("a.seq IN (?)", bun.List(w.Seqs))
	}
	if w.On != nil {
		and("a.channel_id IN (?)", bun.List(w.On))
	}
	if w.Author != "" {
		and("a.identity_id = ?", string(w.Author))
	}
	if w.Sentiment != "" {
		and("r.sentiment = ?", w.Sentiment)
	}
	if w.Tied { // also where places are named: the index has nothing else
		and("a.tied <> ''")
	}
	if w.Places != nil {
		and("a.tied IN (?)", bun.List(w.Places))
	}
	if w.Reviews {
		and("a.rating > 0")
	}
	if w.Stars > 0 { // as the rollups round them
		and("a.rating >= ? AND a.rating < ?", max(float64(w.Stars)-0.5, 0.0001), float64(w.Stars)+0.5)
	}
	if !w.Since.IsZero() {
		and("@.published_at >= ?", store.At(w.Since))
	}
	if !w.Until.IsZero() {
		and("@.published_at < ?", store.At(w.Until))
	}
	if w.Before != nil {
		at := store.At(w.Before.Published)
		and("(@.published_at, @.seq) < (?, ?)", at, w.Before.Seq)
	}
	b.WriteString(strings.ReplaceAll(" ORDER BY @.published_at DESC, @.seq DESC LIMIT ?", "@", k))
	args = append(args, limit)
	var rows []lineRow
	if err := s.DB.IDB(ctx).NewRaw(b.String(), args...).Scan(ctx, &rows); err != nil {
		return nil, err
	}
	out := make([]listen.Line, len(rows))
	for i, r := range rows {
		out[i] = listen.Line{
			Place: listen.Place{Published: store.Time(r.Published), Seq: r.Seq}, Channel: social.ChannelID(r.Channel),
			Identity: social.IdentityID(r.Identity), Lang: r.Lang, Reach: r.Reach, Tied: social.PlaceID(r.Tied), Visible: r.Visible,
			Reading: listen.Reading{Seq: r.Seq, Lang: r.ReadLang, Sentiment: r.Sentiment, Intents: strings.Fields(r.Intents),
				Emotion: r.Emotion, Toxicity: r.Toxicity, Topics: strings.Fields(r.Topics), Entities: listed(r.Entities)},
		}
	}
	return out, nil
}

// see limits the wall to what is on some channels or matched by some monitors.
func see(and func(string, ...any), w listen.WallQuery) {
	const matched = "EXISTS (SELECT 1 FROM mention AS o WHERE o.seq = a.seq AND o.monitor_id IN (?))"
	switch {
	case len(w.Channels) > 0 && len(w.Monitors) > 0:
		and("(a.channel_id IN (?) OR "+matched+")", bun.List(w.Channels), bun.List(w.Monitors))
	case len(w.Channels) > 0:
		and("a.channel_id IN (?)", bun.List(w.Channels))
	case len(w.Monitors) > 0:
		and(matched, bun.List(w.Monitors))
	default:
		and("1 = 0")
	}
}

// Tallies returns hours of subjects in a range.
func (s *DB) Tallies(ctx context.Context, subjects []string, from, to time.Time) ([]listen.Tally, error) {
	if len(subjects) == 0 {
		return nil, nil
	}
	var rows []tallyRow
	err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("subject IN (?) AND hour >= ? AND hour < ?", bun.List(subjects), store.At(from), store.At(to)).
		Order("hour", "subject").Scan(ctx)
	out := make([]listen.Tally, len(rows))
	for i, r := range rows {
		out[i] = listen.Tally{Subject: r.Subject, Hour: store.Time(r.Hour), Count: r.Count, Negative: r.Negative, Neutral: r.Neutral, Positive: r.Positive}
	}
	return out, err
}

// threadSQL finds a thread's first post and those that name it.
const threadSQL = `SELECT * FROM activity WHERE seq IN (
	SELECT seq FROM activity WHERE channel_id = ? AND external_id = ?
	UNION ALL SELECT seq FROM (SELECT seq FROM activity WHERE channel_id = ? AND thread = ? AND thread <> external_id
		ORDER BY seq LIMIT ?) AS t)`

// Thread returns the posts of a thread, in no order.
func (s *DB) Thread(ctx context.Context, channel social.ChannelID, thread string, limit int) ([]listen.Post, error) {
	var rows []postRow
	err := s.DB.IDB(ctx).NewRaw(threadSQL, string(channel), thread, string(channel), thread, limit).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	return posts(rows)
}

// Said returns what some accounts said, newest first.
func (s *DB) Said(ctx context.Context, q listen.SaidQuery) ([]listen.Post, error) {
	var rows []postRow
	sel := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("identity_id IN (?) AND deleted_at = 0", bun.List(q.Identities))
	if q.Channels != nil {
		sel = sel.Where("channel_id IN (?)", bun.List(q.Channels))
	}
	if !q.Before.IsZero() {
		sel = sel.Where("published_at <= ?", store.At(q.Before)).
			Where("(published_at, id) < (?, ?)", store.At(q.Before), string(q.BeforeID))
	}
	if err := sel.Order("published_at DESC", "id DESC").Limit(int64(q.Limit)).Scan(ctx); err != nil {
		return nil, err
	}
	return posts(rows)
}
