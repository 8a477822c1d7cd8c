package engage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

// windowed is the network with a day for private answers to private words, a
// week for private ones to public words, and no end for public ones.
type windowed struct{ finding }

func (windowed) Window(came, goes social.Visibility) time.Duration {
	switch {
	case goes == social.Public:
		return 0
	case came == social.Public:
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}

func narrow(w *world) {
	w.net.finds = true
	w.net.line = windowed{finding{w.net}}
}

func TestTheWindow(t *testing.T) {
	each(t, func(w *world) {
		narrow(w)
		w.hear(w.say("p1", "maya", "my kettle leaks", atUs, privately))
		c := w.only()
		if d := w.desk.Doors(as(ana), c.Conversation); !d.Direct || !d.DirectUntil.Equal(w.now.Now().Add(24*time.Hour)) || !d.PublicUntil.IsZero() {
			w.t.Fatalf("%+v", d)
		}
		w.now.Add(24*time.Hour - time.Second)
		m := w.reply(c.ID, "k1", "On it.") // queued in time
		w.later(11 * time.Second)          // and too late when the time to undo is over
		got := w.message(m.ID).Delivery
		if got.Stage != engage.Failed || w.net.sends != 0 || !strings.Contains(got.Problem, "took replies until") {
			w.t.Fatalf("%s after %d sends: %s", got.Stage, w.net.sends, got.Problem)
		}
		for _, again := range []func() error{
			func() error { _, err := w.desk.Retry(as(ana), m.ID); return err },
			func() error {
				_, err := w.desk.Reply(as(ana), c.ID, engage.Words{Key: "k2", Text: "Still there?"})
				return err
			},
			func() error {
				_, err := w.desk.Reply(as(ana), c.ID, engage.Words{Key: "k3", Text: "Still there?", To: w.thread(c.ID)[1].ID})
				return err
			},
		} {
			err := again()
			w.want(social.Forbidden, err)
			if !strings.Contains(err.Error(), "write again") {
				w.t.Fatalf("%v", err)
			}
		}
		w.hear(w.say("p2", "maya", "hello?", atUs, answering("p1", "p1"), privately)) // they write again, and it opens
		w.reply(c.ID, "k4", "Here we are.")
		w.later(11 * time.Second)
		if w.net.posted() != 1 || w.net.last.Parent != "p2" {
			w.t.Fatalf("%d posts, %+v", w.net.posted(), w.net.last)
		}
	})
}

func TestTheWindowOfPublicWords(t *testing.T) {
	each(t, func(w *world) {
		narrow(w)
		w.hear(w.say("p1", "maya", "my kettle leaks", atUs))
		c := w.only()
		if d := w.desk.Doors(as(ana), c.Conversation); !d.DirectUntil.Equal(w.now.Now().Add(7*24*time.Hour)) || !d.PublicUntil.IsZero() || !d.Public {
			w.t.Fatalf("%+v", d)
		}
		first := w.thread(c.ID)[0].ID
		w.now.Add(6 * 24 * time.Hour)
		w.hear(w.say("p2", "ben", "mine too", atUs, answering("p1", "p1")))
		w.now.Add(24 * time.Hour)
		// The first is too old for a private word; in public there is no end.
		_, err := w.desk.Reply(as(ana), c.ID, engage.Words{Key: "k1", Text: "A word?", Visibility: social.Direct, To: first})
		w.want(social.Forbidden, err)
		_, err = w.desk.Reply(as(ana), c.ID, engage.Words{Key: "k2", Text: "A word?", Visibility: social.Public, To: first})
		w.must(err)
	})
}

func TestWithoutAWindowThereIsNoEnd(t *testing.T) {
	each(t, func(w *world) {
		c := w.began()
		w.now.Add(1000 * time.Hour)
		w.reply(c, "k", "Late, but here.")
		if d := w.desk.Doors(as(ana), w.only().Conversation); !d.PublicUntil.IsZero() || !d.DirectUntil.IsZero() || !d.Public {
			w.t.Fatalf("%+v", d)
		}
	})
}

var _ channel.Windower = windowed{}
