// Package segmentdb keeps segments, who is in them, and what they ask of
// persons, in SQL.
package segmentdb

import (
	"context"
	"encoding/json"

	"github.com/parley-crm/parley/kit/cond"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// DB implements segment.Store.
type DB struct{ *store.DB }

var _ segment.Store = (*DB)(nil)

// New keeps segments in db.
func New(db *store.DB) *DB { return &DB{db} }

const sortLock = 0x7365676d // "segm"

// Lock implements segment.Store.
func (d *DB) Lock(ctx context.Context) error { return d.Dialect.Lock(ctx, d.IDB(ctx), sortLock) }

// scopeOf is the scope of ctx; Parley itself, with no actor, sees all.
func scopeOf(ctx context.Context) social.Scope {
	if _, ok := social.ActorOf(ctx); !ok {
		return social.Scope{All: true}
	}
	return social.ScopeOf(ctx)
}

// seen limits a query to persons in scope; column is where their id stands.
func seen(ctx context.Context, q *bun.SelectQuery, column string) *bun.SelectQuery {
	s := scopeOf(ctx)
	switch {
	case s.All:
		return q
	case len(s.Programmes) == 0:
		return q.Where("1 = 0")
	}
	return q.Where("EXISTS (SELECT 1 FROM person_programme AS g WHERE g.person_id = ? AND g.programme_id IN (?))", bun.Ident(column), bun.List(s.Programmes))
}

type segmentRow struct {
	bun.BaseModel `bun:"table:segment"`
	ID            string `bun:"id,pk"`
	Name          string `bun:"name"`
	Folded        string `bun:"folded"`
	About         string `bun:"about"`
	Conditions    string `bun:"conditions"`
	By            string `bun:"by_id"`
	Filling       bool   `bun:"filling"`
	FillAfter     string `bun:"fill_after"`
	FillDone      int    `bun:"fill_done"`
	FillOf        int    `bun:"fill_of"`
	Members       int    `bun:"members"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func (r segmentRow) segment() (segment.Segment, error) {
	s := segment.Segment{ID: social.SegmentID(r.ID), Name: r.Name, About: r.About, By: social.MemberID(r.By), Created: store.Time(r.CreatedAt), Updated: store.Time(r.UpdatedAt),
		Members: r.Members, Filling: segment.Filling{On: r.Filling, After: social.PersonID(r.FillAfter), Done: r.FillDone, Of: r.FillOf}}
	return s, json.Unmarshal([]byte(r.Conditions), &s.Where)
}

// Segments implements segment.Store.
func (d *DB) Segments(ctx context.Context) ([]segment.Segment, error) {
	var rows []segmentRow
	if err := d.IDB(ctx).NewSelect().Model(&rows).Order("folded", "id").Scan(ctx); err != nil {
		return nil, err
	}
	return segments(rows)
}

// Page implements segment.Store.
func (d *DB) Page(ctx context.Context, cursor string, limit int) ([]segment.Segment, string, error) {
	limit = store.Limit(limit)
	var folded, last string
	more, err := store.FromCursor(cursor, &folded, &last)
	if err != nil {
		return nil, "", err
	}
	var rows []segmentRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Order("folded", "id").Limit(int64(limit) + 1)
	if more {
		q = q.Where("(folded, id) > (?, ?)", folded, last)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].Folded, rows[limit-1].ID)
	}
	out, err := segments(rows)
	return out, next, err
}

func segments(rows []segmentRow) ([]segment.Segment, error) {
	out := make([]segment.Segment, len(rows))
	for i, r := range rows {
		var err error
		if out[i], err = r.segment(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Segment implements segment.Store.
func (d *DB) Segment(ctx context.Context, id social.SegmentID) (segment.Segment, error) {
	var r segmentRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", string(id)).Scan(ctx); err != nil {
		return segment.Segment{}, store.NotFound(err, "There is no such segment.")
	}
	return r.segment()
}

// SaveSegment implements segment.Store.
func (d *DB) SaveSegment(ctx context.Context, s segment.Segment) error {
	where, err := json.Marshal(s.Where)
	if err != nil {
		return err
	}
	folded := cond.Fold(s.Name)
	taken, err := d.IDB(ctx).NewSelect().Model((*segmentRow)(nil)).Where("folded = ? AND id <> ?", folded, string(s.ID)).Exists(ctx)
	if err != nil {
		return err
	}
	if taken {
		return &social.Error{Kind: social.Conflict, Field: "name", Text: "There is a segment of this name already."}
	}
	r := segmentRow{ID: string(s.ID), Name: s.Name, Folded: folded, About: s.About, Conditions: string(where), By: string(s.By), Filling: s.Filling.On, FillAfter: string(s.Filling.After),
		FillDone: s.Filling.Done, FillOf: s.Filling.Of, CreatedAt: store.At(s.Created), UpdatedAt: store.At(s.Updated)}
	q := d.IDB(ctx).NewInsert().Model(&r).On("CONFLICT (id) DO UPDATE")
	for _, c := range []string{"name", "folded", "about", "conditions", "filling", "fill_after", "fill_done", "fill_of", "updated_at"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err = q.Returning("NULL").Exec(ctx)
	return err
}

// DropSegment implements segment.Store.
func (d *DB) DropSegment(ctx context.Context, id social.SegmentID) error {
	for _, q := range []string{"DELETE FROM segment_member WHERE segment_id = ?", "DELETE FROM segment_step WHERE segment_id = ?",
		"DELETE FROM segment_day WHERE segment_id = ?", "DELETE FROM segment WHERE id = ?"} {
		if _, err := d.IDB(ctx).NewRaw(q, string(id)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

const knowing = "people.profiles"

// Knowing implements segment.Store.
func (d *DB) Knowing(ctx context.Context) (segment.Knowing, error) {
	var k segment.Knowing
	_, err := d.Setting(ctx, knowing, &k)
	return k, err
}

// SaveKnowing implements segment.Store.
func (d *DB) SaveKnowing(ctx context.Context, k segment.Knowing) error {
	return d.SetSetting(ctx, knowing, k)
}

// texts makes plain texts of ids.
func texts[S ~string](ids []S) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
