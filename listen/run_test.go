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
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// running is a station that listens, whose waits a test lets pass.
type running struct {
	*world
	waits chan time.Duration
	pass  chan struct{}
	stop  func()
}

func (w *world) run() *running {
	r := &running{world: w, waits: make(chan time.Duration, 100), pass: make(chan struct{})}
	w.OnWait(func(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
		r.waits <- d
		select {
		case <-r.pass:
			return nil
		case <-wake:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	ctx, cancel := context.WithCancel(w.ctx)
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	r.stop = func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Error(err)
		}
	}
	return r
}

// next waits until the channel waits, and says for how long.
func (r *running) next() time.Duration {
	r.t.Helper()
	select {
	case d := <-r.waits:
		return d
	case <-time.After(30 * time.Second):
		r.t.Fatal("the channel never waited")
		return 0
	}
}

func (r *running) health(id social.ChannelID) listen.Health {
	r.t.Helper()
	c, err := r.ChannelByID(r.ctx, id)
	if err != nil {
		r.t.Fatal(err)
	}
	return c.Health
}

func brings(cursor string, more bool, events ...channel.Event) func(string) (channel.Batch, error) {
	return func(string) (channel.Batch, error) {
		return channel.Batch{Events: events, Cursor: cursor, More: more}, nil
	}
}

func fails(err error) func(string) (channel.Batch, error) {
	return func(string) (channel.Batch, error) { return channel.Batch{}, err }
}

func between(t *testing.T, what string, d, low, high time.Duration) {
	t.Helper()
	if d < low || d > high {
		t.Errorf("%s: waits %s, want %s to %s", what, d, low, high)
	}
}

func TestPolling(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		w.net.polls = []func(string) (channel.Batch, error){
			brings("1", true, event(post("a", "kettle"))), brings("2", false, event(post("b", "kettle"))),
			fails(social.Errorf(social.Busy, "The network is away.")),
			fails(&channel.Later{Err: social.Errorf(social.Busy, "The network asks us to wait."), Wait: time.Hour}),
			fails(social.Errorf(social.Unauth, "Connect the channel again.")),
			brings("3", false, event(post("c", "kettle"))),
		}
		r := w.run()
		between(t, "after a poll", r.next(), 54*time.Second, 66*time.Second)
		if h := r.health(c.ID); h.State != listen.Fine || !h.LastHeard.Equal(now.Now()) {
			t.Errorf("%+v", h)
		}
		r.pass <- struct{}{}
		between(t, "after a failure", r.next(), 900*time.Millisecond, 1100*time.Millisecond)
		if h := r.health(c.ID); h.State != listen.Waiting || h.Text != "The network is away." || h.Retry.IsZero() {
			t.Errorf("%+v", h)
		}
		r.pass <- struct{}{}
		between(t, "asked to wait", r.next(), time.Hour, time.Hour+2*time.Second)
		r.pass <- struct{}{}
		between(t, "a revoked token", r.next(), 13*time.Minute, 17*time.Minute)
		if h := r.health(c.ID); h.State != listen.Trouble || h.Text != "Connect the channel again." || h.LastError == "" {
			t.Errorf("%+v", h)
		}
		if err := w.PollNow(w.ctx, c.ID); err != nil { // somebody cannot wait
			t.Fatal(err)
		}
		r.next()
		if h := r.health(c.ID); h.State != listen.Fine || h.LastError == "" {
			t.Errorf("%+v", h)
		}
		r.stop()
		same(t, w.net.asked, "", "1", "2", "2", "2", "2")
		same(t, w.wall(listen.Filter{}), "c", "b", "a")
		var kept, health string
		if err := db.IDB(w.ctx).NewRaw("SELECT position, health_text FROM channel").Scan(w.ctx, &kept, &health); err != nil || kept != "3" || health != "Listening." {
			t.Errorf("kept %q, %q, %v", kept, health, err)
		}
		got, err := w.ChannelByID(w.ctx, c.ID)
		if err != nil || got.Profile == nil || got.Profile.Handle != "brewell" {
			t.Errorf("our profile: %+v, %v", got.Profile, err)
		}
	})
}

func TestAChannelFollowsItsSettings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		r := w.run()
		defer r.stop()
		c := w.channel("feed", "plain") // is heard without a restart
		r.next()
		paused, active := listen.Paused, listen.Active
		if _, err := w.ChangeChannel(w.ctx, c.ID, listen.Patch{State: &paused}); err != nil {
			t.Fatal(err)
		}
		if h := r.health(c.ID); h.State != listen.Off {
			t.Errorf("%+v", h)
		}
		if err := w.PollNow(w.ctx, c.ID); !social.Conflict.Is(err) {
			t.Errorf("a paused channel was asked: %v", err)
		}
		if _, err := w.ChangeChannel(w.ctx, c.ID, listen.Patch{State: &active, Settings: map[string]string{"address": "https://y.test"}}); err != nil {
			t.Fatal(err)
		}
		r.next()
		if h := r.health(c.ID); h.State != listen.Fine {
			t.Errorf("%+v", h)
		}
		w.net.mu.Lock()
		last := w.net.seen[len(w.net.seen)-1]["address"]
		w.net.mu.Unlock()
		if last != "https://y.test" {
			t.Errorf("the channel uses %s", last)
		}
		if err := w.RemoveChannel(w.ctx, c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Channel(w.ctx, c.ID); !social.NotFound.Is(err) {
			t.Errorf("a removed channel can be used: %v", err)
		}
		var secrets string
		if err := db.IDB(w.ctx).NewRaw("SELECT secrets || settings FROM channel").Scan(w.ctx, &secrets); err != nil || secrets != "{}" {
			t.Errorf("of a removed channel %q stays", secrets)
		}
	})
}

func TestStreaming(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		w.watch("kettle", true)
		c := w.channel("wire", "plain")
		for i := range 3000 {
			text := "nothing"
			if i%100 == 0 {
				text = "kettle"
			}
			w.net.flow = append(w.net.flow, at(event(post(fmt.Sprint(i), text)), fmt.Sprintf("%06d", i)))
		}
		if _, err := w.ChangeChannel(w.ctx, c.ID, listen.Patch{Settings: map[string]string{"sort": "firehose"}}); err != nil {
			t.Fatal(err)
		}
		r := w.run()
		for late := time.After(30 * time.Second); ; { // until all has come through
			told := db.Woken()
			if w.count("SELECT COUNT(*) FROM activity") == 30 {
				break
			}
			select {
			case <-told:
			case <-late:
				t.Fatal("it never came through")
			}
		}
		r.stop() // what was only counted is written now
		var kept string
		if err := db.IDB(w.ctx).NewRaw("SELECT position FROM channel").Scan(w.ctx, &kept); err != nil || kept != "002999" {
			t.Errorf("the cursor is %q, %v", kept, err)
		}
		hours, err := w.Hours(w.ctx, now.Now().Add(-time.Hour), now.Now().Add(time.Hour))
		if err != nil || len(hours) != 1 || hours[0].Heard != 3000 || hours[0].Dropped != 2970 || hours[0].Matched != 30 {
			t.Errorf("%+v, %v", hours, err)
		}
	})
}

func TestABrokenStreamIsOpenedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		stands := time.Duration(0)
		w.net.broke = func() error {
			now.Add(stands)
			return social.Errorf(social.Busy, "The connection broke.")
		}
		c := w.channel("wire", "firehose")
		r := w.run()
		defer r.stop()
		for want := time.Second; want <= 16*time.Second; want *= 2 { // later each time
			between(t, "it never stands", r.next(), want*9/10, want*11/10)
			if want < 16*time.Second {
				r.pass <- struct{}{}
			}
		}
		if h := r.health(c.ID); h.State != listen.Trouble {
			t.Errorf("after five times: %+v", h)
		}
		w.net.mu.Lock()
		stands = time.Hour
		w.net.mu.Unlock()
		for range 3 {
			r.pass <- struct{}{}
			between(t, "it stood for an hour", r.next(), 900*time.Millisecond, 1100*time.Millisecond)
		}
		if h := r.health(c.ID); h.State != listen.Waiting {
			t.Errorf("a network that closes now and then: %+v", h)
		}
	})
}

func TestSettingsAreChecked(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		tests := []struct {
			name  string
			draft listen.Draft
			field string
		}{
			{"no such network", listen.Draft{Kind: "x", Name: "X"}, "kind"},
			{"no name", listen.Draft{Kind: "wire", Name: " \x00 ", Settings: map[string]string{"address": "https://x"}}, "name"},
			{"something is missing", listen.Draft{Kind: "wire", Name: "X"}, "address"},
			{"the kind refuses", listen.Draft{Kind: "wire", Name: "X", Settings: map[string]string{"address": "ftp://x"}}, "address"},
			{"no such setting", listen.Draft{Kind: "wire", Name: "X", Settings: map[string]string{"address": "https://x", "colour": "red"}}, "colour"},
			{"no such choice", listen.Draft{Kind: "wire", Name: "X", Settings: map[string]string{"address": "https://x", "sort": "odd"}}, "sort"},
		}
		for _, x := range tests {
			_, err := w.AddChannel(w.ctx, x.draft)
			var e *social.Error
			if !social.Invalid.Is(err) || !asSocial(err, &e) || e.Field != x.field {
				t.Errorf("%s: %v (field %q), want field %q", x.name, err, e.Field, x.field)
			}
		}
		if n := w.count("SELECT COUNT(*) FROM channel"); n != 0 {
			t.Errorf("%d channels were made", n)
		}

		c, err := w.AddChannel(w.ctx, listen.Draft{Kind: "wire", Name: "X", Settings: map[string]string{"address": "https://x.test", "token": "canary"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.ChangeChannel(w.ctx, c.ID, listen.Patch{Settings: map[string]string{"token": "", "address": "https://z.test"}}); err != nil {
			t.Fatal(err)
		}
		last := w.net.seen[len(w.net.seen)-1]
		if last["token"] != "canary" || last["address"] != "https://z.test" {
			t.Errorf("an empty secret replaced the stored one: %v", last)
		}
		var all string
		if err := db.IDB(w.ctx).NewRaw("SELECT settings || secrets || (SELECT detail FROM record ORDER BY seq DESC LIMIT 1) FROM channel").Scan(w.ctx, &all); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(all, "canary") {
			t.Errorf("the secret lies open in the database: %s", all)
		}
		if n := w.count("SELECT COUNT(*) FROM record WHERE object = 'channel'"); n != 2 {
			t.Errorf("%d entries in the record, want 2", n)
		}
	})
}

func asSocial(err error, e **social.Error) bool {
	x, ok := err.(*social.Error)
	if !ok {
		x = &social.Error{}
	}
	*e = x
	return ok
}
