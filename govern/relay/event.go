package relay

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/social"
)

// Types are what can be told.
var Types = []string{
	"conversation.opened", "conversation.answered", "conversation.resolved", "conversation.changed", "message.delivery",
	"person.changed", "organization.changed", "opportunity.changed", "order.paid", "order.returned", "outcome.credited",
	"alert.changed", "post.changed", "link.clicked",
}

// Pinged is the type of an event of no meaning. Every endpoint is told it when
// somebody asks.
const Pinged = "parley.ping"

// Event is what is sent: a CloudEvent, specification 1.0, in its JSON form
// (https://github.com/cloudevents/spec).
type Event struct {
	SpecVersion string         `json:"specversion"`
	ID          string         `json:"id"`
	Source      string         `json:"source"`
	Type        string         `json:"type"`
	Subject     string         `json:"subject,omitempty"`
	Time        time.Time      `json:"time"`
	ContentType string         `json:"datacontenttype"`
	Data        map[string]any `json:"data"`
}

// Told is a fact with its place.
type Told struct {
	Pos  int64
	At   time.Time
	Fact social.Fact
}

func (r *Relay) source() string {
	if r.Base == "" {
		return "/parley"
	}
	return r.Base
}

func (r *Relay) event(which, kind, subject string, at time.Time, data map[string]any) Event {
	return Event{SpecVersion: "1.0", ID: which, Source: r.source(), Type: kind, Subject: subject, Time: at.UTC(), ContentType: "application/json", Data: data}
}

func (r *Relay) ping() Event {
	now := r.Clock.Now()
	return r.event("ping_"+id.At(now), Pinged, "", now, map[string]any{"text": "Parley can reach you."})
}

// events are what a fact says to others: ids, so that whoever is told asks the
// API for what they may see.
func (r *Relay) events(t Told) []Event {
	var out []Event
	add := func(kind, noun, which string, at time.Time, data map[string]any) {
		if at.IsZero() {
			at = t.At
		}
		for k, v := range data {
			if v == "" || v == nil {
				delete(data, k)
			}
		}
		out = append(out, r.event(fmt.Sprintf("evt_%d_%d", t.Pos, len(out)), kind, noun+"/"+which, at, data))
	}
	switch f := t.Fact.(type) {
	case social.Opened:
		for _, o := range f.Conversations {
			add("conversation.opened", "conversation", string(o.Conversation), time.Time{}, map[string]any{"conversation": string(o.Conversation), "channel": string(o.Channel), "programme": string(o.Programme), "said_at": o.At})
		}
	case social.Answered:
		add("conversation.answered", "conversation", string(f.Conversation), f.At, map[string]any{"conversation": string(f.Conversation), "message": string(f.Message), "programme": string(f.Programme), "member": string(f.Member), "channel": string(f.Channel), "first": f.First, "waited_s": f.Waited})
	case social.Resolved:
		add("conversation.resolved", "conversation", string(f.Conversation), f.At, map[string]any{"conversation": string(f.Conversation)})
	case social.Changed:
		for _, c := range f.Conversations {
			add("conversation.changed", "conversation", string(c), time.Time{}, map[string]any{"conversation": string(c)})
		}
	case social.Delivery:
		add("message.delivery", "message", string(f.Message), time.Time{}, map[string]any{"conversation": string(f.Conversation), "message": string(f.Message), "state": f.State})
	case social.Dealt:
		if slices.Contains([]string{"person", "organization", "opportunity"}, f.Object) {
			add(f.Object+".changed", f.Object, f.ID, time.Time{}, map[string]any{f.Object: f.ID})
		}
	case social.Brought:
		for _, p := range f.Persons {
			add("person.changed", "person", string(p), time.Time{}, map[string]any{"person": string(p)})
		}
	case social.Bought:
		add("order.paid", "order", f.Order, f.At, map[string]any{"order": f.Order, "external_id": f.External, "conversation": string(f.Conversation), "programme": string(f.Programme), "amount": f.Amount, "currency": f.Currency})
	case social.Returned:
		add("order.returned", "order", f.Order, f.At, map[string]any{"order": f.Order, "external_id": f.External, "status": f.Status, "conversation": string(f.Conversation), "programme": string(f.Programme), "amount": f.Amount, "currency": f.Currency})
	case social.Converted:
		add("outcome.credited", "conversation", string(f.Conversation), f.At, map[string]any{"conversation": string(f.Conversation)})
	case social.Alerted:
		add("alert.changed", "alert", string(f.Alert), time.Time{}, map[string]any{"alert": string(f.Alert), "programme": string(f.Programme), "state": f.State})
	case social.Posted:
		if f.Content != "" {
			add("post.changed", "post", f.Content, time.Time{}, map[string]any{"post": f.Content, "programme": string(f.Programme)})
		}
	case social.Clicked:
		add("link.clicked", "link", string(f.Link), f.At, map[string]any{"link": string(f.Link), "conversation": string(f.Conversation)})
	}
	return out
}

// Hear takes facts in order, and keeps a delivery for each endpoint that wants
// what they say. It is called again with the same facts after a failure.
func (r *Relay) Hear(ctx context.Context, facts []Told) error {
	all, err := r.Store.Endpoints(ctx, r.Clock.Now())
	if err != nil || len(all) == 0 {
		return err
	}
	var out []Delivery
	had := map[[3]string]bool{} // an endpoint is told once of a batch that something changed
	for _, t := range facts {
		for _, v := range r.events(t) {
			for _, e := range all {
				if e.State == Off || t.At.Before(e.Created) || len(e.Facts) > 0 && !slices.Contains(e.Facts, v.Type) {
					continue
				}
				key := [3]string{e.ID, v.Type, v.Subject}
				if strings.HasSuffix(v.Type, ".changed") && had[key] {
					continue
				}
				had[key] = true
				d, err := r.delivery(e, v)
				if err != nil {
					return err
				}
				out = append(out, d)
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	if err := r.Store.AddDeliveries(ctx, out); err != nil {
		return err
	}
	r.Store.After(ctx, r.rouse)
	return nil
}

// Facts are the names of the facts that Hear understands.
var Facts = []string{"opened", "answered", "resolved", "changed", "delivery", "dealt", "brought", "bought", "converted", "alerted", "posted", "clicked"}
