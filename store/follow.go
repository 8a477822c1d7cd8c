package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/parley-crm/parley/social"
	"github.com/uptrace/bun"
)

// Fact is a fact as it was kept: with its position, which only grows.
type Fact struct {
	Pos  int64
	At   time.Time
	Fact social.Fact
}

// Follower is somebody who is told facts.
type Follower struct {
	Name  string   // under which its place is kept; never reused for another
	Facts []string // names of the facts that it wants; empty means all
	Batch int      // how many facts at once; 0 means 64
	// Tell takes the facts, in order, in the transaction that also moves the
	// follower's place: its own writes and the place are kept together or
	// not at all. It is called again with the same facts after a failure.
	Tell func(ctx context.Context, facts []Fact) error
}

// attempts is how often a fact that fails for a reason of its own is tried
// before it is parked for a person to look at.
const attempts = 5

type placeRow struct {
	bun.BaseModel `bun:"table:follower"`
	Name          string `bun:"name,pk"`
	Pos           int64  `bun:"pos"`
}

type parkedRow struct {
	bun.BaseModel `bun:"table:parked"`
	ID            int64  `bun:"id,pk,autoincrement"`
	Follower      string `bun:"follower"`
	Pos           int64  `bun:"pos"`
	Name          string `bun:"name"`
	Data          string `bun:"data"`
	Problem       string `bun:"problem"`
	At            int64  `bun:"at"`
}

// Follow tells f every fact after its place until ctx ends. A fact that fails
// five times alone is parked, reported in health, and passed over, so that one
// bad row never stops the loop. Trouble that passes (kind Busy) is tried for ever.
func (db *DB) Follow(ctx context.Context, f Follower) {
	if f.Batch <= 0 {
		f.Batch = 64
	}
	limit, failed := f.Batch, 0
	var giveUp error // what the next fact is parked for
	for ctx.Err() == nil {
		wake := db.signal.wait()
		n, err := db.step(ctx, f, limit, giveUp)
		giveUp = nil
		switch {
		case err == nil && n > 0:
			failed = 0
			limit = min(limit*2, f.Batch)
			continue
		case err == nil:
			select {
			case <-wake:
			case <-db.wait(time.Second): // another process may have written
			case <-ctx.Done():
			}
			continue
		case ctx.Err() != nil:
			return
		}
		passes := social.KindOf(err) == social.Busy
		if limit > 1 && !passes { // find the one that fails
			db.Log.Warn("a follower failed", "follower", f.Name, "error", err)
			limit = 1
			continue
		}
		failed++
		db.Log.Warn("a follower failed", "follower", f.Name, "attempt", failed, "error", err)
		if failed >= attempts && !passes {
			giveUp, failed = err, 0
			continue
		}
		select {
		case <-db.wait(min(time.Second<<min(failed, 6), time.Minute)):
		case <-ctx.Done():
		}
	}
}

// Step tells f the facts that wait, one batch, and reports how many there
// were. Follow calls it in a loop; tests and the command line call it alone.
func (db *DB) Step(ctx context.Context, f Follower) (int, error) {
	if f.Batch <= 0 {
		f.Batch = 64
	}
	return db.step(ctx, f, f.Batch, nil)
}

// Drain steps until nothing waits.
func (db *DB) Drain(ctx context.Context, followers ...Follower) error {
	for {
		moved := 0
		for _, f := range followers {
			n, err := db.Step(ctx, f)
			if err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
			moved += n
		}
		if moved == 0 {
			return nil
		}
	}
}

// step tells f up to limit facts, or parks the next one if giveUp says why.
func (db *DB) step(ctx context.Context, f Follower, limit int, giveUp error) (int, error) {
	place, err := db.place(ctx, f.Name)
	if err != nil {
		return 0, busy(err)
	}
	if head, err := db.Head(ctx); err != nil || head <= place {
		return 0, busy(err) // nothing new: no write transaction
	}
	n := 0
	err = db.InTx(ctx, func(ctx context.Context) error {
		place, err := db.takePlace(ctx, f.Name)
		if err != nil {
			return err
		}
		if giveUp != nil {
			limit = 1
		}
		rows, err := db.rows(ctx, place, limit)
		n = len(rows)
		if err != nil || n == 0 {
			return err
		}
		if giveUp != nil {
			err = db.park(ctx, f.Name, rows[0], giveUp)
		} else {
			err = tell(ctx, f, rows)
		}
		if err != nil {
			return err
		}
		_, err = db.IDB(ctx).NewRaw("UPDATE follower SET pos = ? WHERE name = ?", rows[n-1].Pos, f.Name).Exec(ctx)
		return err
	})
	return n, err
}

// takePlace returns a follower's place and keeps it for this transaction: of
// two processes that follow under one name, the second waits and then goes on
// from where the first came to.
func (db *DB) takePlace(ctx context.Context, name string) (pos int64, err error) {
	err = db.IDB(ctx).NewRaw(`INSERT INTO follower (name, pos) VALUES (?, 0)
ON CONFLICT (name) DO UPDATE SET pos = follower.pos RETURNING pos`, name).Scan(ctx, &pos)
	return pos, err
}

func tell(ctx context.Context, f Follower, rows []factRow) error {
	facts := make([]Fact, 0, len(rows))
	for _, r := range rows {
		if len(f.Facts) > 0 && !slices.Contains(f.Facts, r.Name) {
			continue
		}
		fact, err := social.DecodeFact(r.Name, []byte(r.Data))
		if err != nil {
			return err
		}
		facts = append(facts, Fact{Pos: r.Pos, At: Time(r.At), Fact: fact})
	}
	if len(facts) == 0 {
		return nil
	}
	return f.Tell(ctx, facts)
}

func (db *DB) park(ctx context.Context, follower string, r factRow, why error) error {
	problem := "It failed five times; the server's log says why."
	var known *social.Error
	if errors.As(why, &known) {
		problem = known.Text
	}
	db.Log.Error("a fact was parked", "follower", follower, "fact", r.Name, "pos", r.Pos, "error", why)
	row := parkedRow{Follower: follower, Pos: r.Pos, Name: r.Name, Data: r.Data, Problem: problem, At: At(db.Clock.Now())}
	_, err := db.IDB(ctx).NewInsert().Model(&row).ExcludeColumn("id").Returning("NULL").Exec(ctx)
	return err
}

func (db *DB) place(ctx context.Context, name string) (int64, error) {
	var pos []int64
	err := db.IDB(ctx).NewSelect().Model((*placeRow)(nil)).Column("pos").Where("name = ?", name).Scan(ctx, &pos)
	if err != nil || len(pos) == 0 {
		return 0, err
	}
	return pos[0], nil
}

func (db *DB) rows(ctx context.Context, after int64, limit int) ([]factRow, error) {
	var rows []factRow
	err := db.IDB(ctx).NewSelect().Model(&rows).Where("pos > ?", after).Order("pos").Limit(int64(limit)).Scan(ctx)
	return rows, err
}

// Head is the position of the newest fact, 0 if there is none.
func (db *DB) Head(ctx context.Context) (int64, error) {
	var head int64
	err := db.IDB(ctx).NewRaw("SELECT COALESCE(MAX(pos), 0) FROM outbox").Scan(ctx, &head)
	return head, err
}

// Tail is the position of the oldest fact that is still kept, 0 if there is none.
func (db *DB) Tail(ctx context.Context) (int64, error) {
	var tail int64
	err := db.IDB(ctx).NewRaw("SELECT COALESCE(MIN(pos), 0) FROM outbox").Scan(ctx, &tail)
	return tail, err
}

// Facts returns up to limit facts after a position, in order.
func (db *DB) Facts(ctx context.Context, after int64, limit int) ([]Fact, error) {
	rows, err := db.rows(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	facts := make([]Fact, len(rows))
	for i, r := range rows {
		f, err := social.DecodeFact(r.Name, []byte(r.Data))
		if err != nil {
			return nil, err
		}
		facts[i] = Fact{Pos: r.Pos, At: Time(r.At), Fact: f}
	}
	return facts, nil
}

// Woken returns a channel that is closed when this process commits the next
// fact. Take it before reading, so that nothing falls in between.
func (db *DB) Woken() <-chan struct{} { return db.signal.wait() }

// Behind says how many facts each follower has yet to be told.
func (db *DB) Behind(ctx context.Context) (map[string]int64, error) {
	var rows []placeRow
	if err := db.IDB(ctx).NewSelect().Model(&rows).Scan(ctx); err != nil {
		return nil, err
	}
	head, err := db.Head(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Name] = head - r.Pos
	}
	return out, nil
}

// Parked counts the facts that were given up on.
func (db *DB) Parked(ctx context.Context) (int64, error) {
	return db.IDB(ctx).NewSelect().Model((*parkedRow)(nil)).Count(ctx)
}

// pruneAtOnce is how many facts are forgotten in one transaction.
const pruneAtOnce = 5000

// Prune forgets facts older than before that every follower has been told.
// The newest fact stays, and while nobody follows, all do.
func (db *DB) Prune(ctx context.Context, before time.Time) error {
	for {
		var n int64
		err := db.InTx(ctx, func(ctx context.Context) error {
			res, err := db.IDB(ctx).NewRaw(pruneSQL, At(before), pruneAtOnce).Exec(ctx)
			if err == nil {
				n, err = res.RowsAffected()
			}
			return err
		})
		if err != nil || n < pruneAtOnce {
			return err
		}
	}
}

// Without a follower MIN is NULL, and nothing is less than NULL.
const pruneSQL = `DELETE FROM outbox WHERE pos IN (
  SELECT pos FROM outbox WHERE pos < (SELECT MIN(pos) FROM follower) AND at < ? ORDER BY pos LIMIT ?)`
