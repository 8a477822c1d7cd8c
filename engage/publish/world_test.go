package publish_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage/publish"
	"github.com/parley-crm/parley/engage/publishdb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// world is a press with a real store and everything around it simulated.
type world struct {
	*testing.T
	db    *store.DB
	now   *clock.Set
	press *publish.Press
	net   *network
	gate  *gate
	bell  *bell
}

const (
	ida   = social.MemberID("ida") // writes
	max   = social.MemberID("max") // manages
	care  = social.ProgrammeID("care")
	other = social.ProgrammeID("other")
	blog  = social.ChannelID("blog") // takes pictures, can be read
	mute  = social.ChannelID("mute") // can't be read
)

func each(t *testing.T, f func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := &world{T: t, db: db, now: now, net: &network{now: now, posts: map[string]string{}, files: map[string][]string{}}, gate: &gate{}, bell: &bell{}}
		w.restart(publishdb.New(db))
		f(w)
	})
}

// restart is a new process on the same database.
func (w *world) restart(s publish.Store) {
	w.press = &publish.Press{Store: s, Gate: w.gate, Channels: w.net, Notices: w.bell, Approvers: w.bell, Clock: w.now}
}

func as(m social.MemberID, in ...social.ProgrammeID) context.Context {
	ctx := social.WithActor(context.Background(), social.Actor{Member: m, Name: strings.ToUpper(string(m[:1])) + string(m[1:])})
	return social.WithScope(ctx, social.Scope{All: len(in) == 0, Programmes: in})
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("%v (kind %s)", err, social.KindOf(err))
	}
}

func (w *world) want(kind social.Kind, err error) {
	w.Helper()
	if social.KindOf(err) != kind {
		w.Fatalf("got %v of kind %q, want %q", err, social.KindOf(err), kind)
	}
}

// add writes a content for channels.
func (w *world) add(text string, on ...social.ChannelID) publish.Content {
	w.Helper()
	c := publish.Content{Text: text, Programme: care}
	for _, ch := range on {
		c.Posts = append(c.Posts, &publish.Post{Channel: ch})
	}
	c, err := w.press.Add(as(ida), c)
	w.must(err)
	return c
}

func (w *world) schedule(c publish.Content, in time.Duration) publish.Content {
	w.Helper()
	out, err := w.press.Schedule(as(ida), c.ID, w.now.Now().Add(in), nil)
	w.must(err)
	return out
}

// later lets time pass and the press work.
func (w *world) later(d time.Duration) {
	w.Helper()
	w.now.Add(d)
	_, err := w.press.Run(context.Background())
	w.must(err)
}

func (w *world) read(id publish.ContentID) publish.Content {
	w.Helper()
	c, err := w.press.Store.Content(as(max), id)
	w.must(err)
	return c
}

// stands checks the states of a content's posts.
func (w *world) stands(id publish.ContentID, want ...publish.State) []*publish.Post {
	w.Helper()
	c := w.read(id)
	var got []publish.State
	for _, p := range c.Posts {
		got = append(got, p.State)
	}
	if !slices.Equal(got, want) {
		w.Fatalf("it stands %v, want %v (%q)", got, want, c.Posts[0].Problem)
	}
	return c.Posts
}

func (w *world) rule(review, four bool) {
	w.Helper()
	w.must(w.press.SetRule(as(max), publish.Rule{Programme: care, Review: review, FourEyes: four, Set: true}))
}

// network is all channels in one.
type network struct {
	mu     sync.Mutex
	now    *clock.Set
	posts  map[string]string   // by key
	files  map[string][]string // what went with them: "description=bytes"
	aims   map[string]social.Audience
	order  []string     // every taking, doubles too
	before func() error // refuses
	after  func() error // takes it and gives no receipt
	gone   bool
	away   bool
}

type silent struct{ n *network }

func (s *silent) Read(channel.Event) ([]social.Activity, error) { return nil, nil }
func (s *silent) Fit(text string) channel.Room {
	n := len([]rune(text))
	return channel.Room{Fits: n > 0 && n <= 200, Left: 200 - n, Max: 200, Unit: "characters"}
}
func (s *silent) Publish(_ context.Context, p channel.Post) (channel.Receipt, error) {
	n := s.n
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.before != nil {
		if err := n.before(); err != nil {
			return channel.Receipt{}, err
		}
	}
	var with []string
	for _, m := range p.Media {
		b, err := io.ReadAll(m.Open())
		if err != nil {
			return channel.Receipt{}, social.Because(social.Busy, err, "It cannot be read.")
		}
		with = append(with, m.Alt+"="+string(b))
	}
	n.posts[p.Key], n.files[p.Key] = p.Text, with
	if n.aims == nil {
		n.aims = map[string]social.Audience{}
	}
	n.aims[p.Key] = p.Audience
	n.order = append(n.order, p.Key)
	if n.after != nil {
		if err := n.after(); err != nil {
			return channel.Receipt{}, err
		}
	}
	return channel.Receipt{ExternalID: "x-" + p.Key, URL: "https://net.example/" + p.Key, At: n.now.Now()}, nil
}

// readable can be asked.
type readable struct{ *silent }

func (r *readable) FindPost(_ context.Context, p channel.Post) (channel.Receipt, error) {
	r.n.mu.Lock()
	defer r.n.mu.Unlock()
	switch {
	case r.n.away:
		return channel.Receipt{}, social.Errorf(social.Busy, "The network is away.")
	case r.n.posts[p.Key] == "":
		return channel.Receipt{}, social.Errorf(social.NotFound, "It is not there.")
	}
	return channel.Receipt{ExternalID: "x-" + p.Key, URL: "https://net.example/" + p.Key, At: r.n.now.Now()}, nil
}

func (r *readable) Metrics(context.Context, string) (channel.Metrics, error) {
	return channel.Metrics{Likes: 3, Shares: -1, Replies: 2}, nil
}

func (r *readable) Audiences() []social.Audience {
	return []social.Audience{social.Everybody, social.Followers}
}

func (r *readable) Load() channel.Load {
	return channel.Load{Types: []string{"image/png"}, Most: 2, Size: 1 << 20, Alt: 100, Video: &social.Video{Types: []string{"video/mp4"}, Size: 1 << 20}}
}

func (n *network) Channel(_ context.Context, id social.ChannelID) (channel.Channel, error) {
	switch {
	case n.gone:
		return nil, social.Errorf(social.NotFound, "There is no such channel.")
	case id == blog:
		return &readable{&silent{n}}, nil
	}
	return &silent{n}, nil
}

func (n *network) Outlets(ctx context.Context) ([]publish.Outlet, error) {
	all := []publish.Outlet{{ID: blog, Kind: "mastodon", Programme: care}, {ID: mute, Kind: "wordpress", Programme: care}, {ID: "theirs", Kind: "x", Programme: other}}
	return slices.DeleteFunc(all, func(o publish.Outlet) bool { return !social.ScopeOf(ctx).Sees(o.Programme) }), nil
}

var errLost = errors.New("the connection broke")

func lost() error { return social.Because(social.Unknown, errLost, "No answer came.") }

// gate says no to those named.
type gate struct{ no map[social.MemberID]string }

func (g *gate) MayPublish(_ context.Context, a publish.Ask) (string, string, error) {
	return g.no[a.Member], "/govern/policies", nil
}

// bell keeps what members were told, and knows who approves.
type bell struct{ told []social.Notice }

func (b *bell) Notify(_ context.Context, n social.Notice) error {
	b.told = append(b.told, n)
	return nil
}

func (b *bell) Unnotify(_ context.Context, keys ...string) error {
	b.told = slices.DeleteFunc(b.told, func(n social.Notice) bool { return slices.Contains(keys, n.Key) })
	return nil
}

func (b *bell) Approvers(context.Context, social.ProgrammeID) ([]social.MemberID, error) {
	return []social.MemberID{ida, max}, nil
}
