package channel

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/parley-crm/parley/social"
)

// Later is an error that says how long to wait before trying again.
type Later struct {
	Err  *social.Error
	Wait time.Duration
}

// Error returns the text that is safe to show.
func (l *Later) Error() string { return l.Err.Error() }

// Unwrap returns the error with its kind.
func (l *Later) Unwrap() error { return l.Err }

// RetryAfter is how long to wait.
func (l *Later) RetryAfter() time.Duration { return l.Wait }

// Watch lets Failed find out whether a request left the house. Make the
// request with the returned context.
func Watch(ctx context.Context) (context.Context, *Sent) {
	s := new(Sent)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { s.out.Store(true) },
	}), s
}

// Sent tells whether anything of a request reached the wire.
type Sent struct{ out atomic.Bool }

// Failed sorts a request that got no whole answer. Asking may be repeated, so
// a failed question is Busy. What changes something is Busy only while
// nothing of it left the house; later nobody can tell, so it is Unknown.
func Failed(title string, err error, changes bool, s *Sent) error {
	var known *social.Error
	if errors.As(err, &known) {
		return err
	}
	if changes && s != nil && s.out.Load() {
		return social.Because(social.Unknown, err, "%s did not answer after the request went out, so nobody can tell whether it was done.", title)
	}
	var refused interface{ Refused() string }
	if errors.As(err, &refused) {
		return social.Because(social.Forbidden, err, "%s", refused.Refused())
	}
	var large interface{ TooLarge() string }
	if errors.As(err, &large) {
		return social.Because(social.Invalid, err, "%s", large.TooLarge())
	}
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return social.Because(social.Busy, err, "%s was not found: no such host as %s.", title, dns.Name)
	}
	return social.Because(social.Busy, err, "%s cannot be reached right now.", title)
}

// Status sorts an HTTP answer that is not a success. Detail is what the
// network said, safe to show, or "". A 5xx answer to something that changes
// the network is Unknown, because a proxy may have given up on a post that
// went through; only 503 promises that nothing was done.
func Status(title string, r *http.Response, detail string, changes bool, now time.Time) error {
	if detail != "" {
		detail = ": " + detail
	}
	code := r.StatusCode
	switch {
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		e := social.Errorf(social.Busy, "%s asks us to wait (%d)%s.", title, code, detail)
		return &Later{Err: e, Wait: retryAfter(r.Header, now)}
	case code >= 500 && changes:
		return social.Errorf(social.Unknown, "%s failed (%d)%s, so nobody can tell whether it was done.", title, code, detail)
	case code >= 500 || code == http.StatusRequestTimeout:
		return social.Errorf(social.Busy, "%s has trouble of its own (%d)%s.", title, code, detail)
	case code == http.StatusUnauthorized:
		return social.Errorf(social.Unauth, "%s does not accept our credentials any more (%d)%s. Connect the channel again.", title, code, detail)
	case code == http.StatusForbidden:
		return social.Errorf(social.Forbidden, "%s does not allow this (%d)%s.", title, code, detail)
	case code == http.StatusNotFound || code == http.StatusGone:
		return social.Errorf(social.NotFound, "%s does not know this (%d)%s.", title, code, detail)
	case code >= 300 && code < 400:
		return social.Errorf(social.Invalid, "%s sends us elsewhere (%d): enter the address that it leads to.", title, code)
	}
	return social.Errorf(social.Invalid, "%s refuses this (%d)%s.", title, code, detail)
}

// retryAfter reads how long a network asks us to wait: Retry-After in seconds
// or as a date (RFC 9110), else the reset header that Mastodon (a date) and
// the AT Protocol (seconds since 1970) send. Without any it is a minute.
func retryAfter(h http.Header, now time.Time) time.Duration {
	if v := h.Get("Retry-After"); v != "" {
		if n, err := strconv.Atoi(v); err == nil {
			return clamp(time.Duration(n) * time.Second)
		}
		if t, err := http.ParseTime(v); err == nil {
			return clamp(t.Sub(now))
		}
	}
	if t, err := time.Parse(time.RFC3339, h.Get("X-RateLimit-Reset")); err == nil {
		return clamp(t.Sub(now))
	}
	for _, name := range []string{"RateLimit-Reset", "X-RateLimit-Reset"} {
		n, err := strconv.ParseInt(h.Get(name), 10, 64)
		switch {
		case err != nil:
		case n > 1e9:
			return clamp(time.Unix(n, 0).Sub(now))
		default:
			return clamp(time.Duration(n) * time.Second)
		}
	}
	return time.Minute
}

func clamp(d time.Duration) time.Duration {
	return max(time.Second, min(d, 6*time.Hour))
}
