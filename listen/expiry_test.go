package listen_test

import (
	"context"
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

// hooked is a channel that is told by webhook and knows what of it ends.
type hooked struct {
	*wire
	ends []channel.Expiry
	err  error
	s    channel.Settings
}

func (h *hooked) Receive(r channel.Request) (channel.Answer, error) {
	if got := r.Header.Get("X-Secret"); got != h.s["secret"] && (h.s["former"] == "" || got != h.s["former"]) {
		return channel.Answer{}, social.Errorf(social.Unauth, "The secret is wrong.")
	}
	return channel.Answer{Events: []channel.Event{{Key: string(r.Body), Raw: r.Body}}}, nil
}

func (h *hooked) Expiries(context.Context) ([]channel.Expiry, error) { return h.ends, h.err }

func hookedWorld(t *testing.T, db *store.DB, now *clock.Set) (*world, *hooked, listen.Channel) {
	t.Helper()
	w := open(t, db, now)
	h := &hooked{wire: &wire{net: w.net}}
	kind := channel.Kind{
		Name: "hooked", Title: "The hooked",
		Form: []channel.Field{
			{Name: "secret", Type: "secret", Label: "Secret", Required: true, Make: "key", Previous: "former"},
			{Name: "former", Type: "secret", Label: "Former", Hidden: true},
			{Name: "own", Type: "secret", Label: "Own", Hidden: true, Make: "whsec"},
			{Name: "token", Type: "secret", Label: "Token"},
		},
		New: func(s channel.Settings, _ channel.Env) (channel.Channel, error) { h.s = s; return h, nil },
	}
	w.Station = listen.New(listen.Options{Store: listendb.New(db), Kinds: []channel.Kind{kind}, Sealer: box, Clock: now, Base: "https://parley.example/"})
	if err := w.Open(w.ctx); err != nil {
		t.Fatal(err)
	}
	c, err := w.AddChannel(w.ctx, listen.Draft{Kind: "hooked", Name: "Hooked", Settings: map[string]string{"secret": "first-secret", "token": "t"}})
	if err != nil {
		t.Fatal(err)
	}
	return w, h, c
}

func TestWhatEndsIsSaidInTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w, h, c := hookedWorld(t, db, now)
		day := 24 * time.Hour
		tests := []struct {
			name  string
			ends  time.Duration // from now
			state listen.HealthState
			text  string
		}{
			{"ends in a year", 365 * day, listen.Waiting, ""},
			{"ends in 15 days", 15 * day, listen.Waiting, ""},
			{"ends in 14 days", 14 * day, listen.Soon, "The token ends on "},
			{"ends in an hour", time.Hour, listen.Soon, "Make a new one."},
			{"has ended", -time.Hour, listen.Trouble, "The token has ended. Make a new one."},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				h.ends = []channel.Expiry{{What: "API version v9", At: now.Now().Add(900 * day)}, {What: "token", At: now.Now().Add(tt.ends), Help: "Make a new one."}}
				got, err := w.CheckChannel(w.ctx, c.ID)
				if err != nil {
					t.Fatal(err)
				}
				health := got.Health.At(now.Now())
				if health.State != tt.state || !strings.Contains(health.Text, tt.text) {
					t.Fatalf("%s: %s", health.State, health.Text)
				}
				if e := got.Health.Endings(now.Now()); len(e) != 2 || e[0].What != "token" {
					t.Fatalf("%+v", e)
				}
			})
		}
		t.Run("what cannot be told keeps what was told, over a restart too", func(t *testing.T) {
			h.err = social.Errorf(social.Busy, "The network is away.")
			if _, err := w.CheckChannel(w.ctx, c.ID); err != nil {
				t.Fatal(err)
			}
			again := listen.New(listen.Options{Store: listendb.New(db), Sealer: box, Clock: now})
			if err := again.Open(w.ctx); err != nil {
				t.Fatal(err)
			}
			got, err := again.ChannelByID(w.ctx, c.ID)
			if err != nil || len(got.Health.Expiries) != 2 || got.Health.ExpiriesError != "The network is away." || !got.Health.ExpiriesAt.Equal(now.Now()) {
				t.Fatalf("%+v, %v", got.Health, err)
			}
		})
		t.Run("a paused channel is not asked, and warns of nothing", func(t *testing.T) {
			off := listen.Paused
			if _, err := w.ChangeChannel(w.ctx, c.ID, listen.Patch{State: &off}); err != nil {
				t.Fatal(err)
			}
			_, err := w.CheckChannel(w.ctx, c.ID)
			if !social.Conflict.Is(err) {
				t.Fatal(err)
			}
			got, _ := w.ChannelByID(w.ctx, c.ID)
			if s := got.Health.At(now.Now()).State; s != listen.Off {
				t.Fatal(s)
			}
		})
	})
}

func TestChannelsAreAskedDaily(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w, h, c := hookedWorld(t, db, now)
		h.ends = []channel.Expiry{{What: "token", At: now.Now().Add(48 * time.Hour)}}
		r := w.run()
		defer r.stop()
		for end := time.Now().Add(30 * time.Second); r.health(c.ID).ExpiriesAt.IsZero(); {
			if time.Now().After(end) {
				t.Fatal("it was never asked")
			}
		}
		if s := r.health(c.ID).At(now.Now()).State; s != listen.Soon {
			t.Fatal(s)
		}
	})
}

func TestALimitIsShownUntilItEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		w.net.polls = append(w.net.polls, fails(&channel.Later{Err: social.Errorf(social.Busy, "The wire asks us to wait."), Wait: 5 * time.Minute}), brings("1", false))
		c := w.channel("wire", "plain")
		r := w.run()
		defer r.stop()
		r.next()
		h := r.health(c.ID)
		if !h.Limit.Until.Equal(now.Now().Add(5*time.Minute)) || h.Limit.Text != "The wire asks us to wait." {
			t.Fatalf("%+v", h.Limit)
		}
		rows, err := listendb.New(db).Channels(w.ctx)
		if err != nil || !rows[0].Health.Limit.Until.Equal(h.Limit.Until) {
			t.Fatalf("stored %+v, %v", rows[0].Health.Limit, err)
		}
		r.pass <- struct{}{}
		r.next()
		if h = r.health(c.ID); !h.Limit.Until.IsZero() {
			t.Fatalf("it works again, and yet %+v", h.Limit)
		}
	})
}

func TestALimitOfSendingIsShownWhileItListens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("wire", "plain")
		w.net.polls = append(w.net.polls, brings("1", false))
		r := w.run()
		r.next()
		until := now.Now().Add(5 * time.Minute)
		for _, l := range []listen.Limit{{Text: "The wire asks us to wait.", Until: until}, {Text: "An older word.", Until: until.Add(-time.Minute)}} {
			if err := w.SendLimited(w.ctx, c.ID, l); err != nil {
				t.Fatal(err)
			}
		}
		r.pass <- struct{}{}
		r.next() // it listens on meanwhile
		h := r.health(c.ID)
		r.stop()
		rows, err := listendb.New(db).Channels(w.ctx)
		if err != nil || rows[0].Health.Send != h.Send || !h.Send.Until.Equal(until) {
			t.Fatalf("kept %+v, stored %+v, %v", h.Send, rows[0].Health.Send, err)
		}
		if at := h.At(now.Now()); at.State != listen.Waiting || !strings.Contains(at.Text, "The wire asks us to wait. Replies wait until ") {
			t.Errorf("it looks %+v", at)
		}
		if at := h.At(until); at.State != listen.Fine {
			t.Errorf("after that it looks %+v", at)
		}
		if err := w.SendLimited(w.ctx, "none", listen.Limit{}); !social.NotFound.Is(err) {
			t.Errorf("of no channel: %v", err)
		}
	})
}

func TestSecretsRotateWithoutAGap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w, h, c := hookedWorld(t, db, now)
		knocks := func(secret string) bool {
			_, err := w.Receive(w.ctx, c.ID, channel.Request{Method: "POST", Header: map[string][]string{"X-Secret": {secret}},
				Body: []byte(`{"external_id":"1","author":{"scheme":"x","value":"y"},"text":"hi"}`)})
			return err == nil
		}
		if h.s["own"] == "" {
			t.Fatal("what nobody types in was not made")
		}
		own := h.s["own"]
		_, fresh, err := w.Rotate(w.ctx, c.ID, "secret")
		if err != nil || len(fresh) < 40 {
			t.Fatalf("%q, %v", fresh, err)
		}
		if !knocks("first-secret") || !knocks(fresh) || knocks("") {
			t.Fatal("while the sender changes over, both count and nothing else")
		}
		empty := ""
		if _, err := w.ChangeChannel(w.ctx, c.ID, listen.Patch{Settings: map[string]string{"secret": empty, "token": empty}}); err != nil {
			t.Fatal(err)
		}
		if !knocks(fresh) || h.s["token"] != "t" || h.s["own"] != own {
			t.Fatal("an empty value took a secret's place")
		}
		if _, err := w.DropFormer(w.ctx, c.ID, "secret"); err != nil {
			t.Fatal(err)
		}
		if knocks("first-secret") || !knocks(fresh) {
			t.Fatal("the former secret still counts")
		}
		if _, err := w.DropFormer(w.ctx, c.ID, "secret"); !social.Conflict.Is(err) {
			t.Fatal(err)
		}
		if _, _, err := w.Rotate(w.ctx, c.ID, "token"); !social.Invalid.Is(err) {
			t.Fatal(err)
		}
		if rows := w.count("SELECT COUNT(*) FROM record WHERE verb = 'rotate'"); rows != 1 {
			t.Fatalf("%d entries of the record", rows)
		}
	})
}
