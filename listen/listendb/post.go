package listendb

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type postRow struct {
	bun.BaseModel `bun:"table:activity,alias:a"`
	Seq           int64   `bun:"seq,pk"`
	ID            string  `bun:"id"`
	Channel       string  `bun:"channel_id"`
	ExternalID    string  `bun:"external_id"`
	Identity      string  `bun:"identity_id"`
	PublishedAt   int64   `bun:"published_at"`
	ReceivedAt    int64   `bun:"received_at"`
	ToldAt        int64   `bun:"told_at"`
	EditedAt      int64   `bun:"edited_at"`
	DeletedAt     int64   `bun:"deleted_at"`
	Version       string  `bun:"version"`
	Form          string  `bun:"form"`
	Visibility    string  `bun:"visibility"`
	Directed      bool    `bun:"directed"`
	Own           bool    `bun:"own"`
	Rating        float64 `bun:"rating"`
	Reach         int     `bun:"reach"`
	Likes         int     `bun:"likes"`
	Shares        int     `bun:"shares"`
	Lang          string  `bun:"lang"`
	Thread        string  `bun:"thread"`
	Parent        string  `bun:"parent"`
	Root          string  `bun:"root"`
	URL           string  `bun:"url"`
	Author        string  `bun:"author"`
	Title         string  `bun:"title"`
	Body          string  `bun:"body"`
	Quiet         bool    `bun:"quiet"`
	Place         string  `bun:"place"`
	Tied          string  `bun:"tied"`
}

func rowOfPost(p listen.Post) (postRow, error) {
	author, err := json.Marshal(p.Author)
	if err != nil {
		return postRow{}, err
	}
	place := ""
	if p.Place != (social.Place{}) {
		b, err := json.Marshal(p.Place)
		if err != nil {
			return postRow{}, err
		}
		place = string(b)
	}
	return postRow{
		Seq: p.Seq, ID: string(p.ID), Channel: string(p.Channel), ExternalID: p.ExternalID, Identity: string(p.Identity),
		PublishedAt: store.At(p.Published), ReceivedAt: store.At(p.Received), ToldAt: store.At(p.Told),
		EditedAt: store.At(p.Edited), DeletedAt: store.At(p.Deleted), Version: p.Version,
		Form: string(p.Form), Visibility: string(p.Visibility), Directed: p.Directed, Own: p.Own,
		Rating: p.Rating, Reach: p.Reach, Likes: p.Likes, Shares: p.Shares, Lang: p.Lang,
		Thread: p.Thread(), Parent: p.Parent, Root: p.Root, URL: p.URL, Author: string(author), Title: p.Title, Body: p.Text, Quiet: p.Quiet, Place: place, Tied: string(p.Tied),
	}, nil
}

func (r *postRow) post() (listen.Post, error) {
	p := listen.Post{
		Activity: social.Activity{
			ID: social.ActivityID(r.ID), Channel: social.ChannelID(r.Channel), ExternalID: r.ExternalID, Verb: social.Create,
			Form: social.Form(r.Form), Text: r.Body, Lang: r.Lang, URL: r.URL, Title: r.Title, Parent: r.Parent, Root: r.Root,
			Visibility: social.Visibility(r.Visibility), Directed: r.Directed, Own: r.Own, Rating: r.Rating,
			Reach: r.Reach, Likes: r.Likes, Shares: r.Shares, Published: store.Time(r.PublishedAt), Version: r.Version,
		},
		Seq: r.Seq, Identity: social.IdentityID(r.Identity), Told: store.Time(r.ToldAt), Received: store.Time(r.ReceivedAt),
		Edited: store.Time(r.EditedAt), Deleted: store.Time(r.DeletedAt), Quiet: r.Quiet, Tied: social.PlaceID(r.Tied),
	}
	if r.Place != "" {
		if err := json.Unmarshal([]byte(r.Place), &p.Place); err != nil {
			return p, err
		}
	}
	return p, json.Unmarshal([]byte(r.Author), &p.Author)
}

func posts(rows []postRow) ([]listen.Post, error) {
	out := make([]listen.Post, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].post(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Stored returns those of the external ids that a channel has.
func (s *DB) Stored(ctx context.Context, channel social.ChannelID, external []string) (map[string]listen.Post, error) {
	out := map[string]listen.Post{}
	for part := range slices.Chunk(external, atOnce) {
		var rows []postRow
		err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("channel_id = ? AND external_id IN (?)", string(channel), bun.List(part)).Scan(ctx)
		if err != nil {
			return nil, err
		}
		found, err := posts(rows)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			out[p.ExternalID] = p
		}
	}
	return out, nil
}

// Posts returns activities by id.
func (s *DB) Posts(ctx context.Context, ids []social.ActivityID) ([]listen.Post, error) {
	return by(ctx, s, "id", ids)
}

// PostsBySeq returns activities by number.
func (s *DB) PostsBySeq(ctx context.Context, seqs []int64) ([]listen.Post, error) {
	return by(ctx, s, "seq", seqs)
}

func by[K any](ctx context.Context, s *DB, column string, keys []K) ([]listen.Post, error) {
	var out []listen.Post
	for part := range slices.Chunk(keys, atOnce) {
		var rows []postRow
		if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("? IN (?)", bun.Ident(column), bun.List(part)).Scan(ctx); err != nil {
			return nil, err
		}
		found, err := posts(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

type matchRow struct {
	bun.BaseModel `bun:"table:mention"`
	Monitor       string `bun:"monitor_id,pk"`
	PublishedAt   int64  `bun:"published_at,pk"`
	Seq           int64  `bun:"seq,pk"`
	Past          bool   `bun:"past"`
}

func (r *matchRow) match() listen.Match {
	return listen.Match{Seq: r.Seq, Monitor: social.MonitorID(r.Monitor), Published: store.Time(r.PublishedAt), Past: r.Past}
}

// Matches returns the monitors that matched activities, in the order in which
// the monitors were made.
func (s *DB) Matches(ctx context.Context, seqs []int64) (map[int64][]listen.Match, error) {
	out := map[int64][]listen.Match{}
	for part := range slices.Chunk(seqs, atOnce) {
		var rows []matchRow
		if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("seq IN (?)", bun.List(part)).Order("monitor_id").Scan(ctx); err != nil {
			return nil, err
		}
		for i := range rows {
			out[rows[i].Seq] = append(out[rows[i].Seq], rows[i].match())
		}
	}
	return out, nil
}

type readingRow struct {
	bun.BaseModel `bun:"table:activity_reading"`
	Seq           int64  `bun:"seq,pk"`
	Lang          string `bun:"lang"`
	Sentiment     string `bun:"sentiment"`
	Intents       string `bun:"intents"`
	Emotion       string `bun:"emotion"`
	Toxicity      string `bun:"toxicity"`
	Topics        string `bun:"topics"`
	Entities      string `bun:"entities"`
}

func (r *readingRow) reading() listen.Reading {
	return listen.Reading{Seq: r.Seq, Lang: r.Lang, Sentiment: r.Sentiment, Intents: strings.Fields(r.Intents),
		Emotion: r.Emotion, Toxicity: r.Toxicity, Topics: strings.Fields(r.Topics), Entities: listed(r.Entities)}
}

// listed divides what stands a line each; names may have spaces.
func listed(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// Readings returns what analysis made of activities.
func (s *DB) Readings(ctx context.Context, seqs []int64) (map[int64]listen.Reading, error) {
	out := map[int64]listen.Reading{}
	for part := range slices.Chunk(seqs, atOnce) {
		var rows []readingRow
		if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("seq IN (?)", bun.List(part)).Scan(ctx); err != nil {
			return nil, err
		}
		for i := range rows {
			out[rows[i].Seq] = rows[i].reading()
		}
	}
	return out, nil
}

// Below returns activities with a lower number, the highest first.
func (s *DB) Below(ctx context.Context, seq int64, limit int) ([]listen.Post, error) {
	var rows []postRow
	if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("seq < ?", seq).Order("seq DESC").Limit(int64(limit)).Scan(ctx); err != nil {
		return nil, err
	}
	return posts(rows)
}

// CountBelow counts activities with a lower number.
func (s *DB) CountBelow(ctx context.Context, seq int64) (int64, error) {
	return s.DB.IDB(ctx).NewSelect().Model((*postRow)(nil)).Where("seq < ?", seq).Count(ctx)
}

const indexTable = "activity_text"

// Index keeps the words of activities for search.
func (s *DB) Index(ctx context.Context, words map[social.ActivityID]string) error {
	ids := make([]social.ActivityID, 0, len(words))
	for id := range words {
		ids = append(ids, id)
	}
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		bySeq := make(map[int64]string, len(words))
		for part := range slices.Chunk(ids, atOnce) {
			var rows []postRow
			if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Column("seq", "id").Where("id IN (?)", bun.List(part)).Scan(ctx); err != nil {
				return err
			}
			for _, r := range rows {
				bySeq[r.Seq] = words[social.ActivityID(r.ID)]
			}
		}
		return s.DB.Index(ctx, indexTable, bySeq)
	})
}

// tail is how much that is not indexed yet is looked at besides.
const tail = 1000

// Words returns the numbers of the activities whose words pass, and of the
// newest that are not indexed yet; false when there are more than limit.
func (s *DB) Words(ctx context.Context, words [][]listen.Word, limit int) ([]int64, bool, error) {
	ask := make([][]store.Word, len(words))
	for i, any := range words {
		for _, w := range any {
			ask[i] = append(ask[i], store.Word(w))
		}
	}
	seqs, err := s.DB.Indexed(ctx, indexTable, ask, limit+1)
	if err != nil || len(seqs) > limit {
		return nil, false, err
	}
	last, err := s.DB.LastIndexed(ctx, indexTable)
	if err != nil {
		return nil, false, err
	}
	var newest []int64
	err = s.DB.IDB(ctx).NewSelect().Model((*postRow)(nil)).Column("seq").Where("seq > ?", last).Order("seq DESC").Limit(tail).Scan(ctx, &newest)
	return append(newest, seqs...), true, err
}
