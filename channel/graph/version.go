package graph

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// usual is the version that new channels use: the newest that had been out for
// some months when this was written.
const usual = "v26.0"

// ends are the days on which versions stop to be served, as far as Meta has
// set them (https://developers.facebook.com/docs/graph-api/changelog/versions/).
// After that day a call is served by the next older version that lives, with
// whatever changed in between, or refused.
var ends = map[string]string{
	"v17.0": "2025-09-12",
	"v18.0": "2026-01-26",
	"v19.0": "2026-05-21",
	"v20.0": "2026-09-24",
	"v21.0": "2027-01-21",
	"v22.0": "2027-05-20",
	"v23.0": "2027-10-08",
	"v24.0": "2028-02-18",
	"v25.0": "2028-07-29",
}

// end is the day on which a version stops to be served.
func end(version string) (time.Time, bool) {
	day, ok := ends[version]
	if !ok {
		return time.Time{}, false
	}
	at, err := time.Parse(time.DateOnly, day)
	return at, err == nil
}

// wireToken is what debug_token tells of a token
// (https://developers.facebook.com/docs/graph-api/reference/debug_token/).
type wireToken struct {
	Data struct {
		App     ident    `json:"app_id"`
		Valid   bool     `json:"is_valid"`
		Expires int64    `json:"expires_at"`             // 0 means never
		Access  int64    `json:"data_access_expires_at"` // 0 means never
		Scopes  []string `json:"scopes"`
		Error   struct {
			Message string `json:"message"`
		} `json:"error"`
	} `json:"data"`
}

// Expiries tells of the end of the API's version and of the token.
func (c *client) Expiries(ctx context.Context) ([]channel.Expiry, error) {
	var out []channel.Expiry
	if at, ok := end(c.version); ok {
		out = append(out, channel.Expiry{What: "API version " + c.version, At: at,
			Help: fmt.Sprintf("Set a newer version of the Graph API in the channel’s settings, such as %s, after reading Meta’s changelog.", usual)})
	}
	asker := *c
	asker.token = c.app + "|" + c.secret // the app asks about a token that was made for it
	var t wireToken
	if err := asker.get(ctx, "debug_token", url.Values{"input_token": {c.token}}, &t); err != nil {
		return nil, err
	}
	if !t.Data.Valid {
		return nil, social.Errorf(social.Unauth, "%s does not accept our access token any more. Make a new one and enter it.", c.title)
	}
	if t.Data.Expires > 0 {
		out = append(out, channel.Expiry{What: "token", At: time.Unix(t.Data.Expires, 0).UTC(),
			Help: "Make a new access token and enter it; one of a system user does not end."})
	}
	if t.Data.Access > 0 {
		out = append(out, channel.Expiry{What: "data access", At: time.Unix(t.Data.Access, 0).UTC(),
			Help: "Whoever made the token must allow the app once more, and the new token be entered."})
	}
	return out, nil
}
