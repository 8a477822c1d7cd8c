package x

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/social"
)

// vault keeps the refresh token, as a station does.
type vault struct {
	mu     sync.Mutex
	stored string
}

func (v *vault) rotate(ctx context.Context, _ string, turn func(context.Context, string) (string, error)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	next, err := turn(ctx, v.stored)
	if err == nil && next != "" {
		v.stored = next
	}
	return err
}

var (
	ofUs    = channel.Settings{"client_id": "client", "client_secret": "hush", "refresh": "refresh-0"}
	ofRules = channel.Settings{"bearer": appKey, "rules": "#parleytest"}
)

type desk struct {
	*double
	server *channeltest.Server
	vault  *vault
	line   channel.Channel
}

func openAll(t *testing.T, all ...channel.Settings) *desk {
	t.Helper()
	d := &desk{double: newDouble(t), vault: &vault{stored: "refresh-0"}}
	d.server = channeltest.Serve(t, d.double)
	d.server.Refuse = func(w http.ResponseWriter, _ *http.Request, x channeltest.Trouble) {
		if x == channeltest.Revoked {
			fail(w, 401, "Unauthorized", "Unauthorized")
			return
		}
		fail(w, 403, "Forbidden", "You are not permitted to perform this action.")
	}
	d.line = d.again(t, all...)
	return d
}

func (d *desk) again(t *testing.T, all ...channel.Settings) channel.Channel {
	t.Helper()
	s := channel.Settings{"address": d.server.URL}
	for _, more := range all {
		maps.Copy(s, more)
	}
	env := d.server.Env(d.now)
	env.Rotate, env.ID = d.vault.rotate, "c1"
	c, err := Kind().New(s, env)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (d *desk) rig(before, after string) *channeltest.Rig {
	return &channeltest.Rig{
		Channel: d.line, Trouble: d.server.Trouble, Now: d.now.Now,
		Say: func(text string) string { return d.say(mayaID, before+text+after, "").ID },
		Share: func() (string, string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			of := d.add(mayaID, before+"worth passing on"+after, "")
			return d.put(post{By: mayaID, Text: "RT @maya: " + before + "worth passing on" + after, Passes: of.ID}).ID, of.ID
		},
		Quote: func(words string) (string, string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			of := d.add(mayaID, before+"worth quoting"+after, "")
			return d.put(post{By: mayaID, Text: before + words + after, Quotes: of.ID}).ID, of.ID
		},
		Past: func(text string) {
			p := d.say(mayaID, before+text+after, "")
			p.At = p.At.AddDate(-1, 0, 0)
		},
		Live: func() func() {
			for len(d.live) > 0 {
				<-d.live
			}
			return func() { <-d.live }
		},
		Drop: d.drop, Carried: d.carried,
		Fumble:  func() { d.mu.Lock(); d.fumbles = true; d.mu.Unlock() },
		Uploads: func() int { d.mu.Lock(); defer d.mu.Unlock(); return d.given },
		Ours: func() (out []string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			for _, p := range d.posts {
				if p.By == brandID {
					out = append(out, p.Text)
				}
			}
			return out
		},
		Below: func(text string) (id, root string) {
			if _, err := d.line.(channel.Profiler).Self(context.Background()); err != nil { // it has signed in by the time that it hears
				d.t.Error(err)
			}
			root = d.say(brandID, "Our new kettle", "").ID
			return d.say(mayaID, text, root).ID, root
		},
		Stands: func(id string) (there, hidden bool) {
			d.mu.Lock()
			defer d.mu.Unlock()
			i := slices.IndexFunc(d.posts, func(p *post) bool { return p.ID == id })
			return i >= 0, i >= 0 && d.posts[i].Hidden
		},
		Likes: func(id string) int {
			d.mu.Lock()
			defer d.mu.Unlock()
			return map[bool]int{true: 1}[d.likes[id]]
		},
		Malformed: [][]byte{[]byte(`{"post":{}}`), []byte(`{"post":{"id":"x","author_id":"1","created_at":"2026-01-01T00:00:00Z"}}`), []byte(`{"post":{"id":"1","author_id":"1"}}`)},
	}
}

func TestAccount(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig { return openAll(t, ofUs).rig("@brewell ", "") })
}

func TestStream(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig { return openAll(t, ofRules).rig("", " #parleytest") })
}

// TestBoth polls, streams and answers.
func TestBoth(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		r := openAll(t, ofUs, ofRules).rig("@brewell ", "")
		r.Light = true
		return r
	})
}

func TestWeight(t *testing.T) {
	for s, want := range map[string]int{
		"":          0,
		"hello":     5,
		"ä":         1,
		"a\u0308":   1, // one sign in two parts
		"日本":        4,
		"😀":         2,
		"👨‍👩‍👧‍👦":   2,
		"🇩🇪":        2,
		"1️⃣":       2,
		"❤️":        2,
		"“quoted”…": 8 + 2,
		"see https://a.example/a/very/long/path/that/never/ends?q=1 now": 4 + 23 + 4,
		"see https://a.example.":    4 + 23 + 1,
		"https://localhost":         17,
		"see example.com/help, ok?": 4 + 23 + 5,
		"mail me@example.com":       19,
		"3.5 or v1.2":               11,
		"http://a.b http://c.d":     47,
	} {
		if got := weigh(s); got != want {
			t.Errorf("%q weighs %d, want %d", s, got, want)
		}
	}
	a := &account{}
	if r := a.Fit(strings.Repeat("日", 140)); !r.Fits || r.Left != 0 {
		t.Errorf("%+v", r)
	}
	if r := a.Fit(strings.Repeat("日", 141)); r.Fits || r.Left != -2 {
		t.Errorf("%+v", r)
	}
}

func TestTheRefreshTokenIsStoredBeforeTheAccessTokenIsUsed(t *testing.T) {
	d := openAll(t, ofUs)
	self := func(c channel.Channel) error {
		_, err := c.(channel.Profiler).Self(t.Context())
		return err
	}
	if err := self(d.line); err != nil || d.vault.stored != "refresh-1" {
		t.Fatalf("%v, stored %q", err, d.vault.stored)
	}
	d.now.Add(2 * time.Hour)
	if err := self(d.line); err != nil || d.vault.stored != "refresh-2" || d.grants != 2 {
		t.Fatalf("%v, stored %q, %d grants", err, d.vault.stored, d.grants)
	}
	// A restart goes on with what is stored, not with what was entered.
	if err := self(d.again(t, ofUs)); err != nil || d.vault.stored != "refresh-3" {
		t.Fatalf("%v, stored %q", err, d.vault.stored)
	}
	// The first connection’s token does not hold any more; it renews it too.
	if err := self(d.line); err != nil || d.vault.stored != "refresh-4" {
		t.Fatalf("%v, stored %q", err, d.vault.stored)
	}
	// A crash between renewing and storing: X refuses, and a person is asked.
	d.refresh = "refresh-lost"
	d.access = "nobody’s"
	if err := self(d.again(t, ofUs)); !social.Unauth.Is(err) || d.vault.stored != "refresh-4" {
		t.Fatalf("%v, stored %q", err, d.vault.stored)
	}
	// Settings that are only tried spend no token.
	grants := d.grants
	c, err := Kind().New(channel.Settings{"address": d.server.URL, "client_id": "client", "client_secret": "hush", "refresh": "refresh-lost"}, d.server.Env(d.now))
	if err != nil {
		t.Fatal(err)
	}
	if err := self(c); !social.Unauth.Is(err) || d.grants != grants {
		t.Fatalf("%v, %d grants", err, d.grants)
	}
}

func TestRulesAreKeptTheSame(t *testing.T) {
	d := openAll(t, ofUs, channel.Settings{"bearer": appKey, "rules": "kettle loose\nkettle  loose\n\nteapot"})
	d.rules = []wireRule{{ID: "1", Value: "by hand", Tag: "mine"}, {ID: "2", Value: "teapot", Tag: "parley:c1"}, {ID: "3", Value: "old", Tag: "parley:c1"}, {ID: "4", Value: "theirs", Tag: "parley:c2"}}
	l := d.line.(*live)
	listen := func() error {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		stop := errors.New("stop")
		go func() {
			<-d.live
			d.say(mayaID, "my teapot", "")
		}()
		err := l.Stream(ctx, "", func(channel.Event) error { return stop })
		if errors.Is(err, stop) {
			return nil
		}
		return err
	}
	if err := listen(); !social.Invalid.Is(err) || !strings.Contains(err.Error(), "RulesCap") && !strings.Contains(err.Error(), "5 rules") {
		t.Logf("with room for all: %v", err)
	}
	values := func() (out []string) {
		for _, r := range d.rules {
			out = append(out, r.Tag+"="+r.Value)
		}
		slices.Sort(out)
		return out
	}
	want := []string{"mine=by hand", "parley:c1=@brewell", "parley:c1=kettle loose", "parley:c1=teapot", "parley:c2=theirs"}
	if got := values(); !slices.Equal(got, want) {
		t.Fatalf("%v", got)
	}
	calls := len(d.calls)
	if err := listen(); err != nil {
		t.Fatal(err)
	}
	for _, c := range d.calls[calls:] {
		if c == "POST /2/tweets/search/stream/rules" {
			t.Fatal("rules that stand already were written again")
		}
	}
	// A rule that X does not take is said in a sentence.
	bad := d.again(t, channel.Settings{"bearer": appKey, "rules": "(kettle"}).(*hose)
	if err := bad.Stream(t.Context(), "", func(channel.Event) error { return nil }); !social.Invalid.Is(err) || !strings.Contains(err.Error(), "(kettle") {
		t.Fatalf("%v", err)
	}
}

func TestWhatMatchesAnotherChannelsRuleIsNotHeardHere(t *testing.T) {
	d := openAll(t, ofRules)
	d.rules = []wireRule{{ID: "4", Value: "theirs", Tag: "parley:c2"}}
	var heard []string
	stop := errors.New("stop")
	go func() {
		<-d.live
		d.say(mayaID, "theirs alone", "")
		d.say(mayaID, "ours #parleytest", "")
	}()
	err := d.line.(*hose).Stream(t.Context(), "", func(e channel.Event) error {
		as, err := d.line.Read(e)
		if err != nil {
			return err
		}
		heard = append(heard, as[0].Text)
		return stop
	})
	if !errors.Is(err, stop) || !slices.Equal(heard, []string{"ours #parleytest"}) {
		t.Fatalf("%v, %v", heard, err)
	}
}

func TestWhenNoQuestionIsLeftMentionsWait(t *testing.T) {
	d := openAll(t, ofUs)
	d.quota = 1
	b, err := d.line.(channel.Poller).Poll(t.Context(), "")
	if err != nil || b.Wait < 8*time.Minute || b.Wait > 9*time.Minute {
		t.Fatalf("wait %v, %v", b.Wait, err)
	}
	_, err = d.line.(channel.Poller).Poll(t.Context(), "")
	var later channel.RetryAfter
	if !social.Busy.Is(err) || !errors.As(err, &later) || later.RetryAfter() < 8*time.Minute {
		t.Fatalf("%v", err)
	}
}

func TestReading(t *testing.T) {
	d := openAll(t, ofUs)
	read := func(raw string) social.Activity {
		t.Helper()
		as, err := d.line.Read(channel.Event{Key: "k", Raw: []byte(raw)})
		if err != nil || len(as) != 1 {
			t.Fatalf("%v, %v", as, err)
		}
		return as[0]
	}
	const head = `"id":"1790000000000000009","author_id":"6253282","created_at":"2026-11-26T09:00:00.000Z"`
	a := read(`{"self":"2244994945","post":{` + head + `,"text":"@brewell see https://t.co/x &amp; tell","conversation_id":"1790000000000000001","in_reply_to_user_id":"2244994945","lang":"qme",
		"entities":{"urls":[{"url":"https://t.co/x","expanded_url":"https://a.example/b"}]},"referenced_tweets":[{"type":"replied_to","id":"1790000000000000002"}],"unknown":[1]}}`)
	if a.Text != "@brewell see https://a.example/b & tell" || a.Parent != "1790000000000000002" || a.Root != "1790000000000000001" || !a.Directed || a.Lang != "" || a.Form != social.FormComment {
		t.Errorf("%+v", a)
	}
	a = read(`{"self":"2244994945","post":{` + head + `,"text":"now with coffee","edit_history_tweet_ids":["1790000000000000008","1790000000000000009"]}}`)
	if a.ExternalID != "1790000000000000008" || a.Verb != social.Update || a.Directed {
		t.Errorf("an edit: %+v", a)
	}
	a = read(`{"post":{` + head + `,"text":"short…","note_tweet":{"text":"the whole long text"}}}`)
	if a.Text != "the whole long text" {
		t.Errorf("a long post: %q", a.Text)
	}
	as, err := d.line.Read(channel.Event{Raw: []byte(`{"post":{` + head + `,"text":"RT @a: b","referenced_tweets":[{"type":"retweeted","id":"1"}]}}`)})
	if err != nil || len(as) != 0 {
		t.Errorf("a repost: %v, %v", as, err)
	}
}

func TestSettings(t *testing.T) {
	for field, set := range map[string]channel.Settings{
		"refresh":       {},
		"client_id":     {"refresh": "r"},
		"bearer":        {"rules": "kettle"},
		"rules":         {"bearer": "b", "rules": strings.Repeat("k", 1025)},
		"client_secret": {"client_id": "c", "refresh": "r", "client_secret": "a b"},
		"address":       {"client_id": "c", "refresh": "r", "address": "x"},
	} {
		_, err := Kind().New(set, channel.Env{})
		var e *social.Error
		if !errors.As(err, &e) || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if got := channel.Abilities(openAll(t, ofRules).line); slices.Contains(got, "reply") || !slices.Contains(got, "stream") {
		t.Errorf("%v", got)
	}
	if got := channel.Abilities(openAll(t, ofUs, ofRules).line); !slices.Contains(got, "reply") || !slices.Contains(got, "stream") || !slices.Contains(got, "poll") {
		t.Errorf("%v", got)
	}
}
