package peopledb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/people"
	"github.com/parley-crm/parley/people/card"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

var _ card.Store = (*DB)(nil)

// sameSQL lists a person and all that were joined into them.
const sameSQL = `
WITH RECURSIVE them(id, far) AS (
  SELECT CAST(? AS TEXT), 0 UNION ALL SELECT p.id, them.far + 1 FROM person p JOIN them ON p.merged_into = them.id AND p.merged_into <> '' WHERE them.far < 16
) SELECT id FROM them ORDER BY far, id`

// Same implements card.Store.
func (d *DB) Same(ctx context.Context, who social.PersonID) ([]string, error) {
	var ids []string
	err := d.IDB(ctx).NewRaw(sameSQL, string(who)).Scan(ctx, &ids)
	return ids, err
}

// put writes a row; where its id is there already, the columns change.
func (d *DB) put(ctx context.Context, row any, columns ...string) error {
	q := d.IDB(ctx).NewInsert().Model(row).On("CONFLICT (id) DO UPDATE")
	for _, c := range columns {
		q = q.Set("? = EXCLUDED.?", bun.Ident(c), bun.Ident(c))
	}
	_, err := q.Returning("NULL").Exec(ctx)
	return err
}

func (d *DB) drop(ctx context.Context, table, id string) error {
	_, err := d.IDB(ctx).NewRaw("DELETE FROM ? WHERE id = ?", bun.Ident(table), id).Exec(ctx)
	return err
}

type noteRow struct {
	bun.BaseModel `bun:"table:person_note"`
	ID            string `bun:"id,pk"`
	Person        string `bun:"person_id"`
	Text          string `bun:"text"`
	Pinned        bool   `bun:"pinned"`
	By            string `bun:"by_id"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func (r noteRow) note() card.Note {
	return card.Note{ID: r.ID, Person: social.PersonID(r.Person), Text: r.Text, Pinned: r.Pinned, By: social.MemberID(r.By), CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt)}
}

// Notes implements card.Store: those that are pinned first, then the newest.
func (d *DB) Notes(ctx context.Context, persons []string, cursor string, limit int) ([]card.Note, string, error) {
	var rows []noteRow
	q := d.IDB(ctx).NewSelect().Model(&rows).Where("person_id IN (?)", bun.List(persons))
	var pinned bool
	var at int64
	var id string
	if more, err := store.FromCursor(cursor, &pinned, &at, &id); err != nil {
		return nil, "", err
	} else if more && pinned {
		q = q.Where("(NOT pinned OR (created_at, id) < (?, ?))", at, id)
	} else if more {
		q = q.Where("NOT pinned AND (created_at, id) < (?, ?)", at, id)
	}
	limit = store.Limit(limit)
	if err := q.OrderExpr("pinned DESC, created_at DESC, id DESC").Limit(int64(limit) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		next = store.Cursor(last.Pinned, last.CreatedAt, last.ID)
	}
	out := make([]card.Note, len(rows))
	for i, r := range rows {
		out[i] = r.note()
	}
	return out, next, nil
}

// Note implements card.Store.
func (d *DB) Note(ctx context.Context, id string) (card.Note, error) {
	var r noteRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.note(), store.NotFound(err, "There is no such note.")
}

// SaveNote implements card.Store.
func (d *DB) SaveNote(ctx context.Context, n card.Note) error {
	r := noteRow{ID: n.ID, Person: string(n.Person), Text: n.Text, Pinned: n.Pinned, By: string(n.By), CreatedAt: store.At(n.CreatedAt), UpdatedAt: store.At(n.UpdatedAt)}
	return d.put(ctx, &r, "text", "pinned", "updated_at")
}

// DropNote implements card.Store.
func (d *DB) DropNote(ctx context.Context, id string) error { return d.drop(ctx, "person_note", id) }

type goalRow struct {
	bun.BaseModel `bun:"table:person_goal"`
	ID            string `bun:"id,pk"`
	Person        string `bun:"person_id"`
	Text          string `bun:"text"`
	Status        string `bun:"status"`
	Conversation  string `bun:"conversation_id"`
	Message       string `bun:"message_id"`
	By            string `bun:"by_id"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func (r goalRow) goal() card.Goal {
	return card.Goal{ID: r.ID, Person: social.PersonID(r.Person), Text: r.Text, Status: r.Status, Conversation: social.ConversationID(r.Conversation), Message: social.MessageID(r.Message),
		By: social.MemberID(r.By), CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt)}
}

// Goals implements card.Store: open ones first, then the newest, at most a hundred.
func (d *DB) Goals(ctx context.Context, persons []string) ([]card.Goal, error) {
	var rows []goalRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("person_id IN (?)", bun.List(persons)).
		OrderExpr("CASE WHEN status = 'open' THEN 0 ELSE 1 END, created_at DESC, id DESC").Limit(100).Scan(ctx)
	out := make([]card.Goal, len(rows))
	for i, r := range rows {
		out[i] = r.goal()
	}
	return out, err
}

// Goal implements card.Store.
func (d *DB) Goal(ctx context.Context, id string) (card.Goal, error) {
	var r goalRow
	err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	return r.goal(), store.NotFound(err, "There is no such goal.")
}

// SaveGoal implements card.Store.
func (d *DB) SaveGoal(ctx context.Context, g card.Goal) (card.Goal, error) {
	if g.Message != "" {
		var had []goalRow
		err := d.IDB(ctx).NewSelect().Model(&had).Where("person_id = ? AND message_id = ? AND id <> ?", string(g.Person), string(g.Message), g.ID).Scan(ctx)
		if err != nil || len(had) > 0 {
			if err == nil {
				return had[0].goal(), nil
			}
			return g, err
		}
	}
	r := goalRow{ID: g.ID, Person: string(g.Person), Text: g.Text, Status: g.Status, Conversation: string(g.Conversation), Message: string(g.Message), By: string(g.By),
		CreatedAt: store.At(g.CreatedAt), UpdatedAt: store.At(g.UpdatedAt)}
	return g, d.put(ctx, &r, "text", "status", "updated_at")
}

// DropGoal implements card.Store.
func (d *DB) DropGoal(ctx context.Context, id string) error { return d.drop(ctx, "person_goal", id) }

type promiseRow struct {
	bun.BaseModel `bun:"table:person_promise"`
	ID            string `bun:"id,pk"`
	Person        string `bun:"person_id"`
	Text          string `bun:"text"`
	State         string `bun:"state"`
	DueAt         int64  `bun:"due_at"`
	Owner         string `bun:"owner_id"`
	Programme     string `bun:"programme_id"`
	Conversation  string `bun:"conversation_id"`
	Message       string `bun:"message_id"`
	ToldAt        int64  `bun:"told_at"`
	By            string `bun:"by_id"`
	CreatedAt     int64  `bun:"created_at"`
	UpdatedAt     int64  `bun:"updated_at"`
}

func promises(rows []promiseRow) []card.Promise {
	out := make([]card.Promise, len(rows))
	for i, r := range rows {
		out[i] = card.Promise{ID: r.ID, Person: social.PersonID(r.Person), Text: r.Text, State: r.State, Due: store.Time(r.DueAt), Owner: social.MemberID(r.Owner), Programme: social.ProgrammeID(r.Programme),
			Conversation: social.ConversationID(r.Conversation), Message: social.MessageID(r.Message), ToldAt: store.Time(r.ToldAt), By: social.MemberID(r.By), CreatedAt: store.Time(r.CreatedAt), UpdatedAt: store.Time(r.UpdatedAt)}
	}
	return out
}

// Promises implements card.Store: open ones first, those due first, at most a hundred.
func (d *DB) Promises(ctx context.Context, persons []string) ([]card.Promise, error) {
	var rows []promiseRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("person_id IN (?)", bun.List(persons)).
		OrderExpr("CASE WHEN state = 'open' THEN 0 ELSE 1 END, CASE WHEN due_at = 0 THEN 1 ELSE 0 END, due_at, created_at DESC, id DESC").Limit(100).Scan(ctx)
	return promises(rows), err
}

// Promise implements card.Store.
func (d *DB) Promise(ctx context.Context, id string) (card.Promise, error) {
	var r promiseRow
	if err := d.IDB(ctx).NewSelect().Model(&r).Where("id = ?", id).Scan(ctx); err != nil {
		return card.Promise{}, store.NotFound(err, "There is no such promise.")
	}
	return promises([]promiseRow{r})[0], nil
}

// SavePromise implements card.Store.
func (d *DB) SavePromise(ctx context.Context, p card.Promise) error {
	r := promiseRow{ID: p.ID, Person: string(p.Person), Text: p.Text, State: p.State, DueAt: store.At(p.Due), Owner: string(p.Owner), Programme: string(p.Programme), Conversation: string(p.Conversation),
		Message: string(p.Message), ToldAt: store.At(p.ToldAt), By: string(p.By), CreatedAt: store.At(p.CreatedAt), UpdatedAt: store.At(p.UpdatedAt)}
	return d.put(ctx, &r, "text", "state", "due_at", "owner_id", "told_at", "updated_at")
}

// DropPromise implements card.Store.
func (d *DB) DropPromise(ctx context.Context, id string) error {
	return d.drop(ctx, "person_promise", id)
}

// Due implements card.Store.
func (d *DB) Due(ctx context.Context, now time.Time, limit int) ([]card.Promise, error) {
	var rows []promiseRow
	err := d.IDB(ctx).NewSelect().Model(&rows).Where("state = 'open' AND told_at = 0 AND due_at > 0 AND due_at <= ?", store.At(now)).
		OrderExpr("due_at, id").Limit(int64(limit)).Scan(ctx)
	return promises(rows), err
}

const cardMomentSQL = `
SELECT id, created_at AS at, text, '' AS state, by_id, '' AS conversation_id, 'about' AS kind, person_id FROM person_note WHERE ?4 AND person_id IN (?0) AND (created_at, id) < (?1, ?2)
UNION ALL
SELECT id, created_at, text, status, by_id, conversation_id, 'goal', person_id FROM person_goal WHERE ?5 AND person_id IN (?0) AND (created_at, id) < (?1, ?2)
UNION ALL
SELECT id, created_at, text, state, by_id, conversation_id, 'promise', person_id FROM person_promise WHERE ?6 AND person_id IN (?0) AND (created_at, id) < (?1, ?2)
ORDER BY 2 DESC, 1 DESC LIMIT ?3`

// Known gives a timeline what colleagues wrote down.
func (d *DB) Known(ctx context.Context, persons []string, l people.Look) ([]people.Moment, error) {
	notes, goals, promises := l.Wants("about"), l.Wants("goal"), l.Wants("promise")
	if !notes && !goals && !promises || len(l.Channels) > 0 || l.About != "" {
		return nil, nil // what is written down has no channel
	}
	var rows []struct {
		ID, Text, State, Kind string
		ByID                  social.MemberID
		ConversationID        social.ConversationID
		PersonID              social.PersonID
		At                    int64
	}
	err := d.IDB(ctx).NewRaw(cardMomentSQL, bun.List(persons), store.At(l.Before), l.BeforeID, l.Limit, notes, goals, promises).Scan(ctx, &rows)
	out := make([]people.Moment, len(rows))
	for i, r := range rows {
		out[i] = people.Moment{At: store.Time(r.At), ID: r.ID, Kind: r.Kind, Text: r.Text, State: r.State, By: r.ByID, Conversation: r.ConversationID, Owner: r.PersonID}
	}
	return out, err
}
