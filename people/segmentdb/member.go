package segmentdb

import (
	"context"
	"slices"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/people/segment"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// Who implements segment.Store.
func (d *DB) Who(ctx context.Context, ids []social.PersonID) ([]segment.Who, []social.PersonID, error) {
	living, asked := map[string]bool{}, map[string]bool{}
	var gone []social.PersonID
	ask := slices.Compact(slices.Sorted(slices.Values(texts(ids))))
	for range 16 { // a chain of merges is short
		if len(ask) == 0 {
			break
		}
		var rows []struct{ ID, MergedInto string }
		if err := d.IDB(ctx).NewRaw("SELECT id, merged_into FROM person WHERE id IN (?) AND erased_at = 0", bun.List(ask)).Scan(ctx, &rows); err != nil {
			return nil, nil, err
		}
		found, next := map[string]bool{}, map[string]bool{}
		for _, id := range ask {
			asked[id] = true
		}
		for _, r := range rows {
			found[r.ID] = true
			if r.MergedInto == "" {
				living[r.ID] = true
				continue
			}
			gone = append(gone, social.PersonID(r.ID))
			next[r.MergedInto] = true
		}
		for _, id := range ask {
			if !found[id] {
				gone = append(gone, social.PersonID(id))
			}
		}
		ask = ask[:0]
		for id := range next {
			if !asked[id] {
				ask = append(ask, id)
			}
		}
	}
	if len(living) == 0 {
		return nil, gone, nil
	}
	roots := make([]string, 0, len(living))
	for id := range living {
		roots = append(roots, id)
	}
	slices.Sort(roots)
	who, err := d.whole(ctx, roots)
	return who, gone, err
}

const knownSQL = `
WITH RECURSIVE under (root, id, far) AS (
  SELECT id, id, 0 FROM person WHERE id IN (?)
  UNION ALL SELECT u.root, p.id, u.far + 1 FROM under u JOIN person p ON p.merged_into = u.id AND p.merged_into <> '' WHERE u.far < 16
) SELECT root, id FROM under ORDER BY root, far, id`

func (d *DB) whole(ctx context.Context, roots []string) ([]segment.Who, error) {
	out := make([]segment.Who, len(roots))
	at := make(map[string]int, len(roots))
	for i, id := range roots {
		out[i].Person, at[id] = social.PersonID(id), i
	}
	var known []struct{ Root, ID string }
	if err := d.IDB(ctx).NewRaw(knownSQL, bun.List(roots)).Scan(ctx, &known); err != nil {
		return nil, err
	}
	for _, k := range known {
		w := &out[at[k.Root]]
		w.Known = append(w.Known, k.ID)
	}
	var accounts []struct{ PersonID, ID string }
	if err := d.IDB(ctx).NewRaw("SELECT person_id, id FROM identity WHERE person_id IN (?) ORDER BY person_id, id", bun.List(roots)).Scan(ctx, &accounts); err != nil {
		return nil, err
	}
	for _, a := range accounts {
		w := &out[at[a.PersonID]]
		w.Accounts = append(w.Accounts, social.IdentityID(a.ID))
	}
	return out, nil
}

// After implements segment.Store.
func (d *DB) After(ctx context.Context, after social.PersonID, limit int) ([]social.PersonID, error) {
	var ids []social.PersonID
	err := d.IDB(ctx).NewRaw("SELECT id FROM person WHERE id > ? AND merged_into = '' AND erased_at = 0 ORDER BY id LIMIT ?", string(after), limit).Scan(ctx, &ids)
	return ids, err
}

// Persons implements segment.Store.
func (d *DB) Persons(ctx context.Context) (int, error) {
	var n int
	err := d.IDB(ctx).NewRaw("SELECT COUNT(*) FROM person WHERE merged_into = '' AND erased_at = 0").Scan(ctx, &n)
	return n, err
}

const grow = " ON CONFLICT (person_id) DO UPDATE SET n = segment_mark.n + 1"

// Mark implements segment.Store.
func (d *DB) Mark(ctx context.Context, ids []social.PersonID) error {
	type row struct {
		bun.BaseModel `bun:"table:segment_mark,alias:segment_mark"`
		Person        string `bun:"person_id"`
		N             int64  `bun:"n"`
		At            int64  `bun:"at"`
	}
	at := store.At(d.Clock.Now())
	for part := range slices.Chunk(ids, atOnce) {
		rows := make([]row, len(part))
		for i, p := range part {
			rows[i] = row{Person: string(p), N: 1, At: at}
		}
		if _, err := d.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (person_id) DO UPDATE").Set("n = segment_mark.n + 1").Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// MarkAccounts marks the persons behind accounts.
func (d *DB) MarkAccounts(ctx context.Context, ids []social.IdentityID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := d.IDB(ctx).NewRaw("INSERT INTO segment_mark (person_id, n, at) SELECT DISTINCT person_id, 1, CAST(? AS BIGINT) FROM identity WHERE id IN (?) ORDER BY person_id"+grow,
		store.At(d.Clock.Now()), bun.List(texts(ids))).Exec(ctx)
	return err
}

// MarkTagged implements segment.Store.
func (d *DB) MarkTagged(ctx context.Context, tags []social.TagID) error {
	for _, t := range tags {
		_, err := d.IDB(ctx).NewRaw(`INSERT INTO segment_mark (person_id, n, at) SELECT p.person_id, 1, CAST(? AS BIGINT) FROM person_profile AS p WHERE p.tags LIKE ? ORDER BY p.person_id`+grow,
			store.At(d.Clock.Now()), "%\n"+string(t)+"\n%").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// Marks implements segment.Store.
func (d *DB) Marks(ctx context.Context, limit int) ([]segment.Mark, error) {
	var rows []struct {
		PersonID social.PersonID
		N        int64
	}
	err := d.IDB(ctx).NewRaw("SELECT person_id, n FROM segment_mark ORDER BY at, person_id LIMIT ?", limit).Scan(ctx, &rows)
	out := make([]segment.Mark, len(rows))
	for i, r := range rows {
		out[i] = segment.Mark{Person: r.PersonID, N: r.N}
	}
	return out, err
}

// Unmark implements segment.Store.
func (d *DB) Unmark(ctx context.Context, marks []segment.Mark) error {
	by := map[int64][]string{}
	for _, m := range marks {
		by[m.N] = append(by[m.N], string(m.Person))
	}
	for n, ids := range by {
		if _, err := d.IDB(ctx).NewRaw("DELETE FROM segment_mark WHERE n = ? AND person_id IN (?)", n, bun.List(ids)).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Due implements segment.Store.
func (d *DB) Due(ctx context.Context, now time.Time, limit int) ([]social.PersonID, error) {
	var ids []social.PersonID
	err := d.IDB(ctx).NewRaw("SELECT person_id FROM person_profile WHERE due_at > 0 AND due_at <= ? ORDER BY due_at LIMIT ?", store.At(now), limit).Scan(ctx, &ids)
	return ids, err
}

// In implements segment.Store.
func (d *DB) In(ctx context.Context, ids []social.PersonID) (map[social.PersonID][]social.SegmentID, error) {
	out := map[social.PersonID][]social.SegmentID{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []memberRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("person_id IN (?)", bun.List(texts(ids))).Scan(ctx)
	for _, r := range rows {
		out[social.PersonID(r.Person)] = append(out[social.PersonID(r.Person)], social.SegmentID(r.Segment))
	}
	return out, err
}

type memberRow struct {
	bun.BaseModel `bun:"table:segment_member"`
	Segment       string `bun:"segment_id,pk"`
	Person        string `bun:"person_id,pk"`
	Since         int64  `bun:"since"`
}

type stepRow struct {
	bun.BaseModel `bun:"table:segment_step,alias:s"`
	ID            string `bun:"id,pk"`
	Segment       string `bun:"segment_id"`
	Person        string `bun:"person_id"`
	Joined        bool   `bun:"joined"`
	At            int64  `bun:"at"`
}

// Change implements segment.Store.
func (d *DB) Change(ctx context.Context, steps []segment.Step, now time.Time, quietly bool) error {
	by := map[social.SegmentID][]segment.Step{}
	for _, s := range steps {
		by[s.Segment] = append(by[s.Segment], s)
	}
	for g, some := range by {
		if err := d.move(ctx, g, some, now, quietly); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) move(ctx context.Context, g social.SegmentID, steps []segment.Step, now time.Time, quietly bool) error {
	var joined []memberRow
	var left []string
	history := make([]stepRow, len(steps))
	for i, s := range steps {
		history[i] = stepRow{ID: id.At(s.At), Segment: string(g), Person: string(s.Person), Joined: s.Joined, At: store.At(s.At)}
		if s.Joined {
			joined = append(joined, memberRow{Segment: string(g), Person: string(s.Person), Since: store.At(s.At)})
		} else {
			left = append(left, string(s.Person))
		}
	}
	for part := range slices.Chunk(joined, atOnce) {
		if _, err := d.IDB(ctx).NewInsert().Model(&part).Returning("NULL").Exec(ctx); err != nil {
			return err
		}
	}
	if len(left) > 0 {
		if _, err := d.IDB(ctx).NewRaw("DELETE FROM segment_member WHERE segment_id = ? AND person_id IN (?)", string(g), bun.List(left)).Exec(ctx); err != nil {
			return err
		}
	}
	if _, err := d.IDB(ctx).NewRaw("UPDATE segment SET members = members + ? WHERE id = ?", len(joined)-len(left), string(g)).Exec(ctx); err != nil {
		return err
	}
	in, out := len(joined), len(left)
	if quietly {
		in, out = 0, 0
	} else {
		for part := range slices.Chunk(history, atOnce) {
			if _, err := d.IDB(ctx).NewInsert().Model(&part).Returning("NULL").Exec(ctx); err != nil {
				return err
			}
		}
	}
	_, err := d.IDB(ctx).NewRaw(`
INSERT INTO segment_day (segment_id, day, joined, gone, size) SELECT s.id, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), s.members FROM segment AS s WHERE s.id = ?
ON CONFLICT (segment_id, day) DO UPDATE SET joined = segment_day.joined + EXCLUDED.joined, gone = segment_day.gone + EXCLUDED.gone, size = EXCLUDED.size`,
		dayOf(now), in, out, string(g)).Exec(ctx)
	return err
}

func dayOf(t time.Time) int64 { return t.Unix() / 86400 }

// Sizes implements segment.Store.
func (d *DB) Sizes(ctx context.Context, ids []social.SegmentID) (map[social.SegmentID]int, error) {
	out := make(map[social.SegmentID]int, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		ID social.SegmentID
		N  int
	}
	q := d.IDB(ctx).NewSelect().TableExpr("segment").ColumnExpr("id, members AS n").Where("id IN (?)", bun.List(texts(ids)))
	if !scopeOf(ctx).All {
		q = seen(ctx, d.IDB(ctx).NewSelect().TableExpr("segment_member AS m").ColumnExpr("m.segment_id AS id, COUNT(*) AS n").Where("m.segment_id IN (?)", bun.List(texts(ids))), "m.person_id").GroupExpr("m.segment_id")
	}
	err := q.Scan(ctx, &rows)
	for _, r := range rows {
		out[r.ID] = r.N
	}
	return out, err
}

// Steps implements segment.Store.
func (d *DB) Steps(ctx context.Context, g social.SegmentID, cursor string, limit int) ([]segment.Step, string, error) {
	limit = store.Limit(limit)
	var at int64
	var last string
	more, err := store.FromCursor(cursor, &at, &last)
	if err != nil {
		return nil, "", err
	}
	var rows []stepRow
	q := seen(ctx, d.IDB(ctx).NewSelect().Model(&rows).Where("segment_id = ?", string(g)), "s.person_id")
	if more {
		q = q.Where("(at, id) < (?, ?)", at, last)
	}
	if err := q.OrderExpr("at DESC, id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = store.Cursor(rows[limit-1].At, rows[limit-1].ID)
	}
	out := make([]segment.Step, len(rows))
	for i, r := range rows {
		out[i] = segment.Step{Segment: g, Person: social.PersonID(r.Person), Joined: r.Joined, At: store.Time(r.At)}
	}
	return out, next, nil
}

// Days implements segment.Store. Whoever sees only some programmes is told
// nothing: the rollup is of everybody.
func (d *DB) Days(ctx context.Context, ids []social.SegmentID, since time.Time) (map[social.SegmentID][]segment.Day, error) {
	out := map[social.SegmentID][]segment.Day{}
	if len(ids) == 0 || !scopeOf(ctx).All {
		return out, nil
	}
	var rows []struct {
		SegmentID               social.SegmentID
		Day, Joined, Gone, Size int64
	}
	err := d.IDB(ctx).NewRaw(`
SELECT d.segment_id, d.day, d.joined, d.gone, d.size FROM segment_day AS d WHERE d.segment_id IN (?0) AND
  d.day >= COALESCE((SELECT MAX(b.day) FROM segment_day AS b WHERE b.segment_id = d.segment_id AND b.day < ?1), ?1) ORDER BY d.segment_id, d.day`,
		bun.List(texts(ids)), dayOf(since)).Scan(ctx, &rows)
	for _, r := range rows {
		out[r.SegmentID] = append(out[r.SegmentID], segment.Day{Day: time.Unix(r.Day*86400, 0).UTC(), Joined: int(r.Joined), Left: int(r.Gone), Size: int(r.Size)})
	}
	return out, err
}
