package wordpress

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

const (
	commentFields = "id,post,parent,author,author_name,author_email,author_url,date_gmt,content,link,status,author_avatar_urls"
	postFields    = "id,date_gmt,modified_gmt,status,link,title,content,author,_links,_embedded"
	zulu          = "2006-01-02T15:04:05Z"
)

// comments are the blog's comments.
type comments struct{ *look }

func (comments) size() int         { return 100 }
func (comments) id(n int64) string { return commentID(n) }

func (c comments) list(ctx context.Context, after time.Time, page, size int, ids []int64) ([]item, error) {
	q := url.Values{"_fields": {commentFields}, "orderby": {"date_gmt"}, "order": {"asc"}}
	if c.a.moderates {
		q.Set("context", "edit")
		q.Set("status", "any")
	}
	span(q, "after", after, ids)
	var raws []json.RawMessage
	if err := c.r.sized(ctx, c.a.route, "/wp/v2/comments", q, page, size, &raws); err != nil {
		return nil, err
	}
	out := make([]item, 0, len(raws))
	for _, raw := range raws {
		var w wireComment
		_ = json.Unmarshal(raw, &w) // what cannot be read is kept, and Read says what is wrong
		c.r.met(w)
		it := c.item(raw, "comment", w.ID, w.Date.Time, w.Date.Time, words(w.Content), w.Status)
		it.shown, it.gone = w.Status == "approved" || w.Status == "hold" || w.Status == "", w.Status == "spam" || w.Status == "trash"
		out = append(out, it)
	}
	return ordered(out), nil
}

func (c comments) still(ctx context.Context, id int64) (seen, gone bool, err error) {
	q := url.Values{"_fields": {"id,status"}}
	if c.a.moderates {
		q.Set("context", "edit")
	}
	var w wireComment
	err = c.r.call(ctx, c.a.route, "/wp/v2/comments/"+strconv.FormatInt(id, 10), q, nil, &w)
	switch {
	case err == nil:
		bad := w.Status == "spam" || w.Status == "trash"
		return !bad, bad, nil
	case says(err, "rest_comment_invalid_id"), says(err, "rest_comment_invalid_post_id"), says(err, "rest_cannot_read"):
		return false, true, nil // not there, or no longer approved
	}
	return false, false, err
}

// posts are the blog's posts.
type posts struct{ *look }

func (posts) size() int         { return 20 }
func (posts) id(n int64) string { return postID(n) }

func (p posts) list(ctx context.Context, after time.Time, page, size int, ids []int64) ([]item, error) {
	q := url.Values{"_fields": {postFields}, "_embed": {"author"}, "orderby": {"modified"}, "order": {"asc"}}
	if p.a.edits {
		q.Set("context", "edit")
		q.Set("status", "publish,trash,draft,pending,private,future")
	}
	span(q, "modified_after", after, ids)
	var raws []json.RawMessage
	if err := p.r.sized(ctx, p.a.route, "/wp/v2/posts", q, page, size, &raws); err != nil {
		return nil, err
	}
	out := make([]item, 0, len(raws))
	for _, raw := range raws {
		var w wirePost
		_ = json.Unmarshal(raw, &w)
		it := p.item(raw, "post", w.ID, w.Modified.Time, w.Date.Time, line(w.Title.Rendered)+"\n"+text.FromHTML(w.Content.Rendered), "")
		it.shown, it.gone = w.Status == "publish" || w.Status == "", w.Status == "trash"
		out = append(out, it)
	}
	return ordered(out), nil
}

// still does not take a post that is hidden for gone: drafts come back.
func (p posts) still(ctx context.Context, id int64) (seen, gone bool, err error) {
	var w wirePost
	err = p.r.call(ctx, p.a.route, "/wp/v2/posts/"+strconv.FormatInt(id, 10), url.Values{"_fields": {"id,status"}}, nil, &w)
	switch {
	case err == nil:
		return w.Status == "publish" || w.Status == "", w.Status == "trash", nil
	case says(err, "rest_post_invalid_id"):
		return false, true, nil
	case says(err, "rest_forbidden"), says(err, "rest_cannot_read"):
		return false, false, nil
	}
	return false, false, err
}

// span says which part of a list is wanted.
func span(q url.Values, name string, after time.Time, ids []int64) {
	switch {
	case len(ids) > 0:
		part := make([]string, len(ids))
		for i, id := range ids {
			part[i] = strconv.FormatInt(id, 10)
		}
		q.Set("include", strings.Join(part, ","))
	case after.IsZero():
		q.Set("order", "desc") // the newest few
	default:
		q.Set(name, after.UTC().Format(zulu))
	}
}

// sized asks for a page of a list. Where the answer is too large to be read it
// asks for less at once; what is too large alone comes without its content.
func (r *reader) sized(ctx context.Context, o route, path string, q url.Values, page, size int, out *[]json.RawMessage) error {
	for each := size; ; each = max(1, each/5) {
		parts := size / each
		*out = nil
		var err error
		for i := range parts {
			q.Set("per_page", strconv.Itoa(each))
			q.Set("page", strconv.Itoa((page-1)*parts+i+1))
			var some []json.RawMessage
			err = r.call(ctx, o, path, q, nil, &some)
			if each == 1 && tooLarge(err) {
				bare := maps.Clone(q)
				bare.Set("_fields", strings.Replace(q.Get("_fields"), ",content", "", 1))
				err = r.call(ctx, o, path, bare, nil, &some)
			}
			if says(err, "rest_post_invalid_page_number") {
				err = nil // a list of posts has no empty pages
			}
			*out = append(*out, some...)
			if err != nil || len(some) < each {
				break
			}
		}
		if err == nil || each == 1 || !tooLarge(err) {
			return err
		}
	}
}

func tooLarge(err error) bool {
	var large interface{ TooLarge() string }
	return errors.As(err, &large)
}

func (l *look) item(raw json.RawMessage, event string, id int64, at, made time.Time, said, status string) item {
	state := ""
	if status == "hold" {
		state = status
	}
	if id <= 0 { // it has no name; Read will say so
		id = int64(fnv(raw))
	}
	return item{
		id: id, at: cmpTime(at, l.now), when: cmpTime(made, l.now), words: fingerprint(said, state),
		event: envelope{
			Event: event, Site: l.a.home, Name: l.a.name, Self: l.a.self.ID, Ours: l.r.ours, Seen: l.now, Payload: raw,
		},
	}
}

func cmpTime(t, or time.Time) time.Time {
	if t.IsZero() {
		return or
	}
	return t
}

func ordered(in []item) []item {
	slices.SortStableFunc(in, func(a, b item) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	return in
}

func fingerprint(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}

// fnv is a small positive number that stands for some bytes.
func fnv(b []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	return h>>1 | 1<<30
}

// kin is what must be known of a comment to place others below it.
type kin struct{ parent, author int64 }

func (r *reader) met(c wireComment) {
	if c.ID <= 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kin) > 20_000 {
		clear(r.kin)
	}
	r.kin[c.ID] = kin{c.Parent, c.Author}
}

func (r *reader) kinOf(id int64) (kin, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.kin[id]
	return k, ok
}

// deepest is how many answers deep a thread is followed to its beginning.
const deepest = 30

// roots finds the beginnings of the threads of what was found, and whether it
// answers words of ours.
func (l *look) roots(ctx context.Context) error {
	for range deepest {
		var ask []int64
		for _, it := range l.found {
			if id := l.top(it); id != 0 && !slices.Contains(ask, id) {
				ask = append(ask, id)
			}
		}
		if len(ask) == 0 {
			break
		}
		for part := range slices.Chunk(ask, 100) {
			if _, err := (comments{l}).list(ctx, time.Time{}, 1, 100, part); err != nil {
				return err
			}
			for _, id := range part {
				if _, ok := l.r.kinOf(id); !ok {
					l.r.met(wireComment{ID: id}) // not shown to us: as good as the beginning
				}
			}
		}
	}
	for i := range l.found {
		it := &l.found[i]
		if it.event.Event != "comment" {
			continue
		}
		own, _ := l.r.kinOf(it.id)
		above, _ := l.r.kinOf(own.parent)
		it.event.Asked = own.parent != 0 && l.a.self.ID != 0 && above.author == l.a.self.ID
		root := it.id
		for range deepest {
			k, ok := l.r.kinOf(root)
			if !ok || k.parent == 0 {
				break
			}
			root = k.parent
		}
		if root != it.id {
			it.event.Root = root
		}
	}
	return nil
}

// top is the highest comment above an item of which nothing is known, 0 if
// there is none.
func (l *look) top(it item) int64 {
	if it.event.Event != "comment" {
		return 0
	}
	id := it.id
	for range deepest {
		k, ok := l.r.kinOf(id)
		if !ok {
			if id == it.id {
				return 0
			}
			return id
		}
		if k.parent == 0 {
			return 0
		}
		id = k.parent
	}
	return 0
}

// errNoID is the cause when a blog does not say where something stands.
var errNoID = social.Errorf(social.Fault, "No id.")
