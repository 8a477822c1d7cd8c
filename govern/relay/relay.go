// Package relay tells other systems what happens here: facts go to endpoints
// of theirs as CloudEvents, signed as Standard Webhooks says.
//
// It promises that a fact is told at least once to every endpoint that wants
// it, also through a crash, with the same webhook-id each time; that an
// endpoint which fails is tried again ever more slowly and holds up no other;
// that one which fails for days is told no more and an administrator learns
// of it; and that nothing is sent anywhere but to public addresses, whatever
// an endpoint's answer says.
package relay

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/kit/hook"
	"github.com/parley-crm/parley/kit/id"
	"github.com/parley-crm/parley/kit/secret"
	"github.com/parley-crm/parley/social"
)

// The states of an endpoint.
const (
	On     = "on"
	Off    = "off"
	Broken = "broken" // it failed for too long; somebody turns it on again
)

// Endpoint is an address of another system that is told facts.
type Endpoint struct {
	ID      string
	Name    string
	URL     string
	Facts   []string // types that it is told; empty means all
	State   string
	Failing time.Time // since when; zero while all is well
	Last    time.Time // when it took something last
	Note    string    // why it is broken
	By      social.MemberID
	Created time.Time

	Secret, OldSecret string // sealed
	OldUntil          time.Time

	Open, Failed int // deliveries that wait, and that failed in the last day
}

// The states of a delivery.
const (
	Open   = "open"
	Done   = "done"
	Failed = "failed"
)

// Delivery is one telling of one event to one endpoint.
type Delivery struct {
	ID       string
	Endpoint string
	Event    string // its id, as webhook-id says it
	Type     string
	Subject  string
	Body     string
	State    string
	Attempts int
	Next     time.Time // of the next try; never zero while it is open
	Status   int       // of the last answer; 0 where there was none
	Problem  string
	Answer   string // its beginning
	Took     time.Duration
	Created  time.Time
	Tried    time.Time
	Ended    time.Time
}

// Query asks for a page of deliveries, the newest first.
type Query struct {
	Endpoint string
	State    string // "" for all
	Type     string
	Cursor   string
	Limit    int
}

// Store keeps endpoints and deliveries. All methods take part in the
// transaction of ctx.
type Store interface {
	InTx(ctx context.Context, f func(ctx context.Context) error) error
	Record(ctx context.Context, e social.Entry) error
	After(ctx context.Context, f func())

	// Endpoints lists all, by name, with how many deliveries wait and failed since.
	Endpoints(ctx context.Context, since time.Time) ([]Endpoint, error)
	Endpoint(ctx context.Context, id string) (Endpoint, error)
	SaveEndpoint(ctx context.Context, e Endpoint) error
	// Health writes of an endpoint only since when it fails and when it took
	// something last.
	Health(ctx context.Context, e Endpoint) error
	// Break turns off an endpoint that is on, and says whether it was.
	Break(ctx context.Context, id, why string) (bool, error)
	// DropEndpoint forgets one and its deliveries.
	DropEndpoint(ctx context.Context, id string) error

	// AddDeliveries keeps deliveries; of an event that an endpoint has already
	// nothing is added.
	AddDeliveries(ctx context.Context, all []Delivery) error
	Delivery(ctx context.Context, id string) (Delivery, error)
	SaveDelivery(ctx context.Context, d Delivery) error
	Deliveries(ctx context.Context, q Query) ([]Delivery, string, error)
	// Take gives deliveries that are due to endpoints that are on, at most
	// each of one endpoint less those that it is busy with, counts the try and
	// puts the next off until lease.
	Take(ctx context.Context, now, lease time.Time, each int, busy map[string]int) ([]Delivery, error)
	// NextDue is when the next delivery is due; zero where none waits.
	NextDue(ctx context.Context) (time.Time, error)
	// Again opens deliveries of an endpoint that were made in a time, and
	// counts them.
	Again(ctx context.Context, endpoint string, since, until time.Time, failed bool, now time.Time) (int, error)
	// Hurry lets what waits for an endpoint be tried now.
	Hurry(ctx context.Context, endpoint string, now time.Time) error
	// Sweep forgets deliveries that ended before, and gives up those that were
	// made before and still wait.
	Sweep(ctx context.Context, before, now time.Time) error
}

// Herald tells administrators; govern.Office does.
type Herald interface {
	Notify(ctx context.Context, n social.Notice) error
	Unnotify(ctx context.Context, keys ...string) error
}

// Relay is the room's switchboard.
type Relay struct {
	Store  Store
	Herald Herald
	// Admins are who learns that an endpoint is broken.
	Admins func(ctx context.Context) ([]social.MemberID, error)
	Sealer *secret.Box
	HTTP   *http.Client // a safe one
	Base   string       // our public address, the source of events; may be empty
	Clock  clock.Clock
	Log    *slog.Logger

	wake chan struct{}
	mu   sync.Mutex
	busy map[string]int // tries under way, by endpoint
}

// New makes a relay. Redirects are never followed.
func New(r *Relay) *Relay {
	c := *r.HTTP
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.Timeout, c.Jar = patience, nil
	r.HTTP = &c
	r.wake, r.busy = make(chan struct{}, 1), map[string]int{}
	return r
}

// Change is what is written about an endpoint; nil leaves a field.
type Change struct {
	Name, URL *string
	Facts     []string // nil leaves them
	On        *bool
}

const (
	mostEndpoints = 50
	// OldLife is how long an old secret signs beside the new one.
	OldLife = 24 * time.Hour
)

// Endpoints lists all endpoints.
func (r *Relay) Endpoints(ctx context.Context) ([]Endpoint, error) {
	return r.Store.Endpoints(ctx, r.Clock.Now().Add(-24*time.Hour))
}

// Add keeps a new endpoint and returns its secret, once.
func (r *Relay) Add(ctx context.Context, name, address string, facts []string) (Endpoint, string, error) {
	now := r.Clock.Now()
	a, _ := social.ActorOf(ctx)
	e := Endpoint{ID: id.At(now), Name: name, URL: address, Facts: facts, State: On, By: a.Member, Created: now}
	if err := e.check(); err != nil {
		return e, "", err
	}
	_, text := hook.NewKey()
	e.Secret = r.Sealer.Seal(e.place(), []byte(text))
	err := r.Store.InTx(ctx, func(ctx context.Context) error {
		all, err := r.Store.Endpoints(ctx, now)
		if err != nil {
			return err
		}
		if len(all) >= mostEndpoints {
			return social.Errorf(social.Conflict, "There are %d endpoints, which is as many as there may be.", len(all))
		}
		if err := r.Store.SaveEndpoint(ctx, e); err != nil {
			return err
		}
		return r.Store.Record(ctx, social.Entry{Verb: "add", Object: "endpoint", ID: e.ID, Detail: map[string]any{"name": e.Name, "url": e.shown(), "facts": e.Facts}})
	})
	return e, text, err
}

func (e Endpoint) place() string { return "endpoint/" + e.ID + "/secret" }

// shown is the address without what may be a secret in it.
func (e Endpoint) shown() string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host + u.Path
}

func (e *Endpoint) check() error {
	bad := func(field, text string) error { return &social.Error{Kind: social.Invalid, Field: field, Text: text} }
	e.Name, e.URL = strings.TrimSpace(e.Name), strings.TrimSpace(e.URL)
	if n := utf8.RuneCountInString(e.Name); n == 0 || n > 100 || !utf8.ValidString(e.Name) {
		return bad("name", "Give it a name of at most 100 characters.")
	}
	u, err := url.Parse(e.URL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || len(e.URL) > 2000 {
		return bad("url", "The address must be like https://crm.example/parley.")
	}
	if u.User != nil || u.Fragment != "" {
		return bad("url", "The address must not hold a name, a password or a fragment; what Parley sends is signed instead.")
	}
	for _, f := range e.Facts {
		if !slices.Contains(Types, f) {
			return bad("facts", "There is nothing called “"+f+"” to be told.")
		}
	}
	return nil
}

// Edit changes an endpoint. One that is turned on again is told what waits.
func (r *Relay) Edit(ctx context.Context, id string, c Change) (Endpoint, error) {
	var e Endpoint
	err := r.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if e, err = r.Store.Endpoint(ctx, id); err != nil {
			return err
		}
		was := e
		if c.Name != nil {
			e.Name = *c.Name
		}
		if c.URL != nil {
			e.URL = *c.URL
		}
		if c.Facts != nil {
			e.Facts = c.Facts
		}
		if err := e.check(); err != nil {
			return err
		}
		if c.On != nil && !*c.On {
			e.State = Off
		}
		if c.On != nil && *c.On && e.State != On {
			e.State, e.Failing, e.Note = On, time.Time{}, ""
			if err := r.Store.Hurry(ctx, id, r.Clock.Now()); err != nil {
				return err
			}
			if err := r.Herald.Unnotify(ctx, e.notice()); err != nil {
				return err
			}
			r.Store.After(ctx, r.rouse)
		}
		if err := r.Store.SaveEndpoint(ctx, e); err != nil {
			return err
		}
		return r.Store.Record(ctx, social.Entry{Verb: "update", Object: "endpoint", ID: id, Detail: map[string]any{
			"name": []any{was.Name, e.Name}, "url": []any{was.shown(), e.shown()}, "state": []any{was.State, e.State}, "facts": []any{was.Facts, e.Facts}}})
	})
	return e, err
}

func (e Endpoint) notice() string { return "endpoint/" + e.ID }

// Remove forgets an endpoint and all that was told it.
func (r *Relay) Remove(ctx context.Context, id string) error {
	return r.Store.InTx(ctx, func(ctx context.Context) error {
		e, err := r.Store.Endpoint(ctx, id)
		if err != nil {
			return err
		}
		if err := r.Store.DropEndpoint(ctx, id); err != nil {
			return err
		}
		if err := r.Herald.Unnotify(ctx, e.notice()); err != nil {
			return err
		}
		return r.Store.Record(ctx, social.Entry{Verb: "remove", Object: "endpoint", ID: id, Detail: map[string]any{"name": e.Name, "url": e.shown()}})
	})
}

// Rotate gives an endpoint another secret and returns it, once. The old one
// signs beside it for a day, so that nothing is refused meanwhile.
func (r *Relay) Rotate(ctx context.Context, id string) (Endpoint, string, error) {
	var e Endpoint
	_, text := hook.NewKey()
	err := r.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if e, err = r.Store.Endpoint(ctx, id); err != nil {
			return err
		}
		e.OldSecret, e.OldUntil = e.Secret, r.Clock.Now().Add(OldLife)
		e.Secret = r.Sealer.Seal(e.place(), []byte(text))
		if err := r.Store.SaveEndpoint(ctx, e); err != nil {
			return err
		}
		return r.Store.Record(ctx, social.Entry{Verb: "rotate", Object: "endpoint", ID: id, Detail: map[string]any{"name": e.Name}})
	})
	return e, text, err
}

// Ping tells an endpoint something of no meaning, to see whether it listens.
func (r *Relay) Ping(ctx context.Context, id string) (Delivery, error) {
	var d Delivery
	err := r.Store.InTx(ctx, func(ctx context.Context) error {
		e, err := r.Store.Endpoint(ctx, id)
		if err != nil {
			return err
		}
		if e.State != On {
			return social.Errorf(social.Conflict, "It is off. Turn it on first.")
		}
		if d, err = r.delivery(e, r.ping()); err != nil {
			return err
		}
		return r.Store.AddDeliveries(ctx, []Delivery{d})
	})
	if err == nil {
		r.rouse()
	}
	return d, err
}

// Replay tells a delivery again, whatever came of it before. The event keeps
// its id, by which the other side knows that it is the same.
func (r *Relay) Replay(ctx context.Context, id string) (Delivery, error) {
	var d Delivery
	err := r.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if d, err = r.Store.Delivery(ctx, id); err != nil {
			return err
		}
		e, err := r.Store.Endpoint(ctx, d.Endpoint)
		if err != nil {
			return err
		}
		if e.State != On {
			return social.Errorf(social.Conflict, "The endpoint is off. Turn it on first.")
		}
		d.State, d.Attempts, d.Next, d.Ended = Open, 0, r.Clock.Now(), time.Time{}
		if err := r.Store.SaveDelivery(ctx, d); err != nil {
			return err
		}
		return r.Store.Record(ctx, social.Entry{Verb: "replay", Object: "endpoint", ID: d.Endpoint, Detail: map[string]any{"delivery": d.ID, "event": d.Event}})
	})
	if err == nil {
		r.rouse()
	}
	return d, err
}

// ReplayAll tells again what was to be told in a time, or only what failed.
func (r *Relay) ReplayAll(ctx context.Context, id string, since, until time.Time, failed bool) (int, error) {
	n := 0
	err := r.Store.InTx(ctx, func(ctx context.Context) error {
		e, err := r.Store.Endpoint(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case e.State != On:
			return social.Errorf(social.Conflict, "The endpoint is off. Turn it on first.")
		case !until.After(since):
			return &social.Error{Kind: social.Invalid, Field: "until", Text: "The end must come after the beginning."}
		}
		if n, err = r.Store.Again(ctx, id, since, until, failed, r.Clock.Now()); err != nil {
			return err
		}
		return r.Store.Record(ctx, social.Entry{Verb: "replay", Object: "endpoint", ID: id, Detail: map[string]any{"since": since, "until": until, "failed": failed, "deliveries": n}})
	})
	if err == nil {
		r.rouse()
	}
	return n, err
}

func (r *Relay) rouse() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// keptFor is how long deliveries are kept.
const keptFor = 30 * 24 * time.Hour

// Sweep forgets what is old.
func (r *Relay) Sweep(ctx context.Context) error {
	now := r.Clock.Now()
	return r.Store.InTx(ctx, func(ctx context.Context) error { return r.Store.Sweep(ctx, now.Add(-keptFor), now) })
}

// delivery makes a delivery of an event.
func (r *Relay) delivery(e Endpoint, v Event) (Delivery, error) {
	now := r.Clock.Now()
	body, err := json.Marshal(v)
	return Delivery{ID: id.At(now), Endpoint: e.ID, Event: v.ID, Type: v.Type, Subject: v.Subject, Body: string(body), State: Open, Next: now, Created: now}, err
}
