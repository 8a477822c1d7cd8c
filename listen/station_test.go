package listen_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/listen"
	"github.com/parley-crm/parley/listen/listendb"
	"github.com/parley-crm/parley/listen/place"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// wire is a network of our own making: its events are activities in JSON.
type wire struct {
	net      *network
	firehose bool
}

type network struct {
	mu    sync.Mutex
	polls []func(cursor string) (channel.Batch, error) // what the next polls bring
	asked []string
	seen  []channel.Settings
	self  error
	flow  []channel.Event   // what a stream brings
	broke func() error      // how a stream ends by itself
	names map[string]string // handles, by value
}

func (n *network) kind(name string) channel.Kind {
	return channel.Kind{
		Name: name, Title: "The " + name, Site: "test",
		Form: []channel.Field{
			{Name: "address", Label: "Address", Type: "url", Required: true},
			{Name: "token", Label: "Token", Type: "secret"},
			{Name: "sort", Label: "Sort", Type: "choice", Choices: []string{"plain", "firehose", "stream"}, Default: "plain"},
		},
		New: func(s channel.Settings, _ channel.Env) (channel.Channel, error) {
			if !strings.HasPrefix(s["address"], "https://") {
				return nil, &social.Error{Kind: social.Invalid, Field: "address", Text: "The address begins with https://."}
			}
			n.mu.Lock()
			n.seen = append(n.seen, s)
			n.mu.Unlock()
			w := &wire{net: n, firehose: s["sort"] == "firehose"}
			if s["sort"] != "plain" {
				return &streaming{w}, nil
			}
			return &polling{w}, nil
		},
	}
}

func (w *wire) Read(e channel.Event) ([]social.Activity, error) {
	if string(e.Raw) == "panic" {
		panic("a bug in the adapter")
	}
	if strings.HasPrefix(string(e.Raw), "share ") {
		return nil, nil
	}
	var a social.Activity
	if err := json.Unmarshal(e.Raw, &a); err != nil {
		return nil, social.Because(social.Invalid, err, "This is not JSON.")
	}
	return []social.Activity{a}, nil
}

func (w *wire) Self(context.Context) (social.Author, error) {
	return social.Author{Scheme: "acct", Value: "brewell@test", Handle: "brewell", Name: "Brewell"}, w.net.self
}

func (w *wire) Profile(_ context.Context, a social.Author) (social.Author, error) {
	w.net.mu.Lock()
	defer w.net.mu.Unlock()
	h, ok := w.net.names[a.Value]
	if !ok {
		return a, social.Errorf(social.Busy, "The directory does not answer.")
	}
	a.Handle = h
	return a, nil
}

type polling struct{ *wire }

func (p *polling) Poll(_ context.Context, cursor string) (channel.Batch, error) {
	p.net.mu.Lock()
	defer p.net.mu.Unlock()
	p.net.asked = append(p.net.asked, cursor)
	if len(p.net.polls) == 0 {
		return channel.Batch{Cursor: cursor}, nil
	}
	next := p.net.polls[0]
	p.net.polls = p.net.polls[1:]
	return next(cursor)
}

func (p *polling) Interval() time.Duration { return time.Minute }

type streaming struct{ *wire }

func (s *streaming) Stream(ctx context.Context, _ string, take func(channel.Event) error) error {
	s.net.mu.Lock()
	flow, broke := s.net.flow, s.net.broke
	s.net.flow = nil
	s.net.mu.Unlock()
	for _, e := range flow {
		if err := take(e); err != nil {
			return err
		}
	}
	if broke != nil {
		return broke()
	}
	<-ctx.Done()
	return ctx.Err()
}

func (s *streaming) Firehose() bool { return s.firehose }

// world is a station with what stands around it.
type world struct {
	*listen.Station
	t   *testing.T
	db  *store.DB
	net *network
	now *clock.Set
	ctx context.Context

	counts int // how often the rollups were looked at
	book   *place.Book
}

var box = secret.Random()

func open(t *testing.T, db *store.DB, now *clock.Set) *world {
	t.Helper()
	n := &network{}
	w := &world{t: t, db: db, net: n, now: now}
	w.ctx = social.WithScope(social.WithActor(t.Context(), social.SystemActor()), social.Scope{All: true})
	w.book = &place.Book{Store: listendb.New(db), Clock: now, Scores: func(context.Context, []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
		return nil, nil
	}}
	w.Station = w.station(listendb.New(db))
	w.book.Station = w.Station
	if err := w.book.Open(w.ctx); err != nil {
		t.Fatal(err)
	}
	return w
}

// station opens another station on the same database, as a restart does.
func (w *world) station(s listen.Store) *listen.Station {
	w.t.Helper()
	st := listen.New(listen.Options{Store: s, Kinds: []channel.Kind{w.net.kind("wire"), w.net.kind("feed")},
		Sealer: box, Clock: w.now, KeepAll: []string{"feed"}, Places: w.book})
	if err := st.Open(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	return st
}

func (w *world) channel(kind, sort string) listen.Channel {
	w.t.Helper()
	c, err := w.AddChannel(w.ctx, listen.Draft{Kind: kind, Name: "Our " + kind, Settings: map[string]string{"address": "https://x.test", "sort": sort}})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) watch(query string, inbox bool) listen.Monitor {
	w.t.Helper()
	m, err := w.AddMonitor(w.ctx, listen.MonitorDraft{Name: query, Query: query, Inbox: inbox})
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// post makes an activity that somebody says in public.
func post(id, text string) social.Activity {
	return social.Activity{
		ExternalID: id, Verb: social.Create, Form: social.FormPost, Visibility: social.Public, Text: text,
		Author:    social.Author{Scheme: "acct", Value: "maya@test", Handle: "maya", Name: "Maya", Followers: 12},
		Published: storetest.Start.Add(-time.Hour),
	}
}

// event wraps an activity; the key names the version.
func event(a social.Activity) channel.Event {
	raw, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return channel.Event{Key: string(a.Verb) + " " + a.ExternalID + " " + a.Version, Raw: raw}
}

func (w *world) take(id social.ChannelID, events ...channel.Event) listen.Taken {
	w.t.Helper()
	got, err := w.Take(w.ctx, id, events, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

func (w *world) wall(f listen.Filter) []string {
	w.t.Helper()
	page, err := w.Wall(w.ctx, f, nil, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, it := range page.Items {
		out = append(out, it.ExternalID)
	}
	return out
}

// mentions returns what other rooms are told, by external id.
func (w *world) heard() map[string]social.Mention {
	w.t.Helper()
	out := map[string]social.Mention{}
	facts, err := w.db.Facts(w.ctx, 0, 10_000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range facts {
		h, ok := f.Fact.(social.Heard)
		if !ok {
			continue
		}
		got, err := w.Mentions(w.ctx, h.Activities)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(got) != len(h.Activities) {
			w.t.Fatalf("told of %d activities, found %d", len(h.Activities), len(got))
		}
		for _, m := range got {
			out[m.Activity.ExternalID] = m
		}
	}
	return out
}

// facts counts the Heard facts.
func (w *world) facts() (n int) {
	w.t.Helper()
	facts, err := w.db.Facts(w.ctx, 0, 10_000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range facts {
		if _, ok := f.Fact.(social.Heard); ok {
			n++
		}
	}
	return n
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	if err := w.db.IDB(w.ctx).NewRaw(query, args...).Scan(w.ctx, &n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

func same(t *testing.T, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

var errBoom = errors.New("boom")

func TestWhatIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		hose, plain, feed := w.channel("wire", "firehose"), w.channel("wire", "plain"), w.channel("feed", "plain")
		m := w.watch("kettle", true)
		quiet := w.watch("kettle OR teapot", false)
		about, other, ours, direct := post("1", "My Kettle leaks"), post("2", "Lovely weather"), post("3", "We sell a kettle"), post("4", "hello @brewell")
		ours.Own = true
		direct.Directed = true
		for _, c := range []listen.Channel{hose, plain, feed} {
			got := w.take(c.ID, event(about), event(other), event(ours), event(direct))
			want := listen.Taken{Kept: 3, Count: listen.Count{Heard: 4, Directed: 1, Matched: 1, Dropped: 1}}
			if c.ID == feed.ID {
				want.Kept, want.Dropped = 4, 0
			}
			if got != want {
				t.Errorf("%s: got %+v, want %+v", c.Name, got, want)
			}
		}
		same(t, w.wall(listen.Filter{Monitor: m.ID}), "1", "1", "1")
		same(t, w.wall(listen.Filter{Channel: feed.ID}), "4", "2", "1")
		heard := w.heard()
		if x := heard["1"]; !x.Inbox || x.Monitor != m.ID || len(x.Monitors) != 2 || x.Monitors[1] != quiet.ID {
			t.Errorf("matched: %+v", x)
		}
		if x := heard["3"]; x.Inbox || len(x.Monitors) != 0 || !x.Activity.Own {
			t.Errorf("our own: %+v", x)
		}
		if x := heard["4"]; !x.Inbox || x.Monitor != "" || x.Identity != direct.Author.ID() {
			t.Errorf("directed: %+v", x)
		}
		if x := heard["2"]; x.Inbox {
			t.Errorf("kept, but nobody's business: %+v", x)
		}
		if err := w.Flush(w.ctx, hose.ID); err != nil {
			t.Fatal(err)
		}
		hours, err := w.Hours(w.ctx, now.Now().Add(-time.Hour), now.Now().Add(time.Hour))
		if err != nil || len(hours) != 3 {
			t.Fatalf("hours: %+v, %v", hours, err)
		}
		for _, h := range hours {
			if h.Heard != 4 || h.Matched != 1 || h.Directed != 1 {
				t.Errorf("%+v", h)
			}
		}
	})
}

func TestTheSameEventTwiceChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := open(t, db, now)
		c := w.channel("feed", "plain")
		m := w.watch("kettle", false)
		w.take(c.ID, event(post("1", "kettle")), event(post("1", "kettle")), event(post("2", "pot")))
		before := w.facts()
		got := w.take(c.ID, event(post("2", "pot")), event(post("1", "kettle")))
		if got.Kept != 0 || w.facts() != before {
			t.Errorf("the second time: %+v, %d facts more", got, w.facts()-before)
		}
		if n := w.count("SELECT COUNT(*) FROM activity"); n != 2 {
			t.Errorf("%d activities, want 2", n)
		}
		v, err := w.Volumes(w.ctx, []social.MonitorID{m.ID})
		if err != nil || v[m.ID].Day != 1 {
			t.Errorf("counted %+v, %v; want once", v, err)
		}
	})
}
