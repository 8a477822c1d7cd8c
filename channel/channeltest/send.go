package channeltest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// asked lets a customer say something and returns it as it was heard.
func asked(t *testing.T, rig *Rig, text string) social.Activity {
	t.Helper()
	_, poll := rig.Channel.(channel.Poller)
	e := listen(t, rig, !poll)
	cursor := e.hello()
	id := rig.Say(text)
	events, _ := e.hear(cursor, id)
	return find(t, rig, events, id, "")
}

// answer is a reply to an activity.
func answer(rig *Rig, a social.Activity, key, text string, attempted time.Time) social.Reply {
	return social.Reply{
		Key: rig.salt + key, To: a.Author, Parent: a.ExternalID, Root: a.Thread(), Text: text,
		Lang: "en", Visibility: a.Visibility, Attempted: attempted,
	}
}

// took fails unless the network has taken exactly n posts of ours with text.
func took(t *testing.T, rig *Rig, text string, n int) {
	t.Helper()
	got := 0
	for _, s := range rig.Ours() {
		if strings.Contains(s, text) {
			got++
		}
	}
	if got != n {
		t.Fatalf("the network has taken %q %d times, want %d; all: %.300q", text, got, n, rig.Ours())
	}
}

// expect is what Send must say of each trouble, and how often the network may
// have taken the post.
var expect = []struct {
	trouble Trouble
	kinds   []social.Kind
	taken   int
}{
	{Away, []social.Kind{social.Busy}, 0},
	{Limited, []social.Kind{social.Busy}, 0},
	{Failing, []social.Kind{social.Unknown, social.Busy}, 0},
	{FailingLate, []social.Kind{social.Unknown}, 1},
	{Broken, []social.Kind{social.Unknown, social.Busy}, 0},
	{BrokenLate, []social.Kind{social.Unknown}, 1},
	{Revoked, []social.Kind{social.Unauth}, 0},
	{Refused, []social.Kind{social.Forbidden, social.Invalid, social.NotFound}, 0},
}

// sending tests Send and Fit.
func sending(t *testing.T, make Make) {
	t.Run("posts once", func(t *testing.T) {
		rig := make(t)
		a := asked(t, rig, "where is my order?")
		s := rig.Channel.(channel.Sender)
		r, err := s.Send(t.Context(), answer(rig, a, "key-1", "It is on its way.", time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		if r.ExternalID == "" || r.At.IsZero() {
			t.Fatalf("receipt %+v", r)
		}
		took(t, rig, "It is on its way.", 1)
		if rig.Keyed {
			again, err := s.Send(t.Context(), answer(rig, a, "key-1", "It is on its way.", time.Now()))
			if err != nil || again.ExternalID != r.ExternalID {
				t.Fatalf("the same key again: %+v, %v; first %+v", again, err, r)
			}
			took(t, rig, "It is on its way.", 1)
		}
		if _, err := s.Send(t.Context(), answer(rig, a, "key-2", "It has arrived.", time.Now())); err != nil {
			t.Fatal(err)
		}
		took(t, rig, "It has arrived.", 1)
	})
	t.Run("hears its own words as its own", func(t *testing.T) {
		rig := make(t)
		_, poll := rig.Channel.(channel.Poller)
		e := listen(t, rig, !poll)
		cursor := e.hello()
		id := rig.Say("do you hear me?")
		events, cursor := e.hear(cursor, id)
		r, err := rig.Channel.(channel.Sender).Send(t.Context(), answer(rig, find(t, rig, events, id, ""), "key-own", "Loud and clear.", time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		events, _ = e.hear(cursor, rig.Say("good"))
		for _, ev := range events {
			for _, a := range read(t, rig, ev) {
				if a.ExternalID == r.ExternalID && (!a.Own || a.Directed || a.Parent != id) {
					t.Fatalf("our own words were heard as %+v", a)
				}
			}
		}
	})
	for _, x := range expect {
		t.Run(string(x.trouble), func(t *testing.T) {
			rig := make(t)
			if rig.Anonymous && x.trouble == Revoked {
				return
			}
			a := asked(t, rig, "is anybody there?")
			s := rig.Channel.(channel.Sender)
			// The connection is warm, as it usually is: a client that sends
			// again by itself over a broken one is found out.
			if _, err := s.Send(t.Context(), answer(rig, a, "key-warm", "One moment.", time.Now())); err != nil {
				t.Fatal(err)
			}
			rig.Trouble(x.trouble)
			_, err := s.Send(t.Context(), answer(rig, a, "key-x", "We are here.", time.Now()))
			kinds(t, err, x.kinds...)
			if x.trouble == Limited {
				asksToWait(t, err)
			}
			took(t, rig, "We are here.", x.taken)
			if x.taken > 0 {
				return
			}
			rig.Trouble(NoTrouble)
			if _, err := s.Send(t.Context(), answer(rig, a, "key-x", "We are here.", time.Now())); err != nil {
				t.Fatalf("when the trouble is over: %v", err)
			}
			took(t, rig, "We are here.", 1)
		})
	}
	t.Run("fit agrees with the network", func(t *testing.T) {
		for _, unit := range []string{"a", "ä", "😀"} {
			rig := make(t)
			a := asked(t, rig, "tell me everything")
			s := rig.Channel.(channel.Sender)
			if room := s.Fit(""); room.Fits || room.Max <= 0 || room.Unit == "" {
				t.Fatalf("nothing fits: %+v", room)
			}
			n := longest(s, unit)
			full := strings.Repeat(unit, n)
			if room := s.Fit(full); !room.Fits || room.Left < 0 {
				t.Fatalf("%d × %s: %+v", n, unit, room)
			}
			if room := s.Fit(full + unit); room.Fits || room.Left >= 0 {
				t.Fatalf("%d × %s: %+v", n+1, unit, room)
			}
			if _, err := s.Send(t.Context(), answer(rig, a, "key-full", full, time.Now())); err != nil {
				t.Fatalf("the network refuses what fits: %v", err)
			}
			took(t, rig, full, 1)
			_, err := s.Send(t.Context(), answer(rig, a, "key-over", full+unit, time.Now()))
			kinds(t, err, social.Invalid)
			took(t, rig, full, 1)
			_, err = s.Send(t.Context(), answer(rig, a, "key-none", "", time.Now()))
			kinds(t, err, social.Invalid)
		}
	})
	t.Run("ten megabytes", func(t *testing.T) {
		rig := make(t)
		a := asked(t, rig, "tell me more")
		_, err := rig.Channel.(channel.Sender).Send(t.Context(), answer(rig, a, "key-big", strings.Repeat("word ", 2<<20), time.Now()))
		kinds(t, err, social.Invalid)
		if n := len(rig.Ours()); n != 0 {
			t.Fatalf("the network has taken %d posts", n)
		}
	})
	t.Run("visibilities", func(t *testing.T) {
		rig := make(t)
		s := rig.Channel.(channel.Sender)
		vs := s.Visibilities()
		if len(vs) == 0 || slices.Contains(vs, social.Internal) {
			t.Fatalf("visibilities %v", vs)
		}
		a := asked(t, rig, "psst")
		for i, v := range vs {
			r := answer(rig, a, fmt.Sprint("key-v", i), fmt.Sprint("Said ", v, "."), time.Now())
			r.Visibility = v
			if _, err := s.Send(t.Context(), r); err != nil {
				t.Fatalf("%s: %v", v, err)
			}
			took(t, rig, r.Text, 1)
		}
		r := answer(rig, a, "key-internal", "Never leaves the house.", time.Now())
		r.Visibility = social.Internal
		_, err := s.Send(t.Context(), r)
		kinds(t, err, social.Invalid, social.Forbidden)
		took(t, rig, r.Text, 0)
	})
	t.Run("cancel", func(t *testing.T) {
		rig := make(t)
		a := asked(t, rig, "quick!")
		s := rig.Channel.(channel.Sender)
		done, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Send(done, answer(rig, a, "key-c1", "Never said.", time.Now()))
		kinds(t, err, social.Busy)
		if _, err := s.Send(t.Context(), answer(rig, a, "key-warm", "One moment.", time.Now())); err != nil {
			t.Fatal(err)
		}
		rig.Trouble(Silent)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		returns(t, "Send", func() {
			_, err := s.Send(ctx, answer(rig, a, "key-c2", "Never said.", time.Now()))
			kinds(t, err, social.Unknown, social.Busy)
		})
		took(t, rig, "Never said.", 0)
	})
}

// longest is how often unit fits.
func longest(s channel.Sender, unit string) int {
	lo, hi := 1, 1
	for s.Fit(strings.Repeat(unit, hi)).Fits {
		lo, hi = hi, hi*2
	}
	for lo+1 < hi {
		mid := (lo + hi) / 2
		if s.Fit(strings.Repeat(unit, mid)).Fits {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// publishing tests Publish.
func publishing(t *testing.T, make Make) {
	t.Run("posts once", func(t *testing.T) {
		rig := make(t)
		r, err := rig.Channel.(channel.Publisher).Publish(t.Context(), channel.Post{Key: rig.salt + "pub-1", Text: "We have news.", Lang: "en"})
		if err != nil || r.ExternalID == "" {
			t.Fatalf("%+v, %v", r, err)
		}
		took(t, rig, "We have news.", 1)
	})
	for _, x := range expect {
		t.Run(string(x.trouble), func(t *testing.T) {
			rig := make(t)
			p := rig.Channel.(channel.Publisher)
			if _, err := p.Publish(t.Context(), channel.Post{Key: rig.salt + "pub-warm", Text: "Good morning."}); err != nil {
				t.Fatal(err)
			}
			rig.Trouble(x.trouble)
			_, err := p.Publish(t.Context(), channel.Post{Key: rig.salt + "pub-x", Text: "We have news."})
			kinds(t, err, x.kinds...)
			took(t, rig, "We have news.", x.taken)
		})
	}
}
