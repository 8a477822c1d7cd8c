package sms

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/sniff"
	"github.com/parley-crm/parley/social"
)

const (
	shelf   = "mms"            // whose the files are that wait to be fetched
	fetched = 30 * time.Minute // how long Twilio may take for that
	small   = 1_000_000        // bytes that telephones take, about
)

// Carries is pictures, where the number sends them and Twilio can fetch them
// from us (https://www.twilio.com/docs/messaging/guides/accepted-mime-types).
func (t *twilio) Carries(social.Visibility) channel.Load {
	if !t.mms || t.env.Shelf == nil || !strings.HasPrefix(t.env.Hook, "https://") {
		return channel.Load{}
	}
	return channel.Load{Types: []string{"image/jpeg", "image/png", "image/gif"}, Most: 5, Size: 16 << 20, Shrinks: small}
}

// lay puts the pictures of a message where Twilio fetches them, and adds their
// addresses to its form. Nobody can guess one, and none works for long.
func (t *twilio) lay(ctx context.Context, form url.Values, r social.Reply) error {
	if len(r.Media) == 0 {
		return nil
	}
	load := t.Carries(r.Visibility)
	if err := channel.Bear(load, r.Media); err != nil {
		return err
	}
	until := t.clock.Now().Add(fetched).Unix()
	for i, m := range r.Media {
		m, data, err := channel.Bytes(load, m)
		if err != nil {
			return err
		}
		id := "ours/" + r.Key + "/" + strconv.Itoa(i)
		if _, err := t.env.Shelf.Put(ctx, t.env.ID, shelf, channel.Brought{ID: id, Name: m.Name}, data, 0); err != nil {
			return social.Because(social.Busy, err, "The pictures could not be laid out for Twilio yet.")
		}
		name := coded(id) + "." + strconv.FormatInt(until, 36)
		form.Add("MediaUrl", t.env.Hook+"/file/"+name+"."+t.mark(name))
	}
	return nil
}

func (t *twilio) mark(name string) string {
	h := hmac.New(sha256.New, []byte(t.token))
	h.Write([]byte("file\x00" + t.account + "\x00" + name))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// give answers Twilio's question for a picture of ours.
func (t *twilio) give(path string) (channel.Answer, error) {
	gone := social.Errorf(social.NotFound, "This address of a file is over.")
	i := strings.LastIndexByte(path, '.')
	if i < 0 || !hmac.Equal([]byte(path[i+1:]), []byte(t.mark(path[:i]))) {
		return channel.Answer{}, gone
	}
	name, when, _ := strings.Cut(path[:i], ".")
	until, err := strconv.ParseInt(when, 36, 64)
	if err != nil || t.clock.Now().Unix() > until || t.env.Shelf == nil {
		return channel.Answer{}, gone
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	b, data, err := t.env.Shelf.Open(ctx, t.env.ID, shelf, decoded(name))
	if err != nil {
		return channel.Answer{}, gone
	}
	body, err := io.ReadAll(data)
	if err != nil {
		return channel.Answer{}, social.Because(social.Busy, err, "The file cannot be read right now.")
	}
	kind := sniff.Stream
	if b.Picture {
		kind = b.Type
	}
	return channel.Answer{Status: http.StatusOK, Type: kind, Body: body}, nil
}
