// Package publishdb keeps what is published in SQL.
package publishdb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB is publishing's part of the database.
type DB struct{ *store.DB }

var _ publish.Store = (*DB)(nil)

// New makes it on an open, migrated database.
func New(db *store.DB) *DB { return &DB{db} }

type contentRow struct {
	bun.BaseModel `bun:"table:publish_content,alias:c"`
	ID            string `bun:"id,pk"`
	Title         string `bun:"title"`
	Text          string `bun:"text"`
	Lang          string `bun:"lang"`
	Campaign      string `bun:"campaign"`
	Programme     string `bun:"programme_id"`
	Author        string `bun:"author_id"`
	Media         string `bun:"media"`
	Version       int64  `bun:"version"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func (r *contentRow) content() publish.Content {
	return publish.Content{ID: publish.ContentID(r.ID), Title: r.Title, Text: r.Text, Lang: r.Lang, Campaign: r.Campaign,
		Programme: social.ProgrammeID(r.Programme), Author: social.MemberID(r.Author), Media: media(r.Media), Version: r.Version,
		CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt)}
}

func media(s string) (out []publish.Media) {
	_ = json.Unmarshal([]byte(s), &out) // it was written here
	return out
}

func text(v any) string {
	b, _ := json.Marshal(v) // plain structs always marshal
	return string(b)
}

type postRow struct {
	bun.BaseModel `bun:"table:publish_post,alias:p"`
	ID            string `bun:"id,pk"`
	Content       string `bun:"content_id"`
	Channel       string `bun:"channel_id"`
	Programme     string `bun:"programme_id"`
	Position      int64  `bun:"position"`
	Own           int64  `bun:"own"`
	Text          string `bun:"text"`
	OwnMedia      int64  `bun:"own_media"`
	Media         string `bun:"media"`
	Source        string `bun:"source"`
	Medium        string `bun:"medium"`
	Audience      string `bun:"audience"`
	State         string `bun:"state"`
	Was           string `bun:"was"`
	Why           string `bun:"why"`
	Hold          string `bun:"hold_id"`
	Passed        string `bun:"passed"`
	At            int64  `bun:"at"`
	Member        string `bun:"member_id"`
	Token         string `bun:"token"`
	Sent          string `bun:"sent"`
	SentOf        string `bun:"sent_of"`
	Problem       string `bun:"problem"`
	Attempts      int64  `bun:"attempts"`
	Checks        int64  `bun:"checks"`
	NextAt        int64  `bun:"next_at"`
	AttemptedAt   int64  `bun:"attempted_at"`
	ChangedAt     int64  `bun:"changed_at"`
	QueuedAt      int64  `bun:"queued_at"`
	ExternalID    string `bun:"external_id"`
	URL           string `bun:"url"`
	PublishedAt   int64  `bun:"published_at"`
	ShownAt       int64  `bun:"shown_at"`
	Likes         int64  `bun:"likes"`
	Shares        int64  `bun:"shares"`
	Replies       int64  `bun:"replies"`
	ReadAt        int64  `bun:"read_at"`
	ReadsAt       int64  `bun:"reads_at"`
	ReadProblem   string `bun:"read_problem"`
}

// changing are the columns of a post that its way changes; writing those that
// its author changes.
var (
	writing  = []string{"programme_id", "position", "own", "text", "own_media", "media", "source", "medium", "audience"}
	changing = []string{"state", "was", "why", "hold_id", "passed", "at", "member_id", "token", "sent", "sent_of", "problem", "attempts", "checks",
		"next_at", "attempted_at", "changed_at", "queued_at", "external_id", "url", "published_at", "shown_at", "likes", "shares", "replies",
		"read_at", "reads_at", "read_problem"}
)

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func rowOf(p *publish.Post) postRow {
	shown := p.At
	if !p.PublishedAt.IsZero() {
		shown = p.PublishedAt
	}
	return postRow{ID: string(p.ID), Content: string(p.Content), Channel: string(p.Channel), Own: flag(p.Own), Text: p.Text, OwnMedia: flag(p.OwnMedia),
		Media: text(p.Media), Source: p.Source, Medium: p.Medium, Audience: string(p.Audience), State: string(p.State), Was: string(p.Was), Why: p.Why, Hold: string(p.Hold),
		Passed: string(p.Passed), At: store.At(p.At), Member: string(p.Member), Token: p.Token, Sent: p.Sent, SentOf: p.SentOf, Problem: p.Problem,
		Attempts: int64(p.Attempts), Checks: int64(p.Checks), NextAt: store.At(p.NextAt), AttemptedAt: store.At(p.AttemptedAt), ChangedAt: store.At(p.ChangedAt),
		QueuedAt: store.At(p.QueuedAt), ExternalID: p.ExternalID, URL: p.URL, PublishedAt: store.At(p.PublishedAt), ShownAt: store.At(shown),
		Likes: int64(p.Numbers.Likes), Shares: int64(p.Numbers.Shares), Replies: int64(p.Numbers.Replies), ReadAt: store.At(p.Numbers.ReadAt),
		ReadsAt: store.At(p.Numbers.NextAt), ReadProblem: p.Numbers.Problem}
}

func (r *postRow) post() *publish.Post {
	return &publish.Post{ID: publish.PostID(r.ID), Content: publish.ContentID(r.Content), Channel: social.ChannelID(r.Channel), Own: r.Own == 1, Text: r.Text,
		OwnMedia: r.OwnMedia == 1, Media: media(r.Media), Source: r.Source, Medium: r.Medium, Audience: social.Audience(r.Audience), State: publish.State(r.State), Was: publish.State(r.Was),
		Why: r.Why, Hold: publish.HoldID(r.Hold), Passed: publish.HoldID(r.Passed), At: store.Time(r.At), Member: social.MemberID(r.Member), Token: r.Token,
		Sent: r.Sent, SentOf: r.SentOf, Problem: r.Problem, Attempts: int(r.Attempts), Checks: int(r.Checks), NextAt: store.Time(r.NextAt),
		AttemptedAt: store.Time(r.AttemptedAt), ChangedAt: store.Time(r.ChangedAt), QueuedAt: store.Time(r.QueuedAt), ExternalID: r.ExternalID, URL: r.URL,
		PublishedAt: store.Time(r.PublishedAt), Numbers: publish.Numbers{Likes: int(r.Likes), Shares: int(r.Shares), Replies: int(r.Replies),
			ReadAt: store.Time(r.ReadAt), NextAt: store.Time(r.ReadsAt), Problem: r.ReadProblem}}
}

// seen limits a query to the scope of ctx; t is the alias of a table with a
// programme.
func seen(ctx context.Context, q *bun.SelectQuery, t string) *bun.SelectQuery {
	s := social.ScopeOf(ctx)
	switch {
	case s.All:
		return q
	case len(s.Programmes) == 0:
		return q.Where("1 = 0")
	}
	return q.Where("?.programme_id IN (?) AND ?.programme_id <> ''", bun.Ident(t), bun.List(s.Programmes), bun.Ident(t))
}

func (d *DB) posts(ctx context.Context, cs []publish.Content) error {
	if len(cs) == 0 {
		return nil
	}
	at := make(map[string]int, len(cs))
	ids := make([]string, len(cs))
	for i, c := range cs {
		ids[i], at[string(c.ID)] = string(c.ID), i
	}
	var rows []postRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("p.content_id IN (?)", bun.List(ids)).Order("p.content_id", "p.position", "p.id").Scan(ctx); err != nil {
		return err
	}
	for i := range rows {
		c := &cs[at[rows[i].Content]]
		c.Posts = append(c.Posts, rows[i].post())
	}
	return nil
}

// Content implements publish.Store.
func (d *DB) Content(ctx context.Context, id publish.ContentID) (publish.Content, error) {
	return d.one(ctx, id, "")
}

// Lock implements publish.Store.
func (d *DB) Lock(ctx context.Context, id publish.ContentID) (publish.Content, error) {
	if d.Engine == store.Postgres {
		return d.one(ctx, id, "UPDATE")
	}
	return d.one(ctx, id, "")
}

func (d *DB) one(ctx context.Context, id publish.ContentID, lock string) (publish.Content, error) {
	var r contentRow
	q := seen(ctx, d.IDB(ctx).NewSelect().Model(&r), "c").Where("c.id = ?", string(id))
	if lock != "" {
		q = q.For(lock)
	}
	if err := q.Scan(ctx); err != nil {
		return publish.Content{}, store.NotFound(err, "This does not exist, or not for you.")
	}
	cs := []publish.Content{r.content()}
	err := d.posts(ctx, cs)
	return cs[0], err
}

func upsert(q *bun.InsertQuery, key string, columns ...string) *bun.InsertQuery {
	q = q.On("CONFLICT (?) DO UPDATE", bun.Safe(key))
	for _, c := range columns {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	return q.Returning("NULL")
}

// Save implements publish.Store.
func (d *DB) Save(ctx context.Context, c *publish.Content) error {
	r := contentRow{ID: string(c.ID), Title: c.Title, Text: c.Text, Lang: c.Lang, Campaign: c.Campaign, Programme: string(c.Programme),
		Author: string(c.Author), Media: text(c.Media), Version: c.Version, CreatedAt: store.At(c.CreatedAt), UpdatedAt: store.At(c.UpdatedAt)}
	_, err := upsert(d.IDB(ctx).NewInsert().Model(&r), "id", "title", "text", "lang", "campaign", "programme_id", "media", "version", "updated_at").Exec(ctx)
	if err != nil {
		return err
	}
	keep := []string{""}
	rows := make([]postRow, len(c.Posts))
	for i, p := range c.Posts {
		rows[i] = rowOf(p)
		rows[i].Position, rows[i].Programme = int64(i), string(c.Programme)
		keep = append(keep, string(p.ID))
	}
	if _, err := d.IDB(ctx).NewDelete().Model((*postRow)(nil)).Where("content_id = ?", string(c.ID)).Where("id NOT IN (?)", bun.List(keep)).Exec(ctx); err != nil {
		return err
	}
	if len(rows) == 0 {
		return nil
	}
	_, err = upsert(d.IDB(ctx).NewInsert().Model(&rows), "id", append(append([]string{}, writing...), changing...)...).Exec(ctx)
	return err
}

// Change implements publish.Store.
func (d *DB) Change(ctx context.Context, ps ...*publish.Post) error {
	for _, p := range ps {
		r := rowOf(p)
		if _, err := d.IDB(ctx).NewUpdate().Model(&r).Column(changing...).Where("id = ?", r.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Remove implements publish.Store.
func (d *DB) Remove(ctx context.Context, id publish.ContentID) error {
	for _, q := range []string{
		"DELETE FROM publish_attempt WHERE post_id IN (SELECT id FROM publish_post WHERE content_id = ?)",
		"DELETE FROM publish_link WHERE post_id IN (SELECT id FROM publish_post WHERE content_id = ?)",
		"DELETE FROM publish_post WHERE content_id = ?", "DELETE FROM publish_remark WHERE content_id = ?", "DELETE FROM publish_content WHERE id = ?",
	} {
		if _, err := d.IDB(ctx).NewRaw(q, string(id)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ByPost implements publish.Store.
func (d *DB) ByPost(ctx context.Context, id publish.PostID) (publish.ContentID, error) {
	var r postRow
	if err := seen(ctx, d.IDB(ctx).NewSelect().Model(&r), "p").Column("content_id").Where("p.id = ?", string(id)).Scan(ctx); err != nil {
		return "", store.NotFound(err, "There is no such post.")
	}
	return publish.ContentID(r.Content), nil
}

// Due implements publish.Store.
func (d *DB) Due(ctx context.Context, now time.Time, limit int) ([]publish.Due, time.Time, error) {
	return d.due(ctx, "next_at", now, limit)
}

// Unread implements publish.Store.
func (d *DB) Unread(ctx context.Context, now time.Time, limit int) ([]publish.Due, time.Time, error) {
	return d.due(ctx, "reads_at", now, limit)
}

func (d *DB) due(ctx context.Context, column string, now time.Time, limit int) ([]publish.Due, time.Time, error) {
	var rows []postRow
	col := bun.Ident(column)
	err := d.IDB(ctx).NewSelect().Model(&rows).Column("id", "content_id", "channel_id", "state").
		Where("? > 0 AND ? <= ?", col, col, store.At(now)).OrderExpr("?, id", col).Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	out := make([]publish.Due, len(rows))
	for i, r := range rows {
		out[i] = publish.Due{Post: publish.PostID(r.ID), Content: publish.ContentID(r.Content), Channel: social.ChannelID(r.Channel), State: publish.State(r.State)}
	}
	var next int64
	err = d.IDB(ctx).NewRaw("SELECT COALESCE(MIN(?), 0) FROM publish_post WHERE ? > 0 AND ? > ?", col, col, col, store.At(now)).Scan(ctx, &next)
	return out, store.Time(next), err
}
