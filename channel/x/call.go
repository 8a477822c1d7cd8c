package x

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// ids are numbers that grow with time.
var ids = regexp.MustCompile(`^[0-9]{1,19}$`)

// later reports whether an id was given after another.
func later(a, b string) bool { return len(a) > len(b) || len(a) == len(b) && a > b }

// asUs asks as our account. A token that is not accepted is renewed once: a
// refusal of the token proves that nothing was done.
func (l *line) asUs(ctx context.Context, method, path string, query url.Values, body, out any) error {
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "X was not asked: the request was cancelled.")
	}
	token, err := l.oauth.Token(ctx)
	if err != nil {
		return err
	}
	err = l.call(ctx, token, method, path, query, body, out)
	if !social.Unauth.Is(err) {
		return err
	}
	if token, err = l.oauth.After(ctx, token); err != nil {
		return err
	}
	return l.call(ctx, token, method, path, query, body, out)
}

// asAnyone asks as our account, or as the app where there is none.
func (l *line) asAnyone(ctx context.Context, path string, query url.Values, out any) error {
	if l.oauth != nil {
		return l.asUs(ctx, http.MethodGet, path, query, nil, out)
	}
	return l.call(ctx, l.bearer, http.MethodGet, path, query, nil, out)
}

func (l *line) call(ctx context.Context, token, method, path string, query url.Values, body, out any) error {
	changes := method != http.MethodGet
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "X was not asked: the request was cancelled.")
	}
	watched, sent := channel.Watch(ctx)
	req, err := l.request(watched, token, method, path, query, body)
	if err != nil {
		return err
	}
	resp, err := l.env.HTTP.Do(req)
	if err != nil {
		return channel.Failed(title, err, changes, sent)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return refusal(resp, changes, l.env.Clock.Now())
	}
	if strings.HasSuffix(path, "/mentions") {
		l.note(resp.Header)
	}
	if out == nil { // what it says does not matter
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096))
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		var bad *json.SyntaxError
		var wrong *json.UnmarshalTypeError
		if !changes && (errors.As(err, &bad) || errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return social.Because(social.Busy, err, "X answered with something that is not its own.")
		}
		return channel.Failed(title, err, changes, sent)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096))
	return nil
}

func (l *line) request(ctx context.Context, token, method, path string, query url.Values, body any) (*http.Request, error) {
	var content io.Reader
	kind := "application/json"
	if parts, ok := body.(multi); ok {
		content, kind = bytes.NewReader(parts.data), parts.kind
	} else if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, social.Because(social.Fault, err, "The request for X cannot be written.")
		}
		content = bytes.NewReader(b)
	}
	address := l.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, social.Because(social.Invalid, err, "The address of X is not one that can be asked.")
	}
	req.GetBody = nil
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", kind)
	}
	return req, nil
}

// note remembers how long to leave mentions alone, when no question is left in
// this quarter of an hour (https://docs.x.com/x-api/fundamentals/rate-limits).
func (l *line) note(h http.Header) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wait = 0
	if h.Get("X-Rate-Limit-Remaining") == "0" {
		l.wait = reset(h, l.env.Clock.Now())
	}
}

// reset is how long until a limit is whole again, 0 if that is not told.
func reset(h http.Header, now time.Time) time.Duration {
	if n, err := strconv.Atoi(h.Get("Retry-After")); err == nil && n > 0 {
		return min(time.Duration(n)*time.Second, 24*time.Hour)
	}
	var most time.Duration
	for _, x := range []struct{ left, at string }{
		{"X-Rate-Limit-Remaining", "X-Rate-Limit-Reset"},
		{"X-User-Limit-24hour-Remaining", "X-User-Limit-24hour-Reset"},
		{"X-App-Limit-24hour-Remaining", "X-App-Limit-24hour-Reset"},
	} {
		n, err := strconv.ParseInt(h.Get(x.at), 10, 64)
		if err == nil && (h.Get(x.left) == "0" || h.Get(x.left) == "") {
			most = max(most, time.Unix(n, 0).Sub(now))
		}
	}
	return min(most, 24*time.Hour)
}

// wireProblem is how X refuses (RFC 9457, or a list of what is wrong)
// (https://docs.x.com/x-api/fundamentals/response-codes-and-errors).
type wireProblem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Type   string `json:"type"`
	Errors []struct {
		Title   string `json:"title"`
		Detail  string `json:"detail"`
		Message string `json:"message"`
	} `json:"errors"`
}

func (p wireProblem) said() string {
	s := p.Detail
	for _, e := range p.Errors {
		if s == "" || s == "One or more parameters to your request was invalid." {
			s = first(e.Message, e.Detail, e.Title)
		}
	}
	return readable(first(s, p.Title))
}

// refusal sorts an answer that is not a success.
func refusal(r *http.Response, changes bool, now time.Time) error {
	b, _ := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	var p wireProblem
	_ = json.Unmarshal(b, &p)
	detail := p.said()
	if r.StatusCode == http.StatusTooManyRequests {
		wait := reset(r.Header, now)
		if wait <= 0 {
			wait = time.Minute
		}
		return &channel.Later{Err: social.Errorf(social.Busy, "X asks us to wait (429)%s.", colon(detail)), Wait: wait}
	}
	return channel.Status(title, r, detail, changes, now)
}

func colon(s string) string {
	if s == "" {
		return ""
	}
	return ": " + s
}

func first(all ...string) string {
	for _, s := range all {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// readable makes what X said safe to show.
func readable(s string) string {
	s = strings.Join(strings.Fields(text.Cut(s)), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return strings.TrimRight(strings.NewReplacer("<", "", ">", "").Replace(s), ".")
}
