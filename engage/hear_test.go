package engage_test

import (
	"context"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

func TestWhatEntersTheInbox(t *testing.T) {
	each(t, func(w *world) {
		wall := w.say("w1", "noah", "kettles are nice")
		asked := w.say("p1", "maya", "@brewell my kettle leaks", atUs)
		w.now.Add(time.Second)
		comment := w.say("p2", "noah", "mine too", answering("p1", "p1"))
		elsewhere := w.say("p3", "noah", "something else", answering("x9", "x9"))
		w.hear(wall, asked, comment, elsewhere)

		c := w.only()
		if c.Messages != 2 || c.State != engage.Open || c.Turn != engage.Ours || c.Author.Handle != "maya" {
			t := w.t
			t.Fatalf("got %d messages, %s, %s, by %s", c.Messages, c.State, c.Turn, c.Author.Handle)
		}
		if c.Subject != "@brewell my kettle leaks" || c.Preview != "mine too" || c.PreviewBy != engage.ByThem || c.Lang != "en" ||
			c.Sentiment == nil || c.Sentiment.Label != social.Negative || len(c.Intents) != 1 || !c.Unread || c.Programme != care {
			w.t.Fatalf("the read model is wrong: %+v", c)
		}
		if !c.WaitingSince.Equal(asked.Activity.Published) || !c.LastAt.Equal(comment.Activity.Published) {
			w.t.Fatalf("waiting since %s, last at %s", c.WaitingSince, c.LastAt)
		}
		opened := facts[social.Opened](w)
		if len(opened) != 1 || opened[0].Conversations[0] != (social.Opening{Conversation: c.ID, Channel: line, Programme: care, At: asked.Activity.Published}) {
			w.t.Fatalf("opened: %+v", opened)
		}
		held, err := w.desk.Holding(as(ana), []social.ActivityID{wall.Activity.ID, comment.Activity.ID})
		w.must(err)
		if len(held) != 1 || held[comment.Activity.ID] != c.ID {
			w.t.Fatalf("holding: %v", held)
		}
	})
}

func TestHearingAgainChangesNothing(t *testing.T) {
	each(t, func(w *world) {
		a := w.say("p1", "maya", "@brewell my kettle leaks", atUs)
		b := w.say("p2", "maya", "and it is new", answering("p1", "p1"), atUs)
		w.hear(a, b)
		before, version := len(facts[social.Changed](w)), w.only().Version
		w.hear(b, a)
		w.hear(a)
		if n := len(facts[social.Changed](w)); n != before || w.only().Version != version || w.only().Messages != 2 {
			w.t.Fatalf("%d facts after %d, version %d after %d", n, before, w.only().Version, version)
		}
	})
}

func TestThreadsAreFoundByWhatIsAnswered(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		m := w.reply(cid, "k", "We are sorry!")
		w.later(11 * time.Second)
		external := w.message(m.ID).ExternalID
		w.hear(w.say("p2", "maya", "thanks", answering(external, ""), atUs)) // the network did not tell the root
		if c := w.only(); c.Messages != 3 || c.Turn != engage.Ours {
			w.t.Fatalf("%d messages, turn %s", c.Messages, c.Turn)
		}
	})
}

func TestDirectMessagesStayWithTheirCounterpart(t *testing.T) {
	each(t, func(w *world) {
		w.hear(w.say("d1", "maya", "my order number is 7", privately, atUs))
		w.hear(w.say("d2", "noah", "let me in", privately, atUs, answering("d1", "d1")))
		rows := w.all()
		if len(rows) != 2 || rows[0].Counterpart == rows[1].Counterpart {
			w.t.Fatalf("Noah got into Maya's conversation: %d", len(rows))
		}
		w.hear(w.say("d3", "maya", "hello?", privately, atUs, answering("d1", "d1")))
		if len(w.all()) != 2 {
			w.t.Fatal("Maya's second message began a conversation of its own")
		}
		w.hear(w.say("x1", "zoe", "what is this", answering("d1", "d1"), atUs))
		for _, c := range w.all() {
			if c.Counterpart != "" && c.Identity != c.Counterpart {
				w.t.Fatal("a stranger's public words are in a direct conversation")
			}
		}
	})
}

func TestWritingInPrivateIntoOnesOwnPublicThreadStaysThere(t *testing.T) {
	each(t, func(w *world) {
		w.began()
		w.hear(w.say("d1", "maya", "my address is …", privately, atUs, answering("p1", "p1")))
		if c := w.only(); c.Messages != 2 {
			w.t.Fatalf("%d messages", c.Messages)
		}
		w.hear(w.say("d2", "noah", "psst", privately, atUs, answering("p1", "p1")))
		if len(w.all()) != 2 {
			w.t.Fatal("another person's direct message must begin its own conversation")
		}
	})
}

func TestEditsAndDeletionsReachThePreview(t *testing.T) {
	each(t, func(w *world) {
		a := w.say("p1", "maya", "my kettel leaks", atUs)
		w.hear(a)
		b := w.say("p2", "maya", "since monday", atUs, answering("p1", "p1"), on(w.now.Now().Add(-time.Second)))
		w.now.Add(time.Minute)
		w.hear(b)
		cid := w.only().ID

		a.Activity.Text, a.Edited = "my kettle leaks", true
		w.ears.known[a.Activity.ID] = a
		w.hear(a)
		if c := w.only(); c.Preview != "my kettle leaks" {
			w.t.Fatalf("preview %q", c.Preview)
		}
		a.Deleted, a.Activity.Text = true, ""
		w.ears.known[a.Activity.ID] = a
		w.hear(a)
		c := w.only()
		if c.Preview != "since monday" || c.Parent != "p2" {
			w.t.Fatalf("after deletion: preview %q, parent %q", c.Preview, c.Parent)
		}
		for _, m := range w.thread(cid) {
			if m.ExternalID == "p1" && (m.Text != "" || m.DeletedAt.IsZero()) {
				w.t.Fatal("deleted words are still kept")
			}
		}
		// A tombstone wins over whatever comes later.
		a.Deleted, a.Activity.Text = false, "back again"
		w.ears.known[a.Activity.ID] = a
		w.hear(a)
		if c := w.only(); c.Preview != "since monday" {
			w.t.Fatalf("a deleted message came back: %q", c.Preview)
		}
	})
}

func TestDeletedBeforeItWasHeardNeverEnters(t *testing.T) {
	each(t, func(w *world) {
		w.hear(w.say("p1", "maya", "", atUs, func(m *social.Mention) { m.Deleted = true }))
		if n := len(w.all()); n != 0 {
			w.t.Fatalf("%d conversations", n)
		}
	})
}

func TestTheyWriteAgain(t *testing.T) {
	cases(t, map[string]func(*world, social.ConversationID) error{
		"resolved": func(w *world, id social.ConversationID) error { return w.desk.Resolve(as(ana), id) },
		"snoozed": func(w *world, id social.ConversationID) error {
			return w.desk.Snooze(as(ana), id, w.now.Now().Add(time.Hour))
		},
	}, func(w *world, put func(*world, social.ConversationID) error) {
		cid := w.began()
		since := w.now.Now() // what was never answered still waits
		w.must(put(w, cid))
		was := w.only().State
		w.now.Add(time.Minute)
		if was == engage.Resolved {
			since = w.now.Now()
		}
		w.hear(w.say("p2", "noah", "passing by", answering("p1", "p1"))) // not the customer, not at us
		if c := w.only(); c.State != was {
			w.t.Fatalf("a stranger's words made it %s", c.State)
		}
		w.hear(w.say("p3", "maya", "still leaks", answering("p1", "p1"), atUs))
		c := w.only()
		if c.State != engage.Open || c.Turn != engage.Ours || !c.WaitingSince.Equal(since) || !c.SnoozedUntil.IsZero() || !c.ResolvedAt.IsZero() {
			w.t.Fatalf("%s, %s, waiting since %s", c.State, c.Turn, c.WaitingSince)
		}
		if w.count("SELECT COUNT(*) FROM message WHERE kind = 'event' AND event LIKE '%reopened%'") != 1 {
			w.t.Fatal("the thread does not say that it was reopened")
		}
	})
}

func TestAnAnswerAtTheNetworkCountsAsOurs(t *testing.T) {
	each(t, func(w *world) {
		w.began()
		w.now.Add(5 * time.Minute)
		w.hear(w.say("o1", "brewell", "Sorry! Which model?", own, answering("p1", "p1")))
		c := w.only()
		if c.State != engage.Waiting || c.Turn != engage.Theirs || !c.WaitingSince.IsZero() || c.PreviewBy != engage.ByUs {
			w.t.Fatalf("%s %s %s", c.State, c.Turn, c.PreviewBy)
		}
		got := facts[social.Answered](w)
		if len(got) != 1 || !got[0].First || got[0].Waited != 300 || got[0].Member != "" {
			w.t.Fatalf("answered: %+v", got)
		}
		if d, ok := c.FirstAnswerAfter(); !ok || d != 5*time.Minute {
			w.t.Fatalf("first answer after %s", d)
		}
	})
}

func TestOwnWordsHeardOutOfOrder(t *testing.T) {
	each(t, func(w *world) {
		w.began()
		at := w.now.Now()
		w.now.Add(time.Hour)
		second := w.say("p2", "maya", "hello?", atUs, answering("p1", "p1"), on(at.Add(20*time.Minute)))
		third := w.say("p3", "maya", "anybody?", atUs, answering("p1", "p1"), on(at.Add(30*time.Minute)))
		answer := w.say("o1", "brewell", "Yes, one moment", own, answering("p1", "p1"), on(at.Add(10*time.Minute)))
		w.hear(third)
		w.hear(second)
		w.hear(answer)
		c := w.only()
		if c.Turn != engage.Ours || c.State != engage.Open || !c.WaitingSince.Equal(at.Add(20*time.Minute)) {
			w.t.Fatalf("%s %s since %s", c.State, c.Turn, c.WaitingSince)
		}
	})
}

func TestTakingInByHand(t *testing.T) {
	each(t, func(w *world) {
		m := w.say("w1", "noah", "kettles are nice")
		w.hear(m)
		if len(w.all()) != 0 {
			w.t.Fatal("what is on the wall came in by itself")
		}
		_, err := w.desk.Take(within(ana, other), m.Activity.ID)
		w.want(social.NotFound, err)
		cid, err := w.desk.Take(within(ana, care), m.Activity.ID)
		w.must(err)
		again, err := w.desk.Take(as(ben), m.Activity.ID)
		w.must(err)
		if c := w.only(); c.ID != cid || again != cid || c.Messages != 1 {
			w.t.Fatalf("taken twice: %s, %s", cid, again)
		}
		_, err = w.desk.Take(as(ana), "nothing")
		w.want(social.NotFound, err)
		mine := w.say("o1", "brewell", "buy kettles", own)
		_, err = w.desk.Take(as(ana), mine.Activity.ID)
		w.want(social.Invalid, err)
	})
}

func TestATimeThatLiesAheadIsNotBelieved(t *testing.T) {
	each(t, func(w *world) {
		w.hear(w.say("p1", "maya", "hello from the future", atUs, on(w.now.Now().AddDate(1, 0, 0))))
		if c := w.only(); c.LastAt.After(w.now.Now()) {
			w.t.Fatalf("last at %s", c.LastAt)
		}
	})
}

func TestOddBytesAreKeptOut(t *testing.T) {
	each(t, func(w *world) {
		w.hear(w.say("p1", "maya", "zero\x00byte \xff", atUs))
		if c := w.only(); c.Preview != "zerobyte \uFFFD" {
			w.t.Fatalf("%q", c.Preview)
		}
	})
}

func TestNothingIsHalfWritten(t *testing.T) {
	each(t, func(w *world) {
		m := w.say("p1", "maya", "hi", atUs)
		err := w.db.InTx(context.Background(), func(ctx context.Context) error {
			if err := w.desk.Hear(ctx, []social.ActivityID{m.Activity.ID}); err != nil {
				return err
			}
			return context.Canceled
		})
		if err == nil || w.count("SELECT COUNT(*) FROM conversation") != 0 || w.count("SELECT COALESCE(SUM(n), 0) FROM conversation_tally") != 0 {
			w.t.Fatal("something stayed")
		}
	})
}
