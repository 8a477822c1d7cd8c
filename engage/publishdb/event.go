package publishdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type eventRow struct {
	bun.BaseModel `bun:"table:event,alias:e"`
	ID            string `bun:"id,pk"`
	Slug          string `bun:"slug"`
	Title         string `bun:"title"`
	About         string `bun:"about"`
	Place         string `bun:"place"`
	Link          string `bun:"link"`
	Start         int64  `bun:"starts_at"`
	End           int64  `bun:"ends_at"`
	Zone          string `bun:"zone"`
	Capacity      int64  `bun:"capacity"`
	NoReminder    int64  `bun:"no_reminder"`
	Programme     string `bun:"programme_id"`
	Author        string `bun:"author_id"`
	Standing      string `bun:"standing"`
	Version       int64  `bun:"version"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func (r *eventRow) event() publish.Event {
	return publish.Event{ID: publish.EventID(r.ID), Slug: r.Slug, Title: r.Title, About: r.About, Place: r.Place, Link: r.Link, Start: store.Time(r.Start),
		End: store.Time(r.End), Zone: r.Zone, Capacity: int(r.Capacity), NoReminder: r.NoReminder == 1, Programme: social.ProgrammeID(r.Programme), Author: social.MemberID(r.Author),
		Standing: publish.Standing(r.Standing), Version: r.Version, CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt)}
}

const noEvent = "There is no such event, or not for you."

// Event implements publish.Store.
func (d *DB) Event(ctx context.Context, id publish.EventID) (publish.Event, error) {
	var r eventRow
	return d.oneEvent(ctx, &r, seen(ctx, d.IDB(ctx).NewSelect().Model(&r), "e").Where("e.id = ?", string(id)))
}

// LockEvent implements publish.Store.
func (d *DB) LockEvent(ctx context.Context, id publish.EventID) (publish.Event, error) {
	var r eventRow
	q := seen(ctx, d.IDB(ctx).NewSelect().Model(&r), "e").Where("e.id = ?", string(id))
	if d.Engine == store.Postgres {
		q = q.For("UPDATE")
	}
	return d.oneEvent(ctx, &r, q)
}

// BySlug implements publish.Store.
func (d *DB) BySlug(ctx context.Context, slug string) (publish.Event, error) {
	var r eventRow
	return d.oneEvent(ctx, &r, d.IDB(ctx).NewSelect().Model(&r).Where("e.slug = ?", slug))
}

func (d *DB) oneEvent(ctx context.Context, r *eventRow, q *bun.SelectQuery) (publish.Event, error) {
	if err := q.Scan(ctx); err != nil {
		return publish.Event{}, store.NotFound(err, noEvent)
	}
	e := r.event()
	var err error
	e.Tally, err = d.Tallied(ctx, e.ID)
	return e, err
}

// SaveEvent implements publish.Store.
func (d *DB) SaveEvent(ctx context.Context, e *publish.Event) error {
	r := eventRow{ID: string(e.ID), Slug: e.Slug, Title: e.Title, About: e.About, Place: e.Place, Link: e.Link, Start: store.At(e.Start), End: store.At(e.End),
		Zone: e.Zone, Capacity: int64(e.Capacity), NoReminder: flag(e.NoReminder), Programme: string(e.Programme), Author: string(e.Author), Standing: string(e.Standing), Version: e.Version,
		CreatedAt: store.At(e.CreatedAt), UpdatedAt: store.At(e.UpdatedAt)}
	_, err := upsert(d.IDB(ctx).NewInsert().Model(&r), "id", "title", "about", "place", "link", "starts_at", "ends_at", "zone", "capacity", "no_reminder", "programme_id",
		"standing", "version", "updated_at").Exec(ctx)
	return err
}

// ListEvents implements publish.Store.
func (d *DB) ListEvents(ctx context.Context, after time.Time, past bool, cursor string, limit int) ([]publish.Event, string, error) {
	var rows []eventRow
	q := seen(ctx, d.IDB(ctx).NewSelect().Model(&rows), "e")
	compare, order := ">", "e.ends_at, e.id"
	if past {
		compare, order = "<", "e.ends_at DESC, e.id DESC"
		q = q.Where("e.ends_at < ?", store.At(after))
	} else {
		q = q.Where("e.ends_at >= ?", store.At(after))
	}
	var at int64
	var id string
	if ok, err := store.FromCursor(cursor, &at, &id); err != nil {
		return nil, "", err
	} else if ok {
		q = q.Where("(e.ends_at, e.id) "+compare+" (?, ?)", at, id)
	}
	limit = store.Limit(limit)
	if err := q.OrderExpr(order).Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].End, rows[limit-1].ID)
	}
	out := make([]publish.Event, len(rows))
	ids := make([]string, len(rows))
	for i := range rows {
		out[i], ids[i] = rows[i].event(), rows[i].ID
	}
	all, err := d.tallies(ctx, ids)
	for i := range out {
		out[i].Tally = all[ids[i]]
	}
	return out, next, err
}

// Tallied implements publish.Store.
func (d *DB) Tallied(ctx context.Context, e publish.EventID) (publish.Tally, error) {
	all, err := d.tallies(ctx, []string{string(e)})
	return all[string(e)], err
}

func (d *DB) tallies(ctx context.Context, ids []string) (map[string]publish.Tally, error) {
	out := map[string]publish.Tally{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		EventID string
		Coming  string
		Waiting int64
		N, Came int
	}
	err := d.IDB(ctx).NewRaw(`SELECT event_id, coming, waiting, COUNT(*) AS n, SUM(came) AS came FROM event_guest
		WHERE event_id IN (?) GROUP BY event_id, coming, waiting`, bun.List(ids)).Scan(ctx, &rows)
	for _, r := range rows {
		t := out[r.EventID]
		t.Came += r.Came
		switch {
		case r.Coming == string(publish.Yes) && r.Waiting == 1:
			t.Waiting += r.N
		case r.Coming == string(publish.Yes):
			t.Yes += r.N
		case r.Coming == string(publish.Maybe):
			t.Maybe += r.N
		default:
			t.No += r.N
		}
		out[r.EventID] = t
	}
	return out, err
}

type guestRow struct {
	bun.BaseModel `bun:"table:event_guest,alias:g"`
	ID            string `bun:"id,pk"`
	Event         string `bun:"event_id"`
	Name          string `bun:"name"`
	Email         string `bun:"email"`
	Coming        string `bun:"coming"`
	Waiting       int64  `bun:"waiting"`
	Key           string `bun:"key_hash"`
	Came          int64  `bun:"came"`
	Since         int64  `bun:"since"`
	At            int64  `bun:"at"`
}

func (r *guestRow) guest() publish.Guest {
	return publish.Guest{ID: publish.GuestID(r.ID), Event: publish.EventID(r.Event), Name: r.Name, Email: r.Email, Coming: publish.Coming(r.Coming),
		Waiting: r.Waiting == 1, Key: r.Key, Came: r.Came == 1, Since: store.Time(r.Since), At: store.Time(r.At)}
}

const noLink = "This link is over, or never was."

func (d *DB) guest(ctx context.Context, e publish.EventID, column, value string) (publish.Guest, error) {
	var r guestRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("g.event_id = ?", string(e)).Where("? = ?", bun.Ident("g."+column), value).Scan(ctx)
	return r.guest(), store.NotFound(err, noLink)
}

// ByKey implements publish.Store.
func (d *DB) ByKey(ctx context.Context, e publish.EventID, hash string) (publish.Guest, error) {
	g, err := d.guest(ctx, e, "key_hash", hash)
	if !social.NotFound.Is(err) || hash == "" {
		return g, err
	}
	var id string
	err = d.IDB(ctx).NewRaw("SELECT guest_id FROM event_letter WHERE key_hash = ? AND event_id = ?", hash, string(e)).Scan(ctx, &id)
	if err != nil {
		return g, store.NotFound(err, noLink)
	}
	return d.GuestByID(ctx, e, publish.GuestID(id))
}

// ByEmail implements publish.Store.
func (d *DB) ByEmail(ctx context.Context, e publish.EventID, email string) (publish.Guest, error) {
	return d.guest(ctx, e, "email", email)
}

// GuestByID implements publish.Store.
func (d *DB) GuestByID(ctx context.Context, e publish.EventID, id publish.GuestID) (publish.Guest, error) {
	return d.guest(ctx, e, "id", string(id))
}

// SaveGuest implements publish.Store.
func (d *DB) SaveGuest(ctx context.Context, g *publish.Guest) error {
	r := guestRow{ID: string(g.ID), Event: string(g.Event), Name: g.Name, Email: g.Email, Coming: string(g.Coming), Waiting: flag(g.Waiting), Key: g.Key,
		Came: flag(g.Came), Since: store.At(g.Since), At: store.At(g.At)}
	_, err := upsert(d.IDB(ctx).NewInsert().Model(&r), "id", "name", "coming", "waiting", "came", "since").Exec(ctx)
	return err
}

// DropGuest implements publish.Store.
func (d *DB) DropGuest(ctx context.Context, id publish.GuestID) error {
	if _, err := d.IDB(ctx).NewRaw("DELETE FROM event_letter WHERE guest_id = ?", string(id)).Exec(ctx); err != nil {
		return err
	}
	_, err := d.IDB(ctx).NewRaw("DELETE FROM event_guest WHERE id = ?", string(id)).Exec(ctx)
	return err
}

// Queued implements publish.Store.
func (d *DB) Queued(ctx context.Context, e publish.EventID, limit int) ([]publish.Guest, error) {
	var rows []guestRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("g.event_id = ? AND g.waiting = 1 AND g.coming = 'yes'", string(e)).
		Order("g.since", "g.id").Limit(int64(limit)).Scan(ctx)
	return guests(rows), err
}

func guests(rows []guestRow) []publish.Guest {
	out := make([]publish.Guest, len(rows))
	for i := range rows {
		out[i] = rows[i].guest()
	}
	return out
}

// Guests implements publish.Store.
func (d *DB) Guests(ctx context.Context, e publish.EventID, cursor string, limit int) ([]publish.Guest, string, error) {
	var rows []guestRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("g.event_id = ?", string(e))
	var at int64
	var id string
	if ok, err := store.FromCursor(cursor, &at, &id); err != nil {
		return nil, "", err
	} else if ok {
		q = q.Where("(g.at, g.id) < (?, ?)", at, id)
	}
	limit = store.Limit(limit)
	if err := q.OrderExpr("g.at DESC, g.id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].At, rows[limit-1].ID)
	}
	return guests(rows), next, nil
}
