package google

import (
	"bytes"
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

// The three services of a Business Profile
// (https://developers.google.com/my-business/ref_overview).
const (
	accounts = "https://mybusinessaccountmanagement.googleapis.com"
	info     = "https://mybusinessbusinessinformation.googleapis.com"
	reviews  = "https://mybusiness.googleapis.com"
)

// call asks Google. A token that is not accepted is renewed once: a refusal
// of the token proves that nothing was done.
func (h *house) call(ctx context.Context, method, service, path string, query url.Values, body, out any) error {
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "Google was not asked: the request was cancelled.")
	}
	token, err := h.oauth.Token(ctx)
	if err != nil {
		return err
	}
	err = h.once(ctx, token, method, service, path, query, body, out)
	if !social.Unauth.Is(err) {
		return err
	}
	if token, err = h.oauth.After(ctx, token); err != nil {
		return err
	}
	return h.once(ctx, token, method, service, path, query, body, out)
}

func (h *house) once(ctx context.Context, token, method, service, path string, query url.Values, body, out any) error {
	changes := method != http.MethodGet
	address := service
	if h.base != nil {
		address = h.base.String()
	}
	address += path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return social.Because(social.Fault, err, "The request for Google cannot be written.")
		}
		content = bytes.NewReader(b)
	}
	watched, sent := channel.Watch(ctx)
	req, err := http.NewRequestWithContext(watched, method, address, content)
	if err != nil {
		return social.Because(social.Invalid, err, "The address of Google is not one that can be asked.")
	}
	req.GetBody = nil
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := h.env.HTTP.Do(req)
	if err != nil {
		return channel.Failed(title, err, changes, sent)
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return refusal(resp, changes, h.env.Clock.Now())
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		var bad *json.SyntaxError
		var wrong *json.UnmarshalTypeError
		if !changes && (errors.As(err, &bad) || errors.As(err, &wrong) || errors.Is(err, io.ErrUnexpectedEOF)) {
			return social.Because(social.Busy, err, "Google answered with something that is not its own.")
		}
		return channel.Failed(title, err, changes, sent)
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096))
	return nil
}

// refusal sorts an answer that is not a success, by Google's own word for it
// (https://cloud.google.com/apis/design/errors).
func refusal(r *http.Response, changes bool, now time.Time) error {
	b, _ := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	var e struct {
		Error struct {
			Message string `json:"message"`
			Status  string `json:"status"`
		} `json:"error"`
	}
	_ = json.Unmarshal(b, &e)
	detail := readable(e.Error.Message)
	if e.Error.Status == "FAILED_PRECONDITION" { // such as a place that is not verified
		return social.Errorf(social.Forbidden, "Google does not allow this as things stand (%s). A place must be verified before its reviews can be answered.", detail)
	}
	return channel.Status(title, r, detail, changes, now)
}

// readable makes what Google said safe to show.
func readable(s string) string {
	s = strings.Join(strings.Fields(text.Cut(s)), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return strings.TrimRight(strings.NewReplacer("<", "", ">", "").Replace(s), ".")
}
