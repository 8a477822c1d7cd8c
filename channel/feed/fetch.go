package feed

import (
	"bytes"
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
	feed      *gofeed.Feed
	etag      string
	modified  string
}

func (r *reader) fetch(ctx context.Context, address string, old place) (fetched, error) {
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
		if better := advertised(body, resp.Request.URL); better != "" && better != address {
			return fetched{}, social.Because(social.Invalid, err, "%s is a web page; its feed is %s.", address, better)
		}
		return fetched{}, social.Because(social.Invalid, err, "%s is not a feed that can be read: it is neither whole RSS nor Atom nor JSON Feed.", address)
	}
	return fetched{feed: f, etag: header(resp, "ETag"), modified: header(resp, "Last-Modified")}, nil
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

// advertised returns the feed that a web page names, if it does.
func advertised(body []byte, base *url.URL) string {
	z := xhtml.NewTokenizer(bytes.NewReader(body))
	for range 2000 {
		switch z.Next() {
		case xhtml.ErrorToken:
			return ""
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			t := z.Token()
			attr := map[string]string{}
			for _, a := range t.Attr {
				attr[a.Key] = a.Val
			}
			feed := strings.HasSuffix(attr["type"], "/rss+xml") || strings.HasSuffix(attr["type"], "/atom+xml") || strings.HasSuffix(attr["type"], "/feed+json")
			if t.Data == "link" && strings.Contains(strings.ToLower(attr["rel"]), "alternate") && feed {
				return absolute(base, attr["href"])
			}
		}
	}
	return ""
}
