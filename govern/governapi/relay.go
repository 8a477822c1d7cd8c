package governapi

import (
	"context"
	"net/http"
	"time"

	"github.com/parley-crm/parley/govern/relay"
	"github.com/parley-crm/parley/server"
	"github.com/parley-crm/parley/social"
)

// Webhook is an address of another system that is told what happens here.
type Webhook struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	URL      string     `json:"url"`
	Facts    []string   `json:"facts" doc:"What it is told; everything where the list is empty."`
	State    string     `json:"state" enum:"on,off,broken" doc:"broken: it failed for five days, or answered 410."`
	Note     string     `json:"note,omitempty" doc:"Why it is broken."`
	Failing  *time.Time `json:"failing_since,omitempty"`
	Last     *time.Time `json:"last_at,omitempty" doc:"When it took something last."`
	OldUntil *time.Time `json:"old_secret_until,omitempty" doc:"Until then the secret before signs as well."`
	Open     int        `json:"open" doc:"Deliveries that wait."`
	Failed   int        `json:"failed" doc:"Deliveries that were given up in the last day."`
	Created  time.Time  `json:"created_at"`
}

// NewSecret is a webhook with its secret, which is shown once.
type NewSecret struct {
	Webhook
	Secret string `json:"secret" doc:"whsec_ and base64, as Standard Webhooks writes it. It is not shown again."`
}

// WebhookDelivery is one telling of one event.
type WebhookDelivery struct {
	ID       string     `json:"id"`
	Webhook  string     `json:"webhook"`
	Event    string     `json:"event" doc:"What webhook-id says; the same for every try."`
	Type     string     `json:"type"`
	Subject  string     `json:"subject,omitempty"`
	State    string     `json:"state" enum:"open,done,failed"`
	Attempts int        `json:"attempts"`
	Next     *time.Time `json:"next_at,omitempty"`
	Status   int        `json:"status" doc:"Of the last answer; 0 where there was none."`
	Problem  string     `json:"problem,omitempty"`
	Took     float64    `json:"took_ms"`
	Created  time.Time  `json:"created_at"`
	Tried    *time.Time `json:"tried_at,omitempty"`
	Body     string     `json:"body,omitempty" doc:"What is sent. Only where one delivery is asked for."`
	Answer   string     `json:"answer,omitempty" doc:"How the last answer began. Only where one delivery is asked for."`
}

type relayAPI struct{ relay *relay.Relay }

// RegisterRelay adds the operations of webhooks out.
func RegisterRelay(s *server.Server, r *relay.Relay) {
	a := &relayAPI{r}
	op := func(id, method, path, summary string) server.Op {
		return server.Op{ID: id, Method: method, Path: path, Tag: "Webhooks", Permission: social.HookWrite, Summary: summary}
	}
	const all, one, sent = "/api/webhooks", "/api/webhooks/{id}", "/api/deliveries/{id}"
	made := func(o server.Op) server.Op { o.Status = http.StatusCreated; return o }
	server.Register(s, op("list-webhooks", http.MethodGet, all, "Webhooks by name, and what can be told."), a.list)
	server.Register(s, made(op("add-webhook", http.MethodPost, all, "Tell another system what happens. The secret is shown once.")), a.add)
	server.Register(s, op("get-webhook", http.MethodGet, one, "One webhook."), a.get)
	server.Register(s, op("edit-webhook", http.MethodPatch, one, "Change it, turn it off or on. One that is turned on is told what waited."), a.edit)
	remove := op("remove-webhook", http.MethodDelete, one, "Forget it and what was told it.")
	remove.Status = http.StatusNoContent
	server.Register(s, remove, a.remove)
	server.Register(s, op("rotate-webhook", http.MethodPost, one+"/rotate", "Another secret, shown once. The old one signs beside it for a day."), a.rotate)
	server.Register(s, made(op("ping-webhook", http.MethodPost, one+"/ping", "Tell it something of no meaning, to see whether it listens.")), a.ping)
	server.Register(s, op("replay-webhook", http.MethodPost, one+"/replay", "Tell again what was to be told in a time, or only what failed."), a.replayAll)
	server.Register(s, op("list-deliveries", http.MethodGet, one+"/deliveries", "What was told it and what waits, the newest first; kept for thirty days."), a.deliveries)
	server.Register(s, op("get-delivery", http.MethodGet, sent, "One delivery, with what is sent and how the last answer began."), a.delivery)
	server.Register(s, op("replay-delivery", http.MethodPost, sent+"/replay", "Tell it again, whatever came of it before."), a.replay)
}

func webhookOf(e relay.Endpoint) Webhook {
	w := Webhook{ID: e.ID, Name: e.Name, URL: e.URL, Facts: append([]string{}, e.Facts...), State: e.State, Note: e.Note, Failing: server.When(e.Failing), Last: server.When(e.Last),
		OldUntil: server.When(e.OldUntil), Open: e.Open, Failed: e.Failed, Created: e.Created}
	return w
}

func deliveryOf(d relay.Delivery) WebhookDelivery {
	return WebhookDelivery{ID: d.ID, Webhook: d.Endpoint, Event: d.Event, Type: d.Type, Subject: d.Subject, State: d.State, Attempts: d.Attempts, Next: server.When(d.Next),
		Status: d.Status, Problem: d.Problem, Took: float64(d.Took.Microseconds()) / 1000, Created: d.Created, Tried: server.When(d.Tried)}
}

// Webhooks are all of them, and what can be told.
type Webhooks struct {
	Items []Webhook `json:"items"`
	Next  *string   `json:"next" doc:"Always null: there are few."`
	Types []string  `json:"types" doc:"What can be told."`
}

func (a *relayAPI) list(ctx context.Context, _ *struct{}) (*server.Body[Webhooks], error) {
	all, err := a.relay.Endpoints(ctx)
	if err != nil {
		return nil, err
	}
	out := Webhooks{Items: make([]Webhook, len(all)), Types: relay.Types}
	for i, e := range all {
		out.Items[i] = webhookOf(e)
	}
	return &server.Body[Webhooks]{Body: out}, nil
}

// WebhookID names a webhook or a delivery.
type WebhookID struct {
	ID string `path:"id"`
}

func (a *relayAPI) get(ctx context.Context, in *WebhookID) (*server.Body[Webhook], error) {
	all, err := a.relay.Endpoints(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		if e.ID == in.ID {
			return &server.Body[Webhook]{Body: webhookOf(e)}, nil
		}
	}
	return nil, social.Errorf(social.NotFound, "There is no such webhook.")
}

func (a *relayAPI) add(ctx context.Context, in *struct {
	Body struct {
		Name  string   `json:"name" maxLength:"200"`
		URL   string   `json:"url" maxLength:"2000"`
		Facts []string `json:"facts,omitempty" maxItems:"50" doc:"What it is told; everything if left out."`
	}
}) (*server.Body[NewSecret], error) {
	e, secret, err := a.relay.Add(ctx, in.Body.Name, in.Body.URL, in.Body.Facts)
	if err != nil {
		return nil, err
	}
	return &server.Body[NewSecret]{Body: NewSecret{webhookOf(e), secret}}, nil
}

func (a *relayAPI) edit(ctx context.Context, in *struct {
	WebhookID
	Body struct {
		Name  *string  `json:"name,omitempty" maxLength:"200"`
		URL   *string  `json:"url,omitempty" maxLength:"2000"`
		Facts []string `json:"facts,omitempty" maxItems:"50"`
		All   bool     `json:"all,omitempty" doc:"Tell it everything."`
		On    *bool    `json:"on,omitempty"`
	}
}) (*server.Body[Webhook], error) {
	c := relay.Change{Name: in.Body.Name, URL: in.Body.URL, Facts: in.Body.Facts, On: in.Body.On}
	if in.Body.All {
		c.Facts = []string{}
	}
	if _, err := a.relay.Edit(ctx, in.ID, c); err != nil {
		return nil, err
	}
	return a.get(ctx, &in.WebhookID)
}

func (a *relayAPI) remove(ctx context.Context, in *WebhookID) (*struct{}, error) {
	return nil, a.relay.Remove(ctx, in.ID)
}

func (a *relayAPI) rotate(ctx context.Context, in *WebhookID) (*server.Body[NewSecret], error) {
	e, secret, err := a.relay.Rotate(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &server.Body[NewSecret]{Body: NewSecret{webhookOf(e), secret}}, nil
}

func (a *relayAPI) ping(ctx context.Context, in *WebhookID) (*server.Body[WebhookDelivery], error) {
	d, err := a.relay.Ping(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &server.Body[WebhookDelivery]{Body: deliveryOf(d)}, nil
}

// Replayed says how much is told again.
type Replayed struct {
	Deliveries int `json:"deliveries"`
}

func (a *relayAPI) replayAll(ctx context.Context, in *struct {
	WebhookID
	Body struct {
		Since  time.Time `json:"since"`
		Until  time.Time `json:"until"`
		Failed bool      `json:"failed,omitempty" doc:"Only what was given up."`
	}
}) (*server.Body[Replayed], error) {
	n, err := a.relay.ReplayAll(ctx, in.ID, in.Body.Since, in.Body.Until, in.Body.Failed)
	if err != nil {
		return nil, err
	}
	return &server.Body[Replayed]{Body: Replayed{n}}, nil
}

func (a *relayAPI) deliveries(ctx context.Context, in *struct {
	WebhookID
	server.Paging
	State string `query:"state" enum:"open,done,failed"`
	Type  string `query:"type" maxLength:"60"`
}) (*server.Body[server.Page[WebhookDelivery]], error) {
	if _, err := a.relay.Store.Endpoint(ctx, in.ID); err != nil {
		return nil, err
	}
	all, next, err := a.relay.Store.Deliveries(ctx, relay.Query{Endpoint: in.ID, State: in.State, Type: in.Type, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := make([]WebhookDelivery, len(all))
	for i, d := range all {
		out[i] = deliveryOf(d)
	}
	return &server.Body[server.Page[WebhookDelivery]]{Body: server.NewPage(out, next)}, nil
}

func (a *relayAPI) delivery(ctx context.Context, in *WebhookID) (*server.Body[WebhookDelivery], error) {
	d, err := a.relay.Store.Delivery(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := deliveryOf(d)
	out.Body, out.Answer = d.Body, d.Answer
	return &server.Body[WebhookDelivery]{Body: out}, nil
}

func (a *relayAPI) replay(ctx context.Context, in *WebhookID) (*server.Body[WebhookDelivery], error) {
	d, err := a.relay.Replay(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &server.Body[WebhookDelivery]{Body: deliveryOf(d)}, nil
}
