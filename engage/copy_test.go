package engage_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/copies"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/parcel"
	"github.com/parley-crm/parley/social"
)

// copying is the network as mail is: to one person, and to others too.
type copying struct{ finding }

func (copying) Visibilities() []social.Visibility { return []social.Visibility{social.Direct} }
func (copying) Copies() int                       { return 3 }
func (copying) Copy(address string) ([]social.Author, error) {
	a := strings.ToLower(address)
	switch {
	case !strings.Contains(a, "@"):
		return nil, social.Errorf(social.Invalid, "“%s” is no address.", address)
	case strings.HasSuffix(a, "@brewell.example"):
		return nil, social.Errorf(social.Conflict, "%s is our own.", a)
	}
	return []social.Author{mailOf(a), guestOf(a)}, nil
}

func mailOf(address string) social.Author { return social.Author{Scheme: "mailto", Value: address} }
func guestOf(address string) social.Author {
	return social.Author{Scheme: "mailto", Value: address, Issuer: "unverified", Unverified: true}
}

// came is what came with mails: who got them too.
type came map[social.ActivityID]social.Enclosed

func (came) Want(context.Context, []social.ActivityID) error { return nil }
func (came) Of(context.Context, []social.ActivityID) (map[social.ActivityID][]social.Attached, error) {
	return nil, nil
}
func (came) More(context.Context, []social.ActivityID) (map[social.ActivityID]social.Beside, error) {
	return nil, nil
}
func (c came) Words(_ context.Context, id social.ActivityID) (social.Enclosed, error) {
	return c[id], nil
}

// mailWorld is a world whose network is mail, in which Maya wrote and Noah got
// her mail too.
func mailWorld(w *world) (cid social.ConversationID, got came) {
	w.net.line = copying{finding{w.net}}
	got = came{}
	w.desk.Parcels = &parcel.Box{Came: got, Files: w.db, Rows: engagedb.New(w.db)}
	m := w.say("m1", "maya", "My kettle leaks", atUs, privately, by(mailOf("maya@home.example")))
	got[m.Activity.ID] = social.Enclosed{CC: []string{"noah@home.example", "shop@brewell.example"}}
	w.hear(m)
	return w.only().ID, got
}

func by(a social.Author) func(*social.Mention) {
	return func(m *social.Mention) { m.Activity.Author = a }
}

func (w *world) recipients(cid social.ConversationID) []string {
	w.t.Helper()
	r, err := w.desk.Recipients(as(ana), cid, "")
	w.must(err)
	return r.Others
}

func TestAnAnswerGoesToAllWhoGotTheirMail(t *testing.T) {
	each(t, func(w *world) {
		cid, got := mailWorld(w)
		if r := w.recipients(cid); !slices.Equal(r, []string{"noah@home.example"}) {
			t.Fatalf("an answer can go to %q", r)
		}
		m, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k1", Text: "Which one is it?", Copies: []string{"Noah@home.example", "maya@home.example", "noah@home.example", "ana@home.example"}})
		w.must(err)
		again, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k1", Text: "Which one is it?"})
		w.must(err)
		if again.ID != m.ID || len(again.Delivery.Copies) != 2 {
			t.Fatalf("the same key: %+v", again.Delivery)
		}
		w.later(time.Minute)
		var cc []string
		for _, a := range w.net.last.Copies {
			cc = append(cc, a.Value)
		}
		if !slices.Equal(cc, []string{"noah@home.example", "ana@home.example"}) || w.net.last.To.Value != "maya@home.example" || w.net.sends != 1 {
			t.Fatalf("sent %d times, to %+v and %q", w.net.sends, w.net.last.To, cc)
		}

		// Noah answers all: he is in the same conversation with his own name, and the next answer still goes to Maya.
		noah := w.say("n1", "maya", "Mine leaks too", atUs, privately, answering("out-1", "m1"), by(mailOf("noah@home.example")))
		got[noah.Activity.ID] = social.Enclosed{CC: []string{"maya@home.example"}}
		w.hear(noah)
		row := w.only()
		if row.Author.Value != "maya@home.example" || row.Turn != engage.Ours || row.Preview != "Mine leaks too" {
			t.Fatalf("after an answer of somebody who was copied: %+v", row.Conversation)
		}
		if last := w.thread(cid)[0]; last.Author.Value != "noah@home.example" || last.Kind != engage.FromThem {
			t.Fatalf("who spoke last: %+v", last)
		}
		if r := w.recipients(cid); !slices.Equal(r, []string{"noah@home.example"}) {
			t.Fatalf("now it can go to %q", r)
		}
		w.reply(cid, "k2", "We send you both one.")
		w.later(time.Minute)
		if w.net.last.To.Value != "maya@home.example" || w.net.last.Parent != "m1" || len(w.net.last.Copies) != 0 {
			t.Fatalf("the next went to %+v", w.net.last)
		}
	})
}

// TestWhoWasNotCopiedStaysOutside: knowing the mail that was answered, or the
// address of who got it, is not enough.
func TestWhoWasNotCopiedStaysOutside(t *testing.T) {
	each(t, func(w *world) {
		cid, _ := mailWorld(w)
		_, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k1", Text: "Which one is it?", Copies: []string{"noah@home.example"}})
		w.must(err)
		w.later(time.Minute)
		for name, a := range map[string]social.Author{"a stranger": mailOf("eve@evil.example"), "one who writes Noah's address": guestOf("noah@home.example"), "one who writes the customer's": guestOf("maya@home.example")} {
			x := w.say("x-"+name, "maya", "Send it to me", atUs, privately, answering("out-1", "m1"), by(a))
			w.hear(x)
			held, err := engagedb.New(w.db).Holding(as(ana), []social.ActivityID{x.Activity.ID})
			w.must(err)
			if held[x.Activity.ID] == cid || held[x.Activity.ID] == "" {
				t.Errorf("%s stands in %q", name, held[x.Activity.ID])
			}
		}
		// An answer to another mail of ours, that he did not get, is not his either.
		w.reply(cid, "k2", "Only for Maya.")
		w.later(time.Minute)
		x := w.say("x2", "maya", "What was that?", atUs, privately, answering("out-2", "m1"), by(mailOf("noah@home.example")))
		w.hear(x)
		held, err := engagedb.New(w.db).Holding(as(ana), []social.ActivityID{x.Activity.ID})
		w.must(err)
		if held[x.Activity.ID] == cid {
			t.Error("an answer to a mail that he never got stands in the conversation")
		}
	})
}

func TestWhoGetsNoCopy(t *testing.T) {
	each(t, func(w *world) {
		cid, _ := mailWorld(w)
		reply := func(key string, cc ...string) error {
			_, err := w.desk.Reply(as(ana), cid, engage.Words{Key: key, Text: "Hello", Copies: cc})
			return err
		}
		w.want(social.Invalid, reply("k1", "no address"))
		w.want(social.Invalid, reply("k2", "care@brewell.example"))
		w.want(social.Invalid, reply("k3", "a@x.example", "b@x.example", "c@x.example", "d@x.example"))
		no := map[social.IdentityID]bool{guestOf("noah@home.example").ID(): true}
		w.desk.Consents = withdrawn(no)
		if err := reply("k4", "noah@home.example"); !social.Forbidden.Is(err) || !strings.Contains(err.Error(), "noah@home.example") {
			t.Fatalf("who withdrew: %v", err)
		}
		// Somebody says no between writing and leaving: nothing leaves.
		m, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k5", Text: "Hello", Copies: []string{"ana@home.example"}})
		w.must(err)
		no[mailOf("ana@home.example").ID()] = true
		w.later(time.Minute)
		if s := w.stage(m.ID); s != engage.Failed || w.net.sends != 0 || !strings.Contains(w.message(m.ID).Delivery.Problem, "ana@home.example") {
			t.Fatalf("%s after %d sends: %s", s, w.net.sends, w.message(m.ID).Delivery.Problem)
		}
		w.net.line = nil // a network without copies
		w.want(social.Invalid, reply("k6", "noah@home.example"))
	})
}

// withdrawn is who took their consent back.
type withdrawn map[social.IdentityID]bool

func (no withdrawn) MayServe(_ context.Context, who social.IdentityID, _ social.ChannelID, _ string) (bool, string, error) {
	return !no[who], "They withdrew their consent on 1 March 2026.", nil
}

func TestACopyThatComesBack(t *testing.T) {
	each(t, func(w *world) {
		cid, _ := mailWorld(w)
		m, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k1", Text: "Hello", Copies: []string{"noah@home.example"}})
		w.must(err)
		early := social.Report{ExternalID: "out-1", State: social.ReportFailed, At: w.now.Now(), Text: "It came back from noah@home.example.", To: "noah@home.example"}
		w.must(w.desk.Reported(context.Background(), line, []social.Report{early})) // quicker than the receipt
		w.later(time.Minute)
		if d := w.message(m.ID).Delivery; d.Stage != engage.Sent || len(d.Copies) != 1 || d.Copies[0].Problem != early.Text {
			t.Fatalf("a copy came back: %+v", d)
		}
		got := social.Report{ExternalID: "out-1", State: social.ReportDelivered, At: w.now.Now(), To: "noah@home.example"}
		w.must(w.desk.Reported(context.Background(), line, []social.Report{got}))
		if s := w.stage(m.ID); s != engage.Sent {
			t.Fatalf("that a copy got there makes it %s", s)
		}
		got.To = "maya@home.example"
		w.must(w.desk.Reported(context.Background(), line, []social.Report{got}))
		if s := w.stage(m.ID); s != engage.Delivered {
			t.Fatalf("that Maya has it makes it %s", s)
		}
	})
}

// TestTheChoiceOfCopiesStays: with the draft, and when an answer is taken back.
func TestTheChoiceOfCopiesStays(t *testing.T) {
	each(t, func(w *world) {
		cid, _ := mailWorld(w)
		kept := func() []string {
			d, err := w.desk.Draft(as(ana), cid)
			w.must(err)
			return d.Copies
		}
		_, err := w.desk.KeepDraft(as(ana), cid, "Which", social.Direct)
		w.must(err)
		if kept() != nil {
			t.Error("nobody has chosen yet")
		}
		for _, cc := range [][]string{{}, {"noah@home.example"}} {
			_, err := w.desk.KeepDraftOf(as(ana), cid, engage.Draft{Text: "Which", Visibility: social.Direct, Copies: cc})
			w.must(err)
			if got := kept(); got == nil || !slices.Equal(got, cc) {
				t.Errorf("kept %q, want %q", got, cc)
			}
		}
		m, err := w.desk.Reply(as(ana), cid, engage.Words{Key: "k1", Text: "Which one?", Copies: []string{"noah@home.example"}})
		w.must(err)
		if n := w.count("SELECT COUNT(*) FROM message_copy WHERE address = 'noah@home.example'"); n != 1 {
			t.Errorf("%d addresses are kept", n)
		}
		_, err = w.desk.Undo(as(ana), m.ID)
		w.must(err)
		if got := kept(); !slices.Equal(got, []string{"noah@home.example"}) {
			t.Errorf("taken back, it would go to %q", got)
		}
		w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
			return engagedb.New(w.db).Unsay(ctx, []social.ConversationID{cid}, w.now.Now())
		}))
		if n := w.count("SELECT COUNT(*) FROM message_copy"); n != 0 {
			t.Errorf("%d addresses stay when the words go", n)
		}
	})
}

func TestNamesOfCopies(t *testing.T) {
	for _, tt := range []struct {
		in   []string
		want string
	}{{nil, ""}, {[]string{"a@x.example", "A@X.example"}, "a@x.example"}, {[]string{"maya@home.example"}, ""}} {
		got, err := copies.Named(copying{}, mailOf("maya@home.example"), tt.in)
		if err != nil || strings.Join(copies.Addresses(got), " ") != tt.want {
			t.Errorf("%q: %v, %v", tt.in, got, err)
		}
	}
}
