package governdb

import (
	"context"
	"time"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type noticeRow struct {
	bun.BaseModel `bun:"table:notice,alias:n"`
	ID            string `bun:"id,pk"`
	Member        string `bun:"member"`
	Key           string `bun:"key"`
	Kind          string `bun:"kind"`
	Text          string `bun:"text"`
	Link          string `bun:"link"`
	By            string `bun:"by_member"`
	ByName        string `bun:"by_name,scanonly"`
	Programme     string `bun:"programme"`
	CreatedAt     int64  `bun:"created_at"`
	ReadAt        int64  `bun:"read_at"`
}

// AddNotices implements govern.NoticeStore.
func (db *DB) AddNotices(ctx context.Context, n social.Notice, by social.MemberID, at time.Time) ([]social.MemberID, error) {
	rows := make([]noticeRow, len(n.Members))
	for i, m := range n.Members {
		rows[i] = noticeRow{ID: id.At(at), Member: string(m), Key: n.Key, Kind: n.Kind, Text: n.Text, Link: n.Link,
			By: string(by), Programme: string(n.Programme), CreatedAt: store.At(at)}
	}
	var fresh []social.MemberID
	err := db.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (member, key) DO NOTHING").Returning("member").Scan(ctx, &fresh)
	return fresh, err
}

// Notices implements govern.NoticeStore.
func (db *DB) Notices(ctx context.Context, m social.MemberID, unread bool, cursor string, limit int) ([]govern.Notice, string, error) {
	before := "~"
	if _, err := store.FromCursor(cursor, &before); err != nil {
		return nil, "", err
	}
	limit = store.Limit(limit)
	only := ""
	if unread {
		only = " AND n.read_at = 0"
	}
	rows, err := all[noticeRow](ctx, db, `SELECT n.*, COALESCE(m.name, '') AS by_name FROM notice n LEFT JOIN member m ON m.id = n.by_member
		WHERE n.member = ? AND n.id < ?`+only+` ORDER BY n.id DESC LIMIT ?`, string(m), before, limit+1)
	if err != nil {
		return nil, "", err
	}
	rows, next := page(rows, limit, func(r noticeRow) []any { return []any{r.ID} })
	out := make([]govern.Notice, len(rows))
	for i, r := range rows {
		out[i] = govern.Notice{ID: social.NoticeID(r.ID), Kind: r.Kind, Text: r.Text, Link: r.Link, By: social.MemberRef{ID: social.MemberID(r.By), Name: r.ByName},
			Programme: social.ProgrammeID(r.Programme), At: store.Time(r.CreatedAt), Read: store.Time(r.ReadAt)}
	}
	return out, next, nil
}

// UnreadNotices implements govern.NoticeStore.
func (db *DB) UnreadNotices(ctx context.Context, m social.MemberID, most int) (n int, err error) {
	err = db.IDB(ctx).NewRaw("SELECT COUNT(*) FROM (SELECT 1 AS x FROM notice WHERE member = ? AND read_at = 0 LIMIT ?) AS few", string(m), most).Scan(ctx, &n)
	return n, err
}

// ReadNotices implements govern.NoticeStore.
func (db *DB) ReadNotices(ctx context.Context, m social.MemberID, ids []social.NoticeID, at time.Time) error {
	if len(ids) == 0 {
		_, err := db.run(ctx, "UPDATE notice SET read_at = ? WHERE member = ? AND read_at = 0", store.At(at), string(m))
		return err
	}
	_, err := db.run(ctx, "UPDATE notice SET read_at = ? WHERE member = ? AND read_at = 0 AND id IN (?)", store.At(at), string(m), bun.List(ids))
	return err
}

// DropNotices implements govern.NoticeStore.
func (db *DB) DropNotices(ctx context.Context, keys []string) ([]social.MemberID, error) {
	var told []social.MemberID
	err := db.IDB(ctx).NewRaw("DELETE FROM notice WHERE key IN (?) RETURNING member", bun.List(keys)).Scan(ctx, &told)
	return told, err
}

// SweepNotices implements govern.NoticeStore.
func (db *DB) SweepNotices(ctx context.Context, before time.Time) error {
	_, err := db.run(ctx, "DELETE FROM notice WHERE created_at < ?", store.At(before))
	return err
}

// DropNoticesTo forgets what members were told that leads to one of these places.
func (db *DB) DropNoticesTo(ctx context.Context, links []string) error {
	_, err := db.run(ctx, "DELETE FROM notice WHERE link IN (?)", bun.List(links))
	return err
}
