package wordpress

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/url"
	"strconv"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// Load is what every blog takes: the types of get_allowed_mime_types that
// browsers show.
func (a *account) Load() channel.Load {
	return channel.Load{Types: []string{"image/png", "image/jpeg", "image/gif", "image/webp"}, Most: 10, Size: 20 << 20, Alt: 1500,
		Video: &social.Video{Types: []string{"video/mp4", "video/webm"}, Size: social.MaxFile}}
}

// Publish writes a post. Its first line is the title, if more follows and it
// is short; else the title is the beginning of the text. Pictures go to the
// library of the blog first and stand below the words.
func (a *account) Publish(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	title, body := headline(p.Text)
	if title == "" {
		return channel.Receipt{}, social.Errorf(social.Invalid, "There are no words to post.")
	}
	if err := channel.Bear(a.Load(), p.Media); err != nil {
		return channel.Receipt{}, err
	}
	k, err := a.know(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	in := wireNewPost{Title: markup(title), Content: markup(body), Status: "publish"}
	for _, m := range p.Media {
		shown, err := a.shelve(ctx, k, p.Key, m)
		if err != nil {
			return channel.Receipt{}, err
		}
		in.Content += "\n\n" + figure(shown, m)
	}
	var out wirePost
	if err := a.call(ctx, k.route, "/wp/v2/posts", url.Values{"_fields": {"id,date_gmt,link,status"}}, in, &out); err != nil {
		return channel.Receipt{}, err
	}
	if out.ID <= 0 {
		return channel.Receipt{}, social.Because(social.Unknown, errNoID, "%s took the post but does not say where it stands.", a.site.Host)
	}
	return a.posted(out), nil
}

func (a *account) posted(p wirePost) channel.Receipt {
	r := channel.Receipt{ExternalID: postID(p.ID), URL: web(p.Link), At: p.Date.Time}
	if r.At.IsZero() {
		r.At = a.env.Clock.Now()
	}
	return r
}

// upload is the body of a call that sends a file.
type upload struct {
	name, kind string
	data       []byte
}

// shelve puts a file into the blog's library, where it is known by a name that
// is made of the post's key and its bytes: what is there already is not sent
// again, whatever became of the last attempt
// (https://developer.wordpress.org/rest-api/reference/media/).
func (a *account) shelve(ctx context.Context, k *about, key string, m channel.Media) (wireMedia, error) {
	m, data, err := channel.Bytes(a.Load(), m)
	if err != nil {
		return wireMedia{}, err
	}
	sum := sha256.Sum256(append([]byte("parley "+key+"\x00"+m.Alt+"\x00"), data...))
	slug := "parley-" + hex.EncodeToString(sum[:12])
	var had []wireMedia
	fields := "id,source_url"
	if err := a.call(ctx, k.route, "/wp/v2/media", url.Values{"slug": {slug}, "_fields": {fields}}, nil, &had); err != nil {
		return wireMedia{}, err
	}
	for _, x := range had {
		if x.ID > 0 && web(x.URL) != "" {
			return x, nil
		}
	}
	_, ending, _ := strings.Cut(m.Type, "/")
	var out wireMedia
	q := url.Values{"slug": {slug}, "alt_text": {m.Alt}, "_fields": {fields}}
	if err := a.call(ctx, k.route, "/wp/v2/media", q, upload{slug + "." + ending, m.Type, data}, &out); err != nil {
		return out, channel.Unposted(a.site.Host, err)
	}
	if out.ID <= 0 || web(out.URL) == "" {
		return out, social.Errorf(social.Busy, "%s does not say where it put the file.", a.site.Host)
	}
	return out, nil
}

// figure is how a file stands in a post.
func figure(f wireMedia, m channel.Media) string {
	at, alt := html.EscapeString(web(f.URL)), html.EscapeString(strings.Join(strings.Fields(m.Alt), " "))
	if strings.HasPrefix(m.Type, "video/") {
		return `<figure class="wp-block-video"><video controls src="` + at + `"></video></figure>`
	}
	return `<figure class="wp-block-image"><img src="` + at + `" alt="` + alt + `" class="wp-image-` + strconv.FormatInt(f.ID, 10) + `"/></figure>`
}

// FindPost reads our own posts since the attempt and compares their words.
func (a *account) FindPost(ctx context.Context, p channel.Post) (channel.Receipt, error) {
	k, err := a.know(ctx)
	if err != nil {
		return channel.Receipt{}, err
	}
	title, body := headline(p.Text)
	want, since := gist(title)+"\n"+gist(body), p.Attempted.Add(-clocks)
	q := url.Values{"_fields": {"id,date_gmt,link,status,title,content"}, "context": {"edit"}, "author": {strconv.FormatInt(k.self.ID, 10)},
		"status": {"publish,future"}, "orderby": {"date"}, "order": {"desc"}, "per_page": {"100"}}
	gone := social.Errorf(social.NotFound, "The post does not stand on %s.", a.site.Host)
	for page := 1; page <= 20; page++ {
		q.Set("page", strconv.Itoa(page))
		var list []wirePost
		if err := a.call(ctx, k.route, "/wp/v2/posts", q, nil, &list); err != nil {
			if page > 1 && says(err, "rest_post_invalid_page_number") {
				return channel.Receipt{}, gone
			}
			return channel.Receipt{}, err
		}
		for _, x := range list {
			if !x.Date.Before(since) && gist(line(cmp.Or(x.Title.Raw, x.Title.Rendered)))+"\n"+gist(text.FromHTML(bare(x.Content))) == want {
				return a.posted(x), nil
			}
		}
		if len(list) < 100 || list[len(list)-1].Date.Before(since) {
			return channel.Receipt{}, gone
		}
	}
	return channel.Receipt{}, social.Errorf(social.Busy, "There are too many newer posts on %s to tell whether this one stands.", a.site.Host)
}

// bare is what a post says, without the files below its words.
func bare(t wireText) string {
	s := t.Raw
	if s == "" {
		s = t.Rendered
	}
	before, _, _ := strings.Cut(s, `<figure class="wp-block-`)
	return before
}
