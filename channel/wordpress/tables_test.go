package wordpress

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/safe"
	"github.com/parley-crm/parley/social"
)

// recorded is a comment as WordPress 6.1.9 tells a moderator.
const recorded = `{"id":2,"post":4,"parent":0,"author":2,"author_name":"Maya L","author_email":"maya@example.org","author_url":"","author_ip":"127.0.0.1",` +
	`"date":"2026-11-26T12:18:27","date_gmt":"2026-11-26T11:18:27","content":{"rendered":"<p>It leaks &amp; alert(1) <b>drips</b> \ud83d\ude00 1 &lt; 2<\/p>\n","raw":"It leaks &amp; alert(1) <b>drips</b> \ud83d\ude00 1 &lt; 2"},` +
	`"link":"http:\/\/127.0.0.1:18303\/our-new-kettle-co\/#comment-2","status":"approved","type":"comment","author_avatar_urls":{"24":"http:\/\/2.gravatar.com\/avatar\/2?s=24","96":"http:\/\/2.gravatar.com\/avatar\/2?s=96"}}`

const recordedPost = `{"id":4,"date_gmt":"2026-11-26T11:18:27","modified_gmt":"2026-11-27T11:18:27","status":"publish","link":"https:\/\/blog.example\/our-new-kettle-co\/",` +
	`"title":{"rendered":"Our <b>new<\/b> kettle &#038; co"},"content":{"rendered":"<p>It whistles.<\/p>\n<script>alert(1)<\/script><p>At 96 degrees<\/p>\n"},"author":1,` +
	`"_embedded":{"author":[{"id":1,"name":"Brewell","slug":"brewell","link":"https:\/\/blog.example\/author\/brewell\/"}]}}`

func with(base string, pairs ...string) string {
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(base, pairs[i]) {
			panic(pairs[i])
		}
		base = strings.Replace(base, pairs[i], pairs[i+1], 1)
	}
	return base
}

func TestRead(t *testing.T) {
	const head = `"site":"https://blog.example","seen":"2026-11-28T00:00:00Z","self":1,"ours":true`
	comment := func(pairs ...string) string {
		return `{"event":"comment",` + head + `,"payload":` + with(recorded, pairs...) + `}`
	}
	tests := []struct {
		name string
		raw  string
		is   func(a social.Activity) bool
	}{
		{"a comment", comment(), func(a social.Activity) bool {
			return a.ExternalID == "c2" && a.Parent == "p4" && a.Root == "c2" && a.Form == social.FormComment && a.Directed && !a.Own &&
				a.Text == "It leaks & alert(1) drips 😀 1 < 2" && a.Published.Equal(time.Date(2026, 11, 26, 11, 18, 27, 0, time.UTC)) &&
				a.Author.Scheme == "mailto" && a.Author.Value == "maya@example.org" && a.Author.Name == "Maya L" && strings.HasSuffix(a.Author.Avatar, "s=96")
		}},
		{"plain words come as they were written", comment(`"raw":"It leaks &amp; alert(1) <b>drips</b> \ud83d\ude00 1 &lt; 2"`, `"raw":"don't -- \"now\"\r\n\r\n1 &lt; 2"`), func(a social.Activity) bool {
			return a.Text == "don't -- \"now\"\n\n1 < 2"
		}},
		{"without the mail address, by account", comment(`"author_email":"maya@example.org",`, ``), func(a social.Activity) bool {
			return a.Author.Scheme == "url" && a.Author.Value == "https://blog.example/?author=2"
		}},
		{"without an account, by name", comment(`"author_email":"maya@example.org",`, ``, `"author":2`, `"author":0`), func(a social.Activity) bool {
			return a.Author.Value == "https://blog.example#maya%20l"
		}},
		{"nameless", comment(`"author_email":"maya@example.org",`, ``, `"author":2`, `"author":0`, "Maya L", ""), func(a social.Activity) bool {
			return a.Author.Value == "https://blog.example#anonymous" && a.Author.Name == "Anonymous"
		}},
		{"a link that is a trap", comment(`"author_url":""`, `"author_url":"javascript:alert(1)"`), func(a social.Activity) bool { return a.Author.URL == "" }},
		{"our own", comment(`"author":2`, `"author":1`), func(a social.Activity) bool {
			return a.Own && !a.Directed && a.Author.Value == "https://blog.example/?author=1"
		}},
		{"it waits for approval", comment(`"approved"`, `"hold"`), func(a social.Activity) bool {
			return strings.HasPrefix(a.Text, "[Waits for approval]\n\nIt leaks")
		}},
		{"an answer", `{"event":"comment",` + head + `,"root":1,"payload":` + with(recorded, `"parent":0`, `"parent":9`) + `}`, func(a social.Activity) bool {
			return a.Parent == "c9" && a.Root == "c1"
		}},
		{"an answer deep down", comment(`"parent":0`, `"parent":9`), func(a social.Activity) bool { return a.Parent == "c9" && a.Root == "c9" }},
		{"edited", `{"event":"comment",` + head + `,"edition":2,"payload":` + recorded + `}`, func(a social.Activity) bool {
			return a.Verb == social.Update && a.Version == "2026-11-28T00:00:00.000000Z" && a.Published.Day() == 26
		}},
		{"elsewhere nobody means us", with(comment(), `,"ours":true`, ``), func(a social.Activity) bool { return !a.Directed }},
		{"but an answer to us does", with(comment(), `,"ours":true`, `,"asked":true`), func(a social.Activity) bool { return a.Directed }},
		{"a post", `{"event":"post",` + head + `,"payload":` + recordedPost + `}`, func(a social.Activity) bool {
			return a.ExternalID == "p4" && a.Form == social.FormArticle && a.Own && a.Title == "Our new kettle & co" && a.Text == "It whistles.\n\nAt 96 degrees" &&
				a.Author.Name == "Brewell" && a.Version == "2026-11-27T11:18:27.000000Z"
		}},
		{"gone", `{"event":"gone",` + head + `,"id":"c2"}`, func(a social.Activity) bool {
			return a.Verb == social.Delete && a.ExternalID == "c2" && a.Form == social.FormComment
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := (&reader{}).Read(channel.Event{Raw: []byte(tt.raw)})
			if err != nil || len(got) != 1 || !tt.is(got[0]) {
				t.Fatalf("%+v, %v", got, err)
			}
		})
	}
}

func poll(t *testing.T, p channel.Poller, cursor string) ([]social.Activity, channel.Batch) {
	t.Helper()
	b, err := p.Poll(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	var out []social.Activity
	for _, e := range b.Events {
		as, err := p.Read(e)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, as...)
	}
	return out, b
}

// one follows a blog with an account that may moderate, from a clock of ours.
func one(t *testing.T, d *double, s channel.Settings) (channel.Poller, *clock.Set, string) {
	t.Helper()
	c := clock.NewSet(time.Now())
	ch, _ := connect(t, d, c, s)
	_, b := poll(t, ch.(channel.Poller), "")
	return ch.(channel.Poller), c, b.Cursor
}

func ours() channel.Settings { return channel.Settings{"user": user, "password": password} }

func says1(t *testing.T, got []social.Activity, verb social.Verb, id, text string) {
	t.Helper()
	if len(got) != 1 || got[0].Verb != verb || got[0].ExternalID != id || !strings.Contains(got[0].Text, text) {
		t.Fatalf("want %s of %s with %q, got %+v", verb, id, text, got)
	}
}

func TestModeration(t *testing.T) {
	d := newDouble()
	p, _, at := one(t, d, ours())
	id := commentID(d.put(2, 1, 0, "It leaks", "hold").id)
	spam := commentID(d.put(2, 1, 0, "Buy pills", "spam").id)
	got, b := poll(t, p, at)
	says1(t, got, social.Create, id, "[Waits for approval]")
	d.set(id, "approved")
	if got, b = poll(t, p, b.Cursor); len(got) != 1 || got[0].Verb != social.Update || got[0].Text != "It leaks" {
		t.Fatalf("approved: %+v", got)
	}
	got, b = poll(t, p, b.Cursor)
	if len(got) != 0 {
		t.Fatalf("nothing happened: %+v", got)
	}
	d.set(spam, "approved")
	got, b = poll(t, p, b.Cursor)
	says1(t, got, social.Create, spam, "Buy pills")
	d.set(spam, "spam")
	got, _ = poll(t, p, b.Cursor)
	says1(t, got, social.Delete, spam, "")
}

func TestHeldCommentsAreNotAnswered(t *testing.T) {
	d := newDouble()
	ch, _ := connect(t, d, clock.System{}, ours())
	send := func(parent string) error {
		_, err := ch.(channel.Sender).Send(t.Context(), social.Reply{Key: "k", Parent: parent, Text: "Hello.", Visibility: social.Public})
		return err
	}
	tests := []struct {
		name, parent string
		kind         social.Kind
	}{
		{"waits", commentID(d.put(2, 1, 0, "x", "hold").id), social.Forbidden},
		{"in the bin", commentID(d.put(2, 1, 0, "x", "trash").id), social.NotFound},
		{"gone", "c999", social.NotFound},
		{"no such post", "p999", social.Forbidden},
		{"something else", "r17", social.Invalid},
		{"a post", "p1", ""},
	}
	for _, tt := range tests {
		if err := send(tt.parent); social.KindOf(err) != tt.kind {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if n := len(d.ours()); n != 1 {
		t.Errorf("%d comments of ours", n)
	}
	if err := send("p1"); !social.Invalid.Is(err) || len(d.ours()) != 1 {
		t.Errorf("the same words again: %v", err)
	}
}

// An edit and its undoing are three editions with three keys.
func TestEditedBackAndForth(t *testing.T) {
	d := newDouble()
	p, _, at := one(t, d, channel.Settings{})
	id := d.say("one")
	_, b := poll(t, p, at)
	keys := map[string]bool{b.Events[0].Key: true}
	for _, words := range []string{"two", "one", "two"} {
		d.edit(id, words)
		var got []social.Activity
		got, b = poll(t, p, b.Cursor)
		says1(t, got, social.Update, id, words)
		keys[b.Events[0].Key] = true
	}
	if len(keys) != 4 {
		t.Fatalf("keys %v", keys)
	}
}

// What lies before the newest ones is looked at in turn.
func TestOldOnesInTurn(t *testing.T) {
	d := newDouble()
	p, c, at := one(t, d, channel.Settings{})
	old, lost := d.say("it leaks"), d.say("never mind")
	for i := range 300 {
		d.say(fmt.Sprint("more ", i))
	}
	_, b := poll(t, p, at)
	d.edit(old, "it hisses")
	d.remove(lost)
	got, b := poll(t, p, b.Cursor)
	if len(got) != 0 {
		t.Fatalf("heard before its turn: %+v", got)
	}
	var all []social.Activity
	for range 4 {
		c.Add(recheck)
		got, b = poll(t, p, b.Cursor)
		all = append(all, got...)
	}
	if len(all) != 2 || all[0].ExternalID+all[1].ExternalID != old+lost && all[0].ExternalID+all[1].ExternalID != lost+old {
		t.Fatalf("%+v", all)
	}
}

// A comment that is approved late lies before later ones.
func TestApprovedLate(t *testing.T) {
	d := newDouble()
	p, _, at := one(t, d, channel.Settings{"whose": "somebody else’s"})
	id := commentID(d.put(2, 1, 0, "it leaks", "hold").id)
	for i := range 20 {
		d.say(fmt.Sprint("more ", i))
	}
	_, b := poll(t, p, at)
	d.set(id, "approved")
	got, _ := poll(t, p, b.Cursor)
	says1(t, got, social.Create, id, "it leaks")
}

func TestPosts(t *testing.T) {
	d := newDouble()
	p, c, at := one(t, d, channel.Settings{"whose": "somebody else’s"})
	d.mu.Lock()
	id := postID(d.write(1, "News", "We whistle").id)
	d.mu.Unlock()
	got, b := poll(t, p, at)
	says1(t, got, social.Create, id, "We whistle")
	d.edit(id, "We hum")
	got, b = poll(t, p, b.Cursor)
	says1(t, got, social.Update, id, "We hum")
	d.set(id, "draft") // taken back to be mended
	for range 3 {
		if got, b = poll(t, p, b.Cursor); len(got) != 0 {
			t.Fatalf("a draft: %+v", got)
		}
	}
	d.set(id, "publish")
	d.edit(id, "We sing")
	got, b = poll(t, p, b.Cursor)
	says1(t, got, social.Update, id, "We sing")
	d.set(id, "trash")
	if got, b = poll(t, p, b.Cursor); len(got) != 0 {
		t.Fatalf("a stranger cannot tell a bin from a draft: %+v", got)
	}
	d.remove(id)
	c.Add(recheck)
	got, _ = poll(t, p, b.Cursor)
	says1(t, got, social.Delete, id, "")
}

// More comments within one second than a page holds, and more than one look reads.
func TestMany(t *testing.T) {
	d := newDouble()
	p, _, at := one(t, d, channel.Settings{})
	now := d.clock
	for i := range 2500 {
		d.mu.Lock()
		d.add(2, 1, 0, fmt.Sprint("say ", i), "approved", now.Add(time.Duration(i/500)*time.Second))
		d.mu.Unlock()
	}
	heard := map[string]bool{}
	for cursor, more := at, true; more; {
		got, b := poll(t, p, cursor)
		for _, a := range got {
			if heard[a.ExternalID] {
				t.Fatalf("%s twice", a.ExternalID)
			}
			heard[a.ExternalID] = true
		}
		cursor, more = b.Cursor, b.More
	}
	if len(heard) != 2500 {
		t.Fatalf("heard %d", len(heard))
	}
}

func TestThreads(t *testing.T) {
	d := newDouble()
	ch, _ := connect(t, d, clock.System{}, channel.Settings{"whose": "somebody else’s", "user": user, "password": password})
	root := d.put(2, 1, 0, "it leaks", "approved")
	mine := d.put(1, 1, root.id, "where?", "approved")
	for i := range 200 {
		d.say(fmt.Sprint("noise ", i))
	}
	p := ch.(channel.Poller)
	_, b := poll(t, p, "")
	deep := d.put(2, 1, mine.id, "at the bottom", "approved")
	got, _ := poll(t, p, b.Cursor)
	says1(t, got, social.Create, commentID(deep.id), "bottom")
	if a := got[0]; a.Root != commentID(root.id) || a.Parent != commentID(mine.id) || !a.Directed {
		t.Fatalf("%+v", a)
	}
}

// What does not fit into one answer is asked for in parts.
func TestTooLarge(t *testing.T) {
	d := newDouble()
	srv := httptest.NewServer(d)
	defer srv.Close()
	client, err := safe.New(safe.Options{Allow: []string{"127.0.0.1"}, MaxBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	ch, err := Kind().New(channel.Settings{"site": srv.URL}, channel.Env{HTTP: client.HTTP, Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 {
		d.say(fmt.Sprint(strings.Repeat("word ", 40_000), i)) // 1.6 MB together
	}
	d.say(strings.Repeat("flood ", 200_000)) // 1.2 MB alone
	got, _ := poll(t, ch.(channel.Poller), "")
	if len(got) != 10 || !strings.HasPrefix(got[8].Text, "word word") || got[9].Text != "" {
		t.Fatalf("heard %d", len(got))
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		status        int
		code, message string
		kind          social.Kind
		says          string
	}{
		{400, "comment_flood", "You are posting comments too quickly. Slow down.", social.Busy, "too quickly"},
		{409, "comment_duplicate", "Duplicate comment detected", social.Invalid, "twice"},
		{403, "rest_comment_closed", "Sorry, comments are closed for this item.", social.Forbidden, "closed"},
		{401, "rest_comment_login_required", "Sorry, you must be logged in to comment.", social.Unauth, "logged in"},
		{400, "rest_comment_content_invalid", "<b>Invalid</b> comment content.", social.Invalid, "Invalid comment content."},
		{500, "internal_server_error", "<p>There has been a critical error on this website.</p>", social.Unknown, "critical error"},
		{503, "", "", social.Busy, "wait"},
	}
	for _, tt := range tests {
		d := newDouble()
		bad := false
		srv := channeltest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if bad && r.Method == http.MethodPost {
				fail(w, tt.status, tt.code, tt.message)
				return
			}
			d.ServeHTTP(w, r)
		}))
		ch, err := Kind().New(channel.Settings{"site": srv.URL, "user": user, "password": password}, srv.Env(clock.System{}))
		if err != nil {
			t.Fatal(err)
		}
		bad = true
		_, err = ch.(channel.Sender).Send(t.Context(), social.Reply{Key: "k", Parent: "p1", Text: "Hello.", Visibility: social.Public})
		if !tt.kind.Is(err) || !strings.Contains(err.Error(), tt.says) || strings.ContainsAny(err.Error(), "<>") {
			t.Errorf("%s: %v", tt.code, err)
		}
	}
}

func TestDeafServer(t *testing.T) {
	d := newDouble()
	d.deaf = true
	ch, _ := connect(t, d, clock.System{}, ours())
	_, err := ch.(channel.Poller).Poll(t.Context(), "")
	if !social.Unauth.Is(err) || !strings.Contains(err.Error(), "Authorization header") {
		t.Fatal(err)
	}
}

func TestNoWordPress(t *testing.T) {
	tests := []struct {
		name string
		h    http.HandlerFunc
		kind social.Kind
	}{
		{"nothing there", http.NotFound, social.Invalid},
		{"another site", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hello</html>") }, social.Busy},
		{"other JSON", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"namespaces":["x"]}`) }, social.Invalid},
		{"closed", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, social.Forbidden},
	}
	for _, tt := range tests {
		srv := channeltest.Serve(t, tt.h)
		ch, err := Kind().New(channel.Settings{"site": srv.URL}, srv.Env(clock.System{}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = ch.(channel.Poller).Poll(t.Context(), ""); !tt.kind.Is(err) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestHeadline(t *testing.T) {
	long := strings.Repeat("kettle ", 30)
	tests := []struct{ name, text, title, body string }{
		{"one line", "We have news.", "We have news.", "We have news."},
		{"title and text", "News\n\nWe whistle.\nAt 96.", "News", "We whistle.\nAt 96."},
		{"one long line", long, strings.TrimSpace(strings.Repeat("kettle ", 11)) + "…", strings.TrimSpace(long)},
		{"one long word", strings.Repeat("x", 200), strings.Repeat("x", 80) + "…", strings.Repeat("x", 200)},
		{"nothing", " \n ", "", ""},
	}
	for _, tt := range tests {
		if title, body := headline(tt.text); title != tt.title || body != tt.body {
			t.Errorf("%s: %q, %q", tt.name, title, body)
		}
	}
}

func TestGist(t *testing.T) {
	for _, p := range [][2]string{
		{"don't -- \"wait\" 3x4 :)", "don’t — “wait” 3×4 🙂"}, {"Grüße 😀", "grüße"}, {"…", "… "},
	} {
		if gist(p[0]) != gist(p[1]) {
			t.Errorf("%q and %q differ", p[0], p[1])
		}
	}
	if gist("We are looking.") == gist("We are looking into it.") || gist("😀") == gist("😡") {
		t.Error("different words are the same")
	}
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name  string
		s     channel.Settings
		field string // "" means it opens
	}{
		{"a host", channel.Settings{"site": "blog.example"}, ""},
		{"the administration’s address", channel.Settings{"site": "https://blog.example/sub/wp-admin/profile.php", "user": "u", "password": "abcd efgh", "every": "5"}, ""},
		{"no site", channel.Settings{}, "site"},
		{"a strange site", channel.Settings{"site": "ftp://x"}, "site"},
		{"a password in the address", channel.Settings{"site": "https://me:pw@x.example"}, "site"},
		{"no user", channel.Settings{"site": "x.example", "password": "p"}, "user"},
		{"no password", channel.Settings{"site": "x.example", "user": "u"}, "password"},
		{"a colon", channel.Settings{"site": "x.example", "user": "a:b", "password": "p"}, "user"},
		{"whose?", channel.Settings{"site": "x.example", "whose": "nobody’s"}, "whose"},
		{"too often", channel.Settings{"site": "x.example", "every": "0"}, "every"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ch, err := Kind().New(tt.s, channel.Env{})
			if tt.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				if a, ok := ch.(*account); ok && (a.site.String() != "https://blog.example/sub" || a.Interval() != 5*time.Minute || a.password != "abcdefgh") {
					t.Fatalf("%+v", a.reader)
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
