package youtube

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

// What a call costs
// (https://developers.google.com/youtube/v3/determine_quota_cost).
const (
	costRead  = 1
	costWrite = 50
)

// pacific is where the quota's day begins.
var pacific = func() *time.Location {
	if l, err := time.LoadLocation("America/Los_Angeles"); err == nil {
		return l
	}
	return time.FixedZone("PST", -8*3600)
}()

// midnight is when the quota is whole again.
func midnight(now time.Time) time.Time {
	p := now.In(pacific)
	return time.Date(p.Year(), p.Month(), p.Day()+1, 0, 0, 0, 0, pacific)
}

// spend counts units, and refuses where the day's are used up. A fifth of them
// is left for answers.
func (y *ear) spend(cost int) error {
	y.mu.Lock()
	defer y.mu.Unlock()
	now := y.env.Clock.Now()
	if day := now.In(pacific).Format(time.DateOnly); day != y.day {
		y.day, y.used = day, 0
	}
	most := y.quota
	if cost < costWrite {
		most -= y.quota / 5
	}
	if y.used+cost > most || now.Before(y.over) {
		return spent(now)
	}
	y.used += cost
	return nil
}

func spent(now time.Time) error {
	return &channel.Later{Err: social.Errorf(social.Busy, "The units that YouTube grants for a day are used up; they are whole again at midnight in California."),
		Wait: midnight(now).Sub(now) + time.Minute}
}

// call asks YouTube.
func (y *ear) call(ctx context.Context, method, path string, query url.Values, body, out any) error {
	if err := ctx.Err(); err != nil {
		return social.Because(social.Busy, err, "YouTube was not asked: the request was cancelled.")
	}
	cost := costRead
	if method != http.MethodGet {
		cost = costWrite
	}
	ask := func(header http.Header) error {
		if err := y.spend(cost); err != nil {
			return err
		}
		return channel.Exchange{Title: title, Method: method, URL: y.base + "/youtube/v3/" + path + "?" + query.Encode(), Header: header, Body: body, Out: out,
			Refusal: y.refusal}.Do(ctx, y.env.HTTP)
	}
	if y.oauth == nil {
		return ask(http.Header{"X-Goog-Api-Key": {y.key}}) // and not in the address, which proxies write down
	}
	return y.oauth.With(ctx, func(token string) error { return ask(http.Header{"Authorization": {"Bearer " + token}}) })
}

// refusal sorts an answer that is not a success, by YouTube's reason
// (https://developers.google.com/youtube/v3/docs/errors).
func (y *ear) refusal(r *http.Response, changes bool) error {
	b, _ := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	var e struct {
		Error struct {
			Message string `json:"message"`
			Errors  []struct {
				Reason string `json:"reason"`
			} `json:"errors"`
		} `json:"error"`
	}
	_ = json.Unmarshal(b, &e)
	reason := ""
	if len(e.Error.Errors) > 0 {
		reason = e.Error.Errors[0].Reason
	}
	detail, now := readable(e.Error.Message), y.env.Clock.Now()
	switch reason {
	case "quotaExceeded", "dailyLimitExceeded":
		y.mu.Lock()
		y.over = midnight(now)
		y.mu.Unlock()
		return spent(now)
	case "rateLimitExceeded", "userRateLimitExceeded":
		return &channel.Later{Err: social.Errorf(social.Busy, "YouTube asks us to slow down."), Wait: time.Minute}
	case "keyInvalid", "keyExpired", "authError":
		return social.Errorf(social.Unauth, "YouTube does not accept our credentials any more (%s). Connect the channel again.", detail)
	case "commentsDisabled":
		return social.Errorf(social.Forbidden, "Comments are switched off below this video.")
	}
	if reason == "badRequest" && strings.Contains(e.Error.Message, "API key") {
		return social.Errorf(social.Unauth, "YouTube does not accept our API key (%s). Enter another one.", detail)
	}
	return channel.Status(title, r, detail, changes, now)
}

// readable makes what YouTube said safe to show. It writes HTML.
func readable(s string) string {
	s = strings.Join(strings.Fields(text.FromHTML(s)), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return strings.TrimRight(strings.NewReplacer("<", "", ">", "").Replace(s), ".")
}
