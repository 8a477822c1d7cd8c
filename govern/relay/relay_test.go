package relay_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/govern/governdb"
	"github.com/parley-crm/parley/govern/relay"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/hook"
	"github.com/parley-crm/parley/kit/safe"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// herald keeps what administrators are told.
type herald map[string]social.Notice

func (h herald) Notify(_ context.Context, n social.Notice) error { h[n.Key] = n; return nil }

func (h herald) Unnotify(_ context.Context, keys ...string) error {
	for _, k := range keys {
		delete(h, k)
	}
	return nil
}

// got is a request that a receiver took.
type got struct {
	id, body string
	header   http.Header
}

// receiver is another system, at a real address.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	all []got
	do  func(w http.ResponseWriter, r *http.Request) // nil: takes it
}

func receive(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			return
		}
		r.mu.Lock()
		r.all = append(r.all, got{q.Header.Get(hook.HeaderID), string(body), q.Header})
		do := r.do
		r.mu.Unlock()
		if do != nil {
			do(w, q)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(f func(http.ResponseWriter, *http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.do = f
}

func (r *receiver) status(n int) {
	r.answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) })
}

func (r *receiver) seen() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]got{}, r.all...)
}

type world struct {
	*relay.Relay
	t    *testing.T
	now  *clock.Set
	told herald
	ctx  context.Context
	pos  int64
}

func open(t *testing.T, db *store.DB, now *clock.Set, allow ...string) *world {
	t.Helper()
	client, err := safe.New(safe.Options{Allow: allow})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, now: now, told: herald{}, pos: 1}
	w.ctx = social.WithScope(social.WithActor(t.Context(), social.Actor{Member: "ada"}), social.Scope{All: true})
	w.Relay = relay.New(&relay.Relay{Store: governdb.New(db), Herald: w.told, Sealer: secret.Random(), HTTP: client.HTTP, Base: "https://parley.example", Clock: now,
		Log: slog.New(slog.DiscardHandler), Admins: func(context.Context) ([]social.MemberID, error) { return []social.MemberID{"ada"}, nil }})
	return w
}

func (w *world) add(url string, facts ...string) (relay.Endpoint, hook.Key) {
	w.t.Helper()
	e, text, err := w.Add(w.ctx, "CRM", url, facts)
	if err != nil {
		w.t.Fatal(err)
	}
	key, err := hook.ParseKey(text)
	if err != nil {
		w.t.Fatal(err)
	}
	return e, key
}

func (w *world) hear(facts ...social.Fact) {
	w.t.Helper()
	var told []relay.Told
	for _, f := range facts {
		w.pos++
		told = append(told, relay.Told{Pos: w.pos, At: w.now.Now(), Fact: f})
	}
	if err := w.Store.InTx(w.ctx, func(ctx context.Context) error { return w.Hear(ctx, told) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) send() int {
	w.t.Helper()
	n, err := w.Send(w.ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) list(endpoint string) []relay.Delivery {
	w.t.Helper()
	all, _, err := w.Store.Deliveries(w.ctx, relay.Query{Endpoint: endpoint, Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, d := range all {
		if (d.State == relay.Open) == d.Next.IsZero() {
			w.t.Errorf("a delivery that is %s is due next at %v", d.State, d.Next)
		}
	}
	return all
}

func TestAFactIsToldSignedAndOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		r := receive(t)
		w := open(t, db, now, "127.0.0.1")
		before := social.Resolved{Conversation: "c0", At: now.Now()}
		w.hear(before)
		now.Add(time.Second)
		e, key := w.add(r.URL+"/in?token=1", "conversation.resolved", "conversation.opened", "conversation.changed")
		w.hear(social.Resolved{Conversation: "c1", At: now.Now()}, social.Opened{Conversations: []social.Opening{{Conversation: "c2"}, {Conversation: "c3"}}},
			social.Changed{Conversations: []social.ConversationID{"c9"}}, social.Changed{Conversations: []social.ConversationID{"c9"}}, social.Clicked{Link: "l1"})
		for w.send() > 0 {
		}
		all := r.seen()
		if len(all) != 4 {
			t.Fatalf("told %d times, want 4: %v", len(all), all)
		}
		types := map[string]string{}
		for _, g := range all {
			id, at, err := hook.Verify(g.header, []byte(g.body), []hook.Key{key}, now.Now())
			if err != nil || !at.Equal(now.Now().Truncate(time.Second)) {
				t.Fatalf("the signature: %v", err)
			}
			var v relay.Event
			if err := json.Unmarshal([]byte(g.body), &v); err != nil || v.ID != id || v.SpecVersion != "1.0" || v.Source != "https://parley.example" || v.ContentType != "application/json" ||
				!strings.HasPrefix(g.header.Get("Content-Type"), "application/cloudevents+json") {
				t.Errorf("%v %s", err, g.body)
			}
			types[v.Subject] = v.Type
		}
		if types["conversation/c1"] != "conversation.resolved" || types["conversation/c2"] != "conversation.opened" || types["conversation/c9"] != "conversation.changed" {
			t.Errorf("%v", types)
		}
		w.pos -= 5 // the same facts again, as after a failure
		w.hear(social.Resolved{Conversation: "c1", At: now.Now()}, social.Opened{Conversations: []social.Opening{{Conversation: "c2"}, {Conversation: "c3"}}})
		if n := w.send(); n != 0 {
			t.Errorf("%d were told twice", n)
		}
		for _, d := range w.list(e.ID) {
			if d.State != relay.Done || d.Status != 200 || d.Attempts != 1 {
				t.Errorf("%+v", d)
			}
		}
		off := false
		if _, err := w.Edit(w.ctx, e.ID, relay.Change{On: &off}); err != nil {
			t.Fatal(err)
		}
		w.hear(social.Resolved{Conversation: "c4", At: now.Now()})
		if n := len(w.list(e.ID)); n != 4 {
			t.Errorf("one that is off is told: %d", n)
		}
	})
}

func TestWhatAReceiverDoes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		inside := receive(t) // a private address, that nobody allowed
		tests := []struct {
			name    string
			do      func(http.ResponseWriter, *http.Request)
			allow   string
			problem string // "" when it is taken
			later   time.Duration
		}{
			{"takes it", nil, "127.0.0.1", "", 0},
			{"takes it with words", func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(202)
				_, _ = w.Write([]byte("\xff\x00 thanks"))
			}, "127.0.0.1", "", 0},
			{"fails", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "127.0.0.1", "It answered 500.", 5 * time.Second},
			{"asks to wait", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "90"); w.WriteHeader(429) }, "127.0.0.1", "It answered 429.", 90 * time.Second},
			{"asks to wait for years", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "999999999")
				w.WriteHeader(503)
			}, "127.0.0.1", "It answered 503.", 24 * time.Hour},
			{"leads to a private address", func(w http.ResponseWriter, q *http.Request) {
				http.Redirect(w, q, inside.URL, http.StatusTemporaryRedirect)
			}, "127.0.0.1", "which is not followed", 5 * time.Second},
			{"closes the line", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "127.0.0.1", "could not be reached", 5 * time.Second},
			{"is at a private address itself", nil, "", "may not be reached", 5 * time.Second},
		}
		for _, tt := range tests {
			r := receive(t)
			r.do = tt.do
			w := open(t, db, now)
			if tt.allow != "" {
				w = open(t, db, now, tt.allow+":"+r.URL[strings.LastIndexByte(r.URL, ':')+1:])
			}
			e, _ := w.add(r.URL)
			if _, err := w.Ping(w.ctx, e.ID); err != nil {
				t.Fatal(err)
			}
			if n := w.send(); n != 1 {
				t.Fatalf("%s: %d were tried", tt.name, n)
			}
			d := w.list(e.ID)[0]
			full, err := w.Store.Delivery(w.ctx, d.ID)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(full.Answer, "\x00") || !utf8.ValidString(full.Answer) {
				t.Errorf("%s: the answer is kept as %q", tt.name, full.Answer)
			}
			if tt.problem == "" {
				if d.State != relay.Done || d.Problem != "" {
					t.Errorf("%s: %+v", tt.name, d)
				}
			} else if d.State != relay.Open || !strings.Contains(d.Problem, tt.problem) || d.Next.Sub(now.Now()) < tt.later || d.Next.Sub(now.Now()) > tt.later+tt.later/4 {
				t.Errorf("%s: %s %q, next in %v, want %v", tt.name, d.State, d.Problem, d.Next.Sub(now.Now()), tt.later)
			}
			if err := w.Remove(w.ctx, e.ID); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(inside.seen()); n != 0 {
			t.Errorf("a private address was reached %d times", n)
		}
	})
}

func TestRetriesUntilItIsBroken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		r := receive(t)
		r.status(500)
		w := open(t, db, now, "127.0.0.1")
		e, _ := w.add(r.URL)
		w.hear(social.Resolved{Conversation: "c1", At: now.Now()})
		start, tries := now.Now(), 0
		last := time.Duration(0)
		for range 30 {
			n := w.send()
			tries += n
			d := w.list(e.ID)[0]
			if d.State != relay.Open {
				break
			}
			if n == 1 {
				pause := d.Next.Sub(now.Now())
				if pause < last*8/10 {
					t.Errorf("after try %d it waits %v, less than %v before", d.Attempts, pause, last)
				}
				last = pause
			}
			now.Move(d.Next)
		}
		d := w.list(e.ID)[0]
		if d.State != relay.Failed || tries != 13 || now.Now().Sub(start) < 60*time.Hour {
			t.Fatalf("after %d tries in %v: %+v", tries, now.Now().Sub(start), d)
		}
		// It fails for five days: it is told no more, and an administrator knows.
		now.Move(start.Add(5*24*time.Hour + time.Minute))
		w.hear(social.Resolved{Conversation: "c2", At: now.Now()})
		w.send()
		broken, err := w.Store.Endpoint(w.ctx, e.ID)
		if err != nil || broken.State != relay.Broken || broken.Note == "" || len(w.told) != 1 {
			t.Fatalf("%+v %v %v", broken, err, w.told)
		}
		// What happens meanwhile waits, is not tried, and is told when it is on again.
		w.hear(social.Resolved{Conversation: "c3", At: now.Now()})
		now.Add(time.Hour)
		if n := w.send(); n != 0 {
			t.Errorf("%d were told one that is broken", n)
		}
		r.answer(nil)
		on := true
		if _, err := w.Edit(w.ctx, e.ID, relay.Change{On: &on}); err != nil {
			t.Fatal(err)
		}
		if n := w.send(); n != 2 || len(w.told) != 0 {
			t.Errorf("%d were told when it was on again, want 2; notices %v", n, w.told)
		}
		n, err := w.ReplayAll(w.ctx, e.ID, start.Add(-time.Hour), now.Now(), true)
		if err != nil || n != 1 {
			t.Errorf("replayed %d of what failed: %v", n, err)
		}
		w.send()
		if n, err = w.ReplayAll(w.ctx, e.ID, start.Add(-time.Hour), now.Now().Add(time.Second), false); err != nil || n != 3 {
			t.Errorf("replayed %d of all: %v", n, err)
		}
		before := len(r.seen())
		for w.send() > 0 {
		}
		all := r.seen()
		if len(all) != before+3 {
			t.Errorf("%d were told again", len(all)-before)
		}
		ids := map[string]int{}
		for _, g := range all {
			ids[g.id]++
		}
		if len(ids) != 3 {
			t.Errorf("a replay should keep the id of its event: %v", ids)
		}
		r.status(http.StatusGone)
		if _, err := w.Ping(w.ctx, e.ID); err != nil {
			t.Fatal(err)
		}
		w.send()
		if gone, err := w.Store.Endpoint(w.ctx, e.ID); err != nil || gone.State != relay.Broken {
			t.Errorf("after 410: %+v %v", gone, err)
		}
	})
}

func TestAKillTellsAgainAndLosesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		r := receive(t)
		w := open(t, db, now, "127.0.0.1")
		e, _ := w.add(r.URL)
		w.hear(social.Resolved{Conversation: "c1", At: now.Now()})
		ctx, kill := context.WithCancelCause(w.ctx)
		r.answer(func(http.ResponseWriter, *http.Request) { kill(errors.New("killed")) }) // it took it, and we die before we know
		if _, err := w.Send(ctx); err == nil {
			t.Fatal("it should have been cut short")
		}
		r.answer(nil)
		sealer := w.Sealer
		w = open(t, db, now, "127.0.0.1") // a new process
		w.Sealer = sealer
		if n := w.send(); n != 0 {
			t.Errorf("%d were told again at once", n)
		}
		d := w.list(e.ID)[0]
		if d.State != relay.Open || d.Attempts != 1 {
			t.Fatalf("%+v", d)
		}
		now.Add(3 * time.Minute)
		if n := w.send(); n != 1 {
			t.Fatalf("%d were told after the lease", n)
		}
		all := r.seen()
		if d := w.list(e.ID)[0]; d.State != relay.Done || d.Attempts != 2 || len(all) != 2 || all[0].id != all[1].id {
			t.Errorf("%+v, told as %v", d, all)
		}
	})
}

func TestASlowOneHoldsUpNoOther(t *testing.T) {
	db, now := storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start)
	slow, quick := receive(t), receive(t)
	w := open(t, db, now, "127.0.0.1")
	let := make(chan struct{})
	var once sync.Once
	release := func() { once.Do(func() { close(let) }) }
	defer release()
	slow.answer(func(http.ResponseWriter, *http.Request) { <-let })
	done := make(chan string, 100)
	quick.answer(func(_ http.ResponseWriter, q *http.Request) { done <- q.Header.Get(hook.HeaderID) })
	w.add(slow.URL)
	w.add(quick.URL)
	var facts []social.Fact
	for range 20 {
		facts = append(facts, social.Resolved{Conversation: "c", At: now.Now()})
	}
	w.hear(facts...)
	ctx, stop := context.WithCancel(w.ctx)
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	for range 20 {
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatal("the quick one waits for the slow one")
		}
	}
	if n := len(slow.seen()); n > 3 {
		t.Errorf("the slow one has %d at once", n)
	}
	stop()
	release()
	<-ended
}

func TestASecretChangesOver(t *testing.T) {
	w := open(t, storetest.SQLite(t, clock.NewSet(storetest.Start)), clock.NewSet(storetest.Start), "127.0.0.1")
	r := receive(t)
	e, old := w.add(r.URL)
	_, text, err := w.Rotate(w.ctx, e.ID)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := hook.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, key hook.Key, good bool) {
		t.Helper()
		if _, err := w.Ping(w.ctx, e.ID); err != nil {
			t.Fatal(err)
		}
		w.send()
		all := r.seen()
		g := all[len(all)-1]
		if _, _, err := hook.Verify(g.header, []byte(g.body), []hook.Key{key}, w.now.Now()); (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
	check("the old one at first", old, true)
	check("and the new one", fresh, true)
	w.now.Add(relay.OldLife + time.Minute)
	check("a day later the new one", fresh, true)
	check("but not the old", old, false)
	for _, bad := range []string{"ftp://x.example", "https://", "https://a:b@x.example", "https://x.example/#y", "javascript:alert(1)", strings.Repeat("h", 3000)} {
		if _, _, err := w.Add(w.ctx, "X", bad, nil); !social.Invalid.Is(err) {
			t.Errorf("%.30q was taken: %v", bad, err)
		}
	}
	if _, _, err := w.Add(w.ctx, "X", "https://x.example", []string{"everything"}); !social.Invalid.Is(err) {
		t.Error("an unknown fact was taken")
	}
	stored, err := w.Store.Endpoint(w.ctx, e.ID)
	if err != nil || strings.Contains(stored.Secret, strings.TrimPrefix(text, "whsec_")) || !strings.HasPrefix(stored.Secret, "s1:") {
		t.Errorf("the secret lies open: %v", err)
	}
}
