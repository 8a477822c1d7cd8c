package mediawiki

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

func TestPlain(t *testing.T) {
	tests := []struct{ name, wiki, want string }{
		{"links", "See [[Kettle|the kettle]], [[:Pot]] and [https://a.example/b?c=d a page] or [https://e.example].", "See the kettle, Pot and a page (https://a.example/b?c=d) or https://e.example."},
		{"bold and italic", "'''Very''' ''hot''", "Very hot"},
		{"templates go", "Hot{{citation needed|date={{now}}}}.", "Hot."},
		{"but names stay", "{{ping|Maya|Tom}} thanks, {{u|Brewell}}", "@Maya @Tom thanks, @Brewell"},
		{"a template that never ends", "a {{b", "a {{b"},
		{"a link that never ends", "a [[b", "a [[b"},
		{"pictures go, captions too", "A [[File:K.jpg|thumb|a [[kettle]] here]] stands.", "A stands."},
		{"lists and indents", ":: yes\n* one\n** two\n# three", "yes\n- one\n- two\n- three"},
		{"a heading", "== It leaks ==\nReally.", "It leaks\nReally."},
		{"a table", "{| class=x\n! a !! b\n|-\n| 1 || 2\n|}", "a b\n1 2"},
		{"references and remarks", "Hot<ref name=x>Book</ref><ref name=y/>.<!-- secret -->", "Hot."},
		{"tags of wikitext", "a<br>b<nowiki>''c''</nowiki><script>alert(1)</script>", "a\nbc<script>alert(1)</script>"},
		{"other tags show", "a <three> b 1 < 2 &lt;x>", "a <three> b 1 < 2 <x>"},
		{"right to left", "שלום [[קומקום|הקומקום]] 😀", "שלום הקומקום 😀"},
	}
	for _, tt := range tests {
		if got := plain(tt.wiki); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestUnsigned(t *testing.T) {
	for signed, want := range map[string]string{
		"It leaks. [[User:Maya|Maya]] ([[User talk:Maya|talk]]) 11:41, 26 November 2026 (UTC)":                    "It leaks.",
		"It leaks. --[[Benutzer:Maya|Maya]] ([[Benutzer Diskussion:Maya|Diskussion]]) 11:41, 26. Nov. 2026 (CET)": "It leaks.",
		"It leaks since [[2026]] (UTC)":                         "It leaks since [[2026]] (UTC)",
		"See [[Kettle]], bought 2026 (new)":                     "See [[Kettle]], bought 2026 (new)",
		"One\n: two [[User:M|M]] 11:41, 26 November 2026 (UTC)": "One\n: two",
	} {
		if got := unsigned(signed); got != want {
			t.Errorf("%q: %q", signed, got)
		}
	}
}

func TestAdded(t *testing.T) {
	tests := []struct{ name, before, after, words, section string }{
		{"a new page", "", "A kettle.\n\nIt is hot.", "A kettle.\n\nIt is hot.", ""},
		{"a new section", "== A ==\nx\n", "== A ==\nx\n\n== B ==\ny\n", "y", "B"},
		{"an answer in the middle", "== A ==\nx\n== B ==\ny\n", "== A ==\nx\n: z\n== B ==\ny\n", ": z", "A"},
		{"a mended line", "one\ntwo\nthree", "one\n2\nthree", "2", ""},
		{"taken out", "one\ntwo", "one", "", ""},
		{"the same words twice", "x\n", "x\nx\n", "x", ""},
		{"only a heading", "x", "x\n== B ==\n", "", "B"},
	}
	for _, tt := range tests {
		if w, s := added(tt.before, tt.after); w != tt.words || s != tt.section {
			t.Errorf("%s: %q below %q", tt.name, w, s)
		}
	}
}

func TestInserted(t *testing.T) {
	const page = "intro\n\n== A ==\nfirst\n\n== B ==\nb\n== A ==\nsecond\n\n"
	tests := []struct {
		name, section, words, want string
		ok                         bool
	}{
		{"at the end", "A", "second", page[:len(page)-2] + "\n: re", true},
		{"in the section of the words", "A", "first", "intro\n\n== A ==\nfirst\n: re\n\n== B ==\nb\n== A ==\nsecond\n\n", true},
		{"before the first heading", "", "intro", "intro\n: re\n\n== A ==\nfirst\n\n== B ==\nb\n== A ==\nsecond\n\n", true},
		{"archived", "C", "x", "", false},
	}
	for _, tt := range tests {
		if got, ok := inserted(page, tt.section, tt.words, ": re"); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %v %q", tt.name, ok, got)
		}
	}
}

// What we write shows as it was typed.
func TestLiteral(t *testing.T) {
	for _, words := range []string{
		"1 < 2 & <b>bold</b>", "[[User:Evil|x]] {{delete}} ~~~~ '''no''' | __NOTOC__", "See https://a.example/b?c=d&e=f_g.", "== no heading ==", "* not\n* a list", "שלום 😀",
	} {
		got := plain(answer(words, "") + "")
		got = strings.TrimSuffix(got, " ~~~~")
		want := strings.ReplaceAll(words, "* ", "- ")
		if squash(got) != squash(words) && squash(got) != squash(want) {
			t.Errorf("%q shows as %q", words, got)
		}
		if strings.Contains(words, "https") && !strings.Contains(literal(words), "https://a.example/b?c=d&e=f_g") {
			t.Errorf("the address cannot be followed: %q", literal(words))
		}
		for _, bad := range []string{"[[User:Evil", "{{", "'''", "<b>"} {
			if strings.Contains(literal(words), bad) {
				t.Errorf("%q still has %q", literal(words), bad)
			}
		}
	}
}

func squash(s string) string { return strings.Join(strings.Fields(s), "") }

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

func start(t *testing.T, d *double, s channel.Settings) (channel.Poller, string) {
	t.Helper()
	ch, _ := connect(t, d, s)
	_, b := poll(t, ch.(channel.Poller), "")
	return ch.(channel.Poller), b.Cursor
}

func ours() channel.Settings { return channel.Settings{"user": login, "password": password} }

func TestWhatIsWrittenToUs(t *testing.T) {
	tests := []struct {
		name, title, words string
		asked              bool
	}{
		{"on our talk page", "User talk:Brewell", "== Hi ==\nhello", true},
		{"by a link", "Talk:Kettle", "Dear [[User:brewell|people]], hello", true},
		{"by a link in the wiki’s language", "Talk:Kettle", "Dear [[Benutzerin: Brewell]], hello", true},
		{"by a template", "Talk:Kettle", "{{ping|Maya|Brewell}} hello", true},
		{"somebody like us", "Talk:Kettle", "Dear [[User:Brewells]], hello", false},
		{"not to us", "Talk:Kettle", "== X ==\nBrewell is fine", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDouble()
			p, at := start(t, d, channel.Settings{"user": "Brewell"})
			id := d.append("Maya", tt.title, tt.words)
			got, _ := poll(t, p, at)
			if len(got) != 1 || got[0].ExternalID != id || got[0].Directed != tt.asked || got[0].Author.Handle != "Maya" || strings.Contains(got[0].Text, "(UTC)") {
				t.Fatalf("%+v", got)
			}
		})
	}
}

func TestConversation(t *testing.T) {
	d := newDouble()
	p, at := start(t, d, ours())
	id := d.append("Maya", "Talk:Kettle", "\n== It leaks ==\n[[User:Brewell|Brewell]], my kettle leaks.")
	d.append("Tom", "Talk:Kettle", "\n== Other ==\nother things")
	asked, b := poll(t, p, at)
	if len(asked) != 2 || asked[0].Title != "It leaks" || asked[0].Root != "t2#It leaks" || !strings.HasSuffix(asked[0].URL, "/wiki/Talk:Kettle#It_leaks") {
		t.Fatalf("%+v", asked)
	}
	r, err := p.(channel.Sender).Send(t.Context(), social.Reply{Key: "k1", Parent: id, Text: "We are sorry.\n\nSee https://brewell.example/help?a=1&b=2", Visibility: social.Public})
	if err != nil {
		t.Fatal(err)
	}
	page := d.latest(2).text
	want := "my kettle leaks. [[User:Maya|Maya]] ([[User talk:Maya|talk]]) "
	if !strings.Contains(page, want) || !strings.Contains(page, "\n: [[User:Maya|Maya]]: We are sorry.\n: See https://brewell.example/help?a=1&b=2 [[User:Brewell|Brewell]]") ||
		strings.Index(page, "We are sorry") > strings.Index(page, "== Other ==") {
		t.Fatalf("the page says:\n%s", page)
	}
	d.append("Maya", "Talk:Kettle", "x") // below Other: not to us
	d.clock = d.clock.Add(time.Second)
	d.editAt("Maya", "Talk:Kettle", 1, strings.Replace(d.latest(2).text, "\n\n== Other", "\n:: Thank you!\n\n== Other", 1), "", d.clock)
	got, _ := poll(t, p, b.Cursor)
	if len(got) != 3 || !got[0].Own || got[0].ExternalID != r.ExternalID || got[0].Parent != id || got[0].Root != asked[0].Root || got[1].Directed ||
		!got[2].Directed || got[2].Text != "Thank you!" || got[2].Root != asked[0].Root {
		t.Fatalf("%+v", got)
	}
}

func TestAnswerToAnArticle(t *testing.T) {
	d := newDouble()
	s := ours()
	s["follow"], s["pages"] = "listed pages", "kettle\nHelp:"
	p, at := start(t, d, s)
	d.mu.Lock()
	id := revisionID(d.edit("Maya", "Kettle", 0, "A kettle is a [[pot]].\nBrewell’s leak.\n", "what I saw").id)
	d.edit("Maya", "Pot", 0, "A pot.", "")
	d.edit("Maya", "Help talk:Tea", 13, "How?", "")
	d.mu.Unlock()
	got, _ := poll(t, p, at)
	if len(got) != 2 || got[0].ExternalID != id || got[0].Text != "Brewell’s leak." || got[0].Form != social.FormPost || got[0].Title != "Kettle" || got[1].Title != "Help talk:Tea" {
		t.Fatalf("%+v", got)
	}
	if _, err := p.(channel.Sender).Send(t.Context(), social.Reply{Key: "k", Parent: id, Text: "Not any more.", Visibility: social.Public}); err != nil {
		t.Fatal(err)
	}
	if text := d.latest(2).text; !strings.Contains(text, "== Revision 3 ==\n\n[[User:Maya|Maya]]: Not any more.") {
		t.Fatal(text)
	}
}

func TestDeletedPage(t *testing.T) {
	d := newDouble()
	p, at := start(t, d, channel.Settings{"follow": "everything"})
	d.append("Maya", "Talk:Pot", "one")
	d.append("Maya", "Talk:Pot", "two")
	_, b := poll(t, p, at)
	pg := d.page("Talk:Pot")
	pg.gone = true
	d.log("delete", pg, map[string]any{})
	got, b := poll(t, p, b.Cursor)
	if len(got) != 2 || got[0].Verb != social.Delete || got[1].Verb != social.Delete {
		t.Fatalf("%+v", got)
	}
	if got, _ = poll(t, p, b.Cursor); len(got) != 0 {
		t.Fatalf("again: %+v", got)
	}
}

// Somebody edits between our reading and our writing.
func TestConflict(t *testing.T) {
	d := newDouble()
	p, at := start(t, d, ours())
	id := d.say("it leaks")
	poll(t, p, at)
	stale := d.latest(2).id
	d.append("Tom", "Talk:Kettle", "me too")
	a := p.(*account)
	k, err := a.know(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.call(t.Context(), k.api, nil, map[string][]string{"action": {"edit"}, "pageid": {"2"}, "baserevid": {fmt.Sprint(stale)}, "text": {"x"}, "token": {`Brewell+\`}})
	if !social.Busy.Is(err) || !strings.Contains(err.Error(), "Somebody else") {
		t.Fatal(err)
	}
	if _, err := a.Send(t.Context(), social.Reply{Key: "k", Parent: id, Text: "Sorry.", Visibility: social.Public}); err != nil {
		t.Fatal(err)
	}
	if text := d.latest(2).text; !strings.Contains(text, "me too") || !strings.Contains(text, "Sorry.") {
		t.Fatal(text)
	}
}

func TestSessionEnds(t *testing.T) {
	d := newDouble()
	p, at := start(t, d, ours())
	clear(d.sessions)
	id := d.say("it leaks")
	got, _ := poll(t, p, at)
	if len(got) != 1 || got[0].ExternalID != id {
		t.Fatalf("%+v", got)
	}
}

func TestWrongPassword(t *testing.T) {
	ch, _ := connect(t, newDouble(), channel.Settings{"user": login, "password": "no"})
	_, err := ch.(channel.Profiler).Self(t.Context())
	if !social.Unauth.Is(err) || !strings.Contains(err.Error(), "Incorrect username or password") {
		t.Fatal(err)
	}
}

func TestMaxlag(t *testing.T) {
	d := newDouble()
	p, at := start(t, d, channel.Settings{})
	d.lag = true
	_, err := p.Poll(t.Context(), at)
	later, ok := err.(interface{ Unwrap() error })
	if !social.Busy.Is(err) || !ok {
		t.Fatal(err)
	}
	w, ok := later.Unwrap().(channel.RetryAfter)
	if !ok || w.RetryAfter() != channeltest.Wait {
		t.Fatalf("%v", err)
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		code       string
		ask, write social.Kind
	}{
		{"ratelimited", social.Busy, social.Busy},
		{"readonly", social.Busy, social.Busy},
		{"badtoken", social.Busy, social.Busy},
		{"editconflict", social.Busy, social.Busy},
		{"internal_api_error_DBQueryError", social.Busy, social.Unknown},
		{"nosuchrevid", social.NotFound, social.NotFound},
		{"blocked", social.Forbidden, social.Forbidden},
		{"abusefilter-disallowed", social.Forbidden, social.Forbidden},
		{"spamblacklist", social.Forbidden, social.Forbidden},
		{"contenttoobig", social.Invalid, social.Invalid},
		{"somethingnew", social.Invalid, social.Invalid},
	}
	site, err := address("https://wiki.example")
	if err != nil {
		t.Fatal(err)
	}
	r := &reader{site: site, env: channel.Env{Clock: clock.System{}}}
	for _, tt := range tests {
		resp := &http.Response{StatusCode: 200, Header: http.Header{}}
		if got := social.KindOf(r.refusal(resp, tt.code, "why", false)); got != tt.ask {
			t.Errorf("%s to a question: %s", tt.code, got)
		}
		if got := social.KindOf(r.refusal(resp, tt.code, "why", true)); got != tt.write {
			t.Errorf("%s to an edit: %s", tt.code, got)
		}
	}
}

func TestNastyPages(t *testing.T) {
	d := newDouble()
	p, at := start(t, d, channel.Settings{"follow": "everything", "user": "Brewell"})
	nasty := []string{
		strings.Repeat("[[", 200_000), strings.Repeat("{{", 200_000), strings.Repeat("'", 500_000), strings.Repeat("== x ==\n", 50_000),
		strings.Repeat("{{ping|", 100_000), strings.Repeat("<ref>", 100_000), "\x00\xff\xfe bytes", strings.Repeat("<!--", 100_000), strings.Repeat("[[User:", 100_000),
	}
	for i, text := range nasty {
		d.mu.Lock()
		d.edit("Maya", fmt.Sprint("Talk:N", i), 1, text, "nasty")
		d.mu.Unlock()
	}
	began := time.Now()
	got, _ := poll(t, p, at)
	if len(got) != len(nasty) {
		t.Fatalf("heard %d of %d", len(got), len(nasty))
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Fatalf("it took %v", took)
	}
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name  string
		s     channel.Settings
		field string // "" means it opens
	}{
		{"a host", channel.Settings{"site": "wiki.example"}, ""},
		{"a page", channel.Settings{"site": "https://wiki.example/wiki/Main_Page", "user": "brewell@parley", "password": "p"}, ""},
		{"no site", channel.Settings{}, "site"},
		{"a strange site", channel.Settings{"site": "ftp://x"}, "site"},
		{"a password in the address", channel.Settings{"site": "https://me:pw@x.example"}, "site"},
		{"no pages", channel.Settings{"site": "x.example", "follow": "listed pages"}, "pages"},
		{"no title", channel.Settings{"site": "x.example", "pages": "[[x]]"}, "pages"},
		{"follow?", channel.Settings{"site": "x.example", "follow": "nothing"}, "follow"},
		{"no user", channel.Settings{"site": "x.example", "password": "p"}, "user"},
		{"the account’s own password", channel.Settings{"site": "x.example", "user": "Brewell", "password": "p"}, "user"},
		{"too often", channel.Settings{"site": "x.example", "every": "0"}, "every"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ch, err := Kind().New(tt.s, channel.Env{})
			if tt.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				if a, ok := ch.(*account); ok && a.user != "Brewell" {
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
