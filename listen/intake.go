package listen

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// Count is how much was heard and what became of it. Matched are those that a monitor
// matched though they were not directed at us; both together are what was about us.
type Count struct {
	Heard, Directed, Matched, Dropped int
}

func (c *Count) add(o Count) {
	c.Heard += o.Heard
	c.Directed += o.Directed
	c.Matched += o.Matched
	c.Dropped += o.Dropped
}

func (c Count) negative() Count { return Count{-c.Heard, -c.Directed, -c.Matched, -c.Dropped} }

// HeardHour is what arrived on a channel within an hour.
type HeardHour struct {
	Channel social.ChannelID
	Hour    time.Time
	Count
}

// Taken says what became of a batch.
type Taken struct {
	Kept   int // new events
	Broken int // those of them that could not be read
	Count
}

// calm is how long what was only counted may wait to be written.
const calm = 3 * time.Second

// Take takes events from a channel, in order. What matters is kept before Take returns, in the
// transaction that moves the channel's cursor; so after an error the caller asks the network again
// from where it was. Taking the same events twice changes nothing. cursor is where to resume after
// the batch; "" means after the last event that has a cursor.
func (s *Station) Take(ctx context.Context, id social.ChannelID, events []channel.Event, cursor string) (Taken, error) {
	l := s.line(id)
	if l == nil {
		return Taken{}, noChannel()
	}
	l.take.Lock()
	defer l.take.Unlock()
	conn, row, firehose, err := l.use()
	if err != nil {
		return Taken{}, err
	}
	now := s.clock.Now()
	r := reader{s: s, conn: conn, row: row}
	all := make([]heard, len(events))
	for i, e := range events {
		all[i] = r.read(Raw{Channel: id, Key: keyOf(e), At: micro(e.At), Received: now, Raw: e.Raw})
		if e.Cursor != "" {
			l.advance(e.Cursor)
		}
	}
	if cursor != "" {
		l.advance(cursor)
	}
	fresh, first, taken, err := s.keep(ctx, l, conn, all, firehose)
	if err != nil {
		l.retreat()
		return taken, err
	}
	if len(fresh) == 0 {
		return taken, nil
	}
	s.name(ctx, conn, authorsOf(fresh))
	if err := s.process(ctx, row, first, fresh, false); err != nil {
		// It is safe in raw; whoever sweeps makes up for it.
		s.log.Warn("what was heard waits to be processed", "channel", id, "events", len(fresh), "error", err)
		s.sweepSoon()
	}
	return taken, nil
}

// keep writes what of a batch matters, and returns the events that are new.
func (s *Station) keep(ctx context.Context, l *line, conn channel.Channel, all []heard, firehose bool) ([]*heard, int64, Taken, error) {
	kept, taken, err := s.sift(ctx, l, all, firehose)
	if err != nil {
		return nil, 0, taken, err
	}
	shared, err := s.keepShares(ctx, l.snapshot().ID, conn, all)
	if err != nil {
		l.count(s.clock.Now(), taken.negative())
		return nil, 0, Taken{}, err
	}
	l.count(s.clock.Now(), Count{Dropped: -shared}) // they were not only counted
	taken.Dropped -= shared
	if len(kept) == 0 {
		return nil, 0, taken, s.flush(ctx, l, false)
	}
	fresh, first, err := s.keepRaw(ctx, l, kept, &taken)
	return fresh, first, taken, err
}

// keyOf is what an event is unique by; its content where nothing better is given.
func keyOf(e channel.Event) string {
	key := clean(e.Key)
	if key == "" || len(key) > maxField {
		sum := sha256.Sum256(append([]byte(e.Key), e.Raw...))
		key = "sha256:" + hex.EncodeToString(sum[:])
	}
	return key
}

func micro(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return sane(t, t)
}

// advance notes where the network stands.
func (l *line) advance(cursor string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cursor = clean(cursor)
}

// retreat forgets where the network stands beyond what is kept.
func (l *line) retreat() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cursor = l.row.Cursor
}

// sift parts what is kept from what is only counted.
func (s *Station) sift(ctx context.Context, l *line, all []heard, firehose bool) ([]*heard, Taken, error) {
	row := l.snapshot()
	everything := row.Keep && !firehose
	var kept []*heard
	var count Count
	var unsure []string // of a firehose: changes to posts that we may have
	for i := range all {
		h := &all[i]
		h.keep = h.raw.Error != "" || len(h.told) > 0 || everything && len(h.posts) > 0
		for j, p := range h.posts {
			switch {
			case p.Directed || p.Own || len(h.match[j]) > 0 || p.Verb == social.Delete && !firehose:
				h.keep = true
			case p.Verb != social.Create:
				unsure = append(unsure, p.ExternalID)
			}
		}
	}
	known := map[string]Post{}
	if len(unsure) > 0 {
		var err error
		if known, err = s.store.Stored(ctx, row.ID, unsure); err != nil {
			return nil, Taken{}, err
		}
	}
	own := map[string]bool{} // kept a moment ago, in this very batch
	for i := range all {
		h := &all[i]
		for _, p := range h.posts {
			if _, ok := known[p.ExternalID]; p.Verb != social.Create && (ok || own[p.ExternalID]) {
				h.keep = true
			}
		}
		if h.keep {
			for _, p := range h.posts {
				own[p.ExternalID] = true
			}
			kept = append(kept, h)
		} else {
			count.Heard++
			count.Dropped++
		}
	}
	l.count(s.clock.Now(), count)
	return kept, Taken{Count: count}, nil
}

// count notes what was heard until it is written.
func (l *line) count(now time.Time, c Count) {
	if c == (Count{}) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	hour := now.Truncate(time.Hour).UnixMicro()
	sum := l.pending[hour]
	sum.add(c)
	l.pending[hour] = sum
}

// keepRaw writes the events of a batch, the cursor and the counts. It returns
// the events that are new.
func (s *Station) keepRaw(ctx context.Context, l *line, kept []*heard, taken *Taken) ([]*heard, int64, error) {
	id := l.snapshot().ID
	first := s.seq.Block(len(kept))
	raws := make([]Raw, len(kept))
	for i, h := range kept {
		h.raw.Seq = first + int64(i)
		raws[i] = h.raw
	}
	var fresh []*heard
	var count Count
	broken, now := 0, s.clock.Now()
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		isNew, err := s.store.KeepRaw(ctx, raws)
		if err != nil {
			return err
		}
		for _, h := range kept {
			if isNew[h.raw.Seq] {
				count.add(h.count())
				if h.raw.Error != "" {
					broken++
				} else {
					fresh = append(fresh, h)
				}
			}
		}
		if len(fresh) > 0 {
			run := Run{First: first, Last: first + int64(len(kept)) - 1, Channel: id, Events: len(fresh), At: now}
			if err := s.store.KeepRun(ctx, run); err != nil {
				return err
			}
		}
		l.count(now, count)
		return s.writeLine(ctx, l)
	})
	if err != nil {
		l.count(now, count.negative())
		return nil, 0, err
	}
	taken.add(count)
	taken.Kept, taken.Broken = len(fresh)+broken, broken
	return fresh, first, nil
}

// count says what an event adds to the counts.
func (h *heard) count() Count {
	c := Count{Heard: 1}
	for i, p := range h.posts {
		if p.Verb != social.Create || p.Own {
			continue
		}
		if p.Directed {
			c.Directed = 1
		}
		if len(h.match[i]) > 0 {
			c.Matched = 1
		}
	}
	if c.Directed > 0 {
		c.Matched = 0 // it is about us either way, and counts once
	}
	return c
}

// flush writes cursor and counts if they have waited long enough, or now.
func (s *Station) flush(ctx context.Context, l *line, now bool) error {
	l.mu.Lock()
	due := now || s.clock.Now().Sub(l.saved) >= calm
	nothing := len(l.pending) == 0 && l.cursor == l.row.Cursor
	l.mu.Unlock()
	if !due || nothing {
		return nil
	}
	return s.store.InTx(ctx, func(ctx context.Context) error { return s.writeLine(ctx, l) })
}

// writeLine writes a channel's cursor and counts in the transaction of ctx.
func (s *Station) writeLine(ctx context.Context, l *line) error {
	l.mu.Lock()
	id, cursor, moved := l.row.ID, l.cursor, l.cursor != l.row.Cursor
	hours := make([]HeardHour, 0, len(l.pending))
	for hour, c := range l.pending {
		if c != (Count{}) {
			hours = append(hours, HeardHour{Channel: id, Hour: time.UnixMicro(hour).UTC(), Count: c})
		}
	}
	l.mu.Unlock()
	if len(hours) > 0 {
		if err := s.store.AddHours(ctx, hours); err != nil {
			return err
		}
	}
	if moved {
		if err := s.store.SaveCursor(ctx, id, cursor); err != nil {
			return err
		}
	}
	s.store.After(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.row.Cursor, l.saved = cursor, s.clock.Now()
		for _, h := range hours {
			hour := h.Hour.UnixMicro()
			left := l.pending[hour]
			left.add(h.negative())
			if left == (Count{}) {
				delete(l.pending, hour)
			} else {
				l.pending[hour] = left
			}
		}
	})
	return nil
}
