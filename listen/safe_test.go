package listen_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// faulty is a store that fails at a chosen write.
type faulty struct {
	*listendb.DB
	at   string
	when func() error
}

func (f *faulty) fail(at string) error {
	if f.at == at && f.when != nil {
		return f.when()
	}
	return nil
}

func (f *faulty) Write(ctx context.Context, c listen.Changes) error {
	if err := f.DB.Write(ctx, c); err != nil {
		return err
	}
	return f.fail("write")
}

func (f *faulty) KeepRaw(ctx context.Context, e []listen.Raw) (map[int64]bool, error) {
	fresh, err := f.DB.KeepRaw(ctx, e)
	if err == nil {
		err = f.fail("raw")
	}
	return fresh, err
}

func (f *faulty) SaveCursor(ctx context.Context, id social.ChannelID, cursor string) error {
	if err := f.DB.SaveCursor(ctx, id, cursor); err != nil {
		return err
	}
	return f.fail("cursor")
}

func at(e channel.Event, cursor string) channel.Event {
	e.Cursor = cursor
	return e
}

func TestACrashBetweenRawAndProcessedLosesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c, m := w.channel("wire", "plain"), w.watch("kettle", true)
		dying := w.station(&faulty{DB: listendb.New(db), at: "write", when: func() error { return errBoom }})
		got, err := dying.Take(w.ctx, c.ID, []channel.Event{at(event(post("1", "my kettle")), "7")}, "")
		if err != nil || got.Kept != 1 {
			t.Fatalf("what is kept raw is acknowledged: %+v, %v", got, err)
		}
		if n := w.count("SELECT COUNT(*) FROM activity"); n != 0 {
			t.Fatalf("%d activities half written", n)
		}
		if n, _ := dying.Backlog(w.ctx); n != 1 {
			t.Errorf("the backlog says %d", n)
		}
		again := w.station(listendb.New(db)) // the process is dead; another starts
		for range 2 {
			if err := again.Sweep(w.ctx); err != nil {
				t.Fatal(err)
			}
		}
		if x := w.heard()["1"]; !x.Inbox || x.Monitor != m.ID || w.facts() != 1 {
			t.Errorf("after the restart: %+v, %d facts", x, w.facts())
		}
		if cc, _ := again.ChannelInfo(c.ID); cc.Cursor != "7" {
			t.Errorf("the cursor is %q", cc.Cursor)
		}
		if got, err := again.Take(w.ctx, c.ID, []channel.Event{event(post("1", "my kettle"))}, ""); err != nil || got.Kept != 0 {
			t.Errorf("again: %+v, %v", got, err)
		}
	})
}

func TestCursorAndEventsMoveTogether(t *testing.T) {
	full := func() error { return social.Errorf(social.Busy, "The disk is full.") }
	for _, where := range []string{"raw", "cursor"} {
		storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
			w := open(t, db, now)
			c := w.channel("feed", "plain")
			f := &faulty{DB: listendb.New(db), at: where, when: full}
			s := w.station(f)
			_, err := s.Take(w.ctx, c.ID, []channel.Event{at(event(post("1", "kettle")), "7")}, "8")
			if !social.Busy.Is(err) {
				t.Fatalf("%s: got %v, want the trouble back", where, err)
			}
			if n := w.count("SELECT COUNT(*) FROM inbound") + w.count("SELECT COUNT(*) FROM inbound_waiting"); n != 0 {
				t.Errorf("%s: %d rows half written", where, n)
			}
			f.at = ""
			if err := s.Flush(w.ctx, c.ID); err != nil {
				t.Fatal(err)
			}
			var kept string
			if err := db.IDB(w.ctx).NewRaw("SELECT position FROM channel").Scan(w.ctx, &kept); err != nil || kept != "" {
				t.Errorf("%s: the cursor went on to %q without the events", where, kept)
			}
			if got, err := s.Take(w.ctx, c.ID, []channel.Event{at(event(post("1", "kettle")), "7")}, "8"); err != nil || got.Kept != 1 {
				t.Errorf("%s: the second time: %+v, %v", where, got, err)
			}
			if cc, _ := s.ChannelInfo(c.ID); cc.Cursor != "8" {
				t.Errorf("%s: the cursor is %q, want that of the batch", where, cc.Cursor)
			}
		})
	}
}

func TestOneBadEventStopsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		nobody, nameless := post("a", "x"), post("", "x")
		nobody.Author = social.Author{}
		got := w.take(c.ID,
			channel.Event{Key: "broken", Raw: []byte(`{"text":`)}, channel.Event{Key: "bug", Raw: []byte("panic")},
			event(nobody), event(nameless), channel.Event{Raw: []byte{0xff, 0}}, event(post("fine", "kettle")))
		if got.Kept != 6 || got.Broken != 5 {
			t.Errorf("%+v", got)
		}
		same(t, w.wall(listen.Filter{}), "fine")
		broken, err := w.Broken(w.ctx, c.ID)
		if err != nil || len(broken) != 5 {
			t.Fatalf("%+v, %v", broken, err)
		}
		for _, b := range broken {
			if b.Error == "" || strings.Contains(b.Error, "adapter") {
				t.Errorf("%s: %q", b.Key, b.Error)
			}
		}
		// Events that the database refuses only in the second step are set aside too.
		fail := fmt.Errorf("not this one")
		s := w.station(&faulty{DB: listendb.New(db), at: "write", when: func() error { return fail }})
		if _, err := s.Take(w.ctx, c.ID, []channel.Event{event(post("odd", "kettle"))}, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.Sweep(w.ctx); err != nil {
			t.Fatal(err)
		}
		if n, _ := s.Backlog(w.ctx); n != 0 {
			t.Errorf("it still waits: %d", n)
		}
		if done, err := w.Replay(w.ctx, time.Time{}); err != nil || done.Broken != 5 || done.Events != 7 {
			t.Errorf("replay: %+v, %v", done, err)
		}
		same(t, w.wall(listen.Filter{}), "odd", "fine")
	})
}

func TestStrangeWordsAreKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		w.watch("kettle", false)
		huge := post("huge", strings.Repeat("kettle wörter ", 800_000)) // 12 MB
		nul := post("nul\x00\xff", "kettle\x00 \xff\xfe end")
		nul.Author.Name, nul.Published = "\x00", time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC)
		nul.Published = now.Now().Add(1000 * time.Hour)
		old := post("old", "kettle")
		old.Published = time.Date(1815, 1, 1, 0, 0, 0, 0, time.UTC)
		e := event(post("odd key", "kettle"))
		e.Key = strings.Repeat("k", 100_000) + "\x00"
		w.take(c.ID, event(huge), event(nul), event(old), e)
		got := w.wall(listen.Filter{Query: "kettle"})
		if len(got) != 4 {
			t.Fatalf("%v", got)
		}
		for id, m := range w.heard() {
			if len(m.Activity.Text) > 300_000 || strings.ContainsRune(m.Activity.Text, 0) || m.Activity.Published.After(now.Now()) {
				t.Errorf("%s: %d bytes, %s", id, len(m.Activity.Text), m.Activity.Published)
			}
		}
		if n := w.count("SELECT MAX(LENGTH(raw)) FROM inbound"); n < 10_000_000 {
			t.Errorf("of the raw event only %d bytes are kept", n)
		}
		var ids []social.ActivityID
		for _, m := range w.heard() {
			ids = append(ids, m.Activity.ID)
		}
		if err := w.Index(w.ctx, ids); err != nil {
			t.Fatal(err)
		}
		if got := w.wall(listen.Filter{Query: "wörter"}); len(got) != 1 {
			t.Errorf("%v", got)
		}
	})
}

func TestOldRawEventsAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		w.take(c.ID, event(post("1", "kettle")))
		s := w.station(&faulty{DB: listendb.New(db), at: "write", when: func() error { return errBoom }})
		if _, err := s.Take(w.ctx, c.ID, []channel.Event{event(post("waits", "kettle"))}, ""); err != nil {
			t.Fatal(err)
		}
		now.Add(100 * 24 * time.Hour)
		s = w.station(listendb.New(db))
		if _, err := s.Take(w.ctx, c.ID, []channel.Event{event(post("2", "kettle"))}, ""); err != nil {
			t.Fatal(err)
		}
		n, err := s.Prune(w.ctx, now.Now().AddDate(0, 0, -listen.RawDays))
		if err != nil || n != 1 {
			t.Fatalf("%d forgotten, %v; want only the one that is processed and old", n, err)
		}
		if n := w.count("SELECT COUNT(*) FROM activity"); n != 2 {
			t.Errorf("%d activities", n)
		}
	})
}

func TestAFullDiskStopsIntakeAndLosesNothing(t *testing.T) {
	now := clock.NewSet(storetest.Start)
	db := storetest.SQLite(t, now) // PostgreSQL cannot be made full here
	w := open(t, db, now)
	c := w.channel("feed", "plain")
	pages := func(n int) {
		t.Helper()
		if err := db.InTx(w.ctx, func(ctx context.Context) error {
			_, err := db.IDB(ctx).ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", n))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	pages(w.count("PRAGMA page_count") + 10)
	stored := 0
	var full error
	for i := 0; full == nil && i < 500; i++ {
		var got listen.Taken
		got, full = w.Take(w.ctx, c.ID, []channel.Event{event(post(fmt.Sprint(i), strings.Repeat("kettle ", 200)))}, fmt.Sprint(i))
		stored += got.Kept
	}
	e, ok := full.(*social.Error)
	if !ok || e.Kind != social.Busy || !strings.Contains(e.Text, "disk is full") {
		t.Fatalf("after %d events: %v", stored, full)
	}
	if n := w.count("SELECT COUNT(*) FROM inbound"); n != stored {
		t.Errorf("%d events lie there, %d were acknowledged", n, stored)
	}
	info, _ := w.ChannelInfo(c.ID)
	if info.Cursor != fmt.Sprint(stored-1) {
		t.Errorf("the cursor is %q after %d events", info.Cursor, stored)
	}
	pages(1 << 20) // somebody made room
	again := w.station(listendb.New(db))
	if err := again.Sweep(w.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := again.Take(w.ctx, c.ID, []channel.Event{event(post(fmt.Sprint(stored), "kettle"))}, ""); err != nil {
		t.Fatal(err)
	}
	if n := w.count("SELECT COUNT(*) FROM activity"); n != stored+1 {
		t.Errorf("%d activities, want %d", n, stored+1)
	}
	if n, _ := again.Backlog(w.ctx); n != 0 {
		t.Errorf("%d still wait", n)
	}
}
