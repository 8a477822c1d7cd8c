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

// Attempts is how often a fact that fails for a reason of its own is tried
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
	limit, failed, parked := f.Batch, 0, false
	for ctx.Err() == nil {
		wake := db.signal.wait()
		n, err := db.step(ctx, f, limit, parked)
		parked = false
		switch {
		case err == nil && n > 0:
			failed = 0
			limit = min(limit*2, f.Batch)
			continue
		case err == nil:
			select {
			case <-wake:
			case <-time.After(time.Second): // another process may have written
			case <-ctx.Done():
			}
			continue
		case ctx.Err() != nil:
			return
		}
		db.Log.Warn("a follower failed", "follower", f.Name, "attempt", failed+1, "error", err)
		if limit > 1 { // find the one that fails
			limit = 1
			continue
		}
		failed++
		if failed >= attempts && social.KindOf(err) != social.Busy {
			parked, failed = true, 0
			continue
		}
		select {
		case <-time.After(min(time.Second<<min(failed, 6), time.Minute)):
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
	return db.step(ctx, f, f.Batch, false)
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

func (db *DB) step(ctx context.Context, f Follower, limit int, park bool) (int, error) {
	place, err := db.place(ctx, f.Name)
	if err != nil {
		return 0, err
	}
	if head, err := db.Head(ctx); err != nil || head <= place {
		return 0, err // nothing new: no write transaction
	}
	n := 0
	err = db.InTx(ctx, func(ctx context.Context) error {
		place, err := db.place(ctx, f.Name)
		if err != nil {
			return err
		}
		rows, err := db.rows(ctx, place, limit)
		if err != nil || len(rows) == 0 {
			return err
		}
		n = len(rows)
		if park {
			err = db.park(ctx, f.Name, rows[0])
		} else {
			err = tell(ctx, f, rows)
		}
		if err != nil {
			return err
		}
		_, err = db.IDB(ctx).NewInsert().Model(&placeRow{Name: f.Name, Pos: rows[len(rows)-1].Pos}).
			On("CONFLICT (name) DO UPDATE").Set("pos = EXCLUDED.pos").Exec(ctx)
		return err
	})
	return n, err
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

func (db *DB) park(ctx context.Context, follower string, r factRow) error {
	row := parkedRow{Follower: follower, Pos: r.Pos, Name: r.Name, Data: r.Data,
		Problem: "It failed five times; the server's log says why.", At: At(db.Clock.Now())}
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

// Prune forgets facts older than before that every follower has been told.
func (db *DB) Prune(ctx context.Context, before time.Time) error {
	return db.InTx(ctx, func(ctx context.Context) error {
		var least []int64
		if err := db.IDB(ctx).NewRaw("SELECT MIN(pos) FROM follower HAVING COUNT(*) > 0").Scan(ctx, &least); err != nil {
			return err
		}
		if len(least) == 0 {
			return errors.New("store: nobody follows yet")
		}
		_, err := db.IDB(ctx).NewRaw("DELETE FROM outbox WHERE pos < ? AND at < ?", least[0], At(before)).Exec(ctx)
		return err
	})
}
