// Package evolvedb keeps links, outcomes and sums in SQL.
package evolvedb

import (
	"context"

	"github.com/parley-crm/parley/evolve"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements evolve.Store.
type DB struct{ *store.DB }

// New keeps evolve's things in db.
func New(db *store.DB) *DB { return &DB{db} }

type linkRow struct {
	bun.BaseModel  `bun:"table:link"`
	ID             string `bun:"id,pk"`
	Code           string `bun:"code"`
	Target         string `bun:"target"`
	Campaign       string `bun:"campaign"`
	ConversationID string `bun:"conversation_id"`
	MessageID      string `bun:"message_id"`
	ChannelID      string `bun:"channel_id"`
	ChannelKind    string `bun:"channel_kind"`
	IdentityID     string `bun:"identity_id"`
	ProgrammeID    string `bun:"programme_id"`
	ByMember       string `bun:"by_member"`
	Clicks         int64  `bun:"clicks"`
	CreatedAt      int64  `bun:"created_at"`
}

func (r linkRow) link() evolve.Link {
	return evolve.Link{ID: social.LinkID(r.ID), Code: r.Code, Target: r.Target, Campaign: r.Campaign,
		Conversation: social.ConversationID(r.ConversationID), Message: social.MessageID(r.MessageID),
		Channel: social.ChannelID(r.ChannelID), ChannelKind: r.ChannelKind, Identity: social.IdentityID(r.IdentityID),
		Programme: social.ProgrammeID(r.ProgrammeID), By: social.MemberID(r.ByMember), Clicks: int(r.Clicks), CreatedAt: store.Time(r.CreatedAt)}
}

// scopeOf is the scope of ctx; Parley itself, with no actor, sees all.
func scopeOf(ctx context.Context) social.Scope {
	if _, ok := social.ActorOf(ctx); !ok {
		return social.Scope{All: true}
	}
	return social.ScopeOf(ctx)
}

// within limits a query to the scope of ctx.
func within(ctx context.Context, q *bun.SelectQuery, column string) *bun.SelectQuery {
	scope := scopeOf(ctx)
	switch {
	case scope.All:
		return q
	case len(scope.Programmes) == 0:
		return q.Where("1 = 0")
	}
	return q.Where("? IN (?)", bun.Ident(column), bun.List(scope.Programmes))
}

// AddLink implements evolve.Store.
func (d *DB) AddLink(ctx context.Context, l evolve.Link) error {
	row := linkRow{ID: string(l.ID), Code: l.Code, Target: l.Target, Campaign: l.Campaign, ConversationID: string(l.Conversation),
		MessageID: string(l.Message), ChannelID: string(l.Channel), ChannelKind: l.ChannelKind, IdentityID: string(l.Identity),
		ProgrammeID: string(l.Programme), ByMember: string(l.By), CreatedAt: store.At(l.CreatedAt)}
	_, err := d.IDB(ctx).NewInsert().Model(&row).Exec(ctx)
	return err
}

// LinkByCode implements evolve.Store.
func (d *DB) LinkByCode(ctx context.Context, code string) (evolve.Link, error) {
	var r linkRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("code = ?", code).Scan(ctx); err != nil {
		return evolve.Link{}, store.NotFound(err, "This link does not lead anywhere.")
	}
	return r.link(), nil
}

// Link implements evolve.Store.
func (d *DB) Link(ctx context.Context, id social.LinkID) (evolve.Link, error) {
	var r linkRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", string(id)).Scan(ctx); err != nil {
		return evolve.Link{}, store.NotFound(err, "There is no such link.")
	}
	return r.link(), nil
}

// Links implements evolve.Store.
func (d *DB) Links(ctx context.Context, cursor string, limit int) ([]evolve.Link, string, error) {
	limit = store.Limit(limit)
	var at int64
	var id string
	more, err := store.FromCursor(cursor, &at, &id)
	if err != nil {
		return nil, "", err
	}
	var rows []linkRow
	q := within(ctx, d.IDB(ctx).NewSelect().Model(&rows), "programme_id").OrderExpr("created_at DESC, id DESC").Limit(int64(limit) + 1)
	if more {
		q = q.Where("(created_at, id) < (?, ?)", at, id)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].CreatedAt, rows[limit-1].ID)
	}
	out := make([]evolve.Link, len(rows))
	ids := make([]string, len(rows))
	for i, r := range rows {
		out[i], ids[i] = r.link(), r.ID
	}
	worth, err := d.worthOfLinks(ctx, ids)
	if err != nil {
		return nil, "", err
	}
	for i := range out {
		w := worth[string(out[i].ID)]
		out[i].Conversions, out[i].Value = w.n, w.value
	}
	return out, next, nil
}

// LinksByID reads links with what came of them.
func (d *DB) LinksByID(ctx context.Context, ids []social.LinkID) ([]evolve.Link, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []linkRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Order("id").Scan(ctx); err != nil {
		return nil, err
	}
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.ID
	}
	came, err := d.worthOfLinks(ctx, names)
	out := make([]evolve.Link, len(rows))
	for i, r := range rows {
		out[i] = r.link()
		out[i].Conversions, out[i].Value = came[r.ID].n, came[r.ID].value
	}
	return out, err
}

type worth struct {
	n     int
	value []evolve.Money
}

func (d *DB) worthOfLinks(ctx context.Context, ids []string) (map[string]worth, error) {
	out := map[string]worth{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		LinkID   string
		Currency string
		N        int
		Value    int64
	}
	err := d.IDB(ctx).NewRaw(`SELECT link_id, currency, SUM(CASE WHEN reverses = '' THEN 1 ELSE -1 END) AS n, SUM(value) AS value FROM conversion
		WHERE link_id IN (?) GROUP BY link_id, currency ORDER BY link_id, currency`, bun.List(ids)).Scan(ctx, &rows)
	for _, r := range rows {
		w := out[r.LinkID]
		w.n += r.N
		if r.Currency != "" {
			w.value = append(w.value, evolve.Money{Minor: r.Value, Currency: r.Currency})
		}
		out[r.LinkID] = w
	}
	return out, err
}

type clickRow struct {
	bun.BaseModel `bun:"table:click"`
	ID            string `bun:"id,pk"`
	LinkID        string `bun:"link_id"`
	At            int64  `bun:"at"`
	Referrer      string `bun:"referrer"`
}

// AddClick implements evolve.Store.
func (d *DB) AddClick(ctx context.Context, c evolve.Click) error {
	row := clickRow{ID: c.ID, LinkID: string(c.Link), At: store.At(c.At), Referrer: c.Referrer}
	if _, err := d.IDB(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
		return err
	}
	_, err := d.IDB(ctx).NewRaw("UPDATE link SET clicks = clicks + 1 WHERE id = ?", string(c.Link)).Exec(ctx)
	return err
}

// Click implements evolve.Store.
func (d *DB) Click(ctx context.Context, id string) (evolve.Click, error) {
	var r clickRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return evolve.Click{}, store.NotFound(err, "There is no such click.")
	}
	return evolve.Click{ID: r.ID, Link: social.LinkID(r.LinkID), At: store.Time(r.At), Referrer: r.Referrer}, nil
}
