package engage_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

const post = social.ChannelID("ch-2")

// byPost is heard on another channel, by another name of the same person.
func byPost(m *social.Mention) {
	m.Inbox, m.Activity.Channel = true, post
	m.Activity.Author = social.Author{Scheme: "mailto", Value: "maya@home.example", Name: "Maya R."}
	privately(m)
}

// holding is the conversation that holds what was heard.
func (w *world) holding(m social.Mention) social.ConversationID {
	w.t.Helper()
	held, err := w.desk.Holding(as(ana), []social.ActivityID{m.Activity.ID})
	w.must(err)
	return held[m.Activity.ID]
}

func (w *world) merge(into social.ConversationID, others ...social.ConversationID) engage.Outcome {
	w.t.Helper()
	out, err := w.desk.Merge(as(ana), into, others)
	w.must(err)
	return out
}

// said are the words of a conversation, oldest first.
func (w *world) said(cid social.ConversationID) string {
	w.t.Helper()
	var out []string
	for _, m := range slices.Backward(w.thread(cid)) {
		if m.Kind != engage.Happened {
			out = append(out, m.Text)
		}
	}
	return strings.Join(out, " | ")
}

func TestMergedConversationsAreOneAndAnswersGoWhereTheyWereSaid(t *testing.T) {
	each(t, func(w *world) {
		one := w.say("p1", "maya", "my kettle leaks", atUs)
		w.hear(one)
		w.now.Add(time.Minute)
		two := w.say("q1", "maya", "I wrote to you about a kettle", byPost)
		w.hear(two)
		a, b := w.holding(one), w.holding(two)
		w.do([]social.ConversationID{b}, engage.Deed{Act: engage.ActTag, Tags: []social.TagID{"press"}}, engage.Deed{Act: engage.ActPriority, Priority: engage.High})
		w.now.Add(time.Minute)
		out := w.merge(a, b)

		c := w.only()
		if c.ID != a || c.Messages != 2 || c.Priority != engage.High || !slices.Equal(c.Tags, []social.TagID{"press"}) || !c.WaitingSince.Equal(one.Activity.Published) {
			t.Fatalf("it is %s with %d messages, %s, %v, waiting since %s", c.ID, c.Messages, c.Priority, c.Tags, c.WaitingSince)
		}
		if got := w.said(a); got != "my kettle leaks | I wrote to you about a kettle" {
			t.Errorf("it says %q", got)
		}
		gone, err := w.desk.Conversation(as(ana), b)
		if w.must(err); gone.State != engage.Merged || gone.Into != a || w.holding(two) != a {
			t.Errorf("the other is %s into %q", gone.State, gone.Into)
		}
		w.tallied()

		// Without more said, an answer goes to where they wrote last.
		m := w.reply(a, "k1", "We are on it.")
		w.later(time.Minute)
		if r := w.net.last; r.Channel != post || r.To.Value != "maya@home.example" || r.Parent != "q1" || r.Root != "q1" {
			t.Errorf("it went to %s on %s, below %s in %s", r.To.Value, r.Channel, r.Parent, r.Root)
		}
		if c := w.only(); c.State != engage.Waiting || !c.WaitingSince.IsZero() || w.stage(m.ID) != engage.Sent {
			t.Errorf("answered, it is %s since %s", c.State, c.WaitingSince)
		}
		m, err = w.desk.Reply(as(ana), a, engage.Words{Key: "k2", Text: "Here too.", Via: a})
		w.must(err)
		w.later(time.Minute)
		if r := w.net.last; r.Channel != line || r.To.Value != "maya@example.org" || r.Parent != "p1" || w.message(m.ID).Origin != "" {
			t.Errorf("it went to %s on %s", r.To.Value, r.Channel)
		}
		m, err = w.desk.Reply(as(ana), a, engage.Words{Key: "k3", Text: "To that one.", To: social.MessageID(two.Activity.ID), Visibility: social.Direct})
		w.must(err)
		if w.later(time.Minute); w.net.last.Channel != post || w.message(m.ID).Origin != b {
			t.Errorf("it went to %s", w.net.last.Channel)
		}

		// What is said in the old thread comes in through it.
		w.now.Add(time.Minute)
		w.hear(w.say("q2", "maya", "still leaks", byPost, answering("q1", "q1"), privately))
		if c := w.only(); c.State != engage.Open || c.Messages != 6 || c.Preview != "still leaks" {
			t.Errorf("after new words it is %s with %d messages, %q", c.State, c.Messages, c.Preview)
		}

		// Acts on the one that is gone are refused, and say so.
		w.want(social.Conflict, w.desk.Resolve(as(ana), b))
		_, err = w.desk.Reply(as(ana), b, engage.Words{Key: "k4", Text: "Hello?"})
		w.want(social.Conflict, err)
		_, err = w.desk.Merge(as(ana), a, []social.ConversationID{b})
		w.want(social.Conflict, err)
		w.must(w.desk.Mark(as(ana), b, "note", nil))

		back, err := w.desk.TakeBack(as(ana), out.Undo)
		if w.must(err); len(back.Refused) > 0 {
			t.Errorf("left: %v", back.Refused)
		}
		if x, y := w.said(a), w.said(b); x != "my kettle leaks | Here too." || y != "I wrote to you about a kettle | We are on it. | To that one. | still leaks" {
			t.Errorf("taken back they say %q and %q", x, y)
		}
		ca, cb := w.row(a), w.row(b)
		if ca.State != engage.Waiting || cb.State != engage.Open || len(ca.Tags) != 0 || ca.Priority != engage.Normal || cb.Priority != engage.High ||
			ca.Messages != 2 || cb.Messages != 4 || cb.Into != "" || cb.Parent != "q2" || ca.Parent != "p1" {
			t.Errorf("taken back they are %s (%d) and %s (%d), %v %s, answering %s and %s", ca.State, ca.Messages, cb.State, cb.Messages, ca.Tags, ca.Priority, ca.Parent, cb.Parent)
		}
		w.tallied()
	})
}

// Whoever waits in one of them still waits when they are one, though the other
// was answered later.
func TestWhoWaitsStillWaitsWhenTheyAreOne(t *testing.T) {
	each(t, func(w *world) {
		one := w.say("p1", "maya", "my kettle leaks", atUs)
		w.hear(one)
		w.now.Add(time.Minute)
		two := w.say("q1", "maya", "and my order?", byPost)
		w.hear(two)
		a, b := w.holding(one), w.holding(two)
		w.now.Add(time.Minute)
		w.reply(b, "k1", "It has left.")
		w.later(time.Minute)
		w.merge(b, a)
		if c := w.only(); c.State != engage.Open || c.Turn != engage.Ours || !c.WaitingSince.Equal(one.Activity.Published) {
			t.Errorf("it is %s, %s, waiting since %s, not %s", c.State, c.Turn, c.WaitingSince, one.Activity.Published)
		}
	})
}

func TestWhatMayNotBeMerged(t *testing.T) {
	each(t, func(w *world) {
		ids := w.many(3)
		for name, c := range map[string]struct {
			into   social.ConversationID
			others []social.ConversationID
			kind   social.Kind
		}{
			"nothing":               {ids[0], nil, social.Invalid},
			"with itself":           {ids[0], []social.ConversationID{ids[1], ids[0]}, social.Invalid},
			"with one there is not": {ids[0], []social.ConversationID{"x"}, social.NotFound},
			"too many":              {ids[0], slices.Repeat(ids[1:2], 1), ""},
		} {
			_, err := w.desk.Merge(as(ana), c.into, c.others)
			if social.KindOf(err) != c.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := w.desk.Merge(within(ana, other), ids[0], ids[2:])
		w.want(social.NotFound, err)
		w.want(social.NotFound, w.desk.Unmerge(within(ana, other), ids[1]))
		w.want(social.Conflict, w.desk.Unmerge(as(ana), ids[2]))
	})
}

func TestSplittingAConversation(t *testing.T) {
	each(t, func(w *world) {
		w.hear(w.say("p1", "maya", "my kettle leaks", atUs))
		a := w.only().ID
		w.now.Add(time.Minute)
		bo := w.say("p2", "bo", "mine is too loud", atUs, answering("p1", "p1"))
		w.hear(bo)
		w.now.Add(time.Minute)
		ours := w.reply(a, "k0", "Which model?")
		w.later(time.Minute)

		_, _, err := w.desk.Split(as(ana), a, []social.MessageID{ours.ID})
		w.want(social.Invalid, err) // nobody to answer
		_, _, err = w.desk.Split(as(ana), a, []social.MessageID{"x"})
		w.want(social.NotFound, err)
		all := []social.MessageID{social.MessageID(bo.Activity.ID)}
		for _, m := range w.thread(a) {
			if m.Kind == engage.FromThem {
				all = append(all, m.ID)
			}
		}
		_, _, err = w.desk.Split(as(ana), a, all)
		w.want(social.Invalid, err) // nothing would be left

		n, out, err := w.desk.Split(as(ana), a, []social.MessageID{social.MessageID(bo.Activity.ID)})
		w.must(err)
		if x, y := w.said(a), w.said(n); x != "my kettle leaks | Which model?" || y != "mine is too loud" {
			t.Fatalf("they say %q and %q", x, y)
		}
		w.tallied()
		w.now.Add(time.Minute)
		w.hear(w.say("p3", "bo", "the blue one", answering("p2", "p1")))
		w.now.Add(time.Minute)
		w.hear(w.say("p4", "maya", "the red one", answering("p1", "p1")))
		if x, y := w.said(a), w.said(n); x != "my kettle leaks | Which model? | the red one" || y != "mine is too loud | the blue one" {
			t.Errorf("later they say %q and %q", x, y)
		}
		w.now.Add(time.Minute)
		w.reply(n, "k1", "Try the lid.")
		w.later(time.Minute)
		if r := w.net.last; r.To.Handle != "bo" || r.Parent != "p3" || r.Root != "p1" {
			t.Errorf("the answer went to %s below %s in %s", r.To.Handle, r.Parent, r.Root)
		}
		_, err = w.desk.TakeBack(as(ana), out.Undo)
		w.must(err)
		if c := w.only(); c.Messages != 6 || w.said(a) != "my kettle leaks | mine is too loud | Which model? | the blue one | the red one | Try the lid." {
			t.Errorf("taken back it says %q", w.said(a))
		}
		w.want(social.Conflict, w.desk.Unmerge(as(ana), n))
		w.tallied()
	})
}

// Whatever is merged and taken apart, in whatever order and whatever is heard
// meanwhile: nothing is lost or doubled, what stands apart holds just what was
// said in it, and an answer goes to whom it was said by, where it was said.
func TestMergesComeApart(t *testing.T) {
	each(t, func(w *world) {
		for seed := range uint64(6) {
			w := w.fresh()
			r := rand.New(rand.NewPCG(seed, 3))
			names := []string{"maya", "bo", "cleo", "dan"}
			var ids []social.ConversationID
			expect := map[social.ConversationID][]string{} // by the thread in which it was said
			for i, who := range names {
				m := w.say(fmt.Sprint("p", i), who, fmt.Sprint(who, " 0"), atUs)
				w.hear(m)
				ids = append(ids, w.holding(m))
				expect[ids[i]] = []string{m.Activity.Text}
				w.now.Add(time.Second)
			}
			into := map[social.ConversationID]social.ConversationID{}
			root := func(id social.ConversationID) social.ConversationID {
				for into[id] != "" {
					id = into[id]
				}
				return id
			}
			for step := range 40 {
				w.now.Add(time.Second)
				i, j := r.IntN(4), r.IntN(4)
				a, b := ids[i], ids[j]
				switch r.IntN(5) {
				case 0:
					m := w.say(fmt.Sprint("x", step), names[i], fmt.Sprint(names[i], " ", step), answering(fmt.Sprint("p", i), fmt.Sprint("p", i)))
					w.hear(m)
					expect[a] = append(expect[a], m.Activity.Text)
					if got := w.holding(m); got != root(a) {
						t.Fatalf("seed %d, step %d: it stands in %s, not %s", seed, step, got, root(a))
					}
				case 1:
					text := fmt.Sprint("to ", names[i], " ", step)
					_, err := w.desk.Reply(as(ana), root(a), engage.Words{Key: fmt.Sprint(seed, step), Text: text, Via: a})
					w.must(err)
					w.later(time.Minute)
					if got := w.net.last; got.To.Handle != names[i] || got.Root != fmt.Sprint("p", i) {
						t.Fatalf("seed %d, step %d: it went to %s in %s", seed, step, got.To.Handle, got.Root)
					}
					expect[a] = append(expect[a], text)
				case 2, 3:
					if into[a] == "" && into[b] == "" && a != b {
						w.merge(a, b)
						into[b] = a
					}
				case 4:
					if into[a] != "" {
						w.must(w.desk.Unmerge(as(ana), a))
						delete(into, a)
					}
				}
				w.tallied()
			}
			for _, id := range ids {
				if into[id] != "" {
					w.must(w.desk.Unmerge(as(ana), id))
					delete(into, id)
				}
			}
			for _, id := range ids {
				if got := w.said(id); got != strings.Join(expect[id], " | ") {
					t.Errorf("seed %d: one says %q, want %q", seed, got, expect[id])
				}
				c := w.row(id)
				asked, answered := c.AskedAt, c.AnsweredTo
				if waits := asked.After(answered); waits != (c.State == engage.Open) || waits == c.WaitingSince.IsZero() {
					t.Errorf("seed %d: asked %s, answered to %s, and it is %s since %s", seed, asked, answered, c.State, c.WaitingSince)
				}
				if c.Messages != len(expect[id]) {
					t.Errorf("seed %d: it counts %d messages of %d", seed, c.Messages, len(expect[id]))
				}
			}
			w.tallied()
		}
	})
}

// Whoever merges at once, in either direction, and whatever is heard
// meanwhile: one wins, and all is said in one place.
func TestMergingAtOnce(t *testing.T) {
	each(t, func(w *world) {
		ids := w.many(2)
		var wg sync.WaitGroup
		var mu sync.Mutex
		kinds := map[social.Kind]int{}
		for i := range 8 {
			wg.Go(func() {
				_, err := w.desk.Merge(as(ana), ids[i%2], []social.ConversationID{ids[1-i%2]})
				mu.Lock()
				kinds[social.KindOf(err)]++
				mu.Unlock()
			})
			wg.Go(func() {
				m := w.say(fmt.Sprint("late", i), "maya", fmt.Sprint("late ", i), answering("p000", "p000"))
				if err := w.desk.Hear(social.WithScope(context.Background(), social.Scope{All: true}), []social.ActivityID{m.Activity.ID}); err != nil {
					t.Errorf("hearing: %v", err)
				}
			})
		}
		wg.Wait()
		if kinds[""] != 1 || kinds[social.Conflict] != 7 {
			t.Errorf("of eight merges: %v", slices.Collect(maps.Keys(kinds)))
		}
		c := w.only()
		if c.Messages != 10 || w.count("SELECT COUNT(*) FROM message WHERE kind <> 'event' AND conversation_id <> ?", string(c.ID)) != 0 {
			t.Errorf("%d messages stand in the one conversation", c.Messages)
		}
		w.tallied()
	})
}
