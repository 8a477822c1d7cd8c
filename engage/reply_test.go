package engage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

func TestReplying(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		tests := []struct {
			name  string
			ctx   context.Context
			id    social.ConversationID
			words engage.Words
			shut  string
			kind  social.Kind // "" means it is queued
		}{
			{"nobody", social.WithScope(context.Background(), social.Scope{All: true}), cid, engage.Words{Key: "k0", Text: "Hi"}, "", social.Forbidden},
			{"without a key", as(ana), cid, engage.Words{Text: "Hi"}, "", social.Invalid},
			{"without words", as(ana), cid, engage.Words{Key: "k0", Text: " \n"}, "", social.Invalid},
			{"unknown conversation", as(ana), "c9", engage.Words{Key: "k0", Text: "Hi"}, "", social.NotFound},
			{"of another programme", within(ana, other), cid, engage.Words{Key: "k0", Text: "Hi"}, "", social.NotFound},
			{"gate says no", as(ana), cid, engage.Words{Key: "k0", Text: "Hi"}, "Acknowledge first.", social.Forbidden},
			{"too long", as(ana), cid, engage.Words{Key: "k0", Text: strings.Repeat("a", 501)}, "", social.Invalid},
			{"internal", as(ana), cid, engage.Words{Key: "k0", Text: "Hi", Visibility: social.Internal}, "", social.Invalid},
			{"goes out", within(ana, care), cid, engage.Words{Key: "k1", Text: "On it."}, "", ""},
			{"the same again", as(ana), cid, engage.Words{Key: "k1", Text: "On it."}, "", ""},
			{"the same key, other words", as(ana), cid, engage.Words{Key: "k1", Text: "Not on it."}, "", social.Conflict},
		}
		for _, tt := range tests {
			w.gate.set(tt.shut)
			_, err := w.desk.Reply(tt.ctx, tt.id, tt.words)
			if social.KindOf(err) != tt.kind {
				w.t.Errorf("%s: got %v, want kind %q", tt.name, err, tt.kind)
			}
		}
		if n := w.count("SELECT COUNT(*) FROM delivery"); n != 1 {
			w.t.Fatalf("%d replies are queued, want one", n)
		}
		if w.net.sends != 0 {
			w.t.Fatal("it left before the time to undo was over")
		}
		w.later(9 * time.Second)
		if w.net.sends != 0 {
			w.t.Fatal("it left before the time to undo was over")
		}
		w.later(2 * time.Second)
		if w.net.posted() != 1 || w.net.last.Parent != "p1" || w.net.last.To.Handle != "maya" || w.net.last.Visibility != social.Public {
			w.t.Fatalf("sent: %d, %+v", w.net.posted(), w.net.last)
		}
		c := w.only()
		if c.State != engage.Waiting || c.Turn != engage.Theirs || c.Delivery != engage.Sent || c.PreviewBy != engage.ByUs || !c.WaitingSince.IsZero() {
			w.t.Fatalf("%+v", c)
		}
		got := facts[social.Answered](w)
		if len(got) != 1 || got[0].Member != ana || !got[0].First || got[0].Waited != 11 || got[0].Programme != care || got[0].Channel != line {
			w.t.Fatalf("answered: %+v", got)
		}
	})
}

func TestTheRefusalLeadsToWhereItIsMended(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		w.gate.set("You have not acknowledged “Speaking for Brewell”.")
		_, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k", Text: "Hi"})
		e, ok := err.(*social.Error)
		if !ok || e.Fix != "/govern/policies/p1" || !strings.Contains(e.Text, "acknowledged") {
			w.t.Fatalf("%#v", err)
		}
		if w.gate.asks[0] != (engage.Ask{Member: ana, Permission: social.InboxReply, Programme: care, Channel: line}) {
			w.t.Fatalf("asked %+v", w.gate.asks[0])
		}
	})
}

func TestTheGateShutsBetweenAskingAndQueueing(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		n := 0
		w.gate.then = func() {
			if n++; n == 1 {
				w.gate.set("Revoked.")
			}
		}
		_, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k", Text: "Hi"})
		w.want(social.Forbidden, err)
		if w.count("SELECT COUNT(*) FROM delivery")+w.count("SELECT COUNT(*) FROM message WHERE kind = 'ours'") != 0 {
			w.t.Fatal("it was queued all the same")
		}
	})
}

func TestTheGateShutsBetweenQueueAndSend(t *testing.T) {
	each(t, func(w *world) {
		m := w.reply(w.began(), "k", "Hi")
		w.gate.set("Ana’s acknowledgement was withdrawn.")
		w.later(time.Minute)
		got := w.message(m.ID).Delivery
		if w.net.sends != 0 || got.Stage != engage.Failed || !strings.Contains(got.Problem, "withdrawn") {
			w.t.Fatalf("%d sends, %s: %s", w.net.sends, got.Stage, got.Problem)
		}
		_, err := w.desk.Retry(as(ana), m.ID)
		w.want(social.Forbidden, err)
		w.gate.set("")
		_, err = w.desk.Retry(as(ana), m.ID)
		w.must(err)
		w.post()
		if w.net.posted() != 1 || w.stage(m.ID) != engage.Sent {
			w.t.Fatalf("%d, %s", w.net.posted(), w.stage(m.ID))
		}
	})
}

func TestUndo(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		m := w.reply(cid, "k", "Oops")
		_, err := w.desk.Undo(within(ana, other), m.ID)
		w.want(social.NotFound, err)
		_, err = w.desk.Undo(as(ana), m.ID)
		w.must(err)
		_, err = w.desk.Undo(as(ana), m.ID)
		w.must(err) // twice is once
		w.later(time.Hour)
		c := w.only()
		if w.net.sends != 0 || w.stage(m.ID) != engage.Cancelled || c.Messages != 1 || c.Preview != "@brewell my kettle leaks" || c.State != engage.Open || c.Delivery != "" {
			w.t.Fatalf("%d sends, %s, %+v", w.net.sends, w.stage(m.ID), c)
		}
		d, err := w.desk.Draft(as(ana), cid)
		w.must(err)
		if d.Text != "Oops" {
			w.t.Fatalf("the words are lost: %q", d.Text)
		}
		sent := w.reply(cid, "k2", "Better")
		w.later(time.Minute)
		_, err = w.desk.Undo(as(ana), sent.ID)
		w.want(social.Conflict, err)
	})
}

func TestSomebodyRepliedWhileYouWrote(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		seen := w.only().Version
		w.hear(w.say("p2", "maya", "one more thing", answering("p1", "p1"), atUs)) // theirs is no reason to stop
		if _, err := w.desk.Reply(as(ben), cid, engage.Words{Key: "ben", Text: "Mine", Seen: seen}); err != nil {
			w.t.Fatal(err)
		}
		w.now.Add(time.Second)
		_, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "ana", Text: "Mine too", Seen: seen})
		w.want(social.Conflict, err)
		_, err = w.desk.Reply(as(ana), cid, engage.Words{Key: "ana", Text: "Mine too", Seen: w.only().Version})
		w.must(err)
		w.now.Add(time.Second)
		_, err = w.desk.Reply(as(ana), cid, engage.Words{Key: "ana2", Text: "And another thing", Seen: w.only().Version - 1})
		w.must(err) // one's own words are no collision
	})
}

func TestAReplyGoesToWhoeverBegan(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		w.now.Add(time.Second)
		noah := w.say("p2", "noah", "mine leaks as well", answering("p1", "p1"), atUs)
		w.hear(noah)
		w.reply(cid, "k1", "Sorry, Maya")
		w.later(11 * time.Second)
		if w.net.last.To.Handle != "maya" || w.net.last.Parent != "p1" {
			w.t.Fatalf("it went to %s, %s", w.net.last.To.Handle, w.net.last.Parent)
		}
		_, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k2", Text: "And you, Noah", To: social.MessageID(noah.Activity.ID)})
		w.must(err)
		_, err = w.desk.Reply(as(ana), cid, engage.Words{Key: "k3", Text: "psst", To: social.MessageID(noah.Activity.ID), Visibility: social.Direct})
		w.want(social.Invalid, err)
		w.later(11 * time.Second)
		if w.net.last.To.Handle != "noah" || w.net.last.Parent != "p2" {
			w.t.Fatalf("it went to %s", w.net.last.To.Handle)
		}
	})
}

func TestWhenAllIsDeletedThereIsNothingToAnswer(t *testing.T) {
	each(t, func(w *world) {
		a := w.say("p1", "maya", "hi", atUs)
		w.hear(a)
		cid := w.only().ID
		a.Deleted = true
		w.ears.known[a.Activity.ID] = a
		w.hear(a)
		_, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k", Text: "Hi"})
		w.want(social.Conflict, err)
	})
}

func TestRepliesKeepTheirOrder(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		w.net.before = func(n int) error {
			if n == 1 {
				return &channel.Later{Err: social.Errorf(social.Busy, "Slow down."), Wait: time.Minute}
			}
			return nil
		}
		first := w.reply(cid, "k1", "first")
		second := w.reply(cid, "k2", "second")
		w.later(11 * time.Second)
		if w.net.posted() != 0 || w.net.sends != 1 || w.stage(first.ID) != engage.Queued || w.stage(second.ID) != engage.Queued {
			w.t.Fatalf("%d posted in %d sends", w.net.posted(), w.net.sends)
		}
		w.later(58 * time.Second)
		if w.net.sends != 1 {
			w.t.Fatal("the network's wish to wait was not honoured")
		}
		w.later(3 * time.Second)
		if got := strings.Join(w.net.texts, ","); got != "first,second" {
			w.t.Fatalf("posted %s", got)
		}
	})
}

func TestAChannelThatAsksToWaitIsLeftAlone(t *testing.T) {
	each(t, func(w *world) {
		ids := w.many(2)
		w.net.before = func(n int) error {
			if n == 1 {
				return &channel.Later{Err: social.Errorf(social.Busy, "Slow down."), Wait: 5 * time.Minute}
			}
			return nil
		}
		var told []string
		w.desk.Limited = func(_ context.Context, c social.ChannelID, said string, until time.Time) {
			told = append(told, fmt.Sprint(c, ": ", said, " ", until.Sub(w.now.Now()).Round(time.Minute)))
		}
		w.reply(ids[0], "k1", "first")
		w.later(11 * time.Second)
		if len(told) != 1 || !strings.HasSuffix(told[0], ": Slow down. 5m0s") {
			w.t.Errorf("the channel is told %q", told)
		}
		w.reply(ids[1], "k2", "second")
		w.later(4 * time.Minute)
		if w.net.sends != 1 {
			w.t.Fatalf("%d sends before the time was over", w.net.sends)
		}
		w.later(2 * time.Minute)
		if w.net.posted() != 2 {
			w.t.Fatalf("%d posted", w.net.posted())
		}
	})
}

func TestAnEarlierReplyThatWasTakenBackHoldsNothingUp(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		first := w.reply(cid, "k1", "first")
		w.reply(cid, "k2", "second")
		_, err := w.desk.Undo(as(ana), first.ID)
		w.must(err)
		w.later(11 * time.Second)
		if got := strings.Join(w.net.texts, ","); got != "second" {
			w.t.Fatalf("posted %s", got)
		}
	})
}

type shortener struct{ tracked []social.MessageID }

func (s *shortener) Track(_ context.Context, _ social.ConversationID, m social.MessageID, text string) (string, error) {
	s.tracked = append(s.tracked, m)
	return strings.ReplaceAll(text, "https://shop.example/a/very/long/page", "https://p.example/l/x1"), nil
}

func TestLinksAreShortenedBeforeItIsMeasured(t *testing.T) {
	each(t, func(w *world) {
		s := &shortener{}
		w.desk.Links = s
		cid := w.began()
		text := "See https://shop.example/a/very/long/page"
		w.net.limit = 30
		m := w.reply(cid, "k", text)
		if m.Text != "See https://p.example/l/x1" || m.Delivery.Written != text {
			w.t.Fatalf("%q, written %q", m.Text, m.Delivery.Written)
		}
		again := w.reply(cid, "k", text)
		if again.ID != m.ID || len(s.tracked) != 1 || s.tracked[0] != m.ID {
			w.t.Fatalf("tracked %v", s.tracked)
		}
		w.later(time.Minute)
		if w.net.texts[0] != m.Text {
			w.t.Fatalf("sent %q", w.net.texts[0])
		}
	})
}

func TestWhatTheyWroteMeanwhileStillWaits(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		w.reply(cid, "k", "On it")
		w.now.Add(5 * time.Second)
		again := w.say("p2", "maya", "and the lid is broken", answering("p1", "p1"), atUs)
		w.hear(again)
		w.later(10 * time.Second)
		if c := w.only(); c.Turn != engage.Ours || c.State != engage.Open || !c.WaitingSince.Equal(again.Activity.Published) {
			w.t.Fatalf("%s %s since %s", c.Turn, c.State, c.WaitingSince)
		}
		w.reply(cid, "k2", "The lid as well")
		w.later(11 * time.Second)
		got := facts[social.Answered](w)
		if c := w.only(); c.Turn != engage.Theirs || len(got) != 2 || got[1].First {
			w.t.Fatalf("%s, %+v", c.Turn, got)
		}
	})
}

func TestAResolvedConversationStaysResolvedWhenTheReplyLeaves(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		w.reply(cid, "k", "Done!")
		w.must(w.desk.Resolve(as(ana), cid))
		w.later(time.Minute)
		if c := w.only(); c.State != engage.Resolved || c.Turn != engage.Settled || w.net.posted() != 1 {
			w.t.Fatalf("%s %s", c.State, c.Turn)
		}
	})
}
