package mediawiki

import (
	"slices"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
)

func connect(t *testing.T, d *double, s channel.Settings) (channel.Channel, *channeltest.Server) {
	t.Helper()
	srv := channeltest.Serve(t, d)
	srv.Refuse = refuse
	s["site"] = srv.URL + "/wiki/Main_Page"
	ch, err := Kind().New(s, srv.Env(clock.System{}))
	if err != nil {
		t.Fatal(err)
	}
	return ch, srv
}

func rig(t *testing.T, d *double, s channel.Settings) *channeltest.Rig {
	ch, srv := connect(t, d, s)
	return &channeltest.Rig{
		Channel: ch, Say: d.say, Delete: d.remove, Trouble: srv.Trouble, Ours: d.ours,
		Past: func(text string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.editAt("Maya", "Talk:Old", 1, text, "", d.clock.Add(-1000*time.Hour))
		},
		Malformed: [][]byte{
			[]byte(`{"event":"edit","wiki":"https://x/$1","payload":{"revid":0}}`),
			[]byte(`{"event":"edit","wiki":"https://x/$1","payload":{"revid":1,"pageid":2,"title":"T","timestamp":"yesterday"}}`),
			[]byte(`{"event":"edit","payload":{}}`),
			[]byte(`{"event":"gone","wiki":"https://x/$1","id":7}`),
			[]byte(`{"event":"explode","wiki":"https://x/$1"}`),
		},
		Keyed: true, Tells: true,
	}
}

func TestAccount(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		return rig(t, newDouble(), channel.Settings{"user": login, "password": password})
	})
}

func TestStranger(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := newDouble()
		d.limit = 3 // a wiki that gives few texts at once
		r := rig(t, d, channel.Settings{"user": "brewell", "follow": "everything"})
		r.Anonymous, r.Light = true, true
		return r
	})
}

func TestAbilities(t *testing.T) {
	ch, _ := connect(t, newDouble(), channel.Settings{})
	if got := channel.Abilities(ch); !slices.Equal(got, []string{"listen", "poll"}) {
		t.Fatalf("a stranger: %v", got)
	}
	ch, _ = connect(t, newDouble(), channel.Settings{"user": login, "password": password})
	if got := channel.Abilities(ch); !slices.Equal(got, []string{"listen", "poll", "reply", "find", "profile"}) {
		t.Fatalf("an account: %v", got)
	}
}
