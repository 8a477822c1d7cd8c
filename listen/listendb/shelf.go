package listendb

import (
	"bytes"
	"context"
	"io"
	"time"

	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

// broughtLoose is how long a file at a door waits for its words.
const broughtLoose = 30 * time.Minute

// Shelf keeps the files of talks at doors (channel.Shelf).
type Shelf struct{ *DB }

// shelfLock is the key of the lock behind Put.
const shelfLock = 0x7368656c66 // "shelf"

type broughtRow struct {
	bun.BaseModel `bun:"table:door_file,alias:d"`
	Channel       string `bun:"channel_id,pk"`
	Visitor       string `bun:"visitor,pk"`
	ID            string `bun:"id,pk"`
	Line          string `bun:"line_id"`
	N             int    `bun:"n"`
	Alt           string `bun:"alt"`
	File          string `bun:"file_id"`
	CreatedAt     int64  `bun:"created_at"`
}

// broughtOwner is to whom the bytes belong, as File.Owner names it.
func broughtOwner(c social.ChannelID, visitor, id string) string {
	return "door:" + string(c) + "/" + visitor + "/" + id
}

const broughtOwners = "SELECT 'door:' || channel_id || '/' || visitor || '/' || id FROM door_file WHERE "

func (s Shelf) brought(ctx context.Context, rows []broughtRow) ([]listen.Brought, error) {
	owners := make([]string, len(rows))
	for i, r := range rows {
		owners[i] = broughtOwner(social.ChannelID(r.Channel), r.Visitor, r.ID)
	}
	files, err := s.DB.DB.FilesOf(ctx, owners...)
	if err != nil {
		return nil, err
	}
	out := make([]listen.Brought, 0, len(rows))
	for i, r := range rows {
		for _, f := range files[owners[i]] {
			out = append(out, broughtOf(r, f))
		}
	}
	return out, nil
}

func broughtOf(r broughtRow, f social.File) listen.Brought {
	return listen.Brought{ID: r.ID, Line: r.Line, Name: f.Name, Type: f.Type, Alt: r.Alt, Size: f.Size, Width: f.Width, Height: f.Height, Picture: f.Picture()}
}

func (s Shelf) rows(ctx context.Context, where string, args ...any) (rows []broughtRow, err error) {
	err = s.DB.DB.IDB(ctx).NewSelect().Model(&rows).Where(where, args...).Order("line_id", "n", "created_at", "id").Scan(ctx)
	return rows, err
}

func noBrought() error { return social.Errorf(social.NotFound, "This file is not here any more.") }

// Put keeps a file; the same id again changes nothing.
func (s Shelf) Put(ctx context.Context, c social.ChannelID, visitor string, b listen.Brought, data []byte, most int) (out listen.Brought, err error) {
	err = s.DB.InTx(ctx, func(ctx context.Context) error {
		if err := s.DB.DB.Dialect.Lock(ctx, s.DB.DB.IDB(ctx), shelfLock); err != nil { // they are counted one after the other
			return err
		}
		had, err := s.rows(ctx, "channel_id = ? AND visitor = ? AND id = ?", string(c), visitor, b.ID)
		if err != nil {
			return err
		}
		if len(had) > 0 {
			found, err := s.brought(ctx, had)
			if err == nil && len(found) == 0 {
				err = noBrought()
			}
			if err == nil {
				out = found[0]
			}
			return err
		}
		if most > 0 {
			wait, err := s.rows(ctx, "channel_id = ? AND visitor = ? AND line_id = ''", string(c), visitor)
			if err != nil {
				return err
			}
			if len(wait) >= most {
				return social.Errorf(social.Conflict, "So many files wait to be sent already.")
			}
		}
		f, err := s.DB.PutFile(ctx, b.Name, broughtOwner(c, visitor, b.ID), "", bytes.NewReader(data))
		if err != nil {
			return err
		}
		row := broughtRow{Channel: string(c), Visitor: visitor, ID: b.ID, Alt: b.Alt, File: string(f.ID), CreatedAt: store.At(s.DB.Clock.Now())}
		if _, err := s.DB.DB.IDB(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		out = broughtOf(row, f)
		return nil
	})
	return out, err
}

// Hold gives a line its files.
func (s Shelf) Hold(ctx context.Context, c social.ChannelID, visitor, line string, ids []string) (out []listen.Brought, err error) {
	err = s.DB.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.DB.DB.IDB(ctx).NewRaw("UPDATE door_file SET line_id = '' WHERE channel_id = ? AND visitor = ? AND line_id = ? AND id NOT IN (?)",
			string(c), visitor, line, bun.List(append([]string{""}, ids...))).Exec(ctx); err != nil {
			return err
		}
		for n, id := range ids {
			res, err := s.DB.DB.IDB(ctx).NewRaw("UPDATE door_file SET line_id = ?, n = ?, created_at = ? WHERE channel_id = ? AND visitor = ? AND id = ? AND (line_id = '' OR line_id = ?)",
				line, n, store.At(s.DB.Clock.Now()), string(c), visitor, id, line).Exec(ctx)
			if err != nil {
				return err
			}
			if did, err := res.RowsAffected(); err != nil {
				return err
			} else if did == 0 {
				return noBrought()
			}
		}
		rows, err := s.rows(ctx, "channel_id = ? AND visitor = ? AND line_id = ?", string(c), visitor, line)
		if err != nil {
			return err
		}
		out, err = s.brought(ctx, rows)
		return err
	})
	return out, err
}

// With returns the files of lines.
func (s Shelf) With(ctx context.Context, c social.ChannelID, visitor string, lines []string) (map[string][]listen.Brought, error) {
	out := map[string][]listen.Brought{}
	if len(lines) == 0 {
		return out, nil
	}
	rows, err := s.rows(ctx, "channel_id = ? AND visitor = ? AND line_id IN (?)", string(c), visitor, bun.List(lines))
	if err != nil {
		return nil, err
	}
	all, err := s.brought(ctx, rows)
	for _, b := range all {
		out[b.Line] = append(out[b.Line], b)
	}
	return out, err
}

// Waiting returns the files that no line has yet.
func (s Shelf) Waiting(ctx context.Context, c social.ChannelID, visitor string) ([]listen.Brought, error) {
	rows, err := s.rows(ctx, "channel_id = ? AND visitor = ? AND line_id = ''", string(c), visitor)
	if err != nil {
		return nil, err
	}
	return s.brought(ctx, rows)
}

// Open opens a file of a talk.
func (s Shelf) Open(ctx context.Context, c social.ChannelID, visitor, id string) (listen.Brought, io.ReadSeeker, error) {
	rows, err := s.rows(ctx, "channel_id = ? AND visitor = ? AND id = ?", string(c), visitor, id)
	if err == nil && len(rows) == 0 {
		err = noBrought()
	}
	if err != nil {
		return listen.Brought{}, nil, err
	}
	f, err := s.DB.DB.File(ctx, social.FileID(rows[0].File))
	if err != nil {
		return listen.Brought{}, nil, err
	}
	return broughtOf(rows[0], f), s.DB.DB.OpenFile(ctx, f), nil
}

// Drop forgets a file that waits.
func (s Shelf) Drop(ctx context.Context, c social.ChannelID, visitor, id string) error {
	return s.DB.dropBrought(ctx, "channel_id = ? AND visitor = ? AND id = ? AND line_id = ''", string(c), visitor, id)
}

// SweepBrought forgets the files at doors for which no words came.
func (s *DB) SweepBrought(ctx context.Context) error {
	return s.dropBrought(ctx, "created_at < ? AND NOT EXISTS (SELECT 1 FROM door_line l WHERE l.channel_id = door_file.channel_id AND l.id = door_file.line_id)",
		store.At(s.DB.Clock.Now().Add(-broughtLoose)))
}

// dropBrought forgets files at doors with their bytes.
func (s *DB) dropBrought(ctx context.Context, where string, args ...any) error {
	return s.DB.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.DB.DropOwned(ctx, broughtOwners+where, args...); err != nil {
			return err
		}
		_, err := s.DB.IDB(ctx).NewRaw("DELETE FROM door_file WHERE "+where, args...).Exec(ctx)
		return err
	})
}
