package graph

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/text"
	"github.com/parley-crm/parley/social"
)

// hook takes Meta's webhooks
// (https://developers.facebook.com/docs/graph-api/webhooks/getting-started/).
type hook struct {
	object string // "page", "instagram", "whatsapp_business_account"
	secret string // of the app
	verify string // chosen by whoever set the webhook up
}

// sorter makes events of one part of an entry: nil when it is none of ours.
type sorter func(entry ident, at time.Time, part string, item json.RawMessage) []channel.Event

// receive answers the handshake, or verifies a request and sorts its items.
func (h *hook) receive(r channel.Request, sorts sorter) (channel.Answer, error) {
	switch r.Method {
	case http.MethodGet:
		return h.shake(r)
	case http.MethodPost:
	default:
		return channel.Answer{}, social.Errorf(social.Invalid, "A webhook is called by POST.")
	}
	if err := h.proved(r); err != nil {
		return channel.Answer{}, err
	}
	return h.take(r.Body, sorts)
}

// shake proves that this address is ours: Meta asks with our verify token and
// wants its challenge back.
func (h *hook) shake(r channel.Request) (channel.Answer, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return channel.Answer{}, social.Because(social.Invalid, err, "The address cannot be read.")
	}
	q := u.Query()
	if one(q, "hub.mode") != "subscribe" || subtle.ConstantTimeCompare([]byte(one(q, "hub.verify_token")), []byte(h.verify)) != 1 {
		return channel.Answer{}, social.Errorf(social.Forbidden, "The verify token is not the one of this channel.")
	}
	challenge := one(q, "hub.challenge")
	if challenge == "" || len(challenge) > 1024 {
		return channel.Answer{}, social.Errorf(social.Invalid, "There is no challenge to answer.")
	}
	return channel.Answer{Status: http.StatusOK, Type: "text/plain; charset=utf-8", Body: []byte(challenge)}, nil
}

// one is the value of a parameter that may stand there only once.
func one(q url.Values, name string) string {
	if len(q[name]) != 1 {
		return ""
	}
	return q[name][0]
}

// proved checks the signature over the body as it came.
func (h *hook) proved(r channel.Request) error {
	const refused = "The signature of this request is missing or wrong."
	all := r.Header.Values("X-Hub-Signature-256")
	if len(all) != 1 {
		return social.Errorf(social.Unauth, refused)
	}
	sum, ok := strings.CutPrefix(all[0], "sha256=")
	given, err := hex.DecodeString(sum)
	if !ok || err != nil || len(given) != sha256.Size {
		return social.Errorf(social.Unauth, refused)
	}
	m := hmac.New(sha256.New, []byte(h.secret))
	m.Write(r.Body)
	if !hmac.Equal(given, m.Sum(nil)) {
		return social.Errorf(social.Unauth, refused)
	}
	return nil
}

// take sorts the items of a verified request. An item that cannot be read
// becomes an event that cannot be read: it is kept and shown, and the others
// go on.
func (h *hook) take(body []byte, sorts sorter) (channel.Answer, error) {
	var in struct {
		Object string            `json:"object"`
		Entry  []json.RawMessage `json:"entry"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return channel.Answer{}, social.Because(social.Invalid, err, "This is not a webhook of Meta’s.")
	}
	if in.Object == "" {
		return channel.Answer{}, social.Errorf(social.Invalid, "This webhook does not say of what it tells.")
	}
	a := channel.Answer{Status: http.StatusOK}
	if in.Object != h.object {
		return a, nil // of another product of the same app
	}
	for _, raw := range in.Entry {
		var e struct {
			ID        ident             `json:"id"`
			Time      stamp             `json:"time"`
			Changes   []json.RawMessage `json:"changes"`
			Messaging []json.RawMessage `json:"messaging"`
		}
		if err := json.Unmarshal(raw, &e); err != nil {
			a.Events = append(a.Events, broken(raw))
			continue
		}
		for _, item := range e.Changes {
			a.Events = append(a.Events, sorts(e.ID, e.Time.Time, "change", item)...)
		}
		for _, item := range e.Messaging {
			a.Events = append(a.Events, sorts(e.ID, e.Time.Time, "messaging", item)...)
		}
	}
	return a, nil
}

// broken is an event of what cannot be read.
func broken(item json.RawMessage) channel.Event {
	return event("?"+digest(item), envelope{Sort: "broken", Item: item}, time.Time{})
}

func event(key string, in envelope, at time.Time) channel.Event {
	in.Item, in.With = compact(in.Item), compact(in.With)
	raw, err := json.Marshal(in)
	if err != nil { // an item is JSON, or it would not have come so far
		raw = []byte(`{"sort":"broken"}`)
	}
	return channel.Event{Key: text.Cut(key), Raw: raw, At: at}
}

func compact(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if len(raw) == 0 || json.Compact(&b, raw) != nil {
		return nil
	}
	return b.Bytes()
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}

// open reads the envelope of an event.
func open(e channel.Event) (envelope, error) {
	var in envelope
	if err := json.Unmarshal(e.Raw, &in); err != nil {
		return in, social.Because(social.Invalid, err, "The event is not JSON of its kind.")
	}
	if in.Sort == "" || in.Sort == "broken" {
		return in, social.Errorf(social.Invalid, "Meta sent something that cannot be read.")
	}
	return in, nil
}

func unreadable(err error, what string) error {
	return social.Because(social.Invalid, err, "Meta sent a %s that cannot be read.", what)
}
