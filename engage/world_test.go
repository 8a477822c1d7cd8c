package engage_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/engage"
	"github.com/parley-crm/parley/engage/engagedb"
	"github.com/parley-crm/parley/engage/shelf"
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
		_ = f.Value.Set("40")
	}
	os.Exit(m.Run())
}

// world is a desk with a real store and everything around it simulated.
type world struct {
	t    testing.TB
	db   *store.DB
	now  *clock.Set
	desk *engage.Desk
	ears *ears
	net  *network
	gate *gate
}

const (
	ana   = social.MemberID("ana")
	ben   = social.MemberID("ben")
	line  = social.ChannelID("ch-1")
	care  = social.ProgrammeID("care")
	other = social.ProgrammeID("other")
)

func newWorld(t testing.TB, db *store.DB, now *clock.Set) *world {
	w := &world{t: t, db: db, now: now, ears: &ears{known: map[social.ActivityID]social.Mention{}, scores: map[social.ActivityID]social.Scores{}},
		net: &network{now: now, posts: map[string]string{}, finds: true}, gate: &gate{}}
	w.restart()
	return w
}

// fresh is the world as it was at first, on the same database: making a new
// one for each case takes too long.
func (w *world) fresh() *world {
	w.t.Helper()
	w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
		for _, table := range []string{"conversation_tag", "tag", "team_member", "team", "inbox_view", "inbox_shelf", "deed", "delivery", "delivery_report", "opt_out", "draft", "conversation_read", "message", "conversation", "conversation_tally", "record", "outbox", "follower"} {
			if _, err := w.db.IDB(ctx).NewRaw("DELETE FROM " + table).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}))
	return newWorld(w.t, w.db, w.now)
}

// cases runs a table of cases on every engine, each in a fresh world.
func cases[C any](t *testing.T, all map[string]C, f func(w *world, c C)) {
	t.Helper()
	each(t, func(w *world) {
		outer := w.t.(*testing.T)
		for _, name := range slices.Sorted(maps.Keys(all)) {
			outer.Run(name, func(t *testing.T) {
				w.t = t
				f(w.fresh(), all[name])
			})
		}
		w.t = outer
	})
}

// restart is a new process on the same database.
func (w *world) restart() { w.desk = w.newDesk(engagedb.New(w.db)) }

func (w *world) newDesk(s engage.Store) *engage.Desk {
	return &engage.Desk{Store: s, Heard: w.ears, Understood: w.ears, Gate: w.gate, Networks: w.net, Mates: mates{}, Tags: words, Kinds: words, Clock: w.now}
}

// shelf is what members lay ready at the desk.
func (w *world) shelf() *shelf.Shelf { return &shelf.Shelf{Store: engagedb.New(w.db), Desk: w.desk} }

func each(t *testing.T, f func(w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) { f(newWorld(t, db, now)) })
}

func as(m social.MemberID) context.Context {
	ctx := social.WithActor(context.Background(), social.Actor{Member: m, Name: strings.ToUpper(string(m[:1])) + string(m[1:]), Role: social.Responder})
	return social.WithScope(ctx, social.Scope{All: true})
}

func within(m social.MemberID, p ...social.ProgrammeID) context.Context {
	return social.WithScope(as(m), social.Scope{Programmes: p})
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

// ears is listening and analysis in one.
type ears struct {
	mu     sync.Mutex
	known  map[social.ActivityID]social.Mention
	scores map[social.ActivityID]social.Scores
}

func (e *ears) Mentions(_ context.Context, ids []social.ActivityID) ([]social.Mention, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []social.Mention
	for _, id := range ids {
		if m, ok := e.known[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

func (e *ears) Scores(_ context.Context, ids []social.ActivityID) (map[social.ActivityID]social.Scores, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := map[social.ActivityID]social.Scores{}
	for _, id := range ids {
		s, ok := e.scores[id]
		if !ok {
			s = social.Scores{Lang: "en", Sentiment: &social.Label{Label: social.Negative, Score: 0.8, Confidence: 0.75},
				Intents: []social.Label{{Label: "complaint", Score: 0.9}}, Model: "test-1"}
		}
		out[id] = s
	}
	return out, nil
}

func person(name string) social.Author {
	return social.Author{Scheme: "acct", Value: name + "@example.org", Handle: name, Name: strings.ToUpper(name[:1]) + name[1:], Followers: 12}
}

// say makes an activity that listening knows.
func (w *world) say(external, who, text string, change ...func(*social.Mention)) social.Mention {
	m := social.Mention{Activity: social.Activity{
		ID: social.ActivityID(id.At(w.now.Now())), Channel: line, ExternalID: external, Verb: social.Create, Form: social.FormPost,
		Author: person(who), Text: text, Visibility: social.Public, Published: w.now.Now(), URL: "https://net.example/" + external,
	}, Programme: care}
	for _, f := range change {
		f(&m)
	}
	m.Identity = m.Activity.Author.ID()
	w.ears.mu.Lock()
	w.ears.known[m.Activity.ID] = m
	w.ears.mu.Unlock()
	return m
}

func atUs(m *social.Mention) { m.Inbox, m.Activity.Directed = true, true }
func own(m *social.Mention)  { m.Activity.Own = true; m.Activity.Author = person("brewell") }
func privately(m *social.Mention) {
	m.Activity.Visibility, m.Activity.Form = social.Direct, social.FormDirect
}
func answering(parent, root string) func(*social.Mention) {
	return func(m *social.Mention) {
		m.Activity.Parent, m.Activity.Root, m.Activity.Form = parent, root, social.FormComment
	}
}
func on(t time.Time) func(*social.Mention) {
	return func(m *social.Mention) { m.Activity.Published = t }
}
func of(p social.ProgrammeID) func(*social.Mention) {
	return func(m *social.Mention) { m.Programme = p }
}

// hear tells the inbox, as the follower does.
func (w *world) hear(ms ...social.Mention) {
	w.t.Helper()
	ids := make([]social.ActivityID, len(ms))
	for i, m := range ms {
		ids[i] = m.Activity.ID
	}
	w.must(w.db.InTx(context.Background(), func(ctx context.Context) error {
		return w.db.Tell(ctx, social.Understood{Activities: ids})
	}))
	w.must(w.db.Drain(context.Background(), engagedb.Follower(w.desk)))
}

// all lists every conversation, newest first.
func (w *world) all() []engage.Row {
	w.t.Helper()
	page, err := w.desk.List(as(ana), engage.Query{View: engage.ViewAll, Limit: 100})
	w.must(err)
	return page.Rows
}

// only returns the one conversation that there is.
func (w *world) only() engage.Row {
	w.t.Helper()
	rows := w.all()
	if len(rows) != 1 {
		w.t.Fatalf("there are %d conversations, want one", len(rows))
	}
	return rows[0]
}

// began is a conversation that Maya began.
func (w *world) began() social.ConversationID {
	w.t.Helper()
	w.hear(w.say("p1", "maya", "@brewell my kettle leaks", atUs))
	return w.only().ID
}

func (w *world) reply(cid social.ConversationID, key, text string) engage.Message {
	w.t.Helper()
	m, err := w.desk.Reply(as(ana), cid, engage.Words{Key: key, Text: text})
	w.must(err)
	return m
}

func (w *world) post() {
	w.t.Helper()
	_, err := w.desk.Post(context.Background())
	w.must(err)
}

// later lets time pass and the post do its work.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.now.Add(d)
	w.post()
}

func (w *world) message(mid social.MessageID) engage.Message {
	w.t.Helper()
	m, err := engagedb.New(w.db).Message(as(ana), mid)
	w.must(err)
	return m
}

func (w *world) stage(mid social.MessageID) engage.Stage {
	w.t.Helper()
	return w.message(mid).Delivery.Stage
}

func (w *world) thread(cid social.ConversationID) []engage.Message {
	w.t.Helper()
	ms, _, err := w.desk.Messages(as(ana), cid, "", 100)
	w.must(err)
	return ms
}

// facts are all facts of a kind that were told, in order.
func facts[F social.Fact](w *world) []F {
	w.t.Helper()
	all, err := w.db.Facts(context.Background(), 0, 100_000)
	w.must(err)
	var out []F
	for _, f := range all {
		if x, ok := f.Fact.(F); ok {
			out = append(out, x)
		}
	}
	return out
}

// count runs a query that gives one number.
func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	w.must(w.db.IDB(context.Background()).NewRaw(query, args...).Scan(context.Background(), &n))
	return n
}

// gate lets through unless it was shut.
type gate struct {
	mu   sync.Mutex
	shut string
	then func() // runs after each question
	asks []engage.Ask
}

func (g *gate) set(why string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = why
}

func (g *gate) Clear(_ context.Context, a engage.Ask) (engage.Verdict, error) {
	g.mu.Lock()
	v := engage.Verdict{Clear: g.shut == "", Why: g.shut}
	if !v.Clear {
		v.Fix = "/govern/policies/p1"
	}
	g.asks = append(g.asks, a)
	then := g.then
	g.mu.Unlock()
	if then != nil {
		then()
	}
	return v, nil
}

type mates struct{}

func (mates) Mates(context.Context, social.ProgrammeID) ([]engage.Mate, error) {
	return []engage.Mate{{ID: ana, Name: "Ana"}, {ID: ben, Name: "Ben"}}, nil
}

// network posts what it is sent, and fails as it is told to.
type network struct {
	mu    sync.Mutex
	now   clock.Clock
	posts map[string]string // by key
	order []string          // external ids
	texts []string
	sends int // calls of Send
	finds bool

	before func(n int) error // before it posts; n counts the calls from 1
	after  func(n int) error // after it has posted
	lookup error             // what Find answers instead of the truth
	gone   bool
	echo   string // goes into the external ids, so that they are unique
	limit  int
	last   social.Reply
	line   channel.Channel // stands in for the network, with more abilities
}

func (n *network) Channel(context.Context, social.ChannelID) (channel.Channel, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.gone {
		return nil, social.Errorf(social.NotFound, "This channel was removed.")
	}
	if n.line != nil {
		return n.line, nil
	}
	if n.finds {
		return finding{n}, nil
	}
	return n, nil
}

func (n *network) Read(channel.Event) ([]social.Activity, error) { return nil, nil }

func (n *network) Fit(text string) channel.Room {
	most := n.limit
	if most == 0 {
		most = 500
	}
	left := most - len([]rune(text))
	return channel.Room{Fits: left >= 0, Left: left, Max: most, Unit: "characters"}
}

func (n *network) Visibilities() []social.Visibility {
	return []social.Visibility{social.Public, social.Direct}
}

func (n *network) Send(_ context.Context, r social.Reply) (channel.Receipt, error) {
	n.mu.Lock()
	n.sends++
	n.last = r
	call, before, after := n.sends, n.before, n.after
	n.mu.Unlock()
	if before != nil {
		if err := before(call); err != nil {
			return channel.Receipt{}, err
		}
	}
	n.mu.Lock()
	external := fmt.Sprintf("out%s-%d", n.echo, len(n.order)+1)
	n.order = append(n.order, external)
	n.texts = append(n.texts, r.Text)
	n.posts[r.Key] = external
	n.mu.Unlock()
	if after != nil {
		if err := after(call); err != nil {
			return channel.Receipt{}, err
		}
	}
	return channel.Receipt{ExternalID: external, URL: "https://net.example/" + external, At: n.now.Now()}, nil
}

// finding is the network with the ability to be asked.
type finding struct{ *network }

func (f finding) Find(_ context.Context, r social.Reply) (channel.Receipt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lookup != nil {
		return channel.Receipt{}, f.lookup
	}
	if external, ok := f.posts[r.Key]; ok {
		return channel.Receipt{ExternalID: external, At: f.now.Now()}, nil
	}
	return channel.Receipt{}, social.Errorf(social.NotFound, "It is not there.")
}

func (n *network) posted() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.order)
}
