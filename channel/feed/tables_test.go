package feed

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

// site serves pages by path.
type site map[string]http.HandlerFunc

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h, ok := s[r.URL.Path]; ok {
		h(w, r)
		return
	}
	http.NotFound(w, r)
}

func page(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
}

func follow(t *testing.T, h http.Handler, paths ...string) channel.Poller {
	t.Helper()
	srv := channeltest.Serve(t, h)
	var urls []string
	for _, p := range paths {
		urls = append(urls, srv.URL+p)
	}
	ch, err := Kind().New(channel.Settings{"urls": strings.Join(urls, "\n")}, srv.Env(clock.System{}))
	if err != nil {
		t.Fatal(err)
	}
	return ch.(channel.Poller)
}

// heard reads a batch.
func heard(t *testing.T, p channel.Poller, b channel.Batch) []social.Activity {
	t.Helper()
	var out []social.Activity
	for _, e := range b.Events {
		as, err := p.Read(e)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, as...)
	}
	return out
}

func TestRead(t *testing.T) {
	const rss = `<?xml version="1.0" encoding="ISO-8859-1"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Kettle &amp; Co</title><link>https://blog.example/</link><description>d</description><language>de</language>
<item><title>Der &lt;b&gt;neue&lt;/b&gt; Kessel</title><link>/2026/kessel</link><guid isPermaLink="false">17</guid>
<author>maya@blog.example (Maya L.)</author><pubDate>Mon, 02 Mar 2026 09:30:00 +0100</pubDate>
<description>kurz</description><content:encoded><![CDATA[<p>Er ist gr` + "\xfc" + `n.</p><script>alert(1)</script><p><img src="x" alt="ein Kessel"></p>]]></content:encoded></item>
</channel></rss>`
	p := follow(t, site{"/rss": page(rss)}, "/rss")
	b, err := p.Poll(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	got := heard(t, p, b)
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	a := got[0]
	if !strings.HasSuffix(a.ExternalID, "/rss#17") || a.Title != "Der neue Kessel" || a.Text != "Er ist grün.\n\nein Kessel" || a.Lang != "de" || a.Form != social.FormArticle ||
		!strings.HasSuffix(a.URL, "/2026/kessel") || !a.Published.Equal(time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC)) || a.Directed || a.Verb != social.Create {
		t.Errorf("%+v", a)
	}
	if a.Author.Scheme != "mailto" || a.Author.Value != "maya@blog.example" || a.Author.Name != "Maya L." {
		t.Errorf("author %+v", a.Author)
	}
}

func TestBadFeeds(t *testing.T) {
	good := write("rss", []*post{{"https://blog.example/1", "hello", time.Unix(1e9, 0)}})
	tests := []struct {
		name string
		page http.HandlerFunc
		kind social.Kind
		says string
	}{
		{"empty", page(""), social.Invalid, "not a feed"},
		{"a web page", page("<html><body>hi</body></html>"), social.Invalid, "not a feed"},
		{"a web page with a feed", page(`<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>`), social.Invalid, "the feed that it names cannot be read"},
		{"cut off", page(good[:len(good)/2]), social.Invalid, "not a feed"},
		{"JSON of another sort", page(`{"items":"none"}`), social.Invalid, "not a feed"},
		{"bytes", page("\x00\x01\x02\xff\xfe"), social.Invalid, "not a feed"},
		{"a bomb of entities", page(`<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><rss version="2.0"><channel><title>&b;&b;`), social.Invalid, "not a feed"},
		{"deep", page("<rss><channel>" + strings.Repeat("<a>", 200_000)), social.Invalid, "not a feed"},
		{"twenty megabytes", page("<rss version=\"2.0\"><channel><title>" + strings.Repeat("x", 20<<20) + "</title></channel></rss>"), social.Invalid, "larger than 16 MB"},
		{"gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }, social.NotFound, "does not know"},
		{"closed", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, social.Forbidden, "does not allow"},
		{"elsewhere inside", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		}, social.Forbidden, "may not connect"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bad := false
			p := follow(t, site{"/feed": func(w http.ResponseWriter, r *http.Request) {
				if bad {
					tt.page(w, r)
					return
				}
				fmt.Fprint(w, good)
			}}, "/feed")
			first, err := p.Poll(t.Context(), "")
			if err != nil || len(first.Events) != 1 {
				t.Fatalf("%+v, %v", first, err)
			}
			bad = true
			b, err := p.Poll(t.Context(), first.Cursor)
			if !tt.kind.Is(err) || !strings.Contains(err.Error(), tt.says) || !strings.HasSuffix(err.Error(), ".") || len(b.Events) != 0 {
				t.Fatalf("kind %q: %v", social.KindOf(err), err)
			}
			good = strings.Replace(good, "</channel>", "<item><title>n</title><guid>https://blog.example/new</guid></item></channel>", 1)
			bad = false
			b, err = p.Poll(t.Context(), first.Cursor)
			good = strings.Replace(good, "<item><title>n</title><guid>https://blog.example/new</guid></item>", "", 1)
			if err != nil || len(b.Events) != 1 {
				t.Fatalf("afterwards: %d events, %v", len(b.Events), err)
			}
		})
	}
}

func TestConditionalRequests(t *testing.T) {
	d := newDouble("rss")
	d.say("one")
	p := follow(t, d, "/feed")
	b, err := p.Poll(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Poll(t.Context(), b.Cursor)
	if err != nil || len(again.Events) != 0 || again.Cursor != b.Cursor || d.asked != 1 || d.spared != 1 {
		t.Fatalf("%+v, %v; %d whole, %d spared", again, err, d.asked, d.spared)
	}
}

// Where a site is entered, its feed is found, remembered, and found again when
// it moves.
func TestFeedOfASite(t *testing.T) {
	named := func(links string) http.HandlerFunc {
		return page("<!doctype html><html><head>" + links + "</head><body>hi</body></html>")
	}
	link := func(kind, href string) string {
		return `<link rel="alternate" type="application/` + kind + `" href="` + href + `">`
	}
	tests := []struct {
		name string
		home http.HandlerFunc
		at   string
	}{
		{"a page that names its feed", named(link("rss+xml", "/deep/feed.xml")), "/deep/feed.xml"},
		{"not the one of comments", named(link("rss+xml", "/comments/feed/") + link("atom+xml", "/feed/")), "/feed/"},
		{"only one of comments", named(link("rss+xml", "/comments/feed/")), "/comments/feed/"},
		{"a page that names none", named(""), "/rss.xml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, asked := newDouble("rss"), 0
			s := site{"/": func(w http.ResponseWriter, r *http.Request) { asked++; tt.home(w, r) }, tt.at: d.ServeHTTP}
			p := follow(t, s, "/")
			d.say("one")
			b, err := p.Poll(t.Context(), "")
			if err != nil || len(b.Events) != 1 || heard(t, p, b)[0].Text != "one" {
				t.Fatalf("%+v, %v", b, err)
			}
			d.say("two")
			if b, err = p.Poll(t.Context(), b.Cursor); err != nil || len(b.Events) != 1 || asked != 1 {
				t.Fatalf("%+v, %v; the page was asked %d times", b, err, asked)
			}
			delete(s, tt.at) // the site moves its feed
			s["/new.xml"] = d.ServeHTTP
			s["/"] = named(link("rss+xml", "/new.xml"))
			d.say("three")
			if b, err = p.Poll(t.Context(), b.Cursor); err != nil || len(b.Events) != 1 || heard(t, p, b)[0].Text != "three" {
				t.Fatalf("moved: %+v, %v", b, err)
			}
		})
	}
}

func TestMarkupIsNoEdit(t *testing.T) {
	html := "<p>words</p>"
	p := follow(t, site{"/f": func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>t</title><item><guid>https://x.example/1</guid><description><![CDATA[%s]]></description></item></channel></rss>`, html)
	}}, "/f")
	b, err := p.Poll(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	html = `<p class="n7">words<img src="https://count.example/?r=123"></p>`
	if b, err = p.Poll(t.Context(), b.Cursor); err != nil || len(b.Events) != 0 {
		t.Fatalf("%+v, %v", b, err)
	}
	html = "<p>other words</p>"
	if b, err = p.Poll(t.Context(), b.Cursor); err != nil || len(b.Events) != 1 || heard(t, p, b)[0].Verb != social.Update {
		t.Fatalf("%+v, %v", b, err)
	}
}

// A feed that fails does not keep the others from being heard, and is not
// forgotten either.
func TestOneOfManyFails(t *testing.T) {
	good, other := newDouble("rss"), newDouble("atom")
	broken := false
	s := site{"/good": good.ServeHTTP, "/other": func(w http.ResponseWriter, r *http.Request) {
		if broken {
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
		other.ServeHTTP(w, r)
	}}
	p := follow(t, s, "/other", "/good")
	good.say("one")
	b, err := p.Poll(t.Context(), "")
	if err != nil || len(b.Events) != 1 || b.More {
		t.Fatalf("%+v, %v", b, err)
	}
	broken = true
	good.say("two")
	other.posts = append(other.posts, &post{"https://other.example/1", "kept", good.clock})
	other.etag++
	if b, err = p.Poll(t.Context(), b.Cursor); err != nil || len(b.Events) != 1 || !b.More {
		t.Fatalf("the good one: %+v, %v", b, err)
	}
	if _, err = p.Poll(t.Context(), b.Cursor); !social.Busy.Is(err) {
		t.Fatalf("the broken one: %v", err)
	}
	broken = false
	if b, err = p.Poll(t.Context(), b.Cursor); err != nil || len(b.Events) != 1 || heard(t, p, b)[0].Text != "kept" {
		t.Fatalf("afterwards: %+v, %v", b, err)
	}
}

func TestNewFeedAmongOld(t *testing.T) {
	old, fresh := newDouble("rss"), newDouble("json")
	for i := range 200 {
		fresh.say(fmt.Sprint("past ", i))
	}
	old.say("one")
	s := site{"/a": old.ServeHTTP, "/b": fresh.ServeHTTP}
	srv := channeltest.Serve(t, s)
	open := func(urls string) channel.Poller {
		ch, err := Kind().New(channel.Settings{"urls": urls}, srv.Env(clock.System{}))
		if err != nil {
			t.Fatal(err)
		}
		return ch.(channel.Poller)
	}
	b, err := open(srv.URL+"/a").Poll(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	p := open(srv.URL + "/a\n" + srv.URL + "/b")
	if b, err = p.Poll(t.Context(), b.Cursor); err != nil || len(b.Events) != firstFew {
		t.Fatalf("%d events, %v", len(b.Events), err)
	}
	as := heard(t, p, b)
	if as[len(as)-1].Text != "past 199" || as[0].Text != "past 150" {
		t.Fatalf("from %q to %q", as[0].Text, as[len(as)-1].Text)
	}
	if b, err = p.Poll(t.Context(), b.Cursor); err != nil || len(b.Events) != 0 {
		t.Fatalf("again: %d events, %v", len(b.Events), err)
	}
}

func TestSettings(t *testing.T) {
	tests := []struct {
		name  string
		s     channel.Settings
		field string // "" means it opens
	}{
		{"one", channel.Settings{"urls": "https://blog.example/feed"}, ""},
		{"several, one twice", channel.Settings{"urls": "blog.example/feed\nhttps://blog.example/feed\r\nhttps://x.example/?a=b", "every": "60"}, ""},
		{"none", channel.Settings{"urls": " \n"}, "urls"},
		{"words", channel.Settings{"urls": "not a feed"}, "urls"},
		{"a file", channel.Settings{"urls": "file:///etc/passwd"}, "urls"},
		{"with a password", channel.Settings{"urls": "https://me:pw@x.example/f"}, "urls"},
		{"too many", channel.Settings{"urls": func() (s string) {
			for i := range 101 {
				s += fmt.Sprintf("https://x.example/%d\n", i)
			}
			return s
		}()}, "urls"},
		{"too often", channel.Settings{"urls": "https://x.example", "every": "0"}, "every"},
		{"how often?", channel.Settings{"urls": "https://x.example", "every": "often"}, "every"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ch, err := Kind().New(tt.s, channel.Env{})
			if tt.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				if tt.s["every"] == "60" && (len(ch.(*reader).urls) != 2 || ch.(channel.Poller).Interval() != time.Hour) {
					t.Fatalf("%+v", ch)
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

func FuzzParse(f *testing.F) {
	for _, format := range []string{"rss", "atom", "json"} {
		f.Add([]byte(write(format, []*post{{"https://blog.example/1", "hello", time.Unix(1e9, 0)}})))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := parse(b)
		if err != nil {
			return
		}
		r := &reader{}
		for _, e := range entries("https://x.example/f", got, time.Unix(2e9, 0)) {
			ev, err := e.event()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Read(ev); err != nil {
				t.Fatalf("%v: %s", err, ev.Raw)
			}
		}
	})
}
