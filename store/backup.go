package store

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/parley-crm/parley/social"
)

// A backup is a tar archive, compressed with zstd, that both engines write
// and read: manifest.json, then every table in parts (tables/NAME/00001.jsonl,
// a row on a line), then sums.json with the SHA-256 of each part before it.
// `tar --zstd -x` opens it.
const (
	backupFormat = 1
	manifestName = "manifest.json"
	sumsName     = "sums.json"
	partSize     = 4 << 20 // of a part, before compression
)

// manifest says what a backup holds.
type manifest struct {
	Format  int       `json:"format"`
	Parley  string    `json:"parley"` // version of the program
	Schema  int64     `json:"schema"`
	Engine  Engine    `json:"engine"`
	At      time.Time `json:"at"`
	LeftOut []string  `json:"left_out"`
	Tables  []table   `json:"tables"` // each after those that its rows refer to
}

// leftOut is what a backup does not hold, for whoever opens one.
var leftOut = []string{
	"the sealing key (the file key in the data folder, or PARLEY_KEY): keep it apart from backups; without it the secrets of channels can't be read",
	"tables that are made anew out of others after a restore",
}

// sums close a backup.
type sums struct {
	Parts []sum            `json:"parts"`
	Rows  map[string]int64 `json:"rows"` // of each table
}

type sum struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Backup writes everything that is committed at this moment to w, while
// others read and write. It holds no more than a few megabytes in memory. The
// sealing key is no part of it.
func Backup(ctx context.Context, db *DB, w io.Writer) error {
	tx, err := db.read.DB.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return busy(err)
	}
	defer tx.Rollback()
	m := manifest{Format: backupFormat, Parley: db.version, Engine: db.Engine, At: db.Clock.Now(), LeftOut: leftOut}
	if err := tx.QueryRowContext(ctx, "SELECT MAX(version_id) FROM "+versions).Scan(&m.Schema); err != nil || m.Schema == 0 {
		return social.Because(social.Invalid, err, "There is nothing to back up: the database is not set up yet.")
	}
	if m.Tables, err = db.tables(ctx, tx); err != nil {
		return err
	}
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return err
	}
	a := &archive{tar: tar.NewWriter(z), at: m.At, sums: sums{Rows: map[string]int64{}}}
	if err := a.write(ctx, tx, m); err != nil {
		_ = z.Close()
		return busy(err)
	}
	return errors.Join(a.tar.Close(), z.Close())
}

// archive is a backup that is being written.
type archive struct {
	tar  *tar.Writer
	at   time.Time
	sums sums
}

func (a *archive) write(ctx context.Context, tx *sql.Tx, m manifest) error {
	head, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	if err := a.part(manifestName, head); err != nil {
		return err
	}
	for _, t := range m.Tables {
		if err := a.table(ctx, tx, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	foot, err := json.MarshalIndent(a.sums, "", " ")
	if err != nil {
		return err
	}
	return a.part(sumsName, foot)
}

func (a *archive) table(ctx context.Context, tx *sql.Tx, t table) error {
	rows, err := tx.QueryContext(ctx, "SELECT "+t.columns()+" FROM "+quoted(t.Name))
	if err != nil {
		return err
	}
	defer rows.Close()
	values, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range values {
		into[i] = &values[i]
	}
	var lines []byte
	n, parts := int64(0), 0
	flush := func() error {
		parts++
		err := a.part(partName(t.Name, parts), lines)
		lines = lines[:0]
		return err
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if lines, err = appendRow(lines, t.Columns, values); err != nil {
			return err
		}
		n++
		if len(lines) >= partSize {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	a.sums.Rows[t.Name] = n
	if len(lines) == 0 {
		return nil
	}
	return flush()
}

func partName(table string, n int) string { return fmt.Sprintf("tables/%s/%05d.jsonl", table, n) }

func (a *archive) part(name string, content []byte) error {
	err := a.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: a.at.Truncate(time.Second), Format: tar.FormatPAX})
	if err != nil {
		return err
	}
	if _, err := a.tar.Write(content); err != nil {
		return err
	}
	digest := sha256.Sum256(content)
	a.sums.Parts = append(a.sums.Parts, sum{name, hex.EncodeToString(digest[:])})
	return nil
}

// BackupFile writes a backup to a file that must not exist yet, and makes
// sure that it lies on the disk. A backup that fails leaves no file.
func BackupFile(ctx context.Context, db *DB, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(Backup(ctx, db, f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes sure that a new name in a folder lies on the disk.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// BackupBeforeMigrate writes a backup to the folder backups beside the data
// when migrations wait on a database that is in use. It does nothing
// otherwise.
func BackupBeforeMigrate(ctx context.Context, db *DB) error {
	pending, fresh, err := db.Pending(ctx)
	if err != nil || !pending || fresh {
		return err
	}
	schema, err := db.Schema(ctx)
	if err != nil {
		return err
	}
	dir := filepath.Join(db.dir, "backups")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(dir, fmt.Sprintf("schema-%04d-%s.parley", schema, db.Clock.Now().Format("20060102T150405.000000Z")))
	db.Log.Info("writing a backup before the database is migrated", "file", path)
	return BackupFile(ctx, db, path)
}
