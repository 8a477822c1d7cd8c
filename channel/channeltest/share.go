package channeltest

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// sharing tests who passes on what. Which shares belong to what is kept, and
// in which order they came, is sorted out by whoever listens: a channel says
// the same of the same event, whatever else it has heard.
func sharing(t *testing.T, make Make) {
	t.Run("a share says who passed on what", func(t *testing.T) {
		rig := make(t)
		if rig.Share == nil {
			t.Skip("this network tells of no bare shares")
		}
		e := ear{t: t, rig: rig, stream: streams(rig)}
		var id, of string
		events := e.through(func() { id, of = rig.Share() })
		s := shareOf(t, rig, events, id, false)
		if s.Of != of || s.Kind != social.Reshared {
			t.Fatalf("a %s of %q, want a share of %q", s.Kind, s.Of, of)
		}
		if slices.Contains(e.heard(events), id) {
			t.Fatal("a bare share has no words of its own and yet came as an activity")
		}
	})
	t.Run("the same share twice is one share", func(t *testing.T) {
		rig := make(t)
		if rig.Share == nil || rig.onlyHook() {
			t.Skip("this network tells of no bare shares, or only once")
		}
		e := ear{t: t, rig: rig, stream: streams(rig)}
		cursor := e.hello()
		id, of := rig.Share()
		mark := rig.Say("after the share")
		first, _ := e.hear(cursor, mark)
		second, _ := e.hear(cursor, mark)
		a, b := shareOf(t, rig, first, id, false), shareOf(t, rig, second, id, false)
		if a.Of != of || a.ExternalID != b.ExternalID || a.Of != b.Of {
			t.Fatalf("first %+v, then %+v", a, b)
		}
		keys := map[string]string{} // an event that is a share keeps its key
		for _, events := range [][]channel.Event{first, second} {
			for _, ev := range events {
				for _, s := range shares(t, rig, ev) {
					if k := keys[s.ExternalID]; k != "" && k != ev.Key {
						t.Fatalf("%s had the key %q and now %q", s.ExternalID, k, ev.Key)
					}
					keys[s.ExternalID] = ev.Key
				}
			}
		}
	})
	t.Run("a share is taken back by its name", func(t *testing.T) {
		rig := make(t)
		if rig.Share == nil || rig.Unshare == nil {
			t.Skip("this network does not tell that a share is taken back")
		}
		e := ear{t: t, rig: rig, stream: streams(rig)}
		var id string
		events := e.through(func() { id, _ = rig.Share(); rig.Unshare(id) })
		there, gone := shareOf(t, rig, events, id, false), shareOf(t, rig, events, id, true)
		if there.ExternalID != gone.ExternalID {
			t.Fatalf("%q was shared and %q taken back", there.ExternalID, gone.ExternalID)
		}
		var keys []string
		for _, ev := range events {
			if slices.ContainsFunc(shares(t, rig, ev), func(s social.Share) bool { return s.ExternalID == id }) {
				keys = append(keys, ev.Key)
			}
		}
		slices.Sort(keys)
		if len(slices.Compact(keys)) < 2 {
			t.Fatalf("the end of a share has the key of the share: %q", keys)
		}
	})
	t.Run("a quote is an activity and a share", func(t *testing.T) {
		rig := make(t)
		if rig.Quote == nil {
			t.Skip("this network tells of no quotes")
		}
		e := ear{t: t, rig: rig, stream: streams(rig)}
		var id, of string
		events := e.through(func() { id, of = rig.Quote("with words of my own") })
		s := shareOf(t, rig, events, id, false)
		if s.Of != of || s.Kind != social.Quoted {
			t.Fatalf("a %s of %q, want a quote of %q", s.Kind, s.Of, of)
		}
		a := find(t, rig, events, id, social.Create)
		if a.Author.ID() != s.By.ID() {
			t.Fatalf("said by %+v and quoted by %+v", a.Author, s.By)
		}
	})
	t.Run("shares are read purely and safely", func(t *testing.T) {
		rig := make(t)
		e := ear{t: t, rig: rig, stream: streams(rig)}
		events := e.through(func() {
			if rig.Share != nil {
				rig.Share()
			}
			if rig.Quote != nil {
				rig.Quote("and read it twice")
			}
		})
		rig.Trouble(Away) // it needs no network
		for _, ev := range events {
			raw := bytes.Clone(ev.Raw)
			if a, b := shares(t, rig, ev), shares(t, rig, ev); !reflect.DeepEqual(a, b) || !bytes.Equal(raw, ev.Raw) {
				t.Fatalf("%+v, then %+v", a, b)
			}
			for n := range uint64(500) {
				m := ev
				m.Raw = mutate(ev.Raw, n*2654435761+88172645463325252)
				got, err := rig.Channel.(channel.Sharer).Shares(m)
				if err != nil {
					kinds(t, err, social.Invalid)
				}
				for _, s := range got {
					wholeShare(t, s)
					if t.Failed() {
						t.Fatalf("from %q", m.Raw)
					}
				}
			}
		}
		for _, raw := range append([][]byte{nil, {}, []byte("{"), []byte("[]"), []byte("\x00\xff"), []byte("<html>")}, rig.Malformed...) {
			got, err := rig.Channel.(channel.Sharer).Shares(channel.Event{Key: "k", Raw: raw, At: time.Unix(1, 0)})
			if len(got) > 0 {
				t.Fatalf("%.80q was read as %+v", raw, got)
			}
			if err != nil {
				kinds(t, err, social.Invalid)
			}
		}
	})
}

func streams(rig *Rig) bool {
	_, polls := rig.Channel.(channel.Poller)
	return !polls
}

// through listens while something happens, and until what is said afterwards comes.
func (e *ear) through(do func()) []channel.Event {
	e.t.Helper()
	e.hook = e.rig.onlyHook()
	e.stream = e.stream && !e.hook
	if e.stream {
		return e.during("", "", func() []string { do(); return []string{e.rig.Say("after it")} })
	}
	cursor := e.hello()
	do()
	events, _ := e.hear(cursor, e.rig.Say("after it"))
	return events
}

func shares(t *testing.T, rig *Rig, ev channel.Event) []social.Share {
	t.Helper()
	all, err := rig.Channel.(channel.Sharer).Shares(ev)
	if err != nil {
		t.Fatalf("reading the shares of %s: %v\n%.500s", ev.Key, err, ev.Raw)
	}
	for _, s := range all {
		wholeShare(t, s)
	}
	return all
}

// shareOf returns what events say last of a share, or of its end.
func shareOf(t *testing.T, rig *Rig, events []channel.Event, id string, undone bool) social.Share {
	t.Helper()
	var out *social.Share
	for _, ev := range events {
		for _, s := range shares(t, rig, ev) {
			if s.ExternalID == id && s.Undone == undone {
				out = &s
			}
		}
	}
	if out == nil {
		t.Fatalf("no share %q (taken back: %v) among %d events", id, undone, len(events))
	}
	return *out
}

// wholeShare fails unless a share has what every share needs.
func wholeShare(t *testing.T, s social.Share) {
	t.Helper()
	if s.Post != "" || s.Said != "" {
		t.Errorf("Post and Said are the caller's: %q, %q", s.Post, s.Said)
	}
	if s.ExternalID == "" || !utf8.ValidString(s.ExternalID) {
		t.Errorf("external id %q", s.ExternalID)
	}
	if s.At.Location() != time.UTC {
		t.Errorf("at %v", s.At)
	}
	if s.Undone {
		return
	}
	if s.Of == "" || !utf8.ValidString(s.Of) || s.By.Scheme == "" || s.By.Value == "" {
		t.Errorf("it does not say who shared what: %+v", s)
	}
	if s.Kind != social.Reshared && s.Kind != social.Quoted {
		t.Errorf("kind %q", s.Kind)
	}
}
