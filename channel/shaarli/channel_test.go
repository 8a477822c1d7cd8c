package shaarli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

func connect(t *testing.T, d *double, s channel.Settings) (channel.Channel, *channeltest.Server) {
	t.Helper()
	srv := channeltest.Serve(t, d)
	s["site"] = srv.URL
	if _, ok := s["secret"]; !ok {
		s["secret"] = secret
	}
	ch, err := Kind().New(s, srv.Env(clock.System{}))
	if err != nil {
		t.Fatal(err)
	}
	return ch, srv
}

func rig(t *testing.T, d *double, s channel.Settings) *channeltest.Rig {
	ch, srv := connect(t, d, s)
	return &channeltest.Rig{
		Channel: ch, Say: d.say, Trouble: srv.Trouble,
		Past: func(text string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			l := d.put(&link{url: fmt.Sprintf("https://brewell.example/%d", len(d.links)), description: text, at: d.clock.Add(-1000 * time.Hour)})
			d.acts = slices.Insert(d.acts, 0, map[string]any{"event": "CREATED", "datetime": l.at.Format(time.RFC3339), "id": l.id})
		},
		Edit:   func(id, text string) { d.change(id, func(l *link) { l.description = text }) },
		Delete: func(id string) { d.change(id, func(l *link) { l.gone = true }) },
		Ours: func() []string {
			d.mu.Lock()
			defer d.mu.Unlock()
			return slices.Clone(d.posted)
		},
		Malformed: [][]byte{
			[]byte(`{"event":"link","site":"https://x","seen":"2026-01-01T00:00:00Z","payload":{"id":null}}`),
			[]byte(`{"event":"link","site":"https://x","seen":"2026-01-01T00:00:00Z","payload":{"id":1,"created":"yesterday"}}`),
			[]byte(`{"event":"gone","site":"https://x","seen":"2026-01-01T00:00:00Z"}`),
			[]byte(`{"event":"gone","id":7}`),
			[]byte(`{"event":"explode","site":"https://x","seen":"2026-01-01T00:00:00Z"}`),
		},
		Tells: true, Many: 450,
	}
}

func TestConformance(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		return rig(t, newDouble(), channel.Settings{"pages": "brewell.example"})
	})
}

func TestAbilities(t *testing.T) {
	ch, _ := connect(t, newDouble(), channel.Settings{})
	if got := channel.Abilities(ch); !slices.Equal(got, []string{"listen", "poll", "publish", "profile"}) {
		t.Fatal(got)
	}
}

func poll(t *testing.T, p channel.Poller, cursor string) ([]social.Activity, channel.Batch) {
	t.Helper()
	b, err := p.Poll(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	var out []social.Activity
	for _, e := range b.Events {
		as, err := p.Read(e)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, as...)
	}
	return out, b
}

func TestRead(t *testing.T) {
	const raw = `{"event":"link","site":"https://links.example","name":"Maya’s links","seen":"2026-11-27T00:00:00Z","payload":` +
		`{"id":0,"url":"https:\/\/brewell.example\/kettle?a=1&b=2","shorturl":"tWlo9Q","title":"The <b>kettle<\/b> & co","description":"It leaks \ud83d\ude00\r\n\r\n1 < 2","tags":["kettle","it's"],"private":false,"created":"2026-11-26T12:58:04+01:00","updated":""}}`
	got, err := (&list{}).Read(channel.Event{Raw: []byte(raw)})
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	a := got[0]
	if a.ExternalID != "tWlo9Q" || a.Title != "The <b>kettle</b> & co" || a.Text != "It leaks 😀\n\n1 < 2\n\nhttps://brewell.example/kettle?a=1&b=2\n\n#kettle #it's" ||
		a.URL != "https://links.example/shaare/tWlo9Q" || !a.Published.Equal(time.Date(2026, 11, 26, 11, 58, 4, 0, time.UTC)) || a.Author.Name != "Maya’s links" || a.Own || a.Directed {
		t.Fatalf("%+v", a)
	}
}

func TestWhatIsWanted(t *testing.T) {
	b := wireLink{URL: "https://shop.Brewell.example/tea/kettle?x", Title: "Hot", Description: "It whistles", Tags: []string{"Tea"}}
	tests := []struct {
		name, pages, words, tags string
		want                     bool
	}{
		{"everything", "", "", "", true},
		{"a site and what lies below", "brewell.example", "", "", true},
		{"another site that ends the same", "well.example", "", "", false},
		{"the beginning of an address", "https://shop.brewell.example/tea", "", "", true},
		{"not in the middle of a name", "https://shop.brewell.example/te", "", "", false},
		{"a word", "other.example", "WHISTLES", "", true},
		{"a tag", "", "", "#tea", true},
		{"none of them", "other.example", "leaks", "coffee", false},
	}
	for _, tt := range tests {
		ch, err := Kind().New(channel.Settings{"site": "x.example", "secret": "s", "pages": tt.pages, "words": tt.words, "tags": tt.tags}, channel.Env{})
		if err != nil {
			t.Fatal(err)
		}
		if got := ch.(*list).wants(b); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestKeptFromThePublic(t *testing.T) {
	d := newDouble()
	ch, _ := connect(t, d, channel.Settings{})
	p := ch.(channel.Poller)
	_, b := poll(t, p, "")
	id := d.say("one")
	_, b = poll(t, p, b.Cursor)
	d.change(id, func(l *link) { l.private = true })
	got, b := poll(t, p, b.Cursor)
	if len(got) != 1 || got[0].Verb != social.Delete {
		t.Fatalf("%+v", got)
	}
	d.mu.Lock()
	d.act("CREATED", d.put(&link{url: "https://x.example", title: "secret", private: true}).id)
	d.mu.Unlock()
	if got, _ = poll(t, p, b.Cursor); len(got) != 0 {
		t.Fatalf("%+v", got)
	}
}

// An import is one act; what it brings may be old.
func TestImport(t *testing.T) {
	d := newDouble()
	ch, _ := connect(t, d, channel.Settings{})
	p := ch.(channel.Poller)
	_, b := poll(t, p, "")
	d.mu.Lock()
	for i := range 230 {
		d.put(&link{url: fmt.Sprintf("https://old.example/%d", i), title: "old", at: d.clock.Add(-time.Duration(i) * time.Hour)})
	}
	d.clock = d.clock.Add(time.Second)
	d.act("IMPORT", nil)
	d.mu.Unlock()
	got, b := poll(t, p, b.Cursor)
	if len(got) != 230 {
		t.Fatalf("heard %d", len(got))
	}
	if got, _ = poll(t, p, b.Cursor); len(got) != 0 {
		t.Fatalf("again: %d", len(got))
	}
}

func TestNothingTwice(t *testing.T) {
	d := newDouble()
	ch, _ := connect(t, d, channel.Settings{})
	p := ch.(channel.Poller)
	_, b := poll(t, p, "")
	d.say("one")
	d.say("two")
	got, b := poll(t, p, b.Cursor)
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	for range 3 {
		if got, b = poll(t, p, b.Cursor); len(got) != 0 {
			t.Fatalf("again: %+v", got)
		}
	}
}

// Shaarli gives the number of what was deleted to the next, perhaps within the
// same second.
func TestNumbersGivenAgain(t *testing.T) {
	d := newDouble()
	ch, _ := connect(t, d, channel.Settings{})
	p := ch.(channel.Poller)
	_, b := poll(t, p, "")
	id := d.say("one")
	_, b = poll(t, p, b.Cursor)
	d.mu.Lock()
	d.act("DELETED", 0)
	d.links[0].description, d.links[0].again = "two", true
	d.act("CREATED", 0)
	d.mu.Unlock()
	got, b := poll(t, p, b.Cursor)
	slices.SortFunc(got, func(a, b social.Activity) int { return strings.Compare(string(b.Verb), string(a.Verb)) })
	if len(got) != 2 || got[0].Verb != social.Delete || got[0].ExternalID != id || got[1].Verb != social.Create || got[1].ExternalID != "again0" || !strings.HasPrefix(got[1].Text, "two") {
		t.Fatalf("%+v", got)
	}
	if got, _ = poll(t, p, b.Cursor); len(got) != 0 {
		t.Fatalf("again: %+v", got)
	}
}

func TestPublish(t *testing.T) {
	d := newDouble()
	ch, _ := connect(t, d, channel.Settings{"whose": "ours"})
	publish := func(text string) (channel.Receipt, error) {
		return ch.(channel.Publisher).Publish(t.Context(), channel.Post{Key: "k", Text: text})
	}
	first, err := publish("The new kettle https://brewell.example/k?a=1&b=2.\nIt whistles. #tea #käse")
	if err != nil || first.ExternalID != "s0" {
		t.Fatal(first, err)
	}
	if l := d.links[0]; l.url != "https://brewell.example/k?a=1&b=2" || l.title != "The new kettle" || l.description != "It whistles. #tea #käse" || !slices.Equal(l.tags, []string{"tea", "käse"}) {
		t.Fatalf("%+v", l)
	}
	again, err := publish("The new kettle https://brewell.example/k?a=1&b=2.\nIt whistles. #tea #käse")
	if err != nil || again.ExternalID != first.ExternalID || len(d.links) != 1 {
		t.Fatal(again, err)
	}
	if _, err = publish("Something else https://brewell.example/k?a=1&b=2"); !social.Invalid.Is(err) || !strings.Contains(err.Error(), "already, as “The new kettle”") {
		t.Fatal(err)
	}
	if _, err = publish(" \n "); !social.Invalid.Is(err) {
		t.Fatal(err)
	}
	if _, err = publish(strings.Repeat("word ", 10_000)); !social.Invalid.Is(err) {
		t.Fatal(err)
	}
	if r, err := publish("https://only.example/"); err != nil || d.links[1].title != "https://only.example/" {
		t.Fatal(r, err)
	}
}

func TestWrongSecret(t *testing.T) {
	ch, _ := connect(t, newDouble(), channel.Settings{"secret": "wrong"})
	if _, err := ch.(channel.Poller).Poll(t.Context(), ""); !social.Unauth.Is(err) {
		t.Fatal(err)
	}
}

// A token of one request does not work for long; ours is made for each.
func TestTokens(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	a, b := pass(secret, now), pass(secret, now.Add(time.Second))
	if a == b || strings.Count(a, ".") != 2 || strings.ContainsAny(a, "=+/") {
		t.Fatal(a)
	}
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name  string
		s     channel.Settings
		field string // "" means it opens
	}{
		{"all", channel.Settings{"site": "links.example/api/v1", "secret": "s", "pages": "a.example\nhttps://b.example/x", "words": "x\n\ny", "tags": "#t", "every": "10"}, ""},
		{"no site", channel.Settings{"secret": "s"}, "site"},
		{"a password in the address", channel.Settings{"site": "https://a:b@x.example", "secret": "s"}, "site"},
		{"no secret", channel.Settings{"site": "x.example"}, "secret"},
		{"no page", channel.Settings{"site": "x.example", "secret": "s", "pages": "localhost"}, "pages"},
		{"whose?", channel.Settings{"site": "x.example", "secret": "s", "whose": "?"}, "whose"},
		{"too often", channel.Settings{"site": "x.example", "secret": "s", "every": "0"}, "every"},
	}
	for _, tt := range tests {
		_, err := Kind().New(tt.s, channel.Env{})
		var e *social.Error
		if tt.field == "" && err != nil || tt.field != "" && (!errors.As(err, &e) || e.Field != tt.field) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	ch, _ := connect(t, newDouble(), channel.Settings{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ch.(channel.Publisher).Publish(ctx, channel.Post{Text: "x"}); !social.Busy.Is(err) {
		t.Fatal(err)
	}
}
