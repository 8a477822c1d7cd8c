package listendb

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/parley-crm/parley/listen/attach"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type attachRow struct {
	bun.BaseModel `bun:"table:attachment,alias:t"`
	Activity      string `bun:"activity_id,pk"`
	N             int    `bun:"n,pk"`
	Channel       string `bun:"channel_id"`
	Handle        string `bun:"handle"`
	Name          string `bun:"name"`
	Type          string `bun:"type"`
	Alt           string `bun:"alt"`
	Size          int64  `bun:"size"`
	State         string `bun:"state"`
	Reason        string `bun:"reason"`
	Tries         int    `bun:"tries"`
	NextAt        int64  `bun:"next_at"`
	File          string `bun:"file_id"`
}

func (r *attachRow) file() attach.File {
	return attach.File{
		Attached: social.Attached{
			Attachment: social.Attachment{Handle: r.Handle, Name: r.Name, Type: r.Type, Alt: r.Alt, Size: r.Size},
			Activity:   social.ActivityID(r.Activity), State: social.AttachmentState(r.State), Reason: r.Reason, File: social.FileID(r.File),
		},
		N: r.N, Channel: social.ChannelID(r.Channel), Tries: r.Tries, Next: store.Time(r.NextAt),
	}
}

func attachRowOf(f attach.File) attachRow {
	return attachRow{Activity: string(f.Activity), N: f.N, Channel: string(f.Channel), Handle: f.Handle, Name: f.Name, Type: f.Type, Alt: f.Alt,
		Size: f.Size, State: string(f.State), Reason: f.Reason, Tries: f.Tries, NextAt: store.At(f.Next), File: string(f.File)}
}

// Attachments returns the files of activities, in their order.
func (s *DB) Attachments(ctx context.Context, ids []social.ActivityID) ([]attach.File, error) {
	var out []attach.File
	for part := range slices.Chunk(ids, atOnce) {
		var rows []attachRow
		if err := s.DB.IDB(ctx).NewSelect().Model(&rows).Where("activity_id IN (?)", bun.List(part)).Order("activity_id", "n").Scan(ctx); err != nil {
			return nil, err
		}
		for i := range rows {
			out = append(out, rows[i].file())
		}
	}
	return out, nil
}

// NoteAttachments makes these the files of an activity.
func (s *DB) NoteAttachments(ctx context.Context, id social.ActivityID, files []attach.File) error {
	if _, err := s.DB.IDB(ctx).NewRaw("DELETE FROM attachment WHERE activity_id = ?", string(id)).Exec(ctx); err != nil || len(files) == 0 {
		return err
	}
	rows := make([]attachRow, len(files))
	for i, f := range files {
		rows[i] = attachRowOf(f)
	}
	_, err := s.DB.IDB(ctx).NewInsert().Model(&rows).Exec(ctx)
	return err
}

// NoteWords makes these what came with an activity; empty ones are forgotten.
func (s *DB) NoteWords(ctx context.Context, id social.ActivityID, w social.Enclosed) error {
	if _, err := s.DB.IDB(ctx).NewRaw("DELETE FROM enclosed WHERE activity_id = ?", string(id)).Exec(ctx); err != nil {
		return err
	}
	if w.Rest == "" && w.HTML == "" && len(w.CC) == 0 {
		return nil
	}
	cc, err := json.Marshal(w.CC)
	if err != nil {
		return err
	}
	_, err = s.DB.IDB(ctx).NewRaw("INSERT INTO enclosed (activity_id, rest, html, cc) VALUES (?, ?, ?, ?)", string(id), w.Rest, w.HTML, string(cc)).Exec(ctx)
	return err
}

// WordsOf returns what came with an activity.
func (s *DB) WordsOf(ctx context.Context, id social.ActivityID) (social.Enclosed, error) {
	var rows []struct{ Rest, HTML, CC string }
	var w social.Enclosed
	if err := s.DB.IDB(ctx).NewRaw("SELECT rest, html, cc FROM enclosed WHERE activity_id = ?", string(id)).Scan(ctx, &rows); err != nil || len(rows) == 0 {
		return w, err
	}
	w.Rest, w.HTML = rows[0].Rest, rows[0].HTML
	err := json.Unmarshal([]byte(rows[0].CC), &w.CC)
	w.CC = slices.DeleteFunc(w.CC, func(a string) bool { return a == "" }) // of who was erased
	return w, err
}

// WithWords says which of the activities came with such words, and HTML.
func (s *DB) WithWords(ctx context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Beside, error) {
	out := map[social.ActivityID]social.Beside{}
	for part := range slices.Chunk(ids, atOnce) {
		var found []struct {
			ActivityID  string
			Words, HTML bool
		}
		if err := s.DB.IDB(ctx).NewRaw("SELECT activity_id, rest <> '' OR cc NOT IN ('null', '[]') AS words, html <> '' AS html FROM enclosed WHERE activity_id IN (?)", bun.List(part)).Scan(ctx, &found); err != nil {
			return nil, err
		}
		for _, r := range found {
			out[social.ActivityID(r.ActivityID)] = social.Beside{Words: r.Words, HTML: r.HTML}
		}
	}
	return out, nil
}

// RestsOf returns the beginnings of what was left out of activities.
func (s *DB) RestsOf(ctx context.Context, ids []social.ActivityID, most int) (map[social.ActivityID]string, error) {
	out := map[social.ActivityID]string{}
	for part := range slices.Chunk(ids, atOnce) {
		var rows []struct{ ActivityID, Rest string }
		if err := s.DB.IDB(ctx).NewRaw("SELECT activity_id, SUBSTR(rest, 1, ?) AS rest FROM enclosed WHERE activity_id IN (?) AND rest <> ''", most, bun.List(part)).Scan(ctx, &rows); err != nil {
			return nil, err
		}
		for _, r := range rows {
			out[social.ActivityID(r.ActivityID)] = r.Rest
		}
	}
	return out, nil
}

// WantAttachments makes what is noted of activities wait to be fetched.
func (s *DB) WantAttachments(ctx context.Context, ids []social.ActivityID, now time.Time) (int, error) {
	all := 0
	for part := range slices.Chunk(ids, atOnce) {
		res, err := s.DB.IDB(ctx).NewRaw("UPDATE attachment SET state = 'waiting', next_at = ? WHERE activity_id IN (?) AND state = 'noted'", store.At(now), bun.List(part)).Exec(ctx)
		if err != nil {
			return all, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return all, err
		}
		all += int(n)
	}
	return all, nil
}

// DueAttachments takes files that are to be fetched now, and keeps them from
// others until a time.
func (s *DB) DueAttachments(ctx context.Context, now, until time.Time, limit int) ([]attach.File, error) {
	var rows []attachRow
	err := s.DB.InTx(ctx, func(ctx context.Context) error {
		return s.DB.IDB(ctx).NewRaw(`UPDATE attachment SET next_at = ?, tries = tries + 1
			WHERE state = 'waiting' AND next_at <= ? AND (activity_id, n) IN (
				SELECT activity_id, n FROM attachment WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at LIMIT ?)
			RETURNING *`, store.At(until), store.At(now), store.At(now), limit).Scan(ctx, &rows)
	})
	out := make([]attach.File, len(rows))
	for i := range rows {
		out[i] = rows[i].file()
	}
	return out, err
}

// SettleAttachment writes what became of fetching a file; false when it is
// not waited for any more.
func (s *DB) SettleAttachment(ctx context.Context, f attach.File) (bool, error) {
	res, err := s.DB.IDB(ctx).NewRaw(`UPDATE attachment SET state = ?, reason = ?, next_at = ?, file_id = ?
		WHERE activity_id = ? AND n = ? AND handle = ? AND state = 'waiting'`,
		string(f.State), f.Reason, store.At(f.Next), string(f.File), string(f.Activity), f.N, f.Handle).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// SweepAttached forgets what came with activities that were deleted or erased.
func (s *DB) SweepAttached(ctx context.Context) error {
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		for _, q := range []string{
			"DELETE FROM attachment WHERE activity_id IN (SELECT id FROM activity WHERE deleted_at <> 0)",
			"DELETE FROM enclosed WHERE activity_id IN (SELECT id FROM activity WHERE deleted_at <> 0)",
		} {
			if _, err := s.DB.IDB(ctx).NewRaw(q).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}
