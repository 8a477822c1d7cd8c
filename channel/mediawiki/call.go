package mediawiki

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	xhtml "golang.org/x/net/html"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

const userAgent = "Parley (+https://github.com/parley-crm/parley)"

// refused is an answer by which the wiki says why it does not do something.
type refused struct {
	error
	code string
}

func (r *refused) Unwrap() error { return r.error }

func says(err error, codes ...string) bool {
	var r *refused
	return errors.As(err, &r) && slices.Contains(codes, r.code)
}

// session returns the client that holds our cookies.
func (r *reader) session() *http.Client {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client == nil {
		c := *r.env.HTTP
		c.Jar, _ = cookiejar.New(nil)
		r.client, r.in = &c, false
	}
	return r.client
}

// leave forgets the session, so that the next question signs in anew.
func (r *reader) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.client, r.in = nil, false
}

// ask asks the wiki something. It signs in first where there is a password,
// and once more if the session has ended.
func (r *reader) ask(ctx context.Context, api *url.URL, q url.Values) (wireAnswer, error) {
	if r.password == "" {
		return r.call(ctx, api, q, nil)
	}
	q.Set("assert", "user")
	if err := r.signIn(ctx, api); err != nil {
		return wireAnswer{}, err
	}
	out, err := r.call(ctx, api, q, nil)
	if says(err, "assertuserfailed", "assertnameduserfailed") {
		r.leave()
		if err := r.signIn(ctx, api); err != nil {
			return wireAnswer{}, err
		}
		out, err = r.call(ctx, api, q, nil)
	}
	return out, err
}

// signIn signs in with the bot password, unless we are in.
func (r *reader) signIn(ctx context.Context, api *url.URL) error {
	r.session()
	r.mu.Lock()
	in := r.in
	r.mu.Unlock()
	if in {
		return nil
	}
	got, err := r.call(ctx, api, url.Values{"action": {"query"}, "meta": {"tokens"}, "type": {"login"}}, nil)
	if err != nil {
		return err
	}
	// Signing in changes nothing on the wiki, so it may be tried again.
	out, err := r.call(ctx, api, nil, url.Values{
		"action": {"login"}, "lgname": {r.login}, "lgpassword": {r.password}, "lgtoken": {got.Query.Tokens.Login},
	})
	if social.Unknown.Is(err) {
		err = social.Because(social.Busy, err, "%s did not finish signing us in.", r.site.Host)
	}
	if err != nil {
		return err
	}
	said := sentence(out.Login.Reason)
	switch out.Login.Result {
	case "Success":
		r.mu.Lock()
		r.in = true
		r.mu.Unlock()
		return nil
	case "Throttled":
		return &channel.Later{Err: social.Errorf(social.Busy, "%s asks us to wait before signing in again.", r.site.Host), Wait: 5 * time.Minute}
	case "NeedToken", "WrongToken", "":
		r.leave()
		return social.Errorf(social.Busy, "%s lost our session while we were signing in.", r.site.Host)
	}
	r.leave()
	return social.Errorf(social.Unauth, "%s does not accept the bot password: %s.", r.site.Host, cmp.Or(said, out.Login.Result))
}

// call makes one request. With a form it posts; it never does so twice.
func (r *reader) call(ctx context.Context, api *url.URL, q, form url.Values) (wireAnswer, error) {
	title := r.site.Host
	if err := ctx.Err(); err != nil {
		return wireAnswer{}, social.Because(social.Busy, err, "%s was not asked: the request was cancelled.", title)
	}
	method, changes := http.MethodGet, form != nil
	u := *api
	fixed := url.Values{"format": {"json"}, "formatversion": {"2"}}
	var content io.Reader
	if changes {
		for k, v := range fixed {
			form[k] = v
		}
		method, content = http.MethodPost, strings.NewReader(form.Encode())
	} else {
		for k, v := range q {
			fixed[k] = v
		}
		fixed.Set("maxlag", "5") // so that a wiki under load is left in peace
		u.RawQuery = fixed.Encode()
	}
	watched, sent := channel.Watch(ctx)
	req, err := http.NewRequestWithContext(watched, method, u.String(), content)
	if err != nil {
		return wireAnswer{}, social.Because(social.Invalid, err, "The address of %s is not one that can be asked.", title)
	}
	req.GetBody = nil // so that the transport cannot send it a second time by itself
	req.Header.Set("User-Agent", userAgent)
	if changes {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := r.session().Do(req)
	if err != nil {
		return wireAnswer{}, channel.Failed(title, err, changes, sent)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return wireAnswer{}, channel.Status(title, resp, "", changes, r.env.Clock.Now())
	}
	if resp.Request.Method != method {
		return wireAnswer{}, social.Errorf(social.Invalid, "%s sends us elsewhere: enter the address that it leads to.", title)
	}
	var out wireAnswer
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		var bad *json.SyntaxError
		var wrong *json.UnmarshalTypeError
		if !changes && (errors.As(err, &bad) || errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return out, social.Because(social.Busy, err, "%s answered with something that is not MediaWiki’s.", title)
		}
		return out, channel.Failed(title, err, changes, sent)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096)) // so that the connection is used again
	if out.Error != nil {
		return out, &refused{r.refusal(resp, out.Error.Code, sentence(out.Error.Info), changes), out.Error.Code}
	}
	return out, nil
}

// refusal sorts the codes of https://www.mediawiki.org/wiki/API:Errors_and_warnings.
func (r *reader) refusal(resp *http.Response, code, info string, changes bool) error {
	host := r.site.Host
	has := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(p string) bool { return strings.HasPrefix(code, p) })
	}
	switch {
	case has("maxlag", "ratelimited", "actionthrottled", "readonly"):
		late := *resp
		late.StatusCode = http.StatusServiceUnavailable
		return channel.Status(host, &late, info, changes, r.env.Clock.Now())
	case has("assert", "badtoken", "notoken", "sessionfailure"):
		r.leave()
		return social.Errorf(social.Busy, "Our session on %s had ended; we sign in anew.", host)
	case has("editconflict", "pagedeleted", "articleexists"):
		return social.Errorf(social.Busy, "Somebody else changed the page on %s at the same moment, so it is tried anew.", host)
	case has("internal_api_error", "unknownerror") && changes:
		return social.Errorf(social.Unknown, "%s failed (%s), so nobody can tell whether it was done.", host, text.Cut(code))
	case has("internal_api_error", "unknownerror"):
		return social.Errorf(social.Busy, "%s has trouble of its own (%s).", host, text.Cut(code))
	case has("missingtitle", "nosuchrev", "nosuchsection", "nosuchpage", "invalidtitle"):
		return social.Errorf(social.NotFound, "%s does not know this: %s.", host, info)
	case has("permissiondenied", "protected", "cantcreate", "blocked", "autoblocked", "abusefilter", "spam", "titleblacklist", "noedit", "noapiwrite", "hookaborted", "readapidenied", "cascadeprotected", "namespaceprotected", "customcssjs"):
		return social.Errorf(social.Forbidden, "%s does not allow this: %s.", host, info)
	}
	return social.Errorf(social.Invalid, "%s refuses this: %s.", host, cmp.Or(info, text.Cut(code)))
}

// sentence makes what the wiki says safe to show, without a full stop.
func sentence(s string) string {
	s = strings.Join(strings.Fields(text.FromHTML(s)), " ")
	s = strings.TrimRight(strings.NewReplacer("<", "", ">", "").Replace(s), ".")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return s
}

// about is what we know of the wiki and ourselves.
type about struct {
	api   *url.URL
	page  string // address of a page, with $1 for its title
	lang  string
	self  string
	names map[int][]string // of namespaces, folded, the wiki's own first
	title map[int]string   // as the wiki writes it
	since time.Time
}

// know asks the wiki about itself and about us, once a day.
func (r *reader) know(ctx context.Context) (*about, error) {
	r.mu.Lock()
	a := r.about
	r.mu.Unlock()
	now := r.env.Clock.Now()
	if a != nil && now.Sub(a.since) < 24*time.Hour {
		return a, nil
	}
	a = &about{since: now, self: r.user, names: map[int][]string{}, title: map[int]string{}}
	q := url.Values{"action": {"query"}, "meta": {"siteinfo|userinfo"}, "siprop": {"general|namespaces|namespacealiases"}}
	places, err := r.places(ctx)
	if err != nil {
		return nil, err
	}
	var got wireAnswer
	for _, api := range places {
		a.api = api
		if got, err = r.ask(ctx, api, q); err == nil && got.Query.General == nil {
			err = social.Errorf(social.Invalid, "%s does not answer as MediaWiki does.", r.site.Host)
		}
		if err == nil || social.Unauth.Is(err) || social.Forbidden.Is(err) {
			break
		}
	}
	if err != nil {
		if social.NotFound.Is(err) {
			err = social.Because(social.Invalid, err, "There is no MediaWiki at %s. Enter the address of one of its pages.", r.site)
		}
		return nil, err
	}
	a.learn(got.Query, r.site)
	if r.password != "" {
		a.self = got.Query.UserInfo.Name
	}
	r.mu.Lock()
	r.about = a
	r.mu.Unlock()
	return a, nil
}

func (a *about) learn(q wireQuery, site *url.URL) {
	base := *site
	base.Path, base.RawQuery = "/", ""
	server, err := base.Parse(q.General.Server) // may come without a scheme
	if err != nil || server.Host == "" {
		server = &base
	}
	a.page = server.Scheme + "://" + server.Host + q.General.Article
	if !strings.Contains(a.page, "$1") {
		a.page = server.Scheme + "://" + server.Host + q.General.Script + "?title=$1"
	}
	a.lang = q.General.Lang
	for _, n := range q.Namespaces {
		a.title[n.ID] = n.Name
		a.names[n.ID] = append(a.names[n.ID], fold(n.Name), fold(n.Canonical))
	}
	for _, n := range q.Aliases {
		a.names[n.ID] = append(a.names[n.ID], fold(n.Alias))
	}
}

func fold(s string) string { return strings.ToLower(normal(s)) }

// places are where the API may answer: as entered, as the page says, or where
// it usually is.
func (r *reader) places(ctx context.Context) ([]*url.URL, error) {
	if strings.HasSuffix(r.site.Path, "/api.php") {
		u := *r.site
		u.RawQuery = ""
		return []*url.URL{&u}, nil
	}
	if u, err := r.advertised(ctx); err != nil || u != nil {
		return []*url.URL{u}, err
	}
	var out []*url.URL
	for _, p := range []string{strings.TrimRight(r.site.Path, "/") + "/api.php", "/w/api.php", "/api.php", "/wiki/api.php"} {
		out = append(out, &url.URL{Scheme: r.site.Scheme, Host: r.site.Host, Path: p})
	}
	return out, nil
}

// advertised reads where a page of the wiki says that its API is
// (rel="EditURI"); nil if it does not say.
func (r *reader) advertised(ctx context.Context) (*url.URL, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.site.String(), nil)
	if err != nil {
		return nil, social.Because(social.Invalid, err, "%s is not an address that can be asked.", r.site)
	}
	req.Header.Set("User-Agent", userAgent)
	resp, err := r.env.HTTP.Do(req)
	if err != nil {
		return nil, channel.Failed(r.site.Host, err, false, nil)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= 500 {
		return nil, channel.Status(r.site.Host, resp, "", false, r.env.Clock.Now())
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return nil, channel.Failed(r.site.Host, err, false, nil)
	}
	z := xhtml.NewTokenizer(bytes.NewReader(body))
	for range 2000 {
		kind := z.Next()
		if kind == xhtml.ErrorToken {
			break
		}
		t := z.Token()
		if t.Data != "link" {
			continue
		}
		rel, href := "", ""
		for _, at := range t.Attr {
			switch at.Key {
			case "rel":
				rel = at.Val
			case "href":
				href = at.Val
			}
		}
		if strings.EqualFold(rel, "EditURI") {
			if u, err := resp.Request.URL.Parse(href); err == nil && strings.HasPrefix(u.Scheme, "http") {
				u.RawQuery = ""
				return u, nil
			}
		}
	}
	return nil, nil
}
