package bluesky

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

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// request is one call of a server. With a body it posts.
type request struct {
	base   *url.URL
	path   string
	query  url.Values
	body   any
	bearer string
}

// raw is the body of a call that sends a file.
type raw struct {
	kind string
	data []byte
}

// refusal is a server's own word for why it refuses, behind the kind.
type refusal struct {
	name string
	err  error
}

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

// named reports whether err is a refusal by one of the names.
func named(err error, names ...string) bool {
	var r *refusal
	if !errors.As(err, &r) {
		return false
	}
	for _, n := range names {
		if r.name == n {
			return true
		}
	}
	return false
}

// call asks a server and reads its JSON answer into out.
func (l *listener) call(ctx context.Context, q request, out any) error {
	title := q.base.Host
	method, changes := http.MethodGet, q.body != nil
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "%s was not asked: the request was cancelled.", title)
	}
	u := *q.base
	u.Path += q.path
	u.RawQuery = q.query.Encode()
	var content io.Reader
	kind := "application/json"
	if changes {
		method = http.MethodPost
		if file, ok := q.body.(raw); ok {
			content, kind = bytes.NewReader(file.data), file.kind
		} else if q.body != empty {
			b, err := json.Marshal(q.body)
			if err != nil {
				return social.Because(social.Fault, err, "The request for %s cannot be written.", title)
			}
			content = bytes.NewReader(b)
		}
	}
	watched, sent := channel.Watch(ctx)
	req, err := http.NewRequestWithContext(watched, method, u.String(), content)
	if err != nil {
		return social.Because(social.Invalid, err, "The address of %s is not one that can be asked.", title)
	}
	req.GetBody = nil // the transport shall not send it a second time by itself
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", agent)
	if content != nil {
		req.Header.Set("Content-Type", kind)
	}
	if q.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+q.bearer)
	}
	resp, err := l.env.HTTP.Do(req)
	if err != nil {
		return channel.Failed(title, err, changes, sent)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return l.refused(title, resp, changes)
	}
	if resp.Request.Method != method {
		return social.Errorf(social.Invalid, "%s sends us elsewhere: enter the address that it leads to.", title)
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		var bad *json.SyntaxError
		var wrong *json.UnmarshalTypeError
		if !changes && (errors.As(err, &bad) || errors.As(err, &wrong) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return social.Because(social.Busy, err, "%s answered with something that is not of the AT Protocol.", title)
		}
		return channel.Failed(title, err, changes, sent)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096)) // so that the connection is used again
	return nil
}

const agent = "Parley (+https://github.com/parley-crm/parley)"

// empty is the body of a call that changes something and says nothing.
var empty = new(struct{ _ byte })

// refused sorts a refusal. Servers answer 400 to much that elsewhere has a
// status of its own; the name tells them apart.
func (l *listener) refused(title string, resp *http.Response, changes bool) error {
	var e wireError
	if b, err := io.ReadAll(io.LimitReader(resp.Body, 8192)); err == nil {
		_ = json.Unmarshal(b, &e)
	}
	switch e.Error {
	case "InvalidToken", "ExpiredToken", "AuthMissing", "AuthenticationRequired", "AuthFactorTokenRequired":
		resp.StatusCode = http.StatusUnauthorized
	case "RecordNotFound", "RepoNotFound", "NotFound":
		resp.StatusCode = http.StatusNotFound
	case "AccountTakedown", "AccountDeactivated", "RepoTakendown", "RepoDeactivated", "RepoSuspended":
		resp.StatusCode = http.StatusForbidden
	}
	err := channel.Status(title, resp, clean(cmp.Or(e.Message, e.Error)), changes, l.env.Clock.Now())
	return &refusal{e.Error, err}
}

// clean makes what a server says safe to show.
func clean(s string) string {
	s = strings.Join(strings.Fields(text.FromHTML(s)), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return strings.TrimRight(strings.NewReplacer("<", "", ">", "").Replace(s), ".")
}

// signed calls our account's server in our name. A token that has run out was
// refused before anything was done, so the call may be made again with a new
// one, once.
func (a *account) signed(ctx context.Context, q request, out any) error {
	token, err := a.token(ctx, "")
	if err != nil {
		return err
	}
	q.base, q.bearer = a.service, token
	err = a.call(ctx, q, out)
	if !named(err, "ExpiredToken", "InvalidToken") && !social.Unauth.Is(err) {
		return err
	}
	if q.bearer, err = a.token(ctx, token); err != nil {
		return err
	}
	return a.call(ctx, q, out)
}

// token returns an access token other than the stale one: the one we have, or
// one for the refresh token, or one for the app password. Sessions are what
// the public servers limit hardest, so the one we have is kept.
func (a *account) token(ctx context.Context, stale string) (string, error) {
	a.session.Lock()
	defer a.session.Unlock()
	if a.session.access != "" && a.session.access != stale {
		return a.session.access, nil
	}
	var s wireSession
	err := error(&refusal{})
	if a.session.refresh != "" {
		err = a.call(ctx, request{base: a.service, path: "/xrpc/com.atproto.server.refreshSession", body: empty, bearer: a.session.refresh}, &s)
	}
	if err != nil {
		if k := social.KindOf(err); a.session.refresh != "" && (k == social.Busy || k == social.Unknown) {
			return "", away(err)
		}
		in := map[string]string{"identifier": a.handle, "password": a.password}
		err = a.call(ctx, request{base: a.service, path: "/xrpc/com.atproto.server.createSession", body: in}, &s)
	}
	if err != nil {
		if named(err, "AuthFactorTokenRequired") {
			return "", social.Because(social.Unauth, err, "%s asks for a second factor: use an app password.", a.service.Host)
		}
		return "", away(err)
	}
	if s.Access == "" || !strings.HasPrefix(s.DID, "did:") {
		return "", social.Errorf(social.Busy, "%s signs us in without a token.", a.service.Host)
	}
	a.session.access, a.session.refresh = s.Access, s.Refresh
	a.mu.Lock()
	a.did = s.DID
	a.mu.Unlock()
	return s.Access, nil
}

// away turns an unknown outcome of signing in into Busy: whether a session
// was made does not matter to anybody.
func away(err error) error {
	if social.Unknown.Is(err) {
		return social.Because(social.Busy, err, "Signing in was not answered.")
	}
	return err
}

// self returns our DID, "" if no account was named.
func (l *listener) self(ctx context.Context) (string, error) {
	l.mu.Lock()
	did := l.did
	l.mu.Unlock()
	if did != "" || l.handle == "" {
		return did, nil
	}
	did, err := l.resolve(ctx, l.handle)
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	l.did = did
	l.mu.Unlock()
	return did, nil
}

// resolve returns the DID behind a handle, by our account's server or else
// the public API.
func (l *listener) resolve(ctx context.Context, handle string) (string, error) {
	var out struct {
		DID string `json:"did"`
	}
	q := request{base: l.service, path: "/xrpc/com.atproto.identity.resolveHandle", query: url.Values{"handle": {handle}}}
	err := l.call(ctx, q, &out)
	if err != nil && l.api.Host != l.service.Host {
		q.base = l.api
		if l.call(ctx, q, &out) == nil {
			err = nil
		}
	}
	if err != nil {
		if social.Invalid.Is(err) {
			return "", social.Because(social.NotFound, err, "Nobody is called %s on Bluesky.", handle)
		}
		return "", err
	}
	if !strings.HasPrefix(out.DID, "did:") {
		return "", social.Errorf(social.Busy, "%s does not say who %s is.", l.service.Host, handle)
	}
	return out.DID, nil
}
