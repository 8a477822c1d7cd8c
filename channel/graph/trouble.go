package graph

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// wireError is how the Graph API refuses
// (https://developers.facebook.com/docs/graph-api/guides/error-handling/).
type wireError struct {
	Error *struct {
		Message string `json:"message"`
		Code    int    `json:"code"`
		Subcode int    `json:"error_subcode"`
		User    string `json:"error_user_msg"`
		Data    struct {
			Details string `json:"details"`
		} `json:"error_data"`
	} `json:"error"`
}

// sort says what can be done about an error's code.
type sort int

const (
	bad       sort = iota // the request is wrong
	credit                // the token is not accepted
	tooFast               // a limit was met: nothing was done
	trouble               // their own trouble: nobody can tell
	forbidden             // we may not
	window                // too long since the customer's last words
	person                // this person cannot be reached
	missing               // there is no such thing
	outdated              // the version of the API has ended
)

// sorted sorts the codes of https://developers.facebook.com/docs/graph-api/guides/error-handling/,
// https://developers.facebook.com/docs/messenger-platform/error-codes and
// https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes.
func sorted(code, sub int) sort {
	switch sub {
	case 2018278, 2018065, 2534022: // Messenger and Instagram: outside of the allowed window
		return window
	case 1545041, 2018108: // this person is not available, or does not take messages of ours
		return person
	case 33, 2018001: // no such object, no such person
		return missing
	}
	switch code {
	case 102, 190, 463, 467:
		return credit
	case 4, 17, 32, 341, 613, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80007, 80008, 80009, 80014,
		130429, 131048, 131056, 133016:
		return tooFast
	case 1, 2, 131000, 131016, 131057:
		return trouble
	case 131047:
		return window
	case 551, 131026, 131030, 131050, 133010:
		return person
	case 3, 10, 368, 131005, 131031, 131042, 131045:
		return forbidden
	case 803:
		return missing
	case 2635:
		return outdated
	}
	if code >= 200 && code <= 299 {
		return forbidden
	}
	return bad
}

// refusal sorts an answer that is not a success.
func (c *client) refusal(r *http.Response, changes bool) error {
	b, _ := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	var w wireError
	if json.Unmarshal(b, &w) != nil || w.Error == nil || w.Error.Code == 0 {
		r.Body = io.NopCloser(bytes.NewReader(b))
		return channel.Status(c.title, r, "", changes, c.env.Clock.Now())
	}
	e := w.Error
	said := ""
	if d := readable(first(e.User, e.Data.Details, e.Message)); d != "" {
		said = ": " + d
	}
	switch sorted(e.Code, e.Subcode) {
	case credit:
		return social.Errorf(social.Unauth, "%s does not accept our access token any more (%d)%s. Make a new one and enter it in the channel’s settings.", c.title, e.Code, said)
	case tooFast:
		return &channel.Later{Err: social.Errorf(social.Busy, "%s asks us to wait (%d)%s.", c.title, e.Code, said), Wait: pause(r.Header)}
	case trouble:
		if changes {
			return social.Errorf(social.Unknown, "%s failed (%d)%s, so nobody can tell whether it was done.", c.title, e.Code, said)
		}
		return social.Errorf(social.Busy, "%s has trouble of its own (%d)%s.", c.title, e.Code, said)
	case window:
		return social.Errorf(social.Forbidden, "%s takes an answer only for some time after the customer’s last words, and that is over (%d). It takes one again as soon as they write again.", c.title, e.Code)
	case person:
		return social.Errorf(social.Forbidden, "%s cannot reach this person (%d)%s.", c.title, e.Code, said)
	case forbidden:
		return social.Errorf(social.Forbidden, "%s does not allow this (%d)%s. The app may miss a permission, or the account is restricted.", c.title, e.Code, said)
	case missing:
		return social.Errorf(social.NotFound, "%s does not know this, or our token may not see it (%d)%s.", c.title, e.Code, said)
	case outdated:
		return social.Errorf(social.Forbidden, "%s has ended version %s of its API (%d). Set a newer one in the channel’s settings.", c.title, c.version, e.Code)
	}
	if r.StatusCode >= 500 && changes {
		return social.Errorf(social.Unknown, "%s failed (%d)%s, so nobody can tell whether it was done.", c.title, e.Code, said)
	}
	return social.Errorf(social.Invalid, "%s refuses this (%d)%s.", c.title, e.Code, said)
}

// pause is how long we are asked to wait: Retry-After, or the time until
// access comes back, in minutes, among what an app has used up
// (https://developers.facebook.com/docs/graph-api/overview/rate-limiting/).
func pause(h http.Header) time.Duration {
	if n, err := strconv.Atoi(h.Get("Retry-After")); err == nil && n > 0 {
		return min(time.Duration(n)*time.Second, 6*time.Hour)
	}
	var used map[string][]struct {
		Minutes int `json:"estimated_time_to_regain_access"`
	}
	most := 0
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &used) == nil {
		for _, list := range used {
			for _, u := range list {
				most = max(most, u.Minutes)
			}
		}
	}
	if most > 0 {
		return min(time.Duration(most)*time.Minute, 6*time.Hour)
	}
	return time.Minute
}

func first(all ...string) string {
	for _, s := range all {
		if strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// readable makes what the network said safe to show.
func readable(s string) string {
	s = strings.Join(strings.Fields(text.Cut(s)), " ")
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return strings.TrimRight(strings.NewReplacer("<", "", ">", "").Replace(s), ".")
}
