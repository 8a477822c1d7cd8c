package moderate_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/moderate"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

const (
	line = social.ChannelID("ch-1")
	care = social.ProgrammeID("care")
)

var spam = moderate.Why{Reason: moderate.Spam}

// world is a moderator with a real store; listening, the gate and the network
// are simulated.
type world struct {
	t     *testing.T
	db    *store.DB
	now   *clock.Set
	desk  *engage.Desk
	m     *moderate.Moderator
	net   *network
	shut  string
	known map[social.ActivityID]social.Mention
}

func each(t *testing.T, f func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		w := &world{t: t, db: db, now: now, net: &network{there: map[string]bool{}, hidden: map[string]bool{}, liked: map[string]bool{}}, known: map[social.ActivityID]social.Mention{}}
		w.desk = &engage.Desk{Store: engagedb.New(db), Heard: w, Understood: w, Gate: w, Networks: w, Mates: w, Clock: now}
		w.restart(engagedb.New(db))
		f(w)
	})
}

// restart is a new process on the same database.
func (w *world) restart(s moderate.Store) {
	w.m = &moderate.Moderator{Store: s, Gate: w, Networks: w, Clock: w.now}
}

func (w *world) Mentions(_ context.Context, ids []social.ActivityID) (out []social.Mention, err error) {
	for _, id := range ids {
		if m, ok := w.known[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}
func (w *world) Scores(context.Context, []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
	return nil, nil
}
func (w *world) Mates(context.Context, social.ProgrammeID) ([]engage.Mate, error) { return nil, nil }
func (w *world) Clear(context.Context, engage.Ask) (engage.Verdict, error) {
	return engage.Verdict{Clear: w.shut == "", Why: w.shut}, nil
}
func (w *world) Channel(context.Context, social.ChannelID) (channel.Channel, error) {
	if w.net == nil {
		return nil, social.Errorf(social.NotFound, "There is no such channel.")
	}
	return w.net, nil
}

// network is a network that does what it is told, unless it is told to fail.
type network struct {
	channel.Channel
	mu                   sync.Mutex
	there, hidden, liked map[string]bool
	before, after        func(act string) error // instead of doing it, and after it was done
	calls                []string
}

func (n *network) do(act, id string, f func()) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls = append(n.calls, act+" "+id)
	if n.before != nil {
		if err := n.before(act); err != nil {
			return err
		}
	}
	f()
	if n.after != nil {
		return n.after(act)
	}
	return nil
}

func (n *network) Moderates(at channel.Spot) (bool, bool) {
	return at.Root == "our-post", at.Root == "our-post"
}
func (n *network) Hide(_ context.Context, at channel.Spot, on bool) error {
	if !n.there[at.ID] {
		return social.Errorf(social.NotFound, "It does not stand there any more.")
	}
	return n.do(fmt.Sprintf("hide %v", on), at.ID, func() { n.hidden[at.ID] = on })
}
func (n *network) Remove(_ context.Context, at channel.Spot) error {
	return n.do("remove", at.ID, func() { delete(n.there, at.ID) })
}
func (n *network) Retracts(channel.Spot) bool                         { return true }
func (n *network) Retract(ctx context.Context, at channel.Spot) error { return n.Remove(ctx, at) }
func (n *network) React(_ context.Context, id string, on bool) error {
	return n.do(fmt.Sprintf("like %v", on), id, func() { n.liked[id] = on })
}

func as(m social.MemberID) context.Context {
	ctx := social.WithActor(context.Background(), social.Actor{Member: m, Name: strings.ToUpper(string(m[:1])) + string(m[1:]), Role: social.Responder})
	return social.WithScope(ctx, social.Scope{All: true})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v (kind %s)", err, social.KindOf(err))
	}
}

func (w *world) want(kind social.Kind, err error) {
	w.t.Helper()
	if social.KindOf(err) != kind {
		w.t.Fatalf("got %v of kind %q, want kind %q", err, social.KindOf(err), kind)
	}
}

// said lets Maya say something below our post, and brings it into the inbox.
func (w *world) said(external, text string, change ...func(*social.Mention)) social.MessageID {
	w.t.Helper()
	a := social.Activity{ID: social.ActivityID(id.At(w.now.Now())), Channel: line, ExternalID: external, Verb: social.Create, Form: social.FormComment,
		Author: social.Author{Scheme: "acct", Value: "maya@example.org", Handle: "maya", Name: "Maya"}, Text: text, Root: "our-post", Parent: "our-post",
		Visibility: social.Public, Published: w.now.Now(), Directed: true}
	m := social.Mention{Activity: a, Programme: care, Inbox: true, Identity: a.Author.ID()}
	for _, f := range change {
		f(&m)
	}
	w.net.there[external] = true
	w.hear(m)
	return social.MessageID(m.Activity.ID)
}

func (w *world) hear(m social.Mention) {
	w.t.Helper()
	w.known[m.Activity.ID] = m
	w.must(w.desk.Hear(context.Background(), []social.ActivityID{m.Activity.ID}))
}

func (w *world) do(mid social.MessageID, a moderate.Act, why moderate.Why) {
	w.t.Helper()
	_, err := w.m.Do(as("ana"), mid, a, why)
	w.must(err)
}

func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.now.Add(d)
	_, err := w.m.Now(context.Background())
	w.must(err)
}

func (w *world) message(mid social.MessageID) engage.Message {
	w.t.Helper()
	m, err := engagedb.New(w.db).Message(as("ana"), mid)
	w.must(err)
	return m
}

func (w *world) stand(mid social.MessageID) moderate.Standing {
	w.t.Helper()
	all, err := w.m.Standings(as("ana"), []engage.Message{w.message(mid)})
	w.must(err)
	return all[mid]
}

func (w *world) state(mid social.MessageID, want moderate.State) {
	w.t.Helper()
	s := w.stand(mid).Sight
	if s == nil || s.State() != want {
		w.t.Fatalf("it stands as %+v, want %s", s, want)
	}
}

// written lists the verbs of the record about messages.
func (w *world) written() []string {
	w.t.Helper()
	var out []string
	w.must(w.db.IDB(context.Background()).NewRaw("SELECT verb FROM record WHERE object = 'message' ORDER BY seq").Scan(context.Background(), &out))
	return out
}

func TestHideAndShow(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		if may := w.stand(mid).May; !slices.Equal(may, []moderate.Act{moderate.Hide, moderate.Show, moderate.Remove, moderate.Like, moderate.Unlike}) {
			w.t.Fatalf("may %v", may)
		}
		w.do(mid, moderate.Hide, spam)
		w.state(mid, moderate.Hiding)
		if len(w.net.calls) > 0 {
			w.t.Fatal("the network was called before it was kept")
		}
		w.later(0)
		w.state(mid, moderate.Hidden)
		w.do(mid, moderate.Hide, spam) // the same again
		w.later(time.Minute)
		if s := w.stand(mid).Sight; s.Reason != moderate.Spam || s.Member != "ana" || !slices.Equal(w.net.calls, []string{"hide true c1"}) {
			w.t.Fatalf("%+v; calls %v", s, w.net.calls)
		}
		w.do(mid, moderate.Show, moderate.Why{})
		w.state(mid, moderate.Showing)
		w.later(0)
		w.state(mid, moderate.Shown)
		if w.net.hidden["c1"] || !slices.Equal(w.written(), []string{"hide", "outcome", "show", "outcome"}) {
			w.t.Fatalf("hidden %v, record %v", w.net.hidden, w.written())
		}
	})
}

// TestWhatHasNotLeft: who thinks again at once calls nobody.
func TestWhatHasNotLeft(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		w.do(mid, moderate.Hide, spam)
		w.do(mid, moderate.Show, moderate.Why{})
		w.later(time.Minute)
		w.state(mid, moderate.Shown)
		if len(w.net.calls) > 0 {
			w.t.Fatalf("calls %v", w.net.calls)
		}
	})
}

// TestThinkingAgainWhileItIsCalled: the later wish wins, after the call that
// is under way.
func TestThinkingAgainWhileItIsCalled(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		w.do(mid, moderate.Hide, spam)
		w.net.after = func(act string) error {
			if act == "hide true" {
				w.do(mid, moderate.Show, moderate.Why{})
			}
			return nil
		}
		w.later(0)
		w.state(mid, moderate.Shown)
		if w.net.hidden["c1"] || !slices.Equal(w.net.calls, []string{"hide true c1", "hide false c1"}) {
			w.t.Fatalf("calls %v", w.net.calls)
		}
	})
}

func TestReasons(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		for name, why := range map[string]moderate.Why{
			"none": {}, "unknown": {Reason: "boring"}, "other without words": {Reason: moderate.Other, Words: " \t"},
			"far too long": {Reason: moderate.Other, Words: strings.Repeat("é", 301)},
		} {
			if _, err := w.m.Do(as("ana"), mid, moderate.Hide, why); !social.Invalid.Is(err) {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		w.do(mid, moderate.Hide, moderate.Why{Reason: moderate.Other, Words: "\xff he sells \x00 pills 💊 מכר " + strings.Repeat("é", 200)})
		if s := w.stand(mid).Sight; !strings.Contains(s.Words, "he sells  pills 💊 מכר") {
			w.t.Fatalf("kept %q", s.Words)
		}
		if _, err := w.m.Do(context.Background(), mid, moderate.Hide, spam); !social.Forbidden.Is(err) {
			w.t.Fatalf("nobody: %v", err)
		}
		outside := social.WithScope(as("ana"), social.Scope{Programmes: []social.ProgrammeID{"other"}})
		if _, err := w.m.Do(outside, mid, moderate.Show, moderate.Why{}); !social.NotFound.Is(err) {
			w.t.Fatalf("another programme: %v", err)
		}
	})
}

// TestRemoved: what we took away stays here as it was said, though listening
// tells that it is gone; nothing brings it back there.
func TestRemoved(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		w.do(mid, moderate.Remove, spam)
		w.later(0)
		w.state(mid, moderate.Removed)
		gone := w.known[social.ActivityID(mid)]
		gone.Deleted, gone.Activity.Verb, gone.Activity.Text = true, social.Delete, ""
		w.hear(gone)
		if m := w.message(mid); m.Text != "Cheap pills" || !m.DeletedAt.IsZero() {
			w.t.Fatalf("the evidence is gone: %+v", m)
		}
		_, err := w.m.Do(as("ana"), mid, moderate.Show, moderate.Why{})
		w.want(social.Conflict, err)
		w.do(mid, moderate.Remove, spam)
		if may := w.stand(mid).May; len(may) > 0 {
			w.t.Fatalf("may %v", may)
		}
		if !slices.Equal(w.net.calls, []string{"remove c1"}) {
			w.t.Fatalf("calls %v", w.net.calls)
		}
	})
}

// TestDeletedByItsAuthor: whoever takes their own words away is not kept, even
// where we had hidden them.
func TestDeletedByItsAuthor(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		w.do(mid, moderate.Hide, spam)
		w.later(0)
		gone := w.known[social.ActivityID(mid)]
		gone.Deleted, gone.Activity.Verb, gone.Activity.Text = true, social.Delete, ""
		w.hear(gone)
		if m := w.message(mid); m.Text != "" || m.DeletedAt.IsZero() {
			w.t.Fatalf("%+v", m)
		}
	})
}

// TestMarkedByTheNetwork: a blog writes that hidden words wait for approval;
// that is no edit of theirs. An edit is.
func TestMarkedByTheNetwork(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		w.do(mid, moderate.Hide, spam)
		w.later(0)
		again := w.known[social.ActivityID(mid)]
		again.Activity.Verb, again.Activity.Version = social.Update, "2"
		again.Activity.Text = "[Waits for approval]\n\nCheap pills"
		w.hear(again)
		if m := w.message(mid); m.Text != "Cheap pills" || !m.EditedAt.IsZero() {
			w.t.Fatalf("%+v", m)
		}
		again.Activity.Text = "Dear pills"
		w.hear(again)
		if m := w.message(mid); m.Text != "Dear pills" || m.EditedAt.IsZero() {
			w.t.Fatalf("%+v", m)
		}
	})
}

func TestLike(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Lovely kettle")
		w.do(mid, moderate.Like, moderate.Why{})
		_, err := w.m.Do(as("ben"), mid, moderate.Like, moderate.Why{}) // the organization likes it once
		w.must(err)
		w.later(0)
		s := w.stand(mid)
		if s.Sight != nil || s.Liking == nil || s.Liking.Member != "ana" || !w.net.liked["c1"] || len(w.net.calls) != 1 {
			w.t.Fatalf("%+v, calls %v", s, w.net.calls)
		}
		w.do(mid, moderate.Unlike, moderate.Why{})
		w.later(0)
		if w.net.liked["c1"] || w.stand(mid).Liking.State() != moderate.Hidden {
			w.t.Fatalf("%+v", w.stand(mid).Liking)
		}
		w.do(mid, moderate.Hide, spam) // what is liked can be hidden; the lanes do not wait for each other
		w.do(mid, moderate.Like, moderate.Why{})
		w.later(0)
		if !w.net.liked["c1"] || !w.net.hidden["c1"] {
			w.t.Fatalf("calls %v", w.net.calls)
		}
	})
}

// TestWhatCannotBeDone: private words, other people's places, words of ours
// that never left.
func TestWhatCannotBeDone(t *testing.T) {
	each(t, func(w *world) {
		private := w.said("d1", "between us", func(m *social.Mention) {
			m.Activity.Visibility, m.Activity.Form, m.Activity.Root, m.Activity.Parent = social.Direct, social.FormDirect, "", ""
		})
		elsewhere := w.said("e1", "at another place", func(m *social.Mention) { m.Activity.Root, m.Activity.Parent = "", "" })
		theirs := w.said("c1", "Does it leak?")
		reply, err := w.desk.Reply(as("ana"), w.message(theirs).Conversation, engage.Words{Key: "k", Text: "No."})
		if err == nil {
			w.t.Fatal("this network sends nothing, so a reply cannot be queued")
		}
		for name, c := range map[string]struct {
			mid social.MessageID
			act moderate.Act
		}{
			"hide private words": {private, moderate.Hide}, "like private words": {private, moderate.Like}, "hide elsewhere": {elsewhere, moderate.Hide},
			"take back theirs": {theirs, moderate.Retract}, "what does not exist": {reply.ID, moderate.Hide},
		} {
			if _, err := w.m.Do(as("ana"), c.mid, c.act, spam); !social.Invalid.Is(err) && !social.NotFound.Is(err) {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		ours := w.said("o1", "We said this", func(m *social.Mention) {
			m.Activity.Own, m.Inbox, m.Activity.Parent = true, false, "c1"
			m.Activity.Author = social.Author{Scheme: "acct", Value: "brewell@example.org"}
		})
		if may := w.stand(ours).May; !slices.Equal(may, []moderate.Act{moderate.Retract}) {
			w.t.Fatalf("of our own words: %v", may)
		}
		w.do(ours, moderate.Retract, moderate.Why{})
		w.later(0)
		w.state(ours, moderate.Removed)
		w.shut = "You have not acknowledged “How we speak”, version 2."
		_, err = w.m.Do(as("ana"), theirs, moderate.Hide, spam)
		w.want(social.Forbidden, err)
	})
}

// TestTheGateIsAskedAgain: who may no longer speak for the brand by the time
// of the call does not.
func TestTheGateIsAskedAgain(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		w.do(mid, moderate.Hide, spam)
		w.shut = "Only an active member can speak for the brand."
		w.later(0)
		w.state(mid, moderate.Refused)
		if s := w.stand(mid).Sight; len(w.net.calls) > 0 || !strings.Contains(s.Problem, w.shut) {
			w.t.Fatalf("calls %v, %+v", w.net.calls, s)
		}
	})
}

// TestRefused: what the network says is said, it stands as before, and may be
// wanted again.
func TestRefused(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		w.net.before = func(string) error {
			return social.Errorf(social.Forbidden, "Facebook does not let a Page hide this.")
		}
		w.do(mid, moderate.Hide, spam)
		w.later(0)
		w.state(mid, moderate.Refused)
		if s := w.stand(mid).Sight; s.Problem != "Facebook does not let a Page hide this." || s.Had != moderate.Show {
			w.t.Fatalf("%+v", s)
		}
		w.later(time.Hour)
		if len(w.net.calls) != 1 {
			w.t.Fatalf("it was tried again by itself: %v", w.net.calls)
		}
		w.net.before = nil
		w.do(mid, moderate.Hide, spam)
		w.later(0)
		w.state(mid, moderate.Hidden)
	})
}

// TestTheNetworkIsAway: it is tried for a day, ever more rarely, and as late
// as the network asks; then it is given up.
func TestTheNetworkIsAway(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		busy := social.Errorf(social.Busy, "The network asks us to wait.")
		w.net.before = func(string) error { return &channel.Later{Err: busy, Wait: time.Hour} }
		w.do(mid, moderate.Hide, spam)
		w.later(0)
		w.state(mid, moderate.Hiding)
		w.later(59 * time.Minute)
		if s := w.stand(mid).Sight; len(w.net.calls) != 1 || s.Problem != busy.Text {
			w.t.Fatalf("calls %v, %+v", w.net.calls, s)
		}
		for range 30 {
			w.later(time.Hour)
		}
		w.state(mid, moderate.Refused)
		if s := w.stand(mid).Sight; !strings.Contains(s.Problem, "for too long") || len(w.net.calls) > 27 {
			w.t.Fatalf("%d calls, %+v", len(w.net.calls), s)
		}
	})
}

// TestTheChannelIsGone: then nothing is tried for ever.
func TestTheChannelIsGone(t *testing.T) {
	each(t, func(w *world) {
		mid := w.said("c1", "Cheap pills")
		w.do(mid, moderate.Hide, spam)
		w.net = nil
		w.later(0)
		w.state(mid, moderate.Refused)
	})
}

// dying is a store whose process dies: from some point on nothing reaches the
// database any more, as after kill -9.
type dying struct {
	*engagedb.DB
	left int
	late bool // the last is committed, but nobody learns of it
	dead bool
}

var errDead = errors.New("the process is dead")

type inside struct{}

func (d *dying) InTx(ctx context.Context, f func(context.Context) error) error {
	if ctx.Value(inside{}) != nil {
		return d.DB.InTx(ctx, f)
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
	err := d.DB.InTx(context.WithValue(ctx, inside{}, true), f)
	if d.dead {
		return errDead
	}
	return err
}

// TestKilledAtEveryStep kills the process before and after each transaction
// of an act, with a network that answers or not, and starts it again: in the
// end the network and the screen agree on what was wanted.
func TestKilledAtEveryStep(t *testing.T) {
	each(t, func(w *world) {
		n := 0
		for _, act := range []moderate.Act{moderate.Hide, moderate.Remove, moderate.Like} {
			for step := range 4 {
				for i := range 4 {
					n++
					late, lost := i&1 == 0, i&2 == 0
					external := fmt.Sprintf("k%d", n)
					mid := w.said(external, "Cheap pills")
					first := true
					w.net.after = func(string) error {
						if lost && first {
							first = false
							return social.Errorf(social.Unknown, "It did not answer.")
						}
						return nil
					}
					w.restart(&dying{DB: engagedb.New(w.db), left: step, late: late})
					_, err := w.m.Do(as("ana"), mid, act, spam)
					for range 3 {
						_, _ = w.m.Now(context.Background())
						w.now.Add(time.Second)
					}
					w.restart(engagedb.New(w.db))
					for range 5 {
						w.later(time.Minute)
					}
					wanted := err == nil || late // who is not told may find it done
					s := w.stand(mid)
					done := map[moderate.Act]bool{moderate.Hide: w.net.hidden[external], moderate.Remove: !w.net.there[external], moderate.Like: w.net.liked[external]}[act]
					d := s.Sight
					if act == moderate.Like {
						d = s.Liking
					}
					shows := d != nil && d.Had == act && !d.Open()
					if done != wanted || shows != wanted {
						w.t.Fatalf("%s, step %d, late %v, lost %v: wanted %v, done %v, shows %+v", act, step, late, lost, wanted, done, d)
					}
				}
			}
		}
	})
}
