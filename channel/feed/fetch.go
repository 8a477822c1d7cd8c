package feed

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
	feedjson "github.com/mmcdole/gofeed/json"
	xhtml "golang.org/x/net/html"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// fetched is what a look at a feed has brought.
type fetched struct {
	unchanged bool
	address   string // of the feed itself
	feed      *gofeed.Feed
	etag      string
	modified  string
}

// noFeed is the error of a web page where a feed should be.
type noFeed struct {
	error
	url  *url.URL
	feed string // that it names; "" if it names none
}

func (p *noFeed) Unwrap() error { return p.error }

// guesses are where sites have their feeds that do not say so.
var guesses = []string{"feed", "feed.xml", "rss.xml", "atom.xml", "index.xml", "rss", "feed.json"}

// fetch reads a feed. Where the address is a web page it goes on to the feed
// that the page names, or else to where sites usually have theirs; what it
// finds is kept with the place, and looked for anew when it is gone.
func (r *reader) fetch(ctx context.Context, address string, old place) (fetched, error) {
	if old.Feed != "" {
		got, err := r.get(ctx, old.Feed, old)
		if !social.NotFound.Is(err) && !social.Invalid.Is(err) {
			return got, err
		}
		old = place{} // it has moved; its validators are another's
	}
	got, err := r.get(ctx, address, old)
	var web *noFeed
	if !errors.As(err, &web) {
		return got, err
	}
	if web.feed != "" && web.feed != address {
		got, err := r.get(ctx, web.feed, place{})
		if social.NotFound.Is(err) || social.Invalid.Is(err) {
			err = social.Because(social.Invalid, err, "%s is a web page, and the feed that it names cannot be read: %s.", address, web.feed)
		}
		return got, err
	}
	for _, name := range guesses {
		u := web.url.JoinPath(name)
		u.RawQuery = ""
		got, err := r.get(ctx, u.String(), place{})
		if err == nil {
			return got, nil
		}
		var later channel.RetryAfter
		if social.Busy.Is(err) || errors.As(err, &later) {
			return fetched{}, err
		}
	}
	return fetched{}, err
}

// get reads the feed at an address.
func (r *reader) get(ctx context.Context, address string, old place) (fetched, error) {
	if err := ctx.Err(); err != nil {
		return fetched{}, social.Because(social.Busy, err, "%s was not asked: the request was cancelled.", address)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return fetched{}, social.Because(social.Invalid, err, "%s is not an address that can be asked.", address)
	}
	req.Header.Set("Accept", "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, */*;q=0.5")
	req.Header.Set("User-Agent", "Parley (+https://github.com/parley-crm/parley)")
	if old.ETag != "" {
		req.Header.Set("If-None-Match", old.ETag)
	}
	if old.Modified != "" {
		req.Header.Set("If-Modified-Since", old.Modified)
	}
	resp, err := r.env.HTTP.Do(req)
	if err != nil {
		return fetched{}, channel.Failed(address, err, false, nil)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotModified {
		return fetched{unchanged: true}, nil
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fetched{}, channel.Status(address, resp, "", false, r.env.Clock.Now())
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostBytes+1))
	if err != nil {
		return fetched{}, channel.Failed(address, err, false, nil)
	}
	if len(body) > mostBytes {
		return fetched{}, social.Errorf(social.Invalid, "The feed %s is larger than %d MB, so it was not read.", address, mostBytes>>20)
	}
	f, err := parse(body)
	if err != nil {
		bad := social.Because(social.Invalid, err, "%s is not a feed that can be read: it is neither whole RSS nor Atom nor JSON Feed.", address)
		if strings.Contains(resp.Header.Get("Content-Type"), "html") || bytes.Contains(bytes.ToLower(body[:min(len(body), 1000)]), []byte("<html")) {
			return fetched{}, &noFeed{bad, resp.Request.URL, advertised(body, resp.Request.URL)}
		}
		return fetched{}, bad
	}
	return fetched{address: address, feed: f, etag: header(resp, "ETag"), modified: header(resp, "Last-Modified")}, nil
}

// header returns a validator of bearable length.
func header(r *http.Response, name string) string {
	if v := r.Header.Get(name); len(v) < 500 {
		return v
	}
	return ""
}

// parse reads a feed of any sort. A parser that fails in its own way fails
// here as an error.
func parse(body []byte) (f *gofeed.Feed, err error) {
	defer func() {
		if p := recover(); p != nil {
			f, err = nil, errors.New("the parser gave up")
		}
	}()
	p := gofeed.NewParser()
	p.AtomTranslator = plainAtom{}
	p.JSONTranslator = plainJSON{}
	p.RSSTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}
	f, err = p.Parse(bytes.NewReader(body))
	if err == nil && f == nil {
		err = errors.New("no feed")
	}
	return f, err
}

// plainAtom and plainJSON keep plain text plain: "1 < 2" is no HTML there.
type (
	plainAtom struct{}
	plainJSON struct{}
)

func (plainAtom) Translate(in any) (*gofeed.Feed, error) {
	f, err := (&gofeed.DefaultAtomTranslator{}).Translate(in)
	src, ok := in.(*atom.Feed)
	if err != nil || !ok {
		return f, err
	}
	for i, e := range src.Entries {
		if i >= len(f.Items) {
			break
		}
		if c := e.Content; c != nil && (c.Type == "" || c.Type == "text" || strings.HasPrefix(c.Type, "text/plain")) {
			f.Items[i].Content = html.EscapeString(c.Value)
		}
	}
	return f, nil
}

func (plainJSON) Translate(in any) (*gofeed.Feed, error) {
	f, err := (&gofeed.DefaultJSONTranslator{}).Translate(in)
	src, ok := in.(*feedjson.Feed)
	if err != nil || !ok {
		return f, err
	}
	if src.Version == "" && src.Title == "" && len(src.Items) == 0 {
		return nil, errors.New("some JSON, but no feed")
	}
	for i, e := range src.Items {
		if i >= len(f.Items) {
			break
		}
		if e.ContentHTML == "" {
			f.Items[i].Content = strings.ReplaceAll(html.EscapeString(e.ContentText), "\n", "<br>")
		}
	}
	return f, nil
}

// advertised returns the feed that a web page names, if it does: the first
// that is not of comments.
func advertised(body []byte, base *url.URL) string {
	comments := ""
	z := xhtml.NewTokenizer(bytes.NewReader(body))
	for range 2000 {
		switch z.Next() {
		case xhtml.ErrorToken:
			return comments
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			t := z.Token()
			attr := map[string]string{}
			for _, a := range t.Attr {
				attr[a.Key] = a.Val
			}
			feed := strings.HasSuffix(attr["type"], "/rss+xml") || strings.HasSuffix(attr["type"], "/atom+xml") || strings.HasSuffix(attr["type"], "/feed+json")
			if t.Data == "link" && strings.Contains(strings.ToLower(attr["rel"]), "alternate") && feed {
				found := absolute(base, attr["href"])
				if !strings.Contains(strings.ToLower(attr["href"]+attr["title"]), "comment") {
					return found
				}
				comments = cmp.Or(comments, found)
			}
		}
	}
	return comments
}
