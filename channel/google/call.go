package google

import (
	"context"
	"encoding/json"
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

// call asks Google.
func (h *house) call(ctx context.Context, method, service, path string, query url.Values, body, out any) error {
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "Google was not asked: the request was cancelled.")
	}
	address := service
	if h.base != nil {
		address = h.base.String()
	}
	address += path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return h.oauth.With(ctx, func(token string) error {
		return channel.Exchange{Title: title, Method: method, URL: address, Header: http.Header{"Authorization": {"Bearer " + token}}, Body: body, Out: out,
			Refusal: func(r *http.Response, changes bool) error { return refusal(r, changes, h.env.Clock.Now()) }}.Do(ctx, h.env.HTTP)
	})
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
