package channeltest

import (
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// finding tests that what is unknown can be settled by reading.
func finding(t *testing.T, make Make) {
	for _, x := range expect {
		t.Run("after "+string(x.trouble), func(t *testing.T) {
			rig := make(t)
			a := asked(t, rig, "hello?")
			r := answer(rig, a, "key-lost", "Hello, how can we help? See https://brand.example/help & ask.", time.Now())
			f := rig.Channel.(channel.Finder)
			if _, err := rig.Channel.(channel.Sender).Send(t.Context(), answer(rig, a, "key-other", "Something else.", time.Now())); err != nil {
				t.Fatal(err)
			}
			rig.Trouble(x.trouble)
			if _, err := rig.Channel.(channel.Sender).Send(t.Context(), r); err == nil {
				t.Fatal("no error")
			}
			rig.Trouble(NoTrouble)
			got, err := f.Find(t.Context(), r)
			if x.taken == 0 {
				kinds(t, err, social.NotFound)
				return
			}
			if err != nil || got.ExternalID == "" || got.ExternalID == a.ExternalID {
				t.Fatalf("%+v, %v", got, err)
			}
			took(t, rig, "how can we help?", 1)
		})
	}
	t.Run("cannot tell while the network is away", func(t *testing.T) {
		rig := make(t)
		a := asked(t, rig, "hello?")
		for _, trouble := range []Trouble{Away, Limited, Failing, Broken, Revoked} {
			if trouble == Revoked && rig.Anonymous {
				continue
			}
			rig.Trouble(trouble)
			_, err := rig.Channel.(channel.Finder).Find(t.Context(), answer(rig, a, "key-none", "Hello.", time.Now()))
			if trouble == Revoked {
				kinds(t, err, social.Unauth)
			} else {
				kinds(t, err, social.Busy)
			}
		}
	})
	t.Run("does not take another answer for this one", func(t *testing.T) {
		rig := make(t)
		a := asked(t, rig, "hello?")
		b := asked(t, rig, "hello again?")
		s := rig.Channel.(channel.Sender)
		first, err := s.Send(t.Context(), answer(rig, a, "key-a", "We are looking into it.", time.Now()))
		if err != nil {
			t.Fatal(err)
		}
		f := rig.Channel.(channel.Finder)
		if !rig.Flat {
			_, err = f.Find(t.Context(), answer(rig, b, "key-b", "We are looking into it.", time.Now()))
			kinds(t, err, social.NotFound)
		}
		_, err = f.Find(t.Context(), answer(rig, a, "key-c", "We are looking.", time.Now()))
		kinds(t, err, social.NotFound)
		got, err := f.Find(t.Context(), answer(rig, a, "key-a", "We are looking into it.", time.Now()))
		if err != nil || got.ExternalID != first.ExternalID {
			t.Fatalf("%+v, %v; want %s", got, err, first.ExternalID)
		}
	})
}

// others tests the small abilities.
func others(t *testing.T, make Make) {
	rig := make(t)
	if c, ok := rig.Channel.(channel.Reactor); ok && rig.Likes != nil {
		t.Run("react", func(t *testing.T) {
			rig := make(t)
			c = rig.Channel.(channel.Reactor)
			a := asked(t, rig, "thank you!")
			for i, on := range []bool{true, true, false, false, true} {
				if err := c.React(t.Context(), a.ExternalID, on); err != nil {
					t.Fatalf("step %d: %v", i, err)
				}
				if got, want := rig.Likes(a.ExternalID), map[bool]int{true: 1, false: 0}[on]; got != want {
					t.Fatalf("step %d: %d likes, want %d", i, got, want)
				}
			}
			rig.Trouble(Limited)
			kinds(t, c.React(t.Context(), a.ExternalID, true), social.Busy)
		})
	}
	if c, ok := rig.Channel.(channel.Meter); ok {
		t.Run("metrics", func(t *testing.T) {
			rig := make(t)
			c = rig.Channel.(channel.Meter)
			a := asked(t, rig, "count me")
			m, err := c.Metrics(t.Context(), a.ExternalID)
			if err != nil || m.Read.IsZero() {
				t.Fatalf("%+v, %v", m, err)
			}
			m, err = c.Metrics(t.Context(), a.ExternalID+"999")
			if err != nil || m.Likes >= 0 {
				kinds(t, err, social.NotFound, social.Invalid)
			}
			rig.Trouble(Failing)
			_, err = c.Metrics(t.Context(), a.ExternalID)
			kinds(t, err, social.Busy)
		})
	}
	if c, ok := rig.Channel.(channel.Profiler); ok {
		t.Run("profile", func(t *testing.T) {
			rig := make(t)
			c = rig.Channel.(channel.Profiler)
			a := asked(t, rig, "who am I?")
			p, err := c.Profile(t.Context(), a.Author)
			if err != nil || p.ID() != a.Author.ID() || p.Handle+p.Name == "" {
				t.Fatalf("%+v, %v; said by %+v", p, err, a.Author)
			}
			if _, sends := rig.Channel.(channel.Sender); !sends {
				return
			}
			me, err := c.Self(t.Context())
			if err != nil || me.Value == "" || me.ID() == a.Author.ID() {
				t.Fatalf("self %+v, %v", me, err)
			}
			rig.Trouble(Revoked)
			_, err = c.Self(t.Context())
			kinds(t, err, social.Unauth)
			rig.Trouble(Away)
			_, err = c.Self(t.Context())
			kinds(t, err, social.Busy)
		})
	}
}
