// Package webhook hears what a system of the company's own sends: a shop, a
// survey, a ticket system, a script. Requests are signed as Standard Webhooks
// says (https://www.standardwebhooks.com): webhook-id, webhook-timestamp and
// webhook-signature, HMAC-SHA256 over all three and the body.
//
// A request brings one activity or many, as JSON of the shape that Activity
// describes. It is taken whole or refused with what is wrong; the same
// webhook-id twice is one request.
package webhook

import (
	"strings"
	"time"

	"github.com/parley-crm/parley/channel"
	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/hook"
	"github.com/parley-crm/parley/social"
)

// Kind is the signed incoming webhook as a kind of channel.
func Kind() channel.Kind {
	return channel.Kind{
		Name:  "webhook",
		Title: "Incoming webhook",
		Site:  "direct",
		About: "Let your own systems hand over what customers say: a shop, a survey, a help desk, a script.",
		Steps: []channel.Step{
			{Text: "Give the source a short name, and let a secret be made. Copy the secret into the system that will send."},
			{Text: "Connect the channel, then copy its address into that system too."},
			{Text: "Let it send something: the first words appear on this page.", URL: "https://www.standardwebhooks.com"},
		},
		Form: []channel.Field{
			{Name: "source", Label: "Source", Type: "text", Required: true, Default: "webhook",
				Help: "What the sending system is called, in one word, such as shop. Its customer numbers are kept apart from those of others."},
			{Name: "secret", Label: "Secret", Type: "secret", Required: true, Make: "whsec", Previous: "previous",
				Help: "Begins with whsec_. The sender signs with it, and nobody else should know it."},
			{Name: "previous", Label: "Former secret", Type: "secret", Hidden: true,
				Help: "Taken beside the new one while the sender changes over."},
		},
		New: open,
	}
}

type ear struct {
	source string
	keys   []hook.Key
	clock  clock.Clock
}

func open(s channel.Settings, e channel.Env) (channel.Channel, error) {
	source := strings.ToLower(strings.TrimSpace(s["source"]))
	if source == "" || len(source) > 40 || strings.ContainsAny(source, " \t\n") {
		return nil, &social.Error{Kind: social.Invalid, Field: "source", Text: "The source is one word of at most 40 letters, such as shop."}
	}
	out := &ear{source: source, clock: e.Clock}
	for _, name := range []string{"secret", "previous"} {
		if s[name] == "" && name == "previous" {
			continue
		}
		key, err := hook.ParseKey(s[name])
		if err != nil {
			return nil, &social.Error{Kind: social.Invalid, Field: name, Text: err.Error()}
		}
		out.keys = append(out.keys, key)
	}
	return out, nil
}

// Receive takes a signed request.
func (r *ear) Receive(in channel.Request) (channel.Answer, error) {
	now := time.Now
	if r.clock != nil {
		now = r.clock.Now
	}
	id, at, err := hook.Verify(in.Header, in.Body, r.keys, now())
	if err != nil {
		return channel.Answer{}, err
	}
	if in.Method != "POST" {
		return channel.Answer{}, social.Errorf(social.Invalid, "This address takes POST.")
	}
	e := channel.Event{Key: id, Raw: in.Body, At: at}
	if _, err := r.Read(e); err != nil {
		return channel.Answer{}, err
	}
	return channel.Answer{Events: []channel.Event{e}}, nil
}
