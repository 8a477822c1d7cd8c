package feed

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/channel/channeltest"
	"github.com/parley-crm/parley/kit/clock"
)

// double is a blog with a feed. It honours conditional requests.
type double struct {
	format string // "rss", "atom", "json"
	mu     sync.Mutex
	clock  time.Time
	posts  []*post // oldest first
	etag   int
	asked  int // requests that were answered with a whole feed
	spared int // with 304
}

type post struct {
	id, text string
	at       time.Time
}

func newDouble(format string) *double {
	return &double{format: format, clock: time.Now().Add(-24 * time.Hour).Truncate(time.Second)}
}

func (d *double) say(text string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock = d.clock.Add(time.Second)
	d.etag++
	p := &post{fmt.Sprintf("https://blog.example/%d", len(d.posts)+1), text, d.clock}
	d.posts = append(d.posts, p)
	return p.id
}

func (d *double) edit(id, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.etag++
	for _, p := range d.posts {
		if p.id == id {
			p.text = text
		}
	}
}

func (d *double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	tag := fmt.Sprintf(`"v%d"`, d.etag)
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		d.spared++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	d.asked++
	list := slices.Clone(d.posts)
	slices.Reverse(list)
	fmt.Fprint(w, write(d.format, list))
}

// write writes a feed as its specification shows one.
func write(format string, list []*post) string {
	var b strings.Builder
	esc := func(s string) string {
		var e strings.Builder
		_ = xml.EscapeText(&e, []byte(s))
		return e.String()
	}
	switch format {
	case "rss": // https://www.rssboard.org/rss-specification
		b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Kettle blog</title><link>https://blog.example/</link><description>x</description><language>en-gb</language>`)
		for _, p := range list {
			fmt.Fprintf(&b, `<item><title>A post</title><link>%s</link><description>%s</description><dc:creator>Maya</dc:creator><guid isPermaLink="false">%s</guid><pubDate>%s</pubDate></item>`,
				p.id, esc("<p>"+html.EscapeString(p.text)+"</p>"), p.id, p.at.UTC().Format(time.RFC1123Z))
		}
		b.WriteString(`</channel></rss>`)
	case "atom": // RFC 4287
		b.WriteString(`<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Kettle blog</title><link href="https://blog.example/"/><id>urn:x</id><updated>2026-01-01T00:00:00Z</updated><author><name>Maya</name></author>`)
		for _, p := range list {
			fmt.Fprintf(&b, `<entry><title>A post</title><link href="%s"/><id>%s</id><published>%s</published><updated>%s</updated><content type="text">%s</content></entry>`,
				p.id, p.id, p.at.UTC().Format(time.RFC3339), p.at.UTC().Format(time.RFC3339), esc(p.text))
		}
		b.WriteString(`</feed>`)
	case "json": // https://www.jsonfeed.org/version/1.1/
		items := []any{}
		for _, p := range list {
			items = append(items, map[string]any{"id": p.id, "url": p.id, "title": "A post", "content_text": p.text, "date_published": p.at.UTC().Format(time.RFC3339)})
		}
		j, _ := json.Marshal(map[string]any{"version": "https://jsonfeed.org/version/1.1", "title": "Kettle blog", "home_page_url": "https://blog.example/", "language": "en", "authors": []any{map[string]string{"name": "Maya"}}, "items": items})
		b.Write(j)
	}
	return b.String()
}

func TestConformance(t *testing.T) {
	for _, format := range []string{"rss", "atom", "json"} {
		t.Run(format, func(t *testing.T) {
			channeltest.Run(t, func(t *testing.T) *channeltest.Rig {
				d := newDouble(format)
				srv := channeltest.Serve(t, d)
				ch, err := Kind().New(channel.Settings{"urls": srv.URL + "/feed"}, srv.Env(clock.System{}))
				if err != nil {
					t.Fatal(err)
				}
				return &channeltest.Rig{
					Channel: ch, Say: d.say, Edit: d.edit, Trouble: srv.Trouble,
					Past: func(text string) { d.say(text) },
					Malformed: [][]byte{
						[]byte(`{"feed":"https://x"}`), []byte(`{"feed":"https://x","id":"1"}`), []byte(`{"feed":"https://x","id":"1","seen":"soon"}`),
					},
					Anonymous: true, Tells: true,
				}
			})
		})
	}
}
