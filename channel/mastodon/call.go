package mastodon

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

// call asks the server and reads its JSON answer into out. With a body it
// posts; key then goes along as Idempotency-Key.
func (l *listener) call(ctx context.Context, method, path string, query url.Values, body, out any, key string) error {
	title := l.server.Host
	changes := method != http.MethodGet
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "%s was not asked: the request was cancelled.", title)
	}
	u := *l.server
	u.Path += path
	u.RawQuery = query.Encode()
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return social.Because(social.Fault, err, "The request for %s cannot be written.", title)
		}
		content = bytes.NewReader(b)
	}
	watched, sent := channel.Watch(ctx)
	req, err := http.NewRequestWithContext(watched, method, u.String(), content)
	if err != nil {
		return social.Because(social.Invalid, err, "The address of %s is not one that can be asked.", title)
	}
	// Without GetBody the transport cannot send the request a second time by
	// itself, which it otherwise does when it bears an Idempotency-Key.
	req.GetBody = nil
	req.Header.Set("Accept", "application/json")
	l.sign(req.Header)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	resp, err := l.env.HTTP.Do(req)
	if err != nil {
		return channel.Failed(title, err, changes, sent)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return channel.Status(title, resp, detail(resp), changes, l.env.Clock.Now())
	}
	if resp.Request.Method != method {
		return social.Errorf(social.Invalid, "%s sends us elsewhere: enter the address that it leads to.", title)
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		var bad *json.SyntaxError
		var wrong *json.UnmarshalTypeError
		if !changes && (errors.As(err, &bad) || errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return social.Because(social.Busy, err, "%s answered with something that is not Mastodon’s.", title)
		}
		return channel.Failed(title, err, changes, sent)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096)) // so that the connection is used again
	return nil
}

// sign adds the token and our name.
func (l *listener) sign(h http.Header) {
	if l.token != "" {
		h.Set("Authorization", "Bearer "+l.token)
	}
	h.Set("User-Agent", "Parley (+https://github.com/parley-crm/parley)") // GoToSocial answers 418 without one
}

// detail is what the server says of a refusal, made safe to show.
func detail(r *http.Response) string {
	b, err := io.ReadAll(io.LimitReader(r.Body, 8192))
	if err != nil {
		return ""
	}
	var e struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(b, &e) != nil {
		return ""
	}
	s := strings.Join(strings.Fields(text.FromHTML(cmp.Or(e.Description, e.Error))), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return strings.TrimRight(strings.NewReplacer("<", "", ">", "").Replace(s), ".")
}

// about is what we know of the server and ourselves.
type about struct {
	self   wireAccount
	host   string // of accounts that are named without one
	max    int    // characters of a post
	link   int    // characters that a link counts, 0 for all of them
	strict bool   // the server counts every character as it stands
	since  time.Time
	stream string // host of the streaming API, if it is another than the server's
}

// unknown is what holds until the server was asked.
func (l *listener) unknown() *about {
	return &about{host: l.server.Host, max: 500, link: 23}
}

// known returns what is known without asking.
func (l *listener) known() *about {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.about == nil {
		return l.unknown()
	}
	return l.about
}

// know asks the server about itself and about us, once a day.
func (l *listener) know(ctx context.Context) (*about, error) {
	l.mu.Lock()
	a := l.about
	l.mu.Unlock()
	now := l.env.Clock.Now()
	if a != nil && now.Sub(a.since) < 24*time.Hour {
		return a, nil
	}
	a = l.unknown()
	a.since = now
	var i wireInstance
	err := l.call(ctx, http.MethodGet, "/api/v2/instance", nil, nil, &i, "")
	if social.NotFound.Is(err) {
		err = l.call(ctx, http.MethodGet, "/api/v1/instance", nil, nil, &i, "")
	}
	if err != nil && !social.NotFound.Is(err) {
		return nil, err
	}
	a.learn(i)
	if l.token != "" {
		if a.self, err = l.self(ctx); err != nil {
			return nil, err
		}
	}
	l.mu.Lock()
	l.about = a
	l.mu.Unlock()
	return a, nil
}

func (a *about) learn(i wireInstance) {
	host := cmp.Or(i.AccountDomain, i.Domain, i.URI)
	if _, rest, ok := strings.Cut(host, "://"); ok {
		host = rest
	}
	if host != "" && !strings.Contains(host, "/") {
		a.host = strings.ToLower(host)
	}
	if u, err := url.Parse(cmp.Or(i.Configuration.URLs.Streaming, i.URLs.Streaming)); err == nil && u.Scheme == "wss" {
		a.stream = u.Host
	}
	st := i.Configuration.Statuses
	a.max = cmp.Or(max(0, st.MaxCharacters), max(0, i.MaxTootChars), a.max)
	a.link = cmp.Or(max(0, st.URLCharacters), a.link)
	// Only Mastodon itself weighs links and mentions and counts graphemes.
	// GoToSocial and Pleroma count every character; they say who they are by
	// their source or version.
	a.strict = strings.Contains(strings.ToLower(i.SourceURL+" "+i.Version), "gotosocial") ||
		strings.HasPrefix(i.Version, "0.") || strings.Contains(i.Version, "compatible") || i.AccountDomain != ""
}

func (l *listener) self(ctx context.Context) (wireAccount, error) {
	var a wireAccount
	err := l.call(ctx, http.MethodGet, "/api/v1/accounts/verify_credentials", nil, nil, &a, "")
	if err == nil && a.ID == "" {
		err = social.Errorf(social.Busy, "%s does not say who we are.", l.server.Host)
	}
	return a, err
}
