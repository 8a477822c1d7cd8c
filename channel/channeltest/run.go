package channeltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// patience is how long a test waits for something that must come before it
// says that it does not come. It is no measure of speed.
const patience = time.Minute

// Run tests a channel by all its abilities.
func Run(t *testing.T, fresh Make) {
	make := func(t *testing.T) *Rig {
		rig := fresh(t)
		rig.salt = id.New() + "/"
		rig.hooked()
		return rig
	}
	c := make(t).Channel
	if _, ok := c.(channel.Poller); ok {
		t.Run("poll", func(t *testing.T) { listening(t, make, false) })
		t.Run("poller", func(t *testing.T) { polling(t, make) })
	}
	if _, ok := c.(channel.Streamer); ok {
		t.Run("stream", func(t *testing.T) { listening(t, make, true) })
		t.Run("streamer", func(t *testing.T) { streaming(t, make) })
	}
	if _, ok := c.(channel.Receiver); ok {
		t.Run("receive", func(t *testing.T) { receiving(t, make) })
	}
	t.Run("read", func(t *testing.T) { reading(t, make) })
	if _, ok := c.(channel.Sender); ok {
		t.Run("send", func(t *testing.T) { sending(t, make) })
	}
	if _, ok := c.(channel.Publisher); ok {
		t.Run("publish", func(t *testing.T) { publishing(t, make) })
	}
	if _, ok := c.(channel.Aimer); ok {
		t.Run("aim", func(t *testing.T) { aiming(t, make) })
	}
	if _, ok := c.(channel.Bearer); ok {
		t.Run("bear", func(t *testing.T) { bearing(t, make) })
	}
	if _, ok := c.(channel.PostFinder); ok {
		t.Run("find post", func(t *testing.T) { findingPosts(t, make) })
	}
	if _, ok := c.(channel.Finder); ok {
		t.Run("find", func(t *testing.T) { finding(t, make) })
	}
	if _, ok := c.(channel.Reporter); ok {
		t.Run("report", func(t *testing.T) { reporting(t, make) })
	}
	if _, ok := c.(channel.Sharer); ok {
		t.Run("share", func(t *testing.T) { sharing(t, make) })
	}
	if _, ok := c.(channel.Encloser); ok {
		t.Run("enclose", func(t *testing.T) { enclosing(t, make) })
	}
	if _, ok := c.(channel.Carrier); ok {
		t.Run("carry", func(t *testing.T) { carrying(t, make) })
	}
	if _, ok := c.(channel.Moderator); ok {
		t.Run("moderate", func(t *testing.T) { moderating(t, make) })
	}
	if _, ok := c.(channel.Retractor); ok {
		t.Run("retract", func(t *testing.T) { retracting(t, make) })
	}
	if s, ok := c.(channel.Sender); ok {
		t.Run("show", func(t *testing.T) { showing(t, s) })
	}
	t.Run("others", func(t *testing.T) { others(t, make) })
}

// ear listens to a rig, by poll, by stream, or by webhook where it hears in
// no other way.
type ear struct {
	t      *testing.T
	rig    *Rig
	stream bool
	hook   bool
}

func listen(t *testing.T, rig *Rig, stream bool) *ear {
	hook := rig.onlyHook()
	return &ear{t, rig, stream && !hook, hook}
}

// hello starts to listen and returns the cursor of now.
func (e *ear) hello() string {
	e.t.Helper()
	if e.hook {
		return ""
	}
	if p, ok := e.rig.Channel.(channel.Poller); ok {
		cursor := ""
		for {
			b, err := p.Poll(e.t.Context(), cursor)
			if err != nil {
				e.t.Fatalf("first poll: %v", err)
			}
			cursor = b.Cursor
			if !b.More {
				return cursor
			}
		}
	}
	// A stream alone: what is said while it is connected has a cursor.
	events := e.during("", "", func() []string { return []string{e.rig.Say("hello")} })
	return events[len(events)-1].Cursor
}

// hear returns the events after cursor until all wanted ids have come, and
// the cursor behind them.
func (e *ear) hear(cursor string, want ...string) ([]channel.Event, string) {
	e.t.Helper()
	if e.stream {
		events := e.during(cursor, "", func() []string { return want })
		if n := len(events); n > 0 {
			cursor = events[n-1].Cursor
		}
		return events, cursor
	}
	if e.hook {
		events := e.rig.delivered(e.t)
		heard := e.heard(events)
		for _, id := range want {
			if !slices.Contains(heard, id) {
				e.t.Fatalf("%s was never heard; heard: %v", id, heard)
			}
		}
		return events, ""
	}
	var out []channel.Event
	for end := time.Now().Add(patience); ; {
		b, err := e.rig.Channel.(channel.Poller).Poll(e.t.Context(), cursor)
		if err != nil {
			e.t.Fatalf("poll: %v", err)
		}
		out = append(out, b.Events...)
		cursor = b.Cursor
		heard := e.heard(out)
		missing := slices.DeleteFunc(slices.Clone(want), func(id string) bool { return slices.Contains(heard, id) })
		switch {
		case b.More:
		case len(missing) == 0:
			return out, cursor
		case !e.rig.Real || time.Now().After(end):
			e.t.Fatalf("%v were never heard; heard: %v", missing, heard)
		default:
			<-time.After(50 * time.Millisecond) // a real network takes its time
		}
	}
}

// same reports whether what was heard is what was said, in order where the
// network keeps one.
func (e *ear) same(heard, said []string) bool {
	if e.rig.Real {
		heard, said = slices.Sorted(slices.Values(heard)), slices.Sorted(slices.Values(said))
	}
	return slices.Equal(heard, said)
}

var errEnough = errors.New("enough")

// during streams while something is said, until what it returns was heard (as
// the verb, if one is given).
func (e *ear) during(cursor string, verb social.Verb, say func() []string) []channel.Event {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.t.Context(), patience)
	defer cancel()
	live := func() {}
	if cursor == "" && e.rig.Live != nil {
		live = e.rig.Live()
	}
	events := make(chan channel.Event)
	ended := make(chan error, 1)
	go func() {
		ended <- e.rig.Channel.(channel.Streamer).Stream(ctx, cursor, func(ev channel.Event) error {
			select {
			case events <- ev:
				return nil
			case <-ctx.Done():
				return errEnough
			}
		})
	}()
	returns(e.t, "what waits for the stream to connect", live)
	want := say()
	var out []channel.Event
	missing := map[string]bool{}
	for _, id := range want {
		missing[id] = true
	}
	for len(missing) > 0 {
		select {
		case ev := <-events:
			out = append(out, ev)
			for _, a := range read(e.t, e.rig, ev) {
				if verb == "" || a.Verb == verb {
					delete(missing, a.ExternalID)
				}
			}
		case err := <-ended:
			e.t.Fatalf("the stream ended (%v) before %v came; heard %v", err, missing, e.heard(out))
		}
	}
	cancel()
	for {
		select {
		case <-events:
		case <-ended:
			return out
		}
	}
}

// heard lists the external ids of events, in order.
func (e *ear) heard(events []channel.Event) []string {
	var out []string
	for _, ev := range events {
		for _, a := range read(e.t, e.rig, ev) {
			out = append(out, a.ExternalID)
		}
	}
	return out
}

func read(t *testing.T, rig *Rig, ev channel.Event) []social.Activity {
	t.Helper()
	as, err := rig.Channel.Read(ev)
	if err != nil {
		t.Fatalf("reading %s: %v\n%.500s", ev.Key, err, ev.Raw)
	}
	return as
}

// only keeps the wanted ids, each once, in the order in which they came.
func only(heard, want []string) []string {
	var out []string
	for _, id := range heard {
		if slices.Contains(want, id) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// said says n things and returns their ids.
func said(rig *Rig, n int, format string) []string {
	var out []string
	for i := range n {
		out = append(out, rig.Say(fmt.Sprintf(format, i)))
	}
	return out
}

// kinds fails unless err is of one of the kinds and its text is a sentence.
func kinds(t *testing.T, err error, want ...social.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one of kind %v", want)
	}
	if k := social.KindOf(err); !slices.Contains(want, k) {
		t.Fatalf("kind %q, want %v: %v", k, want, err)
	}
	if s := err.Error(); !strings.HasSuffix(s, ".") || strings.ContainsAny(s, "<>\n") {
		t.Errorf("not a sentence for people: %q", s)
	}
}

// asksToWait fails unless err says how long to wait.
func asksToWait(t *testing.T, err error) {
	t.Helper()
	var later channel.RetryAfter
	if !errors.As(err, &later) {
		t.Fatalf("it does not say how long to wait: %v", err)
	}
	if later.RetryAfter() != Wait {
		t.Fatalf("it says to wait %v, the network said %v", later.RetryAfter(), Wait)
	}
}

// returns fails if do does not come back.
func returns(t *testing.T, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatalf("%s does not return", what)
	}
}
