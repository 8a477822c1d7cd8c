package bluesky

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

func connect(t *testing.T, d *double, s channel.Settings) (channel.Channel, *channeltest.Server) {
	t.Helper()
	srv := channeltest.Serve(t, d)
	srv.Refuse = func(w http.ResponseWriter, r *http.Request, tr channeltest.Trouble) {
		switch {
		case tr == channeltest.Refused:
			no(w, 400, "AccountTakedown", "Account has been taken down")
		case strings.HasSuffix(r.URL.Path, "createSession") || r.URL.Path == "/subscribe":
			no(w, 401, "AuthenticationRequired", "Invalid identifier or password")
		default:
			no(w, 400, "InvalidToken", "Token could not be verified")
		}
	}
	d.home = srv.URL
	for _, f := range []string{"service", "api", "plc"} {
		s[f] = srv.URL
	}
	s["jetstream"] = "ws" + strings.TrimPrefix(srv.URL, "http") + "/subscribe"
	ch, err := Kind().New(s, srv.Env(clock.System{}))
	if err != nil {
		t.Fatal(err)
	}
	return ch, srv
}

func rig(t *testing.T, d *double, s channel.Settings, say string) *channeltest.Rig {
	ch, srv := connect(t, d, s)
	return &channeltest.Rig{
		Channel: ch,
		Say: func(text string) string {
			d.noise()
			return d.say(say + text)
		},
		Share: func() (string, string) {
			of := d.say(say + "worth passing on")
			return d.repost(of), of
		},
		Unshare: d.unrepost,
		Quote: func(words string) (string, string) {
			of := d.say(say + "worth quoting")
			return d.quote(of, words), of
		},
		Attach:  func(text string, files ...channeltest.File) string { return d.attach(say+text, files) },
		Detach:  func(string) { d.mu.Lock(); d.blobs = nil; d.mu.Unlock() },
		Carried: d.carried,
		Fumble:  func() { d.mu.Lock(); d.fumbles = true; d.mu.Unlock() },
		Uploads: func() int { d.mu.Lock(); defer d.mu.Unlock(); return d.given },
		Edit:    func(id, text string) { d.edit(id, say+text) },
		Delete:  d.remove,
		Repeat:  d.repeat,
		Live: func() func() {
			for len(d.live) > 0 {
				<-d.live
			}
			return func() { <-d.live }
		},
		Drop:    d.drop,
		Trouble: srv.Trouble,
		Ours: func() (out []string) {
			d.mu.Lock()
			defer d.mu.Unlock()
			for _, uri := range d.order {
				var p wirePost
				if rec, ok := d.records[uri]; ok && strings.HasPrefix(uri, "at://"+brand+"/"+posts) && json.Unmarshal(rec.value, &p) == nil {
					out = append(out, *p.Text)
				}
			}
			return out
		},
		Below: func(text string) (id, root string) {
			a := ch.(*account)
			_, _ = a.me(t.Context()) // a channel has signed in by the time that it hears
			root = d.post(brand, "Our new kettle", nil)
			ref := wireRef{root, d.records[root].cid}
			return d.post(maya, text, &wireReply{ref, ref}), root
		},
		Stands: func(id string) (there, hidden bool) {
			d.mu.Lock()
			defer d.mu.Unlock()
			_, there = d.records[id]
			for uri, rec := range d.records {
				hidden = hidden || strings.Contains(uri, gates) && strings.Contains(string(rec.value), id)
			}
			return there, hidden
		},
		Likes: func(id string) int {
			d.mu.Lock()
			defer d.mu.Unlock()
			n := 0
			for uri, rec := range d.records {
				var l wireLike
				if strings.Contains(uri, likes) && json.Unmarshal(rec.value, &l) == nil && l.Subject.URI == id {
					n++
				}
			}
			return n
		},
		Malformed: [][]byte{
			[]byte(`{"event":null}`),
			[]byte(`{"event":{"did":"did:plc:x","time_us":1,"kind":"commit"}}`),
			[]byte(`{"event":{"did":"did:plc:x","time_us":1,"kind":"dance"}}`),
			[]byte(`{"event":{"did":"nobody","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"a","record":{"text":"x"}}}}`),
			[]byte(`{"event":{"did":"did:plc:x","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"a/b","record":{"text":"x"}}}}`),
			[]byte(`{"event":{"did":"did:plc:x","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"a","record":{"txt":"x"}}}}`),
			[]byte(`{"event":{"did":"did:plc:x","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"a"}}}`),
		},
		Keyed: true, Rewinds: true,
	}
}

func TestAccount(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		return rig(t, newDouble(t), channel.Settings{"handle": "@brand.test", "password": pw}, "@brand.test ")
	})
}

func TestListener(t *testing.T) {
	channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
		d := newDouble(t)
		d.bare, d.plain = true, true
		r := rig(t, d, channel.Settings{}, "")
		r.Anonymous = true
		return r
	})
}

func TestAbilities(t *testing.T) {
	ch, _ := connect(t, newDouble(t), channel.Settings{})
	if got := channel.Abilities(ch); !slices.Equal(got, []string{"listen", "stream", "metrics", "profile", "files"}) {
		t.Fatalf("without an account: %v", got)
	}
	ch, _ = connect(t, newDouble(t), channel.Settings{"handle": "brand.test", "password": pw})
	if got := channel.Abilities(ch); !slices.Equal(got, []string{"listen", "stream", "reply", "find", "publish", "react", "moderate", "retract", "metrics", "profile", "files"}) {
		t.Fatalf("with an account: %v", got)
	}
}

// TestAGateKeepsItsRules: who may answer stays as it was, and answers that we
// hid before stay hidden; other people's threads are left alone.
func TestAGateKeepsItsRules(t *testing.T) {
	d := newDouble(t)
	ch, _ := connect(t, d, channel.Settings{"handle": "brand.test", "password": pw})
	a := ch.(*account)
	root := d.post(brand, "Our new kettle", nil)
	key := root[strings.LastIndex(root, "/")+1:]
	gate := "at://" + brand + "/" + gates + "/" + key
	d.commit(brand, "create", gates, key, json.RawMessage(`{"$type":"`+gates+`","post":"`+root+`","allow":[{"$type":"app.bsky.feed.threadgate#mentionRule"}],"hiddenReplies":["at://did:plc:x/app.bsky.feed.post/old"],"createdAt":"2026-01-01T00:00:00Z"}`))
	ref := wireRef{root, d.records[root].cid}
	at := channel.Spot{ID: d.post(maya, "cheap pills", &wireReply{ref, ref}), Root: root, Visibility: social.Public}
	for _, on := range []bool{true, false} {
		if err := a.Hide(t.Context(), at, on); err != nil {
			t.Fatal(err)
		}
		got := string(d.records[gate].value)
		if !strings.Contains(got, "mentionRule") || !strings.Contains(got, "/old") || !strings.Contains(got, "2026-01-01") || strings.Contains(got, at.ID) != on {
			t.Fatalf("hidden %v: %s", on, got)
		}
	}
	theirs := d.post(maya, "My thread", nil)
	at = channel.Spot{ID: at.ID, Root: theirs, Visibility: social.Public}
	if hide, remove := a.Moderates(at); hide || remove || !social.Invalid.Is(a.Hide(t.Context(), at, true)) {
		t.Fatal("an answer in somebody else's thread")
	}
	if !social.Invalid.Is(a.Retract(t.Context(), channel.Spot{ID: theirs})) || a.Retracts(channel.Spot{ID: theirs}) {
		t.Fatal("their post, as if it were ours")
	}
}
