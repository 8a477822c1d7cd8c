package hive_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/hive"
	"github.com/parley-crm/parley/engage/hivedb"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// TestMain lets properties be tried less often than usual, since each try
// writes to a real database; -rapid.checks=1000 tries harder.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("8")
	}
	os.Exit(m.Run())
}

const care = social.ProgrammeID("care")

// monday is a morning on which everybody works.
var monday = time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)

// world is a hive with real stores and a desk, and everything else simulated.
type world struct {
	t     testing.TB
	db    *store.DB
	now   *clock.Set
	talks *engagedb.DB
	desk  *engage.Desk
	hive  *hive.Hive
	store *hivedb.DB
	crew  *crew
	n     int
}

func newWorld(t testing.TB, db *store.DB, now *clock.Set) *world {
	now.Move(monday)
	w := &world{t: t, db: db, now: now, talks: engagedb.New(db), store: hivedb.New(db), crew: &crew{away: map[social.MemberID]bool{}, shut: map[social.MemberID]bool{}, said: map[social.ConversationID]hive.Said{}, wrote: map[social.ConversationID]time.Time{}}}
	w.desk = &engage.Desk{Store: w.talks, Heard: nothing{}, Understood: nothing{}, Gate: w.crew, Networks: nothing{}, Mates: w.crew, Clock: now}
	w.restart()
	return w
}

// restart is a new process on the same database.
func (w *world) restart() {
	w.crew.talks = w.talks
	w.hive = &hive.Hive{Store: w.store, Desk: w.desk, Reader: w.crew, Crew: w.crew, Gate: w.crew, Here: w.crew.here, Clock: w.now}
}

func each(t *testing.T, f func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) { f(newWorld(t, db, now)) })
}

func as(m social.MemberID) context.Context {
	ctx := social.WithActor(context.Background(), social.Actor{Member: m, Name: string(m), Role: social.Responder, Grants: []social.Grant{{Programme: care, Role: social.Responder}}})
	return social.WithScope(ctx, social.Scope{All: true})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("%v (kind %s)", err, social.KindOf(err))
	}
}

// rules switches the hive on.
func (w *world) rules(change ...func(*hive.Rules)) {
	w.t.Helper()
	r := hive.DefaultRules()
	r.On = true
	for _, f := range change {
		f(&r)
	}
	_, err := w.hive.SetRules(as("lead"), care, r)
	w.must(err)
}

// joins lets somebody be asked, who says that they know things.
func (w *world) joins(m social.MemberID, knows ...string) {
	w.t.Helper()
	w.joinsWith(m, hive.Member{Expertise: knows})
}

func (w *world) joinsWith(m social.MemberID, s hive.Member) {
	w.t.Helper()
	w.crew.mu.Lock()
	w.crew.all = append(w.crew.all, m)
	w.crew.mu.Unlock()
	_, err := w.hive.Save(as(m), s)
	w.must(err)
	_, err = w.hive.Say(as(m), hive.Available, time.Time{})
	w.must(err)
	w.hive.Forget(false)
}

// begins is a conversation that somebody begins, as the inbox has it.
func (w *world) begins(text string, change ...func(*engage.Conversation)) social.ConversationID {
	w.t.Helper()
	w.n++
	now := w.now.Now()
	who := social.Author{Scheme: "acct", Value: fmt.Sprintf("c%d@example.org", w.n), Handle: fmt.Sprintf("c%d", w.n), Name: "Customer"}
	c := &engage.Conversation{ID: social.ConversationID(id.At(now)), Channel: "ch", Thread: fmt.Sprintf("t%s", id.New()), Visibility: social.Public, Programme: care, Identity: who.ID(), Author: who,
		Subject: text, Preview: text, PreviewBy: engage.ByThem, PreviewAt: now, Lang: "en", State: engage.Open, Turn: engage.Ours, Messages: 1, Parent: "p", ParentAt: now,
		LastAt: now, BeganAt: now, AskedAt: now, WaitingSince: now, HeardAt: now, CreatedAt: now, Version: 1}
	for _, f := range change {
		f(c)
	}
	w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
		if err := w.talks.Save(ctx, engage.Batch{Conversations: []*engage.Conversation{c}}); err != nil {
			return err
		}
		return w.talks.Count(ctx, []*engage.Conversation{c})
	}))
	w.crew.mu.Lock()
	w.crew.said[c.ID] = hive.Said{Text: text, Scores: social.Scores{Lang: c.Lang}}
	w.crew.mu.Unlock()
	return c.ID
}

// asks is a conversation that begins and is told to the hive.
func (w *world) asks(text string, change ...func(*engage.Conversation)) social.ConversationID {
	w.t.Helper()
	c := w.begins(text, change...)
	w.hear(hive.Heard{Changed: []social.ConversationID{c}})
	return c
}

func (w *world) hear(f hive.Heard) {
	w.t.Helper()
	w.must(w.hive.Hear(context.Background(), f))
}

// later lets time pass and the hive do what it brings.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.now.Add(d)
	for more := true; more; {
		var err error
		more, err = w.hive.Tick(context.Background())
		w.must(err)
	}
}

// answer is an answer of a member that stands on the network.
func (w *world) answer(m social.MemberID, c social.ConversationID) {
	w.t.Helper()
	w.hear(hive.Heard{Answered: []social.Answered{{Conversation: c, Message: social.MessageID(id.New()), Programme: care, Member: m, At: w.now.Now()}}})
}

func (w *world) question(c social.ConversationID) hive.Question {
	w.t.Helper()
	q, err := w.store.Question(as("lead"), c)
	w.must(err)
	return q
}

// asked lists who has an open offer, in the order of the hive.
func (w *world) asked(c social.ConversationID) string {
	w.t.Helper()
	os, err := w.store.OffersOf(as("lead"), c)
	w.must(err)
	var out []string
	for _, o := range os {
		if o.State == hive.Waiting {
			out = append(out, string(o.Member))
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func (w *world) offer(c social.ConversationID, m social.MemberID) hive.Offer {
	w.t.Helper()
	os, err := w.store.OffersOn(as("lead"), []social.ConversationID{c}, m)
	w.must(err)
	return os[c]
}

func (w *world) want(kind social.Kind, err error) {
	w.t.Helper()
	if social.KindOf(err) != kind {
		w.t.Fatalf("got %v of kind %q, want kind %q", err, social.KindOf(err), kind)
	}
}

// crew is who works there, and what they know of conversations.
type crew struct {
	mu    sync.Mutex
	talks *engagedb.DB
	all   []social.MemberID
	away  map[social.MemberID]bool // has Parley closed; everybody else has it open
	shut  map[social.MemberID]bool // the gate refuses them
	said  map[social.ConversationID]hive.Said
	wrote map[social.ConversationID]time.Time
}

func (c *crew) here(m social.MemberID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.away[m]
}

func (c *crew) Certified(context.Context, social.ProgrammeID) ([]social.MemberRef, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]social.MemberRef, len(c.all))
	for i, m := range c.all {
		out[i] = social.MemberRef{ID: m, Name: strings.ToUpper(string(m[:1])) + string(m[1:])}
	}
	return out, nil
}

func (c *crew) Names(_ context.Context, ids []social.MemberID) (map[social.MemberID]string, error) {
	out := map[social.MemberID]string{}
	for _, m := range ids {
		if m != "" {
			out[m] = strings.ToUpper(string(m[:1])) + string(m[1:])
		}
	}
	return out, nil
}

func (c *crew) Programmes(context.Context) ([]social.ProgrammeRef, error) {
	return []social.ProgrammeRef{{ID: care, Name: "Care"}}, nil
}

func (c *crew) Mates(ctx context.Context, p social.ProgrammeID) ([]engage.Mate, error) {
	refs, err := c.Certified(ctx, p)
	out := make([]engage.Mate, len(refs))
	for i, r := range refs {
		out[i] = engage.Mate{ID: r.ID, Name: r.Name}
	}
	return out, err
}

func (c *crew) Clear(_ context.Context, a engage.Ask) (engage.Verdict, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shut[a.Member] {
		return engage.Verdict{Why: "You have not acknowledged the policy.", Fix: "/govern/policies/p"}, nil
	}
	return engage.Verdict{Clear: true}, nil
}

func (c *crew) Talks(ctx context.Context, ids []social.ConversationID) ([]engage.Conversation, error) {
	return c.talks.Rows(ctx, ids)
}

func (c *crew) Said(_ context.Context, ids []social.ConversationID) (map[social.ConversationID]hive.Said, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[social.ConversationID]hive.Said{}
	for _, id := range ids {
		out[id] = c.said[id]
	}
	return out, nil
}

func (c *crew) Writing(_ context.Context, _ social.MemberID, id social.ConversationID) (time.Time, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wrote[id], nil
}

// nothing is what the desk has around it and does not use here.
type nothing struct{}

func (nothing) Mentions(context.Context, []social.ActivityID) ([]social.Mention, error) {
	return nil, nil
}
func (nothing) Scores(context.Context, []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
	return nil, nil
}
func (nothing) Channel(context.Context, social.ChannelID) (channel.Channel, error) {
	return nil, social.Errorf(social.NotFound, "There is none.")
}
