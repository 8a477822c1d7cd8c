package engage_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/social"
)

var lost = social.Errorf(social.Unknown, "No answer.")

// once makes only the first call of the network fail.
func once(err error) func(int) error {
	return func(n int) error {
		if n == 1 {
			return err
		}
		return nil
	}
}

func TestEveryEndOfASend(t *testing.T) {
	away := social.Errorf(social.Busy, "Away.")
	tests := []struct {
		name   string
		before error // the network fails having done nothing
		after  error // the network fails having posted
		finds  bool
		lookup error
		stage  engage.Stage
		posted int
	}{
		{name: "a receipt", finds: true, stage: engage.Sent, posted: 1},
		{name: "busy, then through", before: away, finds: true, stage: engage.Sent, posted: 1},
		{name: "refused", before: social.Errorf(social.Invalid, "Too rude."), finds: true, stage: engage.Failed},
		{name: "credentials gone", before: social.Errorf(social.Unauth, "Connect it again."), finds: true, stage: engage.Failed},
		{name: "lost after posting, found", after: lost, finds: true, stage: engage.Confirmed, posted: 1},
		{name: "lost before posting, not found", before: lost, finds: true, stage: engage.Failed},
		{name: "lost after posting, nobody to ask", after: lost, stage: engage.NeedsCheck, posted: 1},
		{name: "lost before posting, nobody to ask", before: lost, stage: engage.NeedsCheck},
		{name: "lost, and reading cannot tell", after: lost, finds: true, lookup: away, stage: engage.NeedsCheck, posted: 1},
		{name: "an error without a kind", after: errors.New("boom"), finds: true, stage: engage.Confirmed, posted: 1},
		{name: "an error without a kind, nobody to ask", before: errors.New("boom"), stage: engage.NeedsCheck},
	}
	each(t, func(w *world) {
		for i, tt := range tests {
			sends, posted := w.net.sends, w.net.posted()
			w.net.before = func(n int) error { return once(tt.before)(n - sends) }
			w.net.after = func(n int) error { return once(tt.after)(n - sends) }
			w.net.finds, w.net.lookup = tt.finds, tt.lookup
			external := "e" + string(rune('a'+i))
			w.hear(w.say(external, "maya", "help "+external, atUs))
			m := w.reply(w.all()[0].ID, external, "On it "+external)
			for range 40 {
				w.later(time.Minute)
			}
			got := w.message(m.ID).Delivery
			if got.Stage != tt.stage || w.net.posted()-posted != tt.posted {
				w.t.Errorf("%s: %s (%s) with %d posts; want %s with %d", tt.name, got.Stage, got.Problem, w.net.posted()-posted, tt.stage, tt.posted)
			}
			if (got.Stage == engage.Failed || got.Stage == engage.NeedsCheck) == (got.Problem == "") {
				w.t.Errorf("%s: %s says %q", tt.name, got.Stage, got.Problem)
			}
			if !got.Stage.Open() && !got.NextAt.IsZero() || got.Stage.Open() && got.NextAt.IsZero() {
				w.t.Errorf("%s: %s with next at %s", tt.name, got.Stage, got.NextAt)
			}
			w.now.Add(time.Hour)
		}
	})
}

func TestNotThereIsBelievedOnlyAfterASafeTime(t *testing.T) {
	each(t, func(w *world) {
		w.net.before = once(lost)
		m := w.reply(w.began(), "k", "On it")
		w.later(11 * time.Second)
		if w.stage(m.ID) != engage.Unknown {
			w.t.Fatalf("%s", w.stage(m.ID))
		}
		w.later(30 * time.Second)
		if w.stage(m.ID) != engage.Unknown {
			w.t.Fatalf("given up after 30 s: %s", w.stage(m.ID))
		}
		w.later(31 * time.Second)
		if w.stage(m.ID) != engage.Failed || w.net.sends != 1 {
			w.t.Fatalf("%s after %d sends", w.stage(m.ID), w.net.sends)
		}
		if len(facts[social.Answered](w)) != 0 {
			w.t.Fatal("an answer was counted that nobody got")
		}
		_, err := w.desk.Retry(as(ana), m.ID)
		w.must(err)
		w.post()
		if w.stage(m.ID) != engage.Sent || w.net.posted() != 1 {
			w.t.Fatalf("%s", w.stage(m.ID))
		}
	})
}

func TestAPersonSettles(t *testing.T) {
	cases(t, map[string]bool{"it is there": true, "it is not": false}, func(w *world, sent bool) {
		w.net.finds = false
		w.net.before = once(lost)
		m := w.reply(w.began(), "k", "On it")
		_, err := w.desk.Settle(as(ana), m.ID, sent)
		w.want(social.Conflict, err)
		w.later(11 * time.Second)
		w.later(11 * time.Second)
		_, err = w.desk.Settle(within(ana, other), m.ID, sent)
		w.want(social.NotFound, err)
		_, err = w.desk.Settle(as(ana), m.ID, sent)
		w.must(err)
		want, answered := engage.Failed, 0
		if sent {
			want, answered = engage.Sent, 1
		}
		if w.stage(m.ID) != want || len(facts[social.Answered](w)) != answered || w.only().Delivery != want {
			w.t.Fatalf("%s, %d answers", w.stage(m.ID), len(facts[social.Answered](w)))
		}
	})
}

func TestAPersonLooksAgain(t *testing.T) {
	each(t, func(w *world) {
		w.net.finds = false
		w.net.after = once(lost)
		m := w.reply(w.began(), "k", "On it")
		w.later(11 * time.Second)
		w.later(11 * time.Second)
		_, err := w.desk.Check(as(ana), m.ID)
		w.want(social.Invalid, err) // this network can't be asked
		w.net.finds = true
		_, err = w.desk.Check(within(ana, other), m.ID)
		w.want(social.NotFound, err)
		got, err := w.desk.Check(as(ana), m.ID)
		w.must(err)
		if got.Delivery.Stage != engage.Confirmed || w.net.posted() != 1 {
			w.t.Fatalf("%s", got.Delivery.Stage)
		}
	})
}

func TestHearingOurOwnWordsConfirmsThem(t *testing.T) {
	type echo struct {
		after error
		finds bool
		heard string // how the network gives the text back
	}
	cases(t, map[string]echo{
		"after the receipt":           {nil, true, "On it, Maya!"},
		"with a handle in front":      {lost, false, "@maya@example.org On it,  Maya!"},
		"while nobody can tell":       {lost, false, "On it, Maya!"},
		"with other words, by its id": {nil, true, "quite other words"},
	}, func(w *world, tt echo) {
		w.net.after, w.net.finds = once(tt.after), tt.finds
		cid := w.began()
		m := w.reply(cid, "k", "On it, Maya!")
		w.later(11 * time.Second)
		echo := w.say("out-1", "brewell", tt.heard, own, answering("p1", "p1"))
		w.hear(echo)
		w.hear(echo)
		got := w.message(m.ID)
		if got.Delivery.Stage != engage.Confirmed || got.ExternalID != "out-1" || got.Activity != echo.Activity.ID {
			w.t.Fatalf("%s, %q", got.Delivery.Stage, got.ExternalID)
		}
		if c := w.only(); c.Messages != 2 || c.Delivery != engage.Confirmed || len(facts[social.Answered](w)) != 1 {
			w.t.Fatalf("%d messages, %s, %d answers", c.Messages, c.Delivery, len(facts[social.Answered](w)))
		}
		w.later(time.Hour)
		if w.net.sends != 1 || w.stage(m.ID) != engage.Confirmed {
			w.t.Fatalf("%d sends, %s", w.net.sends, w.stage(m.ID))
		}
		held, err := w.desk.Holding(as(ana), []social.ActivityID{echo.Activity.ID})
		w.must(err)
		if held[echo.Activity.ID] != cid {
			w.t.Fatal("nobody knows where the echo belongs")
		}
	})
}

func TestAnEchoThatOvertakesTheReceiptIsNotASecondMessage(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		w.net.after = func(int) error { // listening is quicker than the answer, and the network changed the words
			w.hear(w.say("out-1", "brewell", "quite other words", own, answering("p1", "p1")))
			return nil
		}
		m := w.reply(cid, "k", "On it")
		w.later(11 * time.Second)
		got := w.message(m.ID)
		if c := w.only(); got.Delivery.Stage != engage.Confirmed || c.Messages != 2 || len(facts[social.Answered](w)) != 1 ||
			w.count("SELECT COUNT(*) FROM message WHERE kind = 'ours'") != 1 {
			w.t.Fatalf("%s, %d messages, %d answers", got.Delivery.Stage, c.Messages, len(facts[social.Answered](w)))
		}
	})
}

// stale is a store that once tells again what was due before.
type stale struct {
	engage.Store
	due []engage.Due
}

func (s *stale) Due(ctx context.Context, now time.Time, without []social.ChannelID, limit int) ([]engage.Due, time.Time, error) {
	if due := s.due; due != nil {
		s.due = nil
		return due, time.Time{}, nil
	}
	return s.Store.Due(ctx, now, without, limit)
}

func TestAProcessThatIsLateFindsItDone(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		m := w.reply(cid, "k", "On it")
		old := []engage.Due{{Message: m.ID, Conversation: cid, Channel: line, Stage: engage.Queued}}
		slow := w.newDesk(&stale{engagedb.New(w.db), old})
		_, err := slow.Post(context.Background()) // it is not even due
		w.must(err)
		if w.net.sends != 0 {
			w.t.Fatal("it left before its time")
		}
		w.later(11 * time.Second)
		slow = w.newDesk(&stale{engagedb.New(w.db), old})
		_, err = slow.Post(context.Background())
		w.must(err)
		if w.net.sends != 1 {
			w.t.Fatalf("it was sent %d times", w.net.sends)
		}
		undone := w.reply(cid, "k2", "Oops")
		_, err = w.desk.Undo(as(ana), undone.ID)
		w.must(err)
		w.now.Add(time.Minute)
		slow = w.newDesk(&stale{engagedb.New(w.db), []engage.Due{{Message: undone.ID, Conversation: cid, Channel: line, Stage: engage.Queued}}})
		_, err = slow.Post(context.Background())
		w.must(err)
		if w.net.sends != 1 || w.stage(undone.ID) != engage.Cancelled {
			w.t.Fatal("what was taken back was sent")
		}
	})
}

func TestTroubleThatComesLateChangesNothing(t *testing.T) {
	cases(t, map[string]error{"unknown": lost, "busy": social.Errorf(social.Busy, "Away."), "refused": social.Errorf(social.Invalid, "No.")}, func(w *world, late error) {
		m := w.reply(w.began(), "k", "On it")
		w.net.after = func(int) error { // another process has settled it meanwhile
			w.now.Add(40 * time.Second)
			helper := w.newDesk(engagedb.New(w.db))
			_, err := helper.Post(context.Background())
			w.must(err)
			if w.stage(m.ID) != engage.Confirmed {
				w.t.Fatalf("meanwhile it is %s", w.stage(m.ID))
			}
			return late
		}
		w.later(11 * time.Second)
		w.later(time.Hour)
		if w.stage(m.ID) != engage.Confirmed || w.net.sends != 1 {
			w.t.Fatalf("%s after %d sends", w.stage(m.ID), w.net.sends)
		}
	})
}

func TestTheSameWordsSaidAtTheNetworkAreAnotherMessage(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		m := w.reply(cid, "k", "Thanks!")
		w.later(11 * time.Second)
		w.hear(w.say("x9", "brewell", "Thanks!", own, answering("p1", "p1")))
		if w.stage(m.ID) != engage.Sent || w.only().Messages != 3 {
			w.t.Fatalf("%s, %d messages", w.stage(m.ID), w.only().Messages)
		}
	})
}

func TestAWrongGuessIsPutRight(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		w.net.finds = false
		w.net.before = once(lost)
		first := w.reply(cid, "k1", "Thanks!")
		w.later(11 * time.Second)
		w.later(11 * time.Second) // needs check
		w.net.before = nil
		second := w.reply(cid, "k2", "Thanks!")
		w.later(11 * time.Second)
		w.hear(w.say("out-1", "brewell", "Thanks!", own, answering("p1", "p1")))
		if w.stage(first.ID) != engage.NeedsCheck || w.stage(second.ID) != engage.Confirmed {
			w.t.Fatalf("%s, %s", w.stage(first.ID), w.stage(second.ID))
		}
	})
}

func TestAGuessThatWasWrongIsPutRightByTheReceipt(t *testing.T) {
	each(t, func(w *world) {
		cid := w.began()
		w.net.finds = false
		w.net.before = once(lost)
		first := w.reply(cid, "k1", "Thanks!")
		w.later(11 * time.Second)
		w.later(11 * time.Second) // needs check
		second := w.reply(cid, "k2", "Thanks  again")
		w.net.after = func(int) error { // listening is quicker than the receipt, and takes it for the first
			w.hear(w.say("out-1", "brewell", "Thanks!", own, answering("p1", "p1")))
			if w.stage(first.ID) != engage.Confirmed {
				w.t.Fatalf("the guess was %s", w.stage(first.ID))
			}
			return nil
		}
		w.later(11 * time.Second)
		if w.stage(first.ID) != engage.NeedsCheck || w.stage(second.ID) != engage.Confirmed || w.message(first.ID).ExternalID != "" {
			w.t.Fatalf("%s, %s", w.stage(first.ID), w.stage(second.ID))
		}
	})
}

func TestAChannelThatWasRemoved(t *testing.T) {
	each(t, func(w *world) {
		m := w.reply(w.began(), "k", "On it")
		w.net.gone = true
		w.later(11 * time.Second)
		if got := w.message(m.ID).Delivery; got.Stage != engage.Failed || !strings.Contains(got.Problem, "removed") {
			w.t.Fatalf("%s: %s", got.Stage, got.Problem)
		}
	})
}

func TestANetworkThatStaysAwayIsGivenUp(t *testing.T) {
	each(t, func(w *world) {
		w.net.before = func(int) error { return social.Errorf(social.Busy, "Away.") }
		m := w.reply(w.began(), "k", "On it")
		for range 200 {
			w.later(10 * time.Minute)
		}
		got := w.message(m.ID).Delivery
		if got.Stage != engage.Failed || !strings.Contains(got.Problem, "Away.") {
			w.t.Fatalf("%s: %s", got.Stage, got.Problem)
		}
	})
}

func TestAChannelThatPanicsIsAsGoodAsNoAnswer(t *testing.T) {
	each(t, func(w *world) {
		w.net.after = func(n int) error {
			if n == 1 {
				panic("nil map")
			}
			return nil
		}
		m := w.reply(w.began(), "k", "On it")
		w.later(11 * time.Second)
		w.later(11 * time.Second)
		if w.stage(m.ID) != engage.Confirmed || w.net.posted() != 1 {
			w.t.Fatalf("%s", w.stage(m.ID))
		}
	})
}
