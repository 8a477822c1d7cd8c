package engage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
	"pgregory.net/rapid"
)

// dying is a store whose process dies: from some point on nothing reaches the
// database any more, as after kill -9.
type dying struct {
	engage.Store
	left int  // transactions that still go through
	late bool // the last is committed, but nobody learns of it
	dead bool
}

var errDead = errors.New("the process is dead")

type inside struct{}

func (d *dying) InTx(ctx context.Context, f func(context.Context) error) error {
	if ctx.Value(inside{}) != nil {
		return d.Store.InTx(ctx, f)
	}
	if d.dead {
		return errDead
	}
	if d.left--; d.left < 0 {
		d.dead = true
		if !d.late {
			return errDead
		}
	}
	err := d.Store.InTx(context.WithValue(ctx, inside{}, true), f)
	if d.dead {
		return errDead
	}
	return err
}

func (d *dying) Message(ctx context.Context, id social.MessageID) (engage.Message, error) {
	if d.dead {
		return engage.Message{}, errDead
	}
	return d.Store.Message(ctx, id)
}

func (d *dying) Due(ctx context.Context, now time.Time, without []social.ChannelID, limit int) ([]engage.Due, time.Time, error) {
	if d.dead {
		return nil, time.Time{}, errDead
	}
	return d.Store.Due(ctx, now, without, limit)
}

// TestKilledAtEveryStep kills the process before and after each transaction
// of a send, and at the network, and starts it again: the customer never
// sees the reply twice, and nobody is left believing what is not so.
func TestKilledAtEveryStep(t *testing.T) {
	type death struct {
		finds, late, lost bool
		step              int
	}
	all := map[string]death{}
	for step := range 5 {
		for i := range 8 {
			d := death{i&1 == 0, i&2 == 0, i&4 == 0, step}
			all[fmt.Sprintf("%+v", d)] = d
		}
	}
	cases(t, all, func(w *world, d death) {
		w.net.finds = d.finds
		if d.lost {
			w.net.after = once(lost)
		}
		m := w.reply(w.began(), "k", "On it")
		w.now.Add(11 * time.Second)
		w.desk = w.newDesk(&dying{Store: engagedb.New(w.db), left: d.step, late: d.late})
		for range 3 { // while it is dying
			_, _ = w.desk.Post(context.Background())
			w.now.Add(time.Second)
		}
		w.restart()
		for range 15 {
			w.later(time.Minute)
		}
		w.truthful(m.ID)
		if s := w.stage(m.ID); s.Open() {
			w.t.Fatalf("it is still %s", s)
		}
	})
}

// truthful checks what must hold at any time of a message.
func (w *world) truthful(mid social.MessageID) {
	w.t.Helper()
	n := 0
	w.net.mu.Lock()
	if _, ok := w.net.posts[string(mid)]; ok {
		n = 1
	}
	double := len(w.net.order) > len(w.net.posts)
	w.net.mu.Unlock()
	if double {
		w.t.Fatalf("a reply stands on the network twice: %v", w.net.texts)
	}
	s := w.stage(mid)
	switch {
	case s.Out() && n == 0:
		w.t.Fatalf("it is %s, but nothing stands on the network", s)
	case (s == engage.Failed || s == engage.Cancelled) && n == 1:
		w.t.Fatalf("it is %s, but it stands on the network", s)
	}
	answered := w.count("SELECT COUNT(*) FROM outbox WHERE name = 'answered' AND data LIKE ?", "%\""+string(mid)+"\"%")
	if answered > 1 || (answered == 1) != s.Out() {
		w.t.Fatalf("it is %s and was counted %d times", s, answered)
	}
}

// TestAnyInterleaving does what people, networks and crashes may do in any
// order. A network that answers truly when asked never gets a reply twice.
func TestAnyInterleaving(t *testing.T) {
	run := func(t *testing.T, db *store.DB, now *clock.Set) {
		turn := 0
		rapid.Check(t, func(r *rapid.T) {
			turn++
			w := newWorld(t, db, now)
			w.now.Add(24 * time.Hour)
			w.net.finds = rapid.Bool().Draw(r, "finds")
			root := fmt.Sprintf("root-%d", turn)
			w.net.echo = root
			asked := w.say(root, "maya", "help", atUs)
			w.hear(asked)
			held, err := w.desk.Holding(as(ana), []social.ActivityID{asked.Activity.ID})
			w.must(err)
			cid := held[asked.Activity.ID]
			var mids []social.MessageID
			pick := func() social.MessageID {
				if len(mids) == 0 {
					return "none"
				}
				return rapid.SampledFrom(mids).Draw(r, "message")
			}
			w.net.after = func(int) error { return trouble(r, "after", social.Unknown) }
			w.net.before = func(int) error { return trouble(r, "before", social.Unknown, social.Busy, social.Invalid) }
			r.Repeat(map[string]func(*rapid.T){
				"reply": func(*rapid.T) {
					if len(mids) > 4 {
						return
					}
					key := fmt.Sprintf("%d-%d", turn, len(mids))
					m, err := w.desk.Reply(as(ana), cid, engage.Words{Key: key, Text: "words " + key})
					if err == nil {
						mids = append(mids, m.ID)
					}
				},
				"undo":  func(*rapid.T) { _, _ = w.desk.Undo(as(ana), pick()) },
				"retry": func(*rapid.T) { _, _ = w.desk.Retry(as(ana), pick()) },
				"check": func(*rapid.T) { _, _ = w.desk.Check(as(ana), pick()) },
				"settle": func(*rapid.T) { // a person looks, and says what is so
					mid := pick()
					w.net.mu.Lock()
					_, there := w.net.posts[string(mid)]
					w.net.mu.Unlock()
					_, _ = w.desk.Settle(as(ana), mid, there)
				},
				"wait": func(*rapid.T) { w.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(r, "seconds")) * time.Second) },
				"post": func(*rapid.T) { _, _ = w.desk.Post(context.Background()) },
				"kill": func(*rapid.T) {
					w.desk = w.newDesk(&dying{Store: engagedb.New(w.db), left: rapid.IntRange(0, 4).Draw(r, "left"), late: rapid.Bool().Draw(r, "late")})
					_, _ = w.desk.Post(context.Background())
					w.restart()
				},
				"hear": func(*rapid.T) { // listening brings our own words back
					for i, external := range w.net.order {
						if rapid.Bool().Draw(r, "heard") {
							w.hear(w.again(external, w.net.texts[i], root))
						}
					}
				},
				"shut": func(*rapid.T) { w.gate.set("Not now.") },
				"let":  func(*rapid.T) { w.gate.set("") },
				"": func(*rapid.T) {
					for _, mid := range mids {
						w.truthful(mid)
					}
					if len(w.net.order) > len(mids) {
						w.t.Fatalf("%d posts of %d replies", len(w.net.order), len(mids))
					}
				},
			})
			w.gate.set("")
			w.net.before, w.net.after = nil, nil
			w.restart()
			for range 12 {
				w.later(10 * time.Minute)
			}
			for _, mid := range mids {
				w.truthful(mid)
				if s := w.stage(mid); s.Open() {
					w.t.Fatalf("it never came to an end: %s", s)
				}
			}
		})
	}
	storetest.Each(t, run)
}

// trouble is one of some kinds of error, or none.
func trouble(r *rapid.T, when string, kinds ...social.Kind) error {
	n := rapid.IntRange(0, len(kinds)+1).Draw(r, when)
	if n >= len(kinds) {
		return nil
	}
	return social.Errorf(kinds[n], "Trouble.")
}

// again is our own post as listening hears it, always the same activity.
func (w *world) again(external, text, root string) social.Mention {
	w.ears.mu.Lock()
	for _, m := range w.ears.known {
		if m.Activity.ExternalID == external {
			w.ears.mu.Unlock()
			return m
		}
	}
	w.ears.mu.Unlock()
	return w.say(external, "brewell", text, own, answering(root, root))
}
