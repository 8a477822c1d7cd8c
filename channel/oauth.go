package channel

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/social"
)

// OAuth gives access tokens and renews them with a refresh token (RFC 6749,
// section 6). It is safe for concurrent use.
//
// A network may hand out another refresh token each time. The next one is
// stored (Env.Rotate) before the access token that came with it is used, so
// that a crash in between costs at most that one access token. An answer
// without a refresh token leaves the stored one as it is.
type OAuth struct {
	Title        string // of the network, in sentences
	Endpoint     string // where tokens are given
	ClientID     string
	ClientSecret string // "" for public clients
	Basic        bool   // the client proves itself in a header, not in the form
	Secret       string // name of the refresh token in the channel's form
	Refresh      string // the refresh token as it was when the channel was made
	Rotates      bool   // each refresh token is good once
	Env          Env

	mu     sync.Mutex
	access string
	until  time.Time // zero when the network did not say
}

// Start begins with an access token whose end nobody knows.
func (o *OAuth) Start(access string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.access = access
}

// early is how long before its end a token is no longer used.
const early = time.Minute

// Token is an access token that is good as far as we know.
func (o *OAuth) Token(ctx context.Context) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.access != "" && (o.until.IsZero() || o.Env.Clock.Now().Before(o.until.Add(-early))) {
		return o.access, nil
	}
	return o.renew(ctx)
}

// After is the token to use when the network refused one.
func (o *OAuth) After(ctx context.Context, refused string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.access != "" && o.access != refused {
		return o.access, nil // somebody else has renewed it
	}
	return o.renew(ctx)
}

// With asks with a token, and once again with a new one where the network
// does not accept it: a refusal of the token proves that nothing was done.
func (o *OAuth) With(ctx context.Context, ask func(token string) error) error {
	token, err := o.Token(ctx)
	if err != nil {
		return err
	}
	if err = ask(token); !social.Unauth.Is(err) {
		return err
	}
	if token, err = o.After(ctx, token); err != nil {
		return err
	}
	return ask(token)
}

func (o *OAuth) renew(ctx context.Context) (string, error) {
	o.access, o.until = "", time.Time{}
	var got grant
	turn := func(ctx context.Context, now string) (string, error) {
		if now == "" {
			return "", social.Errorf(social.Unauth, "%s does not accept our access token any more, and there is no refresh token. Connect the channel again.", o.Title)
		}
		var err error
		got, err = o.ask(ctx, now)
		return got.Refresh, err
	}
	var err error
	switch {
	case o.Env.Rotate != nil:
		err = o.Env.Rotate(ctx, o.Secret, turn)
	case o.Rotates:
		err = social.Errorf(social.Unauth, "%s gives a new token only to a channel that is connected, because each refresh token is good once. Connect it; Parley then renews its access by itself.", o.Title)
	default:
		_, err = turn(ctx, o.Refresh)
	}
	if err != nil {
		return "", err
	}
	if got.Access == "" {
		return "", social.Errorf(social.Busy, "%s gave no access token.", o.Title)
	}
	o.access = got.Access
	if got.Lasts > 0 {
		o.until = o.Env.Clock.Now().Add(time.Duration(got.Lasts) * time.Second)
	}
	return o.access, nil
}

type grant struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Lasts   int64  `json:"expires_in"`
	Error   string `json:"error"`
}

// ask asks for a token. Nothing that customers see changes by it, so what has
// no answer may be asked again.
func (o *OAuth) ask(ctx context.Context, refresh string) (grant, error) {
	var got grant
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}
	if !o.Basic {
		form.Set("client_id", o.ClientID)
		if o.ClientSecret != "" {
			form.Set("client_secret", o.ClientSecret)
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.Endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return got, social.Because(social.Invalid, err, "The address of %s is not one that can be asked.", o.Title)
	}
	req.GetBody = nil
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if o.Basic {
		req.SetBasicAuth(url.QueryEscape(o.ClientID), url.QueryEscape(o.ClientSecret))
	}
	resp, err := o.Env.HTTP.Do(req)
	if err != nil {
		return got, Failed(o.Title, err, false, nil)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return got, Failed(o.Title, err, false, nil)
	}
	bad := json.Unmarshal(b, &got)
	switch code := resp.StatusCode; {
	case code >= 200 && code <= 299 && bad == nil:
		return got, nil
	case code >= 200 && code <= 299:
		return got, social.Because(social.Busy, bad, "%s answered with something that is no token.", o.Title)
	case code == http.StatusBadRequest || code == http.StatusUnauthorized || code == http.StatusForbidden:
		// invalid_grant, invalid_client and the like (RFC 6749, section 5.2).
		return got, social.Errorf(social.Unauth, "%s does not renew our access any more (%s). Connect the channel again.", o.Title, word(got.Error, resp.StatusCode))
	}
	return got, Status(o.Title, resp, "", false, o.Env.Clock.Now())
}

// word is an error's name, where it is one.
func word(s string, code int) string {
	if s == "" || len(s) > 40 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return http.StatusText(code)
	}
	return s
}
