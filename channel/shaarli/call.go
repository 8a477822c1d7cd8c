package shaarli

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// pass is the token of one request: signed with the secret, and good for nine
// minutes (https://shaarli.readthedocs.io/en/master/REST-API.html).
func pass(secret string, now time.Time) string {
	enc := base64.RawURLEncoding
	head := enc.EncodeToString([]byte(`{"typ":"JWT","alg":"HS512"}`)) + "." + enc.EncodeToString(fmt.Appendf(nil, `{"iat":%d}`, now.Unix()))
	h := hmac.New(sha512.New, []byte(secret))
	h.Write([]byte(head))
	return head + "." + enc.EncodeToString(h.Sum(nil))
}

// there is the answer that an address is on the list already.
type there struct {
	error
	link wireLink
}

func (t *there) Unwrap() error { return t.error }

// call asks the list and reads its JSON answer into out. With a body it adds
// something; it never does so twice.
func (l *list) call(ctx context.Context, path string, query url.Values, body, out any) error {
	title := l.site.Host
	method, changes := http.MethodGet, body != nil
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "%s was not asked: the request was cancelled.", title)
	}
	u := *l.site
	u.Path += "/api/v1" + path
	u.RawQuery = query.Encode()
	var content io.Reader
	if changes {
		b, err := json.Marshal(body)
		if err != nil {
			return social.Because(social.Fault, err, "The request for %s cannot be written.", title)
		}
		method, content = http.MethodPost, bytes.NewReader(b)
	}
	watched, sent := channel.Watch(ctx)
	req, err := http.NewRequestWithContext(watched, method, u.String(), content)
	if err != nil {
		return social.Because(social.Invalid, err, "The address of %s is not one that can be asked.", title)
	}
	req.GetBody = nil // so that the transport cannot send it a second time by itself
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Parley (+https://github.com/parley-crm/parley)")
	req.Header.Set("Authorization", "Bearer "+pass(l.secret, l.env.Clock.Now()))
	if changes {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := l.env.HTTP.Do(req)
	if err != nil {
		return channel.Failed(title, err, changes, sent)
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusConflict && changes {
		t := &there{error: social.Errorf(social.Invalid, "This address is on the list of %s already.", title)}
		_ = json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&t.link)
		return t
	}
	if resp.StatusCode == http.StatusUnauthorized {
		return social.Errorf(social.Unauth, "%s does not accept the API secret. Copy it anew, see that the REST API is on, and that the clocks of both servers are right.", title)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return channel.Status(title, resp, "", changes, l.env.Clock.Now())
	}
	if resp.Request.Method != method {
		return social.Errorf(social.Invalid, "%s sends us elsewhere: enter the address that it leads to.", title)
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		var bad *json.SyntaxError
		var wrong *json.UnmarshalTypeError
		if !changes && (errors.As(err, &bad) || errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return social.Because(social.Busy, err, "%s answered with something that is not Shaarli’s.", title)
		}
		return channel.Failed(title, err, changes, sent)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096)) // so that the connection is used again
	return nil
}

// Self is the list itself: who has its secret speaks for it.
func (l *list) Self(ctx context.Context) (social.Author, error) {
	in, err := l.about(ctx)
	return in.author(), err
}

// Profile is the list's owner; nobody else speaks there.
func (l *list) Profile(ctx context.Context, who social.Author) (social.Author, error) {
	in, err := l.about(ctx)
	if err != nil || who.ID() != in.author().ID() {
		return who, err
	}
	return in.author(), nil
}

// about asks for the list's name.
func (l *list) about(ctx context.Context) (envelope, error) {
	var i wireInfo
	err := l.call(ctx, "/info", nil, nil, &i)
	return envelope{Site: l.site.String(), Name: line(i.Settings.Title)}, err
}
