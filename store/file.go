package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // their sizes are read
	_ "image/jpeg" // their sizes are read
	_ "image/png"  // their sizes are read
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/picture"
	"github.com/parley-crm/parley/kit/sniff"
	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

const (
	filePart  = 256 << 10      // bytes of a part
	fileLoose = 24 * time.Hour // how long a file waits for something that uses it
	fileName  = 200            // characters of a name
)

type fileRow struct {
	bun.BaseModel `bun:"table:file,alias:f"`
	ID            string `bun:"id,pk"`
	Hash          string `bun:"hash"`
	Name          string `bun:"name"`
	Type          string `bun:"type"`
	Size          int64  `bun:"size"`
	Width         int    `bun:"width"`
	Height        int    `bun:"height"`
	Owner         string `bun:"owner"`
	Member        string `bun:"member"`
	CreatedAt     int64  `bun:"created_at"`
}

func (r fileRow) file() social.File {
	return social.File{ID: social.FileID(r.ID), Name: r.Name, Type: r.Type, Size: r.Size, Width: r.Width, Height: r.Height,
		Hash: r.Hash, Owner: r.Owner, Member: social.MemberID(r.Member), At: Time(r.CreatedAt)}
}

// PutFile keeps a file, at most social.MaxFile bytes. Its type is what the
// bytes say, whatever the name claims. Owner may be "": a file that nothing
// has taken after a day is dropped. Joins the transaction of ctx.
func (db *DB) PutFile(ctx context.Context, name, owner string, by social.MemberID, r io.Reader) (social.File, error) {
	data, err := io.ReadAll(io.LimitReader(r, social.MaxFile+1))
	switch {
	case err != nil:
		return social.File{}, social.Because(social.Invalid, err, "The file did not arrive whole. Send it again.")
	case len(data) > social.MaxFile:
		return social.File{}, social.Errorf(social.Invalid, "This file is larger than %d MB, the most that is kept.", social.MaxFile>>20)
	case len(data) == 0:
		return social.File{}, social.Errorf(social.Invalid, "This file is empty.")
	}
	sum := sha256.Sum256(data)
	row := fileRow{ID: id.At(db.Clock.Now()), Hash: hex.EncodeToString(sum[:]), Name: tidyName(name), Type: sniff.Type(name, data),
		Size: int64(len(data)), Owner: owner, Member: string(by), CreatedAt: At(db.Clock.Now())}
	if c, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil {
		row.Width, row.Height = c.Width, c.Height
	} else if row.Type == "image/webp" {
		row.Width, row.Height = picture.WebP(data)
	}
	err = db.InTx(ctx, func(ctx context.Context) error {
		if _, err := db.IDB(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		for n := 0; n*filePart < len(data); n++ {
			part := data[n*filePart : min(len(data), (n+1)*filePart)]
			_, err := db.IDB(ctx).NewRaw("INSERT INTO file_part (hash, n, data) VALUES (?, ?, ?) ON CONFLICT (hash, n) DO NOTHING", row.Hash, n, part).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return row.file(), err
}

// tidyName is what is kept of a name: the last part of a path, without what
// cannot be seen.
func tidyName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name))
	for utf8.RuneCountInString(name) > fileName {
		_, n := utf8.DecodeRuneInString(name)
		name = name[n:]
	}
	if strings.Trim(name, ".") == "" {
		return "file"
	}
	return name
}

// File returns what is known of a file.
func (db *DB) File(ctx context.Context, f social.FileID) (social.File, error) {
	var row fileRow
	if err := db.IDB(ctx).NewSelect().Model(&row).Where("f.id = ?", string(f)).Scan(ctx); err != nil {
		return social.File{}, NotFound(err, "This file does not exist any more.")
	}
	return row.file(), nil
}

// FilesOf lists the files of owners, each in the order in which they came.
func (db *DB) FilesOf(ctx context.Context, owners ...string) (map[string][]social.File, error) {
	out := map[string][]social.File{}
	if len(owners) == 0 {
		return out, nil
	}
	var rows []fileRow
	if err := db.IDB(ctx).NewSelect().Model(&rows).Where("f.owner IN (?)", bun.List(owners)).Where("f.owner <> ''").Order("f.id").Scan(ctx); err != nil {
		return nil, err
	}
	for _, r := range rows {
		out[r.Owner] = append(out[r.Owner], r.file())
	}
	return out, nil
}

// TakeFiles gives files to an owner: those that the member added and nothing
// has taken yet, or that are the owner's already. Others are NotFound.
func (db *DB) TakeFiles(ctx context.Context, owner string, by social.MemberID, ids ...social.FileID) ([]social.File, error) {
	var out []social.File
	err := db.InTx(ctx, func(ctx context.Context) error {
		for _, one := range ids {
			res, err := db.IDB(ctx).NewRaw("UPDATE file SET owner = ? WHERE id = ? AND (owner = ? OR (owner = '' AND member = ?))", owner, string(one), owner, string(by)).Exec(ctx)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return errors.Join(err, social.Errorf(social.NotFound, "One of the files is not there any more. Add it again."))
			}
			f, err := db.File(ctx, one)
			if err != nil {
				return err
			}
			out = append(out, f)
		}
		return nil
	})
	return out, err
}

// FreeFiles takes files back from an owner: they are the member's again, and
// wait a day for something that uses them. Files of others are left alone.
func (db *DB) FreeFiles(ctx context.Context, owner string, by social.MemberID, ids ...social.FileID) error {
	if len(ids) == 0 || owner == "" {
		return nil
	}
	return db.InTx(ctx, func(ctx context.Context) error {
		_, err := db.IDB(ctx).NewRaw("UPDATE file SET owner = '', created_at = ? WHERE owner = ? AND member = ? AND id IN (?)",
			At(db.Clock.Now()), owner, string(by), bun.List(ids)).Exec(ctx)
		return err
	})
}

// DropFiles forgets the files of owners, and their bytes where nothing else
// has the same.
func (db *DB) DropFiles(ctx context.Context, owners ...string) error {
	if len(owners) == 0 {
		return nil
	}
	return db.dropFiles(ctx, "owner <> '' AND owner IN (?)", bun.List(owners))
}

// DropFile forgets one file.
func (db *DB) DropFile(ctx context.Context, f social.FileID) error {
	return db.dropFiles(ctx, "id = ?", string(f))
}

// SweepFiles forgets what was added more than a day ago and never used.
func (db *DB) SweepFiles(ctx context.Context) error {
	return db.dropFiles(ctx, "owner = '' AND created_at < ?", At(db.Clock.Now().Add(-fileLoose)))
}

func (db *DB) dropFiles(ctx context.Context, where string, args ...any) error {
	return db.InTx(ctx, func(ctx context.Context) error {
		var hashes []string
		if err := db.IDB(ctx).NewRaw("DELETE FROM file WHERE "+where+" RETURNING hash", args...).Scan(ctx, &hashes); err != nil || len(hashes) == 0 {
			return err
		}
		_, err := db.IDB(ctx).NewRaw("DELETE FROM file_part WHERE hash IN (?) AND NOT EXISTS (SELECT 1 FROM file f WHERE f.hash = file_part.hash)", bun.List(hashes)).Exec(ctx)
		return err
	})
}

// OpenFile reads a file, part by part.
func (db *DB) OpenFile(ctx context.Context, f social.File) io.ReadSeeker {
	return &fileReader{ctx: ctx, db: db, hash: f.Hash, size: f.Size, at: -1}
}

type fileReader struct {
	ctx  context.Context
	db   *DB
	hash string
	size int64
	pos  int64
	at   int64 // which part is in hand
	part []byte
}

func (r *fileReader) Read(p []byte) (int, error) {
	if r.pos >= r.size {
		return 0, io.EOF
	}
	if n := r.pos / filePart; n != r.at {
		var data []byte
		if err := r.db.IDB(r.ctx).NewRaw("SELECT data FROM file_part WHERE hash = ? AND n = ?", r.hash, n).Scan(r.ctx, &data); err != nil {
			return 0, fmt.Errorf("part %d of file %s: %w", n, r.hash, err)
		}
		r.at, r.part = n, data
	}
	from := int(r.pos % filePart)
	if from >= len(r.part) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, r.part[from:])
	r.pos += int64(n)
	return n, nil
}

func (r *fileReader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("store: a place before the beginning of a file")
	}
	r.pos = offset
	return offset, nil
}
