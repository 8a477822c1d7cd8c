package engage_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
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

// TestAnyOrderOfFactsGivesTheSame tells the facts of one thread in any order,
// in any portions, some of them several times: the conversation comes out the
// same. Edits and deletions are told as they happened; the thread begins first.
func TestAnyOrderOfFactsGivesTheSame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		turn, straight := 0, ""
		rapid.Check(t, func(r *rapid.T) {
			turn++
			w := newWorld(t, db, now)
			begin := w.now.Now()
			w.now.Add(time.Hour)
			at := func(m int) func(*social.Mention) { return on(begin.Add(time.Duration(m) * time.Minute)) }
			name := func(round string, s string) string { return fmt.Sprintf("%d-%s-%s", turn, round, s) }
			tell := func(round string, order []int, portions []bool) string {
				root := name(round, "root")
				first := w.say(root, "maya", "my kettle leaks", atUs, at(0))
				said := []social.Mention{
					w.say(name(round, "a"), "maya", "it is new", atUs, answering(root, root), at(1)),
					w.say(name(round, "b"), "noah", "mine too", answering(root, root), at(2)),
					w.say(name(round, "c"), "brewell", "Sorry! Which one?", own, answering(root, root), at(3)),
					w.say(name(round, "d"), "maya", "The red one", atUs, answering(root, root), at(4)),
					w.say(name(round, "e"), "maya", "hello?", atUs, answering(root, root), at(5)),
				}
				w.hear(first)
				var batch []social.Mention
				for i, n := range order {
					batch = append(batch, said[n])
					if portions[i] {
						w.hear(batch...)
						batch = nil
					}
				}
				w.hear(append(batch, first)...)
				// Then one is edited and one is taken back.
				said[4].Activity.Text, said[4].Edited = "Hello, is there anybody?", true
				said[3].Deleted, said[3].Activity.Text = true, ""
				w.ears.mu.Lock()
				w.ears.known[said[4].Activity.ID], w.ears.known[said[3].Activity.ID] = said[4], said[3]
				w.ears.mu.Unlock()
				if portions[0] {
					w.hear(said[4], said[3])
				} else {
					w.hear(said[3])
					w.hear(said[4])
				}
				held, err := w.desk.Holding(as(ana), []social.ActivityID{first.Activity.ID})
				w.must(err)
				c, err := w.desk.Conversation(as(ana), held[first.Activity.ID])
				w.must(err)
				var texts []string
				for _, m := range w.thread(c.ID) {
					texts = append(texts, string(m.Kind)+":"+m.Text)
				}
				return strings.ReplaceAll(fmt.Sprint(c.Subject, c.Preview, c.PreviewBy, c.State, c.Turn, c.Messages, c.LastAt.Sub(begin), c.AskedAt.Sub(begin),
					c.WaitingSince.Sub(begin), c.FirstAnswer.Sub(begin), c.Parent, texts), name(round, ""), "")
			}
			order := rapid.Permutation([]int{0, 1, 2, 3, 4}).Draw(r, "order")
			twice := rapid.SliceOfN(rapid.IntRange(0, 4), 0, 3).Draw(r, "twice")
			order = append(order, twice...)
			portions := rapid.SliceOfN(rapid.Bool(), len(order), len(order)).Draw(r, "portions")
			if straight == "" {
				straight = tell("straight", []int{0, 1, 2, 3, 4}, []bool{true, true, true, true, true})
			}
			if mixed := tell("mixed", order, portions); mixed != straight {
				r.Fatalf("in order %v:\n%s\nstraight:\n%s", order, mixed, straight)
			}
		})
	})
}

// TestTheSameFactsInParallel lets several processes hear the same at once.
func TestTheSameFactsInParallel(t *testing.T) {
	each(t, func(w *world) {
		var ids []social.ActivityID
		for i := range 30 {
			root := fmt.Sprintf("root-%d", i)
			ids = append(ids, w.say(root, "maya", "hi "+root, atUs).Activity.ID)
			ids = append(ids, w.say(root+"-b", "maya", "again", atUs, answering(root, root)).Activity.ID)
		}
		var wg sync.WaitGroup
		errs := make(chan error, 8)
		for range 4 {
			desk := w.newDesk(engagedb.New(w.db))
			wg.Go(func() { errs <- desk.Hear(context.Background(), ids) })
			wg.Go(func() { errs <- second(desk.Take(as(ana), ids[0])) })
		}
		wg.Wait()
		for range 8 {
			w.must(<-errs)
		}
		if c, m := w.count("SELECT COUNT(*) FROM conversation"), w.count("SELECT COUNT(*) FROM message"); c != 30 || m != 60 {
			w.t.Fatalf("%d conversations, %d messages", c, m)
		}
		w.tallied()
	})
}

// TestTwoProcessesWorkAtOnce lets two desks with a clock that runs do the
// post of one database.
func TestTwoProcessesWorkAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *clock.Set) {
		w := newWorld(t, db, clock.NewSet(clock.System{}.Now().Add(-time.Hour)))
		ids := w.many(12)
		var mids []social.MessageID
		for i, id := range ids {
			for k := range 2 {
				mids = append(mids, w.reply(id, fmt.Sprintf("k%d-%d", i, k), fmt.Sprintf("answer %d %d", i, k)).ID)
			}
		}
		ctx, stop := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		for range 2 {
			desk := w.newDesk(engagedb.New(db))
			desk.Clock = clock.System{}
			wg.Go(func() { desk.Work(ctx) })
		}
		late := time.After(time.Minute)
		for slow := false; !slow; {
			woken := db.Woken()
			if w.net.posted() >= len(mids) {
				break
			}
			select { // every send ends with a commit
			case <-woken:
			case <-late:
				slow = true
			}
		}
		stop()
		wg.Wait()
		if w.net.posted() != len(mids) || w.net.sends != len(mids) {
			t.Fatalf("%d posts in %d sends of %d replies", w.net.posted(), w.net.sends, len(mids))
		}
		for _, mid := range mids {
			if w.stage(mid) != engage.Sent {
				t.Fatalf("one is %s", w.stage(mid))
			}
		}
		for i := range ids { // of each conversation the first came first
			a := slices.Index(w.net.texts, fmt.Sprintf("answer %d 0", i))
			b := slices.Index(w.net.texts, fmt.Sprintf("answer %d 1", i))
			if a < 0 || b < a {
				t.Fatalf("conversation %d: %d before %d", i, b, a)
			}
		}
		w.tallied()
	})
}
