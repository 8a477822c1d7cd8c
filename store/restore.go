package store

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/parley-crm/parley/social"
)

// unsettled is the setting that stands while a restore is not yet settled.
const unsettled = "store.restored"

// Restore brings a backup of either engine into an empty database. All of it
// comes in one transaction, which is committed only when every row could be
// read and every part has the sum that the backup gives it; then the schema is
// brought up to date, and Settle does the rest.
func Restore(ctx context.Context, db *DB, r io.Reader, settle ...func(context.Context) error) error {
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return err
	}
	defer z.Close()
	in := &reading{tar: tar.NewReader(z), parts: map[string]string{}}
	if err := in.open(); err != nil {
		return err
	}
	if err := db.makeRoom(ctx, in.manifest); err != nil {
		return err
	}
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return busy(err)
	}
	if err := db.load(ctx, tx.Tx, in); err != nil {
		return busy(errors.Join(err, ignoreDone(tx.Rollback())))
	}
	if err := tx.Commit(); err != nil {
		return busy(err)
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	if db.Engine == Postgres { // SQLite plans well enough without
		if _, err := db.write.ExecContext(ctx, "ANALYZE"); err != nil {
			return err
		}
	}
	if len(settle) == 0 {
		return nil
	}
	return Settle(ctx, db, settle...)
}

// Settle does what a restore leaves to do before anything is served: making
// derived tables anew, holding back what may have been sent since the backup.
// It calls each function once more if an earlier call did not come to its end,
// and none when there is nothing to settle. Call it at each start, after
// Migrate.
func Settle(ctx context.Context, db *DB, settle ...func(context.Context) error) error {
	var m manifest
	if due, err := db.Setting(ctx, unsettled, &m); err != nil || !due {
		return err
	}
	for _, f := range settle {
		if err := f(ctx); err != nil {
			return fmt.Errorf("settling what was restored: %w", err)
		}
	}
	return db.InTx(ctx, func(ctx context.Context) error {
		_, err := db.IDB(ctx).NewRaw("DELETE FROM setting WHERE name = ?", unsettled).Exec(ctx)
		return err
	})
}

// makeRoom brings an empty database to the schema of a backup, or says why it
// can't.
func (db *DB) makeRoom(ctx context.Context, m manifest) error {
	p, err := db.provider()
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return busy(err)
	}
	if m.Schema > target {
		return social.Errorf(social.Invalid, "The backup was made by a newer Parley (%s, schema %d; this program knows %d). Nothing was changed; restore it with that version.", m.Parley, m.Schema, target)
	}
	if current == 0 {
		_, err := p.UpTo(ctx, m.Schema)
		return busy(err)
	}
	full := social.Errorf(social.Conflict, "The database is in use already. Nothing was changed; restore into an empty data folder or an empty PostgreSQL database.")
	if current != m.Schema {
		return full
	}
	tx, err := db.read.DB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return busy(err)
	}
	defer tx.Rollback()
	tables, err := db.tables(ctx, tx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		some, err := column1(ctx, tx, "SELECT '1' FROM "+quoted(t.Name)+" LIMIT 1")
		if err != nil {
			return err
		}
		if len(some) > 0 {
			return full
		}
	}
	return nil
}

// load writes all rows of a backup and checks its sums.
func (db *DB) load(ctx context.Context, tx *sql.Tx, in *reading) error {
	tables, err := db.tables(ctx, tx)
	if err != nil {
		return err
	}
	for i := range tables {
		tables[i].Last, tables[i].needs = 0, nil
	}
	slices.SortFunc(tables, byName)
	theirs := slices.Clone(in.manifest.Tables)
	for i := range theirs {
		theirs[i].Last = 0
	}
	slices.SortFunc(theirs, byName)
	if !reflect.DeepEqual(tables, theirs) {
		return social.Errorf(social.Invalid, "The backup's tables are not those of its schema (%d). Nothing was changed.", in.manifest.Schema)
	}
	for _, t := range in.manifest.Tables {
		if err := db.loadTable(ctx, tx, in, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		if err := db.advance(ctx, tx, t); err != nil {
			return err
		}
	}
	if err := in.close(); err != nil {
		return err
	}
	mark, err := json.Marshal(manifest{Format: backupFormat, Parley: in.manifest.Parley, Engine: in.manifest.Engine, Schema: in.manifest.Schema, At: in.manifest.At})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO setting (name, value) VALUES ("+db.marks(0, 2)+") ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value", unsettled, string(mark))
	return err
}

func byName(a, b table) int { return strings.Compare(a.Name, b.Name) }

func (db *DB) loadTable(ctx context.Context, tx *sql.Tx, in *reading, t table) error {
	b := &bulk{ctx: ctx, tx: tx, db: db, t: t, size: max(1, min(200, 30000/len(t.Columns)))}
	defer b.close()
	values := make([]any, len(t.Columns))
	err := in.table(t, func(line string) error {
		if err := parseRow(line, t.Columns, values); err != nil {
			return damaged(err)
		}
		return b.add(values)
	})
	if err != nil {
		return err
	}
	return b.flush()
}

// bulk writes rows many at a time.
type bulk struct {
	ctx  context.Context
	tx   *sql.Tx
	db   *DB
	t    table
	size int // rows in a statement
	full *sql.Stmt
	args []any
}

func (b *bulk) add(values []any) error {
	for _, v := range values {
		if s, ok := v.(string); ok && b.db.Engine == Postgres {
			v = storable(s)
		}
		b.args = append(b.args, v)
	}
	if len(b.args) < b.size*len(b.t.Columns) {
		return nil
	}
	if b.full == nil {
		var err error
		if b.full, err = b.tx.PrepareContext(b.ctx, b.insert(b.size)); err != nil {
			return err
		}
	}
	_, err := b.full.ExecContext(b.ctx, b.args...)
	b.args = b.args[:0]
	return b.refused(err)
}

// refused says what it means that the database does not take a row.
func (b *bulk) refused(err error) error {
	if err == nil || b.ctx.Err() != nil || IsFull(err) || passing(err) {
		return err
	}
	return social.Because(social.Invalid, err, "The database refuses rows of the backup, so the backup is damaged or was changed. Nothing was changed; use another backup.")
}

// storable replaces what PostgreSQL has no place for in a text.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func (b *bulk) flush() error {
	if len(b.args) == 0 {
		return nil
	}
	_, err := b.tx.ExecContext(b.ctx, b.insert(len(b.args)/len(b.t.Columns)), b.args...)
	return b.refused(err)
}

func (b *bulk) close() {
	if b.full != nil {
		_ = b.full.Close()
	}
}

func (b *bulk) insert(rows int) string {
	var s strings.Builder
	s.WriteString("INSERT INTO " + quoted(b.t.Name) + " (" + b.t.columns() + ") VALUES ")
	for i := range rows {
		if i > 0 {
			s.WriteByte(',')
		}
		s.WriteString("(" + b.db.marks(i*len(b.t.Columns), len(b.t.Columns)) + ")")
	}
	return s.String()
}

// marks are n placeholders, counted from after where the engine counts them.
func (db *DB) marks(after, n int) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = "?"
		if db.Engine == Postgres {
			marks[i] = "$" + strconv.Itoa(after+i+1)
		}
	}
	return strings.Join(marks, ",")
}

func damaged(err error) error {
	return social.Because(social.Invalid, err, "The backup is damaged: what it holds does not fit its check sums. Nothing was changed; use another backup.")
}

// reading is a backup that is being read.
type reading struct {
	tar      *tar.Reader
	manifest manifest
	parts    map[string]string // name → SHA-256 of what was read
	rows     map[string]int64
	next     *tar.Header // read ahead
}

// open reads the manifest.
func (in *reading) open() error {
	in.rows = map[string]int64{}
	none := func(err error) error {
		return social.Because(social.Invalid, err, "This is not a backup of Parley. Nothing was changed.")
	}
	h, err := in.tar.Next()
	switch {
	case errors.Is(err, zstd.ErrMagicMismatch), errors.Is(err, io.EOF), errors.Is(err, tar.ErrHeader):
		return none(err)
	case err != nil:
		return damaged(err)
	}
	if h.Name != manifestName {
		return none(fmt.Errorf("it begins with %q", h.Name))
	}
	if err := in.json(h, &in.manifest); err != nil {
		return err
	}
	if in.manifest.Format != backupFormat {
		return social.Errorf(social.Invalid, "The backup has format %d, which this Parley can't read. Nothing was changed; restore it with the version that wrote it (%s).", in.manifest.Format, in.manifest.Parley)
	}
	return in.advance()
}

func (in *reading) advance() error {
	var err error
	if in.next, err = in.tar.Next(); err != nil {
		return damaged(err) // the sums must come before the end
	}
	return nil
}

// json reads a whole part.
func (in *reading) json(h *tar.Header, v any) error {
	const most = 64 << 20
	if h.Size > most {
		return damaged(fmt.Errorf("%s has %d bytes", h.Name, h.Size))
	}
	content, err := io.ReadAll(in.tar)
	if err != nil {
		return damaged(err)
	}
	digest := sha256.Sum256(content)
	in.parts[h.Name] = hex.EncodeToString(digest[:])
	if err := json.Unmarshal(content, v); err != nil {
		return damaged(err)
	}
	return nil
}

// table gives every line of a table to f.
func (in *reading) table(t table, f func(line string) error) error {
	for n := 1; in.next.Name == partName(t.Name, n); n++ {
		digest := sha256.New()
		lines := bufio.NewReaderSize(io.TeeReader(in.tar, digest), 1<<16)
		for {
			line, err := lines.ReadString('\n')
			if err == io.EOF && line == "" {
				break
			}
			if err != nil {
				return damaged(err)
			}
			if err := f(line); err != nil {
				return err
			}
			in.rows[t.Name]++
		}
		in.parts[in.next.Name] = hex.EncodeToString(digest.Sum(nil))
		if err := in.advance(); err != nil {
			return err
		}
	}
	return nil
}

// close reads the sums and compares.
func (in *reading) close() error {
	if in.next.Name != sumsName {
		return damaged(fmt.Errorf("%q where the sums should be", in.next.Name))
	}
	read := in.parts
	in.parts = map[string]string{}
	var want sums
	if err := in.json(in.next, &want); err != nil {
		return err
	}
	if len(want.Parts) != len(read) {
		return damaged(fmt.Errorf("%d parts, the sums name %d", len(read), len(want.Parts)))
	}
	for _, s := range want.Parts {
		if read[s.Name] != s.SHA256 {
			return damaged(fmt.Errorf("%s has the sum %s, not %s", s.Name, read[s.Name], s.SHA256))
		}
	}
	for _, t := range in.manifest.Tables {
		if in.rows[t.Name] != want.Rows[t.Name] {
			return damaged(fmt.Errorf("%s has %d rows, not %d", t.Name, in.rows[t.Name], want.Rows[t.Name]))
		}
	}
	if _, err := in.tar.Next(); err != io.EOF {
		return damaged(errors.Join(errors.New("something follows the sums"), err))
	}
	return nil
}
