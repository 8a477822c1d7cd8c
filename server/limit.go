package server

import (
	"net/http"
	"sync"
	"time"

	"github.com/parley-crm/parley/kit/clock"
	"github.com/parley-crm/parley/social"
)

// Limit is a token bucket: so many at once, refilled at so many a second.
type Limit struct {
	Burst  int
	Second float64
}

// Limits are how much one caller may ask for.
type Limits struct {
	Guest   Limit // reading, by address, of whoever is not signed in
	Knock   Limit // writing, by address, of whoever is not signed in: signing in, using links
	Member  Limit // by member or token
	Streams int   // live streams of one member at once
}

func (l Limits) orDefault() Limits {
	or := func(l, d Limit) Limit {
		if l == (Limit{}) {
			return d
		}
		return l
	}
	l.Guest = or(l.Guest, Limit{240, 20})
	l.Knock = or(l.Knock, Limit{60, 1})
	l.Member = or(l.Member, Limit{5000, 1000})
	if l.Streams == 0 {
		l.Streams = 20
	}
	return l
}

// limits keeps the buckets.
type limits struct {
	Limits
	clock   clock.Clock
	mu      *sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	left float64
	at   time.Time
}

func newLimits(l Limits, c clock.Clock) limits {
	return limits{Limits: l.orDefault(), clock: c, mu: &sync.Mutex{}, buckets: map[string]*bucket{}}
}

// take takes one from the bucket of whoever asks; it returns how long to wait
// when the bucket is empty.
func (l *limits) take(c Credentials, a social.Actor, known bool, method string) time.Duration {
	switch {
	case known && a.Token != "":
		return l.from("token "+a.Token, l.Member)
	case known:
		return l.from("member "+string(a.Member), l.Member)
	case method == http.MethodGet || method == http.MethodHead:
		return l.from("guest "+c.IP, l.Guest)
	}
	return l.from("knock "+c.IP, l.Knock)
}

const mostBuckets = 50_000

func (l *limits) from(name string, limit Limit) time.Duration {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[name]
	if b == nil {
		if len(l.buckets) >= mostBuckets {
			l.sweep(now)
		}
		b = &bucket{left: float64(limit.Burst), at: now}
		l.buckets[name] = b
	}
	b.left = min(float64(limit.Burst), b.left+max(0, now.Sub(b.at).Seconds())*limit.Second)
	b.at = now
	if b.left < 1 {
		return time.Duration((1 - b.left) / limit.Second * float64(time.Second))
	}
	b.left--
	return 0
}

// sweep forgets who has not asked for a while; if everybody has, all start anew.
func (l *limits) sweep(now time.Time) {
	for name, b := range l.buckets {
		if now.Sub(b.at) > 5*time.Minute {
			delete(l.buckets, name)
		}
	}
	if len(l.buckets) >= mostBuckets {
		clear(l.buckets)
	}
}
