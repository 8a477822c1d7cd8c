package engage_test

import (
	"context"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/practice"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// networks finds channels by a function.
type networks func(context.Context, social.ChannelID) (channel.Channel, error)

func (n networks) Channel(ctx context.Context, id social.ChannelID) (channel.Channel, error) {
	return n(ctx, id)
}

// TestThroughThePracticeNetwork goes the whole way with a network that fails
// in its own ways: whatever it does, the answer stands there once.
func TestThroughThePracticeNetwork(t *testing.T) {
	cases(t, map[string]practice.Trouble{
		"well": practice.NoTrouble, "broken after posting": practice.BrokenLate, "failing after posting": practice.FailingLate,
		"away": practice.Away, "limited": practice.Limited,
	}, func(w *world, trouble practice.Trouble) {
		net := practice.NewNetwork(1, w.now)
		net.Join(practice.Persona{Handle: "maya", Name: "Maya"})
		kind := practice.Kind(net)
		ch, err := kind.New(channel.Settings{"site": "microblog", "handle": "brewell"}, channel.Env{Clock: w.now})
		w.must(err)
		w.desk.Networks = networks(func(context.Context, social.ChannelID) (channel.Channel, error) { return ch, nil })
		cursor := "0"
		known := map[string]social.ActivityID{}
		listen := func() { // as listening does: every event, with an id that stays
			b, err := ch.(channel.Poller).Poll(context.Background(), cursor)
			w.must(err)
			cursor = b.Cursor
			for _, e := range b.Events {
				acts, err := ch.Read(e)
				w.must(err)
				for _, a := range acts {
					if known[a.ExternalID] == "" {
						known[a.ExternalID] = social.ActivityID(id.At(w.now.Now()))
					}
					a.ID, a.Channel = known[a.ExternalID], line
					m := social.Mention{Activity: a, Inbox: a.Directed, Programme: care, Identity: a.Author.ID()}
					w.ears.known[a.ID] = m
					w.hear(m)
				}
			}
		}
		_, err = net.Post("maya", practice.Said{Text: "@brewell my kettle leaks"})
		w.must(err)
		listen()
		cid := w.only().ID
		m := w.reply(cid, "k", "Sorry, Maya! Which one is it?")
		net.Trouble(trouble)
		w.later(11 * time.Second)
		net.Trouble(practice.NoTrouble)
		for range 5 {
			w.later(30 * time.Second)
		}
		listen()
		if got := w.message(m.ID).Delivery; got.Stage != engage.Confirmed {
			w.t.Fatalf("%s: %s", got.Stage, got.Problem)
		}
		n := len(net.Ours())
		if n != 1 || len(facts[social.Answered](w)) != 1 {
			w.t.Fatalf("it stands there %d times and was counted %d times", n, len(facts[social.Answered](w)))
		}
	})
}
