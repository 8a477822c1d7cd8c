package wordpress

import (
	"context"
	"html"
	"slices"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

func connect(t *testing.T, d *double, c clock.Clock, s channel.Settings) (channel.Channel, *channeltest.Server) {
	t.Helper()
	srv := channeltest.Serve(t, d)
	srv.Refuse = refuse
	s["site"] = srv.URL
	ch, err := Kind().New(s, srv.Env(c))
	if err != nil {
		t.Fatal(err)
	}
	return ch, srv
}

func rig(t *testing.T, d *double, s channel.Settings) *channeltest.Rig {
	ch, srv := connect(t, d, clock.System{}, s)
	return &channeltest.Rig{
		Channel: ch,
		Say:     func(text string) string { return d.say(html.EscapeString(text)) },
		Past: func(text string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.add(2, 1, 0, text, "approved", d.clock.Add(-1000*time.Hour))
		},
		Edit: d.edit, Delete: d.remove, Trouble: srv.Trouble, Ours: d.ours,
		Carried: d.carried,
		Stands: func(id string) (there, hidden bool) {
			d.mu.Lock()
			defer d.mu.Unlock()
			c := d.find(id)
			return c != nil && c.status != "trash", c != nil && c.status == "hold"
		},
		Fumble:  func() { d.mu.Lock(); d.fumbles = true; d.mu.Unlock() },
		Uploads: func() int { d.mu.Lock(); defer d.mu.Unlock(); return len(d.library) },
		Malformed: [][]byte{
			[]byte(`{"event":"comment","site":"https://x","seen":"2026-01-01T00:00:00Z","payload":{"id":0}}`),
			[]byte(`{"event":"comment","site":"https://x","seen":"2026-01-01T00:00:00Z","payload":{"id":1,"post":1,"date_gmt":"yesterday"}}`),
			[]byte(`{"event":"post","site":"https://x","seen":"2026-01-01T00:00:00Z","payload":{"id":"1"}}`),
			[]byte(`{"event":"gone","site":"https://x","seen":"2026-01-01T00:00:00Z","id":"7"}`),
			[]byte(`{"event":"gone","id":"c7"}`),
			[]byte(`{"event":"explode","site":"https://x","seen":"2026-01-01T00:00:00Z"}`),
		},
		Tells: true, Many: 250,
	}
}

func TestOurBlog(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		return rig(t, newDouble(), channel.Settings{"user": user, "password": password})
	})
}

// A blog without a trash deletes at once.
func TestNoTrash(t *testing.T) {
	d := newDouble()
	d.trashless = true
	ch, _ := connect(t, d, clock.System{}, channel.Settings{"user": user, "password": password})
	at := channel.Spot{ID: d.say("Cheap pills"), Visibility: social.Public}
	for range 2 {
		if err := ch.(channel.Moderator).Remove(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	if d.find(at.ID) != nil {
		t.Fatal("it still stands")
	}
}

// What WordPress does not let our account do is not offered, and never done to
// somebody else's words by the way of our own.
func TestWhoMayModerate(t *testing.T) {
	d := newDouble()
	ch, _ := connect(t, d, clock.System{}, channel.Settings{"user": user, "password": password})
	theirs := channel.Spot{ID: d.say("A fair question"), Visibility: social.Public}
	if err := ch.(channel.Retractor).Retract(t.Context(), theirs); !social.Forbidden.Is(err) {
		t.Fatalf("theirs, as if it were ours: %v", err)
	}
	if d.find(theirs.ID).status != "approved" {
		t.Fatal("it is gone")
	}
	d.reader = true
	ch, _ = connect(t, d, clock.System{}, channel.Settings{"user": user, "password": password})
	if err := ch.(channel.Moderator).Hide(t.Context(), theirs, true); err == nil {
		t.Fatal("a subscriber hides it")
	}
	if hide, remove := ch.(channel.Moderator).Moderates(theirs); hide || remove || ch.(channel.Retractor).Retracts(theirs) {
		t.Fatal("it is known that a subscriber may not, and offered all the same")
	}
}

// An account that may not moderate, on a blog without readable addresses.
func TestSubscriber(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := newDouble()
		d.reader, d.plain = true, true
		r := rig(t, d, channel.Settings{"user": user, "password": password, "whose": "somebody else’s"})
		r.Light = true
		if p, ok := r.Channel.(*account); ok {
			r.Channel = answerer{p, p, p, poller{p}} // it may not publish
		}
		return r
	})
}

// answerer is an account without publishing.
type answerer struct {
	channel.Sender
	channel.Finder
	channel.Profiler
	poller
}

type poller struct{ p channel.Poller }

func (p poller) Poll(ctx context.Context, cursor string) (channel.Batch, error) {
	return p.p.Poll(ctx, cursor)
}
func (p poller) Interval() time.Duration { return p.p.Interval() }

func TestStranger(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		r := rig(t, newDouble(), channel.Settings{"whose": "somebody else’s"})
		r.Anonymous, r.Light = true, true
		return r
	})
}

func TestAbilities(t *testing.T) {
	ch, _ := connect(t, newDouble(), clock.System{}, channel.Settings{})
	if got := channel.Abilities(ch); !slices.Equal(got, []string{"listen", "poll"}) {
		t.Fatalf("a stranger: %v", got)
	}
	ch, _ = connect(t, newDouble(), clock.System{}, channel.Settings{"user": user, "password": password})
	if got := channel.Abilities(ch); !slices.Equal(got, []string{"listen", "poll", "reply", "find", "publish", "moderate", "retract", "profile"}) {
		t.Fatalf("an account: %v", got)
	}
}
