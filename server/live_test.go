package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
	"github.com/parley-crm/parley/store"
	"github.com/parley-crm/parley/store/storetest"
)

// running is a server that listens and feeds its streams.
type running struct {
	*house
	url string
}

func run(t *testing.T, db *store.DB, now *clock.Set, change ...func(*server.Options)) *running {
	t.Helper()
	h := open(t, db, now, change...)
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = h.server.Run(ctx) })
	web := httptest.NewServer(h.handler)
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
		stop()
		wg.Wait()
	})
	return &running{h, web.URL}
}

func (r *running) tell(facts ...social.Fact) {
	r.Helper()
	if err := tell(r.db, facts...); err != nil {
		r.Fatal(err)
	}
}

func tell(db *store.DB, facts ...social.Fact) error {
	return db.InTx(context.Background(), func(ctx context.Context) error { return db.Tell(ctx, facts...) })
}

// sse is one reader.
type sse struct {
	*testing.T
	response *http.Response
	lines    *bufio.Scanner
	last     string
}

type sseEvent struct{ id, name, data string }

func (r *running) listen(who, after string) *sse {
	r.Helper()
	request, err := http.NewRequestWithContext(r.Context(), "GET", r.url+"/api/live", nil)
	if err != nil {
		r.Fatal(err)
	}
	as(who)(request)
	if after != "" {
		request.Header.Set("Last-Event-ID", after)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() { response.Body.Close() })
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "text/event-stream" {
		r.Fatalf("the stream answers %d %s", response.StatusCode, response.Header)
	}
	s := &sse{T: r.T, response: response, lines: bufio.NewScanner(response.Body), last: after}
	return s
}

// block reads the next block; ok is false when the stream has ended.
func (s *sse) block() (e sseEvent, ok bool) {
	s.Helper()
	any := false
	for s.lines.Scan() {
		line := s.lines.Text()
		if line == "" && any {
			if e.id != "" {
				s.last = e.id
			}
			return e, true
		}
		any = true
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data = value
		}
	}
	return e, false
}

// event reads the next event that has a name.
func (s *sse) event() sseEvent {
	s.Helper()
	for {
		e, ok := s.block()
		if !ok {
			s.Fatal("the stream ended")
		}
		if e.name != "" {
			return e
		}
	}
}

func (s *sse) wants(name, data string) {
	s.Helper()
	if e := s.event(); e.name != name || e.data != data {
		s.Fatalf("got %s %s, want %s %s", e.name, e.data, name, data)
	}
}

func conversation(i int) social.ConversationID { return social.ConversationID(fmt.Sprintf("c%04d", i)) }

// Readers come and go at every moment while several writers write; what each
// reads together is everything, once, in order.
func TestAStreamResumesWithoutAGap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		const writers, each = 4, 60
		r := run(t, db, now)
		head, err := db.Head(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		var failed sync.Map
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					if err := tell(db, social.Changed{Conversations: []social.ConversationID{conversation(w*each + i)}}); err != nil {
						failed.Store(w, err)
						return
					}
				}
			})
		}
		var got []social.ConversationID
		after, connections := strconv.FormatInt(head, 10), 0
		for len(got) < writers*each {
			s := r.listen("ada", after)
			connections++
			for blocks := 0; blocks < 1+connections%7 && len(got) < writers*each; blocks++ {
				e, ok := s.block()
				if !ok {
					break
				}
				if e.name != "changed" {
					continue
				}
				var c struct{ Conversations []social.ConversationID }
				if err := json.Unmarshal([]byte(e.data), &c); err != nil {
					t.Fatal(err)
				}
				got = append(got, c.Conversations...)
			}
			after = s.last
			s.response.Body.Close()
		}
		wg.Wait()
		failed.Range(func(w, err any) bool { t.Fatalf("writer %v: %v", w, err); return false })
		facts, err := db.Facts(context.Background(), head, 1000)
		if err != nil {
			t.Fatal(err)
		}
		want := make([]social.ConversationID, len(facts))
		for i, f := range facts {
			want[i] = f.Fact.(social.Changed).Conversations[0]
		}
		if !slices.Equal(got, want) {
			t.Fatalf("over %d connections got %d facts, want %d:\n%v\n%v", connections, len(got), len(want), got, want)
		}
		if connections < 3 {
			t.Fatalf("only %d connections: this test has lost its point", connections)
		}
	})
}

func TestAnOldPositionIsReadFromTheDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		tellMany := func(from, to int) {
			var facts []social.Fact
			for i := from; i < to; i++ {
				facts = append(facts, social.Delivery{Conversation: conversation(i), Message: "m", State: "sent"})
			}
			if err := tell(db, facts...); err != nil {
				t.Fatal(err)
			}
		}
		tellMany(0, 3000) // more than is kept in memory, and before the server runs
		r := run(t, db, now)
		tellMany(3000, 3010)
		tail, err := db.Tail(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		s := r.listen("ada", strconv.FormatInt(tail-1, 10))
		for i := range 3010 {
			s.wants("delivery", fmt.Sprintf(`{"conversation":"%s","message":"m","state":"sent"}`, conversation(i)))
		}
	})
}

func TestAPositionThatIsGoneResets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		r := run(t, db, now)
		for i := range 5 {
			r.tell(social.MonitorSaved{Monitor: social.MonitorID(fmt.Sprint(i))})
		}
		head, err := db.Head(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		exec := func(query string, args ...any) {
			t.Helper()
			err := db.InTx(context.Background(), func(ctx context.Context) error {
				_, err := db.IDB(ctx).NewRaw(query, args...).Exec(ctx)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		exec("DELETE FROM outbox WHERE pos < ?", head-1)
		r.listen("ada", strconv.FormatInt(head-4, 10)).wants("reset", "{}")
		r.listen("ada", strconv.FormatInt(head+100, 10)).wants("reset", "{}")
		s := r.listen("ada", strconv.FormatInt(head-2, 10))
		s.wants("monitor", `{"id":"3"}`)
		s.wants("monitor", `{"id":"4"}`)
		r.do("GET", "/api/live?after=soon", "", as("ada")).problem(422, "integer")
		r.do("GET", "/api/live?after=-1", "", as("ada")).problem(422, "integer")
		r.do("GET", "/api/live", "").problem(401, "")
	})
}

func TestWhatAReaderSees(t *testing.T) {
	all := []social.Fact{
		social.Heard{Activities: []social.ActivityID{"a", "b"}}, social.Understood{Activities: []social.ActivityID{"a"}},
		social.Changed{Conversations: []social.ConversationID{"mine", "theirs"}},
		social.Delivery{Conversation: "theirs", Message: "m1", State: "sent"}, social.Delivery{Conversation: "mine", Message: "m2", State: "sent"},
		social.MonitorSaved{Monitor: "m"}, social.ChannelSaved{Channel: "c"}, social.Converted{}, social.Governed{What: "policy"},
	}
	tests := []struct {
		name  string
		who   string
		sight bool
		want  []string
	}{
		{"everything", "ada", true, []string{`heard {"activities":2,"understood":false}`, `heard {"activities":1,"understood":true}`, `changed {"conversations":["mine","theirs"]}`,
			`delivery {"conversation":"theirs","message":"m1","state":"sent"}`, `delivery {"conversation":"mine","message":"m2","state":"sent"}`,
			`monitor {"id":"m"}`, `channel {"id":"c"}`, `evolved {}`, `governed {"what":"policy"}`}},
		{"a programme's part", "ines", true, []string{`heard {"activities":0,"understood":false}`, `heard {"activities":0,"understood":true}`, `changed {"conversations":["mine"]}`,
			`delivery {"conversation":"mine","message":"m2","state":"sent"}`, `monitor {"id":""}`, `channel {"id":""}`, `evolved {}`, `governed {"what":"policy"}`}},
		{"a programme's part when nobody can tell which", "ines", false, []string{`heard {"activities":0,"understood":false}`, `heard {"activities":0,"understood":true}`, `changed {"conversations":[]}`,
			`monitor {"id":""}`, `channel {"id":""}`, `evolved {}`, `governed {"what":"policy"}`}},
		{"no permission at all", "none", true, []string{`governed {"what":"policy"}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := clock.NewSet(storetest.Start)
			r := run(t, storetest.SQLite(t, now), now, func(o *server.Options) {
				if tt.sight {
					o.Sight = sight{}
				}
			})
			r.door.set("none", social.Actor{Member: "none"})
			s := r.listen(tt.who, "0")
			r.tell(all...)
			for _, want := range tt.want {
				name, data, _ := strings.Cut(want, " ")
				s.wants(name, data)
			}
		})
	}
}

// sight lets programmes see only what is "mine".
type sight struct{}

func (sight) Conversations(ctx context.Context, ids []social.ConversationID) ([]social.ConversationID, error) {
	if social.ScopeOf(ctx).All {
		return ids, nil
	}
	return slices.DeleteFunc(slices.Clone(ids), func(c social.ConversationID) bool { return c != "mine" }), nil
}

func TestARevokedSessionHearsNoMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, now *clock.Set) {
		r := run(t, db, now)
		s := r.listen("ada", "")
		other := r.listen("ines", "")
		r.tell(social.ChannelSaved{Channel: "c1"})
		s.wants("channel", `{"id":"c1"}`)
		r.door.drop("ada")
		r.tell(social.Governed{What: "session"}, social.ChannelSaved{Channel: "c2"})
		for {
			e, ok := s.block()
			if !ok {
				break
			}
			if e.name != "" {
				t.Fatalf("after it was revoked the stream said %+v", e)
			}
		}
		other.wants("channel", `{"id":""}`)
		other.wants("governed", `{"what":"session"}`)
	})
}

func TestARoleThatWasTakenIsGoneAtOnce(t *testing.T) {
	now := clock.NewSet(storetest.Start)
	r := run(t, storetest.SQLite(t, now), now)
	s := r.listen("ada", "")
	r.door.set("ada", social.Actor{Member: "ada"})
	r.tell(social.Governed{What: "member"}, social.Changed{Conversations: []social.ConversationID{"c"}}, social.Governed{What: "done"})
	s.wants("governed", `{"what":"member"}`)
	s.wants("governed", `{"what":"done"}`)
}

// TestStreamsEndWithTheServer stops what feeds the streams: their readers are
// told at once, and a shutdown has nobody to wait for.
func TestStreamsEndWithTheServer(t *testing.T) {
	db := storetest.SQLite(t, clock.NewSet(storetest.Start))
	h := open(t, db, clock.NewSet(storetest.Start))
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = h.server.Run(ctx) })
	web := httptest.NewServer(h.handler)
	defer web.Close() // waits for whoever is still being served
	r := &running{h, web.URL}
	s := r.listen("ada", "")
	stop()
	for s.lines.Scan() { // until the server closes the stream
	}
	if err := s.lines.Err(); err != nil {
		t.Errorf("the stream broke off: %v", err)
	}
	wg.Wait()
}

func TestTooManyStreamsOfOneMember(t *testing.T) {
	now := clock.NewSet(storetest.Start)
	r := run(t, storetest.SQLite(t, now), now, func(o *server.Options) { o.Limits.Streams = 2 })
	one := r.listen("ada", "")
	r.listen("ada", "")
	r.do("GET", "/api/live", "", as("ada")).problem(429, "too many live streams")
	r.listen("ines", "")
	one.response.Body.Close()
	// The first is counted out when its end is noticed, at the next write at the latest.
	for {
		r.tell(social.Converted{})
		response, err := http.DefaultClient.Do(request(t, r, "ada"))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode == 200 {
			return
		}
	}
}

func request(t *testing.T, r *running, who string) *http.Request {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), "GET", r.url+"/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	as(who)(q)
	return q
}

func TestPresence(t *testing.T) {
	now := clock.NewSet(storetest.Start)
	r := run(t, storetest.SQLite(t, now), now, func(o *server.Options) { o.Sight = sight{} })
	ada, ines := r.listen("ada", ""), r.listen("ines", "")
	ada.block()
	ines.block() // both have begun
	view := func(who, conversation, body string) reply {
		return r.do("POST", "/api/conversations/"+conversation+"/viewing", body, as(who))
	}
	view("ines", "theirs", "").problem(404, "no such conversation")
	view("ada", "theirs", "").ok(204)
	ada.wants("presence", `{"conversation":"theirs","members":[{"id":"ada","name":"Ada","typing":false}]}`)
	view("ines", "mine", "").ok(204)
	view("ines", "mine", "").ok(204) // a ping that changes nothing is not told
	view("ada", "mine", `{"typing":true}`).ok(204)
	view("ines", "mine", `{"gone":true}`).ok(204)
	for _, s := range []*sse{ada, ines} { // Ines hears nothing of "theirs"
		s.wants("presence", `{"conversation":"mine","members":[{"id":"ines","name":"Ines","typing":false}]}`)
		s.wants("presence", `{"conversation":"mine","members":[{"id":"ada","name":"Ada","typing":true},{"id":"ines","name":"Ines","typing":false}]}`)
		s.wants("presence", `{"conversation":"mine","members":[{"id":"ada","name":"Ada","typing":true}]}`)
	}
}
