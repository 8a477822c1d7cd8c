package sms

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"regexp"
	"strings"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/social"
)

// places looks like where a file of a message lies, below the account
// (https://www.twilio.com/docs/messaging/api/media-resource).
var places = regexp.MustCompile(`^/Messages/[A-Z]{2}[0-9A-Za-z]{1,64}/Media/ME[0-9A-Za-z]{1,64}$`)

// lies is the place of a file below our account, "" for anything else: nobody
// makes us ask another address, nor with our password.
func (t *twilio) lies(address string) string {
	place, ok := strings.CutPrefix(address, t.url+"/2010-04-01/Accounts/"+t.account)
	if !ok || !places.MatchString(place) {
		return ""
	}
	return place
}

// Enclosed is the files of an MMS.
func (t *twilio) Enclosed(ev channel.Event) ([]social.Enclosed, error) {
	e, err := opened(ev.Raw)
	if err != nil || e.Kind != "in" {
		return nil, err
	}
	out := social.Enclosed{Of: "in:" + line(e.ID, 100)}
	for i, place := range e.Files {
		if i == channel.MostAttached || !places.MatchString(place) {
			continue
		}
		f := social.Attachment{Handle: place}
		if i < len(e.Media) {
			f.Type = channel.FileType(e.Media[i])
		}
		out.Files = append(out.Files, f)
	}
	if len(out.Files) == 0 {
		return nil, nil
	}
	return []social.Enclosed{out}, nil
}

// Fetch opens a file with our password; Twilio leads on to where its bytes
// are, which is asked without it.
func (t *twilio) Fetch(ctx context.Context, a social.Attachment) (io.ReadCloser, error) {
	if !places.MatchString(a.Handle) {
		return nil, social.Errorf(social.Invalid, "This is no file of Twilio's.")
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(t.account+":"+t.token))
	return channel.Download(ctx, t.env.HTTP, twilioTitle, t.url+"/2010-04-01/Accounts/"+t.account+a.Handle, http.Header{"Authorization": {basic}})
}
