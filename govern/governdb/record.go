package governdb

import (
	"context"

	"github.com/parley-crm/parley/govern"
	"github.com/parley-crm/parley/store"
	"github.com/uptrace/bun"
)

type lineRow struct {
	bun.BaseModel `bun:"table:record"`
	Seq           int64  `bun:"seq,pk"`
	At            int64  `bun:"at"`
	Actor         string `bun:"actor"`
	ActorName     string `bun:"actor_name"`
	Token         string `bun:"token"`
	Verb          string `bun:"verb"`
	Object        string `bun:"object"`
	ObjectID      string `bun:"object_id"`
	Detail        string `bun:"detail"`
	Hash          string `bun:"hash"`
}

func linesOf(rows []lineRow) []govern.Line {
	lines := make([]govern.Line, len(rows))
	for i, r := range rows {
		lines[i] = govern.Line{Seq: r.Seq, At: r.At, Actor: r.Actor, ActorName: r.ActorName, Token: r.Token,
			Verb: r.Verb, Object: r.Object, ObjectID: r.ObjectID, Detail: r.Detail, Hash: r.Hash}
	}
	return lines
}

const lineSelect = "SELECT seq, at, actor, actor_name, token, verb, object, object_id, detail, hash FROM record"

// Lines returns lines of the record after seq, in order.
func (db *DB) Lines(ctx context.Context, after int64, limit int) ([]govern.Line, error) {
	rows, err := all[lineRow](ctx, db, lineSelect+" WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
	return linesOf(rows), err
}

// Search returns lines of the record that fit, newest first.
func (db *DB) Search(ctx context.Context, q govern.Query, cursor string, limit int) ([]govern.Line, string, error) {
	before := int64(1) << 62
	if _, err := store.FromCursor(cursor, &before); err != nil {
		return nil, "", err
	}
	where, args := " WHERE seq < ?", []any{before}
	for _, c := range []struct{ column, value string }{{"object", q.Object}, {"object_id", q.ID}, {"actor", q.Actor}, {"verb", q.Verb}} {
		if c.value != "" {
			where += " AND " + c.column + " = ?"
			args = append(args, c.value)
		}
	}
	limit = store.Limit(limit)
	rows, err := all[lineRow](ctx, db, lineSelect+where+" ORDER BY seq DESC LIMIT ?", append(args, limit+1)...)
	if err != nil {
		return nil, "", err
	}
	rows, next := page(rows, limit, func(r lineRow) []any { return []any{r.Seq} })
	return linesOf(rows), next, nil
}

// Lock makes transactions that reach it wait for one another.
func (db *DB) Lock(ctx context.Context) error {
	if tx, ok := db.IDB(ctx).(bun.Tx); ok {
		return db.Dialect.LockOrder(ctx, tx)
	}
	return nil
}

// Sealed returns the last line that is sealed.
func (db *DB) Sealed(ctx context.Context) (govern.Line, bool, error) {
	rows, err := all[lineRow](ctx, db, lineSelect+" WHERE hash <> '' ORDER BY seq DESC LIMIT 1")
	if err != nil || len(rows) == 0 {
		return govern.Line{}, false, err
	}
	return linesOf(rows)[0], true, nil
}

// Seal writes the hashes of lines that have none.
func (db *DB) Seal(ctx context.Context, lines []govern.Line) error {
	type hashRow struct {
		Seq  int64  `bun:"seq"`
		Hash string `bun:"hash"`
	}
	rows := make([]hashRow, len(lines))
	for i, l := range lines {
		rows[i] = hashRow{l.Seq, l.Hash}
	}
	_, err := db.IDB(ctx).NewUpdate().With("fresh", db.IDB(ctx).NewValues(&rows)).
		Table("record").TableExpr("fresh").Set("hash = fresh.hash").Where("record.seq = fresh.seq AND record.hash = ''").Exec(ctx)
	return err
}

type countRow struct {
	Whole    int64 `bun:"whole"`
	Unsealed int64 `bun:"unsealed"`
}

// Count counts lines up to seq (0: all), and those among them without a hash.
func (db *DB) Count(ctx context.Context, upTo int64) (int64, int64, error) {
	if upTo == 0 {
		upTo = 1 << 62
	}
	row, err := one[countRow](ctx, db, "", `SELECT (SELECT COUNT(*) FROM record WHERE seq <= ?) AS whole,
(SELECT COUNT(*) FROM record WHERE hash = '' AND seq <= ?) AS unsealed`, upTo, upTo)
	return row.Whole, row.Unsealed, err
}

type checkpointRow struct {
	Seq     int64  `bun:"seq"`
	Entries int64  `bun:"entries"`
	Root    string `bun:"root"`
	At      int64  `bun:"at"`
	Note    string `bun:"note"`
}

func (r checkpointRow) checkpoint() govern.Checkpoint {
	return govern.Checkpoint{Seq: r.Seq, Entries: r.Entries, Root: r.Root, At: store.Time(r.At), Note: r.Note}
}

const checkpointSelect = "SELECT seq, entries, root, at, note FROM checkpoint"

// Checkpoints returns checkpoints after seq, in order.
func (db *DB) Checkpoints(ctx context.Context, after int64, limit int) ([]govern.Checkpoint, error) {
	rows, err := all[checkpointRow](ctx, db, checkpointSelect+" WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
	out := make([]govern.Checkpoint, len(rows))
	for i, r := range rows {
		out[i] = r.checkpoint()
	}
	return out, err
}

// LastCheckpoint returns the newest checkpoint.
func (db *DB) LastCheckpoint(ctx context.Context) (govern.Checkpoint, bool, error) {
	rows, err := all[checkpointRow](ctx, db, checkpointSelect+" ORDER BY seq DESC LIMIT 1")
	if err != nil || len(rows) == 0 {
		return govern.Checkpoint{}, false, err
	}
	return rows[0].checkpoint(), true, nil
}

// AddCheckpoint keeps a checkpoint.
func (db *DB) AddCheckpoint(ctx context.Context, c govern.Checkpoint) error {
	_, err := db.run(ctx, "INSERT INTO checkpoint (seq, entries, root, at, note) VALUES (?, ?, ?, ?, ?)", c.Seq, c.Entries, c.Root, store.At(c.At), c.Note)
	return err
}
