package listendb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/parley-crm/parley/listen/history"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// History keeps files of history (history.Store).
type History struct{ *DB }

type fileRow struct {
	bun.BaseModel `bun:"table:history_file,alias:f"`
	ID            string `bun:"id,pk"`
	Channel       string `bun:"channel_id"`
	Name          string `bun:"name"`
	Size          int64  `bun:"size"`
	Stored        int64  `bun:"stored"`
	State         string `bun:"state"`
	Format        string `bun:"format"`
	Settings      string `bun:"settings"`
	Dry           bool   `bun:"dry"`
	Inbox         bool   `bun:"inbox"`
	Position      int64  `bun:"position"`
	Rows          int64  `bun:"rows_read"`
	Taken         int64  `bun:"taken"`
	Same          int64  `bun:"same"`
	Wrong         int64  `bun:"wrong"`
	Worked        int64  `bun:"worked"`
	Note          string `bun:"note"`
	Member        string `bun:"member_id"`
	CreatedAt     int64  `bun:"created_at"`
	StartedAt     int64  `bun:"started_at"`
	EndedAt       int64  `bun:"ended_at"`
}

func rowOfFile(f history.File) (*fileRow, error) {
	settings, err := json.Marshal(f.Settings)
	return &fileRow{ID: f.ID, Channel: string(f.Channel), Name: f.Name, Size: f.Size, Stored: f.Stored, State: string(f.State), Format: f.Format,
		Settings: string(settings), Dry: f.Dry, Inbox: f.Inbox, Position: f.Position, Rows: f.Rows, Taken: f.Taken, Same: f.Same, Wrong: f.Wrong,
		Worked: f.Worked.Microseconds(), Note: f.Note, Member: string(f.Member), CreatedAt: store.At(f.Created), StartedAt: store.At(f.Started), EndedAt: store.At(f.Ended)}, err
}

func (r *fileRow) file() (history.File, error) {
	f := history.File{ID: r.ID, Channel: social.ChannelID(r.Channel), Name: r.Name, Size: r.Size, Stored: r.Stored, State: history.State(r.State), Format: r.Format,
		Dry: r.Dry, Inbox: r.Inbox, Position: r.Position, Rows: r.Rows, Taken: r.Taken, Same: r.Same, Wrong: r.Wrong,
		Worked: time.Duration(r.Worked) * time.Microsecond, Note: r.Note, Member: social.MemberID(r.Member),
		Created: store.Time(r.CreatedAt), Started: store.Time(r.StartedAt), Ended: store.Time(r.EndedAt)}
	if r.Settings == "" {
		return f, nil
	}
	return f, json.Unmarshal([]byte(r.Settings), &f.Settings)
}

func filesOf(rows []fileRow) ([]history.File, error) {
	out := make([]history.File, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].file(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// AddFile writes a new file.
func (s History) AddFile(ctx context.Context, f history.File) error {
	r, err := rowOfFile(f)
	if err != nil {
		return err
	}
	_, err = s.DB.DB.IDB(ctx).NewInsert().Model(r).Exec(ctx)
	return err
}

// SaveFile writes a file as it stands.
func (s History) SaveFile(ctx context.Context, f history.File) error {
	r, err := rowOfFile(f)
	if err != nil {
		return err
	}
	_, err = s.DB.DB.IDB(ctx).NewUpdate().Model(r).WherePK().ExcludeColumn("id", "channel_id", "name", "size", "member_id", "created_at").Exec(ctx)
	return err
}

// RemoveFile forgets a file and its mistakes.
func (s History) RemoveFile(ctx context.Context, id string) error {
	if err := s.DropMistakes(ctx, id); err != nil {
		return err
	}
	_, err := s.DB.DB.IDB(ctx).NewRaw("DELETE FROM history_file WHERE id = ?", id).Exec(ctx)
	return err
}

// File returns one file.
func (s History) File(ctx context.Context, id string) (history.File, error) {
	var rows []fileRow
	err := s.DB.DB.IDB(ctx).NewSelect().Model(&rows).Where("id = ?", id).Limit(1).Scan(ctx)
	if err == nil && len(rows) == 0 {
		err = social.Errorf(social.NotFound, "There is no such file.")
	}
	if err != nil {
		return history.File{}, err
	}
	return rows[0].file()
}

// Files returns files, the newest first.
func (s History) Files(ctx context.Context, before string, limit int) ([]history.File, error) {
	var rows []fileRow
	q := s.DB.DB.IDB(ctx).NewSelect().Model(&rows).Order("id DESC").Limit(int64(limit))
	if before != "" {
		q = q.Where("id < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}
	return filesOf(rows)
}

// Waiting returns the oldest file that is running.
func (s History) Waiting(ctx context.Context) (history.File, bool, error) {
	var rows []fileRow
	err := s.DB.DB.IDB(ctx).NewSelect().Model(&rows).Where("state = ?", string(history.Running)).Order("created_at", "id").Limit(1).Scan(ctx)
	if err != nil || len(rows) == 0 {
		return history.File{}, false, err
	}
	f, err := rows[0].file()
	return f, err == nil, err
}

type mistakeRow struct {
	bun.BaseModel `bun:"table:history_error,alias:e"`
	File          string `bun:"file_id,pk"`
	Line          int64  `bun:"line,pk"`
	Why           string `bun:"why"`
	Source        string `bun:"source"`
}

// AddMistakes writes rows that could not be read.
func (s History) AddMistakes(ctx context.Context, file string, all []history.Mistake) error {
	if len(all) == 0 {
		return nil
	}
	rows := make([]mistakeRow, len(all))
	for i, m := range all {
		rows[i] = mistakeRow{File: file, Line: m.Line, Why: m.Why, Source: m.Source}
	}
	_, err := s.DB.DB.IDB(ctx).NewInsert().Model(&rows).On("CONFLICT (file_id, line) DO NOTHING").Returning("NULL").Exec(ctx)
	return err
}

// DropMistakes forgets the mistakes of a file.
func (s History) DropMistakes(ctx context.Context, file string) error {
	_, err := s.DB.DB.IDB(ctx).NewRaw("DELETE FROM history_error WHERE file_id = ?", file).Exec(ctx)
	return err
}

// Mistakes returns mistakes of a file after a line, in order.
func (s History) Mistakes(ctx context.Context, file string, after int64, limit int) ([]history.Mistake, error) {
	var rows []mistakeRow
	err := s.DB.DB.IDB(ctx).NewSelect().Model(&rows).Where("file_id = ? AND line > ?", file, after).Order("line").Limit(int64(limit)).Scan(ctx)
	out := make([]history.Mistake, len(rows))
	for i, r := range rows {
		out[i] = history.Mistake{Line: r.Line, Why: r.Why, Source: r.Source}
	}
	return out, err
}
