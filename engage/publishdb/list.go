package publishdb

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// List implements publish.Store.
func (d *DB) List(ctx context.Context, q publish.Query) ([]publish.Content, string, error) {
	var rows []contentRow
	sel := seen(ctx, d.IDB(ctx).NewSelect().Model(&rows), "c")
	if q.Programme != "" {
		sel = sel.Where("c.programme_id = ?", string(q.Programme))
	}
	if q.Author != "" {
		sel = sel.Where("c.author_id = ?", string(q.Author))
	}
	if q.State != "" {
		sel = sel.Where("EXISTS (SELECT 1 FROM publish_post p WHERE p.content_id = c.id AND p.state = ?)", string(q.State))
	}
	if q.Channel != "" {
		sel = sel.Where("EXISTS (SELECT 1 FROM publish_post p WHERE p.content_id = c.id AND p.channel_id = ?)", string(q.Channel))
	}
	if q.Loose {
		sel = sel.Where("NOT EXISTS (SELECT 1 FROM publish_post p WHERE p.content_id = c.id AND p.shown_at > 0)")
	}
	if s := strings.ToLower(strings.TrimSpace(q.Search)); s != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s) + "%"
		sel = sel.Where(`(LOWER(c.title) LIKE ? ESCAPE '\' OR LOWER(c.text) LIKE ? ESCAPE '\')`, like, like)
	}
	var at int64
	var id string
	if ok, err := store.FromCursor(q.Cursor, &at, &id); err != nil {
		return nil, "", err
	} else if ok {
		sel = sel.Where("(c.updated_at, c.id) < (?, ?)", at, id)
	}
	limit := store.Limit(q.Limit)
	if err := sel.Order("c.updated_at DESC", "c.id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].UpdatedAt, rows[limit-1].ID)
	}
	out := make([]publish.Content, len(rows))
	for i := range rows {
		out[i] = rows[i].content()
	}
	return out, next, d.posts(ctx, out)
}

// Posts implements publish.Store.
func (d *DB) Posts(ctx context.Context, s publish.Span) ([]publish.Content, string, error) {
	var rows []postRow
	sel := seen(ctx, d.IDB(ctx).NewSelect().Model(&rows), "p").Where("p.shown_at > 0")
	if !s.From.IsZero() {
		sel = sel.Where("p.shown_at >= ?", store.At(s.From))
	}
	if !s.To.IsZero() {
		sel = sel.Where("p.shown_at < ?", store.At(s.To))
	}
	if s.State != "" {
		sel = sel.Where("p.state = ?", string(s.State))
	}
	if s.Programme != "" {
		sel = sel.Where("p.programme_id = ?", string(s.Programme))
	}
	if s.Channel != "" {
		sel = sel.Where("p.channel_id = ?", string(s.Channel))
	}
	var at int64
	var id string
	compare, order := ">", "p.shown_at, p.id"
	if s.Newest {
		compare, order = "<", "p.shown_at DESC, p.id DESC"
	}
	if ok, err := store.FromCursor(s.Cursor, &at, &id); err != nil {
		return nil, "", err
	} else if ok {
		sel = sel.Where("(p.shown_at, p.id) "+compare+" (?, ?)", at, id)
	}
	limit := store.Limit(s.Limit)
	if err := sel.OrderExpr(order).Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].ShownAt, rows[limit-1].ID)
	}
	out, err := d.with(ctx, rows)
	return out, next, err
}

// with gives posts their contents.
func (d *DB) with(ctx context.Context, rows []postRow) ([]publish.Content, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Content
	}
	var contents []contentRow
	if err := d.IDB(ctx).NewSelect().Model(&contents).Where("c.id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, err
	}
	of := make(map[string]publish.Content, len(contents))
	for i := range contents {
		of[contents[i].ID] = contents[i].content()
	}
	out := make([]publish.Content, len(rows))
	for i := range rows {
		out[i] = of[rows[i].Content]
		out[i].Posts = []*publish.Post{rows[i].post()}
	}
	return out, nil
}

// Lately implements publish.Store.
func (d *DB) Lately(ctx context.Context, c social.ChannelID, since time.Time, limit int) ([]publish.Content, error) {
	var rows []postRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("p.channel_id = ? AND p.shown_at >= ?", string(c), store.At(since)).
		Where("p.state NOT IN ('draft', 'failed')").OrderExpr("p.shown_at DESC").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, err
	}
	return d.with(ctx, rows)
}

// Counts implements publish.Store.
func (d *DB) Counts(ctx context.Context) (map[publish.State]int, error) {
	var rows []struct {
		State string
		N     int
	}
	err := seen(ctx, d.IDB(ctx).NewSelect().Model((*postRow)(nil)), "p").ColumnExpr("p.state, COUNT(*) AS n").
		Where("p.state <> 'published'").GroupExpr("p.state").Scan(ctx, &rows)
	out := map[publish.State]int{}
	for _, r := range rows {
		out[publish.State(r.State)] = r.N
	}
	return out, err
}

type attemptRow struct {
	bun.BaseModel `bun:"table:publish_attempt"`
	Post          string `bun:"post_id,pk"`
	N             int64  `bun:"n,pk"`
	At            int64  `bun:"at"`
	EndedAt       int64  `bun:"ended_at"`
	Outcome       string `bun:"outcome"`
	Said          string `bun:"said"`
}

// KeepAttempt implements publish.Store.
func (d *DB) KeepAttempt(ctx context.Context, a publish.Attempt) error {
	r := attemptRow{Post: string(a.Post), N: int64(a.N), At: store.At(a.At), EndedAt: store.At(a.EndedAt), Outcome: string(a.Outcome), Said: a.Said}
	_, err := upsert(d.IDB(ctx).NewInsert().Model(&r), "post_id, n", "ended_at", "outcome", "said").Exec(ctx)
	return err
}

// Attempts implements publish.Store.
func (d *DB) Attempts(ctx context.Context, id publish.PostID) ([]publish.Attempt, error) {
	var rows []attemptRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("post_id = ?", string(id)).Order("n").Limit(100).Scan(ctx)
	out := make([]publish.Attempt, len(rows))
	for i, r := range rows {
		out[i] = publish.Attempt{Post: id, N: int(r.N), At: store.Time(r.At), EndedAt: store.Time(r.EndedAt), Outcome: publish.State(r.Outcome), Said: r.Said}
	}
	return out, err
}

type linkRow struct {
	bun.BaseModel `bun:"table:publish_link"`
	Post          string `bun:"post_id,pk"`
	Link          string `bun:"link_id,pk"`
}

// AddLinks implements publish.Store.
func (d *DB) AddLinks(ctx context.Context, id publish.PostID, links []social.LinkID) error {
	if len(links) == 0 {
		return nil
	}
	rows := make([]linkRow, len(links))
	for i, l := range links {
		rows[i] = linkRow{Post: string(id), Link: string(l)}
	}
	_, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// LinksOf implements publish.Store.
func (d *DB) LinksOf(ctx context.Context, ids []publish.PostID) (map[publish.PostID][]social.LinkID, error) {
	out := map[publish.PostID][]social.LinkID{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []linkRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("post_id IN (?)", bun.List(ids)).Order("link_id").Scan(ctx)
	for _, r := range rows {
		out[publish.PostID(r.Post)] = append(out[publish.PostID(r.Post)], social.LinkID(r.Link))
	}
	return out, err
}

type queueRow struct {
	bun.BaseModel `bun:"table:publish_queue"`
	Channel       string `bun:"channel_id,pk"`
	Zone          string `bun:"zone"`
	Slots         string `bun:"slots"`
}

// Queues implements publish.Store.
func (d *DB) Queues(ctx context.Context) ([]publish.Queue, error) {
	var rows []queueRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Order("channel_id").Scan(ctx)
	out := make([]publish.Queue, len(rows))
	for i, r := range rows {
		out[i] = publish.Queue{Channel: social.ChannelID(r.Channel), Zone: r.Zone}
		_ = json.Unmarshal([]byte(r.Slots), &out[i].Slots) // it was written here
	}
	return out, err
}

// SaveQueue implements publish.Store.
func (d *DB) SaveQueue(ctx context.Context, q publish.Queue) error {
	r := queueRow{Channel: string(q.Channel), Zone: q.Zone, Slots: text(q.Slots)}
	_, err := upsert(d.IDB(ctx).NewInsert().Model(&r), "channel_id", "zone", "slots").Exec(ctx)
	return err
}

// Taken implements publish.Store.
func (d *DB) Taken(ctx context.Context, c social.ChannelID, from, to time.Time) ([]time.Time, error) {
	var at []int64
	err := d.IDB(ctx).NewRaw("SELECT shown_at FROM publish_post WHERE channel_id = ? AND shown_at >= ? AND shown_at < ? ORDER BY shown_at",
		string(c), store.At(from), store.At(to)).Scan(ctx, &at)
	out := make([]time.Time, len(at))
	for i, t := range at {
		out[i] = store.Time(t)
	}
	return out, err
}
