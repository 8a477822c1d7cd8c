package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// commit is an event in Jetstream's documented shape around a record.
func commit(record string) string {
	return `{"did":"` + maya + `","time_us":1782900000123456,"kind":"commit","commit":{"rev":"3l3qo2vutsw2b","operation":"create","collection":"app.bsky.feed.post","rkey":"3l3qo2vuowo2b","record":` + record + `,"cid":"bafyreidwaivazkwu67xztlmuobx35hs2lnfh3kolmgfmucldvhd3sgzcqi"}}`
}

func TestRead(t *testing.T) {
	l := &listener{}
	read := func(t *testing.T, raw string) []social.Activity {
		t.Helper()
		e, ok := event([]byte(raw), brand)
		if !ok {
			return nil
		}
		as, err := l.Read(e)
		if err != nil {
			t.Fatal(err)
		}
		return as
	}
	t.Run("everything", func(t *testing.T) {
		raw := commit(`{"$type":"app.bsky.feed.post","createdAt":"2026-07-01T10:00:00.101Z","langs":["de","en"],
			"text":"Grüße @brand.test, brand.example/kessel-un... leckt #kessel",
			"facets":[{"index":{"byteStart":8,"byteEnd":19},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"` + brand + `"}]},
			          {"index":{"byteStart":21,"byteEnd":47},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://brand.example/kessel-und-deckel"}]}],
			"reply":{"root":{"uri":"at://did:plc:x/app.bsky.feed.post/3aaa","cid":"bafy1"},"parent":{"uri":"at://did:plc:y/app.bsky.feed.post/3bbb","cid":"bafy2"}},
			"embed":{"$type":"app.bsky.embed.images","images":[{"alt":"Ein Kessel in einer Pfütze","image":{"$type":"blob","ref":{"$link":"bafk"},"mimeType":"image/jpeg","size":1},"aspectRatio":{"width":1,"height":1}}]}}`)
		want := social.Activity{
			ExternalID: "at://" + maya + "/app.bsky.feed.post/3l3qo2vuowo2b", Verb: social.Create, Form: social.FormComment,
			Author: social.Author{Scheme: "did", Value: maya, URL: "https://bsky.app/profile/" + maya},
			Text:   "Grüße @brand.test, https://brand.example/kessel-und-deckel leckt #kessel\n\n[Ein Kessel in einer Pfütze]",
			Lang:   "de", URL: "https://bsky.app/profile/" + maya + "/post/3l3qo2vuowo2b",
			Parent: "at://did:plc:y/app.bsky.feed.post/3bbb", Root: "at://did:plc:x/app.bsky.feed.post/3aaa",
			Visibility: social.Public, Directed: true, Published: time.Date(2026, 7, 1, 10, 0, 0, 101e6, time.UTC), Version: "3l3qo2vutsw2b",
		}
		if got := read(t, raw); len(got) != 1 || got[0] != want {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
	ref := func(did string) string {
		return `{"uri":"at://` + did + `/app.bsky.feed.post/3a","cid":"b"}`
	}
	now := `"createdAt":"2026-07-01T10:00:00Z"`
	tests := []struct {
		name string
		raw  string
		is   func(a social.Activity) bool
	}{
		{"about us only", commit(`{"text":"brand.test is what I use",` + now + `}`), func(a social.Activity) bool { return !a.Directed && a.Form == social.FormPost && a.Lang == "" }},
		{"answers us", commit(`{"text":"ok",` + now + `,"reply":{"root":` + ref(maya) + `,"parent":` + ref(brand) + `}}`), func(a social.Activity) bool { return a.Directed }},
		{"answers another in our thread", commit(`{"text":"ok",` + now + `,"reply":{"root":` + ref(brand) + `,"parent":` + ref(maya) + `}}`), func(a social.Activity) bool { return !a.Directed }},
		{"quotes us", commit(`{"text":"look",` + now + `,"embed":{"$type":"app.bsky.embed.record","record":` + ref(brand) + `}}`), func(a social.Activity) bool { return a.Directed }},
		{"quotes us with a picture", commit(`{"text":"look",` + now + `,"embed":{"$type":"app.bsky.embed.recordWithMedia","record":{"record":` + ref(brand) + `},"media":{"$type":"app.bsky.embed.images","images":[{"alt":"steam"}]}}}`), func(a social.Activity) bool {
			return a.Directed && a.Text == "look\n\n[steam]"
		}},
		{"a linked page", commit(`{"text":"read this",` + now + `,"embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://news.example/1","title":"Kettles recalled","description":"x"}}}`), func(a social.Activity) bool {
			return a.Text == "read this\n\n[Kettles recalled]\n\nhttps://news.example/1"
		}},
		{"our own", strings.Replace(commit(`{"text":"hello",`+now+`,"reply":{"root":`+ref(brand)+`,"parent":`+ref(brand)+`}}`), maya, brand, 1), func(a social.Activity) bool { return a.Own && !a.Directed }},
		{"from the future", commit(`{"text":"x","createdAt":"2099-01-01T00:00:00Z"}`), func(a social.Activity) bool { return a.Published.Year() == 2026 }},
		{"without a proper time", commit(`{"text":"x","createdAt":"yesterday"}`), func(a social.Activity) bool { return a.Published.Equal(time.UnixMicro(1782900000123456)) }},
		{"marks that overlap or lie", commit(`{"text":"ab…",` + now + `,"facets":[{"index":{"byteStart":-5,"byteEnd":99},"features":[{"$type":"#link","uri":"https://x"}]},{"index":{"byteStart":3,"byteEnd":2},"features":[]}]}`), func(a social.Activity) bool { return a.Text == "ab…" }},
		{"nothing but a picture", commit(`{"text":"",` + now + `,"embed":{"$type":"app.bsky.embed.video","alt":"a kettle boils"}}`), func(a social.Activity) bool { return a.Text == "[a kettle boils]" }},
		{"deleted", `{"did":"` + maya + `","time_us":1782900000123456,"kind":"commit","commit":{"rev":"3l","operation":"delete","collection":"app.bsky.feed.post","rkey":"3l3qo2vuowo2b"}}`, func(a social.Activity) bool {
			return a.Verb == social.Delete && a.Author.Value == maya && a.Text == ""
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(t, tt.raw)
			if len(got) != 1 || !tt.is(got[0]) {
				t.Fatalf("%+v", got)
			}
		})
	}
	for _, raw := range []string{
		`{"did":"` + maya + `","time_us":1,"kind":"identity","identity":{"did":"` + maya + `","handle":"x.test"}}`,
		`{"did":"` + maya + `","time_us":1,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.like","rkey":"3l","record":{}}}`,
	} {
		if got := read(t, raw); len(got) != 0 {
			t.Errorf("%s gave %+v", raw, got)
		}
	}
}

func TestKeysDoNotDependOnTheStream(t *testing.T) {
	raw := commit(`{"text":"x"}`)
	a, _ := event([]byte(raw), "")
	b, _ := event([]byte(strings.Replace(raw, "1782900000123456", "1782900009999999", 1)), "")
	c, _ := event([]byte(strings.Replace(raw, "bafyreid", "bafyreie", 1)), "")
	if a.Key != b.Key || a.Key == c.Key || a.Cursor == b.Cursor {
		t.Fatalf("%q %q %q", a.Key, b.Key, c.Key)
	}
}

func TestRecordKeys(t *testing.T) {
	seen := map[string]string{}
	before := time.Now().UnixMilli()
	u := id.New()
	keys := []string{u, "reply-1", "reply-2", "", strings.Repeat("long", 1000), "ключ"}
	for range 2000 {
		keys = append(keys, id.New())
	}
	for _, k := range keys {
		r := rkey(k)
		if !tids.MatchString(r) || r != rkey(k) {
			t.Fatalf("%q gives %q", k, r)
		}
		if other, ok := seen[r]; ok {
			t.Fatalf("%q and %q give %q", k, other, r)
		}
		seen[r] = k
	}
	// The time of a UUIDv7 is the time of the record.
	v := int64(0)
	for _, c := range rkey(u) {
		v = v<<5 | int64(strings.IndexRune(alphabet, c))
	}
	if ms := v >> 10 / 1000; ms < before-60_000 || ms > before+60_000 {
		t.Fatalf("the time is %d, it was %d", ms, before)
	}
	if tid(1_700_000_000_000_000, 0) >= tid(1_700_000_000_000_001, 0) {
		t.Error("later is not behind")
	}
}

func TestFacets(t *testing.T) {
	d := newDouble(t)
	ch, _ := connect(t, d, channel.Settings{})
	tests := []struct {
		name string
		text string
		want string // "text=feature …"
	}{
		{"none", "just words", ""},
		{"a link behind umlauts", "Grüße: https://brand.example/ä?b=c.", "https://brand.example/ä?b=c=link"},
		{"a link in brackets", "(see https://x.example/a_(b))", "https://x.example/a_(b)=link"},
		{"a name", "Hi @maya.test, thanks", "@maya.test=" + maya},
		{"a name that nobody bears", "Hi @nobody.test", ""},
		{"a mail address", "me@maya.test", ""},
		{"a name at the end", "ask @Maya.test.", "@Maya.test=" + maya},
		{"hashtags", "#tea and #kettle_2, not #1", "#tea=tea #kettle_2=kettle_2"},
		{"a hash in a link", "https://x.example/#tea", "https://x.example/#tea=link"},
		{"all", "@maya.test https://x.example #tea", "@maya.test=" + maya + " https://x.example=link #tea=tea"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fs, err := ch.(*listener).facets(t.Context(), tt.text)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range fs {
				x := f.Features[0]
				v := x.DID + x.Tag
				if x.URI != "" {
					v = "link"
					if x.URI != tt.text[f.Index.Start:f.Index.End] {
						t.Errorf("leads to %q", x.URI)
					}
				}
				got = append(got, tt.text[f.Index.Start:f.Index.End]+"="+v)
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Fatalf("got %q, want %q", s, tt.want)
			}
		})
	}
}

// tell sends one reply and fails if that fails.
func tell(t *testing.T, ch channel.Channel, parent, key, text string) channel.Receipt {
	t.Helper()
	r, err := ch.(channel.Sender).Send(t.Context(), social.Reply{Key: key, Parent: parent, Text: text, Lang: "en", Visibility: social.Public})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReplyNamesParentAndRoot(t *testing.T) {
	d := newDouble(t)
	ch, _ := connect(t, d, channel.Settings{"handle": "brand.test", "password": pw})
	root := d.say("it leaks")
	rootRef := wireRef{root, d.records[root].cid}
	mid := d.post(maya, "really", &wireReply{Root: rootRef, Parent: rootRef})
	r := tell(t, ch, mid, "k1", "We see.")
	var p wirePost
	if err := json.Unmarshal(d.records[r.ExternalID].value, &p); err != nil {
		t.Fatal(err)
	}
	if p.Reply == nil || p.Reply.Root != rootRef || p.Reply.Parent.URI != mid || p.Reply.Parent.CID != d.records[mid].cid || p.Langs[0] != "en" || p.Type != posts {
		t.Fatalf("%+v", p)
	}
	if !strings.HasPrefix(r.URL, "https://bsky.app/profile/"+brand+"/post/") {
		t.Errorf("URL %q", r.URL)
	}
	d.remove(root)
	_, err := ch.(channel.Sender).Send(t.Context(), social.Reply{Key: "k2", Parent: root, Text: "x", Visibility: social.Public})
	if !social.NotFound.Is(err) {
		t.Fatalf("to what is gone: %v", err)
	}
}

func TestSessionIsKeptAndRenewed(t *testing.T) {
	d := newDouble(t)
	ch, _ := connect(t, d, channel.Settings{"handle": "brand.test", "password": pw})
	post := d.say("hello")
	tell(t, ch, post, "k1", "one")
	tell(t, ch, post, "k2", "two")
	if d.tokens != 1 {
		t.Fatalf("%d sessions for two replies", d.tokens)
	}
	d.mu.Lock()
	d.expired = true
	d.mu.Unlock()
	tell(t, ch, post, "k3", "three")
	if d.tokens != 2 {
		t.Fatalf("%d sessions after one ran out", d.tokens)
	}
	d.mu.Lock()
	d.expired, d.refresh = true, "another"
	d.mu.Unlock()
	tell(t, ch, post, "k4", "four") // by the password
	if n := len(d.records); n != 5 {
		t.Fatalf("%d records", n)
	}
	bad, _ := connect(t, d, channel.Settings{"handle": "brand.test", "password": "wrong"})
	if _, err := bad.(channel.Profiler).Self(t.Context()); !social.Unauth.Is(err) {
		t.Fatalf("with the wrong password: %v", err)
	}
}

func TestProfileWithoutPublicAPI(t *testing.T) {
	d := newDouble(t)
	d.bare = true
	ch, _ := connect(t, d, channel.Settings{})
	p := ch.(channel.Profiler)
	got, err := p.Profile(t.Context(), social.Author{Scheme: "did", Value: maya})
	if err != nil || got.Handle != "maya.test" {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, v := range []string{"did:plc:nobody", "maya.test", "did:web:127.0.0.1%3A1"} {
		if _, err := p.Profile(t.Context(), social.Author{Scheme: "did", Value: v}); err == nil {
			t.Errorf("%s has a profile", v)
		}
	}
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name  string
		s     channel.Settings
		field string // "" means it opens
	}{
		{"nothing", channel.Settings{}, ""},
		{"a handle", channel.Settings{"handle": "@Brand.bsky.social"}, ""},
		{"an account", channel.Settings{"handle": "brand.test", "password": "x"}, ""},
		{"a password alone", channel.Settings{"password": "x"}, "handle"},
		{"no handle", channel.Settings{"handle": "brand"}, "handle"},
		{"a stream of another sort", channel.Settings{"jetstream": "ftp://x"}, "jetstream"},
		{"a service over a socket", channel.Settings{"service": "wss://x"}, "service"},
		{"a secret in an address", channel.Settings{"plc": "https://a:b@x"}, "plc"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Kind().New(tt.s, channel.Env{})
			if tt.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e, ok := err.(*social.Error)
			if !ok || e.Kind != social.Invalid || e.Field != tt.field {
				t.Fatalf("got %v", err)
			}
		})
	}
}

// Jetstream may leave out an event while it goes over from replay to live.
func TestNothingIsLostBetweenReplayAndLive(t *testing.T) {
	d := newDouble(t)
	ch, _ := connect(t, d, channel.Settings{})
	d.say("long before")
	d.mu.Lock()
	d.us += 60_000_000
	d.mu.Unlock()
	before := d.say("before")
	cursor := strconv.FormatInt(d.us, 10)
	d.lossy = 1
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var lost, after string
	heard := map[string]string{}
	enough := errors.New("enough")
	err := ch.(channel.Streamer).Stream(ctx, cursor, func(e channel.Event) error {
		as, err := ch.Read(e)
		if err != nil {
			return err
		}
		if as[0].ExternalID == before && lost == "" {
			lost, after = d.say("at the wrong moment"), d.say("after")
		}
		heard[as[0].ExternalID] = e.Cursor
		if _, ok := heard[lost]; ok && heard[after] != "" {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) {
		t.Fatalf("%v; heard %v", err, heard)
	}
	if heard[lost] != "" {
		t.Errorf("what comes late moves the cursor to %s", heard[lost])
	}
}
