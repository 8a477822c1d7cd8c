package practice_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// hear polls everything from the beginning of time.
func hear(t *testing.T, ch channel.Channel) []social.Activity {
	t.Helper()
	var out []social.Activity
	cursor := "0"
	for {
		b, err := ch.(channel.Poller).Poll(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range b.Events {
			as, err := ch.Read(e)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, as...)
		}
		cursor = b.Cursor
		if !b.More {
			return out
		}
	}
}

func TestDirected(t *testing.T) {
	c := clock.NewSet(start)
	n := practice.NewNetwork(1, c)
	n.Join(practice.Persona{Handle: "maya"}, practice.Persona{Handle: "tom"})
	lines := map[practice.Site]channel.Channel{}
	for _, s := range practice.Sites() {
		lines[s] = open(t, n, s, c)
	}
	post := func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	root := post(n.Post("maya", practice.Said{Text: "@Brewell, hello"}))
	ours, err := lines[practice.Microblog].(channel.Sender).Send(t.Context(), social.Reply{Key: "k", Parent: root, Text: "Hello Maya", Visibility: social.Public})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		site     practice.Site
		id       string
		directed bool
		form     social.Form
	}{
		{"names us", practice.Microblog, root, true, social.FormPost},
		{"names somebody like us", practice.Microblog, post(n.Post("maya", practice.Said{Text: "@brewells is not @brewell_uk"})), false, social.FormPost},
		{"speaks of us", practice.Microblog, post(n.Post("maya", practice.Said{Text: "brewell again"})), false, social.FormPost},
		{"answers us", practice.Microblog, post(n.Reply("maya", ours.ExternalID, practice.Said{Text: "thanks"})), true, social.FormComment},
		{"answers another", practice.Microblog, post(n.Reply("tom", root, practice.Said{Text: "same here"})), false, social.FormComment},
		{"writes to us", practice.Microblog, post(n.Direct("maya", practice.Said{Site: practice.Microblog, To: "brewell", Text: "in private"})), true, social.FormDirect},
		{"writes to another", practice.Messages, post(n.Direct("maya", practice.Said{To: "tom", Text: "in private"})), false, social.FormDirect},
		{"a letter", practice.Messages, post(n.Post("maya", practice.Said{Site: practice.Messages, Title: "Hello", Text: "Dear all"})), true, social.FormDirect},
		{"a review", practice.Reviews, post(n.Post("maya", practice.Said{Site: practice.Reviews, Rating: 4, Text: "good"})), true, social.FormReview},
		{"a review of another", practice.Reviews, post(n.Post("maya", practice.Said{Site: practice.Reviews, Rating: 4, Text: "good", To: "tom"})), false, social.FormReview},
		{"a thread", practice.Forum, post(n.Post("maya", practice.Said{Site: practice.Forum, Title: "Chalk?", Text: "who knows"})), false, social.FormPost},
	}
	heard := map[string]social.Activity{}
	for _, l := range lines {
		for _, a := range hear(t, l) {
			heard[a.ExternalID] = a
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, ok := heard[tt.id]
			if !ok || !strings.HasPrefix(a.ExternalID, string(tt.site)) || a.Directed != tt.directed || a.Form != tt.form {
				t.Fatalf("%+v", a)
			}
		})
	}
	if a := heard[ours.ExternalID]; !a.Own || a.Directed || a.Parent != root || a.Root != root {
		t.Fatalf("ours: %+v", a)
	}
	if got := len(n.Ours()); got != 1 {
		t.Fatalf("%d of ours", got)
	}
}

func TestRefusals(t *testing.T) {
	n := practice.NewNetwork(1, clock.NewSet(start))
	n.Join(practice.Persona{Handle: "maya"})
	id, err := n.Post("maya", practice.Said{Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		kind social.Kind
		do   func() error
	}{
		{"nobody", social.NotFound, func() error { _, err := n.Post("ghost", practice.Said{Text: "x"}); return err }},
		{"no words", social.Invalid, func() error { _, err := n.Post("maya", practice.Said{}); return err }},
		{"no such site", social.Invalid, func() error { _, err := n.Post("maya", practice.Said{Site: "moon", Text: "x"}); return err }},
		{"six stars", social.Invalid, func() error {
			_, err := n.Post("maya", practice.Said{Site: practice.Reviews, Text: "x", Rating: 6})
			return err
		}},
		{"stars elsewhere", social.Invalid, func() error { _, err := n.Post("maya", practice.Said{Text: "x", Rating: 3}); return err }},
		{"direct in a forum", social.Invalid, func() error {
			_, err := n.Direct("maya", practice.Said{Site: practice.Forum, To: "b", Text: "x"})
			return err
		}},
		{"direct to nobody", social.Invalid, func() error { _, err := n.Direct("maya", practice.Said{Text: "x"}); return err }},
		{"answers nothing", social.NotFound, func() error { _, err := n.Reply("maya", "microblog-9", practice.Said{Text: "x"}); return err }},
		{"likes what stands", "", func() error { return n.Like(id, 2, 1) }},
		{"deletes", "", func() error { return n.Delete(id) }},
		{"deletes twice", social.NotFound, func() error { return n.Delete(id) }},
		{"edits what is gone", social.NotFound, func() error { return n.Edit(id, "y") }},
	}
	for _, tt := range tests {
		if err := tt.do(); social.KindOf(err) != tt.kind {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	for _, s := range []channel.Settings{{}, {"handle": "a b"}, {"handle": "x", "site": "moon"}} {
		if _, err := practice.Kind(n).New(s, channel.Env{}); !social.Invalid.Is(err) {
			t.Errorf("%v: %v", s, err)
		}
	}
}

// talk plays a sandbox for a while and returns what was said in it.
func talk(t *testing.T, seed uint64) (*practice.Network, []practice.Post) {
	c := clock.NewSet(start)
	n := practice.NewNetwork(seed, c)
	n.Lively(true)
	l := open(t, n, practice.Microblog, c)
	for i := range 12 {
		id, err := n.Stir(practice.Microblog, "brewell")
		if err != nil {
			t.Fatal(err)
		}
		text := []string{"We are sorry and send a refund.", "What is your order number?", "It takes three days."}[i%3]
		r := social.Reply{Key: id, Parent: id, Text: text, Visibility: social.Public}
		if _, err := l.(channel.Sender).Send(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		c.Add(5 * time.Minute)
	}
	return n, n.Posts("")
}

func TestPersonasAnswer(t *testing.T) {
	n, posts := talk(t, 1)
	replies := 0
	for _, p := range posts {
		if p.ParentBy == "brewell" {
			replies++
			if p.At.IsZero() || p.Text == "" || p.Site != practice.Microblog {
				t.Errorf("odd answer: %+v", p)
			}
		}
	}
	if replies < 6 {
		t.Fatalf("%d answers to 12 of ours", replies)
	}
	if _, again := talk(t, 1); !reflect.DeepEqual(posts, again) {
		t.Fatal("the same seed gave another talk")
	}
	if _, other := talk(t, 2); reflect.DeepEqual(posts, other) {
		t.Fatal("another seed gave the same talk")
	}
	if len(n.People()) != len(practice.Cast()) {
		t.Fatalf("%d people", len(n.People()))
	}
}

func TestPersonasAreQuietUnlessLively(t *testing.T) {
	c := clock.NewSet(start)
	n := practice.NewNetwork(1, c)
	l := open(t, n, practice.Microblog, c)
	id, err := n.Stir("", "brewell")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.(channel.Sender).Send(t.Context(), social.Reply{Key: "k", Parent: id, Text: "Why?", Visibility: social.Public}); err != nil {
		t.Fatal(err)
	}
	c.Add(time.Hour)
	n.Settle()
	if got := len(n.Posts("")); got != 2 {
		t.Fatalf("%d posts", got)
	}
}

func TestStirGoesRound(t *testing.T) {
	n := practice.NewNetwork(1, clock.NewSet(start))
	for _, s := range append(practice.Sites(), "") {
		for range 20 {
			if _, err := n.Stir(s, "brewell"); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, p := range n.Posts("") {
		if strings.Contains(p.Text, "@us") {
			t.Fatalf("%q", p.Text)
		}
	}
	if _, err := n.Stir("moon", "brewell"); !social.Invalid.Is(err) {
		t.Fatalf("got %v", err)
	}
}

func TestSnapshot(t *testing.T) {
	c := clock.NewSet(start)
	n, posts := talk(t, 3)
	_ = n.Delete(posts[0].ID)
	var b bytes.Buffer
	if err := n.Save(&b); err != nil {
		t.Fatal(err)
	}
	saved := b.String()
	m := practice.NewNetwork(9, c)
	if err := m.Load(&b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(n.Posts(""), m.Posts("")) || !reflect.DeepEqual(n.People(), m.People()) {
		t.Fatal("it came back changed")
	}
	before, after := hear(t, open(t, n, practice.Microblog, c)), hear(t, open(t, m, practice.Microblog, c))
	if !reflect.DeepEqual(before, after) {
		t.Fatal("the log came back changed")
	}
	if _, err := open(t, m, practice.Microblog, c).(channel.Finder).Find(t.Context(), social.Reply{Key: n.Ours()[0].Key}); err != nil {
		t.Fatalf("our answer was forgotten: %v", err)
	}
	for _, bad := range []string{"", "{", saved[:len(saved)/2], `{"format":2}`, `{"format":1,"posts":[null]}`} {
		if err := m.Load(strings.NewReader(bad)); !social.Invalid.Is(err) {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	if len(m.Posts("")) != len(posts)-1 {
		t.Fatal("a bad snapshot changed the network")
	}
}
