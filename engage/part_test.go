package engage_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/social"
)

// threading is the network with long answers in parts.
type threading struct {
	finding
	most int
}

func (n threading) Threads(v social.Visibility) (int, bool) { return n.most, v == social.Public }

// long are three sentences, each of which fills a part of forty characters.
const long = "The lid closes with a click now. Turn it to the left, then press. Write to us if it still leaks."

func TestALongAnswerGoesOutInParts(t *testing.T) {
	busy := func(n int) func(int) error {
		return func(call int) error {
			if call == n {
				return social.Errorf(social.Forbidden, "The network does not want this.")
			}
			return nil
		}
	}
	lost := func(n int) func(int) error {
		return func(call int) error {
			if call == n {
				return social.Errorf(social.Unknown, "The line went dead.")
			}
			return nil
		}
	}
	stages := func(w *world, cid social.ConversationID) (out []string) {
		ms := w.thread(cid)
		for i := len(ms) - 1; i >= 0; i-- {
			if d := ms[i].Delivery; d != nil {
				out = append(out, fmt.Sprintf("%d/%d %s", d.Part, d.Parts, d.Stage))
			}
		}
		return out
	}
	type test struct {
		before, after func(int) error
		then          func(w *world, cid social.ConversationID, first engage.Message)
		posted        int
		stages        string
	}
	cases(t, map[string]test{
		"one after the other, each to the one before":                {posted: 3, stages: "[1/3 sent 2/3 sent 3/3 sent]"},
		"it stops at the first that fails":                           {before: busy(2), posted: 1, stages: "[1/3 sent 2/3 failed 3/3 failed]"},
		"none goes when the first fails":                             {before: busy(1), posted: 0, stages: "[1/3 failed 2/3 failed 3/3 failed]"},
		"one that was lost is looked for, and then the rest follows": {after: lost(2), posted: 3, stages: "[1/3 sent 2/3 confirmed 3/3 sent]"},
		"a person sends the rest again": {before: busy(2), posted: 3, stages: "[1/3 sent 2/3 sent 3/3 sent]", then: func(w *world, cid social.ConversationID, _ engage.Message) {
			ms := w.thread(cid)
			third, second := ms[0], ms[1]
			if _, err := w.desk.Retry(as(ana), third.ID); err != nil { // too early: it fails again, and is not sent
				w.t.Fatal(err)
			}
			w.later(time.Minute)
			if w.stage(third.ID) != engage.Failed || w.net.posted() != 1 {
				w.t.Fatalf("the third went before the second: %s", w.stage(third.ID))
			}
			for _, m := range []engage.Message{second, third} {
				if _, err := w.desk.Retry(as(ana), m.ID); err != nil {
					w.t.Fatal(err)
				}
				w.later(time.Minute)
			}
		}},
	}, func(w *world, tt test) {
		w.net.limit, w.net.before, w.net.after = 40, tt.before, tt.after
		w.net.line = threading{finding{w.net}, 5}
		cid := w.began()
		words := engage.Words{Key: "k", Text: long, Parted: true}
		first, err := w.desk.Reply(as(ana), cid, words)
		w.must(err)
		again, err := w.desk.Reply(as(ana), cid, words)
		w.must(err)
		if again.ID != first.ID || w.count("SELECT COUNT(*) FROM delivery") != 3 {
			w.t.Fatal("the same key twice is more than one answer")
		}
		for range 8 {
			w.later(time.Minute)
		}
		if tt.then != nil {
			tt.then(w, cid, first)
		}
		if got := fmt.Sprint(stages(w, cid)); got != tt.stages || w.net.posted() != tt.posted {
			w.t.Fatalf("%s with %d posts, want %s with %d", got, w.net.posted(), tt.stages, tt.posted)
		}
		if tt.posted == 3 {
			if w.net.last.Parent != w.net.order[1] || !strings.HasSuffix(w.net.last.Text, "(3/3)") {
				w.t.Fatalf("the last answers %q with %q", w.net.last.Parent, w.net.last.Text)
			}
			if c := w.only(); c.State != engage.Waiting || c.Turn != engage.Theirs {
				w.t.Fatalf("%s, %s", c.State, c.Turn)
			}
			if n := len(facts[social.Answered](w)); n != 1 {
				w.t.Fatalf("%d answers were counted, want one", n)
			}
		} else if c := w.only(); c.State != engage.Open || c.WaitingSince.IsZero() {
			w.t.Fatalf("half an answer counts as one: %s", c.State)
		}
	})
}

func TestPartsAreTakenBackTogether(t *testing.T) {
	each(t, func(w *world) {
		w.net.limit = 40
		w.net.line = threading{finding{w.net}, 5}
		cid := w.began()
		first, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k", Text: long, Parted: true})
		w.must(err)
		_, err = w.desk.Undo(as(ana), first.ID)
		w.must(err)
		w.later(time.Minute)
		if w.net.sends != 0 || w.only().Messages != 1 || w.only().Preview != "@brewell my kettle leaks" {
			w.t.Fatalf("%d were sent, %+v", w.net.sends, w.only())
		}
		if d, err := w.desk.Draft(as(ana), cid); err != nil || d.Text != long {
			w.t.Fatalf("%q, %v", d.Text, err)
		}
	})
}

func TestWhatCannotBeParted(t *testing.T) {
	each(t, func(w *world) {
		w.net.limit = 40
		cid := w.began()
		_, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k", Text: long, Parted: true})
		w.want(social.Invalid, err) // this network takes one
		w.net.line = threading{finding{w.net}, 2}
		_, err = w.desk.Reply(as(ana), cid, engage.Words{Key: "k", Text: long, Parted: true})
		w.want(social.Invalid, err) // three are more than it takes
		_, err = w.desk.Reply(as(ana), cid, engage.Words{Key: "k", Text: long})
		w.want(social.Invalid, err) // nobody asked for parts
		if w.count("SELECT COUNT(*) FROM delivery") != 0 {
			w.t.Fatal("something was queued")
		}
	})
}

func TestPreview(t *testing.T) {
	each(t, func(w *world) {
		w.net.limit = 40
		cid := w.began()
		p, err := w.desk.Preview(within(ana, care), cid, engage.Words{Text: "All well."})
		w.must(err)
		if len(p.Parts) != 1 || p.Parts[0].Text != "All well." || p.Room.Left != 31 || !p.Room.Fits {
			w.t.Fatalf("%+v", p)
		}
		if p, err = w.desk.Preview(as(ana), cid, engage.Words{Text: long}); err != nil || len(p.Parts) != 1 || p.Room.Fits {
			w.t.Fatalf("%+v, %v", p, err)
		}
		w.net.line = threading{finding{w.net}, 5}
		if p, err = w.desk.Preview(as(ana), cid, engage.Words{Text: long}); err != nil || len(p.Parts) != 3 || !p.Onto {
			w.t.Fatalf("%+v, %v", p, err)
		}
		_, err = w.desk.Preview(within(ana, other), cid, engage.Words{Text: "Hi"})
		w.want(social.NotFound, err)
		_, err = w.desk.Preview(as(ana), cid, engage.Words{Text: strings.Repeat("a", 200_000)})
		w.want(social.Invalid, err)
		if w.net.sends != 0 || w.count("SELECT COUNT(*) FROM message") != 1 {
			w.t.Fatal("a preview left something behind")
		}
	})
}

// signing is the network with a signature.
type signing struct {
	finding
	sign string
}

func (n signing) Signature() string { return n.sign }

func TestWhatSomebodyWritesIsSignedOnce(t *testing.T) {
	tests := map[string]struct{ sign, text, sent string }{
		"with the name of whoever writes":  {"{{first}} of Brewell\n+44 20 7946 0000", "On it.\n", "On it.\n\n-- \nAna of Brewell\n+44 20 7946 0000"},
		"not again where it stands":        {"{{member}}, Brewell", "On it.\n\nAna, Brewell", "On it.\n\nAna, Brewell"},
		"what looks like a mark stays":     {"{{phone}} {{member}}", "On it.", "On it.\n\n-- \n{{phone}} Ana"},
		"where there is none, nothing":     {"", "On it.", "On it."},
		"from right to left, and an emoji": {"فريق {{member}} ☕", "On it.", "On it.\n\n-- \nفريق Ana ☕"},
	}
	cases(t, tests, func(w *world, tt struct{ sign, text, sent string }) {
		w.net.line = signing{finding{w.net}, tt.sign}
		cid := w.began()
		p, err := w.desk.Preview(as(ana), cid, engage.Words{Text: tt.text})
		w.must(err)
		m := w.reply(cid, "k", tt.text)
		if again := w.reply(cid, "k", tt.text); again.ID != m.ID { // the same key twice is one
			w.t.Fatal("signed twice")
		}
		w.later(11 * time.Second)
		if w.net.last.Text != tt.sent || p.Parts[0].Text != tt.sent {
			w.t.Fatalf("sent %q, seen before as %q, want %q", w.net.last.Text, p.Parts[0].Text, tt.sent)
		}
		next := w.reply(cid, "k2", "More.")
		_, err = w.desk.Undo(as(ana), next.ID)
		w.must(err)
		if d, err := w.desk.Draft(as(ana), cid); err != nil || d.Text != "More." {
			w.t.Fatalf("what is taken back bears a signature: %q, %v", d.Text, err)
		}
	})
}

func TestNobodySignsWhatSaysItself(t *testing.T) {
	each(t, func(w *world) {
		w.net.line = signing{finding{w.net}, "{{member}}"}
		w.hear(w.say("p1", "maya", "my kettle leaks", atUs, privately))
		said, err := w.desk.Whisper(as(ana), w.only().ID, "w1", ana, "We are closed.")
		w.must(err)
		w.later(11 * time.Second)
		if !said || w.net.last.Text != "We are closed." {
			w.t.Fatalf("%t, %q", said, w.net.last.Text)
		}
	})
}
