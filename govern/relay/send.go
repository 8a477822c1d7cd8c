package relay

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/hook"
	"github.com/parley-crm/parley/kit/safe"
	"github.com/parley-crm/parley/social"
)

// waits are how long is waited after each try that failed, some 68 hours in
// all. Standard Webhooks asks for exponential growth over days.
var waits = []time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour,
	2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour, 16 * time.Hour, 24 * time.Hour,
}

const (
	patience  = 15 * time.Second   // for an answer
	lease     = 2 * time.Minute    // after which a try whose process died is made again
	tooLong   = 5 * 24 * time.Hour // of failing; then it is told no more
	eachOnce  = 3                  // of one endpoint, so that a slow one holds up no other
	keptWords = 1024
)

// wait is how long is waited after so many tries; jitter keeps many deliveries
// that failed together from coming together again. more is false after the last.
func wait(attempts int, key string) (d time.Duration, more bool) {
	if attempts > len(waits) {
		return 0, false
	}
	d = waits[max(0, attempts-1)]
	h := fnv.New32a()
	_, _ = io.WriteString(h, key+strconv.Itoa(attempts))
	return d + d*time.Duration(h.Sum32()%200)/1000, true // up to a fifth later
}

// Run sends what is due until ctx ends. An endpoint that is slow keeps a few
// tries busy, and no other waits for it.
func (r *Relay) Run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for ctx.Err() == nil {
		due, err := r.take(ctx)
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("webhooks wait", "error", err)
		}
		for _, d := range due {
			wg.Go(func() {
				if err := r.try(ctx, d); err != nil && ctx.Err() == nil {
					r.Log.Warn("what came of a webhook was not kept; it is sent again", "delivery", d.ID, "error", err)
				}
				r.rouse()
			})
		}
		pause := time.Minute
		if next, err := r.Store.NextDue(ctx); err == nil && !next.IsZero() {
			pause = min(pause, max(time.Second, next.Sub(r.Clock.Now())))
		}
		t := time.NewTimer(pause)
		select {
		case <-r.wake:
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// Send makes one round: tries what is due, a few of each endpoint, waits, and
// says how many there were.
func (r *Relay) Send(ctx context.Context) (int, error) {
	due, err := r.take(ctx)
	if err != nil {
		return 0, err
	}
	var wg sync.WaitGroup
	errs := make([]error, len(due))
	for i, d := range due {
		wg.Go(func() { errs[i] = r.try(ctx, d) })
	}
	wg.Wait()
	return len(due), errors.Join(errs...)
}

// take claims what is due.
func (r *Relay) take(ctx context.Context) ([]Delivery, error) {
	r.mu.Lock()
	busy := maps.Clone(r.busy)
	r.mu.Unlock()
	var due []Delivery
	err := r.Store.InTx(ctx, func(ctx context.Context) (err error) {
		now := r.Clock.Now()
		due, err = r.Store.Take(ctx, now, now.Add(lease), eachOnce, busy)
		return err
	})
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range due {
		r.busy[d.Endpoint]++
	}
	return due, nil
}

func (r *Relay) free(endpoint string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[endpoint]--; r.busy[endpoint] <= 0 {
		delete(r.busy, endpoint)
	}
}

// answer is what came of a try.
type answer struct {
	status  int
	problem string // "" when it was taken
	words   string
	after   time.Duration // that we were asked to wait
	gone    bool
	took    time.Duration
}

func (r *Relay) try(ctx context.Context, d Delivery) error {
	defer r.free(d.Endpoint)
	e, err := r.Store.Endpoint(ctx, d.Endpoint)
	if social.NotFound.Is(err) {
		return nil // it was removed meanwhile
	}
	if err != nil {
		return err
	}
	a, err := r.post(ctx, e, d)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err() // cut short by our own end: it is tried again after the lease
	}
	return r.Store.InTx(ctx, func(ctx context.Context) error { return r.settle(ctx, d, a) })
}

// post sends a delivery, signed with every secret that counts now.
func (r *Relay) post(ctx context.Context, e Endpoint, d Delivery) (answer, error) {
	now := r.Clock.Now()
	signatures, err := r.sign(e, d, now)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, strings.NewReader(d.Body))
	if err != nil {
		return answer{problem: "The address can't be used."}, nil
	}
	req.Header.Set("Content-Type", "application/cloudevents+json; charset=utf-8")
	req.Header.Set(hook.HeaderID, d.Event)
	req.Header.Set(hook.HeaderTime, strconv.FormatInt(now.Unix(), 10))
	req.Header.Set(hook.HeaderSignature, signatures)
	began := r.Clock.Now()
	resp, err := r.HTTP.Do(req)
	if err != nil {
		return answer{problem: trouble(err), took: r.Clock.Now().Sub(began)}, nil
	}
	defer resp.Body.Close()
	words, _ := io.ReadAll(io.LimitReader(resp.Body, keptWords))
	a := answer{status: resp.StatusCode, took: r.Clock.Now().Sub(began),
		words: strings.ToValidUTF8(strings.ReplaceAll(string(words), "\x00", ""), "\uFFFD")}
	switch {
	case a.status >= 200 && a.status < 300:
	case a.status >= 300 && a.status < 400:
		a.problem = fmt.Sprintf("It answered %d: it leads elsewhere, which is not followed. Write the address that it leads to.", a.status)
	case a.status == http.StatusGone:
		a.problem, a.gone = "It answered 410: it wants to be told no more.", true
	default:
		a.problem = fmt.Sprintf("It answered %d.", a.status)
	}
	if a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable {
		a.after = retryAfter(resp.Header.Get("Retry-After"), now)
	}
	return a, nil
}

func (r *Relay) sign(e Endpoint, d Delivery, now time.Time) (string, error) {
	sealed := []string{e.Secret}
	if e.OldSecret != "" && now.Before(e.OldUntil) {
		sealed = append(sealed, e.OldSecret)
	}
	var out []string
	for _, s := range sealed {
		text, err := r.Sealer.Unseal(e.place(), s)
		if err != nil {
			return "", err
		}
		key, err := hook.ParseKey(string(text))
		if err != nil {
			return "", err
		}
		out = append(out, key.Sign(d.Event, now, []byte(d.Body)))
	}
	return strings.Join(out, " "), nil
}

// retryAfter reads seconds or a date; at most a day is waited.
func retryAfter(s string, now time.Time) time.Duration {
	d := time.Duration(0)
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n > 0 {
		d = time.Duration(min(n, 86_400)) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), 24*time.Hour)
}

// trouble says in a sentence why there was no answer.
func trouble(err error) string {
	var refused *safe.Refused
	var timeout net.Error
	var dns *net.DNSError
	switch {
	case errors.As(err, &refused):
		return "It may not be reached: " + refused.Error() + "."
	case errors.As(err, &dns):
		return "Its name is not known to the internet."
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Sprintf("It did not answer within %d seconds.", int(patience.Seconds()))
	case strings.Contains(err.Error(), "tls:") || strings.Contains(err.Error(), "x509:"):
		return "Its certificate can't be trusted."
	}
	return "It could not be reached."
}

// settle keeps what came of a try.
func (r *Relay) settle(ctx context.Context, d Delivery, a answer) error {
	now := r.Clock.Now()
	fresh, err := r.Store.Delivery(ctx, d.ID)
	if err != nil {
		if social.NotFound.Is(err) {
			return nil
		}
		return err
	}
	if fresh.State != Open || fresh.Attempts != d.Attempts {
		return nil // somebody replays it, or another try was made after the lease
	}
	e, err := r.Store.Endpoint(ctx, d.Endpoint)
	if err != nil {
		return err
	}
	d.Status, d.Problem, d.Answer, d.Took, d.Tried = a.status, a.problem, a.words, a.took, now
	if a.problem == "" {
		d.State, d.Ended, d.Next = Done, now, time.Time{}
		e.Failing, e.Last = time.Time{}, now
		if err := r.Store.SaveDelivery(ctx, d); err != nil {
			return err
		}
		return r.Store.Health(ctx, e)
	}
	pause, more := wait(d.Attempts, d.ID)
	d.Next = now.Add(max(pause, a.after))
	if !more {
		d.State, d.Ended, d.Next = Failed, now, time.Time{}
	}
	if err := r.Store.SaveDelivery(ctx, d); err != nil {
		return err
	}
	if e.Failing.IsZero() {
		e.Failing = now
	}
	if err := r.Store.Health(ctx, e); err != nil {
		return err
	}
	if a.gone || now.Sub(e.Failing) >= tooLong {
		return r.breakOff(ctx, e, a)
	}
	return nil
}

// breakOff tells an endpoint no more, and an administrator why.
func (r *Relay) breakOff(ctx context.Context, e Endpoint, a answer) error {
	if was, err := r.Store.Break(ctx, e.ID, a.problem); err != nil || !was {
		return err
	}
	if err := r.Store.Record(ctx, social.Entry{Verb: "break", Object: "endpoint", ID: e.ID, Detail: map[string]any{"name": e.Name, "why": a.problem}}); err != nil {
		return err
	}
	admins, err := r.Admins(ctx)
	if err != nil {
		return err
	}
	return r.Herald.Notify(ctx, social.Notice{Key: e.notice(), Kind: "broken", Text: fmt.Sprintf("The webhook “%s” is told no more: %s", e.Name, a.problem),
		Link: "/settings/webhooks/" + e.ID, Members: admins})
}
