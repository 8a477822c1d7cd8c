package mastodon

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// A status in the shape of https://docs.joinmastodon.org/entities/Status/,
// with the fields that we do not read as well.
const recorded = `{
 "id":"103270115826048975","created_at":"2026-12-08T03:48:33.901Z","in_reply_to_id":null,"in_reply_to_account_id":null,
 "sensitive":false,"spoiler_text":"","visibility":"public","language":"de","uri":"https://other.example/users/maya/statuses/103270115826048975",
 "url":"https://other.example/@maya/103270115826048975","replies_count":5,"reblogs_count":6,"favourites_count":11,"edited_at":null,
 "favourited":false,"reblogged":false,"muted":false,"bookmarked":false,
 "content":"<p><span class=\"h-card\" translate=\"no\"><a href=\"https://social.example/@brand\" class=\"u-url mention\">@<span>brand</span></a></span> Der Kessel &amp; der Deckel:<br>undicht!</p><p>Siehe <a href=\"https://pics.example/kessel-undicht\" rel=\"nofollow\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">pics.example/kess</span><span class=\"invisible\">el-undicht</span></a></p>",
 "reblog":null,"application":{"name":"Web","website":null},
 "account":{"id":"14715","username":"maya","acct":"maya@other.example","display_name":"Maya ☕","locked":false,"bot":false,"discoverable":true,"group":false,"created_at":"2016-11-24T10:02:12.085Z","note":"<p>x</p>","url":"https://other.example/@maya","avatar":"https://files.example/m.png","avatar_static":"https://files.example/m.png","header":"","header_static":"","followers_count":320,"following_count":453,"statuses_count":61163,"last_status_at":"2026-12-05","emojis":[],"fields":[]},
 "media_attachments":[{"id":"1","type":"image","url":"https://files.example/k.jpg","description":"Ein Kessel in einer Pfütze"}],
 "mentions":[{"id":"1","username":"brand","url":"https://social.example/@brand","acct":"brand"}],"tags":[],"emojis":[],"card":null,"poll":null}`

func with(changes ...string) string {
	var m map[string]any
	if err := json.Unmarshal([]byte(recorded), &m); err != nil {
		panic(err)
	}
	for i := 0; i < len(changes); i += 2 {
		var v any
		if err := json.Unmarshal([]byte(changes[i+1]), &v); err != nil {
			panic(err)
		}
		m[changes[i]] = v
	}
	b, _ := json.Marshal(m)
	return string(b)
}

func TestRead(t *testing.T) {
	me := &about{self: wireAccount{ID: "1"}, host: "social.example"}
	l := &listener{}
	read := func(t *testing.T, raw, root string) []social.Activity {
		t.Helper()
		e, err := me.event(json.RawMessage(raw), root)
		if err != nil {
			t.Fatal(err)
		}
		as, err := l.Read(e)
		if err != nil {
			t.Fatal(err)
		}
		return as
	}
	t.Run("everything", func(t *testing.T) {
		want := social.Activity{
			ExternalID: "103270115826048975", Verb: social.Create, Form: social.FormPost,
			Author: social.Author{Scheme: "acct", Value: "maya@other.example", Handle: "maya@other.example", Name: "Maya ☕", URL: "https://other.example/@maya", Avatar: "https://files.example/m.png", Followers: 320},
			Text:   "@brand Der Kessel & der Deckel:\nundicht!\n\nSiehe https://pics.example/kessel-undicht\n\n[Ein Kessel in einer Pfütze]",
			Lang:   "de", URL: "https://other.example/@maya/103270115826048975", Visibility: social.Public, Directed: true,
			Reach: 320, Likes: 11, Shares: 6, Published: time.Date(2026, 12, 8, 3, 48, 33, 901e6, time.UTC), Version: "2026-12-08T03:48:33.901000Z",
		}
		if got := read(t, recorded, ""); len(got) != 1 || got[0] != want {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	})
	tests := []struct {
		name string
		raw  string
		root string
		is   func(a social.Activity) bool
	}{
		{"a stranger to us", with("mentions", "[]"), "", func(a social.Activity) bool { return !a.Directed && !a.Own }},
		{"an answer to us", with("mentions", "[]", "in_reply_to_id", `"7"`, "in_reply_to_account_id", `"1"`), "", func(a social.Activity) bool {
			return a.Directed && a.Form == social.FormComment && a.Parent == "7" && a.Thread() == "7"
		}},
		{"an answer in a thread", with("in_reply_to_id", `"7"`), "3", func(a social.Activity) bool { return a.Parent == "7" && a.Root == "3" }},
		{"our own", with("account", `{"id":"1","acct":"brand"}`), "", func(a social.Activity) bool {
			return a.Own && !a.Directed && a.Author.Value == "brand@social.example"
		}},
		{"a direct message", with("visibility", `"direct"`, "mentions", "[]"), "", func(a social.Activity) bool {
			return a.Directed && a.Form == social.FormDirect && a.Visibility == social.Direct
		}},
		{"for followers", with("visibility", `"private"`, "mentions", "[]"), "", func(a social.Activity) bool {
			return !a.Directed && a.Form == social.FormPost && a.Visibility == social.Direct
		}},
		{"unlisted", with("visibility", `"unlisted"`), "", func(a social.Activity) bool { return a.Visibility == social.Public }},
		{"a warning", with("spoiler_text", `"water damage"`), "", func(a social.Activity) bool { return strings.HasPrefix(a.Text, "water damage\n\n@brand") }},
		{"edited", with("edited_at", `"2026-12-09T00:00:00.000Z"`), "", func(a social.Activity) bool {
			return a.Verb == social.Update && a.Version == "2026-12-09T00:00:00.000000Z" && a.Published.Day() == 8
		}},
		{"no URL", with("url", "null"), "", func(a social.Activity) bool { return strings.HasPrefix(a.URL, "https://other.example/users/") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read(t, tt.raw, tt.root)
			if len(got) != 1 || !tt.is(got[0]) {
				t.Fatalf("%+v", got)
			}
		})
	}
	if got := read(t, with("reblog", recorded), ""); len(got) != 0 {
		t.Errorf("a boost gave %+v", got)
	}
}

func TestKeys(t *testing.T) {
	me := &about{}
	key := func(raw string) string {
		e, err := me.event(json.RawMessage(raw), "")
		if err != nil {
			t.Fatal(err)
		}
		return e.Key
	}
	if key(recorded) != key(with("favourites_count", "12")) {
		t.Error("another count makes another key")
	}
	if key(recorded) == key(with("edited_at", `"2026-12-09T00:00:00.000Z"`)) {
		t.Error("an edit has the key of what it edits")
	}
	if key(`{"content":"x"}`) == key(`{"content":"y"}`) || key(`{"content":"x"}`) == "" {
		t.Error("what has no id needs a key of its own")
	}
}

func TestAddressed(t *testing.T) {
	a := &about{host: "social.example"}
	far := social.Author{Scheme: "acct", Value: "maya@other.example", Handle: "Maya@other.example"}
	near := social.Author{Scheme: "acct", Value: "tom@social.example", Handle: "tom@social.example"}
	tests := []struct {
		name  string
		words string
		to    social.Author
		want  string
	}{
		{"far", "Hello.", far, "@Maya@other.example Hello."},
		{"near", "Hello.", near, "@tom Hello."},
		{"named already", "@maya@other.example hello", far, "@maya@other.example hello"},
		{"named in the middle", "Hello @tom, hello", near, "Hello @tom, hello"},
		{"named at the end of a sentence", "We answered @tom.", near, "We answered @tom."},
		{"named in full", "Hello @tom@social.example", near, "Hello @tom@social.example"},
		{"somebody like them", "@tommy said so", near, "@tom @tommy said so"},
		{"somebody of another house", "@tom@elsewhere.example said so", near, "@tom @tom@elsewhere.example said so"},
		{"nobody", "Hello.", social.Author{}, "Hello."},
	}
	for _, tt := range tests {
		if got := a.addressed(tt.words, tt.to); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWeigh(t *testing.T) {
	loose, strict := &about{link: 23}, &about{strict: true}
	link := "https://brand.example/" + strings.Repeat("x", 100)
	tests := []struct {
		name          string
		text          string
		loose, strict int
	}{
		{"letters", "abc", 3, 3},
		{"a family is one", "👨‍👩‍👧", 1, 5},
		{"a link", link, 23, 122},
		{"a short link counts as a long one", "http://a.bc", 23, 11},
		{"a full stop behind a link", "See " + link + ".", 28, 127},
		{"no link", "https://localhost/abc", 21, 21},
		{"a name", "@maya@other.example hi", 8, 22},
		{"a name of our own", "@maya hi", 8, 8},
		{"a mail address is no name", "me@other.example", 16, 16},
	}
	for _, tt := range tests {
		if got := loose.weigh(tt.text); got != tt.loose {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.loose)
		}
		if got := strict.weigh(tt.text); got != tt.strict {
			t.Errorf("%s, strictly: %d, want %d", tt.name, got, tt.strict)
		}
	}
}

func TestGist(t *testing.T) {
	same := [][2]string{
		{"Hello & welcome", "@maya Hello & welcome"},
		{"Hello & welcome", "@maya @tom  hello &\nwelcome!"},
		{"Ask @tom@social.example for it", "@maya Ask @tom for it"},
		{"Grüße 😀", "grüße 😀"},
	}
	for _, p := range same {
		if gist(p[0]) != gist(p[1]) {
			t.Errorf("%q and %q differ", p[0], p[1])
		}
	}
	if gist("We are looking.") == gist("We are looking into it.") || gist("1 day") == gist("2 days") {
		t.Error("different words are the same")
	}
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name  string
		s     channel.Settings
		field string // "" means it opens
	}{
		{"a host", channel.Settings{"server": "social.example", "token": "x"}, ""},
		{"an address", channel.Settings{"server": "https://social.example/", "token": "x", "home": "yes", "public": "all", "tags": "#a\nb"}, ""},
		{"only tags", channel.Settings{"server": "social.example", "tags": "kettle"}, ""},
		{"nothing to hear", channel.Settings{"server": "social.example"}, "token"},
		{"no server", channel.Settings{"token": "x"}, "server"},
		{"a strange server", channel.Settings{"server": "ftp://x", "token": "x"}, "server"},
		{"a secret in the address", channel.Settings{"server": "https://me:pw@x", "token": "x"}, "server"},
		{"home without token", channel.Settings{"server": "x", "home": "yes"}, "home"},
		{"an unknown timeline", channel.Settings{"server": "x", "public": "some", "token": "x"}, "public"},
		{"a tag that is a path", channel.Settings{"server": "x", "tags": "a/b"}, "tags"},
		{"a token with a line break", channel.Settings{"server": "x", "token": "a\nb"}, "token"},
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

func TestThreadsKeepTheirRoot(t *testing.T) {
	d := newDouble(t)
	ch, _ := connect(t, d, channel.Settings{"token": token})
	p := ch.(channel.Poller)
	b, err := p.Poll(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	root := d.say("@brand it leaks")
	ours := d.post("brand", "@maya where?", root.ID, "public")
	last := d.post("maya", "@brand at the bottom", ours.ID, "public")
	if b, err = p.Poll(t.Context(), b.Cursor); err != nil || len(b.Events) != 2 {
		t.Fatalf("%+v, %v", b, err)
	}
	as, err := ch.Read(b.Events[1])
	if err != nil || as[0].ExternalID != last.ID || as[0].Parent != ours.ID || as[0].Root != root.ID {
		t.Fatalf("%+v, %v", as, err)
	}
	for _, ua := range d.seen {
		if !strings.HasPrefix(ua, "Parley") {
			t.Fatalf("asked as %q", ua)
		}
	}
}

func TestRewound(t *testing.T) {
	tests := []struct{ name, id, want string }{
		{"a number of Mastodon's", "115000000000000000", "114999999803392000"},
		{"a small number", "4711", "4711"},
		{"a ULID", "01JNN207W98SGG3CBJ76R5MVDN", "01JNN204YH8SGG3CBJ76R5MVDN"},
		{"something of 26 letters", "not-a-ulid-but-as-long-as1", "not-a-ulid-but-as-long-as1"},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		if got := rewound(tt.id); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A server may show an id after a greater one: what comes late is heard.
func TestLateIDs(t *testing.T) {
	d := newDouble(t)
	ch, _ := connect(t, d, channel.Settings{"token": token})
	p := ch.(channel.Poller)
	d.say("@brand before")
	b, err := p.Poll(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	d.next++ // an id that is given now and shown later
	hidden := d.next
	d.say("@brand after")
	if b, err = p.Poll(t.Context(), b.Cursor); err != nil {
		t.Fatal(err)
	}
	place := b.Cursor
	now := d.next
	d.next = hidden - 1
	late := d.say("@brand between")
	d.next = now + 1
	d.notes[len(d.notes)-1].ID = d.notes[len(d.notes)-2].ID[:len(d.notes[0].ID)-1] + "0"
	if b, err = p.Poll(t.Context(), b.Cursor); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range b.Events {
		found = found || e.Key == late.ID
	}
	if !found || b.Cursor != place {
		t.Fatalf("found %v, cursor %s, was %s", found, b.Cursor, place)
	}
}

func TestEditsThatNobodyTells(t *testing.T) {
	d := newDouble(t)
	srv := channeltest.Serve(t, d)
	c := clock.NewSet(time.Now())
	ch, err := Kind().New(channel.Settings{"server": srv.URL, "token": token}, srv.Env(c))
	if err != nil {
		t.Fatal(err)
	}
	p := ch.(channel.Poller)
	id := d.say("@brand it leaks").ID
	d.next += 100_000 // long enough ago that it is not read again anyway
	d.say("@brand me too")
	b, err := p.Poll(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	d.edit(id, "@brand it hisses")
	edit := func() (out []social.Activity) {
		if b, err = p.Poll(t.Context(), b.Cursor); err != nil {
			t.Fatal(err)
		}
		for _, e := range b.Events {
			as, err := ch.Read(e)
			if err != nil {
				t.Fatal(err)
			}
			if as[0].Verb == social.Update {
				out = append(out, as...)
			}
		}
		return out
	}
	c.Add(11 * time.Minute)
	if got := edit(); len(got) == 0 || got[0].ExternalID != id || !strings.Contains(got[0].Text, "hisses") {
		t.Fatalf("%+v", got)
	}
}

func TestOtherNotificationsArePassedOver(t *testing.T) {
	l := &listener{}
	for _, raw := range []string{`{"id":"7","type":"follow"}`, `{"id":"7","type":"favourite","status":` + recorded + `}`} {
		h, err := l.wrap(t.Context(), &about{}, source{name: "n"}, json.RawMessage(raw))
		if err != nil || h.Key != "" || h.id != "7" {
			t.Errorf("%+v, %v", h, err)
		}
	}
}

// TestWhatAProfileTells: of the fields of a profile, in the shape of
// https://docs.joinmastodon.org/entities/Account/, what leads elsewhere is told,
// and whether the page there leads back.
func TestWhatAProfileTells(t *testing.T) {
	const site = `{"name":"Website","value":"<a href=\"https://maya.example\" target=\"_blank\" rel=\"nofollow noopener noreferrer me\"><span class=\"invisible\">https://</span><span class=\"\">maya.example</span><span class=\"invisible\"></span></a>","verified_at":"2026-08-29T04:14:55.571+00:00"}`
	const other = `{"name":"Also","value":"<span class=\"h-card\" translate=\"no\"><a href=\"https://tea.example/@maya\" class=\"u-url mention\">@<span>maya</span></a></span>","verified_at":null}`
	for _, tt := range []struct{ name, note, fields, want string }{
		{"a page that leads back", "", "[" + site + "]", "Website\thttps://maya.example\tback"},
		{"an account that is named", "", "[" + other + "]", "Also\t@maya https://tea.example/@maya"},
		{"what leads nowhere", "<p>Tea, kettles &amp; cats</p>", `[{"name":"Favourite","value":"Sencha"},{"name":"Pronouns","value":"she/her"}]`, ""},
		{"an address in the description", "<p>Tea. Write to <a href=\"mailto:maya@home.test\">maya@home.test</a></p>", "[]", "\tmaya@home.test"},
		{"names without a name, and lines in them", "", `[{"name":"","value":"+49 170 1234567"},{"name":"a\tb\nc","value":"https://x.example"}]`, "-\t+49 170 1234567\na b c\thttps://x.example"},
		{"no fields at all", "", "null", ""},
	} {
		var a wireAccount
		if err := json.Unmarshal([]byte(`{"id":"2","acct":"maya@other.example","fields":`+tt.fields+`}`), &a); err != nil {
			t.Fatal(err)
		}
		a.Note = tt.note
		if got := author(a, "social.example").Links; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	huge := wireAccount{Acct: "a", Note: strings.Repeat("a@b.cd ", 9000)}
	for range 50 {
		huge.Fields = append(huge.Fields, struct {
			Name     string     `json:"name"`
			Value    string     `json:"value"`
			Verified *time.Time `json:"verified_at"`
		}{strings.Repeat("n", 9000), strings.Repeat("https://x.example/", 200), nil})
	}
	if got := len(author(huge, "h").Links); got > 10_000 {
		t.Errorf("a profile tells %d bytes", got)
	}
}
