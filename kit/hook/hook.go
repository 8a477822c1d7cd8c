// Package hook signs and verifies webhooks as Standard Webhooks says
// (https://github.com/standard-webhooks/standard-webhooks, specification 1.0):
// an HMAC-SHA256 over the message's id, its time and its body.
//
// It promises that nothing is read of a body before the signature is found
// good, that comparing takes the same time whatever is wrong, and that a
// message signed more than Tolerance from now is refused.
package hook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/parley-crm/parley/social"
)

// Tolerance is how far the time of a message may be from now.
const Tolerance = 5 * time.Minute

// The headers of a message.
const (
	HeaderID        = "webhook-id"
	HeaderTime      = "webhook-timestamp"
	HeaderSignature = "webhook-signature"
)

const prefix = "whsec_"

// Key is a secret that both sides know.
type Key struct{ secret []byte }

// NewKey makes a key, and its text for the other side.
func NewKey() (Key, string) {
	b := make([]byte, 32)
	rand.Read(b)
	return Key{b}, prefix + base64.StdEncoding.EncodeToString(b)
}

// ParseKey reads a key's text: base64, with whsec_ before it or without.
func ParseKey(s string) (Key, error) {
	text := strings.TrimPrefix(strings.TrimSpace(s), prefix)
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		b, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	}
	switch {
	case err != nil:
		return Key{}, errors.New("A secret is whsec_ and then letters, digits, + and / (base64); let Parley make one.")
	case len(b) < 16:
		return Key{}, errors.New("The secret is too short to be safe; let Parley make one.")
	}
	return Key{b}, nil
}

// Sign is the signature of a message.
func (k Key) Sign(id string, at time.Time, body []byte) string {
	return "v1," + base64.StdEncoding.EncodeToString(k.mac(id, strconv.FormatInt(at.Unix(), 10), body))
}

func (k Key) mac(id, at string, body []byte) []byte {
	m := hmac.New(sha256.New, k.secret)
	m.Write([]byte(id + "." + at + "."))
	m.Write(body)
	return m.Sum(nil)
}

// most is how many signatures a message may bear, and how long its id may be.
const (
	most   = 20
	longID = 200
)

// Verify finds out whether one of the keys has signed a message, and returns
// its id and time. Whatever is wrong is an error of kind Unauth.
func Verify(h http.Header, body []byte, keys []Key, now time.Time) (string, time.Time, error) {
	var got [3]string
	for i, name := range []string{HeaderID, HeaderTime, HeaderSignature} {
		vs := h.Values(name)
		if len(vs) != 1 || vs[0] == "" {
			return "", time.Time{}, social.Errorf(social.Unauth, "The request needs one header %s.", name)
		}
		got[i] = vs[0]
	}
	id, stamp, signatures := got[0], got[1], got[2]
	if len(id) > longID || len(signatures) > 8<<10 {
		return "", time.Time{}, refused()
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || stamp != strconv.FormatInt(seconds, 10) {
		return "", time.Time{}, social.Errorf(social.Unauth, "The header %s is a number of seconds since 1970.", HeaderTime)
	}
	at := time.Unix(seconds, 0).UTC()
	good := false
	for i, s := range strings.Fields(signatures) {
		text, ok := strings.CutPrefix(s, "v1,")
		sig, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil || i >= most {
			continue // another version, or one too many
		}
		for _, k := range keys {
			if hmac.Equal(sig, k.mac(id, stamp, body)) {
				good = true
			}
		}
	}
	if !good {
		return "", time.Time{}, refused()
	}
	if off := now.Sub(at); off > Tolerance || off < -Tolerance {
		return "", time.Time{}, social.Errorf(social.Unauth, "The request was signed more than five minutes ago, or in the future. Check the sender's clock.")
	}
	return id, at, nil
}

func refused() error {
	return social.Errorf(social.Unauth, "The signature does not fit the request.")
}
