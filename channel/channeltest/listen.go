package channeltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// listening is what polls and streams have in common.
func listening(t *testing.T, make Make, stream bool) {
	t.Run("order", func(t *testing.T) {
		rig := make(t)
		e := listen(t, rig, stream)
		cursor := e.hello()
		want := said(rig, 5, "in order %d")
		events, _ := e.hear(cursor, want...)
		if got := only(e.heard(events), want); !e.same(got, want) {
			t.Fatalf("heard %v, said %v", got, want)
		}
	})
	t.Run("paging without gaps", func(t *testing.T) {
		rig := make(t)
		e := listen(t, rig, stream)
		cursor := e.hello()
		many := rig.Many
		if many == 0 {
			many = 120
		}
		want := said(rig, many, "page %d")
		events, cursor := e.hear(cursor, want...)
		if got := only(e.heard(events), want); !e.same(got, want) {
			t.Fatalf("heard %d of %d, or in another order", len(got), len(want))
		}
		more := rig.Say("after the pages")
		events, _ = e.hear(cursor, more)
		if got := only(e.heard(events), want); !rig.Rewinds && len(got) > len(want)/2 {
			t.Fatalf("the cursor stands still: %d old ones came again", len(got))
		}
	})
	t.Run("resume from each event", func(t *testing.T) {
		rig := make(t)
		e := listen(t, rig, stream)
		cursor := e.hello()
		want := said(rig, 6, "resume %d")
		events, _ := e.hear(cursor, want...)
		for i, ev := range events {
			if ev.Cursor == "" || i == len(events)-1 {
				continue
			}
			rest := only(e.heard(events[i+1:]), want)
			again, _ := e.hear(ev.Cursor, rest...)
			if got := only(e.heard(again), rest); !rig.Rewinds && !slices.Equal(got, rest) {
				t.Fatalf("after event %d: heard %v, want %v", i, got, rest)
			}
		}
	})
	t.Run("duplicates keep their key", func(t *testing.T) {
		rig := make(t)
		e := listen(t, rig, stream)
		cursor := e.hello()
		want := said(rig, 3, "twice %d")
		first, _ := e.hear(cursor, want...)
		if rig.Repeat != nil {
			rig.Repeat(want[1])
		}
		second, _ := e.hear(cursor, want...)
		keys := map[string]string{}
		for _, ev := range first {
			for _, a := range read(t, rig, ev) {
				keys[a.ExternalID] = ev.Key
			}
		}
		for _, ev := range second {
			if ev.Key == "" {
				t.Fatal("an event without key")
			}
			for _, a := range read(t, rig, ev) {
				if k := keys[a.ExternalID]; k != "" && k != ev.Key {
					t.Fatalf("%s had the key %q and now %q", a.ExternalID, k, ev.Key)
				}
			}
		}
		seen := map[string]bool{}
		for _, k := range keys {
			if seen[k] {
				t.Fatalf("two events share the key %q", k)
			}
			seen[k] = true
		}
	})
	t.Run("edit", func(t *testing.T) {
		rig := make(t)
		if rig.Edit == nil || !stream && !rig.Tells {
			return
		}
		e := listen(t, rig, stream)
		cursor := e.hello()
		id := rig.Say("I am furious about this")
		first, cursor := e.hear(cursor, id)
		before := find(t, rig, first, id, "")
		var events []channel.Event
		if stream && rig.Live != nil {
			events = e.liveAfter(social.Update, func() string { rig.Edit(id, "I am delighted by this"); return id })
		} else {
			rig.Edit(id, "I am delighted by this")
			events, _ = e.hear(cursor, id)
		}
		after := find(t, rig, events, id, social.Update)
		if !strings.Contains(after.Text, "delighted") || strings.Contains(after.Text, "furious") {
			t.Fatalf("the edit says %q", after.Text)
		}
		if after.Version <= before.Version {
			t.Fatalf("version %q before, %q after", before.Version, after.Version)
		}
		for _, a := range first {
			for _, b := range events {
				if a.Key == b.Key && string(a.Raw) != string(b.Raw) && slices.Contains(e.heard([]channel.Event{b}), id) && read(t, rig, b)[0].Verb == social.Update {
					t.Fatalf("the edit has the key of what it edits: %q", a.Key)
				}
			}
		}
	})
	t.Run("edited and back", func(t *testing.T) {
		rig := make(t)
		if rig.Edit == nil || stream || !rig.Tells {
			return
		}
		e := listen(t, rig, stream)
		cursor := e.hello()
		id := rig.Say("the first words")
		events, cursor := e.hear(cursor, id)
		first := find(t, rig, events, id, "")
		keys := map[string]bool{}
		for _, ev := range events {
			keys[ev.Key] = true
		}
		version := first.Version
		for i, words := range []string{"other words", "the first words", "other words"} {
			rig.Edit(id, words)
			events, cursor = e.hear(cursor, id)
			a := find(t, rig, events, id, social.Update)
			if !strings.Contains(a.Text, words) || a.Version <= version {
				t.Fatalf("edit %d says %q in version %q, after %q", i+1, a.Text, a.Version, version)
			}
			version = a.Version
			for _, ev := range events {
				if as := read(t, rig, ev); len(as) > 0 && as[0].Verb == social.Update {
					if keys[ev.Key] {
						t.Fatalf("edit %d has a key that was there before, so it would be taken for known: %q", i+1, ev.Key)
					}
					keys[ev.Key] = true
				}
			}
		}
	})
	t.Run("delete", func(t *testing.T) {
		rig := make(t)
		if rig.Delete == nil || !stream && !rig.Tells {
			return
		}
		e := listen(t, rig, stream)
		cursor := e.hello()
		id := rig.Say("I should not say this")
		_, cursor = e.hear(cursor, id)
		var events []channel.Event
		if stream && rig.Live != nil {
			events = e.liveAfter(social.Delete, func() string { rig.Delete(id); return id })
		} else {
			rig.Delete(id)
			events, _ = e.hear(cursor, id)
		}
		if a := find(t, rig, events, id, social.Delete); a.Text != "" {
			t.Fatalf("what was deleted still says %q", a.Text)
		}
	})
	t.Run("ten megabytes", func(t *testing.T) {
		rig := make(t)
		if rig.Light {
			return
		}
		e := listen(t, rig, stream)
		cursor := e.hello()
		before := rig.Say("before the flood")
		big := rig.Say(strings.Repeat("kettle ", 10<<20/7))
		after := rig.Say("after the flood")
		events, _ := e.hear(cursor, before, after)
		for _, ev := range events {
			for _, a := range read(t, rig, ev) {
				if a.ExternalID == big && !strings.Contains(a.Text[:min(100, len(a.Text))], "kettle kettle") {
					t.Fatalf("the long post begins with %.40q", a.Text)
				}
			}
		}
	})
}

// liveAfter streams from now on and returns what came while say was done,
// until the verb was heard of what it returns.
func (e *ear) liveAfter(verb social.Verb, say func() string) []channel.Event {
	e.t.Helper()
	return e.during("", verb, func() []string { return []string{say()} })
}

// find returns the last activity of id among the events, with the verb if one
// is wanted.
func find(t *testing.T, rig *Rig, events []channel.Event, id string, verb social.Verb) social.Activity {
	t.Helper()
	var out *social.Activity
	for _, ev := range events {
		for _, a := range read(t, rig, ev) {
			if a.ExternalID == id && (verb == "" || a.Verb == verb) {
				out = &a
			}
		}
	}
	if out == nil {
		t.Fatalf("no %s of %s among %d events", verb, id, len(events))
	}
	return *out
}

// polling is what only polls must do.
func polling(t *testing.T, make Make) {
	t.Run("the first poll brings what is recent", func(t *testing.T) {
		rig := make(t)
		if rig.Past == nil {
			return
		}
		for i := range 400 {
			rig.Past(fmt.Sprintf("long ago %d", i))
		}
		want := rig.Say("just now")
		e := listen(t, rig, false)
		events, _ := e.hear("", want)
		if len(events) > 300 {
			t.Fatalf("the first poll brought %d events: all the past", len(events))
		}
	})
	for _, trouble := range []Trouble{Away, Limited, Failing, Broken, Revoked} {
		t.Run("failure keeps the cursor: "+string(trouble), func(t *testing.T) {
			rig := make(t)
			if trouble == Revoked && rig.Anonymous {
				return
			}
			e := listen(t, rig, false)
			cursor := e.hello()
			want := said(rig, 3, "kept %d")
			rig.Trouble(trouble)
			b, err := rig.Channel.(channel.Poller).Poll(t.Context(), cursor)
			if trouble == Revoked {
				kinds(t, err, social.Unauth)
			} else {
				kinds(t, err, social.Busy)
			}
			if len(b.Events) > 0 || b.Cursor != "" {
				t.Fatalf("a failed poll brought %d events and the cursor %q", len(b.Events), b.Cursor)
			}
			if trouble == Limited {
				asksToWait(t, err)
			}
			rig.Trouble(NoTrouble)
			e.hear(cursor, want...)
		})
	}
	t.Run("cancel", func(t *testing.T) {
		rig := make(t)
		cursor := listen(t, rig, false).hello()
		rig.Trouble(Silent)
		ctx, cancel := context.WithCancel(t.Context())
		returns(t, "Poll", func() {
			time.AfterFunc(20*time.Millisecond, cancel)
			if _, err := rig.Channel.(channel.Poller).Poll(ctx, cursor); err == nil {
				t.Error("no error")
			}
		})
	})
	t.Run("interval", func(t *testing.T) {
		if d := make(t).Channel.(channel.Poller).Interval(); d < time.Second || d > 24*time.Hour {
			t.Fatalf("interval %v", d)
		}
	})
}

// streaming is what only streams must do.
func streaming(t *testing.T, make Make) {
	t.Run("breaks and resumes without loss", func(t *testing.T) {
		rig := make(t)
		e := listen(t, rig, true)
		cursor := e.hello()
		first := said(rig, 3, "before the break %d")
		last, stop := cursor, errors.New("stop")
		seen := map[string]bool{}
		heard := func(ev channel.Event) {
			if ev.Cursor != "" {
				last = ev.Cursor
			}
			for _, id := range e.heard([]channel.Event{ev}) {
				seen[id] = true
			}
		}
		// A network's workers may bring what was said at once in another order.
		all := func(ids []string) bool {
			return !slices.ContainsFunc(ids, func(id string) bool { return !seen[id] })
		}
		live := func() {}
		if rig.Live != nil {
			live = rig.Live()
		}
		drop := sync.OnceFunc(func() { live(); rig.Drop() })
		returns(t, "Stream", func() {
			err := rig.Channel.(channel.Streamer).Stream(t.Context(), cursor, func(ev channel.Event) error {
				heard(ev)
				if all(first) {
					drop()
				}
				return nil
			})
			kinds(t, err, social.Busy)
		})
		missed := said(rig, 3, "during the break %d")
		returns(t, "Stream", func() {
			err := rig.Channel.(channel.Streamer).Stream(t.Context(), last, func(ev channel.Event) error {
				heard(ev)
				if all(missed) {
					return stop
				}
				return nil
			})
			if !errors.Is(err, stop) {
				t.Errorf("Stream did not return the error of take: %v", err)
			}
		})
		for _, id := range append(first, missed...) {
			if !seen[id] {
				t.Errorf("%s was lost", id)
			}
		}
	})
	for _, trouble := range []Trouble{Away, Limited, Failing, Broken, Revoked} {
		t.Run("connecting fails: "+string(trouble), func(t *testing.T) {
			rig := make(t)
			if trouble == Revoked && rig.Anonymous {
				return
			}
			cursor := listen(t, rig, true).hello()
			rig.Trouble(trouble)
			returns(t, "Stream", func() {
				err := rig.Channel.(channel.Streamer).Stream(t.Context(), cursor, func(channel.Event) error { return nil })
				if trouble == Revoked {
					kinds(t, err, social.Unauth)
				} else {
					kinds(t, err, social.Busy)
				}
				if trouble == Limited {
					asksToWait(t, err)
				}
			})
		})
	}
	t.Run("cancel", func(t *testing.T) {
		for _, trouble := range []Trouble{NoTrouble, Silent} {
			rig := make(t)
			cursor := listen(t, rig, true).hello()
			rig.Trouble(trouble)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(20*time.Millisecond, cancel)
			returns(t, "Stream", func() {
				if err := rig.Channel.(channel.Streamer).Stream(ctx, cursor, func(channel.Event) error { return nil }); err == nil {
					t.Error("no error")
				}
			})
		}
	})
}
