package wordpress

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// route is where the API answers: below /wp-json/, or, on blogs without
// readable addresses, in a parameter.
type route struct {
	base  *url.URL
	plain bool
}

func (o route) url(path string, query url.Values) string {
	u := *o.base
	if o.plain {
		q := url.Values{}
		for k, v := range query {
			q[k] = v
		}
		q.Set("rest_route", path)
		u.Path, u.RawQuery = strings.TrimRight(u.Path, "/")+"/", q.Encode()
		return u.String()
	}
	u.Path, u.RawQuery = strings.TrimRight(u.Path, "/")+"/wp-json"+path, query.Encode()
	return u.String()
}

// call asks the blog and reads its JSON answer into out. With a body it
// changes something; it never does so twice.
func (r *reader) call(ctx context.Context, o route, path string, query url.Values, body, out any) error {
	title := r.site.Host
	method, changes := http.MethodGet, body != nil
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "%s was not asked: the request was cancelled.", title)
	}
	var content io.Reader
	file, raw := body.(upload)
	_, away := body.(deletion)
	if away {
		method = http.MethodDelete
	} else if raw {
		method, content = http.MethodPost, bytes.NewReader(file.data)
	} else if changes {
		b, err := json.Marshal(body)
		if err != nil {
			return social.Because(social.Fault, err, "The request for %s cannot be written.", title)
		}
		method, content = http.MethodPost, bytes.NewReader(b)
	}
	watched, sent := channel.Watch(ctx)
	req, err := http.NewRequestWithContext(watched, method, o.url(path, query), content)
	if err != nil {
		return social.Because(social.Invalid, err, "The address of %s is not one that can be asked.", title)
	}
	req.GetBody = nil // so that the transport cannot send it a second time by itself
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Parley (+https://github.com/parley-crm/parley)")
	if r.password != "" {
		req.SetBasicAuth(r.user, r.password)
	}
	switch {
	case raw:
		req.Header.Set("Content-Type", file.kind)
		req.Header.Set("Content-Disposition", `attachment; filename="`+file.name+`"`)
	case changes && !away:
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := r.env.HTTP.Do(req)
	if err != nil {
		return channel.Failed(title, err, changes, sent)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return r.refusal(resp, changes)
	}
	if resp.Request.Method != method {
		return social.Errorf(social.Invalid, "%s sends us elsewhere: enter the address that it leads to.", title)
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		var bad *json.SyntaxError
		var wrong *json.UnmarshalTypeError
		if !changes && (errors.As(err, &bad) || errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return social.Because(social.Busy, err, "%s answered with something that is not WordPress’s.", title)
		}
		return channel.Failed(title, err, changes, sent)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096)) // so that the connection is used again
	return nil
}

// deletion is the body of a call that takes something away.
type deletion struct{}

// refused is an answer by which WordPress says why it does not do something.
type refused struct {
	error
	code string
}

func (r *refused) Unwrap() error { return r.error }

// says reports whether an error is WordPress's own with this code.
func says(err error, code string) bool {
	var r *refused
	return errors.As(err, &r) && r.code == code
}

// flood is how long WordPress makes everybody wait between two comments
// (wp_throttle_comment_flood).
const flood = 15 * time.Second

func (r *reader) refusal(resp *http.Response, changes bool) error {
	var e wireError
	if b, err := io.ReadAll(io.LimitReader(resp.Body, 8192)); err == nil {
		_ = json.Unmarshal(b, &e)
	}
	said := strings.TrimRight(strings.NewReplacer("<", "", ">", "").Replace(line(e.Message)), ".")
	if n := []rune(said); len(n) > 200 {
		said = string(n[:200]) + "…"
	}
	var err error
	switch {
	case e.Code == "comment_flood": // a 400, though it is a limit
		busy := social.Errorf(social.Busy, "%s asks us to wait: %s.", r.site.Host, said)
		err = &channel.Later{Err: busy, Wait: flood}
	case e.Code == "comment_duplicate":
		err = social.Errorf(social.Invalid, "These very words of ours stand there already, and WordPress does not take them twice.")
	default:
		err = channel.Status(r.site.Host, resp, text.Cut(said), changes, r.env.Clock.Now())
	}
	if e.Code == "" {
		return err
	}
	return &refused{err, e.Code}
}

// about is what we know of the blog and ourselves.
type about struct {
	route
	name      string
	home      string // the address that the blog has for itself
	self      wireUser
	moderates bool // we see what waits for approval, and raw words
	edits     bool // we see posts that were taken back
	since     time.Time
}

// know asks the blog about itself and about us, once a day.
func (r *reader) know(ctx context.Context) (*about, error) {
	r.mu.Lock()
	a := r.about
	r.mu.Unlock()
	now := r.env.Clock.Now()
	if a != nil && now.Sub(a.since) < 24*time.Hour {
		return a, nil
	}
	a = &about{since: now}
	index, err := r.find(ctx, a)
	if err != nil {
		return nil, err
	}
	a.name, a.home = line(index.Name), strings.TrimRight(cmp.Or(web(index.Home), web(index.URL), r.site.String()), "/")
	if r.password != "" {
		if a.self, err = r.me(ctx, a.route); err != nil {
			return nil, err
		}
		a.moderates, _ = a.self.Capabilities["moderate_comments"].(bool)
		a.edits, _ = a.self.Capabilities["edit_others_posts"].(bool)
	}
	r.mu.Lock()
	r.about = a
	r.mu.Unlock()
	return a, nil
}

// find finds where the API answers.
func (r *reader) find(ctx context.Context, a *about) (wireIndex, error) {
	var first error
	for _, plain := range []bool{false, true} {
		o := route{r.site, plain}
		var index wireIndex
		err := r.call(ctx, o, "/", nil, nil, &index)
		for _, n := range index.Namespaces {
			if err == nil && n == "wp/v2" {
				a.route = o
				return index, nil
			}
		}
		if err == nil {
			err = social.Errorf(social.Invalid, "%s does not answer as a WordPress blog does. Enter the address at which the blog begins.", r.site.Host)
		}
		var later channel.RetryAfter
		if k := social.KindOf(err); k == social.Unauth || k == social.Forbidden || errors.As(err, &later) {
			return index, err
		}
		first = cmp.Or(first, err)
	}
	if social.NotFound.Is(first) {
		first = social.Because(social.Invalid, first, "There is no WordPress at %s, or its REST API is switched off.", r.site)
	}
	return wireIndex{}, first
}

// me is the account whose password we have.
func (r *reader) me(ctx context.Context, o route) (wireUser, error) {
	var u wireUser
	err := r.call(ctx, o, "/wp/v2/users/me", url.Values{"context": {"edit"}}, nil, &u)
	if social.Unauth.Is(err) {
		return u, social.Because(social.Unauth, err, "%s does not accept the user name and application password. If they are right, the blog’s web server may keep the Authorization header from WordPress.", r.site.Host)
	}
	if err == nil && u.ID <= 0 {
		err = social.Errorf(social.Busy, "%s does not say who we are.", r.site.Host)
	}
	return u, err
}
